//! An item's state as data, and the one function that changes it.
//! Live running and replay after a crash are the same function: [`Item::apply`].

use crate::incoming::Fingerprint;
use crate::problem::Code;
use crate::proof::Proof;
use crate::store::{Key, PartProof, RemoteRef, Ticket};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! states {
    ($($(#[doc = $doc:expr])* $name:ident = $word:literal;)*) => {
        /// Where an item stands. One list for journal, window, console and receipt.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "wire", derive(ts_rs::TS))]
        #[serde(rename_all = "snake_case")]
        pub enum State { $($(#[doc = $doc])* $name,)* }

        impl State {
            /// All states in the order of an item's life.
            pub const ALL: &'static [State] = &[$(State::$name,)*];

            /// The word of journal, receipt and `--state`.
            pub fn word(self) -> &'static str { match self { $(State::$name => $word,)* } }
        }
    };
}

states! {
    /// Met, not looked at yet.
    Found = "found";
    /// Fits; waits for the person.
    Ready = "ready";
    /// A rule forbids it.
    Blocked = "blocked";
    /// Its key collides.
    Clash = "clash";
    /// The same content is there already. Final.
    Same = "same";
    /// Approved, in the queue.
    Waiting = "waiting";
    /// Its bytes are on the way.
    Sending = "sending";
    /// The store took it; not proven yet.
    Sent = "sent";
    /// Proven by the store's own words. Final without a platform.
    Verified = "verified";
    /// A row exists at the platform.
    Registered = "registered";
    /// The platform shows it.
    Visible = "visible";
    /// Could not be sent or was refused; open until the person decides.
    NeedsYou = "needs_you";
    /// The person decided to leave it. Final.
    SetAside = "set_aside";
    /// The upload was cancelled before this item was done. Final.
    Cancelled = "cancelled";
}

impl State {
    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Nothing more happens to it by itself or by retrying.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Same | Self::Verified | Self::Registered | Self::Visible | Self::SetAside | Self::Cancelled)
    }

    /// In the hands of the queue.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Sending | Self::Sent)
    }
}

/// One file of a frozen upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place in the upload, dense from 0.
    pub ord: u64,
    /// Where it goes.
    pub key: Key,
    /// The source as the walk saw it.
    pub fingerprint: Fingerprint,
    /// Where it stands.
    pub state: State,
    /// Handle of an object in parts.
    pub ticket: Option<Ticket>,
    /// Parts that the store confirmed, by number.
    pub parts: Vec<PartProof>,
    /// Trips since the last progress.
    pub attempts: u32,
    /// Why it waits or needs the person.
    pub code: Option<Code>,
    /// What the store said about the sealed object.
    pub remote: Option<RemoteRef>,
    /// How it was proven.
    pub proof: Option<Proof>,
}

/// Something that happened to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The store gave a ticket.
    Begun(Ticket),
    /// The store confirmed a part.
    PartStored(PartProof),
    /// The ticket is worthless; all parts are forgotten.
    StartedOver(Code),
    /// The store sealed the object.
    Sealed(RemoteRef),
    /// The store's words prove it.
    Verified(RemoteRef, Proof),
    /// The same content was there already.
    FoundSame(RemoteRef, Proof),
    /// It did not go on, and will be tried again by itself.
    Tripped(Code),
    /// It does not go on without the person. The text is the problem's detail.
    Stuck(Code, String),
    /// The person wants it tried again.
    Released,
    /// The person leaves it.
    SetAside,
    /// The upload was cancelled.
    Cancelled,
}

/// A fact that cannot have happened to an item in its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    /// Where the item stood.
    pub state: State,
    /// What was claimed.
    pub fact: &'static str,
}

impl fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a {} item cannot be {}", self.state.word(), self.fact)
    }
}

impl std::error::Error for OutOfOrder {}

impl Item {
    /// An approved item that nothing has happened to yet.
    pub fn waiting(ord: u64, key: Key, fingerprint: Fingerprint) -> Self {
        Self {
            ord,
            key,
            fingerprint,
            state: State::Waiting,
            ticket: None,
            parts: Vec::new(),
            attempts: 0,
            code: None,
            remote: None,
            proof: None,
        }
    }

    /// Changes the item by one fact. Repeating the last fact is harmless; a final item refuses all others.
    ///
    /// # Errors
    /// [`OutOfOrder`] when the fact cannot follow the state; the item is unchanged then.
    pub fn apply(&mut self, fact: Fact) -> Result<(), OutOfOrder> {
        let name = fact.name();
        if self.is_repeat(&fact) {
            return Ok(());
        }
        let moves = match fact {
            Fact::Released => matches!(self.state, State::NeedsYou),
            Fact::SetAside => matches!(self.state, State::NeedsYou | State::Waiting),
            Fact::Cancelled => !self.state.is_final(),
            _ => self.state.is_under_way(),
        };
        if !moves || !self.fits(&fact) {
            return Err(OutOfOrder { state: self.state, fact: name });
        }
        self.carry_out(fact);
        Ok(())
    }

    fn is_repeat(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Verified(remote, proof) => {
                self.state == State::Verified && self.remote.as_ref() == Some(remote) && self.proof.as_ref() == Some(proof)
            }
            Fact::FoundSame(remote, proof) => {
                self.state == State::Same && self.remote.as_ref() == Some(remote) && self.proof.as_ref() == Some(proof)
            }
            Fact::SetAside => self.state == State::SetAside,
            Fact::Cancelled => self.state == State::Cancelled,
            Fact::Released => self.state == State::Waiting,
            _ => false,
        }
    }

    fn fits(&self, fact: &Fact) -> bool {
        match fact {
            Fact::PartStored(part) => {
                self.state != State::Sent
                    && self.ticket.as_ref().is_some_and(|ticket| part.digest.algorithm() == ticket.algorithm)
            }
            Fact::Begun(_) => self.state != State::Sent,
            Fact::Verified(_, Proof::Checksum(digest)) => self.remote_agrees(digest),
            _ => true,
        }
    }

    fn remote_agrees(&self, digest: &crate::proof::Digest) -> bool {
        self.remote.as_ref().and_then(|remote| remote.digest).is_none_or(|said| said == *digest)
    }

    fn carry_out(&mut self, fact: Fact) {
        match fact {
            Fact::Begun(ticket) => {
                self.forget_parts();
                self.ticket = Some(ticket);
                self.progress(State::Sending);
            }
            Fact::PartStored(part) => {
                self.parts.retain(|known| known.part != part.part);
                self.parts.push(part);
                self.parts.sort_by_key(|known| known.part);
                self.progress(State::Sending);
            }
            Fact::StartedOver(code) => self.start_over(code),
            Fact::Sealed(remote) => {
                self.remote = Some(remote);
                self.progress(State::Sent);
            }
            Fact::Verified(remote, proof) => self.finish(State::Verified, remote, proof),
            Fact::FoundSame(remote, proof) => self.finish(State::Same, remote, proof),
            Fact::Tripped(code) => {
                self.attempts += 1;
                self.code = Some(code);
            }
            Fact::Stuck(code, _) => {
                self.state = State::NeedsYou;
                self.code = Some(code);
            }
            Fact::Released => self.progress(State::Waiting),
            Fact::SetAside => self.state = State::SetAside,
            Fact::Cancelled => {
                self.forget_parts();
                self.state = State::Cancelled;
            }
        }
    }

    fn start_over(&mut self, code: Code) {
        self.forget_parts();
        self.state = State::Waiting;
        self.remote = None;
        self.attempts += 1;
        self.code = Some(code);
    }

    fn progress(&mut self, state: State) {
        self.state = state;
        self.attempts = 0;
        self.code = None;
    }

    fn finish(&mut self, state: State, remote: RemoteRef, proof: Proof) {
        self.forget_parts();
        self.remote = Some(remote);
        self.proof = Some(proof);
        self.progress(state);
    }

    fn forget_parts(&mut self) {
        self.ticket = None;
        self.parts.clear();
    }
}

impl Fact {
    /// The fact's name for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Begun(_) => "begun",
            Self::PartStored(_) => "part stored",
            Self::StartedOver(_) => "started over",
            Self::Sealed(_) => "sealed",
            Self::Verified(..) => "verified",
            Self::FoundSame(..) => "found same",
            Self::Tripped(_) => "tripped",
            Self::Stuck(..) => "stuck",
            Self::Released => "released",
            Self::SetAside => "set aside",
            Self::Cancelled => "cancelled",
        }
    }
}
