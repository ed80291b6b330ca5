//! Uploads as a whole: what was given, the plan, the phase, the hold. The drop is on disk before its first file is read.

mod reading;

pub use reading::Which;
pub(super) use reading::one;
pub(in crate::journal) use reading::open_uploads;

use super::Journal;
use super::rows::{self, now_ms, to_db, to_json};
use super::tally::Books;
use gantry_model::view::{Phase, Plan};
use gantry_model::{Code, Incoming, Problem};
use rusqlite::{Connection, OptionalExtension, Result, Transaction, params};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An upload's id as people see it: `YYYYMMDD-HHMMSS-xxxx`, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UploadId(pub String);

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An upload's number in this journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadNo(pub i64);

/// What a new upload begins with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewUpload {
    /// What was given.
    pub incoming: Incoming,
    /// That in short: the first name, and how many more.
    pub title: String,
    /// Where it goes and how.
    pub plan: Plan,
    /// Kind of the connection.
    pub kind: String,
    /// The place for people.
    pub place: String,
    /// Who keeps the bytes, for the ledger: the store's address without secrets; empty for the folder store.
    pub endpoint: String,
    /// The bucket, or the folder of the folder store.
    pub bucket: String,
    /// The person said yes already: killed while still reading, it is finished by `resume`.
    pub approved: bool,
    /// Most requests at once; 0 lets the queue find it.
    pub at_once: u32,
    /// Most bytes a second; 0 is full speed.
    pub limit: u64,
}

/// An upload as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredUpload {
    /// Its number, for records.
    pub no: UploadNo,
    /// Its id.
    pub id: UploadId,
    /// What it began with; the plan, the kind and the place as they are now.
    pub begun: NewUpload,
    /// What it is doing.
    pub phase: Phase,
    /// Why it does not move though it wants to: the code and the measured facts.
    pub hold: Option<(Code, String)>,
    /// What was given is read to its end.
    pub read_ended: bool,
    /// The person approved it and the list is fixed.
    pub frozen: bool,
    /// Receipt number; empty before it is frozen.
    pub number: String,
    /// When it was given, milliseconds since 1970.
    pub created_ms: i64,
    /// When it was frozen, milliseconds since 1970.
    pub started_ms: Option<i64>,
    /// When nothing was left to do, milliseconds since 1970.
    pub finished_ms: Option<i64>,
    /// Seconds of sending so far, over all runs.
    pub seconds: u64,
    /// Rows of it; 0 when only bytes are sent, or before they are made.
    pub rows: u64,
    /// Files that are the same as what is there, in rows without an answer.
    pub same_open: u64,
    /// Where its files stand.
    pub books: Books,
}

/// What of [`Incoming`] stands as JSON; the paths are rows of their own.
#[derive(Serialize, Deserialize)]
struct Wishes {
    contents: bool,
    include_hidden: bool,
    include: Vec<String>,
    exclude: Vec<String>,
    /// Paths as bytes: not every path is text.
    tables: Vec<Vec<u8>>,
}

impl Journal {
    /// Writes down what was given. When this returns, it is on disk.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn new_upload(&self, new: NewUpload) -> std::result::Result<UploadId, Problem> {
        self.change("new_upload", move |change| insert(change.tx, &new))
    }

    /// What was given is read to its end; a review begins unless the person has said yes already.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn read_ended(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        self.set(
            upload,
            "read_ended",
            "UPDATE upload SET read_ended = 1, phase = CASE WHEN phase = 'reading' THEN 'review' ELSE phase END WHERE id = ?1",
        )
    }

    /// The person changed the plan, or the destination and with it kind, place, endpoint and bucket. Not after the freeze.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn set_plan(&self, upload: &UploadId, begun: NewUpload) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("set_plan", move |change| {
            change.memo.forget(number(change.tx, &id)?);
            let plan = to_json(&begun.plan)?;
            let wishes = to_json(&wishes(&begun.incoming))?;
            change.tx.execute(
                "UPDATE upload SET plan = ?2, connection = ?3, kind = ?4, place = ?5, endpoint = ?6, bucket = ?7, at_once = ?8,
                 speed_limit = ?9, incoming = ?10, title = ?11, approved = max(approved, ?12) WHERE id = ?1 AND NOT frozen",
                params![
                    id.0,
                    plan,
                    begun.plan.connection,
                    begun.kind,
                    begun.place,
                    begun.endpoint,
                    begun.bucket,
                    begun.at_once,
                    to_db(begun.limit),
                    wishes,
                    begun.title,
                    begun.approved
                ],
            )?;
            Ok(())
        })
    }

    /// The upload does something else now. Finished and cancelled ones get their time; others lose it.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn phase(&self, upload: &UploadId, phase: Phase) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("phase", move |change| {
            let over = matches!(phase, Phase::Finished | Phase::Cancelled);
            change.tx.execute(
                "UPDATE upload SET finished = CASE WHEN NOT ?3 THEN NULL WHEN phase = ?2 THEN finished ELSE ?4 END, phase = ?2
                 WHERE id = ?1",
                params![id.0, phase.word(), over, now_ms()],
            )?;
            Ok(())
        })
    }

    /// Why the upload does not move though it wants to; `None` when it moves.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn hold(&self, upload: &UploadId, hold: Option<(Code, String)>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("hold", move |change| {
            let (code, detail) = hold.map(|(code, detail)| (Some(code.word()), detail)).unwrap_or_default();
            change.tx.execute("UPDATE upload SET hold_code = ?2, hold_detail = ?3 WHERE id = ?1", params![id.0, code, detail])?;
            Ok(())
        })
    }

    /// Adds seconds of sending.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn spent(&self, upload: &UploadId, seconds: u64) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("spent", move |change| {
            change.tx.execute("UPDATE upload SET seconds = seconds + ?2 WHERE id = ?1", params![id.0, to_db(seconds)])?;
            Ok(())
        })
    }

    /// How many requests at once and how many bytes a second the person wants from now on; 0 leaves it to the queue.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn set_pace(&self, upload: &UploadId, at_once: u32, limit: u64) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("set_pace", move |change| {
            let values = params![id.0, at_once, to_db(limit)];
            change.tx.execute("UPDATE upload SET at_once = ?2, speed_limit = ?3 WHERE id = ?1", values)?;
            Ok(())
        })
    }

    fn set(&self, upload: &UploadId, doing: &'static str, text: &'static str) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change(doing, move |change| change.tx.execute(text, [&id.0]).map(|_| ()))
    }
}

/// The number of an upload.
pub(super) fn number(connection: &Connection, upload: &UploadId) -> Result<i64> {
    connection.prepare_cached("SELECT n FROM upload WHERE id = ?1")?.query_row([&upload.0], |row| row.get(0))
}

fn wishes(incoming: &Incoming) -> Wishes {
    Wishes {
        contents: incoming.contents,
        include_hidden: incoming.include_hidden,
        include: incoming.include.clone(),
        exclude: incoming.exclude.clone(),
        tables: incoming.tables.iter().map(|path| rows::path_to_bytes(path)).collect(),
    }
}

fn insert(tx: &Transaction<'_>, new: &NewUpload) -> Result<UploadId> {
    let now = now_ms();
    let id = fresh_id(tx, now)?;
    tx.execute(
        "INSERT INTO upload (id, title, phase, approved, incoming, connection, plan, kind, place, endpoint, bucket, at_once,
         speed_limit, created) VALUES (?1, ?2, 'reading', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            id.0,
            new.title,
            new.approved,
            to_json(&wishes(&new.incoming))?,
            new.plan.connection,
            to_json(&new.plan)?,
            new.kind,
            new.place,
            new.endpoint,
            new.bucket,
            new.at_once,
            to_db(new.limit),
            now
        ],
    )?;
    let n = tx.last_insert_rowid();
    tx.execute("INSERT INTO account (upload) VALUES (?1)", [n])?;
    for (at, path) in new.incoming.paths.iter().enumerate() {
        let values = params![n, to_db(at as u64), rows::path_to_bytes(path)];
        tx.prepare_cached("INSERT INTO root (upload, n, path) VALUES (?1, ?2, ?3)")?.execute(values)?;
    }
    Ok(id)
}

fn fresh_id(tx: &Transaction<'_>, now: i64) -> Result<UploadId> {
    // Letters and digits that are not taken for each other on the telephone.
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let time = jiff::Timestamp::from_millisecond(now).unwrap_or_default().strftime("%Y%m%d-%H%M%S").to_string();
    for turn in 0u32.. {
        let mut random = [0u8; 4];
        if getrandom::fill(&mut random).is_err() {
            random = turn.wrapping_add(std::process::id()).to_be_bytes();
        }
        let tail: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
        let id = UploadId(format!("{time}-{tail}"));
        if number(tx, &id).optional()?.is_none() {
            return Ok(id);
        }
    }
    Err(rusqlite::Error::QueryReturnedNoRows)
}
