//! Reading and writing manifests: in one pass, with flat memory, every mistake with its line and column.
//! The file is never changed; what is made of it is a new one.

mod asking;
mod building;
mod checking;
mod comparing;
mod converting;
mod encoding;
mod leaving;
mod looking;
mod measuring;
mod mending;
mod milestones;
mod opening;
mod picturing;
mod pieces;
mod quoting;
mod reader;
mod row_set;
mod rules;
mod twins;
mod window;
mod writing;

pub(crate) use asking::ask_watched;
pub use asking::{Ask, ask_about_metadata};
pub use building::{Built, Template, build};
pub use checking::{Checked, Marks, RowFinding, check, check_marked};
pub(crate) use checking::{broken_sentence, check_watched, rule_sentence, sentence_of, wrong_with};
pub(crate) use comparing::compare_watched;
pub use comparing::{Compared, Difference, compare};
pub(crate) use converting::convert_watched;
pub use converting::{Converted, convert, left_behind};
pub use encoding::Encoding;
pub(crate) use leaving::{Leaving, Remaining, write_without};
pub use leaving::{breaking, mend_without};
pub use looking::{Looked, Looking, look, words as unseen_words};
pub(crate) use looking::{Pace, look_watched};
pub(crate) use measuring::measure_watched;
pub use measuring::{MeasuredRows, NotMeasured, measure, takes_sizes};
pub use mending::{MENDABLE, Mended, Signing, mend, mend_and_sign, usual};
pub(crate) use mending::{Mender, ON_WISH, SIGNED, mend_watched, with_number};
pub use milestones::{EVERY, Milestone, index};
pub use opening::{Manifest, Map, Wish};
pub(crate) use picturing::{Hosts, NoPicture, kind_of, picture_of, pictured};
pub(crate) use pieces::masked;
pub use pieces::{Broken, Cell, Excerpt, Piece, Row};
pub use reader::{LONGEST, Reader};
pub(crate) use row_set::Gone;
pub use row_set::RowSet;
pub use rules::RULES;
pub(crate) use rules::severity;
pub use writing::{Aside, RowWriter, layout_of};

#[cfg(test)]
mod tests;
