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
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

pub(super) fn csv(look: &Look<'_>, told: &Telling<'_>, out: &mut dyn Write) -> Result<(), Problem> {
    write!(out, "{}\r\n", COLUMNS.join(",")).map_err(|error| unwritten(&error))?;
    look.each(&[], u64::MAX, &mut |item| {
        let line = Line::of(item, told);
        let cells: [&str; 19] = [
            &line.n.to_string(),
            &line.path,
            line.path_bytes.as_deref().unwrap_or_default(),
            &line.key,
            &line.url,
            &line.external_id,
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
        write!(out, "{}\r\n", cells.map(csv_cell).join(",")).map_err(|error| unwritten(&error))
    })
}

/// One object: the head, the account, then the files and what was left aside, one to a line.
pub(super) fn json(look: &Look<'_>, upload: &StoredUpload, told: &Telling<'_>, out: &mut dyn Write) -> Result<(), Problem> {
    let summary = text(&Summary { head: Head::of(upload), account: told.account(upload) })?;
    put(out, summary.strip_suffix('}').unwrap_or(&summary))?;
    put(out, ",\n\"files\":[")?;
    let mut between = "\n";
    look.each(&[], u64::MAX, &mut |item| {
        put(out, between)?;
        between = ",\n";
        put(out, &text(&Line::of(item, told))?)
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
