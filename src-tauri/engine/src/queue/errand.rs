//! What the core asks for and what comes back: plain values, so that a simulator can play the world.

use std::fmt;
use std::sync::Arc;

use gantry_model::{Existing, Fact, Fingerprint, Item, Key, PartNo, PartProof, Problem, Proof, RemoteRef, State, Ticket};

/// Milliseconds on a clock that never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now(pub u64);

impl Now {
    /// This many milliseconds later.
    #[must_use]
    pub fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// What to do with a key under which other content lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnClash {
    /// Leave it, ask the person.
    Keep,
    /// Replace what is there.
    Replace,
    /// Send under a new name.
    NewName,
}

impl OnClash {
    /// Reads `keep`, `replace` or `new-name`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "keep" => Some(Self::Keep),
            "replace" => Some(Self::Replace),
            "new-name" => Some(Self::NewName),
            _ => None,
        }
    }
}

/// An item as the journal hands it to the queue.
#[derive(Clone, Debug)]
pub struct Work {
    /// The item with its ticket and parts.
    pub item: Item,
    /// Absolute path of the source.
    pub source: std::path::PathBuf,
    /// Content type to set.
    pub content_type: String,
    /// The listing saw something under this key: its size and ETag.
    pub there: Option<(u64, Option<String>)>,
    /// What the person decided for this one; else the upload's own way holds.
    pub on_clash: Option<OnClash>,
    /// What is sent is a copy: it is made sure of before each errand that reads it.
    pub prepare: Option<Preparing>,
}

/// Makes sure of what is to be read. Blocks.
#[derive(Clone)]
pub struct Preparing(Arc<dyn Fn() -> Result<Prepared, Problem> + Send + Sync>);

impl Preparing {
    /// By this function.
    pub fn new(prepare: impl Fn() -> Result<Prepared, Problem> + Send + Sync + 'static) -> Self {
        Self(Arc::new(prepare))
    }

    /// What can be read now.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn prepare(&self) -> Result<Prepared, Problem> {
        (self.0)()
    }
}

impl fmt::Debug for Preparing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preparing").finish_non_exhaustive()
    }
}

/// What an errand reads in place of the file itself.
pub struct Prepared {
    /// Absolute path.
    pub source: std::path::PathBuf,
    /// As it is on the disk.
    pub fingerprint: Fingerprint,
    /// Dropped when the errand is done.
    pub keep: Box<dyn Send + Sync>,
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("source", &self.source).finish_non_exhaustive()
    }
}

/// One errand of a courier.
#[derive(Clone, Debug)]
pub struct Errand {
    /// Which item.
    pub ord: u64,
    /// What to do.
    pub task: Task,
}

/// What a courier can be asked to do.
#[derive(Clone, Debug)]
pub enum Task {
    /// Send a file of one part and prove it. `look` asks what is there first.
    Put {
        /// Ask what is there before sending.
        look: bool,
    },
    /// What is there under the key, and is it the same content?
    Look,
    /// Begin an object in parts.
    Begin,
    /// Read and send one part.
    Part(Ticket, PartNo),
    /// Which of these parts, that the journal knows, does the store hold?
    Reconcile(Ticket, Vec<PartProof>),
    /// Make the object and prove it.
    Seal(Ticket, Vec<PartProof>),
    /// Throw the parts away.
    Discard(Ticket),
}

impl Task {
    /// The part's number, 0 for all other errands.
    pub fn part(&self) -> u32 {
        match self {
            Self::Part(_, number) => number.0,
            _ => 0,
        }
    }

    /// Whether the store may have changed although no good answer came.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Put { .. } | Self::Seal(..))
    }
}

/// What a courier reports.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The object is there and proven. `key` differs from the item's when a new name was chosen.
    Proven {
        /// What the store said.
        remote: RemoteRef,
        /// How it was proven.
        proof: Proof,
        /// It was there before anything was sent.
        same: bool,
        /// Where it is.
        key: Key,
    },
    /// Nothing is there under this key: the item's own, or the new name that was chosen.
    Absent(Key),
    /// Other content is there, and the person wants it replaced: this ETag.
    ToReplace(Option<String>),
    /// The store gave a ticket.
    Begun(Ticket),
    /// The store confirmed a part.
    PartStored(PartProof),
    /// Of the parts that the journal knows, the store holds these.
    Held(Vec<PartProof>),
    /// The parts are gone, as wished.
    Discarded,
    /// Called back before it began: nothing was done.
    Recalled,
    /// It did not go on.
    Problem(Problem),
}

/// A courier's report.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which item.
    pub ord: u64,
    /// The errand it answers: the part's number, 0 for all others.
    pub part: u32,
    /// The store may have changed although the outcome is a problem.
    pub wrote: bool,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took, milliseconds.
    pub took: u64,
}

/// What the person wants of the upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Go on.
    Run,
    /// Send nothing more just now, and do not end: what happened cannot be written down.
    Hold,
    /// Finish what is in flight and rest.
    Rest,
}

/// What happens to the core.
#[derive(Clone, Debug)]
pub enum Event {
    /// The journal handed out items; `more` says whether others follow.
    Fetched {
        /// Which lane they are for.
        small: bool,
        /// The items.
        works: Vec<Work>,
        /// Others may follow.
        more: bool,
    },
    /// A courier came back.
    Reported(Report),
    /// The ticket with this handle is on disk, for this item.
    Committed(u64, String),
    /// Time went by.
    Ticked,
    /// The person wants something.
    Wished(Wish),
    /// Items may have become waiting again, or left the queue: read the journal anew.
    Reread,
    /// Most requests at once.
    Bounds(u32),
}

/// What the core wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read items from the journal.
    Fetch {
        /// For which lane.
        small: bool,
        /// After this item.
        after: Option<u64>,
        /// At most this many.
        count: usize,
    },
    /// Send a courier.
    Send(Errand),
    /// Write down what happened; never waits.
    Record(Box<Recorded>),
    /// Nothing of this upload can go on without the person: all that waits needs them.
    AllStuck(Problem),
    /// The upload as a whole does not move, and why; `None` when it moves again.
    Hold(Option<(Problem, Option<Now>)>),
    /// Requests at once from here on.
    Width(u32),
    /// Call back the errands that no courier has begun: each is reported as recalled.
    Recall,
    /// Come back at this time at the latest.
    Wake(Now),
    /// Nothing is in flight and nothing is to be done.
    Settled,
}

/// One fact on its way to the journal.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Where the item stood.
    pub before: State,
    /// The item after the fact.
    pub item: Item,
    /// What happened.
    pub fact: Fact,
}

/// What a courier needs to know of an item to carry out its errands.
#[derive(Clone, Debug)]
pub struct Order {
    /// Where it goes.
    pub key: Key,
    /// Absolute path of the source.
    pub source: std::path::PathBuf,
    /// The source as the walk saw it.
    pub fingerprint: Fingerprint,
    /// Content type to set.
    pub content_type: String,
    /// What to do where something is there already.
    pub existing: Existing,
    /// What the listing said is there.
    pub there: Option<(u64, Option<String>)>,
    /// What the person decided for this one about other content there.
    pub on_clash: Option<OnClash>,
    /// Something of ours may be there already: an earlier attempt whose answer was lost.
    pub ours: bool,
    /// Makes sure of the source before it is read.
    pub prepare: Option<Preparing>,
    /// What to do.
    pub errand: Errand,
}
