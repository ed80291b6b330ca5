//! Copies that are sent in place of originals, which stay as they are. They are made when the person decides, so that size,
//! pixels and name are exact before anything is sent; what the bounded cache has no room for is measured, thrown away, and
//! made again just before it goes: the same steps on the same original give the same bytes, and that is checked.

mod cache;
mod drawing;
mod making;
mod many;
mod memory;
mod positions;
#[cfg(test)]
mod tests;

pub use cache::{Copies, Lease};
pub use making::{Ready, Wanted};

use gantry_model::finding::About;
use gantry_model::measured::{Measured, Picture};
use gantry_model::{Entry, Fingerprint, Fix, Format, Media, Rule};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a file is, as far as it matters here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Size, time and identity.
    pub fingerprint: Fingerprint,
    /// What was measured.
    pub media: Media,
}

/// What is to be done to one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// The fixes, in the order in which they are done.
    pub fixes: Vec<Fix>,
    /// Most pixels across and down, where it is made smaller.
    pub within: Option<(u32, u32)>,
}

impl Steps {
    /// Nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.fixes.is_empty()
    }

    /// Whether this is among what is done.
    pub fn has(&self, fix: Fix) -> bool {
        self.fixes.contains(&fix)
    }

    /// Pixels are written anew; otherwise only positions are taken out.
    fn redraws(&self) -> bool {
        self.fixes.iter().any(|fix| *fix != Fix::Gps)
    }
}

/// A copy as the journal keeps it, with what its original is: undone, the original's facts hold again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// What was done.
    pub steps: Steps,
    /// The original.
    pub original: Facts,
    /// The copy; absent where none could be made.
    pub made: Option<Facts>,
    /// SHA-256 of the copy, in hexadecimal digits.
    pub sha256: String,
    /// Why none could be made; empty otherwise.
    pub trouble: String,
    /// The copy is what is sent.
    pub used: bool,
}

impl Copied {
    /// The copy of these bytes: its size and measured facts, and a time that no original and no other kind of copy has, so that
    /// the ledger never takes one for the other.
    fn of(original: &Facts, steps: &Steps, size: u64, media: Media, sum: [u8; 32]) -> Self {
        let kinds = steps.fixes.iter().fold(0, |sum, fix| sum | 1 << *fix as i64);
        let mtime_ns = original.fingerprint.mtime_ns.saturating_add(100 * kinds);
        let fingerprint = Fingerprint { size, mtime_ns, ..Fingerprint::default() };
        let sha256 = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        let made = Some(Facts { fingerprint, media });
        Self { steps: steps.clone(), original: original.clone(), made, sha256, trouble: String::new(), used: false }
    }

    /// No copy could be made, and why.
    fn not_made(original: &Facts, steps: &Steps, trouble: String) -> Self {
        Self { steps: steps.clone(), original: original.clone(), trouble, ..Self::default() }
    }

    /// The copy's SHA-256.
    pub fn sum(&self) -> Option<[u8; 32]> {
        let mut sum = [0; 32];
        for (at, byte) in sum.iter_mut().enumerate() {
            *byte = u8::from_str_radix(self.sha256.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(sum)
    }

    /// The format of what is sent, where it is another one than the original's.
    pub fn other_format(&self) -> Option<Format> {
        let made = self.made.as_ref().filter(|_| self.used)?.media.format;
        (made != self.original.media.format).then_some(made)
    }
}

/// What of the wanted fixes this original needs at a destination with these rules. Nothing where nothing is broken that
/// they would help.
pub fn steps(original: &Entry, rules: &[&'static Rule], wanted: &[Fix]) -> Steps {
    let format = original.media.format;
    if wanted.is_empty() || !wanted.iter().any(|fix| fix.works_on(format)) {
        return Steps::default();
    }
    let mut fixes: Vec<Fix> =
        crate::check::helping(original, rules).filter(|fix| wanted.contains(fix) && fix.works_on(format)).collect();
    fixes.sort_unstable();
    fixes.dedup();
    let within = fixes.contains(&Fix::Scale).then(|| bounds(rules));
    Steps { fixes, within }
}

fn bounds(rules: &[&'static Rule]) -> (u32, u32) {
    rules.iter().fold((u32::MAX, u32::MAX), |(across, down), rule| match rule.about {
        About::ImagePixels { width, height } => (across.min(width), down.min(height)),
        _ => (across, down),
    })
}

/// The path with the extension of this format. An extension that promises a picture gives way; any other stays before it.
pub fn renamed(path: &[u8], format: Format) -> Vec<u8> {
    let extension = format.extensions().first().copied().unwrap_or_default();
    let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let dot = path[name..].iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0).map(|dot| name + dot);
    let gives_way = dot.filter(|dot| {
        let old = String::from_utf8_lossy(&path[dot + 1..]).to_ascii_lowercase();
        Format::from_extension(&old).is_some_and(|old| old.kind() == gantry_model::MediaKind::Image)
    });
    [&path[..gives_way.unwrap_or(path.len())], b".", extension.as_bytes()].concat()
}

/// The name under which a file goes: its own, or with the extension of its copy.
pub fn sent_path<'a>(path: &'a [u8], copy: Option<&Copied>) -> Cow<'a, [u8]> {
    match copy.and_then(Copied::other_format) {
        Some(format) => renamed(path, format).into(),
        None => path.into(),
    }
}

fn with_first_of_many(media: &mut Media, first_of_many: bool) {
    if first_of_many {
        let gps = matches!(media.measured.as_deref(), Some(Measured::Picture(picture)) if picture.gps);
        media.measured = Some(Box::new(Measured::Picture(Picture { gps, first_of_many })));
    }
}
