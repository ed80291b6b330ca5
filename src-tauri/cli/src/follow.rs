//! Stays with an upload until it ends, the person stops it, or nothing but waiting is left for too long.

use crate::failure::{Failure, USAGE};
use crate::findings;
use crate::out::Out;
use crate::progress::Progress;
use crate::stop::{STOPPED, Stop};
use crate::summary::{Summary, print_troubles};
use crate::tables;
use gantry_engine::engine::Engine;
use gantry_model::view::{Hold, Phase, Picture};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, Reaction};
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// Off a terminal nobody is there to wait for ever.
const WAIT: Duration = Duration::from_secs(600);
/// Looks at the picture come at least so far apart.
const APART: Duration = Duration::from_millis(5);
/// How long what is in flight may take to come to rest.
const REST: Duration = Duration::from_secs(3);
/// A hold that only the person can end, a pause, a stop: believed when it has stood so long, for one of an earlier run
/// goes away by itself.
const BELIEVED: Duration = Duration::from_secs(2);

/// Why it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is under way any more.
    Settled,
    /// It waits for the person's yes.
    Review,
    /// The person pressed Ctrl-C.
    Stopped,
    /// Nothing but waiting was left, for longer than wished.
    Waited,
    /// It cannot go on without the person.
    Held(Hold),
}

/// What is needed to stay with uploads.
#[derive(Debug)]
pub struct Follower<'a> {
    engine: &'a Engine,
    out: Out,
    stop: &'a Stop,
    wait: Option<Duration>,
    began: Instant,
    progress: Progress,
    asks: bool,
}

impl<'a> Follower<'a> {
    /// `wait`: how long to wait for what goes on by itself; without it 10 minutes off a terminal, and on one for ever.
    pub fn new(engine: &'a Engine, out: Out, stop: &'a Stop, wait: Option<crate::args::Duration>) -> Self {
        let usual = (!io::stderr().is_terminal()).then_some(WAIT);
        let wait = wait.map(|wait| wait.0).or(usual);
        Self { engine, out, stop, wait, began: Instant::now(), progress: Progress::new(), asks: false }
    }

    /// What it follows first waits for the person's yes.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { asks: true, ..self }
    }

    /// How long this run takes so far.
    pub fn took(&self) -> Duration {
        self.began.elapsed()
    }

    /// Stays until the upload ends in one way or another.
    pub fn follow(&mut self, upload: &str) -> Ended {
        let mut quiet = Quiet::new();
        let mut seen = 0;
        let ended = loop {
            if let Some(picture) = self.engine.picture(upload) {
                let sent = self.engine.sent_bytes(upload);
                self.progress.show(&picture, sent);
                quiet.look(&picture, sent);
                if let Some(ended) = self.ended(&picture, &quiet) {
                    break ended;
                }
            }
            if self.stop.asked() {
                break Ended::Stopped;
            }
            std::thread::sleep(APART);
            seen = self.engine.wait(seen, Duration::from_millis(100));
        };
        self.progress.end();
        ended
    }

    fn ended(&self, picture: &Picture, quiet: &Quiet) -> Option<Ended> {
        // What an earlier run left behind is shown until this one has begun: it is believed when it lasts.
        let lasts = quiet.lasts(BELIEVED);
        match picture.phase {
            Phase::Cancelled => return Some(Ended::Settled),
            Phase::Finished if picture.account.under_way() == 0 || lasts => return Some(Ended::Settled),
            Phase::Paused | Phase::Stopped if lasts => return Some(Ended::Settled),
            Phase::Review if self.asks => return Some(Ended::Review),
            _ => {}
        }
        let hold = picture.hold.as_ref();
        if let Some(hold) = hold.filter(|hold| needs_person(hold) && lasts) {
            return Some(Ended::Held(hold.clone()));
        }
        // A million rows take a while to be prepared before their phase changes.
        if picture.phase == Phase::Review && lasts && !self.engine.is_on(&picture.upload) {
            return Some(Ended::Review);
        }
        self.wait.filter(|wait| quiet.lasts(*wait)).map(|_| Ended::Waited)
    }

    /// Lets uploads come to rest, resumable.
    pub fn rest(&self, uploads: &[String]) {
        self.settle(uploads);
        self.engine.quit(APART);
    }

    fn settle(&self, uploads: &[String]) {
        for upload in uploads {
            self.engine.stop(upload);
        }
        let until = Instant::now() + REST;
        let moves = |upload: &String| self.engine.picture(upload).is_some_and(|picture| !rests(&picture));
        while uploads.iter().any(moves) && Instant::now() < until {
            std::thread::sleep(APART);
        }
    }

    /// Prints what needs the person, the summary and where the receipt is. Gives the exit status that fits.
    pub fn report(&self, upload: &str) -> u8 {
        let picture =
            self.engine.picture(upload).or_else(|| crate::uploads::picture(self.engine, upload).ok()).unwrap_or_default();
        let summary = Summary::of_picture(upload, &picture, self.engine.sent_bytes(upload), self.took());
        if let Ok(review) = self.engine.review(upload) {
            findings::print_groups(self.out, &review);
            tables::print(self.out, &review, if picture.platform.is_empty() { 0 } else { picture.account.same });
            let days = review.plan.register.as_ref().map_or(0, |register| register.presigned_days);
            if days > 0 && picture.account.registered + picture.account.visible > 0 {
                self.out.say("console-signed", &[("days", Value::Count(days.into()))]);
            }
        }
        if summary.needs_you() > 0
            && let Ok(troubles) = self.engine.troubles(upload)
        {
            print_troubles(self.out, &picture, &troubles);
        }
        if picture.phase == Phase::Finished && summary.files() > 0 {
            self.receipt(upload);
        }
        if !picture.link.is_empty() {
            self.out.say("console-link", &[("name", Value::Text(&picture.container)), ("link", Value::Text(&picture.link))]);
        }
        let asks =
            [("console-open-resume", summary.open() > summary.needs_you()), ("console-open-retry", summary.needs_you() > 0)];
        for (id, _) in asks.iter().filter(|(_, asks)| *asks) {
            self.out.say(id, &[("upload", Value::Text(upload))]);
        }
        summary.print(self.out);
        u8::from(summary.open() > 0)
    }

    /// The engine writes it when the upload ends; only one that is missing is written here.
    fn receipt(&self, upload: &str) {
        let there = self.engine.receipt_folder(upload).join("receipt.html");
        let path = if there.exists() { Ok(there) } else { self.engine.receipt(upload, "html") };
        match path {
            Ok(path) => {
                let path = gantry_model::show::path(path.as_os_str().as_encoded_bytes());
                self.out.say("console-receipt-is", &[("path", Value::Text(&path))]);
            }
            Err(problem) => Failure::with_status(&problem, USAGE).lines.iter().for_each(|line| self.out.aside(line)),
        }
    }

    /// Follows uploads that run side by side, one after the other, with a summary for each; gives the exit status.
    ///
    /// # Errors
    /// One could not start for want of a secret.
    pub fn follow_all(&mut self, uploads: &[String]) -> Result<u8, Failure> {
        self.asks = false;
        let mut status = 0;
        for (at, upload) in uploads.iter().enumerate() {
            let one = match self.follow(upload) {
                Ended::Stopped => {
                    self.rest(&uploads[at..]);
                    uploads[at..].iter().for_each(|upload| {
                        self.report(upload);
                    });
                    return Ok(STOPPED);
                }
                Ended::Waited => self.waited(upload),
                Ended::Held(hold) => match self.held(upload, &hold) {
                    Err(why) if uploads.len() > 1 => {
                        // The others go on.
                        why.lines.iter().for_each(|line| self.out.aside(line));
                        self.report(upload).max(1)
                    }
                    done => done?,
                },
                Ended::Settled | Ended::Review => self.report(upload),
            };
            status = status.max(one);
        }
        self.engine.quit(REST);
        Ok(status)
    }

    /// What it waited for is said before it comes to rest.
    fn waited(&self, upload: &str) -> u8 {
        let picture = self.engine.picture(upload).unwrap_or_default();
        self.settle(&[upload.to_owned()]);
        self.out.aside(&say("console-waited", &[]));
        if let Some(hold) = picture.hold {
            let lines = Failure::about(picture.manifest, &hold_problem(&hold)).lines;
            lines.iter().for_each(|line| self.out.aside(line));
        }
        self.report(upload)
    }

    fn held(&self, upload: &str, hold: &Hold) -> Result<u8, Failure> {
        self.settle(&[upload.to_owned()]);
        let problem = hold_problem(hold);
        let rows = self.engine.picture(upload).is_some_and(|picture| picture.manifest);
        let failure = Failure::about(rows, &problem);
        if matches!(hold.code, Code::NoSecret | Code::KeychainLocked | Code::KeychainAbsent) {
            return Err(failure);
        }
        failure.lines.iter().for_each(|line| self.out.aside(line));
        self.report(upload);
        Ok(1)
    }
}

/// The hold as a problem again, its facts as one line.
pub fn hold_problem(hold: &Hold) -> Problem {
    let mut problem = Problem::new(hold.code, "open");
    for known in ["said", "region", "bucket", "connection", "path", "container", "status", "call"] {
        let facts = crate::failure::facts(&hold.detail);
        if let Some((_, value)) = facts.into_iter().find(|(name, _)| name == known) {
            problem = problem.with(known, value);
        }
    }
    problem
}

/// A full disk under the journal ends by itself when somebody makes room.
fn needs_person(hold: &Hold) -> bool {
    hold.again.is_empty() && hold.code.reaction() == Reaction::AskUser && hold.code != Code::JournalFull
}

fn rests(picture: &Picture) -> bool {
    !picture.winding_down
        && matches!(picture.phase, Phase::Stopped | Phase::Paused | Phase::Finished | Phase::Cancelled | Phase::Review)
}

/// How long nothing but waiting has gone on.
#[derive(Debug)]
struct Quiet {
    since: Instant,
    last: (u64, u64, u64, u64),
}

impl Quiet {
    fn new() -> Self {
        Self { since: Instant::now(), last: (0, 0, 0, 0) }
    }

    /// Files and rows that got somewhere break the quiet. Bytes do so only while nothing holds: one request tries the line.
    fn look(&mut self, picture: &Picture, sent: u64) {
        let account = &picture.account;
        let bytes = if picture.hold.is_some() { self.last.3 } else { sent };
        let rows = account.registered + 2 * account.visible + account.same.saturating_sub(picture.same_open);
        let now = (account.files + picture.looked + picture.copies_made, account.sum() - account.under_way(), rows, bytes);
        let works = picture.phase == Phase::Reading && picture.hold.is_none();
        if now != self.last || works {
            self.last = now;
            self.since = Instant::now();
        }
    }

    fn lasts(&self, long: Duration) -> bool {
        self.since.elapsed() >= long
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(code: Code, again: &str) -> Hold {
        Hold { code, detail: "region=eu-west-1; said=no".into(), again: again.into() }
    }

    #[test]
    fn what_goes_on_by_itself_does_not_need_the_person() {
        assert!(!needs_person(&held(Code::Offline, "2026-01-01T00:00:00Z")));
        assert!(!needs_person(&held(Code::Offline, "")));
        assert!(!needs_person(&held(Code::JournalFull, "")));
        assert!(needs_person(&held(Code::BadKey, "")));
    }

    #[test]
    fn trying_the_line_is_not_progress_but_a_finished_file_is() {
        let mut quiet = Quiet::new();
        let mut picture = Picture { phase: Phase::Sending, hold: Some(held(Code::Offline, "soon")), ..Picture::default() };
        picture.account.waiting = 5;
        quiet.look(&picture, 0);
        let since = quiet.since;
        std::thread::sleep(Duration::from_millis(5));
        quiet.look(&picture, 1000);
        assert_eq!(quiet.since, since, "bytes of a try count as progress");
        (picture.account.waiting, picture.account.verified) = (4, 1);
        quiet.look(&picture, 1000);
        assert!(quiet.since > since, "a verified file is not seen");
        let since = quiet.since;
        std::thread::sleep(Duration::from_millis(5));
        picture.hold = None;
        quiet.look(&picture, 2000);
        assert!(quiet.since > since, "bytes that flow are not seen");
        for (registered, visible) in [(1, 0), (0, 1)] {
            let since = quiet.since;
            std::thread::sleep(Duration::from_millis(5));
            (picture.account.verified, picture.account.registered, picture.account.visible) = (0, registered, visible);
            quiet.look(&picture, 2000);
            assert!(quiet.since > since, "a row is not seen");
        }
    }

    #[test]
    fn a_hold_keeps_its_facts() {
        let problem = hold_problem(&held(Code::WrongRegion, ""));
        assert_eq!(problem.fact("region"), Some("eu-west-1"));
        assert_eq!(problem.fact("said"), Some("no"));
    }
}
