//! What the platform has already, before anything is sent: one listing beside our row keys, or a look at a few keys.
//! A row is the same when it stands for the same object; anything else under its key is never touched.

use super::platforms::Foreseen;
use super::rows::{Rows, folded};
use super::said_before::Before;
use super::{House, Run};
use crate::journal::{RowFact, StoredRow, StoredUpload, UploadId};
use gantry_model::view::{Difference, Grouping};
use gantry_model::{Code, Fact, Habits, Item, Platform, Problem, Proof, Reaction, RemoteRef, RowThere, State, Target};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{OnceLock, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;

/// A listing is given up when the container holds this many times more rows than we have.
const FAR_MORE: u64 = 10;
/// Times a call is tried again before the person is told.
const TRIES: u32 = 4;
/// Rows that are taken from the journal at a time.
const STRETCH: usize = 1000;

/// What was found about one of our rows.
enum Beside {
    /// The platform has it for the same object.
    Same(String),
    /// The platform has a row of this name for something else.
    Other(String),
}

impl House {
    /// Compares the rows that wait with what the platform has, and writes down what is the same and what clashes.
    pub(super) fn plan_rows(
        &self,
        stored: &StoredUpload,
        platform: &dyn Platform,
        rows: &Rows,
        run: &Run,
    ) -> Result<(), Problem> {
        let mut before = self.before(stored, &rows.register)?;
        let (habits, mut other) = (platform.habits(), 0);
        let stopped = || run.end.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        self.rows_beside(stored, platform, rows, &stopped, &mut |found| {
            let (mut facts, mut same) = (Vec::new(), Vec::new());
            for (row, beside) in found {
                match beside {
                    Beside::Same(id) => {
                        other +=
                            u64::from(self.says_other(&mut before, &folded(&row.key, &habits), &rows.knowing.of_row(&row))?);
                        same.extend(self.same_bytes(stored, rows, &row)?);
                        facts.push((row.n, RowFact::Same(id)));
                    }
                    Beside::Other(id) => facts.push((row.n, RowFact::Stuck(Code::RowThere, format!("row={}; id={id}", row.key)))),
                }
            }
            self.journal.record(same);
            self.journal.flush()?;
            self.rows_changed(&stored.id, self.journal.row_facts(&stored.id, facts)?);
            Ok(())
        })?;
        let mut differences = self.differences.lock().unwrap_or_else(PoisonError::into_inner);
        differences.entry(stored.id.0.clone()).or_default().rows_other = other;
        Ok(())
    }

    /// In the platform's own storage a row that is the same means that its bytes are there: nothing is sent.
    fn same_bytes(&self, stored: &StoredUpload, rows: &Rows, row: &StoredRow) -> Result<Vec<crate::journal::Record>, Problem> {
        if !rows.own_storage {
            return Ok(Vec::new());
        }
        let keys: Vec<&str> = row.items.iter().map(|item| item.item.key.0.as_str()).collect();
        let left = self.journal.ledger(&stored.begun.endpoint, &stored.begun.bucket, &keys)?;
        let mut records = Vec::new();
        for (item, left) in row.items.iter().zip(left) {
            let Some(left) = left.filter(|_| item.item.state == State::Waiting) else { continue };
            let proof = left.digest.map_or(Proof::Size, Proof::Checksum);
            let remote = RemoteRef { size: Some(left.size), digest: left.digest, etag: left.etag, version: None, url: left.url };
            let fact = Fact::FoundSame(remote, proof);
            let mut same = Item::waiting(item.item.ord, item.item.key.clone(), item.item.entry.fingerprint);
            if same.apply(fact.clone()).is_ok() {
                records.push(crate::journal::Record::new(stored.no, State::Waiting, &same, &fact));
            }
        }
        Ok(records)
    }

    /// Gives away, in stretches, those of our waiting rows that the platform knows.
    fn rows_beside(
        &self,
        stored: &StoredUpload,
        platform: &dyn Platform,
        rows: &Rows,
        stop: &dyn Fn() -> bool,
        found: &mut dyn FnMut(Vec<(StoredRow, Beside)>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let runtime = runtime()?;
        let (target, habits) = (&rows.register.target, platform.habits());
        let few = self.journal.waiting_rows(&stored.id, None, habits.lookup_few + 1)?;
        if few.is_empty() {
            return Ok(());
        }
        if few.len() > habits.lookup_few {
            let container = runtime.block_on(again(|| platform.container(&target.container)))?;
            let mine = stored.rows.max(few.len() as u64);
            if container.rows.is_none_or(|there| there <= mine * FAR_MORE + 10_000) {
                return self
                    .each_listed(&stored.id, platform, target, stop, &mut |known| self.give_away(stored, rows, known, found));
            }
        }
        let mut after = None;
        loop {
            let stretch = self.journal.waiting_rows(&stored.id, after, habits.lookup_few.max(1))?;
            let Some((last, _)) = stretch.last() else { return Ok(()) };
            after = Some(*last);
            let keys: Vec<&str> = stretch.iter().map(|(_, key)| key.as_str()).collect();
            let there = runtime.block_on(again(|| platform.lookup(target, &keys)))?;
            let known: Vec<(u64, RowThere)> =
                stretch.iter().zip(there).filter_map(|((n, _), there)| Some((*n, there?))).collect();
            self.give_away(stored, rows, known, found)?;
            if stop() {
                return Ok(());
            }
        }
    }

    /// Reads the platform's listing to its end; gives away those of its rows that are ours, with our numbers.
    pub(super) fn each_listed(
        &self,
        upload: &UploadId,
        platform: &dyn Platform,
        target: &Target,
        stop: &dyn Fn() -> bool,
        see: &mut dyn FnMut(Vec<(u64, RowThere)>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let habits = platform.habits();
        each_page(platform, target, stop, &mut |rows| {
            for stretch in rows.chunks(STRETCH) {
                let keys: Vec<String> = stretch.iter().map(|there| folded(&there.key, &habits)).collect();
                let ours = self.journal.rows_under(upload, &keys)?;
                let known = stretch.iter().zip(ours).filter_map(|(there, n)| Some((n?, there.clone())));
                see(known.collect())?;
            }
            Ok(())
        })
    }

    fn give_away(
        &self,
        stored: &StoredUpload,
        rows: &Rows,
        known: Vec<(u64, RowThere)>,
        found: &mut dyn FnMut(Vec<(StoredRow, Beside)>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let numbers: Vec<u64> = known.iter().map(|(n, _)| *n).collect();
        let mut beside = Vec::with_capacity(known.len());
        for (row, (_, there)) in self.journal.rows_whole(&stored.id, &numbers)?.into_iter().zip(known) {
            if row.state != State::Waiting {
                continue;
            }
            let same = self.stands_for(stored, rows, &row, &there)?;
            beside.push((row, if same { Beside::Same(there.id) } else { Beside::Other(there.id) }));
        }
        if beside.is_empty() { Ok(()) } else { found(beside) }
    }

    /// The platform's row stands for the objects of ours, unchanged since they were sent.
    fn stands_for(&self, stored: &StoredUpload, rows: &Rows, row: &StoredRow, there: &RowThere) -> Result<bool, Problem> {
        let Some(first) = row.items.first() else { return Ok(false) };
        if !rows.own_storage || first.item.remote.is_some() {
            return Ok(rows.is_for(first, there));
        }
        let keys: Vec<&str> = row.items.iter().map(|item| item.item.key.0.as_str()).collect();
        let left = self.journal.ledger(&stored.begun.endpoint, &stored.begun.bucket, &keys)?;
        let unchanged = row
            .items
            .iter()
            .zip(&left)
            .all(|(item, left)| left.as_ref().is_some_and(|left| left.is_of(&item.item.entry.fingerprint)));
        let address = left.first().and_then(|left| left.as_ref()?.url.clone());
        Ok(unchanged && address.is_some_and(|address| there.is_for(&address)))
    }

    /// In the review: how many rows are new, the same, or clash. Nothing is written.
    pub(super) fn row_difference(&self, stored: &StoredUpload, difference: &mut Difference) -> Result<(), Problem> {
        let Some(rows) = self.rows_of(stored, None)? else { return Ok(()) };
        let platform = self.platform(&rows.register.connection)?;
        let (runtime, target, habits) = (runtime()?, rows.register.target.clone(), platform.habits());
        let container = runtime.block_on(again(|| platform.container(&target.container)))?;
        self.fits_container(stored, &container)?;
        let Foreseen { addresses, first } = self.rows_foreseen(stored, &rows, &habits)?;
        let count = addresses.len();
        difference.rows_new = count as u64;
        let before = self.before(stored, &rows.register)?;
        let mut comparing = Comparing { house: self, stored, rows: &rows, habits, ours: addresses, before };
        let mut see = |there: &[RowThere]| comparing.see(there, difference);
        if first.len() == count {
            let names: Vec<&str> = first.iter().map(String::as_str).collect();
            let there = runtime.block_on(again(|| platform.lookup(&target, &names)))?;
            return see(&there.into_iter().flatten().collect::<Vec<_>>());
        }
        each_page(platform.as_ref(), &target, &|| false, &mut see)
    }
}

/// The platform's rows, a page of its listing at a time, to the end or until it is enough.
fn each_page(
    platform: &dyn Platform,
    target: &Target,
    enough: &dyn Fn() -> bool,
    see: &mut dyn FnMut(&[RowThere]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let runtime = runtime()?;
    let mut after: Option<String> = None;
    loop {
        let page = runtime.block_on(again(|| platform.list(target, after.as_deref())))?;
        see(&page.rows)?;
        after = page.next;
        if after.is_none() || enough() {
            return Ok(());
        }
    }
}

/// Our rows in review beside those that the platform tells of.
struct Comparing<'a> {
    house: &'a House,
    stored: &'a StoredUpload,
    rows: &'a Rows,
    habits: Habits,
    /// By folded key: the address where it is known already, and the place of the first item.
    ours: HashMap<String, (Option<String>, u64)>,
    before: Before,
}

impl Comparing<'_> {
    fn see(&mut self, there: &[RowThere], difference: &mut Difference) -> Result<(), Problem> {
        for there in there {
            let key = folded(&there.key, &self.habits);
            let Some((address, ord)) = self.ours.remove(&key) else { continue };
            difference.rows_new -= 1;
            if !address.is_some_and(|address| there.is_for(&address)) {
                difference.rows_clash += 1;
                continue;
            }
            difference.rows_same += 1;
            // A row of several files is not put together before it is made.
            if self.rows.register.grouping == Grouping::File {
                let now = self.rows.knowing.of_file(&self.house.journal.known_of(&self.stored.id, ord)?);
                difference.rows_other += u64::from(self.house.says_other(&mut self.before, &key, &now)?);
            }
        }
        Ok(())
    }
}

/// One call, tried again a few times where that helps: looking changes nothing there.
pub(super) async fn again<T, F: Future<Output = Result<T, Problem>>>(call: impl Fn() -> F) -> Result<T, Problem> {
    let mut tries = 0;
    loop {
        match call().await {
            Err(problem) if problem.reaction == Reaction::Retry && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(problem.wait.unwrap_or(Duration::from_millis(200 << tries))).await;
            }
            done => return done,
        }
    }
}

/// The one runtime of all calls to platforms. A platform keeps its connections open between calls, and a connection only
/// lives where it was made: a runtime for each caller would leave it without anybody to drive it.
pub(super) fn runtime() -> Result<&'static Runtime, Problem> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let made =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("platforms").build().ok();
    RUNTIME.get_or_init(made).as_ref().ok_or_else(|| Problem::new(Code::Bug, "runtime"))
}
