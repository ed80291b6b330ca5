//! Reads a manifest row by row, in one pass, with flat memory. What is broken has a place and a name; good rows go on
//! behind it wherever it is certain where the next row begins.

mod json;
mod table;

use super::encoding::Decoder;
use super::milestones::Milestone;
use super::pieces::{Broken, Cell, Excerpt, Piece, Row};
use super::window::{STEP, Window};
use gantry_model::json::{FieldSpan, Span, Wrong, is_space};
use gantry_model::manifest::{About, Layout, Place, RowText};
use std::io::{self, Read};

/// A row of more bytes is not read.
pub const LONGEST: usize = 64 << 20;

/// Bytes read at once by who wants one row.
const SMALL: usize = 4 << 10;

/// Bytes read at once by who wants a page of rows.
const MIDDLE: usize = 32 << 10;

/// Where a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Before the bracket that opens the list, or the head of a table.
    Begin,
    /// Before a row.
    Row,
    /// Behind a row of a list.
    Behind,
    /// At the end.
    End,
}

/// What the columns of a table are called, by their number; none where a column is left out.
pub type Columns = Vec<Option<String>>;

/// Reads rows. Each borrows from the reader: it is given up before the next one is asked for.
#[derive(Debug)]
pub struct Reader<R> {
    window: Window<Decoder<R>>,
    layout: Layout,
    columns: Columns,
    /// The column of names: its empty cells are told too, since they can be filled.
    names: Option<usize>,
    at: At,
    number: u64,
    /// Bytes of the row that was given last.
    given: usize,
    fields: Vec<FieldSpan>,
    cells: Vec<(usize, Cell)>,
    record: Vec<Cell>,
    made: String,
}

/// What was found of a row, before it is lent out.
struct Ready {
    value: Span,
    /// Bytes of the row in the window.
    source: usize,
    made: bool,
    long_number: Option<usize>,
}

/// What a step came to.
enum Step {
    Row(Ready),
    Broken(Broken),
    Again,
    End,
}

impl<R: Read> Reader<R> {
    /// Reads from the first byte on. For tables `columns` names the fields; `headless` says that the first record is a row.
    pub fn new(from: Decoder<R>, layout: Layout, columns: Columns, headless: bool) -> Self {
        let at = if matches!(layout, Layout::Lines | Layout::Plain) || headless { At::Row } else { At::Begin };
        Self::begin(Window::new(from, STEP), at, layout, columns)
    }

    /// As [`Reader::new`], with so few bytes known at a time that every row lies across several stretches.
    #[cfg(test)]
    pub(super) fn in_steps(from: Decoder<R>, layout: Layout, columns: Columns, step: usize) -> Self {
        let at = if matches!(layout, Layout::Lines | Layout::Plain) { At::Row } else { At::Begin };
        Self::begin(Window::new(from, step), at, layout, columns)
    }

    fn begin(window: Window<Decoder<R>>, at: At, layout: Layout, columns: Columns) -> Self {
        Self {
            window,
            layout,
            columns,
            names: None,
            at,
            number: 0,
            given: 0,
            fields: Vec::new(),
            cells: Vec::new(),
            record: Vec::new(),
            made: String::new(),
        }
    }

    /// Rows of tables are found again by what this field says.
    pub fn named_by(mut self, field: &str) -> Self {
        self.names = self.columns.iter().position(|column| column.as_deref() == Some(field));
        self
    }

    /// Reads on from the first byte of a row, in small steps.
    pub fn at_row(from: Decoder<R>, layout: Layout, columns: Columns) -> Self {
        Self::begin(Window::new(from, SMALL), At::Row, layout, columns)
    }

    /// Reads on from a row that was met before, as if all before it had been read. `from` stands at its first byte.
    pub fn at_milestone(from: Decoder<R>, layout: Layout, columns: Columns, milestone: Milestone) -> Self {
        let window = Window::at(from, MIDDLE, milestone.offset, milestone.line, milestone.column);
        let mut reader = Self::begin(window, At::Row, layout, columns);
        reader.number = milestone.row - 1;
        reader
    }

    /// The next row or mistake; none at the end.
    ///
    /// # Errors
    /// What the disk says.
    pub fn piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        let given = std::mem::take(&mut self.given);
        self.window.advance(given);
        let ready = loop {
            let step = match self.layout {
                Layout::List => self.step_in_list()?,
                Layout::Lines => self.step_in_lines()?,
                Layout::Plain => self.step_in_plain()?,
                Layout::Csv | Layout::Tsv | Layout::Semicolons => self.step_in_table()?,
            };
            match step {
                Step::Row(ready) => break ready,
                Step::Broken(broken) => {
                    let end = self.window.offset();
                    return Ok(Some(Piece::Broken(Broken { end, ..broken })));
                }
                Step::Again => {}
                Step::End => {
                    self.at = At::End;
                    return Ok(None);
                }
            }
        };
        self.lend(&ready)
    }

    /// How far the reading has come, in bytes of the text.
    pub fn offset(&self) -> u64 {
        self.window.offset()
    }

    fn lend(&mut self, ready: &Ready) -> io::Result<Option<Piece<'_>>> {
        self.number += 1;
        self.given = ready.source;
        let (line, column) = self.window.place(0);
        if let Err(error) = std::str::from_utf8(&self.window.bytes()[..ready.source]) {
            let mut broken = self.broken(About::NotUtf8, None, error.valid_up_to());
            broken.place.row = self.number;
            broken.row_lost = true;
            broken.end = self.window.offset() + ready.source as u64;
            return Ok(Some(Piece::Broken(broken)));
        }
        let source = std::str::from_utf8(&self.window.bytes()[..ready.source]).unwrap_or_default();
        let table = self.layout.delimiter().is_some();
        let text = if ready.made { self.made.as_str() } else { source };
        Ok(Some(Piece::Row(Row {
            number: self.number,
            offset: self.window.offset(),
            line,
            column,
            text: RowText { text, value: ready.value, fields: &self.fields, table },
            source,
            cells: &self.cells,
            long_number: ready.long_number,
        })))
    }

    /// What is wrong so many bytes ahead. Belongs to no row until somebody says so.
    fn broken(&self, about: About, wrong: Option<Wrong>, ahead: usize) -> Broken {
        let (line, column) = self.window.place(ahead);
        let excerpt = Excerpt::of(self.window.bytes(), ahead);
        Broken { about, wrong, place: Place { row: 0, line, column }, excerpt, row_lost: false, end: 0 }
    }

    /// As [`Self::broken`], about the row that should be here.
    fn lost(&mut self, about: About, wrong: Option<Wrong>, ahead: usize) -> Broken {
        self.number += 1;
        let mut broken = self.broken(about, wrong, ahead);
        broken.place.row = self.number;
        broken.row_lost = true;
        broken
    }

    /// A row of a plain list: one address a line.
    fn step_in_plain(&mut self) -> io::Result<Step> {
        if self.window.skip_space()?.is_none() {
            return Ok(Step::End);
        }
        let Some(end) = self.window.line_end(LONGEST)? else {
            let broken = self.lost(About::TooLong, None, 0);
            self.window.next_line()?;
            return Ok(Step::Broken(broken));
        };
        let line = &self.window.bytes()[..end];
        // The same white space that was skipped before the row: of anything else a row is never empty, and is passed.
        let length = line.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
        if let Some(nul) = line[..length].iter().position(|byte| *byte == 0) {
            let broken = self.lost(About::Nul, None, nul);
            self.window.advance(end);
            return Ok(Step::Broken(broken));
        }
        self.made.clear();
        super::quoting::push_text(&mut self.made, &String::from_utf8_lossy(&line[..length]));
        self.fields.clear();
        let kind = if self.made.contains('\\') { gantry_model::json::Kind::Escaped } else { gantry_model::json::Kind::Text };
        let value = Span { at: 0, end: self.made.len(), kind };
        Ok(Step::Row(Ready { value, source: length, made: true, long_number: None }))
    }
}
