//! What a reader meets: rows, and what is wrong between them or instead of them, with its place.

use super::window::moved;
use gantry_model::json::{FieldSpan, Wrong};
use gantry_model::manifest::{About, Place, RowText};
use gantry_model::show;

/// Characters of a line that are shown on either side of a place.
const SHOWN: usize = 90;
/// Bytes on either side in which the ends of a query are looked for.
const FAR: usize = 8 << 10;

/// The next thing in a manifest.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A row whose grammar is good.
    Row(Row<'a>),
    /// Something is wrong.
    Broken(Broken),
}

/// Where a cell of a table stands in its record, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// First byte.
    pub at: usize,
    /// One past the last.
    pub end: usize,
    /// It stands in quotes.
    pub quoted: bool,
}

/// A row, borrowed from its reader.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// From 1.
    pub number: u64,
    /// Where its first byte stands in the file's text, as UTF-8 without a mark.
    pub offset: u64,
    /// Line of its beginning.
    pub line: u64,
    /// Column of its beginning.
    pub column: u64,
    /// What it says.
    pub text: RowText<'a>,
    /// The row as it stands in the file.
    pub source: &'a str,
    /// For rows of tables: the cell of each field, and the number of its column.
    pub cells: &'a [(usize, Cell)],
    /// A number with more digits than a float keeps.
    pub long_number: Option<usize>,
}

impl Row<'_> {
    /// Where in the source a byte of the text comes from.
    fn origin(&self, at: usize) -> usize {
        if !self.text.table {
            return if self.source.len() == self.text.text.len() { at } else { 0 };
        }
        let of = |field: &FieldSpan| field.name.at <= at && at < field.value.end.max(field.name.at + 1);
        let field = self.text.fields.iter().position(of);
        field.and_then(|field| self.cells.get(field)).map_or(0, |(_, cell)| cell.at)
    }

    /// The place of a byte of its text.
    pub fn place(&self, at: usize) -> Place {
        let passed = &self.source.as_bytes()[..self.origin(at).min(self.source.len())];
        let (line, column) = moved(passed, self.line, self.column);
        Place { row: self.number, line, column }
    }

    /// The line around a byte of its text, and how many characters stand before that byte.
    pub fn excerpt(&self, at: usize) -> Excerpt {
        Excerpt::of(self.source.as_bytes(), self.origin(at))
    }
}

/// A stretch of one line, safe to print, and where in it the place is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// At most 200 characters.
    pub text: String,
    /// Characters before the place.
    pub before: usize,
}

impl Excerpt {
    /// The surroundings of a byte. Queries of addresses are left out: that is where signatures are.
    pub(super) fn of(bytes: &[u8], at: usize) -> Self {
        let at = at.min(bytes.len());
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let near = at.saturating_sub(FAR);
        let begin = bytes[near..at].iter().rposition(is_break).map_or(near, |found| near + found + 1);
        let end = bytes[at..bytes.len().min(at + FAR)].iter().position(is_break);
        let end = end.map_or(bytes.len().min(at + FAR), |found| at + found);
        let mut in_query = false;
        let before = show::text(&masked(&String::from_utf8_lossy(&bytes[begin..at]), &mut in_query));
        let after = show::text(&masked(&String::from_utf8_lossy(&bytes[at..end]), &mut in_query));
        let count = before.chars().count();
        let skipped = count.saturating_sub(SHOWN);
        let text: String = before.chars().skip(skipped).chain(after.chars().take(SHOWN)).collect();
        Self { text, before: count - skipped }
    }
}

/// The text with `?` and dots for each query.
pub(crate) fn masked(text: &str, in_query: &mut bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        *in_query &= !(c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '<' | '>'));
        if !*in_query {
            shown.push(c);
        }
        if c == '?' && !*in_query {
            *in_query = true;
            shown.push('\u{2026}');
        }
    }
    shown
}

/// Something that is wrong where a row should be, or between two rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What it is about.
    pub about: About,
    /// The mistake in the grammar, where it is one.
    pub wrong: Option<Wrong>,
    /// Where.
    pub place: Place,
    /// The line.
    pub excerpt: Excerpt,
    /// A row is lost by it.
    pub row_lost: bool,
    /// Where the text goes on behind it, in bytes of the text.
    pub end: u64,
}
