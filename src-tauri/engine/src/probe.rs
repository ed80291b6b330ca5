//! What a file really is, from as few of its bytes as its format allows. Pixels are never decoded.
//! Hostile content costs a bounded number of reads, and can make no reader fail.

mod audio;
mod boxes;
mod clouds;
mod documents;
mod jpeg;
mod pictures;
mod png;
mod sniff;
#[cfg(test)]
mod tests;
mod text;
mod tiff;
mod window;

use crate::source::file::{self, Opened};
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
        Opened::Plain(file, now) if (now.dev, now.ino) == (seen.dev, seen.ino) || seen.ino == 0 => measure(&file, now.size),
        _ => Ok(Media::default()),
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
    let found = match format {
        Format::Jpeg => jpeg::measure(&mut window),
        Format::Png => png::measure(&mut window),
        Format::Gif => pictures::gif(&mut window),
        Format::Bmp => pictures::bmp(&mut window),
        Format::Webp => pictures::webp(&mut window),
        Format::Tiff => tiff::measure(&mut window),
        Format::Heic | Format::Avif => boxes::still(&mut window),
        Format::Mp4 | Format::Mov | Format::M4a => boxes::moving(&mut window),
        Format::Wav | Format::Avi => audio::riff(&mut window),
        Format::Mp3 => audio::mp3(&mut window),
        Format::Flac => audio::flac(&mut window),
        Format::Ogg => audio::ogg(&mut window),
        Format::Webm => audio::webm(&mut window),
        Format::Pcd => clouds::pcd(&mut window),
        Format::Ply => clouds::ply(&mut window),
        Format::Las => clouds::las(&mut window),
        Format::Pdf => documents::pdf(&mut window),
        Format::Zip => documents::zip(&mut window),
        Format::Gzip => Found { end: if size < 18 { End::TooEarly } else { End::Fits }, ..Found::default() },
        Format::Json => text::json(&mut window),
        Format::Text | Format::Unknown => Found::default(),
    };
    if let Some(error) = window.trouble() {
        return Err(error);
    }
    let turned = (5..=8).contains(&found.orientation);
    (media.width, media.height) = if turned { (found.height, found.width) } else { (found.width, found.height) };
    media.orientation = found.orientation;
    media.cut_off = found.end == End::TooEarly;
    // What is missing at the end explains what does not fit before it.
    media.damaged = found.end == End::Contradicts;
    Ok(media)
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Found {
    width: u32,
    height: u32,
    /// 1 to 8; 0 where there is none.
    orientation: u8,
    end: End,
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
