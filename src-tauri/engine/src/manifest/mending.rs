//! Mends a manifest into a new one: only what is mended changes, every other byte is copied as it stands.

mod new_column;
mod signing;
mod splicing;
mod unique;

use super::checking::key;
use super::encoding::Decoder;
use super::opening::Manifest;
use super::pieces::{Piece, Row};
use super::writing::Aside;
use gantry_model::manifest::{About, Change, ManifestRow, Place, RowText};
use gantry_model::{Problem, Severity};
pub(crate) use new_column::{NewColumn, head_of};
pub(crate) use signing::SIGNED;
pub use signing::Signing;
use splicing::spliced;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use unique::Names;

/// What is mended only when a person asks for it: it may change what is meant, or who can read it.
pub(crate) const ON_WISH: &[About] = &[About::UrlHttp, About::UrlQuestion];

/// What can be mended.
pub const MENDABLE: &[About] = &[
    About::UrlSpace,
    About::UrlPlus,
    About::UrlTwiceEncoded,
    About::UrlPercent,
    About::UrlEncoding,
    About::UrlCharacter,
    About::UrlHash,
    About::UrlQuestion,
    About::UrlHttp,
    About::UrlPathStyle,
    About::UrlSignedOver,
    About::KeyMissing,
    About::KeySpaces,
    About::KeyTwice,
];

/// What is mended when nothing is chosen: all that the form blocks or warns of, but for what needs a wish. Rows may share
/// a name where the platform does not mind.
pub fn usual(manifest: &Manifest) -> Vec<About> {
    let rules = manifest.dialect.rules();
    let severity = |about: About| rules.iter().find(|rule| rule.about == about).map(|rule| rule.severity);
    let usual = |about: &About| match (severity(*about), about) {
        (Some(Severity::Blocked), _) => true,
        (Some(Severity::Warning), about) => *about != About::KeyTwice,
        _ => false,
    };
    MENDABLE.iter().copied().filter(|about| !ON_WISH.contains(about) && usual(about)).collect()
}

/// What mending came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that changed.
    pub changed: u64,
    /// Rows that could not be read; they are copied as they stand.
    pub broken: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// Mends. Without `out` nothing is written, only told.
///
/// # Errors
/// What the disks say; `source_changed`.
pub fn mend(
    manifest: &Manifest,
    matters: &[About],
    out: Option<&mut Aside>,
    stop: &AtomicBool,
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Mended, Problem> {
    mend_and_sign(manifest, (matters, None), out, stop, told)
}

/// As [`mend`], with somebody who signs addresses anew whose time is over.
///
/// # Errors
/// As [`mend`].
pub fn mend_and_sign(
    manifest: &Manifest,
    wished: (&[About], Option<&Signing>),
    out: Option<&mut Aside>,
    stop: &AtomicBool,
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Mended, Problem> {
    mend_watched(manifest, wished, out, stop, &AtomicU64::default(), told)
}

/// As [`mend_and_sign`]; `worked` is the row that it has come to.
///
/// # Errors
/// As [`mend`].
pub(crate) fn mend_watched(
    manifest: &Manifest,
    wished: (&[About], Option<&Signing>),
    mut out: Option<&mut Aside>,
    stop: &AtomicBool,
    worked: &AtomicU64,
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Mended, Problem> {
    let mut mender = Mender::new(manifest, wished, stop)?;
    let mut sum = Mended::default();
    let (mut copy, mut column) = (Copy::new(manifest)?, mender.column.clone());
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else {
            sum.broken += 1;
            continue;
        };
        sum.rows += 1;
        let read = manifest.dialect.read(&row.text);
        let (changes, _) = mender.changes(&row, &read);
        worked.store(row.number, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
        sum.changed += u64::from(!changes.is_empty());
        changes.iter().for_each(|change| told(row.place(change.at), change));
        if let Some(out) = &mut out
            && let Some(text) = mender.text(&row, &changes)
        {
            copy.head(column.take(), row.offset, out).map_err(|error| out.trouble(&error))?;
            copy.replace((row.offset, row.source), &text, out).map_err(|error| out.trouble(&error))?;
        }
    }
    if let Some(out) = &mut out {
        copy.rest(out).map_err(|error| out.trouble(&error))?;
    }
    manifest.unchanged().map(|()| sum)
}

/// Mends the rows of one manifest in their order: which name a row gets depends on those before it.
#[derive(Debug)]
pub(crate) struct Mender<'m> {
    manifest: &'m Manifest,
    matters: &'m [About],
    signing: Option<&'m Signing>,
    names: Names,
    /// Every record gets one cell more.
    pub(crate) column: Option<NewColumn>,
}

impl<'m> Mender<'m> {
    /// Where names are made unique, all names are looked at first.
    ///
    /// # Errors
    /// What the disk says; `source_changed`.
    pub(crate) fn new(
        manifest: &'m Manifest,
        (matters, signing): (&'m [About], Option<&'m Signing>),
        stop: &AtomicBool,
    ) -> Result<Self, Problem> {
        let signing = signing.filter(|_| matters.iter().any(|about| SIGNED.contains(about)));
        let column = match NewColumn::of(manifest, matters) {
            Some(column) if any_name_made(manifest, matters, stop)? => Some(column),
            _ => None,
        };
        Ok(Self { manifest, matters, signing, names: look_at_names(manifest, matters, stop)?, column })
    }

    /// The row as it will stand in the new file; none where it stays as it is.
    pub(crate) fn text(&self, row: &Row<'_>, changes: &[Change]) -> Option<String> {
        let changed = !changes.is_empty() || self.column.is_some();
        changed.then(|| spliced(row, changes, self.manifest.layout, self.column.as_ref()))
    }

    /// The changes of the next row, the last place first, and the number that made its name unique.
    pub(crate) fn changes(&mut self, row: &Row<'_>, read: &ManifestRow<'_>) -> (Vec<Change>, Option<u32>) {
        let dialect = self.manifest.dialect;
        let mut changes = mended(self.manifest, &row.text, read, self.matters);
        let number = self.matters.contains(&About::KeyTwice).then(|| self.names.make_unique(dialect, read, &mut changes));
        changes.extend(self.signing.into_iter().flat_map(|signing| signing.changes(dialect, &row.text, read, self.matters)));
        last_first(&mut changes);
        (changes, number.flatten())
    }
}

/// The changes of any row, where the number that made its name unique is known already.
pub(crate) fn with_number(
    manifest: &Manifest,
    row: &Row<'_>,
    read: &ManifestRow<'_>,
    (matters, signing): (&[About], Option<&Signing>),
    number: Option<u32>,
) -> Vec<Change> {
    let mut changes = mended(manifest, &row.text, read, matters);
    changes.extend(signing.into_iter().flat_map(|signing| signing.changes(manifest.dialect, &row.text, read, matters)));
    if let Some(number) = number {
        unique::put_number(manifest.dialect, read, &mut changes, number);
    }
    last_first(&mut changes);
    changes
}

/// What the form mends, as far as the file has a place for it.
fn mended(manifest: &Manifest, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change> {
    let mut changes = manifest.dialect.mend(row, read, matters);
    if changes.iter().any(|change| NewColumn::holds(row, change)) && NewColumn::of(manifest, matters).is_none() {
        changes.retain(|change| !NewColumn::holds(row, change));
    }
    changes
}

/// A column in which nothing would stand is none. One of the first rows tells, as a rule.
fn any_name_made(manifest: &Manifest, matters: &[About], stop: &AtomicBool) -> Result<bool, Problem> {
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else { continue };
        let changes = mended(manifest, &row.text, &manifest.dialect.read(&row.text), matters);
        if changes.iter().any(|change| NewColumn::holds(&row.text, change)) {
            return Ok(true);
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(false)
}

fn last_first(changes: &mut [Change]) {
    changes.sort_by_key(|change| std::cmp::Reverse((change.at, change.end)));
}

/// All names, as they are when everything else is mended.
fn look_at_names(manifest: &Manifest, matters: &[About], stop: &AtomicBool) -> Result<Names, Problem> {
    let mut names = Names::default();
    if !matters.contains(&About::KeyTwice) {
        return Ok(names);
    }
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else { continue };
        let read = manifest.dialect.read(&row.text);
        let changes = mended(manifest, &row.text, &read, matters);
        match unique::named(manifest.dialect, &changes) {
            Some(name) => names.add(&name),
            None => key(manifest.dialect, &read).iter().for_each(|key| names.add(key)),
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    names.settle();
    Ok(names)
}

/// The text of the file a second time, beside the reader.
pub(super) struct Copy {
    from: BufReader<Decoder<File>>,
    at: u64,
}

impl Copy {
    pub(super) fn new(manifest: &Manifest) -> Result<Self, Problem> {
        let file = File::open(&manifest.path).map_err(|error| manifest.trouble(&error))?;
        Ok(Self { from: BufReader::with_capacity(256 << 10, Decoder::new(file, manifest.encoding)), at: 0 })
    }

    /// Copies what stands before the first row, with one column more.
    fn head(&mut self, column: Option<NewColumn>, offset: u64, to: &mut dyn Write) -> io::Result<()> {
        let Some(column) = column else { return Ok(()) };
        let mut text = Vec::new();
        (&mut self.from).take(offset - self.at).read_to_end(&mut text)?;
        self.at = offset;
        to.write_all(&column.head(&text))
    }

    /// Copies up to the row, and the new text instead of it.
    pub(super) fn replace(&mut self, (offset, source): (u64, &str), text: &str, to: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut (&mut self.from).take(offset - self.at), to)?;
        io::copy(&mut (&mut self.from).take(source.len() as u64), &mut io::sink())?;
        self.at = offset + source.len() as u64;
        to.write_all(text.as_bytes())
    }

    pub(super) fn rest(&mut self, to: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut self.from, to).map(|_| ())
    }
}
