//! The given paths: where they really are, what they are called, and which of them overlap.

use std::path::{Component, Path, PathBuf};

/// One given path.
#[derive(Clone, Debug)]
pub(super) struct Root {
    /// Where it is, without links above it. A link at its end stays one.
    pub(super) place: PathBuf,
    /// What relative paths begin with, raw; empty where they begin below it.
    pub(super) name: Vec<u8>,
    /// Earlier roots that hold this one or lie inside it.
    pub(super) overlaps: Vec<usize>,
}

/// An absolute path with the own name at its end: `.`, `..` and a bare `/` at the end are resolved, so that
/// `photos/.` and `photos/x/..` are called `photos`. What does not exist stays as it is, made absolute.
pub fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    if path.components().any(|component| component == Component::ParentDir) {
        // Only the system knows where `..` leads when there are links before it.
        let (parent, name) = (path.parent(), path.file_name());
        return match (parent, name) {
            (Some(parent), Some(name)) => std::fs::canonicalize(parent).map_or(path.clone(), |parent| parent.join(name)),
            _ => std::fs::canonicalize(&path).unwrap_or(path),
        };
    }
    path
}

/// The roots in the order given.
pub(super) fn of(paths: &[PathBuf], contents: bool) -> Vec<Root> {
    let mut roots: Vec<Root> = Vec::with_capacity(paths.len());
    for given in paths {
        let given = absolute(given);
        let own = given.file_name();
        let parent = given.parent().and_then(|parent| std::fs::canonicalize(parent).ok());
        let place = match (parent, own) {
            (Some(parent), Some(own)) => parent.join(own),
            _ => given.clone(),
        };
        let inside_only = contents && std::fs::symlink_metadata(&place).is_ok_and(|there| there.is_dir());
        let name = if inside_only { Vec::new() } else { own.unwrap_or_default().as_encoded_bytes().to_vec() };
        let overlap = |(_, earlier): &(usize, &Root)| place.starts_with(&earlier.place) || earlier.place.starts_with(&place);
        let overlaps = roots.iter().enumerate().filter(overlap).map(|(at, _)| at).collect();
        roots.push(Root { place, name, overlaps });
    }
    roots
}

impl Root {
    /// The relative path of something at `place`, which lies at or below this root.
    pub(super) fn relative(&self, place: &Path) -> Vec<u8> {
        let whole = place.as_os_str().as_encoded_bytes();
        let cut = self.place.as_os_str().as_encoded_bytes().len();
        let below = whole.get(cut..).unwrap_or_default();
        let below = below.strip_prefix(SEPARATOR).unwrap_or(below);
        let mut path = Vec::with_capacity(self.name.len() + 1 + below.len());
        path.extend_from_slice(&self.name);
        if !path.is_empty() && !below.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(below);
        if cfg!(windows) {
            path.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
        }
        path
    }
}

const SEPARATOR: &[u8] = if cfg!(windows) { b"\\" } else { b"/" };
