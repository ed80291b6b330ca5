//! Fixes: what a person may want done to copies of their files. A file itself is never touched.

use crate::finding::About;
use crate::media::Format;
use serde::{Deserialize, Serialize};

/// One thing that can be done to a copy. Several on one file are done in the order of [`Fix::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// The position is taken out of the photo; alone, it changes nothing else.
    Gps,
    /// The pixels are turned as the photo says that they are to be shown.
    Rotate,
    /// The picture is made smaller, down to what the platform recommends.
    Scale,
    /// The picture becomes PNG or JPEG, which every platform takes.
    Convert,
}

impl Fix {
    /// All of them, in the order in which they are done.
    pub const ALL: [Self; 4] = [Self::Gps, Self::Rotate, Self::Scale, Self::Convert];

    /// The word of `--fix`, the journal and the receipt.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::Rotate => "rotate",
            Self::Scale => "scale",
            Self::Convert => "convert",
        }
    }

    /// Reads a word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fix| fix.word() == word)
    }

    /// Whether it can be done to a file of this format.
    pub fn works_on(self, format: Format) -> bool {
        match self {
            Self::Gps => matches!(format, Format::Jpeg | Format::Png | Format::Webp | Format::Tiff),
            Self::Convert => matches!(format, Format::Gif | Format::Bmp | Format::Webp | Format::Tiff),
            Self::Rotate | Self::Scale => {
                matches!(format, Format::Jpeg | Format::Png | Format::Gif | Format::Bmp | Format::Webp | Format::Tiff)
            }
        }
    }
}

impl About {
    /// The fix after which a file does not break such a rule any more, where there is one.
    pub fn fix(self) -> Option<Fix> {
        match self {
            Self::HasGps => Some(Fix::Gps),
            Self::StoredRotated => Some(Fix::Rotate),
            Self::ImagePixels { .. } => Some(Fix::Scale),
            Self::Formats(taken) if taken.contains(&Format::Jpeg) && taken.contains(&Format::Png) => Some(Fix::Convert),
            _ => None,
        }
    }

    /// Such a rule holds a file until the person says that it may go as it is.
    pub fn asks_person(self) -> bool {
        matches!(self, Self::PatientName | Self::FirstOfMany | Self::NotMade)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_and_a_fix_for_formats_needs_both_that_it_makes() {
        for fix in Fix::ALL {
            assert_eq!(Fix::from_word(fix.word()), Some(fix));
        }
        assert_eq!(Fix::from_word("sharpen"), None);
        assert_eq!(About::Formats(&[Format::Png, Format::Jpeg, Format::Bmp]).fix(), Some(Fix::Convert));
        assert_eq!(About::Formats(&[Format::Mp4]).fix(), None);
    }
}
