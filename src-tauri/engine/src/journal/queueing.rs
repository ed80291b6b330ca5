//! What a run asks beside its items: where the sources are, what lies at the store unfinished, where a listing ends.

use super::Journal;
use super::rows::{self, to_db};
use super::uploads::{UploadId, number};
use gantry_model::{Code, Fingerprint, Problem, Ticket};
use rusqlite::{OptionalExtension, Result, params};
use std::path::PathBuf;

impl Journal {
    /// The paths that were given, in their order.
    ///
    /// # Errors
    /// A defect, such as an upload that is not there.
    pub fn roots(&self, upload: &UploadId) -> std::result::Result<Vec<PathBuf>, Problem> {
        self.read("roots", |db| {
            let mut statement = db.prepare_cached("SELECT path FROM root WHERE upload = ?1 ORDER BY n")?;
            let found =
                statement.query_map([number(db, upload)?], |row| Ok(rows::path_from_bytes(row.get_ref(0)?.as_blob()?)))?;
            found.collect()
        })
    }

    /// Tickets of this upload that the store may still hold parts for.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn tickets(&self, upload: &UploadId) -> std::result::Result<Vec<Ticket>, Problem> {
        self.read("tickets", |db| {
            let mut statement =
                db.prepare_cached("SELECT ticket FROM item WHERE upload = ?1 AND ticket IS NOT NULL ORDER BY ord")?;
            statement.query_map([number(db, upload)?], |row| rows::json(row, 0))?.collect()
        })
    }

    /// The same of what the person has set aside, with the order numbers.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn tickets_aside(&self, upload: &UploadId) -> std::result::Result<Vec<(u64, Ticket)>, Problem> {
        self.read("tickets_aside", |db| {
            let text = "SELECT ord, ticket FROM item
                WHERE upload = ?1 AND ticket IS NOT NULL AND state = 'set_aside' ORDER BY ord";
            let mut statement = db.prepare_cached(text)?;
            let found = statement.query_map([number(db, upload)?], |row| Ok((rows::unsigned(row, 0)?, rows::json(row, 1)?)))?;
            found.collect()
        })
    }

    /// The store holds no parts any more of this item, which the person has set aside.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn parts_gone(&self, upload: &UploadId, ord: u64) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("parts_gone", move |change| {
            let place = [number(change.tx, &id)?, to_db(ord)];
            change.tx.execute("DELETE FROM part WHERE upload = ?1 AND ord = ?2", place)?;
            let text = "UPDATE item SET ticket = NULL WHERE upload = ?1 AND ord = ?2 AND state = 'set_aside'";
            change.tx.execute(text, place).map(|_| ())
        })
    }

    /// The last key in byte order; `None` for an empty upload.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn last_key(&self, upload: &UploadId) -> std::result::Result<Option<String>, Problem> {
        self.read("last_key", |db| {
            let text = "SELECT key FROM item WHERE upload = ?1 AND left_out = 0 ORDER BY key DESC LIMIT 1";
            db.prepare_cached(text)?.query_row([number(db, upload)?], |row| row.get(0)).optional()
        })
    }

    /// The person said yes.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn approve(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("approve", move |change| {
            let text = "UPDATE upload SET approved = 1, phase = 'planning' WHERE id = ?1 AND phase = 'review'";
            change.tx.execute(text, [&id.0]).map(|_| ())
        })
    }

    /// Sources that changed and that the person wants sent as they are now: their new fingerprints.
    /// Items, folders and the account are counted anew.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn refresh(&self, upload: &UploadId, sources: Vec<(u64, Fingerprint)>) -> std::result::Result<(), Problem> {
        if sources.is_empty() {
            return Ok(());
        }
        let id = upload.clone();
        self.change("refresh", move |change| {
            let upload = number(change.tx, &id)?;
            for (ord, seen) in &sources {
                change
                    .tx
                    .prepare_cached(
                        "UPDATE item SET size = ?3, mtime = ?4, ctime = ?5, dev = ?6, ino = ?7, there_size = NULL, there_etag = NULL
                         WHERE upload = ?1 AND ord = ?2 AND state = 'needs_you'",
                    )?
                    .execute(params![
                        upload, to_db(*ord), to_db(seen.size), seen.mtime_ns, seen.ctime_ns, to_db(seen.dev), to_db(seen.ino)
                    ])?;
            }
            let tree = change.memo.tree(change.tx, upload)?;
            super::tally::recount(change.tx, upload, tree, true).map(|_| ())
        })
    }

    /// Items that need the person for this reason (all reasons: `None`), by place, at most `n` after `after`.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn stuck(
        &self,
        upload: &UploadId,
        code: Option<Code>,
        after: Option<u64>,
        n: usize,
    ) -> std::result::Result<Vec<u64>, Problem> {
        self.read("stuck", |db| {
            let mut statement = db.prepare_cached(
                "SELECT ord FROM item WHERE upload = ?1 AND left_out = 0 AND state = 'needs_you' AND (?2 IS NULL OR code = ?2)
                 AND ord > ?3 ORDER BY ord LIMIT ?4",
            )?;
            let values = params![number(db, upload)?, code.map(Code::word), after.map_or(-1, to_db), to_db(n as u64)];
            statement.query_map(values, |row| rows::unsigned(row, 0))?.collect::<Result<_>>()
        })
    }
}
