//! One gate for each origin and key in this process. Who is told to slow down closes it, and all others wait there too.
//! It knows no rate of its own: what it knows is what the platform's refusals said.

use gantry_model::{Code, Problem};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Who would have to wait longer is told so instead: the queue can show that, a call that hangs cannot.
const LONGEST: Duration = Duration::from_secs(60);
/// The pause after a refusal that says no time; it doubles with each further one.
const FIRST: Duration = Duration::from_secs(1);

/// Gates by origin and a hash of the key.
type Gates = Mutex<HashMap<(String, u64), Arc<Gate>>>;

/// All gates. The hash means nothing outside this process.
static GATES: LazyLock<(RandomState, Gates)> = LazyLock::new(Default::default);

/// What holds callers back.
#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Closed until then.
    until: Option<Instant>,
    /// When it was closed last: refusals of requests that were under way by then say nothing new.
    closed: Option<Instant>,
    /// The last pause that was chosen here.
    pause: Duration,
}

impl Gate {
    /// The gate of this origin and key.
    pub(super) fn of(origin: &str, key: &str) -> Arc<Self> {
        let (hasher, gates) = &*GATES;
        let name = (origin.to_owned(), hasher.hash_one(key));
        Arc::clone(gates.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default())
    }

    /// Waits until it is open; gives the time at which the request sets out.
    pub(super) async fn pass(&self, doing: &'static str) -> Result<Instant, Problem> {
        loop {
            let now = Instant::now();
            let rest = self.state().until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
            if rest.is_zero() {
                return Ok(now);
            }
            if rest > LONGEST {
                return Err(Problem::new(Code::SlowDown, doing).after(Some(rest)));
            }
            tokio::time::sleep(rest).await;
        }
    }

    /// A request that set out at `began` was refused, with the wait that was asked for, if any.
    pub(super) fn refused(&self, began: Instant, wait: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.state();
        let is_news = state.closed.is_none_or(|closed| began >= closed);
        let pause = match wait {
            Some(wait) => wait,
            None if is_news => {
                state.pause = (state.pause * 2).clamp(FIRST, LONGEST);
                state.pause
            }
            None => return,
        };
        state.closed = Some(now);
        state.until = state.until.max(Some(now + pause));
    }

    /// A request that set out at `began` was not refused.
    pub(super) fn answered(&self, began: Instant) {
        let mut state = self.state();
        if state.closed.is_none_or(|closed| began >= closed) {
            state.pause = Duration::ZERO;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
