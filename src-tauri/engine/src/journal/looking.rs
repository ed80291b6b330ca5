//! One look at an upload that stays the same while others write: what receipts are made from.

use super::Journal;
use super::details::{STORED, StoredItem};
use super::groups::NamedAside;
use super::opening::problem;
use super::rows::{from_db, state};
use super::tree::below;
use super::uploads::{StoredUpload, UploadId, number, one};
use gantry_model::view::FolderRow;
use gantry_model::{Problem, State};
use rusqlite::{Connection, Result, Row};

/// An upload as it stood at one moment.
pub struct Look<'a> {
    db: &'a Connection,
    upload: i64,
}

impl Journal {
    /// Shows an upload as it stands at this moment, however long that takes.
    ///
    /// # Errors
    /// What `see` says; a defect, such as an upload that is not there.
    pub fn look<T>(
        &self,
        upload: &UploadId,
        see: impl FnOnce(&Look<'_>) -> std::result::Result<T, Problem>,
    ) -> std::result::Result<T, Problem> {
        self.read("look", |db| Ok(see(&Look { db, upload: number(db, upload)? })))?
    }
}

fn which(states: &[State]) -> String {
    let words: Vec<String> = states.iter().map(|state| format!("'{}'", state.word())).collect();
    if words.is_empty() { String::new() } else { format!("AND state IN ({})", words.join(", ")) }
}

impl Look<'_> {
    /// The upload.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn upload(&self) -> std::result::Result<StoredUpload, Problem> {
        one(self.db, self.upload).map_err(|error| problem("look", &error))
    }

    /// The items in these states (all states: an empty list), by their place, `most` at most. What was left out is not shown.
    ///
    /// # Errors
    /// What `see` says; a defect, or a damaged journal.
    pub fn each(
        &self,
        states: &[State],
        most: u64,
        see: &mut dyn FnMut(&StoredItem) -> std::result::Result<(), Problem>,
    ) -> std::result::Result<(), Problem> {
        let (most, which) = (i64::try_from(most).unwrap_or(i64::MAX), which(states));
        let text = format!("SELECT {STORED} FROM item WHERE upload = ?1 AND left_out = 0 {which} ORDER BY ord LIMIT {most}");
        self.rows(&text, StoredItem::read, &mut |item| see(&item))
    }

    /// Only the states of the same items.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn each_state(&self, states: &[State], see: &mut dyn FnMut(u64, State)) -> std::result::Result<(), Problem> {
        let text = format!("SELECT ord, state FROM item WHERE upload = ?1 AND left_out = 0 {} ORDER BY ord", which(states));
        let read = |row: &Row<'_>| Ok((from_db(row.get(0)?), state(row, 1)?));
        self.rows(&text, read, &mut |(ord, state)| {
            see(ord, state);
            Ok(())
        })
    }

    /// Links, special files and the names of the first thousand skipped ones.
    ///
    /// # Errors
    /// What `see` says; a defect, or a damaged journal.
    pub fn each_aside(
        &self,
        see: &mut dyn FnMut(NamedAside) -> std::result::Result<(), Problem>,
    ) -> std::result::Result<(), Problem> {
        self.rows("SELECT kind, path, rule, detail FROM aside WHERE upload = ?1 ORDER BY n", NamedAside::read, see)
    }

    /// Folders right below one; 0 is the top.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn folders(&self, parent: u64) -> std::result::Result<Vec<FolderRow>, Problem> {
        below(self.db, self.upload, parent).map_err(|error| problem("look", &error))
    }

    fn rows<T>(
        &self,
        text: &str,
        read: impl Fn(&Row<'_>) -> Result<T>,
        see: &mut dyn FnMut(T) -> std::result::Result<(), Problem>,
    ) -> std::result::Result<(), Problem> {
        let bad = |error: rusqlite::Error| problem("look", &error);
        let mut statement = self.db.prepare_cached(text).map_err(bad)?;
        let mut found = statement.query([self.upload]).map_err(bad)?;
        while let Some(row) = found.next().map_err(bad)? {
            see(read(row).map_err(bad)?)?;
        }
        Ok(())
    }
}
