//! Labelbox's import JSON: `row_data`, `global_key` and the rest, in the spelling of its API and of its older pages.
//! <https://docs.labelbox.com/reference/import-image-data>

mod checks;

use super::finder::rule;
use super::object::{Object, list};
use super::{address, keys, neutral};
use gantry_model::Severity::{Blocked, Note, Warning};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{
    About, Carried, Change, Dialect, Form, Found, Known, ManifestRow, Meta, RowRule, RowText, Said, Subject,
};

const IMPORT: &str = "https://docs.labelbox.com/reference/import-image-data";
const KEYS: &str = "https://docs.labelbox.com/reference/data-row-global-keys";
const LIMITS: &str = "https://docs.labelbox.com/docs/limits";
const METADATA: &str = "https://docs.labelbox.com/docs/datarow-metadata";
const SIGNED: &str = "https://docs.labelbox.com/docs/signed-urls";
const SDK: &str = "https://github.com/Labelbox/labelbox-python";
const URLS: &str = "https://www.rfc-editor.org/rfc/rfc3986#section-2";

static RULES: &[RowRule] = &[
    rule("labelbox-not-an-object", About::NotAnObject, Blocked, IMPORT),
    rule("labelbox-field-unknown", About::FieldUnknown, Blocked, SDK),
    rule("labelbox-field-spelling", About::FieldSpelling, Note, SDK),
    rule("labelbox-field-type", About::FieldType, Blocked, IMPORT),
    rule("labelbox-subject-missing", About::SubjectMissing, Blocked, IMPORT),
    rule("labelbox-subject-empty", About::SubjectEmpty, Blocked, IMPORT),
    rule("labelbox-subject-shape", About::SubjectShape, Blocked, IMPORT),
    rule("labelbox-url-scheme", About::UrlScheme, Blocked, IMPORT),
    rule("labelbox-url-http", About::UrlHttp, Blocked, IMPORT),
    rule("labelbox-url-store", About::UrlStore, Blocked, SDK),
    rule("labelbox-url-local", About::UrlLocal, Blocked, IMPORT),
    rule("labelbox-url-none", About::UrlNone, Blocked, IMPORT),
    rule("labelbox-url-path-style", About::UrlPathStyle, Warning, IMPORT),
    rule("labelbox-url-space", About::UrlSpace, Blocked, URLS),
    rule("labelbox-url-plus", About::UrlPlus, Warning, URLS),
    rule("labelbox-url-twice-encoded", About::UrlTwiceEncoded, Warning, URLS),
    rule("labelbox-url-percent", About::UrlPercent, Warning, URLS),
    rule("labelbox-url-encoding", About::UrlEncoding, Warning, URLS),
    rule("labelbox-url-character", About::UrlCharacter, Blocked, LIMITS),
    rule("labelbox-url-hash", About::UrlHash, Blocked, LIMITS),
    rule("labelbox-url-question", About::UrlQuestion, Warning, URLS),
    rule("labelbox-url-signed", About::UrlSigned, Warning, SIGNED),
    rule("labelbox-url-signed-over", About::UrlSignedOver, Blocked, SIGNED),
    rule("labelbox-url-twice", About::UrlTwice, Warning, IMPORT),
    rule("labelbox-key-missing", About::KeyMissing, Note, KEYS),
    rule("labelbox-key-long", About::KeyLong, Blocked, KEYS),
    rule("labelbox-key-characters", About::KeyCharacters, Warning, KEYS),
    rule("labelbox-key-spaces", About::KeySpaces, Blocked, KEYS),
    rule("labelbox-key-twice", About::KeyTwice, Blocked, KEYS),
    rule("labelbox-media-type", About::MediaType, Blocked, SDK),
    rule("labelbox-metadata-shape", About::MetadataShape, Blocked, METADATA),
    rule("labelbox-metadata-long", About::MetadataLong, Blocked, LIMITS),
    rule("labelbox-metadata-unknown", About::MetadataUnknown, Blocked, METADATA),
    rule("labelbox-metadata-refused", About::MetadataRefused, Blocked, METADATA),
    rule("labelbox-metadata-reserved", About::MetadataReserved, Warning, METADATA),
    rule("labelbox-attachment-shape", About::AttachmentShape, Blocked, SDK),
    rule("labelbox-attachment-type", About::AttachmentType, Blocked, SDK),
    rule("labelbox-attachment-empty", About::AttachmentEmpty, Blocked, SDK),
];

/// Labelbox.
#[derive(Debug)]
pub(super) struct Labelbox;

impl Dialect for Labelbox {
    fn form(&self) -> Form {
        Form::Labelbox
    }

    fn evidence(&self, row: &RowText<'_>) -> Vec<String> {
        let found =
            neutral::named(row, &["row_data", "global_key", "rowData", "globalKey", "metadata_fields", "conversationalData"]);
        let sure = found.iter().any(|name| name != "metadata_fields");
        if sure { found } else { Vec::new() }
    }

    fn rules(&self) -> &'static [RowRule] {
        RULES
    }

    fn read<'a>(&self, row: &RowText<'a>) -> ManifestRow<'a> {
        let mut read = ManifestRow::default();
        for (name, value) in row.fields() {
            let own = if row.table { neutral::own(&name, Form::Labelbox) } else { None };
            let known = field(own.as_ref().unwrap_or(&name), value, &mut read);
            if !known && (!row.table || !neutral::read(&name, value, Form::Labelbox, &mut read)) {
                read.extras.push((name, value));
            }
        }
        read
    }

    fn check(&self, row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>) {
        checks::check(RULES, row, read, known, found);
    }

    fn write(&self, row: &ManifestRow<'_>, from: Form) -> Carried {
        write(row, from)
    }

    fn mend(&self, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(keys::mend_missing(row, read, "global_key", matters));
        changes.extend(keys::mend_spaces(read, "global_key", matters));
        changes.extend(read.addresses().iter().filter_map(|said| address::mend(said, "row_data", matters)));
        for (at, one) in read.attachments.iter().enumerate().filter(|(_, one)| address::is_address(&one.value.text)) {
            changes.extend(address::mend(&one.value, &format!("attachments[{at}].value"), matters));
        }
        changes
    }

    fn key_field(&self) -> &'static str {
        "global_key"
    }

    fn subject_field(&self) -> &'static str {
        "row_data"
    }

    fn sizes(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn folds_case(&self) -> bool {
        true
    }

    fn column(&self, head: &str) -> Option<&'static str> {
        let own =
            ["row_data", "global_key", "external_id", "media_type", "metadata_fields", "attachments", "embeddings", "dataset_id"];
        own.into_iter().find(|name| *name == head).or_else(|| match head {
            "rowData" => Some("row_data"),
            "globalKey" => Some("global_key"),
            _ => neutral::column(head),
        })
    }
}

/// Reads one of Labelbox's fields. False when it is none, or is not written as Labelbox reads it.
fn field<'a>(name: &str, value: Value<'a>, read: &mut ManifestRow<'a>) -> bool {
    match name {
        "row_data" | "rowData" => read.subject = subject(value),
        "global_key" | "globalKey" => match Said::of(value) {
            Some(said) => read.key = Some(said),
            None => return false,
        },
        "external_id" | "externalId" => match Said::of(value) {
            Some(said) => read.external_id = Some(said),
            None => return false,
        },
        "media_type" | "mediaType" => match value.text() {
            Some(text) => read.media_type = Some(text),
            None => return false,
        },
        "metadata_fields" | "metadataFields" => match metadata(value) {
            Some(all) => read.metadata = all,
            None => return false,
        },
        "attachments" => match neutral::attachments(value) {
            Some(all) => read.attachments = all,
            None => return false,
        },
        _ => return false,
    }
    true
}

fn subject(value: Value<'_>) -> Subject<'_> {
    match (value.kind(), Said::of(value)) {
        (_, Some(said)) => neutral::subject(said),
        (Kind::Object, None) => Subject::Shaped(value),
        _ => Subject::Wrong(value),
    }
}

/// Metadata, when each of it has a name or an id, a value, and nothing else.
fn metadata(value: Value<'_>) -> Option<Vec<Meta<'_>>> {
    let items = value.items();
    if items.is_empty() { None } else { items.into_iter().map(meta).collect() }
}

fn meta(item: Value<'_>) -> Option<Meta<'_>> {
    let (mut name, mut by_id, mut value) = (None, false, None);
    for (field, said) in item.fields() {
        match &*field {
            "name" if name.is_none() => name = Some(said.text()?),
            "schema_id" if name.is_none() => (name, by_id) = (Some(said.text()?), true),
            "value" => value = Some(said),
            _ => return None,
        }
    }
    Some(Meta { name: name?, by_id, value: value? })
}

fn write(row: &ManifestRow<'_>, from: Form) -> Carried {
    let (mut object, mut left) = (Object::new(), Vec::new());
    match &row.subject {
        Subject::Address(said) | Subject::Content(said) => object.text("row_data", &said.text),
        Subject::Shaped(value) if from == Form::Labelbox => object.raw("row_data", value.raw()),
        Subject::Wrong(value) if from == Form::Labelbox => object.raw("row_data", value.raw()),
        Subject::Missing if from == Form::Labelbox => {}
        Subject::Missing if neutral::has_own(row, Form::Labelbox, "row_data") => {}
        _ => return Carried { text: String::new(), left: vec![neutral_subject(from).to_owned()] },
    }
    if let Some(key) = &row.key {
        object.text("global_key", &key.text);
    }
    if let Some(id) = &row.external_id {
        object.text("external_id", &id.text);
    }
    if let Some(kind) = &row.media_type {
        object.text("media_type", kind);
    }
    for (name, value) in [("width", &row.width), ("height", &row.height)] {
        left.extend(value.iter().map(|_| name.to_owned()));
    }
    let metadata: Vec<String> = row.metadata.iter().filter_map(|meta| written_meta(meta, from, &mut left)).collect();
    if !metadata.is_empty() {
        object.raw("metadata_fields", &list(metadata));
    }
    let translated = |kind: &str| match (from, kind) {
        (Form::Ango, "TEXT") => Some("RAW_TEXT".to_owned()),
        _ => Some(kind.to_owned()),
    };
    if let Some(all) = neutral::written_attachments(row, translated, true, &mut left) {
        object.raw("attachments", &all);
    }
    neutral::written_extras(row, from, Form::Labelbox, &mut object, &mut left);
    Carried { text: object.close(), left }
}

/// Labelbox takes texts and numbers as metadata; lists and objects only where it wrote them itself.
fn written_meta(meta: &Meta<'_>, from: Form, left: &mut Vec<String>) -> Option<String> {
    let plain = meta.value.kind().is_text() || meta.value.kind() == Kind::Number;
    if !plain && !matches!(from, Form::Labelbox | Form::Urls) {
        left.push(format!("metadata ({})", meta.name));
        return None;
    }
    let mut object = Object::new();
    object.text(if meta.by_id { "schema_id" } else { "name" }, &meta.name);
    object.raw("value", meta.value.raw());
    Some(object.close())
}

/// What another form calls what is labelled.
pub(super) fn neutral_subject(form: Form) -> &'static str {
    match form {
        Form::Labelbox => "row_data",
        Form::Ango => "data",
        Form::Segments => "attributes",
        Form::Urls => "url",
    }
}
