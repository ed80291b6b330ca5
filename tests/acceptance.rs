//! What a person would notice, in one binary.

mod keychain;
mod rooms;
mod simulator;
