//! The fakes of the labelling platforms, proven by the vendors' own SDKs.

mod proven;
mod switches;
