//! This computer: disks, time, journal, keychain. No HTTP, no window.

pub mod home;
pub mod journal;
