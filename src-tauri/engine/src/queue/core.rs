//! The core of the queue: `step(event, now) -> effects`. No clock, no I/O, no threads.
//! It alone changes items; recovery after a crash, retry and resume are the same path through it.

mod answers;

use super::errand::{Effect, Errand, Event, Now, Order, Wish, Work};
use super::flow::{InHand, Step};
use super::lanes::{BIG_SHARE, Lane, SMALL_SHARE};
use super::patience::Width;
use gantry_model::{Existing, Item, Problem};
use std::collections::{BTreeSet, HashMap};

/// Errands given away beyond the width, so that couriers never wait for the core.
const RESERVE: u32 = 192;
/// Parts in flight at once: more of them only share the same line and memory.
const PARTS_AT_ONCE: u32 = 4;

/// What the core must know of the store and of the person's wishes.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Look at each key before sending (a look costs nothing there).
    pub look_first: bool,
    /// Requests at once to begin with.
    pub start_wide: u32,
    /// Most requests at once.
    pub most: u32,
}

/// The line to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Open,
    Down { tries: u32, until: Now, probing: bool },
}

/// The queue's state for one upload.
#[derive(Clone, Debug)]
pub struct Core {
    terms: Terms,
    hands: HashMap<u64, InHand>,
    small: Lane,
    big: Lane,
    resting: BTreeSet<(Now, u64)>,
    flying_small: u32,
    flying_parts: u32,
    width: Width,
    line: Line,
    quiet_until: Now,
    slowed: u32,
    denials: u32,
    /// The last trouble of a store that answers, but answers nothing well; until when that was told.
    weary: Option<(Problem, Option<Now>)>,
    wish: Wish,
    ending: Option<Problem>,
    settled: bool,
    rng: fastrand::Rng,
}

impl Core {
    /// A core at rest; [`Event::Ticked`] sets it going.
    pub fn new(terms: Terms, seed: u64) -> Self {
        let width = Width::new(terms.start_wide, terms.most);
        Self {
            terms,
            hands: HashMap::new(),
            small: Lane::new(SMALL_SHARE),
            big: Lane::new(BIG_SHARE),
            resting: BTreeSet::new(),
            flying_small: 0,
            flying_parts: 0,
            width,
            line: Line::Open,
            quiet_until: Now(0),
            slowed: 0,
            denials: 0,
            weary: None,
            wish: Wish::Run,
            ending: None,
            settled: false,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// Requests given away and not answered yet.
    pub fn in_flight(&self) -> u32 {
        self.flying_small + self.flying_parts
    }

    /// One thing happened; this is what to do.
    pub fn step(&mut self, event: Event, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Fetched { small, works, more } => self.fetched(small, works, more),
            Event::Reported(report) => self.reported(report, now, &mut effects),
            Event::Committed(ord, handle) => self.committed(ord, &handle),
            Event::Ticked => {}
            Event::Wished(wish) => self.wished(wish, &mut effects),
            Event::Reread => {
                self.small.reread();
                self.big.reread();
                self.settled = false;
            }
            Event::Bounds(most) => {
                self.width.bound(most);
                effects.push(Effect::Width(self.width.get()));
            }
        }
        effects
    }

    /// After a batch of events: wake what has rested, give errands away, read ahead, say when all is done.
    pub fn go_on(&mut self, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.wake(now);
        if self.may_send() {
            self.give_away(now, &mut effects);
            self.read_ahead(&mut effects);
        }
        self.conclude(&mut effects);
        effects
    }

    fn may_send(&self) -> bool {
        self.wish == Wish::Run && self.ending.is_none()
    }

    fn fetched(&mut self, small: bool, works: Vec<Work>, more: bool) {
        let lane = if small { &mut self.small } else { &mut self.big };
        lane.fetching = false;
        lane.ended = !more;
        for work in works {
            let ord = work.item.ord;
            lane.after = Some(lane.after.map_or(ord, |after| after.max(ord)));
            if self.hands.contains_key(&ord) || !work.item.state.is_under_way() {
                continue;
            }
            lane.held += 1;
            let mut hand = InHand::new(work, small, self.terms.look_first);
            hand.queued = true;
            lane.ready.push_back(ord);
            self.hands.insert(ord, hand);
        }
    }

    fn committed(&mut self, ord: u64, handle: &str) {
        if let Some(hand) = self.hands.get_mut(&ord)
            && hand.step == Step::Committing
            && hand.work.item.ticket.as_ref().is_some_and(|ticket| ticket.handle == handle)
        {
            hand.open_parts();
            self.enqueue(ord, false);
        }
    }

    fn wished(&mut self, wish: Wish, effects: &mut Vec<Effect>) {
        self.wish = wish;
        self.settled = false;
        match wish {
            Wish::Rest | Wish::Hold => effects.push(Effect::Recall),
            Wish::Run => {
                // Whatever rested is tried at once: the person asked for it.
                self.ending = None;
                self.line = Line::Open;
                self.quiet_until = Now(0);
                let rested: Vec<u64> = std::mem::take(&mut self.resting).into_iter().map(|(_, ord)| ord).collect();
                for ord in rested {
                    self.enqueue(ord, false);
                }
            }
        }
    }

    fn wake(&mut self, now: Now) {
        while let Some(&(until, ord)) = self.resting.first() {
            if until > now {
                break;
            }
            self.resting.pop_first();
            self.enqueue(ord, false);
        }
    }

    fn enqueue(&mut self, ord: u64, first: bool) {
        let Some(hand) = self.hands.get_mut(&ord) else { return };
        if hand.queued || !hand.is_ready() {
            return;
        }
        hand.queued = true;
        let lane = if hand.small { &mut self.small } else { &mut self.big };
        if first { lane.ready.push_front(ord) } else { lane.ready.push_back(ord) }
    }

    fn give_away(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if self.quiet_until > now {
            effects.push(Effect::Wake(self.quiet_until));
            return;
        }
        if let Line::Down { tries, until, probing } = self.line {
            if probing || self.in_flight() > 0 {
                return;
            }
            if until > now {
                effects.push(Effect::Wake(until));
                return;
            }
            let probing = self.give_one(true, effects) || self.give_one(false, effects);
            self.line = Line::Down { tries, until, probing };
            return;
        }
        while self.flying_small < self.width.get() + RESERVE && self.give_one(true, effects) {}
        while self.flying_parts < PARTS_AT_ONCE.min(self.width.get()) && self.give_one(false, effects) {}
    }

    fn give_one(&mut self, small: bool, effects: &mut Vec<Effect>) -> bool {
        let lane = if small { &mut self.small } else { &mut self.big };
        while let Some(ord) = lane.ready.pop_front() {
            let Some(hand) = self.hands.get_mut(&ord) else { continue };
            hand.queued = false;
            let Some(task) = hand.next_task() else { continue };
            hand.flying += 1;
            if small {
                self.flying_small += 1
            } else {
                self.flying_parts += 1
            }
            if hand.is_ready() {
                hand.queued = true;
                lane.ready.push_front(ord);
            }
            effects.push(Effect::Send(Errand { ord, task }));
            return true;
        }
        false
    }

    fn read_ahead(&mut self, effects: &mut Vec<Effect>) {
        for (small, lane) in [(true, &mut self.small), (false, &mut self.big)] {
            let count = lane.wants();
            if count > 0 {
                lane.fetching = true;
                effects.push(Effect::Fetch { small, after: lane.after, count });
            }
        }
    }

    fn conclude(&mut self, effects: &mut Vec<Effect>) {
        if let Some(&(until, _)) = self.resting.first()
            && self.may_send()
        {
            effects.push(Effect::Wake(until));
        }
        self.tell_weary(effects);
        let reading = self.small.fetching || self.big.fetching;
        if self.settled || self.in_flight() > 0 || reading {
            return;
        }
        if let Some(problem) = self.ending.take() {
            self.drop_all();
            effects.push(Effect::AllStuck(problem));
            self.wish = Wish::Rest;
        }
        let done = self.hands.is_empty() && self.small.ended && self.big.ended;
        if done || self.wish == Wish::Rest {
            self.settled = true;
            effects.push(Effect::Settled);
        }
    }

    /// All that could go rests after trouble: people are told why nothing moves, and when it is tried again.
    fn tell_weary(&mut self, effects: &mut Vec<Effect>) {
        let all_rest = self.in_flight() == 0 && self.small.ready.is_empty() && self.big.ready.is_empty();
        if !all_rest || self.line != Line::Open || !self.may_send() {
            return;
        }
        if let (Some((problem, told)), Some(&(until, _))) = (&mut self.weary, self.resting.first())
            && *told != Some(until)
        {
            *told = Some(until);
            effects.push(Effect::Hold(Some((problem.clone(), Some(until)))));
        }
    }

    fn drop_all(&mut self) {
        self.hands.clear();
        self.resting.clear();
        for lane in [&mut self.small, &mut self.big] {
            lane.ready.clear();
            lane.held = 0;
            lane.ended = true;
        }
    }
}

/// What the runner and a simulator may look at.
impl Core {
    /// Everything that a courier needs for an errand that was just given away.
    pub fn order(&self, errand: Errand, existing: &Existing) -> Option<Order> {
        let hand = self.hands.get(&errand.ord)?;
        let work = &hand.work;
        let existing = match &hand.replace {
            Some(etag) => Existing::Replace(etag.clone()),
            None => existing.clone(),
        };
        Some(Order {
            key: work.item.key.clone(),
            source: work.source.clone(),
            fingerprint: work.item.fingerprint,
            content_type: work.content_type.clone(),
            existing,
            there: work.there.clone(),
            on_clash: work.on_clash,
            ours: hand.ours,
            prepare: work.prepare.clone(),
            errand,
        })
    }

    /// The items in hand.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.hands.values().map(|hand| &hand.work.item)
    }
}
