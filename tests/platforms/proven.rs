//! The vendors' own SDKs run their flows against the fakes, and must send what they were recorded to send.
//! An SDK that is not installed fails the test with words on how to get it; nothing is skipped.

use std::path::PathBuf;
use std::process::Command;
use testkit::platforms::recording::{How, differences, recorded, seen};
use testkit::platforms::{Fake, Vendor};

/// What a flow may do that its recording did not: the SDK works in threads, and shuffles rows between files.
const FREE: &[(&str, How)] = &[
    ("06_create_data_rows_local_paths", IN_ANY_ORDER),
    ("07_create_data_rows_manifest", IN_ANY_ORDER),
    ("10_chunking", How::SHAPE),
];
const IN_ANY_ORDER: How = How { values: true, selection: true, order: false };

fn top() -> PathBuf {
    testkit::here()
}

/// Runs the SDK's flows against a fake with the example in it.
fn run(vendor: Vendor) -> Fake {
    let fake = Fake::of(vendor);
    fake.seed_example();
    let mut command = Command::new(vendor.sdk_python());
    command.arg(top().join("platforms/sdk").join(format!("{}_flows.py", vendor.word())));
    command.args([fake.url().as_str(), fake.storage_url().as_str(), fake.key()]);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("NO_PROXY", "127.0.0.1");
    let output = command.output().expect("the SDK's Python starts");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("as the vendor's SDK wants them"), "{said}\n{errors}");
    fake
}

/// Every recorded flow against what the fake was asked in it.
fn sent_as_recorded(vendor: Vendor, fake: &Fake) {
    let folder = top().join("fixtures/wire").join(vendor.word());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let requests = fake.requests();
    let mut told = Vec::new();
    for file in &files {
        let flow = file.file_stem().unwrap().to_str().unwrap();
        let recording = recorded(&std::fs::read_to_string(file).unwrap()).unwrap();
        let how = FREE.iter().find(|(name, _)| *name == flow).map_or(How::EXACT, |(_, how)| *how);
        let mine = seen(requests.iter().filter(|asked| asked.mark == flow));
        told.extend(differences(&recording, &mine, how).into_iter().map(|one| format!("{flow} {one}")));
    }
    assert!(files.len() >= 9, "only {} recordings were found", files.len());
    assert!(told.is_empty(), "{} differences:\n  {}", told.len(), told.join("\n  "));
}

#[test]
fn the_sdk_of_segments_takes_the_fake_for_segments() {
    let fake = run(Vendor::Segments);
    sent_as_recorded(Vendor::Segments, &fake);
}

#[test]
fn the_sdk_of_labelbox_takes_the_fake_for_labelbox() {
    let fake = run(Vendor::Labelbox);
    sent_as_recorded(Vendor::Labelbox, &fake);
}

#[test]
fn the_sdk_of_ango_takes_the_fake_for_ango() {
    let fake = run(Vendor::Ango);
    sent_as_recorded(Vendor::Ango, &fake);
}
