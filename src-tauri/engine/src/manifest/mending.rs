//! Mends a manifest into a new one: only what is mended changes, every other byte is copied as it stands.

mod signing;
mod splicing;
mod unique;

use super::checking::key;
use super::encoding::Decoder;
use super::opening::Manifest;
use super::pieces::{Piece, Row};
use super::writing::Aside;
use gantry_model::manifest::{About, Change, ManifestRow, Place};
use gantry_model::{Problem, Severity};
pub use signing::Signing;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use unique::Names;

/// What is mended only when a person asks for it: it may change what is meant, or who can read it.
const ON_WISH: &[About] = &[About::UrlHttp, About::UrlQuestion];

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
    (matters, signing): (&[About], Option<&Signing>),
    mut out: Option<&mut Aside>,
    stop: &AtomicBool,
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Mended, Problem> {
    let signing = signing.filter(|_| matters.contains(&About::UrlSignedOver));
    let mut names = look_at_names(manifest, matters)?;
    let mut sum = Mended::default();
    let mut copy = Copy::new(manifest)?;
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else {
            sum.broken += 1;
            continue;
        };
        sum.rows += 1;
        let read = manifest.dialect.read(&row.text);
        let changes = changes(manifest, (&row, &read), (matters, signing), &mut names);
        if changes.is_empty() {
            continue;
        }
        sum.changed += 1;
        changes.iter().for_each(|change| told(row.place(change.at), change));
        if let Some(out) = &mut out {
            let text = splicing::spliced(&row, &changes, manifest.layout);
            copy.replace((row.offset, row.source), &text, out).map_err(|error| out.trouble(&error))?;
        }
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    if let Some(out) = &mut out {
        copy.rest(out).map_err(|error| out.trouble(&error))?;
    }
    manifest.unchanged()?;
    Ok(sum)
}

/// The changes of one row, the last place first.
fn changes(
    manifest: &Manifest,
    (row, read): (&Row<'_>, &ManifestRow<'_>),
    (matters, signing): (&[About], Option<&Signing>),
    names: &mut Names,
) -> Vec<Change> {
    let mut changes = manifest.dialect.mend(&row.text, read, matters);
    if matters.contains(&About::KeyTwice) {
        names.make_unique(manifest.dialect, read, &mut changes);
    }
    changes.extend(signing.into_iter().flat_map(|signing| signing.changes(manifest.dialect, &row.text, read)));
    changes.sort_by_key(|change| std::cmp::Reverse((change.at, change.end)));
    changes
}

/// All names, as they are when everything else is mended.
fn look_at_names(manifest: &Manifest, matters: &[About]) -> Result<Names, Problem> {
    let mut names = Names::default();
    if !matters.contains(&About::KeyTwice) {
        return Ok(names);
    }
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else { continue };
        let read = manifest.dialect.read(&row.text);
        let changes = manifest.dialect.mend(&row.text, &read, matters);
        match unique::named(manifest.dialect, &changes) {
            Some(name) => names.add(&name),
            None => key(manifest.dialect, &read).iter().for_each(|key| names.add(key)),
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
