//! History, connections, settings, and what the window needs to begin.

use super::Picture;
use crate::connection::Kind;
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// One upload in the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct HistoryRow {
    /// The upload as it stands.
    pub picture: Picture,
    /// Display path of the file that matched a search by name; empty otherwise.
    pub matched: String,
    /// How many files matched.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub matches: u64,
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the system's keychain.
    Keychain,
    /// In memory, until the program quits.
    UntilQuit,
    /// In this run's environment.
    Environment,
    /// Nowhere.
    Missing,
}

/// One connection as people see it. No secret, ever.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ConnectionRow {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The fields that are not secret.
    pub fields: std::collections::BTreeMap<String, String>,
    /// The place for people.
    pub place: String,
    /// Secret fields and where each is kept.
    pub secrets: Vec<(String, SecretPlace)>,
    /// When it was last tested, RFC 3339; empty when never.
    pub tested: String,
    /// The lines of that test: the word under `access-`, and whether it passed.
    pub checks: Vec<(String, Option<bool>)>,
    /// What the test learned.
    pub learned: Vec<(String, String)>,
    /// Open uploads that use it.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub open_uploads: u64,
}

/// What a platform says about a connection: whose key it is, and what rows can go to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct PlatformView {
    /// Whose key it is.
    pub who: crate::platform::Who,
    /// Datasets or projects.
    pub containers: Vec<crate::platform::Container>,
    /// The platform's accesses to buckets.
    pub integrations: Vec<crate::platform::Integration>,
}

/// What the person has set. Applies at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Settings {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Most requests at once, 1 to 256; 0 lets Gantry find it.
    pub at_once: u32,
    /// Most bytes a second; 0 is full speed.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub limit: u64,
    /// Take hidden and system files too.
    pub include_hidden: bool,
    /// Patterns that are always left out.
    pub exclude: Vec<String>,
    /// Key template of new uploads.
    pub names: String,
    /// Go on with unfinished uploads at the next start.
    pub go_on: bool,
    /// Most bytes that copies may take on this computer.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub copies: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "system".into(),
            at_once: 0,
            limit: 0,
            include_hidden: false,
            exclude: Vec::new(),
            names: "{prefix}/{relative_path}".into(),
            go_on: true,
            copies: 10_000_000_000,
        }
    }
}

/// The state of the system's keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum KeychainState {
    /// It answers.
    Ready,
    /// It is there and locked.
    Locked,
    /// There is none.
    Absent,
}

/// What the window needs to begin.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Hello {
    /// Version of the program.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub system: String,
    /// Where the journal and the receipts are.
    pub home: String,
    /// The keychain's state.
    pub keychain: KeychainState,
    /// Kinds of connections and their forms.
    pub kinds: Vec<Kind>,
    /// What the person has set.
    pub settings: Settings,
    /// Why the journal could not be opened: `newer`, `damaged`, `in_use`, `unwritable`; empty when it is open.
    pub trouble: String,
    /// Facts about that, for the sentence.
    pub trouble_detail: String,
}
