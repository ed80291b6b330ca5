//! A value of checked JSON text, read where it stands.

use super::{FieldSpan, Kind, Span, scan, skip_space};
use std::borrow::Cow;

/// One value. Its text was checked by [`scan`]; what is asked of it costs no copy unless text has escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    whole: &'a str,
    span: Span,
}

impl<'a> Value<'a> {
    /// The value at a place of a checked text.
    pub fn new(whole: &'a str, span: Span) -> Self {
        Self { whole, span }
    }

    /// Where it stands in its row's text.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.span.kind
    }

    /// As it is written.
    pub fn raw(&self) -> &'a str {
        self.whole.get(self.span.at..self.span.end).unwrap_or_default()
    }

    /// The text of a text; none of anything else. Half a surrogate pair becomes `U+FFFD`.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        text(self.whole, self.span)
    }

    /// The values of a list; none of anything else.
    pub fn items(&self) -> Vec<Value<'a>> {
        let bytes = self.whole.as_bytes();
        let (mut items, mut spare) = (Vec::new(), Vec::new());
        let mut at = self.span.at + 1;
        while self.span.kind == Kind::List && bytes.get(skip_space(bytes, at)).is_some_and(|byte| *byte != b']') {
            let Ok(item) = scan(bytes, at, &mut spare) else { break };
            items.push(Value::new(self.whole, item.span));
            at = skip_space(bytes, item.span.end) + 1;
            if bytes.get(at - 1) != Some(&b',') {
                break;
            }
        }
        items
    }

    /// The fields of an object, in order; none of anything else.
    pub fn fields(&self) -> Vec<(Cow<'a, str>, Value<'a>)> {
        let mut spans: Vec<FieldSpan> = Vec::new();
        if self.span.kind != Kind::Object || scan(self.whole.as_bytes(), self.span.at, &mut spans).is_err() {
            return Vec::new();
        }
        let one = |field: &FieldSpan| Some((text(self.whole, field.name)?, Value::new(self.whole, field.value)));
        spans.iter().filter_map(one).collect()
    }

    /// A field of an object by its name: the last of that name, as most programs read it.
    pub fn field(&self, name: &str) -> Option<Value<'a>> {
        self.fields().into_iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// The text between the quotes.
pub(super) fn text(whole: &str, span: Span) -> Option<Cow<'_, str>> {
    match span.kind {
        Kind::Text => whole.get(span.at + 1..span.end - 1).map(Cow::Borrowed),
        Kind::Escaped => whole.get(span.at..span.end).map(|raw| Cow::Owned(unescape(raw))),
        _ => None,
    }
}

fn unescape(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| lossy(raw))
}

/// Only half of a surrogate pair is grammar and still no character.
fn lossy(raw: &str) -> String {
    let mut whole = String::from("\"");
    let mut rest = raw.trim_matches('"');
    while let Some(at) = rest.find('\\') {
        let taken = if rest[at..].starts_with("\\u") { 6 } else { 2 };
        let pair = rest.get(at..at + 12).filter(|pair| serde_json::from_str::<String>(&format!("\"{pair}\"")).is_ok());
        let one = rest.get(at..at + taken).unwrap_or("");
        let kept = pair.filter(|pair| pair.starts_with("\\u") && pair[6..].starts_with("\\u")).unwrap_or(one);
        whole.push_str(&rest[..at]);
        let good = serde_json::from_str::<String>(&format!("\"{kept}\"")).is_ok();
        whole.push_str(if good { kept } else { "\u{fffd}" });
        rest = rest.get(at + kept.len().max(1)..).unwrap_or("");
    }
    whole.push_str(rest);
    whole.push('"');
    serde_json::from_str(&whole).unwrap_or_default()
}
