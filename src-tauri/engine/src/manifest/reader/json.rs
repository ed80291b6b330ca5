//! Rows of JSON: the values of one list, or values one after the other.

use super::super::pieces::Broken;
use super::{At, LONGEST, Reader, Ready, Step};
use gantry_model::json::{Slip, Wrong, scan};
use gantry_model::manifest::About;
use std::io::{self, Read};

/// How far behind a mistake the next row is looked for.
const FAR: usize = 1 << 20;

impl<R: Read> Reader<R> {
    pub(super) fn step_in_list(&mut self) -> io::Result<Step> {
        if self.at == At::End {
            return Ok(Step::End);
        }
        let Some(byte) = self.window.skip_space()? else { return Ok(self.cut_off()) };
        match (self.at, byte) {
            (At::Begin, b'[') => {
                self.window.advance(1);
                self.at = At::Row;
                Ok(Step::Again)
            }
            (At::Begin, _) => Ok(self.stop(Wrong::ValueMissing)),
            (_, b']') => self.close(),
            (At::Row, b',') => self.stray_comma(),
            (At::Row, _) => self.value(),
            (_, b',') => {
                self.window.advance(1);
                self.at = At::Row;
                self.comma_before_the_end()
            }
            (_, b'{' | b'"' | b'[') => {
                self.at = At::Row;
                Ok(Step::Broken(self.broken(About::Syntax, Some(Wrong::CommaMissing), 0)))
            }
            _ => Ok(self.stop(Wrong::CommaMissing)),
        }
    }

    /// The list ends, and so should the file.
    fn close(&mut self) -> io::Result<Step> {
        self.window.advance(1);
        self.at = At::End;
        if self.window.skip_space()?.is_some() {
            return Ok(Step::Broken(self.broken(About::Syntax, Some(Wrong::Behind), 0)));
        }
        Ok(Step::End)
    }

    fn stray_comma(&mut self) -> io::Result<Step> {
        let broken = self.broken(About::Syntax, Some(Wrong::CommaTooMany), 0);
        self.window.advance(1);
        Ok(Step::Broken(broken))
    }

    /// A comma was passed: told when nothing but the end follows it.
    fn comma_before_the_end(&mut self) -> io::Result<Step> {
        match self.window.skip_space()? {
            Some(b']') => Ok(Step::Broken(self.broken(About::Syntax, Some(Wrong::CommaTooMany), 0))),
            _ => Ok(Step::Again),
        }
    }

    fn cut_off(&mut self) -> Step {
        self.at = At::End;
        Step::Broken(self.broken(About::Syntax, Some(Wrong::Ends), 0))
    }

    /// What follows cannot be told apart.
    fn stop(&mut self, wrong: Wrong) -> Step {
        self.at = At::End;
        Step::Broken(self.broken(About::Stopped, Some(wrong), 0))
    }

    pub(super) fn step_in_lines(&mut self) -> io::Result<Step> {
        match self.window.skip_space()? {
            None => Ok(Step::End),
            // Lines of a list without its brackets.
            Some(b',') => self.stray_comma(),
            Some(_) => self.value(),
        }
    }

    /// One value. The window stands at its first byte.
    fn value(&mut self) -> io::Result<Step> {
        loop {
            let known = self.window.bytes().len();
            let scanned = scan(self.window.bytes(), 0, &mut self.fields);
            let more = match scanned {
                // A number at the end of what is known may go on.
                Ok(it) => it.span.end == known && !matches!(self.window.bytes()[known - 1], b'}' | b']' | b'"'),
                Err(Slip { wrong: Wrong::Ends, .. }) => true,
                Err(_) => false,
            };
            if more && known < LONGEST && !self.window.ended() {
                self.window.more()?;
                continue;
            }
            return match scanned {
                Ok(it) if it.span.end > LONGEST => {
                    let broken = self.lost(About::TooLong, None, 0);
                    self.window.advance(it.span.end);
                    self.at = At::Behind;
                    Ok(Step::Broken(broken))
                }
                Ok(it) => {
                    self.at = At::Behind;
                    let ready = Ready { value: it.span, source: it.span.end, made: false, long_number: it.long_number };
                    Ok(Step::Row(ready))
                }
                Err(_) if more && !self.window.ended() => self.too_long(),
                Err(slip) => self.mistake(slip),
            };
        }
    }

    fn mistake(&mut self, slip: Slip) -> io::Result<Step> {
        let broken = self.lost(About::Syntax, Some(slip.wrong), slip.at);
        match self.layout {
            gantry_model::manifest::Layout::Lines => self.next_object()?,
            _ => self.find_next_row(slip.wrong)?,
        }
        Ok(Step::Broken(broken))
    }

    fn too_long(&mut self) -> io::Result<Step> {
        let broken = self.lost(About::TooLong, None, 0);
        match self.layout {
            gantry_model::manifest::Layout::Lines => self.next_object()?,
            _ => self.at = At::End,
        }
        Ok(Step::Broken(broken))
    }

    /// Among values one after the other: the next line that begins with one.
    fn next_object(&mut self) -> io::Result<()> {
        while self.window.next_line()? {
            if self.window.bytes().is_empty() {
                self.window.more()?;
            }
            if matches!(self.window.bytes().first(), Some(b'{' | b'"')) {
                break;
            }
        }
        Ok(())
    }

    /// In a list: where this row's brackets close, or a line begins as this row began, whatever comes first.
    fn find_next_row(&mut self, wrong: Wrong) -> io::Result<()> {
        while self.window.bytes().len() < FAR && self.window.more()? {}
        let (_, column) = self.window.place(0);
        let bytes = &self.window.bytes()[..self.window.bytes().len().min(FAR)];
        let closed = closing(bytes);
        // Only what stands before that end matters: a file without line breaks is not looked through for each mistake.
        let sibling = sibling(&bytes[..closed.unwrap_or(bytes.len())], column);
        let (next, at) = match (closed, sibling) {
            (Some(end), Some(line)) if line < end => (line, At::Row),
            (Some(end), _) => (end, At::Behind),
            (None, Some(line)) => (line, At::Row),
            (None, None) if wrong == Wrong::Ends => (bytes.len(), At::End),
            (None, None) => (0, At::End),
        };
        self.at = at;
        self.window.advance(next);
        Ok(())
    }

    /// Where the reading stopped for good before the end of the file, if it did.
    pub fn stopped(&self) -> Option<Broken> {
        let early = self.at == At::End && !(self.window.ended() && self.window.bytes().is_empty());
        early.then(|| self.broken(About::Stopped, None, 0))
    }
}

/// Where the brackets that open here are closed. Text ends with its line at the latest: it could not go on in JSON.
fn closing(bytes: &[u8]) -> Option<usize> {
    let mut open = Vec::new();
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        if in_text {
            in_text = escaped || !matches!(byte, b'"' | b'\n');
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => open.push(byte + 2),
            b'}' | b']' if open.is_empty() => return Some(at),
            b'}' | b']' if open.pop() != Some(*byte) => return None,
            b'}' | b']' if open.is_empty() => return Some(at + 1),
            b',' if open.is_empty() => return Some(at),
            _ => {}
        }
    }
    None
}

/// The next line that begins with an object in the same column as this one.
fn sibling(bytes: &[u8], column: u64) -> Option<usize> {
    let blanks = usize::try_from(column - 1).ok().filter(|blanks| *blanks < 4096)?;
    let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let same = |line: &usize| {
        let rest = &bytes[*line..];
        rest.get(blanks) == Some(&b'{') && rest[..blanks].iter().all(|byte| matches!(byte, b' ' | b'\t'))
    };
    breaks.clone().find(same).map(|line| line + blanks)
}
