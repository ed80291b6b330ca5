//! Tables of our own columns: neutral names, `metadata.NAME` for what is known about rows, `FORM:FIELD` for what one form
//! alone knows. Which columns there are is found out first, so that each row is written once.

use super::super::opening::Manifest;
use super::super::pieces::Piece;
use super::super::quoting::{push_text, stands_for_json};
use super::super::writing::RowWriter;
use gantry_model::Problem;
use gantry_model::json::Value;
use gantry_model::manifest::{Form, ManifestRow, Said, Subject};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The columns that there are in the order in which they were met.
#[derive(Debug, Default)]
pub(in crate::manifest) struct Columns {
    heads: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    /// Reads the manifest once.
    pub(in crate::manifest) fn of(manifest: &Manifest, stop: &AtomicBool) -> Result<Self, Problem> {
        let mut columns = Self::default();
        let mut reader = manifest.rows()?;
        while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
            let Piece::Row(row) = piece else { continue };
            let read = super::said(manifest, &row);
            cells(manifest, &read, &mut |head, _| columns.add(head));
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        if columns.heads.is_empty() {
            columns.add("url");
        }
        Ok(columns)
    }

    pub(in crate::manifest) fn add(&mut self, head: &str) {
        if !self.places.contains_key(head) {
            self.places.insert(head.to_owned(), self.heads.len());
            self.heads.push(head.to_owned());
        }
    }

    pub(in crate::manifest) fn heads(&self) -> impl Iterator<Item = &str> {
        self.heads.iter().map(String::as_str)
    }

    pub(in crate::manifest) fn write<W: Write>(
        &self,
        manifest: &Manifest,
        read: &ManifestRow<'_>,
        to: &mut RowWriter<'_, W>,
    ) -> io::Result<()> {
        let mut record = vec![String::new(); self.heads.len()];
        cells(manifest, read, &mut |head, cell| {
            if let Some(place) = self.places.get(head) {
                record[*place] = cell;
            }
        });
        to.record(record.iter().map(String::as_str))
    }
}

/// Heads and cells of one row.
fn cells(manifest: &Manifest, read: &ManifestRow<'_>, each: &mut dyn FnMut(&str, String)) {
    let form = manifest.form();
    match &read.subject {
        Subject::Address(said) => each("url", said.text.clone().into_owned()),
        Subject::Content(said) => each("content", said.text.clone().into_owned()),
        Subject::Many(all) => each("urls", list(all)),
        Subject::Shaped(value) | Subject::Wrong(value) => {
            each(&format!("{}:{}", form.word(), manifest.dialect.subject_field()), as_cell("x:x", *value));
        }
        Subject::Missing => {}
    }
    let texts = [("key", read.key.as_ref()), ("external_id", read.external_id.as_ref())];
    texts.into_iter().for_each(|(head, said)| said.iter().for_each(|said| each(head, said.text.clone().into_owned())));
    read.media_type.iter().for_each(|kind| each("media_type", kind.clone().into_owned()));
    read.width.iter().for_each(|value| each("width", as_cell("width", *value)));
    read.height.iter().for_each(|value| each("height", as_cell("height", *value)));
    if !read.attachments.is_empty() {
        each("attachments", attachments(read));
    }
    for meta in &read.metadata {
        let id = if meta.by_id { "schema_id=" } else { "" };
        each(&format!("metadata.{id}{}", meta.name), as_cell("metadata.x", meta.value));
    }
    for (name, value) in &read.extras {
        let head = if form == Form::Urls { name.to_string() } else { format!("{}:{name}", form.word()) };
        each(&head, as_cell("x:x", *value));
    }
}

/// A value as a cell that is read back as the same value.
fn as_cell(name: &str, value: Value<'_>) -> String {
    match value.text() {
        Some(text) if !text.is_empty() && !stands_for_json(name, &text) => text.into_owned(),
        _ => value.raw().to_owned(),
    }
}

fn list(all: &[Said<'_>]) -> String {
    let mut text = String::from("[");
    for (at, said) in all.iter().enumerate() {
        text.push_str(if at > 0 { ", " } else { "" });
        push_text(&mut text, &said.text);
    }
    text + "]"
}

fn attachments(read: &ManifestRow<'_>) -> String {
    let mut text = String::from("[");
    for (at, one) in read.attachments.iter().enumerate() {
        text.push_str(if at > 0 { ", {\"type\": " } else { "{\"type\": " });
        push_text(&mut text, &one.kind.text);
        text.push_str(", \"value\": ");
        push_text(&mut text, &one.value.text);
        if let Some(name) = &one.name {
            text.push_str(", \"name\": ");
            push_text(&mut text, name);
        }
        text.push('}');
    }
    text + "]"
}
