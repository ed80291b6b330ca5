//! The index of a PDF: where each object stands. Either lines of digits, or a packed stream of rows; an added one comes first
//! and names the one before it.

use super::super::window::Window;
use super::{OBJECT, words};
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Indexes that follow each other, each added to the one before.
const MOST_SECTIONS: usize = 32;
/// Stretches of numbers in one index.
const MOST_STRETCHES: usize = 4096;
/// What a packed stream may have in bytes, packed and unpacked.
const PACKED: usize = 1 << 20;
const UNPACKED: u64 = 2 << 20;
/// What all sections together may have in bytes.
const MOST_ROWS: usize = 4 << 20;
/// Bytes at the end in which the place of the index stands.
const CLOSE: usize = 2048;

/// Where an object stands.
#[derive(Clone, Copy)]
enum Place {
    /// At this position of the file.
    At(u64),
    /// Within this other object, a packed stream.
    Within(u64),
}

/// One section of the index.
enum Section {
    /// Lines of twenty bytes: first number, how many, and where the lines begin.
    Lines(Vec<(u64, u64, u64)>),
    /// Rows of numbers in some widths: first number and how many; and the rows.
    Rows { stretches: Vec<(u64, u64)>, widths: [usize; 3], rows: Vec<u8> },
}

/// All sections, the newest first.
pub(super) struct Index {
    sections: Vec<Section>,
    root: u64,
}

impl Index {
    pub(super) fn read(window: &mut Window<'_>) -> Option<Self> {
        let tail = window.tail(CLOSE);
        let last = tail.windows(9).rposition(|nine| nine == b"startxref")?;
        let (first, _) = words::leading(tail[last + 9..].trim_ascii_start())?;
        let (mut next, mut root, mut sections, mut kept) = (vec![first], None, Vec::new(), 0);
        while let Some(at) = next.pop() {
            if sections.len() >= MOST_SECTIONS || kept > MOST_ROWS {
                return None;
            }
            let (section, trailer) = section(window, at)?;
            kept += section.kept();
            sections.push(section);
            root = root.or_else(|| words::reference(&trailer, b"/Root"));
            next.extend(words::number(&trailer, b"/Prev"));
            // Files for old and new readers have both kinds; the packed one is asked first.
            next.extend(words::number(&trailer, b"/XRefStm"));
        }
        Some(Self { sections, root: root? })
    }

    pub(super) fn root(&self) -> u64 {
        self.root
    }

    /// An object's own dictionary, without those inside it.
    pub(super) fn object(&self, window: &mut Window<'_>, number: u64) -> Option<Vec<u8>> {
        match self.place(window, number)? {
            Place::At(at) => plain(window, at, number),
            Place::Within(stream) => match self.place(window, stream)? {
                Place::At(at) => within(window, at, stream, number),
                Place::Within(_) => None,
            },
        }
    }

    fn place(&self, window: &mut Window<'_>, number: u64) -> Option<Place> {
        self.sections.iter().find_map(|section| section.place(window, number))
    }
}

impl Section {
    fn kept(&self) -> usize {
        match self {
            Self::Lines(_) => 0,
            Self::Rows { rows, .. } => rows.len(),
        }
    }

    fn place(&self, window: &mut Window<'_>, number: u64) -> Option<Place> {
        match self {
            Self::Lines(stretches) => {
                let (first, _, at) = stretches.iter().find(|(first, many, _)| number >= *first && number - first < *many)?;
                let line = window.bytes(at.checked_add((number - first).checked_mul(20)?)?, 18)?;
                (line[17] == b'n').then(|| words::leading(&line[..10])).flatten().map(|(place, _)| Place::At(place))
            }
            Self::Rows { stretches, widths, rows } => {
                let mut before = 0_u64;
                for (first, many) in stretches {
                    if number >= *first && number - first < *many {
                        let length = widths.iter().sum::<usize>();
                        let from = usize::try_from(before.checked_add(number - first)?).ok()?.checked_mul(length)?;
                        return in_row(rows.get(from..from.checked_add(length)?)?, *widths);
                    }
                    before = before.checked_add(*many)?;
                }
                None
            }
        }
    }
}

fn in_row(row: &[u8], widths: [usize; 3]) -> Option<Place> {
    let number = |from: usize, length: usize| row[from..from + length].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let kind = if widths[0] == 0 { 1 } else { number(0, widths[0]) };
    let value = number(widths[0], widths[1]);
    match kind {
        1 => Some(Place::At(value)),
        2 => Some(Place::Within(value)),
        _ => None,
    }
}

/// A section of the index and its trailer.
fn section(window: &mut Window<'_>, at: u64) -> Option<(Section, Vec<u8>)> {
    let start = window.some(at, 64);
    let blanks = start.len() - start.trim_ascii_start().len();
    if start.trim_ascii_start().starts_with(b"xref") { lines(window, at + blanks as u64 + 4) } else { rows(window, at) }
}

fn lines(window: &mut Window<'_>, mut at: u64) -> Option<(Section, Vec<u8>)> {
    let mut stretches = Vec::new();
    loop {
        let line = window.some(at, 64);
        let rest = line.trim_ascii_start();
        if rest.starts_with(b"trailer") {
            let trailer = words::own(words::dictionary(window.some(at, OBJECT))?);
            return Some((Section::Lines(stretches), trailer));
        }
        let (first, behind) = words::leading(rest)?;
        let (many, behind) = words::leading(behind.trim_ascii_start())?;
        let lines_at = at + (line.len() - behind.trim_ascii_start().len()) as u64;
        stretches.push((first, many, lines_at));
        at = lines_at.checked_add(many.checked_mul(20)?)?;
        if stretches.len() > MOST_STRETCHES {
            return None;
        }
    }
}

fn rows(window: &mut Window<'_>, at: u64) -> Option<(Section, Vec<u8>)> {
    let (own, rows) = stream(window, at)?;
    let widths = words::numbers(&own, b"/W")?;
    let [kind, value, more] = widths.as_slice() else { return None };
    let width = |width: &u64| usize::try_from(*width).ok().filter(|width| *width <= 8);
    let widths = [width(kind)?, width(value)?, width(more)?];
    let stretches = match words::numbers(&own, b"/Index") {
        Some(pairs) => pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
        None => vec![(0, words::number(&own, b"/Size")?)],
    };
    Some((Section::Rows { stretches, widths, rows }, own))
}

/// The dictionary of the object at a position, which must be this one.
fn plain(window: &mut Window<'_>, at: u64, number: u64) -> Option<Vec<u8>> {
    let bytes = window.some(at, OBJECT);
    let (there, _) = words::leading(bytes.trim_ascii_start())?;
    (there == number).then(|| words::dictionary(bytes).map(words::own)).flatten()
}

/// An object within a packed stream: the stream begins with pairs of number and position.
fn within(window: &mut Window<'_>, at: u64, stream_number: u64, number: u64) -> Option<Vec<u8>> {
    let (there, _) = words::leading(window.some(at, 64).trim_ascii_start())?;
    let (own, bytes) = stream(window, at)?;
    let (first, many) = (usize::try_from(words::number(&own, b"/First")?).ok()?, words::number(&own, b"/N")?);
    let mut pairs = bytes.get(..first)?;
    for _ in 0..many.min(u64::try_from(first).ok()?) {
        let (object, behind) = words::leading(pairs.trim_ascii_start())?;
        let (place, behind) = words::leading(behind.trim_ascii_start())?;
        pairs = behind;
        if object == number && there == stream_number {
            let from = first.checked_add(usize::try_from(place).ok()?)?;
            return words::dictionary(bytes.get(from..)?).map(words::own);
        }
    }
    None
}

/// The dictionary of a stream at a position, and its content unpacked; `None` where it is packed in another way, or too long.
fn stream(window: &mut Window<'_>, at: u64) -> Option<(Vec<u8>, Vec<u8>)> {
    let bytes = window.some(at, OBJECT);
    let from = words::find(bytes, b"<<")?;
    let whole = words::dictionary(bytes)?;
    let end = from + whole.len();
    let mark = bytes[end..].trim_ascii_start();
    let behind = mark.strip_prefix(b"stream")?;
    let behind = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n"))?;
    let content = at + (bytes.len() - behind.len()) as u64;
    let (own, inner) = (words::own(whole), whole.to_vec());
    let length = usize::try_from(words::number(&own, b"/Length")?).ok().filter(|length| *length <= PACKED)?;
    let packed = words::after(&own, b"/Filter").map(|(_, rest)| rest.strip_prefix(b"[").unwrap_or(rest).trim_ascii_start());
    let raw = window.bytes(content, length)?;
    let unpacked = match packed {
        None => raw.to_vec(),
        Some(filter) if filter.starts_with(b"/FlateDecode") => unpack(raw)?,
        Some(_) => return None,
    };
    let rows = match words::number(&inner, b"/Predictor").unwrap_or(1) {
        1 => unpacked,
        10.. => unfiltered(&unpacked, usize::try_from(words::number(&inner, b"/Columns").unwrap_or(1)).ok()?)?,
        _ => return None,
    };
    Some((own, rows))
}

fn unpack(raw: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    ZlibDecoder::new(raw).take(UNPACKED + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() as u64 <= UNPACKED).then_some(unpacked)
}

/// Takes back the filter of PNG that makes rows pack better. Indexes use the one that tells each row by the one above.
fn unfiltered(bytes: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || columns > 64 {
        return None;
    }
    let mut rows: Vec<u8> = Vec::with_capacity(bytes.len());
    for row in bytes.chunks_exact(columns + 1) {
        let above = rows.len().checked_sub(columns);
        for (column, byte) in row[1..].iter().enumerate() {
            let up = above.map_or(0, |above| rows[above + column]);
            rows.push(match row[0] {
                0 => *byte,
                2 => byte.wrapping_add(up),
                _ => return None,
            });
        }
    }
    Some(rows)
}
