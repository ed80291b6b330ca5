//! Connections without their secrets, and what the person has set.

use super::Journal;
use super::rows::{json, now_ms, to_json};
use super::uploads::open_uploads;
use gantry_model::{Connection, Problem};
use rusqlite::{OptionalExtension, Result, Row, params};
use std::collections::BTreeMap;

/// The last test of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// The word under `access-` of each check, and whether it passed.
    pub checks: Vec<(String, Option<bool>)>,
}

/// A connection as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConnection {
    /// Its name, kind and fields.
    pub connection: Connection,
    /// What was learned from the store's real answers.
    pub learned: BTreeMap<String, String>,
    /// Its last test; `None` when it never was tested.
    pub tested: Option<Tested>,
}

/// What became of a connection that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Gone,
    /// There was none of this name.
    NeverThere,
    /// So many open uploads use it; it stays.
    InUse(u64),
}

impl Journal {
    /// Adds a connection, or changes the fields of one. Changed fields: what was learned is forgotten.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn put_connection(&self, connection: Connection) -> std::result::Result<(), Problem> {
        self.change("put_connection", move |change| {
            change.tx.execute(
                "INSERT INTO connection (name, kind, fields) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, fields = excluded.fields, learned = '{}', checks = '[]',
                 tested = NULL WHERE kind <> excluded.kind OR fields <> excluded.fields",
                params![connection.name, connection.kind, to_json(&connection.fields)?],
            )?;
            Ok(())
        })
    }

    /// One connection.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn connection(&self, name: &str) -> std::result::Result<Option<StoredConnection>, Problem> {
        self.read("connection", |db| db.query_row(&format!("{SELECT} WHERE name = ?1"), [name], read).optional())
    }

    /// All connections by name.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn connections(&self) -> std::result::Result<Vec<StoredConnection>, Problem> {
        self.read("connections", |db| db.prepare(&format!("{SELECT} ORDER BY name"))?.query_map([], read)?.collect())
    }

    /// Removes a connection, unless uploads that use it are open and `even_open` is not set. Its uploads stay.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn remove_connection(&self, name: &str, even_open: bool) -> std::result::Result<Removed, Problem> {
        let name = name.to_owned();
        self.change("remove_connection", move |change| {
            let open = open_uploads(change.tx, &name)?;
            if open > 0 && !even_open {
                return Ok(Removed::InUse(open));
            }
            let gone = change.tx.execute("DELETE FROM connection WHERE name = ?1", [name])?;
            Ok(if gone > 0 { Removed::Gone } else { Removed::NeverThere })
        })
    }

    /// Keeps facts that the store's answers showed, beside those known already.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn learned(&self, name: &str, facts: Vec<(String, String)>) -> std::result::Result<(), Problem> {
        let name = name.to_owned();
        self.change("learned", move |change| {
            let known = change.tx.query_row("SELECT learned FROM connection WHERE name = ?1", [&name], |row| json(row, 0));
            let Some(mut known) = known.optional()? else { return Ok(()) };
            BTreeMap::<String, String>::extend(&mut known, facts);
            let values = params![name, to_json(&known)?];
            change.tx.execute("UPDATE connection SET learned = ?2 WHERE name = ?1", values).map(|_| ())
        })
    }

    /// Keeps the lines of a test that was made just now.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn tested(&self, name: &str, checks: Vec<(String, Option<bool>)>) -> std::result::Result<(), Problem> {
        let name = name.to_owned();
        self.change("tested", move |change| {
            let values = params![name, to_json(&checks)?, now_ms()];
            change.tx.execute("UPDATE connection SET checks = ?2, tested = ?3 WHERE name = ?1", values).map(|_| ())
        })
    }

    /// A setting's value; `None` when it never was set.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn setting(&self, name: &str) -> std::result::Result<Option<String>, Problem> {
        self.read("setting", |db| db.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0)).optional())
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn put_setting(&self, name: &str, value: &str) -> std::result::Result<(), Problem> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.change("put_setting", move |change| {
            change.tx.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", [name, value]).map(|_| ())
        })
    }
}

const SELECT: &str = "SELECT name, kind, fields, learned, checks, tested FROM connection";

fn read(row: &Row<'_>) -> Result<StoredConnection> {
    let at_ms: Option<i64> = row.get(5)?;
    Ok(StoredConnection {
        connection: Connection { name: row.get(0)?, kind: row.get(1)?, fields: json(row, 2)? },
        learned: json(row, 3)?,
        tested: match at_ms {
            Some(at_ms) => Some(Tested { at_ms, checks: json(row, 4)? }),
            None => None,
        },
    })
}
