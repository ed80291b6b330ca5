//! The last line of an upload's run: how many files stand where, over all its runs. The books balance, always.

use crate::failure::{details, explain, facts, joined};
use crate::out::Out;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::view::{Account, Picture, TroubleGroup};
use gantry_model::words::{Value, say, say_of};
use gantry_model::{State, show};
use serde::Serialize;

/// The counts of one upload.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    event: &'static str,
    upload: Option<String>,
    /// What is counted are rows of a manifest.
    #[serde(skip)]
    of_rows: bool,
    #[serde(skip_serializing_if = "is_false")]
    dry_run: bool,
    files: u64,
    skipped: u64,
    notes: u64,
    verified: u64,
    by_size: u64,
    same: u64,
    needs_you: u64,
    set_aside: u64,
    waiting: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered: Option<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    accepted: u64,
    #[serde(skip_serializing_if = "is_zero")]
    cancelled: u64,
    bytes: u64,
    seconds: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Seconds with three places.
pub fn seconds(took: std::time::Duration) -> f64 {
    (took.as_secs_f64() * 1000.0).round() / 1000.0
}

impl Summary {
    /// From an upload's account; `bytes` and `took` are those of this run. What was cancelled counts as set aside.
    pub fn of(upload: &str, account: &Account, bytes: u64, took: std::time::Duration) -> Self {
        Self {
            event: "summary",
            upload: Some(upload.to_owned()),
            of_rows: false,
            dry_run: false,
            // While reading, the walk has counted further than what is checked; only what is checked has a state.
            files: account.sum(),
            skipped: account.skipped,
            notes: account.notes,
            verified: account.proven(),
            by_size: account.by_size,
            same: account.same,
            needs_you: account.needs_you + account.blocked + account.clash,
            set_aside: account.set_aside + account.cancelled,
            waiting: account.found + account.ready + account.under_way(),
            registered: None,
            accepted: account.accepted,
            cancelled: account.cancelled,
            bytes,
            seconds: seconds(took),
        }
    }

    /// From an upload as it stands. A file that was there already is done only when its row has an answer, too.
    pub fn of_picture(upload: &str, picture: &Picture, bytes: u64, took: std::time::Duration) -> Self {
        let mut summary = Self { of_rows: picture.manifest, ..Self::of(upload, &picture.account, bytes, took) };
        if !picture.platform.is_empty() {
            summary.registered = Some(picture.account.registered + picture.account.visible);
            let open = picture.same_open.min(summary.same);
            summary.same -= open;
            summary.waiting += open;
        }
        summary
    }

    /// What a dry run foresees: no upload, nothing sent. `same` and `changed` are what the look at the store found.
    pub fn foreseen(account: &Account, same: u64, changed: u64, took: std::time::Duration) -> Self {
        let mut summary = Self::of("", account, 0, took);
        summary.upload = None;
        summary.dry_run = true;
        let same = same.min(summary.waiting);
        let changed = changed.min(summary.waiting - same);
        summary.waiting -= same + changed;
        summary.same += same;
        summary.needs_you += changed;
        summary
    }

    /// Files that are proven and that the platform has no row for yet.
    fn unregistered(&self) -> u64 {
        self.registered.map_or(0, |registered| self.verified.saturating_sub(registered))
    }

    /// Files in it.
    pub fn files(&self) -> u64 {
        self.files
    }

    /// Files that need the person, or still wait.
    pub fn open(&self) -> u64 {
        self.needs_you + self.waiting + self.unregistered()
    }

    /// Files that need the person.
    pub fn needs_you(&self) -> u64 {
        self.needs_you
    }

    /// Prints it, for people or for programs.
    pub fn print(&self, out: Out) {
        out.event(self);
        for line in self.lines() {
            out.line(&line);
        }
    }

    /// The sentences: one for each count that is not zero.
    pub fn lines(&self) -> Vec<String> {
        if self.files == 0 {
            let skipped = ("skipped", Value::Count(self.skipped + self.notes));
            return vec![say_of(self.of_rows, "console-no-files", &[skipped])];
        }
        let by_checksum = self.verified.saturating_sub(self.by_size + self.accepted);
        let waiting = if self.dry_run { "console-sum-would-go" } else { "console-sum-waiting" };
        let counts = [
            ("console-sum-verified", by_checksum),
            ("console-sum-by-size", self.by_size),
            // That a platform took a row is said by its being registered.
            ("console-sum-accepted", if self.of_rows { 0 } else { self.accepted }),
            ("console-sum-registered", self.registered.unwrap_or_default()),
            ("console-sum-unregistered", self.unregistered()),
            ("console-sum-same", self.same),
            ("console-sum-needs-you", self.needs_you),
            ("console-sum-set-aside", self.set_aside),
            (waiting, self.waiting),
        ];
        let counted = |id: &str, count: u64| say_of(self.of_rows, id, &[("count", Value::Count(count))]);
        let mut lines = vec![counted("console-sum-files", self.files)];
        lines.extend(counts.iter().filter(|(_, count)| *count > 0).map(|(id, count)| counted(id, *count)));
        if self.skipped + self.notes > 0 {
            let values = [("skipped", Value::Count(self.skipped)), ("notes", Value::Count(self.notes))];
            lines.push(say("console-sum-left-out", &values));
        }
        if self.bytes > 0 || self.seconds > 0.0 && !self.dry_run {
            let bytes = show::bytes(self.bytes);
            let took = format!("{:.1}", self.seconds);
            let values = [("bytes", Value::Text(bytes.as_str())), ("seconds", Value::Text(&took))];
            lines.push(say_of(self.of_rows, "console-sum-run", &values));
        }
        lines
    }
}

/// One reason for which files need the person.
#[derive(Serialize)]
struct TroubleEvent<'a> {
    event: &'static str,
    upload: &'a str,
    code: &'static str,
    count: u64,
    text: String,
    example: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    example_bytes: Option<String>,
}

/// Says what needs the person, grouped by reason.
pub fn print_troubles(out: Out, picture: &Picture, troubles: &[TroubleGroup]) {
    let (upload, rows) = (picture.upload.as_str(), picture.manifest);
    for group in troubles.iter().filter(|group| group.state == State::NeedsYou) {
        let facts = facts(&group.detail);
        let words = explain(rows, group.code, &facts);
        let text = joined(&words.iter().map(String::as_str).collect::<Vec<_>>());
        out.event(&TroubleEvent {
            event: "needs_you",
            upload,
            code: group.code.word(),
            count: group.count,
            text,
            example: &group.example,
            example_bytes: (!group.example_raw.is_empty()).then(|| STANDARD.encode(&group.example_raw)),
        });
        let title = words.first().map_or("", String::as_str);
        let values =
            [("title", Value::Text(title)), ("count", Value::Count(group.count)), ("example", Value::Text(&group.example))];
        out.line(&say_of(rows, "console-trouble", &values));
        for line in words.iter().skip(1) {
            out.line(&format!("  {line}"));
        }
        out.line(&format!("  {}", details(group.code, "", &facts)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn some_account() -> Account {
        let mut account = Account { skipped: 3, notes: 2, by_size: 4, ..Account::default() };
        for (at, state) in State::ALL.iter().enumerate() {
            *account.slot(*state) = 1 << at;
        }
        account.files = account.sum();
        account
    }

    #[test]
    fn every_state_is_in_exactly_one_count() {
        let summary = Summary::of("u", &some_account(), 7, Duration::from_millis(1234));
        let sum = summary.verified + summary.same + summary.needs_you + summary.set_aside + summary.waiting;
        assert_eq!(sum, summary.files);
        let line = serde_json::to_value(&summary).expect("json");
        assert_eq!(line["seconds"], 1.234);
        assert_eq!(line["upload"], "u");
        assert_eq!(line["cancelled"], 1 << (State::ALL.len() - 1));
    }

    #[test]
    fn a_file_whose_row_is_open_waits_whatever_its_bytes_are() {
        let account = Account { files: 5, same: 3, registered: 2, ..Account::default() };
        let picture = Picture { account, platform: "ango".into(), same_open: 2, ..Picture::default() };
        let summary = Summary::of_picture("u", &picture, 0, Duration::ZERO);
        assert_eq!((summary.same, summary.waiting, summary.registered, summary.open()), (1, 2, Some(2), 2));
    }

    #[test]
    fn the_line_has_the_fields_of_the_contract_in_order() {
        let account = Account { files: 2, verified: 2, by_size: 1, ..Account::default() };
        let line = serde_json::to_string(&Summary::of("id", &account, 10, Duration::from_secs(2))).expect("json");
        assert_eq!(
            line,
            "{\"event\":\"summary\",\"upload\":\"id\",\"files\":2,\"skipped\":0,\"notes\":0,\"verified\":2,\"by_size\":1,\
             \"same\":0,\"needs_you\":0,\"set_aside\":0,\"waiting\":0,\"bytes\":10,\"seconds\":2.0}"
        );
    }

    #[test]
    fn a_dry_run_foresees_and_balances() {
        let account = Account { files: 10, ready: 8, blocked: 2, ..Account::default() };
        let summary = Summary::foreseen(&account, 3, 1, Duration::ZERO);
        assert_eq!((summary.same, summary.needs_you, summary.waiting, summary.files), (3, 3, 4, 10));
        assert_eq!(summary.upload, None);
        let odd = Summary::foreseen(&account, 30, 10, Duration::ZERO);
        assert_eq!(odd.same + odd.needs_you + odd.waiting, odd.files);
    }

    #[test]
    fn people_read_which_proof_it_was() {
        let account = Account { files: 3, verified: 3, by_size: 1, ..Account::default() };
        let lines = Summary::of("id", &account, 0, Duration::ZERO).lines();
        assert!(lines.iter().any(|line| line.contains("by checksum") && line.contains('2')), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("by size") && line.contains('1')), "{lines:?}");
        assert!(lines.iter().all(|line| !line.starts_with("console-") && !line.contains('{')), "{lines:?}");
    }

    #[test]
    fn nothing_to_send_is_said() {
        let lines = Summary::of("id", &Account { skipped: 4, ..Account::default() }, 0, Duration::ZERO).lines();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains('4'), "{lines:?}");
    }
}
