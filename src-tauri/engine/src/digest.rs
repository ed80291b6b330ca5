//! Digests: of bytes at once, of bytes as they come, and of a whole from its parts.
//! A combined digest equals the digest of the joined bytes; where that cannot be had, there is none.

use crc_fast::CrcAlgorithm;
use gantry_model::{Algorithm, Digest};
use md5::{Digest as _, Md5};

/// The digest of these bytes.
pub fn of(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    match algorithm {
        Algorithm::Crc64nvme => Digest::Crc64nvme(crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes)),
        Algorithm::Crc32c => Digest::Crc32c(low_half(crc_fast::checksum(CrcAlgorithm::Crc32Iscsi, bytes))),
        Algorithm::Md5 => Digest::Md5(Md5::digest(bytes).into()),
    }
}

/// The digest of the whole from the digests and lengths of its parts, in order.
/// `None` for no parts, for mixed algorithms, and for more than one part of an algorithm that cannot be combined.
pub fn combine(parts: impl IntoIterator<Item = (Digest, u64)>) -> Option<Digest> {
    let mut parts = parts.into_iter();
    let (mut whole, _) = parts.next()?;
    for (part, length) in parts {
        whole = match (whole, part) {
            (Digest::Crc64nvme(first), Digest::Crc64nvme(then)) => {
                Digest::Crc64nvme(crc_fast::checksum_combine(CrcAlgorithm::Crc64Nvme, first, then, length))
            }
            (Digest::Crc32c(first), Digest::Crc32c(then)) => {
                let sum = crc_fast::checksum_combine(CrcAlgorithm::Crc32Iscsi, first.into(), then.into(), length);
                Digest::Crc32c(low_half(sum))
            }
            _ => return None,
        };
    }
    Some(whole)
}

/// A digest of bytes that come piece by piece.
#[derive(Clone, Debug)]
pub struct Running(State);

#[derive(Clone, Debug)]
enum State {
    Crc64(crc_fast::Digest),
    Crc32(crc_fast::Digest),
    Md5(Box<Md5>),
}

impl Running {
    /// Nothing has come.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Crc64nvme => State::Crc64(crc_fast::Digest::new(CrcAlgorithm::Crc64Nvme)),
            Algorithm::Crc32c => State::Crc32(crc_fast::Digest::new(CrcAlgorithm::Crc32Iscsi)),
            Algorithm::Md5 => State::Md5(Box::default()),
        })
    }

    /// More has come.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Crc64(sum) | State::Crc32(sum) => sum.update(bytes),
            State::Md5(sum) => sum.update(bytes),
        }
    }

    /// The digest of all that came.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Crc64(sum) => Digest::Crc64nvme(sum.finalize()),
            State::Crc32(sum) => Digest::Crc32c(low_half(sum.finalize())),
            State::Md5(sum) => Digest::Md5(sum.finalize().into()),
        }
    }
}

/// The library gives every sum as 64 bits; those of 32 bits are in the lower half.
fn low_half(sum: u64) -> u32 {
    (sum & u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Algorithm; 3] = [Algorithm::Crc64nvme, Algorithm::Crc32c, Algorithm::Md5];

    #[test]
    fn the_published_check_values_come_out() {
        let text = b"123456789";
        assert_eq!(of(Algorithm::Crc64nvme, text), Digest::Crc64nvme(0xae8b_1486_0a79_9888));
        assert_eq!(of(Algorithm::Crc32c, text), Digest::Crc32c(0xe306_9283));
        assert_eq!(of(Algorithm::Md5, text).hex(), "25f9e794323b453885f5181f1b624d0b");
    }

    #[test]
    fn what_cannot_be_combined_is_not() {
        let md5 = of(Algorithm::Md5, b"a");
        assert_eq!(combine([]), None);
        assert_eq!(combine([(md5, 1)]), Some(md5));
        assert_eq!(combine([(md5, 1), (md5, 1)]), None);
        assert_eq!(combine([(of(Algorithm::Crc32c, b"a"), 1), (of(Algorithm::Crc64nvme, b"b"), 1)]), None);
    }

    proptest! {
        #[test]
        fn pieces_and_parts_give_the_digest_of_the_whole(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..600), 1..6)
        ) {
            let whole: Vec<u8> = pieces.concat();
            for algorithm in ALL {
                let mut running = Running::new(algorithm);
                pieces.iter().for_each(|piece| running.update(piece));
                prop_assert_eq!(running.finish(), of(algorithm, &whole));
            }
            for algorithm in [Algorithm::Crc64nvme, Algorithm::Crc32c] {
                let parts = pieces.iter().map(|piece| (of(algorithm, piece), piece.len() as u64));
                prop_assert_eq!(combine(parts), Some(of(algorithm, &whole)));
            }
        }
    }
}
