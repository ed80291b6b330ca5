//! The one thread that writes. Records that come together are committed together: at most 20 ms late, 5 ms apart.
//! Nobody hears of a record before its commit; a record is never given up because the disk is full.

use super::commit::{self, Committed, Record};
use super::opening::{connect_for_writing, problem};
use super::tree::Tree;
use crate::home::{Home, private_file};
use gantry_model::{Code, Problem};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle, ThreadId};
use std::time::{Duration, Instant};

/// Commits stand at least this far apart, so that records gather: it saves a third of the processor's work.
const APART: Duration = Duration::from_millis(5);
/// After a refusal the same records are tried again this often.
const AGAIN: Duration = Duration::from_secs(1);
/// More records than this are not gathered for one commit.
const MOST: usize = 20_000;
/// What is kept back for the moment when the disk is full.
const RESERVE_BYTES: usize = 1 << 20;

type Observer = Box<dyn Fn(&Committed) + Send + Sync>;
type Job = Box<dyn FnOnce(&mut Desk) + Send>;

enum Order {
    Records(Vec<Record>),
    Job(Job),
    Flush(SyncSender<Result<(), Problem>>),
    Observe(Observer),
    Stop,
}

/// The way to the writer's thread.
pub(super) struct Writer {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
    thread_id: ThreadId,
}

/// A transaction, and what the writer remembers between transactions.
pub(super) struct Change<'a> {
    pub tx: &'a Transaction<'a>,
    pub memo: &'a mut Memo,
}

/// What the writer remembers. Forgotten after a transaction that did not end well.
#[derive(Default)]
pub(super) struct Memo {
    trees: HashMap<i64, Tree>,
    /// Where in the ledger an upload writes, and its id.
    pub places: HashMap<i64, (String, i64)>,
}

impl Memo {
    /// The folders of an upload.
    pub(super) fn tree(&mut self, connection: &Connection, upload: i64) -> rusqlite::Result<&mut Tree> {
        if self.trees.len() > 8 && !self.trees.contains_key(&upload) {
            self.trees.clear();
        }
        match self.trees.entry(upload) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Tree::load(connection, upload)?)),
        }
    }

    /// The folders of an upload are others now.
    pub(super) fn forget(&mut self, upload: i64) {
        self.trees.remove(&upload);
        self.places.remove(&upload);
    }
}

impl Writer {
    /// `owner`: the lock of the home is held, so the reserve and the mark of a clean end are this writer's to keep.
    pub(super) fn start(connection: Connection, home: &Home, owner: bool) -> io::Result<Self> {
        let (orders, received) = channel();
        let desk = Desk {
            connection: Some(connection),
            home: home.clone(),
            memo: Memo::default(),
            pending: Vec::new(),
            observers: Vec::new(),
            full: false,
            owner,
            not_before: Instant::now(),
        };
        if owner {
            desk.keep_reserve();
        }
        let thread = Builder::new().name("journal".into()).spawn(move || desk.serve(&received))?;
        let thread_id = thread.thread().id();
        Ok(Self { orders, thread: Some(thread), thread_id })
    }

    pub(super) fn observe(&self, observer: Observer) {
        let _ = self.orders.send(Order::Observe(observer));
    }

    pub(super) fn record(&self, records: Vec<Record>) {
        if !records.is_empty() {
            let _ = self.orders.send(Order::Records(records));
        }
    }

    pub(super) fn flush(&self) -> Result<(), Problem> {
        let (answer, answered) = sync_channel(1);
        let _ = self.orders.send(Order::Flush(answer));
        answered.recv().unwrap_or_else(|_| Err(stopped("flush")))
    }

    pub(super) fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&mut Change<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = sync_channel(1);
        let job: Job = Box::new(move |desk| {
            let _ = answer.send(desk.transact(doing, change));
        });
        let _ = self.orders.send(Order::Job(job));
        answered.recv().unwrap_or_else(|_| Err(stopped(doing)))
    }
}

#[cfg(test)]
impl Writer {
    /// As if the disk had room for this many pages of the journal.
    pub(super) fn set_room(&self, pages: u32) {
        let job: Job = Box::new(move |desk| {
            let text = format!("PRAGMA max_page_count = {pages}");
            desk.connection.as_ref().unwrap().query_row(&text, [], |_| Ok(())).unwrap();
        });
        self.orders.send(Order::Job(job)).unwrap();
    }
}

fn stopped(doing: &'static str) -> Problem {
    Problem::new(Code::Bug, doing).with("said", "journal stopped")
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        if std::thread::current().id() != self.thread_id
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

/// The writer's own side.
struct Desk {
    connection: Option<Connection>,
    home: Home,
    memo: Memo,
    pending: Vec<Record>,
    observers: Vec<Observer>,
    full: bool,
    owner: bool,
    not_before: Instant,
}

impl Desk {
    fn serve(mut self, orders: &Receiver<Order>) {
        while let Some(order) = self.next(orders) {
            match order {
                Order::Records(records) => self.pending.extend(records),
                Order::Observe(observer) => self.observers.push(observer),
                Order::Stop => break,
                Order::Flush(answer) => {
                    let done = self.commit();
                    let _ = answer.send(done);
                }
                Order::Job(job) => {
                    let _ = self.commit();
                    job(&mut self);
                }
            }
        }
        self.leave();
    }

    /// The next order. Commits in between whenever it is time to.
    fn next(&mut self, orders: &Receiver<Order>) -> Option<Order> {
        loop {
            if self.pending.is_empty() && !self.full {
                return orders.recv().ok();
            }
            let left = self.not_before.saturating_duration_since(Instant::now());
            if self.pending.len() < MOST || self.full {
                match orders.recv_timeout(left) {
                    Ok(order) => return Some(order),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
            let _ = self.commit();
        }
    }

    /// Commits what is pending, and tells.
    fn commit(&mut self) -> Result<(), Problem> {
        if self.pending.is_empty() && !self.full {
            return Ok(());
        }
        if self.full && self.pending.is_empty() {
            return self.look_for_room();
        }
        let records = std::mem::take(&mut self.pending);
        let mut done = self.transaction(|change| commit::records(change, &records));
        if done.as_ref().is_err_and(is_full) && self.give_up_reserve() {
            done = self.transaction(|change| commit::records(change, &records));
        }
        self.not_before = Instant::now() + APART;
        match done {
            Ok(committed) => {
                self.tell(&committed);
                if self.full { self.look_for_room() } else { Ok(()) }
            }
            Err(error) => {
                self.pending = records;
                self.refused(problem("record", &error))
            }
        }
    }

    fn refused(&mut self, problem: Problem) -> Result<(), Problem> {
        self.full = true;
        self.not_before = Instant::now() + AGAIN;
        self.tell(&Committed { problem: Some(problem.clone()), ..Committed::default() });
        Err(problem)
    }

    /// There is room again when the reserve fits once more.
    fn look_for_room(&mut self) -> Result<(), Problem> {
        if !self.keep_reserve() {
            return self.refused(Problem::new(Code::JournalFull, "record"));
        }
        self.full = false;
        self.tell(&Committed { room_again: true, ..Committed::default() });
        Ok(())
    }

    fn tell(&self, committed: &Committed) {
        for observer in &self.observers {
            observer(committed);
        }
    }

    /// One change as one transaction; undone as a whole when it does not end well.
    fn transact<T>(
        &mut self,
        doing: &'static str,
        change: impl FnOnce(&mut Change<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Problem> {
        if !self.pending.is_empty() {
            return Err(Problem::new(Code::JournalFull, doing));
        }
        self.transaction(change).map_err(|error| {
            if is_full(&error) {
                self.give_up_reserve();
                self.not_before = Instant::now() + AGAIN;
            }
            problem(doing, &error)
        })
    }

    fn transaction<T>(&mut self, change: impl FnOnce(&mut Change<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect_for_writing(&self.home.journal())?),
        };
        let done = in_transaction(connection, &mut self.memo, change);
        if let Err(error) = &done {
            self.memo = Memo::default();
            // After a failed write or fsync the same handle may claim what is not on disk: only a fresh one is believed.
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure) {
                self.connection = None;
            }
        }
        done
    }

    fn keep_reserve(&self) -> bool {
        let path = self.home.reserve();
        if fs::metadata(&path).is_ok_and(|found| found.len() == RESERVE_BYTES as u64) {
            return true;
        }
        let written = private_file().create(true).truncate(true).open(&path).and_then(|mut file| {
            file.write_all(&vec![0xa5; RESERVE_BYTES])?;
            file.sync_all()
        });
        if written.is_err() {
            let _ = fs::remove_file(&path);
        }
        written.is_ok()
    }

    /// True when there was a reserve, and its room is free now.
    fn give_up_reserve(&mut self) -> bool {
        self.full = true;
        self.owner && fs::remove_file(self.home.reserve()).is_ok()
    }

    fn leave(mut self) {
        let _ = self.commit();
        if self.owner
            && self.pending.is_empty()
            && let Some(connection) = &self.connection
        {
            let _ = connection.execute("UPDATE home SET clean = 1", []);
        }
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    memo: &mut Memo,
    change: impl FnOnce(&mut Change<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = change(&mut Change { tx: &tx, memo })?;
    tx.commit()?;
    Ok(done)
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}
