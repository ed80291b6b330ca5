//! The data folder: where the journal and the receipts are, and the lock that says who works in it.
//! Only its owner may read it. The lock dies with the process: nobody ever has to unlock anything.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where everything that Gantry keeps is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

impl Home {
    /// The folder that was named, else `GANTRY_HOME`, else `gantry` in the system's folder for data. Nothing is created.
    pub fn find(explicit: Option<PathBuf>) -> Self {
        let named = explicit.or_else(|| std::env::var_os("GANTRY_HOME").filter(|value| !value.is_empty()).map(PathBuf::from));
        let folder = named.unwrap_or_else(|| dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("gantry"));
        Self { folder: std::path::absolute(&folder).unwrap_or(folder) }
    }

    /// The folder itself, absolute.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The journal.
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal.db")
    }

    /// What was seen at addresses that manifests name; may be thrown away at any time.
    pub fn objects(&self) -> PathBuf {
        self.folder.join("objects.db")
    }

    /// A file that only takes room, given up when the disk is full so that the state itself can be written.
    pub fn reserve(&self) -> PathBuf {
        self.folder.join("journal.reserve")
    }

    /// Receipts of all uploads.
    pub fn receipts(&self) -> PathBuf {
        self.folder.join("receipts")
    }

    /// Receipts of one upload.
    pub fn receipt(&self, upload: &str) -> PathBuf {
        self.receipts().join(upload)
    }

    /// Copies that are sent in place of originals, until they have arrived.
    pub fn copies(&self) -> PathBuf {
        self.folder.join("copies")
    }

    /// The lock.
    pub fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    fn holder(&self) -> PathBuf {
        self.folder.join("lock.holder")
    }

    /// Creates the folder, closed to everybody else.
    ///
    /// # Errors
    /// What the system says when it cannot be created.
    pub fn create(&self) -> io::Result<()> {
        create_private_folder(&self.folder)
    }
}

/// Creates a folder and those above it; what is created is closed to everybody else.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Options that create a file which only its owner may read.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// The right to change what is in a data folder. Given up when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Somebody else works in this data folder.
    By {
        /// The name that the holder gave: `gantry`, `gantryctl send`.
        holder: String,
        /// Its process number, where it could be read.
        pid: Option<u32>,
    },
    /// The data folder cannot be written at all.
    Unwritable {
        /// The system's words.
        detail: String,
    },
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By { holder, pid: Some(pid) } => write!(f, "in use by {holder} (process {pid})"),
            Self::By { holder, pid: None } => write!(f, "in use by {holder}"),
            Self::Unwritable { detail } => write!(f, "not writable: {detail}"),
        }
    }
}

impl std::error::Error for Held {}

impl Lock {
    /// Takes the lock, or says who has it. Creates the data folder when it is missing.
    ///
    /// # Errors
    /// [`Held`], at once: it never waits.
    pub fn take(home: &Home, holder: &str) -> Result<Self, Held> {
        let unwritable = |error: io::Error| Held::Unwritable { detail: error.to_string() };
        home.create().map_err(unwritable)?;
        let file = private_file().create(true).truncate(false).open(home.lock()).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(read_holder(home)),
            Err(TryLockError::Error(error)) => return Err(unwritable(error)),
        }
        write_holder(home, holder).map_err(unwritable)?;
        Ok(Self { _file: file })
    }
}

/// The name stands beside the lock and not in it: Windows lets nobody else read a locked file.
fn write_holder(home: &Home, holder: &str) -> io::Result<()> {
    let mut file = private_file().create(true).truncate(true).open(home.holder())?;
    write!(file, "{}\n{}\n", holder.replace('\n', " "), std::process::id())
}

fn read_holder(home: &Home) -> Held {
    let text = fs::read_to_string(home.holder()).unwrap_or_default();
    let mut lines = text.lines();
    let holder = lines.next().filter(|name| !name.is_empty()).unwrap_or("gantry").to_owned();
    Held::By { holder, pid: lines.next().and_then(|pid| pid.parse().ok()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_hears_who_works_here_and_gets_it_when_the_first_one_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::find(Some(folder.path().join("deep/er")));
        let first = Lock::take(&home, "gantryctl send").unwrap();
        let refused = Lock::take(&home, "gantry").unwrap_err();
        assert_eq!(refused, Held::By { holder: "gantryctl send".into(), pid: Some(std::process::id()) });
        drop(first);
        let _second = Lock::take(&home, "gantry").unwrap();
        assert_eq!(Lock::take(&home, "x").unwrap_err(), Held::By { holder: "gantry".into(), pid: Some(std::process::id()) });
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_into_the_data_folder() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let home = Home::find(Some(folder.path().join("home")));
        let _lock = Lock::take(&home, "gantry").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(home.folder()), 0o700);
        assert_eq!(mode(&home.lock()), 0o600);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_said_to_be_so() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        let home = Home::find(Some(folder.path().join("file/home")));
        assert!(matches!(Lock::take(&home, "gantry"), Err(Held::Unwritable { .. })));
    }
}
