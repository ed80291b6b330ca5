//! Small pictures of pictures, on demand. Bounded in what is decoded, in how many at once, and in what is kept.

mod inner;
#[cfg(test)]
mod tests;

use crate::decoding::{Bounds, readable, reader};
use crate::source::file::{self, Opened};
use gantry_model::{Fingerprint, Format, Media};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat};
pub(crate) use inner::inner_picture;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Longest side of a picture that is decoded, in pixels.
const MOST_SIDE: u32 = 16_384;
/// Memory that decoding one picture may take: 256 MiB.
const MOST_MEMORY: u64 = 256 << 20;
/// Bytes of thumbnails that are kept: 16 MiB.
const KEPT: usize = 16 << 20;
/// Pictures decoded at once.
const AT_ONCE: u32 = 2;
/// Sides that make sense for a thumbnail, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=1024;
const JPEG_QUALITY: u8 = 82;

/// A thumbnail as JPEG, or as PNG where the picture is transparent; `side` is the longest side in pixels.
/// `None` for what is no picture that is read here, is larger than the limits, is damaged, or is not the file that was seen.
pub fn thumbnail(path: &Path, fingerprint: &Fingerprint, media: &Media, side: u32) -> Option<Vec<u8>> {
    let Opened::Plain(file, now) = file::open(path).ok()? else { return None };
    if !now.same_content(fingerprint) || media.width.max(media.height) > MOST_SIDE {
        return None;
    }
    let side = side.clamp(*SIDES.start(), *SIDES.end());
    drawn(BufReader::new(file), media.format, media.orientation, side)
}

/// As [`thumbnail`], of content that lies in memory.
fn thumbnail_of(content: &[u8], media: &Media, side: u32) -> Option<Vec<u8>> {
    let side = side.clamp(*SIDES.start(), *SIDES.end());
    drawn(Cursor::new(content), media.format, media.orientation, side)
}

/// Whether pictures of this format are drawn here.
pub(crate) fn is_drawn(read: Format) -> bool {
    readable(read).is_some()
}

/// A decoder that fails on a hostile picture must not take the program with it.
fn drawn(content: impl BufRead + Seek, format: Format, orientation: u8, side: u32) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| small(content, format, orientation, side))).ok().flatten()
}

fn small(content: impl BufRead + Seek, format: Format, orientation: u8, side: u32) -> Option<Vec<u8>> {
    let reader = reader(content, format, Bounds { side: MOST_SIDE, memory: MOST_MEMORY })?;
    let decoder = reader.into_decoder().ok()?;
    if decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let larger = picture.width().max(picture.height()) > side;
    let mut small = if larger { picture.thumbnail(side, side) } else { picture };
    if let Some(orientation) = Orientation::from_exif(orientation) {
        small.apply_orientation(orientation);
    }
    let mut out = Vec::new();
    if small.color().has_alpha() {
        DynamicImage::from(small.to_rgba8()).write_to(&mut Cursor::new(&mut out), ImageFormat::Png).ok()?;
    } else {
        small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).ok()?;
    }
    Some(out)
}

/// What a thumbnail was made from, and how large it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Of {
    what: What,
    side: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum What {
    File {
        path: PathBuf,
        size: u64,
        mtime_ns: i64,
    },
    /// An object, by the SHA-256 of what tells its address from others.
    Object([u8; 32]),
}

fn of_object(identity: &str, side: u32) -> Of {
    Of { what: What::Object(Sha256::digest(identity.as_bytes()).into()), side }
}

/// Thumbnails that were made lately. Safe to ask from several threads; each call may block while it decodes.
#[derive(Debug, Default)]
pub struct Thumbs {
    kept: Mutex<Kept>,
    decoding: Mutex<u32>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    pictures: HashMap<Of, (Arc<[u8]>, u64)>,
    bytes: usize,
    asked: u64,
}

impl Thumbs {
    /// Nothing is kept yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The thumbnail as [`thumbnail`] makes it, from memory where it was made lately.
    pub fn get(&self, path: &Path, fingerprint: &Fingerprint, media: &Media, side: u32) -> Option<Vec<u8>> {
        readable(media.format)?;
        let what = What::File { path: path.to_owned(), size: fingerprint.size, mtime_ns: fingerprint.mtime_ns };
        self.get_or_make(Of { what, side }, || thumbnail(path, fingerprint, media, side))
    }

    /// The thumbnail of an object that was made lately.
    pub(crate) fn known(&self, identity: &str, side: u32) -> Option<Vec<u8>> {
        self.kept().get(&of_object(identity, side)).map(|kept| kept.to_vec())
    }

    /// The thumbnail of an object's content.
    pub(crate) fn of_content(&self, identity: &str, content: &[u8], media: &Media, side: u32) -> Option<Vec<u8>> {
        self.get_or_make(of_object(identity, side), || thumbnail_of(content, media, side))
    }

    fn get_or_make(&self, of: Of, make: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        if let Some(kept) = self.kept().get(&of) {
            return Some(kept.to_vec());
        }
        let _turn = self.turn();
        // Somebody may have made it while this one waited for a turn.
        if let Some(kept) = self.kept().get(&of) {
            return Some(kept.to_vec());
        }
        let made = make()?;
        self.kept().keep(of, made.as_slice().into());
        Some(made)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self) -> Turn<'_> {
        let mut decoding = self.decoding.lock().unwrap_or_else(PoisonError::into_inner);
        while *decoding >= AT_ONCE {
            decoding = self.free.wait(decoding).unwrap_or_else(PoisonError::into_inner);
        }
        *decoding += 1;
        Turn(self)
    }
}

/// The right to decode; given back when dropped.
struct Turn<'a>(&'a Thumbs);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.decoding.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.free.notify_one();
    }
}

impl Kept {
    fn get(&mut self, of: &Of) -> Option<Arc<[u8]>> {
        self.asked += 1;
        let asked = self.asked;
        let (picture, last) = self.pictures.get_mut(of)?;
        *last = asked;
        Some(Arc::clone(picture))
    }

    fn keep(&mut self, of: Of, picture: Arc<[u8]>) {
        self.bytes += picture.len();
        if let Some((old, _)) = self.pictures.insert(of, (picture, self.asked)) {
            self.bytes -= old.len();
        }
        while self.bytes > KEPT {
            // A few hundred at most: looking through them costs less than keeping an order.
            let oldest = self.pictures.iter().min_by_key(|(_, (_, last))| *last).map(|(of, _)| of.clone());
            let Some((old, _)) = oldest.and_then(|of| self.pictures.remove(&of)) else { return };
            self.bytes -= old.len();
        }
    }
}
