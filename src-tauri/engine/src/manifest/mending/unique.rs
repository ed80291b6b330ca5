//! Makes names unique: the first row keeps its name, the others get `-2`, `-3`; never a name that another row has.

use super::super::quoting::push_text;
use gantry_model::manifest::{About, Change, Dialect, ManifestRow};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// All names of a manifest: eight bytes for each.
#[derive(Debug, Default)]
pub(super) struct Names {
    hash: RandomState,
    all: Vec<u64>,
    /// How often each name that stands more than once has been met.
    met: HashMap<u64, u32>,
    given: std::collections::HashSet<u64>,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        self.all.push(self.hash.hash_one(name));
    }

    /// All names are known now.
    pub(super) fn settle(&mut self) {
        self.all.sort_unstable();
        self.met = self.all.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], 0)).collect();
    }

    /// Adds to the changes, or to the one that made the name; gives the number behind it.
    pub(super) fn make_unique(
        &mut self,
        dialect: &dyn Dialect,
        read: &ManifestRow<'_>,
        changes: &mut Vec<Change>,
    ) -> Option<u32> {
        let name = name_of(dialect, read, changes)?;
        let hash = self.hash.hash_one(&*folded(dialect, &name));
        let count = self.met.get_mut(&hash)?;
        *count += 1;
        if *count == 1 {
            return None;
        }
        let number = self.free(dialect, &name, hash);
        put_number(dialect, read, changes, number);
        Some(number)
    }

    /// The first number that makes a name which no other row has.
    fn free(&mut self, dialect: &dyn Dialect, name: &str, hash: u64) -> u32 {
        let mut number = self.met.get(&hash).copied().unwrap_or(2).max(2);
        loop {
            let hash = self.hash.hash_one(&*folded(dialect, &numbered(dialect, name, number)));
            if self.all.binary_search(&hash).is_err() && self.given.insert(hash) {
                return number;
            }
            number += 1;
        }
    }
}

/// The name of the row as its changes make it.
fn name_of(dialect: &dyn Dialect, read: &ManifestRow<'_>, changes: &[Change]) -> Option<String> {
    match changes.iter().find(|change| is_name(dialect, change)) {
        Some(change) => Some(change.after.clone()),
        None => read.name().map(|name| name.text.clone().into_owned()),
    }
}

/// `a.jpg` becomes `a-2.jpg`; a name that is long already gives up its end.
fn numbered(dialect: &dyn Dialect, name: &str, number: u32) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 6 && !name[at..].contains('/') => name.split_at(at),
        _ => (name, ""),
    };
    let tail = format!("-{number}{extension}");
    let room = if dialect.folds_case() { 200_usize.saturating_sub(tail.len()) } else { usize::MAX };
    let stem: String = stem.chars().take(room).collect();
    format!("{stem}{tail}")
}

/// Adds the number to the name, in the change that makes it or in one of its own.
pub(super) fn put_number(dialect: &dyn Dialect, read: &ManifestRow<'_>, changes: &mut Vec<Change>, number: u32) {
    let Some(name) = name_of(dialect, read, changes) else { return };
    let unique = numbered(dialect, &name, number);
    if let Some(change) = changes.iter_mut().find(|change| is_name(dialect, change)) {
        change.text = change.text.replacen(&quoted(&change.after), &quoted(&unique), 1);
        change.matters.push(About::KeyTwice);
        change.after = unique;
    } else if let Some(said) = &read.key {
        changes.push(Change {
            matters: vec![About::KeyTwice],
            at: said.span.at,
            end: said.span.end,
            text: quoted(&unique),
            field: dialect.key_field().to_owned(),
            before: name,
            after: unique,
        });
    }
}

/// The name that a change makes, as the platform compares it.
pub(super) fn named<'c>(dialect: &dyn Dialect, changes: &'c [Change]) -> Option<Cow<'c, str>> {
    changes.iter().find(|change| is_name(dialect, change)).map(|change| folded(dialect, &change.after))
}

fn is_name(dialect: &dyn Dialect, change: &Change) -> bool {
    change.field == dialect.key_field()
}

fn folded<'n>(dialect: &dyn Dialect, name: &'n str) -> Cow<'n, str> {
    if dialect.folds_case() { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    push_text(&mut quoted, text);
    quoted
}
