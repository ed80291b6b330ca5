//! The fakes of the labelling platforms, proven by the vendors' own SDKs, and Gantry's own traffic beside theirs.

mod own;
mod proven;
mod switches;
