//! The review: what would go where, and what can still be changed.

use super::{FindingGroup, Hold};
use crate::media::MediaKind;
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// What the review can change before anything is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Plan {
    /// Connection that it goes to.
    pub connection: String,
    /// Prefix below the connection's own.
    pub prefix: String,
    /// Key template.
    pub names: String,
    /// `keep`, `replace` or `new-name`.
    pub on_clash: String,
    /// Patterns that are left out.
    pub exclude: Vec<String>,
    /// Take every n-th picture only; 0 and 1 take all.
    pub every: u32,
    /// Take hidden and system files too.
    pub include_hidden: bool,
}

/// What is there already, before sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Difference {
    /// The look at the store has ended.
    pub known: bool,
    /// The store could not be listed: what is there shows file by file, when they are sent.
    pub unlisted: bool,
    /// Nothing there under that name.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub new: u64,
    /// The same content is there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub same: u64,
    /// Something is there; whether it is the same shows when the file is read.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub unsure: u64,
    /// Other content is there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub changed: u64,
}

/// The review's head.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Review {
    /// What the person can still change.
    pub plan: Plan,
    /// Findings grouped by rule, worst first.
    pub findings: Vec<FindingGroup>,
    /// Files by kind of media.
    #[cfg_attr(feature = "wire", ts(type = "Array<[MediaKind, number]>"))]
    pub kinds: Vec<(MediaKind, u64)>,
    /// Three keys as they will be.
    pub examples: Vec<String>,
    /// What is there already.
    pub difference: Difference,
    /// Files that would go now.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ready: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ready_bytes: u64,
    /// Why the destination cannot be used just now; empty when it can.
    pub hold: Option<Hold>,
}
