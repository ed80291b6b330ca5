//! Requests by kind. Counting costs one addition, so that it can stay on while time is measured.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One object in one request.
    Put,
    /// What is there under a key.
    Head,
    /// A page of a listing.
    List,
    /// The begin of an object in parts.
    Begin,
    /// One part.
    Part,
    /// The parts that are there.
    Parts,
    /// The end of an object in parts.
    Seal,
    /// The parts thrown away.
    Abort,
    /// An object taken away.
    Delete,
    /// Anything else: bucket requests, reading.
    Other,
}

const NAMES: [&str; 10] = ["put", "head", "list", "begin", "part", "parts", "seal", "abort", "delete", "other"];

/// The requests that a server has had.
#[derive(Debug, Default)]
pub struct Counts {
    kinds: [AtomicU64; NAMES.len()],
    bytes: AtomicU64,
    connections: AtomicU64,
}

impl Counts {
    /// Requests of one kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.kinds[kind as usize].load(Relaxed)
    }

    /// Requests of all kinds.
    pub fn total(&self) -> u64 {
        self.kinds.iter().map(|kind| kind.load(Relaxed)).sum()
    }

    /// Bytes of content that came in.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Connections that were opened.
    pub fn connections(&self) -> u64 {
        self.connections.load(Relaxed)
    }

    /// Starts counting anew.
    pub fn reset(&self) {
        for counter in self.kinds.iter().chain([&self.bytes, &self.connections]) {
            counter.store(0, Relaxed);
        }
    }

    /// One JSON object: a number for each kind, `total`, `bytes` and `connections`.
    pub fn json(&self) -> String {
        let mut out = String::from("{");
        for (name, kind) in NAMES.iter().zip(&self.kinds) {
            let _ = write!(out, "\"{name}\":{},", kind.load(Relaxed));
        }
        let _ = write!(out, "\"total\":{},\"bytes\":{},", self.total(), self.bytes());
        let _ = write!(out, "\"connections\":{}}}", self.connections());
        out
    }

    pub(super) fn requested(&self, kind: Kind) {
        self.kinds[kind as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn received(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }
}
