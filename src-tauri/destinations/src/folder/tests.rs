//! The folder store on real temporary folders.

use super::names::{Temp, temp};
use super::*;
use crate::testing::{body, outgoing};
use gantry_model::Existing;
use proptest::prelude::*;
use std::fs;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

fn store() -> (TempDir, Folder) {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::new(dir.path().to_str().expect("text"));
    (dir, folder)
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| entry.expect("one").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_is_stored_with_its_time_and_read_back() {
    let (dir, folder) = store();
    let remote = folder.put(&outgoing("photos/1.jpg", 5), body(b"hello")).await.expect("stored");
    assert_eq!((remote.size, remote.digest), (Some(5), Some(body(b"hello").digest)));
    let path = dir.path().join("photos/1.jpg");
    assert_eq!(fs::read(&path).expect("read"), b"hello");
    let changed = fs::metadata(&path).expect("there").modified().expect("a time");
    assert_eq!(changed, SystemTime::UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789));
    assert_eq!(names(&dir.path().join("photos")), ["1.jpg"]);
    assert_eq!(folder.find(&Key("photos/1.jpg".into())).await.expect("found"), Some(remote));
    assert_eq!(folder.find(&Key("photos/2.jpg".into())).await.expect("looked"), None);
    assert_eq!(folder.find(&Key("else/2.jpg".into())).await.expect("looked"), None);
}

#[tokio::test]
async fn other_content_is_never_overwritten() {
    let (dir, folder) = store();
    fs::write(dir.path().join("a"), "mine").expect("written");
    let problem = folder.put(&outgoing("a", 5), body(b"hello")).await.expect_err("refused");
    assert_eq!(problem.code, Code::Clash);
    assert_eq!(folder.begin(&outgoing("a", 5), 5).await.expect_err("refused").code, Code::Clash);
    assert_eq!(names(dir.path()), ["a"]);
    assert_eq!(fs::read(dir.path().join("a")).expect("read"), b"mine");
}

#[tokio::test]
async fn a_file_that_appears_while_ours_is_written_stays() {
    let (dir, folder) = store();
    let item = outgoing("a", 5);
    let ticket = folder.begin(&item, 5).await.expect("begun");
    let proof = folder.send(&ticket, PartNo(1), body(b"hello")).await.expect("sent");
    fs::write(dir.path().join("a"), "theirs").expect("written");
    let problem = folder.seal(&item, &ticket, &[proof], body(b"hello").digest).await.expect_err("refused");
    assert_eq!(problem.code, Code::Clash);
    assert_eq!(fs::read(dir.path().join("a")).expect("read"), b"theirs");
    folder.discard(&ticket).await.expect("discarded");
    assert_eq!(names(dir.path()), ["a"]);
}

#[tokio::test]
async fn replace_replaces() {
    let (dir, folder) = store();
    fs::write(dir.path().join("a"), "old").expect("written");
    let mut item = outgoing("a", 5);
    item.existing = Existing::Replace(None);
    assert!(folder.put(&item, body(b"hello")).await.is_ok());
    assert_eq!(fs::read(dir.path().join("a")).expect("read"), b"hello");
}

#[tokio::test]
async fn parts_come_in_any_order_and_from_another_process() {
    let (dir, folder) = store();
    let item = outgoing("big/film.mp4", 12);
    let ticket = folder.begin(&item, 5).await.expect("begun");
    folder.send(&ticket, PartNo(3), body(b"kl")).await.expect("sent");
    folder.send(&ticket, PartNo(1), body(b"XXXXX")).await.expect("sent");
    assert!(folder.list("", None).await.expect("listed").objects.is_empty(), "nothing is there before the seal");
    let later = Folder::new(dir.path().to_str().expect("text"));
    assert_eq!(later.parts(&ticket).await.expect("asked"), PartsThere::Unsaid);
    let mut proofs = Vec::new();
    for (number, bytes) in [(1, &b"abcde"[..]), (2, b"fghij"), (3, b"kl")] {
        proofs.push(later.send(&ticket, PartNo(number), body(bytes)).await.expect("sent"));
    }
    let whole = body(b"abcdefghijkl").digest;
    let remote = later.seal(&item, &ticket, &proofs, whole).await.expect("sealed");
    assert_eq!((remote.size, remote.digest), (Some(12), Some(whole)));
    assert_eq!(names(&dir.path().join("big")), ["film.mp4"]);
    assert_eq!(later.parts(&ticket).await.expect("asked"), PartsThere::Gone);
    let again = later.seal(&item, &ticket, &proofs, whole).await.expect_err("gone");
    assert_eq!(again.code, Code::TicketGone);
    later.discard(&ticket).await.expect("nothing to discard");
    assert!(dir.path().join("big/film.mp4").exists(), "a sealed file stays");
}

#[tokio::test]
async fn content_that_is_not_what_was_read_never_gets_the_name() {
    let (dir, folder) = store();
    let item = outgoing("a", 10);
    let ticket = folder.begin(&item, 5).await.expect("begun");
    let first = folder.send(&ticket, PartNo(1), body(b"abcde")).await.expect("sent");
    let mut never_sent = first.clone();
    never_sent.part = PartNo(2);
    let whole = body(b"abcdefghij").digest;
    let problem = folder.seal(&item, &ticket, &[first.clone(), never_sent], whole).await.expect_err("not sealed");
    assert_eq!(problem.code, Code::ChecksumDiffers);
    assert!(!dir.path().join("a").exists());
    let second = folder.send(&ticket, PartNo(2), body(b"fghij")).await.expect("sent");
    let remote = folder.seal(&item, &ticket, &[first, second], whole).await.expect("sealed");
    assert_eq!(remote.digest, Some(whole));
    let mut wrong = body(b"hello");
    wrong.digest = whole;
    assert_eq!(folder.put(&outgoing("b", 5), wrong).await.expect_err("not stored").code, Code::ChecksumDiffers);
    assert_eq!(names(dir.path()), ["a"]);
}

#[tokio::test]
async fn a_handle_from_elsewhere_removes_nothing() {
    let (dir, folder) = store();
    fs::write(dir.path().join("precious"), "mine").expect("written");
    for handle in ["precious", "../precious", "", ".gantry-notes.part"] {
        let ticket = Ticket { key: Key("a".into()), handle: handle.into(), part_size: 5, algorithm: Algorithm::Crc64nvme };
        assert!(folder.discard(&ticket).await.is_err(), "{handle}");
        assert!(folder.send(&ticket, PartNo(1), body(b"hello")).await.is_err(), "{handle}");
    }
    assert_eq!(fs::read(dir.path().join("precious")).expect("read"), b"mine");
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_below_the_folder_is_followed() {
    let (dir, folder) = store();
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret"), "theirs").expect("written");
    std::os::unix::fs::symlink(outside.path(), dir.path().join("way")).expect("a link");
    std::os::unix::fs::symlink(outside.path().join("secret"), dir.path().join("file")).expect("a link");
    assert_eq!(folder.put(&outgoing("way/x", 5), body(b"hello")).await.expect_err("refused").code, Code::NameRefused);
    assert_eq!(folder.put(&outgoing("file", 5), body(b"hello")).await.expect_err("refused").code, Code::Clash);
    assert_eq!(folder.find(&Key("file".into())).await.expect("looked"), Some(RemoteRef::default()));
    let mut item = outgoing("file", 5);
    item.existing = Existing::Replace(None);
    folder.put(&item, body(b"hello")).await.expect("the link itself is replaced");
    assert_eq!(names(outside.path()), ["secret"]);
    assert_eq!(fs::read(outside.path().join("secret")).expect("read"), b"theirs");
    assert!(folder.list("way/", None).await.expect("listed").objects.is_empty());
}

#[tokio::test]
async fn the_folder_is_made_once_and_never_where_a_drive_was() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("Gantry");
    let folder = Folder::new(root.to_str().expect("text"));
    assert_eq!(folder.list("", None).await.expect("empty"), Page::default());
    assert!(!root.exists(), "looking makes nothing");
    folder.put(&outgoing("a", 1), body(b"x")).await.expect("stored");
    fs::remove_dir_all(&root).expect("unplugged");
    assert_eq!(folder.put(&outgoing("b", 1), body(b"x")).await.expect_err("gone").code, Code::DestinationGone);
    assert_eq!(folder.list("", None).await.expect_err("gone").code, Code::DestinationGone);
    let nowhere = Folder::new(dir.path().join("no/such").to_str().expect("text"));
    assert_eq!(nowhere.put(&outgoing("a", 1), body(b"x")).await.expect_err("gone").code, Code::DestinationGone);
    assert_eq!(nowhere.find(&Key("a".into())).await.expect_err("gone").code, Code::DestinationGone);
}

#[tokio::test]
async fn left_overs_of_a_crash_are_hidden_kept_while_they_may_live_and_then_swept() {
    let (dir, folder) = store();
    let (once, parts) = (temp(Temp::Once).expect("a name"), temp(Temp::Parts).expect("a name"));
    for name in [once.as_str(), parts.as_str(), ".gantry-notes.part"] {
        fs::write(dir.path().join(name), "torn").expect("written");
    }
    let written = fs::File::open(dir.path().join(&once)).expect("opened");
    written.try_lock().expect("another program is writing it");
    folder.put(&outgoing("a", 1), body(b"x")).await.expect("stored");
    let listed = folder.list("", None).await.expect("listed");
    assert_eq!(listed.objects.iter().map(|one| one.key.0.as_str()).collect::<Vec<_>>(), [".gantry-notes.part", "a"]);
    assert_eq!(names(dir.path()).len(), 4, "another program is still writing");
    drop(written);
    let root = Dir::root(dir.path()).expect("opened");
    let later = |hours: u64| SystemTime::now() + Duration::from_secs(hours * 3600);
    writing::sweep_old(&root, SystemTime::now());
    assert!(!dir.path().join(&once).exists() && dir.path().join(&parts).exists());
    writing::sweep_old(&root, later(31 * 24));
    assert_eq!(names(dir.path()), [".gantry-notes.part", "a"]);
}

#[cfg(unix)]
#[tokio::test]
async fn odd_names_are_kept_as_they_are() {
    let (dir, folder) = store();
    let longest = "n".repeat(255);
    for name in ["line\nbreak", "photo\u{202e}gpj.exe", "-rf", "..%2fetc", "a\\b:c", " lead", "trail. ", "é", longest.as_str()] {
        folder.put(&outgoing(&format!("odd/{name}"), 1), body(b"x")).await.expect("stored");
        assert!(dir.path().join("odd").join(name).exists(), "{name:?}");
    }
    let too_long = format!("odd/{}", "n".repeat(256));
    assert_eq!(folder.put(&outgoing(&too_long, 1), body(b"x")).await.expect_err("refused").code, Code::NameRefused);
    assert_eq!(folder.put(&outgoing("odd/-rf/below", 1), body(b"x")).await.expect_err("refused").code, Code::NameRefused);
    assert_eq!(folder.put(&outgoing("../out", 1), body(b"x")).await.expect_err("refused").code, Code::NameRefused);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_is_as_open_as_its_folder() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, folder) = store();
    for (mode, want) in [(0o700, 0o600), (0o755, 0o644), (0o777, 0o664)] {
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).expect("set");
        let name = format!("{mode:o}");
        folder.put(&outgoing(&name, 1), body(b"x")).await.expect("stored");
        assert_eq!(fs::metadata(dir.path().join(name)).expect("there").permissions().mode() & 0o777, want);
    }
}

#[tokio::test]
async fn a_trial_leaves_nothing_behind() {
    let (dir, folder) = store();
    let access = folder.try_access("not/there/yet").await.expect("tried");
    assert!(access.checks.iter().all(|(_, passed)| *passed == Some(true)), "{access:?}");
    assert!(names(dir.path()).is_empty());
}

#[tokio::test]
async fn addresses_are_those_of_files() {
    let folder = Folder::new("/media/my drive");
    assert_eq!(folder.url(&Key("a b/ü#.jpg".into())), "file:///media/my%20drive/a%20b/%C3%BC%23.jpg");
}

fn collect(folder: &Folder, prefix: &str, size: usize) -> Vec<String> {
    let (mut keys, mut after): (Vec<String>, Option<Key>) = (Vec::new(), None);
    loop {
        let start = after.as_ref().map_or("", |key| key.0.as_str());
        let root = Dir::root(&folder.0.path).expect("opened");
        let page = Cursor::start(root, prefix, start).expect("started").page(size).expect("a page");
        keys.extend(page.objects.iter().map(|listed| listed.key.0.clone()));
        match (page.more, page.objects.last()) {
            (true, Some(last)) => after = Some(last.key.clone()),
            _ => return keys,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn pages_are_in_byte_order_and_complete(
        keys in proptest::collection::btree_set("[a-b.~-]{1,2}(/[a-b.0-]{1,2}){0,2}", 1..25),
        prefix in "[a-b./]{0,3}",
        size in 1_usize..6,
    ) {
        let (dir, folder) = store();
        for key in &keys {
            let path = names::below(dir.path(), key);
            if names::split(key).is_ok() && !path.is_dir() && fs::create_dir_all(path.parent().expect("one")).is_ok() {
                let _ = fs::write(path, "x");
            }
        }
        let there: Vec<&String> = keys.iter().filter(|key| key.starts_with(&prefix) && names::split(key).is_ok() && names::below(dir.path(), key).is_file()).collect();
        let listed = collect(&folder, &prefix, size);
        prop_assert_eq!(listed.iter().collect::<Vec<_>>(), there);
    }
}

#[tokio::test]
async fn a_thousand_and_one_files_are_two_pages_also_when_asked_anew() {
    let (dir, folder) = store();
    for at in 0..1001 {
        fs::write(dir.path().join(format!("{at:04}")), "x").expect("written");
    }
    let first = folder.list("", None).await.expect("listed");
    assert_eq!((first.objects.len(), first.more), (1000, true));
    let last = first.objects.last().map(|listed| listed.key.clone());
    for store in [&folder, &Folder::new(dir.path().to_str().expect("text"))] {
        let second = store.list("", last.as_ref()).await.expect("listed");
        assert_eq!(second.objects.iter().map(|listed| listed.key.0.as_str()).collect::<Vec<_>>(), ["1000"]);
        assert!(!second.more);
    }
}
