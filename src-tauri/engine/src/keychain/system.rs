//! The keychain of this system: Secret Service, macOS keychain or Windows Credential Manager, behind `keyring_core`.
//! Each call opens it anew, so that a keychain that was started or unlocked meanwhile is found.

use super::vault::{Vault, VaultError};
use gantry_model::view::KeychainState;
use keyring_core::{CredentialStore, Entry, Error};
use secrecy::zeroize::Zeroizing;
use std::collections::HashMap;
use std::sync::Arc;

/// The vault of the person who is logged in.
#[derive(Debug)]
pub(super) struct SystemVault;

impl Vault for SystemVault {
    fn state(&self) -> KeychainState {
        look()
    }

    fn read(&self, name: &str, folder_id: &str) -> Result<Option<Zeroizing<String>>, VaultError> {
        match entry(name, folder_id)?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(why(&error)),
        }
    }

    fn write(&self, name: &str, folder_id: &str, text: &str) -> Result<(), VaultError> {
        entry(name, folder_id)?.set_password(text).map_err(|error| why(&error))
    }

    fn remove(&self, name: &str, folder_id: &str) -> Result<(), VaultError> {
        match entry(name, folder_id)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(why(&error)),
        }
    }
}

fn entry(name: &str, folder_id: &str) -> Result<Entry, VaultError> {
    let store = open().map_err(|error| why(&error))?;
    let shown = shown_as(name, folder_id);
    let modifiers: HashMap<&str, &str> = shown.iter().map(|(modifier, value)| (*modifier, value.as_str())).collect();
    store.build(name, folder_id, Some(&modifiers)).map_err(|error| why(&error))
}

/// The libraries tell the three failures apart by types of their own; what the keychain itself says is the same everywhere.
fn why(_: &Error) -> VaultError {
    match look() {
        KeychainState::Absent => VaultError::Absent,
        KeychainState::Locked => VaultError::Locked,
        KeychainState::Ready => VaultError::Refused,
    }
}

#[cfg(target_os = "macos")]
mod here {
    use super::*;

    pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    /// Keychain Access shows the service, which is the name already.
    pub(super) fn shown_as(_: &str, _: &str) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The login keychain opens with the session, and macOS itself asks for it when it is locked.
    pub(super) fn look() -> KeychainState {
        if open().is_ok() { KeychainState::Ready } else { KeychainState::Absent }
    }
}

#[cfg(windows)]
mod here {
    use super::*;

    pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(windows_native_keyring_store::Store::new()?)
    }

    /// Credential Manager shows the target, which is also what makes an entry unique.
    pub(super) fn shown_as(name: &str, folder_id: &str) -> Vec<(&'static str, String)> {
        vec![("target", format!("{name} ({folder_id})"))]
    }

    /// Credential Manager is open while its person is logged in.
    pub(super) fn look() -> KeychainState {
        if open().is_ok() { KeychainState::Ready } else { KeychainState::Absent }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod here {
    use super::*;
    use secret_service::EncryptionType;
    use secret_service::blocking::SecretService;

    pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    /// Seahorse and KWalletManager show the label.
    pub(super) fn shown_as(name: &str, _: &str) -> Vec<(&'static str, String)> {
        vec![("label", name.to_owned())]
    }

    /// No bus, no service on it, or a service without a default collection: there is nowhere to put a secret.
    pub(super) fn look() -> KeychainState {
        let Ok(service) = SecretService::connect(EncryptionType::Plain) else { return KeychainState::Absent };
        let Ok(collection) = service.get_default_collection() else { return KeychainState::Absent };
        match collection.is_locked() {
            Ok(false) => KeychainState::Ready,
            Ok(true) => KeychainState::Locked,
            Err(_) => KeychainState::Absent,
        }
    }
}

use here::{look, open, shown_as};
