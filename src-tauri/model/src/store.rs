//! The contract of everything that takes bytes. No default methods: each store says what it does.
//! A store never retries, never follows a redirect, never decides what happens next: it answers with a [`Problem`].

use crate::finding::Rule;
use crate::problem::Problem;
use crate::proof::{Algorithm, Digest};
use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// The name of an object in its store: UTF-8, `/` between components, prefix included, never encoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(pub String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What to do where something is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse: answer [`crate::Code::Clash`].
    Refuse,
    /// Replace, but only what was seen: the ETag it had, where the store can check that.
    Replace(Option<String>),
}

/// One object on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub key: Key,
    /// Bytes in the whole object.
    pub size: u64,
    /// Content type to set.
    pub content_type: String,
    /// Modification time of the source, nanoseconds since 1970; kept as metadata or as the file's time.
    pub mtime_ns: i64,
    /// What to do where something is there already.
    pub existing: Existing,
}

/// The bytes of one part with the digest computed in the one read. Cloning copies nothing.
#[derive(Clone, Debug)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// Their digest, in the algorithm that the store wants.
    pub digest: Digest,
}

/// Number of a part, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartNo(pub u32);

/// The store's handle for an object in parts. Never a bearer secret: it may be written to the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The object it is for.
    pub key: Key,
    /// The store's own handle: an S3 upload id, the name of a temporary file.
    pub handle: String,
    /// Bytes of each part but the last.
    pub part_size: u64,
    /// The algorithm of the parts' digests.
    pub algorithm: Algorithm,
}

/// What the store said about one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartProof {
    /// Which part.
    pub part: PartNo,
    /// Bytes in it.
    pub size: u64,
    /// ETag, where the store gives one.
    pub etag: String,
    /// The digest of the bytes that were sent.
    pub digest: Digest,
}

/// What the store holds of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartsThere {
    /// The store cannot list parts: the journal's memory is used.
    Unsaid,
    /// These parts, with size, ETag and (where it tells) digest.
    Parts(Vec<(PartNo, u64, String, Option<Digest>)>),
    /// The ticket is unknown: it was completed, aborted, or never there.
    Gone,
}

/// What the store itself says about a sealed object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteRef {
    /// Bytes, where the answer says so.
    pub size: Option<u64>,
    /// Digest of the full object, where the answer says so.
    pub digest: Option<Digest>,
    /// ETag without quotes, where there is one.
    pub etag: Option<String>,
    /// Version id, where the bucket keeps versions.
    pub version: Option<String>,
    /// The address that the store itself gave the object, without any signature; only where it chooses addresses.
    pub url: Option<String>,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The object's key.
    pub key: Key,
    /// Bytes.
    pub size: u64,
    /// ETag without quotes, where the listing has one.
    pub etag: Option<String>,
}

/// One page of a listing, in byte order of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The lines.
    pub objects: Vec<Listed>,
    /// True when more may follow the last line.
    pub more: bool,
}

/// What a store is like: figures, wishes and abilities. Figures come from the store's published limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Abilities {
    /// The digest that bodies carry.
    pub wants: Algorithm,
    /// Objects up to this many bytes are sent in one request.
    pub put_limit: u64,
    /// Smallest part (but the last), bytes.
    pub part_min: u64,
    /// Largest part, bytes.
    pub part_max: u64,
    /// Most parts in one object.
    pub parts_max: u64,
    /// Looking at one key costs no request: no listing is needed.
    pub find_is_cheap: bool,
    /// Requests at once that make sense at the start.
    pub start_wide: u32,
    /// The name of the place for people: `s3://bucket`, a folder's path.
    pub place: String,
}

/// What `try_access` learned from the store's real answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// One line for each check, in order: the word under `access-` and whether it passed; `None` is "not checked".
    pub checks: Vec<(String, Option<bool>)>,
    /// Facts learned, kept with the connection: `checksum`, `if_none_match`, `list_parts`, `region`, `clock_seconds`.
    pub learned: Vec<(String, String)>,
}

/// Content that is read while it is sent, for a store that takes objects of any size in one request.
pub struct Content {
    /// Bytes in the whole.
    pub size: u64,
    /// The bytes in their order. An error ends the request: the source could not be read, or became another one.
    pub chunks: Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Takes an object of any size in one request, as it is read. What the store says about it comes back, with its address.
#[async_trait]
pub trait TakesStreams: fmt::Debug + Send + Sync {
    /// One object in one request.
    async fn put_stream(&self, item: &Outgoing, content: Content) -> Result<RemoteRef, Problem>;
}

/// Makes addresses that open an object for a while without a key.
#[async_trait]
pub trait Presigns: fmt::Debug + Send + Sync {
    /// A secret address for reading this object, good for `life` (seven days at most).
    async fn presign(&self, key: &Key, life: Duration) -> Result<String, Problem>;
}

/// Takes bytes.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// Figures, wishes and abilities.
    fn abilities(&self) -> Abilities;
    /// Published limits of this store, as data.
    fn rules(&self) -> &'static [Rule];
    /// Address of an object for people and receipts, without any signature: `s3://bucket/key`, `file:///...`.
    fn url(&self, key: &Key) -> String;
    /// This store takes objects of any size in one request.
    fn streams(&self) -> Option<&dyn TakesStreams>;
    /// This store can make addresses that open an object for a while.
    fn presigns(&self) -> Option<&dyn Presigns>;
    /// Can the person write and read here? What can this store do? Leaves nothing behind.
    async fn try_access(&self, prefix: &str) -> Result<Access, Problem>;
    /// Objects whose key starts with `prefix`, in byte order, after `after`.
    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem>;
    /// What is there under this key, with a digest where the store can tell.
    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem>;
    /// One object in one request.
    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem>;
    /// Begins an object in parts.
    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem>;
    /// Sends one part. Sending it again replaces it.
    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem>;
    /// What the store holds of this ticket.
    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem>;
    /// Makes the object out of its parts, given in order. `whole` is the digest of the full object.
    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem>;
    /// Throws the parts away; done when the store says that they are gone. A sealed object stays.
    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem>;
}
