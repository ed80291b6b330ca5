//! What follows a commit, and what ends a run: the board is changed by what is on disk, never ahead of it.

use super::House;
use crate::journal::{Committed, StoredUpload, UploadId};
use crate::queue::errand::{Event, Wish};
use crate::queue::runner;
use gantry_model::view::{Hold, Phase};
use gantry_model::{Problem, State};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl House {
    /// What is on disk now may be told, and couriers that waited for it may go.
    pub(super) fn committed(&self, committed: &Committed) {
        for (_, upload, account) in &committed.accounts {
            self.board.account(&upload.0, *account);
        }
        let runs = self.runs();
        for (number, ord, handle) in &committed.tickets {
            let upload = committed.accounts.iter().find(|(known, ..)| known == number).map(|(_, upload, _)| &upload.0);
            if let Some(run) = upload.and_then(|upload| runs.get(upload)) {
                run.desk.post(Event::Committed(*ord, handle.clone()));
            }
        }
        for (number, upload, _) in &committed.accounts {
            if let Some(run) = runs.get(&upload.0) {
                let proven = |state: State| matches!(state, State::Verified | State::Same);
                let mine = committed.items.iter().filter(|(of, _, state)| of == number && proven(*state));
                run.office.proven(mine.map(|(_, ord, _)| *ord));
            }
            if let Some(run) = runs.get(&upload.0)
                && let Some(receipt) = &*run.receipt.lock().unwrap_or_else(PoisonError::into_inner)
            {
                let mine = committed.items.iter().filter(|(of, ..)| of == number);
                receipt.append(mine.map(|(_, ord, state)| (*ord, *state)));
            }
        }
        drop(runs);
        for (number, upload, _) in &committed.accounts {
            let there = committed.items.iter().filter(|(of, _, state)| of == number && state.is_final());
            there.for_each(|(_, ord, _)| self.copies.remove(&upload.0, *ord));
        }
        self.disk(committed);
    }

    /// A full disk under the journal holds every upload; room again lets them go on.
    fn disk(&self, committed: &Committed) {
        for (name, run) in self.runs().iter() {
            if let Some(problem) = &committed.problem {
                let hold = Hold { code: problem.code, detail: problem.detail(), again: String::new() };
                self.board.hold(name, Some(hold));
                runner::wish(&run.desk, Wish::Hold);
            } else if committed.room_again {
                self.board.hold(name, None);
                runner::wish(&run.desk, Wish::Run);
            }
        }
    }

    /// Puts an upload on the board as the journal knows it.
    pub fn show(&self, upload: &UploadId) -> Result<StoredUpload, Problem> {
        let stored = self.stored(upload)?;
        let picture = stored.picture();
        self.board.change(&upload.0, |shown| {
            let live = std::mem::replace(shown, picture);
            shown.revision = live.revision.max(shown.revision);
            shown.at_once = live.at_once;
            (shown.copies_wanted, shown.copies_made) = (live.copies_wanted, live.copies_made);
            shown.winding_down = live.winding_down;
            shown.hold = live.hold.or(shown.hold.take());
        });
        Ok(stored)
    }

    /// Asks a running upload to end in this phase; one that does not run is put there at once.
    pub fn end(&self, upload: &UploadId, phase: Phase) {
        if let Some(run) = self.runs().get(&upload.0) {
            *run.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(phase);
            runner::wish(&run.desk, Wish::Rest);
            run.office.rest(true);
            self.board.change(&upload.0, |picture| picture.winding_down = true);
            return;
        }
        let unfinished = self
            .stored(upload)
            .is_ok_and(|stored| matches!(stored.phase, Phase::Planning | Phase::Sending | Phase::Paused | Phase::Reading));
        if unfinished && self.journal.phase(upload, phase).is_ok() {
            self.board.phase(&upload.0, phase);
        }
    }

    pub(super) fn quit(&self, most: Duration) {
        self.quits.store(true, Ordering::Relaxed);
        for stop in self.readings().values() {
            stop.store(true, Ordering::Relaxed);
        }
        for stop in self.makings.lock().unwrap_or_else(PoisonError::into_inner).values() {
            stop.store(true, Ordering::Relaxed);
        }
        for run in self.runs().values() {
            runner::wish(&run.desk, Wish::Rest);
            run.office.rest(true);
        }
        let until = std::time::Instant::now() + most;
        // A run that has left still writes down its end, and the receipt with it.
        let leaves = || !self.runs().is_empty() || self.leaving.try_lock().is_err();
        while leaves() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        // What could not be written is tried again at the next start: the far side is asked then.
        let _ = self.journal.flush();
    }
}
