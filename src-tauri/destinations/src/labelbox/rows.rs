//! A row as an import takes it. What Labelbox's SDK refuses before it sends is refused here too, with words, and the others go.
//! <https://docs.labelbox.com/reference/import-image-data>

use super::chunks;
use super::metadata::Fields;
use crate::known::carries::LABELBOX_ATTACHMENTS as ATTACHMENTS;
use crate::own;
use gantry_model::json;
use gantry_model::media::{Format, MediaKind};
use gantry_model::platform::{OwnForm, Role, RowObject, bare};
use gantry_model::words::{Value as Word, say};
use gantry_model::{Code, Problem, Row, Shape};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The field of a row's metadata.
const METADATA: &str = "metadata_fields";

/// The JSON of one row of an import into `dataset`.
///
/// # Errors
/// `row_refused` with a sentence when Labelbox could not take it.
pub(super) fn item(row: &Row, fields: &Fields, dataset: &str) -> Result<Vec<u8>, Problem> {
    let payload = match &row.own {
        Some(own) => passed_on(own, fields, dataset),
        None => payload(row, fields, dataset).map(|payload| payload.to_string()),
    };
    let payload = payload.map_err(|said| refused(&said))?;
    let item = format!(r#"{{"id":{{"type":"AUTO","value":""}},"payload":{payload}}}"#).into_bytes();
    if item.len() > chunks::LONGEST {
        return Err(refused(&say("labelbox-row-too-long", &[])));
    }
    Ok(item)
}

/// This row is not taken, and why.
pub(super) fn refused(said: &str) -> Problem {
    Problem::new(Code::RowRefused, "register").with("said", said)
}

/// A row in Labelbox's own words. The dataset that it goes into is ours to say, and metadata is written as an import wants it:
/// pages and files name its fields, an import their ids.
fn passed_on(own: &OwnForm, known: &Fields, dataset: &str) -> Result<String, String> {
    let (fields, dataset) = (own::fields(own), own::quoted(dataset));
    let metadata = Value::from(known.written(&said_metadata(&fields))?).to_string();
    let written = fields.iter().filter(|(name, _)| name != "dataset_id").map(|(name, value)| match name.as_str() {
        METADATA => (METADATA, metadata.as_str()),
        name => (name, *value),
    });
    Ok(own::object(written.chain([("dataset_id", dataset.as_str())])))
}

/// The metadata of a row in Labelbox's own words: fields by their id or name, and values.
fn said_metadata(fields: &[(String, &str)]) -> Vec<(String, String)> {
    let Some((_, text)) = fields.iter().find(|(name, _)| name == METADATA) else { return Vec::new() };
    let Ok(scanned) = json::scan(text.as_bytes(), 0, &mut Vec::new()) else { return Vec::new() };
    let said = |value: json::Value<'_>| value.text().map_or_else(|| value.raw().to_owned(), Cow::into_owned);
    let one = |item: json::Value<'_>| {
        let name = ["schema_id", "schemaId", "name"].into_iter().find_map(|name| item.field(name)?.text());
        (name.unwrap_or_default().into_owned(), item.field("value").map(said).unwrap_or_default())
    };
    json::Value::new(text, scanned.span).items().into_iter().map(one).collect()
}

/// Whether it has to be known which metadata there is, to write this row.
pub(super) fn has_metadata(row: &Row) -> bool {
    !row.metadata.is_empty() || row.own.as_ref().is_some_and(|own| !said_metadata(&own::fields(own)).is_empty())
}

fn payload(row: &Row, fields: &Fields, dataset: &str) -> Result<Value, String> {
    let subjects: Vec<&RowObject> = row.objects.iter().filter(|object| object.role == Role::Subject).collect();
    let (Shape::Single, [subject]) = (row.shape, &subjects[..]) else {
        return Err(say("labelbox-row-shape", &[]));
    };
    let mut payload = Map::new();
    payload.insert("row_data".into(), address(&subject.url)?.into());
    payload.insert("global_key".into(), row.key.as_str().into());
    payload.insert("external_id".into(), row.external_id.as_str().into());
    payload.insert("dataset_id".into(), dataset.into());
    if let Some(media_type) = media_type(subject) {
        payload.insert("media_type".into(), media_type.into());
    }
    let metadata = fields.written(&row.metadata)?;
    if !metadata.is_empty() {
        payload.insert("metadata_fields".into(), metadata.into());
    }
    let attachments = attachments(row)?;
    if !attachments.is_empty() {
        payload.insert("attachments".into(), attachments.into());
    }
    Ok(payload.into())
}

/// An address that Labelbox may be able to read: `s3://` and characters that its importer stumbles over are none.
fn address(url: &str) -> Result<&str, String> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let odd = |c: char| matches!(c, '#' | '<' | '>' | '|') || c.is_whitespace() || c.is_control();
    if web && !url.contains(odd) { Ok(url) } else { Err(say("labelbox-row-address", &[("value", Word::Text(bare(url)))])) }
}

/// What Labelbox calls this kind of media. It finds out by itself where nothing is said.
fn media_type(object: &RowObject) -> Option<&'static str> {
    Some(match (object.format, object.format.kind()) {
        (Format::Jpeg | Format::Png | Format::Gif | Format::Bmp | Format::Webp | Format::Heic | Format::Avif, _) => "IMAGE",
        (Format::Pdf, _) => "PDF",
        (Format::Html, _) => "HTML",
        (Format::Text | Format::Markdown, _) => "TEXT",
        (_, MediaKind::Video) => "VIDEO",
        (_, MediaKind::Audio) => "AUDIO",
        (_, MediaKind::PointCloud) => "POINT_CLOUD",
        _ => return None,
    })
}

fn attachments(row: &Row) -> Result<Vec<Value>, String> {
    let given = row.attachments.iter().map(|(kind, value, name)| attachment(kind, value, name));
    let beside = row.objects.iter().filter(|object| object.role != Role::Subject).map(|object| {
        let kind = match (object.role, media_type(object)) {
            (Role::Camera, _) => "CAMERA_IMAGE",
            (_, Some(kind @ ("IMAGE" | "VIDEO" | "AUDIO" | "HTML"))) => kind,
            (_, Some("PDF")) => "PDF_URL",
            (_, Some("TEXT")) => "TEXT_URL",
            _ => "",
        };
        attachment(kind, &object.url, &object.name)
    });
    given.chain(beside).collect()
}

fn attachment(kind: &str, value: &str, name: &str) -> Result<Value, String> {
    let known = ATTACHMENTS.iter().find(|one| one.eq_ignore_ascii_case(kind.trim()));
    let Some(known) = known else {
        let all = ATTACHMENTS.join(", ");
        return Err(say("labelbox-attachment-type", &[("value", Word::Text(kind)), ("all", Word::Text(&all))]));
    };
    if value.trim().is_empty() {
        return Err(say("labelbox-attachment-empty", &[("value", Word::Text(known))]));
    }
    let mut attachment = json!({"type": known, "value": value});
    if !name.is_empty() {
        attachment["name"] = name.into();
    }
    Ok(attachment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelbox::tests::row;

    fn written(row: &Row) -> Value {
        let item = item(row, &Fields::default(), "c-birds").expect("taken");
        serde_json::from_slice(&item).expect("JSON")
    }

    fn said(row: &Row) -> String {
        let problem = item(row, &Fields::default(), "c-birds").expect_err("refused");
        assert_eq!(problem.code, Code::RowRefused);
        let said = problem.fact("said").expect("words").to_owned();
        assert!(!said.starts_with("labelbox-"), "no words: {said}");
        said
    }

    #[test]
    fn a_row_is_written_as_the_sdk_writes_it() {
        let mut full = row("birds/a.jpg", "https://b.s3.amazonaws.com/a.jpg");
        full.attachments = vec![
            ("image_overlay".into(), "https://b.s3.amazonaws.com/o.jpg".into(), "RGB".into()),
            ("RAW_TEXT".into(), "text".into(), String::new()),
        ];
        let payload = json!({"row_data": "https://b.s3.amazonaws.com/a.jpg", "global_key": "birds/a.jpg", "external_id": "birds/a.jpg",
            "media_type": "IMAGE", "dataset_id": "c-birds", "attachments": [
            {"type": "IMAGE_OVERLAY", "value": "https://b.s3.amazonaws.com/o.jpg", "name": "RGB"}, {"type": "RAW_TEXT", "value": "text"}]});
        assert_eq!(written(&full), json!({"id": {"type": "AUTO", "value": ""}, "payload": payload}));
    }

    #[test]
    fn the_media_type_is_said_where_the_content_leaves_no_doubt() {
        for (format, name, kind) in [
            (Format::Png, "a.png", json!("IMAGE")),
            (Format::Mp4, "a.mp4", json!("VIDEO")),
            (Format::Wav, "a.wav", json!("AUDIO")),
            (Format::Pcd, "a.pcd", json!("POINT_CLOUD")),
            (Format::Pdf, "a.pdf", json!("PDF")),
            (Format::Text, "a.txt", json!("TEXT")),
            (Format::Html, "a.html", json!("HTML")),
            // A conversation, a GeoTIFF, a scan, or none of them: Labelbox looks.
            (Format::Json, "a.json", Value::Null),
            (Format::Tiff, "a.tif", Value::Null),
            (Format::Dicom, "a.dcm", Value::Null),
            (Format::Unknown, "a", Value::Null),
        ] {
            let mut one = row("a", "https://x.org/a");
            (one.objects[0].format, one.objects[0].name) = (format, name.to_owned());
            assert_eq!(written(&one)["payload"]["media_type"], kind, "{name}");
        }
    }

    #[test]
    fn what_labelbox_could_not_take_is_refused_in_words() {
        let mut many = row("a", "https://x.org/a");
        many.shape = Shape::Sequence;
        assert!(said(&many).contains("one file"));
        for url in ["s3://bucket/a", "/home/me/a.jpg", "https://x.org/a#b", "https://x.org/a b?X-Amz-Signature=abc"] {
            let said = said(&row("a", url));
            assert!(said.contains(bare(url)) && !said.contains("Signature"), "{said}");
        }
        let mut attached = row("a", "https://x.org/a");
        attached.attachments = vec![("TEXT".into(), "x".into(), String::new())];
        assert!(said(&attached).contains("TEXT") && said(&attached).contains("RAW_TEXT"));
        attached.attachments = vec![("IMAGE".into(), " ".into(), String::new())];
        assert!(said(&attached).contains("IMAGE"));
        let long = "x".repeat(chunks::LIMIT);
        attached.attachments = vec![("RAW_TEXT".into(), long, String::new())];
        said(&attached);
    }
}
