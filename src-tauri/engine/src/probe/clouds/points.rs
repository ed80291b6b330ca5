//! A few points of a cloud, spread over it: how far its coordinates reach from zero.

use super::super::window::{PAGE, Window};

/// Pages of points that are looked at.
const PLACES: u64 = 16;

/// A number within a point that is written in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binary {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) float: bool,
    pub(super) signed: bool,
}

/// Points of equal length, one behind the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) from: u64,
    pub(super) count: u64,
    pub(super) length: u64,
    pub(super) little: bool,
}

/// The farthest of some numbers from zero, rounded up. What is no number has no place.
pub(super) fn reach(numbers: impl Iterator<Item = f64>) -> Option<u64> {
    let farthest = numbers.filter(|number| number.is_finite()).map(f64::abs).reduce(f64::max)?;
    Some(farthest.ceil() as u64)
}

/// Looks at points that are written in bytes.
pub(super) fn in_bytes(window: &mut Window<'_>, rows: Rows, axes: &[Binary]) -> Option<u64> {
    if rows.length == 0 || rows.length > PAGE as u64 || axes.is_empty() {
        return None;
    }
    let there = rows.count.min(window.size().saturating_sub(rows.from) / rows.length);
    let at_once = PAGE as u64 / rows.length;
    let step = (there.saturating_sub(at_once) / (PLACES - 1)).max(at_once);
    let mut farthest = None;
    for place in 0..PLACES {
        let first = place * step;
        if first >= there {
            break;
        }
        let many = at_once.min(there - first);
        let Some(bytes) = window.bytes(rows.from + first * rows.length, (many * rows.length) as usize) else { break };
        let points = bytes.chunks_exact(rows.length as usize);
        let met = reach(points.flat_map(|point| axes.iter().filter_map(|axis| one(point, *axis, rows.little))));
        farthest = farthest.max(met);
    }
    farthest
}

fn one(point: &[u8], axis: Binary, little: bool) -> Option<f64> {
    let from = usize::try_from(axis.offset).ok()?;
    let bytes = point.get(from..from.checked_add(usize::try_from(axis.bytes).ok()?)?)?;
    let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    let raw = if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) };
    Some(match (axis.float, axis.bytes, axis.signed) {
        (true, 4, _) => f64::from(f32::from_bits(raw as u32)),
        (true, 8, _) => f64::from_bits(raw),
        (false, 1, true) => f64::from(raw as u8 as i8),
        (false, 2, true) => f64::from(raw as u16 as i16),
        (false, 4, true) => f64::from(raw as u32 as i32),
        (false, 8, true) => raw as i64 as f64,
        (false, 1..=8, false) => raw as f64,
        _ => return None,
    })
}

/// Looks at points that are written as lines of numbers; `columns` are those of the coordinates.
pub(super) fn in_lines(window: &mut Window<'_>, from: u64, columns: &[usize]) -> Option<u64> {
    let last = *columns.iter().max()?;
    let rest = window.size().saturating_sub(from);
    let step = (rest.saturating_sub(PAGE as u64) / (PLACES - 1)).max(PAGE as u64);
    let mut farthest = None;
    for place in 0..PLACES {
        let at = from + place * step;
        let bytes = window.some(at, PAGE);
        if at > from && bytes.is_empty() {
            break;
        }
        let whole = at + bytes.len() as u64 >= from + rest;
        // The line that a page begins within, or that it ends within, is let go.
        let begin = if place == 0 { 0 } else { bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1) };
        let end = if whole { bytes.len() } else { bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0) };
        let lines = bytes.get(begin..end).unwrap_or_default().split(|byte| *byte == b'\n');
        let met = reach(lines.filter_map(|line| std::str::from_utf8(line).ok()).flat_map(|line| {
            let numbers = line.split_ascii_whitespace().take(last.saturating_add(1)).enumerate();
            numbers.filter(|(column, _)| columns.contains(column)).filter_map(|(_, word)| word.parse::<f64>().ok())
        }));
        farthest = farthest.max(met);
    }
    farthest
}
