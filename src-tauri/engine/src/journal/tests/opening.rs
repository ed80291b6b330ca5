//! Journals that are missing, newer, damaged, somebody else's; and repair.

use super::crashes::Dice;
use super::*;
use std::fs;

fn closed(n: u64) -> (TempDir, Home, UploadId) {
    let (folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, n);
    for item in items.iter_mut().take(n as usize / 2) {
        let size = item.fingerprint.size;
        happen(&journal, no, item, verified(size));
    }
    journal.flush().unwrap();
    (folder, home, id)
}

/// As after a kill: the journal does not say that it was closed in order.
fn killed(home: &Home) {
    let db = rusqlite::Connection::open(home.journal()).unwrap();
    db.execute("UPDATE home SET clean = 0", []).unwrap();
}

#[test]
fn a_missing_journal_reads_as_an_empty_one_and_is_not_made() {
    let (_folder, home) = home();
    let journal = Journal::read_only(&home).unwrap();
    assert_eq!(journal.uploads(Which::All).unwrap(), Vec::new());
    assert_eq!(journal.connections().unwrap(), Vec::new());
    assert!(journal.new_upload(begun()).is_err());
    assert!(!home.journal().exists());
}

#[test]
fn a_reader_sees_what_another_process_commits() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let reader = Journal::read_only(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 4);
    assert_eq!(reader.page(&id, &Filter::default(), 0, 9).unwrap().total, 4);
    happen(&journal, no, &mut items[2], verified(3));
    journal.flush().unwrap();
    assert_eq!(reader.account(&id).unwrap().account.verified, 1);
    assert_eq!(reader.home_id(), journal.home_id());
}

#[test]
fn a_journal_of_a_newer_version_is_said_to_be_one_and_stays_as_it_is() {
    let (_folder, home, _) = closed(3);
    let db = rusqlite::Connection::open(home.journal()).unwrap();
    db.execute_batch("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(db);
    let before = fs::read(home.journal()).unwrap();
    assert_eq!(Journal::open(&home).unwrap_err(), CannotOpen::Newer { version: 99 });
    assert_eq!(Journal::read_only(&home).unwrap_err(), CannotOpen::Newer { version: 99 });
    assert_eq!(repair(&home).unwrap_err(), CannotOpen::Newer { version: 99 });
    assert_eq!(fs::read(home.journal()).unwrap(), before);
}

#[test]
fn a_file_that_is_no_journal_is_never_taken_for_one() {
    for bytes in [b"hello, this is somebody's letter".to_vec(), vec![0; 8192]] {
        let (_folder, home) = home();
        home.create().unwrap();
        fs::write(home.journal(), &bytes).unwrap();
        assert!(matches!(Journal::open(&home), Err(CannotOpen::Damaged { .. })));
        assert!(matches!(Journal::read_only(&home), Err(CannotOpen::Damaged { .. })));
        assert_eq!(fs::read(home.journal()).unwrap(), bytes);
    }
    let (_folder, home) = home();
    home.create().unwrap();
    let db = rusqlite::Connection::open(home.journal()).unwrap();
    db.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(db);
    assert!(matches!(Journal::open(&home), Err(CannotOpen::Damaged { .. })));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_journal() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    frozen(&journal, 3);
    for name in fs::read_dir(home.folder()).unwrap() {
        let name = name.unwrap();
        assert_eq!(name.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", name.path());
    }
}

#[test]
fn a_damaged_page_is_found_after_a_kill_or_does_no_harm_and_repair_saves_the_rest() {
    let mut found = 0;
    let (_folder, home, id) = closed(400);
    killed(&home);
    let sound = fs::read(home.journal()).unwrap();
    let pages = sound.len() / 4096;
    let mut dice = Dice(11);
    for page in 0..pages {
        let mut bytes = sound.clone();
        for byte in &mut bytes[page * 4096..(page + 1) * 4096] {
            *byte = dice.roll(256) as u8;
        }
        fs::remove_file(home.journal().with_extension("db-wal")).ok();
        fs::write(home.journal(), &bytes).unwrap();
        match Journal::open(&home) {
            Ok(_) => {}
            Err(CannotOpen::Damaged { .. }) => {
                found += 1;
                let repaired = repair(&home).unwrap();
                assert_eq!(fs::read(&repaired.aside).unwrap().len(), bytes.len());
                let journal = Journal::open(&home).unwrap();
                audit(&journal);
                let upload = journal.upload(&id.0).unwrap();
                let account = upload.map(|upload| upload.books.account).unwrap_or_default();
                assert!(account.verified == 200 || account.files == 0, "half of it is claimed: {account:?}");
                drop(journal);
                fs::remove_file(&repaired.aside).unwrap();
            }
            Err(other) => panic!("page {page}: {other}"),
        }
    }
    assert!(found * 10 > pages * 9, "{found} of {pages} damaged pages were found");
}

#[test]
fn repair_keeps_all_that_can_be_read() {
    let (_folder, home, id) = closed(40);
    {
        let journal = Journal::open(&home).unwrap();
        let connection = gantry_model::Connection { name: "bucket".into(), kind: "s3".into(), fields: [].into() };
        journal.put_connection(connection).unwrap();
    }
    let before = Journal::read_only(&home).unwrap();
    let (key, wanted) = (before.home_id().to_owned(), before.upload(&id.0).unwrap().unwrap());
    drop(before);
    let repaired = repair(&home).unwrap();
    assert_eq!((repaired.uploads, repaired.items, repaired.anew), (1, 40, 0));
    let journal = Journal::open(&home).unwrap();
    let there = journal.upload("last").unwrap().unwrap();
    assert_eq!(journal.home_id(), key, "the keychain's entries are still found");
    assert_eq!((there.books.account, &there.number), (wanted.books.account, &wanted.number));
    assert_eq!(journal.connections().unwrap()[0].connection.name, "bucket");
    assert!(journal.ledger("", "/home/x/Gantry", &["p/photos/000/00000.jpg"]).unwrap()[0].is_some());
    audit(&journal);
}

#[test]
fn settings_and_connections_come_back() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let fields = [("bucket".to_owned(), "b".to_owned())].into();
    let mut connection = gantry_model::Connection { name: "mine".into(), kind: "s3".into(), fields };
    journal.put_connection(connection.clone()).unwrap();
    journal.learned("mine", vec![("region".into(), "eu".into())]).unwrap();
    journal.learned("mine", vec![("checksum".into(), "yes".into())]).unwrap();
    journal.tested("mine", vec![("reach".into(), Some(true)), ("write".into(), None)]).unwrap();
    journal.put_setting("settings", "{}").unwrap();
    journal.put_connection(connection.clone()).unwrap();
    let stored = journal.connection("mine").unwrap().unwrap();
    assert_eq!(stored.connection, connection);
    assert_eq!(stored.learned.len(), 2, "the same fields again forget nothing");
    assert_eq!(stored.tested.unwrap().checks[1], ("write".into(), None));
    connection.fields.insert("bucket".into(), "c".into());
    journal.put_connection(connection).unwrap();
    let stored = journal.connection("mine").unwrap().unwrap();
    assert!(stored.learned.is_empty() && stored.tested.is_none(), "another bucket may be another store");
    assert_eq!(journal.setting("settings").unwrap().as_deref(), Some("{}"));
    assert_eq!(journal.remove_connection("mine", false).unwrap(), Removed::Gone);
    assert_eq!(journal.remove_connection("mine", false).unwrap(), Removed::NeverThere);
}
