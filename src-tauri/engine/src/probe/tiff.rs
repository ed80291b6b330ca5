//! TIFF, and the same structure inside EXIF: one directory of tags, in either byte order, also with 64-bit offsets.

use super::block::Block;
use super::window::Window;
use super::{End, Found};

/// Tags of one directory that are looked at.
const MOST_TAGS: u64 = 1024;
/// Strips or tiles that are compared with the end.
const MOST_PIECES: u64 = 100_000;
/// Directories below the first one that are looked at.
const MOST_BELOW: u64 = 16;

const SUBFILE: u64 = 254;
const WIDTH: u64 = 256;
const HEIGHT: u64 = 257;
const STRIPS: (u64, u64) = (273, 279);
const ORIENTATION: u64 = 274;
const TILES: (u64, u64) = (324, 325);
const BELOW: u64 = 330;
/// The directory of the position, and the tags of its two sides there.
const GPS: u64 = 34_853;
const LATITUDE: u64 = 2;
const LONGITUDE: u64 = 4;

/// One tag: type, count, and where its values are.
#[derive(Clone, Copy)]
struct Tag {
    kind: u64,
    count: u64,
    at: u64,
}

/// What an EXIF block says that matters here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exif {
    /// 1 to 8; 0 where there is none that makes sense.
    pub(super) orientation: u8,
    /// It says where the picture was taken.
    pub(super) gps: bool,
}

/// The EXIF block of `length` bytes at `at`.
pub(super) fn exif(window: &mut Window<'_>, at: u64, length: u64) -> Exif {
    let Some(block) = Block::open(window, at, length) else { return Exif::default() };
    Exif { orientation: oriented(window, block, block.first), gps: has_position(window, block, block.first) }
}

/// Cameras without a position write the directory too, with nothing or with zeros in it.
fn has_position(window: &mut Window<'_>, block: Block, directory: u64) -> bool {
    let place = tag(window, block, directory, GPS).and_then(|tag| value(window, block, tag, 0));
    let Some(place) = place.and_then(|place| block.base.checked_add(place)) else { return false };
    [LATITUDE, LONGITUDE].into_iter().all(|side| {
        tag(window, block, place, side).is_some_and(|tag| {
            (0..tag.count.min(3)).any(|index| value(window, block, tag, index).is_some_and(|fraction| fraction != 0))
        })
    })
}

pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let Some(block) = Block::open(window, 0, size) else { return Found::only(End::TooEarly) };
    if block.first >= size {
        return Found::only(End::TooEarly);
    }
    let mut found = picture(window, block, block.first);
    found.orientation = oriented(window, block, block.first);
    found.gps = has_position(window, block, block.first);
    // Raw files of cameras begin with a small picture; the full one is in a directory below.
    if let Some(below) = tag(window, block, block.first, BELOW) {
        for at in 0..below.count.min(MOST_BELOW) {
            let Some(place) = value(window, block, below, at) else { break };
            let full = tag(window, block, place, SUBFILE).and_then(|tag| value(window, block, tag, 0)) == Some(0);
            let other = picture(window, block, place);
            if full && u64::from(other.width) * u64::from(other.height) > u64::from(found.width) * u64::from(found.height) {
                (found.width, found.height) = (other.width, other.height);
            }
            if found.end == End::Fits {
                found.end = other.end;
            }
        }
    }
    found
}

fn oriented(window: &mut Window<'_>, block: Block, directory: u64) -> u8 {
    let said = tag(window, block, directory, ORIENTATION).and_then(|tag| value(window, block, tag, 0));
    said.filter(|said| (1..=8).contains(said)).map_or(0, |said| said as u8)
}

fn picture(window: &mut Window<'_>, block: Block, directory: u64) -> Found {
    let side = |window: &mut Window<'_>, which| {
        let said = tag(window, block, directory, which).and_then(|tag| value(window, block, tag, 0));
        said.and_then(|said| u32::try_from(said).ok()).unwrap_or_default()
    };
    let (width, height) = (side(window, WIDTH), side(window, HEIGHT));
    let mut end = if is_whole(window, block, directory) { End::Fits } else { End::TooEarly };
    for (offsets, lengths) in [STRIPS, TILES] {
        if pieces_beyond(window, block, directory, offsets, lengths) {
            end = End::TooEarly;
        }
    }
    Found { width, height, end, ..Found::default() }
}

/// Whether a directory and everything that it refers to, but for pieces of pictures, lies before the end.
fn is_whole(window: &mut Window<'_>, block: Block, directory: u64) -> bool {
    let (head, step, wide) = block.widths();
    let Some(count) = window.number(directory, head as usize, block.little) else { return window.gave_up() };
    let behind = directory.saturating_add(count.saturating_mul(step)).saturating_add(head + wide);
    (0..count.min(MOST_TAGS)).all(|index| {
        let at = directory.saturating_add(head + index * step);
        let (kind, many) = (
            window.number(at.saturating_add(2), 2, block.little),
            window.number(at.saturating_add(4), wide as usize, block.little),
        );
        let (Some(kind), Some(many)) = (kind, many) else { return window.gave_up() };
        let length = many.saturating_mul(width_of(kind).unwrap_or_default());
        let place = if length > wide { window.number(at.saturating_add(4 + wide), wide as usize, block.little) } else { Some(0) };
        place.is_none_or(|place| block.base.saturating_add(place).saturating_add(length) <= block.end)
    }) && behind <= block.end
}

/// Whether a strip or tile lies beyond the end.
fn pieces_beyond(window: &mut Window<'_>, block: Block, directory: u64, offsets: u64, lengths: u64) -> bool {
    let (Some(offsets), Some(lengths)) = (tag(window, block, directory, offsets), tag(window, block, directory, lengths)) else {
        return false;
    };
    for at in 0..offsets.count.min(lengths.count).min(MOST_PIECES) {
        let (Some(offset), Some(length)) = (value(window, block, offsets, at), value(window, block, lengths, at)) else {
            return !window.gave_up();
        };
        if block.base.saturating_add(offset).saturating_add(length) > block.end {
            return true;
        }
    }
    false
}

fn tag(window: &mut Window<'_>, block: Block, directory: u64, which: u64) -> Option<Tag> {
    let (head, step, wide) = block.widths();
    let count = window.number(directory, head as usize, block.little)?;
    for index in 0..count.min(MOST_TAGS) {
        let at = directory.checked_add(head + index * step)?;
        if at >= block.end {
            return None;
        }
        if window.number(at, 2, block.little)? != which {
            continue;
        }
        let kind = window.number(at + 2, 2, block.little)?;
        let count = window.number(at + 4, wide as usize, block.little)?;
        let here = at + 4 + wide;
        let inside = count.saturating_mul(width_of(kind)?) <= wide;
        let at = if inside { here } else { block.base.checked_add(window.number(here, wide as usize, block.little)?)? };
        return Some(Tag { kind, count, at });
    }
    None
}

fn value(window: &mut Window<'_>, block: Block, tag: Tag, index: u64) -> Option<u64> {
    let width = width_of(tag.kind)?;
    if index >= tag.count {
        return None;
    }
    let at = tag.at.checked_add(index.checked_mul(width)?)?;
    if at.checked_add(width)? > block.end {
        return None;
    }
    window.number(at, width as usize, block.little)
}

/// Bytes of one value. Fractions and texts are never asked for by number, but have a length too.
fn width_of(kind: u64) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}
