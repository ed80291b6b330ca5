//! The platforms' ways of writing rows into files: read, checked, mended and written. Pure: text in, words out.
//! What a form has no neutral word for is kept as it is written, so that reading and writing loses nothing.

mod address;
mod ango;
mod finder;
mod keys;
mod labelbox;
mod neutral;
mod object;
mod segments;
mod signed;
mod urls;

use gantry_model::manifest::Dialect;
pub(crate) use signed::{Signature, signature};

/// All dialects; the surest to be recognised first.
pub fn dialects() -> [&'static dyn Dialect; 4] {
    [&labelbox::Labelbox, &ango::Ango, &segments::Segments, &urls::Urls]
}

#[cfg(test)]
mod tests;
