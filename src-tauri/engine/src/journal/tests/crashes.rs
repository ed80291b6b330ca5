//! The power goes at every boundary: what was committed is there, the books balance, nothing else is claimed.

use super::*;
use gantry_model::{Code, PartNo, PartProof, Ticket};
use std::fs;
use std::path::Path;

/// What the disk holds right now, as after a cut. `log` bytes of the write-ahead log are there; all of them when `None`.
fn cut(home: &Home, into: &Path, log: Option<usize>) -> Home {
    let other = Home::find(Some(into.to_path_buf()));
    other.create().unwrap();
    fs::copy(home.journal(), other.journal()).unwrap();
    let from = home.journal().with_extension("db-wal");
    if let Ok(bytes) = fs::read(from) {
        let most = log.unwrap_or(bytes.len()).min(bytes.len());
        fs::write(other.journal().with_extension("db-wal"), &bytes[..most]).unwrap();
    }
    other
}

/// Numbers that look random and are the same in each run.
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn some_fact(dice: &mut Dice, item: &Item) -> Fact {
    let ticket = Ticket { key: item.key.clone(), handle: format!("u{}", dice.roll(9)), part_size: 4, algorithm: Algorithm::Md5 };
    let part = PartProof {
        part: PartNo(dice.roll(4) as u32 + 1),
        size: 4,
        etag: "e".into(),
        digest: Digest::Md5([dice.roll(250) as u8; 16]),
    };
    match dice.roll(11) {
        0 | 1 => Fact::Begun(ticket),
        2..=4 => Fact::PartStored(part),
        5 => Fact::StartedOver(Code::TicketGone),
        6 => Fact::Sealed(RemoteRef { size: Some(3), ..RemoteRef::default() }),
        7 => Fact::Tripped(Code::TimedOut),
        8 => Fact::Stuck(Code::SourceChanged, "minutes=3".into()),
        9 => Fact::Released,
        _ if dice.roll(3) == 0 => Fact::FoundSame(RemoteRef::default(), Proof::Size),
        _ if dice.roll(2) == 0 => Fact::Verified(RemoteRef::default(), Proof::Size),
        _ if dice.roll(6) == 0 => Fact::SetAside,
        _ => verified(item.fingerprint.size),
    }
}

#[test]
fn after_a_cut_at_any_record_every_file_stands_where_it_stood_and_the_books_balance() {
    let (folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (_, no, mut items) = frozen(&journal, 25);
    let mut dice = Dice(7);
    let mut happened = 0;
    for turn in 0..400 {
        let item = &mut items[dice.roll(25) as usize];
        let (before, fact) = (item.state, some_fact(&mut dice, item));
        if item.apply(fact.clone()).is_err() {
            continue;
        }
        happened += 1;
        journal.record(vec![Record::new(no, before, item, &fact)]);
        journal.flush().unwrap();
        let other = cut(&home, &folder.path().join(format!("cut-{turn}")), None);
        let after = Journal::open(&other).unwrap();
        let id = after.upload("last").unwrap().unwrap().id;
        let ords: Vec<u64> = (0..25).collect();
        let there: Vec<Item> = after.work_on(&id, &ords).unwrap().into_iter().map(|work| work.item).collect();
        assert_eq!(there, items, "after {} in turn {turn}", fact.name());
        audit(&after);
        drop(after);
        fs::remove_dir_all(other.folder()).unwrap();
    }
    assert!(happened > 100, "only {happened} facts fitted");
}

#[test]
fn a_log_that_was_cut_anywhere_leaves_an_earlier_moment_and_never_a_mixed_one() {
    let (folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (_, no, mut items) = frozen(&journal, 30);
    let mut moments = vec![items.clone()];
    for at in 0..30 {
        // Each fact may be committed alone: between the two lies a moment as well.
        happen(&journal, no, &mut items[at], Fact::Sealed(RemoteRef::default()));
        moments.push(items.clone());
        happen(&journal, no, &mut items[at], verified(at as u64 + 1));
        journal.flush().unwrap();
        moments.push(items.clone());
    }
    let log = fs::metadata(home.journal().with_extension("db-wal")).unwrap().len() as usize;
    let (mut dice, mut earlier) = (Dice(3), 0);
    for turn in 0..60 {
        let bytes = dice.roll(log as u64) as usize;
        let other = cut(&home, &folder.path().join(format!("log-{turn}")), Some(bytes));
        let Ok(after) = Journal::open(&other) else { continue };
        audit(&after);
        let Some(upload) = after.upload("last").unwrap().filter(|upload| upload.frozen) else { continue };
        let ords: Vec<u64> = (0..30).collect();
        let there: Vec<Item> = after.work_on(&upload.id, &ords).unwrap().into_iter().map(|work| work.item).collect();
        let moment = moments.iter().position(|moment| *moment == there);
        earlier += usize::from(moment.expect("a moment that never was") < 60);
    }
    assert!(earlier > 10, "only {earlier} cuts met the records");
}

#[test]
fn what_was_given_is_on_disk_before_the_first_file_is_read() {
    let (folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = journal.new_upload(NewUpload { approved: true, ..begun() }).unwrap();
    let after = Journal::open(&cut(&home, &folder.path().join("cut"), None)).unwrap();
    let upload = after.upload(&id.0).unwrap().unwrap();
    assert_eq!(upload.begun, NewUpload { approved: true, ..begun() });
    assert!(!upload.read_ended);
    assert_eq!(after.uploads(Which::Resumable).unwrap().len(), 1);
}

#[test]
fn a_drop_that_was_cut_in_the_walk_is_read_anew_from_nothing() {
    let (folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = journal.new_upload(begun()).unwrap();
    let mut twin = file(1, b"photos/b/2.jpg", 5);
    twin.findings = vec![finding("key-same", Severity::Blocked)];
    let link = aside(EntryKind::Link, b"photos/l");
    journal.add(&id, vec![file(0, b"photos/a/1.jpg", 3), twin, link], Vec::new()).unwrap();
    let after = Journal::open(&cut(&home, &folder.path().join("cut"), None)).unwrap();
    assert_eq!(after.account(&id).unwrap().account.files, 2);
    after.restart_reading(&id).unwrap();
    assert_eq!(after.account(&id).unwrap().account, view::Account::default());
    assert_eq!(after.folders(&id, 0).unwrap(), Vec::new());
    after.add(&id, vec![file(0, b"photos/c/9.jpg", 3)], Vec::new()).unwrap();
    assert_eq!(after.folders(&id, 0).unwrap()[0].files, 1);
    assert_eq!(after.finding_groups(&id).unwrap(), Vec::new());
    audit(&after);
}
