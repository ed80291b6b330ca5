//! Tables in the console against stand-ins of the three platforms: what they say arrives with the rows in each one's form,
//! and what a platform does not carry is said.

use super::console_stand::{ALL, connected, pictures, send};
use serde_json::{Value, json};
use testkit::platforms::{Fake, Vendor};

/// What the platform has of the row whose name ends so.
fn row(fake: &Fake, end: &str) -> Value {
    let state = fake.state();
    let rows = state["containers"].as_array().expect("containers").iter().flat_map(|one| one["rows"].as_array().expect("rows"));
    // Labelbox's global keys know no ü; its external ids do.
    let ends = |name: &Value| name.as_str().is_some_and(|name| name.ends_with(end));
    let mut found = rows.filter(|row| ends(&row["name"]) || ends(&row["external_id"]));
    found.next().unwrap_or_else(|| panic!("no row {end}")).clone()
}

fn and<'a>(send: &'a [String], more: &[&'a str]) -> Vec<String> {
    send.iter().cloned().chain(more.iter().map(|word| (*word).to_owned())).collect()
}

#[test]
fn what_a_table_says_arrives_at_each_platform_in_its_own_form() {
    let tree = pictures(3);
    let text = "file,altitude,split,tags,attachment\nstreet 0000 u\u{308}.png,12.5,train,night; rain,taken late\n\
                street 0001 ü.png,3,val,,https://x.test/1.png\nstreet 0009 ü.png,1,test,,\n";
    tree.file("about.csv", text.as_bytes());
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let said = console.run(and(&send(&tree, &to), &["--meta", "altitude=7"])).ended(0);
        assert_eq!((&said.summary()["registered"], &said.summary()["skipped"]), (&json!(3), &json!(1)), "{vendor:?}");
        let [table] = said.all("table")[..] else { panic!("{vendor:?}: {said:?}") };
        let counts =
            ["matched", "no_file", "files_left", "ambiguous", "twice", "broken"].map(|name| table[name].as_u64().unwrap());
        assert_eq!((&table["used"], counts), (&json!(true), [2, 1, 1, 0, 0, 0]), "{table}");
        arrived(&fake, vendor, table);
        assert!(fake.violations().is_empty(), "{:?}", fake.violations());
        // A second time nothing is changed there, and that is said.
        let again = console.run(send(&tree, &to)).ended(0);
        assert_eq!(again.summary()["same"], 3);
    }
}

/// What the platform has is what the table says, in its own form.
fn arrived(fake: &Fake, vendor: Vendor, table: &Value) {
    let (first, second, third) = (row(fake, "0000 ü.png"), row(fake, "0001 ü.png"), row(fake, "0002 ü.png"));
    match vendor {
        Vendor::Segments => {
            assert_eq!(first["metadata"], json!({"altitude": "12.5", "split": "train", "tags": "night, rain"}));
            assert_eq!(third["metadata"], json!({"altitude": "7"}));
            let note = table["columns"].as_array().unwrap().iter().find(|one| one["column"] == "attachment").unwrap();
            assert_eq!(note["note"], "not_carried");
        }
        Vendor::Labelbox => {
            let named = |one: &Value| (one["name"].clone(), one["value"].clone());
            let of = |row: &Value| row["metadata"].as_array().unwrap().iter().map(named).collect::<Vec<_>>();
            let split = |option: &str| [(json!("split"), json!({})), (json!(option), json!({}))];
            let wanted = [&[(json!("altitude"), json!(12.5))][..], &split("train"), &[(json!("tag"), json!("night, rain"))]];
            assert_eq!(of(&first), wanted.concat());
            assert_eq!(of(&second), [&[(json!("altitude"), json!(3.0))][..], &split("valid")].concat());
            assert_eq!(of(&third), [(json!("altitude"), json!(7.0))]);
            assert_eq!(
                (&first["attachments"][0]["type"], &second["attachments"][0]["type"]),
                (&json!("RAW_TEXT"), &json!("IMAGE"))
            );
        }
        Vendor::Ango => {
            assert_eq!(first["context"], json!({"altitude": "12.5", "split": "train", "tags": "night, rain"}));
            assert_eq!(first["attachments"], json!([{"type": "TEXT", "value": "taken late"}]));
            assert_eq!(second["attachments"], json!([{"type": "IMAGE", "value": "https://x.test/1.png"}]));
            assert_eq!(third["context"], json!({"altitude": "7"}));
        }
    }
}

#[test]
fn a_named_table_is_the_only_one_and_no_tables_sends_them_all() {
    let tree = pictures(2);
    tree.file("about.csv", "file,city\nstreet 0000 ü.png,Bern\nstreet 0001 ü.png,Basel\n".as_bytes());
    let beside = pictures(0);
    let other = beside.file("elsewhere.txt", "wo;bild;egal\nChur;street 0001 ü.png;x\n".as_bytes());
    let fake = Fake::of(Vendor::Segments);
    let (console, to) = connected(&fake, Vendor::Segments);
    let send = send(&tree, &to);
    let map =
        ["--table", other.to_str().expect("text"), "--map", "wo=metadata:place", "--map", "egal=ignore", "--exclude", "*.csv"];
    let said = console.run(and(&send, &map)).ended(0);
    assert_eq!(said.all("table")[0]["path"], "elsewhere.txt");
    assert_eq!(row(&fake, "0001 ü.png")["metadata"], json!({"place": "Chur"}));
    assert_eq!(row(&fake, "0000 ü.png")["metadata"], json!({}));

    let fake = Fake::of(Vendor::Segments);
    let (console, _) = connected(&fake, Vendor::Segments);
    let said = console.run(and(&send, &["--no-tables", "--dry-run"]));
    assert!(said.all("table").is_empty(), "{said:?}");
    assert_eq!((&said.summary()["files"], &said.summary()["skipped"]), (&json!(3), &json!(0)));
}

#[test]
fn what_is_wrong_with_a_table_is_said_before_anything_is_sent() {
    let tree = pictures(2);
    let table = tree.file("about.csv", "file,city\nstreet 0000 ü.png,Bern\nstreet 0001 ü.png,\"Basel\n".as_bytes());
    let fake = Fake::of(Vendor::Labelbox);
    let (console, to) = connected(&fake, Vendor::Labelbox);
    let send = send(&tree, &to);
    let said = console.run(send.clone());
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.stderr.contains("line 3"), "{said:?}");
    tree.file("about.csv", "file,city\nstreet 0000 ü.png,Bern\n".as_bytes());
    // The workspace has no field of this name.
    let said = console.run(send.clone());
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.stderr.contains("city"), "{said:?}");
    let said = console.run(and(&send, &["--map", "town=metadata:tag"]));
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.stderr.contains("town"), "{said:?}");
    let uploaded: Vec<_> = fake.requests().into_iter().filter(|asked| asked.kind.contains("storage")).collect();
    assert!(uploaded.is_empty(), "bytes went before the table was right");
    console.run(and(&send, &["--map", "city=metadata:tag"])).ended(0);

    for (more, why) in [
        (&["--map", "city=nowhere"][..], "nowhere"),
        (&["--no-tables", "--map", "city=tags"][..], "--no-tables"),
        (&["--table", "/nowhere/about.csv"][..], "/nowhere/about.csv"),
    ] {
        let said = console.run(and(&send, more));
        assert_eq!(said.status, 2, "{said:?}");
        assert!(said.stderr.contains(why) || said.stdout.contains(why), "{why}: {said:?}");
    }
    let out = console.out();
    std::fs::create_dir(&out).expect("a folder");
    console.connect("out", &out);
    let path = tree.path().to_str().expect("text");
    let said = console.run(["send", path, "--to", "out", "--yes", "--table", table.to_str().expect("text")]);
    assert_eq!(said.status, 2, "{said:?}");
}
