//! Whether a file holds more than one picture: a copy made of its pixels holds the first one only.

use crate::probe::{Block, Window};
use gantry_model::Format;

/// Blocks of a GIF, chunks of a PNG or WebP that are gone through.
const MOST: usize = 100_000;

/// There is more than one.
pub(super) fn more_than_one(window: &mut Window<'_>, format: Format) -> bool {
    match format {
        Format::Gif => gif(window),
        Format::Webp => window.has(12, b"VP8X") && window.big(20, 1).is_some_and(|flags| flags & 0x02 != 0),
        Format::Png => png(window),
        Format::Tiff => Block::open(window, 0, window.size()).is_some_and(|block| block.pages(window) > 1),
        _ => false,
    }
}

/// An animated PNG says so before its first picture.
fn png(window: &mut Window<'_>) -> bool {
    let mut at = 8;
    for _ in 0..MOST {
        let Some(length) = window.big(at, 4) else { return false };
        if window.has(at + 4, b"acTL") {
            return true;
        }
        if window.has(at + 4, b"IDAT") {
            return false;
        }
        at += length + 12;
    }
    false
}

fn gif(window: &mut Window<'_>) -> bool {
    let colours = |flags: u64| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let Some(flags) = window.big(10, 1) else { return false };
    let (mut at, mut pictures) = (13 + colours(flags), 0);
    for _ in 0..MOST {
        match window.big(at, 1) {
            Some(0x21) => at += 2,
            Some(0x2c) => {
                pictures += 1;
                if pictures > 1 {
                    return true;
                }
                let Some(flags) = window.big(at + 9, 1) else { return false };
                at += 11 + colours(flags);
            }
            _ => return false,
        }
        loop {
            match window.big(at, 1) {
                Some(0) => break,
                Some(length) => at += 1 + length,
                None => return false,
            }
        }
        at += 1;
    }
    false
}

/// The first picture of the file was compressed with loss.
pub(super) fn is_lossy(window: &mut Window<'_>, format: Format) -> bool {
    match format {
        Format::Jpeg => true,
        Format::Webp => webp_is_lossy(window),
        Format::Tiff => Block::open(window, 0, window.size()).is_some_and(|block| block.is_jpeg(window)),
        _ => false,
    }
}

fn webp_is_lossy(window: &mut Window<'_>) -> bool {
    let mut at = 12;
    for _ in 0..MOST {
        let Some(length) = window.little(at + 4, 4) else { return false };
        if window.has(at, b"VP8 ") {
            return true;
        }
        if window.has(at, b"VP8L") {
            return false;
        }
        // A frame of an animation holds its picture behind a short head of its own.
        at += if window.has(at, b"ANMF") { 8 + 16 } else { 8 + length + (length & 1) };
    }
    false
}
