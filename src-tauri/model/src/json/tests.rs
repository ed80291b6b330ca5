use super::*;
use proptest::prelude::*;

fn wrong(text: &str) -> (Wrong, usize) {
    let slip = scan(text.as_bytes(), 0, &mut Vec::new()).expect_err(text);
    (slip.wrong, slip.at)
}

#[test]
fn the_fields_of_a_row_are_found_where_they_stand() {
    let text = r#" {"a": [1, {"b": "}"}], "c\"": "d\u00e9", "e": -1.5e3, "f": {}, "g": null} "#;
    let mut fields = Vec::new();
    let whole = scan(text.as_bytes(), 0, &mut fields).expect("good");
    assert_eq!((whole.span.at, whole.span.end, whole.span.kind), (1, text.len() - 1, Kind::Object));
    let row = Value::new(text, whole.span);
    let raws: Vec<_> = row.fields().into_iter().map(|(name, value)| format!("{name}={}", value.raw())).collect();
    assert_eq!(raws, [r#"a=[1, {"b": "}"}]"#, r#"c"="d\u00e9""#, "e=-1.5e3", "f={}", "g=null"]);
    assert_eq!(row.field("c\"").and_then(|value| value.text()).as_deref(), Some("d\u{e9}"));
    let items = row.field("a").expect("there").items();
    assert_eq!(items.iter().map(Value::raw).collect::<Vec<_>>(), ["1", r#"{"b": "}"}"#]);
}

#[test]
fn mistakes_are_named_and_stand_where_a_person_would_mend_them() {
    for (text, expected, at) in [
        (r#"{"a": 1 "b": 2}"#, Wrong::CommaMissing, 7),
        (r#"{"a": 1,}"#, Wrong::CommaTooMany, 7),
        (r#"[1,,2]"#, Wrong::CommaTooMany, 2),
        (r#"{"a" 1}"#, Wrong::ColonMissing, 4),
        (r#"{a: 1}"#, Wrong::NameMissing, 1),
        (r#"{'a': 1}"#, Wrong::OtherQuotes, 1),
        (r#"{"a": }"#, Wrong::ValueMissing, 6),
        (r#"{"a": True}"#, Wrong::NoQuotes, 6),
        (r#"{"a": nul}"#, Wrong::NoQuotes, 6),
        (r#"{"a": 01}"#, Wrong::Number, 6),
        (r#"{"a": 1.}"#, Wrong::Number, 6),
        (r#"{"a": "\x"}"#, Wrong::Escape, 7),
        (r#"{"a": "\u12g4"}"#, Wrong::Escape, 7),
        ("{\"a\": \"b\n\"}", Wrong::QuoteMissing, 6),
        ("{\"a\": \"b\0\"}", Wrong::Control, 8),
        (r#"{"a": 1]"#, Wrong::OtherBracket, 7),
        (
            r#"{"a": 1 // no
        }"#,
            Wrong::Comment,
            8,
        ),
        (r#"{"a": "#, Wrong::Ends, 6),
        ("{\"a\": \"b", Wrong::Ends, 8),
    ] {
        assert_eq!(wrong(text), (expected, at), "{text}");
    }
}

#[test]
fn depth_has_an_end_and_takes_no_stack() {
    let fine = format!("{}1{}", "[".repeat(128), "]".repeat(128));
    assert!(scan(fine.as_bytes(), 0, &mut Vec::new()).is_ok());
    assert_eq!(wrong(&"[".repeat(10_000)), (Wrong::TooDeep, 128));
    assert_eq!(wrong(&"{\"a\":".repeat(10_000)), (Wrong::TooDeep, 128 * 5));
}

#[test]
fn digits_beyond_a_float_are_noticed_and_kept() {
    let text = r#"{"id": 90071992547409931, "n": 1}"#;
    let scanned = scan(text.as_bytes(), 0, &mut Vec::new()).expect("good");
    assert_eq!(scanned.long_number, Some(7));
    assert_eq!(Value::new(text, scanned.span).field("id").expect("there").raw(), "90071992547409931");
}

#[test]
fn half_a_character_is_shown_as_one() {
    let text = r#""a\ud83d\ude00b\ud83dc\n""#;
    let scanned = scan(text.as_bytes(), 0, &mut Vec::new()).expect("grammar");
    assert_eq!(Value::new(text, scanned.span).text().as_deref(), Some("a\u{1f600}b\u{fffd}c\n"));
}

#[test]
fn every_slip_has_words() {
    for wrong in Wrong::ALL {
        assert!(crate::words::try_say(&format!("json-slip-{}", wrong.word()), &[]).is_some(), "{wrong:?}");
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<i32>().prop_map(|halves| (f64::from(halves) / 2.0).into()),
        any::<String>().prop_map(Into::into),
        "[ \"\\\\a-z{}\\[\\],:]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_writes_is_read_back(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("JSON");
        let mut fields = Vec::new();
        let scanned = scan(text.as_bytes(), 0, &mut fields).expect("good");
        prop_assert_eq!(scanned.span.end, text.len());
        let read = Value::new(&text, scanned.span);
        if let Some(object) = value.as_object() {
            prop_assert_eq!(fields.len(), object.len());
            for (name, value) in read.fields() {
                let back: serde_json::Value = serde_json::from_str(value.raw()).expect("JSON");
                prop_assert_eq!(&back, &object[&*name]);
            }
        }
        if let Some(list) = value.as_array() {
            prop_assert_eq!(read.items().len(), list.len());
        }
        if let Some(text) = value.as_str() {
            prop_assert_eq!(read.text().expect("text"), text);
        }
        // Cut anywhere, it ends too early, and nothing else is claimed.
        for cut in (1..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            if let Err(slip) = scan(&text.as_bytes()[..cut], 0, &mut fields) {
                prop_assert_eq!(slip.wrong, Wrong::Ends, "{} at {}", &text[..cut], slip.at);
            }
        }
    }

    #[test]
    fn it_takes_what_serde_takes(text in "[\\[\\]{}\",:0-9a-z. \\\\\n-]{0,24}") {
        let mut fields = Vec::new();
        let ours = scan(text.as_bytes(), 0, &mut fields).is_ok_and(|it| skip_space(text.as_bytes(), it.span.end) == text.len());
        prop_assert_eq!(ours, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{:?}", text);
    }
}
