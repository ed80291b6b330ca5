//! Lists of files: pages, one file, folders, and what needs the person, grouped by cause.

use crate::finding::Severity;
use crate::fix::Fix;
use crate::item::State;
use crate::media::{Format, MediaKind};
use crate::problem::Code;
use crate::proof::Algorithm;
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// Which files to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Filter {
    /// Only these states; empty takes all.
    pub states: Vec<State>,
    /// Only files with a finding of this rule; empty takes all.
    pub rule: String,
    /// Only files that stopped for this reason; empty takes all.
    pub code: String,
    /// Only files below this folder; 0 takes all.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub folder: u64,
    /// Only files whose path has this text; empty takes all.
    pub find: String,
    /// Only files that no table has a line for.
    pub untold: bool,
}

/// One file in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemRow {
    /// Its number in the upload: the only handle a page has on a file.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ord: u64,
    /// File name, display form.
    pub name: String,
    /// Folders above it, display form, `/` between, no trailing `/`.
    pub folder: String,
    /// Bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub size: u64,
    /// Where it stands.
    pub state: State,
    /// Why it waits or needs the person; empty otherwise.
    pub code: String,
    /// Kind of media.
    pub kind: MediaKind,
    /// Format.
    pub format: Format,
    /// Pixels as displayed, 0 where not known.
    pub width: u32,
    /// Pixels as displayed, 0 where not known.
    pub height: u32,
    /// The worst finding.
    pub worst: Option<Severity>,
    /// Proven by size alone.
    pub by_size: bool,
    /// The path below what was given, raw, where its display form is another; stays in the program.
    #[serde(skip)]
    #[cfg_attr(feature = "wire", ts(skip))]
    pub raw: Vec<u8>,
}

/// A stretch of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemPage {
    /// Rows in the whole list under this filter.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// Number of the first row given, from 0.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub first: u64,
    /// The rows.
    pub rows: Vec<ItemRow>,
    /// Files have moved since the list was made, so that others may belong to it by now.
    pub late: bool,
}

/// One finding of one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FindingLine {
    /// Rule id; the sentence is in the words under `rule-` and this.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What exactly.
    pub detail: String,
    /// The page that publishes the rule.
    pub source: String,
    /// The day on which that page was last read.
    pub checked: String,
}

/// Everything about one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemDetail {
    /// The row.
    pub row: ItemRow,
    /// Relative path, display form.
    pub path: String,
    /// Key at the store.
    pub key: String,
    /// Address without any signature.
    pub url: String,
    /// External id: the relative path.
    pub external_id: String,
    /// The row's name at the platform; empty without a platform.
    pub row_key: String,
    /// The row's id at the platform; empty before it is registered.
    pub row_id: String,
    /// What is known about it: names and values.
    pub metadata: Vec<(String, String)>,
    /// What is shown beside it at the platform: type, address or text, name.
    pub attachments: Vec<(String, String, String)>,
    /// Content type that is set.
    pub content_type: String,
    /// EXIF orientation, 0 where there is none.
    pub orientation: u8,
    /// What was measured beside that: the word of its name in the words, and its value.
    pub measured: Vec<(String, String)>,
    /// What was done to the copy that is sent in its place; empty where the file itself is sent.
    pub copy: Vec<Fix>,
    /// The original of that copy: format, pixels, bytes.
    pub original: String,
    /// Modification time, RFC 3339.
    pub modified: String,
    /// What is wrong or good to know.
    pub findings: Vec<FindingLine>,
    /// Measured facts of the trouble, `name=value; name=value`.
    pub detail: String,
    /// `checksum`, `size` or empty.
    pub proof: String,
    /// The algorithm, where the proof is a checksum.
    pub algorithm: Option<Algorithm>,
    /// Hexadecimal digest, where there is one.
    pub checksum: String,
    /// When it was proven, RFC 3339; empty before.
    pub at: String,
}

/// Findings of one rule over all files.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FindingGroup {
    /// Rule id; the sentence is in the words under `rule-` and this, with `count` and `value`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The rule's figure, where it has one.
    pub value: String,
    /// Files.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub count: u64,
    /// One file's display path, as an example.
    pub example: String,
    /// The same, raw, where the display form is another; stays in the program.
    #[serde(skip)]
    #[cfg_attr(feature = "wire", ts(skip))]
    pub example_raw: Vec<u8>,
    /// What exactly, for the example.
    pub detail: String,
    /// The page that publishes the rule.
    pub source: String,
    /// The day on which that page was last read.
    pub checked: String,
    /// What would help on copies, where something would.
    pub fix: Option<Fix>,
    /// How many of the files it can be done to.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub fixable: u64,
    /// About how many bytes the copies would take.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub needs: u64,
    /// The files are held until the person says that they may go.
    pub asks: bool,
    /// The person has said so.
    pub confirmed: bool,
}

/// One folder with its counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FolderRow {
    /// Its number in the upload, from 1.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub id: u64,
    /// The folder above; 0 at the top.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub parent: u64,
    /// Its own name, display form.
    pub name: String,
    /// It has folders below.
    pub has_folders: bool,
    /// Files in it and below.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes: u64,
    /// Verified or the same.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub done: u64,
    /// Blocked, clashing or needing the person.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub open: u64,
    /// Set aside or cancelled.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub left: u64,
    /// Warnings.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub warnings: u64,
}

/// Files that stopped for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct TroubleGroup {
    /// Why; title, body and action are in the words under `problem-` and the code's word.
    #[cfg_attr(feature = "wire", ts(type = "string"))]
    pub code: Code,
    /// `needs_you` or `set_aside`.
    pub state: State,
    /// Files.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub count: u64,
    /// Measured facts of one of them, `name=value; name=value`.
    pub detail: String,
    /// One file's display path, as an example.
    pub example: String,
    /// The same, raw, where the display form is another; stays in the program.
    #[serde(skip)]
    #[cfg_attr(feature = "wire", ts(skip))]
    pub example_raw: Vec<u8>,
}
