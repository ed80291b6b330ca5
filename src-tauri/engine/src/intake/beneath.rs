//! Asks about what the walk meets beneath the root, and nowhere else: a folder that was swapped for a link is not followed.
//! A folder is opened step by step from the root, no link followed, and its files are asked for by name in it.

use gantry_model::{EntryKind, Fingerprint};
use std::io;
use std::path::Path;
use walkdir::DirEntry;

#[cfg(unix)]
pub(super) use unix::Beneath;

#[cfg(unix)]
mod unix {
    use super::*;
    use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, open, openat, statat};
    use std::os::fd::OwnedFd;
    use std::path::PathBuf;

    #[cfg(target_os = "linux")]
    const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
    #[cfg(not(target_os = "linux"))]
    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

    /// The root, and the folder that was asked for last.
    #[derive(Debug)]
    pub(in super::super) struct Beneath {
        root: PathBuf,
        top: Option<OwnedFd>,
        last: Option<(PathBuf, OwnedFd)>,
    }

    impl Beneath {
        pub(in super::super) fn new(root: &Path) -> Self {
            Self { root: root.to_path_buf(), top: None, last: None }
        }

        /// Opens the folder in which something was met.
        ///
        /// # Errors
        /// It is gone, or something else stands in its place or above it.
        pub(in super::super) fn enter(&mut self, folder: &Path) -> io::Result<()> {
            if self.last.as_ref().is_some_and(|(last, _)| last == folder) {
                return Ok(());
            }
            let top = match self.top.take() {
                Some(top) => top,
                None => open(&self.root, FOLDER, Mode::empty())?,
            };
            let top = self.top.insert(top);
            let below = folder.strip_prefix(&self.root).map_err(io::Error::other)?;
            let mut at = openat(&*top, ".", FOLDER, Mode::empty())?;
            for name in below {
                at = openat(&at, name, FOLDER, Mode::empty())?;
            }
            self.last = Some((folder.to_path_buf(), at));
            Ok(())
        }

        /// What stands under this name in the folder that was entered last.
        ///
        /// # Errors
        /// Those of the system.
        pub(in super::super) fn kind(&self, met: &DirEntry) -> io::Result<(EntryKind, Fingerprint)> {
            let Some((_, folder)) = self.last.as_ref().filter(|_| met.depth() > 0) else {
                return super::of_metadata(met);
            };
            let stat = statat(folder, met.file_name(), AtFlags::SYMLINK_NOFOLLOW)?;
            Ok(match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => (EntryKind::File, fingerprint(&stat)),
                FileType::Symlink => (EntryKind::Link, Fingerprint::default()),
                _ => (EntryKind::Special, Fingerprint::default()),
            })
        }
    }

    #[allow(clippy::unnecessary_cast, clippy::useless_conversion, reason = "the types differ between systems")]
    fn fingerprint(stat: &Stat) -> Fingerprint {
        let nanos = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Fingerprint {
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            mtime_ns: nanos(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            ctime_ns: nanos(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            dev: stat.st_dev as u64,
            ino: stat.st_ino as u64,
        }
    }
}

/// Windows tells size and time with the folder's own list, and makes links only for whoever may.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) struct Beneath;

#[cfg(not(unix))]
impl Beneath {
    pub(super) fn new(_root: &Path) -> Self {
        Self
    }

    pub(super) fn enter(&mut self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn kind(&self, met: &DirEntry) -> io::Result<(EntryKind, Fingerprint)> {
        of_metadata(met)
    }
}

fn of_metadata(met: &DirEntry) -> io::Result<(EntryKind, Fingerprint)> {
    let metadata = met.metadata().map_err(|error| error.into_io_error().unwrap_or_else(|| io::Error::other("loop")))?;
    Ok(match metadata.file_type() {
        kind if kind.is_file() => (EntryKind::File, crate::source::file::fingerprint(&metadata)),
        kind if kind.is_symlink() => (EntryKind::Link, Fingerprint::default()),
        _ => (EntryKind::Special, Fingerprint::default()),
    })
}
