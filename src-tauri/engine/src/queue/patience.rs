//! How long to wait before trying again, and how many at once: pure, for one upload as a whole.
//! Progress resets patience. The store's own wish to wait is honoured for all workers together.

use super::errand::Now;
use std::time::Duration;

/// First wait of the exponential back-off, milliseconds.
const BASE: u64 = 500;
/// Longest wait of the first attempts, milliseconds.
const BURST_CAP: u64 = 20_000;
/// Waits after the first attempts, milliseconds: 1, 5, 15 and 60 minutes, then 60 for ever.
const LONG: [u64; 4] = [60_000, 300_000, 900_000, 3_600_000];
/// Attempts before the long waits begin.
const BURST: u32 = 5;
/// A store may ask for at most this; more is shown and clamped.
const WAIT_CAP: u64 = 3_600_000;

/// The wait before attempt number `attempts + 1`, with full jitter; never shorter than the store's own wish.
pub fn rest(attempts: u32, wish: Option<Duration>, rng: &mut fastrand::Rng) -> u64 {
    let jittered = if attempts <= BURST {
        let cap = (BASE << attempts.min(10)).min(BURST_CAP);
        rng.u64(0..=cap)
    } else {
        let long = LONG[(attempts - BURST - 1).min(3) as usize];
        long - long / 5 + rng.u64(0..=long * 2 / 5)
    };
    let wish = wish.map_or(0, |wish| u64::try_from(wish.as_millis()).unwrap_or(WAIT_CAP).min(WAIT_CAP));
    jittered.max(wish)
}

/// Requests at once for small files. Starts wide, doubles where the store is far away, gives way where requests only wait
/// for each other and when the store asks for it.
#[derive(Clone, Debug)]
pub struct Width {
    now: u32,
    most: u32,
    answers: u32,
    quick: u64,
    /// The quickest answer so far, milliseconds: about how far away the store is.
    near: u64,
    calm_until: Now,
}

/// Answers to watch before the width is judged again.
const WINDOW: u32 = 32;
/// A request that takes longer than this, milliseconds, is worth more company.
const FAR: u64 = 12;
/// Where even the quickest takes so many times as long as the store is away, requests wait for each other.
const QUEUE: u64 = 2;
/// Waiting for each other narrows no further than to this many at once.
const NARROW: u32 = 16;
/// After being asked to slow down, the width only creeps up again for this long, milliseconds.
const CALM: u64 = 60_000;

impl Width {
    /// Starts at `start`, never above `most`.
    pub fn new(start: u32, most: u32) -> Self {
        let most = most.clamp(1, 256);
        Self { now: start.clamp(1, most), most, answers: 0, quick: u64::MAX, near: u64::MAX, calm_until: Now(0) }
    }

    /// Requests at once.
    pub fn get(&self) -> u32 {
        self.now
    }

    /// The person set another bound.
    pub fn bound(&mut self, most: u32) {
        self.most = most.clamp(1, 256);
        self.now = self.now.min(self.most);
    }

    /// A request was answered well after so many milliseconds.
    pub fn answered(&mut self, took: u64, now: Now) {
        self.answers += 1;
        self.quick = self.quick.min(took);
        if self.answers < WINDOW.min(self.now.max(1)) {
            return;
        }
        // The quickest of a window says how far away the store is, unless all of them waited for each other.
        self.near = self.near.min(self.quick);
        if now < self.calm_until {
            self.now = (self.now + 1).min(self.most);
        } else if self.quick >= FAR && self.quick < self.near.saturating_mul(QUEUE) {
            self.now = self.now.saturating_mul(2).min(self.most);
        } else if self.quick >= FAR {
            self.now = (self.now / 2).max(NARROW.min(self.now));
        }
        self.answers = 0;
        self.quick = u64::MAX;
    }

    /// The store asked to slow down.
    pub fn throttled(&mut self, now: Now) {
        self.now = (self.now / 2).max(1);
        self.answers = 0;
        self.calm_until = now.plus(CALM);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_moments_to_an_hour_and_stay_there() {
        let mut rng = fastrand::Rng::with_seed(7);
        for attempts in 0..=BURST {
            assert!(rest(attempts, None, &mut rng) <= BURST_CAP);
        }
        for attempts in 9..40 {
            let wait = rest(attempts, None, &mut rng);
            assert!((2_880_000..=4_320_000).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn the_stores_wish_is_honoured_and_clamped_to_an_hour() {
        let mut rng = fastrand::Rng::with_seed(7);
        assert!(rest(0, Some(Duration::from_secs(30)), &mut rng) >= 30_000);
        assert_eq!(rest(0, Some(Duration::from_secs(999_999_999)), &mut rng), WAIT_CAP);
    }

    #[test]
    fn a_far_store_gets_more_at_once_and_a_tired_one_fewer() {
        let mut width = Width::new(64, 256);
        for _ in 0..200 {
            width.answered(50, Now(0));
        }
        assert_eq!(width.get(), 256);
        width.throttled(Now(1000));
        width.throttled(Now(1000));
        assert_eq!(width.get(), 64);
        for _ in 0..64 {
            width.answered(50, Now(2000));
        }
        assert!(width.get() < 70, "creeps up while calm, {}", width.get());
    }

    #[test]
    fn a_near_store_that_is_slow_gets_fewer_at_once() {
        let mut width = Width::new(64, 256);
        let answers = |took: u64, width: &mut Width| (0..64).for_each(|_| width.answered(took, Now(0)));
        answers(3, &mut width);
        assert_eq!(width.get(), 64);
        (0..10).for_each(|_| answers(30, &mut width));
        assert_eq!(width.get(), NARROW, "they only wait for each other");
        (0..10).for_each(|_| answers(5, &mut width));
        assert_eq!(width.get(), NARROW, "fewer serve as well");
        let mut few = Width::new(4, 4);
        few.answered(1, Now(0));
        (0..10).for_each(|_| answers(40, &mut few));
        assert_eq!(few.get(), 4, "what a person chose is narrow enough");
    }

    #[test]
    fn the_persons_bound_holds() {
        let mut width = Width::new(64, 4);
        for _ in 0..500 {
            width.answered(80, Now(0));
        }
        assert_eq!(width.get(), 4);
    }
}
