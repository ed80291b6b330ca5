//! A folder from drop to receipt, and what a person does with it on the way.

use super::rig::Rig;
use gantry_model::view::{Phase, Plan};
use gantry_model::{Code, Connection, Key, Problem, Secrets};
use std::collections::BTreeMap;
use testkit::call::Call;
use testkit::cloud::Cloud;
use testkit::faulty::{Fault, Faulty, When};
use testkit::trees;

#[test]
fn every_file_arrives_as_it_was_and_the_second_time_nothing_is_sent() {
    let (cloud, tree) = (Cloud::new(), trees::photos());
    let big: Vec<u8> = (0..300_000_u32).map(|n| (n / 3) as u8).collect();
    tree.file("big one.bin", &big);
    let rig = Rig::new(cloud.store());
    let files = tree.files();
    let account = rig.finish(&rig.send(&[tree.path()]));
    assert_eq!((account.verified, account.by_size), (files.len() as u64, 0));
    let name = tree.path().file_name().unwrap().to_str().unwrap();
    let object = cloud.object(&format!("{name}/big one.bin")).unwrap();
    assert_eq!(object.bytes, big);
    assert_eq!(cloud.objects().len(), files.len());

    cloud.reset_counts();
    let again = rig.finish(&rig.send(&[tree.path()]));
    assert_eq!(again.same, files.len() as u64);
    let counts = cloud.counts();
    assert_eq!(counts.of(Call::Put) + counts.of(Call::Send) + counts.of(Call::Find), 0, "{counts:?}");
}

#[test]
fn other_content_is_never_overwritten_unless_the_person_says_so() {
    let (cloud, tree) = (Cloud::new(), trees::many(20, 100));
    let rig = Rig::new(cloud.store());
    let name = tree.path().file_name().unwrap().to_str().unwrap();
    let key = format!("{name}/folder-0000/file-0000003.bin");
    cloud.place(&key, "somebody else's");
    let upload = rig.send(&[tree.path()]);
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (19, 1));
    assert_eq!(rig.engine.troubles(&upload).unwrap()[0].code, Code::Clash);
    assert_eq!(cloud.object(&key).unwrap().bytes, "somebody else's");

    cloud.remove(&key);
    rig.engine.retry(&upload, None, None).unwrap();
    assert_eq!(rig.finish(&upload).verified, 20, "what stood in the way is gone");
    cloud.place(&key, "somebody else's");

    let named = rig.finish(&rig.send_with(&[tree.path()], Plan { on_clash: "new-name".into(), ..Plan::default() }));
    assert_eq!((named.same, named.verified), (19, 1));
    assert!(cloud.object(&key.replace("0000003.bin", "0000003 (2).bin")).is_some());
    assert_eq!(cloud.object(&key).unwrap().bytes, "somebody else's");

    let replaced = rig.finish(&rig.send_with(&[tree.path()], Plan { on_clash: "replace".into(), ..Plan::default() }));
    assert_eq!((replaced.same, replaced.verified), (19, 1));
    assert_ne!(cloud.object(&key).unwrap().bytes, "somebody else's");
}

#[test]
fn a_paused_upload_rests_and_goes_on() {
    let (cloud, tree) = (Cloud::new(), trees::many(400, 64));
    let slow = Faulty::new(cloud.store()).on(Call::Put, When::Always, Fault::Delay(std::time::Duration::from_millis(20)));
    let rig = Rig::new(slow.store());
    let upload = rig.send(&[tree.path()]);
    rig.until(&upload, |picture| picture.account.verified > 20);
    rig.engine.pause(&upload);
    let rested = rig.until(&upload, |picture| picture.phase == Phase::Paused);
    assert!(rested.account.waiting > 0, "nothing was left to pause: {rested:?}");
    std::thread::sleep(std::time::Duration::from_millis(150));
    assert_eq!(rig.engine.picture(&upload).unwrap().account, rested.account, "it moved while it was paused");
    rig.engine.go_on(&upload).unwrap();
    assert_eq!(rig.finish(&upload).verified, 400);
    assert!(cloud.objects().keys().all(|Key(key)| cloud.writes(key) == 1));
}

#[test]
fn a_refused_key_stops_everything_once_and_a_retry_goes_on() {
    let (cloud, tree) = (Cloud::new(), trees::many(3_000, 16));
    let broken =
        Faulty::new(cloud.store()).on(Call::Put, When::Always, Fault::Refuse(gantry_model::Problem::new(Code::BadKey, "put")));
    let rig = Rig::new(broken.store());
    let upload = rig.send(&[tree.path()]);
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (0, 3_000));
    assert!(broken.struck() <= 300, "asked {} times with a key that is refused", broken.struck());
    broken.heal();
    rig.engine.retry(&upload, None, None).unwrap();
    assert_eq!(rig.finish(&upload).verified, 3_000);
}

#[test]
fn a_changed_file_is_not_counted_as_sent_until_the_person_sends_it_again() {
    let (cloud, tree) = (Cloud::new(), trees::many(10, 64));
    let held = Faulty::new(cloud.store()).on(Call::List, When::Always, Fault::Delay(std::time::Duration::from_millis(400)));
    let rig = Rig::new(held.store());
    let upload = rig.send(&[tree.path()]);
    rig.until(&upload, |picture| picture.phase == Phase::Planning);
    let changed = tree.files()[4].clone();
    std::fs::write(&changed, b"saved in the meantime").unwrap();
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you), (9, 1));
    assert_eq!(rig.engine.troubles(&upload).unwrap()[0].code, Code::SourceChanged);
    rig.engine.retry(&upload, Some(Code::SourceChanged), None).unwrap();
    assert_eq!(rig.finish(&upload).verified, 10);
    assert!(cloud.objects().values().any(|object| object.bytes == "saved in the meantime"));
}

#[test]
fn what_the_person_leaves_is_set_aside_and_cancel_leaves_no_parts() {
    let (cloud, tree) = (Cloud::new(), trees::many(12, 64));
    tree.file("big.bin", &vec![7; 400_000]);
    let slow = Faulty::new(cloud.store()).on(Call::Send, When::Always, Fault::Delay(std::time::Duration::from_millis(120)));
    let rig = Rig::new(slow.store());
    let upload = rig.send(&[tree.path()]);
    rig.until(&upload, |_| cloud.open_tickets() > 0);
    rig.engine.cancel(&upload).unwrap();
    let picture = rig.engine.picture(&upload).unwrap();
    assert_eq!((picture.phase, cloud.open_tickets()), (Phase::Cancelled, 0));
    assert_eq!(picture.account.sum(), 13);
    assert_eq!(picture.account.cancelled + picture.account.verified, 13);
    assert_eq!(cloud.objects().len() as u64, picture.account.verified);
}

#[test]
fn a_huge_file_and_many_small_ones_flow_side_by_side() {
    let (cloud, tree) = (Cloud::new(), trees::many(3_000, 16));
    tree.file("0 huge.bin", &vec![7; 4_000_000]);
    let slow = Faulty::new(cloud.store()).on(Call::Send, When::Always, Fault::Delay(std::time::Duration::from_millis(150)));
    slow.add(Call::Put, When::Always, Fault::Delay(std::time::Duration::from_millis(20)));
    let rig = Rig::new(slow.store());
    let upload = rig.send(&[tree.path()]);
    // Its key comes first, and still nobody waits for it; nor does it wait for all the others.
    let picture = rig.until(&upload, |_| slow.counts().of(Call::Send) > 0);
    assert_eq!(cloud.open_tickets(), 1, "the huge file is done already");
    let small = picture.account.verified;
    assert!((1..3_000).contains(&small), "{small} of the small ones arrived meanwhile");
    assert_eq!(rig.finish(&upload).verified, 3_001);
}

/// Three small files and one in parts that the store does not let be sealed: its parts lie there.
fn with_parts_left(cloud: &Cloud, seal: Problem) -> (tempfile::TempDir, trees::Tree, Rig, String) {
    let home = tempfile::tempdir().unwrap();
    let (tree, _, rig, upload) = with_parts_left_in(home.path(), cloud, seal);
    (home, tree, rig, upload)
}

fn with_parts_left_in(home: &std::path::Path, cloud: &Cloud, seal: Problem) -> (trees::Tree, Faulty, Rig, String) {
    let tree = trees::many(3, 64);
    tree.file("big.bin", &vec![7; 400_000]);
    let broken = Faulty::new(cloud.store()).on(Call::Seal, When::Always, Fault::Refuse(seal));
    let rig = Rig::on(home, broken.store());
    let upload = rig.send(&[tree.path()]);
    let account = rig.finish(&upload);
    assert_eq!((account.verified, account.needs_you, cloud.open_tickets()), (3, 1, 1));
    (tree, broken, rig, upload)
}

#[test]
fn parts_of_what_needs_the_person_are_gone_when_it_is_left_or_cancelled() {
    let denied = || Problem::new(Code::AccessDenied, "seal");
    let cloud = Cloud::new();
    let (_home, _tree, rig, upload) = with_parts_left(&cloud, denied());
    let in_use = rig.engine.remove_connection("cloud", false).expect_err("something still needs the person");
    assert_eq!(in_use.code, Code::ConnectionInUse);
    assert_eq!(rig.engine.set_aside(&upload, None, None).unwrap(), 1);
    assert_eq!(cloud.open_tickets(), 0);
    rig.engine.remove_connection("cloud", false).unwrap();

    let cloud = Cloud::new();
    let (_home, _tree, rig, upload) = with_parts_left(&cloud, denied());
    rig.engine.cancel(&upload).unwrap();
    let account = rig.engine.picture(&upload).unwrap().account;
    assert_eq!((account.verified, account.cancelled, cloud.open_tickets()), (3, 1, 0));
}

#[test]
fn parts_that_the_store_kept_when_they_were_left_are_thrown_away_the_next_time() {
    let cloud = Cloud::new();
    let home = tempfile::tempdir().unwrap();
    let (_tree, broken, rig, upload) = with_parts_left_in(home.path(), &cloud, Problem::new(Code::AccessDenied, "seal"));
    broken.add(Call::Discard, When::Always, Fault::Refuse(Problem::new(Code::Offline, "discard")));
    assert_eq!(rig.engine.set_aside(&upload, None, None).unwrap(), 1);
    assert_eq!((rig.engine.picture(&upload).unwrap().account.set_aside, cloud.open_tickets()), (1, 1));
    drop(rig);
    let _rig = Rig::on(home.path(), cloud.store());
    for _ in 0..200 {
        if cloud.open_tickets() == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the parts are still there");
}

#[test]
fn what_is_begun_anew_leaves_nothing_of_the_first_beginning() {
    for code in [Code::ChecksumDiffers, Code::TicketGone] {
        let (cloud, tree) = (Cloud::new(), trees::many(1, 64));
        tree.file("big.bin", &vec![7; 400_000]);
        let broken = Faulty::new(cloud.store()).on(Call::Seal, When::First(1), Fault::Refuse(Problem::new(code, "seal")));
        let rig = Rig::new(broken.store());
        let account = rig.finish(&rig.send(&[tree.path()]));
        assert_eq!((account.verified, broken.struck(), cloud.open_tickets()), (2, 1, 0), "{code:?}");
    }
}

#[test]
fn a_store_that_may_not_be_listed_is_asked_file_by_file() {
    let (cloud, tree) = (Cloud::new(), trees::many(150, 10));
    let deaf = Faulty::new(cloud.store()).on(Call::List, When::Always, Fault::Refuse(Problem::new(Code::AccessDenied, "list")));
    let rig = Rig::new(deaf.store());
    let upload = rig.ask(&[tree.path()]);
    rig.until(&upload, |_| rig.engine.review(&upload).is_ok_and(|review| review.difference.unlisted));
    assert!(rig.engine.review(&upload).unwrap().hold.is_none(), "nothing stands in the way of sending");
    rig.engine.approve(&upload).unwrap();
    assert_eq!(rig.finish(&upload).verified, 150);
}

#[test]
fn a_store_that_only_has_faults_is_named_and_goes_on_by_itself() {
    let (cloud, tree) = (Cloud::new(), trees::many(12, 10));
    let ill = Faulty::new(cloud.store()).on(Call::Put, When::First(20), Fault::Refuse(Problem::new(Code::ServerError, "put")));
    let rig = Rig::new(ill.store());
    let upload = rig.send(&[tree.path()]);
    let picture = rig.until(&upload, |picture| picture.hold.as_ref().is_some_and(|hold| hold.code == Code::ServerError));
    assert!(!picture.hold.unwrap().again.is_empty(), "it says when it tries again");
    assert_eq!(rig.finish(&upload).verified, 12);
    assert!(rig.engine.picture(&upload).unwrap().hold.is_none());
}

#[test]
fn a_destination_inside_what_was_given_is_left_out_also_when_it_is_chosen_in_the_review() {
    let (cloud, tree) = (Cloud::new(), trees::many(4, 10));
    tree.file("backup/from last time.bin", b"x");
    let rig = Rig::new(cloud.store());
    let fields = BTreeMap::from([("path".to_owned(), tree.path().join("backup").to_str().unwrap().to_owned())]);
    let inside = Connection { name: "inside".to_owned(), kind: "folder".to_owned(), fields };
    rig.engine.add_connection(inside, Secrets::default(), false).unwrap();
    let upload = rig.ask(&[tree.path()]);
    let review = |files| rig.until(&upload, |picture| picture.phase == Phase::Review && picture.account.files == files);
    review(5);
    let plan = rig.engine.review(&upload).unwrap().plan;
    rig.engine.plan(&upload, Plan { connection: "inside".to_owned(), ..plan.clone() }).unwrap();
    review(4);
    let findings = rig.engine.review(&upload).unwrap().findings;
    assert!(findings.iter().any(|group| group.rule == "entry-own-folder"), "{findings:?}");
    rig.engine.plan(&upload, plan).unwrap();
    review(5);
}
