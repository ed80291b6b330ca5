//! What a person would notice, in one binary.

mod simulator;
