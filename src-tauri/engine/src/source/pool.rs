//! Buffers for what is read: one budget for all couriers, reused, and beginning at a page boundary.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that all buffers in use may have together.
const BUDGET: u64 = 64 << 20;
/// The budget is counted in pieces of this many bytes.
const PIECE: u64 = 4096;
/// A read into a buffer that begins at a page boundary is several times faster than into one that does not.
const PAGE: usize = 4096;
/// Buffers smaller than this are cheaper to make than to keep.
const KEEP_FROM: usize = 256 << 10;
/// Buffers that are kept for the next read.
const KEPT: usize = 6;

/// The pool. Cloning gives another handle on the same.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    budget: Arc<Semaphore>,
    kept: Mutex<Vec<Vec<u8>>>,
}

/// A buffer on loan. Its bytes are those of the last [`Lease::buffer`].
#[derive(Debug)]
pub struct Lease {
    memory: Vec<u8>,
    from: usize,
    length: usize,
    pool: Pool,
    _share: Option<OwnedSemaphorePermit>,
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl Pool {
    /// A pool with nothing in use.
    pub fn new() -> Self {
        let budget = Arc::new(Semaphore::new((BUDGET / PIECE) as usize));
        Self(Arc::new(Shared { budget, kept: Mutex::default() }))
    }

    /// Waits for room for so many bytes. One buffer may be larger than the whole budget, and then is the only one.
    pub async fn take(&self, length: u64) -> Lease {
        let pieces = length.min(BUDGET).div_ceil(PIECE).max(1);
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        let share = Arc::clone(&self.0.budget).acquire_many_owned(pieces).await.ok();
        Lease { memory: Vec::new(), from: 0, length: 0, pool: self.clone(), _share: share }
    }
}

impl Lease {
    /// The buffer, `length` bytes from a page boundary on.
    pub fn buffer(&mut self, length: usize) -> &mut [u8] {
        let wanted = if length >= KEEP_FROM { length + PAGE } else { length };
        if self.memory.len() < wanted {
            self.memory = self.pool.kept(wanted).unwrap_or_else(|| vec![0; wanted]);
        }
        let past = self.memory.as_ptr().addr() % PAGE;
        self.from = if length >= KEEP_FROM && past > 0 { PAGE - past } else { 0 };
        self.length = length;
        &mut self.memory[self.from..self.from + length]
    }
}

impl Pool {
    fn kept(&self, length: usize) -> Option<Vec<u8>> {
        if length < KEEP_FROM {
            return None;
        }
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|memory| memory.len() >= length)?;
        Some(kept.swap_remove(at))
    }
}

impl AsRef<[u8]> for Lease {
    fn as_ref(&self) -> &[u8] {
        &self.memory[self.from..self.from + self.length]
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.memory.len() >= KEEP_FROM {
            let mut kept = self.pool.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() < KEPT {
                kept.push(std::mem::take(&mut self.memory));
            }
        }
    }
}
