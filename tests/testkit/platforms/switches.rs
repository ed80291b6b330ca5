//! What can be made to go wrong, from Rust and as JSON over `POST /_gantry/switch`.
//! A fault meets requests of a kind; manners say how the platform behaves as a whole.

use serde::{Deserialize, Serialize};

/// Something that goes wrong with requests of a kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The kind of request, such as `create_samples`, `upsertDataRows`, `storage_put`. `create*` is all that begin so.
    pub on: String,
    /// What goes wrong.
    pub what: What,
    /// How many such requests pass first.
    #[serde(default)]
    pub after: u64,
    /// It meets each n-th of those that follow; 1 is every one.
    #[serde(default = "one")]
    pub every: u64,
    /// How often it happens; nothing is for ever.
    #[serde(default)]
    pub times: Option<u64>,
    #[serde(skip)]
    seen: u64,
    #[serde(skip)]
    happened: u64,
}

fn one() -> u64 {
    1
}

impl Fault {
    /// Meets every request of the kind.
    pub fn on(kind: &str, what: What) -> Self {
        Self { on: kind.to_owned(), what, after: 0, every: 1, times: None, seen: 0, happened: 0 }
    }

    /// Lets this many pass first.
    #[must_use]
    pub fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// Meets only each n-th.
    #[must_use]
    pub fn every(self, every: u64) -> Self {
        Self { every, ..self }
    }

    /// Happens so often and no more.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Meets only the n-th, from 1.
    #[must_use]
    pub fn only(self, number: u64) -> Self {
        self.after(number.saturating_sub(1)).times(1)
    }

    /// Counts one request and says whether it is met.
    pub(super) fn meets(&mut self, kind: &str) -> bool {
        if !matches(&self.on, kind) {
            return false;
        }
        self.seen += 1;
        let due = self.seen > self.after && (self.seen - self.after).is_multiple_of(self.every.max(1));
        let left = self.times.is_none_or(|times| self.happened < times);
        self.happened += u64::from(due && left);
        due && left
    }
}

/// Whether a kind is meant by a name with an optional `*` at its end.
pub(super) fn matches(wanted: &str, kind: &str) -> bool {
    wanted.strip_suffix('*').map_or(wanted == kind, |start| kind.starts_with(start))
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The socket is closed without an answer, and nothing was done.
    DropBefore,
    /// It was done; then the socket is closed without an answer.
    DropAfter,
    /// It was done, and yet the answer is an error with this status.
    ErrorAfter(u16),
    /// The platform's own words for this, and nothing was done.
    Refuse(Trouble),
    /// Exactly this answer, and nothing was done.
    Answer {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
        /// Its type.
        content_type: String,
    },
    /// The page of a proxy, and nothing was done.
    Page(u16),
    /// It was done; the answer is the page of a proxy.
    PageAfter(u16),
    /// It was done; the answer has null where an object was promised.
    Null,
    /// It was done; the answer has an empty object where one with fields was promised.
    Hollow,
    /// From here on these datasets or projects are gone: all of them, or the one of this name or id.
    Gone(Option<String>),
    /// The answer is held back for so many milliseconds, after it was done.
    Slow(u64),
    /// It is done only after so many milliseconds, whether the client waits or not. With a status the answer comes at once.
    Late {
        /// How much later it is done.
        ms: u64,
        /// The answer that does not wait for it, such as 504.
        status: Option<u16>,
    },
}

/// Refusals that each platform has words of its own for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The key is unknown, or was revoked.
    WrongKey,
    /// No key came.
    NoKey,
    /// Too many requests, with or without the seconds to wait in `Retry-After`.
    Throttled(Option<u64>),
    /// Too many requests, said another way: Segments' words under status 200, Labelbox's as plain text.
    ThrottledOddly,
    /// The plan of the organisation ends here.
    PlanLimit,
    /// The account may not do this.
    NotAllowed,
    /// Refused for the country that the request comes from (451).
    Country,
    /// More than the platform takes in one request (413).
    TooLarge,
    /// An error of the server with this status.
    Broken(u16),
    /// A GraphQL error with this `extensions.code`, and the status inside its `exception`.
    Graphql {
        /// Such as `RESOURCE_CONFLICT`.
        code: String,
        /// Such as 503.
        status: Option<u16>,
        /// Its words.
        message: String,
    },
    /// The presigned target has expired.
    Expired,
}

impl Trouble {
    /// It is about the key, the plan or the country: nothing that a storage would say.
    pub(super) fn is_of_account(&self) -> bool {
        matches!(
            self,
            Self::WrongKey | Self::NoKey | Self::PlanLimit | Self::Country | Self::ThrottledOddly | Self::Graphql { .. }
        )
    }
}

/// Rows that are refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Part of the row's name, key or URL.
    pub holding: String,
    /// What the platform says about it.
    pub words: String,
}

/// How a fake behaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// Every answer is held back for so many milliseconds.
    pub delay_ms: u64,
    /// How often a task or job is said to be going on before it is done.
    pub polls: u64,
    /// Presigned forms carry one field more than the vendor's SDK knows, and insist on it.
    pub extra_fields: bool,
    /// Presigned targets have expired.
    pub expired_targets: bool,
    /// The largest file that storage takes.
    pub file_limit: u64,
    /// More rows than this in one request are refused with 413.
    pub rows_limit: Option<usize>,
    /// Rows that are refused.
    pub refuse: Vec<Refusal>,
    /// Endings of names that an upload refuses, such as `.tif`.
    pub refused_endings: Vec<String>,
    /// Integrations (names or ids) that turn out not to be valid.
    pub invalid_integrations: Vec<String>,
    /// The organisation has no integrations, whatever it had.
    pub no_integrations: bool,
    /// So many of the assets of each request are not created, and no word is said about it.
    pub created_fewer: usize,
    /// Rows on a page, where the vendor's own number is too large for a test.
    pub page: Option<usize>,
    /// Tasks end as FAILED.
    pub tasks_fail: bool,
    /// The HTTP status under which a wrong key is said, where the vendor does not tell: Labelbox.
    pub wrong_key_status: u16,
    /// Calls within a minute that are answered; more are throttled.
    pub calls_a_minute: Option<u64>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            delay_ms: 0,
            polls: 1,
            extra_fields: false,
            expired_targets: false,
            file_limit: 100_000_000,
            rows_limit: None,
            refuse: Vec::new(),
            refused_endings: Vec::new(),
            invalid_integrations: Vec::new(),
            no_integrations: false,
            created_fewer: 0,
            page: None,
            tasks_fail: false,
            wrong_key_status: 200,
            calls_a_minute: None,
        }
    }
}

impl Manners {
    /// The words against a row that has one of these texts in it.
    pub(super) fn refusal(&self, texts: &[&str]) -> Option<&str> {
        let meant = |one: &&Refusal| texts.iter().any(|text| text.contains(&one.holding));
        self.refuse.iter().find(meant).map(|one| one.words.as_str())
    }
}
