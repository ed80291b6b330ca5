//! A table's bytes as UTF-8, a stretch at a time: UTF-8 with and without its mark, UTF-16 in both orders.

use std::io::{self, Read};

/// Bytes that are read at a time.
const STRETCH: usize = 64 * 1024;
/// A byte that is in no UTF-8: half a character of UTF-16 becomes this, and is found where its line is known.
const NO_TEXT: u8 = 0xff;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Unknown,
    Utf8,
    Utf16 { big: bool },
}

/// Text on its way.
#[derive(Debug)]
pub(super) struct Text<R> {
    from: R,
    written: Written,
    raw: Vec<u8>,
    /// Half of a unit or of a pair that the last stretch ended in.
    high: Option<u16>,
    half: Option<u8>,
}

impl<R: Read> Text<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, written: Written::Unknown, raw: vec![0; STRETCH], high: None, half: None }
    }

    /// Adds the next stretch; false at the end.
    pub(super) fn add_to(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        let got = self.fill()?;
        let raw = std::mem::take(&mut self.raw);
        let mut bytes = &raw[..got];
        if self.written == Written::Unknown {
            let (written, mark) = recognise(bytes);
            (self.written, bytes) = (written, &bytes[mark..]);
        }
        match self.written {
            Written::Utf16 { big } => self.decode(bytes, big, got == 0, out),
            Written::Utf8 | Written::Unknown => out.extend_from_slice(bytes),
        }
        self.raw = raw;
        Ok(got > 0)
    }

    /// A whole stretch where there is one: what is recognised at the beginning needs more than a few bytes.
    fn fill(&mut self) -> io::Result<usize> {
        let mut got = 0;
        while got < STRETCH {
            match self.from.read(&mut self.raw[got..]) {
                Ok(0) => break,
                Ok(more) => got += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(got)
    }

    fn decode(&mut self, bytes: &[u8], big: bool, ended: bool, out: &mut Vec<u8>) {
        for byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            self.unit(if big { u16::from_be_bytes([first, *byte]) } else { u16::from_le_bytes([first, *byte]) }, out);
        }
        if ended && (self.half.take().is_some() || self.high.take().is_some()) {
            out.push(NO_TEXT);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let high = self.high.take();
        if (0xd800..0xdc00).contains(&unit) {
            if high.is_some() {
                out.push(NO_TEXT);
            }
            self.high = Some(unit);
            return;
        }
        let units = [high.unwrap_or(unit), unit];
        for decoded in char::decode_utf16(units[usize::from(high.is_none())..].iter().copied()) {
            match decoded {
                Ok(letter) => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => out.push(NO_TEXT),
            }
        }
    }
}

/// How it is written, and the length of the mark that says so. Without a mark, zeroes at every second place show UTF-16.
fn recognise(bytes: &[u8]) -> (Written, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => return (Written::Utf8, 3),
        [0xff, 0xfe, ..] => return (Written::Utf16 { big: false }, 2),
        [0xfe, 0xff, ..] => return (Written::Utf16 { big: true }, 2),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(4096)];
    let zeroes = |at: usize| head.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    // Half of the bytes stand at each place; text has letters whose other byte is zero too, but few.
    let mostly = |many: usize, few: usize| many * 4 > head.len() && few * 8 < many;
    match (zeroes(0), zeroes(1)) {
        (few, many) if mostly(many, few) => (Written::Utf16 { big: false }, 0),
        (many, few) if mostly(many, few) => (Written::Utf16 { big: true }, 0),
        _ => (Written::Utf8, 0),
    }
}
