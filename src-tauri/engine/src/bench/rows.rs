//! A set of rows: one bit a row, so that five million rows take some six hundred kilobytes.

/// Rows by their numbers, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RowSet {
    words: Vec<u64>,
    count: u64,
}

impl RowSet {
    /// True when it was not in yet.
    pub(super) fn add(&mut self, row: u64) -> bool {
        let (at, bit) = place(row);
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        let new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        self.count += u64::from(new);
        new
    }

    pub(super) fn has(&self, row: u64) -> bool {
        let (at, bit) = place(row);
        self.words.get(at).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Adds all of `more` that are not in `but`.
    pub(super) fn add_all(&mut self, more: &Self, but: Option<&Self>) {
        if self.words.len() < more.words.len() {
            self.words.resize(more.words.len(), 0);
        }
        for (at, word) in more.words.iter().enumerate() {
            let without = but.and_then(|but| but.words.get(at)).copied().unwrap_or_default();
            self.words[at] |= word & !without;
        }
        self.count = self.words.iter().map(|word| u64::from(word.count_ones())).sum();
    }

    /// From the `first` one in the order of rows, from 0, at most so many.
    pub(super) fn some(&self, first: u64, most: u64) -> Vec<u64> {
        let (mut passed, mut found) = (0, Vec::new());
        for (at, word) in self.words.iter().enumerate() {
            let ones = u64::from(word.count_ones());
            if passed + ones <= first {
                passed += ones;
                continue;
            }
            let mut left = *word;
            while left != 0 && (found.len() as u64) < most {
                if passed >= first {
                    found.push(at as u64 * 64 + u64::from(left.trailing_zeros()) + 1);
                }
                passed += 1;
                left &= left - 1;
            }
            if found.len() as u64 == most {
                break;
            }
        }
        found
    }
}

fn place(row: u64) -> (usize, u64) {
    let at = row.saturating_sub(1);
    (usize::try_from(at / 64).unwrap_or(usize::MAX), 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn any_stretch_of_a_set_is_that_of_the_sorted_rows(rows in prop::collection::btree_set(1_u64..400, 0..80), out in prop::collection::btree_set(1_u64..400, 0..80), first in 0_u64..90, most in 0_u64..20) {
            let set = |rows: &BTreeSet<u64>| {
                let mut set = RowSet::default();
                rows.iter().for_each(|row| { set.add(*row); });
                set
            };
            let mut left = RowSet::default();
            left.add_all(&set(&rows), Some(&set(&out)));
            let sorted: Vec<u64> = rows.difference(&out).copied().collect();
            prop_assert_eq!(left.count(), sorted.len() as u64);
            let wanted: Vec<u64> = sorted.iter().skip(first as usize).take(most as usize).copied().collect();
            prop_assert_eq!(left.some(first, most), wanted);
            prop_assert!((1..420).all(|row| left.has(row) == sorted.contains(&row)));
        }
    }
}
