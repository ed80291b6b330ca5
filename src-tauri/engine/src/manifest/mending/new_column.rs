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

    /// What stands before the first record, its head longer by one cell.
    pub(crate) fn head(&self, text: &str) -> String {
        let begin = text.len() - text.trim_start_matches(['\r', '\n']).len();
        let end = begin + head_of(text).len();
        let mut longer = text[..end].to_owned();
        self.cell(&mut longer, &self.field);
        longer + &text[end..]
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
pub(crate) fn head_of(text: &str) -> &str {
    let text = text.trim_start_matches(['\r', '\n']);
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, '\r' | '\n')
    };
    text.find(ends).map_or(text, |end| &text[..end])
}
