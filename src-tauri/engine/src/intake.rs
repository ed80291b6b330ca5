//! From paths to a stream of entries, through one door. Links are not followed; nothing is silently dropped.
//! A million files stay flat in memory: every channel is bounded, and the reader sets the pace.

mod beneath;
mod crew;
mod filter;
mod roots;
#[cfg(test)]
mod tests;
mod walk;

pub use roots::absolute;

use crate::source::file;
use gantry_model::{Entry, EntryKind, Incoming, Problem};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::mpsc;

/// Most entries in one batch.
pub const BATCH: usize = 1024;

/// Trouble of a skipped entry that is a folder of the program's own, or the destination inside what was given.
const OWN_FOLDER: &str = "own folder";
/// Trouble of a skipped entry that was taken already, through another of the given paths.
const TAKEN: &str = "taken already";
/// Trouble of what was there when its folder was read and was gone when it was looked at.
const VANISHED: &str = "vanished";

/// Some of what was met. Entries come in the order of the walk.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// At most [`BATCH`] entries; none in a batch that only counts.
    pub entries: Vec<Entry>,
    /// Regular files to be sent that the walk has met so far. The walk runs ahead of the entries.
    pub counted_files: u64,
    /// Their bytes.
    pub counted_bytes: u64,
    /// Everything was read; nothing follows. A stream that closes without this was stopped.
    pub ended: bool,
}

/// Reads what was given, on threads of its own. Folders in `avoid` are not entered: each is one skipped entry that
/// [`is_own_folder`] knows. Ends soon after `stop` is set or the receiver is dropped.
pub fn read(incoming: Incoming, avoid: Vec<PathBuf>, stop: Arc<AtomicBool>) -> mpsc::Receiver<Batch> {
    crew::start(incoming, avoid, stop)
}

/// Whether the globs of what was given make sense; [`read`] takes one that does not as the literal text.
///
/// # Errors
/// `BadField` with the pattern and what is wrong with it.
pub fn check_patterns(incoming: &Incoming) -> Result<(), Problem> {
    incoming.include.iter().chain(&incoming.exclude).try_for_each(|pattern| filter::check(pattern))
}

/// A folder of the program's own, or the destination, that was met inside what was given and left out.
pub fn is_own_folder(entry: &Entry) -> bool {
    entry.kind == EntryKind::Skipped && entry.trouble.as_deref() == Some(OWN_FOLDER)
}

/// A file that was given twice and is left out here, because it was taken through an earlier path.
pub fn is_taken_already(entry: &Entry) -> bool {
    entry.kind == EntryKind::Skipped && entry.trouble.as_deref() == Some(TAKEN)
}

/// What could not be read because it is not there any more.
pub fn is_vanished(entry: &Entry) -> bool {
    entry.kind == EntryKind::Unreadable && entry.trouble.as_deref() == Some(VANISHED)
}

fn said(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        return VANISHED.to_owned();
    }
    gantry_model::show::text(&file::words(error))
}
