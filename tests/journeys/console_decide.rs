//! What the person decides about uploads that are there: resume, retry, leave, cancel; and who may work at a time.

use super::{Console, files, receipt_files, signal, until};
use serde_json::json;
use std::fs;
use testkit::trees::{self, Tree};

/// A send that takes some ten seconds, stopped after it has begun.
fn stopped(console: &Console, tree: &Tree) -> super::Said {
    let path = tree.path().to_str().expect("text");
    let child = console.start(["send", path, "--to", "out", "--yes", "--contents", "--limit", "200k"]);
    until("a file at the destination", || !files(&console.out()).is_empty());
    signal(&child, "INT");
    super::read(child.wait_with_output().expect("it ends"), true)
}

#[test]
fn ctrl_c_rests_the_upload_and_resume_finishes_it() {
    let console = Console::with_out();
    let tree = trees::many(100, 16 * 1024);
    let said = stopped(&console, &tree).ended(130);
    assert!(said.summary()["waiting"].as_u64() > Some(0), "{said:?}");
    assert_eq!(said.summary()["files"], 100, "{said:?}");
    let upload = said.summary()["upload"].clone();
    let said = console.run(["resume"]).ended(0);
    assert_eq!((&said.summary()["upload"], &said.summary()["verified"]), (&upload, &100.into()));
    assert_eq!(files(&console.out()), files(tree.path()));
    let receipt = console.receipt();
    assert!(receipt_files(&receipt).iter().all(|line| line["state"] == "verified"), "{receipt}");
}

#[test]
fn an_upload_whose_connection_is_gone_waits_and_the_others_go_on() {
    let console = Console::with_out();
    let tree = trees::many(100, 16 * 1024);
    let first = stopped(&console, &tree).ended(130).summary()["upload"].clone();
    let other = console.folder().join("other");
    fs::create_dir(&other).expect("a folder");
    console.connect("other", &other);
    console.run(["connections", "remove", "out"]).ended(2);
    console.run(["connections", "remove", "out", "--force"]).ended(0);
    let path = tree.path().to_str().expect("text");
    let child = console.start(["send", path, "--to", "other", "--yes", "--contents", "--limit", "200k"]);
    until("a file at the destination", || !files(&other).is_empty());
    signal(&child, "INT");
    super::read(child.wait_with_output().expect("it ends"), true).ended(130);

    let said = console.run(["resume"]).ended(1);
    assert_eq!(files(&other), files(tree.path()));
    let waits = said.all("summary").into_iter().find(|line| line["upload"] == first).expect("its counts");
    assert!(waits["waiting"].as_u64() > Some(0), "{said:?}");
    assert_eq!(console.run(["resume"]).ended(2).error(), "connection_missing");

    let said = console.run(["cancel", first.as_str().expect("text")]).ended(0);
    assert_eq!(said.summary()["waiting"], 0, "{said:?}");
    assert!(said.summary()["set_aside"].as_u64() > Some(0), "{said:?}");
}

#[test]
fn with_nothing_to_resume_it_says_so() {
    let console = Console::with_out();
    let said = console.run(["resume"]).ended(0);
    assert!(said.all("summary").is_empty(), "{said:?}");
    let words = console.plain(["resume"]).ended(0);
    assert!(words.stdout.contains("nothing to resume"), "{words:?}");
}

#[test]
fn resume_leaves_what_needs_the_person_and_retry_takes_it() {
    let console = Console::with_out();
    let tree = Tree::empty();
    let mine = tree.file("x.txt", b"mine");
    fs::write(console.out().join("x.txt"), b"theirs").expect("a file");
    console.send(&mine, &[]).ended(1);
    let words = console.plain(["resume"]).ended(0);
    assert!(words.stdout.contains("needs you"), "{words:?}");
    fs::remove_file(console.out().join("x.txt")).expect("it goes");
    console.run(["resume"]).ended(0);
    assert!(!console.out().join("x.txt").exists(), "resume tried what needs the person");
    let said = console.run(["retry", "last"]).ended(0);
    assert_eq!(said.summary()["verified"], 1);
    assert_eq!(fs::read(console.out().join("x.txt")).expect("it arrived"), b"mine");
}

#[test]
fn what_met_other_content_is_replaced_or_renamed_afterwards() {
    let console = Console::with_out();
    let tree = Tree::empty();
    for name in ["a.txt", "b.txt"] {
        tree.file(name, b"mine");
        fs::write(console.out().join(name), b"theirs").expect("a file");
    }
    console.send(tree.path(), &["--contents"]).ended(1);
    let said = console.run(["retry", "last"]).ended(1);
    assert_eq!(
        (&said.summary()["needs_you"], fs::read(console.out().join("a.txt")).expect("it stays")),
        (&2.into(), b"theirs".to_vec())
    );
    fs::write(console.out().join("b.txt"), b"mine").expect("somebody else brought it");
    let said = console.run(["retry", "last", "--on-clash", "new-name"]).ended(0);
    assert_eq!((&said.summary()["verified"], &said.summary()["same"]), (&1.into(), &1.into()), "{said:?}");
    let read = |name: &str| fs::read(console.out().join(name)).expect("it is there");
    assert_eq!((read("a.txt"), read("a (2).txt")), (b"theirs".to_vec(), b"mine".to_vec()));

    fs::write(tree.path().join("a.txt"), b"mine, later").expect("it changes");
    console.send(tree.path(), &["--contents"]).ended(1);
    console.run(["retry", "last", "--on-clash", "replace"]).ended(0);
    assert_eq!(read("a.txt"), b"mine, later");
}

#[test]
fn what_is_set_aside_is_closed() {
    let console = Console::with_out();
    let tree = Tree::empty();
    let mine = tree.file("x.txt", b"mine");
    fs::write(console.out().join("x.txt"), b"theirs").expect("a file");
    console.send(&mine, &[]).ended(1);
    let said = console.run(["set-aside", "last", "--reason", "same_key"]).ended(1);
    assert_eq!(said.summary()["needs_you"], 1, "another reason was closed: {said:?}");
    let said = console.run(["set-aside", "last", "--reason", "clash"]).ended(0);
    assert_eq!((&said.summary()["set_aside"], &said.summary()["needs_you"]), (&1.into(), &0.into()));
    let shown = console.run(["show", "last", "--state", "set_aside"]).ended(0);
    assert_eq!(shown.all("file").len(), 1, "{shown:?}");
    assert_eq!(receipt_files(&console.receipt())[0]["state"], "set_aside");
    assert_eq!(console.run(["retry", "last"]).ended(0).summary()["set_aside"], 1, "what was left is tried again");
}

#[test]
fn what_is_cancelled_stays_cancelled_and_what_arrived_stays() {
    let console = Console::with_out();
    let tree = trees::many(100, 16 * 1024);
    let said = stopped(&console, &tree).ended(130);
    let told = said.summary()["verified"].as_u64().expect("a count");
    let said = console.run(["cancel", "last"]).ended(0);
    // What was in flight when the first summary was printed may have arrived and been written down since.
    let arrived = said.summary()["verified"].as_u64().expect("a count");
    assert!(arrived >= told, "{said:?}");
    assert_eq!(said.summary()["set_aside"], 100 - arrived);
    assert_eq!(said.summary()["cancelled"], 100 - arrived);
    let said = console.run(["resume"]).ended(0);
    assert!(said.all("summary").is_empty(), "a cancelled upload was resumed: {said:?}");
    console.run(["resume", "last"]).ended(0);
    let left = files(&console.out());
    assert_eq!(left.len() as u64, arrived);
}

#[test]
fn one_works_at_a_time_and_looking_is_always_possible() {
    let console = Console::with_out();
    let tree = trees::many(100, 16 * 1024);
    let path = tree.path().to_str().expect("text");
    let first = console.start(["send", path, "--to", "out", "--yes", "--limit", "100k"]);
    until("a file at the destination", || !files(&console.out()).is_empty());
    for args in [&["resume"][..], &["send", path, "--to", "out", "--yes"], &["cancel", "last"], &["set-aside", "last"]] {
        let said = console.run(args).ended(3);
        assert_eq!(said.error(), "in_use");
        assert!(said.stderr.contains("gantryctl send"), "the holder is not named: {said:?}");
    }
    let uploads = console.uploads();
    assert_eq!((uploads.len(), &uploads[0]["phase"]), (1, &json!("sending")), "{uploads:?}");
    console.run(["show", "last"]).ended(0);
    console.run(["connections"]).ended(0);
    signal(&first, "INT");
    super::read(first.wait_with_output().expect("it ends"), true).ended(130);
}

#[test]
fn a_second_ctrl_c_leaves_at_once() {
    let console = Console::with_out();
    let tree = trees::many(40, 8 * 1024);
    let path = tree.path().to_str().expect("text");
    let mut child = console.start(["send", path, "--to", "out", "--yes", "--contents", "--limit", "40k"]);
    until("an upload that sends", || console.uploads().first().is_some_and(|one| one["phase"] == "sending"));
    signal(&child, "INT");
    std::thread::sleep(std::time::Duration::from_millis(30));
    signal(&child, "INT");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    console.run(["resume"]).ended(0);
    assert_eq!(files(&console.out()), files(tree.path()));
}
