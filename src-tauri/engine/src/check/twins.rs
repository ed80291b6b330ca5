//! Remembers every key of an upload in few bytes, to notice two that are the same or differ in capitals only.
//! Keys are not kept: hashes lead to an entry, and its key is made again from its path. So no two are mixed up.

use super::likeness::likeness;
use super::paths::{Paths, Place};
use crate::naming::clean;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// How an earlier entry is related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It would get the very same key.
    SameKey,
    /// The same, because the names differ in normalisation only.
    Normalisation,
    /// The keys differ in capitals only.
    Case,
    /// The keys look the same, with letters of different scripts.
    Looks,
    /// One key is a folder in the other.
    Nested,
}

/// An earlier entry and how it is related.
#[derive(Debug)]
pub(super) struct Twin {
    pub(super) ord: u64,
    pub(super) path: Vec<u8>,
    pub(super) relation: Relation,
}

/// The memory of keys.
#[derive(Debug, Default)]
pub(super) struct Twins {
    hasher: RandomState,
    paths: Paths,
    table: Table,
    buffer: String,
    /// The entry that came last, where it has a key of its own.
    newest: Option<Place>,
    folders: Folders,
    /// Some key looks like one of other letters.
    likenesses: bool,
}

/// Which keys are folders in others, by their hash.
#[derive(Debug, Default)]
struct Folders {
    /// An entry inside.
    inside: HashMap<u64, Place>,
    /// The folder of the last entry, and the entry whose key one of its folders is.
    last: (String, Option<Place>),
}

impl Twins {
    /// Remembers an entry and gives the first earlier one with the same key, and the first that differs in capitals.
    pub(super) fn meet(&mut self, key: &str, path: &[u8], ord: u64, key_of: impl Fn(&[u8], u64) -> String) -> Vec<Twin> {
        fold(key, &mut self.buffer);
        let (exact, folded) = (self.hash(key), self.hash(&self.buffer));
        let (alike, same) = self.known(key, &self.buffer, &key_of);
        let (paths, mut met) = (&self.paths, Vec::new());
        if let Some((earlier, ord)) = same.and_then(|at| paths.at(at)) {
            met.push(Twin { ord, relation: relation(&earlier, path), path: earlier });
        }
        if let Some((earlier, ord)) = alike.filter(|at| Some(*at) != same).and_then(|at| paths.at(at)) {
            met.push(Twin { ord, path: earlier, relation: Relation::Case });
        }
        let looks = self.looks_like(&self.buffer, &key_of);
        met.extend(looks.and_then(|at| paths.at(at)).map(|(path, ord)| Twin { ord, path, relation: Relation::Looks }));
        // Who has the key of an earlier one is never asked for again: the earlier one answers.
        self.newest = if same.is_none() { self.paths.push(path, ord) } else { None };
        if let Some(at) = self.newest {
            self.table.insert(if alike.is_none() { folded } else { exact }, at);
            let like = self.hash(&likeness(&self.buffer));
            if like != folded {
                self.likenesses = true;
                self.table.insert(like, at);
            }
        }
        met
    }

    /// The first entry that looks like this one, and is written with other letters.
    fn looks_like(&self, folded: &str, key_of: impl Fn(&[u8], u64) -> String) -> Option<Place> {
        if !self.likenesses && folded.is_ascii() {
            return None;
        }
        let like = likeness(folded);
        self.table.first(self.hash(&like), |at| {
            let mut other = String::new();
            fold(&self.key(at, &key_of), &mut other);
            other != *folded && likeness(&other) == like
        })
    }

    /// An earlier entry whose key is a folder in the key that was met last, or the other way round.
    pub(super) fn nested(&mut self, key: &str, key_of: impl Fn(&[u8], u64) -> String) -> Option<Twin> {
        let newest = self.newest?;
        let folder = key.rsplit_once('/').map_or("", |(folder, _)| folder);
        if *folder != self.folders.last.0 {
            let above: Vec<&str> = key.match_indices('/').map(|(at, _)| &key[..at]).collect();
            let mut folded = String::new();
            let file = above.iter().find_map(|folder| {
                fold(folder, &mut folded);
                self.known(folder, &folded, &key_of).1
            });
            for folder in above {
                self.folders.inside.entry(self.hasher.hash_one(folder)).or_insert(newest);
            }
            self.folders.last = (folder.to_owned(), file);
        }
        let inside = self.folders.inside.get(&self.hasher.hash_one(key)).copied().filter(|at| {
            let other = self.key(*at, &key_of);
            other.strip_prefix(key).is_some_and(|rest| rest.starts_with('/'))
        });
        let (path, ord) = self.paths.at(inside.or(self.folders.last.1)?)?;
        Some(Twin { ord, path, relation: Relation::Nested })
    }

    /// The first entry whose key differs in capitals at most, and the one with this very key.
    fn known(&self, key: &str, folded: &str, key_of: impl Fn(&[u8], u64) -> String) -> (Option<Place>, Option<Place>) {
        // The first of those that differ in capitals only stands under its folded key, each other one under its own.
        let alike = self.table.first(self.hash(folded), |at| {
            let mut other = String::new();
            fold(&self.key(at, &key_of), &mut other);
            other == *folded
        });
        let same = alike.and_then(|_| self.table.first(self.hash(key), |at| self.key(at, &key_of) == key));
        (alike, same.or_else(|| alike.filter(|at| self.key(*at, &key_of) == key)))
    }

    fn key(&self, at: Place, key_of: impl Fn(&[u8], u64) -> String) -> String {
        self.paths.at(at).map(|(path, ord)| key_of(&path, ord)).unwrap_or_default()
    }

    fn hash(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) >> 32) as u32
    }
}

/// Lower case, character by character.
fn fold(key: &str, into: &mut String) {
    into.clear();
    if key.is_ascii() {
        into.push_str(key);
        into.make_ascii_lowercase();
    } else {
        into.extend(key.chars().flat_map(char::to_lowercase));
    }
}

/// How a path with the same key is related.
fn relation(earlier: &[u8], path: &[u8]) -> Relation {
    let texts = std::str::from_utf8(earlier).is_ok() && std::str::from_utf8(path).is_ok();
    let normalised = texts && earlier != path && clean(earlier) == clean(path);
    if normalised { Relation::Normalisation } else { Relation::SameKey }
}

/// Open addressing: hashes to places of paths, eight bytes a slot.
#[derive(Debug, Default)]
struct Table {
    /// Hash, and place; no place is an empty slot.
    slots: Vec<(u32, Option<Place>)>,
    used: usize,
}

impl Table {
    /// The earliest with this hash of which `is_it` holds.
    fn first(&self, hash: u32, is_it: impl Fn(Place) -> bool) -> Option<Place> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        let mut first: Option<Place> = None;
        while let (there, Some(place)) = self.slots[at] {
            if there == hash && first.is_none_or(|first| place < first) && is_it(place) {
                first = Some(place);
            }
            at = (at + 1) & mask;
        }
        first
    }

    fn insert(&mut self, hash: u32, place: Place) {
        if self.used * 4 >= self.slots.len() * 3 {
            let larger = vec![(0, None); (self.slots.len() * 2).max(1024)];
            for (hash, place) in std::mem::replace(&mut self.slots, larger) {
                if place.is_some() {
                    self.put(hash, place);
                }
            }
        }
        self.put(hash, Some(place));
        self.used += 1;
    }

    fn put(&mut self, hash: u32, place: Option<Place>) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].1.is_some() {
            at = (at + 1) & mask;
        }
        self.slots[at] = (hash, place);
    }
}
