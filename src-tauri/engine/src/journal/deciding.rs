//! What changes many items at once: the freeze, trouble that meets all, and what the person decides.

use super::Journal;
use super::rows::{now_ms, to_db};
use super::tally::{Shift, Standing, each, in_stretches, recount};
use super::uploads::{UploadId, number};
use super::writer::Change;
use gantry_model::view::Account;
use gantry_model::{Code, Problem, State};
use rusqlite::{Result, params};

/// An upload whose list is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Receipt number, such as `G26 204417 5`.
    pub number: String,
    /// Where its files stand now.
    pub account: Account,
}

const UNDER_WAY: &str = "left_out = 0 AND state IN ('waiting', 'sending', 'sent')";
const NEEDS_YOU: &str = "left_out = 0 AND state = 'needs_you'";
/// These stop for a rule or for their name: asking again changes nothing.
const NOT_BY_ASKING: &str = "code NOT IN ('rule_broken', 'same_key', 'row_broken')";

impl Journal {
    /// Fixes the list: what is ready waits in the queue, what is blocked or clashes needs the person. Gives the receipt number.
    /// A second time it changes nothing.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn freeze(&self, upload: &UploadId) -> std::result::Result<Frozen, Problem> {
        let id = upload.clone();
        self.change("freeze", move |change| freeze(change, &id))
    }

    /// The objects of all that waits are where they are: only rows are made of them. Nobody has looked at their bytes.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn all_there(&self, upload: &UploadId) -> std::result::Result<u64, Problem> {
        self.shift_all(upload, "all_there", |change, upload| {
            let set = "state = 'same', proof = 'accepted', at = ?4";
            let moved = move_all(change, upload, "left_out = 0 AND state = 'waiting'", State::Same, set, &[&now_ms()])?;
            if moved > 0 {
                let tree = change.memo.tree(change.tx, upload)?;
                recount(change.tx, upload, tree, true)?;
            }
            Ok(moved)
        })
    }

    /// Trouble that meets every file: all under way need the person now. How many is the answer.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn all_waiting_stuck(&self, upload: &UploadId, code: Code, detail: &str) -> std::result::Result<u64, Problem> {
        let detail = detail.to_owned();
        self.shift_all(upload, "all_waiting_stuck", move |change, upload| {
            let set = "state = 'needs_you', code = ?4, detail = ?5, at = ?6";
            move_all(change, upload, UNDER_WAY, State::NeedsYou, set, &[&code.word(), &detail, &now_ms()])
        })
    }

    /// The person wants it tried again: all that stopped, those that stopped for one reason, or one.
    /// What a rule or its name forbids is not among them; [`Journal::rewrite`] lets it go when it fits now.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn release(&self, upload: &UploadId, code: Option<Code>, ord: Option<u64>) -> std::result::Result<u64, Problem> {
        let which = format!("{NEEDS_YOU} AND {NOT_BY_ASKING}{}", narrowed(code, ord));
        self.shift_all(upload, "release", move |change, upload| {
            // What is proven needs no second sending: only its row is asked for again.
            let proven = format!("{which} AND proof IS NOT NULL");
            let set = "state = 'verified', code = NULL, detail = '', attempts = 0, at = ?4";
            let rows = move_all(change, upload, &proven, State::Verified, set, &[&now_ms()])?;
            // What the listing said of another object may not be so any more: it is looked at anew.
            let set = "state = 'waiting', code = NULL, detail = '', attempts = 0, at = ?4, there_etag = NULL,
                there_size = CASE WHEN there_size IS NULL THEN NULL ELSE size END";
            let moved = move_all(change, upload, &which, State::Waiting, set, &[&now_ms()])?;
            super::registering::follow(change, upload)?;
            Ok(rows + moved)
        })
    }

    /// The person decided what becomes of other content under the names of those that stopped for it: all, or one.
    /// They stay where they are; [`Journal::release`] lets them go.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn decide_clash(&self, upload: &UploadId, ord: Option<u64>, how: &'static str) -> std::result::Result<(), Problem> {
        let which = format!("{NEEDS_YOU} AND proof IS NULL{}", narrowed(Some(Code::Clash), ord));
        self.shift_all(upload, "decide_clash", move |change, upload| {
            let text = format!("UPDATE item SET on_clash = ?2 WHERE upload = ?1 AND {which}");
            change.tx.execute(&text, params![upload, how])?;
            Ok(0)
        })
        .map(|_: u64| ())
    }

    /// The person leaves them: all that stopped, those that stopped for one reason, or one. The reason stays with them.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn set_aside(&self, upload: &UploadId, code: Option<Code>, ord: Option<u64>) -> std::result::Result<u64, Problem> {
        let which = format!("{NEEDS_YOU}{}", narrowed(code, ord));
        self.shift_all(upload, "set_aside", move |change, upload| {
            let moved = move_all(change, upload, &which, State::SetAside, "state = 'set_aside', at = ?4", &[&now_ms()])?;
            super::registering::follow(change, upload)?;
            Ok(moved)
        })
    }

    /// Ends the upload for good: what is not final is cancelled, tickets and parts are forgotten.
    /// The caller has had the parts at the store thrown away before.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn cancel(&self, upload: &UploadId) -> std::result::Result<u64, Problem> {
        const OPEN: &str = "left_out = 0 AND state NOT IN
            ('same', 'verified', 'registered', 'visible', 'set_aside', 'cancelled')";
        self.shift_all(upload, "cancel", move |change, upload| {
            change.tx.execute("DELETE FROM part WHERE upload = ?1", [upload])?;
            let set = "state = 'cancelled', ticket = NULL, at = ?4";
            let moved = move_all(change, upload, OPEN, State::Cancelled, set, &[&now_ms()])?;
            super::registering::follow(change, upload)?;
            change
                .tx
                .execute("UPDATE row SET state = 'cancelled' WHERE upload = ?1 AND state IN ('waiting', 'sending')", [upload])?;
            change.tx.execute(
                "UPDATE upload SET phase = 'cancelled', finished = coalesce(finished, ?2), hold_code = NULL, hold_detail = ''
                 WHERE n = ?1",
                [upload, now_ms()],
            )?;
            Ok(moved)
        })
    }

    fn shift_all(
        &self,
        upload: &UploadId,
        doing: &'static str,
        shift: impl FnOnce(&mut Change<'_>, i64) -> Result<u64> + Send + 'static,
    ) -> std::result::Result<u64, Problem> {
        let id = upload.clone();
        self.change(doing, move |change| {
            let upload = number(change.tx, &id)?;
            shift(change, upload)
        })
    }
}

fn narrowed(code: Option<Code>, ord: Option<u64>) -> String {
    let code = code.map(|code| format!(" AND code = '{}'", code.word())).unwrap_or_default();
    let ord = ord.map(|ord| format!(" AND ord = {}", to_db(ord))).unwrap_or_default();
    code + &ord
}

/// Moves all items that match to one state, with the books. The first of `values` is `?4` in `set`.
fn move_all(
    change: &mut Change<'_>,
    upload: i64,
    matching: &str,
    state: State,
    set: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<u64> {
    let mut shift = Shift::default();
    let mut moved = 0;
    each(change.tx, upload, matching, |before| {
        shift.count(before, -1);
        shift.count(&Standing { state, ..*before }, 1);
        moved += 1;
    })?;
    if moved == 0 {
        return Ok(0);
    }
    let text = format!("UPDATE item SET {set} WHERE upload = ?1 AND ord >= ?2 AND ord < ?3 AND {matching}");
    let mut statement = change.tx.prepare_cached(&text)?;
    in_stretches(change.tx, upload, |from, to| {
        let place: [&dyn rusqlite::ToSql; 3] = [&upload, &from, &to];
        let all: Vec<&dyn rusqlite::ToSql> = place.into_iter().chain(values.iter().copied()).collect();
        statement.execute(all.as_slice()).map(|_| ())
    })?;
    drop(statement);
    let tree = change.memo.tree(change.tx, upload)?;
    shift.post(change.tx, upload, tree, true)?;
    Ok(moved)
}

const FREEZE: &str = "UPDATE item SET state = CASE WHEN state IN ('ready', 'found') THEN 'waiting' ELSE 'needs_you' END,
    detail = CASE WHEN state = 'blocked' AND code IS NULL THEN coalesce((SELECT 'rule=' || rule || '; measured=' || detail
        FROM finding WHERE finding.upload = item.upload AND finding.ord = item.ord AND severity = 'blocked' LIMIT 1), '')
        ELSE detail END,
    code = CASE state WHEN 'blocked' THEN coalesce(code, 'rule_broken') WHEN 'clash' THEN 'same_key' ELSE NULL END
    WHERE upload = ?1 AND ord >= ?2 AND ord < ?3 AND left_out = 0 AND state IN ('ready', 'found', 'blocked', 'clash')";

fn freeze(change: &mut Change<'_>, id: &UploadId) -> Result<Frozen> {
    let upload = number(change.tx, id)?;
    let (frozen, known): (bool, String) =
        change.tx.query_row("SELECT frozen, number FROM upload WHERE n = ?1", [upload], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if frozen {
        return Ok(Frozen { number: known, account: super::tally::books(change.tx, upload)?.account });
    }
    let now = now_ms();
    let counter: i64 = change.tx.query_row("SELECT coalesce(max(counter), 0) + 1 FROM upload", [], |row| row.get(0))?;
    let number = receipt_number(now, counter);
    in_stretches(change.tx, upload, |from, to| change.tx.prepare_cached(FREEZE)?.execute([upload, from, to]).map(|_| ()))?;
    change.tx.execute(
        "UPDATE upload SET frozen = 1, approved = 1, read_ended = 1, phase = 'planning', started = ?2, counter = ?3, number = ?4
         WHERE n = ?1",
        params![upload, now, counter, number],
    )?;
    let tree = change.memo.tree(change.tx, upload)?;
    Ok(Frozen { number, account: recount(change.tx, upload, tree, true)? })
}

/// Year in two digits, counter in six, and a check digit over the eight (Luhn), so that it can be read out by telephone.
fn receipt_number(ms: i64, counter: i64) -> String {
    let year = jiff::Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%y").to_string();
    let counter = format!("{:06}", counter.rem_euclid(1_000_000));
    let mut sum = 0;
    for (at, digit) in format!("{year}{counter}").bytes().rev().map(|byte| u32::from(byte - b'0')).enumerate() {
        let doubled = digit * 2;
        sum += if at % 2 == 1 { digit } else { doubled / 10 + doubled % 10 };
    }
    format!("G{year} {counter} {}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_that_was_misheard_shows_it() {
        let november_2026 = 1_795_248_843_000;
        assert_eq!(receipt_number(november_2026, 204_417), "G26 204417 5");
        let one_digit_wrong = receipt_number(november_2026, 204_517);
        assert!(!one_digit_wrong.ends_with('5'), "{one_digit_wrong}");
        let two_digits_swapped = receipt_number(november_2026, 240_417);
        assert!(!two_digits_swapped.ends_with('5'), "{two_digits_swapped}");
    }
}
