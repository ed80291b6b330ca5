//! Digests of what is read: computed in the one read, combined for the whole object without reading again.

use crc_fast::{CrcAlgorithm, Digest as Crc};
use gantry_model::{Algorithm, Digest};
use md5::Digest as _;

/// The digest of these bytes.
pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    match algorithm {
        Algorithm::Crc64nvme => Digest::Crc64nvme(crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes)),
        Algorithm::Crc32c => Digest::Crc32c(low(crc_fast::checksum(CrcAlgorithm::Crc32Iscsi, bytes))),
        Algorithm::Md5 => Digest::Md5(md5::Md5::digest(bytes).into()),
    }
}

/// A digest that grows as bytes come.
#[derive(Clone)]
pub struct Running(State);

#[derive(Clone)]
enum State {
    Crc(Algorithm, Crc),
    Md5(md5::Md5),
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Running")
    }
}

impl Running {
    /// A digest of nothing yet.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Crc64nvme => State::Crc(algorithm, Crc::new(CrcAlgorithm::Crc64Nvme)),
            Algorithm::Crc32c => State::Crc(algorithm, Crc::new(CrcAlgorithm::Crc32Iscsi)),
            Algorithm::Md5 => State::Md5(md5::Md5::new()),
        })
    }

    /// More bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Crc(_, crc) => crc.update(bytes),
            State::Md5(md5) => md5.update(bytes),
        }
    }

    /// The digest of all that came.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Crc(Algorithm::Crc32c, crc) => Digest::Crc32c(low(crc.finalize())),
            State::Crc(_, crc) => Digest::Crc64nvme(crc.finalize()),
            State::Md5(md5) => Digest::Md5(md5.finalize().into()),
        }
    }
}

/// The digest of parts one after the other, each with its length in bytes. `None` for none, for MD5, and for a mixture.
pub fn combine(parts: impl IntoIterator<Item = (Digest, u64)>) -> Option<Digest> {
    parts.into_iter().map(|(digest, length)| Some((digest, length))).reduce(|first, next| {
        let ((first, so_far), (next, length)) = (first?, next?);
        let whole = match (first, next) {
            (Digest::Crc64nvme(a), Digest::Crc64nvme(b)) => {
                Digest::Crc64nvme(crc_fast::checksum_combine(CrcAlgorithm::Crc64Nvme, a, b, length))
            }
            (Digest::Crc32c(a), Digest::Crc32c(b)) => {
                let whole = crc_fast::checksum_combine(CrcAlgorithm::Crc32Iscsi, a.into(), b.into(), length);
                Digest::Crc32c(low(whole))
            }
            _ => return None,
        };
        Some((whole, so_far + length))
    })?.map(|(digest, _)| digest)
}

/// A CRC-32 stands in the low half of the number.
fn low(sum: u64) -> u32 {
    (sum & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    // Check values of the CRC catalogue for the nine digits.
    const NINE: &[u8] = b"123456789";

    #[test]
    fn known_answers() {
        assert_eq!(of(Algorithm::Crc64nvme, NINE), Digest::Crc64nvme(0xae8b_1486_0a79_9888));
        assert_eq!(of(Algorithm::Crc32c, NINE), Digest::Crc32c(0xe306_9283));
        assert_eq!(of(Algorithm::Md5, NINE).hex(), "25f9e794323b453885f5181f1b624d0b");
    }

    #[test]
    fn parts_together_are_the_whole() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n * 7) as u8).collect();
        for algorithm in [Algorithm::Crc64nvme, Algorithm::Crc32c] {
            let parts = bytes.chunks(30_001).map(|part| (of(algorithm, part), part.len() as u64));
            assert_eq!(combine(parts), Some(of(algorithm, &bytes)));
            let mut running = Running::new(algorithm);
            bytes.chunks(777).for_each(|part| running.update(part));
            assert_eq!(running.finish(), of(algorithm, &bytes));
        }
    }
}
