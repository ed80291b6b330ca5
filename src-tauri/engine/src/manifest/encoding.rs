//! What a file's bytes are: UTF-8 as a rule, with or without a mark at its beginning; UTF-16 is read as UTF-8.

use std::io::{self, Read};

/// How a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8; `true` with a byte order mark, which is left out.
    Utf8(bool),
    /// UTF-16, the low byte first; `true` with a byte order mark.
    Utf16Le(bool),
    /// UTF-16, the high byte first; `true` with a byte order mark.
    Utf16Be(bool),
}

impl Encoding {
    /// Judges the first bytes of a file: a mark, or a zero beside the first character, which is ASCII in every manifest.
    pub fn of(first: &[u8]) -> Self {
        match first {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8(true),
            [0xff, 0xfe, ..] => Self::Utf16Le(true),
            [0xfe, 0xff, ..] => Self::Utf16Be(true),
            [first, 0, ..] if is_written(*first) => Self::Utf16Le(false),
            [0, first, ..] if is_written(*first) => Self::Utf16Be(false),
            _ => Self::Utf8(false),
        }
    }

    /// It is UTF-16.
    pub fn is_utf16(self) -> bool {
        !matches!(self, Self::Utf8(_))
    }

    /// The same encoding behind its mark.
    pub(super) fn unmarked(self) -> Self {
        match self {
            Self::Utf8(_) => Self::Utf8(false),
            Self::Utf16Le(_) => Self::Utf16Le(false),
            Self::Utf16Be(_) => Self::Utf16Be(false),
        }
    }

    /// Bytes of its mark.
    pub(super) fn mark_bytes(self) -> usize {
        match self {
            Self::Utf8(true) => 3,
            Self::Utf16Le(true) | Self::Utf16Be(true) => 2,
            _ => 0,
        }
    }
}

/// A character that a manifest may begin with.
fn is_written(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// Reads a text of any encoding as UTF-8. Half pairs of UTF-16 become `U+FFFD`; bytes of UTF-8 pass as they are.
#[derive(Debug)]
pub struct Decoder<R> {
    from: R,
    encoding: Encoding,
    mark: usize,
    raw: Vec<u8>,
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Decoder<R> {
    /// Reads `from` its very first byte on.
    pub fn new(from: R, encoding: Encoding) -> Self {
        Self { from, encoding, mark: encoding.mark_bytes(), raw: Vec::new(), high: None, ready: Vec::new(), given: 0 }
    }

    fn skip_mark(&mut self) -> io::Result<()> {
        let mut mark = [0; 3];
        let count = std::mem::take(&mut self.mark);
        match self.from.read_exact(&mut mark[..count]) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            other => other,
        }
    }

    /// Decodes the next stretch. An odd byte waits for its other half.
    fn refill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(64 << 10, 0);
        let count = self.from.read(&mut self.raw[kept..])?;
        self.raw.truncate(kept + count);
        self.ready.clear();
        self.given = 0;
        let mut text = String::with_capacity(self.raw.len() * 3 / 2);
        let big = matches!(self.encoding, Encoding::Utf16Be(_));
        for pair in self.raw.chunks_exact(2) {
            let unit = if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) };
            push(&mut text, &mut self.high, unit);
        }
        let odd = self.raw.len() % 2;
        self.raw.drain(..self.raw.len() - odd);
        if count == 0 {
            if self.high.take().is_some() || !self.raw.is_empty() {
                text.push('\u{fffd}');
            }
            self.raw.clear();
        }
        self.ready = text.into_bytes();
        Ok(())
    }
}

fn push(text: &mut String, high: &mut Option<u16>, unit: u16) {
    if let Some(first) = high.take() {
        if let Some(Ok(pair)) = char::decode_utf16([first, unit]).next() {
            return text.push(pair);
        }
        text.push('\u{fffd}');
    }
    match unit {
        0xd800..=0xdbff => *high = Some(unit),
        _ => text.push(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}')),
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.mark > 0 {
            self.skip_mark()?;
        }
        if !self.encoding.is_utf16() {
            return self.from.read(to);
        }
        // One round may give nothing but half a pair; an empty round with nothing left is the end.
        while self.given == self.ready.len() {
            let waiting = (self.raw.len(), self.high);
            self.refill()?;
            if self.ready.is_empty() && waiting == (self.raw.len(), self.high) {
                return Ok(0);
            }
        }
        let count = to.len().min(self.ready.len() - self.given);
        to[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        Decoder::new(bytes, Encoding::of(bytes)).read_to_string(&mut text).expect("text");
        text
    }

    #[test]
    fn marks_and_utf_16_are_recognised_and_read() {
        let text = "[\"\u{fc}\u{1f600}\"]";
        let units: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [text.as_bytes().to_vec(), le.clone(), be.clone()] {
            assert_eq!(read(&bytes), text);
        }
        assert_eq!(read(&[&[0xff, 0xfe][..], &le].concat()), text);
        assert_eq!(read(&[&[0xfe, 0xff][..], &be].concat()), text);
        assert_eq!(read(&[&[0xef, 0xbb, 0xbf][..], text.as_bytes()].concat()), text);
        assert_eq!(read(&[&[0xff, 0xfe][..], &le[..le.len() - 1]].concat()), "[\"\u{fc}\u{1f600}\"\u{fffd}");
        for (bytes, shown) in [(&[][..], ""), (&[0xef][..], "\u{fffd}"), (&[0xff, 0xfe][..], "")] {
            let mut all = Vec::new();
            Decoder::new(bytes, Encoding::of(bytes)).read_to_end(&mut all).expect("bytes");
            assert_eq!(String::from_utf8_lossy(&all), shown);
        }
    }

    #[test]
    fn a_pair_may_lie_across_two_stretches() {
        let text = format!("[{}", "\u{1f600}".repeat(40_000));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(read(&bytes) == text);
    }
}
