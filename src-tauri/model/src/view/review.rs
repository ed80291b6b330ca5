//! The review: what would go where, and what can still be changed.

use super::{FindingGroup, Hold, Table, TableWish};
use crate::fix::Fix;
use crate::media::MediaKind;
use crate::platform::{Shape, Target};
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
    /// Where rows are registered; absent when only bytes are sent.
    pub register: Option<Register>,
    /// What the person wants of tables about the files.
    pub tables: Vec<TableWish>,
    /// What was given is a manifest, whose rows are registered; absent when files are sent.
    pub manifest: Option<ManifestPlan>,
    /// What is done to copies of the files that need it.
    pub fixes: Vec<Fix>,
    /// Rules that hold files until the person says that they may go: those for which they said so.
    pub confirmed: Vec<String>,
}

impl Plan {
    /// The platform's own upload storage takes the bytes.
    pub fn own_storage(&self) -> bool {
        self.manifest.is_none() && self.register.as_ref().is_some_and(|register| register.connection == self.connection)
    }
}

/// A manifest whose rows are registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct ManifestPlan {
    /// Whose words it is written in: `labelbox`, `ango`, `segments`, `urls`.
    pub form: String,
    /// What the columns of a table are: head or number, and field.
    pub map: Vec<(String, String)>,
}

/// How the files of a row are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Each file is a row.
    #[default]
    File,
    /// All files of a folder are a row, in the order of their names.
    Folder,
    /// The part of the name in front of the last number is the row, the number its place.
    Number,
    /// Files whose names differ in their extension only, or lie in folders beside each other, are a row: several sensors.
    Sensors,
}

/// Where and how rows are registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Register {
    /// Connection of the platform.
    pub connection: String,
    /// Its kind: `segments`, `labelbox`, `ango`.
    pub kind: String,
    /// Which dataset or project, with the integration that reads the bucket.
    pub target: Target,
    /// The container's name for people.
    pub name: String,
    /// The page that shows it.
    pub link: String,
    /// How the files of one row stand together.
    pub shape: Shape,
    /// How the files of a row are found.
    pub grouping: Grouping,
    /// Days for which presigned addresses are good, 1 to 7; 0 registers plain addresses.
    pub presigned_days: u32,
    /// What is known about all files: names and values.
    pub metadata: Vec<(String, String)>,
    /// Priority of the rows, where the platform knows it.
    pub priority: i32,
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
    /// Rows that the platform does not have.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows_new: u64,
    /// Rows that it has, for the same objects.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows_same: u64,
    /// Those of them that the platform was told something else about by an earlier upload from here: they stay as they are.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows_other: u64,
    /// Rows of these names that stand for something else.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows_clash: u64,
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
    /// Rows that would be registered.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows: u64,
    /// Three rows as they will be: name, address.
    pub row_examples: Vec<(String, String)>,
    /// What was done to copies, by fix: those that the plan has.
    pub fixed: Vec<Fixed>,
    /// Where the copies are.
    pub copies: CopiesRoom,
    /// Tables that tell something about the files, or may, and what was made of them.
    pub tables: Vec<Table>,
    /// Files that no table has a line for; 0 where no table is used.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files_left: u64,
    /// Why the platform would not take what is known about all files: name and reason.
    pub fixed_misfits: Vec<(String, String)>,
    /// The least and the greatest priority that the platform knows.
    pub priorities: Option<(i32, i32)>,
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

/// What came of one fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Fixed {
    /// The fix.
    pub fix: Fix,
    /// Copies that were made with it.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub made: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes: u64,
    /// Files of which no copy could be made.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub failed: u64,
    /// One file's display path, as an example.
    pub example: String,
    /// That file: format, pixels, bytes.
    pub before: String,
    /// Its copy: format, pixels, bytes.
    pub after: String,
}

/// Where copies are kept until they have arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct CopiesRoom {
    /// Bytes that they take just now, those of all uploads.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub held: u64,
    /// Most bytes that they may take.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub limit: u64,
}
