//! MP3: frames one behind the other, each with a bit rate of its own. A header in the first frame may say how many follow,
//! but only the frames themselves tell whether the bit rate stays the same; some are looked at, spread over the file.

use super::window::{PAGE, Window};
use super::{End, Found};
use gantry_model::measured::{Measured, Sound};

/// Bytes behind the tag in which the first frame is searched.
const SEARCHED: usize = 16 * PAGE;
/// Frames looked at one after the other from the beginning.
const FIRST_FRAMES: usize = 256;
/// Places in the rest of the file that are looked at, and frames at each.
const PLACES: u64 = 16;
const PLACE_FRAMES: usize = 24;
/// The longest frame is shorter; so many bytes have the beginning of one.
const RESYNC: usize = 2 * PAGE;

/// What a frame's header says.
#[derive(Clone, Copy)]
struct Frame {
    length: u64,
    kbits: u32,
    rate: u32,
    channels: u16,
    samples: u64,
    /// Bytes from the frame's beginning to where a Xing header stands.
    side: u64,
}

/// What the header in the first frame says.
#[derive(Clone, Copy, PartialEq)]
enum Tag {
    None,
    /// The encoder says that the bit rate stays the same.
    Info(Option<u64>),
    /// The encoder says that it changes.
    Variable(Option<u64>),
}

/// Two frames, one right behind the other.
pub(super) fn is_mp3(window: &mut Window<'_>) -> bool {
    frame(window, 0).is_some_and(|first| frame(window, first.length).is_some())
}

pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let mut start = 0;
    if window.has(0, b"ID3") {
        let Some(size) = window.big(6, 4) else { return Found::only(End::TooEarly) };
        // Seven bits of each byte count.
        start = 10 + ((size >> 24 & 0x7f) << 21 | (size >> 16 & 0x7f) << 14 | (size >> 8 & 0x7f) << 7 | size & 0x7f);
        if start >= window.size() {
            return Found::only(End::TooEarly);
        }
    }
    let sound = next_frame(window, start, SEARCHED).and_then(|at| frames(window, at));
    Found { measured: sound.map(Measured::Sound), ..Found::default() }
}

/// Looks at the frames from the first one on.
fn frames(window: &mut Window<'_>, first_at: u64) -> Option<Sound> {
    let first = frame(window, first_at)?;
    let tag = tag(window, first_at, first);
    let begin = if tag == Tag::None { first_at } else { first_at + first.length };
    let mut seen = Seen::default();
    let mut at = begin;
    walk(window, &mut at, FIRST_FRAMES, &mut seen);
    let rest = window.size().saturating_sub(at);
    let mut whole = rest < RESYNC as u64 && frame(window, at).is_none();
    if !whole {
        whole = rest < PLACES * RESYNC as u64 && walk_all(window, &mut at, &mut seen);
    }
    if !whole {
        for place in 0..PLACES {
            let from = at + rest / PLACES * place;
            if let Some(mut there) = next_frame(window, from, RESYNC) {
                walk(window, &mut there, PLACE_FRAMES, &mut seen);
            }
        }
    }
    Some(seen.sound(first, tag, whole, window.size().saturating_sub(begin)))
}

/// A short rest is looked at frame by frame; `true` when its end was reached.
fn walk_all(window: &mut Window<'_>, at: &mut u64, seen: &mut Seen) -> bool {
    walk(window, at, usize::MAX, seen);
    window.size().saturating_sub(*at) < RESYNC as u64 && !window.gave_up()
}

fn walk(window: &mut Window<'_>, at: &mut u64, most: usize, seen: &mut Seen) {
    for _ in 0..most {
        let Some(frame) = frame(window, *at) else { return };
        seen.add(frame);
        *at += frame.length;
    }
}

/// Bit rates met.
#[derive(Default)]
struct Seen {
    range: Option<(u32, u32)>,
    frames: u64,
}

impl Seen {
    fn add(&mut self, frame: Frame) {
        let (low, high) = self.range.unwrap_or((frame.kbits, frame.kbits));
        self.range = Some((low.min(frame.kbits), high.max(frame.kbits)));
        self.frames += 1;
    }

    /// `whole`: every frame was looked at. Frames that differ decide; where all are the same, the encoder may know of others.
    fn sound(&self, first: Frame, tag: Tag, whole: bool, bytes: u64) -> Sound {
        let same = self.range.map(|(low, high)| low == high);
        let constant = match (same, tag) {
            (Some(true), Tag::Variable(_)) if !whole => Some(false),
            (same, _) => same,
        };
        let said = match tag {
            Tag::Info(frames) | Tag::Variable(frames) => frames,
            Tag::None => None,
        };
        let rate = u64::from(first.rate);
        let millis = match said.or(whole.then_some(self.frames)) {
            Some(frames) => frames.checked_mul(first.samples * 1000).map(|samples| samples / rate),
            None if constant == Some(true) => bytes.checked_mul(8).map(|bits| bits / u64::from(first.kbits.max(1))),
            None => None,
        };
        Sound { constant, kbits: self.range, millis, rate: Some(first.rate), channels: Some(first.channels) }
    }
}

/// The first place from `from` on where three frames follow each other, or the last ones of the file.
fn next_frame(window: &mut Window<'_>, from: u64, searched: usize) -> Option<u64> {
    let bytes = window.some(from, searched);
    let marks = bytes.windows(2).enumerate().filter(|(_, pair)| pair[0] == 0xff && pair[1] & 0xe6 == 0xe2);
    let marks: Vec<u64> = marks.map(|(at, _)| from + at as u64).collect();
    marks.into_iter().find(|at| chain(window, *at))
}

fn chain(window: &mut Window<'_>, at: u64) -> bool {
    let Some(first) = frame(window, at) else { return false };
    let second_at = at + first.length;
    let Some(second) = frame(window, second_at) else { return second_at == window.size() };
    let third_at = second_at + second.length;
    let same = second.rate == first.rate;
    same && (third_at >= window.size() || frame(window, third_at).is_some_and(|third| third.rate == first.rate))
}

fn tag(window: &mut Window<'_>, at: u64, frame: Frame) -> Tag {
    let place = at + frame.side;
    let (info, xing) = (window.has(place, b"Info"), window.has(place, b"Xing"));
    if info || xing {
        let counted = window.big(place + 4, 4).is_some_and(|flags| flags & 1 == 1);
        let frames = if counted { window.big(place + 8, 4) } else { None };
        return if info { Tag::Info(frames) } else { Tag::Variable(frames) };
    }
    if window.has(at + 36, b"VBRI") {
        return Tag::Variable(window.big(at + 36 + 14, 4));
    }
    Tag::None
}

/// The header of a frame of layer III.
fn frame(window: &mut Window<'_>, at: u64) -> Option<Frame> {
    const FIRST: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const SECOND: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let header = window.big(at, 4)?;
    let (version, layer) = (header >> 19 & 3, header >> 17 & 3);
    if header >> 21 != 0x7ff || version == 1 || layer != 1 {
        return None;
    }
    let rate = *[44_100, 48_000, 32_000].get((header >> 10 & 3) as usize)?;
    let step = ((header >> 12 & 15) as usize).checked_sub(1)?;
    let mono = header >> 6 & 3 == 3;
    let (kbits, rate, samples, side) = match version {
        3 => (*FIRST.get(step)?, rate, 1152, if mono { 17 } else { 32 }),
        2 => (*SECOND.get(step)?, rate / 2, 576, if mono { 9 } else { 17 }),
        _ => (*SECOND.get(step)?, rate / 4, 576, if mono { 9 } else { 17 }),
    };
    let length = samples / 8 * u64::from(kbits) * 1000 / u64::from(rate) + (header >> 9 & 1);
    Some(Frame { length, kbits, rate, channels: if mono { 1 } else { 2 }, samples, side: 4 + side })
}
