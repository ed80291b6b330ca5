//! Opening the journal: what may be opened, with which settings, and the clear words for what may not.
//! A journal of a newer version is never written to, a damaged one never taken for an empty one.

use super::rows::now_ms;
use crate::home::{Home, private_file};
use gantry_model::{Code, Problem};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

/// The version that this program writes, in `user_version`.
pub const VERSION: i64 = 3;
/// Marks the file as a journal of Gantry, in `application_id`: the letters `Gtry`.
pub(super) const APPLICATION_ID: i64 = 0x4774_7279;
const SCHEMA: &str = include_str!("schema.sql");
/// Up to this size a whole check takes about a second: it reads some 150 MB each second on a slow laptop disk.
const CHECK_LIMIT_BYTES: u64 = 128 << 20;
/// Statements kept ready in each connection.
const STATEMENTS: usize = 160;

/// Why the journal cannot be opened. Nothing was changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CannotOpen {
    /// A newer version of Gantry wrote it.
    Newer {
        /// The version that it has.
        version: i64,
    },
    /// It is not a sound journal.
    Damaged {
        /// What was found.
        detail: String,
    },
    /// It or its folder may not be written, or not be read.
    Unwritable {
        /// The system's words.
        detail: String,
    },
    /// No room on its disk.
    Full,
}

impl CannotOpen {
    /// The word that the window and the words know it by: `newer`, `damaged`, `unwritable`, `full`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Newer { .. } => "newer",
            Self::Damaged { .. } => "damaged",
            Self::Unwritable { .. } => "unwritable",
            Self::Full => "full",
        }
    }

    /// Facts for the sentence: a version, the system's words; may be empty.
    pub fn detail(&self) -> String {
        match self {
            Self::Newer { version } => version.to_string(),
            Self::Damaged { detail } | Self::Unwritable { detail } => detail.clone(),
            Self::Full => String::new(),
        }
    }
}

impl fmt::Display for CannotOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "journal {}", self.word())?;
        let detail = self.detail();
        if detail.is_empty() { Ok(()) } else { write!(f, ": {detail}") }
    }
}

impl std::error::Error for CannotOpen {}

impl From<rusqlite::Error> for CannotOpen {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) | None => Self::Damaged { detail },
            Some(_) => Self::Unwritable { detail },
        }
    }
}

impl From<io::Error> for CannotOpen {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Unwritable { detail: error.to_string() },
        }
    }
}

/// What SQLite's refusal means for the queue: no room, or a defect.
pub(super) fn problem(doing: &'static str, error: &rusqlite::Error) -> Problem {
    let code = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Code::JournalFull,
        _ => Code::Bug,
    };
    Problem::new(code, doing).with("said", error.to_string())
}

/// Opens the journal for writing; makes a new one where there is none.
pub(super) fn for_writing(home: &Home) -> Result<Connection, CannotOpen> {
    home.create()?;
    let path = home.journal();
    if path.exists() {
        look(&path)?;
    } else {
        private_file().create_new(true).open(&path)?;
    }
    let mut connection = connect_for_writing(&path)?;
    if stamps(&connection)? == (0, 0) {
        create(&mut connection)?;
    }
    let clean: i64 = connection.query_row("SELECT clean FROM home", [], |row| row.get(0))?;
    if clean == 0 && fs::metadata(&path).is_ok_and(|found| found.len() <= CHECK_LIMIT_BYTES) {
        check(&connection)?;
    }
    connection.execute("UPDATE home SET clean = 0", [])?;
    Ok(connection)
}

/// Opens a sound journal for writing beside its owner: it is neither made, nor checked whole, nor marked as in use.
pub(super) fn beside(path: &Path) -> Result<Connection, CannotOpen> {
    look(path)?;
    Ok(connect_for_writing(path)?)
}

/// A write connection with the journal's settings, without a look at what it holds. Its cache of 8 MiB takes in a million
/// files as fast as one of 32 MiB: they come in the order in which they are kept.
pub(super) fn connect_for_writing(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; PRAGMA foreign_keys = ON;
         PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;",
    )?;
    harden(&connection)?;
    Ok(connection)
}

/// Opens the journal for reading, where there is one of this version.
pub(super) fn for_reading(path: &Path) -> Result<Connection, CannotOpen> {
    let connection = connect_for_reading(path)?;
    sound(&connection)?;
    Ok(connection)
}

/// A read connection with the journal's settings.
pub(super) fn connect_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2048;")?;
    harden(&connection)?;
    Ok(connection)
}

/// An empty journal in memory: what reads where there is no journal yet.
pub(super) fn empty() -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    harden(&connection)?;
    create(&mut connection)?;
    Ok(connection)
}

fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan never depends on the values of its parameters: otherwise some statements are planned anew for each row.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    connection.query_row("PRAGMA mmap_size = 0", [], |_| Ok(())).optional().map(|_| ())
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let change = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    change.execute_batch(SCHEMA)?;
    change.execute("INSERT INTO home (one, id, clean) VALUES (1, ?1, 1)", [random_id()])?;
    change.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"))?;
    change.commit()
}

fn random_id() -> String {
    let mut bytes = [0u8; 8];
    if getrandom::fill(&mut bytes).is_err() {
        bytes = now_ms().to_be_bytes();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A look without the right to write, so that a journal of a newer version stays as it is.
fn look(path: &Path) -> Result<(), CannotOpen> {
    let mut head = [0u8; 16];
    let got = fs::File::open(path)?.read(&mut head)?;
    if got == 0 {
        let more = fs::metadata(path.with_extension("db-wal")).is_ok_and(|wal| wal.len() > 0);
        return if more { Err(CannotOpen::Damaged { detail: "the file is empty".into() }) } else { Ok(()) };
    }
    if &head != b"SQLite format 3\0" {
        return Err(CannotOpen::Damaged { detail: "the file does not begin as a journal does".into() });
    }
    sound(&connect_for_reading(path)?)
}

/// The file says that Gantry made it.
pub(super) fn is_ours(connection: &Connection) -> bool {
    stamps(connection).is_ok_and(|(application, _)| application == APPLICATION_ID)
}

fn stamps(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let application = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok((application, connection.query_row("PRAGMA user_version", [], |row| row.get(0))?))
}

fn sound(connection: &Connection) -> Result<(), CannotOpen> {
    let (application, version) = stamps(connection)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, version) {
        // The file was made, and the program ended before the first commit.
        (0, 0) if tables == 0 => Ok(()),
        (APPLICATION_ID, newer) if newer > VERSION => Err(CannotOpen::Newer { version: newer }),
        (APPLICATION_ID, VERSION) if has_home(connection) => Ok(()),
        (APPLICATION_ID, _) => Err(CannotOpen::Damaged { detail: "tables are missing".into() }),
        _ => Err(CannotOpen::Damaged { detail: "the file belongs to another program".into() }),
    }
}

fn has_home(connection: &Connection) -> bool {
    connection.query_row("SELECT id FROM home", [], |row| row.get::<_, String>(0)).is_ok()
}

/// Reads the whole file; says the first thing that is wrong.
fn check(connection: &Connection) -> Result<(), CannotOpen> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(CannotOpen::Damaged { detail: said }) }
}
