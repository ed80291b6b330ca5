//! The rows as they will be, written out once: as a file that a person saves, or aside, where something else is made of
//! them. What is mended is mended by the same hand that mends for the console.

use super::Bench;
use super::opening::map_of;
use crate::manifest::{Aside, Gone, Leaving, Manifest, Mender, Remaining, RowSet, Wish, mend_watched, write_without};
use gantry_model::{Code, Problem, Severity, show};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// All of them, also those that are taken out.
    All,
    /// Those that are not taken out.
    Left,
    /// Of those, the ones that can be used.
    Good,
}

/// The rows as they will be. What was written aside for it is gone when this is.
#[derive(Debug)]
pub(super) struct Settled {
    pub manifest: Arc<Manifest>,
    aside: Option<PathBuf>,
    gone: Gone,
}

impl Settled {
    /// What a row of it is on the bench.
    pub(super) fn was(&self, row: u64) -> u64 {
        self.gone.was(row)
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        if let Some(path) = self.aside.take() {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Bench {
    /// The manifest itself where nothing is repaired; otherwise a mended copy, aside.
    pub(super) fn settled(&self, stop: &AtomicBool, keeping: Keeping) -> Result<Settled, Problem> {
        let (manifest, out) = (self.manifest(), self.leaving(keeping));
        let changes = !self.state().wished.is_empty() || out.count() > 0;
        let gone = out.gone();
        if !changes {
            return Ok(Settled { manifest, aside: None, gone });
        }
        let unwritable = |error: std::io::Error| {
            let path = show::path(self.0.scratch.as_os_str().as_encoded_bytes());
            Problem::new(Code::OutputUnwritable, "settle").with("path", path).with("said", error.to_string())
        };
        std::fs::create_dir_all(&self.0.scratch).map_err(unwritable)?;
        let extension = manifest.path.extension().map(|ext| ext.to_string_lossy().into_owned()).unwrap_or_default();
        let path = self.0.scratch.join(format!("{}.{extension}", self.0.id));
        let mut aside = Aside::create(&path, true, &manifest.path)?;
        self.write(&manifest, &mut aside, keeping, stop)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(Settled { manifest, aside: None, gone });
        }
        aside.finish()?;
        let mut settled = Settled { manifest, aside: Some(path.clone()), gone };
        let map = map_of(&settled.manifest);
        let wish = Wish { form: Some(settled.manifest.form()), map: &map, remembered: None };
        settled.manifest = Arc::new(Manifest::open(&path, &wish, &self.0.dialects)?);
        Ok(settled)
    }

    /// Writes the rows that are kept.
    pub(super) fn write(
        &self,
        manifest: &Manifest,
        to: &mut Aside,
        keeping: Keeping,
        stop: &AtomicBool,
    ) -> Result<Remaining, Problem> {
        let out = self.leaving(keeping);
        let (wished, signing) = {
            let state = self.state();
            (state.wished.clone(), state.planned.signing.clone())
        };
        let wished = (wished.as_slice(), signing.as_deref());
        let unread = keeping == Keeping::Good;
        if unread || out.count() > 0 {
            let mut mender = Mender::new(manifest, wished, stop)?;
            let leaving = Leaving { rows: &|row| out.has(row), unread };
            return write_without(manifest, &mut mender, &leaving, Some(to), (stop, &self.0.worked), &mut |_, _| {});
        }
        let sum = mend_watched(manifest, wished, Some(to), stop, &self.0.worked, &mut |_, _| {})?;
        Ok(Remaining { rows: sum.rows + sum.broken, mended: sum.changed, left_out: 0, broken: sum.broken })
    }

    fn leaving(&self, keeping: Keeping) -> RowSet {
        let state = self.state();
        let mut out = if keeping == Keeping::All { RowSet::default() } else { state.out() };
        if keeping == Keeping::Good {
            out.add_all(&state.findings.rows_of(Severity::Blocked, &state.planned), None);
        }
        out
    }
}
