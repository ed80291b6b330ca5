//! Receipts against hostile names, kills at any byte, and the journal that they are made from.

mod rows;

use super::page::escaped;
use super::*;
use crate::journal::tests::{aside, file, finding, frozen, happen, home, verified};
use crate::journal::{NewItem, NewUpload, UploadNo};
use gantry_model::{EntryKind, Fact, Item, Proof, RemoteRef, Severity, State};
use serde_json::Value;

fn url(key: &Key) -> String {
    format!("s3://bucket/{key}")
}

fn json_of(receipts: &Receipts, id: &UploadId) -> Value {
    let mut bytes = Vec::new();
    receipts.to_writer(id, Format::Json, &url, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn text_of(receipts: &Receipts, id: &UploadId, format: Format) -> String {
    let mut bytes = Vec::new();
    receipts.to_writer(id, format, &url, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Six files: verified, by size, the same, needing the person, set aside, still waiting.
fn mixed(journal: &Journal) -> (UploadId, UploadNo, Vec<Item>) {
    let (id, no, mut items) = frozen(journal, 6);
    happen(journal, no, &mut items[0], verified(1));
    happen(journal, no, &mut items[1], Fact::Verified(RemoteRef { size: Some(2), ..RemoteRef::default() }, Proof::Size));
    happen(journal, no, &mut items[2], Fact::FoundSame(RemoteRef::default(), Proof::Size));
    happen(journal, no, &mut items[3], Fact::Stuck(Code::AccessDenied, "said=<b>no</b>".into()));
    happen(journal, no, &mut items[4], Fact::Stuck(Code::SourceChanged, String::new()));
    journal.flush().unwrap();
    journal.set_aside(&id, None, Some(4)).unwrap();
    (id, no, items)
}

#[test]
fn every_form_says_the_same_and_claims_only_what_was_proven() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, ..) = mixed(&journal);
    let receipts = Receipts::new(journal.clone(), home.clone());
    let paths = receipts.write(&id, &url).unwrap();
    let json: Value = serde_json::from_slice(&fs::read(&paths.json).unwrap()).unwrap();
    assert_eq!(json["account"]["files"], 6);
    assert_eq!(json["number"], journal.upload(&id.0).unwrap().unwrap().number.as_str());
    let files = json["files"].as_array().unwrap();
    let states: Vec<&str> = files.iter().map(|file| file["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["verified", "verified", "same", "needs_you", "set_aside", "waiting"]);
    let proofs: Vec<&str> = files.iter().map(|file| file["proof"].as_str().unwrap()).collect();
    assert_eq!(proofs, ["checksum", "size", "size", "", "", ""]);
    assert_eq!(files[0]["url"], "s3://bucket/p/photos/000/00000.jpg");
    assert_eq!((files[0]["algorithm"].as_str(), files[0]["version"].as_str()), (Some("CRC64NVME"), Some("v1")));
    assert_eq!(files[3]["url"], "", "nothing is there");
    assert_eq!(
        (files[4]["code"].as_str(), files[4]["reason"].as_str()),
        (Some("source_changed"), Some("Changed after it was checked"))
    );
    let mut csv = csv::Reader::from_path(&paths.csv).unwrap();
    let names = csv.headers().unwrap().clone();
    for (row, file) in csv.records().map(Result::unwrap).zip(files) {
        for (name, cell) in names.iter().zip(&row) {
            let said = file.get(name).cloned().unwrap_or(Value::String(String::new()));
            assert_eq!(cell, said.as_str().map_or_else(|| said.to_string(), str::to_owned), "{name}");
        }
    }
    let html = fs::read_to_string(&paths.html).unwrap();
    for count in ["Verified by checksum</th><td>1<", "Size confirmed</th><td>1<", "Files given</th><td>6<"] {
        assert!(html.contains(count), "{count}");
    }
    assert!(html.contains("said=&lt;b&gt;no&lt;/b&gt;") && !html.contains("<b>no"));
    let lines = fs::read_to_string(&paths.lines).unwrap();
    assert_eq!(lines.lines().count(), 1 + 4, "the head, and a line for each file that is finished");
}

#[test]
fn a_file_that_was_only_taken_is_never_called_verified() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 1);
    happen(&journal, no, &mut items[0], Fact::Verified(RemoteRef::default(), Proof::Accepted));
    journal.flush().unwrap();
    let receipts = Receipts::new(journal, home.clone());
    assert_eq!(json_of(&receipts, &id)["files"][0]["proof"], "accepted");
    let html = text_of(&receipts, &id, Format::Html);
    for said in ["Verified by checksum</th><td>0<", "Taken, not confirmed</th><td>1<", "<b>Taken</b>"] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.matches("Taken, not confirmed").count() == 2 && !html.contains("Size confirmed"));
}

/// Names that a spreadsheet, a browser or a reader of lines could take for something else.
fn hostile() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "a,b",
        "quo\"te",
        "two\nlines",
        "<script>alert(1)</script>",
        "</bdi></th></table><img src=x onerror=alert(1)>",
        "&lt;b&gt;",
        "' onload='x",
        "photo\u{202e}gpj.exe",
        "\u{2028}",
        "{\"n\":1}",
        "\u{1b}[31m",
        "javascript:alert(1)",
        "e\u{301}.jpg",
    ]
    .map(|name| name.as_bytes().to_vec())
    .to_vec();
    names.push(b"bad\xff\xfe.jpg".to_vec());
    names
}

fn hostile_upload(journal: &Journal) -> UploadId {
    let begun = NewUpload { title: "<i>=1+1</i>".into(), place: "s3://\"><script>".into(), ..crate::journal::tests::begun() };
    let id = journal.new_upload(begun).unwrap();
    let mut items: Vec<NewItem> = hostile().iter().zip(0..).map(|(name, ord)| file(ord, name, 1)).collect();
    items[0].state = State::Blocked;
    items[0].findings = vec![finding("name-control", Severity::Blocked)];
    items.push(aside(EntryKind::Link, b"<script>\xff"));
    journal.add(&id, items, Vec::new()).unwrap();
    journal.freeze(&id).unwrap();
    id
}

#[test]
fn no_name_becomes_a_formula_a_line_or_markup_and_each_comes_back() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = hostile_upload(&journal);
    let receipts = Receipts::new(journal, home);
    let text = text_of(&receipts, &id, Format::Csv);
    let mut csv = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), hostile().len());
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']), "a formula: {cell}");
        assert!(!cell.chars().any(char::is_control), "{cell:?}");
    }
    let json = json_of(&receipts, &id);
    for (file, name) in json["files"].as_array().unwrap().iter().zip(hostile()) {
        let shown = file["path"].as_str().unwrap();
        let raw = file["path_bytes"].as_str().map(|text| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(text).unwrap()
        });
        assert_eq!(raw.unwrap_or_else(|| shown.as_bytes().to_vec()), name, "the name comes back byte for byte");
    }
    assert!(json["aside"][0]["path_bytes"].is_string());
    let html = text_of(&receipts, &id, Format::Html);
    for markup in ["<script", "<img", "<i>", "onerror=alert(1)>", "<a ", "href", "javascript:alert(1)\"", "\u{202e}"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert!(html.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"));
    let tags = html.split("</style>").nth(1).unwrap();
    for tag in ["table", "tr", "th", "td", "bdi", "section", "dl", "div"] {
        let (opened, closed) = (
            tags.matches(&format!("<{tag}>")).count() + tags.matches(&format!("<{tag} ")).count(),
            tags.matches(&format!("</{tag}>")).count(),
        );
        assert_eq!(opened, closed, "<{tag}> is opened as often as it is closed");
    }
}

#[test]
fn cells_are_quoted_as_the_standard_says() {
    assert_eq!(csv_cell("plain"), "plain");
    assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_eq!(csv_cell("=1,2"), "\"'=1,2\"");
    assert_eq!(csv_cell("\0x"), "'\0x");
    assert_eq!(escaped("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
}

#[test]
fn lines_cut_at_any_byte_are_healed_on_the_next_start() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = mixed(&journal);
    let receipts = Receipts::new(journal.clone(), home.clone());
    let path = receipts.paths(&id).lines;
    receipts.append(&id, &[0, 1, 2, 3, 4, 5], &url).unwrap();
    let sound = fs::read(&path).unwrap();
    assert_eq!(sound.iter().filter(|byte| **byte == b'\n').count(), 5);
    for end in 0..=sound.len() {
        fs::write(&path, &sound[..end]).unwrap();
        drop(receipts.running(&id, Box::new(url)).unwrap());
        assert_eq!(sorted(&fs::read(&path).unwrap()), sorted(&sound), "cut at {end}");
    }
    for junk in [&b"{\"n\":77,\"state\":\"verified\"}\n"[..], b"\0\0\0\n", b"{\"n\":3,\"state\":\"verified\"}\n"] {
        fs::write(&path, [&sound, junk].concat()).unwrap();
        drop(receipts.running(&id, Box::new(url)).unwrap());
        assert_eq!(sorted(&fs::read(&path).unwrap()), sorted(&sound), "what the journal does not say goes");
    }
    let running = receipts.running(&id, Box::new(url)).unwrap();
    happen(&journal, no, &mut items[5], verified(6));
    journal.flush().unwrap();
    running.append([(5, State::Verified), (3, State::NeedsYou)].into_iter());
    drop(running);
    let lines = fs::read_to_string(&path).unwrap();
    assert!(lines.ends_with('\n') && lines.lines().last().unwrap().starts_with("{\"n\":5,"), "{lines}");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}

fn sorted(lines: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = lines.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.sort();
    lines
}

#[test]
fn a_long_upload_fits_on_a_page_and_the_tables_hold_all() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 5000);
    for item in items.iter_mut().skip(2500) {
        let size = item.fingerprint.size;
        happen(&journal, no, item, verified(size));
    }
    for item in items.iter_mut().take(2500) {
        happen(&journal, no, item, Fact::Stuck(Code::AccessDenied, String::new()));
    }
    journal.flush().unwrap();
    let receipts = Receipts::new(journal, home);
    let html = text_of(&receipts, &id, Format::Html);
    assert_eq!(html.matches(".jpg</bdi>").count(), 2000);
    assert!(html.contains("Needs you (2\u{202f}500)") && html.contains("There (2\u{202f}500)"));
    assert_eq!(text_of(&receipts, &id, Format::Csv).matches("\r\n").count(), 5001);
    assert_eq!(json_of(&receipts, &id)["files"].as_array().unwrap().len(), 5000);
}

#[test]
fn an_old_receipt_stays_whole_when_a_new_one_cannot_be_written() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, ..) = mixed(&journal);
    let receipts = Receipts::new(journal, home.clone());
    let paths = receipts.write(&id, &url).unwrap();
    let before = fs::read(&paths.json).unwrap();
    let refuse = |_: &mut dyn Write| Err(Problem::new(Code::JournalFull, "receipt"));
    assert!(
        whole(&paths.json, &mut |out| out.write_all(b"half").map_err(|error| unwritten(&error)).and_then(|()| refuse(out)))
            .is_err()
    );
    assert_eq!(fs::read(&paths.json).unwrap(), before);
    let left: Vec<String> =
        fs::read_dir(home.receipt(&id.0)).unwrap().map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.len() == 4 && left.iter().all(|name| !name.ends_with(".part")), "{left:?}");
}

#[test]
fn times_on_the_page_are_local_and_say_how_far_from_utc() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, ..) = mixed(&journal);
    let mut bytes = Vec::new();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(2));
    let page = |look: &crate::journal::Look<'_>| {
        let upload = look.upload()?;
        page::write(look, &upload, Telling::of(&upload, &url), &zone, &mut bytes)
    };
    journal.look(&id, page).unwrap();
    let html = String::from_utf8(bytes).unwrap();
    assert!(html.contains(" +02:00</bdi>"), "no local time");
    assert!(json_of(&Receipts::new(journal, home), &id)["started"].as_str().unwrap().ends_with('Z'));
}
