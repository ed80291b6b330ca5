//! The size of a picture that lies at an address: its first bytes are asked for, and only where they do not tell, those
//! that its format points to.

use super::super::looking::{Asker, Looking};
use crate::probe::{self, At};
use gantry_model::manifest::{ObjectThere, Unseen};
use gantry_model::{Media, MediaKind};
use std::cell::Cell;
use std::io;

/// The first bytes: enough for nearly every picture, its preview included.
pub(in super::super) const FIRST: usize = 48 << 10;
/// Bytes that are asked for further on.
const NEXT: usize = 64 << 10;
/// Questions about one object.
const ROUNDS: usize = 8;

/// Width and height as displayed; zeros of what has none. What is known is not asked for.
pub(super) async fn measured(asker: &Asker<'_>, looking: &Looking, url: &str) -> Result<(u32, u32), Unseen> {
    let identity = looking.objects.identity(url);
    if let Some(pixels) = looking.kept.fresh(&identity).and_then(|kept| kept.pixels) {
        return Ok(pixels);
    }
    let mut known = Known::default();
    let mut wanted = Some((0, FIRST));
    for _ in 0..ROUNDS {
        let Some((at, most)) = wanted else { break };
        asker.turn().await;
        let got = match looking.objects.bytes(url, at, most).await {
            Ok(got) => got,
            // Its size is what it says in its beginning, if it says so there.
            Err(Unseen::NotInPieces) if at > 0 => break,
            // Nothing has no first byte.
            Err(Unseen::Status(416)) if at == 0 => break,
            Err(unseen) => return Err(unseen),
        };
        // Between two questions it became another object.
        if at > 0 && got.there.etag != known.there.etag {
            return Err(Unseen::Status(412));
        }
        let nothing_new = got.bytes.is_empty();
        known.add(at, got.bytes, got.there, most);
        let media = known.look();
        let has_pixels = matches!(media.format.kind(), MediaKind::Image | MediaKind::Video);
        if media.width > 0 && media.height > 0 || nothing_new || !has_pixels {
            break;
        }
        wanted = known.missing().map(|at| (at, NEXT));
    }
    let media = known.look();
    looking.kept.measured(&identity, &known.there, (media.width, media.height));
    Ok((media.width, media.height))
}

/// What is known of an object's bytes.
#[derive(Default)]
pub(in super::super) struct Known {
    /// The whole, as it was told last.
    pub(in super::super) there: ObjectThere,
    stretches: Vec<(u64, Vec<u8>)>,
    /// The first place that was wanted and is not known.
    missing: Cell<Option<u64>>,
}

impl Known {
    pub(in super::super) fn add(&mut self, at: u64, bytes: Vec<u8>, there: ObjectThere, most: usize) {
        let ends = at + bytes.len() as u64;
        let whole = (bytes.len() < most).then_some(ends);
        self.there = there;
        self.there.size = self.there.size.or(whole);
        self.stretches.push((at, bytes));
    }

    pub(in super::super) fn look(&self) -> Media {
        self.missing.set(None);
        let size = self.there.size.unwrap_or(u64::MAX / 2);
        probe::measure(self, size).unwrap_or_default()
    }

    fn missing(&self) -> Option<u64> {
        self.missing.get()
    }
}

impl At for Known {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        for (begin, bytes) in &self.stretches {
            let Some(from) = at.checked_sub(*begin).and_then(|from| usize::try_from(from).ok()) else { continue };
            let rest = bytes.get(from..).unwrap_or_default();
            if !rest.is_empty() {
                let length = rest.len().min(into.len());
                into[..length].copy_from_slice(&rest[..length]);
                return Ok(length);
            }
        }
        if self.there.size.is_none_or(|size| at < size) && self.missing.get().is_none() {
            self.missing.set(Some(at));
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_asked_for_where_the_format_points_to() {
        // A TIFF whose directory stands at 100,000.
        let mut tiff = b"II*\0".to_vec();
        tiff.extend(100_000_u32.to_le_bytes());
        tiff.resize(100_000, 0);
        tiff.extend(2_u16.to_le_bytes());
        for (tag, value) in [(256_u16, 640_u32), (257, 480)] {
            tiff.extend(tag.to_le_bytes());
            tiff.extend(4_u16.to_le_bytes());
            tiff.extend(1_u32.to_le_bytes());
            tiff.extend(value.to_le_bytes());
        }
        tiff.extend([0; 4]);
        let there = ObjectThere { size: Some(tiff.len() as u64), etag: "1".into() };
        let mut known = Known::default();
        known.add(0, tiff[..FIRST].to_vec(), there.clone(), FIRST);
        assert_eq!(known.look().width, 0);
        assert_eq!(known.missing(), Some(100_000));
        known.add(100_000, tiff[100_000..].to_vec(), there, NEXT);
        let media = known.look();
        assert_eq!((media.width, media.height), (640, 480));
    }
}
