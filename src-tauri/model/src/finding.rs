//! Rules as data, and findings: one rule that one file breaks.
//! A rule without a source and a date does not exist.

use crate::media::{Format, MediaKind};
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// "Can't be used": a published hard limit.
    Blocked,
    /// "Please look": a recommendation, an ambiguous unit, a likely mistake.
    Warning,
    /// "Good to know".
    Note,
}

/// What a rule is about, with its value. Evaluated by the engine's `check`, pure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum About {
    /// The file has no bytes.
    EmptyFile,
    /// The content ends too early.
    CutOff,
    /// The content contradicts its format.
    Damaged,
    /// The content is of another format than the extension says.
    WrongExtension,
    /// The picture is stored rotated; sizes are given as displayed.
    StoredRotated,
    /// The name is not UTF-8; its bad bytes appear as `%XX` in the key.
    NotUtf8,
    /// The name has control characters or line breaks.
    ControlCharacters,
    /// The name has characters that change the direction of writing.
    BidiCharacters,
    /// A symbolic link.
    Link,
    /// A socket, pipe or device.
    Special,
    /// It could not be read.
    Unreadable,
    /// It was gone when it was looked at.
    Vanished,
    /// The destination itself, or the program's own data folder, lies inside what was given and is left out.
    OwnFolder,
    /// Two files would get the same key.
    SameKey,
    /// Two keys differ in upper and lower case only.
    CaseTwins,
    /// Two names differ in Unicode normalisation only, so they share a key.
    NormalisationTwins,
    /// Two keys look the same and are written with letters of different scripts.
    LookAlikes,
    /// One key is a folder in another, which a store of files cannot hold.
    FileAndFolder,
    /// The key is longer than this many bytes in UTF-8.
    KeyBytes(u64),
    /// One component of the key is longer than this many bytes.
    ComponentBytes(u64),
    /// The file is larger than this many bytes.
    FileBytes(u64),
    /// The file is larger than parts times the largest part.
    PartCount {
        /// Most parts in one object.
        parts: u64,
        /// Largest part in bytes.
        part_bytes: u64,
    },
    /// The key has one of these characters.
    Characters(&'static str),
    /// The key has `.` or `..` as a component, or starts with something the store treats specially.
    ReservedNames(&'static [&'static str]),
    /// Media of kinds that are not taken at all: only these are.
    Kinds(&'static [MediaKind]),
    /// Of the kinds that these formats belong to, only these formats are taken. `Unknown` stands for the kind `Other`.
    Formats(&'static [Format]),
    /// Files of these kinds (none: of every kind) may have this many bytes, and not more.
    KindBytes {
        /// The kinds; empty for all.
        only: &'static [MediaKind],
        /// Most bytes.
        most: u64,
    },
    /// A published figure that may mean 10^6 or 2^20: between the two nobody knows. Above both, `KindBytes` or `FileBytes` speaks.
    FileBytesBetween {
        /// The kinds; empty for all.
        only: &'static [MediaKind],
        /// Taken for certain up to this many bytes.
        above: u64,
        /// Refused for certain above this many bytes.
        upto: u64,
    },
    /// A picture is wider or higher, as displayed.
    ImagePixels {
        /// Most pixels across.
        width: u32,
        /// Most pixels down.
        height: u32,
    },
    /// Sound whose bit rate changes, but in these formats.
    VariableBitRate(&'static [Format]),
    /// A film whose pictures do not all last equally long.
    VariableFrameRate,
    /// A film whose pixels are not square.
    NonSquarePixels,
    /// A film of more pictures.
    VideoFrames(u64),
    /// A film in another codec than these: `h264`, `h265`, `vp8`, `vp9`, `av1`, or the container's own four letters.
    VideoCodecs(&'static [&'static str]),
    /// A PCD file of another version than these.
    PcdVersion(&'static [&'static str]),
    /// A PCD file whose `DATA` is none of these: `ascii`, `binary`, `binary_compressed`.
    PcdData(&'static [&'static str]),
    /// A PCD file whose x, y and z are not floats of 4 bytes.
    PcdFieldTypes,
    /// LAS whose points are compressed.
    LasCompressed,
    /// LAS or LAZ of another version than these.
    LasVersion(&'static [&'static str]),
    /// A cloud with a coordinate farther from zero than this many units: a float of 4 bytes loses digits there.
    CoordinatesTooLarge {
        /// The formats; empty for all clouds.
        only: &'static [Format],
        /// Farthest coordinate.
        most: u64,
    },
    /// Text of more characters.
    TextChars {
        /// The formats; empty for all text.
        only: &'static [Format],
        /// Most characters.
        most: u64,
    },
    /// Text in another encoding than UTF-8.
    TextNotUtf8,
    /// A PDF of more pages.
    PdfPages(u64),
    /// A medical picture with a patient's name in it.
    PatientName,
    /// A photo with the position where it was taken.
    HasGps,
    /// A copy that holds only the first of several pictures.
    FirstOfMany,
    /// A copy that the person wanted and that could not be made.
    NotMade,
}

/// One rule. Its sentence is in the words, under `rule-` and the id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Stable id, such as `s3-key-bytes`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it says, with its value.
    pub about: About,
    /// The page that publishes it.
    pub source: &'static str,
    /// The day on which a person last read that page, `YYYY-MM-DD`.
    pub checked: &'static str,
}

/// One rule that one file breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What exactly: the measured value, the twin's name, the system's words. May be empty.
    pub detail: String,
}
