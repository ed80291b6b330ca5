//! The words of Gantry: what the rooms say to each other. No I/O, no async runtime, no window.
//! Everyone may import this package; it imports none of them.
//!
//! # Glossary: one word, one meaning
//! - **incoming**: what a person gives (paths), however it came in: dropped, chosen, pasted, named in a console.
//! - **entry**: one thing met while reading what was given, before anything is decided about it.
//! - **finding**: one rule that one entry breaks. **Rule**: a published limit or habit, as data.
//! - **copy**: what is sent in place of a file that a **fix** was wanted for; the file itself, its **original**, stays as it is.
//! - **upload**: one list of files under way to one destination; frozen when the person approves it.
//! - **item**: one file of an upload. **Part**: a range of its bytes. **Ticket**: the store's handle for parts.
//! - **proof**: what the store itself said about the sealed object. **State**: where an item stands.
//! - **fact**: something that happened to an item, in the past tense. **Update**: what a person is told.
//! - **connection**: a store or a platform that the person set up. **Store**: takes bytes. **Platform**: takes rows.
//! - **destination**: a store, a platform, or both. **Row**: one asset, data row or sample at a platform.
//! - **container**: a dataset or project, what rows go into. **Target**: a container, with the integration that reads the bucket.
//! - **integration**: the platform's own access to a bucket. **External id**: the name that we give a row.
//! - **table**: a file whose lines tell something about other files. **Known**: what a person knows about a file, or all.
//! - **manifest**: a file that lists rows. **Form**: whose words it is written in. **Layout**: how rows stand in the file.
//! - **dialect**: how one platform writes and reads its form. **Mend**: to change what is wrong, before and after shown.
//! - **receipt**: the document that says where each file is. **Ledger**: what earlier uploads left where.

pub mod connection;
pub mod finding;
pub mod fix;
pub mod incoming;
pub mod item;
pub mod json;
pub mod manifest;
pub mod measured;
pub mod media;
pub mod platform;
pub mod problem;
pub mod proof;
pub mod show;
pub mod store;
pub mod table;
pub mod view;
pub mod words;

pub use connection::{Connection, Field, Kind, Secrets};
pub use finding::{About, Finding, Rule, Severity};
pub use fix::Fix;
pub use incoming::{Entry, EntryKind, Fingerprint, Incoming};
pub use item::{Fact, Item, OutOfOrder, State};
pub use measured::Measured;
pub use media::{Format, Media, MediaKind};
pub use platform::{
    Container, Habits, Integration, NewContainer, Platform, Role, Row, RowObject, RowOutcome, RowPage, RowThere, Shape, Target,
    Who,
};
pub use problem::{Class, Code, Problem, Reaction};
pub use proof::{Algorithm, Digest, Proof};
pub use store::{
    Abilities, Access, Body, Content, Existing, Key, Listed, Outgoing, Page, PartNo, PartProof, PartsThere, Presigns, RemoteRef,
    Store, TakesStreams, Ticket,
};
pub use table::{Carries, Cell, Goes, Known};
