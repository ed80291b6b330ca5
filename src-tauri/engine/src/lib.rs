//! This computer: disks, time, journal, keychain. No HTTP, no window.
//! Paths come in, facts are written down, bytes go out through a store that somebody else opens.

pub mod engine;
pub mod home;
pub mod journal;
pub mod keychain;
pub mod queue;

pub use engine::{CannotStart, Engine, Joint};
