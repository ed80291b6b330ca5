//! The loop that carries out what the core decides: couriers on threads of their own, facts to the journal.
//! What is told to people comes from what the journal has committed, never from here.

use super::core::{Core, Terms};
use super::courier::{Courier, Kit};
use super::desk::Desk;
use super::errand::{Effect, Event, Now, Order, Recorded, Wish, Work};
use gantry_model::{Existing, Problem, Store};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Courier threads of one upload, each with its own client: more of them only share the same two cores.
const THREADS: usize = 2;
/// The core looks at most this often: reports of many couriers are taken together.
const PACE: Duration = Duration::from_millis(3);

/// What the runner needs of the journal and of those who watch.
pub trait Ledger: Send + Sync {
    /// Items of a lane after this one, and whether more follow.
    fn works(&self, small: bool, after: Option<u64>, count: usize) -> Result<(Vec<Work>, bool), Problem>;
    /// Takes facts for the next commit; does not wait.
    fn record(&self, recorded: Vec<Recorded>);
    /// Waits until every fact is on disk.
    fn flush(&self);
    /// All that waits needs the person.
    fn all_stuck(&self, problem: &Problem) -> Result<(), Problem>;
    /// The upload as a whole does not move, for so many milliseconds; `None` when it moves again.
    fn hold(&self, hold: Option<(&Problem, Option<u64>)>);
    /// Requests in flight.
    fn at_once(&self, in_flight: u32);
}

/// Opens a store: once for each courier thread.
pub type Opener = Arc<dyn Fn() -> Result<Arc<dyn Store>, Problem> + Send + Sync>;

/// What a run is made of.
pub struct Setup {
    /// Opens the store.
    pub open: Opener,
    /// What all couriers share.
    pub kit: Arc<Kit>,
    /// What the core must know.
    pub terms: Terms,
    /// What to do where something is there already.
    pub existing: Existing,
    /// Journal and watchers.
    pub ledger: Arc<dyn Ledger>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("terms", &self.terms).finish_non_exhaustive()
    }
}

/// The desk of a run, made before the run so that others can post to it.
pub fn desk(terms: &Terms) -> Arc<Desk> {
    Arc::new(Desk::new(THREADS, terms.start_wide.clamp(1, terms.most.max(1))))
}

/// Runs an upload until nothing is in flight and nothing is to be done, or until the person wants it to rest.
///
/// # Errors
/// The store could not be opened, or the journal could not be read.
pub fn run(setup: &Setup, desk: &Arc<Desk>) -> Result<(), Problem> {
    let mut couriers = Vec::new();
    for thread in 0..THREADS {
        let store = (setup.open)()?;
        let (desk, kit) = (Arc::clone(desk), Arc::clone(&setup.kit));
        couriers.push(std::thread::spawn(move || couriers_thread(thread, store, &kit, &desk)));
    }
    let ended = Loop::new(setup, desk).go();
    desk.close();
    for courier in couriers {
        let _ = courier.join();
    }
    setup.ledger.flush();
    ended
}

fn couriers_thread(thread: usize, store: Arc<dyn Store>, kit: &Arc<Kit>, desk: &Arc<Desk>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let courier = Courier::new(store, Arc::clone(kit));
        let mut out = tokio::task::JoinSet::new();
        while let Some(order) = desk.next(thread).await {
            out.spawn(rounds(thread, courier.clone(), Arc::clone(desk), order));
            while out.try_join_next().is_some() {}
        }
        while out.join_next().await.is_some() {}
    });
}

/// A courier goes out again and again, as long as the desk has something for it.
async fn rounds(thread: usize, courier: Courier, desk: Arc<Desk>, first: Order) {
    let mut order = Some(first);
    while let Some(errand) = order {
        let report = courier.carry_out(&errand).await;
        order = desk.report_and_next(thread, report);
    }
}

struct Loop<'a> {
    setup: &'a Setup,
    desk: &'a Desk,
    core: Core,
    started: Instant,
    wake: Option<Now>,
    events: Vec<Event>,
}

impl<'a> Loop<'a> {
    fn new(setup: &'a Setup, desk: &'a Desk) -> Self {
        let core = Core::new(setup.terms.clone(), fastrand::u64(..));
        Self { setup, desk, core, started: Instant::now(), wake: None, events: vec![Event::Ticked] }
    }

    fn now(&self) -> Now {
        Now(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    fn go(&mut self) -> Result<(), Problem> {
        loop {
            let began = Instant::now();
            let mut effects = Vec::new();
            for event in std::mem::take(&mut self.events) {
                if matches!(event, Event::Reread) {
                    // Facts that are not on disk yet would be read as if they had not happened.
                    self.setup.ledger.flush();
                }
                effects.extend(self.core.step(event, self.now()));
            }
            effects.extend(self.core.go_on(self.now()));
            if self.take(effects)? {
                return Ok(());
            }
            self.setup.ledger.at_once(self.desk.in_flight());
            if self.events.is_empty() {
                std::thread::sleep(PACE.saturating_sub(began.elapsed()));
                self.events = self.desk.collect(self.until());
            }
        }
    }

    fn until(&mut self) -> Instant {
        let wake = self.wake.take().unwrap_or(Now(u64::MAX / 4));
        let wait = Duration::from_millis(wake.0.saturating_sub(self.now().0));
        Instant::now() + wait.min(Duration::from_secs(600))
    }

    /// Carries out the effects; true when the run has settled.
    fn take(&mut self, effects: Vec<Effect>) -> Result<bool, Problem> {
        let (mut orders, mut records) = (Vec::new(), Vec::new());
        let mut settled = false;
        for effect in effects {
            match effect {
                Effect::Fetch { small, after, count } => {
                    let (works, more) = self.setup.ledger.works(small, after, count)?;
                    self.events.push(Event::Fetched { small, works, more });
                }
                Effect::Send(errand) => orders.extend(self.core.order(errand, &self.setup.existing)),
                Effect::Record(recorded) => records.push(*recorded),
                Effect::AllStuck(problem) => {
                    self.setup.ledger.record(std::mem::take(&mut records));
                    self.setup.ledger.flush();
                    self.setup.ledger.all_stuck(&problem)?;
                }
                Effect::Hold(hold) => self.hold(hold),
                Effect::Width(width) => self.desk.widen(width),
                Effect::Recall => {
                    self.desk.lay(orders.drain(..));
                    self.desk.recall();
                }
                Effect::Wake(at) => self.wake = Some(self.wake.map_or(at, |known| known.min(at))),
                Effect::Settled => settled = true,
            }
        }
        if !records.is_empty() {
            self.setup.ledger.record(records);
        }
        self.desk.lay(orders);
        Ok(settled)
    }

    fn hold(&self, hold: Option<(Problem, Option<Now>)>) {
        let now = self.now();
        let hold = hold.as_ref().map(|(problem, until)| (problem, until.map(|until| until.0.saturating_sub(now.0))));
        self.setup.ledger.hold(hold);
    }
}

/// What others may want of a run.
pub fn wish(desk: &Desk, wish: Wish) {
    desk.post(Event::Wished(wish));
}
