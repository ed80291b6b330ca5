//! Fixed copies by the console: offered by a check, made by a send, the same after any kill; originals never change.

use super::{Console, files, receipt_files};
use image::ImageFormat;
use std::time::Duration;
use testkit::pictures::{photo, picture, scan};
use testkit::platforms::{Fake, Vendor};
use testkit::trees::Tree;

fn photos(count: u8) -> Tree {
    let tree = Tree::empty();
    for n in 0..count {
        photo(&tree, &format!("p/{n:03}.jpg"), n % 2 == 0, n % 3 == 0, n);
    }
    tree
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().expect("text")
}

#[test]
fn a_check_says_which_fix_would_help_and_what_waits_for_a_yes() {
    let console = Console::new();
    let tree = photos(2);
    picture(&tree, "p/scan.webp", ImageFormat::WebP, 20, 20, 1);
    scan(&tree, "p/patient.dcm");
    let path = tree.path().join("p");
    let said = console.run(["check", text(&path), "--for", "labelbox"]).ended(1);
    let fix = |rule: &str| said.all("finding").into_iter().find(|line| line["rule"] == rule).map(|line| line["fix"].clone());
    assert_eq!(fix("labelbox-image-formats-by-upload"), Some("convert".into()), "{said:?}");
    assert_eq!((fix("file-rotated"), fix("photo-gps")), (Some("rotate".into()), Some("gps".into())));
    assert!(said.all("finding").iter().any(|line| line["rule"] == "dicom-patient-name" && line["asks"] == true));
    let words = console.plain(["check", text(&path), "--for", "labelbox"]);
    assert!(words.stdout.contains("--fix convert") && words.stdout.contains("--confirm dicom-patient-name"), "{words:?}");
    assert!(console.run(["send", text(&path), "--to", "x", "--yes", "--fix", "sharpen"]).status == 2);
}

#[test]
fn copies_go_originals_stay_and_the_receipt_says_what_was_done() {
    let console = Console::with_out();
    let tree = photos(6);
    let before = files(tree.path());
    let said = console.send(&tree.path().join("p"), &["--contents", "--fix", "rotate,gps"]).ended(0);
    assert_eq!(said.summary()["verified"], 6);
    let copies = said.all("copies");
    assert_eq!(copies.iter().map(|line| &line["made"]).collect::<Vec<_>>(), [2, 3], "{copies:?}");
    assert_eq!(files(tree.path()), before, "an original was touched");
    let there = files(&console.out());
    let changed = there.iter().zip(&before).filter(|((_, there), (_, here))| there != here).count();
    assert_eq!(changed, 4);
    let receipt = console.receipt();
    let mut lines: Vec<_> = receipt_files(&receipt).iter().collect();
    lines.sort_by_key(|line| line["path"].as_str().map(str::to_owned));
    let done: Vec<&str> = lines.iter().map(|line| line["copy"].as_str().unwrap_or("")).collect();
    assert_eq!(done, ["gps rotate", "", "rotate", "gps", "rotate", ""]);
    assert!(files(&console.home().join("copies")).is_empty(), "copies that arrived are still there");
    let again = console.send(&tree.path().join("p"), &["--contents", "--fix", "rotate,gps"]).ended(0);
    assert_eq!(again.summary()["same"], 6);
    let words = console.plain(["send", text(&tree.path().join("p")), "--to", "out", "--dry-run", "--fix", "gps"]);
    assert!(words.stdout.contains("position removed") && words.stdout.contains("→"), "{words:?}");
}

#[test]
fn a_patients_name_is_held_until_it_is_confirmed() {
    let console = Console::with_out();
    let tree = Tree::empty();
    scan(&tree, "p/patient.dcm");
    let path = tree.path().join("p");
    assert_eq!(console.send(&path, &[]).ended(1).summary()["needs_you"], 1);
    assert!(files(&console.out()).is_empty());
    assert_eq!(console.send(&path, &["--confirm", "dicom-patient-name"]).ended(0).summary()["verified"], 1);
    assert_eq!(files(&console.out()).len(), 1);
}

#[test]
fn killed_at_any_moment_every_copy_arrives_once_and_whole() {
    let tree = photos(90);
    let calm = Console::with_out();
    calm.send(&tree.path().join("p"), &["--contents", "--fix", "gps,rotate"]).ended(0);
    let expected = files(&calm.out());
    let before = files(tree.path());
    for seed in 0..4_u64 {
        let console = Console::with_out();
        let mut rng = fastrand::Rng::with_seed(seed);
        let path = tree.path().join("p");
        let mut args = vec!["send", text(&path), "--to", "out", "--yes", "--contents", "--fix", "gps,rotate", "--limit", "60k"];
        for _ in 0..4 {
            let mut child = console.start(&args);
            std::thread::sleep(Duration::from_millis(rng.u64(20..600)));
            let _ = child.kill();
            let _ = child.wait();
            if !console.uploads().is_empty() {
                args = vec!["resume"];
            }
        }
        if args[0] == "send" {
            console.run(&args).ended(0);
        }
        console.run(["resume"]).ended(0);
        assert!(files(&console.out()) == expected, "seed {seed}: what arrived differs");
        let receipt = console.receipt();
        // What arrived just before a kill is found to be the same.
        let odd = receipt_files(&receipt).iter().find(|line| line["state"] != "verified" && line["state"] != "same");
        assert!(odd.is_none(), "seed {seed}: {odd:?}");
        assert!(files(&console.home().join("copies")).is_empty(), "seed {seed}: copies are left");
    }
    assert_eq!(files(tree.path()), before);
}

#[test]
fn a_platform_gets_png_where_it_takes_no_webp() {
    let fake = Fake::of(Vendor::Labelbox);
    fake.seed_example();
    let mut console = Console::new();
    console.set("GANTRY_SECRET_LABELBOX_API_KEY", fake.key());
    let url = format!("api_url={}", fake.url());
    console.run(["connections", "add", "labelbox", "--name", "labelbox", "--set", &url]).ended(0);
    let datasets = console.run(["datasets", "labelbox"]).ended(0);
    let to = format!("labelbox/{}", datasets.all("dataset")[0]["id"].as_str().expect("an id"));
    let tree = Tree::empty();
    for n in 0..5 {
        picture(&tree, &format!("p/{n}.webp"), ImageFormat::WebP, 20, 20, n);
    }
    let path = tree.path().join("p");
    assert_eq!(console.run(["send", text(&path), "--to", &to, "--yes"]).ended(1).summary()["needs_you"], 5);
    let said = console.run(["send", text(&path), "--to", &to, "--yes", "--fix", "convert"]).ended(0);
    assert_eq!((&said.summary()["registered"], &said.summary()["needs_you"]), (&5.into(), &0.into()), "{said:?}");
    assert!(fake.violations().is_empty(), "{:?}", fake.violations());
}
