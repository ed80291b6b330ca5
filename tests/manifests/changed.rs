//! What is made of a manifest: mended copies, other forms, comparisons, assets. The file itself never changes.

use super::{checked, file, fixture, open, open_as};
use gantry_engine::manifest::{
    Aside, Converted, Difference, Manifest, Template, breaking, build, compare, convert, layout_of, mend, mend_without, usual,
};
use gantry_model::manifest::{About, Form, Known};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

static GO: AtomicBool = AtomicBool::new(false);

fn mended(manifest: &Manifest, matters: &[About], to: &Path) -> (String, Vec<String>) {
    let mut shown = Vec::new();
    let mut aside = Aside::create(to, false, &manifest.path).expect("it can be made");
    let mut told = |_, change: &gantry_model::manifest::Change| shown.push(format!("{} -> {}", change.before, change.after));
    mend(manifest, matters, Some(&mut aside), &GO, &mut told).expect("mended");
    aside.finish().expect("finished");
    (std::fs::read_to_string(to).expect("text"), shown)
}

pub(super) fn converted(path: &Path, form: Option<Form>, to: Option<Form>, name: &str) -> (PathBuf, Converted) {
    let manifest = open_as(path, form).unwrap_or_else(|problem| panic!("{problem}"));
    let out = path.with_file_name(name);
    let dialect = to.and_then(|to| gantry_destinations::dialects().into_iter().find(|one| one.form() == to));
    let mut aside = Aside::create(&out, true, path).expect("it can be made");
    let sum = convert(&manifest, dialect, layout_of(&out), Some(&mut aside), &GO).expect("converted");
    aside.finish().expect("finished");
    (out, sum)
}

pub(super) fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn only_what_is_mended_changes() {
    let text = "[ {\"row_data\":\"https://x.org/a+b.jpg\",   \"global_key\" : \"K\", \"x\": 1.50},\n\n\t{\"row_data\":\n\"https://x.org/c d.jpg\", \
        \"global_key\":\"k\"} , {\"row_data\": \"https://x.org/ok.jpg\", \"global_key\": \"k-2\"}, {\"row_data\": \"https://x.org/K.jpg\"}]\n\n";
    let (folder, path) = file("a.json", text);
    let manifest = open(&path);
    let (after, shown) = mended(&manifest, &usual(&manifest), &folder.path().join("b.json"));
    let expected = text.replace("a+b", "a%20b").replace("c d", "c%20d").replace("\"global_key\":\"k\"", "\"global_key\":\"k-3\"");
    assert_eq!(after, expected);
    assert!(
        shown.contains(&"https://x.org/a+b.jpg -> https://x.org/a%20b.jpg".to_owned()) && shown.contains(&"k -> k-3".to_owned()),
        "{shown:?}"
    );
    assert_eq!(std::fs::read_to_string(&path).expect("text"), text, "the file itself changed");
    // A missing name is only given on wish to Labelbox, which asks for none; it is never another row's name.
    let (named, _) = mended(&manifest, &[About::KeyMissing, About::KeyTwice], &folder.path().join("c.json"));
    assert!(named.contains("{\"global_key\": \"K.jpg\", \"row_data\": \"https://x.org/K.jpg\"}"), "{named}");
    let again = open(&folder.path().join("b.json"));
    assert_eq!(checked(&again).0.iter().filter(|one| usual(&again).contains(&one.rule.about)).count(), 0);
}

#[test]
fn tables_and_lists_of_addresses_are_mended_in_their_own_way() {
    let text = "\u{feff}externalId,data,note\r\nk,https://x.org/a+b.jpg,\"x, \"\"y\"\"\"\r\nk,\"https://x.org/a,b c.jpg\",\r\n";
    let (folder, path) = file("a.csv", text);
    let manifest = open(&path);
    let matters = [About::UrlPlus, About::UrlSpace, About::KeyTwice];
    let (after, _) = mended(&manifest, &matters, &folder.path().join("b.csv"));
    let expected = text.replace('\u{feff}', "").replace("a+b", "a%20b").replace("b c", "b%20c").replace("\r\nk,\"", "\r\nk-2,\"");
    assert_eq!(after, expected);
    let (folder, path) = file("a.txt", "https://x.org/a b\n\n  https://x.org/\u{fc} \nhttps://x.org/ok");
    let manifest = open(&path);
    let (after, _) = mended(&manifest, &usual(&manifest), &folder.path().join("b.txt"));
    assert_eq!(after, "https://x.org/a%20b\n\n  https://x.org/%C3%BC \nhttps://x.org/ok");
}

#[test]
fn empty_cells_of_a_tables_names_are_filled() {
    let text =
        "global_key,row_data\n,https://x.org/a/b.jpg\n\"\",https://x.org/c.jpg\nk,https://x.org/k.jpg\n,https://x.org/d/b.jpg\n";
    let (folder, path) = file("a.csv", text);
    let manifest = open(&path);
    let (after, shown) = mended(&manifest, &[About::KeyMissing, About::KeyTwice], &folder.path().join("b.csv"));
    let expected = "global_key,row_data\nb.jpg,https://x.org/a/b.jpg\nc.jpg,https://x.org/c.jpg\nk,https://x.org/k.jpg\nb-2.jpg,https://x.org/d/b.jpg\n";
    assert_eq!((after.as_str(), shown.len()), (expected, 3), "{shown:?}");
    let (left, _) = mended(&manifest, &[], &folder.path().join("c.csv"));
    assert_eq!(left, text, "nobody asked for names");
    let (out, _) = converted(&path, None, Some(Form::Labelbox), "l.json");
    assert!(read(&out)[0].get("global_key").is_none(), "an empty cell is no name");
}

#[test]
fn a_table_without_a_column_of_names_gets_one() {
    let text = "\r\nrow_data,\"media\r\ntype\"\r\nhttps://x.org/a/b.jpg,IMAGE\r\nhttps://x.org/one,two,three\r\nhttps://x.org/d/b.jpg,\r\nhttps://x.org/,";
    let (folder, path) = file("a.csv", text);
    let manifest = open(&path);
    let matters = [About::KeyMissing, About::KeyTwice];
    let (after, shown) = mended(&manifest, &matters, &folder.path().join("b.csv"));
    let expected = "\r\nrow_data,\"media\r\ntype\",global_key\r\nhttps://x.org/a/b.jpg,IMAGE,b.jpg\r\nhttps://x.org/one,two,three\r\nhttps://x.org/d/b.jpg,,b-2.jpg\r\nhttps://x.org/,,";
    assert_eq!(after, expected, "what cannot be read stays as it is");
    assert_eq!(shown, [" -> b.jpg", " -> b-2.jpg"]);
    let again = open(&folder.path().join("b.csv"));
    assert_eq!(again.columns.last().and_then(Option::as_deref), Some("global_key"), "the new column is known again");
    let (twice, shown) = mended(&again, &matters, &folder.path().join("c.csv"));
    assert_eq!((twice.as_str(), shown.len()), (expected, 0));
    let (left, _) = mended(&manifest, &[About::UrlSpace], &folder.path().join("d.csv"));
    assert_eq!(left, text, "nobody asked for names");
}

#[test]
fn a_new_column_of_names_also_comes_where_rows_leave() {
    let (folder, path) =
        file("a.csv", "row_data;note\nhttps://x.org/a b.jpg;\nhttps://x.org/b.jpg;\"x;y\"\nhttps://x.org/c.jpg;\n");
    let (manifest, to) = (open(&path), folder.path().join("b.csv"));
    let out = breaking(&manifest, &[About::UrlSpace], Known::default(), &GO).expect("looked at");
    let mut aside = Aside::create(&to, false, &path).expect("it can be made");
    mend_without(&manifest, (&[About::KeyMissing], None), &out, Some(&mut aside), &GO, &mut |_, _| {}).expect("mended");
    aside.finish().expect("finished");
    let expected = "row_data;note;global_key\nhttps://x.org/b.jpg;\"x;y\";b.jpg\nhttps://x.org/c.jpg;;c.jpg\n";
    assert_eq!(std::fs::read_to_string(&to).expect("text"), expected);
}

#[test]
fn a_list_without_a_head_and_a_head_of_that_name_get_no_column() {
    let no_names = "row_data,note\nhttps://x.org/,x\n";
    for text in ["https://x.org/b.jpg\nhttps://x.org/c.jpg\n", "row_data,GLOBAL_KEY\nhttps://x.org/b.jpg,\n", no_names] {
        let (folder, path) = file("a.csv", text);
        let manifest = open_as(&path, Some(Form::Labelbox)).expect("a manifest");
        let (after, shown) = mended(&manifest, &[About::KeyMissing], &folder.path().join("b.csv"));
        let (lines, there) = (after.lines().count(), text.lines().count());
        assert_eq!((lines, after.split([',', '\n']).count()), (there, text.split([',', '\n']).count()), "{after} {shown:?}");
    }
}

#[test]
fn a_new_file_overwrites_nothing_and_never_the_one_that_is_read() {
    let (folder, path) = file("a.json", "[]");
    let there = folder.path().join("there.json");
    std::fs::write(&there, "mine").expect("written");
    assert_eq!(Aside::create(&there, false, &path).expect_err("there").code.word(), "output_there");
    assert_eq!(Aside::create(&path, true, &path).expect_err("the one that is read").code.word(), "output_there");
    drop(Aside::create(&there, true, &path).expect("forced"));
    assert_eq!(std::fs::read_to_string(&there).expect("text"), "mine", "what was given up changed it");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "something was left aside");
    let nowhere = folder.path().join("no/such/folder.json");
    assert_eq!(Aside::create(&nowhere, false, &path).expect_err("no folder").code.word(), "output_unwritable");
}

#[test]
fn the_samples_go_from_form_to_form_and_what_is_lost_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.json");
    std::fs::copy(fixture("ango.json"), &path).expect("copied");
    let (out, sum) = converted(&path, None, Some(Form::Labelbox), "labelbox.json");
    assert_eq!(read(&out)[1]["global_key"], "cute-dog.jpg");
    assert_eq!(sum.left, [("width".to_owned(), 2), ("height".to_owned(), 2)].into());
    let (out, sum) = converted(&path, None, None, "a.csv");
    assert!(sum.left.is_empty());
    let (back, _) = converted(&out, None, Some(Form::Ango), "back.json");
    assert_eq!(read(&back), read(&path));
    let (out, _) = converted(&path, None, Some(Form::Segments), "segments.jsonl");
    assert_eq!(checked(&open(&out)).1.good, 2);
    let (out, sum) = converted(&path, None, Some(Form::Urls), "a.txt");
    assert!(
        std::fs::read_to_string(out)
            .expect("text")
            .starts_with("https://bucket-name.s3.eu-central-1.amazonaws.com/file.jpg\nhttps://")
    );
    assert_eq!(sum.left.get("key"), Some(&2));
}

#[test]
fn rows_that_a_form_has_no_place_for_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.json");
    std::fs::copy(fixture("segments.json"), &path).expect("copied");
    let (out, sum) = converted(&path, None, Some(Form::Labelbox), "l.json");
    assert_eq!((sum.rows, sum.written, sum.refused), (3, 1, 2));
    assert_eq!(
        read(&out),
        json!([{"row_data": "https://acme.s3.eu-west-2.amazonaws.com/violet.jpg", "global_key": "violet.jpg",
        "metadata_fields": [{"name": "city", "value": "London"}, {"name": "year", "value": 2026}]}])
    );
}

#[test]
fn two_manifests_are_compared_by_name() {
    let row = |key: &str, url: &str, city: &str| json!({"row_data": format!("https://x.org/{url}"), "global_key": key, "metadata_fields": [{"name": "city", "value": city}]});
    let first = json!([row("A", "a", "Ghent"), row("b", "b", "Ghent"), row("c", "c", "Ghent"), row("d", "d", "Ghent")]);
    let second = json!([row("d", "d", "Bruges"), row("a", "a", "Ghent"), row("c", "c2", "Ghent"), row("e", "e", "Ghent")]);
    let (folder, a) = file("a.json", serde_json::to_string_pretty(&first).expect("JSON"));
    let b = folder.path().join("b.jsonl");
    let lines: Vec<String> = second.as_array().expect("a list").iter().map(Value::to_string).collect();
    std::fs::write(&b, lines.join("\n")).expect("written");
    let mut told = Vec::new();
    let sum = compare(&open(&a), &open(&b), &GO, &mut |one: &Difference| told.push(one.clone())).expect("compared");
    assert_eq!((sum.new, sum.gone, sum.changed, sum.same), (1, 1, 2, 1), "{told:?}");
    let changed = |key: &str, row, field: &str| Difference::Changed { key: key.into(), row, fields: vec![field.into()] };
    assert!(told.contains(&changed("d", 1, "metadata.city")) && told.contains(&changed("c", 3, "url")), "{told:?}");
    assert!(
        told.contains(&Difference::New { key: "e".into(), row: 4 })
            && told.contains(&Difference::Gone { key: "b".into(), row: 2 })
    );
    // Across forms too: a table of the same rows differs in nothing that both know.
    let (table, _) = converted(&a, None, None, "a.csv");
    let sum = compare(&open(&a), &open(&table), &GO, &mut |_: &Difference| {}).expect("compared");
    assert_eq!((sum.same, sum.changed, sum.new, sum.gone), (4, 0, 0, 0));
}

#[test]
fn a_table_and_a_template_become_assets() {
    let (folder, path) =
        file("a.csv", "name,photo,city,batch\n<b>owl</b>,https://x.org/o.jpg,Ghent,B1; B2\nheron,https://x.org/h.jpg,,\n");
    let template = Template {
        html: "<h1>{{name}}</h1><p>Seen in {{city}}</p><img src=\"{{photo}}\">".into(),
        key: "name".into(),
        context: vec!["city".into()],
        storage: [("photo".to_owned(), "64a0".to_owned())].into(),
        batches: "batch".into(),
    };
    let table = open_as(&path, Some(Form::Urls)).expect("a table");
    let out = folder.path().join("assets.json");
    let mut aside = Aside::create(&out, false, &path).expect("made");
    build(&table, &template, u64::MAX, Some(&mut aside), &GO, &mut |_| {}).expect("built");
    aside.finish().expect("finished");
    let data = "<h1>\n\n&lt;b&gt;owl&lt;/b&gt;\n\n</h1><p>Seen in Ghent</p><img src=\"https://x.org/o.jpg?storageId=64a0\">";
    assert_eq!(
        read(&out)[0],
        json!({"data": data, "externalId": "<b>owl</b>", "contextData": {"city": "Ghent"}, "batches": ["B1", "B2"]})
    );
    assert_eq!(checked(&open(&out)).1.good, 2);
    for html in ["<p>none</p>", "<p>{{age}}</p>", "<script>{{name}}</script>"] {
        let wrong = Template { html: html.into(), ..template.clone() };
        assert_eq!(build(&table, &wrong, 10, None, &GO, &mut |_| {}).expect_err(html).code.word(), "bad_field");
    }
    let mut seen = 0;
    build(&table, &template, 1, None, &GO, &mut |_| seen += 1).expect("a preview");
    assert_eq!(seen, 1);
}
