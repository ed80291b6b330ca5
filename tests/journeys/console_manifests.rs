//! The manifest commands as people and scripts use them: exit statuses, lines, new files.

use super::console_stand::connected;
use super::{Console, files};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::platforms::{Fake, Vendor};

fn fixture(name: &str) -> PathBuf {
    testkit::here().join("fixtures/manifests").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn a_check_tells_each_finding_and_sums_up() {
    let console = Console::new();
    let said = console.run(["manifest", "check", text(&fixture("broken.json"))]).ended(1);
    let findings = said.all("finding");
    let first = findings[0];
    assert_eq!(
        (first["rule"].as_str(), first["line"].as_u64(), first["column"].as_u64()),
        (Some("manifest-syntax"), Some(3), Some(37))
    );
    assert_eq!((first["row"].as_u64(), first["severity"].as_str()), (Some(2), Some("blocked")));
    assert!(
        findings
            .iter()
            .all(|one| one["source"].as_str().is_some_and(|page| page.starts_with("https://")) && one["path"].is_null())
    );
    let sum = said.summary();
    assert_eq!(
        (sum["form"].as_str(), sum["rows"].as_u64(), sum["good"].as_u64(), sum["blocked"].as_u64()),
        (Some("labelbox"), Some(7), Some(2), Some(5))
    );
    let words = console.plain(["manifest", "check", text(&fixture("broken.json"))]).ended(1);
    assert!(
        words.stdout.contains("Line 3, column 37: a comma is missing.") && words.stdout.contains("since it has `row_data`"),
        "{words:?}"
    );
    assert!(!words.stdout.contains("console-") && !words.stdout.contains("manifest-rule"), "{words:?}");
    for name in ["labelbox-delegated.json", "labelbox-standard.json", "ango.json", "segments.json", "urls.txt"] {
        let said = console.run(["manifest", "check", text(&fixture(name))]).ended(0);
        assert_eq!(said.summary()["blocked"], 0, "{name}: {said:?}");
    }
    let forced = console.run(["manifest", "check", text(&fixture("ango.json")), "--as", "labelbox"]).ended(1);
    assert_eq!((forced.summary()["form"].as_str(), forced.summary()["good"].as_u64()), (Some("labelbox"), Some(0)));
    assert!(files(&console.home()).is_empty(), "a check left something behind");
}

#[test]
fn what_is_no_manifest_is_bad_input() {
    let console = Console::new();
    let path = console.folder().join("x.json");
    for content in ["", "not JSON", "{\"a\": 1}", "[1]"] {
        fs::write(&path, content).expect("a file");
        let said = console.run(["manifest", "check", text(&path)]).ended(2);
        assert_eq!(said.error(), "not_a_manifest", "{content}");
    }
    assert_eq!(console.run(["manifest", "check", "nowhere.json"]).ended(2).error(), "source_gone");
    assert_eq!(console.run(["manifest", "check", "."]).ended(2).error(), "source_not_a_file");
}

#[test]
fn a_repair_shows_before_and_after_and_overwrites_nothing() {
    let console = Console::new();
    let (path, out) = (console.folder().join("a.json"), console.folder().join("b.json"));
    let content = "[{\"data\": \"https://x.org/a+b.jpg\", \"externalId\": \"a\"}, {\"data\": \"https://x.org/c\"}]";
    fs::write(&path, content).expect("a file");
    let shown = console.run(["manifest", "repair", text(&path), "--dry-run"]).ended(0);
    let repairs = shown.all("repair");
    assert_eq!(
        (repairs[0]["before"].as_str(), repairs[0]["after"].as_str()),
        (Some("https://x.org/a+b.jpg"), Some("https://x.org/a%20b.jpg"))
    );
    assert_eq!(shown.summary()["changed"], 2);
    assert!(!out.exists());
    console.plain(["manifest", "repair", text(&path), "-o", text(&out), "--only", "ango-url-plus"]).ended(0);
    assert_eq!(fs::read_to_string(&out).expect("text"), content.replace('+', "%20"));
    assert_eq!(console.run(["manifest", "repair", text(&path), "-o", text(&out)]).ended(2).error(), "output_there");
    assert_eq!(console.run(["manifest", "repair", text(&path), "-o", text(&path), "--force"]).ended(2).error(), "output_there");
    console.run(["manifest", "repair", text(&path), "-o", text(&out), "--force"]).ended(0);
    assert_eq!(fs::read_to_string(&path).expect("text"), content);
    assert_eq!(console.run(["manifest", "repair", text(&path), "-o", "c.json", "--only", "nonsense"]).ended(2).error(), "usage");
    console.run(["manifest", "repair", text(&path)]).ended(2);
}

#[test]
fn rows_that_break_a_rule_are_left_out_on_a_wish_only() {
    let console = Console::new();
    let (path, out) = (console.folder().join("a.json"), console.folder().join("b.json"));
    let row = |url: &str, key: &str| format!("{{\"data\": \"{url}\", \"externalId\": \"{key}\"}}");
    let (local, plus) = (row("C:\\\\a.jpg", "a"), row("https://x.org/b+c.jpg", "b"));
    fs::write(&path, format!("[\n{local},\n{plus}\n]\n")).expect("a file");
    let remove = ["manifest", "repair", text(&path), "--remove", "url-local"];
    let shown = console.run(remove.iter().chain(&["--dry-run"])).ended(0);
    assert_eq!((&shown.summary()["removed"], &shown.summary()["changed"]), (&1.into(), &1.into()));
    assert!(!out.exists());
    let said = console.plain(remove.iter().chain(&["-o", text(&out)])).ended(0);
    assert!(said.stdout.contains("One row was left out."), "{said:?}");
    assert_eq!(fs::read_to_string(&out).expect("text"), format!("[\n{}\n]\n", plus.replace('+', "%20")));
    let kept = console.run(["manifest", "repair", text(&path), "--dry-run"]).ended(0);
    assert!(kept.summary().get("removed").is_none(), "{kept:?}");
    let nonsense = console.run(["manifest", "repair", text(&path), "--dry-run", "--remove", "nonsense"]).ended(2);
    assert_eq!(nonsense.error(), "usage");
}

#[test]
fn forms_are_converted_and_compared() {
    let console = Console::new();
    let (ango, table) = (console.folder().join("ango.json"), console.folder().join("ango.csv"));
    let said = console
        .run(["manifest", "convert", text(&fixture("labelbox-delegated.json")), "--to", "ango", "-o", text(&ango)])
        .ended(0);
    assert_eq!((&said.summary()["written"], &said.summary()["left"]["media_type"]), (&2.into(), &2.into()));
    assert_eq!(console.run(["manifest", "check", text(&ango)]).ended(0).summary()["form"], "ango");
    console.run(["manifest", "convert", text(&ango), "--to", "csv", "-o", text(&table)]).ended(0);
    let same = console.run(["manifest", "compare", text(&ango), text(&table)]).ended(0);
    assert_eq!((&same.summary()["same"], &same.summary()["changed"]), (&2.into(), &0.into()));
    let other = console.run(["manifest", "compare", text(&ango), text(&fixture("ango.json"))]).ended(0);
    assert_eq!((&other.summary()["new"], &other.summary()["gone"]), (&2.into(), &2.into()));
    assert_eq!(other.all("difference").len(), 4);
    let refused =
        console.run(["manifest", "convert", text(&fixture("segments.json")), "--to", "labelbox", "-o", "s.json"]).ended(1);
    assert_eq!(refused.summary()["not_carried"], 2);
    assert_eq!(console.run(["manifest", "convert", text(&ango), "--to", "labelbox", "-o", "x.csv"]).ended(2).error(), "usage");
}

#[test]
fn what_a_column_is_has_to_be_said_once() {
    let console = Console::new();
    let path = console.folder().join("a.csv");
    fs::write(&path, "Foto,Nummer\nhttps://x.org/a,1\n").expect("a file");
    assert_eq!(console.run(["manifest", "check", text(&path)]).ended(2).error(), "not_a_manifest");
    console.run(["manifest", "check", text(&path), "--map", "Foto=url", "--map", "Nummer=key"]).ended(0);
    fs::write(&path, "Foto,Nummer\nhttps://x.org/b c,2\n").expect("a file");
    let said = console.run(["manifest", "check", text(&path)]).ended(1);
    assert_eq!(said.all("finding")[0]["rule"], "urls-url-space");
    assert_eq!(said.summary()["unused_columns"], Value::Array(Vec::new()));
    assert_eq!(console.run(["manifest", "check", text(&path), "--map", "Photo=url"]).ended(2).error(), "bad_field");
}

#[test]
fn assets_are_built_and_seen_before() {
    let console = Console::new();
    let (table, template) = (console.folder().join("a.csv"), console.folder().join("card.html"));
    fs::write(&table, "name,photo\nowl,https://x.org/o.jpg\n").expect("a file");
    fs::write(&template, "<p>{{name}}</p><img src=\"{{photo}}\">").expect("a file");
    let build = ["manifest", "build", text(&table), "--template", text(&template), "--key", "name"];
    let seen = console.run(build.iter().chain(&["--preview"])).ended(0);
    assert!(
        seen.all("asset")[0]["asset"]["data"].as_str().is_some_and(|html| html.contains("src=\"https://x.org/o.jpg\"")),
        "{seen:?}"
    );
    console.run(build.iter().chain(&["-o", "assets.json"])).ended(0);
    assert_eq!(console.run(["manifest", "check", "assets.json"]).ended(0).summary()["form"], "ango");
}

#[test]
fn a_manifest_is_made_of_files_and_nothing_is_sent() {
    let console = Console::new();
    let add = [
        "connections",
        "add",
        "s3",
        "--name",
        "b",
        "--set",
        "bucket=pics",
        "--set",
        "region=eu-west-1",
        "--set",
        "access_key_id=A",
    ];
    let said = console.run(add);
    assert!([0, 3].contains(&said.status), "{said:?}");
    let folder = console.folder().join("photos");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("a b.txt"), "x").expect("a file");
    let send = ["send", text(&folder), "--to", "b/2026", "--manifest-only", "labelbox", "-o", "made.json"];
    let said = console.run(send).ended(0);
    assert_eq!((&said.summary()["files"], &said.summary()["written"]), (&1.into(), &1.into()));
    let made: Value = serde_json::from_slice(&fs::read(console.folder().join("made.json")).expect("a file")).expect("JSON");
    assert_eq!(made[0]["row_data"], "https://pics.s3.eu-west-1.amazonaws.com/2026/photos/a%20b.txt");
    assert_eq!(made[0]["global_key"], "pics/2026/photos/a b.txt");
    assert_eq!(console.run(["manifest", "check", "made.json"]).ended(0).summary()["good"], 1);
    assert!(console.uploads().is_empty(), "an upload was made");
}

#[test]
fn metadata_that_the_workspace_does_not_take_is_found_by_asking_it() {
    let fake = Fake::of(Vendor::Labelbox);
    let (console, to) = connected(&fake, Vendor::Labelbox);
    let path = console.folder().join("rows.json");
    let row = |n: u32, metadata: &str| {
        format!("{{\"row_data\": \"https://x.example/{n}.jpg\", \"global_key\": \"k{n}\", \"metadata_fields\": [{metadata}]}}")
    };
    let known = "{\"name\": \"tag\", \"value\": \"night\"}";
    let by_id = |id: &str| format!("{{\"schema_id\": \"{id}\", \"value\": \"night\"}}");
    let unknown = "{\"name\": \"nobody knows\", \"value\": \"1\"}";
    let (tag, gone) = (by_id("cko8s9r5v0001h2dk9elqdidh"), by_id("ckotherworkspace000000000"));
    let rows = [row(1, known), row(2, unknown), row(3, known), row(4, &tag), row(5, &gone)];
    fs::write(&path, format!("[\n{}\n]", rows.join(",\n"))).expect("a file");
    console.run(["manifest", "check", text(&path)]).ended(0);
    for to in [to.as_str(), "labelbox"] {
        let said = console.run(["manifest", "check", text(&path), "--for", to]).ended(1);
        let found = said.all("finding");
        let places: Vec<_> = found.iter().map(|one| (one["row"].as_u64(), one["line"].as_u64())).collect();
        assert_eq!(places, [(Some(2), Some(3)), (Some(5), Some(6))], "{said:?}");
        assert!(found.iter().all(|one| one["rule"] == "labelbox-metadata-unknown"));
        assert!(found[1]["text"].as_str().is_some_and(|text| text.contains("schema id")), "{said:?}");
        assert_eq!((said.summary()["good"].as_u64(), said.summary()["blocked"].as_u64()), (Some(3), Some(2)));
    }
    console.run(["manifest", "check", text(&path), "--for", "nobody"]).ended(2);
}
