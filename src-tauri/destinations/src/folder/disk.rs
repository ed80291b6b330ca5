//! Folders as open handles: every step below the root goes by `openat` from one to the next, so that nobody can slip a
//! link into the way. The other half, `disk_plain.rs`, does the same with paths where handles are not to be had.

use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fmt::Display;
use std::fs::{File, Permissions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// An open folder.
#[derive(Debug)]
pub(super) struct Dir(OwnedFd);

/// One name in a folder.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) name: String,
    pub(super) folder: bool,
}

/// What stands under a name.
#[derive(Debug)]
pub(super) enum There {
    Nothing,
    File(File),
    /// A folder, a link, a device.
    Other,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// True for a folder, links followed: the person chose this path.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Makes the root folder; the one above must be there.
pub(super) fn make_root(path: &Path) -> io::Result<()> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => other?,
    }
    path.parent().map_or(Ok(()), |above| Dir::root(above)?.sync())
}

/// Writes all bytes at this place of the file.
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

/// Takes the room for the whole file at once, where the file system can: a full disk is then known before the work.
pub(super) fn reserve(file: &File, size: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if size > 0 {
        match fs::fallocate(file, fs::FallocateFlags::empty(), 0, size) {
            Err(Errno::NOSPC) => return Err(Errno::NOSPC.into()),
            Err(Errno::DQUOT) => return Err(Errno::DQUOT.into()),
            Err(Errno::FBIG) => return Err(Errno::FBIG.into()),
            _ => {}
        }
    }
    file.set_len(size)
}

/// How long ago somebody last changed the file; the change time cannot be set back.
pub(super) fn age(dir: &Dir, name: &str, now: SystemTime) -> Option<Duration> {
    let found = fs::statat(&dir.0, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(found.st_ctime).ok()?);
    now.duration_since(changed).ok()
}

/// Other content has another mark: when it was written, when anything about it changed, and which file it is.
pub(super) fn mark(file: &File) -> io::Result<String> {
    let found = fs::fstat(file)?;
    Ok(marked(found.st_mtime, found.st_mtime_nsec, found.st_ctime, found.st_ctime_nsec, found.st_ino))
}

fn marked(
    written: impl Display,
    nanos: impl Display,
    changed: impl Display,
    its_nanos: impl Display,
    id: impl Display,
) -> String {
    format!("{written}.{nanos}:{changed}.{its_nanos}:{id}")
}

impl Dir {
    /// Opens the root folder; links are followed, since the person chose it.
    pub(super) fn root(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::openat(CWD, path, FOLDER, Mode::empty())?))
    }

    /// Opens a folder in this one; a link is refused.
    pub(super) fn child(&self, name: &str) -> io::Result<Self> {
        match fs::openat(&self.0, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()) {
            Err(Errno::LOOP) => Err(io::ErrorKind::NotADirectory.into()),
            other => Ok(Self(other?)),
        }
    }

    /// Makes a folder in this one, for good, and opens it.
    pub(super) fn make(&self, name: &str) -> io::Result<Self> {
        match fs::mkdirat(&self.0, name, Mode::from_raw_mode(0o777)) {
            Ok(()) => self.sync()?,
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        self.child(name)
    }

    /// Makes a new file that nobody else may read yet.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        let how = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(fs::openat(&self.0, name, how, Mode::from_raw_mode(0o600))?))
    }

    /// Opens what stands under this name, to read it or (`write`) to write into it.
    pub(super) fn there(&self, name: &str, write: bool) -> io::Result<There> {
        let how = if write { OFlags::RDWR } else { OFlags::RDONLY };
        match fs::openat(&self.0, name, how | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty()) {
            Ok(opened) => {
                let file = File::from(opened);
                Ok(if file.metadata()?.is_file() { There::File(file) } else { There::Other })
            }
            Err(Errno::NOENT) => Ok(There::Nothing),
            Err(Errno::LOOP | Errno::ISDIR | Errno::NXIO) => Ok(There::Other),
            Err(error) => Err(error.into()),
        }
    }

    /// True when anything stands under this name.
    pub(super) fn has(&self, name: &str) -> io::Result<bool> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Does this name lead to this very file?
    pub(super) fn is_same(&self, file: &File, name: &str) -> io::Result<bool> {
        let (ours, there) = (fs::fstat(file)?, fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?);
        Ok((ours.st_dev, ours.st_ino, ours.st_size) == (there.st_dev, there.st_ino, there.st_size))
    }

    /// Bytes of a regular file, and its [`mark`]; `None` for anything else.
    pub(super) fn size(&self, name: &str) -> io::Result<Option<(u64, String)>> {
        match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) if FileType::from_raw_mode(found.st_mode).is_file() => {
                let mark = marked(found.st_mtime, found.st_mtime_nsec, found.st_ctime, found.st_ctime_nsec, found.st_ino);
                Ok(u64::try_from(found.st_size).ok().map(|size| (size, mark)))
            }
            Ok(_) | Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the file its name, where nothing stands under it yet.
    pub(super) fn publish(&self, temp: &str, name: &str) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        match fs::renameat_with(&self.0, temp, &self.0, name, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            other => return Ok(other?),
        }
        match fs::linkat(&self.0, temp, &self.0, name, AtFlags::empty()) {
            Ok(()) => Ok(fs::unlinkat(&self.0, temp, AtFlags::empty())?),
            Err(Errno::PERM | Errno::NOTSUP | Errno::NOSYS | Errno::INVAL) => self.publish_over_own(temp, name),
            Err(error) => Err(error.into()),
        }
    }

    /// For file systems with neither: an empty file of our own takes the name first, then is replaced.
    fn publish_over_own(&self, temp: &str, name: &str) -> io::Result<()> {
        drop(self.create(name)?);
        self.replace(temp, name)
    }

    /// Gives the file its name, whatever stood there.
    pub(super) fn replace(&self, temp: &str, name: &str) -> io::Result<()> {
        Ok(fs::renameat(&self.0, temp, &self.0, name)?)
    }

    /// Removes a file; one that is not there is removed.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::unlinkat(&self.0, name, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Makes the names in this folder last.
    pub(super) fn sync(&self) -> io::Result<()> {
        match fs::fsync(&self.0) {
            Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Lets the same people read the file who can look into its folder.
    pub(super) fn open_up(&self, file: &File) -> io::Result<()> {
        let folder = fs::fstat(self.0.as_fd())?;
        #[expect(clippy::useless_conversion, reason = "the type differs between systems")]
        let mode = 0o600 | (u32::from(folder.st_mode) & 0o664);
        if file.metadata()?.mode() & 0o777 != mode {
            // File systems without modes refuse; the file is readable there anyway.
            let _ = file.set_permissions(Permissions::from_mode(mode));
        }
        Ok(())
    }

    /// The files and folders in this one whose names are text. Links and devices are left out.
    pub(super) fn children(&self) -> io::Result<Vec<Child>> {
        let mut children = Vec::new();
        for entry in fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if matches!(name, "." | "..") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(found) => FileType::from_raw_mode(found.st_mode),
                    Err(_) => continue,
                },
                known => known,
            };
            if kind.is_dir() || kind.is_file() {
                children.push(Child { name: name.to_owned(), folder: kind.is_dir() });
            }
        }
        Ok(children)
    }
}
