//! The world around the core: a far side that loses answers, sources that change, a journal that forgets its
//! uncommitted tail in a power cut. Everything follows from the seed; nothing here reads a clock.

use fastrand::Rng;
use gantry_engine::queue::core::Core;
use gantry_engine::queue::errand::{Errand, Now, Outcome, Recorded, Report, Task, Work};
use gantry_model::{Algorithm, Code, Digest, Fact, Fingerprint, Item, Key, PartProof, Problem, Proof, RemoteRef, State, Ticket};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A defect that is planted on purpose, to see that the invariants bite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// None.
    Nothing,
    /// A lost answer to a write is reported as proven.
    LostIsProven,
    /// A changed source is sent without a word.
    ChangeUnseen,
    /// Parts are sent before the ticket is on disk.
    TicketNotAwaited,
    /// A problem of one item makes it vanish from the books.
    ItemForgotten,
}

/// One file of the world.
#[derive(Clone, Debug)]
pub struct File {
    pub parts: u32,
    pub version: u64,
    pub walked: u64,
    pub forbidden: bool,
}

/// An errand under way.
#[derive(Clone, Debug)]
pub struct Flight {
    pub at: Now,
    pub errand: Errand,
    pub key: Key,
    pub walked: u64,
}

/// Bytes of a part in this world.
pub const PART: u64 = 10;

/// The whole world.
#[derive(Clone, Debug)]
pub struct World {
    pub rng: Rng,
    pub now: Now,
    pub plant: Plant,
    pub files: Vec<File>,
    pub objects: BTreeMap<String, u64>,
    pub tickets: HashMap<String, BTreeMap<u32, u64>>,
    pub rows: Vec<Item>,
    pub unwritten: Vec<Recorded>,
    pub flights: Vec<Flight>,
    pub faults: bool,
    pub down_until: Now,
    pub crashes: u32,
    /// Tickets that were on disk once.
    pub written: HashSet<String>,
    pub broken: Option<String>,
    pub trace: u64,
    handles: u64,
}

impl World {
    pub fn new(seed: u64, plant: Plant) -> Self {
        let mut rng = Rng::with_seed(seed);
        let count = rng.usize(1..30);
        let files: Vec<File> = (0..count)
            .map(|_| {
                let parts = if rng.u32(0..4) == 0 { rng.u32(2..7) } else { 1 };
                let version = rng.u64(1..1_000_000);
                File { parts, version, walked: version, forbidden: rng.u32(0..25) == 0 }
            })
            .collect();
        let rows = files.iter().enumerate().map(|(ord, file)| row(ord as u64, file)).collect();
        let mut objects = BTreeMap::new();
        for (ord, file) in files.iter().enumerate() {
            match rng.u32(0..20) {
                0 => drop(objects.insert(key(ord as u64).0, file.version)),
                1 => drop(objects.insert(key(ord as u64).0, 0)),
                _ => {}
            }
        }
        Self {
            rng,
            now: Now(1000),
            plant,
            files,
            objects,
            tickets: HashMap::new(),
            rows,
            unwritten: Vec::new(),
            flights: Vec::new(),
            faults: true,
            down_until: Now(0),
            crashes: 0,
            written: HashSet::new(),
            broken: None,
            trace: seed,
            handles: 0,
        }
    }

    /// What the journal would hand out.
    pub fn works(&self, small: bool, after: Option<u64>, count: usize) -> (Vec<Work>, bool) {
        let mut found: Vec<Work> = self
            .rows
            .iter()
            .filter(|item| after.is_none_or(|after| item.ord > after))
            .filter(|item| item.state.is_under_way() && (self.files[item.ord as usize].parts == 1) == small)
            .take(count + 1)
            .map(|item| Work {
                prepare: None,
                item: item.clone(),
                source: std::path::PathBuf::new(),
                content_type: String::new(),
                there: self.objects.contains_key(&item.key.0).then_some((PART, None)),
                on_clash: None,
            })
            .collect();
        let more = found.len() > count;
        found.truncate(count);
        (found, more)
    }

    /// Some or all records reach the disk, in order; says whose tickets did.
    pub fn commit(&mut self, count: usize) -> Vec<(u64, String)> {
        let records: Vec<Recorded> = self.unwritten.drain(..count.min(self.unwritten.len())).collect();
        let begun = |record: &Recorded| match &record.fact {
            Fact::Begun(ticket) => Some((record.item.ord, ticket.handle.clone())),
            _ => None,
        };
        let tickets = records.iter().filter_map(begun).collect();
        for record in records {
            self.written.extend(begun(&record).map(|(_, handle)| handle));
            self.write(record);
        }
        tickets
    }

    fn write(&mut self, record: Recorded) {
        let ord = record.item.ord;
        let row = &mut self.rows[ord as usize];
        let mut parts = std::mem::take(&mut row.parts);
        match &record.fact {
            Fact::PartStored(part) => {
                parts.retain(|known| known.part != part.part);
                parts.push(part.clone());
            }
            _ if record.item.ticket.is_none() => parts.clear(),
            Fact::Begun(_) => parts.clear(),
            _ => {}
        }
        *row = Item { parts, ..record.item };
        if matches!(row.state, State::Verified | State::Same) {
            let there = self.objects.get(&row.key.0).copied();
            let walked = self.files[ord as usize].walked;
            if there != Some(walked) {
                self.broken
                    .get_or_insert(format!("item {ord} is {} but the store holds {there:?}, not {walked}", row.state.word()));
            }
        }
    }

    /// Carries out one errand as a courier would, and says what comes back.
    pub fn carry_out(&mut self, flight: &Flight) -> Report {
        let task = flight.errand.task.clone();
        let ord = flight.errand.ord;
        let (outcome, wrote) = self.outcome(flight, &task);
        self.trace = self.trace.rotate_left(5) ^ ord ^ (u64::from(task.part()) << 32) ^ outcome_number(&outcome);
        Report { ord, part: task.part(), wrote, outcome, took: 5 }
    }

    fn outcome(&mut self, flight: &Flight, task: &Task) -> (Outcome, bool) {
        if self.faults {
            if self.now < self.down_until {
                return (Outcome::Problem(Problem::new(Code::Offline, "sim")), false);
            }
            match self.rng.u32(0..40) {
                0 => return (Outcome::Problem(Problem::new(Code::ServerError, "sim")), task.writes()),
                1 => return (Outcome::Problem(Problem::new(Code::SlowDown, "sim")), false),
                2 | 3 => return self.lost(flight, task),
                _ => {}
            }
        }
        let outcome = self.done(flight, task);
        (outcome, false)
    }

    /// The errand works, or does not, and the answer is lost either way.
    fn lost(&mut self, flight: &Flight, task: &Task) -> (Outcome, bool) {
        if self.rng.bool() {
            let done = self.done(flight, task);
            if matches!(done, Outcome::Problem(_)) {
                return (done, false);
            }
        }
        if self.plant == Plant::LostIsProven && task.writes() {
            return (proven(flight.walked, flight.key.clone(), false), false);
        }
        (Outcome::Problem(Problem::new(Code::TimedOut, "sim")), task.writes())
    }

    fn done(&mut self, flight: &Flight, task: &Task) -> Outcome {
        let file = self.files[flight.errand.ord as usize].clone();
        let reads = !matches!(task, Task::Reconcile(..) | Task::Discard(_));
        let changed = file.version != flight.walked;
        if reads && changed && self.plant != Plant::ChangeUnseen {
            return Outcome::Problem(Problem::new(Code::SourceChanged, "sim"));
        }
        if file.forbidden && task.writes() {
            return Outcome::Problem(Problem::new(Code::AccessDenied, "sim"));
        }
        match task {
            Task::Put { .. } => self.put(flight, file.version),
            Task::Look => match self.objects.get(&flight.key.0) {
                None => Outcome::Absent(flight.key.clone()),
                Some(there) if *there == flight.walked => proven(*there, flight.key.clone(), true),
                Some(_) => Outcome::Problem(Problem::new(Code::Clash, "sim")),
            },
            Task::Begin => {
                self.handles += 1;
                let handle = format!("t{}", self.handles);
                self.tickets.insert(handle.clone(), BTreeMap::new());
                let ticket = Ticket { key: flight.key.clone(), handle, part_size: PART, algorithm: Algorithm::Crc64nvme };
                Outcome::Begun(ticket)
            }
            Task::Part(ticket, number) => self.part(flight, ticket, number.0, file.version),
            Task::Reconcile(ticket, known) => self.reconcile(flight, ticket, known),
            Task::Seal(ticket, parts) => self.seal(flight, ticket, parts),
            Task::Discard(ticket) => {
                self.tickets.remove(&ticket.handle);
                Outcome::Discarded
            }
        }
    }

    fn put(&mut self, flight: &Flight, version: u64) -> Outcome {
        match self.objects.get(&flight.key.0) {
            Some(there) if *there == flight.walked => proven(*there, flight.key.clone(), true),
            Some(_) => Outcome::Problem(Problem::new(Code::Clash, "sim")),
            None => {
                self.objects.insert(flight.key.0.clone(), version);
                proven(flight.walked, flight.key.clone(), false)
            }
        }
    }

    fn part(&mut self, flight: &Flight, ticket: &Ticket, number: u32, version: u64) -> Outcome {
        let known = self.rows[flight.errand.ord as usize].ticket.as_ref();
        if known.is_none_or(|known| known.handle != ticket.handle) {
            self.broken.get_or_insert(format!("part {number} of {} is sent, and its ticket is not on disk", flight.errand.ord));
        }
        let Some(parts) = self.tickets.get_mut(&ticket.handle) else {
            return Outcome::Problem(Problem::new(Code::TicketGone, "sim"));
        };
        parts.insert(number, version);
        let digest = Digest::Crc64nvme(version ^ u64::from(number));
        Outcome::PartStored(PartProof {
            part: gantry_model::PartNo(number),
            size: PART,
            etag: format!("{version}-{number}"),
            digest,
        })
    }

    fn reconcile(&mut self, flight: &Flight, ticket: &Ticket, known: &[PartProof]) -> Outcome {
        match self.tickets.get(&ticket.handle) {
            Some(parts) => Outcome::Held(known.iter().filter(|part| parts.contains_key(&part.part.0)).cloned().collect()),
            None => match self.objects.get(&flight.key.0) {
                Some(there) if *there == flight.walked => proven(*there, flight.key.clone(), true),
                _ => Outcome::Problem(Problem::new(Code::TicketGone, "sim")),
            },
        }
    }

    fn seal(&mut self, flight: &Flight, ticket: &Ticket, parts: &[PartProof]) -> Outcome {
        let Some(there) = self.tickets.get(&ticket.handle) else {
            return Outcome::Problem(Problem::new(Code::TicketGone, "sim"));
        };
        if self.faults && self.rng.u32(0..12) == 0 {
            // The store has the parts and wants none of them: it must be begun anew, and they must go.
            return Outcome::Problem(Problem::new(Code::ChecksumDiffers, "sim"));
        }
        let wanted = self.files[flight.errand.ord as usize].parts as usize;
        let versions: Vec<u64> = there.values().copied().collect();
        if parts.len() != wanted || versions.len() != wanted {
            self.broken.get_or_insert(format!("item {} is sealed with {} of {wanted} parts", flight.errand.ord, parts.len()));
        }
        if self.objects.contains_key(&flight.key.0) {
            return Outcome::Problem(Problem::new(Code::Clash, "sim"));
        }
        let content = if versions.iter().all(|version| *version == flight.walked) { flight.walked } else { u64::MAX };
        self.tickets.remove(&ticket.handle);
        self.objects.insert(flight.key.0.clone(), content);
        if content == flight.walked {
            return proven(content, flight.key.clone(), false);
        }
        Outcome::Problem(Problem::new(Code::ChecksumDiffers, "sim"))
    }

    /// An errand leaves: its key and what the walk saw travel with it.
    pub fn send(&mut self, core: &Core, errand: Errand) {
        let Some(order) = core.order(errand.clone(), &gantry_model::Existing::Refuse) else { return };
        let at = self.now.plus(self.rng.u64(1..60));
        let walked = order.fingerprint.mtime_ns as u64;
        self.flights.push(Flight { at, errand, key: order.key, walked });
    }
}

pub fn key(ord: u64) -> Key {
    Key(format!("k/{ord:03}"))
}

fn row(ord: u64, file: &File) -> Item {
    let fingerprint = Fingerprint { size: u64::from(file.parts) * PART, mtime_ns: file.walked as i64, ..Fingerprint::default() };
    Item::waiting(ord, key(ord), fingerprint)
}

fn proven(version: u64, key: Key, same: bool) -> Outcome {
    let digest = Digest::Crc64nvme(version);
    let remote = RemoteRef { size: None, digest: Some(digest), etag: None, version: None, url: None };
    Outcome::Proven { remote, proof: Proof::Checksum(digest), same, key }
}

fn outcome_number(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Proven { same, .. } => 1 + u64::from(*same),
        Outcome::Absent(_) => 3,
        Outcome::ToReplace(_) => 4,
        Outcome::Begun(_) => 5,
        Outcome::PartStored(_) => 6,
        Outcome::Held(_) => 7,
        Outcome::Discarded => 8,
        Outcome::Recalled => 9,
        Outcome::Problem(problem) => 16 + problem.code as u64,
    }
}
