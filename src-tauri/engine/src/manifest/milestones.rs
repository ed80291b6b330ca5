//! Where rows begin: a milestone every some hundred rows, so that any page of a manifest is read from near by, and five
//! million rows take no more memory than a few hundred kilobytes.

use super::encoding::Decoder;
use super::opening::Manifest;
use super::pieces::Piece;
use super::reader::Reader;
use gantry_model::Problem;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows from one milestone to the next.
pub const EVERY: u64 = 512;

/// Where a row begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The row, from 1.
    pub row: u64,
    /// Its first byte in the text, as UTF-8 without a mark.
    pub offset: u64,
    /// Its first byte in the file.
    pub byte: u64,
    /// Its line.
    pub line: u64,
    /// Its column.
    pub column: u64,
}

/// Reads all rows once. Told are each milestone, and now and then the rows and the bytes of text so far; gives the rows.
///
/// # Errors
/// What the disk says; `source_changed`.
pub fn index(manifest: &Manifest, stop: &AtomicBool, told: &mut dyn FnMut(Option<Milestone>, u64, u64)) -> Result<u64, Problem> {
    let trouble = |error: io::Error| manifest.trouble(&error);
    let mut bytes = Bytes::of(manifest)?;
    let mut reader = manifest.rows()?;
    let (mut rows, mut next) = (0, 1);
    loop {
        let met = match reader.piece().map_err(trouble)? {
            None => break,
            Some(Piece::Row(row)) => {
                rows = row.number;
                let (offset, line, column) = (row.offset, row.line, row.column);
                (rows >= next).then_some(Milestone { row: rows, offset, byte: 0, line, column })
            }
            Some(Piece::Broken(broken)) => {
                rows = rows.max(broken.place.row);
                None
            }
        };
        if let Some(milestone) = met {
            let byte = bytes.at(milestone.offset).map_err(trouble)?;
            told(Some(Milestone { byte, ..milestone }), rows, milestone.offset);
            next = milestone.row + EVERY;
        }
        if rows.is_multiple_of(EVERY) {
            told(None, rows, reader.offset());
        }
        if stop.load(Ordering::Relaxed) {
            return Ok(rows);
        }
    }
    told(None, rows, reader.offset());
    manifest.unchanged()?;
    Ok(rows)
}

/// Where in the file the bytes of the text stand.
enum Bytes {
    /// As far behind the mark.
    Utf8(u64),
    /// UTF-16 is counted through beside the reader.
    Utf16 { from: Box<BufReader<Decoder<File>>>, read: u64, units: u64, mark: u64 },
}

impl Bytes {
    fn of(manifest: &Manifest) -> Result<Self, Problem> {
        let mark = manifest.encoding.mark_bytes() as u64;
        if !manifest.encoding.is_utf16() {
            return Ok(Self::Utf8(mark));
        }
        let file = File::open(&manifest.path).map_err(|error| manifest.trouble(&error))?;
        let from = Box::new(BufReader::with_capacity(256 << 10, Decoder::new(file, manifest.encoding)));
        Ok(Self::Utf16 { from, read: 0, units: 0, mark })
    }

    /// Offsets are asked for in their order.
    fn at(&mut self, offset: u64) -> io::Result<u64> {
        match self {
            Self::Utf8(mark) => Ok(*mark + offset),
            Self::Utf16 { from, read, units, mark } => {
                let mut passed = from.as_mut().take(offset - *read);
                let mut some = [0; 8 << 10];
                loop {
                    let count = passed.read(&mut some)?;
                    if count == 0 {
                        break;
                    }
                    // A character beyond the first plane is a pair of units.
                    let unit = |byte: &u8| u64::from(*byte & 0xc0 != 0x80) + u64::from(*byte >= 0xf0);
                    *units += some[..count].iter().map(unit).sum::<u64>();
                }
                *read = offset;
                Ok(*mark + 2 * *units)
            }
        }
    }
}

impl Manifest {
    /// Its text from the beginning on, as UTF-8 without a mark.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn text(&self) -> Result<impl Read, Problem> {
        let file = File::open(&self.path).map_err(|error| self.trouble(&error))?;
        Ok(Decoder::new(file, self.encoding))
    }

    /// Its rows from a milestone on, numbered and placed as if all before it had been read.
    ///
    /// # Errors
    /// As [`Manifest::rows`].
    pub fn rows_at(&self, from: Milestone) -> Result<Reader<File>, Problem> {
        let trouble = |error: io::Error| self.trouble(&error);
        let mut file = File::open(&self.path).map_err(trouble)?;
        self.same(&file.metadata().map_err(trouble)?)?;
        file.seek(SeekFrom::Start(from.byte)).map_err(trouble)?;
        let decoder = Decoder::new(file, self.encoding.unmarked());
        Ok(self.named(Reader::at_milestone(decoder, self.layout, self.columns.clone(), from)))
    }
}
