//! What the walk met, written as it comes: files as items, links and the like beside them, skipped ones as a count.

use super::Journal;
use super::rows::{media_flags, severity_word, to_db};
use super::tally::{STANDING, Shift, Standing, in_stretches};
use super::uploads::{UploadId, number};
use super::writer::Change;
use gantry_model::view::Account;
use gantry_model::{Code, Entry, EntryKind, Finding, Problem, Severity, State, show};
use rusqlite::{CachedStatement, Result, params};

const INSERT: &str =
    "INSERT INTO item (upload, ord, root, folder, path, key, readable, size, mtime, ctime, dev, ino, format, width,
    height, orientation, media, measured, state, code, detail, worst)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";

/// Names of skipped entries are kept up to this many; all are counted.
const SKIPPED_NAMES: i64 = 1000;

/// One thing that the walk met, looked at and named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Its place among the items of the upload, dense from 0. Not read for links, special files and skipped ones.
    pub ord: u64,
    /// What was met.
    pub entry: Entry,
    /// Where it goes.
    pub key: String,
    /// `Found`, `Ready`, `Blocked` or `Clash`. What could not be read is `Blocked` in any case.
    pub state: State,
    /// What is wrong or good to know.
    pub findings: Vec<Finding>,
    /// Why it cannot be used, where that is not that it could not be read.
    pub code: Option<Code>,
}

/// What a later file shows about an earlier one: its twin was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The earlier one.
    pub ord: u64,
    /// What is wrong with it.
    pub finding: Finding,
    /// Where it stands because of that.
    pub state: State,
}

impl Journal {
    /// Adds what the walk met, and what that shows about earlier items, in one transaction.
    ///
    /// # Errors
    /// `JournalFull`, or a defect such as a number that was given twice.
    pub fn add(&self, upload: &UploadId, items: Vec<NewItem>, also: Vec<Also>) -> std::result::Result<Account, Problem> {
        let id = upload.clone();
        self.change("add", move |change| {
            let upload = number(change.tx, &id)?;
            let mut shift = Shift::default();
            let mut insert = change.tx.prepare_cached(INSERT)?;
            for item in &items {
                add_one(change, &mut insert, upload, item, &mut shift)?;
            }
            drop(insert);
            for twin in &also {
                add_also(change, upload, twin, &mut shift)?;
            }
            let tree = change.memo.tree(change.tx, upload)?;
            shift.post(change.tx, upload, tree, true)
        })
    }

    /// Forgets what was read and keeps what was given: the walk begins anew.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn restart_reading(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("restart_reading", move |change| {
            let upload = number(change.tx, &id)?;
            forget_items(change, upload)?;
            change.tx.execute("UPDATE upload SET read_ended = 0, phase = 'reading' WHERE n = ?1 AND NOT frozen", [upload])?;
            Ok(())
        })
    }

    /// Removes an upload that nobody approved, with all that was read for it. An approved one stays: its history is kept.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn forget(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("forget", move |change| {
            let upload = number(change.tx, &id)?;
            let kept: bool =
                change.tx.query_row("SELECT frozen OR approved FROM upload WHERE n = ?1", [upload], |row| row.get(0))?;
            if !kept {
                forget_items(change, upload)?;
                change.tx.execute("DELETE FROM upload WHERE n = ?1", [upload])?;
                change.memo.forget(upload);
            }
            Ok(())
        })
    }
}

/// Removes the items, folders and counts of an upload.
pub(super) fn forget_items(change: &mut Change<'_>, upload: i64) -> Result<()> {
    in_stretches(change.tx, upload, |from, to| {
        for table in ["row_item", "known", "part", "finding", "item"] {
            let text = format!("DELETE FROM {table} WHERE upload = ?1 AND ord >= ?2 AND ord < ?3");
            change.tx.execute(&text, [upload, from, to])?;
        }
        Ok(())
    })?;
    for table in ["row", "line_left", "aside", "folder"] {
        change.tx.execute(&format!("DELETE FROM {table} WHERE upload = ?1"), [upload])?;
    }
    change.memo.forget(upload);
    let (revision, shape): (i64, i64) =
        change
            .tx
            .query_row("SELECT revision, shape FROM account WHERE upload = ?1", [upload], |row| Ok((row.get(0)?, row.get(1)?)))?;
    change.tx.execute("DELETE FROM account WHERE upload = ?1", [upload])?;
    let values = [upload, revision + 1, shape + 1];
    change.tx.execute("INSERT INTO account (upload, revision, shape) VALUES (?1, ?2, ?3)", values)?;
    Ok(())
}

fn add_one(
    change: &mut Change<'_>,
    insert: &mut CachedStatement<'_>,
    upload: i64,
    item: &NewItem,
    shift: &mut Shift,
) -> Result<()> {
    match item.entry.kind {
        EntryKind::File | EntryKind::Unreadable => add_item(change, insert, upload, item, shift),
        EntryKind::Link | EntryKind::Special => {
            shift.note();
            add_aside(change, upload, item, i64::MAX)
        }
        EntryKind::Skipped => {
            shift.skip();
            add_aside(change, upload, item, if item.findings.is_empty() { SKIPPED_NAMES } else { i64::MAX })
        }
    }
}

fn add_item(
    change: &mut Change<'_>,
    insert: &mut CachedStatement<'_>,
    upload: i64,
    item: &NewItem,
    shift: &mut Shift,
) -> Result<()> {
    let entry = &item.entry;
    let standing = Standing {
        folder: change.memo.tree(change.tx, upload)?.folder_of(change.tx, upload, &entry.path)?,
        state: if entry.kind == EntryKind::Unreadable { State::Blocked } else { item.state },
        size: entry.fingerprint.size,
        worst: item.findings.iter().map(|finding| finding.severity).min(),
        weak: None,
        looked: entry.media.looked,
        left_out: false,
    };
    insert_item(insert, upload, item, &standing)?;
    add_findings(change, upload, item.ord, &item.findings)?;
    shift.count(&standing, 1);
    Ok(())
}

fn insert_item(insert: &mut CachedStatement<'_>, upload: i64, item: &NewItem, standing: &Standing) -> Result<()> {
    let entry = &item.entry;
    let unreadable = entry.kind == EntryKind::Unreadable;
    let detail = entry.trouble.as_ref().map(|said| format!("said={}", show::text(said))).unwrap_or_default();
    insert.execute(params![
        upload,
        to_db(item.ord),
        entry.root,
        standing.folder,
        entry.path,
        item.key,
        !unreadable,
        to_db(entry.fingerprint.size),
        entry.fingerprint.mtime_ns,
        entry.fingerprint.ctime_ns,
        to_db(entry.fingerprint.dev),
        to_db(entry.fingerprint.ino),
        entry.media.format.word(),
        entry.media.width,
        entry.media.height,
        entry.media.orientation,
        media_flags(&entry.media),
        entry.media.measured.as_ref().map(|measured| measured.to_json()),
        standing.state.word(),
        unreadable.then(|| item.code.unwrap_or(Code::SourceUnreadable).word()),
        detail,
        standing.worst.map(severity_word)
    ])?;
    Ok(())
}

/// Findings of one item. The same rule twice is one finding, with the first detail.
pub(super) fn add_findings(change: &Change<'_>, upload: i64, ord: u64, findings: &[Finding]) -> Result<()> {
    for finding in findings {
        change
            .tx
            .prepare_cached("INSERT OR IGNORE INTO finding (upload, ord, rule, severity, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![upload, to_db(ord), finding.rule, severity_word(finding.severity), finding.detail])?;
    }
    Ok(())
}

/// A twin was met: the earlier item gets its finding and its state.
pub(super) fn add_also(change: &Change<'_>, upload: i64, also: &Also, shift: &mut Shift) -> Result<()> {
    add_findings(change, upload, also.ord, std::slice::from_ref(&also.finding))?;
    let before = change
        .tx
        .prepare_cached(&format!("SELECT {STANDING} FROM item WHERE upload = ?1 AND ord = ?2"))?
        .query_row([upload, to_db(also.ord)], Standing::read)?;
    // What cannot be read or used stays so, whoever else has its name.
    let state = if before.state == State::Blocked { State::Blocked } else { also.state };
    let worst = worse(before.worst, also.finding.severity);
    change.tx.prepare_cached("UPDATE item SET state = ?3, worst = ?4 WHERE upload = ?1 AND ord = ?2")?.execute(params![
        upload,
        to_db(also.ord),
        state.word(),
        worst.map(severity_word)
    ])?;
    shift.count(&before, -1);
    shift.count(&Standing { state, worst, ..before }, 1);
    Ok(())
}

fn worse(known: Option<Severity>, new: Severity) -> Option<Severity> {
    Some(known.map_or(new, |known| known.min(new)))
}

fn add_aside(change: &Change<'_>, upload: i64, item: &NewItem, most: i64) -> Result<()> {
    let n: i64 = change
        .tx
        .prepare_cached("SELECT coalesce(max(n) + 1, 0) FROM aside WHERE upload = ?1")?
        .query_row([upload], |row| row.get(0))?;
    if n >= most {
        return Ok(());
    }
    let kind = match item.entry.kind {
        EntryKind::Link => "link",
        EntryKind::Special => "special",
        _ => "skipped",
    };
    let finding = item.findings.first();
    change
        .tx
        .prepare_cached(
            "INSERT INTO aside (upload, n, kind, root, path, rule, severity, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            upload,
            n,
            kind,
            item.entry.root,
            item.entry.path,
            finding.map_or("", |finding| finding.rule),
            finding.map_or("", |finding| severity_word(finding.severity)),
            finding.map_or("", |finding| &finding.detail)
        ])?;
    Ok(())
}
