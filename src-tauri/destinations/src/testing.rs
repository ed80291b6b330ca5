//! What the tests of this room share.

use bytes::Bytes;
use gantry_model::{Body, Digest, Existing, Key, Outgoing};

/// A body with its digest.
pub(crate) fn body(bytes: &[u8]) -> Body {
    Body { digest: Digest::Crc64nvme(crc_fast::crc64_nvme(bytes)), bytes: Bytes::copy_from_slice(bytes) }
}

/// An object on its way that must not replace anything.
pub(crate) fn outgoing(key: &str, size: usize) -> Outgoing {
    Outgoing {
        key: Key(key.to_owned()),
        size: size as u64,
        content_type: "image/jpeg".to_owned(),
        mtime_ns: 1_700_000_000_123_456_789,
        existing: Existing::Refuse,
    }
}

pub(crate) mod server;

pub(crate) mod platform;
