//! Rows of an open manifest as people see them: a page at a time, one with all about it, differences to another file.

use super::{BenchDoor, BenchLine};
use crate::{MediaKind, Severity};
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// Which rows are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct BenchFilter {
    /// Rows that break the rule about this; empty for all.
    pub about: String,
    /// Empty, `blocked`, `warning`, `mended` or `removed`.
    pub kind: String,
}

/// One row of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchRow {
    /// From 1.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub row: u64,
    /// What is labelled, without any query.
    pub subject: String,
    /// It is an address.
    pub address: bool,
    /// More objects beside it.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub more: u64,
    /// Its name.
    pub key: String,
    /// Pixels across; 0 where that is not said.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub width: u64,
    /// Pixels down.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub height: u64,
    /// The gravest thing that is left.
    pub worst: Option<Severity>,
    /// It in a few words.
    pub state: String,
    /// A repair changes it.
    pub mended: bool,
    /// It is taken out.
    pub removed: bool,
    /// It was looked at.
    pub looked: bool,
    /// What kind of media it names.
    pub kind: MediaKind,
    /// It may have a picture, if the person wants pictures.
    pub picture: bool,
}

/// Pictures of rows: who is asked for them, and what the person said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchPictures {
    /// They are shown.
    pub on: bool,
    /// The person said yes to private networks too.
    pub private: bool,
    /// Some address leads into a private network, and was not asked.
    pub refused: bool,
    /// Hosts that the addresses of pictures name.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub hosts: u64,
    /// There are more hosts than are counted.
    pub more: bool,
    /// The first of them.
    pub named: Vec<String>,
}

/// Why a row has no picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchNoPicture {
    /// One sentence; empty when pictures are not wanted any more.
    pub why: String,
    /// It leads into a private network.
    pub private: bool,
}

/// One page of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchPage {
    /// Rows that pass.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// The first one of this page, from 0.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub first: u64,
    /// The rows.
    pub rows: Vec<BenchRow>,
}

/// A repair of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchChange {
    /// The field.
    pub field: String,
    /// What stands there.
    pub before: String,
    /// What will stand there.
    pub after: String,
    /// It is planned; otherwise it is offered.
    pub planned: bool,
    /// The whole row goes.
    pub removes: bool,
}

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchFinding {
    /// What it is about.
    pub about: String,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence.
    pub text: String,
    /// Line.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub line: u64,
    /// Column.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub column: u64,
    /// The line around it.
    pub shown: BenchLine,
    /// The page that publishes the rule.
    pub source: String,
    /// When a person last read it.
    pub checked: String,
    /// A planned repair mends it.
    pub mended: bool,
}

/// All about one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchDetail {
    /// The row.
    pub row: BenchRow,
    /// Where it begins.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub line: u64,
    /// Where it begins.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub column: u64,
    /// What is wrong.
    pub findings: Vec<BenchFinding>,
    /// What repairs change.
    pub changes: Vec<BenchChange>,
    /// What it says, by field.
    pub facts: Vec<(String, String)>,
}

/// One difference between two manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchDifference {
    /// The name of the row.
    pub key: String,
    /// The row, in the file that has it.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub row: u64,
    /// The fields that differ.
    pub fields: Vec<String>,
}

/// A stretch of the differences of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchDifferences {
    /// How many are kept.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// The first one, from 0.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub first: u64,
    /// They.
    pub rows: Vec<BenchDifference>,
}

/// A template of Ango Hub's asset builder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct BenchTemplate {
    /// HTML with `{{column}}`.
    pub html: String,
    /// The column that becomes the external id.
    pub key: String,
    /// Columns that are exported with the labels.
    pub context: Vec<String>,
    /// Columns of media, and the id of the integration that reads them.
    pub storage: Vec<(String, String)>,
    /// The column of batches; empty for none.
    pub batches: String,
}

/// A folder that a manifest is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchFolder {
    /// Its name.
    pub name: String,
}

/// How far the making of a manifest is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchMaking {
    /// Files that were met so far.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files: u64,
    /// Rows that were written so far.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub written: u64,
}

/// A manifest that was made from a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchMade {
    /// What came of opening it.
    pub door: BenchDoor,
    /// Files that were met.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files: u64,
    /// Rows that were written.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub written: u64,
    /// Why files were left out, in sentences, and how many for each.
    #[cfg_attr(feature = "wire", ts(type = "Array<[string, number]>"))]
    pub left: Vec<(String, u64)>,
}
