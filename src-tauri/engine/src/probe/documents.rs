//! ZIP: it keeps its index at the end, so a missing end is easily seen.

use super::window::{PAGE, Window};
use super::{End, Found};

/// The closing record of a ZIP and the longest comment behind it.
const ZIP_END: usize = 22 + 65_535;

pub(super) fn zip(window: &mut Window<'_>) -> Found {
    let size = window.size();
    for reach in [PAGE, ZIP_END] {
        let tail = window.tail(reach);
        if let Some(at) = tail.windows(4).rposition(|four| four == b"PK\x05\x06") {
            let record = &tail[at..];
            let number = |at: usize| record.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            let (Some(length), Some(first)) = (number(12), number(16)) else { return Found::only(End::TooEarly) };
            let wide = length == u32::MAX || first == u32::MAX;
            let place = size - tail.len() as u64 + at as u64;
            let fits = wide || u64::from(length) + u64::from(first) <= place;
            return Found::only(if fits { End::Fits } else { End::Contradicts });
        }
    }
    Found::only(End::TooEarly)
}
