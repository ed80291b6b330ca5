//! The console against stand-ins of the three platforms, which their vendors' own SDKs have proven: each file has one row,
//! whatever goes wrong and wherever the program is killed, and the key goes to the platform's own address only.

use super::Console;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::platforms::{Fake, Fault, Vendor, What};
use testkit::trees::Tree;

pub(super) const ALL: [Vendor; 3] = [Vendor::Segments, Vendor::Labelbox, Vendor::Ango];

/// Pictures that every platform takes, each with content of its own.
pub(super) fn pictures(count: u32) -> Tree {
    let tree = Tree::empty();
    for n in 0..count {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([n as u8, (n >> 8) as u8, 7]));
        picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
        tree.file(&format!("street {n:04} ü.png"), bytes.get_ref());
    }
    tree
}

/// A console that knows the platform, and the target of its first dataset or project.
pub(super) fn connected(fake: &Fake, vendor: Vendor) -> (Console, String) {
    fake.seed_example();
    let mut console = Console::new();
    let word = vendor.word();
    console.set(&format!("GANTRY_SECRET_{}_API_KEY", word.to_uppercase()), fake.key());
    let url = format!("api_url={}", fake.url());
    let mut add = vec!["connections", "add", word, "--name", word, "--set", &url];
    if vendor == Vendor::Ango {
        add.extend(["--set", "settle_seconds=2"]);
    }
    console.run(add).ended(0);
    let datasets = console.run(["datasets", word]).ended(0);
    let id = datasets.all("dataset")[0]["id"].as_str().expect("an id").to_owned();
    (console, format!("{word}/{id}"))
}

pub(super) fn send(tree: &Tree, to: &str) -> Vec<String> {
    let path = tree.path().to_str().expect("text").to_owned();
    ["send", &path, "--to", to, "--yes", "--wait", "60s"].map(str::to_owned).to_vec()
}

/// How often each row was made.
fn made(fake: &Fake) -> BTreeMap<String, u64> {
    let state = fake.state();
    let rows = state["containers"].as_array().expect("containers").iter().flat_map(|one| one["rows"].as_array().expect("rows"));
    let mut made = BTreeMap::new();
    for row in rows {
        *made.entry(row["name"].as_str().expect("a name").to_owned()).or_default() += row["created"].as_u64().expect("a count");
    }
    made
}

#[track_caller]
fn each_once(fake: &Fake, count: usize, what: &str) {
    let made = made(fake);
    let odd: Vec<_> = made.iter().filter(|(_, times)| **times != 1).take(3).collect();
    assert!(odd.is_empty(), "{what}: made more than once: {odd:?}");
    assert_eq!(made.len(), count, "{what}");
    assert!(fake.violations().is_empty(), "{what}: {:?}", fake.violations());
}

fn count(summary: &Value, name: &str) -> u64 {
    summary[name].as_u64().unwrap_or_else(|| panic!("no {name} in {summary}"))
}

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
        let mut killed = 0;
        let mut child = console.start(send(&tree, &to));
        while killed < rounds {
            std::thread::sleep(Duration::from_millis(rng.u64(20..400)));
            if child.try_wait().expect("it is our child").is_some() {
                break;
            }
            let _ = child.kill();
            let _ = child.wait();
            killed += 1;
            child = console.start(["resume"]);
        }
        let _ = child.wait();
        // Killed before it was taken in, nothing is there to go on with: the person drops it again.
        let said = if console.uploads().is_empty() { console.run(send(&tree, &to)) } else { console.run(["resume"]) };
        assert_eq!(said.status, 0, "seed {seed}, {vendor:?}: {said:?}");
        assert!(killed > 0, "it always ends before it can be killed");
        each_once(&fake, 500, &format!("seed {seed}, {} after {killed} kills", vendor.word()));
    }
}
