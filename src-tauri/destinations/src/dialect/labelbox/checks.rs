//! What can be wrong with one of Labelbox's rows. What its SDK refuses before it sends is blocked here too.

use super::super::finder::Finder;
use super::super::{address, keys};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{About, Found, Known, ManifestRow, RowRule, RowText, Subject};

/// Keys that the SDK lets through.
const FIELDS: &[&str] = &[
    "row_data",
    "global_key",
    "external_id",
    "media_type",
    "metadata_fields",
    "metadata",
    "attachments",
    "embeddings",
    "media_attributes",
    "dataset_id",
    "uid",
    "created_at",
    "updated_at",
];
/// Fields of older pages, in camel case, and of the old rows for conversations.
const OLDER: &[&str] =
    &["rowData", "globalKey", "externalId", "mediaType", "metadataFields", "conversationalData", "type", "version"];
const MEDIA: &[&str] =
    &["IMAGE", "VIDEO", "TEXT", "PDF", "AUDIO", "HTML", "CONVERSATIONAL", "TMS_GEO", "TMS_SIMPLE", "POINT_CLOUD", "LLM"];
const ATTACHMENTS: &[&str] =
    &["AUDIO", "CAMERA_IMAGE", "HTML", "IMAGE", "IMAGE_OVERLAY", "PDF_URL", "RAW_TEXT", "TEXT_URL", "VIDEO"];
/// Characters in one value of metadata.
const VALUE_MOST: usize = 4096;

pub(super) fn check(rules: &'static [RowRule], row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>) {
    let mut finder = Finder::new(rules, found);
    if row.value.kind != Kind::Object {
        return finder.value(About::NotAnObject, row.value(), "");
    }
    subject(row, read, known, &mut finder);
    keys::missing(row, read, "global_key", &mut finder);
    keys::labelbox(read, &mut finder);
    if read.media_type.as_ref().is_some_and(|kind| !MEDIA.iter().any(|known| known.eq_ignore_ascii_case(kind))) {
        let value = row.get("media_type").or_else(|| row.get("mediaType")).unwrap_or_else(|| row.value());
        finder.value(About::MediaType, value, "media_type");
    }
    metadata(read, &mut finder);
    attachments(read, known, &mut finder);
    extras(row, read, &mut finder);
}

fn subject(row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, finder: &mut Finder<'_>) {
    match &read.subject {
        Subject::Missing if row.get("conversationalData").is_some() => {}
        Subject::Missing => finder.say(About::SubjectMissing, row.value, "row_data", ""),
        Subject::Address(said) => address::look(said, "row_data", known, finder),
        Subject::Content(said) if said.text.trim().is_empty() => finder.say(About::SubjectEmpty, said.span, "row_data", ""),
        Subject::Content(said) => {
            // Only text may be its own content.
            let text = read.media_type.as_ref().is_none_or(|kind| kind.eq_ignore_ascii_case("TEXT"));
            if !text || address::file_like(&said.text) {
                finder.say(About::UrlNone, said.span, "row_data", &said.text);
            }
        }
        Subject::Shaped(value) if !known_shape(*value) => finder.value(About::SubjectShape, *value, "row_data"),
        Subject::Shaped(value) => shaped(*value, known, finder),
        Subject::Many(all) => all.iter().for_each(|said| finder.say(About::SubjectShape, said.span, "row_data", "")),
        Subject::Wrong(value) if value.kind() == Kind::Null => finder.value(About::SubjectMissing, *value, "row_data"),
        Subject::Wrong(value) => finder.value(About::SubjectShape, *value, "row_data"),
    }
}

/// Two addresses of a PDF, a tile layer, a conversation.
fn known_shape(value: Value<'_>) -> bool {
    let conversation =
        |value: Value<'_>| value.text().is_some_and(|kind| kind.starts_with("application/vnd.labelbox.conversational"));
    let fields = value.fields();
    fields.iter().any(|(name, value)| match &**name {
        "pdf_url" | "pdfUrl" | "tile_layer_url" | "tileLayerUrl" => value.kind().is_text(),
        "type" => conversation(*value),
        _ => false,
    })
}

fn shaped(value: Value<'_>, known: Known, finder: &mut Finder<'_>) {
    for (name, value) in value.fields() {
        let page = matches!(&*name, "pdf_url" | "pdfUrl" | "text_layer_url" | "textLayerUrl");
        if let Some(said) = gantry_model::manifest::Said::of(value).filter(|_| page) {
            address::look(&said, &format!("row_data.{name}"), known, finder);
        }
    }
}

fn metadata(read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    for (at, meta) in read.metadata.iter().enumerate() {
        let field = || format!("metadata_fields[{at}].value");
        if meta.value.raw().len() > VALUE_MOST && meta.value.text().is_some_and(|text| text.chars().count() > VALUE_MOST) {
            finder.value(About::MetadataLong, meta.value, &field());
        }
        if matches!(meta.value.kind(), Kind::Null | Kind::True | Kind::False | Kind::List) {
            finder.value(About::MetadataShape, meta.value, &field());
        }
        let split = meta.name == "split" && !meta.by_id && meta.value.kind() == Kind::Text;
        if split && !matches!(meta.value.text().as_deref(), Some("train" | "valid" | "test")) {
            finder.value(About::MetadataReserved, meta.value, &field());
        }
    }
}

fn attachments(read: &ManifestRow<'_>, known: Known, finder: &mut Finder<'_>) {
    for (at, one) in read.attachments.iter().enumerate() {
        let kind = ATTACHMENTS.iter().find(|kind| kind.eq_ignore_ascii_case(one.kind.text.trim()));
        if kind.is_none() {
            finder.say(About::AttachmentType, one.kind.span, &format!("attachments[{at}].type"), &one.kind.text);
        }
        if one.value.text.trim().is_empty() {
            finder.say(About::AttachmentEmpty, one.value.span, &format!("attachments[{at}].value"), "");
        } else if kind.is_some_and(|kind| *kind != "RAW_TEXT")
            && (address::is_address(&one.value.text) || *kind.unwrap_or(&"") != "HTML")
        {
            address::look(&one.value, "attachments.value", known, finder);
        }
    }
}

/// Fields that were not read: unknown ones, older spellings, and known ones of another shape.
fn extras(row: &RowText<'_>, read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    for (name, value) in &read.extras {
        let field = &**name;
        match field {
            "metadata_fields" | "metadataFields" if value.raw() != "[]" => finder.value(About::MetadataShape, *value, field),
            "attachments" if value.raw() != "[]" => finder.value(About::AttachmentShape, *value, field),
            "external_id" | "media_type" => finder.unless(value.kind() == Kind::Null, *value, field),
            "embeddings" => finder.unless(value.kind() == Kind::List, *value, field),
            _ if FIELDS.contains(&field) || OLDER.contains(&field) || row.table => {}
            _ => finder.say(About::FieldUnknown, value.span(), field, ""),
        }
    }
    if row.fields.len() > read.extras.len() {
        older(row, finder);
    }
}

fn older(row: &RowText<'_>, finder: &mut Finder<'_>) {
    for field in row.fields {
        let name = &row.text[field.name.at..field.name.end];
        // All newer names are in lower case.
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) && OLDER.contains(&name.trim_matches('"')) {
            finder.say(About::FieldSpelling, field.name, name.trim_matches('"'), "");
        }
    }
}
