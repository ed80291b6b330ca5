//! The head of a TIFF, and of the EXIF that is built like one: where its numbers begin and end, and how they are written.

use super::Window;

/// Where a block begins and ends, and how its numbers are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) base: u64,
    pub(crate) end: u64,
    pub(crate) little: bool,
    /// Offsets have 64 bits.
    pub(crate) wide: bool,
    /// The first directory.
    pub(crate) first: u64,
}

impl Block {
    /// The block of `length` bytes at `base`; `None` where there is none.
    pub(crate) fn open(window: &mut Window<'_>, base: u64, length: u64) -> Option<Self> {
        let little = match window.bytes(base, 2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let wide = match window.number(base + 2, 2, little)? {
            42 => false,
            43 => true,
            _ => return None,
        };
        let end = base.checked_add(length)?.min(window.size());
        let first = if wide { window.number(base + 8, 8, little)? } else { window.number(base + 4, 4, little)? };
        Some(Self { base, end, little, wide, first: base.checked_add(first)? })
    }

    /// Bytes of the count at the head of a directory, of one tag, and of an offset.
    pub(crate) fn widths(&self) -> (u64, u64, u64) {
        if self.wide { (8, 20, 8) } else { (2, 12, 4) }
    }

    /// Bytes before the first directory.
    pub(crate) fn head(&self) -> u64 {
        if self.wide { 16 } else { 8 }
    }
}
