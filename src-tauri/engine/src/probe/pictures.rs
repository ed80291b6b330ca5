//! GIF, BMP and WebP: sizes from the header, ends from what the header promises.

use super::tiff::{self, Exif};
use super::window::{PAGE, Window};
use super::{End, Found};

/// Content of a GIF that is walked through when its last byte is not the trailer.
const MOST_WALKED: u64 = 64 << 20;

pub(super) fn gif(window: &mut Window<'_>) -> Found {
    let (Some(width), Some(height)) = (window.little(6, 2), window.little(8, 2)) else { return Found::only(End::TooEarly) };
    let mut found = Found { width: width as u32, height: height as u32, ..Found::default() };
    if window.tail(1) != b"\x3b" {
        found.end = gif_end(window);
    }
    found
}

/// Walks the blocks until the trailer. Some writers leave bytes behind it, which is no harm.
fn gif_end(window: &mut Window<'_>) -> End {
    let colours = |flags: u64| if flags & 0x80 != 0 { 3 << ((flags & 7) + 1) } else { 0 };
    let Some(flags) = window.big(10, 1) else { return End::TooEarly };
    let mut at = 13 + colours(flags);
    while at < window.size().min(MOST_WALKED) {
        match window.big(at, 1) {
            Some(0x3b) => return End::Fits,
            Some(0x21) => at += 2,
            Some(0x2c) => match window.big(at + 9, 1) {
                Some(flags) => at += 11 + colours(flags),
                None => return End::TooEarly,
            },
            Some(_) => return End::Contradicts,
            None => break,
        }
        loop {
            match window.big(at, 1) {
                Some(0) => break,
                Some(length) => at += 1 + length,
                None => return if window.gave_up() { End::Fits } else { End::TooEarly },
            }
        }
        at += 1;
    }
    if at >= MOST_WALKED || window.gave_up() { End::Fits } else { End::TooEarly }
}

/// Two letters are a weak mark: the size of the header behind them is looked at too.
pub(super) fn is_bmp(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && head.get(14..18).is_some_and(|size| matches!(size, [12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

pub(super) fn bmp(window: &mut Window<'_>) -> Found {
    let old = window.little(14, 4) == Some(12);
    let width = if old { window.little(18, 2) } else { window.little(18, 4) };
    let height = if old { window.little(20, 2) } else { window.little(22, 4) };
    let planes = window.little(if old { 22 } else { 26 }, 2);
    let (Some(width), Some(height), Some(planes)) = (width, height, planes) else { return Found::only(End::TooEarly) };
    // A negative height is a picture stored from its top.
    let height = (height as u32 as i32).unsigned_abs();
    let promised = window.little(2, 4).unwrap_or_default().max(window.little(10, 4).unwrap_or_default());
    let end = if planes != 1 || width == 0 || height == 0 { End::Contradicts } else { Found::to(promised, window) };
    Found { width: width as u32, height, end, ..Found::default() }
}

pub(super) fn webp(window: &mut Window<'_>) -> Found {
    let promised = window.little(4, 4).map_or(u64::MAX, |size| size + 8);
    let (width, height) = match window.bytes(12, 4) {
        Some(b"VP8 ") => (window.little(26, 2).map(|side| side & 0x3fff), window.little(28, 2).map(|side| side & 0x3fff)),
        Some(b"VP8L") => {
            let bits = window.little(21, 4);
            (bits.map(|bits| (bits & 0x3fff) + 1), bits.map(|bits| (bits >> 14 & 0x3fff) + 1))
        }
        Some(b"VP8X") => (window.little(24, 3).map(|side| side + 1), window.little(27, 3).map(|side| side + 1)),
        Some(_) => return Found::only(End::Contradicts),
        None => return Found::only(End::TooEarly),
    };
    let (Some(width), Some(height)) = (width, height) else { return Found::only(End::TooEarly) };
    let marked = match window.bytes(12, 4) {
        Some(b"VP8 ") => window.has(23, b"\x9d\x01\x2a"),
        Some(b"VP8L") => window.has(20, b"\x2f"),
        _ => true,
    };
    let end = if marked { Found::to(promised, window) } else { End::Contradicts };
    let exif = if window.has(12, b"VP8X") { webp_exif(window) } else { Exif::default() };
    let (width, height) = (width as u32, height as u32);
    Found { width, height, orientation: exif.orientation, gps: exif.gps, end, measured: None }
}

fn webp_exif(window: &mut Window<'_>) -> Exif {
    const HAS_EXIF: u64 = 0x08;
    if window.big(20, 1).is_none_or(|flags| flags & HAS_EXIF == 0) {
        return Exif::default();
    }
    let mut at = 12;
    for _ in 0..PAGE {
        let Some(length) = window.little(at + 4, 4) else { return Exif::default() };
        if window.has(at, b"EXIF") {
            // Some writers keep the mark that JPEG needs.
            let skip = if window.has(at + 8, b"Exif\0\0") { 6 } else { 0 };
            return tiff::exif(window, at + 8 + skip, length.saturating_sub(skip));
        }
        at += 8 + length + (length & 1);
    }
    Exif::default()
}
