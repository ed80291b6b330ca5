//! A console beside a stand-in of a platform: pictures to send, what the stand-in holds afterwards, and what must never be seen.

use super::{Console, files};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::platforms::{Fake, Vendor};
use testkit::servers::{ACCESS_KEY, BUCKET, SECRET_KEY};
use testkit::trees::Tree;

pub const ALL: [Vendor; 3] = [Vendor::Segments, Vendor::Labelbox, Vendor::Ango];

/// A small picture that no other number has.
pub fn picture(n: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([n as u8, (n >> 8) as u8, 7]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// Pictures that every platform takes, each with content of its own.
pub fn pictures(count: u32) -> Tree {
    let tree = Tree::empty();
    for n in 0..count {
        tree.file(&format!("street {n:04} ü.png"), &picture(n));
    }
    tree
}

/// A console that knows the platform, and the target of its first dataset or project.
pub fn connected(fake: &Fake, vendor: Vendor) -> (Console, String) {
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

/// The connection `bucket` to an S3 server, its secret in the environment.
pub fn with_bucket(console: &mut Console, endpoint: &str) {
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", SECRET_KEY);
    let fields = [format!("bucket={BUCKET}"), format!("endpoint={endpoint}"), format!("access_key_id={ACCESS_KEY}")];
    let mut args = vec!["connections", "add", "s3", "--name", "bucket"];
    fields.iter().for_each(|field| args.extend(["--set", field.as_str()]));
    console.run(args).ended(0);
}

pub fn send(tree: &Tree, to: &str) -> Vec<String> {
    let path = tree.path().to_str().expect("text").to_owned();
    ["send", &path, "--to", to, "--yes", "--wait", "60s"].map(str::to_owned).to_vec()
}

/// Starts this, kills it so many times at moments between 20 ms and `most`, goes on after each kill, and lets it finish.
pub fn killed_and_resumed(console: &Console, start: &[String], kills: u32, most: u64, rng: &mut fastrand::Rng, about: &str) {
    let mut killed = 0;
    let mut child = console.start(start);
    while killed < kills {
        // The first one comes early: a program that has ended cannot be killed any more.
        let most = if killed == 0 { most / 4 } else { most };
        std::thread::sleep(Duration::from_millis(rng.u64(20..most)));
        if child.try_wait().expect("it is our child").is_some() {
            break;
        }
        let _ = child.kill();
        let _ = child.wait();
        killed += 1;
        child = console.start(["resume"]);
    }
    let _ = child.wait();
    // Killed before it was taken in, nothing is there to go on with: the person begins again.
    let said = if console.uploads().is_empty() { console.run(start) } else { console.run(["resume"]) };
    assert_eq!(said.status, 0, "{about}: {said:?}");
    assert!(killed > 0, "it always ends before it can be killed");
}

/// Rows of all datasets or projects.
pub fn rows(fake: &Fake) -> Vec<Value> {
    let state = fake.state();
    let containers = state["containers"].as_array().expect("containers");
    containers.iter().flat_map(|one| one["rows"].as_array().expect("rows")).cloned().collect()
}

/// How often each row was made.
pub fn made(fake: &Fake) -> BTreeMap<String, u64> {
    let mut made = BTreeMap::new();
    for row in rows(fake) {
        *made.entry(row["name"].as_str().expect("a name").to_owned()).or_default() += row["created"].as_u64().expect("a count");
    }
    made
}

#[track_caller]
pub fn each_once(fake: &Fake, count: usize, what: &str) {
    let made = made(fake);
    let odd: Vec<_> = made.iter().filter(|(_, times)| **times != 1).take(3).collect();
    assert!(odd.is_empty(), "{what}: made more than once: {odd:?}");
    assert_eq!(made.len(), count, "{what}");
    assert!(fake.violations().is_empty(), "{what}: {:?}", fake.violations());
}

pub fn count(summary: &Value, name: &str) -> u64 {
    summary[name].as_u64().unwrap_or_else(|| panic!("no {name} in {summary}"))
}

/// Nothing of these texts is in any file of the data folder.
#[track_caller]
pub fn nowhere(console: &Console, secrets: &[&str], what: &str) {
    for (path, content) in files(&console.home()) {
        for secret in secrets {
            let found = content.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{what}: {secret} is in {}", path.display());
        }
    }
}
