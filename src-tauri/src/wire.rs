//! The only types that cross to the page; their TypeScript is generated into `ui/src/bridge/wire.ts`.
//! No secret, presigned address or absolute path leaves through here, and secrets come in once and are never shown.

use gantry_model::Problem;
pub(crate) use gantry_model::view::{
    BenchDetail, BenchDifferences, BenchDoor, BenchFilter, BenchFolder, BenchMade, BenchMaking, BenchPage, BenchTemplate,
    BenchView, ConnectionRow, CopiesRoom, Filter, FolderRow, Hello, HistoryRow, ItemDetail, ItemPage, KeychainState, LinePage,
    Picture, Plan, PlatformView, Review, Settings, TroubleGroup,
};
pub(crate) use gantry_model::{Container, NewContainer};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
#[cfg(test)]
use ts_rs::TS;

/// How a command fails. The words are under `problem-` and the code, `-` for `_`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct Trouble {
    /// A word of `Code`, or one of the shell's own.
    pub(crate) code: String,
    /// Facts for the sentence, by name.
    pub(crate) facts: BTreeMap<String, String>,
}

impl Trouble {
    /// A trouble of the shell's own.
    pub(crate) fn new(code: &str) -> Self {
        Self { code: code.to_owned(), facts: BTreeMap::new() }
    }

    /// Adds a fact.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// The journal is not open, and nothing can be asked of it.
    pub(crate) fn closed(why: &str, detail: &str) -> Self {
        Self::new("journal_closed").with("why", why).with("detail", detail)
    }

    /// A defect of Gantry itself.
    pub(crate) fn bug(said: &impl std::fmt::Display) -> Self {
        Self::new("bug").with("said", said.to_string())
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        let facts = problem.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { code: problem.code.word().to_owned(), facts }
    }
}

/// What happens over the window while something is dragged, or comes from outside the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
pub(crate) struct DragEvent {
    /// What happened.
    pub(crate) kind: DragKind,
    /// Things that are held, where the system says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub(crate) count: Option<usize>,
    /// The upload that began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) upload: Option<String>,
    /// The manifest that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) manifest: Option<BenchDoor>,
    /// Why nothing began, where more is known than that no file was in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub(crate) trouble: Option<Trouble>,
}

/// The kinds of [`DragEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum DragKind {
    /// Something is held over the window.
    Enter,
    /// It is gone again.
    Leave,
    /// It was let go, and an upload began or a manifest was opened.
    Drop,
    /// It was let go, and nothing in it could be taken.
    Refused,
}

impl DragEvent {
    /// An event that says no more than its kind.
    pub(crate) fn new(kind: DragKind) -> Self {
        Self { kind, count: None, upload: None, manifest: None, trouble: None }
    }
}

/// A connection as it is typed in. `Debug` shows no secret.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConnectionForm {
    /// Its name.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// The fields that are not secret.
    pub(crate) fields: BTreeMap<String, String>,
    /// Secret fields that were typed; an empty one stays as it is.
    #[serde(deserialize_with = "closed")]
    #[cfg_attr(test, ts(type = "{ [key in string]: string }"))]
    pub(crate) secrets: BTreeMap<String, SecretString>,
    /// Keep the secrets in memory only.
    pub(crate) until_quit: bool,
}

fn closed<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, SecretString>, D::Error> {
    let typed = BTreeMap::<String, String>::deserialize(from)?;
    Ok(typed.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.into())).collect())
}

#[cfg(test)]
mod tests;
