//! The small picture that cameras put into the beginning of a JPEG file: enough for a thumbnail, and it spares the rest.

use gantry_model::{Format, Media};

/// Tags of the second directory: where its JPEG begins, counted from the head of the block, and its bytes.
const BEGINS: u16 = 0x0201;
const LENGTH: u16 = 0x0202;
/// Tags that are looked at.
const MOST_TAGS: u16 = 256;

/// The small picture inside, and how it stands: as the large one does. `None` where there is none, where these bytes end
/// before it does, or where it is narrower than half of `side` or of another shape than the large one: programs that crop
/// a picture often leave the small one of before.
pub(crate) fn inner_picture<'a>(content: &'a [u8], media: &Media, side: u32) -> Option<(&'a [u8], Media)> {
    if media.format != Format::Jpeg {
        return None;
    }
    let block = content.get(exif(content)?..)?;
    let little = match block.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let first = Tags { block, little, at: number(block, 4, 4, little)? };
    let second = Tags { at: first.next()?, ..first };
    let (begin, length) = (second.value(BEGINS)?, second.value(LENGTH)?);
    let inner = block.get(begin..begin.checked_add(length)?)?;
    let seen = crate::probe::measure(&inner.to_vec(), inner.len() as u64).ok()?;
    let stands = if (5..=8).contains(&media.orientation) { (media.height, media.width) } else { (media.width, media.height) };
    let wide = seen.width.max(seen.height) * 2 >= side;
    let fits = seen.format == Format::Jpeg && wide && is_same_shape((seen.width, seen.height), stands);
    fits.then_some((inner, Media { orientation: media.orientation, ..seen }))
}

/// Where the block of EXIF begins: in the segments before the picture itself.
fn exif(content: &[u8]) -> Option<usize> {
    let mut at = 2;
    while content.get(at) == Some(&0xff) {
        let (marker, length) = (*content.get(at + 1)?, number(content, at + 2, 2, false)?);
        if marker == 0xe1 && content.get(at + 4..at + 10) == Some(b"Exif\0\0") {
            return Some(at + 10);
        }
        // From here on there is picture, and no more segments of words.
        if matches!(marker, 0xc0..=0xcf | 0xda | 0xd9) || length < 2 {
            return None;
        }
        at += 2 + length;
    }
    None
}

/// Within three of a hundred: small pictures have whole pixels.
fn is_same_shape(one: (u32, u32), other: (u32, u32)) -> bool {
    let (a, b) = (u64::from(one.0) * u64::from(other.1), u64::from(one.1) * u64::from(other.0));
    a > 0 && b > 0 && a.abs_diff(b) * 100 <= a.max(b) * 3
}

/// One directory of tags.
#[derive(Clone, Copy)]
struct Tags<'a> {
    block: &'a [u8],
    little: bool,
    at: usize,
}

impl Tags<'_> {
    fn count(self) -> Option<u16> {
        u16::try_from(number(self.block, self.at, 2, self.little)?).ok()
    }

    fn next(self) -> Option<usize> {
        let behind = self.at + 2 + 12 * usize::from(self.count()?);
        number(self.block, behind, 4, self.little).filter(|at| *at > 0)
    }

    fn value(self, wanted: u16) -> Option<usize> {
        let tag = |index: u16| self.at + 2 + 12 * usize::from(index);
        let is = |index: &u16| number(self.block, tag(*index), 2, self.little) == Some(usize::from(wanted));
        let found = (0..self.count()?.min(MOST_TAGS)).find(is)?;
        let kind = number(self.block, tag(found) + 2, 2, self.little)?;
        let width = if kind == 3 { 2 } else { 4 };
        number(self.block, tag(found) + 8, width, self.little)
    }
}

fn number(bytes: &[u8], at: usize, length: usize, little: bool) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
    Some(if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
}
