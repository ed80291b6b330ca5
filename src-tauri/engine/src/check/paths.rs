//! Every path of an upload in few bytes: each folder once, names one behind the other, nothing copied while it grows.
//! A path is put in once and stays; a later one has the larger place.

use std::collections::HashMap;
use std::num::NonZeroU32;

/// Bytes of a block. A path lies in one block whole.
const BLOCK: usize = 1 << 20;

/// Where a path lies: the block, and the byte in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(NonZeroU32);

/// The paths, with the order number of each.
#[derive(Debug, Default)]
pub(super) struct Paths {
    folders: Vec<Box<[u8]>>,
    known: HashMap<Box<[u8]>, u32>,
    last: u32,
    /// Of each path: its folder, its order number, the length of its name, and the name.
    blocks: Vec<Vec<u8>>,
}

impl Paths {
    /// `None` for a name of over 64 KiB, and when 4 GiB of names are there: they are not compared any more.
    pub(super) fn push(&mut self, path: &[u8], ord: u64) -> Option<Place> {
        let cut = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (folder, name) = path.split_at(cut);
        let length = u16::try_from(name.len()).ok()?;
        let folder = self.folder(folder)?;
        // Three numbers take 23 bytes at most.
        let needed = usize::from(length) + 23;
        if self.blocks.last().is_none_or(|block| block.len() + needed > BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let number = self.blocks.len() - 1;
        let block = self.blocks.last_mut()?;
        if number == 0 && block.is_empty() {
            block.push(0); // so that no place is zero
        }
        let place = u32::try_from(number * BLOCK + block.len()).ok().and_then(NonZeroU32::new)?;
        for value in [u64::from(folder), ord, u64::from(length)] {
            put(value, block);
        }
        block.extend_from_slice(name);
        Some(Place(place))
    }

    /// The path at a place, and its order number.
    pub(super) fn at(&self, place: Place) -> Option<(Vec<u8>, u64)> {
        let place = place.0.get() as usize;
        let mut rest = self.blocks.get(place / BLOCK)?.get(place % BLOCK..)?;
        let (folder, ord, length) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        let folder = self.folders.get(usize::try_from(folder).ok()?)?;
        Some(([folder, rest.get(..usize::try_from(length).ok()?)?].concat(), ord))
    }

    fn folder(&mut self, folder: &[u8]) -> Option<u32> {
        // A walk gives the files of a folder one after the other.
        if self.folders.get(self.last as usize).is_some_and(|last| **last == *folder) {
            return Some(self.last);
        }
        self.last = match self.known.get(folder) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(self.folders.len()).ok()?;
                self.folders.push(folder.into());
                self.known.insert(folder.into(), at);
                at
            }
        };
        Some(self.last)
    }
}

/// Seven bits a byte, the low ones first; the high bit says that more follow.
fn put(mut value: u64, into: &mut Vec<u8>) {
    while value > 0x7f {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_across_blocks_and_in_order() {
        let mut paths = Paths::default();
        let long = vec![b'x'; 60_000];
        let made: Vec<_> =
            (0..100_u64).map(|n| ([format!("f{}/{n}", n % 7).as_bytes(), &long].concat(), n << (n % 60))).collect();
        let places: Vec<_> = made.iter().map(|(path, ord)| paths.push(path, *ord).unwrap()).collect();
        assert!(places.is_sorted() && paths.blocks.len() > 5 && paths.blocks.iter().all(|block| block.capacity() == BLOCK));
        for (place, (path, ord)) in places.into_iter().zip(made) {
            assert_eq!(paths.at(place), Some((path, ord)));
        }
        assert_eq!(paths.push(&vec![b'x'; 70_000], 1), None);
        let last = paths.push(b"", u64::MAX).unwrap();
        assert_eq!(paths.at(last), Some((Vec::new(), u64::MAX)));
    }
}
