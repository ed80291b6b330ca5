//! PDF: the closing mark.

use super::window::{PAGE, Window};
use super::{End, Found};

pub(super) fn pdf(window: &mut Window<'_>) -> Found {
    let closed = window.tail(PAGE).windows(5).any(|five| five == b"%%EOF");
    Found::only(if closed { End::Fits } else { End::TooEarly })
}
