//! The threads: one walks, as many as there are cores look into files, and batches leave in the order of the walk.
//! When anyone stops, all stop: nobody waits for a turn that will not come.

use super::filter::Filter;
use super::walk::{Taker, Walk};
use super::{BATCH, Batch, roots, said};
use crate::probe;
use gantry_model::{Entry, EntryKind, Incoming, Media};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Chunks that the walk may be ahead of the looking.
const AHEAD: usize = 32;
/// Batches that may wait for the reader.
const WAITING: usize = 4;
/// The first chunks are small, so that the first entries are there at once; each next one is twice as large.
const FIRST: usize = 64;
/// A chunk that does not fill is handed on after this time, and so are counts.
const PATIENCE: Duration = Duration::from_millis(150);

/// What all threads of one reading share.
struct Shared {
    stop: Arc<AtomicBool>,
    over: AtomicBool,
    files: AtomicU64,
    bytes: AtomicU64,
    turn: Mutex<u64>,
    turned: Condvar,
    places: Vec<PathBuf>,
}

struct Chunk {
    number: u64,
    entries: Vec<Entry>,
    last: bool,
}

pub(super) fn start(incoming: Incoming, avoid: Vec<PathBuf>, stop: Arc<AtomicBool>) -> mpsc::Receiver<Batch> {
    let (out, batches) = mpsc::channel(WAITING);
    // Finding out where paths really are may touch slow disks, so it is done on the walk's own thread.
    std::thread::spawn(move || {
        let walk = Walk {
            roots: roots::of(&incoming.paths, incoming.contents),
            filter: Filter::new(&incoming),
            avoid: avoid.into_iter().map(|path| std::fs::canonicalize(&path).unwrap_or(path)).collect(),
        };
        let shared = Arc::new(Shared {
            stop,
            over: AtomicBool::new(false),
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            turn: Mutex::new(0),
            turned: Condvar::new(),
            places: walk.roots.iter().map(|root| base(&root.place, &root.name)).collect(),
        });
        let (chunks, to_look) = sync_channel(AHEAD);
        let to_look = Arc::new(Mutex::new(to_look));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..cores {
            let (shared, to_look, out) = (Arc::clone(&shared), Arc::clone(&to_look), out.clone());
            std::thread::spawn(move || look(&shared, &to_look, &out));
        }
        drop(to_look);
        let mut walker = Walker::new(shared, chunks, out);
        if walk.run(&mut walker) {
            walker.hand_on(true);
        }
    });
    batches
}

/// What relative paths are below: the folder that holds the given item, or the item itself.
fn base(place: &std::path::Path, name: &[u8]) -> PathBuf {
    if name.is_empty() { place.to_path_buf() } else { place.parent().unwrap_or(place).to_path_buf() }
}

impl Shared {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed) && !self.over.load(Ordering::Relaxed)
    }

    /// Ends the reading for everyone.
    fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.turned.notify_all();
    }

    /// Waits until all chunks before this one have left. False when the reading is over.
    fn wait_for(&self, number: u64) -> bool {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        while *turn != number && self.goes_on() {
            // With a limit, because `stop` is set from outside and wakes nobody.
            turn = self.turned.wait_timeout(turn, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        *turn == number && self.goes_on()
    }

    fn next(&self) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.turned.notify_all();
    }

    fn batch(&self, entries: Vec<Entry>, ended: bool) -> Batch {
        let (files, bytes) = (self.files.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        Batch { entries, counted_files: files, counted_bytes: bytes, ended }
    }
}

/// The walking side: gathers entries into chunks and counts.
struct Walker {
    shared: Arc<Shared>,
    chunks: SyncSender<Chunk>,
    out: mpsc::Sender<Batch>,
    entries: Vec<Entry>,
    number: u64,
    size: usize,
    handed_on: Instant,
    counted: Instant,
    met: u32,
}

impl Walker {
    fn new(shared: Arc<Shared>, chunks: SyncSender<Chunk>, out: mpsc::Sender<Batch>) -> Self {
        let now = Instant::now();
        Self { shared, chunks, out, entries: Vec::new(), number: 0, size: FIRST, handed_on: now, counted: now, met: 0 }
    }

    fn hand_on(&mut self, last: bool) -> bool {
        self.size = (self.size * 2).min(BATCH);
        let entries = std::mem::replace(&mut self.entries, Vec::with_capacity(self.size));
        let chunk = Chunk { number: self.number, entries, last };
        self.number += 1;
        let taken = self.chunks.send(chunk).is_ok();
        self.handed_on = Instant::now();
        taken
    }

    /// Counts alone, when nobody has to wait for them to be taken.
    fn tell_counts(&mut self) -> bool {
        self.counted = Instant::now();
        let batch = self.shared.batch(Vec::new(), false);
        !matches!(self.out.try_send(batch), Err(mpsc::error::TrySendError::Closed(_)))
    }
}

impl Taker for Walker {
    fn take(&mut self, entry: Entry) -> bool {
        if entry.kind == EntryKind::File {
            self.shared.files.fetch_add(1, Ordering::Relaxed);
            self.shared.bytes.fetch_add(entry.fingerprint.size, Ordering::Relaxed);
        }
        self.entries.push(entry);
        self.entries.len() < self.size || self.hand_on(false)
    }

    fn goes_on(&mut self) -> bool {
        if !self.shared.goes_on() {
            return false;
        }
        self.met = self.met.wrapping_add(1);
        // Asking for the time costs more than the rest of this.
        if !self.met.is_multiple_of(16) {
            return true;
        }
        let now = Instant::now();
        if now.duration_since(self.counted) > PATIENCE && !self.tell_counts() {
            return false;
        }
        self.entries.is_empty() || now.duration_since(self.handed_on) < PATIENCE || self.hand_on(false)
    }
}

impl Drop for Walker {
    fn drop(&mut self) {
        // Looking threads end when the channel closes; those that wait for a turn look at the stop.
        self.shared.turned.notify_all();
    }
}

/// Ends the reading when a thread ends that had not been told to.
struct Ending<'a>(&'a Shared);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

fn look(shared: &Shared, chunks: &Mutex<Receiver<Chunk>>, out: &mpsc::Sender<Batch>) {
    let _ending = Ending(shared);
    loop {
        let chunk = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut chunk) = chunk else { return };
        for entry in &mut chunk.entries {
            if !shared.goes_on() {
                return shared.end();
            }
            look_at(shared, entry);
        }
        if !shared.wait_for(chunk.number) {
            return shared.end();
        }
        if out.blocking_send(shared.batch(chunk.entries, chunk.last)).is_err() {
            return shared.end();
        }
        shared.next();
    }
}

fn look_at(shared: &Shared, entry: &mut Entry) {
    if entry.kind != EntryKind::File {
        return;
    }
    if entry.fingerprint.size == 0 {
        // There is nothing in it to look at.
        entry.media = Media { looked: true, ..Media::default() };
        return;
    }
    let Some(base) = shared.places.get(entry.root as usize) else { return };
    let path = base.join(crate::journal::path_from_bytes(&entry.path));
    // A reader of formats that fails must not take the others with it: the file counts as not looked at.
    match catch_unwind(AssertUnwindSafe(|| probe::look(&path, &entry.fingerprint))) {
        Ok(Ok(media)) => entry.media = media,
        Ok(Err(error)) => {
            entry.kind = EntryKind::Unreadable;
            entry.trouble = Some(said(&error));
        }
        Err(_) => {}
    }
}
