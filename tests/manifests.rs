//! Manifests as people have them: recognised, checked to the line, mended, converted, compared; and what is none.

mod bad;
mod bench;
mod changed;
mod fuzz;
mod pictures;
mod removed;
mod round;
mod told;

use gantry_engine::manifest::{Checked, Manifest, RowFinding, Wish, check};
use gantry_model::Problem;
use gantry_model::manifest::{Form, Known};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// Noon of 27 November 2026.
const NOW: Known = Known { now: 1_795_780_800 };

fn fixture(name: &str) -> PathBuf {
    testkit::here().join("fixtures/manifests").join(name)
}

/// A folder with one file.
fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    (folder, path)
}

fn open_as(path: &Path, form: Option<Form>) -> Result<Manifest, Problem> {
    Manifest::open(path, &Wish { form, ..Wish::default() }, &gantry_destinations::dialects())
}

fn open(path: &Path) -> Manifest {
    open_as(path, None).unwrap_or_else(|problem| panic!("{problem}"))
}

/// All findings, and the sum.
fn checked(manifest: &Manifest) -> (Vec<RowFinding>, Checked) {
    let mut all = Vec::new();
    let sum = check(manifest, NOW, &AtomicBool::new(false), &mut |finding| all.push(finding.clone())).expect("it can be read");
    (all, sum)
}

/// Each finding as `rule line:column`.
fn places(findings: &[RowFinding]) -> Vec<String> {
    findings.iter().map(|one| format!("{} {}:{}", one.rule.id, one.place.line, one.place.column)).collect()
}
