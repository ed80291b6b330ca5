//! Names that rows are found again by: what is wrong with one, and a name from the address where there is none.

use super::address::file_name;
use super::finder::Finder;
use super::object::quoted;
use gantry_model::manifest::{About, Change, ManifestRow, RowText};

/// Characters in one of Labelbox's global keys: <https://docs.labelbox.com/docs/limits>.
const LABELBOX_MOST: usize = 200;

/// The name is missing.
pub(super) fn missing(row: &RowText<'_>, read: &ManifestRow<'_>, field: &str, finder: &mut Finder<'_>) {
    let there = row.get(field).or_else(|| row.get("key")).filter(|value| value.raw() != "null");
    match (&read.key, there) {
        (Some(key), _) if key.text.is_empty() => finder.say(About::KeyMissing, key.span, field, ""),
        (Some(_), _) => {}
        (None, Some(value)) => finder.value(About::FieldType, value, field),
        (None, None) => finder.say(About::KeyMissing, row.value, field, ""),
    }
}

/// What Labelbox says about global keys: <https://docs.labelbox.com/reference/data-row-global-keys>.
pub(super) fn labelbox(read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    let Some(key) = &read.key else { return };
    let text: &str = &key.text;
    if text.len() > LABELBOX_MOST && text.chars().count() > LABELBOX_MOST {
        finder.say(About::KeyLong, key.span, "global_key", text);
    }
    if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        finder.say(About::KeySpaces, key.span, "global_key", text);
    }
    if let Some(odd) = text.chars().find(|c| !is_allowed(*c)) {
        finder.say(About::KeyCharacters, key.span, "global_key", &odd.to_string());
    }
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!_.*'()&$@=;/:+ ,?-".contains(c)
}

/// Spaces as Labelbox takes them.
pub(super) fn mend_spaces(read: &ManifestRow<'_>, field: &str, matters: &[About]) -> Option<Change> {
    let key = read.key.as_ref().filter(|_| matters.contains(&About::KeySpaces))?;
    let after = key.text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    (after != key.text && !after.is_empty()).then(|| Change {
        matters: vec![About::KeySpaces],
        at: key.span.at,
        end: key.span.end,
        text: quoted(&after),
        field: field.to_owned(),
        before: key.text.clone().into_owned(),
        after,
    })
}

/// A name from the address, in a row without one: in place of an empty one, or behind the opening bracket. In a table without
/// a column for names it stands behind the row.
pub(super) fn mend_missing(row: &RowText<'_>, read: &ManifestRow<'_>, field: &str, matters: &[About]) -> Option<Change> {
    if !matters.contains(&About::KeyMissing) || read.name().is_some() {
        return None;
    }
    let after = file_name(&read.addresses().first()?.text)?;
    let (at, end, text) = match row.get(field) {
        Some(value) if value.raw() == "null" || value.raw() == "\"\"" => (value.span().at, value.span().end, quoted(&after)),
        Some(_) => return None,
        None if row.table => (row.value.end, row.value.end, quoted(&after)),
        None => (row.value.at + 1, row.value.at + 1, format!("{}: {}, ", quoted(field), quoted(&after))),
    };
    Some(Change { matters: vec![About::KeyMissing], at, end, text, field: field.to_owned(), before: String::new(), after })
}
