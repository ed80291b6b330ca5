//! Ango Hub's import JSON: `data`, `externalId` and the rest of the asset object.
//! <https://docs.imerit.net/data/storages/importing-private-cloud-assets-gcp>

use super::finder::{Finder, rule};
use super::labelbox::neutral_subject;
use super::object::Object;
use super::{address, keys, neutral};
use gantry_model::Severity::{Blocked, Note, Warning};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{About, Carried, Change, Dialect, Form, Found, Known, ManifestRow, RowRule, RowText, Said, Subject};

const PRIVATE: &str = "https://docs.imerit.net/data/storages/importing-private-cloud-assets-gcp";
const CLOUD: &str = "https://docs.imerit.net/data/importing-assets/asset-cloud-import";
const SDK: &str = "https://docs.imerit.net/sdk/sdk-documentation/project-level-sdk-functions/upload_files_cloud";
const ASSETS: &str = "https://docs.imerit.net/core-concepts/assets";
const URLS: &str = "https://www.rfc-editor.org/rfc/rfc3986#section-2";

static RULES: &[RowRule] = &[
    rule("ango-not-an-object", About::NotAnObject, Blocked, PRIVATE),
    rule("ango-field-unknown", About::FieldUnknown, Warning, SDK),
    rule("ango-field-type", About::FieldType, Blocked, SDK),
    rule("ango-subject-missing", About::SubjectMissing, Blocked, CLOUD),
    rule("ango-subject-empty", About::SubjectEmpty, Blocked, CLOUD),
    rule("ango-subject-shape", About::SubjectShape, Blocked, SDK),
    rule("ango-subject-twice", About::SubjectTwice, Warning, SDK),
    rule("ango-url-scheme", About::UrlScheme, Warning, CLOUD),
    rule("ango-url-http", About::UrlHttp, Warning, CLOUD),
    rule("ango-url-store", About::UrlStore, Blocked, PRIVATE),
    rule("ango-url-local", About::UrlLocal, Blocked, PRIVATE),
    rule("ango-url-none", About::UrlNone, Blocked, PRIVATE),
    rule("ango-url-space", About::UrlSpace, Blocked, PRIVATE),
    rule("ango-url-plus", About::UrlPlus, Warning, PRIVATE),
    rule("ango-url-twice-encoded", About::UrlTwiceEncoded, Warning, URLS),
    rule("ango-url-percent", About::UrlPercent, Warning, URLS),
    rule("ango-url-encoding", About::UrlEncoding, Warning, PRIVATE),
    rule("ango-url-hash", About::UrlHash, Warning, URLS),
    rule("ango-url-question", About::UrlQuestion, Warning, URLS),
    rule("ango-url-signed", About::UrlSigned, Warning, CLOUD),
    rule("ango-url-signed-over", About::UrlSignedOver, Blocked, CLOUD),
    rule("ango-url-twice", About::UrlTwice, Warning, ASSETS),
    rule("ango-key-missing", About::KeyMissing, Warning, PRIVATE),
    rule("ango-key-twice", About::KeyTwice, Warning, ASSETS),
    rule("ango-attachment-shape", About::AttachmentShape, Blocked, SDK),
    rule("ango-attachment-type", About::AttachmentType, Blocked, SDK),
    rule("ango-attachment-empty", About::AttachmentEmpty, Blocked, SDK),
    rule("ango-metadata-shape", About::MetadataShape, Blocked, SDK),
    rule("ango-size", About::Size, Warning, PRIVATE),
    rule("ango-long-number", About::LongNumber, Note, "https://www.rfc-editor.org/rfc/rfc8259#section-6"),
];

/// Fields of the asset object beside those that are read into neutral words.
const FIELDS: &[&str] = &["metadata", "batches", "storage", "classifications", "priority"];
const ATTACHMENTS: &[&str] = &["IMAGE", "TEXT", "VIDEO", "HTML"];
/// No picture that a browser shows is wider or higher.
const PIXELS: u64 = 1_000_000;

/// Ango Hub.
#[derive(Debug)]
pub(super) struct Ango;

impl Dialect for Ango {
    fn form(&self) -> Form {
        Form::Ango
    }

    fn evidence(&self, row: &RowText<'_>) -> Vec<String> {
        let found = neutral::named(row, &["data", "dataset", "externalId", "contextData"]);
        if found.iter().any(|name| name == "data" || name == "dataset") { found } else { Vec::new() }
    }

    fn rules(&self) -> &'static [RowRule] {
        RULES
    }

    fn read<'a>(&self, row: &RowText<'a>) -> ManifestRow<'a> {
        let mut read = ManifestRow::default();
        for (name, value) in row.fields() {
            let own = if row.table { neutral::own(&name, Form::Ango) } else { None };
            let known = field(own.as_ref().unwrap_or(&name), value, &mut read);
            if !known && (!row.table || !neutral::read(&name, value, Form::Ango, &mut read)) {
                read.extras.push((name, value));
            }
        }
        read
    }

    fn check(&self, row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>) {
        let mut finder = Finder::new(RULES, found);
        if row.value.kind != Kind::Object {
            return finder.value(About::NotAnObject, row.value(), "");
        }
        subject(row, read, known, &mut finder);
        keys::missing(row, read, "externalId", &mut finder);
        attachments(read, known, &mut finder);
        sizes(read, &mut finder);
        extras(row, read, &mut finder);
    }

    fn write(&self, row: &ManifestRow<'_>, from: Form) -> Carried {
        write(row, from)
    }

    fn mend(&self, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(keys::mend_missing(row, read, "externalId", matters));
        changes.extend(read.addresses().iter().filter_map(|said| address::mend(said, "data", matters)));
        for (at, one) in read.attachments.iter().enumerate().filter(|(_, one)| address::is_address(&one.value.text)) {
            changes.extend(address::mend(&one.value, &format!("attachments[{at}].value"), matters));
        }
        changes
    }

    fn key_field(&self) -> &'static str {
        "externalId"
    }

    fn subject_field(&self) -> &'static str {
        "data"
    }

    fn sizes(&self) -> Option<(&'static str, &'static str)> {
        Some(("width", "height"))
    }

    fn folds_case(&self) -> bool {
        false
    }

    fn column(&self, head: &str) -> Option<&'static str> {
        let own =
            ["data", "dataset", "externalId", "width", "height", "contextData", "metadata", "attachments", "batches", "storage"];
        own.into_iter().find(|name| *name == head).or_else(|| neutral::column(head))
    }
}

fn field<'a>(name: &str, value: Value<'a>, read: &mut ManifestRow<'a>) -> bool {
    let taken = matches!(read.subject, Subject::Missing);
    match name {
        "data" if taken => read.subject = Said::of(value).map_or(Subject::Wrong(value), neutral::subject),
        "dataset" if taken => match neutral::texts(value) {
            Some(all) => read.subject = Subject::Many(all),
            None => return false,
        },
        "externalId" if value.kind().is_text() => read.key = Said::of(value),
        "width" => read.width = Some(value),
        "height" => read.height = Some(value),
        "contextData" => match neutral::metadata_of(value) {
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

fn subject(row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, finder: &mut Finder<'_>) {
    match &read.subject {
        Subject::Missing if row.get("dataset").is_some() => {}
        Subject::Missing => finder.say(About::SubjectMissing, row.value, "data", ""),
        Subject::Address(said) => address::look(said, "data", known, finder),
        Subject::Content(said) if said.text.trim().is_empty() => finder.say(About::SubjectEmpty, said.span, "data", ""),
        // Markdown and HTML may stand there themselves; one word that ends like a file is an address that lost its beginning.
        Subject::Content(said) if address::file_like(&said.text) => finder.say(About::UrlNone, said.span, "data", &said.text),
        Subject::Content(_) => {}
        Subject::Many(all) => all.iter().for_each(|said| address::look(said, "dataset", known, finder)),
        Subject::Shaped(value) | Subject::Wrong(value) => finder.value(About::SubjectShape, *value, "data"),
    }
}

fn attachments(read: &ManifestRow<'_>, known: Known, finder: &mut Finder<'_>) {
    for (at, one) in read.attachments.iter().enumerate() {
        if !ATTACHMENTS.contains(&one.kind.text.trim()) {
            finder.say(About::AttachmentType, one.kind.span, &format!("attachments[{at}].type"), &one.kind.text);
        }
        if one.value.text.trim().is_empty() {
            finder.say(About::AttachmentEmpty, one.value.span, &format!("attachments[{at}].value"), "");
        } else if address::is_address(&one.value.text) {
            address::look(&one.value, "attachments.value", known, finder);
        }
    }
}

/// A size is a whole number above zero, and there are both or none.
fn sizes(read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    for (name, value, other) in [("width", &read.width, &read.height), ("height", &read.height, &read.width)] {
        let Some(value) = value else { continue };
        let sane = ManifestRow::pixels(Some(value)).is_some_and(|pixels| (1..=PIXELS).contains(&pixels));
        if value.kind() != Kind::Null && (!sane || other.is_none()) {
            finder.value(About::Size, *value, name);
        }
    }
}

fn extras(row: &RowText<'_>, read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    for (name, value) in &read.extras {
        let field = &**name;
        match field {
            "dataset" if matches!(read.subject, Subject::Missing) => finder.value(About::SubjectShape, *value, field),
            "data" | "dataset" => finder.value(About::SubjectTwice, *value, field),
            "contextData" => finder.unless(matches!(value.kind(), Kind::Null | Kind::Object), *value, field),
            "metadata" => finder.unless(matches!(value.kind(), Kind::Null | Kind::Object), *value, field),
            "attachments" if !matches!(value.raw(), "[]" | "null") => finder.value(About::AttachmentShape, *value, field),
            "batches" | "classifications" => finder.unless(matches!(value.kind(), Kind::Null | Kind::List), *value, field),
            "storage" => finder.unless(value.kind() == Kind::Null || value.kind().is_text(), *value, field),
            "priority" => finder.unless(value.kind() == Kind::Number, *value, field),
            _ if FIELDS.contains(&field) || matches!(field, "externalId" | "attachments") || row.table => {}
            _ => finder.say(About::FieldUnknown, value.span(), field, ""),
        }
    }
}

fn write(row: &ManifestRow<'_>, from: Form) -> Carried {
    let (mut object, mut left) = (Object::new(), Vec::new());
    match &row.subject {
        Subject::Address(said) | Subject::Content(said) => object.text("data", &said.text),
        Subject::Many(all) => object.raw("dataset", &neutral::list_of(all)),
        Subject::Missing if from == Form::Ango => {}
        Subject::Missing if neutral::has_own(row, Form::Ango, "data") => {}
        Subject::Wrong(value) if from == Form::Ango => object.raw("data", value.raw()),
        _ => return Carried { text: String::new(), left: vec![neutral_subject(from).to_owned()] },
    }
    match (&row.key, &row.external_id) {
        (Some(key), other) => {
            object.text("externalId", &key.text);
            left.extend(other.iter().filter(|id| id.text != key.text).map(|_| "external_id".to_owned()));
        }
        (None, Some(id)) => object.text("externalId", &id.text),
        (None, None) => {}
    }
    for (name, value) in [("width", &row.width), ("height", &row.height)] {
        if let Some(value) = value {
            object.raw(name, value.raw());
        }
    }
    left.extend(row.media_type.iter().map(|_| "media_type".to_owned()));
    if let Some(metadata) = neutral::written_metadata(row, &mut left) {
        object.raw("contextData", &metadata);
    }
    let translated = |kind: &str| match (from, kind) {
        (Form::Ango, kind) => Some(kind.to_owned()),
        (_, "RAW_TEXT") => Some("TEXT".to_owned()),
        (_, kind) => ATTACHMENTS.contains(&kind).then(|| kind.to_owned()),
    };
    if let Some(all) = neutral::written_attachments(row, translated, from == Form::Ango, &mut left) {
        object.raw("attachments", &all);
    }
    neutral::written_extras(row, from, Form::Ango, &mut object, &mut left);
    Carried { text: object.close(), left }
}
