//! Uploads as they are read back.

use super::{NewUpload, StoredUpload, UploadId, UploadNo, Wishes, number};
use crate::journal::Journal;
use crate::journal::rows::{self, from_db, unsigned};
use crate::journal::tally::{Books, books};
use gantry_model::view::{Hold, Phase, Picture};
use gantry_model::{Incoming, Problem};
use rusqlite::{Connection, OptionalExtension, Result, Row};

/// Which uploads to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All, newest first.
    All,
    /// Neither finished nor cancelled, newest first.
    Open,
    /// Approved, neither finished nor cancelled, oldest first: what `resume` takes.
    Resumable,
}

const COLUMNS: &str = "n, id, title, phase, approved, incoming, plan, kind, place, endpoint, bucket, at_once, speed_limit,
    hold_code, hold_detail, read_ended, frozen, number, created, started, finished, seconds, rows";

impl StoredUpload {
    /// What the journal knows of the picture: speed, time left and what moves just now are not in it.
    pub fn picture(&self) -> Picture {
        let register = self.begun.plan.register.as_ref();
        let time = |ms: Option<i64>| ms.map(rows::rfc3339).unwrap_or_default();
        Picture {
            upload: self.id.0.clone(),
            title: self.begun.title.clone(),
            manifest: self.begun.plan.manifest.is_some(),
            phase: self.phase,
            account: self.books.account,
            findings: self.books.findings,
            looked: self.books.looked,
            connection: self.begun.plan.connection.clone(),
            kind: self.begun.kind.clone(),
            place: self.begun.place.clone(),
            prefix: self.begun.plan.prefix.clone(),
            platform: register.map(|register| register.kind.clone()).unwrap_or_default(),
            container: register.map(|register| register.name.clone()).unwrap_or_default(),
            link: register.map(|register| register.link.clone()).unwrap_or_default(),
            rows: self.rows,
            same_open: self.same_open,
            seconds: self.seconds,
            hold: self.hold.clone().map(|(code, detail)| Hold { code, detail, again: String::new() }),
            revision: self.books.revision,
            created: rows::rfc3339(self.created_ms),
            finished: time(self.finished_ms),
            number: self.number.clone(),
            ..Picture::default()
        }
    }
}

impl Journal {
    /// The upload with this id; a beginning that only one id has will do, and `last` is the newest one.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn upload(&self, id: &str) -> std::result::Result<Option<StoredUpload>, Problem> {
        self.read("upload", |db| match find(db, id)? {
            Some(n) => one(db, n).map(Some),
            None => Ok(None),
        })
    }

    /// The uploads that are asked for.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn uploads(&self, which: Which) -> std::result::Result<Vec<StoredUpload>, Problem> {
        self.read("uploads", |db| {
            let tail = match which {
                Which::All => "1 ORDER BY n DESC",
                Which::Open => "phase NOT IN ('finished', 'cancelled') ORDER BY n DESC",
                Which::Resumable => "approved AND phase NOT IN ('finished', 'cancelled') ORDER BY n",
            };
            let mut statement = db.prepare_cached(&format!("SELECT n FROM upload WHERE {tail}"))?;
            let numbers: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
            numbers.into_iter().map(|n| one(db, n)).collect()
        })
    }

    /// The account, the findings and the revision of an upload.
    ///
    /// # Errors
    /// A defect, such as an upload that is not there.
    pub fn account(&self, upload: &UploadId) -> std::result::Result<Books, Problem> {
        self.read("account", |db| books(db, number(db, upload)?))
    }

    /// Open uploads that use a connection.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn open_uploads(&self, connection: &str) -> std::result::Result<u64, Problem> {
        self.read("open_uploads", |db| open_uploads(db, connection))
    }
}

/// How many open uploads send or register through this connection. One in which something needs the person is open.
pub(in crate::journal) fn open_uploads(db: &Connection, connection: &str) -> Result<u64> {
    db.query_row(
        "SELECT count(*) FROM upload WHERE (connection = ?1 OR json_extract(plan, '$.register.connection') = ?1)
         AND phase != 'cancelled' AND (phase != 'finished' OR EXISTS
            (SELECT 1 FROM item WHERE item.upload = upload.n AND left_out = 0 AND state = 'needs_you'))",
        [connection],
        |row| unsigned(row, 0),
    )
}

/// The number of the upload that a person names.
fn find(db: &Connection, id: &str) -> Result<Option<i64>> {
    if id == "last" {
        return db.query_row("SELECT n FROM upload ORDER BY n DESC LIMIT 1", [], |row| row.get(0)).optional();
    }
    if let Some(n) = number(db, &UploadId(id.to_owned())).optional()? {
        return Ok(Some(n));
    }
    let mut statement = db.prepare_cached("SELECT n FROM upload WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2")?;
    let found: Vec<i64> = statement.query_map([id], |row| row.get(0))?.collect::<Result<_>>()?;
    Ok(if id.is_empty() || found.len() != 1 { None } else { Some(found[0]) })
}

/// An upload by its number.
pub(in crate::journal) fn one(db: &Connection, n: i64) -> Result<StoredUpload> {
    let books = books(db, n)?;
    let mut upload =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM upload WHERE n = ?1"))?.query_row([n], |row| read(row, books))?;
    let mut statement = db.prepare_cached("SELECT path FROM root WHERE upload = ?1 ORDER BY n")?;
    let roots = statement.query_map([n], |row| Ok(rows::path_from_bytes(row.get_ref(0)?.as_blob()?)))?;
    upload.begun.incoming.paths = roots.collect::<Result<_>>()?;
    if upload.rows > 0 && books.account.same > 0 {
        upload.same_open = same_open(db, n)?;
    }
    Ok(upload)
}

/// Files that are the same as what is there, in rows without an answer.
fn same_open(db: &Connection, n: i64) -> Result<u64> {
    let text = "SELECT count(*) FROM row r CROSS JOIN row_item m ON m.upload = r.upload AND m.row = r.n
        CROSS JOIN item i ON i.upload = m.upload AND i.ord = m.ord
        WHERE r.upload = ?1 AND (r.state = 'waiting' OR r.state = 'sending') AND i.state = 'same'";
    db.prepare_cached(text)?.query_row([n], |row| unsigned(row, 0))
}

fn read(row: &Row<'_>, books: Books) -> Result<StoredUpload> {
    let wishes: Wishes = rows::json(row, 5)?;
    let begun = NewUpload {
        incoming: Incoming {
            paths: Vec::new(),
            contents: wishes.contents,
            include_hidden: wishes.include_hidden,
            include: wishes.include,
            exclude: wishes.exclude,
            tables: wishes.tables.iter().map(|path| rows::path_from_bytes(path)).collect(),
        },
        title: row.get(2)?,
        plan: rows::json(row, 6)?,
        kind: row.get(7)?,
        place: row.get(8)?,
        endpoint: row.get(9)?,
        bucket: row.get(10)?,
        approved: row.get(4)?,
        at_once: row.get(11)?,
        limit: unsigned(row, 12)?,
    };
    Ok(StoredUpload {
        no: UploadNo(row.get(0)?),
        id: UploadId(row.get(1)?),
        begun,
        phase: Phase::from_word(row.get_ref(3)?.as_str()?).unwrap_or_default(),
        hold: rows::code(row, 13)?.map(|code| Ok::<_, rusqlite::Error>((code, row.get(14)?))).transpose()?,
        read_ended: row.get(15)?,
        frozen: row.get(16)?,
        number: row.get(17)?,
        created_ms: row.get(18)?,
        started_ms: row.get(19)?,
        finished_ms: row.get(20)?,
        seconds: from_db(row.get(21)?),
        rows: from_db(row.get::<_, Option<i64>>(22)?.unwrap_or_default()),
        same_open: 0,
        books,
    })
}
