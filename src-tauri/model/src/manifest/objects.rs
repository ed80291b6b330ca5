//! The contract of looking at objects by their addresses. A manifest is somebody else's text: whoever keeps this contract
//! asks nobody whom the person did not mean, and never says what stands behind the `?` of an address.

use async_trait::async_trait;
use std::fmt;
use std::time::Duration;

/// An object that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectThere {
    /// Bytes, where it is told.
    pub size: Option<u64>,
    /// What changes with its content; empty where it is not told.
    pub etag: String,
}

/// Some bytes of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectBytes {
    /// What is known of the whole.
    pub there: ObjectThere,
    /// The bytes, from the place that was asked for; fewer than asked for at its end.
    pub bytes: Vec<u8>,
}

/// Why an object was not seen. Holds no address: those are the asker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unseen {
    /// Its server says that it is not there: status 404 or 410.
    Missing,
    /// Its server does not let us see it; the status.
    Denied(u16),
    /// The address leads into a private network, to this computer, or to another place that is not on the internet.
    Private,
    /// No web address.
    NoAddress,
    /// Another answer; the status.
    Status(u16),
    /// No answer in time.
    Silent,
    /// Its server could not be reached.
    Unreachable,
    /// Led from address to address without an end, or from a secured one to one that is not.
    Astray,
    /// The server gives it only as a whole, not the bytes that were asked for.
    NotInPieces,
}

impl Unseen {
    /// The word under `manifest-unseen-`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Denied(_) => "denied",
            Self::Private => "private",
            Self::NoAddress => "no-address",
            Self::Status(_) => "status",
            Self::Silent => "silent",
            Self::Unreachable => "unreachable",
            Self::Astray => "astray",
            Self::NotInPieces => "not-in-pieces",
        }
    }

    /// The status that a server gave; 0 where there was none.
    pub fn status(self) -> u16 {
        match self {
            Self::Denied(status) | Self::Status(status) => status,
            _ => 0,
        }
    }
}

/// Looks at objects. Each call is one question with its own limit in time; none is repeated by itself.
#[async_trait]
pub trait Objects: fmt::Debug + Send + Sync {
    /// Is it there? Its content is not read.
    async fn find(&self, url: &str) -> Result<ObjectThere, Unseen>;
    /// At most `most` of its bytes, from `at` on.
    async fn bytes(&self, url: &str, at: u64, most: usize) -> Result<ObjectBytes, Unseen>;
    /// The address signed anew for so long; none where its object lies in no connected bucket, or cannot be signed.
    async fn sign(&self, url: &str, life: Duration) -> Option<String>;
    /// What tells this address from others without telling what is secret in it.
    fn identity(&self, url: &str) -> String;
}
