//! Tables about the files in the console: what is wished of them, and what was made of them, before and after sending.

use crate::args::Telling;
use crate::failure::Failure;
use crate::out::Out;
use gantry_model::table::TableUse;
use gantry_model::view::{Column, Review, Table, TableWish};
use gantry_model::words::{Value, say};
use gantry_model::{Goes, show};
use serde::Serialize;

#[derive(Serialize)]
struct TableEvent<'a> {
    event: &'static str,
    path: &'a str,
    used: bool,
    why: &'a str,
    columns: Vec<ColumnEvent<'a>>,
    lines: u64,
    matched: u64,
    no_file: u64,
    ambiguous: u64,
    twice: u64,
    broken: u64,
    files_left: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    trouble: &'a str,
    #[serde(skip_serializing_if = "is_zero")]
    line: u64,
}

#[derive(Serialize)]
struct ColumnEvent<'a> {
    column: &'a str,
    goes: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "is_zero")]
    misfits: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    said: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What was typed about tables, as wishes. Named tables are the only ones: what is said beats what is found.
pub fn wishes(telling: &Telling) -> Vec<TableWish> {
    let usage = if telling.no_tables || !telling.table.is_empty() { TableUse::File } else { TableUse::Found };
    let columns: Vec<_> = telling.map.iter().map(|one| (one.column.clone(), one.goes.clone())).collect();
    if usage == TableUse::Found && columns.is_empty() {
        return Vec::new();
    }
    vec![TableWish { path: String::new(), usage, columns }]
}

/// What is known about files goes to platforms; a store has no place for it.
///
/// # Errors
/// Something was typed about tables.
pub fn refuse_without_platform(telling: &Telling) -> Result<(), Failure> {
    if telling.table.is_empty() && telling.map.is_empty() {
        return Ok(());
    }
    Err(Failure::usage("console-table-needs-platform", &[]))
}

/// Says what was made of each table. `same`: rows that were there before.
pub fn print(out: Out, review: &Review, same: u64) {
    for table in &review.tables {
        out.event(&event(table, review.files_left));
        lines(table, review).iter().for_each(|line| out.line(line));
    }
    for (name, said) in &review.fixed_misfits {
        out.say("console-fixed-misfit", &[("name", Value::Text(&show::text(name))), ("said", Value::Text(said))]);
    }
    let fixed = review.plan.register.as_ref().is_some_and(|register| !register.metadata.is_empty());
    if same > 0 && (fixed || review.tables.iter().any(|table| table.used)) {
        out.say("table-same", &[("count", Value::Count(same))]);
        let other = review.difference.rows_other;
        if other > 0 {
            out.say("table-other", &[("count", Value::Count(other))]);
        }
    }
}

fn event(table: &Table, files_left: u64) -> TableEvent<'_> {
    TableEvent {
        event: "table",
        path: &table.path,
        used: table.used,
        why: &table.why,
        columns: table
            .columns
            .iter()
            .map(|one| ColumnEvent {
                column: &one.header,
                goes: &one.goes,
                note: &one.note,
                misfits: one.misfits,
                said: &one.said,
            })
            .collect(),
        lines: table.lines,
        matched: table.matched,
        no_file: table.no_file,
        ambiguous: table.ambiguous,
        twice: table.twice,
        broken: table.broken,
        files_left,
        trouble: &table.trouble,
        line: table.line,
    }
}

/// The sentences about one table.
fn lines(table: &Table, review: &Review) -> Vec<String> {
    let named = table.columns.iter().find(|column| column.goes == Goes::Name.word());
    let name = named.map_or("", |column| &column.header);
    let path = ("path", Value::Text(&table.path));
    let (looked, naming) = table.looked;
    let facts = [("column", Value::Text(name)), ("count", Value::Count(naming)), ("lines", Value::Count(looked))];
    let why = say(&format!("table-why-{}", table.why.replace('_', "-")), &facts);
    let head = if table.used { "console-table-used" } else { "console-table-unused" };
    let mut lines = vec![say(head, &[path.clone(), ("why", Value::Text(&why))])];
    if !table.trouble.is_empty() {
        let facts = [("line", Value::Count(table.line)), ("said", Value::Text(&table.detail))];
        lines.push(format!("  {}", say(&format!("table-trouble-{}", table.trouble.replace('_', "-")), &facts)));
    }
    if !table.used || !table.trouble.is_empty() {
        return lines;
    }
    lines.extend(table.columns.iter().flat_map(|column| mapped(column, review)));
    let counts = [
        ("matched", table.matched),
        ("no-file", table.no_file),
        ("files-left", review.files_left),
        ("ambiguous", table.ambiguous),
        ("twice", table.twice),
        ("broken", table.broken),
    ];
    let some = counts.iter().filter(|(what, count)| *count > 0 || *what == "matched");
    lines.extend(some.map(|(what, count)| format!("  {}", say(&format!("table-{what}"), &[("count", Value::Count(*count))]))));
    lines
}

/// Where a column goes, and what the platform makes of it.
fn mapped(column: &Column, review: &Review) -> Vec<String> {
    let goes = goes_text(&column.goes, &column.header);
    let values = [("column", Value::Text(&column.header)), ("goes", Value::Text(&goes))];
    let mut lines = vec![format!("  {}", say("console-table-column", &values))];
    if !column.note.is_empty() {
        let kind = review.plan.register.as_ref().map(|register| register.kind.clone()).unwrap_or_default();
        let platform = say(&format!("kind-{kind}"), &[]);
        let note = format!("table-note-{}", column.note.replace('_', "-"));
        lines.push(format!("    {}", say(&note, &[("platform", Value::Text(&platform))])));
    }
    if column.misfits > 0 {
        let values = [("count", Value::Count(column.misfits)), ("said", Value::Text(&column.said))];
        lines.push(format!("    {}", say("table-misfits", &values)));
    }
    lines
}

/// Where a column goes, in words.
fn goes_text(word: &str, header: &str) -> String {
    let (id, value) = match Goes::from_word(word, header) {
        Some(Goes::Name) => ("name", String::new()),
        Some(Goes::Metadata(name)) => ("metadata", name),
        Some(Goes::Split) => ("split", String::new()),
        Some(Goes::Tags) => ("tags", String::new()),
        Some(Goes::Attachment(kind)) if kind.is_empty() => ("attachment", kind),
        Some(Goes::Attachment(kind)) => ("attachment-of", kind),
        Some(Goes::Ignore) | None => ("ignore", String::new()),
    };
    say(&format!("table-goes-{id}"), &[("name", Value::Text(&value))])
}
