//! Writing a file: aside, onto the disk, back again, and only then under its name.
//! What is reported is what was read back, never what was meant to be written; wrong content never gets the name.

use super::disk::{self, Dir, There};
use super::names::{self, Temp};
use super::trouble::Trouble;
use super::{Missing, Root};
use gantry_model::{Algorithm, Body, Digest, Existing, Outgoing, PartNo, PartProof, PartsThere, RemoteRef, Ticket};
use md5::Digest as _;
use std::collections::BTreeSet;
use std::fs::{File, FileTimes, TryLockError};
use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// A file sent in one go is locked while it is written. Where the disk knows no locks, nobody writes it after an hour.
const OLD_ONCE: Duration = Duration::from_secs(3600);
/// A file in parts may wait for a paused upload.
const OLD_PARTS: Duration = Duration::from_secs(30 * 24 * 3600);

/// One file in one go.
pub(super) fn put(root: &Root, item: &Outgoing, body: &Body) -> Result<RemoteRef, Trouble> {
    if body.bytes.len() as u64 != item.size {
        return Err(Trouble::Sizes);
    }
    let (dir, name) = root.made(&item.key)?;
    if item.existing == Existing::Refuse && dir.has(name)? {
        return Err(Trouble::Clash);
    }
    sweep(root, &dir, item);
    let temp = names::temp(Temp::Once)?;
    let written = write_whole(&dir, &temp, name, item, body);
    if written.is_err() {
        // After the rename there is nothing under this name any more, and removing nothing is fine.
        let _ = dir.remove(&temp);
    }
    written
}

fn write_whole(dir: &Dir, temp: &str, name: &str, item: &Outgoing, body: &Body) -> Result<RemoteRef, Trouble> {
    let file = dir.create(temp)?;
    // The lock dies with the program: who can take it knows that nobody writes here any more.
    let _ = file.try_lock();
    disk::write_at(&file, &body.bytes, 0)?;
    publish(dir, &file, temp, name, item, body.digest)
}

/// Makes the temporary file of an object in parts.
pub(super) fn begin(root: &Root, item: &Outgoing, part_size: u64) -> Result<Ticket, Trouble> {
    let (dir, name) = root.made(&item.key)?;
    if item.existing == Existing::Refuse && dir.has(name)? {
        return Err(Trouble::Clash);
    }
    sweep(root, &dir, item);
    let handle = names::temp(Temp::Parts)?;
    let file = dir.create(&handle)?;
    if let Err(error) = disk::reserve(&file, item.size) {
        let _ = dir.remove(&handle);
        return Err(error.into());
    }
    dir.sync()?;
    Ok(Ticket { key: item.key.clone(), handle, part_size, algorithm: Algorithm::Crc64nvme })
}

/// Writes one part to its place.
pub(super) fn send(root: &Root, ticket: &Ticket, part: PartNo, body: &Body) -> Result<PartProof, Trouble> {
    let (_, file) = open_temp(root, ticket)?.ok_or(Trouble::Gone)?;
    let before = u64::from(part.0).checked_sub(1).and_then(|parts| parts.checked_mul(ticket.part_size)).ok_or(Trouble::Sizes)?;
    disk::write_at(&file, &body.bytes, before)?;
    Ok(PartProof { part, size: body.bytes.len() as u64, etag: String::new(), digest: body.digest })
}

/// The file does not tell which of its ranges were written; the journal does.
pub(super) fn parts(root: &Root, ticket: &Ticket) -> Result<PartsThere, Trouble> {
    Ok(if open_temp(root, ticket)?.is_some() { PartsThere::Unsaid } else { PartsThere::Gone })
}

/// Gives the object in parts its name.
pub(super) fn seal(root: &Root, item: &Outgoing, ticket: &Ticket, bytes: u64, whole: Digest) -> Result<RemoteRef, Trouble> {
    let (dir, file) = open_temp(root, ticket)?.ok_or(Trouble::Gone)?;
    if bytes != item.size || file.metadata()?.len() != item.size {
        return Err(Trouble::Sizes);
    }
    let (_, name) = names::split(&item.key.0)?;
    publish(&dir, &file, &ticket.handle, name, item, whole)
}

/// Removes the temporary file. A sealed file has another name and stays.
pub(super) fn discard(root: &Root, ticket: &Ticket) -> Result<(), Trouble> {
    check_handle(ticket)?;
    match root.place(&ticket.key, Missing::Leave)? {
        Some((dir, _)) => {
            dir.remove(&ticket.handle)?;
            Ok(dir.sync()?)
        }
        None => Ok(()),
    }
}

/// What stands under a name, its content read. Something that is not a file has neither size nor digest.
pub(super) fn look(dir: &Dir, name: &str, algorithm: Algorithm) -> Result<Option<RemoteRef>, Trouble> {
    Ok(match dir.there(name, false)? {
        There::Nothing => None,
        There::Other => Some(RemoteRef::default()),
        There::File(file) => {
            let (size, digest) = sum(&file, algorithm)?;
            Some(RemoteRef { size: Some(size), digest: Some(digest), etag: disk::mark(&file).ok(), version: None, url: None })
        }
    })
}

fn publish(dir: &Dir, file: &File, temp: &str, name: &str, item: &Outgoing, wanted: Digest) -> Result<RemoteRef, Trouble> {
    dir.open_up(file)?;
    // A drive that keeps no times of its own still keeps the file.
    let _ = file.set_times(FileTimes::new().set_modified(time(item.mtime_ns)));
    file.sync_all()?;
    let (size, digest) = sum(file, wanted.algorithm())?;
    if size != item.size || digest != wanted {
        return Err(Trouble::Differs);
    }
    match &item.existing {
        Existing::Refuse => dir.publish(temp, name)?,
        // Between the look and the rename somebody could still write; without the look they would not need to be that quick.
        Existing::Replace(Some(seen)) if dir.size(name)?.is_some_and(|(_, mark)| mark != *seen) => return Err(Trouble::Clash),
        Existing::Replace(_) => dir.replace(temp, name)?,
    }
    dir.sync()?;
    if dir.is_same(file, name)? {
        // Its name is a change of it too: only now it stands as it is found the next time.
        Ok(RemoteRef { size: Some(size), digest: Some(digest), etag: disk::mark(file).ok(), version: None, url: None })
    } else {
        Err(Trouble::Differs)
    }
}

fn time(ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(ns.unsigned_abs());
    let time = if ns < 0 { SystemTime::UNIX_EPOCH.checked_sub(distance) } else { SystemTime::UNIX_EPOCH.checked_add(distance) };
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}

fn open_temp(root: &Root, ticket: &Ticket) -> Result<Option<(Dir, File)>, Trouble> {
    check_handle(ticket)?;
    let Some((dir, _)) = root.place(&ticket.key, Missing::Leave)? else { return Ok(None) };
    Ok(match dir.there(&ticket.handle, true)? {
        There::File(file) => Some((dir, file)),
        There::Nothing | There::Other => None,
    })
}

/// A handle comes from the journal: only a name that we would make ourselves is opened or removed.
fn check_handle(ticket: &Ticket) -> Result<(), Trouble> {
    if names::temp_kind(&ticket.handle) == Some(Temp::Parts) { Ok(()) } else { Err(Trouble::Gone) }
}

/// Folders of this program's life in which left-over temporary files were looked for.
static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes what a crash left behind in the folder that is written to for the first time. Never worth a failure.
/// All handles of this program wait for it: none of their own files is made meanwhile.
fn sweep(root: &Root, dir: &Dir, item: &Outgoing) {
    let folder = root.path.join(item.key.0.rsplit_once('/').map_or("", |(folder, _)| folder));
    let mut swept = SWEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if swept.insert(folder) {
        sweep_old(dir, SystemTime::now());
    }
}

/// Removes the temporary files that nobody can be writing any more.
pub(super) fn sweep_old(dir: &Dir, now: SystemTime) {
    for child in dir.children().unwrap_or_default().into_iter().filter(|child| !child.folder) {
        let older = |than: Duration| disk::age(dir, &child.name, now).is_some_and(|age| age > than);
        let over = match names::temp_kind(&child.name) {
            Some(Temp::Once) => is_abandoned(dir, &child.name).unwrap_or_else(|| older(OLD_ONCE)),
            Some(Temp::Parts) => older(OLD_PARTS),
            None => false,
        };
        if over {
            let _ = dir.remove(&child.name);
        }
    }
}

/// Whether the program that wrote this file is gone; `None` where the disk knows no locks.
fn is_abandoned(dir: &Dir, name: &str) -> Option<bool> {
    let There::File(file) = dir.there(name, true).ok()? else { return None };
    match file.try_lock() {
        Ok(()) => Some(true),
        Err(TryLockError::WouldBlock) => Some(false),
        Err(TryLockError::Error(_)) => None,
    }
}

/// Reads a file to its end: its bytes counted, and their digest.
fn sum(mut file: &File, algorithm: Algorithm) -> io::Result<(u64, Digest)> {
    file.rewind()?;
    let mut sum = Sum::new(algorithm);
    let room = file.metadata()?.len().clamp(4096, 256 << 10);
    let mut buffer = vec![0; usize::try_from(room).unwrap_or(4096)];
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((size, sum.finish())),
            Ok(read) => {
                size += read as u64;
                sum.update(&buffer[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

enum Sum {
    Crc64nvme(crc_fast::Digest),
    Crc32c(crc_fast::Digest),
    Md5(md5::Md5),
}

impl Sum {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc64nvme => Self::Crc64nvme(crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme)),
            Algorithm::Crc32c => Self::Crc32c(crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32Iscsi)),
            Algorithm::Md5 => Self::Md5(md5::Md5::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc64nvme(sum) | Self::Crc32c(sum) => sum.update(bytes),
            Self::Md5(sum) => sum.update(bytes),
        }
    }

    fn finish(self) -> Digest {
        match self {
            Self::Crc64nvme(sum) => Digest::Crc64nvme(sum.finalize()),
            Self::Crc32c(sum) => Digest::Crc32c(sum.finalize() as u32),
            Self::Md5(sum) => Digest::Md5(sum.finalize().into()),
        }
    }
}
