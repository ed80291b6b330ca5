//! An open manifest as people see it: what it is, what is wrong with it, its rows a page at a time, what was mended.

use super::{BenchChange, BenchPictures};
use crate::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
#[cfg(feature = "wire")]
use ts_rs::TS;

/// Why something about a manifest did not go well: the word of a `Code` and its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchTrouble {
    /// The word under `problem-`.
    pub code: String,
    /// Facts for the sentence, by name.
    pub facts: BTreeMap<String, String>,
}

impl From<&crate::Problem> for BenchTrouble {
    fn from(problem: &crate::Problem) -> Self {
        let facts = problem.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { code: problem.code.word().to_owned(), facts }
    }
}

/// A stretch of a line, and the character in it that is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchLine {
    /// The text; no query of an address is in it.
    pub text: String,
    /// Characters before the place.
    pub before: u32,
}

/// What came of opening a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchDoor {
    /// Known by this from now on, opened or not.
    pub id: String,
    /// The name of the file.
    pub name: String,
    /// Why it was not opened; none when it was.
    pub trouble: Option<BenchTrouble>,
    /// The line that is broken, where one is.
    pub line: Option<BenchLine>,
    /// It can be opened when a person says what it is.
    pub can_say: bool,
    /// The columns of a table.
    pub columns: Vec<BenchColumn>,
    /// What a column can be.
    pub fields: Vec<String>,
}

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchColumn {
    /// Its head, or its number where the table has none.
    pub head: String,
    /// What it is; empty when it is left out.
    pub field: String,
    /// What stands in it in the first row.
    pub example: String,
}

/// What is being done in the background.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchWork {
    /// A word under `bench-work-`.
    pub kind: String,
    /// Rows so far.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub done: u64,
    /// Rows altogether; 0 while that is not known.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// How far it is, 0 to 100.
    pub share: u32,
}

/// How far the check is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum BenchCheck {
    /// It goes on.
    #[default]
    Running,
    /// Somebody stopped it: later rows were not looked at.
    Stopped,
    /// Every row was looked at.
    Whole,
}

/// A place in the file that belongs to no row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchPlace {
    /// Line and column in words, and what is wrong.
    pub text: String,
    /// The line itself.
    pub line: BenchLine,
}

/// All rows that break one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchGroup {
    /// The rule's id.
    pub rule: String,
    /// What it is about: the last part of the id.
    pub about: String,
    /// How much it matters.
    pub severity: Severity,
    /// A few words.
    pub title: String,
    /// One sentence.
    pub sentence: String,
    /// Rows.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows: u64,
    /// Places that belong to no row.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub beside: u64,
    /// The first of those places.
    pub places: Vec<BenchPlace>,
    /// The page that publishes the rule; empty where none does.
    pub source: String,
    /// When a person last read it.
    pub checked: String,
    /// Rows that can be repaired.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub mendable: u64,
    /// Rows whose repair is planned.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub mended: u64,
    /// The repair is planned.
    pub planned: bool,
    /// The repair may change what is meant, or who can read it.
    pub on_wish: bool,
    /// A row before and after its repair.
    pub example: Option<BenchChange>,
    /// Rows that can be taken out: they can't be used, and no planned repair mends them.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub removable: u64,
    /// They are taken out.
    pub removed: bool,
}

/// An open manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchView {
    /// What it is known by.
    pub id: String,
    /// The name of the file.
    pub name: String,
    /// Its bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes: u64,
    /// Grows with each change of what is shown.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub revision: u64,
    /// Whose words: `labelbox`, `ango`, `segments`, `urls`.
    pub form: String,
    /// The fields that speak for it; empty where a person said so.
    pub why: Vec<String>,
    /// How rows stand in it, a word under `manifest-layout-`.
    pub layout: String,
    /// It is UTF-16.
    pub utf16: bool,
    /// The field of what is labelled.
    pub subject_field: String,
    /// The field of the name.
    pub key_field: String,
    /// The columns of a table.
    pub columns: Vec<BenchColumn>,
    /// What a column can be.
    pub fields: Vec<String>,
    /// The first row of the table is a row and no head.
    pub headless: bool,
    /// Rows that are known so far.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows: u64,
    /// All rows are known.
    pub counted: bool,
    /// How far the check is.
    pub check: BenchCheck,
    /// Rows that were looked at.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub looked: u64,
    /// Rows that can't be used as they will be, repairs counted in.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub blocked: u64,
    /// Rows that can be used as they will be: neither blocked nor taken out.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub good: u64,
    /// Rows that are taken out.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub removed: u64,
    /// Mistakes between rows.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub beside: u64,
    /// Rows to look at, repairs counted in.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub warned: u64,
    /// Rows that the repairs change.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub mended: u64,
    /// What is wrong, the gravest first.
    pub groups: Vec<BenchGroup>,
    /// What is being done.
    pub work: Option<BenchWork>,
    /// Pictures of rows.
    pub pictures: BenchPictures,
    /// What the last thing came to.
    pub done: Option<BenchDone>,
    /// Why the last thing did not go well.
    pub trouble: Option<BenchTrouble>,
}

/// What something came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchDone {
    /// `saved`, `weighed`, `converted`, `built`, `compared`, `looked_up`, `measured`, `asked`, `stopped`.
    pub kind: String,
    /// The name of the file that was written, or of the connection that was asked.
    pub name: String,
    /// The form it was turned into; `csv` for a table.
    pub to: String,
    /// Rows that were written, or would be.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows: u64,
    /// Rows that were repaired.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub mended: u64,
    /// Rows that were left out, or that the form has no place for.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub left_out: u64,
    /// Rows that could not be read.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub broken: u64,
    /// Rows in which something was found.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub found: u64,
    /// Fields that are not carried, and in how many rows.
    #[cfg_attr(feature = "wire", ts(type = "Array<[string, number]>"))]
    pub left: Vec<(String, u64)>,
    /// What a comparison found.
    pub compared: Option<BenchCompared>,
    /// What a look at the objects saw.
    pub looked: Option<BenchLooked>,
}

/// What a look at the objects saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchLooked {
    /// Objects that were looked at.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub objects: u64,
    /// Are there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub there: u64,
    /// Are not there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub missing: u64,
    /// Could not be seen.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub unseen: u64,
    /// Were known from an earlier look.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub known: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct BenchCompared {
    /// The other file.
    pub name: String,
    /// Rows of this one alone.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub new: u64,
    /// Rows of the other one alone.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub gone: u64,
    /// Rows that differ.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub changed: u64,
    /// Rows that are equal.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub same: u64,
    /// Rows that have no name, or could not be read.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub left_out: u64,
}
