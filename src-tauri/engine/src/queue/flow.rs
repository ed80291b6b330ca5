//! One item on its way: which errand comes next, and what a problem means for it. Pure.
//! A part is never sent before the ticket is on disk, and nothing is sealed before every part is confirmed.

use super::errand::{Now, Task, Work};
use gantry_model::{Code, PartNo, Problem, Ticket};

/// Where an item stands between two errands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is known to have happened in this run.
    Fresh,
    /// Something may be there: look before sending.
    Look,
    /// Ask for a ticket.
    Begin,
    /// The ticket is on its way to the disk.
    Committing,
    /// Ask what the store holds of an earlier run.
    Reconcile,
    /// Parts are sent.
    Parts,
    /// Throw the parts away before it begins anew or the person is asked.
    Discard,
}

/// What comes when the parts of a worthless attempt are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It begins anew.
    Anew(Code),
    /// The person is asked.
    Ask(Problem),
}

/// What becomes of an item when its last courier is back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Try again at this time.
    Rest(Now),
    /// Begin anew.
    Over(Code),
    /// Ask the person.
    Stuck(Problem),
}

/// An item in hand.
#[derive(Clone, Debug)]
pub struct InHand {
    /// The item and what the couriers need.
    pub work: Work,
    /// Sent in one request.
    pub small: bool,
    /// Where it stands.
    pub step: Step,
    /// Couriers on their way.
    pub flying: u32,
    /// Parts that still must be sent, last one first.
    pub todo: Vec<u32>,
    /// What becomes of it when all couriers are back.
    pub verdict: Option<Verdict>,
    /// Times it was begun anew.
    pub overs: u32,
    /// An earlier attempt may have worked.
    pub ours: bool,
    /// Other content is there and may be replaced: its ETag.
    pub replace: Option<Option<String>>,
    /// It is in its lane's ready list.
    pub queued: bool,
    /// What comes when the parts are gone.
    pub after_discard: Option<Afterwards>,
}

impl InHand {
    /// An item fresh from the journal. One that was under way before may have been sent by a lost run.
    pub fn new(work: Work, small: bool, look_first: bool) -> Self {
        let before = work.item.state != gantry_model::State::Waiting || work.item.attempts > 0;
        let look = look_first || work.there.is_some();
        let step = match (&work.item.ticket, small) {
            (Some(_), false) => Step::Reconcile,
            _ if look || (before && !small) => Step::Look,
            _ => Step::Fresh,
        };
        Self {
            work,
            small,
            step,
            flying: 0,
            todo: Vec::new(),
            verdict: None,
            overs: 0,
            ours: before,
            replace: None,
            queued: false,
            after_discard: None,
        }
    }

    /// The errand that can go now, if any. Calling it takes the part off the list.
    pub fn next_task(&mut self) -> Option<Task> {
        if self.verdict.is_some() {
            return None;
        }
        if self.small {
            return (self.flying == 0).then_some(Task::Put { look: self.step == Step::Look });
        }
        let ticket = self.work.item.ticket.clone();
        match (&self.step, ticket) {
            (Step::Parts, Some(ticket)) => self.next_of_parts(ticket),
            _ if self.flying > 0 => None,
            (Step::Look, _) => Some(Task::Look),
            (Step::Reconcile, Some(ticket)) => Some(Task::Reconcile(ticket, self.work.item.parts.clone())),
            (Step::Discard, Some(ticket)) => Some(Task::Discard(ticket)),
            (Step::Committing, _) => None,
            _ => Some(Task::Begin),
        }
    }

    fn next_of_parts(&mut self, ticket: Ticket) -> Option<Task> {
        if let Some(number) = self.todo.pop() {
            return Some(Task::Part(ticket, PartNo(number)));
        }
        if self.flying > 0 {
            return None;
        }
        if self.work.item.parts.len() as u64 == self.parts_in_all(ticket.part_size) {
            return Some(Task::Seal(ticket, self.work.item.parts.clone()));
        }
        self.open_parts();
        self.todo.pop().map(|number| Task::Part(ticket, PartNo(number)))
    }

    /// Parts of the whole object.
    pub fn parts_in_all(&self, part_size: u64) -> u64 {
        self.work.item.fingerprint.size.div_ceil(part_size.max(1)).max(1)
    }

    /// The ticket is on disk: every part that is not confirmed is to be sent.
    pub fn open_parts(&mut self) {
        let Some(ticket) = &self.work.item.ticket else {
            self.step = Step::Begin;
            return;
        };
        let all = u32::try_from(self.parts_in_all(ticket.part_size)).unwrap_or(u32::MAX);
        let known: std::collections::HashSet<u32> = self.work.item.parts.iter().map(|part| part.part.0).collect();
        self.todo = (1..=all).rev().filter(|number| !known.contains(number)).collect();
        self.step = Step::Parts;
    }

    /// It has errands to give away now.
    pub fn is_ready(&self) -> bool {
        if self.verdict.is_some() {
            return false;
        }
        match self.step {
            Step::Committing => false,
            Step::Parts => !self.todo.is_empty() || self.flying == 0,
            _ => self.flying == 0,
        }
    }

    /// The graver of two verdicts stands.
    pub fn judge(&mut self, verdict: Verdict) {
        let grave = |verdict: &Verdict| match verdict {
            Verdict::Rest(_) => 0,
            Verdict::Over(_) => 1,
            Verdict::Stuck(_) => 2,
        };
        if self.verdict.as_ref().is_none_or(|known| grave(known) <= grave(&verdict)) {
            self.verdict = Some(verdict);
        }
    }

    /// Where to go on after a rest or a new beginning.
    pub fn again(&mut self) {
        self.todo.clear();
        if self.small {
            self.step = if self.ours || self.step == Step::Look { Step::Look } else { Step::Fresh };
        } else if self.work.item.ticket.is_none() {
            self.step = if self.ours { Step::Look } else { Step::Begin };
        } else if self.step == Step::Parts {
            self.open_parts();
        }
    }
}
