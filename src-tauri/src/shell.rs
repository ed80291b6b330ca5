//! What the shell knows while it runs: the data folder, the engine once it is open, and who listens.
//! Questions to the engine may block, so they go to threads of their own and never hold the window.

use crate::waking::Waking;
use crate::wire::{DragEvent, Trouble};
use gantry_engine::Engine;
use gantry_engine::home::Home;
use gantry_model::Problem;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Emitter};

/// The event that the page hears of drags and of what came from outside the page.
const DRAG: &str = "gantry://drag";

/// What a command gives back to the page.
pub(crate) type Answer<T> = Result<T, Trouble>;

/// The shell's own state. Cloning gives another handle on the same.
#[derive(Clone)]
pub(crate) struct Shell(Arc<Inner>);

struct Inner {
    home: Home,
    waking: Waking,
    stream: AtomicU64,
    leaving: AtomicBool,
    left: AtomicBool,
    /// `None` once the page listens; before that, what it has missed.
    missed: Mutex<Option<Vec<DragEvent>>>,
}

impl Shell {
    pub(crate) fn new(home: Home) -> Self {
        Self(Arc::new(Inner {
            home,
            waking: Waking::default(),
            stream: AtomicU64::new(0),
            leaving: AtomicBool::new(false),
            left: AtomicBool::new(false),
            missed: Mutex::new(Some(Vec::new())),
        }))
    }

    pub(crate) fn home(&self) -> &Home {
        &self.0.home
    }

    pub(crate) fn waking(&self) -> &Waking {
        &self.0.waking
    }

    /// Asks the engine on a thread that may block. Waits until the engine is open.
    pub(crate) async fn ask<T, F>(&self, question: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, Problem> + Send + 'static,
    {
        let shell = self.clone();
        aside(move || question(&shell.waking().engine()?).map_err(Trouble::from)).await
    }

    /// Tells the page of a drag. What happens before the page listens reaches it when it does.
    pub(crate) fn tell(&self, app: &AppHandle, event: DragEvent) {
        let mut missed = self.0.missed.lock().unwrap_or_else(PoisonError::into_inner);
        match missed.as_mut() {
            Some(waiting) => waiting.push(event),
            // A page that is gone hears nothing, and nobody else would want to know.
            None => drop(app.emit(DRAG, event)),
        }
    }

    /// A page begins to listen; every earlier stream ends. Gives the number of the new one.
    pub(crate) fn listens(&self, app: &AppHandle) -> u64 {
        let waiting = self.0.missed.lock().unwrap_or_else(PoisonError::into_inner).take();
        for event in waiting.into_iter().flatten() {
            self.tell(app, event);
        }
        self.0.stream.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Whether the stream of this number is still the one that the page hears.
    pub(crate) fn is_heard(&self, stream: u64) -> bool {
        self.0.stream.load(Ordering::SeqCst) == stream && !self.0.leaving.load(Ordering::SeqCst)
    }

    /// True for the first who asks to leave.
    pub(crate) fn leaves(&self) -> bool {
        !self.0.leaving.swap(true, Ordering::SeqCst)
    }

    /// Everything is kept: the program may end.
    pub(crate) fn has_left(&self) -> bool {
        self.0.left.load(Ordering::SeqCst)
    }

    pub(crate) fn set_left(&self) {
        self.0.left.store(true, Ordering::SeqCst);
    }
}

/// Does something that may block on a thread that may.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(stopped) => Err(Trouble::bug(&stopped)),
    }
}
