//! Where copies are kept until they have arrived: a folder in the data folder, within a bound. What an open upload may need
//! stays as long as there is room; the rest goes. A copy that went is made again: losing one costs time, never a file.

use super::making::{self, Ready, Wanted};
use super::memory::Memory;
use crate::home::create_private_folder;
use crate::probe::At;
use crate::source::fingerprint;
use gantry_model::{Code, Problem};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Copies in one folder.
const TOGETHER: u64 = 1000;

/// The cache. Safe to use from many threads; every call may block.
#[derive(Debug)]
pub struct Copies {
    folder: PathBuf,
    limit: AtomicU64,
    room: Arc<Room>,
    memory: Memory,
}

#[derive(Debug, Default)]
struct Room {
    held: Mutex<Held>,
    freed: Condvar,
}

/// What is there, by upload and place, and who reads it just now.
#[derive(Debug, Default)]
struct Held {
    /// Bytes of all copies, and of those that are being written.
    bytes: u64,
    uploads: HashMap<String, BTreeMap<u64, Kept>>,
    leased: HashMap<(String, u64), u32>,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    bytes: u64,
    /// The beginning of its checksum, which is in its name.
    mark: u64,
}

/// Somebody reads a copy: it stays.
#[derive(Debug)]
pub struct Lease {
    room: Arc<Room>,
    of: (String, u64),
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut held = self.room.held();
        if let Some(count) = held.leased.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                held.leased.remove(&self.of);
            }
        }
        drop(held);
        self.room.freed.notify_all();
    }
}

impl Room {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copies {
    /// A cache in this folder, which is made when it is needed, of at most so many bytes.
    pub fn new(folder: PathBuf, limit: u64) -> Self {
        Self { folder, limit: AtomicU64::new(limit), room: Arc::default(), memory: Memory::default() }
    }

    /// Bytes that copies take just now.
    pub fn held(&self) -> u64 {
        self.room.held().bytes
    }

    /// Most bytes that they may take.
    pub fn limit(&self) -> u64 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Sets the bound, at once: what is too much goes, but for what is read just now.
    pub fn set_limit(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
        let mut held = self.room.held();
        while held.bytes > limit && self.evict(&mut held) {}
    }

    /// Takes over what an earlier run left: copies of open uploads stay, everything else goes.
    pub fn sweep(&self, open: &[String]) {
        let Ok(folders) = fs::read_dir(&self.folder) else { return };
        for folder in folders.filter_map(Result::ok) {
            let upload = folder.file_name().to_string_lossy().into_owned();
            if open.contains(&upload) {
                self.take_over(&upload, &folder.path());
            } else {
                let _ = fs::remove_dir_all(folder.path());
            }
        }
        self.set_limit(self.limit());
    }

    fn take_over(&self, upload: &str, folder: &Path) {
        let files = walkdir::WalkDir::new(folder).min_depth(2).into_iter().filter_map(Result::ok);
        for file in files.filter(|file| file.file_type().is_file()) {
            let name = file.file_name().to_string_lossy().into_owned();
            let known =
                name.split_once('-').and_then(|(ord, mark)| Some((ord.parse().ok()?, u64::from_str_radix(mark, 16).ok()?)));
            match (known, file.metadata()) {
                (Some((ord, mark)), Ok(found)) => self.room.held().put(upload, ord, Kept { bytes: found.len(), mark }),
                _ => drop(fs::remove_file(file.path())),
            }
        }
    }

    /// A file has arrived: its copy is not needed any more.
    pub fn remove(&self, upload: &str, ord: u64) {
        let mut held = self.room.held();
        let Some(kept) = held.take(upload, ord) else { return };
        drop(held);
        let _ = fs::remove_file(self.path(upload, ord, kept.mark));
        self.room.freed.notify_all();
    }

    /// Nothing of this upload is needed any more.
    pub fn forget(&self, upload: &str) {
        let mut held = self.room.held();
        let gone = held.uploads.remove(upload).unwrap_or_default();
        held.bytes -= gone.values().map(|kept| kept.bytes).sum::<u64>();
        drop(held);
        let _ = fs::remove_dir_all(self.folder.join(upload));
        self.room.freed.notify_all();
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    fn path(&self, upload: &str, ord: u64, mark: u64) -> PathBuf {
        self.folder.join(upload).join(format!("{}", ord / TOGETHER)).join(format!("{ord}-{mark:016x}"))
    }

    /// The copy with this checksum, where it is kept whole.
    pub(super) fn kept(&self, wanted: &Wanted, sum: &[u8; 32], size: u64) -> Option<Ready> {
        let lease = self.lease(wanted);
        let path = self.path(&wanted.upload, wanted.ord, mark(sum));
        let found = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        (found.len() == size).then(|| Ready { path, fingerprint: fingerprint(&found), lease })
    }

    /// Whatever is kept for this file stays while this is there.
    pub(super) fn lease(&self, wanted: &Wanted) -> Lease {
        let of = (wanted.upload.clone(), wanted.ord);
        *self.room.held().leased.entry(of.clone()).or_default() += 1;
        Lease { room: Arc::clone(&self.room), of }
    }

    /// Keeps a copy; false when there is no room and none is to be made. One that is to be read (`must`) makes others go.
    pub(super) fn keep(&self, wanted: &Wanted, sum: &[u8; 32], content: &dyn At, size: u64, must: bool) -> Result<bool, Problem> {
        if !self.reserve(size, must)? {
            return Ok(false);
        }
        let path = self.path(&wanted.upload, wanted.ord, mark(sum));
        let folder = path.parent().unwrap_or(&self.folder).to_path_buf();
        let mtime_ns = wanted.original.fingerprint.mtime_ns;
        let written = create_private_folder(&folder).and_then(|()| making::place(&path, content, size, mtime_ns));
        let mut held = self.room.held();
        held.bytes -= size;
        if written.is_ok() {
            let before = held.take(&wanted.upload, wanted.ord).filter(|before| before.mark != mark(sum));
            held.put(&wanted.upload, wanted.ord, Kept { bytes: size, mark: mark(sum) });
            if let Some(before) = before {
                let _ = fs::remove_file(self.path(&wanted.upload, wanted.ord, before.mark));
            }
        }
        drop(held);
        self.room.freed.notify_all();
        written.map(|()| true).map_err(|error| self.unwritten(size, &error))
    }

    fn unwritten(&self, size: u64, error: &io::Error) -> Problem {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => self.full(size),
            _ => Problem::new(Code::CopyNotMade, "copy").with("said", crate::source::file::words(error)),
        }
    }

    fn full(&self, size: u64) -> Problem {
        let folder = gantry_model::show::path(self.folder.as_os_str().as_encoded_bytes());
        Problem::new(Code::CopiesFull, "copy").with("needed", gantry_model::show::bytes(size)).with("path", folder)
    }

    /// Room for so many bytes, counted as taken from here on.
    fn reserve(&self, size: u64, must: bool) -> Result<bool, Problem> {
        let mut held = self.room.held();
        loop {
            if held.bytes.saturating_add(size) <= self.limit() {
                held.bytes += size;
                return Ok(true);
            }
            if !must {
                return Ok(false);
            }
            if self.evict(&mut held) {
                continue;
            }
            // What is read just now, or being written, will be gone in a moment; when nothing is, it never fits.
            if held.bytes == 0 || size > self.limit() {
                return Err(self.full(size));
            }
            held = self.room.freed.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets one copy go that nobody reads: the one that is needed last. False when there is none.
    fn evict(&self, held: &mut Held) -> bool {
        let leased = &held.leased;
        let free = |upload: &String, ord: u64| !leased.contains_key(&(upload.clone(), ord));
        let last = |(upload, copies): (&String, &BTreeMap<u64, Kept>)| {
            copies.keys().rev().find(|ord| free(upload, **ord)).map(|ord| (upload.clone(), *ord))
        };
        let Some((upload, ord)) = held.uploads.iter().find_map(last) else { return false };
        if let Some(kept) = held.take(&upload, ord) {
            let _ = fs::remove_file(self.path(&upload, ord, kept.mark));
        }
        true
    }
}

impl Held {
    fn put(&mut self, upload: &str, ord: u64, kept: Kept) {
        if let Some(before) = self.uploads.entry(upload.to_owned()).or_default().insert(ord, kept) {
            self.bytes -= before.bytes;
        }
        self.bytes += kept.bytes;
    }

    fn take(&mut self, upload: &str, ord: u64) -> Option<Kept> {
        let kept = self.uploads.get_mut(upload)?.remove(&ord)?;
        self.bytes -= kept.bytes;
        Some(kept)
    }
}

fn mark(sum: &[u8; 32]) -> u64 {
    u64::from_be_bytes([sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]])
}
