//! Rows of tables (RFC 4180): each record becomes the JSON object that it stands for, and each field remembers its cell.

use super::super::pieces::Cell;
use super::super::quoting;
use super::{At, LONGEST, Reader, Ready, Step};
use gantry_model::json::{Slip, Wrong, scan};
use gantry_model::manifest::About;
use std::io::{self, Read};

impl<R: Read> Reader<R> {
    pub(super) fn step_in_table(&mut self) -> io::Result<Step> {
        loop {
            match self.skip_blank_lines()? {
                false => return Ok(Step::End),
                true if self.at == At::Begin => {
                    let end = match self.record()? {
                        Ok(end) => end,
                        Err(slip) => return self.broken_record(slip),
                    };
                    self.window.advance(end);
                    self.at = At::Row;
                }
                true => break,
            }
        }
        let end = match self.record()? {
            Ok(end) => end,
            Err(slip) => return self.broken_record(slip),
        };
        if end >= LONGEST {
            let broken = self.lost(About::TooLong, None, 0);
            self.window.next_line()?;
            return Ok(Step::Broken(broken));
        }
        if let Some(nul) = self.window.bytes()[..end].iter().position(|byte| *byte == 0) {
            let broken = self.lost(About::Nul, None, nul);
            self.window.advance(end);
            return Ok(Step::Broken(broken));
        }
        let wanted = if self.columns.is_empty() { self.record.len() } else { self.columns.len() };
        if self.record.len() != wanted {
            let at = self.record.get(wanted).map_or(self.record.last().map_or(0, |cell| cell.end), |cell| cell.at);
            let broken = self.lost(About::Cells, None, at);
            self.window.advance(end);
            return Ok(Step::Broken(broken));
        }
        Ok(self.object(end))
    }

    /// The cells of the head, decoded, when the table has one.
    ///
    /// # Errors
    /// What the disk says.
    pub fn head(&mut self) -> io::Result<Vec<String>> {
        if !self.skip_blank_lines()? || self.record()?.is_err() {
            return Ok(Vec::new());
        }
        let cells = std::mem::take(&mut self.record);
        Ok(cells.iter().map(|cell| quoting::cell(self.window.bytes(), *cell).into_owned()).collect())
    }

    /// False at the end of the file.
    fn skip_blank_lines(&mut self) -> io::Result<bool> {
        loop {
            if self.window.bytes().is_empty() && !self.window.more()? {
                return Ok(false);
            }
            let blank = self.window.bytes().iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            if blank == 0 {
                return Ok(true);
            }
            self.window.advance(blank);
        }
    }

    /// Finds the cells of the record that begins here; gives where its line ends, the break left out.
    fn record(&mut self) -> io::Result<Result<usize, Slip>> {
        let delimiter = self.layout.delimiter().unwrap_or(b',');
        loop {
            let known = self.window.bytes().len();
            let found = cells(self.window.bytes(), delimiter, &mut self.record);
            let whole = matches!(found, Ok(end) if end < known);
            let cut = matches!(found, Err(Slip { wrong: Wrong::QuoteMissing, .. }) | Ok(_));
            if whole || self.window.ended() || !cut || known >= LONGEST {
                return Ok(found);
            }
            self.window.more()?;
        }
    }

    fn broken_record(&mut self, slip: Slip) -> io::Result<Step> {
        let broken = self.lost(About::Syntax, Some(slip.wrong), slip.at);
        self.at = At::Row;
        self.window.next_line()?;
        Ok(Step::Broken(broken))
    }

    fn object(&mut self, end: usize) -> Step {
        let bytes = self.window.bytes();
        self.cells.clear();
        self.made.clear();
        self.made.push('{');
        for (column, cell) in self.record.iter().enumerate() {
            let name = self.columns.get(column).and_then(Option::as_deref);
            let told = |empty: bool| !empty || self.names == Some(column);
            let Some(name) = name.filter(|_| told(cell.end == cell.at)) else { continue };
            let text = quoting::cell(bytes, *cell);
            if !told(text.is_empty()) {
                continue;
            }
            if self.made.len() > 1 {
                self.made.push(',');
            }
            quoting::push_text(&mut self.made, name);
            self.made.push(':');
            if quoting::stands_for_json(name, &text) {
                self.made.push_str(text.trim());
            } else {
                quoting::push_text(&mut self.made, &text);
            }
            self.cells.push((column, *cell));
        }
        self.made.push('}');
        let scanned = scan(self.made.as_bytes(), 0, &mut self.fields);
        // What was just written is an object; only its depth may be too great, and then the cell stays text.
        match scanned {
            Ok(it) => Step::Row(Ready { value: it.span, source: end, made: true, long_number: it.long_number }),
            Err(slip) => {
                let broken = self.lost(About::Syntax, Some(slip.wrong), 0);
                self.window.advance(end);
                Step::Broken(broken)
            }
        }
    }
}

/// The cells of one record. Gives the place of its line break, or the end of what is known.
fn cells(bytes: &[u8], delimiter: u8, found: &mut Vec<Cell>) -> Result<usize, Slip> {
    found.clear();
    let mut at = 0;
    loop {
        let begin = at;
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            at = closing_quote(bytes, at + 1).ok_or(Slip { at: begin, wrong: Wrong::QuoteMissing })? + 1;
            if !matches!(bytes.get(at), None | Some(b'\n' | b'\r')) && bytes[at] != delimiter {
                return Err(Slip { at, wrong: Wrong::CellQuote });
            }
        } else {
            let ends = |byte: &u8| matches!(byte, b'\n' | b'\r') || *byte == delimiter;
            at = bytes[at..].iter().position(ends).map_or(bytes.len(), |length| at + length);
        }
        found.push(Cell { at: begin, end: at, quoted });
        match bytes.get(at) {
            Some(byte) if *byte == delimiter => at += 1,
            _ => return Ok(at),
        }
    }
}

fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}
