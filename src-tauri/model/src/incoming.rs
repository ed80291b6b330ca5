//! What a person gives, and what is met while reading it.
//! Paths below a given item are raw bytes: a name that is not UTF-8 must survive the whole way.

use crate::media::Media;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a person gave, through whichever door: drop, picker, paste, console, a second start of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Absolute paths of files and folders, in the order given.
    pub paths: Vec<PathBuf>,
    /// Leave the given folder's own name out of the relative path (`--contents`).
    pub contents: bool,
    /// Take hidden and system files too.
    pub include_hidden: bool,
    /// Only relative paths that match one of these globs; empty takes all.
    pub include: Vec<String>,
    /// Leave out relative paths that match one of these globs.
    pub exclude: Vec<String>,
    /// Absolute paths of tables that tell something about the files; they may be among what is given, or lie elsewhere.
    pub tables: Vec<PathBuf>,
}

/// Size, time and identity of a file, to notice that it became another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Bytes.
    pub size: u64,
    /// Modification time, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Change time, nanoseconds since 1970; 0 where the system has none. Cannot be set back by `utime`.
    pub ctime_ns: i64,
    /// Device number; 0 where the system has none.
    pub dev: u64,
    /// Inode number; 0 where the system has none.
    pub ino: u64,
}

impl Fingerprint {
    /// Same content as far as size and modification time tell: the comparison across two runs of the program.
    pub fn same_content(&self, other: &Self) -> bool {
        self.size == other.size && self.mtime_ns == other.mtime_ns
    }
}

/// What kind of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// Hidden, a system file or excluded: counted, not sent.
    Skipped,
    /// A symbolic link: reported, never followed.
    Link,
    /// A socket, device or pipe: reported.
    Special,
    /// Something that could not be read; the reason is in the finding.
    Unreadable,
}

/// One thing met while reading what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which of the given paths it lies under.
    pub root: u32,
    /// Path relative to the folder that holds the given item, raw bytes, `/` between components:
    /// giving `/a/photos` yields `photos/x.jpg`. On Windows WTF-8.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// As the walk saw it.
    pub fingerprint: Fingerprint,
    /// What the file really is, from its content.
    pub media: Media,
    /// Why it could not be read: the system's own words.
    pub trouble: Option<String>,
}
