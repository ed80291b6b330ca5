//! Matroska and WebM: elements of EBML. The header tells neither how many pictures there are nor when they are shown, so
//! the heads of all blocks are walked over.

mod blocks;

use super::window::Window;
use super::{End, Found};
use blocks::Shown;
use gantry_model::measured::{Film, Measured};
use std::time::Duration;

/// Elements of one level that are looked at.
const MOST_ELEMENTS: usize = 512;

const SEGMENT: u64 = 0x1853_8067;
const SEGMENT_INFO: u64 = 0x1549_a966;
const TIMESTAMP_SCALE: u64 = 0x2a_d7b1;
const DURATION: u64 = 0x4489;
const TRACKS: u64 = 0x1654_ae6b;
const TRACK: u64 = 0xae;
const TRACK_NUMBER: u64 = 0xd7;
const TRACK_TYPE: u64 = 0x83;
const CODEC: u64 = 0x86;
const DEFAULT_DURATION: u64 = 0x23_e383;
const VIDEO: u64 = 0xe0;
const CLUSTER: u64 = 0x1f43_b675;
/// Width and height in pixels, as shown, and what the latter are counted in.
const PIXELS: (u64, u64) = (0xb0, 0xba);
const SHOWN: (u64, u64) = (0x54b0, 0x54ba);
const SHOWN_UNIT: u64 = 0x54b2;
/// What times are counted in where nothing is said.
const TICK: Duration = Duration::from_millis(1);

/// An element: its id, where its content begins and where it ends.
#[derive(Clone, Copy)]
struct Element {
    id: u64,
    from: u64,
    to: u64,
}

/// The segment behind the EBML header says how long it is, unless it was written while recording.
pub(super) fn measure(window: &mut Window<'_>) -> Found {
    let Some((length, head)) = length(window, 4) else { return Found::only(End::TooEarly) };
    let at = (4 + head).saturating_add(length.unwrap_or_default());
    if length.is_none() || window.big(at, 4) != Some(SEGMENT) {
        return Found::only(if at.saturating_add(4) > window.size() { End::TooEarly } else { End::Contradicts });
    }
    let (from, to, end) = match self::length(window, at + 4) {
        Some((Some(length), head)) => {
            let to = (at + 4 + head).saturating_add(length);
            (at + 4 + head, to, Found::to(to, window))
        }
        Some((None, head)) => (at + 4 + head, window.size(), End::Fits),
        None => return Found::only(End::TooEarly),
    };
    Found { end, ..segment(window, from, to) }
}

fn segment(window: &mut Window<'_>, from: u64, to: u64) -> Found {
    let mut found = Found::default();
    let mut film = Film::default();
    let (mut tick, mut track) = (TICK, None);
    let before = elements(window, from, to, CLUSTER);
    for element in &before {
        match element.id {
            SEGMENT_INFO => (tick, film.millis) = duration(window, *element),
            TRACKS => {
                let tracks = elements(window, element.from, element.to, 0);
                track =
                    tracks.into_iter().filter(|one| one.id == TRACK).find_map(|one| video(window, one, &mut found, &mut film));
            }
            _ => {}
        }
    }
    let clusters = before.last().map_or(from, |last| last.to);
    if let Some(shown) = track.and_then(|track| Shown::count(window, clusters, to, track)) {
        pictures(&mut film, shown, tick);
    }
    if film != Film::default() {
        found.measured = Some(Measured::Film(film));
    }
    found
}

fn pictures(film: &mut Film, shown: Shown, tick: Duration) {
    film.frames = shown.pictures();
    if let Some((constant, pace)) = shown.pace(tick) {
        film.constant = Some(constant);
        film.per_kilosecond = film.per_kilosecond.or(Some(pace));
    }
}

/// What times are counted in, and how long it plays, in milliseconds.
fn duration(window: &mut Window<'_>, element: Element) -> (Duration, Option<u64>) {
    let inner = elements(window, element.from, element.to, 0);
    let tick = number(window, &inner, TIMESTAMP_SCALE).map_or(TICK, Duration::from_nanos);
    let ticks = inner.iter().find(|one| one.id == DURATION).and_then(|place| match place.to - place.from {
        4 => Some(f64::from(f32::from_bits(window.big(place.from, 4)? as u32))),
        8 => Some(f64::from_bits(window.big(place.from, 8)?)),
        _ => None,
    });
    let millis = ticks.map(|ticks| ticks * tick.as_nanos() as f64 / 1e6);
    (tick, millis.filter(|millis| millis.is_finite() && *millis >= 0.0).map(|millis| millis as u64))
}

/// The number of the track, when it is one of pictures; 0 where it has none.
fn video(window: &mut Window<'_>, track: Element, found: &mut Found, film: &mut Film) -> Option<u64> {
    let inner = elements(window, track.from, track.to, 0);
    if number(window, &inner, TRACK_TYPE) != Some(1) {
        return None;
    }
    let track = number(window, &inner, TRACK_NUMBER).unwrap_or_default();
    if let Some(codec) = inner.iter().find(|one| one.id == CODEC) {
        film.codec = codec_of(window.some(codec.from, (codec.to - codec.from).min(64) as usize));
    }
    film.per_kilosecond =
        number(window, &inner, DEFAULT_DURATION).filter(|nanos| *nanos > 0).map(|nanos| 1_000_000_000_000 / nanos);
    let Some(picture) = inner.iter().find(|one| one.id == VIDEO) else { return Some(track) };
    let sides = elements(window, picture.from, picture.to, 0);
    let stored = number(window, &sides, PIXELS.0).zip(number(window, &sides, PIXELS.1));
    let shown = number(window, &sides, SHOWN.0).zip(number(window, &sides, SHOWN.1));
    let in_pixels = number(window, &sides, SHOWN_UNIT).unwrap_or(0) == 0;
    let (width, height) = shown.filter(|_| in_pixels).or(stored).unwrap_or_default();
    (found.width, found.height) = (u32::try_from(width).unwrap_or_default(), u32::try_from(height).unwrap_or_default());
    film.square = stored.map(|stored| shown.is_none_or(|shown| super::is_square(stored, shown)));
    Some(track)
}

fn codec_of(id: &[u8]) -> String {
    match id {
        b"V_VP8" => "vp8".into(),
        b"V_VP9" => "vp9".into(),
        b"V_AV1" => "av1".into(),
        b"V_MPEG4/ISO/AVC" => "h264".into(),
        b"V_MPEGH/ISO/HEVC" => "h265".into(),
        other => String::from_utf8_lossy(other).trim_start_matches("V_").to_ascii_lowercase(),
    }
}

fn number(window: &mut Window<'_>, elements: &[Element], id: u64) -> Option<u64> {
    let place = elements.iter().find(|one| one.id == id)?;
    value(window, place.from, place.to)
}

/// The number between two positions.
fn value(window: &mut Window<'_>, from: u64, to: u64) -> Option<u64> {
    let length = usize::try_from(to.checked_sub(from)?).ok().filter(|length| (1..=8).contains(length))?;
    window.big(from, length)
}

/// The elements between two positions, as far as one of id `until`.
fn elements(window: &mut Window<'_>, from: u64, to: u64, until: u64) -> Vec<Element> {
    let (mut found, mut at) = (Vec::new(), from);
    while at < to && found.len() < MOST_ELEMENTS {
        let Some((id, Some(length), from)) = head(window, at).filter(|(id, ..)| *id != until) else { break };
        let end = from.saturating_add(length).min(to);
        if end < from {
            break;
        }
        found.push(Element { id, from, to: end });
        at = end.max(at + 1);
    }
    found
}

/// The id of an element, its length where that is known, and where its content begins.
fn head(window: &mut Window<'_>, at: u64) -> Option<(u64, Option<u64>, u64)> {
    let bytes = (window.big(at, 1)? as u8).leading_zeros() as usize + 1;
    let id = (bytes <= 4).then(|| window.big(at, bytes))??;
    let (length, head) = length(window, at + bytes as u64)?;
    Some((id, length, at + bytes as u64 + head))
}

/// A length of EBML and the bytes it takes; all ones mean unknown.
fn length(window: &mut Window<'_>, at: u64) -> Option<(Option<u64>, u64)> {
    let first = window.big(at, 1)?;
    let bytes = (first as u8).leading_zeros() as usize + 1;
    if bytes > 8 {
        return None;
    }
    let mask = (1_u64 << (7 * bytes)) - 1;
    let length = window.big(at, bytes)? & mask;
    Some(((length != mask).then_some(length), bytes as u64))
}
