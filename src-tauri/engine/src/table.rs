//! Tables about the files: how they are read, what they are about, where their columns go. No journal, no platform.
//! Nothing is guessed: a name that fits several files fits none, and what cannot be read is said with its line.

mod cells;
mod head;
mod mapping;
mod names;
mod text;

pub use cells::{Cells, Fault, Line};
pub use head::{Head, look};
pub use mapping::{Found, Wishes, found};
pub use names::{Fit, Names};

#[cfg(test)]
mod tests;

/// The trouble of a table that cannot be read to its end: the word under `table-trouble-`, the line, the system's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// `open_quote`, `long_cell`, `wide`, `not_text`, `unreadable`, `empty`, `no_lines`, `no_header`, `no_names`, `uneven`.
    pub word: &'static str,
    /// From 1; 0 where it is at no line.
    pub line: u64,
    /// The system's words, where there are any.
    pub said: String,
}

impl Trouble {
    /// A trouble at a line.
    pub fn at(word: &'static str, line: u64) -> Self {
        Self { word, line, said: String::new() }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self { word: fault.word, line: fault.line, said: fault.said }
    }
}
