//! What can be said before anything is written: what another form has no place for, and how another file differs.

use super::Bench;
use super::opening::name;
use super::settled::Keeping;
use crate::manifest::{Converted, Difference, Manifest, Wish, compare_watched, convert_watched};
use gantry_model::manifest::{Dialect, Form, Layout};
use gantry_model::view::{BenchCompared, BenchDifference, BenchDifferences, BenchDone};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, show};
use std::path::PathBuf;

/// Differences of one kind that are kept.
const KEPT: usize = 10_000;
/// Differences of one page at most.
const MOST: u32 = 500;

impl Bench {
    /// Finds out what another form has no place for. Nothing is written.
    ///
    /// # Errors
    /// `bad_field` for a form that is none; `busy`.
    pub fn weigh(&self, word: &str) -> Result<(), Problem> {
        let (word, dialect) = (word.to_owned(), to_form(&self.0.dialects, word)?);
        self.work("weighing", move |bench, stop| {
            let settled = bench.settled(stop, Keeping::Left)?;
            let layout = if dialect.is_some() { Layout::List } else { Layout::Csv };
            let sum = convert_watched(&settled.manifest, dialect, layout, None, stop, &bench.0.worked)?;
            if sum.stopped {
                return Ok(None);
            }
            let done = BenchDone { kind: "weighed".into(), to: word, ..BenchDone::default() };
            Ok(Some(counted(done, sum)))
        })
    }

    /// Compares with another manifest: what is new here, what only the other one has, what differs.
    ///
    /// # Errors
    /// `not_a_manifest` for the other file; `busy`.
    pub fn compare(&self, other: PathBuf) -> Result<(), Problem> {
        let other = Manifest::open(&other, &Wish::default(), &self.0.dialects)?;
        self.work("comparing", move |bench, stop| {
            let settled = bench.settled(stop, Keeping::Left)?;
            let mut kept: [Vec<BenchDifference>; 3] = Default::default();
            let mut told = |difference: &Difference| {
                let (at, key, row, fields) = match difference {
                    Difference::New { key, row } => (0, key, settled.was(*row), &[][..]),
                    Difference::Gone { key, row } => (1, key, *row, &[][..]),
                    Difference::Changed { key, row, fields } => (2, key, settled.was(*row), &fields[..]),
                };
                if kept[at].len() < KEPT {
                    let fields = fields.iter().map(|field| show::text(field)).collect();
                    kept[at].push(BenchDifference { key: show::text(key), row, fields });
                }
            };
            let sum = compare_watched(&other, &settled.manifest, stop, &bench.0.worked, &mut told)?;
            if sum.stopped {
                return Ok(None);
            }
            bench.change(|state| state.differences = kept);
            let compared = BenchCompared {
                name: name(&other.path),
                new: sum.new,
                gone: sum.gone,
                changed: sum.changed,
                same: sum.same,
                left_out: sum.left_out,
            };
            Ok(Some(BenchDone { kind: "compared".into(), compared: Some(compared), ..BenchDone::default() }))
        })
    }

    /// Differences of one kind: `new`, `gone` or `changed`, counted from 0.
    pub fn differences(&self, kind: &str, first: u64, count: u32) -> BenchDifferences {
        let at = ["new", "gone", "changed"].iter().position(|known| *known == kind).unwrap_or_default();
        let state = self.state();
        let all = &state.differences[at];
        let begin = usize::try_from(first).unwrap_or(usize::MAX).min(all.len());
        let rows = all[begin..].iter().take(count.min(MOST) as usize).cloned().collect();
        BenchDifferences { total: all.len() as u64, first, rows }
    }
}

/// The dialect of a word; none for a table of our own columns.
pub(super) fn to_form(dialects: &[&'static dyn Dialect], word: &str) -> Result<Option<&'static dyn Dialect>, Problem> {
    if word == "csv" {
        return Ok(None);
    }
    let form = Form::from_word(word);
    let dialect = dialects.iter().copied().find(|dialect| Some(dialect.form()) == form);
    let unknown = || {
        let said = say("manifest-no-field", &[("field", Value::Text(word))]);
        Problem::new(Code::BadField, "convert").with("said", said)
    };
    dialect.map(Some).ok_or_else(unknown)
}

pub(super) fn counted(done: BenchDone, sum: Converted) -> BenchDone {
    BenchDone { rows: sum.written, left_out: sum.refused, broken: sum.broken, left: sum.left.into_iter().collect(), ..done }
}
