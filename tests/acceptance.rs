//! Acceptance tests.

mod keychain;
mod rooms;
