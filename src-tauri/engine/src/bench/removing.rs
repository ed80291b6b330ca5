//! Rows that can't be used are taken out as a plan, like a repair: by what is wrong with them, undone as easily, written by
//! nobody but who saves. What a planned repair mends stays.

use super::{Bench, State};
use crate::manifest::RowSet;
use gantry_model::manifest::About;
use gantry_model::{Code, Problem, Severity, show};

impl Bench {
    /// Takes the rows of a group out, or gives that up again. Nothing is written.
    ///
    /// # Errors
    /// Another word than of a group of rows that can't be used; `busy`.
    pub fn remove(&self, about: &str, planned: bool) -> Result<(), Problem> {
        let mut state = self.idle()?;
        let group = state.findings.group(about).filter(|group| group.rule.severity == Severity::Blocked);
        let known = group.map(|group| group.rule.about);
        let known = known.ok_or_else(|| Problem::new(Code::BadField, "remove").with("said", show::text(about)))?;
        state.removed.retain(|removed| *removed != known);
        if planned {
            state.removed.push(known);
        }
        state.revision += 1;
        Ok(())
    }

    /// Something is planned that no file has: repaired rows, or rows that are taken out.
    pub fn is_unsaved(&self) -> bool {
        let state = self.state();
        state.planned.changed.count() > 0 || state.out().count() > 0
    }
}

impl State {
    /// What was found of these is found anew; nothing of it stays taken out, since nobody has seen the new rows.
    pub(super) fn forget(&mut self, abouts: &[About]) {
        self.findings.forget(abouts);
        self.removed.retain(|about| !abouts.contains(about));
    }

    /// The rows that are taken out.
    pub(super) fn out(&self) -> RowSet {
        let mut out = RowSet::default();
        for group in self.removed.iter().filter_map(|about| self.findings.group(about.word())) {
            out.add_all(&group.rows, self.planned.rows(group.rule.about));
        }
        out
    }

    /// This row is taken out.
    pub(super) fn is_out(&self, row: u64) -> bool {
        let takes = |about: &About| {
            let has = self.findings.group(about.word()).is_some_and(|group| group.rows.has(row));
            has && !self.planned.mends(*about, row)
        };
        self.removed.iter().any(takes)
    }

    /// The rows that repairs change and that stay.
    pub(super) fn mended(&self) -> RowSet {
        let mut rows = self.planned.changed.clone();
        rows.take(&self.out());
        rows
    }

    /// The rows that break a rule of this weight, are not mended and stay.
    pub(super) fn left(&self, severity: Severity) -> RowSet {
        let mut rows = self.findings.rows_of(severity, &self.planned);
        rows.take(&self.out());
        rows
    }
}
