//! What a file really is, from as few of its bytes as its format allows. Pixels are never decoded.
//! Hostile content costs a bounded number of reads, and can make no reader fail.

mod audio;
mod block;
mod boxes;
mod clouds;
mod documents;
mod jpeg;
mod matroska;
mod medical;
mod mp3;
mod ogg;
mod pdf;
mod pictures;
mod png;
mod sniff;
#[cfg(test)]
mod tests;
mod text;
mod tiff;
mod window;

use crate::source::file::{self, Opened};
pub(crate) use block::Block;
use gantry_model::measured::{Measured, Picture};
use gantry_model::{Fingerprint, Format, Media};
use std::io;
use std::path::Path;
pub use window::{At, Window};

/// Looks at the file that the walk saw. Something else at its place by now is not looked at, and not said to be fine.
///
/// # Errors
/// The system's, when the file cannot be opened or read.
pub fn look(path: &Path, seen: &Fingerprint) -> io::Result<Media> {
    match file::open(path)? {
        Opened::Plain(file, now) if (now.dev, now.ino) == (seen.dev, seen.ino) || seen.ino == 0 => {
            let mut media = measure(&file, now.size)?;
            by_name(path, now.size, &mut media);
            Ok(media)
        }
        _ => Ok(Media::default()),
    }
}

/// A few formats have no mark of their own: where the content does not speak against it, the name tells them.
fn by_name(path: &Path, size: u64, media: &mut Media) {
    let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else { return };
    let promised = Format::from_extension(&extension.to_ascii_lowercase());
    match (media.format, promised) {
        (Format::Text, Some(format @ (Format::Markdown | Format::Html))) => media.format = format,
        (Format::Unknown, Some(Format::Splat)) => {
            if let Some(cloud) = clouds::splat(size) {
                media.format = Format::Splat;
                media.measured = Some(Box::new(cloud));
            }
        }
        _ => {}
    }
}

/// Measures content of `size` bytes.
///
/// # Errors
/// Those of reading.
pub fn measure(content: &dyn At, size: u64) -> io::Result<Media> {
    let mut window = Window::new(content, size)?;
    let format = sniff::format(&mut window);
    let mut media = Media { format, looked: true, ..Media::default() };
    let found = by_format(&mut window, format);
    if let Some(error) = window.trouble() {
        return Err(error);
    }
    let turned = (5..=8).contains(&found.orientation);
    (media.width, media.height) = if turned { (found.height, found.width) } else { (found.width, found.height) };
    media.orientation = found.orientation;
    media.cut_off = found.end == End::TooEarly;
    // What is missing at the end explains what does not fit before it.
    media.damaged = found.end == End::Contradicts;
    let picture = found.gps.then_some(Measured::Picture(Picture { gps: true, first_of_many: false }));
    media.measured = found.measured.or(picture).map(Box::new);
    Ok(media)
}

fn by_format(window: &mut Window<'_>, format: Format) -> Found {
    match format {
        Format::Jpeg => jpeg::measure(window),
        Format::Png => png::measure(window),
        Format::Gif => pictures::gif(window),
        Format::Bmp => pictures::bmp(window),
        Format::Webp => pictures::webp(window),
        Format::Tiff => tiff::measure(window),
        Format::Heic | Format::Avif => boxes::still(window),
        Format::Mp4 | Format::Mov | Format::M4a => boxes::moving(window),
        Format::Wav | Format::Avi => audio::riff(window),
        Format::Mp3 => mp3::measure(window),
        Format::Flac => audio::flac(window),
        Format::Ogg => ogg::measure(window),
        Format::Webm => matroska::measure(window),
        Format::Pcd => clouds::pcd(window),
        Format::Ply => clouds::ply(window),
        Format::Las | Format::Laz => clouds::las(window),
        Format::Dicom => medical::dicom(window),
        Format::Nifti => medical::nifti(window),
        Format::NiftiGz => medical::packed_nifti(window),
        Format::Nrrd => medical::nrrd(window),
        Format::Pdf => pdf::pdf(window),
        Format::Zip => documents::zip(window),
        Format::Gzip => Found::only(if window.size() < 18 { End::TooEarly } else { End::Fits }),
        Format::Json => text::json(window),
        Format::Text | Format::Html | Format::Markdown => Found { measured: Some(text::words(window)), ..Found::default() },
        Format::Splat | Format::Unknown => Found::default(),
    }
}

/// The codec by the four letters of its container.
fn codec_of(letters: &[u8]) -> String {
    let letters = String::from_utf8_lossy(letters).trim_matches(['\0', ' ']).to_ascii_lowercase();
    match letters.as_str() {
        "avc1" | "avc2" | "avc3" | "avc4" | "h264" | "x264" => "h264".into(),
        "hvc1" | "hev1" | "h265" | "hevc" | "x265" => "h265".into(),
        "vp08" | "vp80" => "vp8".into(),
        "vp09" | "vp90" => "vp9".into(),
        "av01" => "av1".into(),
        _ => letters,
    }
}

/// Whether what lasts from `low` to `high` ticks lasts equally long, but for rounding to whole ticks.
fn last_equally_long(low: u64, high: u64) -> bool {
    /// A tick more or less says nothing of what lasts this many.
    const LONG_ENOUGH: u64 = 8;
    low >= high || high - low <= 1 && low >= LONG_ENOUGH
}

/// Whether sides as stored and as shown are in the same proportion, but for rounding.
fn is_square(stored: (u64, u64), shown: (u64, u64)) -> bool {
    let (one, other) = (u128::from(stored.0) * u128::from(shown.1), u128::from(stored.1) * u128::from(shown.0));
    one.abs_diff(other) * 100 <= one.max(other)
}

/// How the content ends, compared with what its format says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    /// As it should, or there is no way to tell.
    #[default]
    Fits,
    /// Before the format says it does.
    TooEarly,
    /// The content contradicts itself.
    Contradicts,
}

/// What a reader of one format found. Width and height as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    width: u32,
    height: u32,
    /// 1 to 8; 0 where there is none.
    orientation: u8,
    end: End,
    /// A picture says where it was taken.
    gps: bool,
    measured: Option<Measured>,
}

impl Found {
    fn only(end: End) -> Self {
        Self { end, ..Self::default() }
    }

    /// Nothing but an end that fits unless the content stops before `needed`.
    fn to(needed: u64, window: &Window<'_>) -> End {
        if needed > window.size() { End::TooEarly } else { End::Fits }
    }
}
