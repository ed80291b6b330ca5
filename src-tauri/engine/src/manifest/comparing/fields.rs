//! In which fields two rows differ, in neutral words. How a value is written does not matter, only what it says.

use super::super::opening::Manifest;
use gantry_model::json::{Value, scan};
use gantry_model::manifest::{ManifestRow, Said, Subject};

/// Neutral names of the fields that differ. Fields that one form alone knows count between rows of that form only.
pub(super) fn different(a_from: &Manifest, a: &ManifestRow<'_>, b_from: &Manifest, b: &ManifestRow<'_>) -> Vec<String> {
    let mut fields = Vec::new();
    let mut note = |name: &str, same: bool| {
        if !same {
            fields.push(name.to_owned());
        }
    };
    note("url", subjects(&a.subject, &b.subject));
    let text = |said: &Option<Said<'_>>| said.as_ref().map(|said| said.text.clone().into_owned());
    if a_from.form() == b_from.form() {
        note("external_id", text(&a.external_id) == text(&b.external_id));
        note("media_type", a.media_type == b.media_type);
        note("attachments", attachments(a) == attachments(b));
    }
    note("width", options(a.width, b.width));
    note("height", options(a.height, b.height));
    metadata(a, b, &mut fields);
    if a_from.form() == b_from.form() {
        extras(a, b, &mut fields);
    }
    fields
}

fn subjects(a: &Subject<'_>, b: &Subject<'_>) -> bool {
    let texts = |subject: &Subject<'_>| match subject {
        Subject::Address(said) | Subject::Content(said) => Some(vec![said.text.clone().into_owned()]),
        Subject::Many(all) => Some(all.iter().map(|said| said.text.clone().into_owned()).collect()),
        Subject::Missing => Some(Vec::new()),
        Subject::Shaped(_) | Subject::Wrong(_) => None,
    };
    match (a, b) {
        (Subject::Shaped(a) | Subject::Wrong(a), Subject::Shaped(b) | Subject::Wrong(b)) => same(a.raw(), b.raw()),
        _ => texts(a).is_some() && texts(a) == texts(b),
    }
}

fn attachments(row: &ManifestRow<'_>) -> Vec<(String, String, Option<String>)> {
    let one = |one: &gantry_model::manifest::Attachment<'_>| {
        (one.kind.text.clone().into_owned(), one.value.text.clone().into_owned(), one.name.clone().map(Into::into))
    };
    row.attachments.iter().map(one).collect()
}

fn options(a: Option<Value<'_>>, b: Option<Value<'_>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a.raw(), b.raw()),
        (None, None) => true,
        _ => false,
    }
}

fn metadata(a: &ManifestRow<'_>, b: &ManifestRow<'_>, fields: &mut Vec<String>) {
    let find = |row: &ManifestRow<'_>, name: &str| {
        let found = row.metadata.iter().find(|meta| meta.name == name);
        found.map(|meta| meta.value.raw().to_owned())
    };
    let mut names: Vec<&str> = a.metadata.iter().chain(&b.metadata).map(|meta| &*meta.name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let equal = match (find(a, name), find(b, name)) {
            (Some(a), Some(b)) => same(&a, &b),
            _ => false,
        };
        if !equal {
            fields.push(format!("metadata.{name}"));
        }
    }
}

fn extras(a: &ManifestRow<'_>, b: &ManifestRow<'_>, fields: &mut Vec<String>) {
    let find = |row: &ManifestRow<'_>, name: &str| {
        row.extras.iter().find(|(known, _)| known == name).map(|(_, value)| value.raw().to_owned())
    };
    let mut names: Vec<&str> = a.extras.iter().chain(&b.extras).map(|(name, _)| &**name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let equal = matches!((find(a, name), find(b, name)), (Some(a), Some(b)) if same(&a, &b));
        if !equal {
            fields.push(name.to_owned());
        }
    }
}

/// Two JSON texts say the same. Numbers with more digits than a float keeps are compared digit by digit.
fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let long = |text: &str| scan(text.as_bytes(), 0, &mut Vec::new()).map_or(true, |it| it.long_number.is_some());
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    !long(a) && !long(b) && read(a).is_some() && read(a) == read(b)
}
