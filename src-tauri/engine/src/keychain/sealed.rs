//! Secrets too large for an entry: sealed beside the journal with XChaCha20-Poly1305, their key in the keychain.
//! A file opens only for the connection and the data folder that it was written for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use gantry_model::{Code, Problem};
use secrecy::zeroize::Zeroizing;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Bytes of a key.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of a nonce: long enough to be drawn at random for every write.
const NONCE_BYTES: usize = 24;

/// The folder of the sealed files.
pub(super) struct Sealed {
    folder: PathBuf,
    folder_id: String,
}

impl Sealed {
    pub(super) fn new(data_folder: &Path, folder_id: &str) -> Self {
        Self { folder: data_folder.join("sealed"), folder_id: folder_id.to_owned() }
    }

    /// Writes aside, fsync, rename: a power cut leaves the old file or the new one.
    pub(super) fn write(&self, connection: &str, key: &[u8; KEY_BYTES], plain: &[u8]) -> Result<(), Problem> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Problem::new(Code::Bug, "seal"))?;
        let bound = self.bound_to(connection);
        let payload = Payload { msg: plain, aad: bound.as_bytes() };
        let closed = XChaCha20Poly1305::new(key.into())
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| Problem::new(Code::Bug, "seal"))?;
        self.replace(connection, &[nonce.as_slice(), &closed].concat()).map_err(|error| refused(&error))
    }

    /// A file that is gone, cut or changed is no secret.
    pub(super) fn read(&self, connection: &str, key: &[u8; KEY_BYTES]) -> Result<Zeroizing<String>, Problem> {
        let lost = || Problem::new(Code::NoSecret, "unseal");
        let bytes = fs::read(self.folder.join(connection)).map_err(|_| lost())?;
        let (nonce, closed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(lost)?;
        let bound = self.bound_to(connection);
        let payload = Payload { msg: closed, aad: bound.as_bytes() };
        let plain = XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), payload).map_err(|_| lost())?;
        String::from_utf8(plain).map(Zeroizing::new).map_err(|_| lost())
    }

    /// Nothing there is fine; a file that stays is worthless without its key.
    pub(super) fn remove(&self, connection: &str) {
        let _ = fs::remove_file(self.folder.join(connection));
    }

    fn bound_to(&self, connection: &str) -> String {
        format!("gantry sealed 1\n{}\n{connection}", self.folder_id)
    }

    fn replace(&self, connection: &str, bytes: &[u8]) -> io::Result<()> {
        make_private_folder(&self.folder)?;
        let aside = self.folder.join(format!(".{connection}.new"));
        let mut file = private_file(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&aside, self.folder.join(connection))?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }
}

pub(super) fn new_key() -> Result<Zeroizing<[u8; KEY_BYTES]>, Problem> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| Problem::new(Code::Bug, "seal"))?;
    Ok(key)
}

pub(super) fn to_text(key: &[u8; KEY_BYTES]) -> String {
    STANDARD.encode(key)
}

pub(super) fn from_text(text: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, Problem> {
    let lost = || Problem::new(Code::NoSecret, "unseal");
    let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| lost())?);
    bytes.as_slice().try_into().map(Zeroizing::new).map_err(|_| lost())
}

fn refused(error: &io::Error) -> Problem {
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::DestinationGone,
    };
    Problem::new(code, "seal").with("said", error.kind().to_string())
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    // What an interrupted write left behind may have any mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
