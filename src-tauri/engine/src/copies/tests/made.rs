//! EXIF blocks and files that hold them, made on the spot, and an independent reader of tags.

use crate::decoding::readable;
use gantry_model::Format;
use image::DynamicImage;
use std::collections::BTreeMap;
use std::io::Cursor;

/// What an EXIF block is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub little: bool,
    /// 0 for none.
    pub orientation: u16,
    pub camera: String,
    /// Tags of the directory below: number and text.
    pub below: Vec<(u16, String)>,
    /// Degrees and minutes of both sides; none for no position.
    pub position: Option<[u32; 4]>,
    pub thumbnail: Vec<u8>,
}

/// A block that is written, and where its position is: spans of bytes.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub bytes: Vec<u8>,
    pub first: std::ops::Range<usize>,
    pub position: Vec<std::ops::Range<usize>>,
}

/// Tag, kind, count, value: inside when it fits into four bytes.
type Entry = (u16, u16, u32, Vec<u8>);

impl Block {
    fn n2(&self, n: u16) -> Vec<u8> {
        if self.little { n.to_le_bytes().to_vec() } else { n.to_be_bytes().to_vec() }
    }

    fn n4(&self, n: u32) -> Vec<u8> {
        if self.little { n.to_le_bytes().to_vec() } else { n.to_be_bytes().to_vec() }
    }

    fn text(&self, number: u16, text: &str) -> Entry {
        let bytes = [text.as_bytes(), b"\0"].concat();
        (number, 2, bytes.len() as u32, bytes)
    }

    /// Writes a directory at the end, values behind it. Gives where its offsets of the tags in `linked` stand.
    fn directory(&self, out: &mut Vec<u8>, entries: &[Entry]) -> (std::ops::Range<usize>, Vec<std::ops::Range<usize>>) {
        let begin = out.len();
        let table = begin + 2 + entries.len() * 12 + 4;
        let (mut values, mut spans) = (Vec::new(), Vec::new());
        out.extend(self.n2(entries.len() as u16));
        for (number, kind, count, value) in entries {
            out.extend([self.n2(*number), self.n2(*kind), self.n4(*count)].concat());
            if value.len() <= 4 {
                out.extend(value);
                out.extend(vec![0; 4 - value.len()]);
            } else {
                let at = table + values.len();
                out.extend(self.n4(at as u32));
                spans.push(at..at + value.len());
                values.extend(value);
                values.resize(values.len() + values.len() % 2, 0xee);
            }
        }
        out.extend([0; 4]);
        out.extend(values);
        (begin..table, spans)
    }

    pub fn write(&self) -> Written {
        let mut out = if self.little { b"II".to_vec() } else { b"MM".to_vec() };
        out.extend([self.n2(42), self.n4(8)].concat());
        let mut entries: Vec<Entry> = vec![self.text(271, &self.camera)];
        if self.orientation > 0 {
            entries.push((274, 3, 1, self.n2(self.orientation)));
        }
        entries.push((34_665, 4, 1, vec![0; 4]));
        if self.position.is_some() {
            entries.push((34_853, 4, 1, vec![0; 4]));
        }
        entries.push((40_091, 1, 6, b"title\0".to_vec()));
        let (first, _) = self.directory(&mut out, &entries);
        let place = |out: &mut Vec<u8>, number: u16, to: usize| {
            let at = entries.iter().position(|entry| entry.0 == number).expect("there") * 12 + 10 + 8;
            out[at..at + 4].copy_from_slice(&self.n4(to as u32));
        };
        let below = out.len();
        place(&mut out, 34_665, below);
        let texts: Vec<Entry> = self.below.iter().map(|(number, text)| self.text(*number, text)).collect();
        self.directory(&mut out, &texts);
        let position = self.position(&mut out, place);
        if !self.thumbnail.is_empty() {
            let next = out.len() as u32;
            out[first.end - 4..first.end].copy_from_slice(&self.n4(next));
            let at = next + 2 + 24 + 4;
            let sizes = [(513, 4, 1, self.n4(at)), (514, 4, 1, self.n4(self.thumbnail.len() as u32))];
            self.directory(&mut out, &sizes);
            out.extend(&self.thumbnail);
        }
        Written { bytes: out, first, position }
    }

    fn position(&self, out: &mut Vec<u8>, place: impl Fn(&mut Vec<u8>, u16, usize)) -> Vec<std::ops::Range<usize>> {
        let Some(numbers) = self.position else { return Vec::new() };
        let at = out.len();
        place(out, 34_853, at);
        let side = |degrees: u32, minutes: u32| [degrees, 1, minutes, 1, 0, 1].map(|n| self.n4(n)).concat();
        let entries = [
            (1, 2, 2, b"N\0".to_vec()),
            (2, 5, 3, side(numbers[0], numbers[1])),
            (3, 2, 2, b"E\0".to_vec()),
            (4, 5, 3, side(numbers[2], numbers[3])),
        ];
        let (table, mut spans) = self.directory(out, &entries);
        spans.push(table);
        spans
    }
}

/// A photo's block with everything that is usual.
pub(crate) fn usual(orientation: u16, position: Option<[u32; 4]>) -> Block {
    let below = vec![(36_867, "2026:05:01 10:00:00".to_owned()), (42_036, "a lens".to_owned())];
    Block { little: true, orientation, camera: "a camera".into(), below, position, thumbnail: vec![7; 90] }
}

pub(crate) fn encoded(format: Format, picture: &DynamicImage) -> Vec<u8> {
    let to = readable(format).expect("a format that is made here");
    let mut out = Vec::new();
    picture.write_to(&mut Cursor::new(&mut out), to).expect("encoded");
    out
}

pub(crate) fn jpeg_with(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    for segment in segments {
        out.extend([0xff, 0xe1]);
        out.extend((segment.len() as u16 + 2).to_be_bytes());
        out.extend(segment);
    }
    out.extend(&jpeg[2..]);
    out
}

pub(crate) fn exif_segment(exif: &[u8]) -> Vec<u8> {
    [b"Exif\0\0", exif].concat()
}

pub(crate) fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind, content].concat();
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &body) as u32;
    [&(content.len() as u32).to_be_bytes()[..], &body, &sum.to_be_bytes()].concat()
}

pub(crate) fn png_with(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A lossless WebP in its extended form, with these chunks behind the picture.
pub(crate) fn webp_with(webp: &[u8], width: u32, height: u32, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let mut out = [name, &(content.len() as u32).to_le_bytes()[..], content].concat();
        out.resize(out.len() + content.len() % 2, 0);
        out
    };
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let has = |name: &[u8; 4], flag: u8| if chunks.iter().any(|(chunk, _)| *chunk == name) { flag } else { 0 };
    let head = [vec![has(b"EXIF", 8) | has(b"XMP ", 4), 0, 0, 0], side(width), side(height)].concat();
    let more: Vec<u8> = chunks.iter().flat_map(|(name, content)| chunk(name, content)).collect();
    let body = [b"WEBP".to_vec(), chunk(b"VP8X", &head), webp[12..].to_vec(), more].concat();
    chunk(b"RIFF", &body)
}

/// The values of all tags by directory and number, read without the code that is tested.
pub(crate) fn tags(block: &[u8]) -> BTreeMap<(&'static str, u16), Vec<u8>> {
    let little = &block[..2] == b"II";
    let number = |at: usize, length: usize| -> usize {
        let bytes = &block[at..at + length];
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    };
    let mut found = BTreeMap::new();
    let mut to_read = vec![("first", number(4, 4))];
    while let Some((name, at)) = to_read.pop() {
        for index in 0..number(at, 2) {
            let here = at + 2 + index * 12;
            let (tag, kind, count) = (number(here, 2) as u16, number(here + 2, 2), number(here + 4, 4));
            let length = count * [0, 1, 1, 2, 4, 8][kind];
            let from = if length <= 4 { here + 8 } else { number(here + 8, 4) };
            match tag {
                34_665 => to_read.push(("below", number(here + 8, 4))),
                34_853 => to_read.push(("position", number(here + 8, 4))),
                513 => drop(found.insert(("thumbnail", 0), block[number(here + 8, 4)..][..5].to_vec())),
                _ => drop(found.insert((name, tag), block[from..from + length].to_vec())),
            }
        }
        let next = number(at + 2 + number(at, 2) * 12, 4);
        if next > 0 && name == "first" {
            to_read.push(("second", next));
        }
    }
    found
}
