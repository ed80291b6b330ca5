//! Group commit: order, late records, full disks.

use super::*;
use gantry_model::{Code, PartNo, PartProof, Ticket};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn watch(journal: &Journal) -> Arc<Mutex<Vec<Committed>>> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let copy = Arc::clone(&seen);
    journal.observe(Box::new(move |committed| copy.lock().unwrap().push(committed.clone())));
    seen
}

fn wait_for(seen: &Mutex<Vec<Committed>>, what: impl Fn(&Committed) -> bool) {
    let begin = Instant::now();
    while !seen.lock().unwrap().iter().any(&what) {
        assert!(begin.elapsed() < Duration::from_secs(20), "never heard of it");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn records_are_told_in_the_order_of_handing_over_and_only_when_they_can_be_read() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 3000);
    let weak = Arc::downgrade(&journal.inner);
    let told = Arc::new(Mutex::new(Vec::new()));
    let copy = Arc::clone(&told);
    journal.observe(Box::new(move |committed| {
        let journal = Journal { inner: weak.upgrade().unwrap() };
        let on_disk = journal.account(&UploadId(committed.accounts[0].1.0.clone())).unwrap().account;
        assert_eq!(on_disk, committed.accounts[0].2, "what is told is what is on disk");
        copy.lock().unwrap().extend(committed.items.iter().map(|(_, ord, state)| (*ord, *state)));
    }));
    let order: Vec<u64> = (0..3000).map(|at| at * 7 % 3000).collect();
    for ord in &order {
        let item = &mut items[*ord as usize];
        happen(&journal, no, item, Fact::Sealed(RemoteRef { size: Some(*ord + 1), ..RemoteRef::default() }));
        happen(&journal, no, item, verified(*ord + 1));
    }
    journal.flush().unwrap();
    let mut told: Vec<u64> =
        told.lock().unwrap().iter().filter(|(_, state)| *state == State::Verified).map(|told| told.0).collect();
    told.dedup();
    assert_eq!(told, order);
    assert_eq!(journal.account(&id).unwrap().account.verified, 3000);
    audit(&journal);
}

#[test]
fn a_file_that_is_final_stays_so_when_a_record_comes_late() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 3);
    let seen = watch(&journal);
    journal.cancel(&id).unwrap();
    happen(&journal, no, &mut items[1], verified(2));
    journal.flush().unwrap();
    assert_eq!(journal.item(&id, 1).unwrap().unwrap().state, State::Cancelled);
    assert_eq!(seen.lock().unwrap()[0].refused, vec![(no, 1, State::Cancelled)]);
    assert!(seen.lock().unwrap()[0].items.is_empty());
    audit(&journal);
}

#[test]
fn a_full_disk_loses_nothing_and_nothing_is_said_to_have_happened() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 20);
    let seen = watch(&journal);
    let writer = journal.inner.writer.as_ref().unwrap();
    writer.set_room(1);
    for item in &mut items {
        let long = RemoteRef { etag: Some("e".repeat(40_000)), ..RemoteRef::default() };
        happen(&journal, no, item, Fact::Sealed(long));
    }
    assert_eq!(journal.flush().unwrap_err().code, Code::JournalFull);
    assert!(seen.lock().unwrap().iter().all(|told| told.items.is_empty() && told.problem.is_some()));
    assert_eq!(journal.account(&id).unwrap().account.waiting, 20, "nothing is claimed");
    assert_eq!(journal.set_aside(&id, None, None).unwrap_err().code, Code::JournalFull);
    writer.set_room(1_000_000);
    wait_for(&seen, |told| told.room_again);
    journal.flush().unwrap();
    assert_eq!(journal.account(&id).unwrap().account.sent, 20);
    assert_eq!(seen.lock().unwrap().iter().map(|told| told.items.len()).sum::<usize>(), 20);
    audit(&journal);
}

#[test]
fn parts_and_tickets_come_back_as_they_were_and_go_when_they_are_worthless() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 2);
    let item = &mut items[1];
    let ticket = Ticket { key: item.key.clone(), handle: "u-1".into(), part_size: 8, algorithm: Algorithm::Crc32c };
    happen(&journal, no, item, Fact::Begun(ticket.clone()));
    for n in [2, 1, 3, 2] {
        let part = PartProof { part: PartNo(n), size: 8, etag: format!("e{n}"), digest: Digest::Crc32c(n) };
        happen(&journal, no, item, Fact::PartStored(part));
    }
    journal.flush().unwrap();
    assert_eq!(journal.work(&id, Some(0), true, u64::MAX, 9).unwrap()[0].item, *item);
    happen(&journal, no, item, Fact::StartedOver(Code::TicketGone));
    journal.flush().unwrap();
    assert_eq!(journal.work_on(&id, &[1]).unwrap()[0].item, *item);
    happen(&journal, no, item, Fact::Begun(ticket));
    journal.flush().unwrap();
    assert_eq!(journal.work_on(&id, &[1]).unwrap()[0].item.parts, Vec::new(), "old parts do not come back");
}

#[test]
fn the_ledger_knows_what_was_left_and_from_which_source() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (_, no, mut items) = frozen(&journal, 2);
    happen(&journal, no, &mut items[0], verified(1));
    journal.flush().unwrap();
    let keys = [items[1].key.0.as_str(), items[0].key.0.as_str()];
    let known = journal.ledger("", "/home/x/Gantry", &keys).unwrap();
    assert_eq!(known[0], None);
    let left = known[1].as_ref().unwrap();
    assert_eq!((left.size, left.etag.as_deref(), left.digest), (1, Some("e1"), Some(Digest::Crc64nvme(1 ^ 0xdead_beef))));
    assert!(left.is_of(&seen(1)) && !left.is_of(&seen(2)));
    assert_eq!(journal.ledger("", "/elsewhere", &keys).unwrap(), vec![None, None]);
}

#[test]
fn a_file_that_grew_before_it_was_sent_again_is_counted_with_its_new_size() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 2);
    items[0].fingerprint = seen(500);
    happen(&journal, no, &mut items[0], verified(500));
    journal.flush().unwrap();
    let account = journal.account(&id).unwrap().account;
    assert_eq!((account.bytes, account.bytes_done), (502, 500));
    audit(&journal);
}
