//! engine

pub mod keychain;
