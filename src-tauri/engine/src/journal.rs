//! The journal: what was given, where each file stands, and what happened, on disk before anybody is told.
//! One thread owns the only connection that writes; readers see what is committed. SQLite is spoken nowhere else.

mod commit;
mod copying;
mod deciding;
mod details;
mod groups;
mod history;
mod intake;
mod ledger;
mod looking;
mod objects;
mod opening;
mod pages;
mod platform_rows;
mod queueing;
mod readers;
mod registering;
mod repairing;
mod rewriting;
mod rows;
mod settings;
mod tables;
mod tally;
mod tree;
mod uploads;
mod work;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

pub use commit::{Committed, PartChange, Record};
pub use copying::Fixable;
pub use deciding::Frozen;
pub use details::{StoredFinding, StoredItem, There};
pub use groups::NamedAside;
pub use intake::{Also, NewItem};
pub use ledger::Left;
pub use looking::Look;
pub use objects::{KeptObject, KeptObjects};
pub use opening::{CannotOpen, VERSION};
pub use platform_rows::{Groupable, RowCounts, RowItem, StoredRow};
pub use registering::{NewRow, RowFact, RowsChanged};
pub use repairing::{Repaired, repair};
pub use rewriting::Rewritten;
pub(crate) use rows::now_ms;
pub use rows::{path_from_bytes, path_to_bytes, rfc3339, rfc3339_ns};
pub use settings::{Removed, StoredConnection, Tested};
pub use tables::{LineLeft, Unread, Why};
pub use tally::Books;
pub use uploads::{NewUpload, StoredUpload, UploadId, UploadNo, Which};
pub use work::{Keyed, WorkItem};

use crate::home::Home;
use gantry_model::Problem;
use readers::Readers;
use std::fmt;
use std::sync::{Arc, Mutex};
use writer::{Change, Writer};

/// A handle on the journal. Cloning is cheap; all methods block unless they say otherwise.
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    readers: Readers,
    writer: Option<Writer>,
    lists: Mutex<pages::Lists>,
    id: String,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("id", &self.inner.id).field("writes", &self.inner.writer.is_some()).finish()
    }
}

impl Journal {
    /// Opens the journal for reading and writing; makes a new one where there is none. The caller holds the lock of the home.
    ///
    /// # Errors
    /// [`CannotOpen`]; the journal is unchanged then.
    pub fn open(home: &Home) -> Result<Self, CannotOpen> {
        let connection = opening::for_writing(home)?;
        let id = connection.query_row("SELECT id FROM home", [], |row| row.get(0))?;
        let readers = Readers::on(home.journal());
        let writer = Writer::start(connection, home, true).map_err(CannotOpen::from)?;
        Ok(Self::with(readers, Some(writer), id))
    }

    /// Opens a journal that is there for small changes, without the lock of the home: its owner may be at work.
    ///
    /// # Errors
    /// [`CannotOpen`]; the journal is unchanged then.
    pub fn beside(home: &Home) -> Result<Self, CannotOpen> {
        let connection = opening::beside(&home.journal())?;
        let id = connection.query_row("SELECT id FROM home", [], |row| row.get(0))?;
        let writer = Writer::start(connection, home, false).map_err(CannotOpen::from)?;
        Ok(Self::with(Readers::on(home.journal()), Some(writer), id))
    }

    /// Opens the journal for reading only; needs no lock. A missing journal is an empty one.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn read_only(home: &Home) -> Result<Self, CannotOpen> {
        let path = home.journal();
        if !path.exists() {
            return Ok(Self::with(Readers::nothing(), None, String::new()));
        }
        let connection = opening::for_reading(&path)?;
        let id = connection.query_row("SELECT id FROM home", [], |row| row.get(0));
        match id {
            Ok(id) => Ok(Self::with(Readers::on(path), None, id)),
            Err(_) => Ok(Self::with(Readers::nothing(), None, String::new())),
        }
    }

    fn with(readers: Readers, writer: Option<Writer>, id: String) -> Self {
        Self { inner: Arc::new(Inner { readers, writer, lists: Mutex::default(), id }) }
    }

    /// The random id of this data folder, made with the journal. Empty where there is no journal yet.
    pub fn home_id(&self) -> &str {
        &self.inner.id
    }

    /// Whoever is told after each commit of records. Called on the writer's thread: it must be quick, must not write
    /// to the journal by a blocking method, and must not keep the journal alive (a `Weak` does no harm).
    pub fn observe(&self, observer: Box<dyn Fn(&Committed) + Send + Sync>) {
        if let Some(writer) = &self.inner.writer {
            writer.observe(observer);
        }
    }

    /// Hands over what happened, without waiting. It is committed within 20 ms, in the order of handing over,
    /// and the observer hears of it afterwards. What a full disk refuses is kept and tried again.
    pub fn record(&self, records: Vec<Record>) {
        if let Some(writer) = &self.inner.writer {
            writer.record(records);
        }
    }

    /// Waits until everything that was handed over is committed.
    ///
    /// # Errors
    /// `JournalFull` while there is no room; what was handed over is kept and tried again.
    pub fn flush(&self) -> Result<(), Problem> {
        self.inner.writer.as_ref().map_or(Ok(()), Writer::flush)
    }

    /// One change as one transaction, on the writer's thread, after everything that was handed over.
    fn change<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&mut Change<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        match &self.inner.writer {
            Some(writer) => writer.run(doing, change),
            None => Err(Problem::new(gantry_model::Code::Bug, doing).with("said", "journal opened for reading")),
        }
    }

    /// One read in one snapshot.
    fn read<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        self.inner.readers.read(doing, read)
    }
}
