//! Measured facts as a person reads them: a word of the table, and a value.

use super::{Cloud, Film, Measured, Sound};
use crate::media::{Format, Media};
use crate::{show, words};

impl Media {
    /// What was measured, line by line: the word under which the table has the fact's name, and its value.
    pub fn told(&self) -> Vec<(String, String)> {
        let mut lines = Lines(Vec::new());
        match self.measured.as_deref() {
            Some(Measured::Picture(picture)) => lines.answer("gps", Some(picture.gps)),
            Some(Measured::Sound(sound)) => lines.sound(sound),
            Some(Measured::Film(film)) => lines.film(film),
            Some(Measured::Cloud(cloud)) => lines.cloud(cloud),
            Some(Measured::Words(text)) => {
                lines.answer("utf8", Some(text.utf8));
                lines.count("chars", text.chars);
            }
            Some(Measured::Pages(document)) => lines.count("pages", document.pages),
            Some(Measured::Patient(patient)) => lines.answer("patient", patient.named),
            None if self.looked && self.format.has_exif() => lines.answer("gps", Some(false)),
            None => {}
        }
        lines.0
    }
}

impl Media {
    /// Format, pixels and bytes in one line, as `WebP, 4000 × 3000, 2.10 MB`.
    pub fn in_short(&self, size: u64) -> String {
        let pixels = if self.width > 0 { format!(", {} × {}", self.width, self.height) } else { String::new() };
        format!("{}{pixels}, {}", self.format.name(), show::bytes(size))
    }
}

impl Format {
    /// Photos of this format may say where they were taken.
    pub fn has_exif(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Tiff | Self::Heic | Self::Avif)
    }
}

/// A time in minutes and seconds, as `3:05.2` or `1:02:03.0`.
pub fn duration(millis: u64) -> String {
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, tenths) = (millis / 1000 % 60, millis / 100 % 10);
    match hours {
        0 => format!("{minutes}:{seconds:02}.{tenths}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{tenths}"),
    }
}

impl Sound {
    /// Lowest and highest bit rate, as `128–320 kbit/s`; empty where none is known.
    pub fn bit_rates(&self) -> String {
        match self.kbits {
            Some((low, high)) if low == high => format!("{}\u{a0}kbit/s", show::count(low.into())),
            Some((low, high)) => format!("{}–{}\u{a0}kbit/s", show::count(low.into()), show::count(high.into())),
            None => String::new(),
        }
    }
}

impl Film {
    /// Pictures in a second, as `29.97`; empty where it is not known.
    pub fn pace(&self) -> String {
        let Some(pace) = self.per_kilosecond else { return String::new() };
        let text = format!("{}.{:03}", pace / 1000, pace % 1000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// Lines under way.
struct Lines(Vec<(String, String)>);

impl Lines {
    fn add(&mut self, name: &str, value: String) {
        if !value.is_empty() {
            self.0.push((format!("measured-{name}"), value));
        }
    }

    fn answer(&mut self, name: &str, said: Option<bool>) {
        if let Some(said) = said {
            self.add(name, words::say(if said { "measured-yes" } else { "measured-no" }, &[]));
        }
    }

    fn steady(&mut self, name: &str, said: Option<bool>) {
        if let Some(said) = said {
            self.add(name, words::say(if said { "measured-constant" } else { "measured-variable" }, &[]));
        }
    }

    fn count(&mut self, name: &str, said: Option<u64>) {
        self.add(name, said.map(show::count).unwrap_or_default());
    }

    fn sound(&mut self, sound: &Sound) {
        self.add("duration", sound.millis.map(duration).unwrap_or_default());
        self.steady("bit-rate", sound.constant);
        self.add("bits", sound.bit_rates());
        self.add("sample-rate", sound.rate.map(|rate| format!("{}\u{a0}Hz", show::count(rate.into()))).unwrap_or_default());
        self.count("channels", sound.channels.map(u64::from));
    }

    fn film(&mut self, film: &Film) {
        self.add("duration", film.millis.map(duration).unwrap_or_default());
        self.add("codec", show::text(&film.codec));
        self.count("frames", film.frames);
        self.add("pace", film.pace());
        self.steady("frame-rate", film.constant);
        self.answer("square", film.square);
    }

    fn cloud(&mut self, cloud: &Cloud) {
        self.count("points", cloud.points);
        self.add("version", show::text(&cloud.version));
        self.add("written", show::text(&cloud.data));
        self.add("fields", show::text(&cloud.fields));
        self.count("reach", cloud.reach);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measured::{Picture, Words};

    fn told(format: Format, measured: Option<Measured>) -> Vec<(String, String)> {
        Media { format, looked: true, measured: measured.map(Box::new), ..Media::default() }.told()
    }

    #[test]
    fn facts_read_well_and_have_names() {
        let film = Film {
            codec: "h264".into(),
            frames: Some(1234),
            constant: Some(false),
            per_kilosecond: Some(29_970),
            square: Some(true),
            millis: Some(3_723_450),
        };
        let sound =
            Sound { constant: Some(true), kbits: Some((128, 320)), millis: Some(65_000), rate: Some(44_100), channels: Some(2) };
        let cloud = Cloud { version: "0.7".into(), fields: "x F4, y F4".into(), points: Some(9), ..Cloud::default() };
        let all = [
            told(Format::Mp4, Some(Measured::Film(film))),
            told(Format::Mp3, Some(Measured::Sound(sound))),
            told(Format::Pcd, Some(Measured::Cloud(cloud))),
            told(Format::Jpeg, Some(Measured::Picture(Picture { gps: true, first_of_many: false }))),
            told(Format::Text, Some(Measured::Words(Words { utf8: true, chars: Some(4) }))),
        ]
        .concat();
        for (word, value) in &all {
            assert!(words::try_say(word, &[]).is_some(), "{word}");
            assert!(!value.is_empty(), "{word}");
        }
        let values: Vec<&str> = all.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values[..6], ["1:02:03.4", "h264", "1\u{202f}234", "29.97", "variable", "yes"]);
        assert_eq!(values[6..9], ["1:05.0", "constant", "128–320\u{a0}kbit/s"]);
    }

    #[test]
    fn a_photo_without_a_position_says_so_and_a_drawing_says_nothing() {
        assert_eq!(told(Format::Jpeg, None), [("measured-gps".to_owned(), "no".to_owned())]);
        assert_eq!(told(Format::Gif, None), []);
    }

    #[test]
    fn facts_come_back_from_their_text() {
        let words = Measured::Words(Words { utf8: false, chars: None });
        assert_eq!(Measured::from_json(&words.to_json()), Some(words));
        assert_eq!(Measured::from_json("{\"unheard\":{}}"), None);
    }
}
