//! The books: the account of an upload and the counts of its folders, kept by differences in the commit that causes them.
//! The schema refuses books that do not balance; [`recount`] makes them anew from the items.

use super::rows::{self, from_db, to_db};
use super::tree::Tree;
use gantry_model::view::Account;
use gantry_model::{Proof, Severity, State};
use rusqlite::{Connection, Result, Row, params, params_from_iter};
use std::collections::HashMap;

/// Columns of `account` in the order of [`Shift::account`]: five, then one for each state, then seven.
const COLUMNS: [&str; 26] = [
    "files",
    "bytes",
    "passed",
    "left_out",
    "notes",
    "found",
    "ready",
    "blocked",
    "clash",
    "same",
    "waiting",
    "sending",
    "sent",
    "verified",
    "registered",
    "visible",
    "needs_you",
    "set_aside",
    "cancelled",
    "by_size",
    "bytes_done",
    "worst_blocked",
    "worst_warning",
    "worst_note",
    "looked",
    "accepted",
];
const FILES: usize = 0;
const BYTES: usize = 1;
const PASSED: usize = 2;
const LEFT_OUT: usize = 3;
const NOTES: usize = 4;
const STATES: usize = 5;
const BY_SIZE: usize = 19;
const BYTES_DONE: usize = 20;
const WORST: usize = 21;
const LOOKED: usize = 24;
const ACCEPTED: usize = 25;

/// The words of the index over what is open or was: without them SQLite may not use it.
pub(super) const OPEN_INDEX: &str = "(state = 'blocked' OR state = 'clash' OR state = 'needs_you' OR state = 'set_aside')";

/// Counts of one upload, with what only the journal needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// The account as people see it.
    pub account: Account,
    /// Files by their worst finding: blocked, warning, note.
    pub findings: [u64; 3],
    /// Files whose content was looked at.
    pub looked: u64,
    /// Grows with every change.
    pub revision: u64,
    /// Grows with every change of which rows there are and how they are sorted.
    pub shape: u64,
}

/// A proof that is no checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weak {
    /// Size alone.
    Size,
    /// The store's word that it took it.
    Accepted,
}

impl Weak {
    pub(super) fn of(proof: Option<&Proof>) -> Option<Self> {
        Self::from_word(proof.map(Proof::word))
    }

    fn from_word(word: Option<&str>) -> Option<Self> {
        match word {
            Some("size") => Some(Self::Size),
            Some("accepted") => Some(Self::Accepted),
            _ => None,
        }
    }
}

/// What of an item counts in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub folder: u32,
    pub state: State,
    pub size: u64,
    pub worst: Option<Severity>,
    pub weak: Option<Weak>,
    pub looked: bool,
    pub left_out: bool,
}

/// The columns that [`Standing::read`] wants, in its order.
pub(super) const STANDING: &str = "folder, state, size, worst, proof, media, left_out";

impl Standing {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            folder: row.get(0)?,
            state: rows::state(row, 1)?,
            size: rows::unsigned(row, 2)?,
            worst: rows::worst(row, 3)?,
            weak: Weak::from_word(row.get_ref(4)?.as_str_or_null()?),
            looked: row.get::<_, i64>(5)? & 4 != 0,
            left_out: row.get(6)?,
        })
    }

    fn is_done(&self) -> bool {
        matches!(self.state, State::Same | State::Verified | State::Registered | State::Visible)
    }
}

/// Counts of one folder: files, bytes, done, open, left, warnings.
type Counts = [i64; 6];

/// A difference in the books of one upload.
#[derive(Clone, Debug, Default)]
pub(super) struct Shift {
    account: [i64; 26],
    folders: HashMap<u32, Counts>,
}

impl Shift {
    /// One item comes (`1`) or goes (`-1`).
    pub(super) fn count(&mut self, item: &Standing, times: i64) {
        if item.left_out {
            self.account[LEFT_OUT] += times;
            return;
        }
        let bytes = to_db(item.size) * times;
        let done = item.is_done();
        self.account[FILES] += times;
        self.account[BYTES] += bytes;
        self.account[STATES + item.state as usize] += times;
        self.account[LOOKED] += if item.looked { times } else { 0 };
        if done {
            self.account[BYTES_DONE] += bytes;
            let weak = item.weak.filter(|_| item.state != State::Same);
            self.account[BY_SIZE] += if weak == Some(Weak::Size) { times } else { 0 };
            self.account[ACCEPTED] += if weak == Some(Weak::Accepted) { times } else { 0 };
        }
        if let Some(worst) = item.worst {
            self.account[WORST + worst as usize] += times;
        }
        if item.folder == 0 {
            return;
        }
        let folder = self.folders.entry(item.folder).or_default();
        folder[0] += times;
        folder[1] += bytes;
        folder[2] += if done { times } else { 0 };
        folder[3] += if matches!(item.state, State::Blocked | State::Clash | State::NeedsYou) { times } else { 0 };
        folder[4] += if matches!(item.state, State::SetAside | State::Cancelled) { times } else { 0 };
        folder[5] += if item.worst == Some(Severity::Warning) { times } else { 0 };
    }

    /// An entry that is skipped by rule.
    pub(super) fn skip(&mut self) {
        self.account[PASSED] += 1;
    }

    /// A link, a socket, a device.
    pub(super) fn note(&mut self) {
        self.account[NOTES] += 1;
    }

    /// Writes the difference, and gives the account as it stands then. `reshaped`: rows came, went or changed places.
    pub(super) fn post(&self, change: &Connection, upload: i64, tree: &Tree, reshaped: bool) -> Result<Account> {
        let mut folders: HashMap<u32, Counts> = HashMap::with_capacity(self.folders.len() * 2);
        for (folder, counts) in &self.folders {
            for above in tree.upwards(*folder) {
                let sum = folders.entry(above).or_default();
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        post_folders(change, upload, &folders)?;
        let sets: Vec<String> =
            COLUMNS.iter().enumerate().map(|(at, column)| format!("{column} = {column} + ?{}", at + 3)).collect();
        let text = format!(
            "UPDATE account SET {}, revision = revision + 1, shape = shape + ?2 WHERE upload = ?1 RETURNING {}",
            sets.join(", "),
            COLUMNS.join(", ")
        );
        let values = [upload, i64::from(reshaped)].into_iter().chain(self.account);
        change.prepare_cached(&text)?.query_row(params_from_iter(values), account)
    }
}

fn post_folders(change: &Connection, upload: i64, folders: &HashMap<u32, Counts>) -> Result<()> {
    let mut statement = change.prepare_cached(
        "UPDATE folder SET files = files + ?3, bytes = bytes + ?4, done = done + ?5, open = open + ?6, left = left + ?7,
         warnings = warnings + ?8 WHERE upload = ?1 AND id = ?2",
    )?;
    for (folder, counts) in folders {
        if counts.iter().any(|count| *count != 0) {
            statement.execute(params![upload, folder, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]])?;
        }
    }
    Ok(())
}

fn account(row: &Row<'_>) -> Result<Account> {
    let at = |column: usize| row.get::<_, i64>(column).map(from_db);
    let mut account = Account {
        files: at(FILES)?,
        bytes: at(BYTES)?,
        skipped: at(PASSED)? + at(LEFT_OUT)?,
        notes: at(NOTES)?,
        by_size: at(BY_SIZE)?,
        accepted: at(ACCEPTED)?,
        bytes_done: at(BYTES_DONE)?,
        ..Account::default()
    };
    for state in State::ALL {
        *account.slot(*state) = at(STATES + *state as usize)?;
    }
    Ok(account)
}

/// The books of an upload as they are kept.
pub(super) fn books(connection: &Connection, upload: i64) -> Result<Books> {
    let text = format!("SELECT {}, revision, shape FROM account WHERE upload = ?1", COLUMNS.join(", "));
    connection.prepare_cached(&text)?.query_row([upload], |row| {
        let at = |column: usize| row.get::<_, i64>(column).map(from_db);
        Ok(Books {
            account: account(row)?,
            findings: [at(WORST)?, at(WORST + 1)?, at(WORST + 2)?],
            looked: at(LOOKED)?,
            revision: at(COLUMNS.len())?,
            shape: at(COLUMNS.len() + 1)?,
        })
    })
}

/// Shows every item that matches. `matching` is SQL about `item`. Nothing is gathered: an upload may have a million.
pub(super) fn each(change: &Connection, upload: i64, matching: &str, mut see: impl FnMut(&Standing)) -> Result<()> {
    let text = format!("SELECT {STANDING} FROM item WHERE upload = ?1 AND ({matching})");
    let mut statement = change.prepare_cached(&text)?;
    let mut found = statement.query([upload])?;
    while let Some(row) = found.next()? {
        see(&Standing::read(row)?);
    }
    Ok(())
}

/// Carries out a statement for stretches of items, `?2` up to but without `?3`: SQLite keeps each page that one statement
/// changes in memory until it ends.
pub(super) fn in_stretches(change: &Connection, upload: i64, mut run: impl FnMut(i64, i64) -> Result<()>) -> Result<()> {
    const ITEMS: i64 = 20_000;
    let text = "SELECT coalesce(max(ord), -1) FROM item WHERE upload = ?1";
    let last: i64 = change.query_row(text, [upload], |row| row.get(0))?;
    let mut from = 0;
    while from <= last {
        run(from, from + ITEMS)?;
        from += ITEMS;
    }
    Ok(())
}

/// Makes the books of an upload anew from its items. What was skipped or noted in the walk stays.
pub(super) fn recount(change: &Connection, upload: i64, tree: &Tree, reshaped: bool) -> Result<Account> {
    let zeroes: Vec<String> =
        COLUMNS.iter().filter(|column| !["passed", "notes"].contains(column)).map(|column| format!("{column} = 0")).collect();
    change.execute(&format!("UPDATE account SET {} WHERE upload = ?1", zeroes.join(", ")), [upload])?;
    change.execute(
        "UPDATE folder SET files = 0, bytes = 0, done = 0, open = 0, left = 0, warnings = 0 WHERE upload = ?1",
        [upload],
    )?;
    let mut shift = Shift::default();
    each(change, upload, "1", |item| shift.count(item, 1))?;
    shift.post(change, upload, tree, reshaped)
}
