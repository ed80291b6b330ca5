//! Reading a source file for sending: the bytes that the person gave, or none.
//! A file that changes, grows, shrinks, vanishes or is replaced is noticed, never taken for the one that was seen.

pub(crate) mod file;
pub mod pool;
pub mod stream;
#[cfg(test)]
mod tests;

pub use file::fingerprint;
pub use pool::{Lease, Pool};

use crate::digest::Running;
use file::Opened;
use gantry_model::{Algorithm, Body, Code, Digest, Fingerprint, Problem, show};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// What is read and hashed at a time: it is still in the processor's cache when it is hashed.
const STRIDE: usize = 256 * 1024;

/// A source file, open. All calls block; they are for threads that may.
#[derive(Debug)]
pub struct Source {
    file: File,
    path: PathBuf,
    /// As it was when it was opened; equal to what the walk saw.
    now: Fingerprint,
}

/// What of a fingerprint holds across two runs of the program: size and modification time. Device numbers change when
/// drives are mounted anew, and a change of permissions or of a link count is no change of content.
pub fn across_runs(seen: &Fingerprint) -> Fingerprint {
    Fingerprint { size: seen.size, mtime_ns: seen.mtime_ns, ..Fingerprint::default() }
}

impl Source {
    /// Opens the file that was seen. Device, inode and change time are compared where `seen` has them (not 0).
    ///
    /// # Errors
    /// `SourceGone`, `SourceUnreadable`, `SourceIsFolder`, `SourceNotAFile`, or `SourceChanged` when it is not the file that was seen.
    pub fn open(path: &Path, seen: &Fingerprint) -> Result<Self, Problem> {
        match file::open(path) {
            Ok(Opened::Plain(file, now)) if is_the_one(&now, seen) => Ok(Self { file, path: path.to_owned(), now }),
            Ok(Opened::Plain(_, now)) => Err(changed("open", seen, &now)),
            Ok(Opened::NotAFile) if is_folder(path) => Err(Problem::new(Code::SourceIsFolder, "open")),
            Ok(Opened::NotAFile) => Err(Problem::new(Code::SourceNotAFile, "open")),
            Err(error) => Err(trouble("open", &error)),
        }
    }

    /// The file itself, for what reads formats.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// The file as it was when it was opened.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.now
    }

    /// Reads exactly `length` bytes from `from` into the lease's buffer; the digest is made in the same pass.
    ///
    /// # Errors
    /// `SourceChanged` when the file ends earlier, or goes on where it should end; `SourceUnreadable` when the disk fails.
    pub fn read(&self, from: u64, length: u64, mut lease: Lease, algorithm: Algorithm) -> Result<Body, Problem> {
        let fits = from.checked_add(length).is_some_and(|end| end <= self.now.size) && length == lease.length() as u64;
        if !fits {
            return Err(Problem::new(Code::Bug, "read").with("from", from.to_string()).with("length", length.to_string()));
        }
        let wanted = lease.length();
        let last = from + length == self.now.size;
        let room = lease.room();
        let (mut running, mut done) = (Running::new(algorithm), 0);
        while done < wanted {
            let end = wanted.min(done + STRIDE);
            // The last read asks for one byte more: a file that has grown shows it without another call.
            let ask = if last && end == wanted { end + 1 } else { end };
            let read =
                file::read_at(&self.file, &mut room[done..ask], from + done as u64).map_err(|error| trouble("read", &error))?;
            if read == 0 || done + read > wanted {
                return Err(self.changed("read"));
            }
            running.update(&room[done..done + read]);
            done += read;
        }
        Ok(Body { bytes: lease.into_bytes(), digest: running.finish() })
    }

    /// The digest of the whole file, read once.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn digest(&self, algorithm: Algorithm) -> Result<Digest, Problem> {
        let mut running = Running::new(algorithm);
        self.each(|bytes| running.update(bytes))?;
        Ok(running.finish())
    }

    /// The SHA-256 of the whole file, read once: only for names that are made of it.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn sha256(&self) -> Result<[u8; 32], Problem> {
        use sha2::Digest as _;
        let mut sum = sha2::Sha256::new();
        self.each(|bytes| sum.update(bytes))?;
        Ok(sum.finalize().into())
    }

    /// Compares the open file, and what stands at its path, with what was opened. Called after reading and before sealing.
    ///
    /// # Errors
    /// `SourceGone`, `SourceNotAFile` or `SourceChanged`.
    pub fn still(&self) -> Result<(), Problem> {
        let there = std::fs::symlink_metadata(&self.path).map_err(|error| trouble("compare", &error))?;
        if !there.file_type().is_file() {
            return Err(Problem::new(Code::SourceNotAFile, "compare"));
        }
        let held = self.file.metadata().map_err(|error| trouble("compare", &error))?;
        for found in [file::fingerprint(&there), file::fingerprint(&held)] {
            if found != self.now {
                return Err(changed("compare", &self.now, &found));
            }
        }
        Ok(())
    }

    fn each(&self, mut take: impl FnMut(&[u8])) -> Result<(), Problem> {
        let mut buffer = vec![0; STRIDE.min(usize::try_from(self.now.size).unwrap_or(STRIDE) + 1)];
        let mut done = 0;
        loop {
            let read = file::read_at(&self.file, &mut buffer, done).map_err(|error| trouble("read", &error))?;
            if read == 0 {
                break;
            }
            take(&buffer[..read]);
            done += read as u64;
            if done > self.now.size {
                break;
            }
        }
        if done == self.now.size { Ok(()) } else { Err(self.changed("read")) }
    }

    fn changed(&self, doing: &'static str) -> Problem {
        let now = self.file.metadata().map_or(self.now, |metadata| file::fingerprint(&metadata));
        changed(doing, &self.now, &now)
    }
}

fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// A drive that is mounted anew has another device number: where inode and change time are known and equal, it is not asked.
fn is_the_one(now: &Fingerprint, seen: &Fingerprint) -> bool {
    let ino = seen.ino == 0 || seen.ino == now.ino;
    let ctime = seen.ctime_ns == 0 || seen.ctime_ns == now.ctime_ns;
    let told = seen.ino != 0 && seen.ctime_ns != 0;
    let dev = seen.dev == 0 || seen.dev == now.dev || told;
    now.same_content(seen) && ctime && ino && dev
}

fn changed(doing: &'static str, seen: &Fingerprint, now: &Fingerprint) -> Problem {
    let problem = Problem::new(Code::SourceChanged, doing);
    if seen.size == now.size {
        return problem;
    }
    problem.with("size", seen.size.to_string()).with("now", now.size.to_string())
}

fn trouble(doing: &'static str, error: &io::Error) -> Problem {
    use io::ErrorKind::{NotADirectory, NotFound, StaleNetworkFileHandle};
    let code = match error.kind() {
        NotFound | NotADirectory | StaleNetworkFileHandle => Code::SourceGone,
        _ => Code::SourceUnreadable,
    };
    Problem::new(code, doing).with("said", show::text(&file::words(error)))
}
