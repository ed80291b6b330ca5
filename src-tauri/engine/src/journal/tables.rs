//! Tables about the files of an upload: what they say is kept beside the files, lines that could not be used beside the table.
//! While they are being read the upload says so: cut off in between, they are read anew before anything is sent.

use super::Journal;
use super::rows::{self, to_db, to_json, unsigned};
use super::tally::{STANDING, Shift, Standing, in_stretches};
use super::uploads::{UploadId, number};
use gantry_model::view::{LinePage, Table, TableLine};
use gantry_model::{Cell, Problem};
use rusqlite::{OptionalExtension, Result, params};

/// Lines that are kept for showing, of each reason.
const KEPT: i64 = 10_000;

/// What keeps a path from being read: a defect, or a damaged journal.
pub type Unread = rusqlite::Error;

/// Why a line could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// It names no file.
    NoFile,
    /// Its name fits several files.
    Ambiguous,
    /// An earlier line is about the same file.
    Twice,
    /// It has another number of cells than the header.
    Broken,
}

impl Why {
    /// The word of journal and page.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoFile => "no_file",
            Self::Ambiguous => "ambiguous",
            Self::Twice => "twice",
            Self::Broken => "broken",
        }
    }

    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::NoFile, Self::Ambiguous, Self::Twice, Self::Broken].into_iter().find(|why| why.word() == word)
    }
}

/// A line that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineLeft {
    /// Why.
    pub why: Why,
    /// Its place among those of this reason, from 0.
    pub n: u64,
    /// Its number in the table.
    pub line: u64,
    /// What it names, or how many cells it has.
    pub said: String,
}

impl Journal {
    /// Files that may be tables by the end of their names, `most` at most: place, root, relative path.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn table_files(&self, upload: &UploadId, most: usize) -> std::result::Result<Vec<(u64, u32, Vec<u8>)>, Problem> {
        self.read("table_files", |db| {
            let text = "SELECT ord, root, path FROM item WHERE upload = ?1 AND readable = 1 AND left_out = 0
                AND lower(CAST(substr(path, -4) AS TEXT)) IN ('.csv', '.tsv', '.tab') ORDER BY ord LIMIT ?2";
            let values = [number(db, upload)?, to_db(most as u64)];
            let read = |row: &rusqlite::Row<'_>| Ok((unsigned(row, 0)?, row.get(1)?, row.get(2)?));
            db.prepare_cached(text)?.query_map(values, read)?.collect()
        })
    }

    /// Relative paths of files, by place, after `after`, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn paths(&self, upload: &UploadId, after: Option<u64>, n: usize) -> std::result::Result<Vec<(u64, Vec<u8>)>, Problem> {
        self.read("paths", |db| {
            let text = "SELECT ord, path FROM item WHERE upload = ?1 AND ord > ?2 AND left_out = 0 ORDER BY ord LIMIT ?3";
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(text)?.query_map(values, |row| Ok((unsigned(row, 0)?, row.get(1)?)))?.collect()
        })
    }

    /// Looks at paths of files, as many as are asked for, in one snapshot. A file that is not there has an empty path.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn with_paths<T>(
        &self,
        upload: &UploadId,
        see: impl FnOnce(&mut dyn FnMut(u64) -> std::result::Result<Vec<u8>, Unread>) -> std::result::Result<T, Unread>,
    ) -> std::result::Result<T, Problem> {
        self.read("with_paths", |db| {
            let upload = number(db, upload)?;
            let mut statement = db.prepare_cached("SELECT path FROM item WHERE upload = ?1 AND ord = ?2")?;
            see(&mut |ord| Ok(statement.query_row([upload, to_db(ord)], |row| row.get(0)).optional()?.unwrap_or_default()))
        })
    }

    /// The file of this relative path, whatever became of it.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn file_at(&self, upload: &UploadId, path: &[u8]) -> std::result::Result<Option<u64>, Problem> {
        self.read("file_at", |db| {
            let text = "SELECT ord FROM item WHERE upload = ?1 AND path = ?2 AND left_out = 0 LIMIT 1";
            db.prepare_cached(text)?.query_row(params![number(db, upload)?, path], |row| unsigned(row, 0)).optional()
        })
    }

    /// The tables of an upload; `None` while they are being read, or when that was cut off.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn tables(&self, upload: &UploadId) -> std::result::Result<Option<Vec<Table>>, Problem> {
        self.read("tables", |db| {
            let text = "SELECT tables FROM upload WHERE n = ?1";
            db.prepare_cached(text)?.query_row([number(db, upload)?], |row| {
                if row.get_ref(0)?.as_str_or_null()?.is_none() { Ok(None) } else { rows::json(row, 0).map(Some) }
            })
        })
    }

    /// Forgets what tables said, and says that they are being read. The tables that are files of the upload are left out of it.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn begin_tables(&self, upload: &UploadId, left_out: Vec<u64>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("begin_tables", move |change| {
            let upload = number(change.tx, &id)?;
            change.tx.execute("UPDATE upload SET tables = NULL WHERE n = ?1", [upload])?;
            change.tx.execute("DELETE FROM line_left WHERE upload = ?1", [upload])?;
            in_stretches(change.tx, upload, |from, to| {
                let text = "DELETE FROM known WHERE upload = ?1 AND ord >= ?2 AND ord < ?3";
                change.tx.execute(text, [upload, from, to]).map(|_| ())
            })?;
            let mut shift = Shift::default();
            for ord in left_out.into_iter().map(to_db) {
                let before = change
                    .tx
                    .prepare_cached(&format!("SELECT {STANDING} FROM item WHERE upload = ?1 AND ord = ?2 AND left_out = 0"))?
                    .query_row([upload, ord], Standing::read)
                    .optional()?;
                let Some(before) = before else { continue };
                change.tx.execute("DELETE FROM finding WHERE upload = ?1 AND ord = ?2", [upload, ord])?;
                let text =
                    "UPDATE item SET left_out = 1, state = 'ready', code = NULL, worst = NULL WHERE upload = ?1 AND ord = ?2";
                change.tx.execute(text, [upload, ord])?;
                shift.count(&before, -1);
                shift.count(&Standing { left_out: true, ..before }, 1);
            }
            let tree = change.memo.tree(change.tx, upload)?;
            shift.post(change.tx, upload, tree, true).map(|_| ())
        })
    }

    /// Keeps what lines of one table say about files, and the lines that could not be used. How many of the files no table
    /// before it had a line for is the answer.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn tell(
        &self,
        upload: &UploadId,
        table: u32,
        known: Vec<(u64, Vec<Cell>)>,
        left: Vec<LineLeft>,
    ) -> std::result::Result<u64, Problem> {
        let id = upload.clone();
        self.change("tell", move |change| {
            let upload = number(change.tx, &id)?;
            let mut before = change.tx.prepare_cached("SELECT facts FROM known WHERE upload = ?1 AND ord = ?2")?;
            let mut put = change.tx.prepare_cached("INSERT OR REPLACE INTO known (upload, ord, facts) VALUES (?1, ?2, ?3)")?;
            let mut first = 0;
            for (ord, cells) in known {
                let place = [upload, to_db(ord)];
                let said = match table {
                    0 => None,
                    _ => before.query_row(place, |row| rows::json::<Vec<Cell>>(row, 0)).optional()?,
                };
                first += u64::from(said.is_none());
                let mut facts = said.unwrap_or_default();
                facts.extend(cells);
                put.execute(params![upload, to_db(ord), to_json(&facts)?])?;
            }
            let mut keep = change
                .tx
                .prepare_cached("INSERT INTO line_left (upload, tab, why, n, line, said) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for one in left.iter().filter(|one| to_db(one.n) < KEPT) {
                keep.execute(params![upload, table, one.why.word(), to_db(one.n), to_db(one.line), one.said])?;
            }
            Ok(first)
        })
    }

    /// The tables are read, or where their columns go has changed. Lists are made anew.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn set_tables(&self, upload: &UploadId, tables: Vec<Table>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("set_tables", move |change| {
            let upload = number(change.tx, &id)?;
            change.tx.execute("UPDATE upload SET tables = ?2 WHERE n = ?1", params![upload, to_json(&tables)?])?;
            let text = "UPDATE account SET revision = revision + 1, shape = shape + 1 WHERE upload = ?1";
            change.tx.execute(text, [upload]).map(|_| ())
        })
    }

    /// A stretch of the lines of a table that could not be used.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn lines_left(
        &self,
        upload: &UploadId,
        table: u32,
        why: Why,
        first: u64,
        n: usize,
    ) -> std::result::Result<LinePage, Problem> {
        self.read("lines_left", |db| {
            let upload = number(db, upload)?;
            let text = "SELECT count(*) FROM line_left WHERE upload = ?1 AND tab = ?2 AND why = ?3";
            let total = db.prepare_cached(text)?.query_row(params![upload, table, why.word()], |row| unsigned(row, 0))?;
            let text =
                "SELECT line, said FROM line_left WHERE upload = ?1 AND tab = ?2 AND why = ?3 AND n >= ?4 ORDER BY n LIMIT ?5";
            let mut statement = db.prepare_cached(text)?;
            let values = params![upload, table, why.word(), to_db(first), to_db(n as u64)];
            let read = |row: &rusqlite::Row<'_>| Ok(TableLine { line: unsigned(row, 0)?, text: row.get(1)? });
            let lines = statement.query_map(values, read)?.collect::<Result<_>>()?;
            Ok(LinePage { total, first, lines })
        })
    }

    /// What tables say about files that would go or go, by place, after `after`, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn told(&self, upload: &UploadId, after: Option<u64>, n: usize) -> std::result::Result<Vec<(u64, Vec<Cell>)>, Problem> {
        self.read("told", |db| {
            let text = "SELECT ord, facts FROM known WHERE upload = ?1 AND ord > ?2 ORDER BY ord LIMIT ?3";
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(text)?.query_map(values, |row| Ok((unsigned(row, 0)?, rows::json(row, 1)?)))?.collect()
        })
    }
}
