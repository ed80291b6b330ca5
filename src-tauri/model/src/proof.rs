//! Digests and proofs: what was computed here, and what the store said about the sealed object.
//! A proof is only ever made from a store's own answer.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The digests that a store may want or report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// CRC-64/NVME, S3's default since December 2024; always a checksum of the full object.
    Crc64nvme,
    /// CRC-32C (Castagnoli), taken by S3 and Google Cloud Storage.
    Crc32c,
    /// MD5: the ETag of an S3 object that was sent in one request without KMS encryption.
    Md5,
}

impl Algorithm {
    /// The name as receipts and windows show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc64nvme => "CRC64NVME",
            Self::Crc32c => "CRC32C",
            Self::Md5 => "MD5",
        }
    }
}

/// A digest with its algorithm. Two digests are comparable only when the algorithm is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// CRC-64/NVME as a number.
    Crc64nvme(u64),
    /// CRC-32C as a number.
    Crc32c(u32),
    /// The sixteen bytes of an MD5.
    Md5([u8; 16]),
}

impl Digest {
    /// Which algorithm made it.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Crc64nvme(_) => Algorithm::Crc64nvme,
            Self::Crc32c(_) => Algorithm::Crc32c,
            Self::Md5(_) => Algorithm::Md5,
        }
    }

    /// The bytes, most significant first: the order in which S3 writes its checksums.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Crc64nvme(sum) => sum.to_be_bytes().to_vec(),
            Self::Crc32c(sum) => sum.to_be_bytes().to_vec(),
            Self::Md5(sum) => sum.to_vec(),
        }
    }

    /// Reads the bytes back; `None` when the length does not fit the algorithm.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::Crc64nvme => Self::Crc64nvme(u64::from_be_bytes(bytes.try_into().ok()?)),
            Algorithm::Crc32c => Self::Crc32c(u32::from_be_bytes(bytes.try_into().ok()?)),
            Algorithm::Md5 => Self::Md5(bytes.try_into().ok()?),
        })
    }

    /// Reads what `Display` wrote after the colon.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
            return None;
        }
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect();
        Self::from_bytes(algorithm, &bytes?)
    }

    /// Lower-case hexadecimal, as receipts write it.
    pub fn hex(&self) -> String {
        self.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm().name(), self.hex())
    }
}

/// How an object was proven to hold what was read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The store reported this digest after sealing, and it equals the one computed while reading.
    Checksum(Digest),
    /// The store reported the right size, and no checksum. Never shown as "verified by checksum".
    Size,
    /// The store answered that it took the object, and tells neither size nor checksum. Never shown as verified.
    Accepted,
}

impl Proof {
    /// `checksum`, `size` or `accepted`, the words of journal and receipt.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Checksum(_) => "checksum",
            Self::Size => "size",
            Self::Accepted => "accepted",
        }
    }
}
