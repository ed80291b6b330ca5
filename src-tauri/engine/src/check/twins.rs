//! Remembers every key of an upload in few bytes, to notice two that are the same or differ in capitals only.
//! Keys are not kept: hashes lead to an entry, and its key is made again from its path. So no two are mixed up.

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
    exact: Table,
    folded: Table,
    buffer: String,
}

impl Twins {
    /// Remembers an entry and gives the first earlier one with the same key, and the first that differs in capitals.
    pub(super) fn meet(&mut self, key: &str, path: &[u8], ord: u64, key_of: impl Fn(&[u8], u64) -> String) -> Vec<Twin> {
        let mut met = Vec::new();
        let exact = self.hash(key);
        let paths = &self.paths;
        let same = self.exact.find(exact, |at| key_of(&paths.path(at), paths.ord(at)) == key);
        fold(key, &mut self.buffer);
        let folded = self.hash(&self.buffer);
        let buffer = &self.buffer;
        let alike = self.folded.find(folded, |at| {
            let mut other = String::new();
            fold(&key_of(&paths.path(at), paths.ord(at)), &mut other);
            other == *buffer
        });
        if let Some(at) = same {
            let earlier = paths.path(at);
            let texts = std::str::from_utf8(&earlier).is_ok() && std::str::from_utf8(path).is_ok();
            let normalised = texts && earlier != path && clean(&earlier) == clean(path);
            let relation = if normalised { Relation::Normalisation } else { Relation::SameKey };
            met.push(Twin { ord: paths.ord(at), path: earlier, relation });
        }
        if let Some(at) = alike.filter(|at| Some(*at) != same && key_of(&paths.path(*at), paths.ord(*at)) != key) {
            met.push(Twin { ord: paths.ord(at), path: paths.path(at), relation: Relation::Case });
        }
        // Who has the key of an earlier one is never asked for again: the earlier one answers.
        if same.is_none()
            && let Some(at) = self.paths.push(path, ord)
        {
            self.exact.insert(exact, at);
            if alike.is_none() {
                self.folded.insert(folded, at);
            }
        }
        met
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

/// Paths, each folder once.
#[derive(Debug, Default)]
struct Paths {
    folders: Vec<Box<[u8]>>,
    known: HashMap<Box<[u8]>, u32>,
    last: u32,
    rows: Vec<Row>,
    names: Vec<u8>,
}

#[derive(Debug)]
struct Row {
    folder: u32,
    name: u32,
    length: u16,
    ord_high: u16,
    ord: u32,
}

impl Paths {
    /// `None` above four billion entries or 4 GiB of names: they are not compared any more.
    fn push(&mut self, path: &[u8], ord: u64) -> Option<u32> {
        let cut = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (folder, name) = path.split_at(cut);
        let at = u32::try_from(self.rows.len()).ok().filter(|at| *at < u32::MAX)?;
        let row = Row {
            folder: self.folder(folder)?,
            name: u32::try_from(self.names.len()).ok()?,
            length: u16::try_from(name.len()).ok()?,
            ord_high: u16::try_from(ord >> 32).ok()?,
            ord: (ord & u64::from(u32::MAX)) as u32,
        };
        self.names.extend_from_slice(name);
        self.rows.push(row);
        Some(at)
    }

    fn folder(&mut self, folder: &[u8]) -> Option<u32> {
        // A walk gives the files of a folder one after the other.
        if self.folders.get(self.last as usize).is_some_and(|last| **last == *folder) {
            return Some(self.last);
        }
        self.last = match self.known.get(folder) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(self.folders.len()).ok()?;
                self.folders.push(folder.into());
                self.known.insert(folder.into(), at);
                at
            }
        };
        Some(self.last)
    }

    fn path(&self, at: u32) -> Vec<u8> {
        let Some(row) = self.rows.get(at as usize) else { return Vec::new() };
        let name = row.name as usize;
        let folder = self.folders.get(row.folder as usize).map_or(&[][..], |folder| folder);
        [folder, &self.names[name..name + usize::from(row.length)]].concat()
    }

    fn ord(&self, at: u32) -> u64 {
        self.rows.get(at as usize).map_or(0, |row| u64::from(row.ord_high) << 32 | u64::from(row.ord))
    }
}

/// Open addressing: hashes to row numbers, eight bytes a slot.
#[derive(Debug, Default)]
struct Table {
    /// Hash, and row number plus one; 0 is an empty slot.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Table {
    fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & mask;
        while let (there, row @ 1..) = self.slots[at] {
            if there == hash && is_it(row - 1) {
                return Some(row - 1);
            }
            at = (at + 1) & mask;
        }
        None
    }

    fn insert(&mut self, hash: u32, row: u32) {
        if self.used * 4 >= self.slots.len() * 3 {
            let larger = vec![(0, 0); (self.slots.len() * 2).max(1024)];
            for (hash, row) in std::mem::replace(&mut self.slots, larger) {
                if row > 0 {
                    self.put(hash, row);
                }
            }
        }
        self.put(hash, row + 1);
        self.used += 1;
    }

    fn put(&mut self, hash: u32, row: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at].1 > 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = (hash, row);
    }
}
