//! Positions in XMP: every name that begins with GPS, whoever's it is, gives way to spaces, so that no length changes.

use super::{MOST_BESIDE, Odd, Patch};
use crate::probe::Window;

/// The changes in the XMP of `length` bytes at `at`.
pub(super) fn at(window: &mut Window<'_>, at: u64, length: u64) -> Result<Vec<Patch>, Odd> {
    if length > MOST_BESIDE {
        return Err(Odd);
    }
    // A packet that is cut off is changed as far as it goes.
    let text = window.some(at, length as usize).to_vec();
    let spans = spans(&text)?;
    Ok(spans
        .into_iter()
        .map(|(from, to)| Patch { at: at + from as u64, take: (to - from) as u64, put: vec![b' '; to - from] })
        .collect())
}

/// Whether there is something to take out.
pub(super) fn speaks_of_position(text: &[u8]) -> bool {
    spans(text).map_or(true, |spans| !spans.is_empty())
}

fn spans(text: &[u8]) -> Result<Vec<(usize, usize)>, Odd> {
    let (mut found, mut at) = (Vec::new(), 0);
    // Two bytes a letter: rare, and not read here.
    if text.windows(5).any(|five| five.eq_ignore_ascii_case(b"g\0p\0s")) {
        return Err(Odd);
    }
    while let Some(colon) = text.get(at..).and_then(|rest| rest.windows(4).position(|four| four.eq_ignore_ascii_case(b":gps"))) {
        let colon = at + colon;
        let begin = text[..colon].iter().rposition(|byte| !is_name(*byte)).map_or(0, |before| before + 1);
        let end = text[colon + 1..].iter().position(|byte| !is_name(*byte)).map_or(text.len(), |behind| colon + 1 + behind);
        at = end;
        let Some(before) = begin.checked_sub(1).map(|before| text[before]) else { continue };
        let span = match before {
            b'<' => Some((begin - 1, element(text, begin, end).ok_or(Odd)?)),
            b' ' | b'\t' | b'\r' | b'\n' => attribute(text, end).map(|end| (begin, end)),
            _ => None,
        };
        if let Some((from, to)) = span {
            found.push((from, to));
            at = to;
        }
    }
    Ok(found)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}

/// Where an attribute ends whose name ends at `at`; `None` for a word in a text.
fn attribute(text: &[u8], at: usize) -> Option<usize> {
    let at = behind_spaces(text, at);
    if text.get(at) != Some(&b'=') {
        return None;
    }
    let at = behind_spaces(text, at + 1);
    let quote = *text.get(at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    Some(at + 1 + text[at + 1..].iter().position(|byte| *byte == quote)? + 1)
}

/// Where an element ends whose name stands from `begin` to `end`.
fn element(text: &[u8], begin: usize, end: usize) -> Option<usize> {
    let (mut at, mut quote) = (end, None);
    while let Some(byte) = text.get(at) {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'>') => break,
            (None, _) => {}
        }
        at += 1;
    }
    if text.get(at)? == &b'>' && text[at - 1] == b'/' {
        return Some(at + 1);
    }
    let close = [b"</", &text[begin..end]].concat();
    let closes = at + text[at..].windows(close.len()).position(|window| window == close)?;
    Some(closes + text[closes..].iter().position(|byte| *byte == b'>')? + 1)
}

fn behind_spaces(text: &[u8], at: usize) -> usize {
    at + text.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for (from, to) in spans(&bytes).unwrap() {
            bytes[from..to].fill(b' ');
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_position_gives_way_and_everything_else_stays_where_it_was() {
        let text = r#"<rdf:Description dc:title="a:b" exif:GPSLatitude="47,22.5N" drone-dji:GpsLongtitude='8.5' xmp:Rating="3">
            <exif:GPSAltitude>408/1</exif:GPSAltitude><exif:GPSTrack x=">"/><dc:x>of :gps nothing</dc:x></rdf:Description>"#;
        let clean = cleaned(text);
        assert_eq!(clean.len(), text.len());
        assert!(
            !clean.contains("47,22") && !clean.contains("8.5") && !clean.contains("408") && !clean.contains("GPSTrack"),
            "{clean}"
        );
        for kept in [r#"dc:title="a:b""#, r#"xmp:Rating="3""#, "of :gps nothing</dc:x></rdf:Description>"] {
            assert!(clean.contains(kept), "{kept} is gone: {clean}");
        }
        assert!(speaks_of_position(text.as_bytes()) && !speaks_of_position(clean.as_bytes()));
    }

    #[test]
    fn an_element_that_never_ends_is_odd() {
        assert_eq!(spans(b"<exif:GPSLatitude>47"), Err(Odd));
        assert_eq!(spans(b"<exif:GPSLatitude"), Err(Odd));
    }
}
