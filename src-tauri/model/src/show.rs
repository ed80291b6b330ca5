//! Display forms: what may be shown to a person, written to a terminal or put into JSON.
//! A shown name can never move a cursor, break a line or turn the direction of writing.

use std::borrow::Cow;

/// The display form of a raw path or name: bad bytes as `%XX`, control and direction characters spelled out.
pub fn path(raw: &[u8]) -> String {
    let mut shown = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        push_text(&mut shown, chunk.valid());
        for byte in chunk.invalid() {
            shown.push_str(&format!("%{byte:02X}"));
        }
    }
    shown
}

/// The raw path, where its display form says something else; empty otherwise.
pub fn raw_beside(shown: &str, raw: &[u8]) -> Vec<u8> {
    if shown.as_bytes() == raw { Vec::new() } else { raw.to_vec() }
}

/// The display form of a text from somewhere else.
pub fn text(raw: &str) -> String {
    let mut shown = String::with_capacity(raw.len());
    push_text(&mut shown, raw);
    shown
}

/// True for characters that turn the direction of writing (Unicode Bidi_Control).
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn push_text(shown: &mut String, text: &str) {
    if !text.chars().any(|c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        shown.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '\n' => shown.push('␊'),
            '\r' => shown.push('␍'),
            '\t' => shown.push('␉'),
            '\0'..='\u{1f}' => shown.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
            '\u{7f}' => shown.push('␡'),
            c if c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                shown.push_str(&format!("⟨U+{:04X}⟩", c as u32));
            }
            c => shown.push(c),
        }
    }
}

/// What stands in place of a query that carries a signature.
const VEIL: &str = "?⟨signature⟩";
/// Names of queries that let somebody in: AWS 4 and 2, Google, Azure. By the pages on presigned requests of each.
const SIGNATURES: [&str; 5] = ["x-amz-signature", "x-goog-signature", "x-amz-security-token", "signature", "sig"];

/// A text with the query of a signed address taken out of it: a signature is a secret.
pub fn veiled(raw: &str) -> Cow<'_, str> {
    let Some((front, query)) = raw.split_once('?') else { return Cow::Borrowed(raw) };
    if is_signed(query) { Cow::Owned(format!("{front}{VEIL}")) } else { Cow::Borrowed(raw) }
}

/// Does the query of an address let in whoever has it?
pub fn is_signed(query: &str) -> bool {
    let signs = |pair: &str| {
        let name = pair.split_once('=').map(|(name, _)| name.trim_start_matches("amp;"));
        name.is_some_and(|name| SIGNATURES.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    query.split(['&', '?']).any(signs)
}

/// True for what [`veiled`] took a signature out of.
pub fn is_veiled(text: &str) -> bool {
    text.ends_with(VEIL)
}

/// A count with its digits in groups of three.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push('\u{202f}');
        }
        shown.push(digit);
    }
    shown
}

/// Bytes in decimal units: three digits that matter, `1.25 GB`.
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1000 {
        return format!("{number}\u{a0}B");
    }
    let mut value = number as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let places = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.places$}\u{a0}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_address_loses_its_query_and_others_keep_theirs() {
        for query in
            ["X-Amz-Date=1&X-Amz-Signature=ab", "x-goog-signature=a", "AWSAccessKeyId=A&Signature=b&Expires=1", "sv=1&sig=a"]
        {
            let veiled = veiled(&format!("https://b.example.org/a.png?{query}")).into_owned();
            assert_eq!(veiled, "https://b.example.org/a.png?⟨signature⟩");
            assert!(is_veiled(&veiled));
        }
        for plain in ["https://b.example.org/a.png?versionId=3", "Is this a signature?", "a=b", "", "signature=ab"] {
            assert_eq!(veiled(plain), plain);
            assert!(!is_veiled(plain));
        }
    }

    #[test]
    fn names_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(path(b"a\nb\x1b[31m\xff.jpg"), "a␊b␛[31m%FF.jpg");
        assert_eq!(text("photo\u{202e}gpj.exe"), "photo⟨U+202E⟩gpj.exe");
    }

    #[test]
    fn counts_and_sizes_read_well() {
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(999), "999");
        assert_eq!(bytes(999), "999\u{a0}B");
        assert_eq!(bytes(999_950), "1.00\u{a0}MB");
        assert_eq!(bytes(48_200_000_000), "48.2\u{a0}GB");
    }
}
