//! Sound in RIFF and FLAC, and the films in RIFF. Their bit rate is the format's own: what WAV holds is constant, FLAC
//! never is.

use super::window::{PAGE, Window};
use super::{End, Found};
use gantry_model::measured::{Film, Measured, Sound};

/// Blocks before the sound of a FLAC file that are looked at.
const MOST_BLOCKS: usize = 512;
/// Chunks of a WAV file that are looked at.
const MOST_CHUNKS: usize = 256;
/// Ways of writing sound in WAV whose bit rate cannot change: PCM, floats, the ADPCMs, A-law, µ-law and PCM in the long form.
const STEADY: [u64; 7] = [1, 2, 3, 6, 7, 17, 0xfffe];

pub(super) fn riff(window: &mut Window<'_>) -> Found {
    let promised = window.little(4, 4).unwrap_or_default();
    // Recorders that never came back write 0 or all ones; the wide forms say their length elsewhere.
    let open = promised == 0 || promised == u64::from(u32::MAX) || !window.has(0, b"RIFF");
    let end = if open { End::Fits } else { Found::to(promised + 8, window) };
    let mut found = Found::only(end);
    if window.has(8, b"AVI ") && window.has(24, b"avih") {
        found.width = window.little(64, 4).unwrap_or_default() as u32;
        found.height = window.little(68, 4).unwrap_or_default() as u32;
        found.measured = Some(Measured::Film(avi(window)));
    } else if window.has(8, b"WAVE") {
        found.measured = wav(window).map(Measured::Sound);
    }
    found
}

/// Every picture of AVI lasts equally long: the format has one figure for all.
fn avi(window: &mut Window<'_>) -> Film {
    let micros = window.little(32, 4).filter(|micros| *micros > 0);
    let frames = window.little(48, 4).filter(|frames| *frames > 0);
    let head = window.some(0, PAGE);
    let video = head.windows(4).position(|four| four == b"vids");
    let codec = video.and_then(|at| head.get(at + 4..at + 8)).map(super::codec_of).unwrap_or_default();
    Film {
        codec,
        frames,
        constant: Some(true),
        per_kilosecond: micros.map(|micros| 1_000_000_000 / micros),
        square: None,
        millis: micros.zip(frames).and_then(|(micros, frames)| micros.checked_mul(frames)).map(|micros| micros / 1000),
    }
}

fn wav(window: &mut Window<'_>) -> Option<Sound> {
    let (mut at, mut sound, mut bytes_a_second) = (12, None, 0);
    for _ in 0..MOST_CHUNKS {
        let length = window.little(at + 4, 4)?;
        if window.has(at, b"fmt ") {
            let (kind, channels) = (window.little(at + 8, 2)?, window.little(at + 10, 2)?);
            let rate = window.little(at + 12, 4)? as u32;
            bytes_a_second = window.little(at + 16, 4)?;
            let kbits = (bytes_a_second > 0).then_some((bytes_a_second / 125) as u32);
            sound = Some(Sound {
                constant: STEADY.contains(&kind).then_some(true),
                kbits: kbits.map(|kbits| (kbits, kbits)),
                millis: None,
                rate: Some(rate).filter(|rate| *rate > 0),
                channels: Some(channels as u16),
            });
        }
        if window.has(at, b"data") {
            let there = length.min(window.size() - (at + 8));
            let millis = (there * 1000).checked_div(bytes_a_second);
            return sound.map(|sound| Sound { millis, ..sound });
        }
        at += 8 + length + (length & 1);
        if at + 8 > window.size() {
            return sound;
        }
    }
    sound
}

pub(super) fn flac(window: &mut Window<'_>) -> Found {
    let mut at = 4;
    for _ in 0..MOST_BLOCKS {
        let Some(header) = window.big(at, 4) else { return Found::only(End::TooEarly) };
        if at == 4 && (header >> 24 & 0x7f != 0 || header & 0xff_ffff < 34) {
            return Found::only(End::Contradicts);
        }
        at += 4 + (header & 0xff_ffff);
        if header >> 31 == 1 {
            break;
        }
    }
    let end = if at >= window.size() { End::TooEarly } else { End::Fits };
    let sound_bytes = window.size().saturating_sub(at);
    Found { end, measured: stream_of_flac(window, sound_bytes).map(Measured::Sound), ..Found::default() }
}

/// The bit rate, in kbit/s, of so many bytes that play so long: all that formats tell which say neither lowest nor highest.
pub(super) fn on_average(bytes: u64, millis: Option<u64>) -> Option<(u32, u32)> {
    let kbits = u32::try_from(bytes.saturating_mul(8).checked_div(millis?)?).ok().filter(|kbits| *kbits > 0)?;
    Some((kbits, kbits))
}

/// 20 bits samples a second, 3 bits channels less one, 5 bits depth, 36 bits samples.
fn stream_of_flac(window: &mut Window<'_>, bytes: u64) -> Option<Sound> {
    let packed = window.big(18, 8)?;
    let (rate, samples) = (packed >> 44, packed & 0xf_ffff_ffff);
    if rate == 0 {
        return None;
    }
    let millis = (samples > 0).then(|| samples * 1000 / rate);
    Some(Sound {
        constant: Some(false),
        kbits: on_average(bytes, millis),
        millis,
        rate: Some(rate as u32),
        channels: Some((packed >> 41 & 7) as u16 + 1),
    })
}
