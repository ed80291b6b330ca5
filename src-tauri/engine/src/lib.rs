//! This computer: disks, time, journal, keychain. No HTTP, no window.
//! Paths come in, facts are written down, bytes go out through a store that somebody else opens.

pub mod bench;
pub mod check;
pub mod copies;
mod decoding;
pub mod digest;
pub mod engine;
pub mod home;
pub mod intake;
pub mod journal;
pub mod keychain;
pub mod looking;
pub mod manifest;
pub mod naming;
pub mod probe;
pub mod queue;
pub mod receipts;
pub mod source;
pub mod table;
pub mod thumbs;

pub use engine::{CannotStart, Engine, Joint};
pub use looking::{CheckSummary, Told, check_only};
