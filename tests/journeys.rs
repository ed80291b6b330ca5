//! Whole journeys through the engine: drop to receipt, again, cut off at every point, changed under our feet.

mod benches;
mod copies;
mod crash;
mod registering;
mod rig;
mod tables;
mod whole;
