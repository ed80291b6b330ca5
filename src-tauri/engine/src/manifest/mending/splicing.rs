//! Puts changes into the text of a row, in JSON, in a cell of a table, in a line.

use super::super::pieces::Row;
use super::super::quoting::{self, push_cell};
use super::new_column::NewColumn;
use gantry_model::json::{Kind, Span, Value, scan};
use gantry_model::manifest::{Change, Layout};
use std::collections::BTreeMap;

/// The row with its changes, which come the last place first.
pub(super) fn spliced(row: &Row<'_>, changes: &[Change], layout: Layout, column: Option<&NewColumn>) -> String {
    if let Some(delimiter) = layout.delimiter() {
        let mut line = record(row, changes, delimiter);
        column.into_iter().for_each(|column| column.put(&mut line, &row.text, changes));
        return line;
    }
    let mut text = row.text.text.to_owned();
    changes.iter().for_each(|change| text.replace_range(change.at..change.end, &change.text));
    if layout == Layout::Plain { said(&text).unwrap_or_else(|| row.source.to_owned()) } else { text }
}

/// What a JSON text says.
fn said(text: &str) -> Option<String> {
    let scanned = scan(text.as_bytes(), 0, &mut Vec::new()).ok()?;
    Value::new(text, scanned.span).text().map(std::borrow::Cow::into_owned)
}

/// A record of a table: only changed cells are written anew.
fn record(row: &Row<'_>, changes: &[Change], delimiter: u8) -> String {
    let mut cells: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for (at, field) in row.text.fields.iter().enumerate() {
        let Span { at: begin, end, kind } = field.value;
        let inside: Vec<&Change> = changes.iter().filter(|change| begin <= change.at && change.end <= end).collect();
        let Some((_, cell)) = row.cells.get(at).filter(|_| !inside.is_empty()) else { continue };
        let mut value = row.text.text[begin..end].to_owned();
        inside.iter().for_each(|change| value.replace_range(change.at - begin..change.end - begin, &change.text));
        // What stood as text in the cell stands as text again; JSON stays JSON.
        let json = kind.is_text() && cell_is_json(row, *cell);
        let text = if matches!(kind, Kind::Text | Kind::Escaped) && !json { said(&value).unwrap_or(value) } else { value };
        cells.insert(cell.at, (cell.end, text));
    }
    let mut line = String::with_capacity(row.source.len() + 16);
    let mut at = 0;
    for (begin, (end, text)) in cells {
        line.push_str(&row.source[at..begin]);
        push_cell(&mut line, &text, delimiter);
        at = end;
    }
    line + &row.source[at..]
}

/// The cell says a text with JSON's own quotes.
fn cell_is_json(row: &Row<'_>, cell: super::super::pieces::Cell) -> bool {
    let text = quoting::cell(row.source.as_bytes(), cell);
    text.trim_start().starts_with('"') && scan(text.as_bytes(), 0, &mut Vec::new()).is_ok()
}
