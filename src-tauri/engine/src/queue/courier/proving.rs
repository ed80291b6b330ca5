//! What was read here beside what the store said of it: the one place where a proof is made.
//! Nothing is called verified by a checksum that the store did not tell.

use super::Courier;
use crate::{digest, queue::courier::compare};
use gantry_model::{Algorithm, Code, Digest, Key, Problem, Proof, RemoteRef};

/// What is known here of the content that went out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    /// Bytes of the whole.
    pub(super) size: u64,
    /// Its digests, made in the one read; at least one.
    pub(super) digests: &'a [Digest],
    /// The content itself, where it is still in memory.
    pub(super) bytes: Option<&'a [u8]>,
}

impl Here<'_> {
    /// The digest that can be held against what a store told, which may choose an algorithm that nobody asked for.
    fn of(&self, algorithm: Algorithm) -> Option<Digest> {
        let made = self.digests.iter().find(|digest| digest.algorithm() == algorithm).copied();
        made.or_else(|| self.bytes.map(|bytes| digest::of(algorithm, bytes)))
    }
}

impl Courier {
    /// What a stream is digested with: all that a store may tell, until it has told which one it is.
    pub(super) fn digests(&self) -> Vec<Algorithm> {
        match self.kit.told.get() {
            Some(told) => vec![*told],
            None => vec![Algorithm::Crc64nvme, Algorithm::Crc32c, Algorithm::Md5],
        }
    }

    /// The store's own words about the sealed object, compared with what was read here.
    pub(super) async fn prove(&self, key: &Key, here: Here<'_>, remote: RemoteRef) -> Result<(RemoteRef, Proof), Problem> {
        // A store that chooses addresses has said all that it knows: nothing can be found under our key.
        let said = if remote.digest.is_some() || remote.url.is_some() {
            remote
        } else {
            let found = self.store.find(key).await?.ok_or_else(|| Problem::new(Code::NotThere, "prove"))?;
            RemoteRef { version: found.version.clone().or(remote.version), url: remote.url, ..found }
        };
        let differs = |there: String, here: String| {
            Err(Problem::new(Code::ChecksumDiffers, "prove").with("there", there).with("here", here))
        };
        if let Some(there) = said.size.filter(|there| *there != here.size) {
            return differs(format!("{there} bytes"), format!("{} bytes", here.size));
        }
        if let Some(there) = said.digest {
            let _ = self.kit.told.set(there.algorithm());
            match here.of(there.algorithm()) {
                Some(ours) if ours == there => return Ok((said, Proof::Checksum(ours))),
                Some(ours) => return differs(there.to_string(), ours.to_string()),
                None => {}
            }
        }
        match said.size {
            None if said.url.is_some() => Ok((said, Proof::Accepted)),
            None => Err(Problem::new(Code::NotThere, "prove")),
            Some(_) => {
                let md5 = here.bytes.and_then(|bytes| compare::md5_of_etag(said.etag.as_deref(), bytes));
                Ok((said, md5.map_or(Proof::Size, Proof::Checksum)))
            }
        }
    }
}
