//! Writes a manifest without some of its rows: what stays is copied as it stands, or mended, and so is what stands between two
//! rows. Only where a mistake lies between them, a clean break is written instead.

use super::checking::{RowFinding, check};
use super::encoding::Decoder;
use super::mending::{Mended, Mender, NewColumn, Signing, head_of};
use super::opening::Manifest;
use super::pieces::{Broken, Piece};
use super::row_set::RowSet;
use super::writing::Aside;
use gantry_model::Problem;
use gantry_model::manifest::{About, Change, Known, Layout, Place};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A head of a table with more bytes is cut off.
const LARGEST_HEAD: u64 = 1 << 20;
/// What stands between two rows and is longer is no break.
const LARGEST_BREAK: u64 = 64 << 10;
/// What cannot be read and is longer is copied without looking at its ends.
const LARGEST_BROKEN: u64 = 4 << 20;

/// Which rows leave.
pub(crate) struct Leaving<'l> {
    /// Rows by their numbers, from 1.
    pub rows: &'l dyn Fn(u64) -> bool,
    /// So does everything that cannot be read.
    pub unread: bool,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remaining {
    /// Rows that were written.
    pub rows: u64,
    /// Of them, those that were mended.
    pub mended: u64,
    /// Rows that left.
    pub left_out: u64,
    /// Rows that could not be read: left with the others, or copied as they stand.
    pub broken: u64,
}

/// The rows that break one of these rules.
///
/// # Errors
/// What the disk says; `source_changed`.
pub fn breaking(manifest: &Manifest, abouts: &[About], known: Known, stop: &AtomicBool) -> Result<RowSet, Problem> {
    let mut rows = RowSet::default();
    let mut told = |finding: &RowFinding| {
        if finding.place.row > 0 && abouts.contains(&finding.rule.about) {
            rows.add(finding.place.row);
        }
    };
    check(manifest, known, stop, &mut told)?;
    Ok(rows)
}

/// Mends as [`super::mend_and_sign`] does and leaves these rows out; gives how many left. What cannot be read stays, unless it
/// is among them. Without `to` nothing is written, only told.
///
/// # Errors
/// As [`super::mend`].
pub fn mend_without(
    manifest: &Manifest,
    wished: (&[About], Option<&Signing>),
    out: &RowSet,
    to: Option<&mut Aside>,
    stop: &AtomicBool,
    told: &mut dyn FnMut(Place, &Change),
) -> Result<(Mended, u64), Problem> {
    let mut mender = Mender::new(manifest, wished, stop)?;
    let leaving = Leaving { rows: &|row| out.has(row), unread: false };
    let sum = write_without(manifest, &mut mender, &leaving, to, (stop, &AtomicU64::default()), told)?;
    let stopped = stop.load(Ordering::Relaxed);
    Ok((Mended { rows: sum.rows + sum.left_out, changed: sum.mended, broken: sum.broken, stopped }, sum.left_out))
}

/// Writes what remains; the second of `watch` is the row that it has come to. What was stopped is not whole.
///
/// # Errors
/// What the disks say; `source_changed`.
pub(crate) fn write_without(
    manifest: &Manifest,
    mender: &mut Mender<'_>,
    leaving: &Leaving<'_>,
    to: Option<&mut Aside>,
    watch: (&AtomicBool, &AtomicU64),
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Remaining, Problem> {
    let named = to.as_ref().map(|to| to.to().to_owned()).unwrap_or_default();
    let unwritable = |error: io::Error| super::writing::trouble(&named, &error);
    let mut nowhere = io::sink();
    let to: &mut dyn Write = match to {
        Some(to) => to,
        None => &mut nowhere,
    };
    let sheet = Sheet::of(manifest, mender.column.clone(), to)?;
    write_pieces(manifest, mender, leaving, (sheet, &unwritable), watch, told)
}

fn write_pieces(
    manifest: &Manifest,
    mender: &mut Mender<'_>,
    leaving: &Leaving<'_>,
    (mut sheet, unwritable): (Sheet<'_>, &dyn Fn(io::Error) -> Problem),
    (stop, worked): (&AtomicBool, &AtomicU64),
    told: &mut dyn FnMut(Place, &Change),
) -> Result<Remaining, Problem> {
    let mut sum = Remaining::default();
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        match piece {
            Piece::Row(row) => {
                let read = manifest.dialect.read(&row.text);
                let (changes, _) = mender.changes(&row, &read);
                let stays = !(leaving.rows)(row.number);
                let text = stays.then(|| mender.text(&row, &changes)).flatten();
                sheet.row((row.offset, row.source), text.as_deref(), stays).map_err(unwritable)?;
                let mended = stays && !changes.is_empty();
                if mended {
                    changes.iter().for_each(|change| told(row.place(change.at), change));
                }
                sum.count(stays, mended);
                worked.store(row.number, Ordering::Relaxed);
            }
            Piece::Broken(broken) => {
                let leaves = leaving.unread || !broken.row_lost || (leaving.rows)(broken.place.row);
                sheet.broken(&broken, leaves).map_err(unwritable)?;
                sum.count_broken(&broken, leaves, leaving.unread);
            }
        }
        if stop.load(Ordering::Relaxed) {
            return Ok(sum);
        }
    }
    let rest = reader.stopped().is_some() && !leaving.unread;
    sheet.end(rest).map_err(unwritable)?;
    manifest.unchanged().map(|()| sum)
}

impl Remaining {
    fn count(&mut self, stays: bool, mended: bool) {
        self.rows += u64::from(stays);
        self.left_out += u64::from(!stays);
        self.mended += u64::from(mended);
    }

    fn count_broken(&mut self, broken: &Broken, leaves: bool, unread: bool) {
        let left_out = leaves && broken.row_lost && !unread;
        self.rows += u64::from(!leaves);
        self.left_out += u64::from(left_out);
        self.broken += u64::from(!left_out && (broken.row_lost || unread));
    }
}

/// The new file, beside the text of the old one.
struct Sheet<'t> {
    to: &'t mut dyn Write,
    from: BufReader<Decoder<File>>,
    /// Bytes of the old text that are passed.
    at: u64,
    /// Nothing that cannot be read was passed since the last row.
    clean: bool,
    /// What stands before the first row, once that is known.
    head: Option<String>,
    frame: Frame,
    column: Option<NewColumn>,
    rows: u64,
}

impl<'t> Sheet<'t> {
    fn of(manifest: &Manifest, column: Option<NewColumn>, to: &'t mut dyn Write) -> Result<Self, Problem> {
        let file = File::open(&manifest.path).map_err(|error| manifest.trouble(&error))?;
        let from = BufReader::with_capacity(256 << 10, Decoder::new(file, manifest.encoding));
        let mut frame = Frame::of(manifest)?;
        if let Some(column) = &column {
            frame.head = column.head_text(&frame.head);
        }
        Ok(Self { to, from, at: 0, clean: true, head: None, frame, column, rows: 0 })
    }

    fn row(&mut self, (offset, source): (u64, &str), mended: Option<&str>, stays: bool) -> io::Result<()> {
        let gap = self.gap(offset)?;
        self.pass(source.len() as u64)?;
        if self.head.is_none() {
            let longer = |gap: &String| self.column.as_ref().map_or_else(|| gap.clone(), |column| column.head_text(gap));
            self.head = Some(gap.as_ref().map_or_else(|| self.frame.head.clone(), longer));
        }
        if stays {
            self.part(gap)?;
            self.to.write_all(mended.unwrap_or(source).as_bytes())?;
        }
        Ok(())
    }

    /// What cannot be read: it leaves, or is copied as it stands.
    fn broken(&mut self, broken: &Broken, leaves: bool) -> io::Result<()> {
        let length = broken.end.saturating_sub(self.at);
        if self.head.is_none() {
            self.head = Some(self.frame.head.clone());
        }
        self.clean = false;
        if leaves {
            return self.pass(length);
        }
        self.part(None)?;
        self.at += length;
        let mut text = (&mut self.from).take(length);
        if length > LARGEST_BROKEN {
            return io::copy(&mut text, &mut self.to).map(|_| ());
        }
        let mut bytes = Vec::new();
        text.read_to_end(&mut bytes)?;
        self.to.write_all(self.frame.within(&bytes))
    }

    /// What stands before the next row: as it stood in the old file, else a clean break.
    fn part(&mut self, gap: Option<String>) -> io::Result<()> {
        let before = match (self.rows, &self.head, &gap) {
            (0, Some(head), _) => head,
            (0, None, _) => &self.frame.head,
            (_, _, Some(gap)) => gap,
            (_, _, None) => &self.frame.between,
        };
        self.rows += 1;
        self.to.write_all(before.as_bytes())
    }

    fn end(&mut self, rest: bool) -> io::Result<()> {
        if rest {
            self.to.write_all(b"\n")?;
            return io::copy(&mut self.from, &mut self.to).map(|_| ());
        }
        let mut tail = Vec::new();
        (&mut self.from).take(LARGEST_BREAK).read_to_end(&mut tail)?;
        if self.rows == 0 {
            let head = self.head.as_deref().unwrap_or(&self.frame.head);
            return self.to.write_all(if self.frame.list { b"[]\n" } else { head.as_bytes() });
        }
        let whole = self.clean && (tail.len() as u64) < LARGEST_BREAK;
        self.to.write_all(if whole { &tail } else { self.frame.end.as_bytes() })
    }

    /// The text up to a row; none where it is no mere break.
    fn gap(&mut self, offset: u64) -> io::Result<Option<String>> {
        let length = offset.saturating_sub(self.at);
        let clean = std::mem::replace(&mut self.clean, true) && length <= LARGEST_BREAK;
        if !clean {
            self.pass(length)?;
            return Ok(None);
        }
        self.at += length;
        let mut bytes = Vec::new();
        (&mut self.from).take(length).read_to_end(&mut bytes)?;
        Ok(String::from_utf8(bytes).ok())
    }

    fn pass(&mut self, length: u64) -> io::Result<()> {
        self.at += length;
        io::copy(&mut (&mut self.from).take(length), &mut io::sink()).map(|_| ())
    }
}

/// What stands around rows, where the old file does not say it.
struct Frame {
    list: bool,
    /// Before the first row.
    head: String,
    between: String,
    end: String,
}

impl Frame {
    /// As the file itself has it: its head of a table, its way to break lines.
    fn of(manifest: &Manifest) -> Result<Self, Problem> {
        let mut bytes = Vec::new();
        manifest.text()?.take(LARGEST_HEAD).read_to_end(&mut bytes).map_err(|error| manifest.trouble(&error))?;
        let begin = String::from_utf8_lossy(&bytes);
        let line = if begin.contains("\r\n") { "\r\n" } else { "\n" };
        let list = manifest.layout == Layout::List;
        let head = match manifest.layout {
            Layout::List => format!("[{line}  "),
            Layout::Lines | Layout::Plain => String::new(),
            _ if manifest.headless() => String::new(),
            _ => format!("{}{line}", String::from_utf8_lossy(head_of(&bytes))),
        };
        let between = if list { format!(",{line}  ") } else { line.to_owned() };
        let end = if list { format!("{line}]{line}") } else { line.to_owned() };
        Ok(Self { list, head, between, end })
    }

    /// What cannot be read, without the breaks around it.
    fn within<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let around =
            |byte: &u8| if self.list { byte.is_ascii_whitespace() || *byte == b',' } else { matches!(byte, b'\r' | b'\n') };
        let begin = bytes.iter().position(|byte| !around(byte)).unwrap_or(bytes.len());
        let end = bytes.iter().rposition(|byte| !around(byte)).map_or(begin, |last| last + 1);
        &bytes[begin..end]
    }
}
