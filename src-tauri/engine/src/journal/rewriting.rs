//! The plan changed: every item is named and judged anew, without reading a file, in one transaction.
//! After the freeze only what stopped for its name or a rule may get a new one.

use super::Journal;
use super::details::{STORED, StoredItem};
use super::intake::{Also, add_also, add_findings};
use super::rows::{severity_word, to_db};
use super::tally::{Shift, Standing};
use super::uploads::{UploadId, number};
use super::writer::Change;
use crate::copies::{Copied, Facts};
use gantry_model::view::Account;
use gantry_model::{Code, Finding, Problem, State};
use rusqlite::{Result, params};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Items that go to the caller and back at a time.
const BATCH: i64 = 2000;

/// An item under the new plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Where it goes now.
    pub key: String,
    /// Where it stands now. What cannot be read stays `Blocked`.
    pub state: State,
    /// What is wrong now; the old findings are gone.
    pub findings: Vec<Finding>,
    /// The person leaves it out: it counts as skipped.
    pub left_out: bool,
    /// What this item shows about items before it.
    pub also: Vec<Also>,
    /// What was made of it, from here on. Whether it is used says whose facts the row has.
    pub copy: Option<Box<Copied>>,
}

impl Journal {
    /// Asks `rewrite` about every item, in their order, and writes what it says, all in one transaction.
    /// `rewrite` runs on the caller's thread, and must not write to the journal.
    ///
    /// # Errors
    /// `JournalFull`, or a defect; then nothing is changed.
    pub fn rewrite(
        &self,
        upload: &UploadId,
        rewrite: &mut dyn FnMut(&StoredItem) -> Rewritten,
    ) -> std::result::Result<Account, Problem> {
        let (asked, questions) = sync_channel::<Vec<StoredItem>>(1);
        let (answer, answers) = sync_channel::<Vec<(StoredItem, Rewritten)>>(1);
        std::thread::scope(|scope| {
            let id = upload.clone();
            let whole = scope.spawn(move || self.change("rewrite", move |change| all(change, &id, &asked, &answers)));
            while let Ok(batch) = questions.recv() {
                let said = batch.into_iter().map(|item| {
                    let rewritten = rewrite(&item);
                    (item, rewritten)
                });
                if answer.send(said.collect()).is_err() {
                    break;
                }
            }
            drop(answer);
            whole.join().unwrap_or_else(|_| Err(Problem::new(Code::Bug, "rewrite")))
        })
    }
}

fn all(
    change: &mut Change<'_>,
    id: &UploadId,
    asked: &SyncSender<Vec<StoredItem>>,
    answers: &Receiver<Vec<(StoredItem, Rewritten)>>,
) -> Result<Account> {
    let upload = number(change.tx, id)?;
    let frozen: bool = change.tx.query_row("SELECT frozen FROM upload WHERE n = ?1", [upload], |row| row.get(0))?;
    let mut shift = Shift::default();
    let mut after = -1;
    loop {
        let batch = batch(change, upload, after, frozen)?;
        let Some(last) = batch.last() else { break };
        after = to_db(last.ord);
        // The caller is gone: what was begun is undone.
        asked.send(batch).map_err(|_| rusqlite::Error::QueryReturnedNoRows)?;
        for (item, rewritten) in answers.recv().map_err(|_| rusqlite::Error::QueryReturnedNoRows)? {
            write(change, upload, frozen, &item, &rewritten, &mut shift)?;
            for also in rewritten.also.iter().filter(|_| !frozen) {
                add_also(change, upload, also, &mut shift)?;
            }
        }
    }
    let tree = change.memo.tree(change.tx, upload)?;
    shift.post(change.tx, upload, tree, true)
}

fn batch(change: &Change<'_>, upload: i64, after: i64, frozen: bool) -> Result<Vec<StoredItem>> {
    let which = if frozen { "AND state = 'needs_you' AND code IN ('rule_broken', 'same_key')" } else { "" };
    let text = format!("SELECT {STORED} FROM item WHERE upload = ?1 AND ord > ?2 {which} ORDER BY ord LIMIT {BATCH}");
    let mut statement = change.tx.prepare_cached(&text)?;
    statement.query_map([upload, after], StoredItem::read)?.collect()
}

fn write(change: &Change<'_>, upload: i64, frozen: bool, item: &StoredItem, new: &Rewritten, shift: &mut Shift) -> Result<()> {
    let readable = item.is_readable();
    let (state, code) = match (frozen, readable, new.state) {
        (true, _, State::Ready) => (State::Waiting, None),
        (true, ..) => (State::NeedsYou, item.code),
        (false, false, _) => (State::Blocked, item.code),
        (false, true, state) => (state, None),
    };
    let findings: &[Finding] = if new.left_out { &[] } else { &new.findings };
    let worst = findings.iter().map(|finding| finding.severity).min();
    change.tx.prepare_cached("DELETE FROM finding WHERE upload = ?1 AND ord = ?2")?.execute([upload, to_db(item.ord)])?;
    change
        .tx
        .prepare_cached(
            "UPDATE item SET key = ?3, state = ?4, code = ?5, worst = ?6, left_out = ?7, there_size = NULL, there_etag = NULL,
             detail = CASE WHEN ?5 IS NULL THEN '' ELSE detail END WHERE upload = ?1 AND ord = ?2",
        )?
        .execute(params![
            upload,
            to_db(item.ord),
            new.key,
            state.word(),
            code.map(|code| code.word()),
            worst.map(severity_word),
            new.left_out
        ])?;
    add_findings(change, upload, item.ord, findings)?;
    let before = item.standing();
    let (size, looked) = match item.copy == new.copy {
        true => (before.size, before.looked),
        false => write_copy(change, upload, item, new.copy.as_deref())?,
    };
    shift.count(&before, -1);
    shift.count(&Standing { state, worst, left_out: new.left_out, size, looked, ..before }, 1);
    Ok(())
}

/// The row gets the facts of what is sent. Gives its bytes, and whether it was looked at.
fn write_copy(change: &Change<'_>, upload: i64, item: &StoredItem, copy: Option<&Copied>) -> Result<(u64, bool)> {
    let made = copy.filter(|copy| copy.used).and_then(|copy| copy.made.clone());
    let facts = made.unwrap_or_else(|| {
        let original = item.original();
        Facts { fingerprint: original.fingerprint, media: original.media }
    });
    super::copying::write_facts(change.tx, upload, item.ord, &facts, copy)?;
    Ok((facts.fingerprint.size, facts.media.looked))
}
