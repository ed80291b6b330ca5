//! What the clerk does next about the rows of one upload: pure, no clock, no I/O.
//! A row is never sent twice without a look in between, and never called failed or done before the platform was asked.

use super::errand::Now;
use super::patience::rest;
use gantry_model::{Class, Code, Habits, Problem, Reaction};
use std::collections::{BTreeMap, VecDeque};

/// Rows that are ready wait at most so long for company, milliseconds.
const GATHER: u64 = 400;
/// After a doubtful call the platform is asked after so many milliseconds, then again, up to the end of its settle window.
const LOOKS: [u64; 4] = [5_000, 15_000, 60_000, 180_000];
/// While rows go, a long look is followed by this many times its own length without one: what is in doubt gathers for the next.
const BETWEEN_LOOKS: u64 = 4;

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask the platform whether it has these rows.
    Look(Vec<u64>),
    /// Send these rows; first write down that they are asked for.
    Register(Vec<u64>),
    /// Nothing before this time, unless rows become ready.
    Wait(Now),
    /// Nothing until rows become ready.
    Idle,
    /// Every row has its answer and no more will come.
    Done,
}

/// What a look said about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It is there, for our objects, or for something else: either way it has its answer.
    There,
    /// It is not there.
    Missing,
}

/// What became of rows whose call did not go well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// The call was not taken: the rows wait again.
    NotTaken,
    /// Nobody knows: they stay asked for, and the platform is asked before they are sent again.
    Doubt,
    /// One row alone was refused: it needs the person.
    Refused,
    /// No row can go on without the person.
    Ended,
}

/// A row whose answer is not known.
#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// Until when it may still come.
    settled: Now,
    /// When the platform is asked about it.
    look: Now,
    looks: usize,
}

/// The clerk's memory for one upload.
#[derive(Debug)]
pub struct Clerk {
    habits: Habits,
    ready: VecDeque<u64>,
    doubts: BTreeMap<u64, Doubt>,
    width: usize,
    gathered: Option<Now>,
    /// When the look that is under way began.
    looking: Option<Now>,
    /// No long look before this time while rows go.
    look_again: Now,
    resting: Now,
    tries: u32,
    closed: bool,
    rng: fastrand::Rng,
}

impl Clerk {
    /// A clerk with nothing on the desk.
    pub fn new(habits: Habits, seed: u64) -> Self {
        let width = habits.rows_per_call.max(1);
        Self {
            habits,
            ready: VecDeque::new(),
            doubts: BTreeMap::new(),
            width,
            gathered: None,
            looking: None,
            look_again: Now(0),
            resting: Now(0),
            tries: 0,
            closed: false,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// Rows that can be registered now.
    pub fn ready(&mut self, rows: impl IntoIterator<Item = u64>, now: Now) {
        self.ready.extend(rows);
        if !self.ready.is_empty() {
            self.gathered.get_or_insert(now);
        }
    }

    /// A row that an earlier run asked for and that has no answer: it may still come until `settled`.
    pub fn doubtful(&mut self, n: u64, settled: Now, now: Now) {
        self.doubts.insert(n, Doubt { settled, look: now, looks: 0 });
    }

    /// No more rows will become ready.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Room on the desk: rows that are ready and not sent stay few, whatever the upload holds.
    pub fn wants(&self) -> usize {
        (self.habits.rows_per_call * 2).saturating_sub(self.ready.len())
    }

    /// What to do now.
    pub fn next(&mut self, now: Now) -> Step {
        if now < self.resting {
            return Step::Wait(self.resting);
        }
        let due: Vec<u64> = self.doubts.iter().filter(|(_, doubt)| doubt.look <= now).map(|(n, _)| *n).collect();
        let held = self.holds_back(&due, now);
        if !due.is_empty() && !held {
            self.looking = Some(now);
            return Step::Look(due);
        }
        let waited = self.gathered.is_some_and(|since| since.plus(GATHER) <= now);
        if self.ready.len() >= self.width || (!self.ready.is_empty() && (self.closed || waited)) {
            let count = self.width.min(self.ready.len());
            let rows = self.ready.drain(..count).collect();
            self.gathered = if self.ready.is_empty() { None } else { Some(now) };
            return Step::Register(rows);
        }
        let gather = self.gathered.map(|since| since.plus(GATHER));
        let looks = self.doubts.values().map(|doubt| if held { doubt.look.max(self.look_again) } else { doubt.look });
        match looks.chain(gather).min() {
            Some(at) => Step::Wait(at),
            None if self.closed => Step::Done,
            None => Step::Idle,
        }
    }

    /// Many rows are found by reading the platform's whole list: that is not done for every call while others can go.
    fn holds_back(&self, due: &[u64], now: Now) -> bool {
        let busy = !self.closed || !self.ready.is_empty();
        busy && due.len() > self.habits.lookup_few && now < self.look_again
    }

    /// A call went well; these rows of it were not spoken of.
    pub fn answered(&mut self, unsaid: &[u64], now: Now) {
        self.tries = 0;
        self.width = (self.width * 2).min(self.habits.rows_per_call.max(1));
        self.doubt(unsaid, now);
    }

    /// A call was broken off: nobody knows what became of its rows.
    pub fn broken_off(&mut self, rows: &[u64], now: Now) {
        self.doubt(rows, now);
    }

    /// A call did not go well.
    pub fn tripped(&mut self, rows: &[u64], problem: &Problem, now: Now) -> After {
        if problem.reaction == Reaction::AskUser {
            return After::Ended;
        }
        if problem.reaction == Reaction::GiveUp {
            if rows.len() <= 1 {
                return After::Refused;
            }
            self.width = rows.len().div_ceil(2);
            self.put_back(rows);
            return After::NotTaken;
        }
        self.rest(problem, now);
        if problem.code.class() == Class::Throttled || problem.code == Code::Offline {
            self.put_back(rows);
            return After::NotTaken;
        }
        self.doubt(rows, now);
        After::Doubt
    }

    /// A look did not go well: the same rows are asked about later.
    pub fn look_tripped(&mut self, problem: &Problem, now: Now) -> After {
        if problem.reaction == Reaction::AskUser {
            return After::Ended;
        }
        self.rest(problem, now);
        After::Doubt
    }

    /// What a look said. Rows that may be sent again are on the desk afterwards, and are given back: they are no longer asked for.
    pub fn looked(&mut self, said: &[(u64, Looked)], now: Now) -> Vec<u64> {
        self.tries = 0;
        let took = self.looking.take().map_or(0, |began| now.0.saturating_sub(began.0));
        self.look_again = now.plus(took * BETWEEN_LOOKS);
        let mut again = Vec::new();
        for (n, looked) in said {
            let Some(mut doubt) = self.doubts.remove(n) else { continue };
            if *looked == Looked::There {
                continue;
            }
            if self.habits.unique_keys || now >= doubt.settled {
                again.push(*n);
                continue;
            }
            let wait = LOOKS[doubt.looks.min(LOOKS.len() - 1)];
            doubt.looks += 1;
            doubt.look = now.plus(wait).min(doubt.settled);
            self.doubts.insert(*n, doubt);
        }
        self.ready(again.iter().copied(), now);
        again
    }

    fn rest(&mut self, problem: &Problem, now: Now) {
        self.resting = now.plus(rest(self.tries, problem.wait, &mut self.rng));
        self.tries += 1;
    }

    fn put_back(&mut self, rows: &[u64]) {
        for n in rows.iter().rev() {
            self.ready.push_front(*n);
        }
        self.gathered.get_or_insert(Now(0));
    }

    fn doubt(&mut self, rows: &[u64], now: Now) {
        let settled = now.plus(u64::try_from(self.habits.settle.as_millis()).unwrap_or(u64::MAX));
        self.doubts.extend(rows.iter().map(|n| (*n, Doubt { settled, look: now, looks: 0 })));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn clerk(unique_keys: bool) -> Clerk {
        let settle = if unique_keys { Duration::ZERO } else { Duration::from_secs(180) };
        Clerk::new(Habits { rows_per_call: 100, unique_keys, folds_case: false, lookup_few: 50, settle }, 7)
    }

    fn trouble(code: Code) -> Problem {
        Problem::new(code, "register")
    }

    #[test]
    fn rows_gather_for_a_moment_and_go_at_once_when_nothing_more_comes() {
        let mut clerk = clerk(true);
        assert_eq!(clerk.next(Now(0)), Step::Idle);
        clerk.ready(0..3, Now(0));
        assert_eq!(clerk.next(Now(1)), Step::Wait(Now(400)));
        clerk.close();
        assert_eq!(clerk.next(Now(2)), Step::Register(vec![0, 1, 2]));
        clerk.answered(&[], Now(3));
        assert_eq!(clerk.next(Now(3)), Step::Done);
    }

    #[test]
    fn after_an_unclear_answer_the_platform_is_asked_before_anything_is_sent_again() {
        let mut clerk = clerk(false);
        clerk.ready(0..2, Now(0));
        clerk.close();
        assert_eq!(clerk.next(Now(0)), Step::Register(vec![0, 1]));
        assert_eq!(clerk.tripped(&[0, 1], &trouble(Code::TimedOut), Now(10)), After::Doubt);
        let Step::Wait(mut now) = clerk.next(Now(10)) else { panic!("it rests first") };
        assert_eq!(clerk.next(now), Step::Look(vec![0, 1]));
        assert!(clerk.looked(&[(0, Looked::There), (1, Looked::Missing)], now).is_empty());
        // What may still come is waited for; only then the row is sent again.
        let mut sent = None;
        for _ in 0..20 {
            match clerk.next(now) {
                Step::Wait(at) => now = at,
                Step::Look(rows) => drop(clerk.looked(&rows.iter().map(|n| (*n, Looked::Missing)).collect::<Vec<_>>(), now)),
                Step::Register(rows) => {
                    sent = Some((rows, now));
                    break;
                }
                step => panic!("{step:?}"),
            }
        }
        let (rows, at) = sent.expect("it is sent again in the end");
        assert_eq!(rows, vec![1]);
        assert!(at >= Now(180_010), "sent again at {at:?}, inside the settle window");
    }

    #[test]
    fn where_keys_are_unique_a_missing_row_is_sent_again_at_once() {
        let mut clerk = clerk(true);
        clerk.ready([5], Now(0));
        clerk.close();
        clerk.next(Now(0));
        clerk.tripped(&[5], &trouble(Code::ServerError), Now(0));
        let Step::Wait(at) = clerk.next(Now(0)) else { panic!("it rests first, or looks at once") };
        assert_eq!(clerk.next(at), Step::Look(vec![5]));
        assert_eq!(clerk.looked(&[(5, Looked::Missing)], at), vec![5]);
        assert_eq!(clerk.next(at), Step::Register(vec![5]));
    }

    #[test]
    fn a_refused_call_is_halved_until_the_one_bad_row_stands_alone() {
        let mut clerk = clerk(true);
        clerk.ready(0..100, Now(0));
        clerk.close();
        let (mut refused, mut good, mut calls) = (Vec::new(), 0, 0);
        loop {
            match clerk.next(Now(calls)) {
                Step::Register(rows) => {
                    calls += 1;
                    if rows.contains(&37) {
                        match clerk.tripped(&rows, &trouble(Code::RowRefused), Now(calls)) {
                            After::Refused => refused.extend(rows),
                            after => assert_eq!(after, After::NotTaken),
                        }
                    } else {
                        good += rows.len();
                        clerk.answered(&[], Now(calls));
                    }
                }
                Step::Done => break,
                step => panic!("{step:?}"),
            }
        }
        assert_eq!((refused, good), (vec![37], 99));
        assert!(calls < 25, "{calls} calls");
    }

    #[test]
    fn while_rows_go_a_long_list_is_not_read_again_for_every_call_that_left_some_out() {
        let mut clerk = clerk(true);
        let (mut now, mut looks, mut sent) = (Now(0), 0, 0);
        let mut next = 0..5_000;
        loop {
            let new: Vec<u64> = next.by_ref().take(clerk.wants()).collect();
            if new.is_empty() {
                clerk.close();
            }
            clerk.ready(new, now);
            match clerk.next(now) {
                Step::Register(rows) => {
                    now = now.plus(10);
                    sent += rows.len();
                    clerk.answered(&rows, now);
                }
                Step::Look(rows) => {
                    looks += 1;
                    now = now.plus(1_000);
                    drop(clerk.looked(&rows.iter().map(|n| (*n, Looked::There)).collect::<Vec<_>>(), now));
                }
                Step::Wait(at) => now = at,
                Step::Idle => panic!("it waits for nothing"),
                Step::Done => break,
            }
        }
        assert_eq!(sent, 5_000);
        assert!(looks <= 3, "the list was read {looks} times for 50 calls");
    }

    #[test]
    fn a_platform_that_asks_to_slow_down_gets_its_time_and_the_rows_are_not_in_doubt() {
        let mut clerk = clerk(false);
        clerk.ready([1], Now(0));
        clerk.close();
        clerk.next(Now(0));
        let problem = trouble(Code::SlowDown).after(Some(Duration::from_secs(30)));
        assert_eq!(clerk.tripped(&[1], &problem, Now(0)), After::NotTaken);
        let Step::Wait(at) = clerk.next(Now(1)) else { panic!("it did not rest") };
        assert!(at >= Now(30_000));
        assert_eq!(clerk.next(at), Step::Register(vec![1]));
    }
}
