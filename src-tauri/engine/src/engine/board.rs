//! The board: how every upload stands just now, for whoever looks. It is changed by what is on disk, never ahead of it.
//! Looking costs nothing and wakes nobody; whoever waits is woken when something changed.

use gantry_model::view::{Account, Hold, Phase, Picture};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Speed is the mean over this long.
const SPAN: Duration = Duration::from_secs(10);
/// Time left is not guessed before this much of a run has been seen.
const BEFORE_GUESS: Duration = Duration::from_secs(20);
/// Time left changes at most this often.
const GUESS_AGAIN: Duration = Duration::from_secs(5);

/// All uploads of this run of the program.
#[derive(Debug, Default)]
pub struct Board {
    lines: Mutex<Lines>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct Lines {
    lines: BTreeMap<String, Line>,
    revision: u64,
}

#[derive(Debug, Default)]
struct Line {
    picture: Picture,
    meter: Meter,
    sent: Option<Arc<AtomicU64>>,
    running: Option<Instant>,
    seconds_before: u64,
    in_parts: u64,
}

#[derive(Debug, Default)]
struct Meter {
    samples: VecDeque<(Instant, u64, u64)>,
    guess: Option<(Instant, u64)>,
}

impl Board {
    /// Puts an upload on the board, or changes what stands there.
    pub fn change(&self, upload: &str, change: impl FnOnce(&mut Picture)) {
        let mut lines = self.lock();
        let line = lines.lines.entry(upload.to_owned()).or_default();
        upload.clone_into(&mut line.picture.upload);
        change(&mut line.picture);
        line.picture.revision += 1;
        lines.revision += 1;
        drop(lines);
        self.bell.notify_all();
    }

    /// Takes an upload off the board.
    pub fn forget(&self, upload: &str) {
        let mut lines = self.lock();
        lines.lines.remove(upload);
        lines.revision += 1;
        drop(lines);
        self.bell.notify_all();
    }

    /// An upload starts to run: its counter of sent bytes, and the seconds of its earlier runs.
    pub fn runs(&self, upload: &str, sent: Arc<AtomicU64>, seconds_before: u64) {
        let mut lines = self.lock();
        if let Some(line) = lines.lines.get_mut(upload) {
            line.sent = Some(sent);
            line.running = Some(Instant::now());
            line.seconds_before = seconds_before;
            line.meter = Meter::default();
        }
    }

    /// An upload rests: how many seconds it has run in all.
    pub fn rests(&self, upload: &str) -> u64 {
        let mut lines = self.lock();
        let Some(line) = lines.lines.get_mut(upload) else { return 0 };
        let seconds = line.seconds();
        line.seconds_before = seconds;
        line.running = None;
        line.sent = None;
        line.picture.seconds = seconds;
        line.picture.speed = 0;
        line.picture.left = None;
        seconds
    }

    /// Bytes in confirmed parts of files that are not finished.
    pub fn in_parts(&self, upload: &str, bytes: u64) {
        let mut lines = self.lock();
        let Some(line) = lines.lines.get_mut(upload).filter(|line| line.in_parts != bytes) else { return };
        line.in_parts = bytes;
        line.picture.revision += 1;
        lines.revision += 1;
        drop(lines);
        self.bell.notify_all();
    }

    /// The account as it is on disk.
    pub fn account(&self, upload: &str, account: Account) {
        self.change(upload, |picture| picture.account = account);
    }

    /// Where an upload stands.
    pub fn phase(&self, upload: &str, phase: Phase) {
        self.change(upload, |picture| {
            picture.phase = phase;
            picture.winding_down = false;
            if !matches!(phase, Phase::Sending | Phase::Planning) {
                picture.hold = None;
            }
        });
    }

    /// Why an upload does not move.
    pub fn hold(&self, upload: &str, hold: Option<Hold>) {
        self.change(upload, |picture| picture.hold = hold);
    }

    /// One upload as it stands.
    pub fn picture(&self, upload: &str) -> Option<Picture> {
        self.lock().lines.get_mut(upload).map(Line::look)
    }

    /// All uploads as they stand.
    pub fn pictures(&self) -> Vec<Picture> {
        self.lock().lines.values_mut().map(Line::look).collect()
    }

    /// Waits until something has changed since `seen`, at most so long; gives the new revision.
    pub fn wait(&self, seen: u64, most: Duration) -> u64 {
        let until = Instant::now() + most;
        let mut lines = self.lock();
        while lines.revision == seen {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            lines = self.bell.wait_timeout(lines, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        lines.revision
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn seconds(&self) -> u64 {
        self.seconds_before + self.running.map_or(0, |since| since.elapsed().as_secs())
    }

    fn look(&mut self) -> Picture {
        self.picture.bytes_sent = self.picture.account.bytes_done + self.in_parts;
        if let (Some(sent), Some(since)) = (&self.sent, self.running) {
            let now = Instant::now();
            let account = self.picture.account;
            let ahead = self.picture.ahead();
            let done = account.files - ahead.min(account.files);
            let (speed, files) = self.meter.measure(now, sent.load(Ordering::Relaxed), done);
            let bytes_left = account.bytes.saturating_sub(self.picture.bytes_sent);
            let moves = self.picture.hold.is_none() && self.picture.phase == Phase::Sending;
            let guess = moves && now.duration_since(since) >= BEFORE_GUESS;
            self.picture.speed = if moves { speed } else { 0 };
            self.picture.left = if guess { self.meter.left(now, speed, files, bytes_left, ahead) } else { None };
            self.picture.seconds = self.seconds();
        }
        self.picture.clone()
    }
}

impl Meter {
    /// Bytes a second and files in 1,000 seconds over the span.
    fn measure(&mut self, now: Instant, bytes: u64, files: u64) -> (u64, u64) {
        if self.samples.back().is_none_or(|(at, ..)| now.duration_since(*at) >= Duration::from_millis(200)) {
            self.samples.push_back((now, bytes, files));
        }
        while self.samples.len() > 2 && self.samples.front().is_some_and(|(at, ..)| now.duration_since(*at) > SPAN) {
            self.samples.pop_front();
        }
        let Some((at, first_bytes, first_files)) = self.samples.front() else { return (0, 0) };
        let seconds = now.duration_since(*at).as_secs_f64().max(0.2);
        let rate = |now: u64, then: u64| (now.saturating_sub(then) as f64 / seconds) as u64;
        (rate(bytes, *first_bytes), rate(files * 1000, first_files * 1000))
    }

    /// Seconds left: the slower of what bytes and files say, rounded so that nobody reads more into it than there is.
    fn left(&mut self, now: Instant, speed: u64, files: u64, bytes_left: u64, files_left: u64) -> Option<u64> {
        if let Some((at, guess)) = self.guess
            && now.duration_since(at) < GUESS_AGAIN
        {
            return Some(guess);
        }
        let by_bytes = if bytes_left == 0 { Some(0) } else { bytes_left.checked_div(speed) };
        let by_files = (files_left * 1000).checked_div(files);
        let seconds = by_bytes.into_iter().chain(by_files).max()?;
        let step = match seconds {
            0..60 => 5,
            60..600 => 30,
            600..3600 => 60,
            _ => 600,
        };
        let guess = seconds.div_ceil(step) * step;
        self.guess = Some((now, guess));
        Some(guess)
    }
}
