//! Rows of a manifest in the words of the platform that they are registered at. The manifest is read where it lies, again
//! for each call: signed addresses in it are secrets, and none of them is ever written down here.

use super::House;
use crate::journal::{RowItem, StoredRow, StoredUpload};
use crate::manifest::{Broken, Manifest, Piece, Reader, Row as Read, Wish, broken_sentence, rule_sentence, severity};
use gantry_model::json::scan;
use gantry_model::manifest::{Dialect, Form, Found, Known, ManifestRow, RowText};
use gantry_model::platform::{OwnForm, bare};
use gantry_model::view::Register;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Format, Problem, Role, Row, RowObject, Severity, show};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::sync::{Mutex, PoisonError};

/// Bytes of rows that are remembered, since a call that was refused is made again with half of them.
const REMEMBERED: usize = 32 << 20;

/// A row as the platform takes it.
#[derive(Clone)]
pub(super) struct Translated {
    /// The name that it is found again by.
    pub key: String,
    /// The addresses of what is labelled, signatures included.
    pub addresses: Vec<String>,
    /// The JSON of the row.
    pub text: String,
    /// What tells this row from a changed one.
    pub mark: u64,
}

impl Translated {
    /// What the journal knows its object by: the address without anything secret, or the row's name where it has none.
    pub fn place(&self) -> String {
        self.addresses.first().map_or_else(|| self.key.clone(), |url| bare(url).to_owned())
    }
}

/// Turns rows of one manifest into rows of one platform.
#[derive(Debug)]
pub(super) struct Translating {
    pub manifest: Manifest,
    target: &'static dyn Dialect,
    kind: String,
    container: String,
    row_key: fn(&str, &str, &str, &str) -> String,
}

impl Translating {
    /// Opens the manifest of an upload.
    pub fn open(house: &House, stored: &StoredUpload) -> Result<Self, Problem> {
        let plan = &stored.begun.plan;
        let (Some(wish), Some(register)) = (&plan.manifest, &plan.register) else {
            return Err(Problem::new(Code::Bug, "manifest"));
        };
        let roots = house.journal.roots(&stored.id)?;
        let path = roots.first().ok_or_else(|| Problem::new(Code::Bug, "manifest"))?;
        let dialects = (house.joint.dialects)();
        let form = Form::from_word(&register.kind);
        let target = dialects.into_iter().find(|one| Some(one.form()) == form);
        let target = target.ok_or_else(|| {
            Problem::new(Code::NoSuchContainer, "manifest").with("container", register.target.container.clone())
        })?;
        let opening = Wish { form: Form::from_word(&wish.form), map: &wish.map, remembered: None };
        let manifest = Manifest::open(path, &opening, &dialects)?;
        let (kind, container) = (register.kind.clone(), register.target.container.clone());
        Ok(Self { manifest, target, kind, container, row_key: house.joint.row_key })
    }

    /// The row as the platform takes it, or why it cannot be used.
    pub fn translate(&self, row: &Read<'_>) -> Result<Translated, String> {
        let read = self.manifest.dialect.read(&row.text);
        let carried = self.target.write(&read, self.manifest.form());
        if carried.text.is_empty() {
            let (platform, left) = (self.target.form().title(), carried.left.join(", "));
            return Err(say("manifest-row-no-place", &[("platform", Value::Text(&platform)), ("fields", Value::Text(&left))]));
        }
        let mut translated =
            self.parsed(carried.text, |read| self.named(read)).ok_or_else(|| say("manifest-row-no-name", &[]))?;
        translated.mark = mark(row.source);
        Ok(translated)
    }

    /// As [`Self::translate`], with the rules of both forms. The first thing that blocks the row is why.
    pub fn judge(&self, row: &Read<'_>, known: Known) -> Result<Translated, String> {
        let read = self.manifest.dialect.read(&row.text);
        blocked(self.manifest.dialect, &row.text, &read, known)?;
        let translated = self.translate(row)?;
        if self.target.form() != self.manifest.form() {
            let mut fields = Vec::new();
            if let Ok(scanned) = scan(translated.text.as_bytes(), 0, &mut fields) {
                let text = RowText { text: &translated.text, value: scanned.span, fields: &fields, table: false };
                blocked(self.target, &text, &self.target.read(&text), known)?;
            }
        }
        Ok(translated)
    }

    /// Where a row stands and what is wrong with it.
    pub fn at(&self, row: &Read<'_>, said: &str) -> String {
        let place = row.place(row.text.value.at);
        let [number, line] = [place.row, place.line].map(show::count);
        let values = [("row", Value::Text(&number)), ("line", Value::Text(&line)), ("said", Value::Text(said))];
        say("manifest-row-at", &values)
    }

    /// What is wrong where a row should be.
    pub fn broken(&self, broken: &Broken) -> String {
        broken_sentence(self.manifest.dialect, broken)
    }

    /// Reads a row of the platform's own form; one without a name gets one.
    fn parsed(&self, text: String, name: impl Fn(&ManifestRow<'_>) -> Option<String>) -> Option<Translated> {
        let mut fields = Vec::new();
        let scanned = scan(text.as_bytes(), 0, &mut fields).ok()?;
        let row = RowText { text: &text, value: scanned.span, fields: &fields, table: false };
        let read = self.target.read(&row);
        let addresses: Vec<String> = read.addresses().iter().map(|said| said.text.clone().into_owned()).collect();
        let known = read.name();
        if let Some(key) = known {
            let key = key.text.clone().into_owned();
            return Some(Translated { key, addresses, text, mark: 0 });
        }
        let key = name(&read)?;
        let quoted = serde_json::Value::from(key.as_str()).to_string();
        let empty = read.key.as_ref().map(|said| said.span);
        let mut named = text.clone();
        match empty.or_else(|| row.get(self.target.key_field()).map(|value| value.span())) {
            Some(span) => named.replace_range(span.at..span.end, &quoted),
            None => named.insert_str(scanned.span.at + 1, &format!("\"{}\": {quoted}, ", self.target.key_field())),
        }
        Some(Translated { key, addresses, text: named, mark: 0 })
    }

    /// A name from the address: the same one each time, and another one for every other address.
    fn named(&self, read: &ManifestRow<'_>) -> Option<String> {
        let url = bare(&read.addresses().first()?.text).to_owned();
        let (_, path) = url.split_once("://")?;
        Some((self.row_key)(&self.kind, &self.container, path, path))
    }
}

/// The first rule that blocks this row.
fn blocked(dialect: &'static dyn Dialect, text: &RowText<'_>, read: &ManifestRow<'_>, known: Known) -> Result<(), String> {
    let mut found: Vec<Found> = Vec::new();
    dialect.check(text, read, known, &mut found);
    let bad = found.into_iter().find(|one| severity(dialect, one.about) == Some(Severity::Blocked));
    bad.map_or(Ok(()), |one| Err(rule_sentence(one.about, dialect.form(), &one.field, &one.value)))
}

/// Eight bytes of a digest of the row as it stands in its file.
fn mark(source: &str) -> u64 {
    let digest = Sha256::digest(source.as_bytes());
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The rows of a manifest for the calls to the platform: read forward, the last ones remembered.
#[derive(Debug)]
pub(super) struct RowSource {
    translating: Translating,
    cursor: Mutex<Cursor>,
}

#[derive(Default)]
struct Cursor {
    reader: Option<Reader<File>>,
    /// The row that was read last.
    at: u64,
    made: HashMap<u64, Result<Translated, String>>,
    bytes: usize,
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("at", &self.at).finish_non_exhaustive()
    }
}

impl RowSource {
    pub fn new(translating: Translating) -> Self {
        Self { translating, cursor: Mutex::default() }
    }

    /// The row as the platform gets it.
    ///
    /// # Errors
    /// `row_broken` when it is not the row any more that was approved; what the disk says.
    pub fn row(&self, stored: &StoredRow, register: &Register) -> Result<Row, Problem> {
        let changed = || Problem::new(Code::RowBroken, "register").with("said", say("manifest-row-changed", &[]));
        let translated = self.translated(stored.n + 1)?.ok_or_else(changed)?.map_err(|_| changed())?;
        let same = |item: &RowItem| item.item.entry.fingerprint.ino == translated.mark;
        if !stored.items.first().is_some_and(same) || translated.key != stored.key {
            return Err(changed());
        }
        let object = |url: &String| RowObject {
            url: url.clone(),
            role: Role::Subject,
            name: String::new(),
            sensor: String::new(),
            format: format_at(url),
            width: 0,
            height: 0,
        };
        Ok(Row {
            key: translated.key,
            external_id: stored.key.clone(),
            shape: register.shape,
            objects: translated.addresses.iter().map(object).collect(),
            attachments: Vec::new(),
            metadata: Vec::new(),
            priority: register.priority,
            own: Some(OwnForm(translated.text)),
        })
    }

    fn translated(&self, number: u64) -> Result<Option<Result<Translated, String>>, Problem> {
        let mut cursor = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = cursor.made.get(&number) {
            return Ok(Some(made.clone()));
        }
        if number <= cursor.at || cursor.reader.is_none() {
            *cursor = Cursor { reader: Some(self.translating.manifest.rows()?), ..Cursor::default() };
        }
        cursor.read_to(number, &self.translating)
    }
}

impl Cursor {
    fn read_to(&mut self, number: u64, translating: &Translating) -> Result<Option<Result<Translated, String>>, Problem> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        while let Some(piece) = reader.piece().map_err(|error| translating.manifest.trouble(&error))? {
            let Piece::Row(row) = piece else { continue };
            self.at = row.number;
            if row.number < number {
                continue;
            }
            let translated = translating.translate(&row);
            if self.bytes > REMEMBERED {
                self.made.clear();
                self.bytes = 0;
            }
            self.bytes += translated.as_ref().map_or(0, |one| one.text.len());
            self.made.insert(row.number, translated.clone());
            return Ok((row.number == number).then_some(translated));
        }
        Ok(None)
    }
}

/// What the end of an address promises.
pub(super) fn format_at(url: &str) -> Format {
    let name = bare(url).rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.and_then(|extension| Format::from_extension(&extension)).unwrap_or_default()
}

/// This value is no object of a row: a name, or text.
pub(super) fn is_address(place: &str) -> bool {
    place.split_once("://").is_some_and(|(scheme, _)| matches!(scheme, "http" | "https" | "s3" | "gs"))
}
