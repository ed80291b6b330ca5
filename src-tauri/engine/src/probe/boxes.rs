//! Boxes of the MP4 family (ISO 14496-12): films, sound, and the pictures HEIC and AVIF.

mod tracks;

use super::window::Window;
use super::{End, Found, tiff};
use gantry_model::Format;
use gantry_model::measured::Measured;
use tracks::Track;

/// Boxes of one level that are looked at.
const MOST_BOXES: usize = 4096;
/// Entries of a table that are looked at.
const MOST_ENTRIES: u64 = 4096;

/// A box: its name, where its content begins and where it ends.
#[derive(Clone, Copy)]
struct Part {
    name: [u8; 4],
    from: u64,
    to: u64,
}

/// The format by the first box; `None` when it is none of the family.
pub(super) fn format(head: &[u8]) -> Option<Format> {
    let name = head.get(4..8)?;
    if name != b"ftyp" {
        // Old films have no brand; their first box has one of a few names, and a length that can be.
        let long = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let old = [b"moov", b"mdat", b"wide", b"pnot"].iter().any(|known| name == *known);
        return (old && (long >= 8 || long <= 1)).then_some(Format::Mov);
    }
    let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let brands = || head.get(16..length.min(head.len())).unwrap_or_default().chunks_exact(4);
    Some(match head.get(8..12)? {
        b"qt  " => Format::Mov,
        b"M4A " | b"M4B " => Format::M4a,
        b"avif" | b"avis" => Format::Avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Format::Heic,
        b"mif1" | b"msf1" if brands().any(|brand| brand == b"avif") => Format::Avif,
        b"mif1" | b"msf1" => Format::Heic,
        _ => Format::Mp4,
    })
}

/// A film or sound: size and turn of the first track with a picture; boxes beyond the end.
pub(super) fn moving(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let (parts, mut end) = parts(window, 0, size);
    let Some(moov) = parts.iter().find(|part| part.name == *b"moov") else {
        // The index is written last: without it the recording broke off.
        return Found::only(End::TooEarly);
    };
    let tracks: Vec<Part> = self::parts(window, moov.from, moov.to).0.into_iter().filter(|part| part.name == *b"trak").collect();
    let mut found = film(window, &tracks).unwrap_or_default();
    if found.measured.is_none() {
        let sound = tracks.iter().find_map(|track| Track::open(window, *track, b"soun"));
        found.measured = sound.map(|track| Measured::Sound(track.sound(window)));
    }
    if window.gave_up() {
        end = End::Fits;
    }
    Found { end, ..found }
}

/// The first track with a picture.
fn film(window: &mut Window<'_>, tracks: &[Part]) -> Option<Found> {
    for track in tracks {
        let inner = parts(window, track.from, track.to).0;
        if let Some(header) = inner.iter().find(|part| part.name == *b"tkhd")
            && let Some(found) = track_picture(window, header.from)
        {
            let open = Track::open(window, *track, b"vide");
            let shown = (u64::from(found.width), u64::from(found.height));
            return Some(Found { measured: open.map(|track| Measured::Film(track.film(window, shown))), ..found });
        }
    }
    None
}

fn track_picture(window: &mut Window<'_>, at: u64) -> Option<Found> {
    let wide = window.big(at, 1)? == 1;
    let matrix = at + if wide { 52 } else { 40 };
    let (width, height) = (window.big(matrix + 36, 4)? >> 16, window.big(matrix + 40, 4)? >> 16);
    if width == 0 || height == 0 {
        return None;
    }
    let number = |window: &mut Window<'_>, index: u64| window.big(matrix + index * 4, 4).map(|raw| raw as u32 as i32 >> 16);
    let turn = (number(window, 0)?, number(window, 1)?, number(window, 3)?, number(window, 4)?);
    let orientation = match turn {
        (0, 1, -1, 0) => 6,
        (-1, 0, 0, -1) => 3,
        (0, -1, 1, 0) => 8,
        _ => 0,
    };
    Some(Found { width: width as u32, height: height as u32, orientation, ..Found::default() })
}

/// A still picture: size and turn of the primary item.
pub(super) fn still(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let (top, end) = parts(window, 0, size);
    let Some(meta) = top.iter().find(|part| part.name == *b"meta") else {
        return Found::only(if end == End::Fits { End::Contradicts } else { end });
    };
    let found = primary(window, *meta).unwrap_or_default();
    let gps = exif(window, *meta).unwrap_or_default();
    Found { end: if window.gave_up() { End::Fits } else { end }, gps, ..found }
}

/// Whether the item with the EXIF block says where the picture was taken.
fn exif(window: &mut Window<'_>, meta: Part) -> Option<bool> {
    let inner = parts(window, meta.from + 4, meta.to).0;
    let named = |name: &[u8; 4]| inner.iter().find(|part| part.name == *name).copied();
    let (iinf, iloc) = (named(b"iinf")?, named(b"iloc")?);
    let head = if window.big(iinf.from, 1)? == 0 { 6 } else { 8 };
    for entry in parts(window, iinf.from + head, iinf.to).0 {
        let wide = window.big(entry.from, 1)? > 2;
        let kind = entry.from + if wide { 10 } else { 8 };
        if window.has(kind, b"Exif") {
            let item = window.big(entry.from + 4, if wide { 4 } else { 2 })?;
            let (at, length) = located(window, iloc, item)?;
            // Four bytes say how far behind them the block begins.
            let skip = window.big(at, 4)?.checked_add(4)?;
            return Some(tiff::exif(window, at.checked_add(skip)?, length.saturating_sub(skip)).gps);
        }
    }
    None
}

/// Where the first piece of an item lies in the file, and its length.
fn located(window: &mut Window<'_>, iloc: Part, item: u64) -> Option<(u64, u64)> {
    let version = window.big(iloc.from, 1)?;
    let widths = window.big(iloc.from + 4, 2)?;
    let [offset, length, base, index] = [widths >> 12 & 15, widths >> 8 & 15, widths >> 4 & 15, widths & 15];
    let id = if version < 2 { 2 } else { 4 };
    let count = window.big(iloc.from + 6, id as usize)?;
    let mut at = iloc.from + 6 + id;
    let number = |window: &mut Window<'_>, at: u64, width: u64| if width == 0 { Some(0) } else { window.big(at, width as usize) };
    for _ in 0..count.min(MOST_ENTRIES) {
        let this = window.big(at, id as usize)?;
        let method = if version > 0 { window.big(at + id, 2)? & 15 } else { 0 };
        at += id + if version > 0 { 2 } else { 0 } + 2;
        let from = number(window, at, base.min(8))?;
        let pieces = window.big(at + base, 2)?;
        at += base + 2;
        let index = if version > 0 { index } else { 0 };
        if this == item && pieces > 0 {
            let (first, long) = (number(window, at + index, offset.min(8))?, number(window, at + index + offset, length.min(8))?);
            return (method == 0).then_some((from.checked_add(first)?, long));
        }
        at += pieces * (index + offset + length);
    }
    None
}

fn primary(window: &mut Window<'_>, meta: Part) -> Option<Found> {
    let inner = parts(window, meta.from + 4, meta.to).0;
    let named = |parts: &[Part], name: &[u8; 4]| parts.iter().find(|part| part.name == *name).copied();
    let pitm = named(&inner, b"pitm")?;
    let wide = window.big(pitm.from, 1)? > 0;
    let item = window.big(pitm.from + 4, if wide { 4 } else { 2 })?;
    let iprp = named(&inner, b"iprp")?;
    let inner = parts(window, iprp.from, iprp.to).0;
    let (ipco, ipma) = (named(&inner, b"ipco")?, named(&inner, b"ipma")?);
    let properties = parts(window, ipco.from, ipco.to).0;
    let mut found = Found::default();
    let (mut turn, mut mirror) = (0, None);
    for index in associated(window, ipma, item)? {
        let Some(property) = index.checked_sub(1).and_then(|index| properties.get(index)) else { continue };
        match &property.name {
            b"ispe" => {
                found.width = window.big(property.from + 4, 4)? as u32;
                found.height = window.big(property.from + 8, 4)? as u32;
            }
            b"irot" => turn = window.big(property.from, 1)? & 3,
            b"imir" => mirror = Some(window.big(property.from, 1)? & 1),
            _ => {}
        }
    }
    // `irot` turns against the clock in quarters; EXIF names the same by where the first row and column are.
    found.orientation = match (turn, mirror) {
        (0, None) => 0,
        (1, None) => 8,
        (2, None) => 3,
        (_, None) => 6,
        (0, Some(0)) | (2, Some(1)) => 4,
        (0, Some(_)) | (2, Some(_)) => 2,
        (1, Some(0)) | (3, Some(1)) => 7,
        (_, Some(_)) => 5,
    };
    Some(found)
}

/// The numbers (from 1) of the properties of one item.
fn associated(window: &mut Window<'_>, ipma: Part, item: u64) -> Option<Vec<usize>> {
    let version = window.big(ipma.from, 1)?;
    let wide = window.big(ipma.from + 3, 1)? & 1 == 1;
    let count = window.big(ipma.from + 4, 4)?;
    let mut at = ipma.from + 8;
    for _ in 0..count.min(MOST_ENTRIES) {
        let id = if version == 0 { 2 } else { 4 };
        let this = window.big(at, id)?;
        let many = window.big(at + id as u64, 1)?;
        at += id as u64 + 1;
        let step = if wide { 2 } else { 1 };
        if this == item {
            let mask = if wide { 0x7fff } else { 0x7f };
            let number = |index| window.big(at + index * step, step as usize).map(|raw| (raw & mask) as usize);
            return (0..many).map(number).collect();
        }
        at += many * step;
        if at > ipma.to {
            return None;
        }
    }
    None
}

/// The boxes between two positions, and whether the last one ends where it says.
fn parts(window: &mut Window<'_>, from: u64, to: u64) -> (Vec<Part>, End) {
    let (mut parts, mut at) = (Vec::new(), from);
    let beyond = |to: u64, window: &Window<'_>| if to > window.size() { End::TooEarly } else { End::Contradicts };
    while at < to && parts.len() < MOST_BOXES {
        let (Some(length), Some(name)) = (window.big(at, 4), window.big(at + 4, 4)) else {
            // A few bytes of padding behind the last box are no harm.
            return (parts, if window.size() - at.min(window.size()) < 8 { End::Fits } else { End::TooEarly });
        };
        let (length, head) = match length {
            0 => (to - at, 8),
            1 => match window.big(at + 8, 8) {
                Some(length) => (length, 16),
                None => return (parts, End::TooEarly),
            },
            length => (length, 8),
        };
        let end = at.saturating_add(length);
        if length < head {
            return (parts, End::Contradicts);
        }
        let part = Part { name: (name as u32).to_be_bytes(), from: at + head, to: end.min(to) };
        parts.push(part);
        if end > to {
            return (parts, beyond(end, window));
        }
        at = end;
    }
    (parts, End::Fits)
}
