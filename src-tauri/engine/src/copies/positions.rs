//! Taking the position out of a photo without touching anything else: which bytes change, container by container.
//! What cannot be taken out safely is not done at all: better no copy than one that still says where, or lost something.

pub(super) mod directories;
mod jpeg;
mod patched;
mod png;
mod removing;
mod xmp;

use crate::probe::{Block, Window};
use gantry_model::Format;
pub(super) use patched::Patched;

/// A block of facts beside the picture that is larger is none.
const MOST_BESIDE: u64 = 32 << 20;

/// Some bytes that give way to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    /// Where.
    pub at: u64,
    /// How many give way.
    pub take: u64,
    /// What comes in their place.
    pub put: Vec<u8>,
}

/// The content is built in a way in which the position cannot be taken out alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Odd;

/// The changes after which this photo says nowhere any more where it was taken, in order.
pub(super) fn patches(window: &mut Window<'_>, format: Format) -> Result<Vec<Patch>, Odd> {
    let found = match format {
        Format::Jpeg => jpeg::patches(window)?,
        Format::Png => png::patches(window)?,
        Format::Webp => webp(window)?,
        Format::Tiff => match Block::open(window, 0, window.size()) {
            Some(block) => removing::patches(block, window)?,
            None => return Err(Odd),
        },
        _ => return Err(Odd),
    };
    if window.gave_up() { Err(Odd) } else { in_order(found) }
}

/// The same for an EXIF block alone.
pub(super) fn of_exif(exif: &[u8]) -> Result<Vec<u8>, Odd> {
    let content = exif.to_vec();
    let mut window = Window::new(&content, content.len() as u64).map_err(|_| Odd)?;
    let Some(block) = Block::open(&mut window, 0, content.len() as u64) else { return Err(Odd) };
    let patches = in_order(removing::patches(block, &mut window)?)?;
    Ok(applied(exif, &patches))
}

/// An EXIF block whose picture was drawn anew, upright and of this size: it is not turned, and has no small picture.
pub(super) fn redrawn(exif: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let content = exif.to_vec();
    let mut window = Window::new(&content, content.len() as u64).ok()?;
    let block = Block::open(&mut window, 0, content.len() as u64)?;
    let patches = in_order(block.redrawn(&mut window, width, height)?).ok()?;
    Some(applied(exif, &patches))
}

fn in_order(mut patches: Vec<Patch>) -> Result<Vec<Patch>, Odd> {
    patches.sort_by_key(|patch| patch.at);
    let apart = patches.windows(2).all(|pair| pair[0].at + pair[0].take <= pair[1].at);
    if apart { Ok(patches) } else { Err(Odd) }
}

fn applied(content: &[u8], patches: &[Patch]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::with_capacity(content.len()), 0);
    for patch in patches {
        let from = usize::try_from(patch.at).unwrap_or(usize::MAX).min(content.len());
        out.extend_from_slice(&content[at..from]);
        out.extend_from_slice(&patch.put);
        at = from.saturating_add(usize::try_from(patch.take).unwrap_or(usize::MAX)).min(content.len());
    }
    out.extend_from_slice(&content[at..]);
    out
}

/// WebP keeps EXIF and XMP in chunks without a checksum.
fn webp(window: &mut Window<'_>) -> Result<Vec<Patch>, Odd> {
    let (mut found, mut at) = (Vec::new(), 12);
    while let (Some(kind), Some(length)) = (window.big(at, 4), window.little(at + 4, 4)) {
        match &(kind as u32).to_be_bytes() {
            b"EXIF" => {
                let skip = if window.has(at + 8, b"Exif\0\0") { 6 } else { 0 };
                if let Some(block) = Block::open(window, at + 8 + skip, length.saturating_sub(skip)) {
                    found.extend(removing::patches(block, window)?);
                }
            }
            b"XMP " => found.extend(xmp::at(window, at + 8, length)?),
            _ => {}
        }
        at += 8 + length + (length & 1);
    }
    Ok(found)
}
