//! Turns a manifest into another form: what both know is carried, what is not is counted by its field.

mod tables;

use super::opening::Manifest;
use super::pieces::Piece;
use super::writing::{Aside, RowWriter};
use gantry_model::Problem;
use gantry_model::manifest::{Dialect, Layout};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use tables::Columns;

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

/// Converts. `to` none writes a table of our own columns.
///
/// # Errors
/// What the disks say; `source_changed`.
pub fn convert(
    manifest: &Manifest,
    to: Option<&dyn Dialect>,
    layout: Layout,
    out: &mut Aside,
    stop: &AtomicBool,
) -> Result<Converted, Problem> {
    let mut sum = Converted::default();
    let columns = if to.is_none() { Some(Columns::of(manifest, stop)?) } else { None };
    let mut reader = manifest.rows()?;
    let to_file = out.to().to_owned();
    let unwritable = |error: std::io::Error| super::writing::trouble(&to_file, &error);
    let mut done = RowWriter::new(&mut *out, layout).map_err(unwritable)?;
    if let Some(columns) = &columns {
        done.record(columns.heads()).map_err(unwritable)?;
    }
    while let Some(piece) = reader.next().map_err(|error| manifest.trouble(&error))? {
        let row = match piece {
            Piece::Row(row) => row,
            Piece::Broken(broken) => {
                sum.rows += u64::from(broken.row_lost);
                sum.broken += 1;
                continue;
            }
        };
        sum.rows += 1;
        let read = manifest.dialect.read(&row.text);
        let wrote = match (to, &columns) {
            (Some(dialect), _) => {
                let carried = dialect.write(&read, manifest.form());
                sum.leave(&carried.left);
                if carried.text.is_empty() {
                    sum.refused += 1;
                    continue;
                }
                done.row(&carried.text)
            }
            (None, Some(columns)) => columns.write(manifest, &read, &mut done),
            (None, None) => Ok(()),
        };
        wrote.map_err(unwritable)?;
        sum.written += 1;
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    sum.broken += u64::from(reader.stopped().is_some());
    done.end().map_err(unwritable)?;
    manifest.unchanged()?;
    Ok(sum)
}
