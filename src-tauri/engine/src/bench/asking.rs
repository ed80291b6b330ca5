//! What a platform's workspace says of the metadata of the rows: asked on a person's wish only.

use super::Bench;
use super::settled::Keeping;
use crate::manifest::{Ask, Checked, Marks, RowFinding, ask_watched};
use gantry_model::Problem;
use gantry_model::manifest::About;
use gantry_model::view::BenchDone;

/// What is found by asking a workspace.
pub(super) const ASKED: &[About] = &[About::MetadataUnknown, About::MetadataRefused];

impl Bench {
    /// Asks about the metadata of all rows; `name` is whom, for people. Findings of an earlier time go.
    ///
    /// # Errors
    /// `busy`. What the platform or the disk says later is in the view.
    pub fn ask(&self, name: &str, mut ask: Box<Ask<'static>>) -> Result<(), Problem> {
        let name = name.to_owned();
        self.work("asking", move |bench, stop| {
            let settled = bench.settled(stop, Keeping::All)?;
            let rows = bench.change(|state| {
                state.forget(ASKED);
                state.rows
            });
            let mut sums = Checked { rows, ..Checked::default() };
            let (checked, watch) = ((&mut sums, &mut Marks::default()), (stop, &bench.0.worked));
            let mut told = |finding: &RowFinding| bench.change(|state| state.findings.add(finding));
            ask_watched(&settled.manifest, ask.as_mut(), checked, watch, &mut told)?;
            // What was found before it was stopped stays; whether there is more, nobody knows.
            let found = sums.blocked + sums.warnings;
            Ok((!sums.stopped).then(|| BenchDone { kind: "asked".into(), name, rows, found, ..BenchDone::default() }))
        })
    }
}
