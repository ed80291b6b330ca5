//! What people are shown: counts, pages, groups. Window and console read the same.
//! Nothing here holds a secret, a presigned URL or an absolute path that a page could send back as a command.

mod bench;
mod bench_rows;
mod files;
mod review;
mod screens;
mod tables;

pub use bench::*;
pub use bench_rows::*;
pub use files::*;
pub use review::*;
pub use screens::*;
pub use tables::*;

use crate::item::State;
use crate::problem::Code;
use serde::{Deserialize, Serialize};
#[cfg(feature = "wire")]
use ts_rs::TS;

/// How many files stand where. The books balance: see [`Account::sum`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are the states of `State`, and are explained there")]
pub struct Account {
    /// Regular files taken in, and what could not be read.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes: u64,
    /// Left out by rule: hidden, system files, excluded. Not part of `files`.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub skipped: u64,
    /// Links, sockets, devices. Not part of `files`.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub notes: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub found: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ready: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub blocked: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub clash: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub same: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub waiting: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub sending: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub sent: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub verified: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub registered: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub visible: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub needs_you: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub set_aside: u64,
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub cancelled: u64,
    /// How many of the verified ones are proven by size alone.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub by_size: u64,
    /// How many of the verified ones the store only says it took.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub accepted: u64,
    /// Bytes of the files that are verified or the same.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes_done: u64,
}

impl Account {
    /// The count of one state.
    pub fn of(&self, state: State) -> u64 {
        let mut copy = *self;
        *copy.slot(state)
    }

    /// The place where one state is counted.
    pub fn slot(&mut self, state: State) -> &mut u64 {
        match state {
            State::Found => &mut self.found,
            State::Ready => &mut self.ready,
            State::Blocked => &mut self.blocked,
            State::Clash => &mut self.clash,
            State::Same => &mut self.same,
            State::Waiting => &mut self.waiting,
            State::Sending => &mut self.sending,
            State::Sent => &mut self.sent,
            State::Verified => &mut self.verified,
            State::Registered => &mut self.registered,
            State::Visible => &mut self.visible,
            State::NeedsYou => &mut self.needs_you,
            State::SetAside => &mut self.set_aside,
            State::Cancelled => &mut self.cancelled,
        }
    }

    /// All states added up. Equals `files`, always; anything else is a defect.
    pub fn sum(&self) -> u64 {
        State::ALL.iter().map(|state| self.of(*state)).sum()
    }

    /// Files whose proof is there, registered ones too.
    pub fn proven(&self) -> u64 {
        self.verified + self.registered + self.visible
    }

    /// Files that the queue still has in hand.
    pub fn under_way(&self) -> u64 {
        self.waiting + self.sending + self.sent
    }
}

/// What an upload is doing, as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Counting and checking what was given.
    #[default]
    Reading,
    /// Waits for the person to look and press Upload.
    Review,
    /// Looking at what is there already.
    Planning,
    /// Bytes move, or wait for the line by themselves.
    Sending,
    /// Paused by the person; goes on when they say so.
    Paused,
    /// Stopped by the person; can be gone on with from History.
    Stopped,
    /// Nothing is under way; something may need the person.
    Finished,
    /// Cancelled by the person; not resumable.
    Cancelled,
}

impl Phase {
    /// The word of the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Review => "review",
            Self::Planning => "planning",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        use Phase::*;
        [Reading, Review, Planning, Sending, Paused, Stopped, Finished, Cancelled].into_iter().find(|phase| phase.word() == word)
    }
}

/// Why the upload as a whole does not move just now, though it wants to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Hold {
    /// Why.
    #[cfg_attr(feature = "wire", ts(type = "string"))]
    pub code: Code,
    /// Measured facts, `name=value; name=value`.
    pub detail: String,
    /// When it is tried again, RFC 3339; empty when it waits for the person.
    pub again: String,
}

/// One upload as it stands: sent to the window at most ten times a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Picture {
    /// The upload's id.
    pub upload: String,
    /// What was given, in short: the first name, and how many more.
    pub title: String,
    /// Rows of a manifest are registered, and no file is sent: all that is counted are rows.
    pub manifest: bool,
    /// What it is doing.
    pub phase: Phase,
    /// Where the files stand.
    pub account: Account,
    /// Files with findings, by severity: blocked, warning, note.
    #[cfg_attr(feature = "wire", ts(type = "[number, number, number]"))]
    pub findings: [u64; 3],
    /// Files looked at so far while reading.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub looked: u64,
    /// Copies that are wanted and not made yet: while this is not 0, they are being made.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub copies_wanted: u64,
    /// Copies made so far of those.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub copies_made: u64,
    /// Connection that it goes to.
    pub connection: String,
    /// Kind of that connection.
    pub kind: String,
    /// The place for people: `s3://bucket/prefix`, a folder's path.
    pub place: String,
    /// Prefix below the connection's own.
    pub prefix: String,
    /// Kind of the platform where rows are registered; empty when only bytes are sent.
    pub platform: String,
    /// The dataset or project for people; empty when only bytes are sent.
    pub container: String,
    /// The page that shows the dataset or project; empty when only bytes are sent.
    pub link: String,
    /// Rows of this upload; 0 when only bytes are sent.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub rows: u64,
    /// Files whose bytes were there already and whose row has no answer yet: `same` in the account, and not done.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub same_open: u64,
    /// Content bytes a second over the last ten seconds.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub speed: u64,
    /// Content bytes that the store has confirmed, parts of unfinished files included.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes_sent: u64,
    /// Seconds left; absent in the first 20 seconds and while nothing moves.
    #[cfg_attr(feature = "wire", ts(type = "number | null"))]
    pub left: Option<u64>,
    /// Seconds of sending so far, over all runs.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub seconds: u64,
    /// Requests in flight.
    pub at_once: u32,
    /// Why it does not move though it wants to.
    pub hold: Option<Hold>,
    /// Asked to pause or stop, and finishing what is in flight.
    pub winding_down: bool,
    /// A file that went lately, display form; for the one line that says what moves.
    pub current: String,
    /// Grows whenever pages of this upload may show something else.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub revision: u64,
    /// When it was given, RFC 3339.
    pub created: String,
    /// When nothing was left to do, RFC 3339; empty before.
    pub finished: String,
    /// Receipt number, such as `G26 000041 7`; empty before the upload is approved.
    pub number: String,
}

impl Picture {
    /// For people: where its files go, or of a manifest its rows.
    pub fn goes_to(&self) -> &str {
        if self.manifest { &self.container } else { &self.place }
    }

    /// Files, or rows of a manifest, that still go on without the person. Where a platform registers, what is proven or was
    /// there already is done only when its row has an answer.
    pub fn ahead(&self) -> u64 {
        let account = &self.account;
        let here = account.found + account.ready + account.under_way();
        if self.platform.is_empty() || self.phase == Phase::Finished {
            return here;
        }
        // Before the rows are made, none has an answer.
        let same = if self.rows == 0 { account.same } else { self.same_open.min(account.same) };
        here + account.verified + same
    }
}
