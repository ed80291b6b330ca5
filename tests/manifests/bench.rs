//! The bench: pages are the rows of the file, what is shown as repaired is what is saved, and giving a repair up gives the
//! bytes back. The file that lies open never changes.

use super::{checked, file, open};
use gantry_engine::bench::Bench;
use gantry_engine::manifest::{EVERY, Piece, Wish};
use gantry_model::json;
use gantry_model::view::{BenchCheck, BenchFilter, BenchTemplate, BenchView};
use proptest::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) fn lay(path: &Path) -> Bench {
    let scratch = path.with_file_name("scratch");
    let door = Bench::open("m1", path, &Wish::default(), &gantry_destinations::dialects(), scratch);
    door.bench.unwrap_or_else(|| panic!("{:?}", door.view))
}

/// Waits until nothing goes on.
pub(super) fn settled(bench: &Bench) -> BenchView {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        let view = bench.view();
        if view.work.is_none() {
            return view;
        }
        assert!(Instant::now() < end, "{view:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Number, subject, key of every row as they are shown, by reading from the beginning.
pub fn rows(path: &Path) -> Vec<(u64, String, String)> {
    let manifest = open(path);
    let mut reader = manifest.rows().expect("rows");
    let mut all = Vec::new();
    while let Some(piece) = reader.piece().expect("read") {
        match piece {
            Piece::Row(row) => {
                let read = manifest.dialect.read(&row.text);
                let subject = read.addresses().first().map(|said| said.text.clone().into_owned()).unwrap_or_default();
                let key = read.key.as_ref().map(|key| key.text.clone().into_owned()).unwrap_or_default();
                all.push((row.number, gantry_model::show::text(&subject), gantry_model::show::text(&key)));
            }
            Piece::Broken(broken) if broken.row_lost => all.push((broken.place.row, String::new(), String::new())),
            Piece::Broken(_) => {}
        }
    }
    all
}

fn page(bench: &Bench, filter: &BenchFilter, first: u64, count: u32) -> Vec<(u64, String, String)> {
    let page = bench.page(filter, first, count).expect("a page");
    let said = |row: gantry_model::view::BenchRow| (row.row, if row.address { row.subject } else { String::new() }, row.key);
    page.rows.into_iter().map(said).collect()
}

/// A manifest with a broken row, a doubled name and a space now and then.
pub fn labelbox(count: u64) -> String {
    let mut text = String::from("[\n");
    for row in 1..=count {
        let comma = if row == count { "" } else { "," };
        text.push_str(&match row % 701 {
            17 => format!("  {{\"row_data\": \"https://x.org/{row}.jpg\", \"global_key\": }}{comma}\n"),
            18 => format!("  {{\"row_data\": \"https://x.org/a b+c/{row}.jpg\", \"global_key\": \"k{row}\"}}{comma}\n"),
            19 => format!("  {{\"row_data\": \"https://x.org/ü/{row}.jpg\",\n   \"global_key\": \"Twice\"}}{comma}\n"),
            _ => format!("  {{\"row_data\": \"https://x.org/{row}.jpg\", \"global_key\": \"k{row}\"}}{comma}\n"),
        });
    }
    text + "]\n"
}

#[test]
fn a_page_anywhere_is_the_rows_of_the_file() {
    let text = labelbox(3000);
    let lines: String = (1..=2000).map(|row| format!("https://x.org/é {row}.jpg\r\n")).collect();
    let table: String = (1..=2000).map(|row| format!("\"https://x.org/{row}.jpg\",\"k\n{row}\"\n")).collect();
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = [
        ("a.json", text.clone().into_bytes()),
        ("b.json", format!("\u{feff}{text}").into_bytes()),
        ("c.json", utf16),
        ("d.txt", lines.into_bytes()),
        ("e.csv", format!("url,key\n{table}").into_bytes()),
    ];
    for (name, bytes) in files {
        let (_folder, path) = file(name, &bytes);
        let bench = lay(&path);
        let view = settled(&bench);
        let all = rows(&path);
        assert_eq!((view.rows, view.counted, view.check), (all.len() as u64, true, BenchCheck::Whole), "{name}");
        for first in [0, 1, EVERY - 2, EVERY - 1, EVERY, EVERY + 1, 3 * EVERY - 1, view.rows - 7, view.rows] {
            let from = usize::try_from(first).expect("small");
            let wanted: Vec<_> = all[from..].iter().take(40).cloned().collect();
            assert_eq!(page(&bench, &BenchFilter::default(), first, 40), wanted, "{name} from {first}");
        }
        let detail = bench.row_detail(EVERY + 3).expect("a row");
        let whole = open(&path);
        let mut reader = whole.rows().expect("rows");
        let place = loop {
            match reader.piece().expect("read").expect("a row") {
                Piece::Row(row) if row.number == EVERY + 3 => break (row.line, row.column),
                _ => {}
            }
        };
        assert_eq!((detail.line, detail.column), place, "{name}");
        assert_eq!(std::fs::read(&path).expect("a file"), bytes, "{name} changed");
    }
}

#[test]
fn findings_are_grouped_with_the_rows_that_a_check_tells() {
    let (_folder, path) = file("a.json", labelbox(2200));
    let bench = lay(&path);
    let view = settled(&bench);
    let (findings, sum) = checked(&open(&path));
    assert_eq!((view.rows, view.blocked + view.beside, view.warned), (sum.rows, sum.blocked, sum.warnings));
    for group in &view.groups {
        let mut told: Vec<u64> = findings.iter().filter(|one| one.rule.id == group.rule).map(|one| one.place.row).collect();
        told.sort_unstable();
        told.dedup();
        let filter = BenchFilter { about: group.about.clone(), ..BenchFilter::default() };
        let shown: Vec<u64> = bench.page(&filter, 0, 500).expect("a page").rows.iter().map(|row| row.row).collect();
        assert_eq!(shown, told, "{}", group.rule);
        let detail = bench.row_detail(shown[shown.len() - 1]).expect("a row");
        assert!(detail.findings.iter().any(|one| one.about == group.about), "{} is not said of its row", group.rule);
    }
}

#[test]
fn what_is_shown_as_repaired_is_what_is_saved_and_undo_gives_the_bytes_back() {
    let text = labelbox(2200);
    let (folder, path) = file("a.json", &text);
    let bench = lay(&path);
    let view = settled(&bench);
    let spaces = view.groups.iter().find(|group| group.about == "url-space").expect("spaces");
    assert_eq!((spaces.mendable, spaces.planned), (spaces.rows, false));
    for about in ["url-space", "url-plus", "key-twice"] {
        bench.repair(about, true).expect("planned");
        settled(&bench);
    }
    let planned = settled(&bench);
    assert!(planned.mended > 0 && planned.warned < view.warned || planned.blocked < view.blocked, "{planned:?}");
    let shown = page(&bench, &BenchFilter::default(), 0, 500);
    let far = page(&bench, &BenchFilter::default(), 1700, 400);
    let to = folder.path().join("b.json");
    bench.save(to.clone(), false).expect("begun");
    let done = settled(&bench).done.expect("an outcome");
    assert_eq!((done.kind.as_str(), done.rows, done.mended), ("saved", view.rows, planned.mended));
    let saved = rows(&to);
    assert_eq!(shown, saved[..500]);
    assert_eq!(far, saved[1700..2100]);
    let mended = page(&bench, &BenchFilter { kind: "mended".into(), ..BenchFilter::default() }, 0, 500);
    let before = rows(&path);
    let different: Vec<_> = saved.iter().zip(&before).filter(|(now, then)| now != then).map(|(now, _)| now.clone()).collect();
    assert_eq!(mended, different);
    for about in ["url-plus", "key-twice", "url-space"] {
        bench.repair(about, false).expect("given up");
        settled(&bench);
    }
    bench.save(folder.path().join("c.json"), false).expect("begun");
    settled(&bench);
    assert_eq!(std::fs::read_to_string(folder.path().join("c.json")).expect("text"), text);
    assert_eq!(std::fs::read_to_string(&path).expect("text"), text);
    bench.save(path.clone(), false).expect("begun");
    assert_eq!(settled(&bench).trouble.expect("a refusal").code, "output_there");
}

#[test]
fn only_good_rows_are_saved_when_that_is_wished() {
    let table = "url;key\r\nhttps://x.org/a.jpg;a\r\nnowhere;b\r\nhttps://x.org/c d.jpg;\"c;1\"\r\ntoo;many;cells\r\n";
    let cases = [
        ("a.json", labelbox(1500)),
        ("b.jsonl", "{\"row_data\": \"https://x.org/a.jpg\"}\n{\"row_data\": 7}\n{\"row_data\": \"https://x.org/b.jpg\",\n \"global_key\": \"k\"}\n{oops\n".to_owned()),
        ("c.csv", table.to_owned()),
        ("d.txt", "https://x.org/a.jpg\nC:\\b.jpg\nhttps://x.org/c.jpg\n".to_owned()),
    ];
    for (name, text) in cases {
        let (folder, path) = file(name, &text);
        let bench = lay(&path);
        let view = settled(&bench);
        assert!(view.blocked > 0, "{name}: {view:?}");
        let to = folder.path().join(format!("good-{name}"));
        bench.save(to.clone(), true).expect("begun");
        let done = settled(&bench).done.expect("an outcome");
        assert_eq!(done.rows, view.rows - view.blocked, "{name}: {done:?}");
        assert_eq!(done.left_out + done.broken, view.blocked, "{name}: {done:?}");
        let good = open(&to);
        let (_, sum) = checked(&good);
        assert_eq!((sum.rows, sum.blocked), (done.rows, 0), "{name}: {}", std::fs::read_to_string(&to).expect("text"));
    }
}

#[test]
fn a_file_that_changes_is_noticed_and_opened_again() {
    let (_folder, path) = file("a.json", labelbox(600));
    let bench = lay(&path);
    settled(&bench);
    std::fs::write(&path, labelbox(900)).expect("a file");
    assert_eq!(bench.view().trouble.expect("a trouble").code, "source_changed");
    assert_eq!(bench.page(&BenchFilter::default(), 0, 9).expect_err("refused").code, gantry_model::Code::SourceChanged);
    bench.again().expect("opened");
    let view = settled(&bench);
    assert_eq!((view.rows, view.trouble), (900, None));
}

#[test]
fn what_a_conversion_loses_is_said_before_it_writes_and_repairs_are_carried() {
    let text = r#"[{"row_data": "https://x.org/a b.jpg", "global_key": "a", "dataset_id": "d", "attachments": [{"type": "TEXT", "value": "t"}]}]"#;
    let (folder, path) = file("a.json", text);
    let bench = lay(&path);
    settled(&bench);
    bench.repair("url-space", true).expect("planned");
    settled(&bench);
    bench.weigh("ango").expect("begun");
    let weighed = settled(&bench).done.expect("an outcome");
    assert_eq!((weighed.kind.as_str(), weighed.rows), ("weighed", 1));
    assert!(weighed.left.iter().any(|(field, rows)| field == "dataset_id" && *rows == 1), "{weighed:?}");
    let to = folder.path().join("b.json");
    assert!(!to.exists());
    bench.convert("ango", to.clone()).expect("begun");
    assert_eq!(settled(&bench).done.expect("an outcome").kind, "converted");
    assert!(std::fs::read_to_string(&to).expect("text").contains("https://x.org/a%20b.jpg"));
    assert!(bench.convert("ango", folder.path().join("b.csv")).is_err(), "a platform's form is JSON");
    let left: Vec<_> = std::fs::read_dir(folder.path().join("scratch")).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn two_manifests_are_compared_and_the_differences_paged() {
    let rows = |keys: &[&str]| {
        let row = |key: &&str| {
            format!("{{\"row_data\": \"https://x.org/{key}.jpg\", \"global_key\": \"{}\"}}", key.trim_end_matches('!'))
        };
        format!("[{}]", keys.iter().map(row).collect::<Vec<_>>().join(","))
    };
    let (folder, path) = file("now.json", rows(&["a", "b", "c!", "d"]));
    let other = folder.path().join("then.json");
    std::fs::write(&other, rows(&["b", "c", "e"])).expect("a file");
    let bench = lay(&path);
    settled(&bench);
    bench.compare(other).expect("begun");
    let compared = settled(&bench).done.and_then(|done| done.compared).expect("an outcome");
    assert_eq!((compared.new, compared.gone, compared.changed, compared.same), (2, 1, 1, 1));
    let keys = |kind| bench.differences(kind, 0, 10).rows.into_iter().map(|one| one.key).collect::<Vec<_>>();
    assert_eq!((keys("new"), keys("gone"), keys("changed")), (vec!["a".into(), "d".into()], vec!["e".into()], vec!["c".into()]));
    assert_eq!(bench.differences("new", 1, 10).rows.len(), 1);
}

#[test]
fn a_template_is_previewed_and_a_wrong_one_says_why() {
    let (folder, path) = file("a.csv", "url,name,city\nhttps://x.org/a.jpg,a,<b>Bern</b>\n");
    let bench = lay(&path);
    settled(&bench);
    let mut template = BenchTemplate { html: "<p>{{city}}</p>".into(), key: "name".into(), ..BenchTemplate::default() };
    let assets = bench.preview(&template).expect("assets");
    assert!(assets.len() == 1 && assets[0].contains("&lt;b&gt;Bern"), "{assets:?}");
    bench.build(&template, folder.path().join("assets.json")).expect("begun");
    assert_eq!(settled(&bench).done.expect("an outcome").rows, 1);
    template.html = "{{age}}".into();
    assert_eq!(bench.preview(&template).expect_err("refused").code, gantry_model::Code::BadField);
}

#[test]
fn what_is_no_manifest_says_what_was_seen_and_can_be_told_what_it_is() {
    let (_folder, path) = file("a.csv", "photo of,where\ncat,home\n");
    let dialects = gantry_destinations::dialects();
    let door = Bench::open("m1", &path, &Wish::default(), &dialects, path.with_file_name("s"));
    assert!(door.bench.is_none() && door.view.can_say, "{:?}", door.view);
    assert_eq!(door.view.columns.iter().map(|column| column.head.as_str()).collect::<Vec<_>>(), ["photo of", "where"]);
    let (_folder, path) = file("b.json", "{\"a\": 1 \"b\": 2}");
    let door = Bench::open("m1", &path, &Wish::default(), &dialects, path.with_file_name("s"));
    let trouble = door.view.trouble.expect("a trouble");
    assert!(trouble.facts["said"].contains("a comma is missing"), "{trouble:?}");
    let line = door.view.line.expect("the line");
    assert_eq!(&line.text[line.before as usize..], " \"b\": 2}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_page_of_any_lines_is_those_rows(kinds in prop::collection::vec(0_u8..5, 1..1400), first in 0_u64..1400, count in 1_u32..60) {
        let line = |(at, kind): (usize, &u8)| match kind {
            0 => format!("{{\"data\": \"https://x.org/{at}.jpg\", \"externalId\": \"{at}\"}}\n"),
            1 => format!("{{\"data\": \"https://x.org/{at} 1.jpg\"}}\n\n"),
            2 => format!("{{\"data\": \"https://x.org/{at}.jpg\",\n\"externalId\": \"{at}\"}}\n"),
            3 => "{\"data\": nonsense}\n".to_owned(),
            _ => format!("{{\"data\": \"https://x.org/{at}.jpg\"}}{{\"data\": \"https://x.org/{at}-b.jpg\"}}\n"),
        };
        let text = format!("{{\"data\": \"https://x.org/first.jpg\", \"externalId\": \"f\"}}\n{}", kinds.iter().enumerate().map(line).collect::<String>());
        prop_assert!(json::skip_space(text.as_bytes(), 0) == 0);
        let (_folder, path) = file("a.jsonl", &text);
        let bench = lay(&path);
        let view = settled(&bench);
        let all = rows(&path);
        prop_assert_eq!(view.rows, all.len() as u64);
        let wanted: Vec<_> = all.iter().skip(usize::try_from(first).unwrap_or(0)).take(count as usize).cloned().collect();
        prop_assert_eq!(page(&bench, &BenchFilter::default(), first, count), wanted);
    }
}
