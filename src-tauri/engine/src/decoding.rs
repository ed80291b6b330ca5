//! Readers of pictures that never take more than they were allowed, whatever a file claims to hold.

use gantry_model::Format;
use image::{ImageFormat, ImageReader, Limits};
use std::io::{BufRead, Seek};

/// What one picture may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Its longest side, in pixels.
    pub(crate) side: u32,
    /// Memory for reading it, in bytes.
    pub(crate) memory: u64,
}

/// The library's word for a format; `None` for what is no picture that is read here.
pub(crate) fn readable(format: Format) -> Option<ImageFormat> {
    Some(match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Gif => ImageFormat::Gif,
        Format::Bmp => ImageFormat::Bmp,
        Format::Webp => ImageFormat::WebP,
        Format::Tiff => ImageFormat::Tiff,
        _ => return None,
    })
}

/// A reader of this format within these bounds; `None` as in [`readable`].
pub(crate) fn reader<R: BufRead + Seek>(from: R, format: Format, bounds: Bounds) -> Option<ImageReader<R>> {
    let mut reader = ImageReader::with_format(from, readable(format)?);
    let mut limits = Limits::default();
    limits.max_image_width = Some(bounds.side);
    limits.max_image_height = Some(bounds.side);
    limits.max_alloc = Some(bounds.memory);
    reader.limits(limits);
    Some(reader)
}
