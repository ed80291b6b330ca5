//! Pictures drawn anew: read within bounds, turned upright, made smaller, written as PNG or JPEG.
//! What was compressed with loss and hides nothing becomes JPEG, everything else PNG. Colour profile and EXIF go along.

use super::memory::{MOST, MOST_SIDE, Memory};
use super::{Facts, Steps, many, positions};
use crate::decoding::{Bounds, reader};
use crate::probe::Window;
use fast_image_resize::Resizer;
use gantry_model::words::{Value, say};
use gantry_model::{Fix, Format, Media};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageEncoder};
use std::fs::File;
use std::io::{BufReader, Seek};

/// Of 100: losses that nobody sees, also when labels are drawn along edges.
const QUALITY: u8 = 96;
/// EXIF that fits into one segment of a JPEG.
const MOST_EXIF: usize = 65_500;

/// A picture drawn anew.
pub(super) struct Drawn {
    pub bytes: Vec<u8>,
    /// The original holds more pictures than this one.
    pub first_of_many: bool,
}

/// What goes along with the pixels.
struct Beside {
    icc: Option<Vec<u8>>,
    exif: Option<Vec<u8>>,
}

/// Why it could not be drawn, as a person reads it.
pub(super) fn trouble(which: &str) -> String {
    say(&format!("copy-trouble-{which}"), &[])
}

/// The same, with the words of who refused.
pub(super) fn said(error: &impl std::fmt::Display) -> String {
    let said = gantry_model::show::text(&error.to_string());
    say("copy-trouble-said", &[("said", Value::Text(&said))])
}

/// Draws the picture in the file.
pub(super) fn draw(file: &File, original: &Facts, steps: &Steps, memory: &Memory) -> Result<Drawn, String> {
    let media = &original.media;
    // Decoders fill what is missing with grey: a copy would hide that the original is damaged.
    if media.cut_off || media.damaged {
        return Err(trouble("damaged"));
    }
    let size = original.fingerprint.size;
    let mut window = Window::new(file, size).map_err(|error| said(&error))?;
    let first_of_many = many::more_than_one(&mut window, media.format);
    let lossy = many::is_lossy(&mut window, media.format);
    let mut decoder = decoder(file, media.format)?;
    let pixels = decoder.total_bytes();
    if pixels > MOST {
        return Err(trouble("too-large"));
    }
    if decoder.dimensions() != stored(media) {
        return Err(trouble("other-picture"));
    }
    // As stored, turned, and what reading and writing take beside that.
    let _share = memory.take(size.saturating_add(pixels.saturating_mul(2)));
    let beside = Beside { icc: decoder.icc_profile().ok().flatten(), exif: decoder.exif_metadata().ok().flatten() };
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| said(&error))?;
    let picture = fitted(upright(picture, media.orientation), steps)?;
    let bytes = written(&picture, lossy && is_opaque(&picture), beside, steps)?;
    Ok(Drawn { bytes, first_of_many })
}

fn decoder(file: &File, format: Format) -> Result<impl ImageDecoder, String> {
    let mut from = file;
    from.rewind().map_err(|error| said(&error))?;
    let reader = reader(BufReader::new(from), format, Bounds { side: MOST_SIDE, memory: MOST });
    let reader = reader.ok_or_else(|| trouble("other-picture"))?;
    reader.into_decoder().map_err(|error| said(&error))
}

/// The pixels as stored. A decoder that sees another picture than the one that was measured sees a small form of it.
fn stored(media: &Media) -> (u32, u32) {
    if (5..=8).contains(&media.orientation) { (media.height, media.width) } else { (media.width, media.height) }
}

fn upright(mut picture: DynamicImage, orientation: u8) -> DynamicImage {
    if let Some(orientation) = Orientation::from_exif(orientation) {
        picture.apply_orientation(orientation);
    }
    picture
}

/// Made smaller as far as its bounds ask for it; never larger.
fn fitted(picture: DynamicImage, steps: &Steps) -> Result<DynamicImage, String> {
    let (width, height) = (u64::from(picture.width()), u64::from(picture.height()));
    let Some((across, down)) = steps.within.map(|(across, down)| (u64::from(across), u64::from(down))) else {
        return Ok(picture);
    };
    if width <= across && height <= down {
        return Ok(picture);
    }
    // The side that is farther beyond its bound decides.
    let (width, height) = match width * down >= height * across {
        true => (across, (height * across + width / 2) / width),
        false => ((width * down + height / 2) / height, down),
    };
    let side = |pixels: u64, most: u64| u32::try_from(pixels.clamp(1, most)).unwrap_or(1);
    let mut smaller = DynamicImage::new(side(width, across), side(height, down), picture.color());
    Resizer::new().resize(&picture, &mut smaller, None).map_err(|error| said(&error))?;
    Ok(smaller)
}

/// No pixel lets anything shine through.
fn is_opaque(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(picture) => picture.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageLumaA8(picture) => picture.pixels().all(|pixel| pixel.0[1] == u8::MAX),
        other => !other.color().has_alpha(),
    }
}

fn written(picture: &DynamicImage, as_jpeg: bool, beside: Beside, steps: &Steps) -> Result<Vec<u8>, String> {
    if matches!(picture.color(), ColorType::Rgb32F | ColorType::Rgba32F) {
        return Err(trouble("colours"));
    }
    let mut bytes = Vec::new();
    if as_jpeg {
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        carry(&mut encoder, picture, beside, steps, MOST_EXIF);
        picture.write_with_encoder(encoder).map_err(|error| said(&error))?;
    } else {
        let mut encoder = PngEncoder::new(&mut bytes);
        carry(&mut encoder, picture, beside, steps, usize::MAX);
        picture.write_with_encoder(encoder).map_err(|error| said(&error))?;
    }
    Ok(bytes)
}

/// Hands over what fits the new picture: a profile of other colours or an EXIF block that cannot be kept right is left behind.
fn carry(encoder: &mut impl ImageEncoder, picture: &DynamicImage, beside: Beside, steps: &Steps, most_exif: usize) {
    let space: &[u8] = if picture.color().has_color() { b"RGB " } else { b"GRAY" };
    if let Some(icc) = beside.icc.filter(|icc| icc.get(16..20) == Some(space)) {
        let _ = encoder.set_icc_profile(icc);
    }
    let exif = beside.exif.map(|exif| exif.strip_prefix(b"Exif\0\0").map_or(exif.clone(), <[u8]>::to_vec));
    let exif = if steps.has(Fix::Gps) { exif.and_then(|exif| positions::of_exif(&exif).ok()) } else { exif };
    let exif = exif.and_then(|exif| positions::redrawn(&exif, picture.width(), picture.height()));
    if let Some(exif) = exif.filter(|exif| exif.len() <= most_exif) {
        let _ = encoder.set_exif_metadata(exif);
    }
}
