//! What happens to rows, with the items that they are made of and the books, in one commit.
//! Written down before a call goes out: that it is asked. Written down before a person is told: what came of it.

use super::Journal;
use super::rows::{self, now_ms, to_db};
use super::tally::{STANDING, Shift, Standing};
use super::uploads::{UploadId, number};
use super::writer::Change;
use gantry_model::view::Account;
use gantry_model::{Code, Problem, Role, State};
use rusqlite::{OptionalExtension, Result, params};

/// A row to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    /// Its number: the place of its first item.
    pub n: u64,
    /// The name that it can be found again by.
    pub key: String,
    /// The key as the platform compares it.
    pub folded: String,
    /// Its items in their order: place, what it is, its sensor.
    pub items: Vec<(u64, Role, String)>,
}

/// What came of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFact {
    /// The platform has it now, under this id.
    Registered(String),
    /// The platform had it before, for the same objects.
    Same(String),
    /// The platform's page shows it.
    Visible,
    /// It does not go on without the person: why, and the facts of it.
    Stuck(Code, String),
    /// The call was not taken: it waits again, as if nothing had been asked.
    NotTaken,
}

/// What changed, for those who watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsChanged {
    /// Items and where they stand now.
    pub items: Vec<(u64, State)>,
    /// The account as it stands now.
    pub account: Account,
}

impl Journal {
    /// Forgets rows that were half made, before they are made anew.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn no_rows(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("no_rows", move |change| {
            let upload = number(change.tx, &id)?;
            change.tx.execute("DELETE FROM row_item WHERE upload = ?1", [upload])?;
            change.tx.execute("DELETE FROM row WHERE upload = ?1", [upload])?;
            change.tx.execute("UPDATE upload SET rows = NULL WHERE n = ?1", [upload]).map(|_| ())
        })
    }

    /// Makes rows. A row whose key another one has already is not made: its items need the person.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn add_rows(&self, upload: &UploadId, new: Vec<NewRow>) -> std::result::Result<Account, Problem> {
        let id = upload.clone();
        self.change("add_rows", move |change| {
            let upload = number(change.tx, &id)?;
            let mut pen = Pen::new(upload);
            for row in &new {
                add(change, &mut pen, row)?;
            }
            pen.post(change, false)
        })
    }

    /// All rows are made: so many.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn rows_made(&self, upload: &UploadId) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("rows_made", move |change| {
            let upload = number(change.tx, &id)?;
            let text = "UPDATE upload SET rows = (SELECT count(*) FROM row WHERE upload = ?1) WHERE n = ?1";
            change.tx.execute(text, [upload]).map(|_| ())
        })
    }

    /// These rows are asked for from now on. On disk before the call goes out.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn ask_rows(&self, upload: &UploadId, numbers: Vec<u64>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("ask_rows", move |change| {
            let upload = number(change.tx, &id)?;
            // CRASH: a cut after this leaves rows that the platform may or may not have; the next run asks it first.
            let text = "UPDATE row SET state = 'sending', asked = ?3 WHERE upload = ?1 AND n = ?2";
            let mut statement = change.tx.prepare_cached(text)?;
            let now = now_ms();
            numbers.iter().try_for_each(|n| statement.execute([upload, to_db(*n), now]).map(|_| ()))
        })
    }

    /// Writes what came of rows, with their items.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn row_facts(&self, upload: &UploadId, facts: Vec<(u64, RowFact)>) -> std::result::Result<RowsChanged, Problem> {
        let id = upload.clone();
        self.change("row_facts", move |change| {
            let mut pen = Pen::new(number(change.tx, &id)?);
            for (n, fact) in &facts {
                pen.fact(change, *n, fact)?;
            }
            let account = pen.post(change, false)?;
            Ok(RowsChanged { items: pen.items, account })
        })
    }

    /// Trouble that meets every row: the items of all that could be registered need the person now.
    /// Rows without an answer stay in doubt: they are asked about first when the person lets them go on.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn all_rows_stuck(&self, upload: &UploadId, code: Code, detail: &str) -> std::result::Result<RowsChanged, Problem> {
        let (id, detail) = (upload.clone(), detail.to_owned());
        self.change("all_rows_stuck", move |change| {
            let upload = number(change.tx, &id)?;
            let mut pen = Pen::new(upload);
            let text = "SELECT m.ord FROM row r CROSS JOIN row_item m ON m.upload = r.upload AND m.row = r.n
                WHERE r.upload = ?1 AND (r.state = 'waiting' OR r.state = 'sending')";
            let ords: Vec<i64> = change.tx.prepare_cached(text)?.query_map([upload], |row| row.get(0))?.collect::<Result<_>>()?;
            for ord in ords {
                pen.stuck(change, ord, &["verified", "same"], code, &detail)?;
            }
            let account = pen.post(change, true)?;
            Ok(RowsChanged { items: pen.items, account })
        })
    }
}

fn add(change: &mut Change<'_>, pen: &mut Pen, row: &NewRow) -> Result<()> {
    let text = "INSERT OR IGNORE INTO row (upload, n, key, folded, state) VALUES (?1, ?2, ?3, ?4, 'waiting')";
    let values = params![pen.upload, to_db(row.n), row.key, row.folded];
    let made = change.tx.prepare_cached(text)?.execute(values)? > 0;
    if !made {
        let detail = format!("row={}", row.key);
        for (ord, ..) in &row.items {
            pen.stuck(change, to_db(*ord), &["waiting", "verified", "same"], Code::SameKey, &detail)?;
        }
        return Ok(());
    }
    let text = "INSERT INTO row_item (upload, row, position, ord, role, sensor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = change.tx.prepare_cached(text)?;
    for (position, (ord, role, sensor)) in (0_i64..).zip(&row.items) {
        statement.execute(params![pen.upload, to_db(row.n), position, to_db(*ord), role.word(), sensor])?;
    }
    Ok(())
}

/// After a decision of the person: rows follow their items. A row that stopped waits again when its items do; what is set
/// aside leaves its row, and a row without anything to label is set aside with it.
pub(super) fn follow(change: &Change<'_>, upload: i64) -> Result<()> {
    change.tx.execute(
        "DELETE FROM row_item WHERE upload = ?1 AND EXISTS (SELECT 1 FROM item WHERE item.upload = ?1 AND item.ord = row_item.ord
         AND (item.state = 'set_aside' OR item.state = 'cancelled'))
         AND EXISTS (SELECT 1 FROM row WHERE row.upload = ?1 AND row.n = row_item.row AND row.state IN ('waiting', 'needs_you'))
         AND EXISTS (SELECT 1 FROM row_item other CROSS JOIN item USING (upload, ord) WHERE other.upload = ?1 AND other.row = row_item.row
         AND other.role = 'subject' AND item.state <> 'set_aside' AND item.state <> 'cancelled')",
        [upload],
    )?;
    let of = |states: &str| {
        format!(
            "EXISTS (SELECT 1 FROM row_item CROSS JOIN item USING (upload, ord) WHERE row_item.upload = row.upload AND row_item.row = row.n AND item.state IN ({states}))"
        )
    };
    for (to, from, when) in [
        ("set_aside", "'waiting', 'sending', 'needs_you'", of("'set_aside'")),
        ("cancelled", "'waiting', 'sending', 'needs_you'", of("'cancelled'")),
        ("waiting", "'needs_you'", format!("NOT {}", of("'needs_you'"))),
    ] {
        let text = format!("UPDATE row SET state = '{to}' WHERE upload = ?1 AND state IN ({from}) AND {when}");
        change.tx.execute(&text, [upload])?;
    }
    Ok(())
}

/// Writes rows and their items, and keeps the difference in the books until it is posted.
struct Pen {
    upload: i64,
    now: i64,
    shift: Shift,
    items: Vec<(u64, State)>,
}

impl Pen {
    fn new(upload: i64) -> Self {
        Self { upload, now: now_ms(), shift: Shift::default(), items: Vec::new() }
    }

    fn post(&self, change: &mut Change<'_>, reshaped: bool) -> Result<Account> {
        let tree = change.memo.tree(change.tx, self.upload)?;
        self.shift.post(change.tx, self.upload, tree, reshaped)
    }

    fn fact(&mut self, change: &Change<'_>, n: u64, fact: &RowFact) -> Result<()> {
        match fact {
            RowFact::Registered(id) => {
                self.row(change, n, "registered", Some(id))?;
                self.each(change, n, &[State::Verified, State::Same], State::Registered)
            }
            RowFact::Same(id) => {
                self.row(change, n, "same", Some(id))?;
                self.each(change, n, &[State::Verified], State::Registered)
            }
            RowFact::Visible => {
                let text = "UPDATE row SET state = 'visible' WHERE upload = ?1 AND n = ?2 AND state = 'registered'";
                change.tx.prepare_cached(text)?.execute([self.upload, to_db(n)])?;
                self.each(change, n, &[State::Registered], State::Visible)
            }
            RowFact::NotTaken => {
                let text = "UPDATE row SET state = 'waiting', asked = NULL WHERE upload = ?1 AND n = ?2 AND state = 'sending'";
                change.tx.prepare_cached(text)?.execute([self.upload, to_db(n)]).map(|_| ())
            }
            RowFact::Stuck(code, detail) => {
                self.row(change, n, "needs_you", None)?;
                for ord in self.ords(change, n)? {
                    self.stuck(change, ord, &["waiting", "verified", "same"], *code, detail)?;
                }
                Ok(())
            }
        }
    }

    fn row(&self, change: &Change<'_>, n: u64, state: &str, id: Option<&String>) -> Result<()> {
        let text = "UPDATE row SET state = ?3, remote = coalesce(?4, remote) WHERE upload = ?1 AND n = ?2";
        change.tx.prepare_cached(text)?.execute(params![self.upload, to_db(n), state, id]).map(|_| ())
    }

    fn ords(&self, change: &Change<'_>, n: u64) -> Result<Vec<i64>> {
        let text = "SELECT ord FROM row_item WHERE upload = ?1 AND row = ?2 ORDER BY position";
        change.tx.prepare_cached(text)?.query_map([self.upload, to_db(n)], |row| row.get(0))?.collect()
    }

    fn each(&mut self, change: &Change<'_>, n: u64, from: &[State], to: State) -> Result<()> {
        for ord in self.ords(change, n)? {
            let Some(before) = self.standing(change, ord)? else { continue };
            if !from.contains(&before.state) {
                continue;
            }
            let text = "UPDATE item SET state = ?3, code = NULL, detail = '', at = ?4 WHERE upload = ?1 AND ord = ?2";
            change.tx.prepare_cached(text)?.execute(params![self.upload, ord, to.word(), self.now])?;
            self.moved(ord, before, to);
        }
        Ok(())
    }

    fn stuck(&mut self, change: &Change<'_>, ord: i64, from: &[&str], code: Code, detail: &str) -> Result<()> {
        let Some(before) = self.standing(change, ord)? else { return Ok(()) };
        if !from.contains(&before.state.word()) {
            return Ok(());
        }
        let text = "UPDATE item SET state = 'needs_you', code = ?3, detail = ?4, at = ?5 WHERE upload = ?1 AND ord = ?2";
        change.tx.prepare_cached(text)?.execute(params![self.upload, ord, code.word(), detail, self.now])?;
        self.moved(ord, before, State::NeedsYou);
        Ok(())
    }

    fn standing(&self, change: &Change<'_>, ord: i64) -> Result<Option<Standing>> {
        let text = format!("SELECT {STANDING} FROM item WHERE upload = ?1 AND ord = ?2 AND left_out = 0");
        change.tx.prepare_cached(&text)?.query_row([self.upload, ord], Standing::read).optional()
    }

    fn moved(&mut self, ord: i64, before: Standing, to: State) {
        self.shift.count(&before, -1);
        self.shift.count(&Standing { state: to, ..before }, 1);
        self.items.push((rows::from_db(ord), to));
    }
}
