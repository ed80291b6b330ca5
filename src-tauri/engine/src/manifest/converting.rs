//! Turns a manifest into another form: what both know is carried, what is not is counted by its field.

mod tables;

use super::opening::Manifest;
use super::pieces::{Piece, Row};
use super::writing::{Aside, RowWriter};
use gantry_model::Problem;
use gantry_model::manifest::{Dialect, Layout, ManifestRow};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
pub(super) use tables::Columns;

/// Fields that are named; more of them are one sum.
const NAMED: usize = 200;

/// What a conversion came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// Rows of the manifest, broken ones too.
    pub rows: u64,
    /// Rows that were written.
    pub written: u64,
    /// Rows that could not be read.
    pub broken: u64,
    /// Rows that the other form has no place for.
    pub refused: u64,
    /// Fields that are not carried, and in how many rows.
    pub left: BTreeMap<String, u64>,
    /// It was stopped before the end.
    pub stopped: bool,
}

impl Converted {
    fn leave(&mut self, fields: &[String]) {
        for field in fields {
            let known = self.left.contains_key(field) || self.left.len() < NAMED;
            *self.left.entry(if known { field.clone() } else { "\u{2026}".to_owned() }).or_default() += 1;
        }
    }
}

/// Converts. `to` none writes a table of our own columns. Without `out` nothing is written, only counted.
///
/// # Errors
/// What the disks say; `source_changed`.
pub fn convert(
    manifest: &Manifest,
    to: Option<&dyn Dialect>,
    layout: Layout,
    out: Option<&mut Aside>,
    stop: &AtomicBool,
) -> Result<Converted, Problem> {
    convert_watched(manifest, to, layout, out, stop, &AtomicU64::default())
}

/// As [`convert`]; `worked` is the row that it has come to.
///
/// # Errors
/// As [`convert`].
pub(crate) fn convert_watched(
    manifest: &Manifest,
    to: Option<&dyn Dialect>,
    layout: Layout,
    out: Option<&mut Aside>,
    stop: &AtomicBool,
    worked: &AtomicU64,
) -> Result<Converted, Problem> {
    let mut sum = Converted::default();
    let target = match to {
        Some(dialect) => Target::Form(dialect),
        None => Target::Table(Columns::of(manifest, stop)?),
    };
    let mut reader = manifest.rows()?;
    let named = out.as_ref().map(|out| out.to().to_owned()).unwrap_or_default();
    let unwritable = |error: io::Error| super::writing::trouble(&named, &error);
    let mut nowhere = io::sink();
    let mut out: &mut dyn Write = match out {
        Some(out) => out,
        None => &mut nowhere,
    };
    let mut done = RowWriter::new(&mut out, layout).map_err(unwritable)?;
    if let Target::Table(columns) = &target {
        done.record(columns.heads()).map_err(unwritable)?;
    }
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        target.piece(manifest, &piece, &mut sum, &mut done).map_err(unwritable)?;
        worked.store(sum.rows, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    sum.broken += u64::from(reader.stopped().is_some());
    done.end().map_err(unwritable)?;
    manifest.unchanged().map(|()| sum)
}

/// What would be left behind in another form: fields, and in how many rows. Nothing is written.
///
/// # Errors
/// What the disk says; `source_changed`.
pub fn left_behind(manifest: &Manifest, to: &dyn Dialect, stop: &AtomicBool) -> Result<Converted, Problem> {
    let mut sum = Converted::default();
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else {
            sum.broken += 1;
            continue;
        };
        sum.rows += 1;
        let carried = to.write(&said(manifest, &row), manifest.form());
        sum.refused += u64::from(carried.text.is_empty());
        sum.leave(&carried.left);
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    manifest.unchanged().map(|()| sum)
}

/// What a row says that is carried over: an empty cell says nothing.
fn said<'r>(manifest: &Manifest, row: &Row<'r>) -> ManifestRow<'r> {
    let mut read = manifest.dialect.read(&row.text);
    read.key = read.key.filter(|key| !row.text.table || !key.text.is_empty());
    read
}

/// What is written.
enum Target<'t> {
    Form(&'t dyn Dialect),
    Table(Columns),
}

impl Target<'_> {
    fn piece<W: Write>(
        &self,
        manifest: &Manifest,
        piece: &Piece<'_>,
        sum: &mut Converted,
        done: &mut RowWriter<'_, W>,
    ) -> io::Result<()> {
        match piece {
            Piece::Row(row) => {
                sum.rows += 1;
                self.write(manifest, &said(manifest, row), sum, done)
            }
            Piece::Broken(broken) => {
                sum.rows += u64::from(broken.row_lost);
                sum.broken += 1;
                Ok(())
            }
        }
    }

    fn write<W: Write>(
        &self,
        manifest: &Manifest,
        read: &ManifestRow<'_>,
        sum: &mut Converted,
        done: &mut RowWriter<'_, W>,
    ) -> io::Result<()> {
        match self {
            Self::Form(dialect) => {
                let carried = dialect.write(read, manifest.form());
                sum.leave(&carried.left);
                if carried.text.is_empty() {
                    sum.refused += 1;
                    return Ok(());
                }
                done.row(&carried.text)?;
            }
            Self::Table(columns) => columns.write(manifest, read, done)?,
        }
        sum.written += 1;
        Ok(())
    }
}
