//! Point clouds: the header says how many points of how many bytes follow.

use super::window::{PAGE, Window};
use super::{End, Found};

/// Headers are text of some dozen lines; a longer one is not read.
const HEADER: usize = 16 * PAGE;

pub(super) fn pcd(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let header = window.some(0, HEADER);
    let (mut points, mut sizes, mut counts) = (None, Vec::new(), Vec::new());
    let mut at = 0;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        at += line.len() as u64;
        let Ok(line) = std::str::from_utf8(line) else { return Found::only(End::Contradicts) };
        let mut words = line.split_whitespace();
        match words.next() {
            Some("POINTS") => points = words.next().and_then(|word| word.parse::<u64>().ok()),
            Some("SIZE") => sizes = words.map(number).collect(),
            Some("COUNT") => counts = words.map(number).collect(),
            Some("DATA") => {
                let Some(points) = points else { return Found::only(End::Contradicts) };
                let of = |(index, size): (usize, &u64)| size.saturating_mul(*counts.get(index).unwrap_or(&1));
                let point = sizes.iter().enumerate().map(of).fold(0, u64::saturating_add);
                let needed = match words.next() {
                    Some("binary") => at.saturating_add(points.saturating_mul(point)),
                    // A digit and a line end for each point, at the least.
                    Some("ascii") => at.saturating_add(points.saturating_mul(2)).saturating_sub(1),
                    _ => at,
                };
                return Found::only(if needed > size { End::TooEarly } else { End::Fits });
            }
            _ => {}
        }
    }
    Found::only(if header.len() < HEADER { End::TooEarly } else { End::Fits })
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or(0)
}

pub(super) fn ply(window: &mut Window<'_>) -> Found {
    let size = window.size();
    let header = window.some(0, HEADER);
    let (mut binary, mut needed, mut many, mut listed) = (false, 0_u64, 0_u64, false);
    let mut at = 0;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        at += line.len() as u64;
        let Ok(line) = std::str::from_utf8(line) else { return Found::only(End::Contradicts) };
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["format", kind, ..] => binary = kind.starts_with("binary"),
            ["element", _, count] => many = number(count),
            // A list has at least its length; what follows the first list is not counted further.
            ["property", "list", count, ..] if !listed => {
                needed = needed.saturating_add(many.saturating_mul(ply_width(count)));
                listed = true;
            }
            ["property", kind, _] if !listed => needed = needed.saturating_add(many.saturating_mul(ply_width(kind))),
            ["end_header"] => {
                let needed = if binary { at.saturating_add(needed) } else { at };
                return Found::only(if needed > size { End::TooEarly } else { End::Fits });
            }
            _ => {}
        }
    }
    Found::only(if header.len() < HEADER { End::TooEarly } else { End::Fits })
}

fn ply_width(kind: &str) -> u64 {
    match kind {
        "char" | "uchar" | "int8" | "uint8" => 1,
        "short" | "ushort" | "int16" | "uint16" => 2,
        "int" | "uint" | "float" | "int32" | "uint32" | "float32" => 4,
        "double" | "float64" => 8,
        _ => 0,
    }
}

pub(super) fn las(window: &mut Window<'_>) -> Found {
    let header = (window.little(24, 1), window.little(25, 1), window.little(96, 4), window.little(104, 1), window.little(105, 2));
    let (Some(major), Some(minor), Some(first), Some(kind), Some(length)) = header else { return Found::only(End::TooEarly) };
    if major != 1 || length == 0 {
        return Found::only(End::Contradicts);
    }
    let old = window.little(107, 4).unwrap_or_default();
    let points = if minor >= 4 { window.little(247, 8).unwrap_or(old) } else { old };
    // The two upper bits mark compressed points, whose length is not known from the header.
    let compressed = kind & 0xc0 != 0;
    let needed = if compressed { first } else { first.saturating_add(points.saturating_mul(length)) };
    Found::only(Found::to(needed, window))
}
