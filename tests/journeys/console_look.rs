//! Commands that only look, and mistakes in what was typed: told before anything is read.

use super::{Console, files, signal};
use gantry_engine::home::{Home, Lock};
use gantry_engine::journal::Journal;
use std::fs;
use testkit::trees::{self, Tree};

#[test]
fn a_check_tells_each_finding_and_touches_nothing() {
    let console = Console::new();
    let tree = trees::twins();
    tree.file("empty.bin", b"");
    let said = console.run(["check", tree.path().to_str().expect("text")]).ended(1);
    let summary = said.summary();
    assert_eq!(summary["upload"], serde_json::Value::Null);
    assert_eq!((&summary["files"], &summary["blocked"]), (&6.into(), &2.into()), "{said:?}");
    assert!(summary["warnings"].as_u64().expect("a count") >= 3, "{said:?}");
    for line in said.all("finding") {
        for field in ["rule", "severity", "path", "text", "source"] {
            assert!(line[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {line}");
        }
        assert!(line["source"].as_str().is_some_and(|source| source.starts_with("https://")), "{line}");
    }
    let blocked: Vec<_> = said.all("finding").into_iter().filter(|line| line["severity"] == "blocked").collect();
    assert_eq!(blocked.len(), 2, "both of a pair are told: {said:?}");
    assert!(!console.home().exists(), "a check without a destination makes no data folder");
}

#[test]
fn a_check_of_fine_files_ends_well() {
    let console = Console::with_out();
    let tree = trees::photos();
    let said = console.run(["check", tree.path().to_str().expect("text"), "--for", "out"]).ended(0);
    assert_eq!((&said.summary()["files"], &said.summary()["blocked"]), (&files(tree.path()).len().into(), &0.into()));
    let words = console.plain(["check", tree.path().to_str().expect("text")]).ended(0);
    assert!(words.stdout.contains("All of it can be sent."), "{words:?}");
}

#[test]
fn the_rules_of_a_destination_count() {
    let mut console = Console::with_out();
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", "not-used");
    let add = ["connections", "add", "s3", "--name", "bucket", "--set", "bucket=pictures", "--set", "access_key_id=A"];
    console.run(add).ended(0);
    let tree = Tree::empty();
    let deep = ["d".repeat(250), "e".repeat(250), "f".repeat(250), "g".repeat(250), "h".repeat(250)].join("/");
    tree.file(&deep, b"x");
    let path = tree.path().to_str().expect("text");
    let said = console.run(["check", path, "--for", "bucket"]).ended(1);
    assert!(said.all("finding").iter().any(|line| line["rule"] == "s3-key-bytes" && line["severity"] == "blocked"), "{said:?}");
    console.run(["check", path]).ended(0);
}

#[test]
fn each_platform_says_what_it_would_refuse_without_an_account() {
    let console = Console::with_out();
    let tree = Tree::empty();
    let file = tree.file("x.txt", b"x").display().to_string();
    for (platform, blocked) in [("segments", 1), ("labelbox", 0), ("ango", 0)] {
        let said = console.run(["check", &file, "--for", platform]).ended(i32::from(blocked > 0));
        assert_eq!(said.summary()["blocked"], blocked, "{platform}: {said:?}");
    }
}

#[test]
fn connections_are_changed_while_somebody_else_is_at_work() {
    let console = Console::with_out();
    let home = Home::find(Some(console.home()));
    let journal = Journal::open(&home).expect("a journal");
    let _lock = Lock::take(&home, "gantry").expect("nobody else is here");
    let tree = trees::photos();
    let place = format!("path={}", tree.path().join("other").display());
    console.run(["connections", "add", "folder", "--name", "other", "--set", &place]).ended(0);
    assert!(journal.connection("other").expect("it reads").is_some(), "the one at work sees it");
    console.run(["connections", "test", "other"]).ended(0);
    console.run(["connections", "remove", "other"]).ended(0);
    assert!(journal.connection("other").expect("it reads").is_none());
    let said = console.run(["send", tree.path().to_str().expect("text"), "--to", "out", "--yes"]).ended(3);
    assert_eq!(said.error(), "in_use");
}

#[test]
fn what_is_typed_wrong_is_told_at_once() {
    let console = Console::with_out();
    let tree = Tree::empty();
    let file = tree.file("x.txt", b"x").display().to_string();
    let missing = tree.path().join("no such file").display().to_string();
    let cases: &[(&[&str], &str)] = &[
        (&["send", &file, &missing, "--to", "out", "--yes"], "source_gone"),
        (&["check", &missing], "source_gone"),
        (&["send", &file, "--to", "nowhere", "--yes"], "connection_missing"),
        (&["check", &file, "--for", "nowhere"], "connection_missing"),
        (&["send", &file, "--to", "out"], "usage"),
        (&["send", &file, "--to", "out", "--yes", "--limit", "fast"], "usage"),
        (&["send", &file, "--to", "out", "--yes", "--names", "{nonsense}"], "bad_field"),
        (&["send", &file, "--to", "out/../up", "--yes"], "usage"),
        (&["frobnicate"], "usage"),
        (&["show", "20200101-000000-none"], "bad_field"),
        (&["connections", "test", "nowhere"], "connection_missing"),
        (&["connections", "remove", "nowhere"], "connection_missing"),
        (&["connections", "add", "folder", "--name", "f"], "bad_field"),
        (&["connections", "add", "s3", "--name", "s", "--set", "bukcet=x"], "bad_field"),
        (&["connections", "add", "s3", "--name", "s", "--set", "bucket=x", "--set", "secret_access_key=hunter2"], "bad_field"),
        (&["connections", "add", "ftp", "--name", "s"], "usage"),
        (&["connections", "add", "s3", "--name", "s", "--set", "bucket=pictures", "--secret", "password"], "usage"),
    ];
    for (args, code) in cases {
        let said = console.run(*args);
        assert_eq!((said.status, said.error()), (2, *code), "{args:?}: {said:?}");
        assert!(!said.stderr.contains("hunter2") && !said.stderr.contains("console-"), "{said:?}");
    }
    assert!(console.uploads().is_empty() && files(&console.out()).is_empty(), "something was taken in");
}

#[test]
fn help_and_version_are_answers() {
    let console = Console::new();
    for args in [&["--help"][..], &["send", "--help"], &["--version"], &["connections", "add", "--help"]] {
        let said = console.plain(args).ended(0);
        assert!(said.stdout.contains("gantryctl") && said.stderr.is_empty(), "{said:?}");
    }
}

#[test]
fn connections_are_kept_replaced_tested_and_removed() {
    let console = Console::with_out();
    let other = console.folder().join("other");
    fs::create_dir(&other).expect("a folder");
    let names =
        |said: &super::Said| said.events.iter().map(|line| line["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&console.run(["connections"]).ended(0)), ["this-computer", "out"]);
    console.connect("out", &other);
    let listed = console.run(["connections"]).ended(0);
    assert_eq!(listed.events[1]["fields"]["path"], other.display().to_string());
    console.run(["connections", "add", "folder", "--name", "out", "--set", "path="]).ended(2);
    assert_eq!(console.run(["connections"]).events[1]["fields"]["path"], other.display().to_string(), "a wrong one replaced it");
    let tested = console.run(["connections", "test", "out"]).ended(0);
    assert!(tested.all("check").iter().any(|line| line["check"] == "write" && line["passed"] == true), "{tested:?}");
    assert_eq!(files(&other), [], "the test left something behind");
    console.run(["connections", "remove", "out"]).ended(0);
    assert_eq!(names(&console.run(["connections"]).ended(0)), ["this-computer"]);
}

#[test]
fn a_secret_is_refused_where_there_is_no_keychain_and_never_shown() {
    let console = Console::new();
    let add = ["connections", "add", "s3", "--name", "b", "--set", "bucket=pictures", "--set", "access_key_id=A", "--secret"];
    let mut command = console.command(&super::program(), add.iter().chain(&["secret_access_key", "--json"]));
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().expect("it starts");
    std::io::Write::write_all(child.stdin.as_mut().expect("stdin"), b"hunter2-very-secret\n").expect("it reads");
    let said = super::read(child.wait_with_output().expect("it ends"), true).ended(3);
    assert_eq!(said.error(), "keychain_absent");
    assert!(!said.stdout.contains("hunter2") && !said.stderr.contains("hunter2"));
    for (path, content) in files(&console.home()) {
        assert!(!content.windows(7).any(|part| part == b"hunter2"), "the secret is in {path:?}");
    }
}

#[test]
fn a_check_can_be_stopped() {
    let console = Console::new();
    let tree = trees::many(20_000, 0);
    let child = console.start(["check", tree.path().to_str().expect("text")]);
    std::thread::sleep(std::time::Duration::from_millis(60));
    signal(&child, "INT");
    let said = super::read(child.wait_with_output().expect("it ends"), true);
    assert!([130, 0].contains(&said.status), "{}", said.status);
    assert_eq!(said.events.last().expect("a summary")["event"], "summary");
}
