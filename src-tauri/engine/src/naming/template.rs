//! The template of keys: text with places in braces. What cannot make a key is refused when it is written.

use std::fmt;

/// The places, by the word in the braces.
const PLACES: [(&str, Place); 8] = [
    ("prefix", Place::Prefix),
    ("relative_path", Place::RelativePath),
    ("folder", Place::Folder),
    ("name", Place::Name),
    ("stem", Place::Stem),
    ("ext", Place::Ext),
    ("uuid", Place::Uuid),
    ("sha256", Place::Sha256),
];

/// What stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Prefix,
    RelativePath,
    Folder,
    Name,
    Stem,
    Ext,
    Uuid,
    Sha256,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Place(Place),
}

/// A key template, such as `{prefix}/{relative_path}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    written: String,
    pieces: Vec<Piece>,
}

impl Default for Template {
    fn default() -> Self {
        let pieces = vec![Piece::Place(Place::Prefix), Piece::Text("/".into()), Piece::Place(Place::RelativePath)];
        Self { written: "{prefix}/{relative_path}".into(), pieces }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Template {
    /// Reads a template; an empty one is the default. The prefix leads every key, whether it is written or not.
    ///
    /// # Errors
    /// In words: an unknown place, a brace too many, `{prefix}` anywhere but at the beginning, a `..`, or nothing that
    /// tells one file from another.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let pieces = pieces(text)?;
        let place = |piece: &Piece| if let Piece::Place(place) = piece { Some(*place) } else { None };
        let tells = |place: Place| matches!(place, Place::RelativePath | Place::Name | Place::Stem | Place::Uuid | Place::Sha256);
        if !pieces.iter().filter_map(place).any(tells) {
            return Err("the name needs {relative_path}, {name}, {stem}, {uuid} or {sha256} to tell files apart".into());
        }
        if pieces.iter().skip(1).filter_map(place).any(|place| place == Place::Prefix) {
            return Err("{prefix} can only stand at the beginning".into());
        }
        if pieces.first().and_then(place) == Some(Place::Prefix) {
            match pieces.get(1) {
                Some(Piece::Text(text)) if text.starts_with('/') => {}
                _ => return Err("{prefix} is followed by a slash".into()),
            }
        }
        let texts = pieces.iter().filter_map(|piece| if let Piece::Text(text) = piece { Some(text) } else { None });
        if texts.flat_map(|text| text.split('/')).any(|component| component == "..") {
            return Err("a name cannot lead upwards with ..".into());
        }
        Ok(Self { written: text.to_owned(), pieces })
    }

    /// Whether keys need the SHA-256 of the content, which costs a read of its own.
    pub fn needs_sha256(&self) -> bool {
        self.pieces.contains(&Piece::Place(Place::Sha256))
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Prefix and relative path, and nothing else.
    pub(super) fn is_plain(&self) -> bool {
        match self.pieces.as_slice() {
            [Piece::Place(Place::RelativePath)] => true,
            [Piece::Place(Place::Prefix), Piece::Text(slash), Piece::Place(Place::RelativePath)] => slash == "/",
            _ => false,
        }
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['{', '}']).unwrap_or(rest.len());
        if end > 0 {
            pieces.push(Piece::Text(rest[..end].to_owned()));
        }
        rest = &rest[end..];
        if rest.starts_with('}') {
            return Err("a } has no { before it".into());
        }
        if let Some(inside) = rest.strip_prefix('{') {
            let (word, after) = inside.split_once('}').ok_or("a { has no } after it")?;
            let known = PLACES.iter().find(|(name, _)| *name == word);
            pieces.push(Piece::Place(known.ok_or_else(|| unknown(word))?.1));
            rest = after;
        }
    }
    Ok(pieces)
}

fn unknown(word: &str) -> String {
    let known: Vec<String> = PLACES.iter().map(|(name, _)| format!("{{{name}}}")).collect();
    format!("{{{}}} is not known; there are {}", gantry_model::show::text(word), known.join(", "))
}
