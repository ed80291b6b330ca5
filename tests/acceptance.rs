//! Acceptance tests: what a person would notice, whatever the code looks like inside.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod conformance;
#[path = "journeys/console.rs"]
mod console;
mod journeys;
mod keychain;
mod manifests;
mod platforms;
mod rooms;
mod simulator;
