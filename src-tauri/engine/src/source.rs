//! A source file while it is sent: read once, into page-aligned buffers, and never trusted to stay what it was.
//! A file that changed, grew, shrank or vanished is a problem, never a shorter or a mixed object.

mod pool;

pub use pool::{Lease, Pool};

use crate::digest;
use bytes::Bytes;
use gantry_model::{Algorithm, Body, Code, Digest, Fingerprint, Problem};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes read at a time where only a digest is wanted.
const CHUNK: usize = 1 << 20;

/// An open source file.
#[derive(Debug)]
pub struct Source {
    file: File,
    path: PathBuf,
    seen: Fingerprint,
}

impl Source {
    /// Opens the file that the walk saw: no link is followed, nothing blocks, and it is still the same file.
    ///
    /// # Errors
    /// [`Code::SourceChanged`], [`Code::SourceGone`], [`Code::SourceUnreadable`], [`Code::SourceNotAFile`].
    pub fn open(path: &Path, seen: &Fingerprint) -> Result<Self, Problem> {
        let file = open_file(path).map_err(|error| trouble(&error))?;
        let source = Self { file, path: path.to_owned(), seen: *seen };
        source.compare(&source.file.metadata().map_err(|error| trouble(&error))?)?;
        Ok(source)
    }

    /// Reads `length` bytes from `from` with their digest.
    ///
    /// # Errors
    /// [`Code::SourceChanged`] when the file ends before, or goes on after its last byte.
    pub fn read(&self, from: u64, length: u64, mut lease: Lease, algorithm: Algorithm) -> Result<Body, Problem> {
        let changed = || Problem::new(Code::SourceChanged, "read");
        let buffer = lease.buffer(usize::try_from(length).map_err(|_| changed())?);
        read_exact_at(&self.file, buffer, from).map_err(|error| trouble(&error))?;
        if from + length == self.seen.size && read_at(&self.file, &mut [0], from + length).map_err(|error| trouble(&error))? > 0 {
            return Err(changed());
        }
        let digest = digest::of(algorithm, buffer);
        Ok(Body { bytes: Bytes::from_owner(lease), digest })
    }

    /// The digest of the whole file, in one read.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn digest(&self, algorithm: Algorithm) -> Result<Digest, Problem> {
        let mut running = digest::Running::new(algorithm);
        let mut buffer = vec![0; CHUNK.min(usize::try_from(self.seen.size).unwrap_or(CHUNK) + 1)];
        let mut at = 0;
        loop {
            let got = read_at(&self.file, &mut buffer, at).map_err(|error| trouble(&error))?;
            if got == 0 {
                break;
            }
            running.update(&buffer[..got]);
            at += got as u64;
            if at > self.seen.size {
                break;
            }
        }
        if at == self.seen.size { Ok(running.finish()) } else { Err(Problem::new(Code::SourceChanged, "read")) }
    }

    /// Compares once more, after reading: the open file, and what stands at its path now.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn still(&self) -> Result<(), Problem> {
        let there = std::fs::symlink_metadata(&self.path).map_err(|error| trouble(&error))?;
        self.compare(&there)?;
        self.compare(&self.file.metadata().map_err(|error| trouble(&error))?)
    }

    fn compare(&self, now: &Metadata) -> Result<(), Problem> {
        if !now.is_file() {
            return Err(Problem::new(Code::SourceNotAFile, "read"));
        }
        if fingerprint(now) == self.seen {
            return Ok(());
        }
        let problem = Problem::new(Code::SourceChanged, "read").with("size", self.seen.size.to_string());
        Err(problem.with("now", now.len().to_string()))
    }
}

/// Size, times and identity as the system tells them.
#[cfg(unix)]
pub fn fingerprint(seen: &Metadata) -> Fingerprint {
    use std::os::unix::fs::MetadataExt;
    let ns = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Fingerprint {
        size: seen.len(),
        mtime_ns: ns(seen.mtime(), seen.mtime_nsec()),
        ctime_ns: ns(seen.ctime(), seen.ctime_nsec()),
        dev: seen.dev(),
        ino: seen.ino(),
    }
}

/// Size and modification time: what this system tells.
#[cfg(not(unix))]
pub fn fingerprint(seen: &Metadata) -> Fingerprint {
    let since = seen.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let mtime_ns = since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX));
    Fingerprint { size: seen.len(), mtime_ns, ..Fingerprint::default() }
}

/// Opens for reading: a link at the end of the path is refused, a pipe does not block.
#[cfg(unix)]
pub fn open_file(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

/// Opens for reading, when no link stands at the path.
#[cfg(not(unix))]
pub fn open_file(path: &Path) -> io::Result<File> {
    if std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    File::open(path)
}

fn trouble(error: &io::Error) -> Problem {
    #[cfg(unix)]
    let link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    let link = false;
    let code = match error.kind() {
        _ if link => Code::SourceNotAFile,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Code::SourceGone,
        io::ErrorKind::UnexpectedEof => Code::SourceChanged,
        _ => Code::SourceUnreadable,
    };
    Problem::new(code, "read").with("said", error.to_string())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    loop {
        match std::os::unix::fs::FileExt::read_at(file, buffer, from) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, from)
}

fn read_exact_at(file: &File, mut buffer: &mut [u8], mut from: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let got = read_at(file, buffer, from)?;
        if got == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        buffer = &mut buffer[got..];
        from += got as u64;
    }
    Ok(())
}

/// The SHA-256 of a file, for names that hold it.
///
/// # Errors
/// What the system says when the file cannot be read.
pub fn sha256(path: &Path) -> io::Result<[u8; 32]> {
    use sha2::Digest as _;
    let mut file = open_file(path)?;
    let mut hash = sha2::Sha256::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            got => hash.update(&buffer[..got]),
        }
    }
}

#[cfg(test)]
mod tests;
