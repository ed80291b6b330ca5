//! What one fake is made of: the platform, its storage, what it was asked, and what is to go wrong.

use super::ango::Ango;
use super::asked::{Asked, Key, Side};
use super::labelbox::Labelbox;
use super::reply::Reply;
use super::segments::Segments;
use super::shelf::Shelf;
use super::sums::Intake;
use super::switches::{Fault, Manners, Trouble, What, matches};
use super::{Options, Vendor, storage};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Requests that are remembered.
const REMEMBERED: usize = 50_000;

/// What differs from vendor to vendor.
pub(super) trait Platform: Debug + Send {
    /// What a request is for.
    fn kind(&self, asked: &Asked) -> String;
    /// How many rows a request brings, when it brings rows.
    fn rows(&self, asked: &Asked) -> Option<usize>;
    /// Does what is asked.
    fn answer(&mut self, asked: &Asked, site: &mut Site<'_>) -> Reply;
    /// The vendor's words for a trouble.
    fn says(&self, trouble: &Trouble, asked: &Asked, manners: &Manners) -> Reply;
    /// An answer with nothing in the place of the promised object.
    fn emptied(&self, asked: &Asked, nothing: Value) -> Value;
    /// Datasets or projects go: all, or the one of this name or id.
    fn remove(&mut self, container: Option<&str>);
    /// Puts the example in.
    fn seed(&mut self);
    /// What opens a customer's bucket to it.
    fn integrations(&self) -> Value;
    /// Its datasets or projects, with their rows or without.
    fn containers(&self, rows: bool) -> Value;
}

/// What a platform may use while it answers.
pub(super) struct Site<'a> {
    /// `http://127.0.0.1:PORT` of the storage.
    pub(super) storage: String,
    pub(super) shelf: &'a mut Shelf,
    pub(super) manners: &'a Manners,
    pub(super) violations: Vec<String>,
}

#[derive(Debug, Default)]
struct Memory {
    mark: String,
    requests: VecDeque<Asked>,
    counts: BTreeMap<String, u64>,
    violations: Vec<String>,
    recent: VecDeque<Instant>,
}

/// One fake.
#[derive(Debug)]
pub(super) struct House {
    options: Options,
    api: SocketAddr,
    storage: SocketAddr,
    shelf: Mutex<Shelf>,
    memory: Mutex<Memory>,
    faults: Mutex<Vec<Fault>>,
    manners: Mutex<Manners>,
    platform: Mutex<Box<dyn Platform>>,
}

/// A test that panics while it holds a lock has failed already; its fake can still be looked at.
fn held<T: ?Sized>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

fn usual(vendor: Vendor) -> Manners {
    let file_limit = match vendor {
        Vendor::Segments => 100_000_000,
        Vendor::Labelbox => 1_024 * 1_000_000,
        Vendor::Ango => 5 * 1024 * 1024 * 1024,
    };
    Manners { file_limit, ..Manners::default() }
}

impl House {
    pub(super) fn new(options: Options, api: SocketAddr, storage: SocketAddr) -> Self {
        let platform: Box<dyn Platform> = match options.vendor {
            Vendor::Segments => Box::<Segments>::default(),
            Vendor::Labelbox => Box::<Labelbox>::default(),
            Vendor::Ango => Box::<Ango>::default(),
        };
        let shelf = Mutex::new(Shelf::new(options.vendor == Vendor::Ango));
        let manners = Mutex::new(usual(options.vendor));
        let (memory, faults) = Default::default();
        Self { options, api, storage, shelf, memory, faults, manners, platform: Mutex::new(platform) }
    }

    pub(super) fn vendor(&self) -> Vendor {
        self.options.vendor
    }

    pub(super) fn intake(&self) -> Intake {
        Intake { keep: self.options.keep, sums: self.options.sums }
    }

    pub(super) fn url(&self) -> String {
        let end = if self.vendor() == Vendor::Labelbox { "/graphql" } else { "" };
        format!("http://{}{end}", self.api)
    }

    pub(super) fn storage_url(&self) -> String {
        format!("http://{}", self.storage)
    }

    pub(super) fn fail(&self, fault: Fault) {
        held(&self.faults).push(fault);
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut held(&self.manners));
    }

    pub(super) fn manners(&self) -> Manners {
        held(&self.manners).clone()
    }

    pub(super) fn calm(&self) {
        held(&self.faults).clear();
        *held(&self.manners) = usual(self.vendor());
    }

    pub(super) fn seed(&self) {
        held(&self.platform).seed();
    }

    pub(super) fn mark(&self, mark: &str) {
        mark.clone_into(&mut held(&self.memory).mark);
    }

    pub(super) fn requests(&self) -> Vec<Asked> {
        held(&self.memory).requests.iter().cloned().collect()
    }

    pub(super) fn forget_requests(&self) {
        let mut memory = held(&self.memory);
        memory.requests.clear();
        memory.counts.clear();
    }

    pub(super) fn count(&self, kind: &str) -> u64 {
        held(&self.memory).counts.iter().filter(|(one, _)| matches(kind, one)).map(|(_, count)| count).sum()
    }

    pub(super) fn violations(&self) -> Vec<String> {
        held(&self.memory).violations.clone()
    }

    pub(super) fn state(&self, rows: bool) -> Value {
        let platform = held(&self.platform);
        let (containers, integrations) = (platform.containers(rows), platform.integrations());
        drop(platform);
        let objects = held(&self.shelf).state();
        let memory = held(&self.memory);
        json!({"platform": self.vendor().word(), "url": self.url(), "storage": self.storage_url(), "containers": containers, "integrations": integrations,
               "objects": objects, "counts": memory.counts, "violations": memory.violations})
    }

    /// Says what a request is for, counts it and remembers it.
    pub(super) fn note(&self, mut asked: Asked) -> Asked {
        asked.kind = match asked.side {
            Side::Api => held(&self.platform).kind(&asked),
            Side::Storage => format!("storage_{}", asked.method.to_ascii_lowercase()),
        };
        let mut memory = held(&self.memory);
        asked.mark.clone_from(&memory.mark);
        *memory.counts.entry(asked.kind.clone()).or_default() += 1;
        if memory.requests.len() == REMEMBERED {
            memory.requests.pop_front();
        }
        memory.requests.push_back(asked.clone());
        asked
    }

    /// What goes wrong with this request. What the platform says about keys and plans, its storage does not know.
    pub(super) fn met(&self, asked: &Asked) -> Vec<What> {
        let strange =
            |what: &What| asked.side == Side::Storage && matches!(what, What::Refuse(trouble) if trouble.is_of_account());
        let mut faults = held(&self.faults);
        let of_this_side = faults.iter_mut().filter(|fault| !strange(&fault.what));
        of_this_side.filter_map(|fault| fault.meets(&asked.kind).then(|| fault.what.clone())).collect()
    }

    /// More calls within a minute than are answered.
    pub(super) fn too_often(&self, asked: &Asked) -> Option<Reply> {
        let allowed = held(&self.manners).calls_a_minute.filter(|_| asked.side == Side::Api)?;
        let mut memory = held(&self.memory);
        let minute = Duration::from_secs(60);
        while memory.recent.front().is_some_and(|at| at.elapsed() > minute) {
            memory.recent.pop_front();
        }
        if memory.recent.len() as u64 >= allowed {
            let wait = memory.recent.front().map_or(60, |at| minute.saturating_sub(at.elapsed()).as_secs() + 1);
            drop(memory);
            return Some(self.says(&Trouble::Throttled(Some(wait)), asked));
        }
        memory.recent.push_back(Instant::now());
        None
    }

    pub(super) fn says(&self, trouble: &Trouble, asked: &Asked) -> Reply {
        let manners = self.manners();
        match asked.side {
            Side::Api => held(&self.platform).says(trouble, asked, &manners),
            Side::Storage => storage::says(trouble, &manners),
        }
    }

    pub(super) fn emptied(&self, asked: &Asked, nothing: Value) -> Value {
        held(&self.platform).emptied(asked, nothing)
    }

    pub(super) fn remove(&self, container: Option<&str>) {
        held(&self.platform).remove(container);
    }

    /// Does what is asked.
    pub(super) fn act(&self, asked: &Asked) -> Reply {
        let manners = self.manners();
        if asked.side == Side::Storage {
            let (reply, wrong) = storage::answer(asked, &mut held(&self.shelf), &manners);
            held(&self.memory).violations.extend(wrong);
            return reply;
        }
        match asked.key {
            Key::None => return self.says(&Trouble::NoKey, asked),
            Key::Wrong => return self.says(&Trouble::WrongKey, asked),
            Key::Right => {}
        }
        let mut platform = held(&self.platform);
        let too_many = |limit: usize| platform.rows(asked).is_some_and(|rows| rows > limit);
        if manners.rows_limit.is_some_and(too_many) {
            return platform.says(&Trouble::TooLarge, asked, &manners);
        }
        let mut shelf = held(&self.shelf);
        let violations = Vec::new();
        let mut site = Site { storage: self.storage_url(), shelf: &mut shelf, manners: &manners, violations };
        let reply = platform.answer(asked, &mut site);
        held(&self.memory).violations.extend(site.violations);
        reply
    }
}
