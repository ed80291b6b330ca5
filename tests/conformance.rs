//! The suite that every store passes, and one short file for each store that says how it is started.
//! What a store cannot do is written as an exception beside the behaviour, and must really fail there.

mod behaviour;
mod cloud;
mod folder;
mod golden;
mod golden_files;
mod kit;
mod listing;
mod objects;
mod parts;
mod presigned;
mod s3;
mod s3_words;
mod site;
mod truth;
mod writing;
