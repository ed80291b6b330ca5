//! Problems, named by what to do next. The destination decides; nobody reads texts to find out.
//! A problem carries no secret: no signature, no presigned URL, no key.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// What the queue does about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// The same request again, later.
    Retry,
    /// The ticket is worthless: begin the item anew.
    StartOver,
    /// A person must change something; the same request would be refused for every file.
    AskUser,
    /// A person must decide about this one file; the others go on.
    GiveUp,
}

/// What kind of trouble a code is: how the whole upload behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The line: hold everything, try with one, go on by itself.
    Network,
    /// The store asks to slow down: all slow down.
    Throttled,
    /// Permission, quota or rule: ask once, do not repeat.
    Refused,
    /// Nobody knows whether it worked: ask the far side before repeating.
    Unknown,
    /// This computer: source file, disk, keychain.
    Local,
}

macro_rules! codes {
    ($($(#[doc = $doc:expr])* $name:ident = $word:literal, $reaction:ident, $class:ident;)*) => {
        /// Every reason for which something did not go on. Titles, bodies and actions are in the words, under `problem-` and the word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[doc = $doc])* $name,)* }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The stable word of journal, receipt and `--json`.
            pub fn word(self) -> &'static str { match self { $(Code::$name => $word,)* } }

            /// What the queue does unless the destination knows better.
            pub fn reaction(self) -> Reaction { match self { $(Code::$name => Reaction::$reaction,)* } }

            /// How the whole upload behaves.
            pub fn class(self) -> Class { match self { $(Code::$name => Class::$class,)* } }
        }
    };
}

codes! {
    /// No route, no name resolution, connection refused.
    Offline = "offline", Retry, Network;
    /// No answer in time; a write may have worked.
    TimedOut = "timed_out", Retry, Network;
    /// The connection broke in the middle; a write may have worked.
    ConnectionLost = "connection_lost", Retry, Network;
    /// The certificate does not verify.
    TlsUntrusted = "tls_untrusted", AskUser, Refused;
    /// The proxy wants a name and a password (407).
    ProxyPassword = "proxy_password", AskUser, Refused;
    /// An answer that is not this protocol's: a captive portal, a proxy's page.
    NotAStore = "not_a_store", Retry, Network;
    /// 429, 503 SlowDown.
    SlowDown = "slow_down", Retry, Throttled;
    /// 5xx, or 200 with an error inside.
    ServerError = "server_error", Retry, Unknown;
    /// 403 on this key.
    AccessDenied = "access_denied", GiveUp, Refused;
    /// The access key id is unknown.
    BadKey = "bad_key", AskUser, Refused;
    /// The signature does not match: the secret is wrong.
    BadSecret = "bad_secret", AskUser, Refused;
    /// The session token has expired.
    TokenExpired = "token_expired", AskUser, Refused;
    /// The clock of this computer is off by more than the store accepts, also after correction.
    ClockOff = "clock_off", AskUser, Refused;
    /// The bucket is in another region.
    WrongRegion = "wrong_region", AskUser, Refused;
    /// No such bucket.
    NoSuchBucket = "no_such_bucket", AskUser, Refused;
    /// A quota is used up.
    QuotaExceeded = "quota_exceeded", AskUser, Refused;
    /// The store refused this file with words of its own.
    Refused = "refused", GiveUp, Refused;
    /// Other content is there under this key.
    Clash = "clash", GiveUp, Refused;
    /// Two files of this upload would get this key.
    SameKey = "same_key", GiveUp, Refused;
    /// A rule of the destination forbids this file.
    RuleBroken = "rule_broken", GiveUp, Refused;
    /// The store does not know the ticket any more.
    TicketGone = "ticket_gone", StartOver, Unknown;
    /// The store reports another checksum than was read here.
    ChecksumDiffers = "checksum_differs", StartOver, Unknown;
    /// The store took it, and does not have it.
    NotThere = "not_there", StartOver, Unknown;
    /// The file became another one while it was read.
    SourceChanged = "source_changed", GiveUp, Local;
    /// The file is gone.
    SourceGone = "source_gone", GiveUp, Local;
    /// The file may not be read.
    SourceUnreadable = "source_unreadable", GiveUp, Local;
    /// It is not a regular file any more.
    SourceNotAFile = "source_not_a_file", GiveUp, Local;
    /// A folder stands there, and its files are not part of the upload.
    SourceIsFolder = "source_is_folder", GiveUp, Local;
    /// What was given lies inside the destination.
    SourceInside = "source_inside", AskUser, Local;
    /// No room left at the destination.
    DiskFull = "disk_full", AskUser, Local;
    /// The destination folder is gone or may not be written.
    DestinationGone = "destination_gone", AskUser, Local;
    /// The connection was removed.
    ConnectionMissing = "connection_missing", AskUser, Local;
    /// Unfinished uploads use the connection, or it is always there.
    ConnectionInUse = "connection_in_use", AskUser, Local;
    /// No secret was given and none is kept.
    NoSecret = "no_secret", AskUser, Local;
    /// The keychain is locked.
    KeychainLocked = "keychain_locked", AskUser, Local;
    /// This system has no keychain running.
    KeychainAbsent = "keychain_absent", AskUser, Local;
    /// No room left for the journal.
    JournalFull = "journal_full", AskUser, Local;
    /// No room left for copies: on the disk, or within the bound that the person set.
    CopiesFull = "copies_full", GiveUp, Local;
    /// A copy could not be made again as it was.
    CopyNotMade = "copy_not_made", GiveUp, Local;
    /// The name cannot be stored there.
    NameRefused = "name_refused", GiveUp, Refused;
    /// The platform does not accept the key.
    BadApiKey = "bad_api_key", AskUser, Refused;
    /// The platform's plan does not allow more.
    PlanLimit = "plan_limit", AskUser, Refused;
    /// The dataset or project is not there, or not for this key.
    NoSuchContainer = "no_such_container", AskUser, Refused;
    /// The dataset or project takes other media than these.
    WrongContainer = "wrong_container", AskUser, Refused;
    /// The platform's access to the bucket is not valid.
    IntegrationInvalid = "integration_invalid", AskUser, Refused;
    /// The platform refused this row with words of its own.
    RowRefused = "row_refused", GiveUp, Refused;
    /// A row of a manifest that no platform takes as it is.
    RowBroken = "row_broken", GiveUp, Local;
    /// A row of this name is there, and stands for something else.
    RowThere = "row_there", GiveUp, Refused;
    /// Too many rows or bytes in one call: half of them are asked again.
    CallTooLarge = "call_too_large", GiveUp, Refused;
    /// The time in which the platform's own storage takes this file is over: a new slot is asked for.
    SlotExpired = "slot_expired", Retry, Unknown;
    /// Objects of this store have no address that a platform could read.
    NoWebAddress = "no_web_address", AskUser, Refused;
    /// A table about the files cannot be used as it is.
    TableBroken = "table_broken", AskUser, Local;
    /// The platform does not take what is known about the files.
    MetadataUnfit = "metadata_unfit", AskUser, Refused;
    /// A field of the connection makes no sense.
    BadField = "bad_field", AskUser, Refused;
    /// What was given is no manifest.
    NotAManifest = "not_a_manifest", AskUser, Local;
    /// A file of this name is there, and is not overwritten.
    OutputThere = "output_there", AskUser, Local;
    /// A file cannot be written there.
    OutputUnwritable = "output_unwritable", AskUser, Local;
    /// A defect of Gantry itself.
    Bug = "bug", GiveUp, Local;
}

impl Code {
    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.word() == word)
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::from_word(&word).ok_or_else(|| serde::de::Error::custom(format!("no such code: {word}")))
    }
}

/// Something did not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub code: Code,
    /// What to do next.
    pub reaction: Reaction,
    /// What was being done, as a stable word such as `put`.
    pub doing: &'static str,
    /// How long the far side asked to wait.
    pub wait: Option<Duration>,
    /// Measured facts for the sentence and for Details: `region`, `bucket`, `said`, `request_id`, `minutes` ...
    pub facts: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem with its code's own reaction.
    pub fn new(code: Code, doing: &'static str) -> Self {
        Self { code, reaction: code.reaction(), doing, wait: None, facts: Vec::new() }
    }

    /// Adds a fact for the sentence or for Details.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// The far side asked to wait.
    #[must_use]
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.wait = wait;
        self
    }

    /// A fact by name.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The facts as one line for the journal: `name=value; name=value`.
    pub fn detail(&self) -> String {
        let shown: Vec<String> = self.facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        shown.join("; ")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} while doing {}", self.code.word(), self.doing)?;
        if !self.facts.is_empty() {
            write!(f, " ({})", self.detail())?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
