//! Which file a name in a table means: the whole relative path, the path below what was given, or a name that only one
//! file has. Names are kept as hashes, a few bytes a file, and each match is compared with the file's real path.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use unicode_normalization::UnicodeNormalization;

/// Files of one name that are compared at most; above that the name fits several.
const NAMESAKES: usize = 1000;

/// What a name fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// This file alone.
    One(u64),
    /// More than one file.
    Several,
    /// No file.
    None,
}

/// The names of an upload's files.
#[derive(Debug, Default)]
pub struct Names {
    hasher: RandomState,
    whole: Keys,
    below: Keys,
    last: Keys,
}

/// Hashes with the files that have them, in order of the hashes.
#[derive(Debug, Default)]
struct Keys(Vec<(u64, u32)>);

impl Keys {
    fn of(&self, hash: u64) -> impl Iterator<Item = u64> {
        let from = self.0.partition_point(|(known, _)| *known < hash);
        self.0[from..].iter().take_while(move |(known, _)| *known == hash).map(|(_, ord)| u64::from(*ord))
    }
}

impl Names {
    /// Adds a file by its relative path. Files beyond four thousand million have no name here.
    pub fn add(&mut self, ord: u64, path: &[u8]) {
        let Ok(ord) = u32::try_from(ord) else { return };
        let path = fold(&String::from_utf8_lossy(path));
        self.whole.0.push((self.hash(&path), ord));
        if let Some((_, below)) = path.split_once('/') {
            self.below.0.push((self.hash(below), ord));
        }
        self.last.0.push((self.hash(last(&path)), ord));
    }

    /// All files are added.
    pub fn seal(&mut self) {
        for keys in [&mut self.whole, &mut self.below, &mut self.last] {
            keys.0.sort_unstable();
        }
    }

    /// The file that is meant. `path_of` gives a file's relative path.
    ///
    /// # Errors
    /// Those of `path_of`.
    pub fn fit<E>(&self, value: &str, path_of: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>) -> Result<Fit, E> {
        let value = fold(value.trim());
        let first = self.fit_one(&value, path_of)?;
        // Windows writes paths so; here a name may have this character too.
        if first == Fit::None && value.contains('\\') {
            return self.fit_one(&value.replace('\\', "/"), path_of);
        }
        Ok(first)
    }

    fn fit_one<E>(&self, value: &str, path_of: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>) -> Result<Fit, E> {
        let value = value.strip_prefix("file://").unwrap_or(value);
        let mut wanted = value.trim_start_matches('/');
        while let Some(rest) = wanted.strip_prefix("./") {
            wanted = rest;
        }
        if wanted.is_empty() || wanted.ends_with('/') {
            return Ok(Fit::None);
        }
        let hash = self.hash(wanted);
        let whole = fitting(self.whole.of(hash), path_of, &|path| path == wanted)?;
        if whole != Fit::None {
            return Ok(whole);
        }
        let below = |path: &str| path.split_once('/').is_some_and(|(_, below)| below == wanted);
        let below = fitting(self.below.of(hash), path_of, &below)?;
        if below != Fit::None {
            return Ok(below);
        }
        let named = self.last.of(self.hash(last(wanted)));
        fitting(named, path_of, &|path| ends_with(path, wanted) || ends_with(wanted, path))
    }

    fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }
}

fn fitting<E>(
    files: impl Iterator<Item = u64>,
    path_of: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>,
    fits: &dyn Fn(&str) -> bool,
) -> Result<Fit, E> {
    let mut found = Fit::None;
    for (at, ord) in files.enumerate() {
        if at >= NAMESAKES {
            return Ok(Fit::Several);
        }
        if fits(&fold(&String::from_utf8_lossy(&path_of(ord)?))) {
            if found != Fit::None {
                return Ok(Fit::Several);
            }
            found = Fit::One(ord);
        }
    }
    Ok(found)
}

/// The path ends with these components.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|front| front.is_empty() || front.ends_with('/'))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Names that look the same are the same.
fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}
