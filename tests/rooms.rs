//! The walls of the house: who may import whom, which words belong to which room, how large a thing may be.
//! A wall that stands in the way is moved here, in the open, with its reason in ARCHITECTURE.md.

mod files;
mod layers;
mod paper;
mod rules;
mod rust;
mod sizes;
mod words;
