//! The console against stand-ins of the three platforms, which their vendors' own SDKs have proven: each file has one row,
//! whatever goes wrong and wherever the program is killed, and the key goes to the platform's own address only.

use super::console_stand::{ALL, connected, count, each_once, killed_and_resumed, pictures, send};
use super::receipt_files;
use std::collections::BTreeSet;
use testkit::platforms::{Fake, Fault, Options, Refusal, Sums, Vendor, What};

#[test]
fn a_folder_is_registered_at_each_platform_and_the_second_time_nothing_moves() {
    let tree = pictures(120);
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let said = console.run(send(&tree, &to)).ended(0);
        assert_eq!((count(said.summary(), "registered"), count(said.summary(), "verified")), (120, 120), "{vendor:?}");
        each_once(&fake, 120, vendor.word());

        fake.forget_requests();
        let again = console.run(send(&tree, &to)).ended(0);
        assert_eq!((count(again.summary(), "same"), count(again.summary(), "bytes")), (120, 0), "{vendor:?}");
        let writes: Vec<_> = fake.requests().into_iter().filter(|asked| asked.kind.starts_with("storage_p")).collect();
        assert!(writes.is_empty(), "{vendor:?}: bytes are sent again");
        each_once(&fake, 120, vendor.word());
    }
}

/// A picture that does not get smaller: three bytes a point.
fn noise(side: u32) -> Vec<u8> {
    let (mut rng, mut bytes) = (fastrand::Rng::with_seed(5), std::io::Cursor::new(Vec::new()));
    let picture = image::RgbImage::from_fn(side, side, |_, _| image::Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// What is read whole and what is read while it is sent, each against the checksum that this storage happens to tell.
#[test]
fn files_are_held_against_whichever_checksum_the_storage_tells() {
    let tree = pictures(3);
    tree.file("a large one.png", &noise(1_800));
    for vendor in ALL {
        for (sums, named) in [(Sums::Md5, "MD5"), (Sums::Crc64nvme, "CRC64NVME"), (Sums::Crc32c, "CRC32C")] {
            let fake = Fake::start(Options { sums, ..Options::of(vendor) }).expect("loopback has free ports");
            let (console, to) = connected(&fake, vendor);
            let said = console.run(send(&tree, &to)).ended(0);
            let about = format!("{vendor:?}, {named}");
            assert_eq!((count(said.summary(), "verified"), count(said.summary(), "by_size")), (4, 0), "{about}");
            for line in receipt_files(&console.receipt()) {
                assert_eq!((&line["proof"], &line["algorithm"]), (&"checksum".into(), &named.into()), "{about}: {line}");
            }
        }
    }
}

#[test]
fn creates_that_answer_with_an_error_after_they_worked_make_no_row_twice() {
    let tree = pictures(250);
    for (vendor, kind) in
        [(Vendor::Segments, "create_samples"), (Vendor::Labelbox, "upsertDataRows"), (Vendor::Ango, "create_assets")]
    {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        fake.fail(Fault::on(kind, What::ErrorAfter(500)).times(1));
        fake.fail(Fault::on(kind, What::DropAfter).after(1).times(1));
        let said = console.run(send(&tree, &to)).ended(0);
        assert_eq!(count(said.summary(), "registered"), 250, "{vendor:?}");
        each_once(&fake, 250, vendor.word());
    }
}

#[test]
fn a_wrong_key_and_a_dataset_that_is_not_there_are_said_before_anything_is_sent() {
    let tree = pictures(3);
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (mut console, to) = connected(&fake, vendor);
        let missing = format!("{}/nobody", vendor.word());
        let said = console.run(send(&tree, &missing));
        assert_eq!((said.status, said.error()), (2, "no_such_container"), "{vendor:?}: {said:?}");
        console.set(&format!("GANTRY_SECRET_{}_API_KEY", vendor.word().to_uppercase()), "wrong");
        let said = console.run(send(&tree, &to));
        assert_eq!((said.status, said.error()), (1, "bad_api_key"), "{vendor:?}: {said:?}");
        assert!(!said.stdout.contains("wrong") && !said.stderr.contains("wrong\""), "the key is repeated: {said:?}");
        each_once(&fake, 0, vendor.word());
    }
}

#[test]
fn kills_while_registering_lose_and_double_nothing() {
    let rounds = std::env::var("GANTRY_ROW_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10);
    let tree = pictures(500);
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let about = format!("seed {seed}, {}", vendor.word());
        killed_and_resumed(&console, &send(&tree, &to), rounds, 400, &mut rng, &about);
        each_once(&fake, 500, &about);
    }
}

/// Some files in random places are refused by the platform: 10,000 with 25 of them in the long run, 2,000 in the short one.
#[test]
fn bad_files_among_many_need_the_person_with_reasons_and_all_others_are_registered() {
    let all = std::env::var("GANTRY_ROW_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let tree = pictures(all);
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    let bad: BTreeSet<u32> =
        std::iter::repeat_with(|| rng.u32(..all)).take(1_000).collect::<BTreeSet<_>>().into_iter().take(25).collect();
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        let refusal = |n: &u32| Refusal { holding: format!("street {n:04} "), words: format!("Picture {n} is damaged.") };
        fake.set(|manners| manners.refuse = bad.iter().map(refusal).collect());
        let said = console.run(send(&tree, &to)).ended(1);
        let what = format!("seed {seed}, {vendor:?}: {:?}", said.summary());
        assert_eq!(count(said.summary(), "registered"), u64::from(all) - 25, "{what}");
        assert_eq!(count(said.summary(), "needs_you"), 25, "{what}");
        let groups = said.all("needs_you");
        assert!(groups.iter().all(|group| group["code"] == "row_refused"), "{what}: {groups:?}");
        let named = console.run(["show", "last", "--state", "needs_you"]).ended(0);
        let names: BTreeSet<_> = named.all("file").iter().map(|line| line["path"].as_str().expect("a path").to_owned()).collect();
        let wanted = |n: &u32| names.iter().any(|name| name.ends_with(&format!("street {n:04} ü.png")));
        assert!(names.len() == 25 && bad.iter().all(wanted), "{what}: {names:?}");
        each_once(&fake, all as usize - 25, &what);
    }
}
