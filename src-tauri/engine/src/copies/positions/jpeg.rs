//! Positions in JPEG: segments before the picture data, and those of further pictures that cameras put behind it.

use super::{Odd, Patch, removing, xmp};
use crate::probe::{Block, Window};

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const MORE_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Before the text of more XMP: its digest, its length, its offset.
const BEFORE_MORE: u64 = 40;
const MOST_SEGMENTS: usize = 65_536;
/// Bytes that are searched at a time.
const STRETCH: usize = 64 * 1024;

pub(super) fn patches(window: &mut Window<'_>) -> Result<Vec<Patch>, Odd> {
    let (mut found, mut at) = (Vec::new(), 2);
    for _ in 0..MOST_SEGMENTS {
        if window.big(at, 1) != Some(0xff) {
            return Err(Odd);
        }
        match window.big(at + 1, 1) {
            Some(0xff) => at += 1,
            Some(0x01 | 0xd0..=0xd8) => at += 2,
            Some(0xda) => {
                found.extend(behind(window, at)?);
                return Ok(found);
            }
            Some(marker) => {
                let length = window.big(at + 2, 2).filter(|length| *length >= 2).ok_or(Odd)?;
                if marker == 0xe1 {
                    found.extend(segment(window, at + 4, length - 2)?);
                }
                at += 2 + length;
            }
            None => return Err(Odd),
        }
    }
    Err(Odd)
}

/// The changes in one segment of facts.
fn segment(window: &mut Window<'_>, at: u64, length: u64) -> Result<Vec<Patch>, Odd> {
    if window.has(at, EXIF) {
        let skip = EXIF.len() as u64;
        return match Block::open(window, at + skip, length.saturating_sub(skip)) {
            Some(block) => removing::patches(block, window),
            None => Ok(Vec::new()),
        };
    }
    for (mark, more) in [(XMP, 0), (MORE_XMP, BEFORE_MORE)] {
        if window.has(at, mark) {
            let skip = mark.len() as u64 + more;
            return xmp::at(window, at + skip, length.saturating_sub(skip));
        }
    }
    Ok(Vec::new())
}

/// In picture data every 0xff is followed by a byte that no segment of facts begins with, so that none is met by chance.
fn behind(window: &mut Window<'_>, data: u64) -> Result<Vec<Patch>, Odd> {
    let (mut found, mut at) = (Vec::new(), data);
    while at < window.size() {
        let page = window.some(at, STRETCH);
        let Some(mark) = page.windows(2).position(|pair| pair == b"\xff\xe1") else {
            // The mark may lie across two stretches.
            at += (page.len() as u64).saturating_sub(1).max(1);
            continue;
        };
        let here = at + mark as u64;
        if let Some(length) = window.big(here + 2, 2).filter(|length| *length >= 2) {
            found.extend(segment(window, here + 4, length - 2)?);
        }
        at = here + 2;
    }
    Ok(found)
}
