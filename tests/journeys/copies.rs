//! Copies in place of originals: decided in the review, exact before anything goes, the same after a crash; originals never change.

use super::rig::Rig;
use gantry_model::view::{Filter, Phase, Plan, Review};
use gantry_model::{Code, Fix, Severity};
use image::ImageFormat;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use testkit::call::Call;
use testkit::cloud::Cloud;
use testkit::faulty::{Fault, Faulty, When};
use testkit::pictures::{photo, picture, scan};
use testkit::trees::Tree;

/// One file of each kind, and one that needs nothing.
fn mixed() -> Tree {
    let tree = Tree::empty();
    picture(&tree, "p/scan.webp", ImageFormat::WebP, 40, 30, 1);
    picture(&tree, "p/large.png", ImageFormat::Png, 128, 60, 2);
    photo(&tree, "p/turned.jpg", true, false, 3);
    photo(&tree, "p/placed.jpg", true, true, 4);
    photo(&tree, "p/plain.jpg", false, false, 5);
    tree
}

fn contents(tree: &Tree) -> BTreeMap<PathBuf, Vec<u8>> {
    tree.files().into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn strict(fixes: &[Fix]) -> Plan {
    Plan { connection: "strict".into(), fixes: fixes.to_vec(), ..Plan::default() }
}

/// Waits until every copy that is wanted is made.
fn made(rig: &Rig, upload: &str) -> Review {
    rig.until(upload, |picture| {
        let there = picture.phase == Phase::Review && picture.copies_wanted == 0;
        there && rig.engine.review(upload).is_ok_and(|review| review.difference.known)
    });
    rig.engine.review(upload).unwrap()
}

fn count(review: &Review, rule: &str) -> u64 {
    review.findings.iter().find(|group| group.rule == rule).map_or(0, |group| group.count)
}

fn object(cloud: &Cloud, key: &str) -> image::DynamicImage {
    image::load_from_memory(&cloud.object(key).unwrap_or_else(|| panic!("{key} did not arrive")).bytes).unwrap()
}

#[test]
fn fixed_copies_arrive_the_receipt_says_so_and_the_originals_stay_as_they_were() {
    let (cloud, tree) = (Cloud::new(), mixed());
    let before = contents(&tree);
    let rig = Rig::new(cloud.store());
    let given = tree.path().join("p");
    let upload = rig.ask_with(&[&given], strict(&[]));
    let review = made(&rig, &upload);
    assert_eq!((count(&review, "labelbox-image-formats"), count(&review, "photo-gps"), review.ready), (1, 1, 4));
    let offered: Vec<Fix> = review.findings.iter().filter_map(|group| group.fix).collect();
    assert_eq!(offered.len(), 4, "{:?}", review.findings);
    assert!(review.findings.iter().filter(|group| group.fix.is_some()).all(|group| group.fixable > 0 && group.needs > 0));

    rig.engine.plan(&upload, Plan { fixes: Fix::ALL.to_vec(), ..review.plan }).unwrap();
    let review = made(&rig, &upload);
    assert_eq!(review.findings, [], "something is left");
    assert_eq!(review.ready, 5);
    assert!(review.fixed.iter().all(|fixed| fixed.made > 0 && fixed.failed == 0 && fixed.bytes > 0), "{:?}", review.fixed);
    let scale = review.fixed.iter().find(|fixed| fixed.fix == Fix::Scale).unwrap();
    assert!(scale.before.contains("128 × 60") && scale.after.contains("64 × 30"), "{scale:?}");
    assert!(review.copies.held > 0 && review.copies.limit > review.copies.held);
    let rows = rig.engine.items(&upload, &Filter::default(), 0, 9).unwrap().rows;
    let large = rows.iter().find(|row| row.name == "large.png").unwrap();
    assert_eq!((large.width, large.height), (64, 30), "the row has the copy's pixels");

    rig.engine.approve(&upload).unwrap();
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (5, 0));
    assert_eq!(contents(&tree), before);
    assert!(cloud.object("p/scan.webp").is_none());
    assert_eq!(object(&cloud, "p/scan.png").width(), 40);
    assert_eq!(object(&cloud, "p/large.png").width(), 64);
    assert_eq!(object(&cloud, "p/turned.jpg").height(), 60);
    assert_eq!(cloud.object("p/plain.jpg").unwrap().bytes, before[&given.join("plain.jpg")]);

    let json = std::fs::read_to_string(rig.engine.receipt(&upload, "json").unwrap()).unwrap();
    let receipt: serde_json::Value = serde_json::from_str(&json).unwrap();
    let line = |path: &str| receipt["files"].as_array().unwrap().iter().find(|line| line["path"] == path).unwrap().clone();
    assert_eq!(line("p/scan.webp")["key"], "p/scan.png");
    assert_eq!(line("p/scan.webp")["copy"], "convert");
    assert!(
        line("p/scan.webp")["original"].as_str().unwrap().starts_with("p/scan.webp (WebP, 40 × 30"),
        "{}",
        line("p/scan.webp")
    );
    assert_eq!(line("p/placed.jpg")["copy"], "gps rotate");
    assert_eq!(line("p/scan.webp")["size"], cloud.object("p/scan.png").unwrap().bytes.len());
    assert!(line("p/plain.jpg").get("copy").is_none());
    let page = std::fs::read_to_string(rig.engine.receipt(&upload, "html").unwrap()).unwrap();
    assert!(page.contains("A copy was sent: converted."), "the page does not say that a copy was sent");
    assert_eq!(rig.engine.copies().held, 0, "copies that arrived are still kept");

    cloud.reset_counts();
    let again = rig.finish(&rig.send_with(&[&given], strict(&Fix::ALL)));
    assert_eq!(again.same, 5, "{again:?}");
    assert_eq!(cloud.counts().of(Call::Put) + cloud.counts().of(Call::Find), 0);
}

#[test]
fn a_photo_without_its_position_is_never_taken_for_the_one_with_it() {
    let (cloud, tree) = (Cloud::new(), Tree::empty());
    let path = photo(&tree, "p/a.jpg", false, true, 9);
    let rig = Rig::new(cloud.store());
    assert_eq!(rig.finish(&rig.send(&[&path])).verified, 1);
    let wished = Plan { fixes: vec![Fix::Gps], on_clash: "replace".into(), ..Plan::default() };
    let account = rig.finish(&rig.send_with(&[&path], wished));
    assert_eq!((account.same, account.verified), (0, 1), "the photo with its position was called the same");
    let there = cloud.object("a.jpg").unwrap().bytes;
    let original = std::fs::read(&path).unwrap();
    assert!(there.len() == original.len() && there != original);
}

#[test]
fn a_fix_can_be_undone_and_names_that_meet_are_found() {
    let (cloud, tree) = (Cloud::new(), Tree::empty());
    picture(&tree, "p/a.webp", ImageFormat::WebP, 20, 20, 1);
    picture(&tree, "p/a.png", ImageFormat::Png, 20, 20, 2);
    let rig = Rig::new(cloud.store());
    let upload = rig.ask_with(&[&tree.path().join("p")], strict(&[]));
    let first = made(&rig, &upload);
    assert_eq!((count(&first, "labelbox-image-formats"), count(&first, "key-same"), first.ready), (1, 0, 1));
    let plan = Plan { fixes: vec![Fix::Convert], ..first.plan.clone() };
    rig.engine.plan(&upload, plan).unwrap();
    let fixed = made(&rig, &upload);
    assert_eq!((count(&fixed, "labelbox-image-formats"), count(&fixed, "key-same"), fixed.ready), (0, 2, 0));
    rig.engine.plan(&upload, first.plan.clone()).unwrap();
    let undone = made(&rig, &upload);
    assert_eq!((undone.findings, undone.ready, undone.ready_bytes), (first.findings, first.ready, first.ready_bytes));
    let names = "{prefix}/{folder}/{stem}-{ext}.png".to_owned();
    rig.engine.plan(&upload, Plan { fixes: vec![Fix::Convert], names, ..first.plan }).unwrap();
    assert_eq!(made(&rig, &upload).ready, 2);
    rig.engine.forget(&upload).unwrap();
    assert_eq!(rig.engine.copies().held, 0);
}

#[test]
fn what_could_not_be_made_is_held_until_the_person_lets_it_go() {
    let (cloud, tree) = (Cloud::new(), mixed());
    let broken = std::fs::read(tree.path().join("p/scan.webp")).unwrap();
    tree.file("p/broken.webp", &broken[..broken.len() - 9]);
    scan(&tree, "p/patient.dcm");
    let rig = Rig::new(cloud.store());
    let upload = rig.ask_with(&[&tree.path().join("p")], Plan { fixes: vec![Fix::Scale, Fix::Convert], ..strict(&[]) });
    let review = made(&rig, &upload);
    assert_eq!((count(&review, "copy-not-made"), count(&review, "dicom-patient-name")), (1, 1), "{:?}", review.findings);
    let asks: Vec<&str> = review.findings.iter().filter(|group| group.asks).map(|group| group.rule.as_str()).collect();
    assert_eq!(asks.len(), 2, "{asks:?}");
    rig.engine
        .plan(&upload, Plan { confirmed: vec!["copy-not-made".into()], connection: "cloud".into(), ..review.plan })
        .unwrap();
    let other = made(&rig, &upload);
    assert_eq!((count(&other, "copy-not-made"), other.ready), (0, 6), "elsewhere no copy is wanted");
    let confirmed = vec!["dicom-patient-name".to_owned()];
    rig.engine.plan(&upload, Plan { confirmed, ..other.plan }).unwrap();
    let confirmed = made(&rig, &upload);
    let group = confirmed.findings.iter().find(|group| group.rule == "dicom-patient-name").unwrap();
    assert_eq!((group.severity, group.confirmed, confirmed.ready), (Severity::Note, true, 7));
    rig.engine.approve(&upload).unwrap();
    assert_eq!(rig.finish(&upload).verified, 7);
}

#[test]
fn a_bound_that_holds_no_copy_at_all_says_so_and_one_that_holds_few_sends_all() {
    let (cloud, tree) = (Cloud::new(), Tree::empty());
    for n in 0..20 {
        picture(&tree, &format!("p/{n}.bmp"), ImageFormat::Bmp, 300, 200, n);
    }
    let rig = Rig::new(cloud.store());
    let settings = rig.engine.settings();
    let bound = |copies| rig.engine.set_settings(&gantry_model::view::Settings { copies, ..settings.clone() }).unwrap();
    bound(10);
    let upload = rig.send_with(&[&tree.path().join("p")], strict(&[Fix::Convert]));
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (0, 20));
    let trouble = &rig.engine.troubles(&upload).unwrap()[0];
    assert!(trouble.code == Code::CopiesFull && trouble.detail.contains("needed="), "{trouble:?}");
    bound(4_000);
    rig.engine.retry(&upload, None, None).unwrap();
    assert_eq!(rig.finish(&upload).verified, 20);
    assert!(rig.engine.copies().held <= 4_000);
}

#[test]
fn an_original_that_changes_before_its_copy_goes_is_noticed_and_sent_anew_when_asked() {
    let (cloud, tree) = (Cloud::new(), Tree::empty());
    for n in 0..10 {
        picture(&tree, &format!("p/{n}.webp"), ImageFormat::WebP, 30, 20, n);
    }
    let slow = Faulty::new(cloud.store()).on(Call::List, When::Always, Fault::Delay(Duration::from_millis(400)));
    let rig = Rig::new(slow.store());
    let upload = rig.send_with(&[&tree.path().join("p")], strict(&[Fix::Convert]));
    rig.until(&upload, |picture| picture.phase == Phase::Planning && picture.account.waiting > 0);
    picture(&tree, "p/4.webp", ImageFormat::WebP, 24, 24, 99);
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (9, 1));
    assert_eq!(rig.engine.troubles(&upload).unwrap()[0].code, Code::SourceChanged);
    assert!(cloud.object("p/4.png").is_none());
    rig.engine.retry(&upload, Some(Code::SourceChanged), None).unwrap();
    assert_eq!(rig.finish(&upload).verified, 10);
    assert_eq!(object(&cloud, "p/4.png").width(), 24);
}

#[test]
fn a_pause_while_copies_are_made_rests_and_goes_on_with_those_that_are_missing() {
    let (cloud, tree) = (Cloud::new(), Tree::empty());
    for n in 0..60 {
        picture(&tree, &format!("p/{n:02}.bmp"), ImageFormat::Bmp, 500, 400, n);
    }
    let rig = Rig::new(cloud.store());
    let upload = rig.send_with(&[&tree.path().join("p")], strict(&[Fix::Convert]));
    rig.until(&upload, |picture| picture.copies_wanted > 0 || picture.account.verified > 0);
    rig.engine.pause(&upload);
    rig.until(&upload, |picture| matches!(picture.phase, Phase::Paused | Phase::Finished));
    rig.engine.go_on(&upload).unwrap();
    assert_eq!(rig.finish(&upload).verified, 60);
    assert!(cloud.objects().keys().all(|key| cloud.writes(&key.0) == 1 && key.0.ends_with(".png")));
}
