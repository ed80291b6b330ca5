//! Where a run tells its clerk what happened: items that are proven, that no more will come, that the person wants a rest.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// The clerk's inbox for one run.
#[derive(Debug, Default)]
pub(crate) struct Office {
    inbox: Mutex<Inbox>,
    bell: Condvar,
    rest: Notify,
}

/// What came in since the clerk last looked.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// There is a clerk; without one nothing is kept.
    open: bool,
    /// Items that are proven now.
    pub proven: Vec<u64>,
    /// Rows may have become ready by a decision of the person.
    pub reread: bool,
    /// No more items will be proven.
    pub closed: bool,
    /// The person wants a rest.
    pub resting: bool,
    /// Something came in that the clerk has not taken yet.
    news: bool,
}

impl Office {
    /// From here on what comes in is kept.
    pub(super) fn open(&self) {
        self.lock().open = true;
    }

    /// These items are proven, on disk.
    pub(super) fn proven(&self, items: impl Iterator<Item = u64>) {
        let mut inbox = self.lock();
        if inbox.open {
            inbox.proven.extend(items);
            inbox.news = true;
            drop(inbox);
            self.bell.notify_all();
        }
    }

    /// Rows may have become ready by a decision of the person.
    pub(super) fn reread(&self) {
        let mut inbox = self.lock();
        inbox.reread = true;
        self.ring(inbox);
    }

    /// No more items will be proven.
    pub(super) fn close(&self) {
        let mut inbox = self.lock();
        inbox.closed = true;
        self.ring(inbox);
    }

    /// The person wants a rest, or wants it to go on.
    pub(super) fn rest(&self, resting: bool) {
        let mut inbox = self.lock();
        inbox.resting = resting;
        self.ring(inbox);
        if resting {
            self.rest.notify_one();
        }
    }

    /// Takes what came in.
    pub(super) fn take(&self) -> Inbox {
        let mut inbox = self.lock();
        let proven = std::mem::take(&mut inbox.proven);
        let reread = std::mem::take(&mut inbox.reread);
        inbox.news = false;
        Inbox { open: inbox.open, proven, reread, closed: inbox.closed, resting: inbox.resting, news: false }
    }

    /// Sleeps until something comes in, at most so long.
    pub(super) fn wait(&self, most: Duration) {
        drop(self.bell.wait_timeout_while(self.lock(), most, |inbox| !inbox.news));
    }

    /// Carries out a call, unless the person wants a rest before it ends: then nobody knows what became of it.
    pub(super) async fn unless_resting<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        if self.lock().resting {
            return None;
        }
        tokio::select! {
            done = call => Some(done),
            () = self.rest.notified() => None,
        }
    }

    fn ring(&self, mut inbox: MutexGuard<'_, Inbox>) {
        inbox.news = true;
        drop(inbox);
        self.bell.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
