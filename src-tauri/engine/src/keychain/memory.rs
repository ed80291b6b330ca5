//! A vault in memory, for tests: it can be locked, absent or hanging, and shows what was put into it.

use super::vault::{Vault, VaultError};
use gantry_model::view::KeychainState;
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A vault that lives as long as this value.
pub struct MemoryVault {
    inside: Mutex<Inside>,
}

struct Inside {
    state: KeychainState,
    hangs: bool,
    entries: BTreeMap<(String, String), String>,
}

impl Default for MemoryVault {
    fn default() -> Self {
        let inside = Inside { state: KeychainState::Ready, hangs: false, entries: BTreeMap::new() };
        Self { inside: Mutex::new(inside) }
    }
}

impl MemoryVault {
    /// Locks, unlocks or takes away the vault.
    pub fn set_state(&self, state: KeychainState) {
        self.inside().state = state;
    }

    /// Calls that begin while this is set never return, as with a prompt that nobody sees.
    pub fn set_hanging(&self, hangs: bool) {
        self.inside().hangs = hangs;
    }

    /// All entries: name, id of the data folder, and what stands in them.
    pub fn entries(&self) -> Vec<(String, String, String)> {
        self.inside().entries.iter().map(|((name, id), text)| (name.clone(), id.clone(), text.clone())).collect()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, Inside>, VaultError> {
        if self.inside().hangs {
            loop {
                std::thread::park();
            }
        }
        let inside = self.inside();
        match inside.state {
            KeychainState::Ready => Ok(inside),
            KeychainState::Locked => Err(VaultError::Locked),
            KeychainState::Absent => Err(VaultError::Absent),
        }
    }
}

impl Vault for MemoryVault {
    fn state(&self) -> KeychainState {
        self.inside().state
    }

    fn read(&self, name: &str, folder_id: &str) -> Result<Option<Zeroizing<String>>, VaultError> {
        Ok(self.open()?.entries.get(&(name.to_owned(), folder_id.to_owned())).cloned().map(Zeroizing::new))
    }

    fn write(&self, name: &str, folder_id: &str, text: &str) -> Result<(), VaultError> {
        self.open()?.entries.insert((name.to_owned(), folder_id.to_owned()), text.to_owned());
        Ok(())
    }

    fn remove(&self, name: &str, folder_id: &str) -> Result<(), VaultError> {
        self.open()?.entries.remove(&(name.to_owned(), folder_id.to_owned()));
        Ok(())
    }
}

impl fmt::Debug for MemoryVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryVault").field("entries", &self.inside().entries.len()).finish_non_exhaustive()
    }
}
