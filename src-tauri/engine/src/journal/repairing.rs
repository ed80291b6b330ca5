//! Repair of a damaged journal: it is moved aside, never deleted, and what can still be read goes into a new one.
//! An unfinished upload that lost rows is read anew from what was given: the far side knows what arrived.

use super::intake::forget_items;
use super::opening::{CannotOpen, VERSION, for_writing};
use super::rows::now_ms;
use super::tally::recount;
use super::tree::Tree;
use super::writer::{Change, Memo};
use crate::home::Home;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Result, params_from_iter};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a repair saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// Where the damaged journal is now.
    pub aside: PathBuf,
    /// Uploads that are in the new journal.
    pub uploads: u64,
    /// Files of theirs.
    pub items: u64,
    /// Unfinished uploads that lost rows and will be read anew.
    pub anew: u64,
}

/// Tables in the order in which they can be filled, with the column that their rows are read by from the end.
const TABLES: [(&str, &str); 16] = [
    ("upload", "n"),
    ("root", "upload"),
    ("account", "upload"),
    ("folder", "upload"),
    ("item", "upload"),
    ("part", "upload"),
    ("finding", "upload"),
    ("aside", "upload"),
    ("known", "upload"),
    ("line_left", "upload"),
    ("row", "upload"),
    ("row_item", "upload"),
    ("place", "n"),
    ("ledger", "place"),
    ("connection", "name"),
    ("setting", "name"),
];

/// Moves the damaged journal aside and begins a new one with every row that can still be read. The caller holds the lock.
/// A journal of a newer version is not touched.
///
/// # Errors
/// [`CannotOpen`], when there is no room, nothing may be written, or the journal is newer.
pub fn repair(home: &Home) -> std::result::Result<Repaired, CannotOpen> {
    let path = home.journal();
    refuse_newer(&path)?;
    let aside = free_name(home);
    move_aside(&path, &aside)?;
    let mut new = for_writing(home)?;
    let (uploads, items, anew) = match open_damaged(&aside) {
        Ok(old) => salvage(&old, &mut new)?,
        Err(_) => (0, 0, 0),
    };
    new.execute("UPDATE home SET clean = 1", [])?;
    Ok(Repaired { aside, uploads, items, anew })
}

fn refuse_newer(path: &Path) -> std::result::Result<(), CannotOpen> {
    let Ok(old) = open_damaged(path) else { return Ok(()) };
    match old.query_row("PRAGMA user_version", [], |row| row.get(0)) {
        Ok(version) if version > VERSION && super::opening::is_ours(&old) => Err(CannotOpen::Newer { version }),
        _ => Ok(()),
    }
}

fn free_name(home: &Home) -> PathBuf {
    let time = jiff::Timestamp::from_millisecond(now_ms()).unwrap_or_default().strftime("%Y%m%d-%H%M%S").to_string();
    let mut name = home.folder().join(format!("journal-damaged-{time}.db"));
    for turn in 2.. {
        if !name.exists() {
            break;
        }
        name = home.folder().join(format!("journal-damaged-{time}-{turn}.db"));
    }
    name
}

/// The journal and its log move together: rows that are only in the log are read too.
fn move_aside(path: &Path, aside: &Path) -> io::Result<()> {
    for tail in ["db-wal", "db"] {
        match fs::rename(path.with_extension(tail), aside.with_extension(tail)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    match fs::remove_file(path.with_extension("db-shm")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn open_damaged(path: &Path) -> Result<Connection> {
    let old = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    old.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
    Ok(old)
}

fn salvage(old: &Connection, new: &mut Connection) -> std::result::Result<(u64, u64, u64), CannotOpen> {
    new.execute_batch("PRAGMA foreign_keys = OFF")?;
    let tx = new.transaction()?;
    if let Ok(id) = old.query_row("SELECT id FROM home", [], |row| row.get::<_, String>(0)) {
        tx.execute("UPDATE home SET id = ?1", [id])?;
    }
    for (table, order) in TABLES {
        copy(old, &tx, table, order)?;
    }
    let anew = put_in_order(&tx)?;
    let count = |table: &str| tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| super::rows::unsigned(row, 0));
    let saved = (count("upload")?, count("item")?, anew);
    tx.commit()?;
    new.execute_batch("PRAGMA foreign_keys = ON")?;
    Ok(saved)
}

/// Reads a table from its beginning, and from its end when it breaks off: what lies between is lost.
fn copy(old: &Connection, tx: &Connection, table: &str, order: &str) -> Result<()> {
    let columns: Vec<String> = tx
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_>>()?;
    let marks: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    let columns = columns.join(", ");
    let mut insert = tx.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({})", marks.join(", ")))?;
    for tail in [String::new(), format!(" ORDER BY {order} DESC")] {
        let Ok(mut rows) = old.prepare(&format!("SELECT {columns} FROM {table} NOT INDEXED{tail}")) else { continue };
        let width = rows.column_count();
        let Ok(mut rows) = rows.query([]) else { continue };
        let broke_off = loop {
            match rows.next() {
                Ok(Some(row)) => {
                    let values: Result<Vec<Value>> = (0..width).map(|at| row.get(at)).collect();
                    // A row that breaks the schema is a damaged one: it is left out.
                    let _ = values.and_then(|values| insert.execute(params_from_iter(values)));
                }
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        if !broke_off {
            break;
        }
    }
    Ok(())
}

/// Removes rows whose upload or item is lost, counts anew, and lets uploads that lost rows be read anew.
fn put_in_order(tx: &rusqlite::Transaction<'_>) -> Result<u64> {
    for table in ["root", "account", "folder", "item", "aside", "line_left", "row"] {
        tx.execute(&format!("DELETE FROM {table} WHERE upload NOT IN (SELECT n FROM upload)"), [])?;
    }
    for table in ["part", "finding", "known"] {
        let lost = "NOT EXISTS (SELECT 1 FROM item WHERE item.upload = lost.upload AND item.ord = lost.ord)";
        tx.execute(&format!("DELETE FROM {table} AS lost WHERE {lost}"), [])?;
    }
    tx.execute("DELETE FROM ledger WHERE place NOT IN (SELECT n FROM place)", [])?;
    let mut statement = tx.prepare("SELECT n, phase IN ('finished', 'cancelled') FROM upload")?;
    let uploads: Vec<(i64, bool)> = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    let mut anew = 0;
    for (upload, over) in uploads {
        anew += u64::from(settle(tx, upload, over)?);
    }
    Ok(anew)
}

/// True when the upload is unfinished and lost rows.
fn settle(tx: &rusqlite::Transaction<'_>, upload: i64, over: bool) -> Result<bool> {
    let known: Option<(i64, i64)> = tx
        .query_row(
            "SELECT files + left_out, (SELECT count(*) FROM item WHERE upload = ?1) FROM account WHERE upload = ?1",
            [upload],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map(Some)
        .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(None) } else { Err(error) })?;
    if known.is_none() {
        tx.execute("INSERT INTO account (upload) VALUES (?1)", [upload])?;
    }
    let whole = known.is_some_and(|(kept, there)| kept == there) && folders_are_whole(tx, upload)?;
    let mut memo = Memo::default();
    let lost = !whole && !over;
    if lost {
        forget_items(&mut Change { tx, memo: &mut memo }, upload)?;
        tx.execute("UPDATE upload SET phase = 'reading', read_ended = 0, frozen = 0 WHERE n = ?1", [upload])?;
    }
    recount(tx, upload, &Tree::load(tx, upload)?, true)?;
    Ok(lost)
}

fn folders_are_whole(tx: &Connection, upload: i64) -> Result<bool> {
    tx.query_row(
        "SELECT (SELECT count(*) = coalesce(max(id), 0) FROM folder WHERE upload = ?1)
         AND NOT EXISTS (SELECT 1 FROM item WHERE upload = ?1 AND folder > (SELECT coalesce(max(id), 0) FROM folder WHERE upload = ?1))",
        [upload],
        |row| row.get(0),
    )
}
