//! Secrets: one entry of the system's keychain for each connection, or memory until the program quits.
//! Never on disk in the clear, never in a log, never shown by `Debug`.
//! A keychain may hang on a prompt that nobody sees: every call has a thread of its own and ten seconds.

mod memory;
mod sealed;
mod system;
mod vault;

pub use memory::MemoryVault;
pub use vault::{Vault, VaultError};

use gantry_model::view::{KeychainState, SecretPlace};
use gantry_model::{Code, Connection, Problem, Secrets};
use sealed::{KEY_BYTES, Sealed};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use vault::OnItsThread;

/// How long a keychain may take, a person's answer to its prompt included.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The longest secret that every system takes, in bytes of UTF-16.
/// Source: `CRED_MAX_CREDENTIAL_BLOB_SIZE`, <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>.
pub const ENTRY_BYTES: usize = 2_560;

/// Where the secrets of connections are. Cheap to share behind an `Arc`; all methods block, [`LIMIT`] at most.
pub struct Keychain {
    vault: OnItsThread,
    sealed: Sealed,
    folder_id: String,
    environment: Environment,
    until_quit: Mutex<BTreeMap<String, Secrets>>,
}

type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What stands in one entry: the secrets themselves, or the key to the file that holds them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Secrets(BTreeMap<String, String>),
    Key(String),
}

impl Keychain {
    /// The keychain of this system. `folder_id` is the id of the data folder: it keeps two folders' entries apart.
    pub fn of_this_system(data_folder: &Path, folder_id: &str) -> Self {
        Self::with_vault(data_folder, folder_id, Arc::new(system::SystemVault), LIMIT)
    }

    /// A keychain in another vault, such as [`MemoryVault`] in tests.
    pub fn with_vault(data_folder: &Path, folder_id: &str, vault: Arc<dyn Vault>, limit: Duration) -> Self {
        Self {
            vault: OnItsThread::new(vault, limit),
            sealed: Sealed::new(data_folder, folder_id),
            folder_id: folder_id.to_owned(),
            environment: Box::new(|name| std::env::var(name).ok().filter(|value| !value.is_empty())),
            until_quit: Mutex::default(),
        }
    }

    /// Another environment than that of this process.
    #[must_use]
    pub fn with_environment(mut self, environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.environment = Box::new(environment);
        self
    }

    /// Whether there is a keychain, and whether it is open. Never raises a prompt.
    pub fn state(&self) -> KeychainState {
        self.vault.state()
    }

    /// The secrets of a connection: from the environment, else those kept until the program quits, else the keychain's.
    /// `fields` are the secret fields of its kind. Where the environment gives one of them, nothing else is asked, so that
    /// a new key never meets an old token. Nothing kept anywhere: no secrets, and no error.
    ///
    /// # Errors
    /// `keychain_absent`, `keychain_locked`; `no_secret` when the sealed file is gone or was changed.
    pub fn get(&self, connection: &str, fields: &[&str]) -> Result<Secrets, Problem> {
        if fields.is_empty() {
            return Ok(Secrets::default());
        }
        let given = self.given_in_environment(connection, fields);
        if !given.0.is_empty() {
            return Ok(given);
        }
        if let Some(kept) = self.memory().get(connection) {
            return Ok(kept.clone());
        }
        self.kept(connection).map(Option::unwrap_or_default)
    }

    /// Where [`Keychain::get`] takes the secrets of a connection from. A keychain that does not answer counts as missing.
    pub fn place(&self, connection: &str, fields: &[&str]) -> SecretPlace {
        if !self.given_in_environment(connection, fields).0.is_empty() {
            return SecretPlace::Environment;
        }
        if self.memory().contains_key(connection) {
            return SecretPlace::UntilQuit;
        }
        match self.vault.read("get", &self.entry_name(connection), &self.folder_id) {
            Ok(Some(_)) => SecretPlace::Keychain,
            Ok(None) | Err(_) => SecretPlace::Missing,
        }
    }

    /// Keeps the secrets of a connection in the keychain, in place of those it had.
    ///
    /// # Errors
    /// `keychain_absent`, `keychain_locked`; `disk_full` or `destination_gone` when a large secret's sealed file cannot be written.
    pub fn put(&self, connection: &str, secrets: &Secrets) -> Result<(), Problem> {
        let open = |(field, secret): (&String, &SecretString)| (field.clone(), secret.expose_secret().to_owned());
        let text = written(&Entry::Secrets(secrets.0.iter().map(open).collect()))?;
        let name = self.entry_name(connection);
        if fits(&text) {
            // CRASH: after the entry and before the file's removal an old sealed file stays; nothing reads it any more.
            self.vault.write("put", &name, &self.folder_id, &text)?;
            self.sealed.remove(connection);
        } else {
            // CRASH: the file comes first. A power cut before the entry leaves the old entry, which still holds the old
            // secrets or, being a key already, opens the new file.
            let (key, is_new) = self.key_of(connection)?;
            self.sealed.write(connection, &key, text.as_bytes())?;
            if is_new {
                self.vault.write("put", &name, &self.folder_id, &written(&Entry::Key(sealed::to_text(&key)))?)?;
            }
        }
        self.memory().remove(connection);
        Ok(())
    }

    /// Keeps the secrets of a connection in memory until the program quits: the way where there is no keychain.
    pub fn put_until_quit(&self, connection: &str, secrets: Secrets) {
        self.memory().insert(connection.to_owned(), secrets);
    }

    /// Forgets the secrets of a connection everywhere. Nothing kept is fine.
    ///
    /// # Errors
    /// `keychain_absent`, `keychain_locked`. What is in memory and sealed on disk is gone even then.
    pub fn remove(&self, connection: &str) -> Result<(), Problem> {
        self.memory().remove(connection);
        self.sealed.remove(connection);
        self.vault.remove("remove", &self.entry_name(connection), &self.folder_id)
    }

    fn kept(&self, connection: &str) -> Result<Option<Secrets>, Problem> {
        let Some(text) = self.vault.read("get", &self.entry_name(connection), &self.folder_id)? else { return Ok(None) };
        match read(&text)? {
            Entry::Secrets(fields) => Ok(Some(closed(fields))),
            Entry::Key(key) => {
                let plain = self.sealed.read(connection, &*sealed::from_text(&key)?)?;
                match read(&plain)? {
                    Entry::Secrets(fields) => Ok(Some(closed(fields))),
                    Entry::Key(_) => Err(Problem::new(Code::NoSecret, "unseal")),
                }
            }
        }
    }

    /// The key of a connection's sealed file, and whether it has yet to be kept.
    fn key_of(&self, connection: &str) -> Result<(Zeroizing<[u8; KEY_BYTES]>, bool), Problem> {
        if let Some(text) = self.vault.read("put", &self.entry_name(connection), &self.folder_id)?
            && let Ok(Entry::Key(key)) = read(&text)
        {
            return Ok((sealed::from_text(&key)?, false));
        }
        Ok((sealed::new_key()?, true))
    }

    fn given_in_environment(&self, connection: &str, fields: &[&str]) -> Secrets {
        let value = |field: &&str| {
            let value = (self.environment)(&Connection::environment_name(connection, field))?;
            Some(((*field).to_owned(), SecretString::from(value)))
        };
        Secrets(fields.iter().filter_map(value).collect())
    }

    /// What the system's own tools show.
    fn entry_name(&self, connection: &str) -> String {
        format!("Gantry: {connection}")
    }

    fn memory(&self) -> MutexGuard<'_, BTreeMap<String, Secrets>> {
        self.until_quit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").field("folder_id", &self.folder_id).finish_non_exhaustive()
    }
}

fn fits(text: &str) -> bool {
    text.encode_utf16().count() * 2 <= ENTRY_BYTES
}

fn written(entry: &Entry) -> Result<Zeroizing<String>, Problem> {
    serde_json::to_string(entry).map(Zeroizing::new).map_err(|_| Problem::new(Code::Bug, "put"))
}

fn read(text: &str) -> Result<Entry, Problem> {
    // The error of serde_json may quote what it read: it is not passed on.
    serde_json::from_str(text).map_err(|_| Problem::new(Code::NoSecret, "get"))
}

fn closed(fields: BTreeMap<String, String>) -> Secrets {
    Secrets(fields.into_iter().map(|(field, secret)| (field, SecretString::from(secret))).collect())
}

#[cfg(test)]
mod tests;
