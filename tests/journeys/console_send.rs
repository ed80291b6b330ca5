//! A person sends a folder: it arrives, it is proven, a receipt says so, and a second time nothing is sent.

use super::{Console, files, receipt_files};
use std::fs;
use testkit::trees::{self, Tree};

#[test]
fn a_folder_arrives_whole_and_the_receipt_says_where() {
    let console = Console::with_out();
    let tree = trees::photos();
    let given = files(tree.path());
    let said = console.send(tree.path(), &["--contents"]).ended(0);
    let summary = said.summary();
    assert_eq!(summary["files"], given.len());
    assert_eq!(summary["verified"], given.len());
    assert_eq!(summary["by_size"], 0);
    let bytes: usize = given.iter().map(|(_, content)| content.len()).sum();
    assert_eq!(summary["bytes"], bytes);
    assert_eq!(files(&console.out()), given);
    let kept = console.home().join("receipts").join(summary["upload"].as_str().expect("an id"));
    for name in ["receipt.html", "receipt.csv", "receipt.json"] {
        let written = fs::read_to_string(kept.join(name)).unwrap_or_else(|why| panic!("{name} when the console ends: {why}"));
        assert!(written.contains("still.jpg"), "{name} does not know a file that arrived");
    }
    let receipt = console.receipt();
    let lines = receipt_files(&receipt);
    assert_eq!(lines.len(), given.len());
    for (path, content) in &given {
        let path = path.to_str().expect("names here are text");
        let line = lines.iter().find(|line| line["path"] == path).unwrap_or_else(|| panic!("{path} is missing"));
        assert_eq!(line["state"], "verified", "{line}");
        assert_eq!(line["proof"], "checksum", "{line}");
        assert_eq!(line["size"], content.len(), "{line}");
        assert!(line["url"].as_str().is_some_and(|url| url.starts_with("file:///")), "{line}");
    }
}

#[test]
fn a_second_time_nothing_is_sent() {
    let console = Console::with_out();
    let tree = trees::photos();
    let count = files(tree.path()).len();
    console.send(tree.path(), &[]).ended(0);
    let said = console.send(tree.path(), &[]).ended(0);
    assert_eq!(said.summary()["same"], count);
    assert_eq!(said.summary()["verified"], 0);
    assert_eq!(said.summary()["bytes"], 0);
}

#[test]
fn names_begin_with_the_given_folder_and_go_below_the_prefix() {
    let console = Console::with_out();
    let tree = Tree::empty();
    tree.file("photos/a/x.txt", b"x");
    let photos = tree.path().join("photos");
    let to = |to: &'static str, more: &[&'static str]| {
        let args = ["send", photos.to_str().expect("text"), "--yes", "--to", to].into_iter().chain(more.iter().copied());
        console.run(args.collect::<Vec<_>>()).ended(0);
    };
    to("out", &[]);
    to("out/p/q/", &[]);
    to("out/r", &["--contents"]);
    to("out/s", &["--names", "{prefix}/{stem}-copy.{ext}"]);
    let found: Vec<_> = files(&console.out()).into_iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(found, ["p/q/photos/a/x.txt", "photos/a/x.txt", "r/a/x.txt", "s/x-copy.txt"]);
}

#[test]
fn hidden_and_excluded_files_are_counted_and_can_be_taken() {
    let console = Console::with_out();
    let tree = Tree::empty();
    for name in ["x/a.jpg", "x/b.txt", "x/.DS_Store", "x/.git/one", "x/.git/two", "x/raw/c.jpg"] {
        tree.file(name, name.as_bytes());
    }
    let folder = tree.path().join("x");
    let said = console.send(&folder, &["--exclude", "x/raw/**"]).ended(0);
    assert_eq!((&said.summary()["files"], &said.summary()["skipped"]), (&2.into(), &4.into()));
    let said = console.send(&folder, &["--include-hidden", "--include", "*.jpg", "--include", "one"]).ended(0);
    assert_eq!(said.summary()["files"], 3, "{said:?}");
    let said = console.send(&folder.join(".git"), &[]).ended(0);
    assert_eq!(said.summary()["files"], 2, "a hidden folder that was named is taken: {said:?}");
}

#[test]
fn zero_bytes_are_sent_with_a_warning_and_links_are_notes() {
    let console = Console::with_out();
    let tree = Tree::empty();
    tree.file("x/empty.txt", b"");
    #[cfg(unix)]
    std::os::unix::fs::symlink("empty.txt", tree.path().join("x/link")).expect("a link");
    let said = console.send(&tree.path().join("x"), &[]).ended(0);
    assert_eq!((&said.summary()["verified"], &said.summary()["notes"]), (&1.into(), &1.into()));
    assert_eq!(fs::metadata(console.out().join("x/empty.txt")).expect("it arrived").len(), 0);
    assert!(said.all("finding").iter().any(|line| line["rule"] == "file-empty" && line["severity"] == "warning"), "{said:?}");
}

#[test]
fn nothing_to_send_is_said_and_is_no_failure() {
    let console = Console::with_out();
    let tree = Tree::empty();
    fs::create_dir(tree.path().join("empty")).expect("a folder");
    tree.file("hidden/.one", b"1");
    tree.file("hidden/.two", b"2");
    let said = console.send(&tree.path().join("empty"), &[]).ended(0);
    assert_eq!((&said.summary()["files"], &said.summary()["skipped"]), (&0.into(), &0.into()));
    let said = console.send(&tree.path().join("hidden"), &[]).ended(0);
    assert_eq!((&said.summary()["files"], &said.summary()["skipped"]), (&0.into(), &2.into()));
    let empty = tree.path().join("empty");
    let words = console.plain(["send", empty.to_str().expect("text"), "--to", "out", "--yes"]).ended(0);
    assert!(words.stdout.contains("no file"), "{words:?}");
}

#[test]
fn twins_need_the_person_and_the_others_go() {
    let console = Console::with_out();
    let tree = trees::twins();
    let said = console.send(tree.path(), &["--contents"]).ended(1);
    assert_eq!(said.summary()["needs_you"], 2, "{said:?}");
    assert_eq!(said.summary()["verified"], 3, "{said:?}");
    let found: Vec<_> = files(&console.out()).into_iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(found, ["README.txt", "alone.txt", "readme.txt"]);
    let line = said.all("needs_you");
    assert_eq!(line.len(), 1, "{said:?}");
    assert_eq!(line[0]["code"], "same_key");
}

#[test]
fn other_content_there_is_kept_replaced_or_sidestepped_as_wished() {
    let console = Console::with_out();
    let tree = Tree::empty();
    let mine = tree.file("x.txt", b"mine");
    let there = console.out().join("x.txt");
    fs::write(&there, b"theirs").expect("a file");
    let said = console.send(&mine, &[]).ended(1);
    assert_eq!((&said.summary()["needs_you"], said.all("needs_you")[0]["code"].as_str()), (&1.into(), Some("clash")));
    assert_eq!(fs::read(&there).expect("there"), b"theirs");
    console.send(&mine, &["--on-clash", "new-name"]).ended(0);
    assert_eq!(fs::read(&there).expect("there"), b"theirs");
    assert_eq!(fs::read(console.out().join("x (2).txt")).expect("beside it"), b"mine");
    console.send(&mine, &["--on-clash", "replace"]).ended(0);
    assert_eq!(fs::read(&there).expect("there"), b"mine");
}

#[test]
fn a_dry_run_foresees_and_leaves_nothing_behind() {
    let console = Console::with_out();
    let tree = Tree::empty();
    for name in ["x/new", "x/same", "x/changed"] {
        tree.file(name, name.as_bytes());
    }
    fs::create_dir(console.out().join("x")).expect("a folder");
    fs::write(console.out().join("x/same"), b"x/same").expect("a file");
    fs::write(console.out().join("x/changed"), b"other content").expect("a file");
    let before = files(&console.out());
    let folder = tree.path().join("x");
    let said = console.run(["send", folder.to_str().expect("text"), "--to", "out", "--dry-run"]).ended(1);
    let summary = said.summary();
    assert_eq!(summary["upload"], serde_json::Value::Null);
    assert_eq!((&summary["files"], &summary["verified"], &summary["bytes"]), (&3.into(), &0.into(), &0.into()));
    assert_eq!(files(&console.out()), before);
    assert_eq!(console.uploads(), Vec::<serde_json::Value>::new());
}

#[test]
fn what_was_sent_before_is_the_same_without_being_read_again() {
    let console = Console::with_out();
    let tree = trees::many(12, 100);
    console.send(tree.path(), &["--contents"]).ended(0);
    let path = tree.path().to_str().expect("text");
    let dry = ["send", path, "--to", "out", "--contents", "--dry-run"];
    let said = console.run(dry).ended(0);
    assert_eq!((&said.summary()["same"], &said.summary()["waiting"]), (&12.into(), &0.into()), "{said:?}");

    // Other content of the same size and time is not taken for it: the system knows when anything about a file was changed.
    let (name, content) = files(&console.out()).swap_remove(3);
    let copy = console.out().join(&name);
    let seen = fs::metadata(&copy).expect("there").modified().expect("a time");
    let other: Vec<u8> = content.iter().map(|byte| byte ^ 1).collect();
    fs::write(&copy, &other).expect("changed");
    fs::File::options().write(true).open(&copy).expect("there").set_modified(seen).expect("its old time");
    let said = console.send(tree.path(), &["--contents"]).ended(1);
    assert_eq!((&said.summary()["same"], &said.summary()["needs_you"]), (&11.into(), &1.into()), "{said:?}");
    assert_eq!(fs::read(&copy).expect("there"), other);
}

#[test]
fn a_name_that_is_shown_otherwise_is_given_in_its_own_bytes_too() {
    let console = Console::with_out();
    let tree = Tree::empty();
    tree.file("x/line\nbreak", b"content");
    tree.file("x/plain", b"content");
    console.send(&tree.path().join("x"), &[]).ended(0);
    let said = console.run(["show", "last"]).ended(0);
    let bytes: Vec<_> = said.all("file").iter().map(|line| (line["path"].clone(), line.get("path_bytes").cloned())).collect();
    let odd = "eC9saW5lCmJyZWFr";
    assert_eq!(bytes, [("x/line␊break".into(), Some(odd.into())), ("x/plain".into(), None)], "{said:?}");
    let sent = console.send(&tree.path().join("x"), &["--names", "new/{relative_path}"]);
    let control = |line: &&serde_json::Value| line["rule"] == "name-control";
    assert_eq!(sent.all("finding").into_iter().find(control).expect("a finding")["path_bytes"], odd, "{sent:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_goes_away_is_no_defect_and_a_full_output_is_no_full_journal() {
    let console = Console::with_out();
    let tree = trees::many(2_000, 1);
    console.send(tree.path(), &[]).ended(0);
    let ended = |to: std::process::Stdio| {
        let mut command = console.command(&super::program(), ["receipt", "last", "--format", "html"]);
        let output = command.stdout(to).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    assert_eq!(ended(writer.into()), (Some(0), String::new()));
    let (status, words) = ended(fs::File::options().write(true).open("/dev/full").expect("there").into());
    assert_eq!(status, Some(2));
    assert!(words.contains("could not be written") && !words.contains("data folder"), "{words}");
}

#[test]
fn people_read_sentences_and_no_name_moves_their_cursor() {
    let console = Console::with_out();
    let tree = trees::hostile();
    let path = tree.path().to_str().expect("text");
    let said = console.plain(["send", path, "--to", "out", "--yes"]);
    let seen = [&said.stdout, &said.stderr, &console.plain(["show", "last"]).stdout, &console.plain(["check", path]).stdout]
        .map(String::as_str)
        .concat();
    let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!seen.contains(bad), "{:?}", seen.chars().find(|c| bad(*c)));
    assert!(!seen.contains("console-") && !seen.contains("{ $"), "{seen}");
    assert!(said.stdout.contains("verified by checksum"), "{said:?}");
}
