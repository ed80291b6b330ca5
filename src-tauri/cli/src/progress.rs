//! How far it is, on standard error: a bar on a terminal, elsewhere a plain line at each tenth of the way.
//! No control characters leave this room unless a terminal is there to take them.

use gantry_model::view::{Hold, Phase, Picture};
use gantry_model::words::{Value, say, say_of, try_say_of};
use gantry_model::{Code, Reaction, show};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};

/// Thousandths of the whole.
const WHOLE: u64 = 1000;

/// Shows one upload after the other.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    lines: Vec<String>,
    keep: bool,
    upload: String,
    reading: bool,
    copying: bool,
    tenth: Option<u64>,
    before: u64,
    hold: Option<Code>,
}

impl Progress {
    /// A bar when standard error is a terminal, lines otherwise.
    pub fn new() -> Self {
        Self::with(io::stderr().is_terminal().then(bar), false)
    }

    fn with(bar: Option<ProgressBar>, keep: bool) -> Self {
        Self {
            bar,
            lines: Vec::new(),
            keep,
            upload: String::new(),
            reading: false,
            copying: false,
            tenth: None,
            before: 0,
            hold: None,
        }
    }

    #[cfg(test)]
    fn kept() -> Self {
        Self::with(None, true)
    }

    /// Shows how an upload stands; `sent` are the content bytes sent in this run.
    pub fn show(&mut self, picture: &Picture, sent: u64) {
        if self.upload != picture.upload {
            self.upload.clone_from(&picture.upload);
            (self.reading, self.copying, self.tenth, self.hold) = (false, false, None, None);
            self.before = picture.account.bytes_done;
        }
        match picture.phase {
            _ if picture.copies_wanted > 0 => self.copying(picture),
            Phase::Reading => self.reading(picture),
            Phase::Planning | Phase::Sending | Phase::Finished => self.sending(picture, sent),
            _ => {}
        }
        // What waits for the person is said at the end, with what to do.
        self.holding(picture.manifest, picture.hold.as_ref().filter(|hold| hold.code.reaction() != Reaction::AskUser));
    }

    /// Leaves the terminal as it was.
    pub fn end(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn reading(&mut self, picture: &Picture) {
        let text = say_of(picture.manifest, "console-looking", &[("count", Value::Count(picture.account.files))]);
        match &self.bar {
            Some(bar) => bar.set_message(text),
            None if !self.reading => self.print(say_of(picture.manifest, "console-looking-begins", &[])),
            None => {}
        }
        self.reading = true;
    }

    fn copying(&mut self, picture: &Picture) {
        let values = [("made", Value::Count(picture.copies_made)), ("count", Value::Count(picture.copies_wanted))];
        match &self.bar {
            Some(bar) => bar.set_message(say("console-copying", &values)),
            None if !self.copying => self.print(say("console-copying-begins", &values)),
            None => {}
        }
        self.copying = true;
    }

    fn sending(&mut self, picture: &Picture, sent: u64) {
        let account = &picture.account;
        let share = share(picture, self.before.saturating_add(sent));
        if let Some(bar) = &self.bar {
            bar.set_position(share);
            bar.set_message(moving(picture));
            return;
        }
        if account.files == 0 {
            return;
        }
        if self.tenth.is_none() {
            let bytes = show::bytes(account.bytes);
            let place = picture.goes_to();
            let values = [("count", Value::Count(account.files)), ("bytes", Value::Text(&bytes)), ("place", Value::Text(place))];
            self.print(say_of(picture.manifest, "console-sending-begins", &values));
            self.tenth = Some(0);
        }
        let tenth = share * 10 / WHOLE;
        if self.tenth.is_some_and(|shown| tenth > shown) {
            self.tenth = Some(tenth);
            let percent = (tenth * 10).to_string();
            let values = [
                ("percent", Value::Text(percent.as_str())),
                ("done", Value::Count(done(picture))),
                ("count", Value::Count(account.files)),
            ];
            self.print(say_of(picture.manifest, "console-tenth", &values));
        }
    }

    fn holding(&mut self, rows: bool, hold: Option<&Hold>) {
        let code = hold.map(|hold| hold.code);
        if code == self.hold {
            return;
        }
        self.hold = code;
        let text = match hold {
            Some(hold) => held(rows, hold),
            None => say("console-goes-on", &[]),
        };
        self.print(text);
    }

    fn print(&mut self, text: String) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None if self.keep => self.lines.push(text),
            None => {
                let _ = writeln!(io::stderr().lock(), "{text}");
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(WHOLE), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} %  {wide_msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar
}

/// What moves, how fast, how long still.
fn moving(picture: &Picture) -> String {
    let speed = show::bytes(picture.speed);
    let files = picture.account.files;
    let values = [("done", Value::Count(done(picture))), ("count", Value::Count(files)), ("speed", Value::Text(&speed))];
    let mut text = say_of(picture.manifest, "console-moving", &values);
    if let Some(left) = picture.left {
        let left = length(left);
        text.push_str(&say("console-left", &[("left", Value::Text(&left))]));
    }
    text
}

/// A title, and when it is tried again.
fn held(rows: bool, hold: &Hold) -> String {
    let id = format!("problem-{}.title", hold.code.word().replace('_', "-"));
    let title = try_say_of(rows, &id, &[]).unwrap_or_default();
    say("console-held", &[("title", Value::Text(&title)), ("again", Value::Text(&hold.again))])
}

/// Files that need nothing more of this run; rows of a manifest are done when their platform has answered.
fn done(picture: &Picture) -> u64 {
    let account = &picture.account;
    let open = if picture.manifest { picture.ahead() } else { account.found + account.ready + account.under_way() };
    account.files.saturating_sub(open)
}

/// Thousandths of the way: by bytes where there are any. Only what is proven fills the last hundredth.
fn share(picture: &Picture, sent: u64) -> u64 {
    let account = &picture.account;
    if account.files > 0 && done(picture) == account.files {
        return WHOLE;
    }
    let part =
        |done: u64, all: u64| u64::try_from(u128::from(done) * u128::from(WHOLE) / u128::from(all.max(1))).unwrap_or(WHOLE);
    if account.bytes == 0 {
        return part(done(picture), account.files).min(WHOLE - 1);
    }
    part(account.bytes_done.max(sent), account.bytes).min(WHOLE - 10).max(part(account.bytes_done, account.bytes).min(WHOLE - 1))
}

/// `1 h 05 min`, `12 min`, `40 s`.
fn length(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_model::view::Account;

    fn picture(phase: Phase, verified: u64) -> Picture {
        let account = Account {
            files: 50,
            bytes: 5000,
            verified,
            waiting: 50 - verified,
            bytes_done: verified * 100,
            ..Account::default()
        };
        Picture { upload: "u".into(), phase, account, place: "/there".into(), ..Picture::default() }
    }

    #[test]
    fn off_a_terminal_there_is_a_line_at_the_start_at_each_tenth_and_at_the_end() {
        let mut progress = Progress::kept();
        progress.show(&picture(Phase::Reading, 0), 0);
        progress.show(&picture(Phase::Reading, 0), 0);
        for verified in 0..=50 {
            progress.show(&picture(Phase::Sending, verified), 0);
        }
        progress.show(&picture(Phase::Finished, 50), 0);
        assert_eq!(progress.lines.len(), 12, "{:#?}", progress.lines);
        assert!(progress.lines[1].contains("/there"), "{:?}", progress.lines[1]);
        assert!(progress.lines[11].contains("100"), "{:?}", progress.lines[11]);
        let text = progress.lines.join("\n");
        assert!(!text.contains("console-") && !text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
    }

    #[test]
    fn a_hold_is_said_once_and_so_is_its_end() {
        let mut progress = Progress::kept();
        let mut held = picture(Phase::Sending, 1);
        held.hold = Some(Hold { code: Code::Offline, detail: String::new(), again: "2026-01-01T00:00:00Z".into() });
        progress.show(&held, 0);
        progress.show(&held, 0);
        assert_eq!(progress.lines.len(), 2, "{:?}", progress.lines);
        assert!(progress.lines[1].contains("Offline") && progress.lines[1].contains("2026-01-01"), "{:?}", progress.lines);
        progress.show(&picture(Phase::Sending, 1), 0);
        assert_eq!(progress.lines.len(), 3);
    }

    #[test]
    fn sent_bytes_move_the_bar_but_only_proof_fills_it() {
        let some = picture(Phase::Sending, 0);
        assert_eq!(share(&some, 2500), 500);
        assert_eq!(share(&some, 9000), 990);
        assert_eq!(share(&picture(Phase::Sending, 50), 0), 1000);
        let account = Account { files: 4, verified: 1, waiting: 3, ..Account::default() };
        assert_eq!(share(&Picture { account, ..Picture::default() }, 0), 250);
    }

    #[test]
    fn rows_of_a_manifest_are_registered_and_never_sent() {
        let mut progress = Progress::kept();
        let rows = |phase: Phase, registered: u64, same_open: u64| {
            let account = Account { files: 4, same: 4 - registered, registered, ..Account::default() };
            let picture =
                Picture { upload: "r".into(), phase, account, manifest: true, rows: 4, same_open, ..Picture::default() };
            Picture { platform: "labelbox".into(), container: "birds".into(), place: "/there".into(), ..picture }
        };
        progress.show(&rows(Phase::Reading, 0, 0), 0);
        progress.show(&rows(Phase::Sending, 0, 4), 0);
        progress.show(&rows(Phase::Sending, 2, 1), 0);
        progress.show(&rows(Phase::Finished, 3, 0), 0);
        let text = progress.lines.join("\n");
        assert!(text.contains("4 rows") && text.contains("birds") && text.contains("70 %, 3 of 4 rows"), "{text}");
        assert!(text.contains("100 %, 4 of 4 rows"), "{text}");
        assert!(["file", "Send", "sent", " B", "/there"].iter().all(|word| !text.contains(word)), "{text}");
    }
}
