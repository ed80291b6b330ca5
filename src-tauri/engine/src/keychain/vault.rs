//! What a place for secrets can do, and the thread that keeps a hanging one from hanging everything.

use gantry_model::view::KeychainState;
use gantry_model::{Code, Problem};
use secrecy::zeroize::Zeroizing;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Why a vault did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// Nothing that keeps secrets runs here.
    Absent,
    /// It is there and locked, and nobody unlocked it.
    Locked,
    /// It is there, open, and refused.
    Refused,
}

impl VaultError {
    fn problem(self, doing: &'static str) -> Problem {
        match self {
            Self::Absent => Problem::new(Code::KeychainAbsent, doing),
            Self::Locked => Problem::new(Code::KeychainLocked, doing),
            Self::Refused => Problem::new(Code::KeychainAbsent, doing).with("said", "refused"),
        }
    }
}

/// A place for secrets. An entry is found by its name and the id of the data folder; people see the name.
pub trait Vault: Debug + Send + Sync {
    /// Whether it is there and open; raises no prompt.
    fn state(&self) -> KeychainState;

    /// What an entry holds, if there is one.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, name: &str, folder_id: &str) -> Result<Option<Zeroizing<String>>, VaultError>;

    /// Creates an entry or changes what it holds.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn write(&self, name: &str, folder_id: &str, text: &str) -> Result<(), VaultError>;

    /// Takes an entry away, if there is one.
    ///
    /// # Errors
    /// Why it cannot be taken away.
    fn remove(&self, name: &str, folder_id: &str) -> Result<(), VaultError>;
}

type Job = Box<dyn FnOnce(&dyn Vault) + Send>;

/// A vault whose calls run one after the other on a thread of their own, each given up after a limit.
#[derive(Debug)]
pub(super) struct OnItsThread {
    vault: Arc<dyn Vault>,
    limit: Duration,
    jobs: Mutex<Option<Sender<Job>>>,
}

impl OnItsThread {
    pub(super) fn new(vault: Arc<dyn Vault>, limit: Duration) -> Self {
        Self { vault, limit, jobs: Mutex::new(None) }
    }

    /// A vault that does not answer in time is locked: what it waits for is a person.
    pub(super) fn state(&self) -> KeychainState {
        self.ask(|vault| vault.state()).unwrap_or(KeychainState::Locked)
    }

    pub(super) fn read(&self, doing: &'static str, name: &str, id: &str) -> Result<Option<Zeroizing<String>>, Problem> {
        let (name, id) = (name.to_owned(), id.to_owned());
        self.within(doing, move |vault| vault.read(&name, &id))
    }

    pub(super) fn write(&self, doing: &'static str, name: &str, id: &str, text: &str) -> Result<(), Problem> {
        let (name, id, text) = (name.to_owned(), id.to_owned(), Zeroizing::new(text.to_owned()));
        self.within(doing, move |vault| vault.write(&name, &id, &text))
    }

    pub(super) fn remove(&self, doing: &'static str, name: &str, id: &str) -> Result<(), Problem> {
        let (name, id) = (name.to_owned(), id.to_owned());
        self.within(doing, move |vault| vault.remove(&name, &id))
    }

    fn within<T: Send + 'static>(
        &self,
        doing: &'static str,
        call: impl FnOnce(&dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask(call).unwrap_or(Err(VaultError::Locked)).map_err(|error| error.problem(doing))
    }

    /// `None` when the limit has passed. What has not begun by then never begins.
    fn ask<T: Send + 'static>(&self, call: impl FnOnce(&dyn Vault) -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = channel();
        let given_up = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&given_up);
        let job: Job = Box::new(move |vault| {
            if !stop.load(Ordering::Acquire) {
                // Nobody listens any more when the limit has passed.
                let _ = answer.send(call(vault));
            }
        });
        self.hand_over(job)?;
        match answered.recv_timeout(self.limit) {
            Ok(value) => Some(value),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                given_up.store(true, Ordering::Release);
                // The next call must not wait behind a prompt that may never be answered.
                *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) = None;
                None
            }
        }
    }

    fn hand_over(&self, job: Job) -> Option<()> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let job = match jobs.as_ref() {
            Some(known) => match known.send(job) {
                Ok(()) => return Some(()),
                Err(unsent) => unsent.0,
            },
            None => job,
        };
        let (sender, receiver) = channel();
        let vault = Arc::clone(&self.vault);
        std::thread::Builder::new().name("keychain".into()).spawn(move || work(&*vault, &receiver)).ok()?;
        sender.send(job).ok()?;
        *jobs = Some(sender);
        Some(())
    }
}

fn work(vault: &dyn Vault, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        job(vault);
    }
}
