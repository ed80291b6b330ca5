//! Labelbox's own storage: files through GraphQL, each at an address that Labelbox chooses and that a row then names.
//! Nothing of it can be listed, found or taken back. What its address tells to everybody is asked for without the key.

use super::Labelbox;
use super::graphql::{File, Graphql};
use crate::api::{OwnStorage, Storage, TakesFiles, remote};
use async_trait::async_trait;
use gantry_model::platform::bare;
use gantry_model::show::is_signed;
use gantry_model::{Code, Connection, Content, Outgoing, Problem, Reaction, RemoteRef, Secrets, TakesStreams};

/// Labelbox's storage for the files of one dataset.
#[derive(Debug)]
pub(crate) struct Files {
    platform: Labelbox,
    storage: Storage,
}

impl Files {
    /// Cheap, and sends nothing.
    ///
    /// # Errors
    /// As [`Labelbox::new`].
    pub(crate) fn open(connection: &Connection, secrets: &Secrets) -> Result<OwnStorage<Self>, Problem> {
        let platform = Labelbox::new(connection, secrets)?;
        let storage = Storage::new(platform.graphql.base().clone());
        Ok(OwnStorage(Self { platform, storage }))
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
                Ok(RemoteRef { size, url: nothing.url, ..remote(&answer) })
            }
        }
    }
}

/// An address as a row and a receipt may keep it. One that was signed after all loses its signature.
fn unsigned(url: &str) -> String {
    let signed = url.split_once('?').is_some_and(|(_, query)| is_signed(query));
    if signed { bare(url).to_owned() } else { url.to_owned() }
}

/// A refusal of a file is one of this file; others may be taken.
fn of_file(mut problem: Problem) -> Problem {
    if matches!(problem.code, Code::Refused | Code::CallTooLarge) {
        (problem.code, problem.reaction) = (Code::Refused, Reaction::GiveUp);
    }
    problem
}

#[async_trait]
impl TakesStreams for Files {
    async fn put_stream(&self, item: &Outgoing, content: Content) -> Result<RemoteRef, Problem> {
        let name = item.key.0.rsplit('/').next().unwrap_or_default();
        let content_type = if item.content_type.is_empty() { "application/octet-stream" } else { &item.content_type };
        let url = self.graphql().upload("put", File { name, content_type, content }).await.map_err(of_file)?;
        self.look(item, &url).await
    }
}

#[async_trait]
impl TakesFiles for Files {
    fn kind(&self) -> &'static str {
        "labelbox"
    }

    async fn reach(&self) -> Result<(), Problem> {
        self.platform.whose().await.map(|_| ())
    }
}
