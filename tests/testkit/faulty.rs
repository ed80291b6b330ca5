//! A store that goes wrong on purpose: the n-th call of a kind fails, loses its answer, is slow, or lies.
//! Deterministic: the same faults and the same calls go wrong in the same way.

use crate::call::{Call, Counts};
use crate::digests;
use async_trait::async_trait;
use gantry_model::{
    Abilities, Access, Body, Code, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere, Problem, RemoteRef, Rule, Store,
    Ticket,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not made; the problem is the answer.
    Refuse(Problem),
    /// It is made, and its answer is lost: the code is usually [`Code::TimedOut`] or [`Code::ConnectionLost`].
    LoseAnswer(Code),
    /// It is not made: [`Code::SlowDown`] with this wait.
    Throttle(Duration),
    /// It is made after this time.
    Delay(Duration),
    /// It is not made, and the answer says that it worked, without a checksum. For `put`, `send`, `seal`, `discard`;
    /// `find` finds nothing and `list` is empty.
    Pretend,
    /// It is made, and the answer has no checksum.
    HideChecksum,
    /// It is made, and the answer has another checksum than what was stored.
    WrongChecksum,
    /// It is made, and the answer says one byte more than was stored.
    WrongSize,
}

/// Which calls of a kind go wrong, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The n-th only.
    Nth(u64),
    /// The n-th and all after it.
    From(u64),
    /// The first n.
    First(u64),
    /// Every n-th.
    Every(u64),
    /// All.
    Always,
}

impl When {
    fn fits(self, seen: u64) -> bool {
        match self {
            Self::Nth(n) => seen == n,
            Self::From(n) => seen >= n,
            Self::First(n) => seen <= n,
            Self::Every(n) => n > 0 && seen.is_multiple_of(n),
            Self::Always => true,
        }
    }
}

#[derive(Debug, Default)]
struct Plan {
    faults: Vec<(Call, When, Fault)>,
    counts: Counts,
    struck: u64,
}

/// A store behind which another one does the work. Clones share the plan.
#[derive(Clone, Debug)]
pub struct Faulty {
    store: Arc<dyn Store>,
    plan: Arc<Mutex<Plan>>,
}

impl Faulty {
    /// Nothing goes wrong yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, plan: Arc::default() }
    }

    /// Adds a fault. Where several fit one call, the one that was added first counts.
    #[must_use]
    pub fn on(self, call: Call, when: When, fault: Fault) -> Self {
        self.add(call, when, fault);
        self
    }

    /// Adds a fault while it runs.
    pub fn add(&self, call: Call, when: When, fault: Fault) {
        self.lock().faults.push((call, when, fault));
    }

    /// From now on all goes well.
    pub fn heal(&self) {
        self.lock().faults.clear();
    }

    /// A handle as the engine takes it.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    /// How often each call was asked for.
    pub fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    /// How often a fault struck. A test that wants trouble asserts that it had some.
    pub fn struck(&self) -> u64 {
        self.lock().struck
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().expect("no test panics while it holds the plan")
    }

    fn next(&self, call: Call) -> Option<Fault> {
        let mut plan = self.lock();
        let seen = plan.counts.count(call);
        let fault = plan.faults.iter().find(|(on, when, _)| *on == call && when.fits(seen)).map(|(.., fault)| fault.clone());
        plan.struck += u64::from(fault.is_some());
        fault
    }

    /// What stands before a call: an answer at once, or the fault that its answer has to go through.
    async fn before(&self, call: Call) -> Result<Option<Fault>, Problem> {
        match self.next(call) {
            Some(Fault::Refuse(problem)) => Err(problem),
            Some(Fault::Throttle(wait)) => Err(Problem::new(Code::SlowDown, call.word()).after(Some(wait))),
            Some(Fault::Delay(time)) => {
                tokio::time::sleep(time).await;
                Ok(None)
            }
            fault => Ok(fault),
        }
    }
}

fn lost<T>(fault: Option<&Fault>, call: Call, answer: T) -> Result<T, Problem> {
    match fault {
        Some(Fault::LoseAnswer(code)) => Err(Problem::new(*code, call.word())),
        _ => Ok(answer),
    }
}

fn bent(fault: Option<&Fault>, mut said: RemoteRef) -> RemoteRef {
    match fault {
        Some(Fault::HideChecksum) => said.digest = None,
        Some(Fault::WrongChecksum) => said.digest = said.digest.map(digests::another),
        Some(Fault::WrongSize) => said.size = said.size.map(|size| size + 1),
        _ => {}
    }
    said
}

fn invented() -> RemoteRef {
    RemoteRef { etag: Some("nothing-is-there".into()), ..RemoteRef::default() }
}

#[async_trait]
impl Store for Faulty {
    fn abilities(&self) -> Abilities {
        self.store.abilities()
    }

    fn rules(&self) -> &'static [Rule] {
        self.store.rules()
    }

    fn url(&self, key: &Key) -> String {
        self.store.url(key)
    }

    fn streams(&self) -> Option<&dyn gantry_model::TakesStreams> {
        None
    }

    fn presigns(&self) -> Option<&dyn gantry_model::Presigns> {
        None
    }

    async fn try_access(&self, prefix: &str) -> Result<Access, Problem> {
        let fault = self.before(Call::TryAccess).await?;
        lost(fault.as_ref(), Call::TryAccess, self.store.try_access(prefix).await?)
    }

    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        let fault = self.before(Call::List).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(Page::default());
        }
        lost(fault.as_ref(), Call::List, self.store.list(prefix, after).await?)
    }

    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        let fault = self.before(Call::Find).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(None);
        }
        let said = self.store.find(key).await?.map(|said| bent(fault.as_ref(), said));
        lost(fault.as_ref(), Call::Find, said)
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        let fault = self.before(Call::Put).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(invented());
        }
        let said = bent(fault.as_ref(), self.store.put(item, body).await?);
        lost(fault.as_ref(), Call::Put, said)
    }

    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        let fault = self.before(Call::Begin).await?;
        lost(fault.as_ref(), Call::Begin, self.store.begin(item, part_size).await?)
    }

    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        let fault = self.before(Call::Send).await?;
        if fault == Some(Fault::Pretend) {
            let size = body.bytes.len() as u64;
            return Ok(PartProof { part, size, etag: "nothing-is-there".into(), digest: body.digest });
        }
        lost(fault.as_ref(), Call::Send, self.store.send(ticket, part, body).await?)
    }

    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        let fault = self.before(Call::Parts).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(PartsThere::Unsaid);
        }
        lost(fault.as_ref(), Call::Parts, self.store.parts(ticket).await?)
    }

    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem> {
        let fault = self.before(Call::Seal).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(invented());
        }
        let said = bent(fault.as_ref(), self.store.seal(item, ticket, parts, whole).await?);
        lost(fault.as_ref(), Call::Seal, said)
    }

    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem> {
        let fault = self.before(Call::Discard).await?;
        if fault == Some(Fault::Pretend) {
            return Ok(());
        }
        lost(fault.as_ref(), Call::Discard, self.store.discard(ticket).await?)
    }
}
