//! A column of names for a table that has none: behind all others, in its head and in every record.

use super::super::opening::Manifest;
use super::super::quoting::push_cell;
use gantry_model::manifest::{About, Change, RowText};

#[derive(Clone, Debug)]
pub(crate) struct NewColumn {
    delimiter: u8,
    field: String,
}

impl NewColumn {
    /// None where nothing is to be named, and where there is a column for names or no head to put one into.
    pub(crate) fn of(manifest: &Manifest, matters: &[About]) -> Option<Self> {
        let delimiter = manifest.layout.delimiter().filter(|_| matters.contains(&About::KeyMissing) && !manifest.headless())?;
        let field = manifest.dialect.key_field();
        let known = manifest.columns.iter().flatten().any(|column| column == field);
        let taken = manifest.heads.iter().any(|head| head.trim().eq_ignore_ascii_case(field));
        (!known && !taken).then(|| Self { delimiter, field: field.to_owned() })
    }

    /// The change goes into no cell that is there.
    pub(super) fn holds(row: &RowText<'_>, change: &Change) -> bool {
        row.table && change.at >= row.value.end
    }

    /// What stands before the first record, its head longer by one cell. Bytes: what cannot be read may stand there too.
    pub(crate) fn head(&self, text: &[u8]) -> Vec<u8> {
        let begin = breaks(text);
        let (head, rest) = text.split_at(begin + head_of(&text[begin..]).len());
        let mut cell = String::new();
        self.cell(&mut cell, &self.field);
        [head, cell.as_bytes(), rest].concat()
    }

    /// As [`Self::head`], of a text.
    pub(crate) fn head_text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.head(text.as_bytes())).into_owned()
    }

    /// The cell of one record.
    pub(super) fn put(&self, line: &mut String, row: &RowText<'_>, changes: &[Change]) {
        let name = changes.iter().find(|change| Self::holds(row, change)).map_or("", |change| &change.after);
        self.cell(line, name);
    }

    fn cell(&self, line: &mut String, text: &str) {
        line.push(char::from(self.delimiter));
        push_cell(line, text, self.delimiter);
    }
}

/// The head of a table as it stands: up to the first line break that is in no quotes.
pub(crate) fn head_of(text: &[u8]) -> &[u8] {
    let text = &text[breaks(text)..];
    let mut quoted = false;
    let ends = |byte: &u8| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b'\r' | b'\n')
    };
    text.iter().position(ends).map_or(text, |end| &text[..end])
}

fn breaks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}
