//! Tables about the files as people see them: columns and where they go, lines that found no file.

use crate::table::TableUse;
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// What a person wants of one table, or of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct TableWish {
    /// The table by [`Table::path`]; empty for every table.
    pub path: String,
    /// What it is.
    #[serde(rename = "use")]
    pub usage: TableUse,
    /// Columns by their headers, and where each goes: a word of [`crate::Goes`].
    pub columns: Vec<(String, String)>,
}

/// One column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Column {
    /// Its header; `#3` where the header line has none for it.
    pub header: String,
    /// Where it goes: a word of [`crate::Goes`].
    pub goes: String,
    /// The first values that are there.
    pub examples: Vec<String>,
    /// What becomes of it at this destination, a word under `table-note-`; empty where nothing is to be said.
    pub note: String,
    /// The platform's reason why it would not take values of it; empty when it takes them, or has not been asked.
    pub said: String,
    /// Values that it would not take.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub misfits: u64,
}

/// A table that tells something about the files, or that may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Table {
    /// Its display path; of one that lies elsewhere its name.
    pub path: String,
    /// It was among what was given, and is not sent while it is used.
    pub inside: bool,
    /// It is used.
    pub used: bool,
    /// Why it is used, or why not: a word under `table-why-`.
    pub why: String,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Lines that were looked at to find out what it is, and those of them that name a file.
    #[cfg_attr(feature = "wire", ts(type = "[number, number]"))]
    pub looked: (u64, u64),
    /// Lines below the header.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub lines: u64,
    /// Files that a line was found for.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub matched: u64,
    /// Those of them that no table before it has a line for.
    #[cfg_attr(feature = "wire", ts(skip))]
    pub first: u64,
    /// Lines that name no file.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub no_file: u64,
    /// Lines whose name fits several files.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ambiguous: u64,
    /// Lines about a file that an earlier line is about already: the earlier one counts.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub twice: u64,
    /// Lines with another number of cells than the header.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub broken: u64,
    /// What is wrong with it as a whole, a word under `table-trouble-`; empty when nothing is.
    pub trouble: String,
    /// The line at which that is, from 1; 0 where it is at none.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub line: u64,
    /// More about it: a column, the system's words.
    pub detail: String,
    /// The item that it is; absent when it lies elsewhere.
    #[cfg_attr(feature = "wire", ts(skip))]
    pub ord: Option<u64>,
}

impl Table {
    /// It is used, and something is wrong with it: nothing may be sent so.
    pub fn stands_in_the_way(&self) -> bool {
        self.used && !self.trouble.is_empty()
    }
}

/// A line that could not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct TableLine {
    /// Its number in the table, from 1, the header being the first.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub line: u64,
    /// What it names, or how many cells it has.
    pub text: String,
}

/// A stretch of the lines that could not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct LinePage {
    /// Lines of this kind that are kept for showing: ten thousand of each at most. The table counts all.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// Number of the first line given, from 0.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub first: u64,
    /// The lines.
    pub lines: Vec<TableLine>,
}
