//! Records: what happened to items, written by the dozen in one commit with the counts that they change.

use super::rows::{digest_to_db, now_ms, proof_digest, to_db, to_json};
use super::tally::{STANDING, Shift, Standing, Weak};
use super::uploads::{UploadId, UploadNo};
use super::writer::Change;
use gantry_model::view::Account;
use gantry_model::{Fact, Item, PartProof, Problem, RemoteRef, State};
use rusqlite::{CachedStatement, OptionalExtension, Result, Transaction, params};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What happened to an item's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartChange {
    /// Nothing.
    Unchanged,
    /// The store confirmed this one.
    Stored(PartProof),
    /// All are forgotten.
    Forgotten,
}

/// One fact, with the item as it stands after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The upload.
    pub upload: UploadNo,
    /// Where the item stood before.
    pub before: State,
    /// The item after the fact. Its parts are left out: [`Record::parts`] says what happened to them.
    pub item: Item,
    /// What happened to its parts.
    pub parts: PartChange,
    /// The new detail; `None` keeps what is there.
    pub detail: Option<String>,
}

impl Record {
    /// The record of a fact that was applied to `item`, which stood at `before`.
    pub fn new(upload: UploadNo, before: State, item: &Item, fact: &Fact) -> Self {
        let parts = match fact {
            Fact::PartStored(part) => PartChange::Stored(part.clone()),
            Fact::Begun(_) | Fact::StartedOver(_) | Fact::Verified(..) | Fact::FoundSame(..) | Fact::Cancelled => {
                PartChange::Forgotten
            }
            _ => PartChange::Unchanged,
        };
        let detail = match fact {
            Fact::SetAside | Fact::Cancelled => None,
            Fact::Stuck(_, detail) => Some(detail.clone()),
            _ => Some(String::new()),
        };
        let item = Item {
            ord: item.ord,
            key: item.key.clone(),
            fingerprint: item.fingerprint,
            state: item.state,
            ticket: item.ticket.clone(),
            parts: Vec::new(),
            attempts: item.attempts,
            code: item.code,
            remote: item.remote.clone(),
            proof: item.proof,
        };
        Self { upload, before, item, parts, detail }
    }
}

/// What an observer hears after a commit, or after a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Items that changed and where they stand now, each once, in the order of their last record.
    pub items: Vec<(UploadNo, u64, State)>,
    /// Records that came too late: the item was final already and stands as said here.
    pub refused: Vec<(UploadNo, u64, State)>,
    /// Items whose parts may be sent now: the handle of their ticket is on disk.
    pub tickets: Vec<(UploadNo, u64, String)>,
    /// The new account of each upload that is touched.
    pub accounts: Vec<(UploadNo, UploadId, Account)>,
    /// Why nothing could be written just now. What was handed over is kept and tried again.
    pub problem: Option<Problem>,
    /// After a full disk: there is room again.
    pub room_again: bool,
}

/// An item as the journal had it before this commit, and the last record about it.
struct Touched {
    upload: i64,
    ord: i64,
    before: Standing,
    has_parts: bool,
    last: usize,
    detail: Option<String>,
}

/// Statements of one commit: looking them up for each record would cost more than some of them do.
struct Statements<'a> {
    meet: CachedStatement<'a>,
    item: CachedStatement<'a>,
    ledger: CachedStatement<'a>,
    part: CachedStatement<'a>,
    no_parts: CachedStatement<'a>,
}

impl<'a> Statements<'a> {
    fn of(tx: &'a Transaction<'_>) -> Result<Self> {
        Ok(Self {
            meet: tx
                .prepare_cached(&format!("SELECT {STANDING}, ticket IS NOT NULL FROM item WHERE upload = ?1 AND ord = ?2"))?,
            item: tx.prepare_cached(
                "UPDATE item SET state = ?3, code = ?4, detail = coalesce(?5, detail), proof = ?6, digest = ?7, said = ?8,
                 said_size = ?9, said_digest = ?10, etag = ?11, version = ?12, url = ?13, ticket = ?14, attempts = ?15, at = ?16,
                 size = ?17, mtime = ?18, ctime = ?19, dev = ?20, ino = ?21 WHERE upload = ?1 AND ord = ?2",
            )?,
            ledger: tx.prepare_cached(
                "INSERT INTO ledger (place, key, size, digest, etag, url, source_size, source_mtime, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (place, key) DO UPDATE SET size = excluded.size, digest = excluded.digest, etag = excluded.etag,
                 url = excluded.url, source_size = excluded.source_size, source_mtime = excluded.source_mtime, at = excluded.at",
            )?,
            part: tx.prepare_cached(
                "INSERT OR REPLACE INTO part (upload, ord, n, size, etag, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            no_parts: tx.prepare_cached("DELETE FROM part WHERE upload = ?1 AND ord = ?2")?,
        })
    }
}

/// Writes records in their order. Several about one item become one change of its row.
pub(super) fn records(change: &mut Change<'_>, records: &[Record]) -> Result<Committed> {
    let mut committed = Committed::default();
    let mut statements = Statements::of(change.tx)?;
    let mut touched = touch(&mut statements, records, &mut committed)?;
    touched.sort_by_key(|item| item.last);
    let mut shifts: Vec<(i64, Shift)> = Vec::new();
    let now = now_ms();
    for item in &touched {
        let record = &records[item.last];
        let after = write_item(&mut statements, item, record, now)?;
        if matches!(after.state, State::Verified | State::Same) {
            let (_, place) = place_of(change, item.upload)?;
            write_ledger(&mut statements, *place, &record.item, now)?;
        }
        let at = shifts.iter().position(|(upload, _)| *upload == item.upload).unwrap_or_else(|| {
            shifts.push((item.upload, Shift::default()));
            shifts.len() - 1
        });
        shifts[at].1.count(&item.before, -1);
        shifts[at].1.count(&after, 1);
        committed.items.push((record.upload, record.item.ord, after.state));
        if let (State::Sending, Some(ticket)) = (after.state, &record.item.ticket) {
            committed.tickets.push((record.upload, record.item.ord, ticket.handle.clone()));
        }
    }
    for (upload, shift) in shifts {
        let tree = change.memo.tree(change.tx, upload)?;
        let account = shift.post(change.tx, upload, tree, false)?;
        let (id, _) = place_of(change, upload)?;
        committed.accounts.push((UploadNo(upload), UploadId(id.clone()), account));
    }
    Ok(committed)
}

/// Looks at each item once, and writes what happened to parts on the way.
fn touch(statements: &mut Statements<'_>, records: &[Record], committed: &mut Committed) -> Result<Vec<Touched>> {
    let mut touched: Vec<Touched> = Vec::with_capacity(records.len());
    let mut known: HashMap<(i64, i64), Option<usize>> = HashMap::with_capacity(records.len());
    for (at, record) in records.iter().enumerate() {
        let (upload, ord) = (record.upload.0, to_db(record.item.ord));
        let slot = match known.entry((upload, ord)) {
            Entry::Occupied(slot) => *slot.get(),
            Entry::Vacant(place) => {
                let found = meet(statements, upload, ord, at)?.map(|item| {
                    touched.push(item);
                    touched.len() - 1
                });
                *place.insert(found)
            }
        };
        let Some(item) = slot.and_then(|slot| touched.get_mut(slot)) else { continue };
        if item.before.state.is_final() && item.before.state != record.item.state {
            committed.refused.push((record.upload, record.item.ord, item.before.state));
            continue;
        }
        item.last = at;
        if record.detail.is_some() {
            item.detail.clone_from(&record.detail);
        }
        write_parts(statements, item, &record.parts)?;
    }
    let refused: Vec<_> = committed.refused.iter().map(|(upload, ord, _)| (upload.0, to_db(*ord))).collect();
    touched.retain(|item| !refused.contains(&(item.upload, item.ord)));
    Ok(touched)
}

fn meet(statements: &mut Statements<'_>, upload: i64, ord: i64, at: usize) -> Result<Option<Touched>> {
    let found = statements.meet.query_row([upload, ord], |row| {
        Ok(Touched { upload, ord, before: Standing::read(row)?, has_parts: row.get(7)?, last: at, detail: None })
    });
    found.optional()
}

fn write_parts(statements: &mut Statements<'_>, item: &mut Touched, parts: &PartChange) -> Result<()> {
    match parts {
        PartChange::Unchanged => {}
        PartChange::Stored(part) => {
            item.has_parts = true;
            let digest = digest_to_db(&part.digest);
            statements.part.execute(params![item.upload, item.ord, part.part.0, to_db(part.size), part.etag, digest])?;
        }
        PartChange::Forgotten if item.has_parts => {
            item.has_parts = false;
            statements.no_parts.execute([item.upload, item.ord])?;
        }
        PartChange::Forgotten => {}
    }
    Ok(())
}

fn write_item(statements: &mut Statements<'_>, touched: &Touched, record: &Record, now: i64) -> Result<Standing> {
    let item = &record.item;
    let none = RemoteRef::default();
    let remote = item.remote.as_ref().unwrap_or(&none);
    let ticket = item.ticket.as_ref().map(to_json).transpose()?;
    statements.item.execute(params![
        touched.upload,
        touched.ord,
        item.state.word(),
        item.code.map(|code| code.word()),
        touched.detail,
        item.proof.map(|proof| proof.word()),
        proof_digest(item.proof.as_ref()),
        item.remote.is_some(),
        remote.size.map(to_db),
        remote.digest.as_ref().map(digest_to_db),
        remote.etag,
        remote.version,
        remote.url,
        ticket,
        item.attempts,
        now,
        to_db(item.fingerprint.size),
        item.fingerprint.mtime_ns,
        item.fingerprint.ctime_ns,
        to_db(item.fingerprint.dev),
        to_db(item.fingerprint.ino)
    ])?;
    let weak = Weak::of(item.proof.as_ref());
    Ok(Standing { state: item.state, size: item.fingerprint.size, weak, ..touched.before })
}

/// What this upload leaves at the destination, for those that come after it.
fn write_ledger(statements: &mut Statements<'_>, place: i64, item: &Item, now: i64) -> Result<()> {
    let said = item.remote.as_ref();
    let size = said.and_then(|remote| remote.size).unwrap_or(item.fingerprint.size);
    let said_digest = || said.and_then(|remote| remote.digest.as_ref()).map(digest_to_db);
    statements.ledger.execute(params![
        place,
        item.key.0,
        to_db(size),
        proof_digest(item.proof.as_ref()).or_else(said_digest),
        said.and_then(|remote| remote.etag.as_ref()),
        said.and_then(|remote| remote.url.as_ref()),
        to_db(item.fingerprint.size),
        item.fingerprint.mtime_ns,
        now
    ])?;
    Ok(())
}

/// The upload's id, and its place in the ledger.
fn place_of<'a>(change: &'a mut Change<'_>, upload: i64) -> Result<&'a (String, i64)> {
    if !change.memo.places.contains_key(&upload) {
        let found = look_up_place(change.tx, upload)?;
        change.memo.places.insert(upload, found);
    }
    change.memo.places.get(&upload).ok_or(rusqlite::Error::QueryReturnedNoRows)
}

fn look_up_place(tx: &Transaction<'_>, upload: i64) -> Result<(String, i64)> {
    let text = "SELECT id, endpoint, bucket FROM upload WHERE n = ?1";
    let (id, endpoint, bucket): (String, String, String) =
        tx.query_row(text, [upload], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    tx.execute("INSERT OR IGNORE INTO place (endpoint, bucket) VALUES (?1, ?2)", [&endpoint, &bucket])?;
    let text = "SELECT n FROM place WHERE endpoint = ?1 AND bucket = ?2";
    Ok((id, tx.query_row(text, [&endpoint, &bucket], |row| row.get(0))?))
}
