//! S3: Amazon's and every server that speaks like it. A thin client: one method of the contract is one request
//! (finding out why, where the answer to the last one was silent, is a second one).
//! Verified is only what the store's own answers carry.

pub(crate) mod address;

mod access;
mod answer;
mod call;
mod credentials;
mod learned;
mod objects;
mod parts;
mod presign;
pub(crate) mod rules;
mod sign;
pub(crate) mod xml;

use crate::form::wrong;
use crate::{folder, http};
use address::Place;
use async_trait::async_trait;
use credentials::Keys;
use gantry_model::{
    Abilities, Access, Algorithm, Body, Connection, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere, Problem,
    RemoteRef, Rule, Secrets, Store, Ticket,
};
use learned::Learned;
use std::path::Path;

/// Bytes of one part, and of the largest object that goes in one request: 8 MiB.
const PART: u64 = 8 << 20;
/// A file of certificates is not larger than this.
const CERTIFICATES: u64 = 4 << 20;

/// The S3 store of one bucket.
#[derive(Debug)]
pub(crate) struct S3 {
    place: Place,
    keys: Keys,
    client: reqwest::Client,
    learned: Learned,
}

impl S3 {
    pub(crate) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        let place = Place::new(connection)?;
        let keys = Keys::new(connection, secrets)?;
        let authority = match connection.field("ca_file") {
            "" => None,
            path => Some(folder::small_file(Path::new(path), CERTIFICATES).map_err(|_| wrong("ca_file", "ca-file", path))?),
        };
        let client = http::client(authority.as_deref(), place.is_loopback(), place.is_plain())?;
        let learned = Learned::new(connection, &place);
        Ok(Self { place, keys, client, learned })
    }
}

#[async_trait]
impl Store for S3 {
    fn abilities(&self) -> Abilities {
        Abilities {
            wants: self.learned.checksum().unwrap_or(Algorithm::Crc64nvme),
            put_limit: PART,
            part_min: rules::PART_MIN,
            part_max: rules::PART_MAX,
            parts_max: rules::PARTS_MAX,
            find_is_cheap: false,
            start_wide: 64,
            place: format!("s3://{}", self.place.bucket()),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn url(&self, key: &Key) -> String {
        format!("s3://{}/{}", self.place.bucket(), key.0)
    }

    fn streams(&self) -> Option<&dyn gantry_model::TakesStreams> {
        None
    }

    fn presigns(&self) -> Option<&dyn gantry_model::Presigns> {
        Some(self)
    }

    async fn try_access(&self, prefix: &str) -> Result<Access, Problem> {
        self.try_all(prefix).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        self.list_page(prefix, after).await
    }

    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        self.find_object(key).await
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        self.put_object(item, body).await
    }

    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        self.begin_upload(item, part_size).await
    }

    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        self.send_part(ticket, part, body).await
    }

    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        self.parts_there(ticket).await
    }

    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem> {
        self.seal_upload(item, ticket, parts, whole).await
    }

    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem> {
        self.abort_upload(ticket).await
    }
}

#[cfg(test)]
mod tests;
