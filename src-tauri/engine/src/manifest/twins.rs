//! Finds equal texts among millions with eight bytes for each: hashes first, and only those that meet are looked at again.
//! Two texts count as equal when two hashes with keys of their own, 128 bits together, are.

use std::hash::{BuildHasher, RandomState};

/// The first look: one hash a text.
#[derive(Debug, Default)]
pub(super) struct Twins {
    first: RandomState,
    hashes: Vec<u64>,
}

/// The second look, at those whose hashes met.
#[derive(Debug)]
pub(super) struct Meetings {
    first: RandomState,
    second: RandomState,
    met: Vec<u64>,
    /// The row and the second hash of the first text of each; row 0 before it was met again.
    seen: Vec<(u64, u64)>,
}

impl Twins {
    pub(super) fn add(&mut self, text: &str) {
        self.hashes.push(self.first.hash_one(text));
    }

    /// Those that met; empty when all differ for certain.
    pub(super) fn meetings(mut self) -> Meetings {
        self.hashes.sort_unstable();
        let mut met: Vec<u64> = Vec::new();
        for pair in self.hashes.windows(2) {
            if pair[0] == pair[1] && met.last() != Some(&pair[0]) {
                met.push(pair[0]);
            }
        }
        let seen = vec![(0, 0); met.len()];
        Meetings { first: self.first, second: RandomState::new(), met, seen }
    }
}

impl Meetings {
    pub(super) fn is_empty(&self) -> bool {
        self.met.is_empty()
    }

    /// The row that had this text before, if one had.
    pub(super) fn earlier(&mut self, text: &str, row: u64) -> Option<u64> {
        let at = self.met.binary_search(&self.first.hash_one(text)).ok()?;
        let (known, second) = (&mut self.seen[at], self.second.hash_one(text));
        match known.0 {
            0 => *known = (row, second),
            earlier if known.1 == second => return Some(earlier),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_meet_and_the_first_is_named() {
        let texts = ["a", "b", "a", "c", "b", "a"];
        let mut twins = Twins::default();
        texts.iter().for_each(|text| twins.add(text));
        let mut meetings = twins.meetings();
        let earlier: Vec<_> = (1..).zip(texts).map(|(row, text)| meetings.earlier(text, row)).collect();
        assert_eq!(earlier, [None, None, Some(1), None, Some(2), Some(1)]);
        assert!(Twins::default().meetings().is_empty());
    }
}
