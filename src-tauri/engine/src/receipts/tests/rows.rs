//! Receipts of manifests: rows that a platform answered for, no file, no byte, and nothing that waits called there.

use super::*;
use crate::journal::{NewRow, RowFact};
use gantry_model::view::{ManifestPlan, Phase, Plan, Register};
use gantry_model::{Role, Target};

/// Four rows: registered, there before, refused, and one that waits.
fn rows(journal: &Journal) -> UploadId {
    let target = Target { container: "acme/birds".into(), ..Target::default() };
    let register =
        Register { connection: "labels".into(), kind: "segments".into(), name: "birds".into(), target, ..Register::default() };
    let manifest = ManifestPlan { form: "segments".into(), map: Vec::new() };
    let plan = Plan { connection: "labels".into(), register: Some(register), manifest: Some(manifest), ..Plan::default() };
    let begun = NewUpload { plan, title: "birds.json".into(), kind: "segments".into(), ..crate::journal::tests::begun() };
    let id = journal.new_upload(begun).unwrap();
    let items = (0..4_u64).map(|ord| {
        let mut item = file(ord, format!("bird {ord}").as_bytes(), 0);
        item.key = format!("https://acme.example/{ord}.jpg");
        item
    });
    journal.add(&id, items.collect(), Vec::new()).unwrap();
    journal.read_ended(&id).unwrap();
    journal.freeze(&id).unwrap();
    journal.all_there(&id).unwrap();
    let row = |n: u64| {
        let key = format!("bird {n}");
        NewRow { n, folded: key.clone(), key, items: vec![(n, Role::Subject, String::new())] }
    };
    journal.add_rows(&id, (0..4).map(row).collect()).unwrap();
    journal.rows_made(&id).unwrap();
    let refused = RowFact::Stuck(Code::RowRefused, "said=no".into());
    let facts = vec![(0, RowFact::Registered("r0".into())), (1, RowFact::Same("r1".into())), (2, refused)];
    journal.row_facts(&id, facts).unwrap();
    journal.phase(&id, Phase::Sending).unwrap();
    id
}

#[test]
fn a_manifests_receipt_speaks_of_rows_in_every_form() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = rows(&journal);
    journal.row_facts(&id, vec![(3, RowFact::Same("r3".into()))]).unwrap();
    journal.phase(&id, Phase::Finished).unwrap();
    let receipts = Receipts::new(journal, home);
    let html = text_of(&receipts, &id, Format::Html);
    let body = html.split("</style>").nth(1).unwrap();
    for said in [
        "Registered</th><td>1<",
        "Same, was there already</th><td>2<",
        "Rows of the manifest</th><td>4<",
        "Needs you, listed below</th><td>1<",
        "<bdi>birds</bdi>",
        "one manifest",
        "<b>Registered</b>",
        "one row registered",
        "2 rows were there already",
        "The platform refused this row (said=no)",
        "https://acme.example/0.jpg",
        "acme/birds",
    ] {
        assert!(body.contains(said), "{said}: {body}");
    }
    for claim in ["file", "File", "Bytes", "Verified", "Taken", "sent", "Sent", "Stored in"] {
        assert!(!body.contains(claim), "{claim}: {body}");
    }
    let json = json_of(&receipts, &id);
    assert_eq!((json["manifest"].as_str(), json["account"]["same"].as_u64()), (Some("segments"), Some(2)));
    assert!(json["files"].as_array().unwrap().iter().all(|row| row["size"].is_null()), "nobody read an object");
    assert_eq!(json["files"][2]["reason"], "The platform refused this row");
    let csv = text_of(&receipts, &id, Format::Csv);
    assert!(csv.contains("https://acme.example/0.jpg,bird 0,,,,accepted"), "{csv}");
}

#[test]
fn a_row_that_waits_for_its_platform_is_not_told_as_there() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = rows(&journal);
    let receipts = Receipts::new(journal.clone(), home);
    let html = text_of(&receipts, &id, Format::Html);
    for said in
        ["Registered</th><td>1<", "Same, was there already</th><td>0<", "Not registered yet</th><td>2<", "Not registered yet (2)"]
    {
        assert!(html.contains(said), "{said}");
    }
    let json = json_of(&receipts, &id);
    let states: Vec<&str> = json["files"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["registered", "waiting", "needs_you", "waiting"]);
    assert_eq!((json["files"][3]["url"].as_str(), json["account"]["waiting"].as_u64()), (Some(""), Some(2)));
    receipts.append(&id, &[0, 1, 2, 3], &url).unwrap();
    let lines = || fs::read_to_string(receipts.paths(&id).lines).unwrap();
    assert_eq!(lines().lines().count(), 1 + 1, "only what is answered has a line: {}", lines());
    journal.row_facts(&id, vec![(3, RowFact::Registered("r3".into()))]).unwrap();
    journal.phase(&id, Phase::Finished).unwrap();
    receipts.write(&id, &url).unwrap();
    assert_eq!(lines().lines().count(), 1 + 3, "{}", lines());
}
