//! Rows of an open manifest as people see them: a page at a time, one with all about it, differences to another file.

use super::BenchLine;
use crate::Severity;
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
