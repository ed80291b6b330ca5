//! Buffers for what is read: page-aligned, used again, and never more than the budget.
//! A buffer comes back when the last clone of the bytes made from it is gone.

use bytes::Bytes;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of a page; buffers begin on one.
pub const PAGE: usize = 4096;
/// What all buffers together may hold: 48 MiB. With all else the program stays under 100 MB.
pub const BUDGET: usize = 48 << 20;

/// A bounded stock of buffers. Cloning gives another handle on the same stock.
#[derive(Clone)]
pub struct Pool(Arc<Stock>);

struct Stock {
    budget: usize,
    pages: Arc<Semaphore>,
    shelf: Mutex<Shelf>,
}

/// Buffers at rest, by size. Those at rest and those out never exceed the budget together.
#[derive(Default)]
struct Shelf {
    at_rest: HashMap<usize, Vec<Vec<u8>>>,
    resting: usize,
    out: usize,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("budget", &self.0.budget).finish_non_exhaustive()
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl Pool {
    /// A pool of [`BUDGET`] bytes.
    pub fn new() -> Self {
        Self::with_budget(BUDGET)
    }

    /// A pool of so many bytes, at least one page.
    pub fn with_budget(budget: usize) -> Self {
        let pages = (budget / PAGE).clamp(1, u32::MAX as usize);
        let stock = Stock { budget: pages * PAGE, pages: Arc::new(Semaphore::new(pages)), shelf: Mutex::default() };
        Self(Arc::new(stock))
    }

    /// Waits until `length` bytes fit, first come first served. A length above the whole budget waits until nothing
    /// else is out, and is then given anyway: it could never be had otherwise.
    pub async fn take(&self, length: u64) -> Lease {
        let length = usize::try_from(length).unwrap_or(usize::MAX - 2 * PAGE);
        let size = rounded(length);
        let pages = u32::try_from((size / PAGE).min(self.0.budget / PAGE)).unwrap_or(u32::MAX);
        // The semaphore is never closed, so the error cannot come; without a permit the buffer is merely not counted.
        let permit = Arc::clone(&self.0.pages).acquire_many_owned(pages).await.ok();
        let buffer = self.0.buffer(size);
        let offset = buffer.as_ptr().align_offset(PAGE);
        let offset = if offset < PAGE { offset } else { 0 };
        Lease { buffer, offset, length, size, stock: Arc::clone(&self.0), _permit: permit }
    }
}

/// Eight sizes between a power of two and the next: little is wasted, and buffers find each other again.
fn rounded(length: usize) -> usize {
    let pages = length.div_ceil(PAGE).max(1);
    let step = (pages.next_power_of_two() / 16).max(1);
    pages.div_ceil(step) * step * PAGE
}

impl Stock {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn buffer(&self, size: usize) -> Vec<u8> {
        {
            let mut shelf = self.shelf();
            shelf.out += size;
            if let Some(buffer) = shelf.at_rest.get_mut(&size).and_then(Vec::pop) {
                shelf.resting -= size;
                return buffer;
            }
            shelf.make_room(self.budget);
        }
        // One page to begin on a page, one so that a read can ask for a byte more than it expects.
        vec![0; size + 2 * PAGE]
    }

    fn back(&self, buffer: Vec<u8>, size: usize) {
        let mut shelf = self.shelf();
        shelf.out = shelf.out.saturating_sub(size);
        if shelf.out + shelf.resting + size <= self.budget {
            shelf.resting += size;
            shelf.at_rest.entry(size).or_default().push(buffer);
        }
    }
}

impl Shelf {
    /// Lets go of buffers at rest until those that are out fit.
    fn make_room(&mut self, budget: usize) {
        for (size, buffers) in &mut self.at_rest {
            while self.out + self.resting > budget && buffers.pop().is_some() {
                self.resting -= size;
            }
        }
    }
}

/// A buffer on loan. It goes back by itself.
pub struct Lease {
    buffer: Vec<u8>,
    offset: usize,
    length: usize,
    size: usize,
    stock: Arc<Stock>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("length", &self.length).finish_non_exhaustive()
    }
}

impl Lease {
    /// Bytes that were asked for.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Where to write, with one byte more than was asked for: it tells whether a file goes on.
    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.buffer[self.offset..=self.offset + self.length]
    }

    /// The bytes asked for, without a copy. The buffer goes back when the last clone is gone.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Lease {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[self.offset..self.offset + self.length]
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.stock.back(std::mem::take(&mut self.buffer), self.size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn bytes_begin_on_a_page_and_buffers_are_used_again() {
        let pool = Pool::with_budget(64 * PAGE);
        let first = pool.take(5000).await.into_bytes();
        let place = first.as_ptr();
        assert_eq!((first.len(), place.align_offset(PAGE)), (5000, 0));
        let clone = first.clone();
        drop(first);
        assert_ne!(pool.take(5000).await.into_bytes().as_ptr(), place, "a clone still holds it");
        drop(clone);
        let again = [pool.take(5001).await.into_bytes(), pool.take(5002).await.into_bytes()];
        assert!(again.iter().any(|bytes| bytes.as_ptr() == place));
    }

    #[tokio::test]
    async fn what_does_not_fit_waits_its_turn() {
        let pool = Pool::with_budget(4 * PAGE);
        let first = pool.take(3 * PAGE as u64).await;
        assert!(pool.take(2 * PAGE as u64).now_or_never().is_none(), "five pages of four were given");
        drop(first);
        assert_eq!(pool.take(2 * PAGE as u64).await.length(), 2 * PAGE);
    }

    #[tokio::test]
    async fn more_than_the_budget_is_given_alone() {
        let pool = Pool::with_budget(4 * PAGE);
        assert_eq!(pool.take(100 * PAGE as u64).await.as_ref().len(), 100 * PAGE);
        assert_eq!(pool.0.shelf().resting, 0, "what is above the budget is not kept");
    }

    #[tokio::test]
    async fn buffers_at_rest_and_out_stay_within_the_budget() {
        let pool = Pool::with_budget(64 * PAGE);
        for round in 1..200_usize {
            let length = (round * 7919) % (40 * PAGE);
            let (a, b) = (pool.take(length as u64).await, pool.take(100).await);
            let shelf = pool.0.shelf();
            assert!(shelf.out + shelf.resting <= 64 * PAGE, "{} out, {} at rest", shelf.out, shelf.resting);
            drop(shelf);
            drop((a, b));
        }
    }

    #[test]
    fn rounding_wastes_little() {
        for length in [0, 1, PAGE, PAGE + 1, 8 << 20, (8 << 20) + 1, 16 << 20, 1_234_567] {
            let size = rounded(length);
            assert!(size >= length && size.is_multiple_of(PAGE) && size <= length + length / 8 + PAGE, "{length} becomes {size}");
        }
        assert_eq!(rounded(8 << 20), 8 << 20);
    }
}
