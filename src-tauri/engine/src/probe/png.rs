//! PNG: the header chunk, the orientation if there is one, and the closing chunk.

use super::window::Window;
use super::{End, Found, tiff};
use crc_fast::CrcAlgorithm;

/// The closing chunk, whole: it has no content, so its bytes are always these.
const CLOSE: &[u8] = b"\0\0\0\0IEND\xae\x42\x60\x82";
/// Chunks looked at behind the first picture data when the file closes as it should.
const FEW: usize = 16;
/// Chunks looked at in any case.
const MOST: usize = 100_000;

pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let mut found = Found::default();
    let Some(header) = window.bytes(8, 25) else { return Found::only(End::TooEarly) };
    let length = header[..4] == [0, 0, 0, 13];
    let sum = u64::from(u32::from_be_bytes([header[21], header[22], header[23], header[24]]));
    let fits = length && header[4..8] == *b"IHDR" && crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, &header[4..21]) == sum;
    if !fits {
        return Found::only(End::Contradicts);
    }
    found.width = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    found.height = u32::from_be_bytes([header[12], header[13], header[14], header[15]]);
    let closes = window.tail(CLOSE.len()) == CLOSE;
    chunks(window, closes, &mut found);
    if found.width == 0 || found.height == 0 {
        found.end = End::Contradicts;
    }
    found
}

/// Goes from chunk to chunk. In a file that closes as it should, only as far as the orientation usually stands.
fn chunks(window: &mut Window<'_>, closes: bool, found: &mut Found) {
    let (mut at, mut behind) = (33, 0);
    for _ in 0..MOST {
        let (Some(length), Some(kind)) = (window.big(at, 4), window.big(at + 4, 4)) else {
            found.end = if closes || window.gave_up() { End::Fits } else { End::TooEarly };
            return;
        };
        match &(kind as u32).to_be_bytes() {
            b"IEND" => {
                found.end = Found::to(at + length + 12, window);
                return;
            }
            b"eXIf" => {
                let exif = tiff::exif(window, at + 8, length);
                found.orientation = exif.orientation;
                found.gps |= exif.gps;
            }
            b"IDAT" => behind += 1,
            _ => {}
        }
        if closes && behind > FEW {
            return;
        }
        at += length + 12;
        if at > window.size() {
            found.end = End::TooEarly;
            return;
        }
    }
}
