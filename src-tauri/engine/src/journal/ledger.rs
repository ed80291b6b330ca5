//! What earlier uploads left where: it answers "the same" without reading a file.

use super::Journal;
use super::rows::{self, unsigned};
use gantry_model::{Digest, Fingerprint, Problem};
use rusqlite::OptionalExtension;

/// One object that an earlier upload left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Bytes.
    pub size: u64,
    /// Its digest, where the store reported one.
    pub digest: Option<Digest>,
    /// Its ETag, where the store gave one.
    pub etag: Option<String>,
    /// The address that the store chose, where it chooses addresses.
    pub url: Option<String>,
    /// Size of the source when it was sent.
    pub source_size: u64,
    /// Modification time of the source when it was sent, nanoseconds since 1970.
    pub source_mtime_ns: i64,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
}

impl Left {
    /// The source is unchanged as far as size and modification time tell.
    pub fn is_of(&self, source: &Fingerprint) -> bool {
        self.source_size == source.size && self.source_mtime_ns == source.mtime_ns
    }
}

impl Journal {
    /// What the ledger knows under each of these keys, in their order.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn ledger(&self, endpoint: &str, bucket: &str, keys: &[&str]) -> Result<Vec<Option<Left>>, Problem> {
        self.read("ledger", |db| {
            let place: Option<i64> = db
                .prepare_cached("SELECT n FROM place WHERE endpoint = ?1 AND bucket = ?2")?
                .query_row([endpoint, bucket], |row| row.get(0))
                .optional()?;
            let Some(place) = place else { return Ok(vec![None; keys.len()]) };
            let mut statement = db.prepare_cached(
                "SELECT size, digest, etag, url, source_size, source_mtime, at FROM ledger WHERE place = ?1 AND key = ?2",
            )?;
            let mut known = Vec::with_capacity(keys.len());
            for key in keys {
                let left = statement.query_row(rusqlite::params![place, key], |row| {
                    Ok(Left {
                        size: unsigned(row, 0)?,
                        digest: rows::digest(row, 1)?,
                        etag: row.get(2)?,
                        url: row.get(3)?,
                        source_size: unsigned(row, 4)?,
                        source_mtime_ns: row.get(5)?,
                        at_ms: row.get(6)?,
                    })
                });
                known.push(left.optional()?);
            }
            Ok(known)
        })
    }
}
