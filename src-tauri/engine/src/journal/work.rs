//! What the queue takes from the journal: items under way in their order, items in key order beside a listing.

use super::Journal;
use super::details::{STORED, StoredItem, There};
use super::rows::{self, to_db, unsigned};
use super::uploads::{UploadId, number};
use crate::copies::Copied;
use gantry_model::{Fingerprint, Format, Item, Key, Problem, State};
use rusqlite::{Connection, Result, params};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// One item that is waiting, sending or sent, with what is needed to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The item, with the parts that the store confirmed.
    pub item: Item,
    /// The path that was given, absolute.
    pub root: Arc<PathBuf>,
    /// Relative path as in [`gantry_model::Entry`], raw.
    pub path: Vec<u8>,
    /// What the file really is; its content type is set on the object.
    pub format: Format,
    /// What a listing said to be under its key.
    pub there: Option<There>,
    /// What the person decided about other content there: a word of the plan's `on_clash`.
    pub on_clash: Option<String>,
    /// The copy that is sent in place of the file.
    pub copy: Option<Box<Copied>>,
}

/// One item beside a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    /// Its place in the upload.
    pub ord: u64,
    /// Where it goes.
    pub key: Key,
    /// The source as the walk saw it.
    pub fingerprint: Fingerprint,
    /// Where it stands.
    pub state: State,
}

impl Journal {
    /// Items under way after `after`, by their place: the small ones (up to `limit_bytes`) or the others, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn work(
        &self,
        upload: &UploadId,
        after: Option<u64>,
        small: bool,
        limit_bytes: u64,
        n: usize,
    ) -> std::result::Result<Vec<WorkItem>, Problem> {
        self.read("work", |db| {
            let upload = number(db, upload)?;
            let roots = roots(db, upload)?;
            let text = format!(
                "SELECT {STORED} FROM item WHERE upload = ?1 AND ord > ?2 AND left_out = 0
                 AND state IN ('waiting', 'sending', 'sent') AND (size <= ?3) = ?4 ORDER BY ord LIMIT ?5"
            );
            let mut statement = db.prepare_cached(&text)?;
            let limit = i64::try_from(limit_bytes).unwrap_or(i64::MAX);
            let values = params![upload, after.map_or(-1, to_db), limit, small, to_db(n as u64)];
            let found = statement.query_map(values, StoredItem::read)?;
            found.map(|item| work_item(db, upload, &roots, item?)).collect()
        })
    }

    /// These items, whatever their state, as the queue knows them; in the order asked for, without those that are not there.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn work_on(&self, upload: &UploadId, ords: &[u64]) -> std::result::Result<Vec<WorkItem>, Problem> {
        self.read("work_on", |db| {
            let upload = number(db, upload)?;
            let roots = roots(db, upload)?;
            let mut statement =
                db.prepare_cached(&format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord = ?2 AND left_out = 0"))?;
            let mut work = Vec::with_capacity(ords.len());
            for ord in ords {
                for item in statement.query_map([upload, to_db(*ord)], StoredItem::read)? {
                    work.push(work_item(db, upload, &roots, item?)?);
                }
            }
            Ok(work)
        })
    }

    /// Items in byte order of their keys, after the given key and place, `n` at most. What was left out is not among them.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn by_key(&self, upload: &UploadId, after: Option<(&str, u64)>, n: usize) -> std::result::Result<Vec<Keyed>, Problem> {
        self.read("by_key", |db| {
            let upload = number(db, upload)?;
            let (key, ord) = after.map_or(("", -1), |(key, ord)| (key, to_db(ord)));
            let mut statement = db.prepare_cached(
                "SELECT ord, key, state, size, mtime, ctime, dev, ino FROM item WHERE upload = ?1 AND left_out = 0
                 AND (key, ord) > (?2, ?3) ORDER BY key, ord LIMIT ?4",
            )?;
            let found = statement.query_map(params![upload, key, ord, to_db(n as u64)], |row| {
                Ok(Keyed {
                    ord: unsigned(row, 0)?,
                    key: Key(row.get(1)?),
                    fingerprint: rows::fingerprint(row, 3)?,
                    state: rows::state(row, 2)?,
                })
            })?;
            found.collect()
        })
    }

    /// Keeps what a listing said to be under the keys of these items: place, bytes, ETag.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn set_there(&self, upload: &UploadId, there: Vec<(u64, u64, Option<String>)>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("set_there", move |change| {
            let upload = number(change.tx, &id)?;
            let mut statement =
                change.tx.prepare_cached("UPDATE item SET there_size = ?3, there_etag = ?4 WHERE upload = ?1 AND ord = ?2")?;
            for (ord, size, etag) in &there {
                statement.execute(params![upload, to_db(*ord), to_db(*size), etag])?;
            }
            Ok(())
        })
    }
}

type Roots = HashMap<u32, Arc<PathBuf>>;

fn roots(db: &Connection, upload: i64) -> Result<Roots> {
    let mut statement = db.prepare_cached("SELECT n, path FROM root WHERE upload = ?1")?;
    let found =
        statement.query_map([upload], |row| Ok((row.get(0)?, Arc::new(rows::path_from_bytes(row.get_ref(1)?.as_blob()?)))))?;
    found.collect()
}

fn work_item(db: &Connection, upload: i64, roots: &Roots, stored: StoredItem) -> Result<WorkItem> {
    let mut parts = Vec::new();
    if stored.ticket.is_some() {
        let mut statement =
            db.prepare_cached("SELECT n, size, etag, digest FROM part WHERE upload = ?1 AND ord = ?2 ORDER BY n")?;
        parts = statement.query_map([upload, to_db(stored.ord)], rows::part)?.collect::<Result<_>>()?;
    }
    Ok(WorkItem {
        item: stored.item(parts),
        root: roots.get(&stored.entry.root).cloned().unwrap_or_default(),
        format: stored.entry.media.format,
        there: stored.there,
        on_clash: stored.on_clash,
        copy: stored.copy.filter(|copy| copy.used),
        path: stored.entry.path,
    })
}
