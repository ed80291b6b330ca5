//! What the journal promises, held against crashes, damage, full disks and sorted models.

mod commits;
mod crashes;
mod deciding;
mod lists;
mod opening;

use super::*;
use gantry_model::view::{Filter, Plan};
use gantry_model::{
    Algorithm, Digest, Entry, EntryKind, Fact, Finding, Fingerprint, Format, Incoming, Item, Media, Proof, RemoteRef, Severity,
    State,
};
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::find(Some(folder.path().join("home")));
    (folder, home)
}

pub(crate) fn begun() -> NewUpload {
    NewUpload {
        incoming: Incoming { paths: vec![PathBuf::from("/a/photos")], ..Incoming::default() },
        title: "photos".into(),
        plan: Plan { connection: "this-computer".into(), prefix: "p".into(), ..Plan::default() },
        kind: "folder".into(),
        place: "/home/x/Gantry".into(),
        bucket: "/home/x/Gantry".into(),
        ..NewUpload::default()
    }
}

pub(crate) fn seen(size: u64) -> Fingerprint {
    Fingerprint { size, mtime_ns: 1_700_000_000_123_456_789, ctime_ns: 5, dev: u64::MAX, ino: u64::MAX - 7 }
}

pub(crate) fn file(ord: u64, path: &[u8], size: u64) -> NewItem {
    let media = Media { format: Format::Jpeg, width: 40, height: 30, orientation: 6, looked: true, ..Media::default() };
    let entry = Entry { root: 0, path: path.to_vec(), kind: EntryKind::File, fingerprint: seen(size), media, trouble: None };
    let key = format!("p/{}", gantry_model::show::path(path));
    NewItem { ord, entry, key, state: State::Ready, findings: Vec::new(), code: None }
}

pub(crate) fn aside(kind: EntryKind, path: &[u8]) -> NewItem {
    let mut item = file(0, path, 0);
    item.entry.kind = kind;
    item
}

pub(crate) fn finding(rule: &'static str, severity: Severity) -> Finding {
    Finding { rule, severity, detail: "1,025".into() }
}

pub(crate) fn verified(size: u64) -> Fact {
    let digest = Digest::Crc64nvme(size ^ 0xdead_beef);
    let remote = RemoteRef {
        size: Some(size),
        digest: Some(digest),
        etag: Some(format!("e{size}")),
        version: Some("v1".into()),
        url: None,
    };
    Fact::Verified(remote, Proof::Checksum(digest))
}

/// Applies a fact to the item and hands it over.
pub(crate) fn happen(journal: &Journal, upload: UploadNo, item: &mut Item, fact: Fact) {
    let before = item.state;
    item.apply(fact.clone()).unwrap();
    journal.record(vec![Record::new(upload, before, item, &fact)]);
}

/// A frozen upload of `n` files in folders of ten.
pub(crate) fn frozen(journal: &Journal, n: u64) -> (UploadId, UploadNo, Vec<Item>) {
    let id = journal.new_upload(begun()).unwrap();
    let items = (0..n).map(|ord| file(ord, format!("photos/{:03}/{ord:05}.jpg", ord / 10).as_bytes(), ord + 1)).collect();
    journal.add(&id, items, Vec::new()).unwrap();
    journal.read_ended(&id).unwrap();
    journal.freeze(&id).unwrap();
    let no = journal.upload(&id.0).unwrap().unwrap().no;
    let all: Vec<u64> = (0..n).collect();
    let items = journal.work_on(&id, &all).unwrap().into_iter().map(|work| work.item).collect();
    (id, no, items)
}

/// The books are what the items say: the account and the counts of each folder, counted anew from the rows.
pub(crate) fn audit(journal: &Journal) {
    for upload in journal.uploads(Which::All).unwrap() {
        let kept = upload.books.account;
        assert_eq!(kept.sum(), kept.files, "the states add up to the files of {}", upload.id);
        let items = all_items(journal, upload.no);
        let mut counted = view::Account { skipped: kept.skipped, notes: kept.notes, ..view::Account::default() };
        for item in items.iter().filter(|item| !item.left_out) {
            let size = item.entry.fingerprint.size;
            let proven = matches!(item.state, State::Verified | State::Registered | State::Visible);
            counted.files += 1;
            counted.bytes += size;
            *counted.slot(item.state) += 1;
            counted.by_size += u64::from(proven && item.proof == Some(Proof::Size));
            counted.bytes_done += if proven || item.state == State::Same { size } else { 0 };
        }
        assert_eq!(kept, counted, "the account of {}", upload.id);
        for severity in [Severity::Blocked, Severity::Warning, Severity::Note] {
            let count = items.iter().filter(|item| !item.left_out && item.worst == Some(severity)).count() as u64;
            assert_eq!(upload.books.findings[severity as usize], count, "{severity:?} files of {}", upload.id);
        }
        audit_folders(journal, &upload.id, 0, "", &items);
    }
}

fn audit_folders(journal: &Journal, upload: &UploadId, parent: u64, above: &str, items: &[StoredItem]) {
    let folders = journal.folders(upload, parent).unwrap();
    let inside = |path: &str| {
        let path = format!("{path}/");
        items.iter().filter(move |item| !item.left_out && item.shown().starts_with(&path)).collect::<Vec<_>>()
    };
    for folder in &folders {
        let path = if above.is_empty() { folder.name.clone() } else { format!("{above}/{}", folder.name) };
        let inside = inside(&path);
        let count = |states: &[State]| inside.iter().filter(|item| states.contains(&item.state)).count() as u64;
        assert_eq!(folder.files, inside.len() as u64, "files of {path}");
        assert_eq!(folder.bytes, inside.iter().map(|item| item.entry.fingerprint.size).sum::<u64>(), "bytes of {path}");
        assert_eq!(folder.done, count(&[State::Same, State::Verified, State::Registered, State::Visible]), "{path}");
        assert_eq!(folder.open, count(&[State::Blocked, State::Clash, State::NeedsYou]), "open of {path}");
        assert_eq!(folder.left, count(&[State::SetAside, State::Cancelled]), "left of {path}");
        let warnings = inside.iter().filter(|item| item.worst == Some(Severity::Warning)).count() as u64;
        assert_eq!(folder.warnings, warnings, "warnings of {path}");
        audit_folders(journal, upload, folder.id, &path, items);
    }
    let depth = if above.is_empty() { 0 } else { above.matches('/').count() + 1 };
    let below = items.iter().filter(|item| {
        let shown = item.shown();
        !item.left_out && (above.is_empty() || shown.starts_with(&format!("{above}/"))) && shown.matches('/').count() > depth
    });
    assert_eq!(folders.iter().map(|folder| folder.files).sum::<u64>(), below.count() as u64, "no folder is missing in {above}");
}

pub(crate) fn all_items(journal: &Journal, upload: UploadNo) -> Vec<StoredItem> {
    let text = format!("SELECT {} FROM item WHERE upload = ?1 ORDER BY ord", details::STORED);
    journal.read("test", |db| db.prepare(&text)?.query_map([upload.0], StoredItem::read)?.collect()).unwrap()
}

use gantry_model::view;
