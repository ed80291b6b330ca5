//! What all pictures that are in hand may take together. One that is larger than all of it goes alone, or not at all.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes of all pictures in hand: 768 MiB.
const ALL: u64 = 768 << 20;
/// Bytes of one picture's pixels: 768 MiB, some 16,000 by 16,000 in colour.
pub(super) const MOST: u64 = 768 << 20;
/// Longest side of a picture in hand.
pub(super) const MOST_SIDE: u32 = 65_535;

/// The memory that is left.
#[derive(Debug)]
pub(super) struct Memory {
    left: Mutex<u64>,
    bell: Condvar,
}

impl Default for Memory {
    fn default() -> Self {
        Self { left: Mutex::new(ALL), bell: Condvar::new() }
    }
}

impl Memory {
    /// Waits until so many bytes are left.
    pub(super) fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(ALL);
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = self.bell.wait_while(left, |left| *left < bytes).unwrap_or_else(PoisonError::into_inner);
        *left -= bytes;
        Share { of: self, bytes }
    }
}

/// Some of the memory; given back when dropped.
pub(super) struct Share<'a> {
    of: &'a Memory,
    bytes: u64,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.of.left.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.of.bell.notify_all();
    }
}
