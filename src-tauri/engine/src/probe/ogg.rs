//! Ogg with Vorbis or Opus. Vorbis says in its first packet between which bit rates it stays; of Opus the lengths of the
//! packets tell it.

use super::audio::on_average;
use super::window::Window;
use super::{End, Found};
use gantry_model::measured::{Measured, Sound};

/// A page without its table of lengths.
const HEADER: u64 = 27;
/// The largest page: header, 255 lengths, 255 segments of 255 bytes.
const LARGEST: usize = 27 + 255 + 255 * 255;
/// Pages whose packets are compared: a minute of speech, or ten seconds of music.
const MOST_PAGES: usize = 64;
/// A segment of this length is followed by more of the same packet.
const GOES_ON: u8 = 255;

/// What the first packet says.
struct Stream {
    /// Samples a second that the pages count in: Opus always counts in 48,000.
    clock: u64,
    opus: bool,
    sound: Sound,
}

/// The last page says how long it is.
pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let stream = stream(window);
    let steady = match &stream {
        Some(Stream { opus: true, .. }) => packets_are_equal(window),
        Some(stream) => stream.sound.constant,
        None => None,
    };
    let size = window.size();
    let tail = window.tail(LARGEST);
    let Some(last) = tail.windows(4).rposition(|four| four == b"OggS") else { return Found::default() };
    let page = &tail[last..];
    let segments = page.get(26).map_or(0, |count| usize::from(*count));
    let content: Option<usize> = page.get(27..27 + segments).map(|table| table.iter().map(|length| usize::from(*length)).sum());
    let whole = content.is_some_and(|content| 27 + segments + content <= page.len());
    let samples = page.get(6..14).map_or(0, |bytes| bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    let sound = stream.map(|stream| {
        let known = samples > 0 && samples < u64::MAX / 1000;
        let millis = known.then(|| samples * 1000 / stream.clock);
        Sound { constant: steady, kbits: on_average(size, millis), millis, ..stream.sound }
    });
    let end = if whole { End::Fits } else { End::TooEarly };
    Found { end, measured: sound.map(Measured::Sound), ..Found::default() }
}

fn stream(window: &mut Window<'_>) -> Option<Stream> {
    let at = HEADER + window.big(26, 1)?;
    let (clock, rate, channels, opus) = if window.has(at, b"\x01vorbis") {
        let rate = window.little(at + 12, 4)?;
        (rate, rate, window.big(at + 11, 1)?, false)
    } else if window.has(at, b"OpusHead") {
        (48_000, window.little(at + 12, 4)?, window.big(at + 9, 1)?, true)
    } else {
        return None;
    };
    let constant = if opus { None } else { stays_at_one(window, at) };
    let rate = (rate > 0).then_some(rate as u32);
    (clock > 0).then(|| Stream {
        clock,
        opus,
        sound: Sound { constant, rate, channels: Some(channels as u16), ..Sound::default() },
    })
}

/// Vorbis gives the highest, the usual and the lowest bit rate; what it does not promise is 0 or negative.
fn stays_at_one(window: &mut Window<'_>, at: u64) -> Option<bool> {
    let promised = |bits: u64| i32::try_from(bits).ok().filter(|bits| *bits > 0);
    let (highest, lowest) = (window.little(at + 16, 4)?, window.little(at + 24, 4)?);
    Some(promised(highest).is_some() && promised(highest) == promised(lowest))
}

/// Whether the packets of sound in the first pages have one length. The last one may be shorter.
fn packets_are_equal(window: &mut Window<'_>) -> Option<bool> {
    let mut packets = lengths(window);
    packets.pop();
    let (first, rest) = packets.get(2..)?.split_first()?;
    (!rest.is_empty()).then(|| rest.iter().all(|length| length == first))
}

/// The lengths of the packets in the first pages, the two of the header among them.
fn lengths(window: &mut Window<'_>) -> Vec<u64> {
    let (mut packets, mut open, mut at) = (Vec::new(), 0, 0);
    for _ in 0..MOST_PAGES {
        if !window.has(at, b"OggS") {
            break;
        }
        let Some(count) = window.big(at + 26, 1) else { break };
        let Some(table) = window.bytes(at + HEADER, count as usize) else { break };
        let mut content = 0;
        for segment in table {
            content += u64::from(*segment);
            open += u64::from(*segment);
            if *segment < GOES_ON {
                packets.push(std::mem::take(&mut open));
            }
        }
        at += HEADER + count + content;
    }
    packets
}
