//! A table is read to its end, a stretch of lines at a time: what it says of each file goes to the journal, and every line
//! that could not be used is counted with its reason. One line of a table is in memory, whatever its length.

use super::House;
use super::tables::{Opened, open, put_trouble, unreadable};
use crate::journal::{LineLeft, UploadId, Why};
use crate::table::{Cells, Fit, Line, Names, Trouble};
use gantry_model::view::Table;
use gantry_model::{Cell, Problem, show};
use std::collections::HashMap;
use std::io::Read;

/// Lines that are written at a time.
const LINES: usize = 2000;
/// Bytes of cells after which lines are written, however few they are.
const BYTES: usize = 4 << 20;
/// Letters that are kept of a name that fits no file.
const KEPT: usize = 300;

impl House {
    /// Reads a table to its end: what it says of each file, and the lines that could not be used.
    pub(super) fn read_table(
        &self,
        upload: &UploadId,
        n: u32,
        one: &mut Opened,
        names: &Names,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), Problem> {
        let Some(head) = &one.head else { return Ok(()) };
        let file = match open(&one.source) {
            Ok(file) => file,
            Err(error) => {
                put_trouble(&mut one.table, unreadable(error));
                return Ok(());
            }
        };
        let mut cells = Cells::new(file, head.separator);
        let mut pen = Pen::new(n, one.names, &one.table);
        let mut above = 1 + usize::from(head.named);
        let mut trouble = None;
        while trouble.is_none() && !stop() {
            let (lines, ended) = stretch(&mut cells, &mut above);
            if lines.is_empty() && ended.is_none() {
                break;
            }
            trouble = ended;
            self.journal.with_paths(upload, |path_of| lines.iter().try_for_each(|line| pen.look_up(line, names, path_of)))?;
            let (known, left) = pen.written();
            one.table.first += self.journal.tell(upload, n, known, left)?;
        }
        pen.count(&mut one.table);
        if let Some(trouble) = trouble {
            put_trouble(&mut one.table, trouble);
        }
        Ok(())
    }
}

/// The next lines, and what keeps those behind them from being read.
fn stretch<R: Read>(cells: &mut Cells<R>, above: &mut usize) -> (Vec<Line>, Option<Trouble>) {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < LINES && bytes < BYTES {
        match cells.next_line() {
            Ok(Some(_)) if *above > 0 => *above -= 1,
            Ok(Some(line)) => {
                bytes += line.cells.iter().map(String::len).sum::<usize>();
                lines.push(line);
            }
            Ok(None) => break,
            Err(fault) => return (lines, Some(fault.into())),
        }
    }
    (lines, None)
}

/// What lines become, until it is written.
struct Pen {
    table: u32,
    names: usize,
    width: usize,
    wanted: Vec<bool>,
    seen: Vec<u64>,
    counts: HashMap<Why, u64>,
    matched: u64,
    lines: u64,
    known: Vec<(u64, Vec<Cell>)>,
    left: Vec<LineLeft>,
}

impl Pen {
    fn new(table: u32, names: usize, of: &Table) -> Self {
        let wanted = of.columns.iter().map(|column| !["name", "ignore"].contains(&column.goes.as_str())).collect();
        Self {
            table,
            names,
            width: of.columns.len(),
            wanted,
            seen: Vec::new(),
            counts: HashMap::new(),
            matched: 0,
            lines: 0,
            known: Vec::new(),
            left: Vec::new(),
        }
    }

    fn look_up<E>(&mut self, line: &Line, names: &Names, path_of: &mut dyn FnMut(u64) -> Result<Vec<u8>, E>) -> Result<(), E> {
        let name = line.cells.get(self.names).map_or("", String::as_str);
        self.take(line, names.fit(name, path_of)?);
        Ok(())
    }

    fn take(&mut self, line: &Line, fit: Fit) {
        self.lines += 1;
        if line.cells.len() != self.width {
            return self.leave(Why::Broken, line.number, &line.cells.len().to_string());
        }
        let name = &line.cells[self.names];
        match fit {
            Fit::None => self.leave(Why::NoFile, line.number, name),
            Fit::Several => self.leave(Why::Ambiguous, line.number, name),
            Fit::One(ord) if self.is_seen(ord) => self.leave(Why::Twice, line.number, name),
            Fit::One(ord) => {
                self.matched += 1;
                let cells = (0..).zip(&line.cells).zip(&self.wanted);
                let told = cells.filter(|((_, cell), wanted)| **wanted && !cell.trim().is_empty());
                self.known.push((ord, told.map(|((at, cell), _)| (self.table, at, show::veiled(cell).into_owned())).collect()));
            }
        }
    }

    fn leave(&mut self, why: Why, line: u64, name: &str) {
        let count = self.counts.entry(why).or_default();
        let said = show::text(&show::veiled(name).chars().take(KEPT).collect::<String>());
        self.left.push(LineLeft { why, n: *count, line, said });
        *count += 1;
    }

    fn is_seen(&mut self, ord: u64) -> bool {
        let Ok(at) = usize::try_from(ord / 64) else { return false };
        if self.seen.len() <= at {
            self.seen.resize(at + 1, 0);
        }
        let bit = 1 << (ord % 64);
        let seen = self.seen[at] & bit != 0;
        self.seen[at] |= bit;
        seen
    }

    fn written(&mut self) -> (Vec<(u64, Vec<Cell>)>, Vec<LineLeft>) {
        (std::mem::take(&mut self.known), std::mem::take(&mut self.left))
    }

    fn count(&self, table: &mut Table) {
        let of = |why: Why| self.counts.get(&why).copied().unwrap_or_default();
        (table.lines, table.matched) = (self.lines, self.matched);
        (table.no_file, table.ambiguous) = (of(Why::NoFile), of(Why::Ambiguous));
        (table.twice, table.broken) = (of(Why::Twice), of(Why::Broken));
    }
}
