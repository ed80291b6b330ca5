//! Manifests: files that list rows for a platform. What a row is, whichever platform's words it is written in, where it
//! stands in its file, and what can be wrong with it. Values are read where they stand; numbers keep their digits.

mod dialect;
mod objects;
mod row;
mod rules;

pub use dialect::{Carried, Change, Dialect, Found, Known};
pub use objects::{ObjectBytes, ObjectThere, Objects, Unseen};
pub use row::{Attachment, ManifestRow, Meta, RowText, Said, Subject};
pub use rules::{About, RowRule};

use serde::{Deserialize, Serialize};

/// Whose words a manifest is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Labelbox: `row_data`, `global_key`.
    Labelbox,
    /// Ango Hub: `data`, `externalId`.
    Ango,
    /// Segments.ai: `name`, `attributes`.
    Segments,
    /// Addresses, perhaps with names beside them.
    Urls,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::Labelbox, Self::Ango, Self::Segments, Self::Urls];

    /// The word of the console and of `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Labelbox => "labelbox",
            Self::Ango => "ango",
            Self::Segments => "segments",
            Self::Urls => "urls",
        }
    }

    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    /// The name for people.
    pub fn title(self) -> String {
        crate::words::say(&format!("manifest-form-{}", self.word()), &[])
    }
}

/// How rows stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One JSON list.
    List,
    /// One JSON value after the other, a line each as a rule.
    Lines,
    /// A table; cells end at commas.
    Csv,
    /// A table; cells end at tabs.
    Tsv,
    /// A table; cells end at semicolons, as spreadsheets write it where a comma stands in numbers.
    Semicolons,
    /// An address a line.
    Plain,
}

impl Layout {
    /// The byte between the cells of a table.
    pub fn delimiter(self) -> Option<u8> {
        match self {
            Self::Csv => Some(b','),
            Self::Tsv => Some(b'\t'),
            Self::Semicolons => Some(b';'),
            Self::List | Self::Lines | Self::Plain => None,
        }
    }

    /// The word under `manifest-layout-`.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Lines => "lines",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Semicolons => "semicolons",
            Self::Plain => "plain",
        }
    }
}

/// Where something stands. Columns count characters, not bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The row, from 1; 0 where it belongs to none.
    pub row: u64,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
}
