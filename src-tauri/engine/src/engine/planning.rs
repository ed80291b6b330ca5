//! What is there already: one listing beside our keys in byte order, and the ledger. No request for each file.
//! "Same" without reading needs all three: listed size and ETag as the ledger knows them, and an unchanged source.

use super::{House, Run};
use crate::journal::{Keyed, Left, Record, UploadId};
use gantry_model::view::{Difference, Hold, Phase};
use gantry_model::{Code, Fact, Item, Key, Listed, Problem, Proof, Reaction, RemoteRef, State, Store};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Keys that are taken from the journal at a time.
const STRETCH: usize = 1000;
/// A listing is given up when it holds this many times more than we send: asking for each key is cheaper then.
const FAR_MORE: u64 = 10;
/// Times a page of the listing is tried again before the run goes on by asking for each key.
const TRIES: u32 = 4;

/// One of our items beside what the listing has under its key.
struct Match {
    item: Keyed,
    listed: Listed,
}

impl House {
    /// Looks at what is there and writes it down. False when the listing holds far more than is sent, or cannot be had.
    /// How long the quickest page took tells how far away the store is.
    pub(super) fn plan_by_listing(&self, upload: &UploadId, store: &dyn Store, run: &Run) -> Result<(bool, Duration), Problem> {
        let stored = self.stored(upload)?;
        let (endpoint, bucket) = (stored.begun.endpoint.clone(), stored.begun.bucket.clone());
        let cancelled = || run.end.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        let mut found = |matches: Vec<Match>| -> Result<(), Problem> {
            let keys: Vec<&str> = matches.iter().map(|one| one.item.key.0.as_str()).collect();
            let ledger = self.journal.ledger(&endpoint, &bucket, &keys)?;
            let (mut records, mut there) = (Vec::new(), Vec::new());
            for (one, left) in matches.into_iter().zip(ledger) {
                match left.filter(|left| is_same(&one, left)).and_then(|left| same_fact(&one, &left)) {
                    Some((item, fact)) if one.item.state == State::Waiting => {
                        records.push(Record::new(stored.no, State::Waiting, &item, &fact));
                    }
                    _ => there.push((one.item.ord, one.listed.size, one.listed.etag)),
                }
            }
            self.journal.record(records);
            if there.is_empty() { Ok(()) } else { self.journal.set_there(upload, there) }
        };
        let limit = stored.books.account.files * FAR_MORE + 10_000;
        let (whole, quickest) = self.beside_listing(upload, store, limit, &cancelled, &mut found)?;
        self.journal.flush()?;
        Ok((whole, quickest))
    }

    /// Walks the listing and our keys side by side; gives every stretch of matches away. False when it gave up.
    fn beside_listing(
        &self,
        upload: &UploadId,
        store: &dyn Store,
        limit: u64,
        stop: &dyn Fn() -> bool,
        found: &mut dyn FnMut(Vec<Match>) -> Result<(), Problem>,
    ) -> Result<(bool, Duration), Problem> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Problem::new(Code::Bug, "list").with("said", error.to_string()))?;
        let mut ours = Ours::new(self, upload)?;
        let prefix = ours.prefix()?;
        let (mut after, mut seen, mut quickest) = (None::<Key>, 0, Duration::MAX);
        let mut ahead = self.answered_ahead(upload, &prefix);
        loop {
            if stop() {
                return Ok((true, quickest));
            }
            let asked = || runtime.block_on(timed_page(store, &prefix, after.as_ref()));
            let (page, took) = match ahead.take().map_or_else(asked, |ahead| Ok((ahead.page, ahead.took))) {
                Err(problem) if leaves_each(&problem) => return Ok((false, quickest)),
                done => done?,
            };
            quickest = quickest.min(took);
            seen += page.objects.len() as u64;
            after = page.objects.last().map(|listed| listed.key.clone());
            let matches = ours.beside(page.objects)?;
            if !matches.is_empty() {
                found(matches)?;
            }
            if !page.more || after.is_none() || ours.is_empty()? {
                return Ok((true, quickest));
            }
            if seen > limit {
                return Ok((false, quickest));
            }
        }
    }

    /// In the review: what is there already, in the background. Nothing is changed at the store.
    pub(super) fn compare(self: &Arc<Self>, upload: &UploadId) {
        let (house, upload) = (Arc::clone(self), upload.clone());
        std::thread::spawn(move || {
            let mut difference = Difference::default();
            let compared = house.difference(&upload, &mut difference);
            let still = house.stored(&upload).is_ok_and(|stored| stored.phase == Phase::Review);
            if !still {
                return;
            }
            (difference.known, difference.unlisted) = (matches!(compared, Ok(true)), matches!(compared, Ok(false)));
            let hold = compared.err().map(|problem| Hold { code: problem.code, detail: problem.detail(), again: String::new() });
            house.differences.lock().unwrap_or_else(PoisonError::into_inner).insert(upload.0.clone(), difference);
            house.board.hold(&upload.0, hold);
        });
    }

    /// False when the store could not be listed.
    fn difference(self: &Arc<Self>, upload: &UploadId, difference: &mut Difference) -> Result<bool, Problem> {
        let stored = self.stored(upload)?;
        let ready = stored.books.account.ready;
        let store = self.opener(upload)?()?;
        let (endpoint, bucket) = (stored.begun.endpoint.clone(), stored.begun.bucket.clone());
        let mut found = |matches: Vec<Match>| -> Result<(), Problem> {
            let keys: Vec<&str> = matches.iter().map(|one| one.item.key.0.as_str()).collect();
            let ledger = self.journal.ledger(&endpoint, &bucket, &keys)?;
            for (one, left) in matches.iter().zip(ledger).filter(|(one, _)| one.item.state == State::Ready) {
                if left.is_some_and(|left| is_same(one, &left)) {
                    difference.same += 1;
                } else if one.listed.size == one.item.fingerprint.size {
                    difference.unsure += 1;
                } else {
                    difference.changed += 1;
                }
            }
            Ok(())
        };
        let (whole, _) = self.beside_listing(upload, store.as_ref(), u64::MAX, &|| false, &mut found)?;
        self.row_difference(&stored, difference)?;
        self.weigh(&stored)?;
        difference.new = ready - difference.same - difference.unsure - difference.changed;
        Ok(whole)
    }
}

/// Without a listing each file is asked for: that may work where the line is bad, and be allowed where listing is not.
fn leaves_each(problem: &Problem) -> bool {
    problem.reaction == Reaction::Retry || problem.code == Code::AccessDenied
}

/// One page, and how long it took with all its tries.
async fn timed_page(store: &dyn Store, prefix: &str, after: Option<&Key>) -> Result<(gantry_model::Page, Duration), Problem> {
    let asked = Instant::now();
    let page = page(store, prefix, after).await?;
    Ok((page, asked.elapsed()))
}

/// One page, tried again a few times where that helps.
async fn page(store: &dyn Store, prefix: &str, after: Option<&Key>) -> Result<gantry_model::Page, Problem> {
    let mut tries = 0;
    loop {
        match store.list(prefix, after).await {
            Err(problem) if problem.reaction == Reaction::Retry && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(problem.wait.unwrap_or(Duration::from_millis(200 << tries))).await;
            }
            done => return done,
        }
    }
}

fn is_same(one: &Match, left: &Left) -> bool {
    let etag = left.etag.is_some() && left.etag == one.listed.etag;
    left.is_of(&one.item.fingerprint) && left.size == one.listed.size && etag
}

fn same_fact(one: &Match, left: &Left) -> Option<(Item, Fact)> {
    let proof = left.digest.map_or(Proof::Size, Proof::Checksum);
    let remote =
        RemoteRef { size: Some(left.size), digest: left.digest, etag: left.etag.clone(), version: None, url: left.url.clone() };
    let mut item = Item::waiting(one.item.ord, one.item.key.clone(), one.item.fingerprint);
    let fact = Fact::FoundSame(remote, proof);
    item.apply(fact.clone()).ok()?;
    Some((item, fact))
}

/// Our keys in byte order, a stretch at a time.
struct Ours<'a> {
    house: &'a House,
    upload: &'a UploadId,
    stretch: std::collections::VecDeque<Keyed>,
    after: Option<(String, u64)>,
    ended: bool,
}

impl<'a> Ours<'a> {
    fn new(house: &'a House, upload: &'a UploadId) -> Result<Self, Problem> {
        let mut ours = Self { house, upload, stretch: std::collections::VecDeque::new(), after: None, ended: false };
        ours.fill()?;
        Ok(ours)
    }

    /// The longest prefix that the first and the last key share: a listing under it holds all of ours.
    fn prefix(&self) -> Result<String, Problem> {
        let Some(first) = self.stretch.front().map(|item| item.key.0.clone()) else { return Ok(String::new()) };
        let last = self.house.journal.last_key(self.upload)?.unwrap_or_else(|| first.clone());
        let same = first.char_indices().zip(last.chars()).take_while(|((_, a), b)| a == b).last();
        let shared = same.map_or("", |((at, c), _)| &first[..at + c.len_utf8()]);
        Ok(shared.to_owned())
    }

    fn take_if(&mut self, fits: impl Fn(&Key) -> bool) -> Result<Option<Keyed>, Problem> {
        self.fill()?;
        Ok(if self.stretch.front().is_some_and(|item| fits(&item.key)) { self.stretch.pop_front() } else { None })
    }

    /// Ours that lie under the listed keys; those before them are passed over.
    fn beside(&mut self, objects: Vec<Listed>) -> Result<Vec<Match>, Problem> {
        let mut matches = Vec::new();
        for listed in objects {
            while self.take_if(|key| *key < listed.key)?.is_some() {}
            while let Some(item) = self.take_if(|key| *key == listed.key)? {
                matches.push(Match { item, listed: listed.clone() });
            }
        }
        Ok(matches)
    }

    fn is_empty(&mut self) -> Result<bool, Problem> {
        self.fill()?;
        Ok(self.stretch.is_empty())
    }

    fn fill(&mut self) -> Result<(), Problem> {
        if !self.stretch.is_empty() || self.ended {
            return Ok(());
        }
        let after = self.after.as_ref().map(|(key, ord)| (key.as_str(), *ord));
        let stretch = self.house.journal.by_key(self.upload, after, STRETCH)?;
        self.ended = stretch.len() < STRETCH;
        self.after = stretch.last().map(|item| (item.key.0.clone(), item.ord));
        self.stretch = stretch.into();
        Ok(())
    }
}
