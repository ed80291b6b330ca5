//! An open manifest as it stands: what it is, what was found, what goes on.

use super::findings::Group;
use super::opening::{columns, fields, name};
use super::reading::{share, so_far};
use super::{Bench, READING, State, Work};
use gantry_model::Severity;
use gantry_model::manifest::Form;
use gantry_model::view::{BenchGroup, BenchTrouble, BenchView, BenchWork};

impl Bench {
    /// All about it but its rows. A file that changed meanwhile is a trouble of it.
    pub fn view(&self) -> BenchView {
        let manifest = self.manifest();
        let changed = manifest.unchanged().err();
        let columns = columns(&manifest);
        let worked = so_far(&self.0.worked);
        let state = self.state();
        let (removed, blocked) = (state.out().count(), state.left(Severity::Blocked).count());
        BenchView {
            id: self.0.id.clone(),
            name: name(&manifest.path),
            bytes: manifest.bytes,
            revision: state.revision,
            form: manifest.form().word().to_owned(),
            why: manifest.why.iter().map(|field| gantry_model::show::text(field)).collect(),
            layout: manifest.layout.word().to_owned(),
            utf16: manifest.encoding.is_utf16(),
            subject_field: manifest.dialect.subject_field().to_owned(),
            key_field: manifest.dialect.key_field().to_owned(),
            columns,
            fields: fields(),
            headless: manifest.headless(),
            rows: state.rows,
            counted: state.counted,
            check: state.check,
            looked: state.looked_at(worked),
            blocked,
            good: state.rows.saturating_sub(blocked + removed),
            removed,
            beside: state.findings.beside(),
            warned: state.left(Severity::Warning).count(),
            mended: state.mended().count(),
            groups: state.groups(manifest.form()),
            work: state.work.as_ref().map(|work| state.work_view(work, worked, manifest.bytes)),
            pictures: super::pictures::view(state.showing.as_deref(), &state.hosts),
            done: state.done.clone(),
            trouble: changed.as_ref().or(state.trouble.as_ref()).map(BenchTrouble::from),
        }
    }
}

impl State {
    fn groups(&self, form: Form) -> Vec<BenchGroup> {
        let view = |group: &Group| group.view(form, &self.removed, &self.planned, &self.offered);
        self.findings.groups().into_iter().map(view).collect()
    }

    fn work_view(&self, work: &Work, worked: u64, bytes: u64) -> BenchWork {
        let kind = work.kind.to_owned();
        if work.kind == READING {
            return BenchWork { kind, done: self.rows, total: 0, share: share(work.bytes, bytes) };
        }
        let total = work.total.unwrap_or(self.rows);
        BenchWork { kind, done: worked.min(total), total, share: share(worked, total) }
    }
}
