//! What lies under a key, and whether it is the same content as the source.
//! "Same" is only said on a digest; equal sizes alone are never called the same.

use super::Courier;
use crate::digest;
use crate::queue::errand::Order;
use crate::source::Source;
use gantry_model::{Algorithm, Code, Digest, Key, Problem, Proof, RemoteRef};

/// What lies under a key.
#[derive(Debug)]
pub enum Seen {
    /// Nothing.
    Nothing,
    /// The same content, and how that is known.
    Same(RemoteRef, Proof),
    /// Something else, or something that cannot be told to be the same.
    Other {
        /// Its bytes, where the store says so.
        size: Option<u64>,
        /// Its ETag, where it has one.
        etag: Option<String>,
    },
}

impl Courier {
    /// What the listing said, where that suffices; otherwise the store is asked.
    pub(super) async fn seen(&self, order: &Order, key: &Key) -> Result<Seen, Problem> {
        if let (Some((size, etag)), false) = (&order.there, order.ours) {
            if *size != order.fingerprint.size {
                return Ok(Seen::Other { size: Some(*size), etag: etag.clone() });
            }
            if let Some(md5) = etag.as_deref().and_then(md5_in) {
                let remote = RemoteRef { size: Some(*size), digest: None, etag: etag.clone(), version: None, url: None };
                if self.digest_of_source(order, Algorithm::Md5).await? == md5 {
                    return Ok(Seen::Same(remote, Proof::Checksum(md5)));
                }
            }
        }
        self.seen_now(order, key).await
    }

    /// Asks the store.
    pub(super) async fn seen_now(&self, order: &Order, key: &Key) -> Result<Seen, Problem> {
        let Some(remote) = self.store.find(key).await? else { return Ok(Seen::Nothing) };
        let other = Seen::Other { size: remote.size, etag: remote.etag.clone() };
        if remote.size.is_some_and(|size| size != order.fingerprint.size) {
            return Ok(other);
        }
        let there = remote.digest.or_else(|| remote.etag.as_deref().and_then(md5_in));
        let Some(there) = there else { return Ok(other) };
        let here = self.digest_of_source(order, there.algorithm()).await?;
        Ok(if here == there { Seen::Same(remote, Proof::Checksum(here)) } else { other })
    }

    async fn digest_of_source(&self, order: &Order, algorithm: Algorithm) -> Result<Digest, Problem> {
        let (path, seen) = (order.source.clone(), order.fingerprint);
        let read = move || -> Result<Digest, Problem> {
            let source = Source::open(&path, &seen)?;
            let digest = source.digest(algorithm)?;
            source.still()?;
            Ok(digest)
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_else(|_| Err(Problem::new(Code::Bug, "compare")))
    }
}

/// The MD5 that an ETag is, when it looks like one.
fn md5_in(etag: &str) -> Option<Digest> {
    (etag.len() == 32).then(|| Digest::from_hex(Algorithm::Md5, etag)).flatten()
}

/// The MD5 of the bytes, when the ETag is exactly that. An ETag that is something else proves nothing either way.
pub fn md5_of_etag(etag: Option<&str>, bytes: &[u8]) -> Option<Digest> {
    let there = md5_in(etag?)?;
    (digest::of(Algorithm::Md5, bytes) == there).then_some(there)
}
