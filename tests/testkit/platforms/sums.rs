//! What a storage makes of the content that comes, and what it tells about it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::{CrcAlgorithm, Digest as Crc};
use md5::{Digest as _, Md5};

/// Which checksum a storage tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sums {
    /// The MD5, as the ETag.
    #[default]
    Md5,
    /// S3 with a key of the owner's own: the ETag is no MD5, and the checksum that S3 makes by itself is told with it.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>. That the answer to a form tells it too is said
    /// nowhere, so here it does not.
    Crc64nvme,
    /// Google's storage: `x-goog-hash`, of which every object has a CRC32C.
    /// <https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash>
    Crc32c,
}

/// How content is taken in: which checksum is made, and up to which size it is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Intake {
    pub(super) keep: usize,
    pub(super) sums: Sums,
}

/// A sum in the making.
pub(super) enum Summing {
    Md5(Md5),
    Crc(Sums, Box<Crc>),
}

impl Summing {
    pub(super) fn new(sums: Sums) -> Self {
        match sums {
            Sums::Md5 => Self::Md5(Md5::default()),
            Sums::Crc64nvme => Self::Crc(sums, Box::new(Crc::new(CrcAlgorithm::Crc64Nvme))),
            Sums::Crc32c => Self::Crc(sums, Box::new(Crc::new(CrcAlgorithm::Crc32Iscsi))),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(sum) => sum.update(bytes),
            Self::Crc(_, sum) => sum.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Sum {
        match self {
            Self::Md5(sum) => Sum { sums: Sums::Md5, bytes: sum.finalize().to_vec() },
            Self::Crc(sums, sum) => {
                let bytes = sum.finalize().to_be_bytes();
                Sum { sums, bytes: if sums == Sums::Crc32c { bytes[4..].to_vec() } else { bytes.to_vec() } }
            }
        }
    }
}

/// The checksum of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    sums: Sums,
    bytes: Vec<u8>,
}

impl Sum {
    /// In hexadecimal.
    pub fn hex(&self) -> String {
        self.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Headers by which it is told; `asked` where a client has a right to S3's own checksum: after a PUT, and in a HEAD that
    /// wants it.
    pub(super) fn headers(&self, asked: bool) -> Vec<(&'static str, String)> {
        let own_key = ("x-amz-server-side-encryption", "aws:kms".to_owned());
        // An ETag of the same form, which is not the content's MD5.
        let etag = ("etag", format!("\"{:0>32}\"", self.hex()));
        match self.sums {
            Sums::Md5 => vec![etag],
            Sums::Crc64nvme if asked => {
                vec![etag, own_key, ("x-amz-checksum-crc64nvme", STANDARD.encode(&self.bytes)), full()]
            }
            Sums::Crc64nvme => vec![etag, own_key],
            Sums::Crc32c => {
                vec![("etag", "\"CJ/x=\"".to_owned()), ("x-goog-hash", format!("crc32c={}", STANDARD.encode(&self.bytes)))]
            }
        }
    }
}

fn full() -> (&'static str, String) {
    ("x-amz-checksum-type", "FULL_OBJECT".to_owned())
}
