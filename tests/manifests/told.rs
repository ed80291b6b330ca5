//! What is recognised, and what is told about rows.

use super::{checked, file, fixture, open, places};
use gantry_model::Severity;
use gantry_model::manifest::{Form, Layout};

#[test]
fn the_vendors_own_samples_are_recognised_and_can_be_used() {
    for (name, form, layout, rows, why) in [
        ("labelbox-delegated.json", Form::Labelbox, Layout::List, 2, "row_data"),
        ("labelbox-standard.json", Form::Labelbox, Layout::List, 2, "row_data"),
        ("ango.json", Form::Ango, Layout::List, 2, "data"),
        ("segments.json", Form::Segments, Layout::List, 3, "attributes"),
        ("urls.txt", Form::Urls, Layout::Plain, 3, "https://"),
        ("table.csv", Form::Urls, Layout::Csv, 2, "url"),
    ] {
        let manifest = open(&fixture(name));
        assert_eq!((manifest.form(), manifest.layout, manifest.why[0].as_str()), (form, layout, why), "{name}");
        let (findings, sum) = checked(&manifest);
        assert_eq!((sum.rows, sum.good, sum.blocked), (rows, rows, 0), "{name}: {findings:?}");
    }
    let (findings, sum) = checked(&open(&fixture("labelbox-delegated.json")));
    // Both rows of the page stand for one object under two names.
    assert_eq!(places(&findings), ["labelbox-url-twice 10:17"]);
    assert_eq!((sum.warnings, findings[0].rule.severity), (1, Severity::Warning));
}

#[test]
fn mistakes_are_told_to_the_line_and_good_rows_go_on() {
    let manifest = open(&fixture("broken.json"));
    let (findings, sum) = checked(&manifest);
    let told = places(&findings);
    assert_eq!(
        told,
        [
            "manifest-syntax 3:37",
            "manifest-syntax 4:56",
            "manifest-syntax 5:56",
            "labelbox-url-space 7:16",
            "labelbox-url-plus 8:16",
            "labelbox-key-twice 8:55",
        ],
        "{findings:#?}"
    );
    assert_eq!(findings[0].text, "Line 3, column 37: a comma is missing.");
    assert_eq!(findings[0].excerpt.text, "{\"row_data\": \"https://x.org/2.jpg\" \"global_key\": \"2\"},");
    assert_eq!(findings[0].excerpt.before, 34);
    assert_eq!((sum.rows, sum.good, sum.blocked, sum.warnings), (7, 2, 5, 1), "{sum:?}");
}

#[test]
fn a_row_names_its_field_and_every_finding_has_a_source() {
    let text = "[\n{\"global_key\": \"a\"},\n{\"row_data\": \"https://x.org/\u{fc} b\", \"global_key\": \"A\"}]";
    let (_folder, path) = file("rows.json", text);
    let (findings, _) = checked(&open(&path));
    assert_eq!(findings[0].text, "`row_data` is missing.");
    assert_eq!((findings[0].place.row, findings[0].place.line, findings[0].place.column), (1, 2, 1));
    assert!(findings.iter().all(|one| one.rule.source.starts_with("https://") && !one.text.contains("manifest-rule")));
    // The letter before it is one column, whatever it takes in bytes; names are one to Labelbox in either case.
    assert_eq!(places(&findings).last().map(String::as_str), Some("labelbox-key-twice 3:49"), "{findings:#?}");
    assert!(findings.last().is_some_and(|one| one.text.contains("Row 1 ")));
}

#[test]
fn lines_tables_and_lists_tell_the_same_row() {
    let row = "{\"data\": \"https://x.org/a b.jpg\", \"externalId\": \"a\"}";
    for (name, text, place) in [
        ("a.json", format!("[{row}]"), "1:11"),
        ("a.jsonl", format!("{row}\n{row}\n"), "1:10"),
        ("a.csv", "data,externalId\nhttps://x.org/a b.jpg,a\n".to_owned(), "2:1"),
        ("a.tsv", "externalId\tdata\na\t\"https://x.org/a b.jpg\"\n".to_owned(), "2:3"),
    ] {
        let (_folder, path) = file(name, text);
        let (findings, sum) = checked(&open(&path));
        assert_eq!(places(&findings)[0], format!("ango-url-space {place}"), "{name}");
        assert!(sum.blocked >= 1);
    }
}

#[test]
fn a_broken_row_of_lines_or_a_table_costs_only_itself() {
    let lines = "{\"row_data\": \"https://x.org/1\", \"global_key\": \"1\"}\n{\"row_data\": \"https://x.org/2\n\
        {\"row_data\": \"https://x.org/3\", \"global_key\": \"3\"}\n";
    let (_folder, path) = file("a.jsonl", lines);
    let (findings, sum) = checked(&open(&path));
    assert_eq!((places(&findings), sum.rows, sum.good), (vec!["manifest-syntax 2:14".to_owned()], 3, 2));
    let (_folder, path) =
        file("a.csv", "row_data,global_key\nhttps://x.org/1,1\nhttps://x.org/2\n\"https://x.org/3\" x,3\nhttps://x.org/4,4\n");
    let (findings, sum) = checked(&open(&path));
    assert_eq!(places(&findings), ["manifest-cells 3:16", "manifest-syntax 4:18"]);
    assert_eq!((sum.rows, sum.good), (4, 2));
}

#[test]
fn a_signature_is_never_shown() {
    let url =
        "https://x.org/a b.jpg?X-Amz-Date=20261127T110000Z&X-Amz-Expires=3600&X-Amz-Credential=who&X-Amz-Signature=verysecret";
    for (name, text) in [
        (
            "a.json",
            format!(
                "[{{\"row_data\": \"{url}\", \"global_key\": \"1\", \"x\": 1}}, {{\"row_data\": \"{url}\", \"global_key\": \"1\"}}]"
            ),
        ),
        ("a.json", format!("[{{\"row_data\": \"{url}\" \"global_key\": 1}}, {{\"row_data\": \"https://x.org/2\"}}]")),
        ("a.csv", format!("row_data,global_key\n{url},1\n{url},1\n")),
        ("a.txt", format!("{url}\n{url}\n")),
    ] {
        let (_folder, path) = file(name, text);
        let (findings, _) = checked(&open(&path));
        assert!(!findings.is_empty());
        for one in &findings {
            let told = format!("{} {}", one.text, one.excerpt.text);
            assert!(!told.contains("secret") && !told.contains("Credential"), "{told}");
        }
    }
}

#[test]
fn columns_are_what_their_heads_say_or_a_person() {
    let (_folder, path) = file("a.csv", "Photo;Number;Image URL;colour\nx;1;https://x.org/a b;red\n");
    let manifest = open(&path);
    assert_eq!((manifest.layout, manifest.form()), (Layout::Semicolons, Form::Urls));
    assert_eq!(manifest.unused_columns(), ["Photo", "Number", "colour"]);
    let map = [("Number".to_owned(), "key".to_owned()), ("4".to_owned(), "metadata.colour".to_owned())];
    let wish = gantry_engine::manifest::Wish { map: &map, ..Default::default() };
    let mapped = gantry_engine::manifest::Manifest::open(&path, &wish, &gantry_destinations::dialects()).expect("it opens");
    assert_eq!(mapped.columns, [None, Some("key".into()), Some("url".into()), Some("metadata.colour".into())]);
    let (_folder, path) = file("two.csv", "url,image_url\nhttps://x.org/a,https://x.org/b\n");
    assert_eq!(open(&path).columns, [Some("url".into()), None], "of two heads that mean one field, the first one is it");
    let (_folder, path) = file("bare.csv", "one,https://x.org/a\ntwo,https://x.org/b c\n");
    let bare = open(&path);
    assert!(bare.headless());
    assert_eq!(places(&checked(&bare).0), ["urls-url-space 2:5"]);
}
