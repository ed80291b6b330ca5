//! One item in full, and how its row reads.

use super::Journal;
use super::rows::{self, rfc3339_ns, to_db, unsigned};
use super::tally::{Standing, Weak};
use super::uploads::{UploadId, number};
use crate::copies::{Copied, Facts};
use gantry_model::view::{FindingLine, ItemDetail, ItemRow};
use gantry_model::{Code, Entry, EntryKind, Item, Key, PartProof, Problem, Proof, RemoteRef, Severity, State, Ticket, show};
use rusqlite::{Connection, OptionalExtension, Result, Row};
use std::path::PathBuf;

/// What a listing said to be under an item's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// Bytes.
    pub size: u64,
    /// ETag without quotes, where the listing has one.
    pub etag: Option<String>,
}

/// One finding as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFinding {
    /// The rule's id.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What exactly.
    pub detail: String,
}

/// One item as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredItem {
    /// Its place in the upload.
    pub ord: u64,
    /// What was met; its kind is `File` or `Unreadable`, and the reason of the latter is in the detail.
    pub entry: Entry,
    /// Its folder's number; 0 at the top.
    pub folder: u64,
    /// Where it goes.
    pub key: Key,
    /// Where it stands.
    pub state: State,
    /// The person left it out in the review.
    pub left_out: bool,
    /// Why it waits or needs the person.
    pub code: Option<Code>,
    /// Measured facts of that, `name=value; name=value`.
    pub detail: String,
    /// How it was proven.
    pub proof: Option<Proof>,
    /// What the store said about the sealed object.
    pub remote: Option<RemoteRef>,
    /// Handle of an object in parts.
    pub ticket: Option<Ticket>,
    /// Trips since the last progress.
    pub attempts: u32,
    /// What a listing said to be under its key before anything was sent.
    pub there: Option<There>,
    /// What the person decided after it met other content: a word of the plan's `on_clash`.
    pub on_clash: Option<String>,
    /// Its worst finding.
    pub worst: Option<Severity>,
    /// When something last happened to it, milliseconds since 1970.
    pub at_ms: Option<i64>,
    /// What was made of it; where it is used, the entry's size, times and media are the copy's.
    pub copy: Option<Box<Copied>>,
}

/// The columns that [`StoredItem::read`] wants, in its order.
pub(super) const STORED: &str = "ord, root, folder, path, readable, size, mtime, ctime, dev, ino, format, width, height,
    orientation, media, key, state, left_out, code, detail, proof, digest, said, said_size, said_digest, etag, version, url, ticket,
    attempts, there_size, there_etag, worst, at, measured, on_clash, copy";

impl StoredItem {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        let readable: bool = row.get(4)?;
        let entry = Entry {
            root: row.get(1)?,
            path: row.get(3)?,
            kind: if readable { EntryKind::File } else { EntryKind::Unreadable },
            fingerprint: rows::fingerprint(row, 5)?,
            media: rows::media(row, 10, 34)?,
            trouble: if readable { None } else { row.get_ref(19)?.as_str()?.strip_prefix("said=").map(str::to_owned) },
        };
        let ticket = row.get_ref(28)?.as_str_or_null()?.is_some();
        let there_size: Option<i64> = row.get(30)?;
        Ok(Self {
            ord: unsigned(row, 0)?,
            entry,
            folder: unsigned(row, 2)?,
            key: Key(row.get(15)?),
            state: rows::state(row, 16)?,
            left_out: row.get(17)?,
            code: rows::code(row, 18)?,
            detail: row.get(19)?,
            proof: rows::proof(row, 20)?,
            remote: rows::remote(row, 22)?,
            ticket: if ticket { Some(rows::json(row, 28)?) } else { None },
            attempts: row.get(29)?,
            there: match there_size {
                Some(size) => Some(There { size: rows::from_db(size), etag: row.get(31)? }),
                None => None,
            },
            on_clash: row.get(35)?,
            worst: rows::worst(row, 32)?,
            at_ms: row.get(33)?,
            copy: if row.get_ref(36)?.as_str_or_null()?.is_some() { Some(Box::new(rows::json(row, 36)?)) } else { None },
        })
    }

    /// It could be read when the walk met it.
    pub fn is_readable(&self) -> bool {
        self.entry.kind == EntryKind::File
    }

    /// Its relative path, display form.
    pub fn shown(&self) -> String {
        show::path(&self.entry.path)
    }

    /// The id that a platform knows it by, where it is not part of a row of several.
    pub fn external_id(&self) -> String {
        crate::naming::external_id(&self.entry.path)
    }

    /// The copy that is sent in its place.
    pub fn sent_copy(&self) -> Option<&Copied> {
        self.copy.as_deref().filter(|copy| copy.used)
    }

    /// The path under which it goes, display form: with the extension of its copy.
    pub fn sent_as(&self) -> String {
        show::path(&crate::copies::sent_path(&self.entry.path, self.sent_copy()))
    }

    /// The file itself, also where a copy of it is sent.
    pub fn original(&self) -> Entry {
        let mut entry = self.entry.clone();
        if let Some(copy) = self.sent_copy() {
            entry.fingerprint = copy.original.fingerprint;
            entry.media.clone_from(&copy.original.media);
        }
        entry
    }

    pub(super) fn standing(&self) -> Standing {
        Standing {
            folder: u32::try_from(self.folder).unwrap_or_default(),
            state: self.state,
            size: self.entry.fingerprint.size,
            worst: self.worst,
            weak: Weak::of(self.proof.as_ref()),
            looked: self.entry.media.looked,
            left_out: self.left_out,
        }
    }

    /// The item as the queue knows it.
    pub fn item(&self, parts: Vec<PartProof>) -> Item {
        Item {
            ord: self.ord,
            key: self.key.clone(),
            fingerprint: self.entry.fingerprint,
            state: self.state,
            ticket: self.ticket.clone(),
            parts,
            attempts: self.attempts,
            code: self.code,
            remote: self.remote.clone(),
            proof: self.proof,
        }
    }

    /// The row that lists show.
    pub fn row(&self) -> ItemRow {
        let shown = self.shown();
        let (folder, name) = shown.rsplit_once('/').unwrap_or(("", &shown));
        ItemRow {
            ord: self.ord,
            name: name.to_owned(),
            folder: folder.to_owned(),
            size: self.entry.fingerprint.size,
            state: self.state,
            code: self.code.map(|code| code.word().to_owned()).unwrap_or_default(),
            kind: self.entry.media.format.kind(),
            format: self.entry.media.format,
            width: self.entry.media.width,
            height: self.entry.media.height,
            worst: self.worst,
            by_size: self.proof == Some(Proof::Size),
            raw: show::raw_beside(&shown, &self.entry.path),
        }
    }

    /// Everything that the window shows of it. The address where the store did not choose it, its row, and source and date of the rules, are for the caller to fill in.
    pub fn details(&self, findings: Vec<StoredFinding>) -> ItemDetail {
        let checksum = match self.proof {
            Some(Proof::Checksum(digest)) => Some(digest),
            _ => None,
        };
        ItemDetail {
            row: self.row(),
            path: self.shown(),
            key: self.key.0.clone(),
            url: self.remote.as_ref().and_then(|remote| remote.url.clone()).unwrap_or_default(),
            external_id: self.external_id(),
            row_key: String::new(),
            row_id: String::new(),
            metadata: Vec::new(),
            attachments: Vec::new(),
            content_type: self.entry.media.format.content_type().to_owned(),
            orientation: self.entry.media.orientation,
            measured: self.entry.media.told(),
            copy: self.sent_copy().map(|copy| copy.steps.fixes.clone()).unwrap_or_default(),
            original: self.sent_copy().map(|copy| in_short(&copy.original)).unwrap_or_default(),
            modified: rfc3339_ns(self.original().fingerprint.mtime_ns),
            findings: findings.into_iter().map(line).collect(),
            detail: self.detail.clone(),
            proof: self.proof.map(|proof| proof.word().to_owned()).unwrap_or_default(),
            algorithm: checksum.map(|digest| digest.algorithm()),
            checksum: checksum.map(|digest| digest.hex()).unwrap_or_default(),
            at: match self.at_ms {
                Some(ms) if self.proof.is_some() => rows::rfc3339(ms),
                _ => String::new(),
            },
        }
    }
}

fn in_short(facts: &Facts) -> String {
    facts.media.in_short(facts.fingerprint.size)
}

fn line(finding: StoredFinding) -> FindingLine {
    FindingLine {
        rule: finding.rule,
        severity: finding.severity,
        detail: finding.detail,
        source: String::new(),
        checked: String::new(),
    }
}

impl Journal {
    /// One item.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn item(&self, upload: &UploadId, ord: u64) -> std::result::Result<Option<StoredItem>, Problem> {
        self.read("item", |db| stored(db, number(db, upload)?, ord))
    }

    /// These items, in the order asked for, without those that are not there.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn items(&self, upload: &UploadId, ords: &[u64]) -> std::result::Result<Vec<StoredItem>, Problem> {
        self.read("items", |db| {
            let upload = number(db, upload)?;
            let mut statement = db.prepare_cached(&format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord = ?2"))?;
            let mut items = Vec::with_capacity(ords.len());
            for ord in ords {
                items.extend(statement.query_row([upload, to_db(*ord)], StoredItem::read).optional()?);
            }
            Ok(items)
        })
    }

    /// One item with its findings, as the window shows it; see [`StoredItem::details`] for what the caller fills in.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn detail(&self, upload: &UploadId, ord: u64) -> std::result::Result<Option<ItemDetail>, Problem> {
        self.read("detail", |db| {
            let upload = number(db, upload)?;
            let Some(item) = stored(db, upload, ord)? else { return Ok(None) };
            Ok(Some(item.details(findings(db, upload, ord)?)))
        })
    }

    /// The findings of one item, worst first.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn findings(&self, upload: &UploadId, ord: u64) -> std::result::Result<Vec<StoredFinding>, Problem> {
        self.read("findings", |db| findings(db, number(db, upload)?, ord))
    }

    /// The path that was given under this number, absolute.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn root(&self, upload: &UploadId, n: u32) -> std::result::Result<Option<PathBuf>, Problem> {
        self.read("root", |db| {
            let values = [number(db, upload)?, i64::from(n)];
            db.prepare_cached("SELECT path FROM root WHERE upload = ?1 AND n = ?2")?
                .query_row(values, |row| Ok(rows::path_from_bytes(row.get_ref(0)?.as_blob()?)))
                .optional()
        })
    }
}

fn stored(db: &Connection, upload: i64, ord: u64) -> Result<Option<StoredItem>> {
    db.prepare_cached(&format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord = ?2"))?
        .query_row([upload, to_db(ord)], StoredItem::read)
        .optional()
}

fn findings(db: &Connection, upload: i64, ord: u64) -> Result<Vec<StoredFinding>> {
    let mut statement = db.prepare_cached("SELECT rule, severity, detail FROM finding WHERE upload = ?1 AND ord = ?2")?;
    let found = statement.query_map([upload, to_db(ord)], |row| {
        Ok(StoredFinding { rule: row.get(0)?, severity: rows::severity(row, 1)?, detail: row.get(2)? })
    })?;
    let mut found: Vec<_> = found.collect::<Result<_>>()?;
    found.sort_by(|a, b| (a.severity, &a.rule).cmp(&(b.severity, &b.rule)));
    Ok(found)
}
