//! Manifests are registered at stand-ins of the three platforms: each row once, whatever goes wrong and wherever the program
//! is killed; what is secret in an address reaches the platform and nothing else.

use super::Console;
use super::console_stand::{ALL, connected, count, each_once, killed_and_resumed, nowhere, rows};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use testkit::platforms::{Fake, Fault, Refusal, Vendor, What};

/// What is behind the question mark of a signed address, good for a week.
fn signature() -> String {
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    format!("?X-Amz-Date={now}&X-Amz-Expires=604800&X-Amz-Signature=canary0123456789")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn row(vendor: Vendor, n: u32) -> Value {
    let url =
        format!("https://acme.s3.eu-west-2.amazonaws.com/street/{n:04}.jpg{}", if n == 7 { signature() } else { String::new() });
    let key = format!("street {n:04} ü.jpg").replace('ü', if vendor == Vendor::Labelbox { "u" } else { "ü" });
    match vendor {
        Vendor::Labelbox => json!({"row_data": url, "global_key": key, "media_type": "IMAGE"}),
        Vendor::Ango => json!({"data": url, "externalId": key, "width": 640, "height": 480, "contextData": {"run": "7"}}),
        Vendor::Segments => json!({"name": key, "attributes": {"image": {"url": url}}, "metadata": {"run": 7}}),
    }
}

fn manifest(console: &Console, rows: impl Iterator<Item = Value>) -> PathBuf {
    let path = console.folder().join("rows.json");
    let lines: Vec<String> = rows.map(|row| row.to_string()).collect();
    fs::write(&path, format!("[\n{}\n]\n", lines.join(",\n"))).expect("a file");
    path
}

fn submit(path: &Path, to: &str) -> Vec<String> {
    ["submit", text(path), "--register", to, "--yes", "--wait", "60s"].map(str::to_owned).to_vec()
}

#[test]
fn rows_are_registered_as_they_are_written_and_the_second_time_nothing_moves() {
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let path = manifest(&console, (0..120).map(|n| row(vendor, n)));
        let said = console.run(submit(&path, &to)).ended(0);
        let sum = said.summary();
        assert_eq!(
            (count(sum, "registered"), count(sum, "verified"), count(sum, "accepted")),
            (120, 120, 120),
            "{vendor:?}: {sum}"
        );
        assert_eq!(count(sum, "bytes"), 0);
        each_once(&fake, 120, vendor.word());
        let signed = rows(&fake).iter().filter(|row| row["url"].as_str().is_some_and(|url| url.contains("canary"))).count();
        assert_eq!(signed, 1, "{vendor:?}: the platform cannot read a row without its signature");
        let receipt = console.receipt();
        assert_eq!(receipt["files"].as_array().map(Vec::len), Some(120), "{vendor:?}");
        assert!(receipt.to_string().contains("https://acme.s3.eu-west-2.amazonaws.com/street/0007.jpg"), "{vendor:?}");

        fake.forget_requests();
        let again = console.run(submit(&path, &to)).ended(0);
        assert_eq!((count(again.summary(), "same"), count(again.summary(), "registered")), (120, 0), "{vendor:?}");
        assert_eq!(fake.count("create*") + fake.count("upsertDataRows"), 0, "{vendor:?}: rows are made again");
        each_once(&fake, 120, vendor.word());
        console.plain(["receipt", "last", "--format", "html"]).ended(0);
        nowhere(&console, &["canary0123456789", fake.key()], vendor.word());
        assert!(!format!("{said:?}{again:?}").contains("canary"), "a signature is printed");
    }
}

/// Words that would claim more than that rows were registered.
fn claims_nothing_of_files(text: &str, about: &str) {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    for claim in
        ["file", "files", "Files", "sent", "Send", "Sending", "verified", "Verified", "taken", "Taken", "arrived", "Bytes"]
    {
        assert!(!words.contains(&claim), "{about} says {claim}: {text}");
    }
    assert!(!text.contains(" B ") && !text.contains("0\u{a0}B"), "{about} tells bytes: {text}");
}

#[test]
fn what_people_read_of_a_submitted_manifest_speaks_of_rows() {
    let fake = Fake::of(Vendor::Segments);
    let (console, to) = connected(&fake, Vendor::Segments);
    let path = manifest(&console, (0..30).map(|n| row(Vendor::Segments, n)));
    fake.set(|manners| manners.refuse = vec![Refusal { holding: "street 0007".into(), words: "It is damaged.".into() }]);
    let said = console.plain(submit(&path, &to)).ended(1);
    for words in ["30 rows:", "- 29 registered at the platform", "- 1 needs you", "The platform refused this row: one row,"] {
        assert!(said.stdout.contains(words), "{words}: {said:?}");
    }
    assert!(said.stderr.contains("Registering 30 rows in") && said.stderr.contains("30 of 30 rows"), "{said:?}");
    let shown = console.plain(["show", "last"]).ended(0);
    let there = ["Registered", "Visible"].map(|state| format!("{state}: street 0003"));
    assert!(there.iter().any(|line| shown.stdout.contains(line)), "{shown:?}");
    let listed = console.plain(["uploads"]).ended(0);
    let columns: Vec<&str> =
        listed.stdout.lines().nth(1).expect("a line").split("  ").map(str::trim).filter(|one| !one.is_empty()).collect();
    assert_eq!((columns[2], columns[3], columns[4], columns[6]), ("30 rows", "29", "1", "rows.json"), "{listed:?}");
    let html = console.plain(["receipt", "last", "--format", "html"]).ended(0).stdout;
    let page = html.split("</style>").nth(1).expect("a page").replace(['<', '>'], " ");
    assert!(page.contains("29 rows registered") && page.contains("Rows of the manifest"), "{page}");
    claims_nothing_of_files(&page, "the receipt");
    for (about, text) in [("submit", &said.stdout), ("its progress", &said.stderr), ("show", &shown.stdout)] {
        claims_nothing_of_files(text, about);
    }
}

#[test]
fn kills_while_registering_a_manifest_lose_and_double_nothing() {
    let tries = std::env::var("GANTRY_ROW_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6);
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    for (vendor, create) in
        [(Vendor::Segments, "create_samples"), (Vendor::Labelbox, "upsertDataRows"), (Vendor::Ango, "create_assets")]
    {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let path = manifest(&console, (0..500).map(|n| row(vendor, n)));
        fake.fail(Fault::on(create, What::Slow(300)).times(4));
        let about = format!("seed {seed}, {}", vendor.word());
        killed_and_resumed(&console, &submit(&path, &to), tries, 500, &mut rng, &about);
        each_once(&fake, 500, &about);
    }
}

#[test]
fn a_refused_row_and_rows_that_cannot_be_used_stand_alone() {
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let path = manifest(&console, (0..60).map(|n| row(vendor, n)));
        let given = fs::read_to_string(&path).expect("the manifest");
        let mut lines: Vec<String> = given.lines().map(str::to_owned).collect();
        // Lines 1 to 60 are rows 1 to 60: one is not JSON, one says nothing.
        lines[10] = lines[10].replacen(':', "", 1);
        lines[20] = "{\"metadata\": {}},".to_owned();
        fs::write(&path, lines.join("\n")).expect("a file");
        fake.set(|manners| manners.refuse = vec![Refusal { holding: "street 0037".into(), words: "It is damaged.".into() }]);
        let said = console.run(submit(&path, &to)).ended(1);
        let what = format!("{vendor:?}: {:?}", said.summary());
        assert_eq!((count(said.summary(), "registered"), count(said.summary(), "needs_you")), (57, 3), "{what}");
        let mut codes: Vec<(String, u64)> = said
            .all("needs_you")
            .iter()
            .map(|one| (one["code"].as_str().expect("a code").to_owned(), count(one, "count")))
            .collect();
        codes.sort();
        assert_eq!(codes, [("row_broken".to_owned(), 2), ("row_refused".to_owned(), 1)], "{what}: {said:?}");
        each_once(&fake, 57, &what);
        let left = console.run(["set-aside", "last"]).ended(0);
        assert_eq!(count(left.summary(), "set_aside"), 3, "{left:?}");
    }
}

#[test]
fn a_manifest_that_changed_under_way_is_not_taken_for_what_was_approved() {
    let fake = Fake::of(Vendor::Segments);
    let (console, to) = connected(&fake, Vendor::Segments);
    let path = manifest(&console, (0..30).map(|n| row(Vendor::Segments, n)));
    fake.fail(Fault::on("create_samples", What::Page(502)));
    let mut args = submit(&path, &to);
    args.pop();
    args.push("2s".into());
    console.run(&args).ended(1);
    let changed = fs::read_to_string(&path).expect("the manifest").replace("street/0003.jpg", "street/other.jpg");
    fs::write(&path, changed).expect("a file");
    fake.calm();
    let said = console.run(["resume", "--wait", "60s"]).ended(1);
    assert_eq!((count(said.summary(), "registered"), count(said.summary(), "needs_you")), (29, 1), "{said:?}");
    assert!(!rows(&fake).iter().any(|row| row.to_string().contains("other.jpg")));
}

#[test]
fn the_platforms_own_samples_and_lists_of_addresses_are_registered() {
    let fixture = |name: &str| testkit::here().join("fixtures/manifests").join(name);
    for (vendor, name, all) in [
        (Vendor::Labelbox, "labelbox-standard.json", 2),
        (Vendor::Labelbox, "labelbox-delegated.json", 2),
        (Vendor::Ango, "ango.json", 2),
        (Vendor::Segments, "segments.json", 3),
        (Vendor::Labelbox, "urls.txt", 3),
        (Vendor::Ango, "urls.txt", 3),
        (Vendor::Segments, "urls.txt", 3),
        (Vendor::Ango, "labelbox-standard.json", 2),
    ] {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let path = console.folder().join(name);
        // The sample has a place to fill in for the name of a field.
        let given = fs::read_to_string(fixture(name)).expect("a sample").replace("<metadata_field_name>", "tag");
        fs::write(&path, given).expect("a file");
        let said = console.run(submit(&path, &to)).ended(0);
        assert_eq!(count(said.summary(), "registered"), all, "{vendor:?} {name}: {said:?}");
        each_once(&fake, all as usize, name);
        let again = console.run(submit(&path, &to)).ended(0);
        assert_eq!(count(again.summary(), "same"), all, "{vendor:?} {name}: {again:?}");
        each_once(&fake, all as usize, name);
    }
}

#[test]
fn an_integration_that_the_platform_does_not_have_or_hold_for_valid_is_refused_in_words() {
    let fake = Fake::of(Vendor::Labelbox);
    let (console, to) = connected(&fake, Vendor::Labelbox);
    let path = manifest(&console, (0..3).map(|n| row(Vendor::Labelbox, n)));
    let with = |id: &str| {
        let mut args = submit(&path, &to);
        args.extend(["--integration", id].map(str::to_owned));
        console.run(args)
    };
    let said = with("no such access");
    assert_eq!((said.status, said.error()), (2, "usage"), "{said:?}");
    let listed = console.run(["integrations", "labelbox"]).ended(0);
    for one in listed.all("integration") {
        let said = with(one["id"].as_str().expect("an id"));
        match &one["valid"] {
            Value::Bool(false) => assert_eq!((said.status, said.error()), (2, "usage"), "{said:?}"),
            _ => assert_eq!(said.status, 0, "{said:?}"),
        }
    }
    let nowhere = console.run(submit(&path, "labelbox/nobody"));
    assert_eq!((nowhere.status, nowhere.error()), (2, "no_such_container"), "{nowhere:?}");
    fs::write(console.folder().join("x.json"), "{}").expect("a file");
    let none = console.run(submit(&console.folder().join("x.json"), &to));
    assert_eq!((none.status, none.error()), (2, "not_a_manifest"), "{none:?}");
}
