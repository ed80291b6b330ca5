//! What the dialects share: the neutral columns of tables, lists of attachments, and what becomes of them elsewhere.

use super::address::is_address;
use super::object::{Object, list, quoted};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{Attachment, Form, ManifestRow, Meta, RowText, Said, Subject};
use std::borrow::Cow;

/// Heads of columns as people write them, and the neutral field that each is.
const HEADS: &[(&str, &[&str])] = &[
    ("url", &["url", "uri", "link", "href", "address", "image", "imageurl", "fileurl", "assetturl", "dataurl", "src", "path"]),
    ("urls", &["urls", "pages", "frames"]),
    ("content", &["content"]),
    ("key", &["key", "id", "filename", "samplename", "rowkey", "name"]),
    ("external_id", &["externalid"]),
    ("media_type", &["mediatype", "type"]),
    ("width", &["width", "w"]),
    ("height", &["height", "h"]),
    ("attachments", &["attachments"]),
];

/// The neutral field that a head stands for.
pub(super) fn column(head: &str) -> Option<&'static str> {
    let plain: String = head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    HEADS.iter().find(|(field, names)| *field == head || names.contains(&plain.as_str())).map(|(field, _)| *field)
}

/// Reads a neutral field. False when it is none.
pub(super) fn read<'a>(name: &str, value: Value<'a>, own: Form, row: &mut ManifestRow<'a>) -> bool {
    match name {
        "url" | "content" => match Said::of(value) {
            Some(said) => row.subject = if name == "url" { Subject::Address(said) } else { Subject::Content(said) },
            None => return false,
        },
        "urls" if texts(value).is_some() => row.subject = Subject::Many(texts(value).unwrap_or_default()),
        "key" if value.kind().is_text() => row.key = Said::of(value),
        "external_id" if value.kind().is_text() => row.external_id = Said::of(value),
        "media_type" if value.kind().is_text() => row.media_type = value.text(),
        "width" => row.width = Some(value),
        "height" => row.height = Some(value),
        "attachments" => match attachments(value) {
            Some(all) => row.attachments = all,
            None => return false,
        },
        name => return meta(name, value, row) || extra(name, value, own, row),
    }
    true
}

/// `metadata.city`, `metadata.schema_id=cko8s9r5v`
fn meta<'a>(name: &str, value: Value<'a>, row: &mut ManifestRow<'a>) -> bool {
    let Some(name) = name.strip_prefix("metadata.") else { return false };
    let (name, by_id) = name.strip_prefix("schema_id=").map_or((name, false), |id| (id, true));
    row.metadata.push(Meta { name: Cow::Owned(name.to_owned()), by_id, value });
    true
}

/// `labelbox:embeddings`
fn extra<'a>(name: &str, value: Value<'a>, own: Form, row: &mut ManifestRow<'a>) -> bool {
    let Some((form, field)) = name.split_once(':') else { return false };
    let Some(form) = Form::from_word(form) else { return false };
    let name = if form == own { field } else { name };
    row.extras.push((Cow::Owned(name.to_owned()), value));
    true
}

/// The texts of a list that holds nothing else, and something.
pub(super) fn texts(value: Value<'_>) -> Option<Vec<Said<'_>>> {
    let items = value.items();
    if items.is_empty() { None } else { items.into_iter().map(Said::of).collect() }
}

/// Attachments, when each of them has a type, a value, perhaps a name, and nothing else.
pub(super) fn attachments(value: Value<'_>) -> Option<Vec<Attachment<'_>>> {
    let items = value.items();
    if items.is_empty() { None } else { items.into_iter().map(attachment).collect() }
}

fn attachment(item: Value<'_>) -> Option<Attachment<'_>> {
    let (mut kind, mut value, mut name) = (None, None, None);
    for (field, said) in item.fields() {
        match &*field {
            "type" => kind = Said::of(said),
            "value" => value = Said::of(said),
            "name" => name = Some(said.text()?),
            _ => return None,
        }
    }
    Some(Attachment { kind: kind?, value: value?, name })
}

/// Writes attachments in words that are the same in both lists, or are translated; what is not is left.
pub(super) fn written_attachments(
    row: &ManifestRow<'_>,
    translated: impl Fn(&str) -> Option<String>,
    names: bool,
    left: &mut Vec<String>,
) -> Option<String> {
    let mut all = Vec::new();
    for one in &row.attachments {
        let Some(kind) = translated(&one.kind.text) else {
            left.push(format!("attachments ({})", one.kind.text));
            continue;
        };
        let mut object = Object::new();
        object.text("type", &kind);
        object.text("value", &one.value.text);
        match &one.name {
            Some(name) if names => object.text("name", name),
            Some(_) => left.push("attachments (name)".into()),
            None => {}
        }
        all.push(object.close());
    }
    (!all.is_empty()).then(|| list(all))
}

/// Metadata as the fields of one object. What is named by an id of a workspace, or twice, is left.
pub(super) fn written_metadata(row: &ManifestRow<'_>, left: &mut Vec<String>) -> Option<String> {
    let mut object = Object::new();
    for (at, meta) in row.metadata.iter().enumerate() {
        let twice = row.metadata[..at].iter().any(|other| other.name == meta.name && !other.by_id);
        if meta.by_id || twice {
            left.push(if meta.by_id { "metadata (schema_id)".into() } else { format!("metadata ({})", meta.name) });
        } else {
            object.raw(&meta.name, meta.value.raw());
        }
    }
    (!object.is_empty()).then(|| object.close())
}

/// Fields that only one form knows: written where it is this one, left elsewhere.
pub(super) fn written_extras(row: &ManifestRow<'_>, from: Form, own: Form, object: &mut Object, left: &mut Vec<String>) {
    for (name, value) in &row.extras {
        let prefixed = name.strip_prefix(own.word()).and_then(|rest| rest.strip_prefix(':'));
        match prefixed.filter(|_| from != own) {
            Some(field) => object.raw(field, value.raw()),
            None if from == own => object.raw(name, value.raw()),
            None => left.push(name.clone().into_owned()),
        }
    }
}

/// The fields of an object as metadata; none when it is no object or empty.
pub(super) fn metadata_of(value: Value<'_>) -> Option<Vec<Meta<'_>>> {
    let fields = value.fields();
    let one = |(name, value)| Meta { name, by_id: false, value };
    (value.kind() == Kind::Object && !fields.is_empty()).then(|| fields.into_iter().map(one).collect())
}

/// Text that is an address, or is the content itself.
pub(super) fn subject(said: Said<'_>) -> Subject<'_> {
    if is_address(&said.text) || super::address::is_local(&said.text) { Subject::Address(said) } else { Subject::Content(said) }
}

/// An addressed list as JSON.
pub(super) fn list_of(all: &[Said<'_>]) -> String {
    list(all.iter().map(|said| quoted(&said.text)))
}

/// Names that stand in the row and in this list.
pub(super) fn named(row: &RowText<'_>, names: &[&str]) -> Vec<String> {
    names.iter().filter(|name| row.get(name).is_some()).map(|name| (*name).to_owned()).collect()
}

/// The field that a column of this form alone stands for: `labelbox:row_data`.
pub(super) fn own<'a>(name: &str, form: Form) -> Option<Cow<'a, str>> {
    let field = name.strip_prefix(form.word())?.strip_prefix(':')?;
    Some(Cow::Owned(field.to_owned()))
}

/// The row brings this field along from a table, in the words of this form.
pub(super) fn has_own(row: &ManifestRow<'_>, form: Form, field: &str) -> bool {
    row.extras.iter().any(|(name, _)| own(name, form).is_some_and(|own| own == field))
}
