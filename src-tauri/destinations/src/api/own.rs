//! A platform's own storage as a store: it takes whole files, each at an address that the platform chooses, and nothing of it
//! can be listed, found, gone on with or taken back. What differs from platform to platform is how one file gets there.

use super::whole;
use crate::known;
use async_trait::async_trait;
use gantry_model::words::{Value, say};
use gantry_model::{
    Abilities, Access, Algorithm, Body, Code, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere, Presigns, Problem,
    RemoteRef, Rule, Store, TakesStreams, Ticket,
};

/// Files that are sent at once at the start. Labelbox's SDK sends twenty.
const START_WIDE: u32 = 16;

/// What a platform's own storage does by itself.
#[async_trait]
pub(crate) trait TakesFiles: TakesStreams {
    /// The kind of connection.
    fn kind(&self) -> &'static str;

    /// The platform can be reached with this key, and would take files.
    async fn reach(&self) -> Result<(), Problem>;
}

/// A platform's own storage.
#[derive(Debug)]
pub(crate) struct OwnStorage<T>(pub(crate) T);

fn never(doing: &'static str) -> Problem {
    Problem::new(Code::Bug, doing).with("said", "this storage takes whole objects only")
}

#[async_trait]
impl<T: TakesFiles> Store for OwnStorage<T> {
    fn abilities(&self) -> Abilities {
        Abilities {
            // Costs next to nothing; what the storage tells in another algorithm is made when it has told it.
            wants: Algorithm::Crc64nvme,
            put_limit: 1 << 53,
            part_min: 1,
            part_max: 1 << 53,
            parts_max: 1,
            find_is_cheap: true,
            start_wide: START_WIDE,
            place: say("own-storage-place", &[("name", Value::Text(&say(&format!("kind-{}", self.0.kind()), &[])))]),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        known::row_rules(self.0.kind(), true)
    }

    fn url(&self, key: &Key) -> String {
        known::named(self.0.kind(), key)
    }

    fn streams(&self) -> Option<&dyn TakesStreams> {
        Some(&self.0)
    }

    fn presigns(&self) -> Option<&dyn Presigns> {
        None
    }

    async fn try_access(&self, _prefix: &str) -> Result<Access, Problem> {
        self.0.reach().await?;
        Ok(Access { checks: vec![("reach".to_owned(), Some(true)), ("write".to_owned(), None)], learned: Vec::new() })
    }

    async fn list(&self, _prefix: &str, _after: Option<&Key>) -> Result<Page, Problem> {
        Ok(Page::default())
    }

    async fn find(&self, _key: &Key) -> Result<Option<RemoteRef>, Problem> {
        Ok(None)
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        self.0.put_stream(item, whole(body.bytes)).await
    }

    async fn begin(&self, _item: &Outgoing, _part_size: u64) -> Result<Ticket, Problem> {
        Err(never("begin"))
    }

    async fn send(&self, _ticket: &Ticket, _part: PartNo, _body: Body) -> Result<PartProof, Problem> {
        Err(never("send"))
    }

    async fn parts(&self, _ticket: &Ticket) -> Result<PartsThere, Problem> {
        Err(never("parts"))
    }

    async fn seal(&self, _item: &Outgoing, _ticket: &Ticket, _parts: &[PartProof], _whole: Digest) -> Result<RemoteRef, Problem> {
        Err(never("seal"))
    }

    async fn discard(&self, _ticket: &Ticket) -> Result<(), Problem> {
        Err(never("discard"))
    }
}
