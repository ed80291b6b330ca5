//! The clerk at work: rows go to the platform while bytes still go to the store, each with an outcome of its own.
//! Written down before a call goes out, asked about before it is repeated, told to people after it is on disk.

use super::House;
use super::comparing_rows::runtime;
use super::office::Office;
use super::rows::Rows;
use crate::journal::{RowFact, RowsChanged, StoredRow, StoredUpload};
use crate::queue::clerk::{After, Clerk, Looked, Step};
use crate::queue::errand::Now;
use gantry_model::view::Hold;
use gantry_model::{Code, Platform, Problem, Row, RowOutcome, RowThere, Target};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Rows that are taken from the journal at a time.
const STRETCH: usize = 5000;
/// A listing of so many times more rows than were registered is not read only to see them.
const FAR_MORE: u64 = 10;
/// Counting what is the same and not done takes a look at every open row: it is told at most this often.
const TELL: Duration = Duration::from_secs(1);

/// One clerk, for one run of one upload.
pub(super) struct Clerking {
    pub house: Arc<House>,
    pub stored: StoredUpload,
    pub platform: Arc<dyn Platform>,
    pub rows: Rows,
    pub office: Arc<Office>,
    clerk: Clerk,
    runtime: &'static Runtime,
    began: Instant,
    /// Rows on the clerk's desk.
    desk: HashSet<u64>,
    /// Rows that were registered in this run: the first of them, and how many.
    fresh: (Vec<u64>, usize),
    held: bool,
    /// When people were told last how many files that are the same wait for their row.
    told: Instant,
    /// Why no row can go on without the person.
    ended: Option<Problem>,
}

impl Clerking {
    pub fn new(
        house: &Arc<House>,
        stored: &StoredUpload,
        platform: Arc<dyn Platform>,
        rows: Rows,
        office: &Arc<Office>,
    ) -> Result<Self, Problem> {
        let clerk = Clerk::new(platform.habits(), fastrand::u64(..));
        office.open();
        let (house, stored, office) = (Arc::clone(house), stored.clone(), Arc::clone(office));
        let (runtime, began, desk) = (runtime()?, Instant::now(), HashSet::new());
        Ok(Self {
            house,
            stored,
            platform,
            rows,
            office,
            clerk,
            runtime,
            began,
            desk,
            fresh: Default::default(),
            held: false,
            told: began,
            ended: None,
        })
    }

    /// Works until every row that can have an answer has one, or the person wants a rest.
    pub fn work(&mut self) -> Result<(), Problem> {
        self.take_doubts()?;
        self.take_ready()?;
        loop {
            let inbox = self.office.take();
            if inbox.resting {
                return Ok(());
            }
            self.take_proven(&inbox.proven)?;
            if inbox.reread {
                self.ended = None;
                self.take_ready()?;
            }
            if inbox.closed {
                self.clerk.close();
            }
            if let Some(problem) = &self.ended {
                if inbox.closed {
                    // Also what was proven since: nobody else would ever say why it stands still.
                    return self.house.rows_ended(&self.stored, problem);
                }
                self.office.wait(Duration::from_secs(60));
                continue;
            }
            match self.clerk.next(self.now()) {
                Step::Look(rows) => self.look(&rows)?,
                Step::Register(rows) => self.register(&rows)?,
                Step::Wait(at) => self.office.wait(Duration::from_millis(at.0.saturating_sub(self.now().0))),
                Step::Idle => self.office.wait(Duration::from_secs(60)),
                Step::Done => return self.see(),
            }
        }
    }

    fn now(&self) -> Now {
        Now(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn target(&self) -> Target {
        self.rows.register.target.clone()
    }

    /// Rows that an earlier run asked for and that have no answer.
    fn take_doubts(&mut self) -> Result<(), Problem> {
        let mut after = None;
        loop {
            let stretch = self.house.journal.doubtful_rows(&self.stored.id, after, STRETCH)?;
            let Some((last, _)) = stretch.last() else { return Ok(()) };
            after = Some(*last);
            for (n, asked_ms) in stretch {
                let age = crate::journal::now_ms().saturating_sub(asked_ms).max(0);
                let window = i64::try_from(self.platform.habits().settle.as_millis()).unwrap_or(i64::MAX);
                let left = u64::try_from(window.saturating_sub(age)).unwrap_or_default();
                if self.desk.insert(n) {
                    self.clerk.doubtful(n, self.now().plus(left), self.now());
                }
            }
        }
    }

    fn take_ready(&mut self) -> Result<(), Problem> {
        let mut after = None;
        loop {
            let stretch = self.house.journal.ready_rows(&self.stored.id, after, STRETCH)?;
            let Some(last) = stretch.last() else { return Ok(()) };
            after = Some(*last);
            self.put_on_desk(stretch);
        }
    }

    fn put_on_desk(&mut self, rows: Vec<u64>) {
        let now = self.now();
        let new: Vec<u64> = rows.into_iter().filter(|n| self.desk.insert(*n)).collect();
        self.clerk.ready(new, now);
    }

    fn take_proven(&mut self, items: &[u64]) -> Result<(), Problem> {
        for stretch in items.chunks(STRETCH) {
            let found = self.house.journal.ready_among(&self.stored.id, stretch)?;
            let same = found.iter().filter(|(_, state)| *state == gantry_model::State::Same);
            let same: Vec<_> = same.map(|(n, _)| (*n, RowFact::Same(String::new()))).collect();
            self.write(same)?;
            let ready = found.into_iter().filter(|(_, state)| *state == gantry_model::State::Waiting).map(|(n, _)| n);
            self.put_on_desk(ready.collect());
        }
        Ok(())
    }

    fn register(&mut self, numbers: &[u64]) -> Result<(), Problem> {
        let (built, refused) = self.build(numbers)?;
        self.write(refused)?;
        if built.is_empty() {
            return Ok(());
        }
        let (asked, rows): (Vec<u64>, Vec<Row>) = built.into_iter().unzip();
        self.house.journal.ask_rows(&self.stored.id, asked.clone())?;
        let (platform, target) = (Arc::clone(&self.platform), self.target());
        let called = self.office.unless_resting(platform.register(&target, &rows));
        match self.runtime.block_on(called) {
            None => {
                let now = self.now();
                self.clerk.broken_off(&asked, now);
                Ok(())
            }
            Some(Ok(outcomes)) => self.answered(&asked, outcomes),
            Some(Err(problem)) => self.tripped(&asked, &problem),
        }
    }

    /// Rows as the platform gets them, and those that cannot be built with the reason.
    #[expect(clippy::type_complexity, reason = "two lists of pairs, taken apart at once")]
    fn build(&self, numbers: &[u64]) -> Result<(Vec<(u64, Row)>, Vec<(u64, RowFact)>), Problem> {
        let (mut built, mut refused) = (Vec::new(), Vec::new());
        for stored in self.house.journal.rows_whole(&self.stored.id, numbers)? {
            match self.runtime.block_on(self.rows.build(&stored)) {
                Ok(row) => built.push((stored.n, row)),
                Err(problem) => refused.push((stored.n, stuck(&problem))),
            }
        }
        Ok((built, refused))
    }

    fn answered(&mut self, asked: &[u64], outcomes: Vec<RowOutcome>) -> Result<(), Problem> {
        let (mut facts, mut unsaid) = (Vec::new(), Vec::new());
        let mut outcomes = outcomes.into_iter();
        for n in asked {
            match outcomes.next().unwrap_or(RowOutcome::Unsaid) {
                RowOutcome::Registered(id) => facts.push((*n, RowFact::Registered(id))),
                RowOutcome::Same(id) => facts.push((*n, RowFact::Registered(id))),
                RowOutcome::Clash(id) => facts.push((*n, RowFact::Stuck(Code::RowThere, format!("id={id}")))),
                RowOutcome::Refused(problem) => facts.push((*n, stuck(&problem))),
                RowOutcome::Unsaid => unsaid.push(*n),
            }
        }
        let now = self.now();
        self.clerk.answered(&unsaid, now);
        self.write(facts)
    }

    fn tripped(&mut self, asked: &[u64], problem: &Problem) -> Result<(), Problem> {
        let now = self.now();
        match self.clerk.tripped(asked, problem, now) {
            After::NotTaken => {
                self.hold(problem);
                let facts = asked.iter().map(|n| (*n, RowFact::NotTaken)).collect();
                self.house.journal.row_facts(&self.stored.id, facts).map(|_| ())
            }
            After::Doubt => {
                self.hold(problem);
                Ok(())
            }
            After::Refused => self.write(asked.iter().map(|n| (*n, stuck(problem))).collect()),
            After::Ended => self.end(problem),
        }
    }

    /// No row can go on without the person. Those in doubt stay in doubt.
    fn end(&mut self, problem: &Problem) -> Result<(), Problem> {
        self.ended = Some(problem.clone());
        self.house.rows_ended(&self.stored, problem)
    }

    fn look(&mut self, numbers: &[u64]) -> Result<(), Problem> {
        let few = self.platform.habits().lookup_few.max(1);
        for stretch in numbers.chunks(few) {
            let rows = self.house.journal.rows_whole(&self.stored.id, stretch)?;
            let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            let (platform, target) = (Arc::clone(&self.platform), self.target());
            let called = self.office.unless_resting(platform.lookup(&target, &keys));
            match self.runtime.block_on(called) {
                None => return Ok(()),
                Some(Ok(there)) => self.looked(&rows, there)?,
                Some(Err(problem)) => {
                    let now = self.now();
                    if self.clerk.look_tripped(&problem, now) == After::Ended {
                        return self.end(&problem);
                    }
                    self.hold(&problem);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn looked(&mut self, rows: &[StoredRow], there: Vec<Option<RowThere>>) -> Result<(), Problem> {
        let (mut facts, mut said) = (Vec::new(), Vec::new());
        for (row, there) in rows.iter().zip(there) {
            said.push((row.n, if there.is_some() { Looked::There } else { Looked::Missing }));
            let Some(there) = there else { continue };
            let ours = row.items.first().is_some_and(|first| self.rows.is_for(first, &there));
            let clash = || RowFact::Stuck(Code::RowThere, format!("row={}; id={}", row.key, there.id));
            facts.push((row.n, if ours { RowFact::Registered(there.id.clone()) } else { clash() }));
        }
        let now = self.now();
        let again = self.clerk.looked(&said, now);
        facts.extend(again.into_iter().map(|n| (n, RowFact::NotTaken)));
        self.write(facts)
    }

    fn write(&mut self, facts: Vec<(u64, RowFact)>) -> Result<(), Problem> {
        if facts.is_empty() {
            return Ok(());
        }
        let few = self.platform.habits().lookup_few;
        for (n, _) in facts.iter().filter(|(_, fact)| matches!(fact, RowFact::Registered(_))) {
            self.fresh.1 += 1;
            if self.fresh.0.len() < few {
                self.fresh.0.push(*n);
            }
        }
        for (n, _) in facts.iter().filter(|(_, fact)| *fact != RowFact::NotTaken) {
            self.desk.remove(n);
        }
        if std::mem::take(&mut self.held) {
            self.house.board.hold(&self.stored.id.0, None);
        }
        let changed = self.house.journal.row_facts(&self.stored.id, facts)?;
        let tell = changed.account.same > 0 && self.told.elapsed() >= TELL;
        self.house.rows_changed(&self.stored.id, changed);
        if tell {
            self.told = Instant::now();
            self.house.show(&self.stored.id)?;
        }
        Ok(())
    }

    fn hold(&mut self, problem: &Problem) {
        self.held = true;
        let hold = Hold { code: problem.code, detail: problem.detail(), again: String::new() };
        self.house.board.hold(&self.stored.id.0, Some(hold));
    }

    /// After the last answer: which of the new rows does the platform show? One listing, or a look at a few.
    fn see(&mut self) -> Result<(), Problem> {
        let (first, count) = std::mem::take(&mut self.fresh);
        let (house, platform, target) = (Arc::clone(&self.house), Arc::clone(&self.platform), self.target());
        // Not seen is not lost: the rows stay registered, which is what the platform itself said.
        if count == first.len() {
            let _ = first.chunks(STRETCH).try_for_each(|numbers| self.see_few(numbers));
            return Ok(());
        }
        let container = self.runtime.block_on(platform.container(&target.container));
        let far_more = |there: u64| there > (count as u64).saturating_mul(FAR_MORE) + 10_000;
        if container.is_ok_and(|container| container.rows.is_some_and(far_more)) {
            return Ok(());
        }
        let resting = || self.office.take().resting;
        let _ = house.each_listed(&self.stored.id, platform.as_ref(), &target, &resting, &mut |known| self.seen(known));
        Ok(())
    }

    fn see_few(&self, numbers: &[u64]) -> Result<(), Problem> {
        let rows = self.house.journal.rows_whole(&self.stored.id, numbers)?;
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let there = self.runtime.block_on(self.platform.lookup(&self.target(), &keys))?;
        self.seen(rows.iter().zip(there).filter_map(|(row, there)| Some((row.n, there?))).collect())
    }

    /// These rows are in the platform's listing: they are visible once the platform has finished with them.
    fn seen(&self, known: Vec<(u64, RowThere)>) -> Result<(), Problem> {
        let numbers: Vec<u64> = known.iter().map(|(n, _)| *n).collect();
        let keys: Vec<&str> = known.iter().map(|(_, there)| there.key.as_str()).collect();
        if keys.is_empty() || !self.runtime.block_on(self.platform.settled(&self.target(), &keys))? {
            return Ok(());
        }
        let facts = numbers.into_iter().map(|n| (n, RowFact::Visible)).collect();
        let changed = self.house.journal.row_facts(&self.stored.id, facts)?;
        self.house.rows_changed(&self.stored.id, changed);
        Ok(())
    }
}

fn stuck(problem: &Problem) -> RowFact {
    RowFact::Stuck(problem.code, problem.detail())
}

impl House {
    /// What changed about rows may be told now: it is on disk.
    pub(super) fn rows_changed(&self, upload: &crate::journal::UploadId, changed: RowsChanged) {
        self.board.account(&upload.0, changed.account);
        if let Some(run) = self.runs().get(&upload.0)
            && let Some(receipt) = &*run.receipt.lock().unwrap_or_else(PoisonError::into_inner)
        {
            receipt.append(changed.items.into_iter());
        }
    }

    /// No row of this upload can go on without the person.
    pub(super) fn rows_ended(&self, stored: &StoredUpload, problem: &Problem) -> Result<(), Problem> {
        let changed = self.journal.all_rows_stuck(&stored.id, problem.code, &problem.detail())?;
        self.rows_changed(&stored.id, changed);
        Ok(())
    }
}
