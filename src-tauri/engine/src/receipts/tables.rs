//! The receipt for programs (JSON) and for spreadsheets (CSV). Row by row: a million files need no more memory than one.

use super::line::{Head, Line, Summary};
use super::telling::Telling;
use super::unwritten;
use crate::journal::{Look, StoredUpload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::{Code, Problem, show};
use serde_json::{Value, json};
use std::io::Write;

const COLUMNS: [&str; 19] = [
    "n",
    "path",
    "path_bytes",
    "key",
    "url",
    "external_id",
    "size",
    "checksum",
    "algorithm",
    "proof",
    "version",
    "state",
    "copy",
    "original",
    "code",
    "reason",
    "detail",
    "time",
    "app",
];

/// One cell of CSV (RFC 4180). What a spreadsheet would take for a formula gets a `'` before it.
pub fn csv_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 2);
    push_cell(&mut cell, text);
    cell
}

fn push_cell(row: &mut String, text: &str) {
    let quote = if text.contains([',', '"', '\r', '\n']) { "\"" } else { "" };
    row.push_str(quote);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) {
        row.push('\'');
    }
    if quote.is_empty() {
        row.push_str(text)
    } else {
        row.push_str(&text.replace('"', "\"\""))
    }
    row.push_str(quote);
}

fn csv_row(line: &Line) -> String {
    let cells: [&str; 19] = [
        &line.n.to_string(),
        &line.path,
        line.path_bytes.as_deref().unwrap_or_default(),
        &line.key,
        &line.url,
        &show::text(&line.external_id),
        &line.size.map(|size| size.to_string()).unwrap_or_default(),
        &line.checksum,
        line.algorithm,
        line.proof,
        &line.version,
        line.state.word(),
        &line.copy,
        &line.original,
        line.code,
        &line.reason,
        &line.detail,
        &line.time,
        line.app,
    ];
    let mut row = String::with_capacity(512);
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            row.push(',');
        }
        push_cell(&mut row, cell);
    }
    row.push_str("\r\n");
    row
}

pub(super) fn csv(look: &Look<'_>, told: &Telling<'_>, out: &mut dyn Write) -> Result<(), Problem> {
    csv_head(out)?;
    look.each(&[], u64::MAX, &mut |item| put(out, &csv_row(&Line::of(item, told))))
}

fn csv_head(out: &mut dyn Write) -> Result<(), Problem> {
    put(out, &format!("{}\r\n", COLUMNS.join(",")))
}

/// Both forms from one walk through the journal.
pub(super) fn both(look: &Look<'_>, of: Of<'_>, csv: &mut dyn Write, json: &mut dyn Write) -> Result<(), Problem> {
    csv_head(csv)?;
    json_and(look, of, json, &mut |line| put(csv, &csv_row(line)))
}

/// One object: the head, the account, then the files and what was left aside, one to a line.
pub(super) fn json(look: &Look<'_>, of: Of<'_>, out: &mut dyn Write) -> Result<(), Problem> {
    json_and(look, of, out, &mut |_| Ok(()))
}

/// An upload, and how it is told of.
pub(super) type Of<'a> = (&'a StoredUpload, &'a Telling<'a>);

type Beside<'a> = &'a mut dyn FnMut(&Line) -> Result<(), Problem>;

fn json_and(look: &Look<'_>, (upload, told): Of<'_>, out: &mut dyn Write, beside: Beside<'_>) -> Result<(), Problem> {
    let summary = text(&Summary { head: Head::of(upload), account: told.account(upload) })?;
    put(out, summary.strip_suffix('}').unwrap_or(&summary))?;
    put(out, ",\n\"files\":[")?;
    let mut between = "\n";
    look.each(&[], u64::MAX, &mut |item| {
        let line = Line::of(item, told);
        put(out, between)?;
        between = ",\n";
        put(out, &text(&line)?)?;
        beside(&line)
    })?;
    put(out, "\n],\n\"aside\":[")?;
    between = "\n";
    look.each_aside(&mut |aside| {
        let path = show::path(&aside.path);
        let mut value = json!({ "kind": aside.kind, "path": path, "rule": aside.rule });
        if path.as_bytes() != aside.path {
            value["path_bytes"] = Value::String(STANDARD.encode(&aside.path));
        }
        put(out, between)?;
        between = ",\n";
        put(out, &text(&value)?)
    })?;
    put(out, "\n]}\n")
}

pub(super) fn text(value: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| Problem::new(Code::Bug, "receipt").with("said", error.to_string()))
}

fn put(out: &mut dyn Write, text: &str) -> Result<(), Problem> {
    out.write_all(text.as_bytes()).map_err(|error| unwritten(&error))
}
