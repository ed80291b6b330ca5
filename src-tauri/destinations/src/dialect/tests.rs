use super::*;
use gantry_model::json::scan;
use gantry_model::manifest::{About, Form, Found, Known, RowText};
use gantry_model::words::{Value as Word, say};
use proptest::prelude::*;
use std::collections::HashSet;

fn dialect(form: Form) -> &'static dyn Dialect {
    dialects().into_iter().find(|one| one.form() == form).expect("known")
}

/// Reads a row and gives it to a test.
fn with<T>(text: &str, then: impl FnOnce(&RowText<'_>) -> T) -> T {
    let mut fields = Vec::new();
    let scanned = scan(text.as_bytes(), 0, &mut fields).unwrap_or_else(|slip| panic!("{slip:?} in {text}"));
    then(&RowText { text, value: scanned.span, fields: &fields, table: false })
}

fn found(form: Form, text: &str) -> Vec<Found> {
    let (mut found, dialect) = (Vec::new(), dialect(form));
    with(text, |row| dialect.check(row, &dialect.read(row), Known { now: 1_795_780_800 }, &mut found));
    found
}

fn abouts(form: Form, text: &str) -> Vec<About> {
    found(form, text).into_iter().map(|one| one.about).collect()
}

fn written(from: Form, to: Form, text: &str) -> (serde_json::Value, Vec<String>) {
    let carried = with(text, |row| dialect(to).write(&dialect(from).read(row), from));
    (serde_json::from_str(&carried.text).unwrap_or_default(), carried.left)
}

fn mended(form: Form, text: &str, matters: &[About]) -> String {
    let mut changes = with(text, |row| dialect(form).mend(row, &dialect(form).read(row), matters));
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    let mut text = text.to_owned();
    changes.iter().for_each(|change| text.replace_range(change.at..change.end, &change.text));
    text
}

#[test]
fn every_rule_has_an_id_of_its_form_words_a_source_and_a_date() {
    for dialect in dialects() {
        let ids: HashSet<_> = dialect.rules().iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), dialect.rules().len(), "an id stands twice");
        for rule in dialect.rules() {
            assert_eq!(rule.id, format!("{}-{}", dialect.form().word(), rule.about.word()));
            assert!(rule.source.starts_with("https://") && rule.checked.len() == 10, "{}", rule.id);
            let id = format!("manifest-rule-{}", rule.about.word());
            let text = |count| say(&id, &[("count", Word::Count(count)), ("value", Word::Text("x"))]);
            assert!(text(12).contains("12 ") && text(1) != id, "{id}: {} / {}", text(1), text(12));
        }
    }
}

const ALL_MENDS: &[About] = &[
    About::UrlSpace,
    About::UrlPlus,
    About::UrlTwiceEncoded,
    About::UrlPercent,
    About::UrlEncoding,
    About::UrlCharacter,
    About::UrlHash,
    About::UrlQuestion,
    About::UrlHttp,
    About::UrlPathStyle,
    About::KeyMissing,
    About::KeySpaces,
];

#[test]
fn what_is_wrong_with_an_address_is_found_and_mended() {
    for (address, about, after) in [
        ("https://x.org/a b.jpg", About::UrlSpace, "https://x.org/a%20b.jpg"),
        ("https://x.org/a+b.jpg?v=1+2", About::UrlPlus, "https://x.org/a%20b.jpg?v=1+2"),
        ("https://x.org/a%2520b.jpg", About::UrlTwiceEncoded, "https://x.org/a%20b.jpg"),
        ("https://x.org/100%.jpg", About::UrlPercent, "https://x.org/100%25.jpg"),
        ("https://x.org/\u{fc}.jpg", About::UrlEncoding, "https://x.org/%C3%BC.jpg"),
        ("https://x.org/a|b.jpg", About::UrlCharacter, "https://x.org/a%7Cb.jpg"),
        ("https://x.org/a#b.jpg", About::UrlHash, "https://x.org/a%23b.jpg"),
        ("https://x.org/why?.jpg", About::UrlQuestion, "https://x.org/why%3F.jpg"),
        ("http://x.org/a.jpg", About::UrlHttp, "https://x.org/a.jpg"),
        ("https://s3.eu-west-1.amazonaws.com/acme/a.jpg", About::UrlPathStyle, "https://acme.s3.eu-west-1.amazonaws.com/a.jpg"),
        ("https://s3-eu-west-1.amazonaws.com/acme/a.jpg", About::UrlPathStyle, "https://acme.s3.eu-west-1.amazonaws.com/a.jpg"),
    ] {
        let row = format!("{{\"global_key\": \"k\", \"row_data\": {}}}", serde_json::Value::from(address));
        assert_eq!(abouts(Form::Labelbox, &row), [about], "{address}");
        let mended = mended(Form::Labelbox, &row, ALL_MENDS);
        let read: serde_json::Value = serde_json::from_str(&mended).expect("JSON");
        assert_eq!(read["row_data"], after);
        assert_eq!(abouts(Form::Labelbox, &mended), [], "{mended}");
    }
}

#[test]
fn what_cannot_be_an_address_is_told_apart() {
    for (address, about) in [
        ("s3://acme/a.jpg", About::UrlStore),
        ("gs://acme/a.jpg", About::UrlStore),
        ("ftp://x.org/a.jpg", About::UrlScheme),
        ("/home/mara/a.jpg", About::UrlLocal),
        ("C:\\\\photos\\\\a.jpg", About::UrlLocal),
        ("photos/a.jpg", About::UrlNone),
        ("", About::SubjectEmpty),
    ] {
        let row = format!("{{\"global_key\": \"k\", \"row_data\": \"{address}\"}}");
        assert!(abouts(Form::Labelbox, &row).contains(&about), "{address}: {:?}", found(Form::Labelbox, &row));
    }
    for local in ["/home/mara/a b+ü #1.jpg", "C:\\\\photos\\\\100%.jpg", "file:///home/mara/ä.jpg"] {
        for (form, row) in [(Form::Labelbox, "global_key\": \"k\", \"row_data"), (Form::Ango, "externalId\": \"k\", \"data")] {
            let row = format!("{{\"{row}\": \"{local}\"}}");
            assert_eq!(abouts(form, &row), [About::UrlLocal], "{local} is told twice");
        }
    }
    assert_eq!(abouts(Form::Labelbox, r#"{"global_key": "k", "row_data": "Birds fly south.", "media_type": "TEXT"}"#), []);
    assert_eq!(abouts(Form::Ango, r##"{"externalId": "k", "data": "# Birds\nThey fly."}"##), []);
}

#[test]
fn a_signed_address_has_an_end_is_never_shown_and_never_changed() {
    let signed = "https://x.org/a+b.jpg?X-Amz-Date=20261127T110000Z&X-Amz-Expires=3600&X-Amz-Signature=verysecret";
    let row = format!("{{\"global_key\": \"k\", \"row_data\": \"{signed}\"}}");
    let found = found(Form::Labelbox, &row);
    assert!(found.iter().any(|one| one.about == About::UrlSignedOver && one.value == "2026-11-27 12:00 UTC"), "{found:?}");
    assert!(found.iter().all(|one| !one.value.contains("secret")), "{found:?}");
    assert_eq!(mended(Form::Labelbox, &row, ALL_MENDS), row);
}

#[test]
fn rows_of_labelbox_are_judged_as_its_sdk_judges_them() {
    let url = "https://x.org/a.jpg";
    for (row, about) in [
        (r#"{"global_key": "k"}"#.to_owned(), About::SubjectMissing),
        (r#"{"global_key": "k", "row_data": 5}"#.to_owned(), About::SubjectShape),
        (r#"{"global_key": "k", "row_data": {"a": 1}}"#.to_owned(), About::SubjectShape),
        ("[]".to_owned(), About::NotAnObject),
        (format!(r#"{{"row_data": "{url}"}}"#), About::KeyMissing),
        (format!(r#"{{"row_data": "{url}", "global_key": 5}}"#), About::FieldType),
        (format!(r#"{{"row_data": "{url}", "global_key": "{}"}}"#, "x".repeat(201)), About::KeyLong),
        (format!(r#"{{"row_data": "{url}", "global_key": "a  b"}}"#), About::KeySpaces),
        (format!(r#"{{"row_data": "{url}", "global_key": "a#b"}}"#), About::KeyCharacters),
        (format!(r#"{{"row_data": "{url}", "global_key": "k", "colour": "red"}}"#), About::FieldUnknown),
        (format!(r#"{{"rowData": "{url}", "global_key": "k"}}"#), About::FieldSpelling),
        (format!(r#"{{"row_data": "{url}", "global_key": "k", "media_type": "FILM"}}"#), About::MediaType),
        (format!(r#"{{"row_data": "{url}", "global_key": "k", "metadata_fields": {{"a": 1}}}}"#), About::MetadataShape),
        (
            format!(
                r#"{{"row_data": "{url}", "global_key": "k", "metadata_fields": [{{"name": "split", "value": "training"}}]}}"#
            ),
            About::MetadataReserved,
        ),
        (format!(r#"{{"row_data": "{url}", "global_key": "k", "attachments": "x"}}"#), About::AttachmentShape),
        (
            format!(r#"{{"row_data": "{url}", "global_key": "k", "attachments": [{{"type": "TEXT", "value": "x"}}]}}"#),
            About::AttachmentType,
        ),
        (
            format!(r#"{{"row_data": "{url}", "global_key": "k", "attachments": [{{"type": "RAW_TEXT", "value": ""}}]}}"#),
            About::AttachmentEmpty,
        ),
    ] {
        assert_eq!(abouts(Form::Labelbox, &row), [about], "{row}");
    }
    let pdf = r#"{"global_key": "k", "row_data": {"pdf_url": "https://x.org/a.pdf", "text_layer_url": "https://x.org/a b"}}"#;
    assert_eq!(abouts(Form::Labelbox, pdf), [About::UrlSpace]);
}

#[test]
fn rows_of_the_others_are_judged_too() {
    let url = "https://x.org/a.jpg";
    assert_eq!(abouts(Form::Ango, &format!(r#"{{"data": "{url}", "externalId": "a", "width": 603, "height": 450}}"#)), []);
    assert_eq!(
        abouts(Form::Ango, &format!(r#"{{"data": "{url}", "externalId": "a", "width": 0, "height": 450}}"#)),
        [About::Size]
    );
    assert_eq!(abouts(Form::Ango, &format!(r#"{{"dataset": ["{url}", "s3://a/b"], "externalId": "a"}}"#)), [About::UrlStore]);
    assert_eq!(abouts(Form::Ango, r#"{"dataset": [], "externalId": "a"}"#), [About::SubjectShape]);
    assert_eq!(
        abouts(Form::Ango, &format!(r#"{{"data": "{url}", "dataset": ["{url}"], "externalId": "a"}}"#)),
        [About::SubjectTwice]
    );
    assert_eq!(abouts(Form::Segments, &format!(r#"{{"name": "a", "attributes": {{"image": {{"url": "{url}"}}}}}}"#)), []);
    assert_eq!(abouts(Form::Segments, r#"{"name": "a", "attributes": {"picture": 1}}"#), [About::SubjectShape]);
    let cloud = format!(r#"{{"name": "a", "attributes": {{"pcd": {{"url": "{url}", "type": "e57"}}}}}}"#);
    assert_eq!(abouts(Form::Segments, &cloud), [About::CloudType]);
    assert_eq!(abouts(Form::Segments, &format!(r#"{{"attributes": {{"image": {{"url": "{url}"}}}}}}"#)), [About::KeyMissing]);
    assert_eq!(abouts(Form::Urls, "\"https://x.org/a b\""), [About::UrlSpace]);
}

#[test]
fn what_both_know_is_carried_and_the_rest_is_named() {
    let labelbox = r#"{"row_data": "https://x.org/a.jpg", "global_key": "k", "external_id": "e", "media_type": "IMAGE",
        "metadata_fields": [{"name": "city", "value": "Ghent"}, {"schema_id": "c1", "value": 2}],
        "attachments": [{"type": "RAW_TEXT", "value": "t"}, {"type": "IMAGE_OVERLAY", "value": "https://x.org/o.jpg"}], "embeddings": [1]}"#;
    let (ango, left) = written(Form::Labelbox, Form::Ango, labelbox);
    assert_eq!(
        ango,
        serde_json::json!({"data": "https://x.org/a.jpg", "externalId": "k", "contextData": {"city": "Ghent"},
            "attachments": [{"type": "TEXT", "value": "t"}]})
    );
    assert_eq!(left, ["external_id", "media_type", "metadata (schema_id)", "attachments (IMAGE_OVERLAY)", "embeddings"]);
    let (segments, _) =
        written(Form::Ango, Form::Segments, r#"{"dataset": ["https://x.org/1", "https://x.org/2"], "externalId": "k"}"#);
    assert_eq!(segments["attributes"]["frames"][1]["image"]["url"], "https://x.org/2");
    let (none, left) =
        written(Form::Segments, Form::Labelbox, r#"{"name": "a", "attributes": {"pcd": {"url": "https://x.org/a"}}}"#);
    assert!(none.is_null() && left == ["attributes"]);
}

/// Rows with every field that a form knows, and some that it does not.
fn any_row(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let url = proptest::sample::select(vec!["https://x.org/a%20b.jpg", "s3://b/k", "text", "", "/a", "https://x.org/\u{fc}?a=b"]);
    let url = url.prop_map(|url| serde_json::Value::from(url).to_string());
    let entry = (proptest::sample::select(vec!["name", "schema_id", "type", "url"]), url.clone(), "[0-9]{1,20}").prop_map(
        |(name, text, number)| format!("{{\"{name}\": {text}, \"value\": {}}}", number.trim_start_matches('0').to_owned() + "1"),
    );
    let object =
        (entry.clone(), url.clone()).prop_map(|(inner, url)| format!("{{\"image\": {{\"url\": {url}}}, \"x\": {inner}}}"));
    let image = url.clone().prop_map(|url| format!("{{\"image\": {{\"url\": {url}}}}}"));
    let frames = image.clone().prop_map(|image| format!("{{\"frames\": [{image}, {image}]}}"));
    let attachment = url.clone().prop_map(|url| format!("{{\"type\": \"IMAGE\", \"value\": {url}}}"));
    let item = prop_oneof![entry, url.clone(), attachment];
    let many = proptest::collection::vec(item, 0..3).prop_map(|all| format!("[{}]", all.join(",")));
    let value = prop_oneof![
        url,
        many,
        object,
        image,
        frames,
        Just("null".to_owned()),
        Just("12345678901234567890".to_owned()),
        Just("true".to_owned())
    ];
    let fields = proptest::sample::subsequence(names.to_vec(), 0..=names.len());
    (fields, proptest::collection::vec(value, names.len())).prop_map(|(fields, values)| {
        let all: Vec<String> = fields.iter().zip(values).map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", all.join(", "))
    })
}

fn round_trip(form: Form, text: &str) -> Result<(), TestCaseError> {
    let carried = with(text, |row| dialect(form).write(&dialect(form).read(row), form));
    prop_assert_eq!(&carried.left, &Vec::<String>::new());
    let before: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let after: serde_json::Value = serde_json::from_str(&carried.text).expect("JSON");
    prop_assert_eq!(before, after);
    // Asking what is wrong with it, or to mend it, never ends badly.
    found(form, text);
    let mended = mended(form, text, ALL_MENDS);
    prop_assert!(serde_json::from_str::<serde_json::Value>(&mended).is_ok(), "{}", mended);
    Ok(())
}

proptest! {
    #[test]
    fn a_row_of_labelbox_survives(text in any_row(&["row_data", "global_key", "external_id", "media_type", "metadata_fields", "metadata", "attachments", "embeddings", "more"])) {
        round_trip(Form::Labelbox, &text)?;
    }

    #[test]
    fn an_asset_of_ango_survives(text in any_row(&["data", "dataset", "externalId", "width", "height", "contextData", "metadata", "attachments", "batches", "more"])) {
        round_trip(Form::Ango, &text)?;
    }

    #[test]
    fn a_sample_of_segments_survives(text in any_row(&["name", "attributes", "metadata", "priority", "readme", "more"])) {
        round_trip(Form::Segments, &text)?;
    }
}
