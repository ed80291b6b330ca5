//! The engine wakes on a thread of its own while the window appears. A journal in trouble does not stop the window:
//! the page is told why, and can ask for the repair. Whoever needs the engine waits here until one of the two is known.

use crate::giving;
use crate::leaving::LAST_WAIT;
use crate::shell::{Answer, Shell};
use crate::window;
use crate::wire::Trouble;
use gantry_engine::home::{Home, Lock};
use gantry_engine::keychain::Keychain;
use gantry_engine::{CannotStart, Engine, Joint, journal};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager};

/// The name under which others find the data folder in use.
const HOLDER: &str = "gantry";

/// How often a data folder in use is looked at again.
const AGAIN: Duration = Duration::from_millis(50);

/// Where the engine is on its way.
#[derive(Clone, Default)]
enum Stage {
    #[default]
    Opening,
    Open(Engine),
    Refused(Refused),
}

/// Why the journal could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// `newer`, `damaged`, `in_use`, `unwritable`.
    pub(crate) word: String,
    /// Facts for the sentence.
    pub(crate) detail: String,
}

/// Holds the engine, or why there is none.
#[derive(Default)]
pub(crate) struct Waking {
    stage: Mutex<Stage>,
    bell: Condvar,
}

impl Waking {
    /// The engine. Waits while it opens.
    pub(crate) fn engine(&self) -> Answer<Engine> {
        let stage = self.known();
        match &*stage {
            Stage::Open(engine) => Ok(engine.clone()),
            Stage::Refused(refused) => Err(Trouble::closed(&refused.word, &refused.detail)),
            Stage::Opening => Err(Trouble::closed("opening", "")),
        }
    }

    /// The engine, however long it takes: a refused journal may be repaired yet. `None` when `still` says no.
    pub(crate) fn engine_some_day(&self, still: impl Fn() -> bool) -> Option<Engine> {
        let mut stage = self.lock();
        while still() {
            if let Stage::Open(engine) = &*stage {
                return Some(engine.clone());
            }
            stage = self.bell.wait(stage).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// The engine if it is open just now.
    pub(crate) fn opened(&self) -> Option<Engine> {
        match &*self.lock() {
            Stage::Open(engine) => Some(engine.clone()),
            _ => None,
        }
    }

    /// Why there is no engine. Waits while it opens.
    pub(crate) fn refused(&self) -> Option<Refused> {
        match &*self.known() {
            Stage::Refused(refused) => Some(refused.clone()),
            _ => None,
        }
    }

    fn set(&self, stage: Stage) {
        *self.lock() = stage;
        self.bell.notify_all();
    }

    fn known(&self) -> MutexGuard<'_, Stage> {
        let stage = self.lock();
        self.bell.wait_while(stage, |stage| matches!(stage, Stage::Opening)).unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the engine on a thread of its own, then takes the paths that the program was started with.
pub(crate) fn begin(app: &AppHandle, paths: Vec<PathBuf>) {
    let app = app.clone();
    std::thread::spawn(move || {
        let shell = app.state::<Shell>().inner().clone();
        wake(&app, &shell);
        if !paths.is_empty() {
            giving::from_outside(&app, &shell, paths);
        }
    });
}

/// Moves a damaged journal aside, keeps what can be read of it, and opens the engine on that.
pub(crate) fn repair(app: &AppHandle, shell: &Shell) -> Answer<()> {
    match shell.waking().refused() {
        Some(refused) if refused.word == "damaged" => {}
        _ => return Ok(()),
    }
    let closed = |word: &str, detail: String| Trouble::closed(word, &detail);
    let lock = Lock::take(shell.home(), HOLDER).map_err(|held| closed("in_use", held.to_string()))?;
    journal::repair(shell.home()).map_err(|cannot| closed(cannot.word(), cannot.detail()))?;
    drop(lock);
    wake(app, shell);
    shell.waking().engine().map(|_| ())
}

fn wake(app: &AppHandle, shell: &Shell) {
    match open(shell.home().clone()) {
        Ok(engine) => {
            let settings = engine.settings();
            window::wear(app, &settings.theme);
            // What cannot go on says so on its own picture; the window opens all the same.
            drop(engine.show_open());
            drop(settings.go_on.then(|| engine.resume_all(false)));
            shell.waking().set(Stage::Open(engine));
        }
        Err(cannot) => {
            let refused = Refused { word: cannot.word().to_owned(), detail: cannot.detail() };
            shell.waking().set(Stage::Refused(refused));
        }
    }
}

/// A window that was closed a moment ago may still finish what was in flight: its data folder is free soon.
fn open(home: Home) -> Result<Engine, CannotStart> {
    let until = Instant::now() + LAST_WAIT * 2;
    loop {
        match Engine::open(home.clone(), HOLDER, joint(), Keychain::of_this_system) {
            Err(CannotStart::InUse { holder }) if holder == HOLDER && Instant::now() < until => std::thread::sleep(AGAIN),
            opened => return opened,
        }
    }
}

/// The two rooms that do not know each other, joined.
fn joint() -> Joint {
    gantry_engine::joint!(gantry_destinations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn whoever_asks_early_waits_and_hears_why_there_is_no_engine() {
        let waking = Arc::new(Waking::default());
        let asks = Arc::clone(&waking);
        let asked = std::thread::spawn(move || asks.engine().map(|_| ()));
        std::thread::sleep(Duration::from_millis(30));
        assert!(!asked.is_finished(), "an answer came before anything was known");
        waking.set(Stage::Refused(Refused { word: "newer".into(), detail: "9".into() }));
        let trouble = asked.join().unwrap().unwrap_err();
        assert_eq!(trouble.code, "journal_closed");
        assert_eq!(trouble.facts.get("why").map(String::as_str), Some("newer"));
        assert_eq!(waking.refused(), Some(Refused { word: "newer".into(), detail: "9".into() }));
        assert!(waking.opened().is_none());
    }
}
