//! A courier carries out one errand: reads the source once, sends, and proves what arrived.
//! It never repeats anything: what went wrong goes back to the core as a problem.

mod compare;
mod pace;
mod proving;

pub use pace::Pace;

use super::errand::{OnClash, Order, Outcome, Report, Task};
use crate::digest;
use crate::source::{Pool, Source};
use compare::Seen;
use gantry_model::{
    Abilities, Algorithm, Body, Code, Existing, Key, Outgoing, PartNo, PartProof, PartsThere, Problem, Store, TakesStreams,
    Ticket,
};
use proving::Here;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Files up to this size are read on the courier's own thread, as long as the disk answers at once.
const INLINE: u64 = 256 * 1024;
/// Larger files are read while they are sent, at stores that take them so.
const STREAM_FROM: u64 = 8 << 20;
/// A small read that takes longer than this means a slow disk: reading moves to threads of its own.
const SLOW_READ_MS: u128 = 8;

/// What all couriers of one upload share.
#[derive(Debug)]
pub struct Kit {
    /// Buffers for what is read.
    pub pool: Pool,
    /// The person's bound on bytes a second.
    pub pace: Pace,
    /// Content bytes handed to the store in this run, those sent again included.
    pub sent: Arc<AtomicU64>,
    /// What to do with a key under which other content lies.
    pub on_clash: OnClash,
    slow_disk: AtomicBool,
    /// The digest that this store tells of its objects, once it has told one.
    told: OnceLock<Algorithm>,
}

impl Kit {
    /// A kit with a pool of its own.
    pub fn new(on_clash: OnClash, limit: u64) -> Self {
        let (pool, pace) = (Pool::new(), Pace::new(limit));
        Self { pool, pace, sent: Arc::default(), on_clash, slow_disk: AtomicBool::new(false), told: OnceLock::new() }
    }
}

/// A courier with its own handle on the store.
#[derive(Clone, Debug)]
pub struct Courier {
    store: Arc<dyn Store>,
    abilities: Abilities,
    kit: Arc<Kit>,
}

impl Courier {
    /// A courier for this store.
    pub fn new(store: Arc<dyn Store>, kit: Arc<Kit>) -> Self {
        let abilities = store.abilities();
        Self { store, abilities, kit }
    }

    /// Carries out one errand and says what came of it.
    pub async fn carry_out(&self, order: &Order) -> Report {
        let started = Instant::now();
        let done = self.prepared(order).await;
        let task = &order.errand.task;
        let unclear = |problem: &Problem| problem.reaction != gantry_model::Reaction::AskUser && problem.code != Code::Offline;
        let wrote = task.writes() && done.as_ref().is_err_and(unclear);
        let outcome = done.unwrap_or_else(Outcome::Problem);
        let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Report { ord: order.errand.ord, part: task.part(), wrote, outcome, took }
    }

    /// Makes sure of a copy that is sent in place of the file, and keeps it while it is read.
    async fn prepared(&self, order: &Order) -> Result<Outcome, Problem> {
        let Some(prepare) = order.prepare.clone().filter(|_| !matches!(order.errand.task, Task::Discard(_))) else {
            return self.go(order).await;
        };
        let prepared = tokio::task::spawn_blocking(move || prepare.prepare()).await;
        let prepared = prepared.unwrap_or_else(|_| Err(Problem::new(Code::Bug, "copy")))?;
        let order = Order { source: prepared.source.clone(), fingerprint: prepared.fingerprint, ..order.clone() };
        let done = self.go(&order).await;
        drop(prepared);
        done
    }

    async fn go(&self, order: &Order) -> Result<Outcome, Problem> {
        match &order.errand.task {
            Task::Put { look } => self.put(order, *look).await,
            Task::Look => self.look(order).await,
            Task::Begin => self.begin(order).await,
            Task::Part(ticket, number) => self.part(order, ticket, *number).await,
            Task::Reconcile(ticket, known) => self.reconcile(order, ticket, known).await,
            Task::Seal(ticket, parts) => self.seal(order, ticket, parts).await,
            Task::Discard(ticket) => self.store.discard(ticket).await.map(|()| Outcome::Discarded),
        }
    }

    async fn put(&self, order: &Order, look: bool) -> Result<Outcome, Problem> {
        let mut outgoing = outgoing(order);
        if look {
            match self.decide(order, self.seen(order, &order.key).await?).await? {
                Decision::Free(key) => outgoing.key = key,
                Decision::Replace(etag) => outgoing.existing = Existing::Replace(etag),
                Decision::Done(outcome) => return Ok(outcome),
            }
        }
        if order.fingerprint.size > STREAM_FROM
            && let Some(streams) = self.store.streams()
        {
            return self.put_stream(order, &outgoing, streams).await;
        }
        let body = self.read(order, 0, order.fingerprint.size).await?;
        match self.put_body(&outgoing, body.clone()).await {
            Err(problem) if problem.code == Code::Clash => match self
                .decide(order, self.seen_now(order, &order.key).await?)
                .await?
            {
                Decision::Done(outcome) => Ok(outcome),
                Decision::Free(key) => self.put_body(&Outgoing { key, ..outgoing }, body).await,
                Decision::Replace(etag) => self.put_body(&Outgoing { existing: Existing::Replace(etag), ..outgoing }, body).await,
            },
            done => done,
        }
    }

    /// One request for a file of any size, read while it is sent.
    async fn put_stream(&self, order: &Order, outgoing: &Outgoing, streams: &dyn TakesStreams) -> Result<Outcome, Problem> {
        let source = Source::open(&order.source, &order.fingerprint)?;
        self.kit.pace.pass(outgoing.size).await;
        self.kit.sent.fetch_add(outgoing.size, Ordering::Relaxed);
        let (content, readout) = source.stream(&self.digests());
        let answered = streams.put_stream(outgoing, content).await;
        // A source that broke off shows at the store as a broken line: its own words come first.
        let whole = match readout.get() {
            Some(Err(problem)) => return Err(problem),
            Some(Ok(digests)) => digests,
            None => return Err(answered.err().unwrap_or_else(|| Problem::new(Code::ConnectionLost, "put"))),
        };
        let here = Here { size: outgoing.size, digests: &whole, bytes: None };
        let (remote, proof) = self.prove(&outgoing.key, here, answered?).await?;
        Ok(Outcome::Proven { remote, proof, same: false, key: outgoing.key.clone() })
    }

    async fn put_body(&self, outgoing: &Outgoing, body: Body) -> Result<Outcome, Problem> {
        let length = body.bytes.len() as u64;
        self.kit.pace.pass(length).await;
        self.kit.sent.fetch_add(length, Ordering::Relaxed);
        let remote = self.store.put(outgoing, body.clone()).await?;
        let here = Here { size: outgoing.size, digests: &[body.digest], bytes: Some(&body.bytes) };
        let (remote, proof) = self.prove(&outgoing.key, here, remote).await?;
        Ok(Outcome::Proven { remote, proof, same: false, key: outgoing.key.clone() })
    }

    async fn look(&self, order: &Order) -> Result<Outcome, Problem> {
        let seen = self.seen(order, &order.key).await?;
        Ok(match self.decide(order, seen).await? {
            Decision::Free(key) => Outcome::Absent(key),
            Decision::Replace(etag) => Outcome::ToReplace(etag),
            Decision::Done(outcome) => outcome,
        })
    }

    async fn begin(&self, order: &Order) -> Result<Outcome, Problem> {
        Source::open(&order.source, &order.fingerprint)?;
        let part_size = part_size(order.fingerprint.size, &self.abilities);
        self.store.begin(&outgoing(order), part_size).await.map(Outcome::Begun)
    }

    async fn part(&self, order: &Order, ticket: &Ticket, number: PartNo) -> Result<Outcome, Problem> {
        let from = u64::from(number.0 - 1) * ticket.part_size;
        let length = ticket.part_size.min(order.fingerprint.size.saturating_sub(from));
        let body = self.read(order, from, length).await?;
        self.kit.pace.pass(length).await;
        self.kit.sent.fetch_add(length, Ordering::Relaxed);
        self.store.send(ticket, number, body).await.map(Outcome::PartStored)
    }

    async fn reconcile(&self, order: &Order, ticket: &Ticket, known: &[PartProof]) -> Result<Outcome, Problem> {
        match self.store.parts(ticket).await? {
            PartsThere::Unsaid => Ok(Outcome::Held(known.to_vec())),
            PartsThere::Parts(there) => {
                let held = |part: &&PartProof| {
                    there.iter().any(|(number, size, etag, digest)| {
                        *number == part.part && *size == part.size && (*digest == Some(part.digest) || *etag == part.etag)
                    })
                };
                Ok(Outcome::Held(known.iter().filter(held).cloned().collect()))
            }
            // Completed with a lost answer, or aborted: only the object itself can tell.
            PartsThere::Gone => match self.seen(order, &ticket.key).await? {
                Seen::Same(remote, proof) => Ok(Outcome::Proven { remote, proof, same: true, key: ticket.key.clone() }),
                _ => Err(Problem::new(Code::TicketGone, "reconcile")),
            },
        }
    }

    async fn seal(&self, order: &Order, ticket: &Ticket, parts: &[PartProof]) -> Result<Outcome, Problem> {
        Source::open(&order.source, &order.fingerprint)?;
        let whole = digest::combine(parts.iter().map(|part| (part.digest, part.size)))
            .ok_or_else(|| Problem::new(Code::Bug, "combine"))?;
        let outgoing = Outgoing { key: ticket.key.clone(), ..outgoing(order) };
        let remote = self.store.seal(&outgoing, ticket, parts, whole).await?;
        let here = Here { size: outgoing.size, digests: &[whole], bytes: None };
        let (remote, proof) = self.prove(&ticket.key, here, remote).await?;
        Ok(Outcome::Proven { remote, proof, same: false, key: ticket.key.clone() })
    }

    /// Reads a range once, with its digest; the source is compared before and after.
    async fn read(&self, order: &Order, from: u64, length: u64) -> Result<Body, Problem> {
        let lease = self.kit.pool.take(length).await;
        let (path, seen, wants) = (order.source.clone(), order.fingerprint, self.abilities.wants);
        let read = move || -> Result<Body, Problem> {
            let source = Source::open(&path, &seen)?;
            let body = source.read(from, length, lease, wants)?;
            source.still()?;
            Ok(body)
        };
        if length > INLINE || self.kit.slow_disk.load(Ordering::Relaxed) {
            return tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| Err(Problem::new(Code::Bug, "read")));
        }
        let started = Instant::now();
        let body = read();
        if started.elapsed().as_millis() > SLOW_READ_MS {
            self.kit.slow_disk.store(true, Ordering::Relaxed);
        }
        body
    }
}

/// What to do about what is there.
enum Decision {
    Free(Key),
    Replace(Option<String>),
    Done(Outcome),
}

impl Courier {
    async fn decide(&self, order: &Order, seen: Seen) -> Result<Decision, Problem> {
        let (size, etag) = match seen {
            Seen::Nothing => return Ok(Decision::Free(order.key.clone())),
            Seen::Same(remote, proof) => {
                return Ok(Decision::Done(Outcome::Proven { remote, proof, same: true, key: order.key.clone() }));
            }
            Seen::Other { size, etag } => (size, etag),
        };
        match order.on_clash.unwrap_or(self.kit.on_clash) {
            OnClash::Replace => Ok(Decision::Replace(etag)),
            OnClash::NewName => self.new_name(order).await,
            OnClash::Keep => {
                let problem = Problem::new(Code::Clash, "compare").with("size", order.fingerprint.size.to_string());
                Err(problem.with("there", size.map_or_else(String::new, |size| size.to_string())))
            }
        }
    }

    /// `name (2).ext`, `name (3).ext`: the first that is free, or that already holds this very content.
    async fn new_name(&self, order: &Order) -> Result<Decision, Problem> {
        for number in 2..1000 {
            let key = numbered(&order.key, number);
            match self.seen_now(order, &key).await? {
                Seen::Nothing => return Ok(Decision::Free(key)),
                Seen::Same(remote, proof) => {
                    return Ok(Decision::Done(Outcome::Proven { remote, proof, same: true, key }));
                }
                Seen::Other { .. } => {}
            }
        }
        Err(Problem::new(Code::Clash, "new name"))
    }
}

/// Part size for an object: what the store takes in one request, or more where its most parts would not suffice.
pub fn part_size(size: u64, abilities: &Abilities) -> u64 {
    const MIB: u64 = 1024 * 1024;
    let least = size.div_ceil(abilities.parts_max.max(1)).div_ceil(MIB) * MIB;
    least.max(abilities.put_limit).clamp(abilities.part_min, abilities.part_max)
}

fn outgoing(order: &Order) -> Outgoing {
    Outgoing {
        key: order.key.clone(),
        size: order.fingerprint.size,
        content_type: order.content_type.clone(),
        mtime_ns: order.fingerprint.mtime_ns,
        existing: order.existing.clone(),
    }
}

fn numbered(key: &Key, number: u32) -> Key {
    let (folder, name) = key.0.rsplit_once('/').map_or(("", key.0.as_str()), |(folder, name)| (folder, name));
    let path = Path::new(name);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    let name = match path.extension().and_then(|extension| extension.to_str()) {
        Some(extension) => format!("{stem} ({number}).{extension}"),
        None => format!("{stem} ({number})"),
    };
    Key(if folder.is_empty() { name } else { format!("{folder}/{name}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_names_keep_folder_and_extension() {
        assert_eq!(numbered(&Key("a/b.c/x.tar.gz".into()), 2).0, "a/b.c/x.tar (2).gz");
        assert_eq!(numbered(&Key("noext".into()), 3).0, "noext (3)");
    }

    #[test]
    fn five_terabytes_fit_into_ten_thousand_parts() {
        let abilities = Abilities {
            wants: gantry_model::Algorithm::Crc64nvme,
            put_limit: 8 << 20,
            part_min: 5 << 20,
            part_max: 5 << 30,
            parts_max: 10_000,
            find_is_cheap: false,
            start_wide: 64,
            place: String::new(),
        };
        assert_eq!(part_size(2 << 30, &abilities), 8 << 20);
        let size = 5_u64 << 40;
        assert!(size.div_ceil(part_size(size, &abilities)) <= 10_000);
    }
}
