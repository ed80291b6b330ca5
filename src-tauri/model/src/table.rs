//! Tables about the files of an upload: where the values of a column go, and what a platform can carry of them.
//! Values stay text, as they were written, until a platform says what it takes.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Where the values of a column go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Goes {
    /// It names the files.
    Name,
    /// Metadata under this name.
    Metadata(String),
    /// The split: train, valid, test.
    Split,
    /// Tags; several in one cell stand apart by `;` or `,`.
    Tags,
    /// Shown beside the file: an address or a text. The type as platforms write it; empty finds it by the value.
    Attachment(String),
    /// Nowhere.
    Ignore,
}

impl Goes {
    /// The word of plans and of the console: `name`, `metadata:NAME`, `split`, `tags`, `attachment:TYPE`, `ignore`.
    pub fn word(&self) -> String {
        match self {
            Self::Name => "name".into(),
            Self::Metadata(name) => format!("metadata:{name}"),
            Self::Split => "split".into(),
            Self::Tags => "tags".into(),
            Self::Attachment(kind) if kind.is_empty() => "attachment".into(),
            Self::Attachment(kind) => format!("attachment:{kind}"),
            Self::Ignore => "ignore".into(),
        }
    }

    /// Reads a word back; `metadata` alone takes the column's own header for its name.
    pub fn from_word(word: &str, header: &str) -> Option<Self> {
        let (first, rest) = word.split_once(':').unwrap_or((word, ""));
        Some(match (first.trim(), rest.trim()) {
            ("name", "") => Self::Name,
            ("metadata", "") => Self::Metadata(header.to_owned()),
            ("metadata", name) => Self::Metadata(name.to_owned()),
            ("split", "") => Self::Split,
            ("tags", "") => Self::Tags,
            ("attachment", kind) => Self::Attachment(kind.to_uppercase()),
            ("ignore", "") => Self::Ignore,
            _ => return None,
        })
    }
}

/// One value of one file, as the journal has it: the table's number, the column's, the text.
pub type Cell = (u32, u32, String);

/// What a platform carries beside metadata. Splits and tags are metadata at every platform that there is; where it has a
/// field of its own for them, its name is said here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carries {
    /// The name that a split gets among the metadata.
    pub split: &'static str,
    /// The name that tags get among the metadata.
    pub tags: &'static str,
    /// The platform has these two fields of its own; elsewhere they are plain metadata.
    pub own_fields: bool,
    /// Types of attachments that it takes, in its own words; none where it takes no attachments.
    pub attachments: &'static [&'static str],
    /// The least and the greatest priority; `None` where it knows no priorities.
    pub priority: Option<(i32, i32)>,
}

/// What is known about one row, in the order in which it was first said. Later words about the same name win.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    metadata: Vec<(String, String)>,
    at: HashMap<String, usize>,
    /// Attachments: type (empty: by the value), address or text, a name.
    pub attachments: Vec<(String, String, String)>,
}

impl Known {
    /// Metadata under a name. An empty value says nothing.
    pub fn say(&mut self, name: &str, value: &str) {
        if name.is_empty() || value.is_empty() {
            return;
        }
        match self.at.get(name) {
            Some(at) => value.clone_into(&mut self.metadata[*at].1),
            None => {
                self.at.insert(name.to_owned(), self.metadata.len());
                self.metadata.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// A cell of a column that goes there; `header` names attachments.
    pub fn tell(&mut self, goes: &Goes, header: &str, value: &str, carries: &Carries) {
        let value = value.trim();
        match goes {
            Goes::Metadata(name) => self.say(name, value),
            Goes::Split => self.say(carries.split, value),
            Goes::Tags => self.say(carries.tags, &tags(value)),
            Goes::Attachment(kind) if !value.is_empty() && !carries.attachments.is_empty() => {
                let kind = if kind.is_empty() { attachment_type(value, carries.attachments).to_owned() } else { kind.clone() };
                self.attachments.push((kind, value.to_owned(), header.to_owned()));
            }
            Goes::Attachment(_) | Goes::Name | Goes::Ignore => {}
        }
    }

    /// Names and values.
    pub fn into_metadata(self) -> Vec<(String, String)> {
        self.metadata
    }

    /// Both say the same, in whatever order.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let sorted = |known: &Self| {
            let (mut metadata, mut attachments) = (known.metadata.clone(), known.attachments.clone());
            metadata.sort();
            attachments.sort();
            (metadata, attachments)
        };
        sorted(self) == sorted(other)
    }

    /// Names and values, for reading.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }
}

/// Tags of one cell, each once, in one text.
fn tags(value: &str) -> String {
    let apart = if value.contains(';') { ';' } else { ',' };
    let mut seen: Vec<&str> = Vec::new();
    for tag in value.split(apart).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !seen.contains(&tag) {
            seen.push(tag);
        }
    }
    seen.join(", ")
}

/// The type of an attachment by its value: the end of its address; what is no address is text. An address that does not
/// tell is taken for a picture.
pub fn attachment_type(value: &str, takes: &'static [&'static str]) -> &'static str {
    let web =
        ["https://", "http://"].iter().any(|start| value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
    let path = value.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    let wanted: &[&'static str] = match end.as_str() {
        _ if !web => &["RAW_TEXT", "TEXT"],
        "mp4" | "mov" | "webm" | "mkv" | "avi" => &["VIDEO"],
        "mp3" | "wav" | "m4a" | "ogg" | "flac" => &["AUDIO"],
        "html" | "htm" => &["HTML"],
        "pdf" => &["PDF_URL"],
        "txt" | "md" | "csv" | "json" | "log" => &["TEXT_URL"],
        _ => &["IMAGE"],
    };
    wanted.iter().find(|kind| takes.contains(kind)).copied().unwrap_or(wanted[0])
}

/// What a person wants of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TableUse {
    /// Whatever its content says.
    #[default]
    Found,
    /// It tells something about the files.
    About,
    /// It is a file like the others, and is sent.
    File,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Carries = Carries {
        split: "split",
        tags: "tag",
        own_fields: true,
        attachments: &["IMAGE", "VIDEO", "HTML", "RAW_TEXT", "TEXT_URL"],
        priority: None,
    };

    #[test]
    fn where_a_column_goes_reads_back_as_it_was_written() {
        for goes in [
            Goes::Name,
            Goes::Metadata("city: of birth".into()),
            Goes::Split,
            Goes::Tags,
            Goes::Attachment(String::new()),
            Goes::Attachment("IMAGE_OVERLAY".into()),
            Goes::Ignore,
        ] {
            assert_eq!(Goes::from_word(&goes.word(), "other"), Some(goes));
        }
        assert_eq!(Goes::from_word("metadata", "city"), Some(Goes::Metadata("city".into())));
        assert_eq!(Goes::from_word("attachment:image", ""), Some(Goes::Attachment("IMAGE".into())));
        for word in ["", "names", "split:train", "tags:x", "ignore:this", "name:x"] {
            assert_eq!(Goes::from_word(word, "h"), None, "{word}");
        }
    }

    #[test]
    fn what_is_said_of_one_file_wins_over_what_is_said_of_all() {
        let mut known = Known::default();
        known.say("city", "Zürich");
        known.say("camera", "front");
        known.tell(&Goes::Metadata("city".into()), "c", " Bern ", &ALL);
        known.tell(&Goes::Metadata("camera".into()), "c", "  ", &ALL);
        known.tell(&Goes::Split, "s", "train", &ALL);
        known.tell(&Goes::Tags, "t", "night; rain;night;", &ALL);
        known.tell(&Goes::Ignore, "i", "x", &ALL);
        let said: Vec<_> = known.metadata().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(said, [("city", "Bern"), ("camera", "front"), ("split", "train"), ("tag", "night, rain")]);
    }

    #[test]
    fn an_attachment_is_of_the_type_that_its_value_shows() {
        for (value, kind) in [
            ("https://x.test/a.MP4?sig=a.png", "VIDEO"),
            ("HTTPS://x.test/a.html#top", "HTML"),
            ("http://x.test/a", "IMAGE"),
            ("https://x.test/notes.txt", "TEXT_URL"),
            ("taken at night, see a.mp4", "RAW_TEXT"),
        ] {
            assert_eq!(attachment_type(value, ALL.attachments), kind, "{value}");
        }
        assert_eq!(attachment_type("a note", &["IMAGE", "TEXT"]), "TEXT");
        assert_eq!(attachment_type("https://x.test/a.pdf", &["IMAGE", "TEXT"]), "PDF_URL", "nothing is bent to fit");
    }
}
