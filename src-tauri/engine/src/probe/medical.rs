//! Medical pictures: DICOM, NIfTI and NRRD.

use super::window::{PAGE, Window};
use super::{End, Found};
use flate2::read::{DeflateDecoder, GzDecoder};
use gantry_model::Format;
use gantry_model::measured::{Measured, Patient};
use std::io::Read;

/// Elements of DICOM that are looked at.
const MOST_ELEMENTS: usize = 4096;
/// The last group of elements that is asked for.
const LAST_GROUP: u64 = 0x28;
const TRANSFER_SYNTAX: (u64, u64) = (0x2, 0x10);
const PATIENT_NAME: (u64, u64) = (0x10, 0x10);
const ROWS: (u64, u64) = (0x28, 0x10);
const COLUMNS: (u64, u64) = (0x28, 0x11);
/// Marks of sequences: they and their items may end with a mark instead of having a length.
const ITEM: (u64, u64) = (0xfffe, 0xe000);
const ITEM_END: (u64, u64) = (0xfffe, 0xe00d);
const SEQUENCE_END: (u64, u64) = (0xfffe, 0xe0dd);
const NO_LENGTH: u64 = 0xffff_ffff;
/// The header of NIfTI-1.
const NIFTI: usize = 352;

/// Bytes of the packed elements that are looked at, as they lie in the file and as they are unpacked: the patient stands
/// near the beginning.
const MOST_PACKED: usize = 256 * 1024;
const MOST_UNPACKED: u64 = 1024 * 1024;
/// How elements are written before a file says otherwise, and once they are unpacked.
const PLAIN: Syntax = Syntax { explicit: true, little: true };

/// How the elements of one file are written.
#[derive(Clone, Copy)]
struct Syntax {
    explicit: bool,
    little: bool,
}

/// One element: its tag, where its content begins, and its length.
struct Element {
    tag: (u64, u64),
    from: u64,
    length: u64,
}

pub(super) fn dicom(window: &mut Window<'_>) -> Found {
    let (mut at, mut syntax) = (132, Some(PLAIN));
    for _ in 0..MOST_ELEMENTS {
        let Some(element) = element(window, at, PLAIN).filter(|element| element.tag.0 == 2) else { break };
        if element.tag == TRANSFER_SYNTAX {
            let bytes = window.some(element.from, element.length.min(64) as usize);
            syntax = syntax_of(bytes.trim_ascii_end().strip_suffix(b"\0").unwrap_or(bytes));
        }
        at = element.from.saturating_add(element.length);
    }
    let mut found = Found::default();
    let named = match syntax {
        Some(said) => {
            // Some writers name another syntax than they write in; kinds are two capitals, so their absence shows.
            let kinds = window.bytes(at.saturating_add(4), 2).is_none_or(|kind| kind.iter().all(u8::is_ascii_uppercase));
            elements(window, at, Syntax { explicit: said.explicit && kinds, ..said }, &mut found)
        }
        None => packed(window, at, &mut found),
    };
    found.measured = Some(Measured::Patient(Patient { named }));
    found
}

/// Elements that were packed as one stream without a frame around it.
fn packed(window: &mut Window<'_>, at: u64, found: &mut Found) -> Option<bool> {
    let size = window.size();
    let packed = window.some(at, MOST_PACKED);
    let all = at.saturating_add(packed.len() as u64) >= size;
    let mut content = Vec::new();
    // What was unpacked before the stream broke off is there, and is looked at.
    let whole = DeflateDecoder::new(packed).take(MOST_UNPACKED).read_to_end(&mut content).is_ok();
    let ended = all && whole && (content.len() as u64) < MOST_UNPACKED;
    // Where more follows, the end of what is at hand is not the end of the elements.
    let size = if ended { content.len() as u64 } else { u64::MAX };
    elements(&mut Window::new(&content, size).ok()?, 0, PLAIN, found)
}

/// `None` where the content is compressed as a whole.
fn syntax_of(uid: &[u8]) -> Option<Syntax> {
    match uid {
        b"1.2.840.10008.1.2" => Some(Syntax { explicit: false, little: true }),
        b"1.2.840.10008.1.2.2" => Some(Syntax { explicit: true, little: false }),
        b"1.2.840.10008.1.2.1.99" => None,
        _ => Some(Syntax { explicit: true, little: true }),
    }
}

/// Goes through the elements; says whether there is a patient's name, if it got far enough.
fn elements(window: &mut Window<'_>, mut at: u64, syntax: Syntax, found: &mut Found) -> Option<bool> {
    let (mut depth, mut named) = (0_u32, false);
    for _ in 0..MOST_ELEMENTS {
        let Some(element) = element(window, at, syntax) else {
            let ended = at >= window.size();
            return (named || ended).then_some(named);
        };
        match element.tag {
            ITEM_END | SEQUENCE_END => depth = depth.saturating_sub(1),
            PATIENT_NAME if element.length != NO_LENGTH => {
                let name = window.some(element.from, element.length.min(256) as usize);
                named |= name.iter().any(|byte| !matches!(byte, b' ' | b'^' | b'=' | 0));
            }
            ROWS if depth == 0 => found.height = window.number(element.from, 2, syntax.little).unwrap_or_default() as u32,
            COLUMNS if depth == 0 => found.width = window.number(element.from, 2, syntax.little).unwrap_or_default() as u32,
            (group, _) if depth == 0 && group > LAST_GROUP => return Some(named),
            _ => {}
        }
        at = if element.length == NO_LENGTH {
            depth += 1;
            element.from
        } else {
            element.from.saturating_add(element.length)
        };
    }
    named.then_some(true)
}

fn element(window: &mut Window<'_>, at: u64, syntax: Syntax) -> Option<Element> {
    let tag = (window.number(at, 2, syntax.little)?, window.number(at.checked_add(2)?, 2, syntax.little)?);
    if !syntax.explicit || matches!(tag, ITEM | ITEM_END | SEQUENCE_END) {
        return Some(Element { tag, from: at + 8, length: window.number(at + 4, 4, syntax.little)? });
    }
    let kind = window.bytes(at + 4, 2)?;
    if !kind.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    // Kinds with a length of four bytes keep two bytes free before it.
    let long =
        matches!(kind, b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV");
    let (from, length) = match long {
        true => (at + 12, window.number(at + 8, 4, syntax.little)?),
        false => (at + 8, window.number(at + 6, 2, syntax.little)?),
    };
    Some(Element { tag, from, length })
}

/// Whether content begins as NIfTI does.
pub(super) fn is_nifti(head: &[u8]) -> bool {
    let first = matches!(head.get(344..348), Some(b"n+1\0" | b"ni1\0"))
        && matches!(head.get(..4), Some([0x5c, 1, 0, 0] | [0, 0, 1, 0x5c]));
    let second = matches!(head.get(4..12), Some(b"n+2\0\r\n\x1a\n" | b"ni2\0\r\n\x1a\n"));
    first || second
}

/// Whether packed content begins as NIfTI does; its first page is looked at.
pub(super) fn is_packed_nifti(head: &[u8]) -> bool {
    unpacked(head).is_some_and(|head| is_nifti(&head))
}

fn unpacked(head: &[u8]) -> Option<[u8; NIFTI]> {
    let mut begin = [0; NIFTI];
    GzDecoder::new(head).read_exact(&mut begin).ok()?;
    Some(begin)
}

pub(super) fn nifti(window: &mut Window<'_>) -> Found {
    let head: Option<[u8; NIFTI]> = window.bytes(0, NIFTI).and_then(|head| head.try_into().ok());
    let Some(head) = head else { return Found::only(End::TooEarly) };
    let (mut found, needed) = volume(&head);
    found.end = Found::to(needed, window);
    found
}

pub(super) fn packed_nifti(window: &mut Window<'_>) -> Found {
    let mut found = unpacked(window.head()).map(|head| volume(&head).0).unwrap_or_default();
    found.end = End::Fits;
    found
}

/// The sides of the first layer, and the bytes of the whole volume with its header where that is in the same file.
fn volume(head: &[u8; NIFTI]) -> (Found, u64) {
    let second = head[4..6] == *b"n+" || head[4..6] == *b"ni";
    let little = head[0] != 0;
    let number = |at: usize, length: usize| {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        let bytes = &head[at..at + length];
        if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
    };
    let side = |index: usize| if second { number(16 + index * 8, 8) } else { number(40 + index * 2, 2) };
    let bits = if second { number(14, 2) } else { number(72, 2) };
    let from = if second { number(168, 8) } else { f32::from_bits(number(108, 4) as u32).max(0.0) as u64 };
    let sides = side(0).min(7) as usize;
    let cells = (1..=sides).map(|index| side(index).max(1)).fold(1, u64::saturating_mul);
    let alone = if second { head[5] == b'i' } else { head[345] == b'i' };
    let needed = if alone { 0 } else { from.saturating_add(cells.saturating_mul(bits).div_ceil(8)) };
    let pixels = |index: usize| u32::try_from(side(index)).unwrap_or_default();
    (Found { width: pixels(1), height: pixels(2), ..Found::default() }, needed)
}

/// Lines of `name: value` up to an empty one.
pub(super) fn nrrd(window: &mut Window<'_>) -> Found {
    let mut found = Found::default();
    for line in window.some(0, PAGE).split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty()) {
        let sizes = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix("sizes:"));
        if let Some(sizes) = sizes {
            let mut sides = sizes.split_whitespace().map(|word| word.parse().unwrap_or_default());
            (found.width, found.height) = (sides.next().unwrap_or_default(), sides.next().unwrap_or_default());
        }
    }
    found
}

/// The marks that stand at the beginning, or behind the free bytes of DICOM.
pub(super) fn format(head: &[u8]) -> Option<Format> {
    match head {
        _ if head.get(128..132) == Some(b"DICM") => Some(Format::Dicom),
        [b'N', b'R', b'R', b'D', b'0', b'0', b'0', digit, ..] if digit.is_ascii_digit() => Some(Format::Nrrd),
        _ if is_nifti(head) => Some(Format::Nifti),
        _ => None,
    }
}
