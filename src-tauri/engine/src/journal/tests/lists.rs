//! Long lists against a sorted model; work in two lanes; the search across uploads.

use super::crashes::Dice;
use super::*;
use gantry_model::Code;
use gantry_model::view::ItemPage;
use std::time::Duration;

/// A hundred thousand files whose order of keys is not their order of coming.
fn many(journal: &Journal) -> (UploadId, UploadNo, Vec<(String, u64)>) {
    let id = journal.new_upload(begun()).unwrap();
    let mut dice = Dice(1);
    let mut keys = Vec::new();
    for batch in 0..20u64 {
        let items: Vec<NewItem> = (0..5000)
            .map(|at| {
                let ord = batch * 5000 + at;
                let path = format!("photos/{:02}/{}/Ä{}.jpg", dice.roll(40), dice.roll(9), dice.roll(60_000));
                let mut item = file(ord, path.as_bytes(), dice.roll(100));
                if ord % 3 == 0 {
                    item.findings = vec![finding("file-empty", Severity::Warning)];
                }
                keys.push((item.key.clone(), ord));
                item
            })
            .collect();
        journal.add(&id, items, Vec::new()).unwrap();
    }
    keys.sort();
    let no = journal.upload(&id.0).unwrap().unwrap().no;
    (id, no, keys)
}

/// A list that was dear to make may be a little late; then it says so.
fn exact(journal: &Journal, id: &UploadId, filter: &Filter, first: u64) -> ItemPage {
    loop {
        let page = journal.page(id, filter, first, 70).unwrap();
        if !page.late {
            return page;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn agrees(journal: &Journal, id: &UploadId, filter: &Filter, model: &[u64]) {
    let mut dice = Dice(model.len() as u64);
    let total = model.len() as u64;
    let mut places: Vec<u64> = (0..25).map(|_| dice.roll(total + 1)).collect();
    places.extend([0, 999, 1000, 1001, total.saturating_sub(1), total, total + 5]);
    for first in places {
        let page = exact(journal, id, filter, first);
        assert_eq!(page.total, total, "{filter:?}");
        let there: Vec<u64> = page.rows.iter().map(|row| row.ord).collect();
        let wanted: Vec<u64> = model.iter().skip(first as usize).take(70).copied().collect();
        assert_eq!(there, wanted, "from {first} of {filter:?}");
    }
}

#[test]
fn any_stretch_of_a_long_list_is_what_a_sorted_list_would_show() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, keys) = many(&journal);
    let all: Vec<u64> = keys.iter().map(|(_, ord)| *ord).collect();
    agrees(&journal, &id, &Filter::default(), &all);
    let thirds: Vec<u64> = all.iter().copied().filter(|ord| ord % 3 == 0).collect();
    agrees(&journal, &id, &Filter { rule: "file-empty".into(), ..Filter::default() }, &thirds);
    let found: Vec<u64> = keys.iter().filter(|(key, _)| key.contains("/Ä12")).map(|(_, ord)| *ord).collect();
    agrees(&journal, &id, &Filter { find: "/a\u{308}12".into(), ..Filter::default() }, &found);
    let ones = one_in_path(&keys);
    assert!(ones.len() > 50_000, "long enough for marks: {}", ones.len());
    agrees(&journal, &id, &Filter { find: "1".into(), ..Filter::default() }, &ones);
    let folder = journal.folders(&id, journal.folders(&id, 0).unwrap()[0].id).unwrap()[7].clone();
    let below: Vec<u64> =
        keys.iter().filter(|(key, _)| key.starts_with(&format!("p/photos/{}/", folder.name))).map(|(_, ord)| *ord).collect();
    assert_eq!(folder.files, below.len() as u64);
    agrees(&journal, &id, &Filter { folder: folder.id, ..Filter::default() }, &below);
    states_follow(&journal, &id, no, &all);
}

fn one_in_path(keys: &[(String, u64)]) -> Vec<u64> {
    keys.iter().filter(|(key, _)| key["p/".len()..].contains('1')).map(|(_, ord)| *ord).collect()
}

fn states_follow(journal: &Journal, id: &UploadId, no: UploadNo, all: &[u64]) {
    journal.freeze(id).unwrap();
    let waiting = Filter { states: vec![State::Waiting], ..Filter::default() };
    agrees(journal, id, &waiting, all);
    let stuck: Vec<u64> = (0..400).map(|at| at * 250).collect();
    for work in journal.work_on(id, &stuck).unwrap() {
        let mut item = work.item;
        happen(journal, no, &mut item, Fact::Stuck(Code::AccessDenied, "said=no".into()));
    }
    journal.flush().unwrap();
    let open: Vec<u64> = all.iter().copied().filter(|ord| ord % 250 == 0).collect();
    agrees(journal, id, &Filter { code: "access_denied".into(), ..Filter::default() }, &open);
    journal.set_aside(id, Some(Code::AccessDenied), Some(250)).unwrap();
    let rest: Vec<u64> = open.iter().copied().filter(|ord| *ord != 250).collect();
    agrees(journal, id, &Filter { states: vec![State::NeedsYou, State::Blocked], ..Filter::default() }, &rest);
    let unmoved: Vec<u64> = all.iter().copied().filter(|ord| ord % 250 != 0).collect();
    agrees(journal, id, &waiting, &unmoved);
}

#[test]
fn work_comes_in_order_and_each_lane_has_its_own() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 100);
    happen(&journal, no, &mut items[3], verified(4));
    journal.flush().unwrap();
    journal.set_there(&id, vec![(4, 77, Some("tag".into()))]).unwrap();
    let ords =
        |after, small| -> Vec<u64> { journal.work(&id, after, small, 50, 4).unwrap().iter().map(|work| work.item.ord).collect() };
    assert_eq!(ords(None, true), [0, 1, 2, 4]);
    assert_eq!(ords(Some(4), true), [5, 6, 7, 8]);
    assert_eq!(ords(None, false), [50, 51, 52, 53]);
    assert_eq!(ords(Some(97), false), [98, 99]);
    let work = &journal.work(&id, Some(3), true, 50, 1).unwrap()[0];
    assert_eq!(work.there, Some(There { size: 77, etag: Some("tag".into()) }));
    assert_eq!((work.root.as_path(), &*work.path), (std::path::Path::new("/a/photos"), &b"photos/000/00004.jpg"[..]));
    assert_eq!(work.item, items[4]);
}

#[test]
fn items_meet_a_listing_in_byte_order_also_where_keys_are_the_same() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = journal.new_upload(begun()).unwrap();
    let names = ["b", "a", "b", "B", "\u{e9}", "b", "a-1"];
    let items = names.iter().zip(0..).map(|(name, ord)| file(ord, name.as_bytes(), 1)).collect();
    journal.add(&id, items, Vec::new()).unwrap();
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = journal.by_key(&id, after.as_ref().map(|(key, ord): &(String, u64)| (key.as_str(), *ord)), 2).unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.key.0.clone(), last.ord));
        met.extend(page.into_iter().map(|item| item.ord));
    }
    assert_eq!(met, [3, 1, 6, 0, 2, 5, 4]);
}

#[test]
fn history_says_where_a_file_went() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (first, ..) = frozen(&journal, 30);
    let second = journal.new_upload(begun()).unwrap();
    journal.add(&second, vec![file(0, b"photos/Other\xff.jpg", 1)], Vec::new()).unwrap();
    assert_eq!(journal.history(None).unwrap().len(), 2);
    let found = journal.history(Some("002/0002")).unwrap();
    assert_eq!((found.len(), &found[0].picture.upload, found[0].matches), (1, &first.0, 10));
    assert_eq!(found[0].matched, "photos/002/00020.jpg");
    assert_eq!(journal.history(Some("other%ff")).unwrap()[0].picture.upload, second.0);
}

#[test]
fn only_the_first_thousand_names_of_skipped_files_are_kept_and_all_are_counted() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = journal.new_upload(begun()).unwrap();
    let items = (0..1500).map(|at| aside(EntryKind::Skipped, format!("photos/.{at}").as_bytes())).collect();
    journal.add(&id, items, Vec::new()).unwrap();
    assert_eq!(journal.account(&id).unwrap().account.skipped, 1500);
    assert_eq!(journal.asides(&id, 0, 5000).unwrap().len(), 1000);
    assert_eq!(journal.account(&id).unwrap().account.files, 0);
}

#[test]
fn a_new_upload_never_shows_the_list_of_one_that_was_forgotten() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let first = journal.new_upload(begun()).unwrap();
    journal.add(&first, (0..3).map(|ord| file(ord, format!("a{ord}").as_bytes(), 1)).collect(), Vec::new()).unwrap();
    assert_eq!(journal.page(&first, &Filter::default(), 0, 9).unwrap().total, 3);
    let number = journal.upload(&first.0).unwrap().unwrap().no;
    journal.forget(&first).unwrap();
    assert_eq!(journal.upload(&first.0).unwrap(), None);
    let second = journal.new_upload(begun()).unwrap();
    journal.add(&second, (0..2).map(|ord| file(ord, format!("b{ord}").as_bytes(), 1)).collect(), Vec::new()).unwrap();
    assert_eq!(journal.page(&second, &Filter::default(), 0, 9).unwrap().total, 2);
    assert_ne!(journal.upload(&second.0).unwrap().unwrap().no, number, "late records about the first find nobody");
    audit(&journal);
}

#[test]
fn what_was_measured_comes_back_for_another_destination() {
    use gantry_model::measured::{Film, Measured};
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = journal.new_upload(begun()).unwrap();
    let mut item = file(0, b"photos/a.mp4", 9);
    let film = Film { codec: "h264".into(), frames: Some(7), constant: Some(true), ..Film::default() };
    item.entry.media =
        Media { format: Format::Mp4, looked: true, measured: Some(Box::new(Measured::Film(film))), ..Media::default() };
    let given = item.entry.media.clone();
    journal.add(&id, vec![item, file(1, b"photos/b.jpg", 9)], Vec::new()).unwrap();
    assert_eq!(journal.item(&id, 0).unwrap().unwrap().entry.media, given);
    assert_eq!(journal.item(&id, 1).unwrap().unwrap().entry.media.measured, None);
    let told = journal.detail(&id, 0).unwrap().unwrap().measured;
    assert_eq!(told[0], ("measured-codec".to_owned(), "h264".to_owned()));
}
