//! Measured facts by kind of media, as one JSON text a file in the journal: another destination is judged from them
//! without reading a file again. Where a fact is `None`, the content did not say it within the bytes that are read.

mod told;

use serde::{Deserialize, Serialize};

/// What a file's kind has beside format and size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// A picture with something to tell beside its size.
    Picture(Picture),
    /// Sound.
    Sound(Sound),
    /// Moving pictures.
    Film(Film),
    /// Points in space.
    Cloud(Cloud),
    /// Text.
    Words(Words),
    /// A document of pages.
    Pages(Pages),
    /// A medical picture.
    Patient(Patient),
}

impl Measured {
    /// Reads what [`Measured::to_json`] wrote; what another version of the program wrote differently counts as not measured.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The text that the journal keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// It says where it was taken. Where that is, is never kept.
    pub gps: bool,
    /// It is a copy that holds only the first of several pictures.
    pub first_of_many: bool,
}

/// Of sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sound {
    /// The bit rate stays the same from beginning to end.
    pub constant: Option<bool>,
    /// Lowest and highest bit rate met, in kbit/s; with one figure known only, both are it.
    pub kbits: Option<(u32, u32)>,
    /// How long it plays, in milliseconds.
    pub millis: Option<u64>,
    /// Samples per second.
    pub rate: Option<u32>,
    /// Channels.
    pub channels: Option<u16>,
}

/// Of a film.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Film {
    /// `h264`, `h265`, `vp8`, `vp9`, `av1`, or the container's own four letters; empty where it is not known.
    pub codec: String,
    /// Pictures.
    pub frames: Option<u64>,
    /// All pictures last equally long.
    pub constant: Option<bool>,
    /// Pictures in a thousand seconds.
    pub per_kilosecond: Option<u64>,
    /// Pixels are as wide as they are high.
    pub square: Option<bool>,
    /// How long it plays, in milliseconds.
    pub millis: Option<u64>,
}

/// Of a point cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cloud {
    /// The format's version, as `0.7` or `1.4`; empty where it has none.
    pub version: String,
    /// How points are written: `ascii`, `binary`, `binary_compressed`, `binary_little_endian`, `binary_big_endian`, `laz`.
    pub data: String,
    /// Fields of a point: name, type and bytes, as `x F4`; cut after a few hundred characters.
    pub fields: String,
    /// x, y and z are floats of 4 bytes.
    pub float32: Option<bool>,
    /// Points.
    pub points: Option<u64>,
    /// The farthest coordinate from zero that was met, rounded up; of some points, or of the bounds that the header gives.
    pub reach: Option<u64>,
}

/// Of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// It is UTF-8, as far as it was read.
    pub utf8: bool,
    /// Characters; long texts are not counted.
    pub chars: Option<u64>,
}

/// Of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pages {
    /// Pages.
    pub pages: Option<u64>,
}

/// Of a medical picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Patient {
    /// It has a patient's name. The name itself is never kept.
    pub named: Option<bool>,
}
