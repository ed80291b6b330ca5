//! What goes wrong around an upload: each case has its own words, its own status, and loses nothing.

use super::{Console, files, program};
use std::fs;
use std::process::Command;
use testkit::trees::{self, Tree};

#[test]
fn a_source_inside_its_destination_is_refused() {
    let console = Console::with_out();
    fs::create_dir(console.out().join("in")).expect("a folder");
    fs::write(console.out().join("in/x"), b"x").expect("a file");
    let said = console.send(&console.out().join("in"), &[]).ended(2);
    said.error();
    console.send(&console.out(), &[]).ended(2);
    assert_eq!(files(&console.out()).len(), 1);
    assert!(console.uploads().is_empty());
}

#[test]
fn a_destination_and_the_data_folder_inside_the_source_are_left_out() {
    let console = Console::with_out();
    fs::write(console.folder().join("x.txt"), b"x").expect("a file");
    fs::write(console.out().join("old.txt"), b"old").expect("a file");
    for _ in 0..2 {
        let said = console.send(console.folder(), &["--contents"]).ended(0);
        assert_eq!(said.summary()["files"], 1, "{said:?}");
        assert!(said.all("finding").iter().any(|line| line["rule"] == "entry-own-folder"), "{said:?}");
    }
    let found: Vec<_> = files(&console.out()).into_iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(found, ["old.txt", "x.txt"]);

    let given = console.folder().to_str().expect("text");
    let said = console.run(["check", given, "--contents", "--for", "out"]).ended(0);
    assert_eq!(said.summary()["files"], 1, "a check counts what a send would send: {said:?}");
    let inside = console.out().join("old.txt");
    let said = console.run(["check", inside.to_str().expect("text"), "--for", "out"]).ended(2);
    assert_eq!(said.error(), "source_inside");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_needs_the_person() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let console = Console::with_out();
    let tree = Tree::empty();
    tree.file("x/fine.txt", b"fine");
    let file = tree.file("x/closed.txt", b"closed");
    tree.file("x/closed/inside.txt", b"inside");
    let close = |path: &std::path::Path| fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("it closes");
    close(&file);
    close(&tree.path().join("x/closed"));
    let open = |path: &std::path::Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it opens");
    open(tree.path());
    open(console.folder());
    let copy = console.folder().join("gantryctl");
    fs::copy(program(), &copy).expect("a copy");
    let args = ["send", tree.path().join("x").to_str().expect("text"), "--to", "out", "--yes", "--json"].map(str::to_owned);
    let mut command = console.command(&copy, &args);
    // Nothing is closed to root, so root steps down for this.
    if fs::File::open(&file).is_ok() {
        for entry in walkdir::WalkDir::new(console.folder()).into_iter().filter_map(Result::ok) {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("it changes hands");
        }
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    let said = super::read(command.output().expect("it starts"), true).ended(1);
    assert_eq!((&said.summary()["verified"], &said.summary()["needs_you"]), (&1.into(), &2.into()), "{said:?}");
    assert!(said.all("needs_you").iter().any(|line| line["code"] == "source_unreadable"), "{said:?}");
    open(&tree.path().join("x/closed"));
}

#[test]
fn a_journal_of_a_newer_version_is_left_alone() {
    let console = Console::with_out();
    let journal = console.home().join("journal.db");
    let open = rusqlite::Connection::open(&journal).expect("a journal");
    open.pragma_update(None, "user_version", 4711).expect("it is newer now");
    open.close().expect("closed");
    let before = fs::read(&journal).expect("there");
    for args in [&["uploads"][..], &["resume"]] {
        let said = console.run(args).ended(3);
        assert_eq!(said.error(), "newer");
        assert!(said.stderr.contains("4711"), "{said:?}");
    }
    assert_eq!(fs::read(&journal).expect("there"), before, "it was written to");
}

#[test]
fn a_damaged_journal_says_what_to_do() {
    let console = Console::with_out();
    let journal = console.home().join("journal.db");
    fs::write(&journal, vec![b'x'; 40_000]).expect("it is damaged now");
    let tree = trees::photos();
    for said in [console.run(["uploads"]), console.send(tree.path(), &[])] {
        let said = said.ended(3);
        assert_eq!(said.error(), "damaged");
        assert!(said.stderr.contains("--home") && said.stderr.contains("Repair"), "{said:?}");
    }
    assert_eq!(fs::read(&journal).expect("there"), vec![b'x'; 40_000], "it was written to");
    assert!(files(&console.out()).is_empty());
}

#[test]
fn a_destination_that_is_gone_needs_the_person_and_comes_back() {
    let console = Console::with_out();
    let tree = trees::photos();
    fs::rename(console.out(), console.folder().join("elsewhere")).expect("it moves");
    fs::write(console.out(), b"a file stands there").expect("a file");
    let said = console.send(tree.path(), &["--contents", "--wait", "3s"]).ended(1);
    assert_eq!(said.summary()["verified"], 0, "{said:?}");
    fs::remove_file(console.out()).expect("it goes");
    fs::rename(console.folder().join("elsewhere"), console.out()).expect("it comes back");
    console.run(["retry", "last"]).ended(0);
    assert_eq!(files(&console.out()), files(tree.path()));
}

/// A small file system in memory, unmounted when dropped.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(at: std::path::PathBuf, size: &str) -> Result<Self, String> {
        fs::create_dir(&at).expect("a folder");
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).output();
        match mounted {
            Ok(done) if done.status.success() => Ok(Self(at)),
            Ok(done) => Err(String::from_utf8_lossy(&done.stderr).into_owned()),
            Err(why) => Err(why.to_string()),
        }
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.0).status().expect("mount");
        assert!(done.success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// Only root may mount. Where that is refused, this check is that it was refused, and it says so.
fn small_or_say(at: std::path::PathBuf, size: &str) -> Option<Small> {
    match Small::mount(at, size) {
        Ok(small) => Some(small),
        Err(why) => {
            println!("NOT CHECKED: a full disk needs a small file system, and mounting is not permitted here: {why}");
            let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
            let permitted = why.is_empty() || (root && !why.contains("denied") && !why.contains("permitted"));
            assert!(!permitted, "mounting failed for another reason: {why}");
            None
        }
    }
}

#[test]
fn a_full_destination_is_said_and_goes_on_with_room() {
    let console = Console::new();
    let Some(small) = small_or_say(console.out(), "1m") else { return };
    console.connect("out", &console.out());
    let tree = trees::many(20, 100_000);
    let said = console.send(tree.path(), &["--contents", "--wait", "5s"]).ended(1);
    assert!(said.summary()["needs_you"].as_u64() > Some(0), "{said:?}");
    assert!(said.all("needs_you").iter().any(|line| line["code"] == "disk_full"), "{said:?}");
    for (path, content) in files(&console.out()) {
        assert_eq!(content, fs::read(tree.path().join(&path)).expect("the source"), "half a file is there: {path:?}");
    }
    small.grow("8m");
    console.run(["retry", "last"]).ended(0);
    assert_eq!(files(&console.out()), files(tree.path()));
}

#[test]
fn a_full_disk_under_the_journal_loses_nothing() {
    let console = Console::new();
    let Some(small) = small_or_say(console.home(), "6m") else { return };
    fs::create_dir(console.out()).expect("a folder");
    console.connect("out", &console.out());
    let tree = trees::many(3_000, 10);
    let filler = console.home().join("filler");
    let room =
        6 * 1024 * 1024 - files(&console.home()).iter().map(|(_, content)| content.len().next_multiple_of(4096)).sum::<usize>();
    fs::write(&filler, vec![0; room.saturating_sub(64 * 1024)]).expect("it fits");
    let said = console.send(tree.path(), &["--contents", "--wait", "2s"]);
    assert!([1, 3].contains(&said.status), "{said:?}");
    small.grow("64m");
    fs::remove_file(&filler).expect("room");
    console.run(["resume"]).ended(0);
    console.send(tree.path(), &["--contents"]).ended(0);
    assert_eq!(files(&console.out()).len(), 3_000);
}
