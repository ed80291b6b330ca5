//! The directories of tags that TIFF and EXIF are made of, read with their places, in either byte order and width.

use super::Patch;
use crate::probe::{Block, Window};

/// Tags of one directory; more are no directory.
const MOST_TAGS: u64 = 4096;
/// Directories of one block.
pub(super) const MOST_DIRECTORIES: usize = 4096;

const SUBFILE: u64 = 254;
const COMPRESSION: u64 = 259;
const ORIENTATION: u64 = 274;
pub(super) const BELOW: u64 = 330;
pub(super) const XMP: u64 = 700;
pub(super) const EXIF: u64 = 34_665;
pub(super) const GPS: u64 = 34_853;
const PIXELS: [u64; 2] = [40_962, 40_963];
/// Old and new compression as JPEG.
const JPEG: [u64; 2] = [6, 7];

/// One tag: its number, type and count, where it stands, and where its values are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    pub number: u64,
    kind: u64,
    pub count: u64,
    pub here: u64,
    pub at: u64,
    /// The values lie outside the directory.
    pub outside: bool,
}

impl Tag {
    /// Bytes of its values.
    pub fn length(&self) -> u64 {
        self.count.saturating_mul(width_of(self.kind).unwrap_or_default())
    }
}

/// A directory: where it is, its tags, where the next one is (0: nowhere).
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub at: u64,
    pub tags: Vec<Tag>,
    pub next: u64,
}

impl Block {
    /// A directory, where all of it lies in the block.
    pub fn directory(&self, window: &mut Window<'_>, at: u64) -> Option<Directory> {
        let (head, step, wide) = self.widths();
        let count = window.number(at, head as usize, self.little).filter(|count| *count <= MOST_TAGS)?;
        let next = at.checked_add(head + count * step)?;
        if at < self.base || next.checked_add(wide)? > self.end {
            return None;
        }
        let mut tags = Vec::new();
        for index in 0..count {
            tags.push(self.tag(window, at + head + index * step)?);
        }
        let next = window.number(next, wide as usize, self.little)?;
        Some(Directory { at, tags, next: if next == 0 { 0 } else { self.base.checked_add(next)? } })
    }

    fn tag(&self, window: &mut Window<'_>, here: u64) -> Option<Tag> {
        let (.., wide) = self.widths();
        let number = window.number(here, 2, self.little)?;
        let kind = window.number(here + 2, 2, self.little)?;
        let count = window.number(here + 4, wide as usize, self.little)?;
        let inside = here + 4 + wide;
        let outside = count.saturating_mul(width_of(kind).unwrap_or_default()) > wide;
        let at = if outside { self.base.saturating_add(window.number(inside, wide as usize, self.little)?) } else { inside };
        Some(Tag { number, kind, count, here, at, outside })
    }

    /// A value by its number.
    pub fn value(&self, window: &mut Window<'_>, tag: &Tag, index: u64) -> Option<u64> {
        let width = width_of(tag.kind)?;
        let at = tag.at.checked_add(index.checked_mul(width)?).filter(|_| index < tag.count)?;
        if at.checked_add(width)? > self.end {
            return None;
        }
        window.number(at, width.min(8) as usize, self.little)
    }

    /// Pages: directories in the chain that are not a smaller form of another one.
    pub fn pages(&self, window: &mut Window<'_>) -> usize {
        let (mut pages, mut at) = (0, self.first);
        for _ in 0..MOST_DIRECTORIES {
            let Some(directory) = self.directory(window, at) else { break };
            let kind = directory.tags.iter().find(|tag| tag.number == SUBFILE).and_then(|tag| self.value(window, tag, 0));
            pages += usize::from(kind.unwrap_or_default() & 1 == 0);
            at = directory.next;
            if at == 0 || pages > 1 {
                break;
            }
        }
        pages
    }

    /// The first picture is compressed as JPEG.
    pub fn is_jpeg(&self, window: &mut Window<'_>) -> bool {
        let Some(directory) = self.directory(window, self.first) else { return false };
        let how = directory.tags.iter().find(|tag| tag.number == COMPRESSION).and_then(|tag| self.value(window, tag, 0));
        how.is_some_and(|how| JPEG.contains(&how))
    }

    /// A number as this block writes it, in so many bytes.
    pub fn written(&self, number: u64, bytes: u64) -> Vec<u8> {
        let bytes = bytes as usize;
        if self.little { number.to_le_bytes()[..bytes].to_vec() } else { number.to_be_bytes()[8 - bytes..].to_vec() }
    }

    /// Changes after which the block fits an upright picture of this size, and has no small picture of the one before.
    pub(in crate::copies) fn redrawn(&self, window: &mut Window<'_>, width: u32, height: u32) -> Option<Vec<Patch>> {
        let first = self.directory(window, self.first)?;
        let (head, step, wide) = self.widths();
        let next = first.at + head + step * first.tags.len() as u64;
        let mut patches = vec![Patch { at: next, take: wide, put: vec![0; wide as usize] }];
        let mut set = |tag: &Tag, number: u64| {
            let length = tag.length();
            if !tag.outside && tag.count == 1 && matches!(length, 2 | 4) {
                patches.push(Patch { at: tag.at, take: length, put: self.written(number, length) });
            }
        };
        let below = first.tags.iter().find(|tag| tag.number == EXIF).copied();
        first.tags.iter().filter(|tag| tag.number == ORIENTATION).for_each(|tag| set(tag, 1));
        let below = below.and_then(|tag| self.value(window, &tag, 0)).and_then(|place| self.base.checked_add(place));
        if let Some(exif) = below.and_then(|at| self.directory(window, at)) {
            for (number, side) in PIXELS.into_iter().zip([width, height]) {
                exif.tags.iter().filter(|tag| tag.number == number).for_each(|tag| set(tag, side.into()));
            }
        }
        Some(patches)
    }
}

/// Bytes of one value.
pub(super) fn width_of(kind: u64) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}
