//! JPEG (ITU-T T.81): segments up to the picture data, then the end mark.

use super::window::{PAGE, Window};
use super::{End, Found, tiff};

/// Marker segments that are looked at before the picture data; camera files have a few dozen.
const MOST_SEGMENTS: usize = 4096;
/// Picture data that is searched for its end when the file does not close with it.
const MOST_SEARCHED: u64 = 256 << 20;

pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let mut found = Found::default();
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let Some(marker) = marker(window, &mut at) else {
            found.end = if at >= window.size() { End::TooEarly } else { End::Contradicts };
            return found;
        };
        match marker {
            // Start of scan: what follows is picture data.
            0xda => {
                let sized = found.width > 0;
                found.end = if !sized { End::Contradicts } else { end_of_data(window, at) };
                return found;
            }
            // End of image before any picture.
            0xd9 => {
                found.end = End::Contradicts;
                return found;
            }
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let Some(length) = window.big(at, 2) else {
            found.end = End::TooEarly;
            return found;
        };
        if length < 2 {
            found.end = End::Contradicts;
            return found;
        }
        segment(window, marker, at + 2, length - 2, &mut found);
        at += length;
    }
    found
}

/// The next marker; any number of fill bytes may come before it.
fn marker(window: &mut Window<'_>, at: &mut u64) -> Option<u8> {
    if window.big(*at, 1)? != 0xff {
        return None;
    }
    for _ in 0..PAGE {
        *at += 1;
        let byte = window.big(*at, 1)?;
        if byte != 0xff {
            *at += 1;
            return u8::try_from(byte).ok();
        }
    }
    None
}

fn segment(window: &mut Window<'_>, marker: u8, at: u64, length: u64, found: &mut Found) {
    match marker {
        // Frames of all kinds, but not the tables that share their numbers.
        0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
            let (height, width) = (window.big(at + 1, 2), window.big(at + 3, 2));
            found.height = height.unwrap_or_default() as u32;
            found.width = width.unwrap_or_default() as u32;
        }
        0xe1 if found.orientation == 0 && window.has(at, b"Exif\0\0") => {
            let exif = tiff::exif(window, at + 6, length.saturating_sub(6));
            found.orientation = exif.orientation;
            found.gps |= exif.gps;
        }
        _ => {}
    }
}

/// Most files close with the end mark. Some have more behind it (a second picture, a film, padding): then it is searched
/// from the picture data on, where the mark cannot stand by chance.
fn end_of_data(window: &mut Window<'_>, data: u64) -> End {
    let size = window.size();
    if size >= data + 2 && window.has(size - 2, b"\xff\xd9") {
        return End::Fits;
    }
    let mut at = data;
    while at < size && at - data < MOST_SEARCHED {
        let page = window.some(at, 16 * PAGE);
        if page.is_empty() {
            break;
        }
        if page.windows(2).any(|pair| pair == b"\xff\xd9") {
            return End::Fits;
        }
        // The mark may lie across two pages.
        at += (page.len() as u64 - 1).max(1);
    }
    if at < size && at - data >= MOST_SEARCHED || window.gave_up() { End::Fits } else { End::TooEarly }
}
