//! Positions in PNG: EXIF and XMP have chunks of their own, each with a checksum; older programs hide both in texts.

use super::{MOST_BESIDE, Odd, Patch, applied, in_order, removing, xmp};
use crate::probe::{Block, Window};
use crc_fast::CrcAlgorithm;
use flate2::read::ZlibDecoder;
use std::io::Read;

const MOST_CHUNKS: usize = 1_000_000;
const XMP: &[u8] = b"XML:com.adobe.xmp\0";
/// Keywords under which older programs keep EXIF and XMP as text.
const HIDDEN: [&[u8]; 3] = [b"Raw profile type exif\0", b"Raw profile type APP1\0", b"Raw profile type xmp\0"];

pub(super) fn patches(window: &mut Window<'_>) -> Result<Vec<Patch>, Odd> {
    let (mut found, mut at) = (Vec::new(), 8);
    for _ in 0..MOST_CHUNKS {
        let (Some(length), Some(kind)) = (window.big(at, 4), window.big(at + 4, 4)) else { return Err(Odd) };
        match &(kind as u32).to_be_bytes() {
            b"IEND" => return Ok(found),
            b"eXIf" => {
                if let Some(block) = Block::open(window, at + 8, length) {
                    let inside = removing::patches(block, window)?;
                    found.extend(with_sum(window, at, length, inside)?);
                }
            }
            b"iTXt" if window.has(at + 8, XMP) => found.extend(adobe(window, at, length)?),
            b"tEXt" | b"zTXt" | b"iTXt" if HIDDEN.iter().any(|keyword| window.has(at + 8, keyword)) => {
                found.push(gone(at, length));
            }
            _ => {}
        }
        at += length + 12;
    }
    Err(Odd)
}

/// XMP: a text with an empty language and keyword behind its two flags, compressed or not.
fn adobe(window: &mut Window<'_>, at: u64, length: u64) -> Result<Vec<Patch>, Odd> {
    if length > MOST_BESIDE {
        return Err(Odd);
    }
    let chunk = window.bytes(at + 8, length as usize).ok_or(Odd)?.to_vec();
    let compressed = chunk.get(XMP.len()) == Some(&1);
    let mut texts = chunk.get(XMP.len() + 2..).ok_or(Odd)?.splitn(3, |byte| *byte == 0).skip(2);
    let text = texts.next().ok_or(Odd)?;
    if compressed {
        let mut plain = Vec::new();
        let read = ZlibDecoder::new(text).take(MOST_BESIDE).read_to_end(&mut plain);
        let speaks = read.is_err() || plain.len() as u64 == MOST_BESIDE || xmp::speaks_of_position(&plain);
        return Ok(if speaks { vec![gone(at, length)] } else { Vec::new() });
    }
    let skip = chunk.len() as u64 - text.len() as u64;
    let inside = xmp::at(window, at + 8 + skip, text.len() as u64)?;
    with_sum(window, at, length, inside)
}

/// The whole chunk.
fn gone(at: u64, length: u64) -> Patch {
    Patch { at, take: length + 12, put: Vec::new() }
}

/// Changes inside a chunk, and its checksum after them.
fn with_sum(window: &mut Window<'_>, at: u64, length: u64, inside: Vec<Patch>) -> Result<Vec<Patch>, Odd> {
    if inside.is_empty() || length > MOST_BESIDE {
        return if inside.is_empty() { Ok(inside) } else { Err(Odd) };
    }
    let mut inside = in_order(inside)?;
    let chunk = window.bytes(at + 4, length as usize + 4).ok_or(Odd)?.to_vec();
    let moved: Vec<Patch> = inside.iter().map(|patch| Patch { at: patch.at - at - 4, ..patch.clone() }).collect();
    let sum = crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, &applied(&chunk, &moved)) as u32;
    inside.push(Patch { at: at + 8 + length, take: 4, put: sum.to_be_bytes().to_vec() });
    Ok(inside)
}
