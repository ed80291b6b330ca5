//! Compares two manifests by name: what is new, what is gone, what changed and in which fields. Of the first one, sixteen
//! bytes a row are kept; whatever seems to be equal is read there again and compared for real.

mod fields;

use super::checking::key;
use super::encoding::Encoding;
use super::opening::Manifest;
use super::pieces::Piece;
use gantry_model::manifest::ManifestRow;
use gantry_model::words::say;
use gantry_model::{Code, Problem};
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the second one has this row.
    New {
        /// Its name.
        key: String,
        /// The row there.
        row: u64,
    },
    /// Only the first one has this row.
    Gone {
        /// Its name.
        key: String,
        /// The row there.
        row: u64,
    },
    /// Both have it, and it is not the same.
    Changed {
        /// Its name.
        key: String,
        /// The row in the second one.
        row: u64,
        /// Neutral names of the fields that differ.
        fields: Vec<String>,
    },
}

/// What a comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows of the second one alone.
    pub new: u64,
    /// Rows of the first one alone.
    pub gone: u64,
    /// Rows that differ.
    pub changed: u64,
    /// Rows that are equal.
    pub same: u64,
    /// Rows without a name and without one address, and rows that could not be read.
    pub left_out: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

impl Compared {
    /// A row of the second manifest, and the fields in which it differs from its namesake in the first, if there is one.
    fn met(&mut self, key: &str, row: u64, fields: Option<Vec<String>>, told: &mut dyn FnMut(&Difference)) {
        let key = key.to_owned();
        match fields {
            None => {
                self.new += 1;
                told(&Difference::New { key, row });
            }
            Some(fields) if fields.is_empty() => self.same += 1,
            Some(fields) => {
                self.changed += 1;
                told(&Difference::Changed { key, row, fields });
            }
        }
    }
}

/// Where a row of the first manifest stands, by the hash of its name.
struct Known {
    hash: u64,
    /// The offset, and in the lowest bit whether it was met.
    offset: u64,
}

/// Compares.
///
/// # Errors
/// What the disks say; `not_a_manifest` for UTF-16, which cannot be read from the middle.
pub fn compare(
    first: &Manifest,
    second: &Manifest,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&Difference),
) -> Result<Compared, Problem> {
    compare_watched(first, second, stop, &AtomicU64::default(), told)
}

/// As [`compare`]; `worked` is the row of the second one that it has come to.
///
/// # Errors
/// As [`compare`].
pub(crate) fn compare_watched(
    first: &Manifest,
    second: &Manifest,
    stop: &AtomicBool,
    worked: &AtomicU64,
    told: &mut dyn FnMut(&Difference),
) -> Result<Compared, Problem> {
    if first.encoding.is_utf16() {
        return Err(Problem::new(Code::NotAManifest, "compare").with("said", say("manifest-utf16-only", &[])));
    }
    let mut sum = Compared::default();
    let fold = first.dialect.folds_case() && second.dialect.folds_case();
    let hash = RandomState::new();
    let mut known = index(first, fold, &hash, &mut sum, stop)?;
    let picker = Picker { manifest: first, mark: if first.encoding == Encoding::Utf8(true) { 3 } else { 0 } };
    let mut reader = second.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| second.trouble(&error))? {
        let read = match &piece {
            Piece::Row(row) => Some((row.number, second.dialect.read(&row.text))),
            Piece::Broken(_) => None,
        };
        let named = read.as_ref().and_then(|(row, read)| Some((*row, read, name(second, read, fold)?)));
        let Some((row, read, name)) = named else {
            sum.left_out += 1;
            continue;
        };
        let fields = find(&mut known, hash.hash_one(&*name), &picker, &name, fold, read, second)?;
        sum.met(gantry_model::platform::bare(&name), row, fields, told);
        worked.store(row, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    gone(first, &mut known, fold, &mut sum, told)?;
    first.unchanged()?;
    second.unchanged()?;
    Ok(sum)
}

/// The name of a row, or its one address where it has none.
fn name<'r>(manifest: &Manifest, read: &'r ManifestRow<'_>, fold: bool) -> Option<Cow<'r, str>> {
    let named = if fold { key(manifest.dialect, read) } else { read.name().map(|name| Cow::Borrowed(&*name.text)) };
    named.or_else(|| match read.addresses() {
        [one] => Some(Cow::Borrowed(&*one.text)),
        _ => None,
    })
}

fn index(first: &Manifest, fold: bool, hash: &RandomState, sum: &mut Compared, stop: &AtomicBool) -> Result<Vec<Known>, Problem> {
    let mut known = Vec::new();
    let mut reader = first.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| first.trouble(&error))? {
        let Piece::Row(row) = piece else {
            sum.left_out += 1;
            continue;
        };
        let read = first.dialect.read(&row.text);
        match name(first, &read, fold) {
            Some(name) => known.push(Known { hash: hash.hash_one(&*name), offset: row.offset << 1 }),
            None => sum.left_out += 1,
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    known.sort_unstable_by_key(|one| (one.hash, one.offset));
    Ok(known)
}

/// The fields in which a row differs from the one of its name; none when there is no such row.
fn find(
    known: &mut [Known],
    hash: u64,
    picker: &Picker<'_>,
    name_there: &str,
    fold: bool,
    read: &ManifestRow<'_>,
    second: &Manifest,
) -> Result<Option<Vec<String>>, Problem> {
    let from = known.partition_point(|one| one.hash < hash);
    let count = known[from..].iter().take_while(|one| one.hash == hash).count();
    // Of rows that share a name, each is met once, the first ones first.
    for met_too in [false, true] {
        for one in &mut known[from..from + count] {
            if (one.offset & 1 == 1) != met_too {
                continue;
            }
            let fields = picker.with(one.offset >> 1, |earlier| {
                let same = name(picker.manifest, earlier, fold).is_some_and(|name| name == name_there);
                same.then(|| fields::different(picker.manifest, earlier, second, read))
            })?;
            if let Some(fields) = fields.flatten() {
                one.offset |= 1;
                return Ok(Some(fields));
            }
        }
    }
    Ok(None)
}

/// Rows that were never met, in the order of the file.
fn gone(
    first: &Manifest,
    known: &mut Vec<Known>,
    fold: bool,
    sum: &mut Compared,
    told: &mut dyn FnMut(&Difference),
) -> Result<(), Problem> {
    known.retain(|one| one.offset & 1 == 0);
    known.sort_unstable_by_key(|one| one.offset);
    sum.gone = known.len() as u64;
    if known.is_empty() {
        return Ok(());
    }
    let mut next = known.iter().map(|one| one.offset >> 1).peekable();
    let mut reader = first.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| first.trouble(&error))? {
        let Piece::Row(row) = piece else { continue };
        if next.peek() == Some(&row.offset) {
            next.next();
            let read = first.dialect.read(&row.text);
            let key = name(first, &read, fold).map(|name| gantry_model::platform::bare(&name).to_owned()).unwrap_or_default();
            told(&Difference::Gone { key, row: row.number });
        }
    }
    Ok(())
}

/// Reads single rows of a manifest again.
struct Picker<'m> {
    manifest: &'m Manifest,
    /// Bytes of the mark at the beginning of the file.
    mark: u64,
}

impl Picker<'_> {
    fn with<T>(&self, offset: u64, then: impl FnOnce(&ManifestRow<'_>) -> T) -> Result<Option<T>, Problem> {
        let mut reader = self.manifest.rows_from(offset + self.mark)?;
        match reader.piece().map_err(|error| self.manifest.trouble(&error))? {
            Some(Piece::Row(row)) => Ok(Some(then(&self.manifest.dialect.read(&row.text)))),
            _ => Ok(None),
        }
    }
}
