//! Digests of bytes that a test already holds. Computed apart from the product's own code, so that the two can disagree.

use bytes::Bytes;
use gantry_model::{Algorithm, Body, Digest};
use md5::{Digest as _, Md5};

/// The digest of these bytes.
pub fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    match algorithm {
        Algorithm::Crc64nvme => Digest::Crc64nvme(crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, bytes)),
        Algorithm::Crc32c => {
            let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes);
            Digest::Crc32c(u32::try_from(sum).expect("a CRC-32 has 32 bits"))
        }
        Algorithm::Md5 => Digest::Md5(Md5::digest(bytes).into()),
    }
}

/// The bytes with their digest, as an engine hands them to a store.
pub fn body(algorithm: Algorithm, bytes: impl Into<Bytes>) -> Body {
    let bytes = bytes.into();
    let digest = digest(algorithm, &bytes);
    Body { bytes, digest }
}

/// A digest that is not the one given.
pub fn another(digest: Digest) -> Digest {
    match digest {
        Digest::Crc64nvme(sum) => Digest::Crc64nvme(sum ^ 1),
        Digest::Crc32c(sum) => Digest::Crc32c(sum ^ 1),
        Digest::Md5(mut sum) => {
            sum[0] ^= 1;
            Digest::Md5(sum)
        }
    }
}

/// Bytes that look random, the same for the same seed (SplitMix64).
pub fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed;
    let mut out = Vec::with_capacity(len + 8);
    while out.len() < len {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        out.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    out.truncate(len);
    out
}
