//! What a courier's report changes: progress resets patience, trouble is judged by its reaction and class.
//! An item's verdict is carried out only when all its couriers are back.

use super::{Core, Line};
use crate::queue::errand::{Effect, Now, Outcome, Recorded, Report};
use crate::queue::flow::{Afterwards, Step, Verdict};
use crate::queue::patience::rest;
use gantry_model::{Class, Code, Fact, Problem, Proof, Reaction, RemoteRef};

/// Times an item is begun anew before the person is asked.
const OVERS: u32 = 3;
/// Refusals in a row, with nothing going through, after which nobody is asked any more.
const DENIALS: u32 = 16;

impl Core {
    pub(super) fn reported(&mut self, report: Report, now: Now, effects: &mut Vec<Effect>) {
        let Some(hand) = self.hands.get_mut(&report.ord) else { return };
        hand.flying -= 1;
        if hand.small {
            self.flying_small -= 1
        } else {
            self.flying_parts -= 1
        }
        let ord = report.ord;
        match report.outcome {
            Outcome::Recalled => self.recalled(ord, report.part),
            Outcome::Problem(problem) => {
                hand.ours |= report.wrote;
                if report.part > 0 {
                    hand.todo.push(report.part);
                }
                self.tripped(ord, problem, now, effects);
            }
            good => {
                self.answered(report.took, report.part > 0, now, effects);
                self.went_well(ord, good, effects);
            }
        }
        self.sentence(ord, effects);
    }

    fn recalled(&mut self, ord: u64, part: u32) {
        if let Line::Down { probing, .. } = &mut self.line {
            *probing = false;
        }
        if let Some(hand) = self.hands.get_mut(&ord)
            && part > 0
        {
            hand.todo.push(part);
        }
        self.enqueue(ord, true);
    }

    fn answered(&mut self, took: u64, part: bool, now: Now, effects: &mut Vec<Effect>) {
        self.denials = 0;
        self.slowed = 0;
        self.line_up(effects);
        if let Some((_, Some(_))) = self.weary.take() {
            effects.push(Effect::Hold(None));
        }
        if !part {
            let before = self.width.get();
            self.width.answered(took, now);
            if before != self.width.get() {
                effects.push(Effect::Width(self.width.get()));
            }
        }
    }

    fn line_up(&mut self, effects: &mut Vec<Effect>) {
        if self.line != Line::Open {
            self.line = Line::Open;
            effects.push(Effect::Hold(None));
        }
    }

    fn went_well(&mut self, ord: u64, outcome: Outcome, effects: &mut Vec<Effect>) {
        let Some(hand) = self.hands.get_mut(&ord) else { return };
        match outcome {
            Outcome::Proven { remote, proof, same, key } => {
                hand.work.item.key = key;
                let fact = proven(same && !hand.ours, remote, proof);
                self.note(ord, fact, effects);
                self.let_go(ord);
                return;
            }
            Outcome::Absent(key) => {
                hand.work.item.key = key;
                hand.step = Step::Begin;
            }
            Outcome::ToReplace(etag) => {
                hand.replace = Some(etag);
                hand.step = Step::Begin;
            }
            Outcome::Begun(ticket) => {
                hand.step = Step::Committing;
                self.note(ord, Fact::Begun(ticket), effects);
            }
            Outcome::PartStored(proof) => self.note(ord, Fact::PartStored(proof), effects),
            Outcome::Held(parts) => {
                hand.work.item.parts = parts;
                hand.open_parts();
            }
            Outcome::Discarded => {
                self.discarded(ord, true, effects);
                return;
            }
            Outcome::Recalled | Outcome::Problem(_) => {}
        }
        self.enqueue(ord, true);
    }

    /// The parts of a worthless attempt are gone, or the store would not let go of them.
    fn discarded(&mut self, ord: u64, gone: bool, effects: &mut Vec<Effect>) {
        match self.hands.get_mut(&ord).and_then(|hand| hand.after_discard.take()) {
            Some(Afterwards::Anew(code)) if gone => self.anew(ord, code, effects),
            Some(Afterwards::Anew(code)) => {
                self.note(ord, Fact::Stuck(code, Problem::new(code, "discard").detail()), effects);
                self.let_go(ord);
            }
            Some(Afterwards::Ask(problem)) => {
                if gone {
                    self.note(ord, Fact::StartedOver(problem.code), effects);
                }
                self.note(ord, Fact::Stuck(problem.code, problem.detail()), effects);
                self.let_go(ord);
            }
            None => {}
        }
    }

    fn tripped(&mut self, ord: u64, problem: Problem, now: Now, effects: &mut Vec<Effect>) {
        let line = problem.reaction == Reaction::Retry && matches!(problem.code.class(), Class::Network | Class::Throttled);
        if !line {
            self.line_up(effects);
            if self.hands.get(&ord).is_some_and(|hand| hand.after_discard.is_some()) {
                self.discarded(ord, false, effects);
                return;
            }
        }
        match (problem.reaction, problem.code.class()) {
            (Reaction::AskUser, _) => {
                if self.ending.is_none() {
                    effects.push(Effect::Recall);
                    self.ending = Some(problem);
                }
                self.judge(ord, Verdict::Rest(now));
            }
            (Reaction::Retry, Class::Network) => {
                self.line_down(problem, now, effects);
                self.judge(ord, Verdict::Rest(now));
            }
            (Reaction::Retry, Class::Throttled) => {
                self.throttled(problem, now, effects);
                self.judge(ord, Verdict::Rest(self.quiet_until));
            }
            (Reaction::Retry, _) => {
                self.note(ord, Fact::Tripped(problem.code), effects);
                let attempts = self.hands.get(&ord).map_or(0, |hand| hand.work.item.attempts);
                let until = now.plus(rest(attempts, problem.wait, &mut self.rng));
                if problem.code.class() == Class::Unknown {
                    let told = self.weary.take().and_then(|(_, told)| told);
                    self.weary = Some((problem, told));
                }
                self.judge(ord, Verdict::Rest(until));
            }
            (Reaction::StartOver, _) => self.judge(ord, Verdict::Over(problem.code)),
            (Reaction::GiveUp, _) => self.given_up(ord, problem, effects),
        }
    }

    fn given_up(&mut self, ord: u64, problem: Problem, effects: &mut Vec<Effect>) {
        if problem.code == Code::AccessDenied {
            self.denials += 1;
            if self.denials >= DENIALS && self.ending.is_none() {
                effects.push(Effect::Recall);
                self.ending = Some(problem.clone());
            }
        }
        self.judge(ord, Verdict::Stuck(problem));
    }

    fn judge(&mut self, ord: u64, verdict: Verdict) {
        if let Some(hand) = self.hands.get_mut(&ord) {
            hand.judge(verdict);
        }
    }

    fn line_down(&mut self, problem: Problem, now: Now, effects: &mut Vec<Effect>) {
        let tries = match &self.line {
            Line::Open => 0,
            // Couriers that were on their way when the line broke say nothing new.
            Line::Down { probing: false, .. } => return,
            Line::Down { tries, .. } => tries + 1,
        };
        let until = now.plus(rest(tries.min(5), problem.wait, &mut self.rng));
        if tries == 0 {
            effects.push(Effect::Recall);
        }
        self.line = Line::Down { tries, until, probing: false };
        effects.push(Effect::Hold(Some((problem, Some(until)))));
        effects.push(Effect::Wake(until));
    }

    fn throttled(&mut self, problem: Problem, now: Now, effects: &mut Vec<Effect>) {
        if self.quiet_until > now {
            return;
        }
        self.width.throttled(now);
        self.quiet_until = now.plus(rest(self.slowed, problem.wait, &mut self.rng));
        self.slowed += 1;
        effects.push(Effect::Recall);
        effects.push(Effect::Width(self.width.get()));
        effects.push(Effect::Hold(Some((problem, Some(self.quiet_until)))));
        self.line = Line::Down { tries: 0, until: self.quiet_until, probing: false };
    }

    /// The last courier of an item is back: what was judged is carried out.
    fn sentence(&mut self, ord: u64, effects: &mut Vec<Effect>) {
        let Some(hand) = self.hands.get_mut(&ord) else { return };
        if hand.flying > 0 {
            return;
        }
        let Some(verdict) = hand.verdict.take() else { return };
        match verdict {
            Verdict::Rest(until) => {
                hand.again();
                self.resting.insert((until, ord));
            }
            Verdict::Over(code) if hand.overs < OVERS => self.begin_anew(ord, code, effects),
            Verdict::Over(code) => self.ask(ord, Problem::new(code, "start over"), effects),
            Verdict::Stuck(problem) => self.ask(ord, problem, effects),
        }
    }

    /// What was begun is thrown away first: afterwards nobody knows of it.
    fn begin_anew(&mut self, ord: u64, code: Code, effects: &mut Vec<Effect>) {
        if self.hands.get(&ord).is_some_and(|hand| !hand.small && hand.work.item.ticket.is_some()) {
            self.discard_first(ord, Afterwards::Anew(code));
        } else {
            self.anew(ord, code, effects);
        }
    }

    fn discard_first(&mut self, ord: u64, afterwards: Afterwards) {
        if let Some(hand) = self.hands.get_mut(&ord) {
            hand.step = Step::Discard;
            hand.todo.clear();
            hand.after_discard = Some(afterwards);
        }
        self.enqueue(ord, true);
    }

    fn anew(&mut self, ord: u64, code: Code, effects: &mut Vec<Effect>) {
        self.note(ord, Fact::StartedOver(code), effects);
        if let Some(hand) = self.hands.get_mut(&ord) {
            hand.overs += 1;
            hand.ours = true;
            hand.step = Step::Look;
            hand.todo.clear();
        }
        self.enqueue(ord, true);
    }

    /// Parts of a source that changed are worthless: they are thrown away before the person is asked.
    fn ask(&mut self, ord: u64, problem: Problem, effects: &mut Vec<Effect>) {
        let Some(hand) = self.hands.get_mut(&ord) else { return };
        let worthless = matches!(
            problem.code,
            Code::SourceChanged | Code::SourceGone | Code::SourceNotAFile | Code::SourceIsFolder | Code::Clash
        );
        if worthless && hand.work.item.ticket.is_some() && hand.step != Step::Discard {
            self.discard_first(ord, Afterwards::Ask(problem));
            return;
        }
        let detail = problem.detail();
        self.note(ord, Fact::Stuck(problem.code, detail), effects);
        self.let_go(ord);
    }

    fn note(&mut self, ord: u64, fact: Fact, effects: &mut Vec<Effect>) {
        let Some(hand) = self.hands.get_mut(&ord) else { return };
        let before = hand.work.item.state;
        if hand.work.item.apply(fact.clone()).is_ok() {
            // The parts travel in their own facts: copying them all with each would grow with the square of the file.
            let parts = std::mem::take(&mut hand.work.item.parts);
            let item = hand.work.item.clone();
            hand.work.item.parts = parts;
            effects.push(Effect::Record(Box::new(Recorded { before, item, fact })));
        }
    }

    fn let_go(&mut self, ord: u64) {
        if let Some(hand) = self.hands.remove(&ord) {
            let lane = if hand.small { &mut self.small } else { &mut self.big };
            lane.held -= 1;
        }
    }
}

fn proven(same: bool, remote: RemoteRef, proof: Proof) -> Fact {
    if same { Fact::FoundSame(remote, proof) } else { Fact::Verified(remote, proof) }
}
