//! Running an upload: from the person's yes to nothing in flight. Each upload has a thread, a desk and two courier threads.
//! Fresh, resumed after a crash, or retried: it is the same path.

use super::comparing_rows::{again, runtime};
use super::delivering::Delivery;
use super::registering::Clerking;
use super::{House, Run};
use crate::journal::{StoredUpload, UploadId, Which};
use crate::queue::core::Terms;
use crate::queue::courier::Kit;
use crate::queue::errand::{OnClash, Wish};
use crate::queue::runner::{self, Opener, Setup};
use gantry_model::view::{Hold, Phase};
use gantry_model::{Code, Existing, Problem, Store};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A store whose quickest answer takes this long is far away: it is worth many requests at once from the first moment.
const FAR: Duration = Duration::from_millis(20);
/// Uploads of a few files ask for each key instead of listing.
pub(super) const FEW: u64 = 8;

impl House {
    /// Starts an approved upload, or does nothing when it runs already.
    pub(super) fn start(self: &Arc<Self>, upload: &UploadId) {
        let mut runs = self.runs();
        if let Some(run) = runs.get(&upload.0) {
            *run.end.lock().unwrap_or_else(PoisonError::into_inner) = None;
            run.office.rest(false);
            runner::wish(&run.desk, Wish::Run);
            return;
        }
        let settings = self.settings();
        let (most, limit) = self.bounds(upload, &settings);
        let terms = Terms { look_first: false, start_wide: 64.min(most), most };
        let on_clash = self.stored(upload).ok().and_then(|stored| OnClash::from_word(&stored.begun.plan.on_clash));
        let run = Run {
            desk: runner::desk(&terms),
            end: Arc::new(Mutex::new(None)),
            kit: Arc::new(Kit::new(on_clash.unwrap_or(OnClash::Keep), limit)),
            office: Arc::default(),
            receipt: Arc::default(),
        };
        runs.insert(upload.0.clone(), run.clone());
        drop(runs);
        let (house, upload) = (Arc::clone(self), upload.clone());
        std::thread::spawn(move || {
            let ended = house.run(&upload, &run, terms);
            drop(run.receipt.lock().unwrap_or_else(PoisonError::into_inner).take());
            let leaving = house.leaving.lock().unwrap_or_else(PoisonError::into_inner);
            house.runs().remove(&upload.0);
            house.after_run(&upload, &run, ended);
            drop(leaving);
        });
    }

    fn bounds(&self, upload: &UploadId, settings: &gantry_model::view::Settings) -> (u32, u64) {
        let (at_once, limit) = self.stored(upload).map_or((0, 0), |stored| (stored.begun.at_once, stored.begun.limit));
        let first = |mine: u64, general: u64| if mine > 0 { mine } else { general };
        let most = first(u64::from(at_once), u64::from(settings.at_once));
        let most = if most == 0 { 256 } else { u32::try_from(most).unwrap_or(256).clamp(1, 256) };
        (most, first(limit, settings.limit))
    }

    fn run(self: &Arc<Self>, upload: &UploadId, run: &Run, mut terms: Terms) -> Result<(), Problem> {
        let open = self.opener(upload)?;
        let store = open()?;
        if !self.is_prepared(upload, run)? {
            return Ok(());
        }
        self.freeze(upload)?;
        self.journal.phase(upload, Phase::Planning)?;
        let stored = self.show(upload)?;
        let url = self.url_of(&stored);
        *run.receipt.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.receipts().running(upload, url)?);
        let sent = Arc::clone(&run.kit.sent);
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(upload.0.clone(), Arc::clone(&sent));
        self.board.runs(&upload.0, sent, stored.seconds);
        let mut clerk = self.clerk(&stored, &store, run)?;
        let abilities = store.abilities();
        let few = stored.books.account.under_way() <= FEW;
        terms.look_first = abilities.find_is_cheap || few;
        terms.start_wide = abilities.start_wide.clamp(1, terms.most);
        if abilities.find_is_cheap || !few {
            self.plan_and_measure(upload, store.as_ref(), run, &mut terms)?;
        }
        run.desk.widen(terms.start_wide);
        self.journal.phase(upload, Phase::Sending)?;
        self.board.phase(&upload.0, Phase::Sending);
        self.show(upload)?;
        let ledger = Arc::new(Delivery::new(self, &stored, abilities.put_limit));
        let setup = Setup { open, kit: Arc::clone(&run.kit), terms, existing: Existing::Refuse, ledger };
        std::thread::scope(|scope| {
            let rows = clerk.as_mut().map(|clerk| scope.spawn(move || clerk.work()));
            let sent = runner::run(&setup, &run.desk);
            run.office.close();
            let rows = rows.map_or(Ok(()), |rows| rows.join().unwrap_or_else(|_| Err(Problem::new(Code::Bug, "register"))));
            sent.and(rows)
        })
    }

    /// A listing and the ledger tell what is the same without reading it once more, on either side; and how far away it is.
    fn plan_and_measure(&self, upload: &UploadId, store: &dyn Store, run: &Run, terms: &mut Terms) -> Result<(), Problem> {
        let (whole, away) = self.plan_by_listing(upload, store, run)?;
        terms.look_first |= !whole;
        if away >= FAR && !store.abilities().find_is_cheap {
            terms.start_wide = terms.most;
        }
        Ok(())
    }

    /// Copies are made and tables are read before the list is frozen. False when the upload rests before that is done.
    fn is_prepared(self: &Arc<Self>, upload: &UploadId, run: &Run) -> Result<bool, Problem> {
        let rests = || self.quits.load(Ordering::Relaxed) || run.end.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        if !self.copies_first(upload, &rests)? {
            return Ok(false);
        }
        let stored = self.stored(upload)?;
        if !stored.frozen {
            self.may_begin(&stored)?;
        }
        Ok(true)
    }

    /// Who registers the rows of this upload; `None` when only bytes are sent. Rows that are there already are known after this.
    fn clerk(self: &Arc<Self>, stored: &StoredUpload, store: &Arc<dyn Store>, run: &Run) -> Result<Option<Clerking>, Problem> {
        let Some(rows) = self.rows_of(stored, Some(Arc::clone(store)))? else { return Ok(None) };
        let platform = self.platform(&rows.register.connection)?;
        let prepared = runtime()?.block_on(async {
            let container = again(|| platform.container(&rows.register.target.container)).await?;
            self.fits_container(stored, &container)?;
            again(|| platform.prepare(&rows.register.target)).await
        });
        prepared?;
        self.make_rows(&stored.id, &platform.habits())?;
        let stored = self.show(&stored.id)?;
        self.plan_rows(&stored, platform.as_ref(), &rows, run)?;
        Clerking::new(self, &stored, platform, rows, &run.office).map(Some)
    }

    /// What opens the store of an upload: once for each courier thread.
    pub(super) fn opener(self: &Arc<Self>, upload: &UploadId) -> Result<Opener, Problem> {
        let stored = self.stored(upload)?;
        let connection = self.connection(&stored.begun.plan.connection)?;
        let frozen = stored.frozen && super::place_key(&connection, &stored.begun.plan) != stored.begun.bucket;
        if frozen {
            return Err(Problem::new(Code::ConnectionMissing, "open").with("connection", connection.name));
        }
        let secrets = self.secrets(&connection)?;
        let target = stored.begun.plan.register.map(|register| register.target).unwrap_or_default();
        let open = Arc::clone(&self.joint.open);
        Ok(Arc::new(move || open(&connection, &secrets, &target)))
    }

    /// Nothing is in flight any more: where the upload stands now, and its receipt.
    fn after_run(self: &Arc<Self>, upload: &UploadId, run: &Run, ended: Result<(), Problem>) {
        let seconds = self.board.rests(&upload.0);
        let before = self.stored(upload).map_or(0, |stored| stored.seconds);
        let _ = self.journal.spent(upload, seconds.saturating_sub(before));
        if let Err(problem) = ended {
            return self.held(upload, &problem);
        }
        let wished = *run.end.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stored(upload).is_ok_and(|stored| !stored.frozen) {
            // It rested before anything was fixed: copies are still missing.
            if let Some(phase) = wished.filter(|phase| self.journal.phase(upload, *phase).is_ok()) {
                self.board.phase(&upload.0, phase);
            }
            return;
        }
        if let Err(problem) = self.settle(upload, wished) {
            self.held(upload, &problem);
        }
    }

    /// Finished when nothing is under way; otherwise where the person wanted it.
    pub(super) fn settle(&self, upload: &UploadId, wished: Option<Phase>) -> Result<(), Problem> {
        let rows = self.journal.row_counts(upload)?.open;
        let under_way = self.journal.account(upload)?.account.under_way() + rows;
        let phase = match (under_way, wished) {
            (0, _) => Phase::Finished,
            (_, Some(phase)) => phase,
            (_, None) => Phase::Sending,
        };
        self.journal.phase(upload, phase)?;
        self.journal.hold(upload, None)?;
        if phase == Phase::Finished {
            self.copies.forget(&upload.0);
        }
        // The receipt comes first: whoever sees the end may leave, and the program with them.
        let delivered = if phase == Phase::Finished { self.deliver(upload) } else { Ok(()) };
        self.show(upload)?;
        self.board.phase(&upload.0, phase);
        delivered
    }

    /// The upload as a whole cannot go on: what waits needs the person, or the line is not there and it goes on later.
    pub(super) fn held(&self, upload: &UploadId, problem: &Problem) {
        let hold = Hold { code: problem.code, detail: problem.detail(), again: String::new() };
        let _ = self.journal.hold(upload, Some((problem.code, problem.detail())));
        if self.stored(upload).is_ok_and(|stored| stored.frozen) {
            let _ = self.journal.all_waiting_stuck(upload, problem.code, &problem.detail());
            let _ = self.journal.all_rows_stuck(upload, problem.code, &problem.detail());
            let _ = self.settle(upload, None);
        } else {
            let _ = self.show(upload);
        }
        self.board.hold(&upload.0, Some(hold));
    }

    pub(super) fn resume_all(self: &Arc<Self>, paused_too: bool) -> Result<Vec<String>, Problem> {
        let mut started = Vec::new();
        for stored in self.journal.uploads(Which::Resumable)? {
            if !paused_too && matches!(stored.phase, Phase::Paused | Phase::Stopped) {
                self.show(&stored.id)?;
                continue;
            }
            self.show(&stored.id)?;
            if stored.read_ended {
                self.start(&stored.id)
            } else {
                self.read(&stored.id)?
            }
            started.push(stored.id.0);
        }
        Ok(started)
    }

    pub(super) fn retry(self: &Arc<Self>, upload: &UploadId, code: Option<Code>, ord: Option<u64>) -> Result<u64, Problem> {
        self.refresh_sources(upload, code, ord)?;
        let count = self.journal.release(upload, code, ord)?;
        self.after_change(upload)?;
        if let Some(run) = self.runs().get(&upload.0) {
            run.office.reread();
            run.desk.post(crate::queue::errand::Event::Reread);
            return Ok(count);
        }
        if count > 0 {
            self.journal.phase(upload, Phase::Sending)?;
            self.show(upload)?;
            self.board.hold(&upload.0, None);
            self.start(upload);
        }
        Ok(count)
    }

    /// A file that changed is sent as it is now: the person asked for it. One that is gone stays as it was known.
    fn refresh_sources(&self, upload: &UploadId, code: Option<Code>, ord: Option<u64>) -> Result<(), Problem> {
        if self.stored(upload)?.begun.plan.manifest.is_some() {
            return Ok(());
        }
        let codes = [Code::SourceChanged, Code::CopyNotMade].into_iter().filter(|one| code.is_none_or(|code| code == *one));
        codes.into_iter().try_for_each(|code| self.refresh_stuck(upload, code, ord))
    }

    fn refresh_stuck(&self, upload: &UploadId, code: Code, ord: Option<u64>) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        let mut after = None;
        loop {
            let stretch = self.journal.stuck(upload, Some(code), after, 1000)?;
            let Some(last) = stretch.last() else { return Ok(()) };
            after = Some(*last);
            let wanted: Vec<u64> = stretch.into_iter().filter(|one| ord.is_none_or(|ord| ord == *one)).collect();
            let work = self.journal.work_on(upload, &wanted)?;
            let (copied, work): (Vec<_>, Vec<_>) = work.into_iter().partition(|item| item.copy.is_some());
            for item in copied {
                if let Some(stored_item) = self.journal.item(upload, item.item.ord)? {
                    self.copy_again(&stored, &stored_item, &item.root)?;
                }
            }
            let now = work.iter().filter_map(|item| {
                let source = super::delivering::source_of(&item.root, &item.path, stored.begun.incoming.contents);
                let seen = std::fs::symlink_metadata(source).ok().filter(std::fs::Metadata::is_file)?;
                Some((item.item.ord, crate::source::fingerprint(&seen)))
            });
            self.journal.refresh(upload, now.collect())?;
        }
    }

    /// The person decided something: the picture follows, and an upload with nothing open gets its receipt anew.
    pub(super) fn after_change(&self, upload: &UploadId) -> Result<(), Problem> {
        let stored = self.show(upload)?;
        let under_way = stored.books.account.under_way() + self.journal.row_counts(upload)?.open;
        let over = stored.frozen && stored.phase != Phase::Cancelled && under_way == 0;
        if over && !self.runs().contains_key(&upload.0) {
            return self.settle(upload, None);
        }
        Ok(())
    }

    pub(super) fn cancel(self: &Arc<Self>, upload: &UploadId) -> Result<(), Problem> {
        self.end(upload, Phase::Stopped);
        while self.runs().contains_key(&upload.0) {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let _leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        let stored = self.stored(upload)?;
        if stored.phase == Phase::Cancelled {
            return Ok(());
        }
        match if stored.frozen { self.discard_parts(upload) } else { Ok(()) } {
            // Nobody can ask that store any more; an upload that can never end would be worse than parts that stay.
            Err(problem) if problem.code == Code::ConnectionMissing => {}
            done => done?,
        }
        self.journal.cancel(upload)?;
        self.copies.forget(&upload.0);
        self.show(upload)?;
        self.board.phase(&upload.0, Phase::Cancelled);
        if stored.frozen { self.deliver(upload) } else { Ok(()) }
    }
}
