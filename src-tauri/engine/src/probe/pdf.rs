//! PDF: the closing mark, and the number of pages that the tree of pages gives.
//! The way there is walked with a bounded number of small reads; where it leaves what is known here, nothing is said.

mod index;
mod words;

use super::window::{PAGE, Window};
use super::{End, Found};
use gantry_model::measured::{Measured, Pages};
use index::Index;

/// What an object may take in bytes.
const OBJECT: usize = 4 * PAGE;
/// More pages than any document has.
const MOST_PAGES: u64 = 10_000_000;

pub(super) fn pdf(window: &mut Window<'_>) -> Found {
    let tail = window.tail(PAGE);
    let closed = tail.windows(5).any(|five| five == b"%%EOF");
    let pages = if closed { linear(window).or_else(|| counted(window)) } else { None };
    let end = if closed { End::Fits } else { End::TooEarly };
    Found { end, measured: Some(Measured::Pages(Pages { pages })), ..Found::default() }
}

/// Files for the web say it in their first object, as long as nothing was added to them.
fn linear(window: &mut Window<'_>) -> Option<u64> {
    let size = window.size();
    let head = window.some(0, 1024);
    let (begin, _) = words::after(head, b"/Linearized")?;
    let end = begin + words::find(&head[begin..], b">>")?;
    let object = &head[begin..end];
    (words::number(object, b"/L")? == size).then(|| words::number(object, b"/N")).flatten().filter(|pages| *pages <= MOST_PAGES)
}

/// From the index at the end to the root, and from there to the top of the tree of pages.
fn counted(window: &mut Window<'_>) -> Option<u64> {
    let index = Index::read(window)?;
    let root = index.object(window, index.root())?;
    let tree = index.object(window, words::reference(&root, b"/Pages")?)?;
    words::number(&tree, b"/Count").filter(|pages| *pages <= MOST_PAGES)
}
