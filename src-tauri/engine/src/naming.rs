//! From a path to its key: a template, the prefix, NFC. Pure: the same path, upload and number give the same key, always.
//! A key never leaves its prefix, has no empty component, and no `.` or `..`.

mod template;
#[cfg(test)]
mod tests;

pub use template::Template;

use gantry_model::Key;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use template::{Piece, Place};
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

/// How the files of one upload are named.
#[derive(Clone, Debug)]
pub struct Naming {
    template: Template,
    prefix: String,
    upload: String,
}

impl Naming {
    /// Names below `prefix`, which is brought into the form of keys. `upload` is what `{uuid}` is made from.
    pub fn new(template: Template, prefix: &str, upload: &str) -> Self {
        Self { template, prefix: resolved(&clean(prefix.as_bytes())), upload: upload.to_owned() }
    }

    /// The prefix, without slashes around it. Every key is this, a slash, and more; or it is empty.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether keys need the SHA-256 of the content, which costs a read of its own.
    pub fn needs_sha256(&self) -> bool {
        self.template.needs_sha256()
    }

    /// What the keys of all files begin with, or less: those below one dropped folder, by its raw name, where there is one.
    pub fn all_below(&self, folder: Option<&[u8]>) -> String {
        let mut shared = self.prefix.clone();
        if self.template.is_plain()
            && let Some(folder) = folder
        {
            append(&mut shared, &clean(folder));
        }
        shared
    }

    /// The key of a file: `path` relative and raw as in an entry, `ord` its number in the upload.
    /// A `{sha256}` that is not known yet stands there as it is written in the template.
    pub fn key(&self, path: &[u8], ord: u64, sha256: Option<&[u8; 32]>) -> Key {
        let mut key = String::with_capacity(self.prefix.len() + 1 + path.len());
        key.push_str(&self.prefix);
        if self.template.is_plain() {
            // Nearly every upload: no pieces to put together.
            append(&mut key, &clean(path));
            return Key(key);
        }
        let path = resolved(&clean(path));
        let mut below = String::new();
        for (at, piece) in self.template.pieces().iter().enumerate() {
            match piece {
                Piece::Text(text) => below.push_str(text),
                Piece::Place(Place::Prefix) => {}
                Piece::Place(place) => self.fill(&mut below, *place, &path, ord, sha256),
            }
            // `{stem}.{ext}` of a name without an extension does not end in a dot.
            let ext_next = self.template.pieces().get(at + 1) == Some(&Piece::Place(Place::Ext));
            if ext_next && below.ends_with('.') && split_name(name_of(&path)).1.is_empty() {
                below.pop();
            }
        }
        append(&mut key, &clean(below.as_bytes()));
        Key(key)
    }

    fn fill(&self, below: &mut String, place: Place, path: &str, ord: u64, sha256: Option<&[u8; 32]>) {
        let name = name_of(path);
        match place {
            Place::Prefix => {}
            Place::RelativePath => below.push_str(path),
            Place::Folder => below.push_str(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            Place::Name => below.push_str(name),
            Place::Stem => below.push_str(split_name(name).0),
            Place::Ext => below.push_str(split_name(name).1),
            Place::Uuid => below.push_str(&uuid(&self.upload, ord)),
            Place::Sha256 => match sha256 {
                Some(sum) => sum.iter().for_each(|byte| push_hex(below, *byte)),
                None => below.push_str("{sha256}"),
            },
        }
    }
}

/// The id that a platform knows a file by unless a template says otherwise: its relative path as in the default key,
/// without any prefix. Never an absolute path.
pub fn external_id(path: &[u8]) -> String {
    resolved(&clean(path))
}

/// NFC, where the text is not NFC already; bytes that are not UTF-8 as `%XX`. No `/` is made or removed.
pub fn clean(raw: &[u8]) -> std::borrow::Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(raw) {
        return nfc(text);
    }
    let mut clean = String::with_capacity(raw.len() + 8);
    for chunk in raw.utf8_chunks() {
        clean.push_str(&nfc(chunk.valid()));
        for byte in chunk.invalid() {
            // Infallible for a String.
            let _ = write!(clean, "%{byte:02X}");
        }
    }
    clean.into()
}

fn nfc(text: &str) -> std::borrow::Cow<'_, str> {
    let plain = text.is_ascii() || is_nfc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes;
    if plain { text.into() } else { text.nfc().collect::<String>().into() }
}

/// Puts the components of `path` behind what is there, each after a slash. `..` takes back a component of this path only.
fn append(key: &mut String, path: &str) {
    let floor = key.len();
    for component in path.split('/') {
        match component {
            "" | "." => {}
            ".." => {
                let end = key[floor..].rfind('/').map_or(floor, |slash| floor + slash);
                key.truncate(end);
            }
            component => {
                if !key.is_empty() {
                    key.push('/');
                }
                key.push_str(component);
            }
        }
    }
}

fn resolved(path: &str) -> String {
    let mut resolved = String::with_capacity(path.len());
    append(&mut resolved, path);
    resolved
}

fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Stem and extension without the dot. A name that only begins with a dot has no extension.
fn split_name(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => (stem, ext),
        _ => (name, ""),
    }
}

/// A UUID of version 8 (RFC 9562, own content) made from upload and number: trying again gives the same name.
fn uuid(upload: &str, ord: u64) -> String {
    let mut sum = Sha256::new();
    sum.update(b"gantry item\0");
    sum.update(upload.as_bytes());
    sum.update(b"\0");
    sum.update(ord.to_be_bytes());
    let sum = sum.finalize();
    let mut text = String::with_capacity(36);
    for (at, byte) in sum.iter().take(16).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        push_hex(
            &mut text,
            match at {
                6 => byte & 0x0f | 0x80,
                8 => byte & 0x3f | 0x80,
                _ => *byte,
            },
        );
    }
    text
}

fn push_hex(text: &mut String, byte: u8) {
    // Infallible for a String.
    let _ = write!(text, "{byte:02x}");
}
