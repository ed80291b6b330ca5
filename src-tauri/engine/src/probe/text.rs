//! Text, JSON and HTML: recognised by a beginning that is valid UTF-8 without control characters.

use super::window::{PAGE, Window};
use super::{End, Found};
use gantry_model::Format;
use gantry_model::measured::{Measured, Words};
use serde::de::IgnoredAny;

/// Text that is read as a whole, to count its characters; of a longer one, this much is looked at.
const COUNTED: u64 = 1 << 20;

/// `Text`, `Html`, `Json` or `Unknown`, from the beginning of content of `size` bytes.
pub(super) fn format(head: &[u8], size: u64) -> Format {
    match readable(head, size) {
        Some(text) if looks_like_json(text) => Format::Json,
        Some(text) if looks_like_html(text) => Format::Html,
        Some(text) if !text.is_empty() => Format::Text,
        _ => Format::Unknown,
    }
}

/// Counts characters, and looks whether they are UTF-8.
pub(super) fn words(window: &mut Window<'_>) -> Measured {
    let size = window.size();
    let (mut at, mut chars) = (0, 0);
    while at < size.min(COUNTED) {
        let bytes = window.some(at, 16 * PAGE);
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // A character may be cut by the end of what was read, but not by the end of the text.
            Err(error) if error.error_len().is_none() && at + (bytes.len() as u64) < size && error.valid_up_to() > 0 => {
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Measured::Words(Words { utf8: false, chars: None }),
        };
        if valid.is_empty() {
            break;
        }
        chars += valid.chars().count() as u64;
        at += valid.len() as u64;
    }
    Measured::Words(Words { utf8: true, chars: (at >= size).then_some(chars) })
}

/// JSON that closes what it opened, as far as its beginning and its last byte tell.
pub(super) fn json(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let tail = window.tail(256);
    let last = tail.iter().rev().find(|byte| !byte.is_ascii_whitespace());
    let closed = last.is_none_or(|byte| matches!(byte, b'}' | b']'));
    let whole = readable(window.head(), size).filter(|_| size == window.head().len() as u64);
    let open = whole.is_some_and(|text| stream(text) == Stream::Open);
    let end = if open || !closed { End::TooEarly } else { End::Fits };
    Found { end, measured: Some(words(window)), ..Found::default() }
}

/// The text that the beginning holds, if it is text. A character cut by the end of the beginning is let go.
fn readable(head: &[u8], size: u64) -> Option<&str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && size > head.len() as u64 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let binary = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}' | '\u{85}');
    (!text.chars().any(binary)).then_some(text)
}

#[derive(Debug, PartialEq, Eq)]
enum Stream {
    /// Values, all closed.
    Closed,
    /// Values, the last one open.
    Open,
    /// Something else.
    Other,
}

/// One JSON value, or one after the other as in JSON Lines.
fn stream(text: &str) -> Stream {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    loop {
        match values.next() {
            None => return Stream::Closed,
            Some(Ok(_)) => {}
            Some(Err(error)) if error.is_eof() => return Stream::Open,
            Some(Err(_)) => return Stream::Other,
        }
    }
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && stream(text) != Stream::Other
}

/// As browsers tell it: a mark of HTML before anything else but blanks and comments.
fn looks_like_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some((_, behind)) = rest.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        rest = behind.trim_start();
    }
    let begins = |mark: &str| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    ["<!doctype html", "<html", "<head", "<body"].into_iter().any(begins)
}
