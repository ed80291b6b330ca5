//! Point clouds: the header says how many points of how many bytes follow; a few of them tell how far they reach.

mod pcd;
mod ply;
mod points;

use super::window::{PAGE, Window};
use super::{End, Found};
use gantry_model::measured::{Cloud, Measured};
pub(super) use pcd::pcd;
pub(super) use ply::ply;

/// Headers are text of some dozen lines; a longer one is not read.
const HEADER: usize = 16 * PAGE;
/// Fields are told up to so many bytes.
const FIELDS: usize = 300;
/// Bytes of one splat: place, scale, colour, turn.
const SPLAT: u64 = 32;

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
    let cloud = Cloud {
        version: format!("{major}.{minor}"),
        data: if compressed { "laz" } else { "binary" }.into(),
        fields: format!("point format {}", kind & 0x3f),
        float32: None,
        points: Some(points),
        reach: bounds(window),
    };
    Found { end: Found::to(needed, window), measured: Some(Measured::Cloud(cloud)), ..Found::default() }
}

/// The farthest side of the box around all points, which the header gives as six floats of eight bytes.
fn bounds(window: &mut Window<'_>) -> Option<u64> {
    let sides = (0..6).map(|side| window.little(179 + side * 8, 8).map(f64::from_bits)).collect::<Option<Vec<f64>>>()?;
    points::reach(sides.into_iter())
}

/// Splats have no header: their name alone tells them.
pub(super) fn splat(size: u64) -> Option<Measured> {
    let whole = size > 0 && size.is_multiple_of(SPLAT);
    whole.then(|| Measured::Cloud(Cloud { data: "binary".into(), points: Some(size / SPLAT), ..Cloud::default() }))
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or(0)
}

/// Fields with a comma between, cut at a whole one.
fn told<'a>(fields: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut text = String::new();
    for (name, kind) in fields {
        if text.len() + name.len() + kind.len() > FIELDS {
            text.push('…');
            break;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(name);
        text.push(' ');
        text.push_str(&kind);
    }
    text
}
