//! The queue: a pure core that decides, couriers that carry out, a runner that joins them with the journal.
//! The core alone changes states. Facts go to the journal first; what people see comes from what was committed.

pub mod clerk;
pub mod core;
pub mod courier;
pub mod desk;
pub mod errand;
pub mod flow;
pub mod lanes;
pub mod patience;
pub mod runner;
