//! Sound, and the containers that it shares with films: RIFF, MP3, FLAC, Ogg, Matroska.

use super::window::Window;
use super::{End, Found};

/// The largest Ogg page: header, 255 segment lengths, 255 segments of 255 bytes.
const OGG_PAGE: usize = 27 + 255 + 255 * 255;
/// Blocks before the sound of a FLAC file that are looked at.
const MOST_BLOCKS: usize = 512;

pub(super) fn riff(window: &mut Window<'_>) -> Found {
    let promised = window.little(4, 4).unwrap_or_default();
    // Recorders that never came back write 0 or all ones; the wide forms say their length elsewhere.
    let open = promised == 0 || promised == u64::from(u32::MAX) || !window.has(0, b"RIFF");
    let end = if open { End::Fits } else { Found::to(promised + 8, window) };
    let mut found = Found::only(end);
    if window.has(8, b"AVI ") && window.has(24, b"avih") {
        found.width = window.little(64, 4).unwrap_or_default() as u32;
        found.height = window.little(68, 4).unwrap_or_default() as u32;
    }
    found
}

pub(super) fn mp3(window: &mut Window<'_>) -> Found {
    if !window.has(0, b"ID3") {
        return Found::default();
    }
    let Some(size) = window.big(6, 4) else { return Found::only(End::TooEarly) };
    // Seven bits of each byte count.
    let tag = (size >> 24 & 0x7f) << 21 | (size >> 16 & 0x7f) << 14 | (size >> 8 & 0x7f) << 7 | size & 0x7f;
    Found::only(if tag + 10 >= window.size() { End::TooEarly } else { End::Fits })
}

/// Two frames, one right behind the other.
pub(super) fn is_mp3(window: &mut Window<'_>) -> bool {
    let first = window.big(0, 4).and_then(mp3_frame);
    first.is_some_and(|length| window.big(length, 4).and_then(mp3_frame).is_some())
}

/// The length of an MPEG sound frame of layer III by its header.
fn mp3_frame(header: u64) -> Option<u64> {
    const FIRST: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const SECOND: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let (version, layer) = (header >> 19 & 3, header >> 17 & 3);
    if header >> 21 != 0x7ff || version == 1 || layer != 1 {
        return None;
    }
    let rate = *[44_100, 48_000, 32_000].get((header >> 10 & 3) as usize)?;
    let step = ((header >> 12 & 15) as usize).checked_sub(1)?;
    let (bits, rate, samples) = match version {
        3 => (*FIRST.get(step)?, rate, 144),
        2 => (*SECOND.get(step)?, rate / 2, 72),
        _ => (*SECOND.get(step)?, rate / 4, 72),
    };
    Some(samples * bits * 1000 / rate + (header >> 9 & 1))
}

pub(super) fn flac(window: &mut Window<'_>) -> Found {
    let mut at = 4;
    for _ in 0..MOST_BLOCKS {
        let Some(header) = window.big(at, 4) else { return Found::only(End::TooEarly) };
        if at == 4 && (header >> 24 & 0x7f != 0 || header & 0xff_ffff < 34) {
            return Found::only(End::Contradicts);
        }
        at += 4 + (header & 0xff_ffff);
        if header >> 31 == 1 {
            break;
        }
    }
    Found::only(if at >= window.size() { End::TooEarly } else { End::Fits })
}

/// The last page says how long it is.
pub(super) fn ogg(window: &mut Window<'_>) -> Found {
    let tail = window.tail(OGG_PAGE);
    let Some(last) = tail.windows(4).rposition(|four| four == b"OggS") else { return Found::default() };
    let page = &tail[last..];
    let segments = page.get(26).map_or(0, |count| usize::from(*count));
    let content: Option<usize> = page.get(27..27 + segments).map(|table| table.iter().map(|length| usize::from(*length)).sum());
    let whole = content.is_some_and(|content| 27 + segments + content <= page.len());
    Found::only(if whole { End::Fits } else { End::TooEarly })
}

/// The segment behind the EBML header says how long it is, unless it was written while recording.
pub(super) fn webm(window: &mut Window<'_>) -> Found {
    let Some((length, head)) = ebml_length(window, 4) else { return Found::only(End::TooEarly) };
    let at = 4 + head + length.unwrap_or_default();
    if length.is_none() || !window.has(at, b"\x18\x53\x80\x67") {
        return Found::only(if at + 4 > window.size() { End::TooEarly } else { End::Contradicts });
    }
    match ebml_length(window, at + 4) {
        Some((Some(length), head)) => Found::only(Found::to((at + 4 + head).saturating_add(length), window)),
        Some((None, _)) => Found::default(),
        None => Found::only(End::TooEarly),
    }
}

/// A length of EBML and the bytes it takes; all ones mean unknown.
fn ebml_length(window: &mut Window<'_>, at: u64) -> Option<(Option<u64>, u64)> {
    let first = window.big(at, 1)?;
    let bytes = (first as u8).leading_zeros() as usize + 1;
    if bytes > 8 {
        return None;
    }
    let mask = (1_u64 << (7 * bytes)) - 1;
    let length = window.big(at, bytes)? & mask;
    Some(((length != mask).then_some(length), bytes as u64))
}
