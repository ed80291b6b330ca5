//! Folders as paths, for systems without handles of folders: each step is looked at before it is taken, and links are
//! refused. Between look and step somebody could still slip one in; the other half, `disk.rs`, has no such moment.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A folder.
#[derive(Debug)]
pub(super) struct Dir(PathBuf);

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

/// True for a folder, links followed: the person chose this path.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Makes the root folder; the one above must be there.
pub(super) fn make_root(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Writes all bytes at this place of the file.
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = file;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

/// Takes the room for the whole file at once.
pub(super) fn reserve(file: &File, size: u64) -> io::Result<()> {
    file.set_len(size)
}

/// How long ago somebody last changed the file.
pub(super) fn age(dir: &Dir, name: &str, now: SystemTime) -> Option<Duration> {
    let found = fs::symlink_metadata(dir.0.join(name)).ok()?;
    let changed = found.created().ok()?.max(found.modified().ok()?);
    now.duration_since(changed).ok()
}

/// Other content has another mark: when it was written and made.
pub(super) fn mark(file: &File) -> io::Result<String> {
    file.metadata().map(|found| marked(&found))
}

fn marked(found: &fs::Metadata) -> String {
    let nanos = |time: io::Result<SystemTime>| {
        let since = time.ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        since.unwrap_or_default().as_nanos()
    };
    format!("{}:{}", nanos(found.modified()), nanos(found.created()))
}

impl Dir {
    /// Opens the root folder; links are followed, since the person chose it.
    pub(super) fn root(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() { Ok(Self(path.to_owned())) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Opens a folder in this one; a link is refused.
    pub(super) fn child(&self, name: &str) -> io::Result<Self> {
        let path = self.0.join(name);
        if fs::symlink_metadata(&path)?.is_dir() { Ok(Self(path)) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Makes a folder in this one and opens it.
    pub(super) fn make(&self, name: &str) -> io::Result<Self> {
        match fs::create_dir(self.0.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => other?,
        }
        self.child(name)
    }

    /// Makes a new file.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.0.join(name))
    }

    /// Opens what stands under this name, to read it or (`write`) to write into it.
    pub(super) fn there(&self, name: &str, write: bool) -> io::Result<There> {
        let path = self.0.join(name);
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
            Err(error) => Err(error),
            Ok(found) if !found.is_file() => Ok(There::Other),
            Ok(_) => Ok(There::File(OpenOptions::new().read(true).write(write).open(path)?)),
        }
    }

    /// True when anything stands under this name.
    pub(super) fn has(&self, name: &str) -> io::Result<bool> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Does this name lead to this file, as far as its kind, length and time tell?
    pub(super) fn is_same(&self, file: &File, name: &str) -> io::Result<bool> {
        let (ours, there) = (file.metadata()?, fs::symlink_metadata(self.0.join(name))?);
        Ok(there.is_file() && ours.len() == there.len() && ours.modified().ok() == there.modified().ok())
    }

    /// Bytes of a regular file, and its [`mark`]; `None` for anything else.
    pub(super) fn size(&self, name: &str) -> io::Result<Option<(u64, String)>> {
        match fs::symlink_metadata(self.0.join(name)) {
            Ok(found) => Ok(found.is_file().then(|| (found.len(), marked(&found)))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives the file its name, where nothing stands under it yet: a second name, which the system refuses over another
    /// file, or (where there are no second names) an empty file of our own that is then replaced.
    pub(super) fn publish(&self, temp: &str, name: &str) -> io::Result<()> {
        match fs::hard_link(self.0.join(temp), self.0.join(name)) {
            Ok(()) => fs::remove_file(self.0.join(temp)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Err(_) => {
                drop(self.create(name)?);
                self.replace(temp, name)
            }
        }
    }

    /// Gives the file its name, whatever stood there.
    pub(super) fn replace(&self, temp: &str, name: &str) -> io::Result<()> {
        fs::rename(self.0.join(temp), self.0.join(name))
    }

    /// Removes a file; one that is not there is removed.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Names last by themselves here.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Files take the rights of their folder by themselves here.
    pub(super) fn open_up(&self, _: &File) -> io::Result<()> {
        Ok(())
    }

    /// The files and folders in this one whose names are text. Links are left out.
    pub(super) fn children(&self) -> io::Result<Vec<Child>> {
        let mut children = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
            if kind.is_dir() || kind.is_file() {
                children.push(Child { name, folder: kind.is_dir() });
            }
        }
        Ok(children)
    }
}
