//! The three ways to open the engine: with the data folder's lock, beside whoever holds it, and for looking only.
//! Nothing starts to move by itself.

use super::board::Board;
use super::{Engine, House, Joint};
use crate::copies::Copies;
use crate::home::{Held, Home, Lock};
use crate::journal::{CannotOpen, Committed, Journal};
use crate::keychain::Keychain;
use crate::thumbs::Thumbs;
use gantry_model::view::Settings;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// Why the engine cannot start. Nothing was changed.
#[derive(Debug)]
pub enum CannotStart {
    /// Another program works in this data folder.
    InUse {
        /// Its name.
        holder: String,
    },
    /// The journal cannot be opened.
    Journal(CannotOpen),
}

impl CannotStart {
    /// The word that window and console know it by: `in_use`, or the journal's own.
    pub fn word(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "in_use",
            Self::Journal(cannot) => cannot.word(),
        }
    }

    /// Facts for the sentence.
    pub fn detail(&self) -> String {
        match self {
            Self::InUse { holder } => holder.clone(),
            Self::Journal(cannot) => cannot.detail(),
        }
    }
}

impl Engine {
    /// Takes the data folder's lock, opens the journal and is ready; `keychain` gets the data folder and its id.
    /// Nothing starts to move by itself: see [`Engine::resume_all`].
    ///
    /// # Errors
    /// [`CannotStart`] when somebody else works there, or the journal is newer, damaged or cannot be written.
    pub fn open(
        home: Home,
        holder: &str,
        joint: Joint,
        keychain: impl FnOnce(&Path, &str) -> Keychain,
    ) -> Result<Self, CannotStart> {
        let lock = take_lock(&home, holder)?;
        let journal = Journal::open(&home).map_err(CannotStart::Journal)?;
        let keychain = keychain(home.folder(), journal.home_id());
        let engine = Self::with(home, journal, joint, Arc::new(keychain), Some(lock));
        engine.0.sweep_copies();
        engine.0.discard_left();
        Ok(engine)
    }

    /// Opens beside whoever holds the lock, to change connections: they are the person's own, and no upload's state.
    /// The lock is taken for a moment where there is no journal yet.
    ///
    /// # Errors
    /// [`CannotStart`] when the journal is newer or damaged, or is just being made.
    pub fn open_beside(
        home: Home,
        holder: &str,
        joint: Joint,
        keychain: impl FnOnce(&Path, &str) -> Keychain,
    ) -> Result<Self, CannotStart> {
        if !home.journal().exists() {
            let _lock = take_lock(&home, holder)?;
            drop(Journal::open(&home).map_err(CannotStart::Journal)?);
        }
        let journal = Journal::beside(&home).map_err(CannotStart::Journal)?;
        let keychain = keychain(home.folder(), journal.home_id());
        Ok(Self::with(home, journal, joint, Arc::new(keychain), None))
    }

    /// Looks without taking the lock: for commands that only read.
    ///
    /// # Errors
    /// [`CannotStart`] when the journal is newer or damaged.
    pub fn open_to_look(home: Home, joint: Joint, keychain: impl FnOnce(&Path, &str) -> Keychain) -> Result<Self, CannotStart> {
        let journal = Journal::read_only(&home).map_err(CannotStart::Journal)?;
        let keychain = keychain(home.folder(), journal.home_id());
        Ok(Self::with(home, journal, joint, Arc::new(keychain), None))
    }

    fn with(home: Home, journal: Journal, joint: Joint, keychain: Arc<Keychain>, lock: Option<Lock>) -> Self {
        let copies = Arc::new(Copies::new(home.copies(), Settings::default().copies));
        let house = Arc::new(House {
            copies,
            makings: Mutex::default(),
            home,
            journal,
            keychain,
            joint,
            board: Arc::new(Board::default()),
            thumbs: Thumbs::new(),
            readings: Mutex::default(),
            runs: Mutex::default(),
            read_now: Mutex::default(),
            differences: Mutex::default(),
            weighed: Mutex::default(),
            sent: Mutex::default(),
            asking: Mutex::default(),
            benches: Mutex::default(),
            from_folder: Mutex::default(),
            quits: AtomicBool::default(),
            leaving: Mutex::default(),
            _lock: lock,
        });
        let watcher = Arc::downgrade(&house);
        house.journal.observe(Box::new(move |committed: &Committed| {
            if let Some(house) = watcher.upgrade() {
                house.committed(committed);
            }
        }));
        Self(house)
    }
}

fn take_lock(home: &Home, holder: &str) -> Result<Lock, CannotStart> {
    Lock::take(home, holder).map_err(|held| match held {
        Held::By { holder, .. } => CannotStart::InUse { holder },
        Held::Unwritable { detail } => CannotStart::Journal(CannotOpen::Unwritable { detail }),
    })
}
