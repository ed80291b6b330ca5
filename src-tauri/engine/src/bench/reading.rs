//! Reading an open manifest in the background: rows are counted first, with milestones among them, so that every page can be shown; then
//! they are checked; then it is found out what can be repaired.

use super::plan::Pass;
use super::{Bench, READING, State};
use crate::manifest::{Hosts, Manifest, Milestone, RowFinding, check_watched, index};
use gantry_model::Problem;
use gantry_model::manifest::{Known, ManifestRow};
use gantry_model::view::BenchCheck;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

impl Bench {
    /// Begins anew with the rows of this manifest.
    ///
    /// # Errors
    /// `busy`.
    pub(super) fn read(&self) -> Result<(), Problem> {
        self.milestones().clear();
        self.change(|state| {
            let revision = state.revision;
            *state = State { revision, work: state.work.take(), ..State::default() };
        });
        self.work(READING, |bench, stop| {
            let read = bench.read_through(stop);
            bench.change(|state| {
                if state.check == BenchCheck::Running {
                    state.check = BenchCheck::Stopped;
                }
            });
            read.map(|()| None)
        })
    }

    fn read_through(&self, stop: &AtomicBool) -> Result<(), Problem> {
        let manifest = self.manifest();
        self.count(&manifest, stop)?;
        self.turn_to("checking");
        self.check(&manifest, stop)?;
        let matters = self.state().findings.mendable();
        if stop.load(Ordering::Relaxed) || matters.is_empty() {
            return Ok(());
        }
        self.turn_to("looking_for_repairs");
        let offered = Pass::through(&manifest, matters, None, stop, &self.0.worked)?;
        self.change(|state| state.offered = offered);
        Ok(())
    }

    /// The same work goes on with its next part.
    fn turn_to(&self, kind: &'static str) {
        self.0.worked.store(0, Ordering::Relaxed);
        self.change(|state| state.work.iter_mut().for_each(|work| work.kind = kind));
    }

    fn count(&self, manifest: &Manifest, stop: &AtomicBool) -> Result<(), Problem> {
        let mut told = |met: Option<Milestone>, rows: u64, bytes: u64| {
            self.milestones().extend(met);
            self.change(|state| {
                state.rows = rows;
                state.work.iter_mut().for_each(|work| work.bytes = bytes);
            });
        };
        let rows = index(manifest, stop, &mut told)?;
        self.change(|state| (state.rows, state.counted) = (rows, !stop.load(Ordering::Relaxed)));
        Ok(())
    }

    fn check(&self, manifest: &Manifest, stop: &AtomicBool) -> Result<(), Problem> {
        if stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        // Each finding is noted before its row counts as looked at: no row seems good that is not.
        let mut told = |finding: &RowFinding| self.change(|state| state.findings.add(finding));
        let mut hosts = Hosts::default();
        let mut read = |row: &ManifestRow<'_>| hosts.note(row);
        let (checked, _) = check_watched(manifest, known(), stop, &self.0.worked, &mut told, &mut read)?;
        self.change(|state| {
            (state.looked, state.hosts) = (checked.rows, hosts);
            if !checked.stopped {
                (state.rows, state.check) = (checked.rows, BenchCheck::Whole);
            }
        });
        Ok(())
    }
}

/// What the checks need to know from outside.
pub(super) fn known() -> Known {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Known { now: i64::try_from(now.as_secs()).unwrap_or(i64::MAX) }
}

/// How far a work is, 0 to 100.
pub(super) fn share(done: u64, total: u64) -> u32 {
    u32::try_from(done.saturating_mul(100).checked_div(total).unwrap_or_default().min(100)).unwrap_or_default()
}

/// The rows that the work at hand has come to.
pub(super) fn so_far(worked: &AtomicU64) -> u64 {
    worked.load(Ordering::Relaxed)
}
