//! Content as it is after its changes, read from where it lies: nothing of it is held in memory.

use super::Patch;
use crate::probe::At;
use std::io;

/// A piece of the content: from where it begins in the whole.
enum Piece {
    /// Bytes of the original, from this place on.
    Kept(u64),
    /// Others.
    Put(Vec<u8>),
}

/// The view.
pub(crate) struct Patched<'a> {
    content: &'a dyn At,
    pieces: Vec<(u64, Piece)>,
    size: u64,
}

impl<'a> Patched<'a> {
    /// A view on `size` bytes with these changes, which are in order and apart.
    pub fn new(content: &'a dyn At, size: u64, patches: Vec<Patch>) -> Self {
        let (mut pieces, mut out, mut at) = (Vec::with_capacity(patches.len() * 2 + 1), 0, 0);
        for patch in patches {
            if patch.at > at {
                pieces.push((out, Piece::Kept(at)));
                out += patch.at - at;
            }
            at = patch.at + patch.take;
            if !patch.put.is_empty() {
                let length = patch.put.len() as u64;
                pieces.push((out, Piece::Put(patch.put)));
                out += length;
            }
        }
        if size > at {
            pieces.push((out, Piece::Kept(at)));
        }
        Self { content, pieces, size: out + size.saturating_sub(at) }
    }

    /// Bytes in all.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl At for Patched<'_> {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let Some(which) = self.pieces.partition_point(|(begin, _)| *begin <= at).checked_sub(1) else { return Ok(0) };
        let (begin, piece) = &self.pieces[which];
        let end = self.pieces.get(which + 1).map_or(self.size, |(begin, _)| *begin);
        let length = into.len().min(usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX));
        match piece {
            Piece::Kept(from) => self.content.read_at(&mut into[..length], from + (at - begin)),
            Piece::Put(bytes) => bytes.read_at(&mut into[..length], at - begin),
        }
    }
}
