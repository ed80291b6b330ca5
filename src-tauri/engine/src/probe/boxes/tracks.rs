//! What the tables of a track say: codec, number of samples, how long each lasts, how large each is.
//! Long tables are looked at in stretches spread over them.

use super::super::window::Window;
use super::{Part, parts};
use gantry_model::measured::{Film, Sound};

/// Stretches of a table, and entries in each.
const STRETCHES: u64 = 16;
const STRETCH: u64 = 512;
/// Samples of sound that are taken together: the reservoir of bits evens out over so many.
const TOGETHER: u64 = 64;

/// A track's parts that are asked for.
pub(super) struct Track {
    table: Vec<Part>,
    scale: u64,
    ticks: u64,
}

impl Track {
    /// The track of this box, if it is of this kind: `vide`, `soun`.
    pub(super) fn open(window: &mut Window<'_>, track: Part, kind: &[u8; 4]) -> Option<Self> {
        let media = parts(window, track.from, track.to).0.into_iter().find(|part| part.name == *b"mdia")?;
        let inner = parts(window, media.from, media.to).0;
        let named = |name: &[u8; 4]| inner.iter().find(|part| part.name == *name).copied();
        if !named(b"hdlr").is_some_and(|part| window.has(part.from + 8, kind)) {
            return None;
        }
        let head = named(b"mdhd")?.from;
        let wide = window.big(head, 1)? == 1;
        let scale = window.big(head + if wide { 20 } else { 12 }, 4)?;
        let ticks = if wide { window.big(head + 24, 8)? } else { window.big(head + 16, 4)? };
        let minf = named(b"minf")?;
        let stbl = parts(window, minf.from, minf.to).0.into_iter().find(|part| part.name == *b"stbl")?;
        let table = parts(window, stbl.from, stbl.to).0;
        Some(Self { table, scale, ticks })
    }

    fn named(&self, name: &[u8; 4]) -> Option<Part> {
        self.table.iter().find(|part| part.name == *name).copied()
    }

    fn millis(&self) -> Option<u64> {
        let whole = u128::from(self.ticks) * 1000;
        let millis = whole.checked_div(u128::from(self.scale))?;
        u64::try_from(millis).ok().filter(|millis| *millis > 0)
    }

    /// The film; `shown` are the sides that the track's header gives.
    pub(super) fn film(&self, window: &mut Window<'_>, shown: (u64, u64)) -> Film {
        let frames = self.samples(window).filter(|frames| *frames > 0);
        let entry = self.named(b"stsd").map(|part| part.from + 8);
        let codec = entry.and_then(|at| window.bytes(at + 4, 4)).map(super::super::codec_of).unwrap_or_default();
        let pace = frames
            .filter(|_| self.ticks > 0)
            .map(|frames| u128::from(frames) * u128::from(self.scale) * 1000 / u128::from(self.ticks));
        Film {
            codec,
            frames,
            constant: frames.and_then(|_| self.is_even(window)),
            per_kilosecond: pace.and_then(|pace| u64::try_from(pace).ok()),
            square: entry.and_then(|at| self.is_square(window, at, shown)),
            millis: self.millis(),
        }
    }

    fn samples(&self, window: &mut Window<'_>) -> Option<u64> {
        // Both tables of sizes have their count at the same place.
        let sizes = self.named(b"stsz").or(self.named(b"stz2"))?;
        window.big(sizes.from + 8, 4)
    }

    /// Whether all samples but the last last equally long, but for rounding.
    fn is_even(&self, window: &mut Window<'_>) -> Option<bool> {
        let times = self.named(b"stts")?;
        let count = window.big(times.from + 4, 4)?.min((times.to - times.from) / 8);
        if count == 0 {
            return None;
        }
        let (mut low, mut high) = (u64::MAX, 0);
        for index in spread(count) {
            let at = times.from + 8 + index * 8;
            let (many, lasts) = (window.big(at, 4)?, window.big(at + 4, 4)?);
            // The last picture is often told to last until the sound ends.
            if many == 0 || index + 1 == count && many == 1 && count > 1 {
                continue;
            }
            (low, high) = (low.min(lasts), high.max(lasts));
        }
        Some(super::super::last_equally_long(low, high))
    }

    /// A box in the description of the picture says how wide a pixel is; else the sides as shown and as stored tell.
    fn is_square(&self, window: &mut Window<'_>, entry: u64, shown: (u64, u64)) -> Option<bool> {
        const DESCRIPTION: u64 = 8 + 78;
        let end = entry + window.big(entry, 4)?;
        let stored = (window.big(entry + 32, 2)?, window.big(entry + 34, 2)?);
        let inner = parts(window, entry + DESCRIPTION, end).0;
        if let Some(pasp) = inner.iter().find(|part| part.name == *b"pasp") {
            let (across, down) = (window.big(pasp.from, 4)?, window.big(pasp.from + 4, 4)?);
            return Some(across == down);
        }
        (stored.0 > 0 && stored.1 > 0).then(|| super::super::is_square(stored, shown))
    }

    /// The sound of a file of sound.
    pub(super) fn sound(&self, window: &mut Window<'_>) -> Sound {
        let entry = self.named(b"stsd").map(|part| part.from + 8);
        let rate = entry.and_then(|at| window.big(at + 32, 4)).map(|rate| (rate >> 16) as u32).filter(|rate| *rate > 0);
        let packed = entry.and_then(|at| window.bytes(at + 4, 4)).is_some_and(|codec| codec == b"mp4a");
        let (constant, kbits) = if packed { self.bit_rate(window) } else { (None, None) };
        Sound {
            constant,
            kbits,
            millis: self.millis(),
            rate,
            channels: entry.and_then(|at| window.big(at + 24, 2)).map(|channels| channels as u16),
        }
    }

    /// Sizes of samples, a second or so at a time: where these differ by more than the reservoir explains, the rate changes.
    fn bit_rate(&self, window: &mut Window<'_>) -> (Option<bool>, Option<(u32, u32)>) {
        let Some((sizes, count)) = self.named(b"stsz").zip(self.samples(window)) else { return (None, None) };
        let count = count.min((sizes.to - sizes.from) / 4);
        if window.big(sizes.from + 4, 4).is_some_and(|all| all > 0) {
            return (Some(true), None);
        }
        let (mut low, mut high, mut groups) = (u64::MAX, 0, 0);
        // The encoder starts and ends with silence of its own.
        for group in spread(count / TOGETHER).filter(|group| *group > 0 && group + 1 < count / TOGETHER) {
            let from = sizes.from + 12 + group * TOGETHER * 4;
            let Some(bytes) = window.bytes(from, (TOGETHER * 4) as usize) else { break };
            let sum: u64 = bytes.chunks_exact(4).map(|four| four.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))).sum();
            (low, high, groups) = (low.min(sum), high.max(sum), groups + 1);
        }
        if groups < 2 {
            return (None, None);
        }
        let whole = self.samples(window).unwrap_or_default();
        let kbits = |sum: u64| {
            // Bytes of some samples, of which `whole` last `ticks`.
            let bits = u128::from(sum / TOGETHER) * 8 * u128::from(whole) * u128::from(self.scale);
            bits.checked_div(u128::from(self.ticks) * 1000).and_then(|kbits| u32::try_from(kbits).ok())
        };
        (Some((high - low) * 100 <= high * 15), kbits(low).zip(kbits(high)))
    }
}

/// Numbers below `count`: all, or stretches spread over them with the first and the last ones.
fn spread(count: u64) -> impl Iterator<Item = u64> {
    let all = count <= STRETCHES * STRETCH;
    let (stretches, length) = if all { (1, count) } else { (STRETCHES, STRETCH) };
    let step = if all { 0 } else { (count - STRETCH) / (STRETCHES - 1) };
    (0..stretches).flat_map(move |stretch| (0..length).map(move |index| stretch * step + index))
}
