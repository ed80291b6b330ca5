//! Rows of an upload as they are read: which can be registered, which stand under a key, what a row is made of.
//! A row can be registered when every item of it is proven; nothing is said of rows whose items are still under way.

use super::Journal;
use super::details::{STORED, StoredItem};
use super::rows::{self, from_db, to_db, unsigned};
use super::uploads::{UploadId, number};
use gantry_model::{Cell, Fingerprint, Format, Problem, Role, State};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

/// One row with everything that it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    /// Its number in the upload: the place of its first item.
    pub n: u64,
    /// The name that it can be found again by.
    pub key: String,
    /// `Waiting`, `Sending` (asked, no answer yet), `Registered`, `Visible`, `Same`, `NeedsYou`, `SetAside`, `Cancelled`.
    pub state: State,
    /// When it was first asked for, milliseconds since 1970.
    pub asked_ms: Option<i64>,
    /// Its items in their order.
    pub items: Vec<RowItem>,
}

/// One item of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowItem {
    /// The item.
    pub item: StoredItem,
    /// What it is in its row.
    pub role: Role,
    /// The sensor that it belongs to; empty where there is one only.
    pub sensor: String,
    /// What tables say about it.
    pub known: Vec<Cell>,
}

/// How many rows stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// All of them; `None` while they are not made yet.
    pub made: Option<u64>,
    /// Those that could be registered now, or whose answer is not there yet.
    pub open: u64,
}

/// One item as grouping sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupable {
    /// Its place.
    pub ord: u64,
    /// Relative path, raw.
    pub path: Vec<u8>,
    /// Where it goes.
    pub key: String,
    /// The format that its content says.
    pub format: Format,
    /// The source as the walk saw it.
    pub fingerprint: Fingerprint,
    /// How far it has come.
    pub state: State,
}

/// All items of row `r` are proven. `CROSS JOIN` keeps the order: from the row to its items. Left to itself SQLite goes
/// through all items of the upload for each row.
const PROVEN: &str = "NOT EXISTS (SELECT 1 FROM row_item CROSS JOIN item USING (upload, ord)
    WHERE row_item.upload = r.upload AND row_item.row = r.n AND item.state <> 'verified' AND item.state <> 'same')";

impl Journal {
    /// Of these items, those whose row the platform had before.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn answered_same(&self, upload: &UploadId, ords: &[u64]) -> std::result::Result<Vec<u64>, Problem> {
        self.read("answered_same", |db| {
            let upload = number(db, upload)?;
            let text = "SELECT 1 FROM row_item m CROSS JOIN row r ON r.upload = m.upload AND r.n = m.row
                WHERE m.upload = ?1 AND m.ord = ?2 AND r.state = 'same'";
            let mut statement = db.prepare_cached(text)?;
            let mut same = Vec::new();
            for ord in ords {
                if statement.exists(params![upload, to_db(*ord)])? {
                    same.push(*ord);
                }
            }
            Ok(same)
        })
    }

    /// Rows that can be registered now, after `after`, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn ready_rows(&self, upload: &UploadId, after: Option<u64>, n: usize) -> std::result::Result<Vec<u64>, Problem> {
        self.read("ready_rows", |db| {
            let text = format!(
                "SELECT r.n FROM row r WHERE r.upload = ?1 AND r.n > ?2 AND r.state = 'waiting' AND {PROVEN} ORDER BY r.n LIMIT ?3"
            );
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(&text)?.query_map(values, |row| unsigned(row, 0))?.collect::<Result<_>>()
        })
    }

    /// Rows of these items that can be registered now, or that the platform has and whose items do not say so yet.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn ready_among(&self, upload: &UploadId, ords: &[u64]) -> std::result::Result<Vec<(u64, State)>, Problem> {
        self.read("ready_among", |db| {
            let upload = number(db, upload)?;
            let text = format!(
                "SELECT r.n, r.state FROM row_item m CROSS JOIN row r ON r.upload = m.upload AND r.n = m.row
                 WHERE m.upload = ?1 AND m.ord = ?2 AND (r.state = 'waiting' OR r.state = 'same') AND {PROVEN}"
            );
            let mut statement = db.prepare_cached(&text)?;
            let mut found = Vec::with_capacity(ords.len());
            for ord in ords {
                for row in statement.query_map([upload, to_db(*ord)], |row| Ok((unsigned(row, 0)?, rows::state(row, 1)?)))? {
                    found.push(row?);
                }
            }
            Ok(found)
        })
    }

    /// Rows that were asked for and whose answer never came, after `after`, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn doubtful_rows(
        &self,
        upload: &UploadId,
        after: Option<u64>,
        n: usize,
    ) -> std::result::Result<Vec<(u64, i64)>, Problem> {
        self.read("doubtful_rows", |db| {
            let text = "SELECT n, coalesce(asked, 0) FROM row WHERE upload = ?1 AND n > ?2 AND state = 'sending'
                AND NOT EXISTS (SELECT 1 FROM row_item CROSS JOIN item USING (upload, ord) WHERE row_item.upload = row.upload
                    AND row_item.row = row.n AND item.state = 'needs_you') ORDER BY n LIMIT ?3";
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(text)?.query_map(values, |row| Ok((unsigned(row, 0)?, row.get(1)?)))?.collect::<Result<_>>()
        })
    }

    /// Rows that wait, with their keys, after `after`, `n` at most: what is compared with what the platform has.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn waiting_rows(
        &self,
        upload: &UploadId,
        after: Option<u64>,
        n: usize,
    ) -> std::result::Result<Vec<(u64, String)>, Problem> {
        self.read("waiting_rows", |db| {
            let text = "SELECT n, key FROM row WHERE upload = ?1 AND n > ?2 AND state = 'waiting' ORDER BY n LIMIT ?3";
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(text)?.query_map(values, |row| Ok((unsigned(row, 0)?, row.get(1)?)))?.collect::<Result<_>>()
        })
    }

    /// The numbers of the rows under these folded keys, in their order.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn rows_under(&self, upload: &UploadId, folded: &[String]) -> std::result::Result<Vec<Option<u64>>, Problem> {
        self.read("rows_under", |db| {
            let upload = number(db, upload)?;
            let mut statement = db.prepare_cached("SELECT n FROM row WHERE upload = ?1 AND folded = ?2")?;
            folded.iter().map(|key| statement.query_row(params![upload, key], |row| unsigned(row, 0)).optional()).collect()
        })
    }

    /// These rows with all that they are made of, without those that are not there.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn rows_whole(&self, upload: &UploadId, numbers: &[u64]) -> std::result::Result<Vec<StoredRow>, Problem> {
        self.read("rows_whole", |db| {
            let upload = number(db, upload)?;
            let mut found = Vec::with_capacity(numbers.len());
            for n in numbers {
                found.extend(whole(db, upload, *n)?);
            }
            Ok(found)
        })
    }

    /// The row that an item belongs to: its key and the platform's id.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn row_of(&self, upload: &UploadId, ord: u64) -> std::result::Result<Option<(String, String)>, Problem> {
        self.read("row_of", |db| {
            let text = "SELECT r.key, r.remote FROM row_item m CROSS JOIN row r ON r.upload = m.upload AND r.n = m.row
                WHERE m.upload = ?1 AND m.ord = ?2 LIMIT 1";
            let values = [number(db, upload)?, to_db(ord)];
            db.prepare_cached(text)?.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
    }

    /// Uploads before this one that registered rows in this container, the latest first, `most` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn registered_before(
        &self,
        upload: &UploadId,
        connection: &str,
        container: &str,
        most: usize,
    ) -> std::result::Result<Vec<UploadId>, Problem> {
        self.read("registered_before", |db| {
            let text = "SELECT id FROM upload WHERE n < ?1 AND rows > 0 AND json_extract(plan, '$.register.connection') = ?2
                AND json_extract(plan, '$.register.target.container') = ?3 ORDER BY n DESC LIMIT ?4";
            let values = params![number(db, upload)?, connection, container, to_db(most as u64)];
            db.prepare_cached(text)?.query_map(values, |row| row.get(0).map(UploadId))?.collect()
        })
    }

    /// The row of this folded key that the first of these uploads registered.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn row_before(&self, uploads: &[UploadId], folded: &str) -> std::result::Result<Option<(UploadId, u64)>, Problem> {
        self.read("row_before", |db| {
            let text = "SELECT n FROM row WHERE upload = ?1 AND folded = ?2 AND (state = 'registered' OR state = 'visible')";
            let mut statement = db.prepare_cached(text)?;
            for upload in uploads {
                let values = params![number(db, upload)?, folded];
                if let Some(n) = statement.query_row(values, |row| unsigned(row, 0)).optional()? {
                    return Ok(Some((upload.clone(), n)));
                }
            }
            Ok(None)
        })
    }

    /// What tables say about one item.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn known_of(&self, upload: &UploadId, ord: u64) -> std::result::Result<Vec<Cell>, Problem> {
        self.read("known_of", |db| known(db, number(db, upload)?, ord))
    }

    /// How many rows stand where.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn row_counts(&self, upload: &UploadId) -> std::result::Result<RowCounts, Problem> {
        self.read("row_counts", |db| {
            let upload = number(db, upload)?;
            let made: Option<i64> = db.query_row("SELECT rows FROM upload WHERE n = ?1", [upload], |row| row.get(0))?;
            let text = format!(
                "SELECT count(*) FROM row r WHERE r.upload = ?1 AND (r.state = 'waiting' OR r.state = 'sending') AND {PROVEN}"
            );
            let open = db.prepare_cached(&text)?.query_row([upload], |row| unsigned(row, 0))?;
            Ok(RowCounts { made: made.map(from_db), open })
        })
    }

    /// Items that rows are made of, by place, after `after`, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn groupable(&self, upload: &UploadId, after: Option<u64>, n: usize) -> std::result::Result<Vec<Groupable>, Problem> {
        self.read("groupable", |db| {
            let text = "SELECT ord, path, key, format, size, mtime, ctime, dev, ino, state FROM item
                WHERE upload = ?1 AND ord > ?2 AND left_out = 0 AND readable = 1 ORDER BY ord LIMIT ?3";
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            let read = |row: &Row<'_>| {
                Ok(Groupable {
                    ord: unsigned(row, 0)?,
                    path: row.get(1)?,
                    key: row.get(2)?,
                    format: Format::from_word(row.get_ref(3)?.as_str()?),
                    fingerprint: rows::fingerprint(row, 4)?,
                    state: rows::state(row, 9)?,
                })
            };
            db.prepare_cached(text)?.query_map(values, read)?.collect::<Result<_>>()
        })
    }
}

fn whole(db: &Connection, upload: i64, n: u64) -> Result<Option<StoredRow>> {
    let text = "SELECT key, state, asked FROM row WHERE upload = ?1 AND n = ?2";
    let head = db
        .prepare_cached(text)?
        .query_row([upload, to_db(n)], |row| Ok((row.get(0)?, rows::state(row, 1)?, row.get(2)?)))
        .optional()?;
    let Some((key, state, asked_ms)) = head else { return Ok(None) };
    let text = "SELECT ord, role, sensor FROM row_item WHERE upload = ?1 AND row = ?2 ORDER BY position";
    let mut statement = db.prepare_cached(text)?;
    let places = statement.query_map([upload, to_db(n)], |row| Ok((unsigned(row, 0)?, row.get::<_, String>(1)?, row.get(2)?)))?;
    let mut one = db.prepare_cached(&format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord = ?2"))?;
    let mut items = Vec::new();
    for place in places {
        let (ord, role, sensor) = place?;
        let item = one.query_row([upload, to_db(ord)], StoredItem::read)?;
        items.push(RowItem { item, role: Role::from_word(&role), sensor, known: known(db, upload, ord)? });
    }
    Ok(Some(StoredRow { n, key, state, asked_ms, items }))
}

fn known(db: &Connection, upload: i64, ord: u64) -> Result<Vec<Cell>> {
    let text = "SELECT facts FROM known WHERE upload = ?1 AND ord = ?2";
    let found = db.prepare_cached(text)?.query_row([upload, to_db(ord)], |row| rows::json(row, 0)).optional()?;
    Ok(found.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::opening::empty;
    use super::*;
    use rusqlite::StatementStatus;

    /// How often a statement about one row is planned anew while it is asked for five.
    fn planned_anew(db: &Connection) -> i32 {
        let mut statement = db.prepare("SELECT ord FROM row_item WHERE upload = ?1 AND row = ?2 ORDER BY position").expect("SQL");
        for n in 0..5_i64 {
            assert_eq!(statement.query_map([1, n], |row| row.get::<_, i64>(0)).expect("rows").count(), 0);
            statement.clear_bindings();
        }
        statement.get_status(StatementStatus::RePrepare)
    }

    #[test]
    fn a_statement_is_planned_once_for_all_rows() {
        let plain = Connection::open_in_memory().expect("memory");
        plain.execute_batch(include_str!("schema.sql")).expect("the schema");
        assert!(planned_anew(&plain) > 0, "SQLite needs no asking any more");
        assert_eq!(planned_anew(&empty().expect("memory")), 0);
    }

    #[test]
    fn whether_a_row_is_ready_never_takes_a_look_at_all_items() {
        let db = Connection::open_in_memory().expect("memory");
        db.execute_batch(include_str!("schema.sql")).expect("the schema");
        let text = format!("EXPLAIN QUERY PLAN SELECT r.n FROM row r WHERE r.upload = 1 AND r.state = 'waiting' AND {PROVEN}");
        let mut statement = db.prepare(&text).expect("a statement");
        let plan = statement.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
        let steps: Vec<String> = plan.map(|step| step.expect("a step")).collect();
        assert!(steps.iter().any(|step| step.contains("item USING PRIMARY KEY (upload=? AND ord=?)")), "{steps:#?}");
    }
}
