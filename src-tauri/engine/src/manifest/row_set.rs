//! A set of rows: one bit a row, so that five million rows take some six hundred kilobytes.

/// Rows by their numbers, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    count: u64,
}

impl RowSet {
    /// True when it was not in yet.
    pub(crate) fn add(&mut self, row: u64) -> bool {
        let (at, bit) = place(row);
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        let new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        self.count += u64::from(new);
        new
    }

    /// The row is among them.
    pub fn has(&self, row: u64) -> bool {
        let (at, bit) = place(row);
        self.words.get(at).is_some_and(|word| word & bit != 0)
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Adds all of `more` that are not in `but`.
    pub(crate) fn add_all(&mut self, more: &Self, but: Option<&Self>) {
        if self.words.len() < more.words.len() {
            self.words.resize(more.words.len(), 0);
        }
        for (at, word) in more.words.iter().enumerate() {
            let without = but.and_then(|but| but.words.get(at)).copied().unwrap_or_default();
            self.words[at] |= word & !without;
        }
        self.count = self.words.iter().map(|word| u64::from(word.count_ones())).sum();
    }

    /// Takes these out.
    pub(crate) fn take(&mut self, out: &Self) {
        self.words.iter_mut().zip(&out.words).for_each(|(word, out)| *word &= !out);
        self.count = self.words.iter().map(|word| u64::from(word.count_ones())).sum();
    }

    /// The numbers of rows when those of the set are gone, and back.
    pub(crate) fn gone(self) -> Gone {
        let before = self.words.iter().scan(0, |passed, word| {
            let before = *passed;
            *passed += u64::from(word.count_ones());
            Some(before)
        });
        Gone { before: before.collect(), rows: self }
    }

    /// From the `first` one in the order of rows, from 0, at most so many.
    pub(crate) fn some(&self, first: u64, most: u64) -> Vec<u64> {
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

/// Rows that are gone from a list whose other rows move up.
#[derive(Debug)]
pub(crate) struct Gone {
    rows: RowSet,
    /// How many are gone before each word.
    before: Vec<u64>,
}

impl Gone {
    /// What a row of the shorter list was in the whole one.
    pub(crate) fn was(&self, row: u64) -> u64 {
        // The last word that begins with fewer rows left than are asked for.
        let left_before = |at: usize| at as u64 * 64 - self.before[at];
        let (mut low, mut high) = (0, self.before.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if left_before(middle) < row { low = middle + 1 } else { high = middle }
        }
        let Some(at) = low.checked_sub(1) else { return row };
        let mut left = row - left_before(at);
        let word = self.rows.words[at];
        for bit in 0..64 {
            left -= u64::from(word & (1 << bit) == 0);
            if left == 0 {
                return at as u64 * 64 + bit + 1;
            }
        }
        at as u64 * 64 + 64 + left
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
            let mut taken = set(&rows);
            taken.take(&set(&out));
            prop_assert_eq!(taken.some(0, 1000), left.some(0, 1000));
            let gone = set(&out).gone();
            let stay: Vec<u64> = (1..600).filter(|row| !out.contains(row)).collect();
            prop_assert!(stay.iter().zip(1..).all(|(row, at)| gone.was(at) == *row));
            prop_assert!((1..420).all(|row| left.has(row) == sorted.contains(&row)));
        }
    }
}
