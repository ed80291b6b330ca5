//! The walk: one thread that names, classes and counts what it meets. It opens folders, and no file.
//! Entries of a folder are not sorted, so a million of them in one folder need no memory.

use super::beneath::Beneath;
use super::filter::Filter;
use super::roots::Root;
use super::{OWN_FOLDER, TAKEN, said};
use gantry_model::{Entry, EntryKind, Fingerprint, Media};
use std::io;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Folders that may be open at once on the way down; below that walkdir keeps their rest in memory.
const OPEN_FOLDERS: usize = 128;

/// Whoever takes what is met. False ends the walk.
pub(super) trait Taker {
    /// One more entry.
    fn take(&mut self, entry: Entry) -> bool;
    /// Whether to go on. Asked for each thing met, so it must be cheap.
    fn goes_on(&mut self) -> bool;
}

/// All roots with what holds for each.
pub(super) struct Walk {
    pub(super) roots: Vec<Root>,
    pub(super) filter: Filter,
    pub(super) avoid: Vec<PathBuf>,
}

impl Walk {
    /// Walks every root. False when it was ended early.
    pub(super) fn run(&self, taker: &mut impl Taker) -> bool {
        (0..self.roots.len()).all(|root| self.one(root, taker))
    }

    fn one(&self, at: usize, taker: &mut impl Taker) -> bool {
        let place = &self.roots[at].place;
        let walker = WalkDir::new(place).follow_links(false).follow_root_links(false).max_open(OPEN_FOLDERS);
        let mut walker = walker.into_iter();
        let mut way = Way { left_out: None, gone: None, beneath: Beneath::new(place) };
        while let Some(met) = walker.next() {
            if !taker.goes_on() {
                return false;
            }
            let (told, leave) = match met {
                Ok(met) => self.met(at, &met, &mut way),
                Err(error) => (Some(self.unreadable(at, &error, way.hides(&error))), false),
            };
            if leave {
                walker.skip_current_dir();
            }
            if told.is_some_and(|entry| !taker.take(entry)) {
                return false;
            }
        }
        true
    }

    /// What is told of it, and whether the walk leaves the folder where it is.
    fn met(&self, at: usize, met: &DirEntry, way: &mut Way) -> (Option<Entry>, bool) {
        let root = &self.roots[at];
        if way.left_out.is_some_and(|depth| met.depth() <= depth) {
            way.left_out = None;
        }
        if let Err((above, error)) = way.enter(met) {
            // What the walk has found there lies elsewhere: a link or another folder took this one's place.
            let kind = if way.left_out.is_some() { EntryKind::Skipped } else { EntryKind::Unreadable };
            let first = way.gone.replace(above.to_path_buf()).is_none_or(|gone| gone != above);
            return (first.then(|| entry(at, root.relative(above), kind, Some(said(&error)))), true);
        }
        if !met.file_type().is_dir() {
            return (Some(self.entry(at, met, way)), false);
        }
        if self.is_avoided(met.path()) {
            return (Some(entry(at, root.relative(met.path()), EntryKind::Skipped, Some(OWN_FOLDER.to_owned()))), true);
        }
        if way.left_out.is_none() && self.leaves_out(root, met) {
            way.left_out = Some(met.depth());
        }
        (None, false)
    }

    fn is_avoided(&self, place: &Path) -> bool {
        self.avoid.iter().any(|own| own == place)
    }

    /// By its own name or path; what lies above it was asked about before.
    fn leaves_out(&self, root: &Root, met: &DirEntry) -> bool {
        let name = met.file_name().as_encoded_bytes();
        if met.depth() > 0 && (self.filter.hides(name) || has_hidden_mark(met)) {
            return true;
        }
        self.filter.excludes(&relative_path(&root.relative(met.path())))
    }

    fn entry(&self, at: usize, met: &DirEntry, way: &Way) -> Entry {
        let root = &self.roots[at];
        let path = root.relative(met.path());
        let name = met.file_name().as_encoded_bytes();
        let hidden = met.depth() > 0 && self.filter.hides(name) || super::filter::is_own_part(name);
        if way.left_out.is_some() || hidden || self.by_pattern(&path) || has_hidden_mark(met) && met.depth() > 0 {
            return entry(at, path, EntryKind::Skipped, None);
        }
        if self.was_taken(root, met.path()) {
            return entry(at, path, EntryKind::Skipped, Some(TAKEN.to_owned()));
        }
        if met.file_type().is_symlink() {
            return entry(at, path, EntryKind::Link, None);
        }
        if !met.file_type().is_file() {
            return entry(at, path, EntryKind::Special, None);
        }
        match way.beneath.kind(met) {
            Ok((kind, fingerprint)) => Entry { fingerprint, ..entry(at, path, kind, None) },
            Err(error) => entry(at, path, EntryKind::Unreadable, Some(said(&error))),
        }
    }

    fn by_pattern(&self, path: &[u8]) -> bool {
        let relative = relative_path(path);
        self.filter.excludes(&relative) || self.filter.misses(&relative)
    }

    /// Whether an earlier root took this very file: it lies there, and nothing there left it out.
    fn was_taken(&self, root: &Root, place: &Path) -> bool {
        root.overlaps.iter().any(|earlier| {
            let earlier = &self.roots[*earlier];
            let Ok(below) = place.strip_prefix(&earlier.place) else { return false };
            let mut at = earlier.place.clone();
            let hidden = below.components().any(|component| {
                at.push(component);
                self.filter.hides(component.as_os_str().as_encoded_bytes()) || self.is_avoided(&at)
            });
            let mut above = place.ancestors().take_while(|above| above.starts_with(&earlier.place));
            let excluded = above.any(|above| self.filter.excludes(&relative_path(&earlier.relative(above))));
            !hidden && !excluded && !self.filter.misses(&relative_path(&earlier.relative(place)))
        })
    }

    fn unreadable(&self, at: usize, error: &walkdir::Error, hidden: bool) -> Entry {
        let root = &self.roots[at];
        let path = root.relative(error.path().unwrap_or(&root.place));
        let path = if path.is_empty() { root.place.file_name().unwrap_or_default().as_encoded_bytes().to_vec() } else { path };
        if hidden {
            return entry(at, path, EntryKind::Skipped, None);
        }
        entry(at, path, EntryKind::Unreadable, Some(words(error)))
    }
}

fn entry(root: usize, path: Vec<u8>, kind: EntryKind, trouble: Option<String>) -> Entry {
    let root = u32::try_from(root).unwrap_or(u32::MAX);
    Entry { root, path, kind, fingerprint: Fingerprint::default(), media: Media::default(), trouble }
}

/// Where the walk is.
struct Way {
    /// The depth of the folder with everything below it left out, while the walk is inside it.
    left_out: Option<usize>,
    /// The folder that was told last to have gone.
    gone: Option<PathBuf>,
    beneath: Beneath,
}

impl Way {
    fn hides(&self, error: &walkdir::Error) -> bool {
        self.left_out.is_some_and(|depth| error.depth() > depth || error.depth() == depth && depth > 0)
    }

    /// Enters the folder in which this was met; the root itself was met nowhere.
    fn enter<'a>(&mut self, met: &'a DirEntry) -> Result<(), (&'a Path, io::Error)> {
        match met.path().parent().filter(|_| met.depth() > 0) {
            Some(above) => self.beneath.enter(above).map_err(|error| (above, error)),
            None => Ok(()),
        }
    }
}

fn words(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), said)
}

#[cfg(unix)]
fn relative_path(raw: &[u8]) -> std::borrow::Cow<'_, Path> {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(raw)).into()
}

#[cfg(not(unix))]
fn relative_path(raw: &[u8]) -> std::borrow::Cow<'_, Path> {
    crate::journal::path_from_bytes(raw).into()
}

/// Windows hides by a mark on the file, which the walk has at no cost.
#[cfg(windows)]
fn has_hidden_mark(met: &DirEntry) -> bool {
    use std::os::windows::fs::MetadataExt;
    const FILE_ATTRIBUTE_HIDDEN: u32 = 2;
    met.metadata().is_ok_and(|metadata| metadata.file_attributes() & FILE_ATTRIBUTE_HIDDEN != 0)
}

#[cfg(not(windows))]
fn has_hidden_mark(_met: &DirEntry) -> bool {
    false
}
