//! The files of the golden folders, each with the rules that speak of it.

use gantry_model::measured::{Cloud, Film, Measured, Pages, Picture, Sound, Words};
use gantry_model::{Entry, EntryKind, Fingerprint, Format, Media};

pub mod ango;
pub mod labelbox;
pub mod segments;

/// One file, and what is found about it. Where there are two entries, the second is judged beside the first.
#[derive(Clone)]
pub struct Golden {
    pub entries: Vec<Entry>,
    pub rules: Vec<&'static str>,
}

impl Golden {
    /// The name of the file that is judged.
    pub fn name(&self) -> String {
        let last = self.entries.last().expect("a file");
        String::from_utf8_lossy(&last.path).into_owned()
    }

    /// It has so many bytes.
    fn bytes(mut self, size: u64) -> Self {
        self.entries[0].fingerprint.size = size;
        self
    }

    /// It is so many pixels wide and high.
    fn pixels(mut self, width: u32, height: u32) -> Self {
        (self.entries[0].media.width, self.entries[0].media.height) = (width, height);
        self
    }

    /// This was measured of it.
    fn with(mut self, measured: Measured) -> Self {
        self.entries[0].media.measured = Some(Box::new(measured));
        self
    }

    /// It lies beside another one.
    fn beside(mut self, other: &Self) -> Self {
        self.entries.insert(0, other.entries[0].clone());
        self
    }
}

/// A file of 1,000 bytes.
fn file(name: &str, format: Format, rules: &[&'static str]) -> Golden {
    let media = Media { format, looked: true, ..Media::default() };
    let fingerprint = Fingerprint { size: 1000, ..Fingerprint::default() };
    let path = name.as_bytes().to_vec();
    Golden {
        entries: vec![Entry { root: 0, path, kind: EntryKind::File, fingerprint, media, trouble: None }],
        rules: rules.to_vec(),
    }
}

fn cloud(version: &str, data: &str) -> Cloud {
    Cloud {
        version: version.into(),
        data: data.into(),
        float32: Some(true),
        points: Some(1000),
        reach: Some(120),
        ..Cloud::default()
    }
}

/// A film in which nothing is odd.
fn film() -> Film {
    Film {
        codec: "h264".into(),
        frames: Some(20_000),
        constant: Some(true),
        per_kilosecond: Some(25_000),
        square: Some(true),
        millis: Some(800_000),
    }
}

fn sound(constant: bool) -> Measured {
    Measured::Sound(Sound { constant: Some(constant), kbits: Some((96, 192)), ..Sound::default() })
}

fn pages(pages: u64) -> Measured {
    Measured::Pages(Pages { pages: Some(pages) })
}

fn words(utf8: bool) -> Measured {
    Measured::Words(Words { utf8, chars: Some(900) })
}

fn taken_somewhere() -> Measured {
    Measured::Picture(Picture { gps: true, first_of_many: false })
}
