//! What people are shown: counts, pages, groups. Window and console read the same.
//! Nothing here holds a secret, a presigned URL or an absolute path that a page could send back as a command.

use crate::connection::Kind;
use crate::finding::Severity;
use crate::item::State;
use crate::media::{Format, MediaKind};
use crate::problem::Code;
use crate::proof::Algorithm;
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
    /// Connection that it goes to.
    pub connection: String,
    /// Kind of that connection.
    pub kind: String,
    /// The place for people: `s3://bucket/prefix`, a folder's path.
    pub place: String,
    /// Prefix below the connection's own.
    pub prefix: String,
    /// Content bytes a second over the last ten seconds.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub speed: u64,
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

/// Which files to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Filter {
    /// Only these states; empty takes all.
    pub states: Vec<State>,
    /// Only files with a finding of this rule; empty takes all.
    pub rule: String,
    /// Only files that stopped for this reason; empty takes all.
    pub code: String,
    /// Only files below this folder; 0 takes all.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub folder: u64,
    /// Only files whose path has this text; empty takes all.
    pub find: String,
}

/// One file in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemRow {
    /// Its number in the upload: the only handle a page has on a file.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ord: u64,
    /// File name, display form.
    pub name: String,
    /// Folders above it, display form, `/` between, no trailing `/`.
    pub folder: String,
    /// Bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub size: u64,
    /// Where it stands.
    pub state: State,
    /// Why it waits or needs the person; empty otherwise.
    pub code: String,
    /// Kind of media.
    pub kind: MediaKind,
    /// Format.
    pub format: Format,
    /// Pixels as displayed, 0 where not known.
    pub width: u32,
    /// Pixels as displayed, 0 where not known.
    pub height: u32,
    /// The worst finding.
    pub worst: Option<Severity>,
    /// Proven by size alone.
    pub by_size: bool,
}

/// A stretch of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemPage {
    /// Rows in the whole list under this filter.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub total: u64,
    /// Number of the first row given, from 0.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub first: u64,
    /// The rows.
    pub rows: Vec<ItemRow>,
}

/// One finding of one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FindingLine {
    /// Rule id; the sentence is in the words under `rule-` and this.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What exactly.
    pub detail: String,
    /// The page that publishes the rule.
    pub source: String,
    /// The day on which that page was last read.
    pub checked: String,
}

/// Everything about one file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ItemDetail {
    /// The row.
    pub row: ItemRow,
    /// Relative path, display form.
    pub path: String,
    /// Key at the store.
    pub key: String,
    /// Address without any signature.
    pub url: String,
    /// External id: the relative path.
    pub external_id: String,
    /// Content type that is set.
    pub content_type: String,
    /// EXIF orientation, 0 where there is none.
    pub orientation: u8,
    /// Modification time, RFC 3339.
    pub modified: String,
    /// What is wrong or good to know.
    pub findings: Vec<FindingLine>,
    /// Measured facts of the trouble, `name=value; name=value`.
    pub detail: String,
    /// `checksum`, `size` or empty.
    pub proof: String,
    /// The algorithm, where the proof is a checksum.
    pub algorithm: Option<Algorithm>,
    /// Hexadecimal digest, where there is one.
    pub checksum: String,
    /// When it was proven, RFC 3339; empty before.
    pub at: String,
}

/// Findings of one rule over all files.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FindingGroup {
    /// Rule id; the sentence is in the words under `rule-` and this, with `count` and `value`.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The rule's figure, where it has one.
    pub value: String,
    /// Files.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub count: u64,
    /// One file's display path, as an example.
    pub example: String,
    /// What exactly, for the example.
    pub detail: String,
    /// The page that publishes the rule.
    pub source: String,
    /// The day on which that page was last read.
    pub checked: String,
}

/// One folder with its counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct FolderRow {
    /// Its number in the upload, from 1.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub id: u64,
    /// The folder above; 0 at the top.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub parent: u64,
    /// Its own name, display form.
    pub name: String,
    /// It has folders below.
    pub has_folders: bool,
    /// Files in it and below.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub files: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub bytes: u64,
    /// Verified or the same.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub done: u64,
    /// Blocked, clashing or needing the person.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub open: u64,
    /// Set aside or cancelled.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub left: u64,
    /// Warnings.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub warnings: u64,
}

/// Files that stopped for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct TroubleGroup {
    /// Why; title, body and action are in the words under `problem-` and the code's word.
    #[cfg_attr(feature = "wire", ts(type = "string"))]
    pub code: Code,
    /// `needs_you` or `set_aside`.
    pub state: State,
    /// Files.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub count: u64,
    /// Measured facts of one of them, `name=value; name=value`.
    pub detail: String,
    /// One file's display path, as an example.
    pub example: String,
}

/// One upload in the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct HistoryRow {
    /// The upload as it stands.
    pub picture: Picture,
    /// Display path of the file that matched a search by name; empty otherwise.
    pub matched: String,
    /// How many files matched.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub matches: u64,
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the system's keychain.
    Keychain,
    /// In memory, until the program quits.
    UntilQuit,
    /// In this run's environment.
    Environment,
    /// Nowhere.
    Missing,
}

/// One connection as people see it. No secret, ever.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct ConnectionRow {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// The fields that are not secret.
    pub fields: std::collections::BTreeMap<String, String>,
    /// The place for people.
    pub place: String,
    /// Secret fields and where each is kept.
    pub secrets: Vec<(String, SecretPlace)>,
    /// When it was last tested, RFC 3339; empty when never.
    pub tested: String,
    /// The lines of that test: the word under `access-`, and whether it passed.
    pub checks: Vec<(String, Option<bool>)>,
    /// What the test learned.
    pub learned: Vec<(String, String)>,
    /// Open uploads that use it.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub open_uploads: u64,
}

/// What the person has set. Applies at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Settings {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Most requests at once, 1 to 256; 0 lets Gantry find it.
    pub at_once: u32,
    /// Most bytes a second; 0 is full speed.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub limit: u64,
    /// Take hidden and system files too.
    pub include_hidden: bool,
    /// Patterns that are always left out.
    pub exclude: Vec<String>,
    /// Key template of new uploads.
    pub names: String,
    /// Go on with unfinished uploads at the next start.
    pub go_on: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "system".into(),
            at_once: 0,
            limit: 0,
            include_hidden: false,
            exclude: Vec::new(),
            names: "{prefix}/{relative_path}".into(),
            go_on: true,
        }
    }
}

/// The state of the system's keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum KeychainState {
    /// It answers.
    Ready,
    /// It is there and locked.
    Locked,
    /// There is none.
    Absent,
}

/// What the window needs to begin.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Hello {
    /// Version of the program.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub system: String,
    /// Where the journal and the receipts are.
    pub home: String,
    /// The keychain's state.
    pub keychain: KeychainState,
    /// Kinds of connections and their forms.
    pub kinds: Vec<Kind>,
    /// What the person has set.
    pub settings: Settings,
    /// Why the journal could not be opened: `newer`, `damaged`, `in_use`, `unwritable`; empty when it is open.
    pub trouble: String,
    /// Facts about that, for the sentence.
    pub trouble_detail: String,
}

/// What the review can change before anything is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Plan {
    /// Connection that it goes to.
    pub connection: String,
    /// Prefix below the connection's own.
    pub prefix: String,
    /// Key template.
    pub names: String,
    /// `keep`, `replace` or `new-name`.
    pub on_clash: String,
    /// Patterns that are left out.
    pub exclude: Vec<String>,
    /// Take every n-th picture only; 0 and 1 take all.
    pub every: u32,
    /// Take hidden and system files too.
    pub include_hidden: bool,
}

/// What is there already, before sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Difference {
    /// The look at the store has ended.
    pub known: bool,
    /// Nothing there under that name.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub new: u64,
    /// The same content is there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub same: u64,
    /// Something is there; whether it is the same shows when the file is read.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub unsure: u64,
    /// Other content is there.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub changed: u64,
}

/// The review's head.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Review {
    /// What the person can still change.
    pub plan: Plan,
    /// Findings grouped by rule, worst first.
    pub findings: Vec<FindingGroup>,
    /// Files by kind of media.
    #[cfg_attr(feature = "wire", ts(type = "Array<[MediaKind, number]>"))]
    pub kinds: Vec<(MediaKind, u64)>,
    /// Three keys as they will be.
    pub examples: Vec<String>,
    /// What is there already.
    pub difference: Difference,
    /// Files that would go now.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ready: u64,
    /// Their bytes.
    #[cfg_attr(feature = "wire", ts(type = "number"))]
    pub ready_bytes: u64,
    /// Why the destination cannot be used just now; empty when it can.
    pub hold: Option<Hold>,
}
