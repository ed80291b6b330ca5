//! The calls of a store, so that they can be counted and made to fail by name.

use std::collections::BTreeMap;

/// One call of the store contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// `try_access`
    TryAccess,
    /// `list`
    List,
    /// `find`
    Find,
    /// `put`
    Put,
    /// `begin`
    Begin,
    /// `send`
    Send,
    /// `parts`
    Parts,
    /// `seal`
    Seal,
    /// `discard`
    Discard,
}

impl Call {
    /// Every call that can fail.
    pub const ALL: [Self; 9] =
        [Self::TryAccess, Self::List, Self::Find, Self::Put, Self::Begin, Self::Send, Self::Parts, Self::Seal, Self::Discard];

    /// The word that a problem's `doing` has.
    pub fn word(self) -> &'static str {
        match self {
            Self::TryAccess => "try_access",
            Self::List => "list",
            Self::Find => "find",
            Self::Put => "put",
            Self::Begin => "begin",
            Self::Send => "send",
            Self::Parts => "parts",
            Self::Seal => "seal",
            Self::Discard => "discard",
        }
    }
}

/// How often each call was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Call, u64>);

impl Counts {
    /// Counts one call and says the how manieth of its kind it was, from 1.
    pub fn count(&mut self, call: Call) -> u64 {
        let seen = self.0.entry(call).or_default();
        *seen += 1;
        *seen
    }

    /// How often this call was made.
    pub fn of(&self, call: Call) -> u64 {
        self.0.get(&call).copied().unwrap_or(0)
    }

    /// How many calls of any kind were made.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}
