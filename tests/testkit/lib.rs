//! Pieces that the acceptance tests and the benchmarks share: stores, servers, trees, digests.
//! Nothing here is part of the product, and nothing here leaves the loopback address or its temporary folder.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test kit fails a test by panicking")]

pub mod bureau;
pub mod call;
pub mod cloud;
pub mod digests;
pub mod faulty;
pub mod pictures;
pub mod platforms;
pub mod scripted_server;
pub mod secrets;
pub mod servers;
pub mod trees;
pub mod void_server;

use std::path::PathBuf;

/// The folder `tests` of the checkout that is tested. Where checkouts share what was built, a test may have been built in
/// another one, so whoever starts it is asked first.
#[must_use]
pub fn here() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}
