//! Damaged manifests by the thousand: each is opened, checked, mended, converted and compared, and ends in words.
//! Seeded, so that a failure comes back; what once failed is kept in `fixtures/manifests/corpus`.

use super::{NOW, fixture, open_as};
use gantry_engine::manifest::{Aside, MENDABLE, Manifest, check, compare, convert, mend};
use gantry_model::manifest::{Form, Layout};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Mutations in a short run.
const SHORT: u64 = 1_500;
/// A mutated file is cut at so many bytes.
const LARGEST: usize = 32 << 10;
/// Findings that no file of that size can have: a reader that stands still finds without end.
const ENDLESS: u64 = 100 * LARGEST as u64;

/// Pieces that readers stumble over.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\"\"",
    b"\\u",
    b"\\ud83d",
    b"null",
    b"1e999",
    b"-",
    b"00",
    b"https://",
    b"%",
    b"%25",
    b"%2520",
    b"+",
    b" ",
    b"?",
    b"#",
    b"\t",
    b";",
    b"\"row_data\":",
    b"\"data\":",
    b"\"attributes\":{",
    b"\xc3",
    b"\xf0\x9f\x98\x80",
    b"{{",
    b"\"global_key\":\"a\"",
];

fn seeds() -> Vec<(PathBuf, Vec<u8>)> {
    let folders = [fixture(""), fixture("corpus")];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("fixtures"));
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    let mut all: Vec<_> = files.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect();
    all.sort();
    all
}

/// Opens as whatever it may be, and does everything that can be done.
fn exercise(path: &Path, rng: &mut fastrand::Rng) {
    let forms = [None, Some(Form::Labelbox), Some(Form::Ango), Some(Form::Segments), Some(Form::Urls)];
    let Ok(manifest) = open_as(path, forms[rng.usize(..forms.len())]) else { return };
    let stop = AtomicBool::new(false);
    let mut findings = 0_u64;
    let sum = check(&manifest, NOW, &stop, &mut |finding| {
        findings += 1;
        assert!(findings < ENDLESS, "it goes on without end: {finding:?}");
        assert!(finding.place.line > 0 && finding.place.column > 0 && finding.text.len() > 5, "{finding:?}");
        assert!(finding.excerpt.text.chars().count() <= 200, "{finding:?}");
    });
    let sum = sum.expect("nobody changes it");
    assert!(sum.good <= sum.rows && (sum.good == sum.rows || findings > 0), "{sum:?}");
    make(&manifest, rng, &stop, sum.rows);
}

fn make(manifest: &Manifest, rng: &mut fastrand::Rng, stop: &AtomicBool, rows: u64) {
    let to = manifest.path.with_file_name("made");
    let mut aside = Aside::create(&to, true, &manifest.path).expect("made");
    let mended = mend(manifest, MENDABLE, Some(&mut aside), stop, &mut |_, _| {}).expect("mended");
    aside.finish().expect("finished");
    if mended.changed == 0 && !manifest.encoding.is_utf16() {
        let (before, after) = (std::fs::read(&manifest.path).expect("before"), std::fs::read(&to).expect("after"));
        assert!(before.ends_with(&after) && before.len() - after.len() <= 3, "a copy without changes differs");
    }
    let dialects = gantry_destinations::dialects();
    let dialect = if rng.bool() { Some(dialects[rng.usize(..dialects.len())]) } else { None };
    let mut aside = Aside::create(&to, true, &manifest.path).expect("made");
    let layout = if dialect.is_some() { Layout::Lines } else { Layout::Csv };
    let sum = convert(manifest, dialect, layout, Some(&mut aside), stop).expect("converted");
    assert_eq!(sum.rows, rows, "a check and a conversion see different rows");
    aside.finish().expect("finished");
    if !manifest.encoding.is_utf16() {
        let same = compare(manifest, manifest, stop, &mut |_| {}).expect("compared");
        assert_eq!((same.new, same.gone, same.changed), (0, 0, 0), "a manifest differs from itself: {same:?}");
    }
}

fn mutated(seeds: &[(PathBuf, Vec<u8>)], rng: &mut fastrand::Rng) -> (String, Vec<u8>) {
    let (path, mut bytes) = seeds[rng.usize(..seeds.len())].clone();
    for _ in 0..rng.usize(1..6) {
        let at = rng.usize(..=bytes.len());
        match rng.u8(..6) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 => {
                let end = (at + rng.usize(..40)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + rng.usize(..200)).min(bytes.len());
                let copied = bytes[at..end].to_vec();
                let to = rng.usize(..=bytes.len());
                bytes.splice(to..to, copied);
            }
            4 => {
                let other = &seeds[rng.usize(..seeds.len())].1;
                let from = rng.usize(..=other.len());
                let end = (from + rng.usize(..200)).min(other.len());
                bytes.splice(at..at, other[from..end].to_vec());
            }
            _ => {
                let piece = PIECES[rng.usize(..PIECES.len())].repeat(if rng.u8(..20) == 0 { 200 } else { 1 });
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes.truncate(LARGEST);
    let endings = ["json", "jsonl", "csv", "tsv", "txt"];
    let own = path.extension().and_then(|ext| ext.to_str()).unwrap_or("json");
    let ending = if rng.u8(..4) == 0 { endings[rng.usize(..endings.len())] } else { own };
    (format!("a.{ending}"), bytes)
}

#[test]
fn what_once_failed_stays_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    for (seed, bytes) in seeds() {
        let path = folder.path().join(seed.file_name().expect("a name"));
        std::fs::write(&path, bytes).expect("written");
        (0..8).for_each(|round| exercise(&path, &mut fastrand::Rng::with_seed(round)));
    }
}

/// `GANTRY_FUZZ_SECONDS` goes on for so long; `GANTRY_FUZZ_SEED` begins elsewhere.
#[test]
fn damaged_manifests_end_in_words() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (seconds, begin) = (number("GANTRY_FUZZ_SECONDS"), number("GANTRY_FUZZ_SEED").unwrap_or(1));
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let (folder, seeds) = (tempfile::tempdir().expect("a folder"), seeds());
    let mut seed = begin;
    while until.map_or(seed < begin + SHORT, |until| Instant::now() < until) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (name, bytes) = mutated(&seeds, &mut rng);
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("written");
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| exercise(&path, &mut rng)));
        if let Err(why) = done {
            let kept = std::env::temp_dir()
                .join(format!("gantry-manifest-{seed}.{}", path.extension().unwrap_or_default().to_string_lossy()));
            std::fs::write(&kept, &bytes).expect("kept");
            eprintln!("seed {seed} failed; it is kept as {}", kept.display());
            std::panic::resume_unwind(why);
        }
        seed += 1;
    }
}
