//! Ango Hub's asset builder, here: each row of a table, put into a template, becomes an asset that is HTML.
//! Values are text: what looks like markup in a cell is shown, never carried out, and a template has no scripts.
//! <https://docs.imerit.net/data/importing-assets/asset-builder>

use super::opening::Manifest;
use super::pieces::{Piece, Row};
use super::quoting::push_text;
use super::writing::{Aside, RowWriter};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, show};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Attributes that name media: they may be read through an integration.
const MEDIA: &[&str] = &["img", "audio", "video"];

/// What assets are made with.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// HTML with `{{column}}`.
    pub html: String,
    /// The column that becomes the external id.
    pub key: String,
    /// Columns that are exported with the labels.
    pub context: Vec<String>,
    /// The integration that reads the media of a column.
    pub storage: BTreeMap<String, String>,
    /// The column of batches, several with `;` between them; empty for none.
    pub batches: String,
}

/// What building came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// Rows of the table.
    pub rows: u64,
    /// Assets that were made.
    pub written: u64,
    /// Rows that could not be read.
    pub broken: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// A piece of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Html(String),
    /// A column in text; `true` when nothing else stands in its element.
    Text(usize, bool),
    /// A column in an attribute, with the integration that reads it.
    Attribute(usize, Option<String>),
}

/// Makes assets of the first `most` rows. Without `out` each is only told.
///
/// # Errors
/// `bad_field` for a template that names no column, an unknown one, or has a script; what the disks say.
pub fn build(
    table: &Manifest,
    template: &Template,
    most: u64,
    mut out: Option<&mut Aside>,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&str),
) -> Result<Built, Problem> {
    let plan = Plan::new(table, template)?;
    let mut sum = Built::default();
    let to = out.as_ref().map(|out| out.to().to_owned()).unwrap_or_default();
    let unwritable = |error: std::io::Error| super::writing::trouble(&to, &error);
    let layout = super::writing::layout_of(&to);
    let mut writer = match &mut out {
        Some(out) => Some(RowWriter::new(*out, layout).map_err(unwritable)?),
        None => None,
    };
    let mut reader = table.rows_raw()?;
    while sum.rows < most {
        let Some(piece) = reader.piece().map_err(|error| table.trouble(&error))? else { break };
        let Piece::Row(row) = piece else {
            sum.broken += 1;
            continue;
        };
        sum.rows += 1;
        let asset = plan.asset(&cells(&row, table.heads.len()));
        match &mut writer {
            Some(writer) => writer.row(&asset).map_err(unwritable)?,
            None => told(&asset),
        }
        sum.written += 1;
        if stop.load(Ordering::Relaxed) {
            sum.stopped = true;
            return Ok(sum);
        }
    }
    writer.map(RowWriter::end).transpose().map_err(unwritable)?;
    table.unchanged().map(|()| sum)
}

/// What stands in each column.
fn cells(row: &Row<'_>, columns: usize) -> Vec<String> {
    let mut cells = vec![String::new(); columns];
    for ((_, value), (column, _)) in row.text.fields().zip(row.cells) {
        cells[*column] = value.text().unwrap_or_else(|| value.raw().into()).into_owned();
    }
    cells
}

struct Plan<'t> {
    heads: &'t [String],
    parts: Vec<Part>,
    key: usize,
    context: Vec<usize>,
    batches: Option<usize>,
}

impl<'t> Plan<'t> {
    fn new(table: &'t Manifest, template: &Template) -> Result<Self, Problem> {
        let heads = &table.heads;
        let column = |name: &str| heads.iter().position(|head| head == name).ok_or_else(|| unknown(name, heads));
        let lower = template.html.to_ascii_lowercase();
        if lower.contains("<script") || lower.contains("javascript:") {
            return Err(wrong(say("build-script", &[])));
        }
        let parts = parts(&template.html, &column, &template.storage)?;
        if parts.iter().all(|part| matches!(part, Part::Html(_))) {
            return Err(wrong(say("build-no-column", &[])));
        }
        Ok(Self {
            heads,
            parts,
            key: column(&template.key)?,
            context: template.context.iter().map(|name| column(name)).collect::<Result<_, _>>()?,
            batches: if template.batches.is_empty() { None } else { Some(column(&template.batches)?) },
        })
    }

    fn asset(&self, cells: &[String]) -> String {
        let mut html = String::new();
        for part in &self.parts {
            match part {
                Part::Html(text) => html.push_str(text),
                // The platform's builder puts a value that stands alone on lines of its own.
                Part::Text(column, true) => html.push_str(&format!("\n\n{}\n\n", escaped(&cells[*column]))),
                Part::Text(column, false) => html.push_str(&escaped(&cells[*column])),
                Part::Attribute(column, storage) => {
                    html.push_str(&escaped(&cells[*column]));
                    storage.iter().for_each(|id| html.push_str(&format!("?storageId={}", escaped(id))));
                }
            }
        }
        let mut asset = String::from("{\"data\": ");
        push_text(&mut asset, html.trim());
        asset.push_str(", \"externalId\": ");
        push_text(&mut asset, &cells[self.key]);
        asset.push_str(", \"contextData\": {");
        for (at, column) in self.context.iter().enumerate() {
            asset.push_str(if at > 0 { ", " } else { "" });
            push_text(&mut asset, &self.heads[*column]);
            asset.push_str(": ");
            push_text(&mut asset, &cells[*column]);
        }
        asset.push('}');
        if let Some(column) = self.batches {
            asset.push_str(", \"batches\": [");
            for (at, batch) in cells[column].split(';').map(str::trim).filter(|batch| !batch.is_empty()).enumerate() {
                asset.push_str(if at > 0 { ", " } else { "" });
                push_text(&mut asset, batch);
            }
            asset.push(']');
        }
        asset + "}"
    }
}

/// Takes a template apart.
fn parts(
    html: &str,
    column: &dyn Fn(&str) -> Result<usize, Problem>,
    storage: &BTreeMap<String, String>,
) -> Result<Vec<Part>, Problem> {
    let (mut parts, mut rest, mut before) = (Vec::new(), html, String::new());
    while let Some(open) = rest.find("{{") {
        let Some(length) = rest[open..].find("}}") else { break };
        let name = rest[open + 2..open + length].trim();
        before.push_str(&rest[..open]);
        parts.push(Part::Html(rest[..open].to_owned()));
        rest = &rest[open + length + 2..];
        let place = column(name)?;
        parts.push(match open_tag(&before) {
            Some(tag) => {
                let media = MEDIA.contains(&tag.as_str());
                Part::Attribute(place, storage.get(name).filter(|_| media).cloned())
            }
            None => Part::Text(place, before.trim_end().ends_with('>') && rest.trim_start().starts_with('<')),
        });
        before.push('x');
    }
    parts.push(Part::Html(rest.to_owned()));
    Ok(parts)
}

/// The tag that is open at the end of this, when a place inside it follows.
fn open_tag(before: &str) -> Option<String> {
    let (_, inside) = before.rsplit_once('<').filter(|(_, inside)| !inside.contains('>'))?;
    let name: String = inside.chars().take_while(char::is_ascii_alphanumeric).collect();
    Some(name.to_ascii_lowercase()).filter(|name| !name.is_empty())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unknown(name: &str, heads: &[String]) -> Problem {
    let heads = show::text(&heads.join(", "));
    let name = show::text(name);
    wrong(say("manifest-no-column", &[("column", Value::Text(&name)), ("heads", Value::Text(&heads))]))
}

fn wrong(said: String) -> Problem {
    Problem::new(Code::BadField, "build").with("said", said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_text_and_in_attributes() {
        let heads = ["name", "photo"];
        let column = |name: &str| heads.iter().position(|head| *head == name).ok_or_else(|| wrong(name.into()));
        let storage = BTreeMap::from([("photo".to_owned(), "64a0".to_owned())]);
        let parts = parts("<p>{{name}}</p><b>Name: {{ name }}</b><img src=\"{{photo}}\">", &column, &storage).expect("good");
        let places: Vec<&Part> = parts.iter().filter(|part| !matches!(part, Part::Html(_))).collect();
        assert_eq!(places, [&Part::Text(0, true), &Part::Text(0, false), &Part::Attribute(1, Some("64a0".into()))]);
        assert!(super::parts("{{age}}", &column, &storage).is_err());
    }
}
