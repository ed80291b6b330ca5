//! What was seen at addresses: a store of its own beside the journal, which may be thrown away at any time. An address is
//! known by a digest only: whoever reads this learns no address, and no signature.

use super::opening::problem;
use crate::home::Home;
use gantry_model::Problem;
use gantry_model::manifest::ObjectThere;
use rusqlite::{Connection, OptionalExtension, Result, params};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What was seen is believed for so long without asking.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// Changes that are written together.
const TOGETHER: usize = 500;
/// Objects that are known where nothing is written.
const UNWRITTEN: usize = 100_000;
/// Objects that are kept; the oldest are forgotten.
const MOST: i64 = 5_000_000;

/// An object as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptObject {
    /// Bytes, where it was told.
    pub size: Option<u64>,
    /// What changes with its content; may be empty.
    pub etag: String,
    /// Pixels as displayed; `Some((0, 0))` when it was measured and has none, `None` when it was not measured.
    pub pixels: Option<(u32, u32)>,
    /// Seconds since 1970.
    at: i64,
}

/// What was seen, by address. Cloning gives another handle.
#[derive(Clone)]
pub struct KeptObjects {
    inside: Arc<Mutex<Inside>>,
}

struct Inside {
    db: Option<Connection>,
    /// Not written yet.
    new: HashMap<[u8; 32], KeptObject>,
}

impl fmt::Debug for KeptObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptObjects").finish_non_exhaustive()
    }
}

impl KeptObjects {
    /// Opens what is kept in a data folder, or begins anew where it cannot be read: nothing is lost but time.
    ///
    /// # Errors
    /// The data folder cannot be made.
    pub fn open(home: &Home) -> std::result::Result<Self, Problem> {
        let unwritable =
            |error: std::io::Error| Problem::new(gantry_model::Code::OutputUnwritable, "objects").with("said", error.to_string());
        home.create().map_err(unwritable)?;
        let path = home.objects();
        let db = connect(&path).or_else(|_| {
            let _ = std::fs::remove_file(&path);
            connect(&path)
        });
        Ok(Self::with(Some(db.map_err(|error| problem("objects", &error))?)))
    }

    /// Keeps nothing beyond this run.
    pub fn nowhere() -> Self {
        Self::with(None)
    }

    fn with(db: Option<Connection>) -> Self {
        Self { inside: Arc::new(Mutex::new(Inside { db, new: HashMap::new() })) }
    }

    /// What was seen lately, or in this run.
    pub fn fresh(&self, identity: &str) -> Option<KeptObject> {
        let since = now().saturating_sub_unsigned(FRESH.as_secs());
        self.lock().get(&digest(identity)).filter(|kept| kept.at >= since && kept.at <= now())
    }

    /// Keeps what was seen now. What was measured before stays as long as nothing says that the content is another.
    pub fn keep(&self, identity: &str, there: &ObjectThere) -> KeptObject {
        let (key, mut inside) = (digest(identity), self.lock());
        let before = inside.get(&key).filter(|kept| !kept.etag.is_empty() && kept.etag == there.etag && kept.size == there.size);
        let pixels = before.and_then(|kept| kept.pixels);
        let kept = KeptObject { size: there.size, etag: there.etag.clone(), pixels, at: now() };
        inside.put(key, kept.clone());
        kept
    }

    /// Keeps what was measured.
    pub fn measured(&self, identity: &str, there: &ObjectThere, pixels: (u32, u32)) {
        let kept = KeptObject { size: there.size, etag: there.etag.clone(), pixels: Some(pixels), at: now() };
        self.lock().put(digest(identity), kept);
    }

    /// Writes what is not written yet. What cannot be written is asked for again next time.
    pub fn flush(&self) {
        let _ = self.lock().write();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn get(&self, key: &[u8; 32]) -> Option<KeptObject> {
        if let Some(kept) = self.new.get(key) {
            return Some(kept.clone());
        }
        let mut statement =
            self.db.as_ref()?.prepare_cached("SELECT size, etag, width, height, at FROM object WHERE key = ?1").ok()?;
        let read = |row: &rusqlite::Row<'_>| {
            let (width, height): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
            let size: Option<i64> = row.get(0)?;
            Ok(KeptObject { size: size.map(i64::cast_unsigned), etag: row.get(1)?, pixels: width.zip(height), at: row.get(4)? })
        };
        statement.query_row([key], read).optional().ok()?
    }

    fn put(&mut self, key: [u8; 32], kept: KeptObject) {
        self.new.insert(key, kept);
        match &self.db {
            Some(_) if self.new.len() >= TOGETHER => drop(self.write()),
            None if self.new.len() >= UNWRITTEN => self.new.clear(),
            _ => {}
        }
    }

    fn write(&mut self) -> Result<()> {
        let Some(db) = &mut self.db else { return Ok(()) };
        let tx = db.transaction()?;
        for (key, kept) in self.new.drain() {
            let text = "INSERT OR REPLACE INTO object (key, size, etag, width, height, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let (width, height) = kept.pixels.unzip();
            let size = kept.size.map(u64::cast_signed);
            tx.prepare_cached(text)?.execute(params![key, size, kept.etag, width, height, kept.at])?;
        }
        tx.commit()
    }
}

fn connect(path: &std::path::Path) -> Result<Connection> {
    if let Ok(file) = crate::home::private_file().create(true).truncate(false).open(path) {
        drop(file);
    }
    let db = Connection::open(path)?;
    db.busy_timeout(Duration::from_secs(5))?;
    // A cut costs what was seen last, which is asked for again.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE IF NOT EXISTS object (key BLOB PRIMARY KEY, size INTEGER, etag TEXT NOT NULL, width INTEGER, height INTEGER,
             at INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    )?;
    let count: i64 = db.query_row("SELECT count(*) FROM object", [], |row| row.get(0))?;
    if count > MOST {
        let text = "DELETE FROM object WHERE key IN (SELECT key FROM object ORDER BY at LIMIT ?1)";
        db.execute(text, [count - MOST / 2])?;
    }
    Ok(db)
}

fn digest(identity: &str) -> [u8; 32] {
    Sha256::digest(identity.as_bytes()).into()
}

fn now() -> i64 {
    super::now_ms() / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(etag: &str) -> ObjectThere {
        ObjectThere { size: Some(7), etag: etag.to_owned() }
    }

    #[test]
    fn what_was_measured_stays_as_long_as_the_content_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path().join("home")));
        let kept = KeptObjects::open(&home).expect("opened");
        kept.keep("https://x.org/a?token=canary", &there("1"));
        kept.measured("https://x.org/a?token=canary", &there("1"), (3, 4));
        kept.flush();
        let kept = KeptObjects::open(&home).expect("opened again");
        assert_eq!(kept.fresh("https://x.org/a?token=canary").expect("known").pixels, Some((3, 4)));
        assert_eq!(kept.keep("https://x.org/a?token=canary", &there("1")).pixels, Some((3, 4)));
        assert_eq!(kept.keep("https://x.org/a?token=canary", &there("2")).pixels, None);
        assert_eq!(kept.fresh("https://x.org/b"), None);
        kept.flush();
        let bytes = std::fs::read(home.objects()).expect("a file");
        assert!(!bytes.windows(6).any(|six| six == b"canary" || six == b"x.org/"), "an address was kept");
    }

    #[test]
    fn what_cannot_be_read_begins_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path().to_owned()));
        std::fs::write(home.objects(), vec![7; 5000]).expect("a file");
        let kept = KeptObjects::open(&home).expect("opened");
        kept.keep("a", &there("1"));
        assert!(kept.fresh("a").is_some());
    }
}
