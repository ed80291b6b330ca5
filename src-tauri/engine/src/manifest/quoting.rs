//! Cells of tables and texts of JSON, into each other.

use super::pieces::Cell;
use gantry_model::json::{Kind, scan, skip_space};
use std::borrow::Cow;

/// Names of fields that are text whatever they look like.
const TEXTS: &[&str] = &["key", "external_id", "global_key", "externalId", "name", "url", "media_type"];
/// Names of fields that may be numbers.
const NUMBERS: &[&str] = &["width", "height", "priority"];

/// What a cell says.
pub(super) fn cell(bytes: &[u8], cell: Cell) -> Cow<'_, str> {
    let raw = &bytes[cell.at..cell.end];
    if !cell.quoted || raw.len() < 2 {
        return String::from_utf8_lossy(raw);
    }
    match String::from_utf8_lossy(&raw[1..raw.len() - 1]) {
        text if text.contains("\"\"") => Cow::Owned(text.replace("\"\"", "\"")),
        text => text,
    }
}

/// Adds a cell that says this text; quotes only where they are needed.
pub(super) fn push_cell(line: &mut String, text: &str, delimiter: u8) {
    let needs = |c: char| matches!(c, '"' | '\n' | '\r') || c == char::from(delimiter);
    if !text.contains(needs) {
        return line.push_str(text);
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

/// Adds a JSON text.
pub(super) fn push_text(to: &mut String, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        to.push('"');
        to.push_str(text);
        return to.push('"');
    }
    to.push_str(&serde_json::Value::from(text).to_string());
}

/// A cell of this name and text is written into the row as JSON rather than as text: lists and objects; numbers and the
/// like only where the field may be one. Text that would be taken for JSON is written with JSON's quotes in a cell.
pub(super) fn stands_for_json(name: &str, text: &str) -> bool {
    let Some(kind) = kind(text) else { return false };
    match kind {
        Kind::Object | Kind::List => !TEXTS.contains(&name),
        _ => NUMBERS.contains(&name) || name.starts_with("metadata.") || name.contains(':'),
    }
}

/// What a text is as a whole, when it is JSON.
fn kind(text: &str) -> Option<Kind> {
    let first = text.trim_start().bytes().next()?;
    if !matches!(first, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') {
        return None;
    }
    let scanned = scan(text.as_bytes(), 0, &mut Vec::new()).ok()?;
    (skip_space(text.as_bytes(), scanned.span.end) == text.len()).then_some(scanned.span.kind)
}
