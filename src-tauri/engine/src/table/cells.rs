//! Lines of cells, as RFC 4180 and spreadsheets write them. One line is in memory at a time, and has its bounds.
//! <https://www.rfc-editor.org/rfc/rfc4180>

use super::text::Text;
use std::io::Read;

/// A cell that is longer is none: most often a quote was never closed.
const LONGEST_CELL: usize = 1 << 20;
/// Cells of one line, at most.
const MOST_CELLS: usize = 1000;

/// One line of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The number of the line that it begins in, from 1.
    pub number: u64,
    /// Its cells, without their quotes.
    pub cells: Vec<String>,
}

/// From here on nothing can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A word under `table-trouble-`.
    pub word: &'static str,
    /// The line, from 1.
    pub line: u64,
    /// The system's words, where there are any.
    pub said: String,
}

/// Reads lines.
#[derive(Debug)]
pub struct Cells<R> {
    text: Text<R>,
    separator: u8,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    line: u64,
    /// The last byte was a carriage return: a line feed behind it belongs to it.
    returned: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Begin,
    Plain,
    Quoted,
    Closing,
}

/// A line that is being put together.
struct Making {
    cells: Vec<String>,
    cell: Vec<u8>,
    place: Where,
    begins: u64,
    /// Where the cell begins.
    cell_line: u64,
}

impl<R: Read> Cells<R> {
    /// From the beginning of a table whose cells stand apart by this byte.
    pub fn new(from: R, separator: u8) -> Self {
        Self { text: Text::new(from), separator, buffer: Vec::new(), at: 0, ended: false, line: 1, returned: false }
    }

    /// The next line that is not empty; `None` at the end.
    ///
    /// # Errors
    /// What keeps the rest from being read.
    pub fn next_line(&mut self) -> Result<Option<Line>, Fault> {
        loop {
            match self.any_line()? {
                Some(line) if line.cells.iter().all(String::is_empty) => {}
                line => return Ok(line),
            }
        }
    }

    fn any_line(&mut self) -> Result<Option<Line>, Fault> {
        let mut making =
            Making { cells: Vec::new(), cell: Vec::new(), place: Where::Begin, begins: self.line, cell_line: self.line };
        let mut any = false;
        while let Some(byte) = self.byte()? {
            if std::mem::take(&mut self.returned) && byte == b'\n' && making.place != Where::Quoted {
                making.begins = self.line;
                making.cell_line = self.line;
                continue;
            }
            any = true;
            if self.take(byte, &mut making)? {
                return Ok(Some(Line { number: making.begins, cells: making.cells }));
            }
        }
        if making.place == Where::Quoted {
            return Err(fault("open_quote", making.cell_line));
        }
        if !any {
            return Ok(None);
        }
        making.close()?;
        Ok(Some(Line { number: making.begins, cells: making.cells }))
    }

    /// True when this byte ends the line.
    fn take(&mut self, byte: u8, making: &mut Making) -> Result<bool, Fault> {
        let end = byte == b'\n' || byte == b'\r';
        if end {
            self.count(byte);
        }
        match making.place {
            Where::Quoted if byte == b'"' => making.place = Where::Closing,
            Where::Quoted => making.push(byte)?,
            Where::Closing if byte == b'"' => {
                making.push(byte)?;
                making.place = Where::Quoted;
            }
            Where::Begin if byte == b'"' => {
                making.place = Where::Quoted;
                making.cell_line = self.line;
            }
            _ if byte == self.separator => making.close()?,
            _ if end => {
                making.close()?;
                return Ok(true);
            }
            _ => {
                making.push(byte)?;
                making.place = Where::Plain;
            }
        }
        if making.place == Where::Begin {
            making.cell_line = self.line;
        }
        Ok(false)
    }

    /// A line has ended, whichever of the three ways it is written in.
    fn count(&mut self, byte: u8) {
        let pair = byte == b'\n' && self.at > 1 && self.buffer.get(self.at - 2) == Some(&b'\r');
        self.line += u64::from(!pair);
        self.returned = byte == b'\r';
    }

    fn byte(&mut self) -> Result<Option<u8>, Fault> {
        if self.at == self.buffer.len() && !self.ended {
            // The last byte stays: a line feed behind a carriage return is no line of its own.
            let last = self.buffer.last().copied();
            self.buffer.clear();
            self.buffer.extend(last);
            self.at = self.buffer.len();
            let read = self.text.add_to(&mut self.buffer);
            self.ended = !read.map_err(|error| Fault { word: "unreadable", line: self.line, said: error.to_string() })?;
            if self.at == self.buffer.len() && !self.ended {
                return self.byte();
            }
        }
        let byte = self.buffer.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }
}

impl Making {
    fn push(&mut self, byte: u8) -> Result<(), Fault> {
        if byte == 0 {
            return Err(fault("not_text", self.cell_line));
        }
        if self.cell.len() >= LONGEST_CELL {
            return Err(fault("long_cell", self.cell_line));
        }
        self.cell.push(byte);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.cells.len() >= MOST_CELLS {
            return Err(fault("wide", self.begins));
        }
        let text = String::from_utf8(std::mem::take(&mut self.cell)).map_err(|_| fault("not_text", self.cell_line))?;
        self.cells.push(text);
        self.place = Where::Begin;
        Ok(())
    }
}

fn fault(word: &'static str, line: u64) -> Fault {
    Fault { word, line, said: String::new() }
}
