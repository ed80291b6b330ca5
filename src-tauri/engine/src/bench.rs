//! The bench: one manifest that is open, what was found in it, and the repairs that are planned. The file never changes;
//! rows are read where they stand, and of each row no more is kept than a bit for every rule that it breaks.

mod asking;
mod findings;
mod objects;
mod opening;
mod paging;
mod pictures;
mod plan;
mod reading;
mod removing;
mod saving;
mod settled;
mod showing;
mod weighing;

pub use opening::Door;
pub use pictures::RowPicture;
pub(crate) use saving::fitting;

use crate::manifest::{Hosts, Manifest, Milestone};
use findings::Findings;
use gantry_model::manifest::{About, Dialect};
use gantry_model::view::{BenchCheck, BenchDifference, BenchDone};
use gantry_model::{Code, Problem};
use plan::Pass;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The work of reading the rows: the first of its parts.
const READING: &str = "counting";

/// One open manifest. Cloning it gives another handle on the same.
#[derive(Clone, Debug)]
pub struct Bench(Arc<Table>);

/// What lies on the bench.
#[derive(Debug)]
struct Table {
    id: String,
    dialects: Vec<&'static dyn Dialect>,
    /// Where mended rows are put while they are turned into something else.
    scratch: PathBuf,
    manifest: Mutex<Arc<Manifest>>,
    state: Mutex<State>,
    milestones: Mutex<Vec<Milestone>>,
    /// Rows that the work at hand has come to.
    worked: AtomicU64,
}

/// What is known of it.
#[derive(Debug, Default)]
struct State {
    revision: u64,
    rows: u64,
    counted: bool,
    check: BenchCheck,
    looked: u64,
    findings: Findings,
    /// The repairs that are planned, in the order in which they were wished.
    wished: Vec<About>,
    /// Groups of rows that can't be used and are taken out, by what they are about.
    removed: Vec<About>,
    /// What the repairs change.
    planned: Pass,
    /// What all repairs together would change.
    offered: Pass,
    work: Option<Work>,
    done: Option<BenchDone>,
    trouble: Option<Problem>,
    differences: [Vec<BenchDifference>; 3],
    /// Who would be asked for pictures.
    hosts: Hosts,
    /// Pictures are wanted.
    showing: Option<Arc<pictures::Showing>>,
}

/// Something that goes on in the background.
#[derive(Debug)]
struct Work {
    kind: &'static str,
    stop: Arc<AtomicBool>,
    /// Bytes of text so far, while rows are not counted yet.
    bytes: u64,
    /// Rows that it will come to, where that is not all of them.
    total: Option<u64>,
}

impl Bench {
    /// What it is known by.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Stops what goes on. What was written half is gone; what was found stays.
    pub fn stop(&self) {
        if let Some(work) = &self.state().work {
            work.stop.store(true, Ordering::Relaxed);
        }
    }

    /// The manifest as it is read now.
    pub fn manifest(&self) -> Arc<Manifest> {
        self.0.manifest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn milestones(&self) -> MutexGuard<'_, Vec<Milestone>> {
        self.0.milestones.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and lets everybody see it.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        state.revision += 1;
        change(&mut state)
    }

    /// Does one thing on a thread of its own; another one must have ended before. What was stopped gives nothing.
    ///
    /// # Errors
    /// `busy` while something else goes on.
    fn work(
        &self,
        kind: &'static str,
        job: impl FnOnce(&Self, &AtomicBool) -> Result<Option<BenchDone>, Problem> + Send + 'static,
    ) -> Result<(), Problem> {
        let stop = self.begin(kind)?;
        let bench = self.clone();
        std::thread::spawn(move || {
            let result = job(&bench, &stop);
            bench.end(kind, &stop, &result);
        });
        Ok(())
    }

    /// The same for whoever waits for what it comes to; none when it was stopped.
    ///
    /// # Errors
    /// `busy`; what the job says.
    fn work_here(
        &self,
        kind: &'static str,
        job: impl FnOnce(&Self, &AtomicBool) -> Result<Option<BenchDone>, Problem>,
    ) -> Result<Option<BenchDone>, Problem> {
        let stop = self.begin(kind)?;
        let result = job(self, &stop);
        self.end(kind, &stop, &result);
        result
    }

    fn begin(&self, kind: &'static str) -> Result<Arc<AtomicBool>, Problem> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut state = self.idle()?;
        state.revision += 1;
        state.work = Some(Work { kind, stop: stop.clone(), bytes: 0, total: None });
        (state.done, state.trouble) = (None, None);
        self.0.worked.store(0, Ordering::Relaxed);
        Ok(stop)
    }

    /// What is known, while nothing goes on.
    fn idle(&self) -> Result<MutexGuard<'_, State>, Problem> {
        let state = self.state();
        if state.work.is_some() {
            return Err(Problem::new(Code::Bug, "bench").with("said", "busy"));
        }
        Ok(state)
    }

    fn end(&self, kind: &'static str, stop: &AtomicBool, result: &Result<Option<BenchDone>, Problem>) {
        let stopped = stop.load(Ordering::Relaxed);
        self.change(|state| {
            state.work = None;
            match result {
                // The check says by itself how far it came.
                Ok(None) if stopped && kind != READING => {
                    state.done = Some(BenchDone { kind: "stopped".into(), ..BenchDone::default() });
                }
                Ok(done) => state.done.clone_from(done),
                Err(problem) => state.trouble = Some(problem.clone()),
            }
        });
    }
}
