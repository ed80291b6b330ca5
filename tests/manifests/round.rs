//! Whole files go through each layout and come back as they were.

use super::changed::{converted, read};
use super::{checked, file, open_as};
use gantry_model::manifest::Form;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9]{1,8}",
        "[ \"',;\\\\\t\r\na-z\u{fc}\u{1f600}]{1,12}",
        Just("12".to_owned()),
        Just("true".to_owned()),
        Just("\"x\"".to_owned()),
        Just("[1]".to_owned())
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![text().prop_map(Value::from), any::<i64>().prop_map(Value::from), any::<bool>().prop_map(Value::from)]
}

fn address() -> impl Strategy<Value = String> {
    "[a-z0-9%+?=& ,;\"]{1,12}".prop_map(|end| format!("https://x.org/{end}"))
}

fn object(names: &'static str) -> impl Strategy<Value = Option<Map<String, Value>>> {
    proptest::option::of(proptest::collection::vec((names, value()), 1..4).prop_map(|all| all.into_iter().collect()))
}

fn labelbox() -> impl Strategy<Value = Value> {
    let meta = object("[a-z .,]{1,6}");
    let attachments = proptest::collection::vec((text(), address()), 0..3);
    let special = Just(json!({"pdf_url": "https://x.org/a.pdf", "text_layer_url": "https://x.org/a.json"}));
    let subject = prop_oneof![address().prop_map(Value::from), special];
    (subject, text(), proptest::option::of(text()), meta, attachments, proptest::option::of(value())).prop_map(
        |(url, key, external, meta, attachments, extra)| {
            let mut row = Map::from_iter([("row_data".to_owned(), url), ("global_key".to_owned(), key.into())]);
            external.map(|id| row.insert("external_id".into(), id.into()));
            meta.map(|meta| {
                let all: Vec<Value> = meta.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
                row.insert("metadata_fields".into(), all.into())
            });
            if !attachments.is_empty() {
                let all: Vec<Value> =
                    attachments.iter().map(|(name, url)| json!({"type": "IMAGE", "value": url, "name": name})).collect();
                row.insert("attachments".into(), all.into());
            }
            extra.map(|extra| row.insert("embeddings".into(), json!([extra])));
            row.into()
        },
    )
}

fn ango() -> impl Strategy<Value = Value> {
    let pages = proptest::collection::vec(address(), 1..3);
    (
        prop_oneof![address().prop_map(|url| ("data", Value::from(url))), pages.prop_map(|all| ("dataset", Value::from(all)))],
        text(),
        any::<u16>(),
        object("[a-z]{1,6}"),
        proptest::option::of(value()),
    )
        .prop_map(|((name, url), key, width, meta, extra)| {
            let mut row = Map::from_iter([
                (name.to_owned(), url),
                ("externalId".to_owned(), key.into()),
                ("width".to_owned(), width.into()),
            ]);
            meta.map(|meta| row.insert("contextData".into(), meta.into()));
            extra.map(|extra| row.insert("storage".into(), extra));
            row.into()
        })
}

fn segments() -> impl Strategy<Value = Value> {
    let image = address().prop_map(|url| json!({"image": {"url": url}}));
    let cloud = address().prop_map(|url| json!({"pcd": {"url": url, "type": "pcd"}, "default_z": -1.5}));
    let frames = proptest::collection::vec(address().prop_map(|url| json!({"image": {"url": url}})), 1..3)
        .prop_map(|all| json!({"frames": all}));
    (text(), prop_oneof![image, cloud, frames], object("[a-z]{1,6}"), any::<i32>()).prop_map(
        |(name, attributes, meta, priority)| {
            let mut row = Map::from_iter([
                ("name".to_owned(), name.into()),
                ("attributes".to_owned(), attributes),
                ("priority".to_owned(), priority.into()),
            ]);
            meta.map(|meta| row.insert("metadata".into(), meta.into()));
            row.into()
        },
    )
}

/// Metadata is known by its names: in a table it stands in the order of the columns.
fn by_names(mut list: Value) -> Value {
    for fields in list.as_array_mut().into_iter().flatten().filter_map(|row| row.get_mut("metadata_fields")?.as_array_mut()) {
        fields.sort_by_key(|field| field["name"].to_string());
    }
    list
}

/// Through lines, a table and a list again.
fn comes_back(form: Form, rows: &[Value], pretty: bool) -> Result<(), TestCaseError> {
    let list = Value::from(rows);
    let text = if pretty { serde_json::to_string_pretty(&list) } else { serde_json::to_string(&list) }.expect("JSON");
    let (_folder, path) = file("a.json", text);
    let (lines, sum) = converted(&path, None, Some(form), "a.jsonl");
    prop_assert_eq!((sum.written, sum.left.len()), (rows.len() as u64, 0));
    let (table, sum) = converted(&lines, Some(form), None, "a.csv");
    prop_assert_eq!((sum.written, sum.left.len()), (rows.len() as u64, 0));
    let (back, sum) = converted(&table, Some(form), Some(form), "b.json");
    prop_assert_eq!((sum.written, sum.broken, sum.left.len()), (rows.len() as u64, 0, 0));
    prop_assert_eq!(by_names(read(&back)), by_names(list), "{}", std::fs::read_to_string(&table).unwrap_or_default());
    let manifest = open_as(&back, None).expect("recognised");
    prop_assert_eq!(manifest.form(), form);
    prop_assert_eq!(checked(&manifest).1.rows, rows.len() as u64);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn a_manifest_of_labelbox_comes_back(rows in proptest::collection::vec(labelbox(), 1..6), pretty in any::<bool>()) {
        comes_back(Form::Labelbox, &rows, pretty)?;
    }

    #[test]
    fn a_manifest_of_ango_comes_back(rows in proptest::collection::vec(ango(), 1..6), pretty in any::<bool>()) {
        comes_back(Form::Ango, &rows, pretty)?;
    }

    #[test]
    fn a_manifest_of_segments_comes_back(rows in proptest::collection::vec(segments(), 1..6), pretty in any::<bool>()) {
        comes_back(Form::Segments, &rows, pretty)?;
    }
}
