//! A few connections that only read, handed out in turn. Each read sees one snapshot.

use super::opening::{connect_for_reading, empty, problem};
use gantry_model::Problem;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// More readers than this would only wait for the disk.
const MOST: usize = 4;

pub(super) struct Readers {
    path: Option<PathBuf>,
    pool: Mutex<Pool>,
    back: Condvar,
}

#[derive(Default)]
struct Pool {
    free: Vec<Connection>,
    out: usize,
}

impl Readers {
    pub(super) fn on(path: PathBuf) -> Self {
        Self { path: Some(path), pool: Mutex::default(), back: Condvar::new() }
    }

    /// Reads an empty journal.
    pub(super) fn nothing() -> Self {
        Self { path: None, pool: Mutex::default(), back: Condvar::new() }
    }

    pub(super) fn read<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        let connection = self.take();
        let given = Given { readers: self, connection };
        let Some(connection) = &given.connection else {
            return self.first(doing, given, read);
        };
        snapshot(connection, read).map_err(|error| problem(doing, &error))
    }

    fn first<T>(
        &self,
        doing: &'static str,
        mut given: Given<'_>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        let opened = match &self.path {
            Some(path) => connect_for_reading(path),
            None => empty(),
        };
        let connection = given.connection.insert(opened.map_err(|error| problem(doing, &error))?);
        snapshot(connection, read).map_err(|error| problem(doing, &error))
    }

    /// A free connection, or none when one more may be opened.
    fn take(&self) -> Option<Connection> {
        let mut pool = self.lock();
        loop {
            if let Some(connection) = pool.free.pop() {
                pool.out += 1;
                return Some(connection);
            }
            if pool.out < MOST {
                pool.out += 1;
                return None;
            }
            pool = self.back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn snapshot<T>(connection: &Connection, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let snapshot = connection.unchecked_transaction()?;
    read(&snapshot)
}

/// A connection that goes back whatever happens.
struct Given<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Given<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.lock();
        pool.out -= 1;
        pool.free.extend(self.connection.take());
        drop(pool);
        self.readers.back.notify_one();
    }
}
