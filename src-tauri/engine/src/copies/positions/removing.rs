//! Removing the directory of the position from a block of tags, in place: no other offset moves, no other value changes.

use super::directories::{BELOW, Directory, EXIF, GPS, MOST_DIRECTORIES, Tag, XMP};
use super::{Odd, Patch, xmp};
use crate::probe::{Block, Window};
use std::collections::HashSet;

/// Tags whose values say where pieces of the picture are, and how long each is.
const PIECES: [(u64, u64); 3] = [(273, 279), (324, 325), (513, 514)];
/// Pieces of one picture; more are not compared.
const MOST_PIECES: u64 = 1_000_000;
/// Bytes of positions; real ones have a few hundred.
const MOST_WIPED: u64 = 1 << 20;
/// A text that says nothing: what stands in a directory that would be empty otherwise.
const DESCRIPTION: u64 = 270;

/// From where, up to where.
type Span = (u64, u64);

/// The changes after which no directory of the block leads to a position, and none is left in it.
pub(super) fn patches(block: Block, window: &mut Window<'_>) -> Result<Vec<Patch>, Odd> {
    let directories = all(block, window)?;
    let (mut patches, mut wiped) = (Vec::new(), Vec::new());
    for directory in &directories {
        let gone: Vec<&Tag> = directory.tags.iter().filter(|tag| tag.number == GPS).collect();
        for tag in &gone {
            wiped.extend(position(block, window, tag));
        }
        if !gone.is_empty() {
            patches.push(without(block, window, directory)?);
        }
        for tag in directory.tags.iter().filter(|tag| tag.number == XMP && tag.outside) {
            patches.extend(xmp::at(window, tag.at, tag.length())?);
        }
    }
    let wiped = joined(wiped);
    if !wiped.is_empty() {
        let kept = joined(kept(block, window, &directories)?);
        let sum: u64 = wiped.iter().map(|(from, to)| to - from).sum();
        let meets = |(from, to): &Span| kept.iter().any(|(begin, end)| begin < to && from < end);
        if sum > MOST_WIPED || wiped.iter().any(meets) {
            return Err(Odd);
        }
    }
    patches.extend(wiped.into_iter().map(|(from, to)| Patch { at: from, take: to - from, put: vec![0; (to - from) as usize] }));
    Ok(patches)
}

/// Every directory but those of positions: the chain, and what lies below.
fn all(block: Block, window: &mut Window<'_>) -> Result<Vec<Directory>, Odd> {
    let (mut found, mut known, mut to_read) = (Vec::new(), HashSet::new(), vec![block.first]);
    while let Some(at) = to_read.pop() {
        if at == 0 || !known.insert(at) {
            continue;
        }
        // A directory that cannot be read leads nowhere; the first one must be there.
        let Some(directory) = block.directory(window, at) else {
            if found.is_empty() {
                return Err(Odd);
            }
            continue;
        };
        to_read.push(directory.next);
        for tag in directory.tags.iter().filter(|tag| tag.number == EXIF || tag.number == BELOW) {
            for index in 0..tag.count.min(MOST_DIRECTORIES as u64) {
                let place = block.value(window, tag, index).and_then(|place| block.base.checked_add(place));
                to_read.extend(place);
            }
        }
        found.push(directory);
        if found.len() + to_read.len() > MOST_DIRECTORIES {
            return Err(Odd);
        }
    }
    Ok(found)
}

/// The directory of the position, and its values.
fn position(block: Block, window: &mut Window<'_>, tag: &Tag) -> Vec<Span> {
    let place = block.value(window, tag, 0).and_then(|place| block.base.checked_add(place));
    let Some(directory) = place.and_then(|at| block.directory(window, at)) else { return Vec::new() };
    let mut spans = vec![table(block, &directory)];
    spans.extend(directory.tags.iter().filter_map(|tag| values(block, tag)));
    spans
}

fn table(block: Block, directory: &Directory) -> Span {
    let (head, step, wide) = block.widths();
    (directory.at, directory.at + head + step * directory.tags.len() as u64 + wide)
}

fn values(block: Block, tag: &Tag) -> Option<Span> {
    let to = tag.at.saturating_add(tag.length());
    (tag.outside && tag.at >= block.base && to <= block.end).then_some((tag.at, to))
}

/// The directory without its tags of positions: those behind them move up, zeros fill its end.
fn without(block: Block, window: &mut Window<'_>, directory: &Directory) -> Result<Patch, Odd> {
    let (head, step, wide) = block.widths();
    let (from, to) = table(block, directory);
    let mut entries = Vec::new();
    for tag in directory.tags.iter().filter(|tag| tag.number != GPS) {
        entries.extend_from_slice(window.bytes(tag.here, step as usize).ok_or(Odd)?);
    }
    if entries.is_empty() {
        entries.extend(block.written(DESCRIPTION, 2));
        entries.extend(block.written(2, 2));
        entries.extend(block.written(1, wide));
        entries.resize(step as usize, 0);
    }
    let next = window.bytes(to - wide, wide as usize).ok_or(Odd)?.to_vec();
    let mut put = block.written(entries.len() as u64 / step, head);
    put.extend(entries);
    put.extend(next);
    put.resize((to - from) as usize, 0);
    Ok(Patch { at: from, take: to - from, put })
}

/// Everything that must stay as it is.
fn kept(block: Block, window: &mut Window<'_>, directories: &[Directory]) -> Result<Vec<Span>, Odd> {
    let mut spans = vec![(block.base, block.base + block.head())];
    for directory in directories {
        spans.push(table(block, directory));
        spans.extend(directory.tags.iter().filter(|tag| tag.number != GPS).filter_map(|tag| values(block, tag)));
        for (places, lengths) in PIECES {
            let of = |number: u64| directory.tags.iter().find(|tag| tag.number == number);
            let (Some(places), Some(lengths)) = (of(places), of(lengths)) else { continue };
            if places.count > MOST_PIECES {
                return Err(Odd);
            }
            for index in 0..places.count.min(lengths.count) {
                let (place, length) = (block.value(window, places, index), block.value(window, lengths, index));
                let (Some(place), Some(length)) = (place, length) else { return Err(Odd) };
                let from = block.base.saturating_add(place);
                spans.push((from, from.saturating_add(length)));
            }
        }
    }
    Ok(spans)
}

/// Spans in order, those that touch as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, to) in spans.into_iter().filter(|(from, to)| from < to) {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}
