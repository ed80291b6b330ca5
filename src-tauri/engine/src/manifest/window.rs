//! A stretch of a file in memory, moving forward; knows the line and column of its beginning.
//! Grows only for a single row that is longer than it, up to a cap.

use std::io::{self, Read};

/// Bytes read at once by who reads everything.
pub(super) const STEP: usize = 256 << 10;
/// Bytes by which it grows at most.
const MOST: usize = 16 << 20;

/// The stretch.
#[derive(Debug)]
pub(super) struct Window<R> {
    from: R,
    step: usize,
    bytes: Vec<u8>,
    begin: usize,
    filled: usize,
    ended: bool,
    /// Offset of `begin` in the stream.
    offset: u64,
    line: u64,
    column: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(from: R, step: usize) -> Self {
        Self { from, step, bytes: Vec::new(), begin: 0, filled: 0, ended: false, offset: 0, line: 1, column: 1 }
    }

    /// As [`Window::new`], in the middle of a text: so many bytes of it lie before, and this line and column begin here.
    pub(super) fn at(from: R, step: usize, offset: u64, line: u64, column: u64) -> Self {
        Self { offset, line, column, ..Self::new(from, step) }
    }

    /// What is known of the stream from here on.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.begin..self.filled]
    }

    /// Nothing follows what is known.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Offset in the stream.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Makes more of the stream known: as much again as is known already, so that growing costs no more than reading
    /// twice, but never more than [`MOST`] at once. False at the end.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.begin > 0 {
            self.bytes.copy_within(self.begin..self.filled, 0);
            self.filled -= self.begin;
            self.begin = 0;
        }
        let wanted = self.filled + self.filled.clamp(self.step, MOST);
        if self.bytes.len() < wanted {
            self.bytes.resize(wanted, 0);
        }
        let before = self.filled;
        while self.filled < wanted {
            match self.from.read(&mut self.bytes[self.filled..wanted]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.filled > before)
    }

    /// Goes forward over so many bytes.
    pub(super) fn advance(&mut self, count: usize) {
        let passed = &self.bytes[self.begin..self.begin + count];
        (self.line, self.column) = moved(passed, self.line, self.column);
        self.begin += count;
        self.offset += count as u64;
        if self.begin == self.filled && self.bytes.len() > 4 * STEP {
            // One huge row is no reason to stay huge.
            (self.begin, self.filled) = (0, 0);
            self.bytes = Vec::new();
        }
    }

    /// Line and column of the byte that lies so far ahead.
    pub(super) fn place(&self, ahead: usize) -> (u64, u64) {
        let bytes = self.bytes();
        moved(&bytes[..ahead.min(bytes.len())], self.line, self.column)
    }

    /// Goes forward over white space and gives the byte behind it; none at the end.
    pub(super) fn skip_space(&mut self) -> io::Result<Option<u8>> {
        loop {
            let at = gantry_model::json::skip_space(self.bytes(), 0);
            self.advance(at);
            if let Some(byte) = self.bytes().first() {
                return Ok(Some(*byte));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// How far ahead the line ends, its break included; looks no farther than `most` bytes.
    pub(super) fn line_end(&mut self, most: usize) -> io::Result<Option<usize>> {
        let mut seen = 0;
        loop {
            if let Some(at) = self.bytes()[seen..].iter().position(|byte| *byte == b'\n') {
                return Ok(Some(seen + at + 1));
            }
            seen = self.bytes().len();
            if seen >= most || !self.more()? {
                return Ok(self.ended.then_some(seen));
            }
        }
    }

    /// Goes forward to the beginning of the next line, however far it is. False at the end.
    pub(super) fn next_line(&mut self) -> io::Result<bool> {
        loop {
            if let Some(at) = self.bytes().iter().position(|byte| *byte == b'\n') {
                self.advance(at + 1);
                return Ok(true);
            }
            self.advance(self.bytes().len());
            if !self.more()? {
                return Ok(false);
            }
        }
    }
}

/// Line and column behind some bytes.
pub(super) fn moved(passed: &[u8], line: u64, column: u64) -> (u64, u64) {
    let breaks = passed.iter().filter(|byte| **byte == b'\n').count();
    if breaks == 0 {
        return (line, column + characters(passed));
    }
    let last = passed.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line + breaks as u64, 1 + characters(&passed[last..]))
}

/// Characters in UTF-8: all bytes but those that go on with one.
fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u64
}
