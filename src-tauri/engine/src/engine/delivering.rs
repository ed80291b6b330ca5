//! What a run tells the journal, and what is left at the end: the receipt.

use super::House;
use crate::copies::{Copied, Wanted};
use crate::journal::{Record, StoredUpload, UploadId, UploadNo, path_from_bytes, rfc3339};
use crate::queue::errand::{OnClash, Preparing, Recorded, Work};
use crate::queue::runner::Ledger;
use crate::source::{across_runs, fingerprint};
use gantry_model::view::Hold;
use gantry_model::{Code, Fact, Problem};
use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

/// The journal's side of one run.
pub(super) struct Delivery {
    house: Weak<House>,
    upload: UploadId,
    no: UploadNo,
    contents: bool,
    put_limit: u64,
    /// The sources were read in this run of the program: change times are those that the walk saw.
    read_now: bool,
    /// Bytes in confirmed parts of files that are not finished, by file.
    parts: Mutex<HashMap<u64, u64>>,
}

impl Delivery {
    pub fn new(house: &Arc<House>, stored: &StoredUpload, put_limit: u64) -> Self {
        let contents = stored.begun.incoming.contents;
        let read_now = house.read_now.lock().unwrap_or_else(PoisonError::into_inner).contains(&stored.id.0);
        Self {
            house: Arc::downgrade(house),
            upload: stored.id.clone(),
            no: stored.no,
            contents,
            put_limit,
            read_now,
            parts: Mutex::default(),
        }
    }

    /// Parts that an earlier run left.
    fn seed_parts(&self, work: &Work) {
        if !work.item.parts.is_empty() {
            let bytes = work.item.parts.iter().map(|part| part.size).sum();
            self.parts.lock().unwrap_or_else(PoisonError::into_inner).insert(work.item.ord, bytes);
        }
    }

    /// Follows the parts of unfinished files, for the figure of bytes.
    fn follow_parts(&self, recorded: &[Recorded]) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        for one in recorded {
            match &one.fact {
                Fact::PartStored(part) => *parts.entry(one.item.ord).or_default() += part.size,
                Fact::Tripped(_) => {}
                _ => drop(parts.remove(&one.item.ord)),
            }
        }
        let bytes = parts.values().sum();
        drop(parts);
        if let Ok(house) = self.house() {
            house.board.in_parts(&self.upload.0, bytes);
        }
    }

    /// Makes sure of a copy each time before it is read; its original must be the one that it was made of.
    fn preparing(&self, house: &Arc<House>, ord: u64, path: &Path, copy: Copied) -> Preparing {
        let mut original = copy.original.clone();
        if !self.read_now {
            original.fingerprint = across_runs(&original.fingerprint);
        }
        let (upload, path) = (self.upload.0.clone(), path.to_path_buf());
        house.preparing(Wanted { upload, ord, path, original, steps: copy.steps.clone() }, copy)
    }

    fn house(&self) -> Result<Arc<House>, Problem> {
        self.house.upgrade().ok_or_else(|| Problem::new(Code::Bug, "run"))
    }
}

impl Ledger for Delivery {
    fn works(&self, small: bool, after: Option<u64>, count: usize) -> Result<(Vec<Work>, bool), Problem> {
        let found = self.house()?.journal.work(&self.upload, after, small, self.put_limit, count)?;
        let more = found.len() == count;
        let house = self.house()?;
        let works = found.into_iter().map(|item| {
            let source = source_of(&item.root, &item.path, self.contents);
            let prepare = item.copy.map(|copy| self.preparing(&house, item.item.ord, &source, *copy));
            let work = Work {
                source,
                content_type: item.format.content_type().to_owned(),
                there: item.there.map(|there| (there.size, there.etag)),
                on_clash: item.on_clash.as_deref().and_then(OnClash::from_word),
                item: item.item,
                prepare,
            };
            let work = if self.read_now || work.prepare.is_some() { work } else { as_it_is_now(work) };
            self.seed_parts(&work);
            work
        });
        Ok((works.collect(), more))
    }

    fn record(&self, recorded: Vec<Recorded>) {
        self.follow_parts(&recorded);
        if let Ok(house) = self.house() {
            let record = |recorded: Recorded| Record::new(self.no, recorded.before, &recorded.item, &recorded.fact);
            house.journal.record(recorded.into_iter().map(record).collect());
        }
    }

    fn flush(&self) {
        if let Ok(house) = self.house() {
            // A full disk keeps the facts in memory; the journal's observer says so, and it is tried again.
            let _ = house.journal.flush();
        }
    }

    fn all_stuck(&self, problem: &Problem) -> Result<(), Problem> {
        let house = self.house()?;
        house.journal.all_waiting_stuck(&self.upload, problem.code, &problem.detail())?;
        house.show(&self.upload).map(|_| ())
    }

    fn hold(&self, hold: Option<(&Problem, Option<u64>)>) {
        let Ok(house) = self.house() else { return };
        let hold = hold.map(|(problem, wait)| Hold {
            code: problem.code,
            detail: problem.detail(),
            again: wait.map(in_milliseconds).unwrap_or_default(),
        });
        house.board.hold(&self.upload.0, hold);
    }

    fn at_once(&self, in_flight: u32) {
        if let Ok(house) = self.house()
            && house.board.picture(&self.upload.0).is_some_and(|picture| picture.at_once != in_flight)
        {
            house.board.change(&self.upload.0, |picture| picture.at_once = in_flight);
        }
    }
}

fn in_milliseconds(wait: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis());
    rfc3339(i64::try_from(now).unwrap_or(i64::MAX).saturating_add_unsigned(wait))
}

/// Across two runs size and modification time decide; the rest may have changed with a remount or new permissions.
/// Parts of such a file are sent again: whether they still are its own, nobody has seen.
fn as_it_is_now(mut work: Work) -> Work {
    let seen = std::fs::symlink_metadata(&work.source).ok().filter(Metadata::is_file).map(|seen| fingerprint(&seen));
    if let Some(now) = seen.filter(|now| now.same_content(&work.item.fingerprint) && *now != work.item.fingerprint) {
        work.item.fingerprint = now;
        work.item.parts.clear();
    }
    work
}

/// Where a source is: relative paths begin with the given item's own name, unless only its contents were given.
pub(super) fn source_of(root: &Path, path: &[u8], contents: bool) -> PathBuf {
    let base = if contents && root.is_dir() { root } else { root.parent().unwrap_or(root) };
    base.join(path_from_bytes(path))
}

impl House {
    /// Writes the receipt in all forms.
    pub(super) fn deliver(&self, upload: &UploadId) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        self.receipts().write(upload, &*self.url_of(&stored)).map(|_| ())
    }
}
