//! Copies of an upload: which files need one by the plan, and making them, before anything is sent.
//! What is decided is in the journal first; stopped or killed at any moment, the next run makes what is missing.

use super::House;
use super::delivering::source_of;
use crate::copies::{Copied, Facts, Steps, Wanted, steps};
use crate::journal::{StoredItem, StoredUpload, UploadId, Which};
use crate::queue::errand::{Prepared, Preparing};
use gantry_model::view::{CopiesRoom, Review};
use gantry_model::{Entry, Fix, Problem, Rule};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Files that are taken from the journal at a time.
const STRETCH: usize = 1000;
/// Copies that are written down together at most; the last ones wait no longer than this.
const TOGETHER: usize = 200;
const NO_LONGER: Duration = Duration::from_millis(250);

/// By what it is decided which copies there are to be.
pub(super) struct CopyRules {
    /// The rules of the destination.
    pub rules: Vec<&'static Rule>,
    /// What the person wants done.
    pub fixes: Vec<Fix>,
}

/// A file under the plan.
pub(super) struct Seen {
    /// As it is sent.
    pub entry: Entry,
    /// Its copy, or why there is none.
    pub copy: Option<Box<Copied>>,
    /// A copy is wanted and not there.
    pub wanted: bool,
}

impl CopyRules {
    fn steps(&self, item: &StoredItem) -> Steps {
        if !item.is_readable() { Steps::default() } else { steps(&item.original(), &self.rules, &self.fixes) }
    }

    /// What is sent of this file, as far as copies are there: one that the plan does not want rests, or is forgotten.
    pub fn see(&self, item: &StoredItem) -> Seen {
        if item.copy.is_none() && self.fixes.is_empty() {
            return Seen { entry: item.entry.clone(), copy: None, wanted: false };
        }
        let (steps, mut entry) = (self.steps(item), item.original());
        let known = item.copy.clone().filter(|copy| steps.is_empty() && copy.made.is_some() || copy.steps == steps);
        let wanted = !steps.is_empty() && known.is_none();
        let copy = known.map(|copy| {
            let used = !steps.is_empty() && copy.made.is_some();
            Box::new(Copied { used, ..*copy })
        });
        if let Some(made) = copy.as_ref().filter(|copy| copy.used).and_then(|copy| copy.made.clone()) {
            (entry.fingerprint, entry.media) = (made.fingerprint, made.media);
        }
        Seen { entry, copy, wanted }
    }
}

impl House {
    /// Takes over the copies of open uploads that an earlier run left.
    pub(super) fn sweep_copies(&self) {
        self.copies.set_limit(self.settings().copies);
        if let Ok(open) = self.journal.uploads(Which::Open) {
            let open: Vec<String> = open.into_iter().map(|stored| stored.id.0).collect();
            self.copies.sweep(&open);
        }
    }

    /// Ends the making of copies in the background, and waits for its end.
    pub(super) fn stop_making(&self, upload: &UploadId) {
        let makings = || self.makings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = makings().get(&upload.0) {
            stop.store(true, Ordering::Relaxed);
        }
        while makings().contains_key(&upload.0) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// In the review: makes the copies that are wanted, then judges everything by them.
    pub(super) fn make_in_background(self: &Arc<Self>, upload: &UploadId, wanted: u64) {
        self.board.change(&upload.0, |picture| (picture.copies_wanted, picture.copies_made) = (wanted, 0));
        let stop = Arc::new(AtomicBool::new(false));
        self.makings.lock().unwrap_or_else(PoisonError::into_inner).insert(upload.0.clone(), Arc::clone(&stop));
        let (house, upload) = (Arc::clone(self), upload.clone());
        std::thread::spawn(move || {
            let made = house.make_copies(&upload, &stop);
            house.makings.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload.0);
            match made {
                Ok(()) if !stop.load(Ordering::Relaxed) => house.compare(&upload),
                Ok(()) => {}
                Err(problem) => house.held(&upload, &problem),
            }
        });
    }

    /// Makes every copy that the plan wants and that is not there, and judges all files by what is there then. Ends early, with
    /// everything kept that was made, when `stop` is set.
    pub(super) fn make_copies(&self, upload: &UploadId, stop: &AtomicBool) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        if stored.begun.plan.fixes.is_empty() || stored.frozen {
            return Ok(());
        }
        let connection = self.connection(&stored.begun.plan.connection)?;
        let by = CopyRules { rules: self.rules_for(&connection, &stored.begun.plan), fixes: stored.begun.plan.fixes.clone() };
        let wanted = self.count_wanted(upload, &by, stop)?;
        if wanted == 0 {
            return Ok(());
        }
        self.board.change(&upload.0, |picture| (picture.copies_wanted, picture.copies_made) = (wanted, 0));
        let made = self.crew(&stored, &by, stop);
        // Whoever ended it judges by the plan that holds then.
        let ended = stop.load(Ordering::Relaxed);
        let judged = made.and_then(|()| if ended { Ok(0) } else { self.judge_again(upload) });
        self.board.change(&upload.0, |picture| (picture.copies_wanted, picture.copies_made) = (0, 0));
        judged.map(|_| ())
    }

    fn count_wanted(&self, upload: &UploadId, by: &CopyRules, stop: &AtomicBool) -> Result<u64, Problem> {
        let (mut after, mut wanted) = (None, 0);
        loop {
            let stretch = self.journal.drawable(upload, after, STRETCH)?;
            let Some(last) = stretch.last().filter(|_| !stop.load(Ordering::Relaxed)) else { return Ok(wanted) };
            after = Some(last.ord);
            wanted += stretch.iter().filter(|item| by.see(item).wanted).count() as u64;
        }
    }

    /// As many at once as there are cores; one writes down what they made.
    fn crew(&self, stored: &StoredUpload, by: &CopyRules, stop: &AtomicBool) -> Result<(), Problem> {
        let roots = self.journal.roots(&stored.id)?;
        let (give, take) = sync_channel::<Wanted>(16);
        let take = Mutex::new(take);
        let (tell, told) = channel::<(u64, Copied)>();
        let unheard = AtomicBool::new(false);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                let (take, tell, unheard) = (&take, tell.clone(), &unheard);
                let next = || take.lock().unwrap_or_else(PoisonError::into_inner).recv();
                scope.spawn(move || {
                    while let Ok(wanted) = next() {
                        // What was handed out is taken also when nobody wants it any more: whoever hands out never waits in vain.
                        let wants = !stop.load(Ordering::Relaxed) && !unheard.load(Ordering::Relaxed);
                        if wants && tell.send((wanted.ord, self.copies.make(&wanted))).is_err() {
                            unheard.store(true, Ordering::Relaxed);
                        }
                    }
                });
            }
            drop(tell);
            let writer = scope.spawn(move || self.write_down(&stored.id, told));
            let given = self.hand_out(stored, by, &roots, stop, &|wanted| give.send(wanted).is_ok());
            drop(give);
            let written = writer.join().unwrap_or(Ok(()));
            given.and(written)
        })
    }

    fn hand_out(
        &self,
        stored: &StoredUpload,
        by: &CopyRules,
        roots: &[PathBuf],
        stop: &AtomicBool,
        give: &dyn Fn(Wanted) -> bool,
    ) -> Result<(), Problem> {
        let mut after = None;
        loop {
            let stretch = self.journal.drawable(&stored.id, after, STRETCH)?;
            let Some(last) = stretch.last() else { return Ok(()) };
            after = Some(last.ord);
            for item in stretch.iter().filter(|item| by.see(item).wanted) {
                let root = roots.get(item.entry.root as usize).cloned().unwrap_or_default();
                let wanted = wanted(stored, item, &root, by.steps(item));
                if stop.load(Ordering::Relaxed) || !give(wanted) {
                    return Ok(());
                }
            }
        }
    }

    fn write_down(&self, upload: &UploadId, told: Receiver<(u64, Copied)>) -> Result<(), Problem> {
        let (mut made, mut written) = (Vec::new(), Instant::now());
        loop {
            let next = told.recv_timeout(NO_LONGER);
            let over = matches!(next, Err(RecvTimeoutError::Disconnected));
            made.extend(next.ok());
            let due = over || made.len() >= TOGETHER || written.elapsed() >= NO_LONGER;
            if due && !made.is_empty() {
                let count = made.len() as u64;
                self.journal.copies_made(upload, std::mem::take(&mut made))?;
                self.board.change(&upload.0, |picture| picture.copies_made += count);
                written = Instant::now();
            }
            if over {
                return Ok(());
            }
        }
    }

    /// Before the freeze: the copies that are missing. False when the person wanted a rest before they were made.
    pub(super) fn copies_first(&self, upload: &UploadId, rests: &(dyn Fn() -> bool + Sync)) -> Result<bool, Problem> {
        if self.stored(upload)?.begun.plan.fixes.is_empty() {
            return Ok(true);
        }
        self.stop_making(upload);
        let (stop, over) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    stop.fetch_or(rests(), Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            let made = self.make_copies(upload, &stop);
            over.store(true, Ordering::Relaxed);
            made
        })?;
        Ok(!stop.load(Ordering::Relaxed))
    }

    /// What makes sure of a copy before a courier reads it.
    pub(super) fn preparing(&self, wanted: Wanted, copy: Copied) -> Preparing {
        let copies = Arc::clone(&self.copies);
        Preparing::new(move || {
            let ready = copies.ready(&wanted, &copy)?;
            Ok(Prepared { source: ready.path, fingerprint: ready.fingerprint, keep: Box::new(ready.lease) })
        })
    }

    /// The original of a file that stopped has changed, and the person wants it sent as it is now: its copy is made anew.
    pub(super) fn copy_again(&self, stored: &StoredUpload, item: &StoredItem, root: &std::path::Path) -> Result<(), Problem> {
        let Some(copy) = item.sent_copy() else { return Ok(()) };
        let mut again = wanted(stored, item, root, copy.steps.clone());
        let Ok(found) = std::fs::symlink_metadata(&again.path) else { return Ok(()) };
        let fingerprint = crate::source::fingerprint(&found);
        let Ok(media) = crate::probe::look(&again.path, &fingerprint) else { return Ok(()) };
        again.original = Facts { fingerprint, media };
        let made = self.copies.make(&again);
        let same_name = |facts: &Facts| facts.media.format == item.entry.media.format;
        match made.made.as_ref().is_some_and(same_name) {
            true => self.journal.copy_again(&stored.id, item.ord, Copied { used: true, ..made }),
            // It stays as it was known, and stops again for the same reason.
            false => Ok(()),
        }
    }

    /// What the review says about copies: offers beside findings, and what was made.
    pub(super) fn add_copies(&self, upload: &UploadId, review: &mut Review) -> Result<(), Problem> {
        for group in &mut review.findings {
            group.confirmed = group.asks && review.plan.confirmed.contains(&group.rule);
            let Some(fix) = group.fix else { continue };
            let found = self.journal.fixable(upload, &group.rule, fix)?;
            group.fixable = found.files;
            group.needs = about(fix, found.bytes, found.pixels);
            if found.files == 0 {
                group.fix = None;
            }
        }
        review.fixed = self.journal.fixed(upload, &review.plan.fixes)?;
        review.copies = CopiesRoom { held: self.copies.held(), limit: self.copies.limit() };
        Ok(())
    }
}

/// Whose copy is to be made.
pub(super) fn wanted(stored: &StoredUpload, item: &StoredItem, root: &std::path::Path, steps: Steps) -> Wanted {
    let original = item.original();
    Wanted {
        upload: stored.id.0.clone(),
        ord: item.ord,
        path: source_of(root, &item.entry.path, stored.begun.incoming.contents),
        original: Facts { fingerprint: original.fingerprint, media: original.media },
        steps,
    }
}

/// About how many bytes copies take: as the originals, unless pixels are written without loss.
fn about(fix: Fix, bytes: u64, pixels: u64) -> u64 {
    match fix {
        Fix::Gps | Fix::Rotate | Fix::Scale => bytes,
        Fix::Convert => bytes.max(pixels),
    }
}
