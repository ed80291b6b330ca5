//! Whether the objects that rows name are there, and how large their pictures are: asked on a person's wish only, of the
//! addresses as they will be.

use super::Bench;
use super::opening::name;
use super::saving::finish;
use super::settled::Keeping;
use crate::manifest::{
    Aside, Checked, Looking, Manifest, Marks, RowFinding, layout_of, look_watched, measure_watched, takes_sizes,
};
use gantry_model::manifest::{About, Layout};
use gantry_model::view::{BenchDone, BenchLooked};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// What is found by looking at objects.
pub(super) const OBJECTS: &[About] =
    &[About::ObjectMissing, About::ObjectEmpty, About::ObjectDenied, About::ObjectUnseen, About::ObjectPrivate];

impl Bench {
    /// Looks whether the objects of all rows are there, or of so many rows evenly spread. Findings of an earlier look go.
    ///
    /// # Errors
    /// `busy`. What the disk says later is in the view.
    pub fn look_up(&self, looking: Looking, sample: Option<u64>) -> Result<(), Problem> {
        self.work("looking_up", move |bench, stop| {
            // All rows, so that each keeps its number; what is taken out for its object is looked at anew.
            let settled = bench.settled(stop, Keeping::All)?;
            bench.0.worked.store(0, Ordering::Relaxed);
            let rows = bench.change(|state| {
                state.forget(OBJECTS);
                let chosen = sample.map_or(state.rows, |sample| sample.min(state.rows));
                state.work.iter_mut().for_each(|work| work.total = Some(chosen));
                state.rows
            });
            let mut sums = Checked { rows, ..Checked::default() };
            let mut told = |finding: &RowFinding| bench.change(|state| state.findings.add(finding));
            let (marks, watch) = (&mut Marks::default(), (stop, &bench.0.worked));
            let looked = look_watched(&settled.manifest, &looking, sample, (&mut sums, marks), watch, &mut told)?;
            let (objects, there, missing, unseen) = (looked.objects, looked.there, looked.missing, looked.unseen);
            let seen = BenchLooked { objects, there, missing, unseen, known: looked.known, stopped: looked.stopped };
            Ok(Some(BenchDone { kind: "looked_up".into(), rows: looked.rows, looked: Some(seen), ..BenchDone::default() }))
        })
    }

    /// Fills in width and height where rows have none, into a new file.
    ///
    /// # Errors
    /// As [`Bench::save`]; `bad_field` where neither the form nor the name of the file has a place for sizes.
    pub fn measure(&self, looking: Looking, to: PathBuf) -> Result<(), Problem> {
        let open = self.manifest();
        let layout = measured_layout(&open, &to);
        if !takes_sizes(&open, layout) {
            let form = open.form().title();
            let said = say("bench-no-sizes", &[("form", Value::Text(&form))]);
            return Err(Problem::new(Code::BadField, "measure").with("said", said));
        }
        self.work("measuring", move |bench, stop| {
            let settled = bench.settled(stop, Keeping::Left)?;
            let mut aside = Aside::create(&to, true, &bench.manifest().path)?;
            let watch = (stop, &bench.0.worked);
            let sum = measure_watched(&settled.manifest, &looking, layout, &mut aside, watch, &mut |_| {})?;
            if !finish(aside, stop)? {
                return Ok(None);
            }
            let (rows, mended, broken) = (sum.rows, sum.filled, sum.broken);
            let left_out = sum.failed;
            Ok(Some(BenchDone {
                kind: "measured".into(),
                name: name(&to),
                rows,
                mended,
                left_out,
                broken,
                ..BenchDone::default()
            }))
        })
    }

    /// The ending of a file that sizes can be filled into.
    pub fn measured_ending(&self) -> String {
        let open = self.manifest();
        let own = takes_sizes(&open, open.layout);
        let ending = open.path.extension().filter(|_| own).map(|ending| ending.to_string_lossy().into_owned());
        ending.unwrap_or_else(|| "csv".into())
    }
}

/// A name without a word about it gets what the manifest is.
fn measured_layout(open: &Manifest, to: &Path) -> Layout {
    let asked = layout_of(to);
    if asked.delimiter().is_some() { asked } else { open.layout }
}
