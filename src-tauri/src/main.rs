//! Starts Gantry.
fn main() {}
