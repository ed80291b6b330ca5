//! The person's bound on bytes a second, shared by all couriers of an upload.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lets bytes pass at a bounded speed; 0 means at once.
#[derive(Debug)]
pub struct Pace {
    limit: AtomicU64,
    free_at: Mutex<Option<Instant>>,
}

impl Pace {
    /// At most `limit` bytes a second; 0 is full speed.
    pub fn new(limit: u64) -> Self {
        Self { limit: AtomicU64::new(limit), free_at: Mutex::new(None) }
    }

    /// Another bound from here on.
    pub fn set(&self, limit: u64) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// Waits until these bytes may go.
    pub async fn pass(&self, bytes: u64) {
        let limit = self.limit.load(Ordering::Relaxed);
        if limit == 0 || bytes == 0 {
            return;
        }
        let wait = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let begin = free_at.map_or(now, |at| at.max(now));
            *free_at = Some(begin + Duration::from_secs_f64(bytes as f64 / limit as f64));
            begin.saturating_duration_since(now)
        };
        tokio::time::sleep(wait).await;
    }
}
