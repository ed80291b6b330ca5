//! Repairs as a plan: what they change is found out in one pass, with the same hand that writes the file afterwards; kept
//! are a bit a row for each repair, and the numbers that make names unique.

use super::Bench;
use crate::manifest::{MENDABLE, Manifest, Mender, Piece, Row, RowSet, SIGNED, Signing, with_number};
use gantry_model::manifest::{About, Change, ManifestRow};
use gantry_model::view::BenchChange;
use gantry_model::{Code, Problem, show};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Characters of a value that are shown.
const SHOWN: usize = 600;
/// Rows that are tried, to know whether some can be signed anew.
const TRIED: u64 = 200;

/// What repairs change.
#[derive(Clone, Debug, Default)]
pub(super) struct Pass {
    pub matters: Vec<About>,
    /// Who signs anew, where that is wished.
    pub signing: Option<Arc<Signing>>,
    pub changed: RowSet,
    by: Vec<(About, RowSet, BenchChange)>,
    /// Rows whose names got a number, in their order.
    numbers: Vec<(u64, u32)>,
}

impl Pass {
    /// Goes through all rows; ends early when it is stopped.
    pub(super) fn through(
        manifest: &Manifest,
        matters: Vec<About>,
        signing: Option<Arc<Signing>>,
        stop: &AtomicBool,
        worked: &AtomicU64,
    ) -> Result<Self, Problem> {
        let mut pass = Self { matters: matters.clone(), signing: signing.clone(), ..Self::default() };
        if matters.is_empty() {
            return Ok(pass);
        }
        let mut mender = Mender::new(manifest, (&matters, signing.as_deref()), stop)?;
        let mut reader = manifest.rows()?;
        while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
            let Piece::Row(row) = piece else { continue };
            let read = manifest.dialect.read(&row.text);
            let (changes, number) = mender.changes(&row, &read);
            pass.note(row.number, &changes, number);
            worked.store(row.number, Ordering::Relaxed);
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        manifest.unchanged().map(|()| pass)
    }

    fn note(&mut self, row: u64, changes: &[Change], number: Option<u32>) {
        if changes.is_empty() {
            return;
        }
        self.changed.add(row);
        self.numbers.extend(number.map(|number| (row, number)));
        for change in changes {
            for about in &change.matters {
                match self.by.iter_mut().find(|(known, _, _)| known == about) {
                    Some((_, rows, _)) => {
                        rows.add(row);
                    }
                    None => {
                        let mut rows = RowSet::default();
                        rows.add(row);
                        self.by.push((*about, rows, shown(change, true)));
                    }
                }
            }
        }
    }

    pub(super) fn has(&self, about: About) -> bool {
        self.matters.contains(&about)
    }

    pub(super) fn rows(&self, about: About) -> Option<&RowSet> {
        self.by.iter().find(|(known, _, _)| *known == about).map(|(_, rows, _)| rows)
    }

    pub(super) fn count(&self, about: About) -> u64 {
        self.rows(about).map_or(0, RowSet::count)
    }

    pub(super) fn mends(&self, about: About, row: u64) -> bool {
        self.rows(about).is_some_and(|rows| rows.has(row))
    }

    pub(super) fn example(&self, about: About) -> Option<BenchChange> {
        self.by.iter().find(|(known, _, _)| *known == about).map(|(_, _, change)| change.clone())
    }

    /// The changes of one row, the last place first, as saving makes them.
    pub(super) fn changes(&self, manifest: &Manifest, row: &Row<'_>, read: &ManifestRow<'_>) -> Vec<Change> {
        let number = self.numbers.binary_search_by_key(&row.number, |(row, _)| *row).ok().map(|at| self.numbers[at].1);
        with_number(manifest, row, read, (&self.matters, self.signing.as_deref()), number)
    }
}

pub(super) fn shown(change: &Change, planned: bool) -> BenchChange {
    let cut = |text: &str| show::text(&text.chars().take(SHOWN).collect::<String>());
    BenchChange {
        field: show::text(&change.field),
        before: cut(&change.before),
        after: cut(&change.after),
        planned,
        removes: false,
    }
}

impl Bench {
    /// Plans a repair, by what it is about, or gives it up again. Nothing is written.
    ///
    /// # Errors
    /// Another word than of something that can be repaired; `busy`.
    pub fn repair(&self, about: &str, planned: bool) -> Result<(), Problem> {
        let signing = self.state().planned.signing.clone();
        self.plan(known(MENDABLE.iter().chain(SIGNED), about)?, planned, signing)
    }

    /// Plans that addresses are signed anew, by what is the matter with their signatures. Nothing is written.
    ///
    /// # Errors
    /// Another word than of a signature; `busy`.
    pub fn sign(&self, about: &str, signing: Signing) -> Result<(), Problem> {
        self.plan(known(SIGNED.iter(), about)?, true, Some(Arc::new(signing)))
    }

    /// Whether some of the rows with this can be signed anew: the first of them are tried. Nobody is asked.
    ///
    /// # Errors
    /// Another word than of a signature; what the disk says; `source_changed`.
    pub fn can_sign(&self, about: &str, signing: &Signing) -> Result<bool, Problem> {
        let about = known(SIGNED.iter(), about)?;
        let rows = self.state().findings.group(about.word()).map(|group| group.rows.some(0, TRIED)).unwrap_or_default();
        let manifest = self.manifest();
        let mut can = false;
        self.visit(&manifest, &rows, &mut |_, piece| {
            if let (false, Piece::Row(row)) = (can, piece) {
                let read = manifest.dialect.read(&row.text);
                can = !signing.changes(manifest.dialect, &row.text, &read, &[about]).is_empty();
            }
        })?;
        Ok(can)
    }

    fn plan(&self, about: About, planned: bool, signing: Option<Arc<Signing>>) -> Result<(), Problem> {
        let mut wished = self.state().wished.clone();
        wished.retain(|one| *one != about);
        if planned {
            wished.push(about);
        }
        self.work("repairing", move |bench, stop| {
            let pass = Pass::through(&bench.manifest(), wished.clone(), signing, stop, &bench.0.worked)?;
            if !stop.load(Ordering::Relaxed) {
                bench.change(|state| (state.planned, state.wished) = (pass, wished));
            }
            Ok(None)
        })
    }
}

fn known<'a>(mut all: impl Iterator<Item = &'a About>, word: &str) -> Result<About, Problem> {
    let known = all.find(|about| about.word() == word).copied();
    known.ok_or_else(|| Problem::new(Code::BadField, "repair").with("said", show::text(word)))
}
