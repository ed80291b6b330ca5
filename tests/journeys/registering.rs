//! Rows at a platform: every good file has exactly one, whatever the platform answers and wherever the program is cut off.

use super::rig::Rig;
use gantry_model::Code;
use gantry_model::view::{Grouping, Phase, Plan, Register};
use gantry_model::{State, Target};
use image::ImageFormat::{Png, WebP};
use std::time::Duration;
use testkit::bureau::{Bureau, Manners};
use testkit::cloud::Cloud;
use testkit::pictures::picture;
use testkit::trees::{self, Tree};

/// Into the bucket, and registered.
pub(super) fn plan() -> Plan {
    let target = Target { container: "birds".into(), ..Target::default() };
    Plan {
        register: Some(Register { connection: "bureau".into(), kind: "bureau".into(), target, ..Register::default() }),
        ..Plan::default()
    }
}

/// Every row stands once, and there are so many.
fn each_once(bureau: &Bureau, count: usize) {
    let rows = bureau.rows();
    let twice: Vec<_> = rows.iter().filter(|(_, count)| **count != 1).take(3).collect();
    assert!(twice.is_empty(), "made more than once: {twice:?}");
    assert_eq!(rows.len(), count);
}

#[test]
fn every_file_is_sent_registered_and_seen_and_the_second_time_nothing_is_made() {
    let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(Manners::default()), trees::many(1000, 16));
    let rig = Rig::with_platform(cloud.store(), bureau.clone());
    let account = rig.finish(&rig.send_with(&[tree.path()], plan()));
    assert_eq!((account.visible, account.needs_you), (1000, 0), "{account:?}");
    each_once(&bureau, 1000);

    bureau.reset_counts();
    cloud.reset_counts();
    let again = rig.finish(&rig.send_with(&[tree.path()], plan()));
    assert_eq!(again.same, 1000, "{again:?}");
    let (creates, lists, lookups) = bureau.calls();
    assert_eq!((creates, lists, lookups), (0, 1, 0));
    assert_eq!(cloud.counts().of(testkit::call::Call::Put), 0);
}

#[test]
fn the_review_counts_only_the_rows_that_will_be_made() {
    for (grouping, rows) in [(Grouping::File, 3), (Grouping::Folder, 1)] {
        let (tree, bureau) = (Tree::empty(), Bureau::new(Manners::default()));
        for (name, format) in [("a/1.png", Png), ("a/2.webp", WebP), ("b/1.png", Png), ("b/2.png", Png)] {
            picture(&tree, name, format, 8, 8, 1);
        }
        let rig = Rig::with_platform(Cloud::new().store(), bureau.clone());
        let mut plan = Plan { connection: "strict".into(), ..plan() };
        plan.register.as_mut().unwrap().grouping = grouping;
        let upload = rig.ask_with(&[tree.path()], plan);
        rig.until(&upload, |_| rig.engine.review(&upload).is_ok_and(|review| review.difference.known));
        let review = rig.engine.review(&upload).unwrap();
        assert_eq!((review.ready, review.difference.rows_new, review.rows), (3, rows, rows), "{review:?}");
        rig.engine.approve(&upload).unwrap();
        assert_eq!(rig.finish(&upload).needs_you, 1);
        assert_eq!(bureau.rows().len() as u64, rows, "{:?}", bureau.rows());
    }
}

#[test]
fn bytes_that_were_there_already_are_registered_too() {
    let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(Manners::default()), trees::many(120, 16));
    let rig = Rig::with_platform(cloud.store(), bureau.clone());
    assert_eq!(rig.finish(&rig.send(&[tree.path()])).verified, 120);
    let account = rig.finish(&rig.send_with(&[tree.path()], plan()));
    assert_eq!(account.visible, 120, "{account:?}");
    each_once(&bureau, 120);
}

#[test]
fn errors_after_the_work_was_done_make_no_row_twice_and_lose_none() {
    for unique_keys in [true, false] {
        let manners = Manners {
            unique_keys,
            settle: Duration::from_millis(if unique_keys { 0 } else { 300 }),
            rows_per_call: 10,
            error_after: 10,
            lost_before: 7,
            slow_down: 9,
            ..Manners::default()
        };
        let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(manners), trees::many(600, 16));
        let rig = Rig::with_platform(cloud.store(), bureau.clone());
        let account = rig.finish(&rig.send_with(&[tree.path()], plan()));
        assert_eq!((account.registered + account.visible, account.needs_you), (600, 0), "{account:?}");
        each_once(&bureau, 600);
    }
}

#[test]
fn a_platform_that_does_not_say_which_rows_it_took_is_asked() {
    let manners = Manners { unique_keys: false, tight_lipped: true, settle: Duration::from_millis(200), ..Manners::default() };
    let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(manners), trees::many(150, 16));
    let rig = Rig::with_platform(cloud.store(), bureau.clone());
    let account = rig.finish(&rig.send_with(&[tree.path()], plan()));
    assert_eq!(account.registered + account.visible, 150, "{account:?}");
    each_once(&bureau, 150);
}

#[test]
fn one_refused_row_never_stops_the_rest() {
    for refuses_calls in [false, true] {
        let manners = Manners { refuses: Some("-000001"), refuses_calls, ..Manners::default() };
        let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(manners), trees::many(500, 16));
        let rig = Rig::with_platform(cloud.store(), bureau.clone());
        let upload = rig.send_with(&[tree.path()], plan());
        let account = rig.finish(&upload);
        let bad = account.needs_you;
        assert_eq!(bad, 10, "{account:?}");
        assert_eq!(account.visible, 500 - bad);
        let group = &rig.engine.troubles(&upload).unwrap()[0];
        assert_eq!((group.code, group.count), (Code::RowRefused, bad));
        assert!(group.detail.contains("said="), "the platform's own words are lost: {}", group.detail);
        each_once(&bureau, 500 - usize::try_from(bad).unwrap());
    }
}

#[test]
fn a_key_that_is_revoked_in_the_middle_holds_what_is_left_and_one_retry_goes_on() {
    let manners = Manners { revoked_after: Some(2), rows_per_call: 20, ..Manners::default() };
    let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(manners), trees::many(300, 16));
    let home = tempfile::tempdir().unwrap();
    let upload = {
        let rig = Rig::on_platform(home.path(), cloud.store(), bureau.clone());
        let upload = rig.send_with(&[tree.path()], plan());
        let account = rig.finish(&upload);
        assert_eq!((account.registered + account.visible, account.needs_you), (40, 260), "{account:?}");
        assert_eq!(rig.engine.troubles(&upload).unwrap()[0].code, Code::BadApiKey);
        rig.engine.quit(Duration::from_secs(5));
        upload
    };
    bureau.renew_key();
    let rig = Rig::on_platform(home.path(), cloud.store(), bureau.with(Manners::default()));
    cloud.reset_counts();
    rig.engine.retry(&upload, None, None).unwrap();
    let account = rig.until(&upload, |picture| picture.phase == Phase::Finished && picture.account.needs_you == 0).account;
    assert_eq!(account.registered + account.visible, 300, "{account:?}");
    assert_eq!(cloud.counts().of(testkit::call::Call::Put), 0, "bytes that were proven are sent again");
    each_once(&bureau, 300);
}

#[test]
fn a_row_of_that_name_for_something_else_is_never_touched() {
    let (cloud, bureau, tree) = (Cloud::new(), Bureau::new(Manners::default()), trees::many(60, 16));
    let rig = Rig::with_platform(cloud.store(), bureau.clone());
    assert_eq!(rig.finish(&rig.send_with(&[tree.path()], plan())).visible, 60);
    // The same names in another place of the bucket: other objects.
    let elsewhere = Plan { prefix: "elsewhere".into(), ..plan() };
    let upload = rig.send_with(&[tree.path()], elsewhere);
    let account = rig.finish(&upload);
    assert_eq!((account.needs_you, account.of(State::Verified)), (60, 0), "{account:?}");
    assert_eq!(rig.engine.troubles(&upload).unwrap()[0].code, Code::RowThere);
    each_once(&bureau, 60);
}

#[test]
fn rows_asked_for_before_a_crash_are_asked_about_after_it() {
    let manners = Manners { unique_keys: false, settle: Duration::from_millis(200), rows_per_call: 25, ..Manners::default() };
    let (cloud, tree) = (Cloud::new(), trees::many(200, 16));
    for cut in [1, 2, 5] {
        let bureau = Bureau::new(manners.clone());
        let home = tempfile::tempdir().unwrap();
        let upload = {
            let rig = Rig::on_platform(home.path(), cloud.store(), bureau.clone());
            let upload = rig.send_with(&[tree.path()], Plan { prefix: format!("cut-{cut}"), ..plan() });
            while bureau.calls().0 < cut {
                std::thread::sleep(Duration::from_millis(1));
            }
            rig.engine.quit(Duration::from_secs(5));
            upload
        };
        let rig = Rig::on_platform(home.path(), cloud.store(), bureau.clone());
        rig.engine.resume_all(true).unwrap();
        let account = rig.finish(&upload);
        assert_eq!(account.registered + account.visible, 200, "{account:?}");
        each_once(&bureau, 200);
    }
}
