//! Text and JSON: recognised by a beginning that is valid UTF-8 without control characters.

use super::window::Window;
use super::{End, Found};
use gantry_model::Format;
use serde::de::IgnoredAny;

/// `Text`, `Json` or `Unknown`, from the beginning of content of `size` bytes.
pub(super) fn format(head: &[u8], size: u64) -> Format {
    match readable(head, size) {
        Some(text) if looks_like_json(text) => Format::Json,
        Some(text) if !text.is_empty() => Format::Text,
        _ => Format::Unknown,
    }
}

/// JSON that closes what it opened, as far as its beginning and its last byte tell.
pub(super) fn json(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let tail = window.tail(256);
    let last = tail.iter().rev().find(|byte| !byte.is_ascii_whitespace());
    let closed = last.is_none_or(|byte| matches!(byte, b'}' | b']'));
    let whole = readable(window.head(), size).filter(|_| size == window.head().len() as u64);
    let open = whole.is_some_and(|text| stream(text) == Stream::Open);
    Found::only(if open || !closed { End::TooEarly } else { End::Fits })
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
