//! Labelbox's own storage: files through GraphQL, each at an address that Labelbox chooses and that a row then names.
//! Nothing of it can be listed, found or taken back. What its address tells to everybody is asked for without the key.

use super::Labelbox;
use super::graphql::{File, Graphql};
use crate::api::{Answer, Storage, remote, whole};
use crate::known;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gantry_model::platform::bare;
use gantry_model::{
    Abilities, Access, Algorithm, Body, Code, Connection, Content, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere,
    Presigns, Problem, Reaction, RemoteRef, Rule, Secrets, Store, TakesStreams, Ticket,
};

/// Files that are sent at once at the start. Labelbox's SDK sends twenty.
const START_WIDE: u32 = 16;

/// Labelbox's storage for the files of one dataset.
#[derive(Debug)]
pub(crate) struct OwnStorage {
    platform: Labelbox,
    storage: Storage,
    connection: Connection,
}

impl OwnStorage {
    /// Cheap, and sends nothing.
    ///
    /// # Errors
    /// As [`Labelbox::new`].
    pub(crate) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        let platform = Labelbox::new(connection, secrets)?;
        let storage = Storage::new(platform.graphql.base().clone());
        Ok(Self { platform, storage, connection: connection.clone() })
    }

    fn graphql(&self) -> &Graphql {
        &self.platform.graphql
    }

    /// What everybody may know about the object at `url`. Where that is nothing, Labelbox's word that it took it has to do.
    async fn look(&self, item: &Outgoing, url: &str) -> Result<RemoteRef, Problem> {
        let nothing = RemoteRef { url: Some(unsigned(url)), ..RemoteRef::default() };
        let Ok(answer) = self.storage.head(url).await else { return Ok(nothing) };
        match answer.status {
            404 | 410 => Err(Problem::new(Code::NotThere, "put").with("status", answer.status.to_string())),
            // A page to log in at is no answer about a file that is no page.
            _ if !answer.is_success() || (answer.is_page() && !item.content_type.starts_with("text/html")) => Ok(nothing),
            _ => {
                let size = answer.header("content-length").and_then(|length| length.parse().ok());
                let seen = remote(&answer);
                Ok(RemoteRef { size, digest: seen.digest.or_else(|| hash(&answer)), url: nothing.url, ..seen })
            }
        }
    }
}

/// An address as a row and a receipt may keep it. One that was signed after all loses its signature.
fn unsigned(url: &str) -> String {
    let signed = url.split_once('?').is_some_and(|(_, query)| query.to_lowercase().contains("signature"));
    if signed { bare(url).to_owned() } else { url.to_owned() }
}

/// The MD5 that Google's storage tells: <https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash>.
fn hash(answer: &Answer) -> Option<Digest> {
    let all = answer.headers.get_all("x-goog-hash").iter().filter_map(|value| value.to_str().ok());
    let md5 = all.flat_map(|value| value.split(',')).find_map(|one| one.trim().strip_prefix("md5="))?;
    Digest::from_bytes(Algorithm::Md5, &STANDARD.decode(md5).ok()?)
}

/// A refusal of a file is one of this file; others may be taken.
fn of_file(mut problem: Problem) -> Problem {
    if matches!(problem.code, Code::Refused | Code::CallTooLarge) {
        (problem.code, problem.reaction) = (Code::Refused, Reaction::GiveUp);
    }
    problem
}

fn never(doing: &'static str) -> Problem {
    Problem::new(Code::Bug, doing).with("said", "Labelbox takes a file in one request")
}

#[async_trait]
impl TakesStreams for OwnStorage {
    async fn put_stream(&self, item: &Outgoing, content: Content) -> Result<RemoteRef, Problem> {
        let name = item.key.0.rsplit('/').next().unwrap_or_default();
        let content_type = if item.content_type.is_empty() { "application/octet-stream" } else { &item.content_type };
        let url = self.graphql().upload("put", File { name, content_type, content }).await.map_err(of_file)?;
        self.look(item, &url).await
    }
}

#[async_trait]
impl Store for OwnStorage {
    fn abilities(&self) -> Abilities {
        Abilities {
            wants: Algorithm::Md5,
            put_limit: 1 << 53,
            part_min: 1,
            part_max: 1 << 53,
            parts_max: 1,
            find_is_cheap: true,
            start_wide: START_WIDE,
            place: "Labelbox storage".to_owned(),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        known::row_rules("labelbox", true)
    }

    fn url(&self, key: &Key) -> String {
        known::url(&self.connection, key)
    }

    fn streams(&self) -> Option<&dyn TakesStreams> {
        Some(self)
    }

    fn presigns(&self) -> Option<&dyn Presigns> {
        None
    }

    async fn try_access(&self, _prefix: &str) -> Result<Access, Problem> {
        self.platform.whose().await?;
        Ok(Access { checks: vec![("reach".to_owned(), Some(true))], learned: Vec::new() })
    }

    async fn list(&self, _prefix: &str, _after: Option<&Key>) -> Result<Page, Problem> {
        Ok(Page::default())
    }

    async fn find(&self, _key: &Key) -> Result<Option<RemoteRef>, Problem> {
        Ok(None)
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        self.put_stream(item, whole(body.bytes)).await
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
