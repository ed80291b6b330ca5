use super::*;
use gantry_model::Format;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

/// A folder called `photos` in a place of its own, with these files.
fn photos(files: &[&str]) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a folder");
    let photos = place.path().join("photos");
    fs::create_dir(&photos).expect("made");
    for file in files {
        put(&photos.join(file), b"some words\n");
    }
    (place, photos)
}

fn put(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
    fs::write(path, content).expect("written");
}

fn give(paths: &[&Path]) -> Incoming {
    Incoming { paths: paths.iter().map(|path| path.to_path_buf()).collect(), ..Incoming::default() }
}

fn all(incoming: Incoming) -> Vec<Entry> {
    let (entries, ended) = taken(incoming, Vec::new());
    assert!(ended, "the stream closed before its end");
    entries
}

fn taken(incoming: Incoming, avoid: Vec<PathBuf>) -> (Vec<Entry>, bool) {
    let mut batches = read(incoming, avoid, Arc::default());
    let (mut entries, mut ended) = (Vec::new(), false);
    while let Some(batch) = batches.blocking_recv() {
        assert!(!ended, "something came after the end");
        assert!(batch.entries.len() <= BATCH);
        entries.extend(batch.entries);
        ended = batch.ended;
    }
    (entries, ended)
}

/// Display path to kind, and how often it came.
fn kinds(entries: &[Entry]) -> BTreeMap<String, EntryKind> {
    let map: BTreeMap<_, _> = entries.iter().map(|entry| (gantry_model::show::path(&entry.path), entry.kind)).collect();
    assert_eq!(map.len(), entries.len(), "a path came twice: {entries:?}");
    map
}

fn of_kind(entries: &[Entry], kind: EntryKind) -> Vec<String> {
    kinds(entries).into_iter().filter(|(_, one)| *one == kind).map(|(path, _)| path).collect()
}

#[test]
fn paths_begin_with_the_given_items_own_name() {
    let (_place, photos) = photos(&["x.jpg", "deep/er/y.jpg"]);
    assert_eq!(of_kind(&all(give(&[&photos])), EntryKind::File), ["photos/deep/er/y.jpg", "photos/x.jpg"]);
    assert_eq!(of_kind(&all(give(&[&photos.join("x.jpg")])), EntryKind::File), ["x.jpg"]);
    assert_eq!(of_kind(&all(give(&[&photos.join("deep/../deep/.")])), EntryKind::File), ["deep/er/y.jpg"]);
    let contents = Incoming { contents: true, ..give(&[&photos, &photos.join("x.jpg")]) };
    let entries = all(contents);
    let files: Vec<_> = entries.iter().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.path.clone()).collect();
    assert_eq!(files.len(), 2);
    assert!(files.contains(&b"x.jpg".to_vec()) && files.contains(&b"deep/er/y.jpg".to_vec()));
}

#[test]
fn each_file_has_its_fingerprint_and_what_it_really_is() {
    let (_place, photos) = photos(&["a.jpg"]);
    put(&photos.join("empty.txt"), b"");
    let entries = all(give(&[&photos]));
    let find = |path: &[u8]| entries.iter().find(|entry| entry.path == path).expect("there");
    let words = find(b"photos/a.jpg");
    let seen = file::fingerprint(&fs::symlink_metadata(photos.join("a.jpg")).expect("there"));
    assert_eq!((words.media.format, words.fingerprint), (Format::Text, seen));
    assert!(find(b"photos/empty.txt").media.looked);
}

#[test]
fn hidden_and_system_files_are_counted_one_by_one_and_can_be_included() {
    let hidden = [".DS_Store", "Thumbs.db", "DESKTOP.INI", "._x.jpg", ".git/config", ".git/deep/object", ".env"];
    let (_place, photos) = photos(&hidden);
    put(&photos.join("x.jpg"), b"words");
    put(&photos.join(".gantry-12.part"), b"half a file");
    let skipped = all(give(&[&photos]));
    assert_eq!(of_kind(&skipped, EntryKind::Skipped).len(), hidden.len() + 1);
    assert_eq!(of_kind(&skipped, EntryKind::File), ["photos/x.jpg"]);
    let included = all(Incoming { include_hidden: true, ..give(&[&photos]) });
    assert_eq!(of_kind(&included, EntryKind::File).len(), hidden.len() + 1);
    assert_eq!(of_kind(&included, EntryKind::Skipped), ["photos/.gantry-12.part"]);
}

#[test]
fn a_hidden_path_that_was_named_is_taken() {
    let (_place, photos) = photos(&[".config/app.toml", ".config/.cache/x"]);
    assert_eq!(
        kinds(&all(give(&[&photos.join(".config")]))).into_iter().collect::<Vec<_>>(),
        [(".config/.cache/x".to_owned(), EntryKind::Skipped), (".config/app.toml".to_owned(), EntryKind::File)]
    );
    let named = all(give(&[&photos, &photos.join(".config/app.toml")]));
    assert_eq!(of_kind(&named, EntryKind::File), ["app.toml"], "the folder left it out, the person did not");
}

#[test]
fn a_file_that_is_given_twice_is_taken_once() {
    let (_place, photos) = photos(&["x.jpg", "sub/y.jpg", "z.jpg"]);
    for given in [
        give(&[&photos, &photos.join("sub"), &photos.join("x.jpg")]),
        give(&[&photos.join("sub"), &photos.join("x.jpg"), &photos]),
        give(&[&photos, &photos, &photos.join("sub/..")]),
    ] {
        let entries = all(given);
        let taken: Vec<_> = entries.iter().filter(|entry| entry.kind == EntryKind::File).collect();
        assert_eq!(taken.len(), 3, "{entries:?}");
        let again = entries.iter().filter(|entry| entry.kind == EntryKind::Skipped);
        assert!(again.clone().count() > 0 && again.clone().all(is_taken_already));
    }
}

#[test]
fn patterns_choose_and_leave_out() {
    let (_place, photos) = photos(&["a.jpg", "b.PNG", "raw/a.jpg", "raw/deep/c.txt", "node_modules/x/y.jpg"]);
    let files = |include: &[&str], exclude: &[&str]| {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        let entries = all(Incoming { include: texts(include), exclude: texts(exclude), ..give(&[&photos]) });
        assert_eq!(entries.len(), 5, "everything is counted");
        of_kind(&entries, EntryKind::File)
    };
    assert_eq!(files(&["*.jpg"], &["node_modules"]), ["photos/a.jpg", "photos/raw/a.jpg"]);
    assert_eq!(files(&["photos/*.jpg"], &[]), ["photos/a.jpg"], "a star does not cross a slash");
    assert_eq!(files(&["photos/**/*.jpg"], &["photos/raw/"]), ["photos/a.jpg", "photos/node_modules/x/y.jpg"]);
    assert_eq!(files(&[], &["raw", "node_modules", "b.PNG"]), ["photos/a.jpg"]);
    assert_eq!(files(&[], &["[", "*.jpg", "deep"]), ["photos/b.PNG"]);
    let bad = Incoming { exclude: vec!["[".into()], ..Incoming::default() };
    assert_eq!(check_patterns(&bad).expect_err("no glob").fact("pattern"), Some("["));
    assert!(check_patterns(&Incoming { include: vec!["a/**/*.jpg".into()], ..Incoming::default() }).is_ok());
}

#[test]
fn own_folders_are_not_entered_and_are_told_apart() {
    let (_place, photos) = photos(&["x.jpg", "out/sent.jpg", ".data/journal"]);
    let (entries, _) = taken(give(&[&photos]), vec![photos.join("out"), photos.join(".data")]);
    let own: Vec<_> = entries.iter().filter(|entry| is_own_folder(entry)).map(|entry| entry.path.clone()).collect();
    assert_eq!(own.len(), 2);
    assert!(own.contains(&b"photos/out".to_vec()) && own.contains(&b"photos/.data".to_vec()));
    assert_eq!(of_kind(&entries, EntryKind::File), ["photos/x.jpg"]);
    assert_eq!(entries.len(), 3);
    let (entries, ended) = taken(give(&[&photos]), vec![photos.clone()]);
    assert!(ended && entries.len() == 1 && is_own_folder(&entries[0]));
}

#[test]
fn what_is_not_there_or_empty_ends_well() {
    let (_place, photos) = photos(&[]);
    assert_eq!(all(give(&[&photos])), []);
    assert_eq!(all(give(&[])), []);
    let entries = all(give(&[&photos.join("gone"), &photos]));
    let [gone] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((gone.kind, gone.path.as_slice()), (EntryKind::Unreadable, b"gone".as_slice()));
    assert!(is_vanished(gone), "{gone:?}");
}

#[test]
fn counts_are_right_and_run_ahead_of_the_entries() {
    let files: Vec<String> = (0..3000).map(|n| format!("{}/{n}.txt", n % 7)).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let (_place, photos) = photos(&files);
    let mut batches = read(give(&[&photos]), Vec::new(), Arc::default());
    let (mut entries, mut counted) = (0, (0, 0));
    while let Some(batch) = batches.blocking_recv() {
        entries += batch.entries.len() as u64;
        assert!(batch.counted_files >= entries.max(counted.0) && batch.counted_bytes >= counted.1);
        counted = (batch.counted_files, batch.counted_bytes);
    }
    assert_eq!((entries, counted), (3000, (3000, 3000 * 11)));
}

#[test]
fn it_stops_when_told_and_when_nobody_listens() {
    let files: Vec<String> = (0..20_000).map(|n| format!("{}/{n}", n % 50)).collect();
    let (_place, photos) = photos(&[]);
    (0..50).for_each(|n| fs::create_dir(photos.join(n.to_string())).expect("made"));
    files.iter().for_each(|file| drop(fs::File::create(photos.join(file)).expect("made")));
    let stop = Arc::new(AtomicBool::new(false));
    let mut batches = read(give(&[&photos]), Vec::new(), Arc::clone(&stop));
    assert!(batches.blocking_recv().is_some());
    stop.store(true, Ordering::Relaxed);
    let mut after = 0;
    while let Some(batch) = batches.blocking_recv() {
        assert!(!batch.ended, "a stopped reading never says that it ended");
        after += batch.entries.len();
    }
    assert!(after < 20_000 - 64, "{after} entries after the stop");
    let left = Arc::new(AtomicBool::new(false));
    drop(read(give(&[&photos]), Vec::new(), Arc::clone(&left)));
    for _ in 0..500 {
        if Arc::strong_count(&left) == 1 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("threads are still at work for nobody");
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    #[test]
    fn links_sockets_pipes_and_broken_links_are_reported_and_not_followed() {
        let (place, photos) = photos(&["x.jpg"]);
        put(&place.path().join("outside/secret"), b"not given");
        symlink(place.path().join("outside"), photos.join("to folder")).expect("link");
        symlink("x.jpg", photos.join("to file")).expect("link");
        symlink("nowhere", photos.join("broken")).expect("link");
        symlink(".", photos.join("round")).expect("link");
        let _socket = UnixListener::bind(photos.join("socket")).expect("socket");
        assert!(std::process::Command::new("mkfifo").arg(photos.join("pipe")).status().expect("mkfifo").success());
        let entries = all(give(&[&photos]));
        assert_eq!(of_kind(&entries, EntryKind::File), ["photos/x.jpg"]);
        let links = ["photos/broken", "photos/round", "photos/to file", "photos/to folder"];
        assert_eq!(of_kind(&entries, EntryKind::Link), links);
        assert_eq!(of_kind(&entries, EntryKind::Special), ["photos/pipe", "photos/socket"]);
        let named = all(give(&[&photos.join("to folder")]));
        assert_eq!(of_kind(&named, EntryKind::Link), ["to folder"]);
    }

    /// Does something to the folder while the first file is taken.
    struct Meddler<F> {
        met: Vec<Entry>,
        then: Option<F>,
    }

    impl<F: FnOnce(&Entry)> walk::Taker for Meddler<F> {
        fn take(&mut self, entry: Entry) -> bool {
            if let Some(then) = self.then.take() {
                then(&entry);
            }
            self.met.push(entry);
            true
        }

        fn goes_on(&mut self) -> bool {
            true
        }
    }

    fn walked(photos: &Path, then: impl FnOnce(&Entry)) -> Vec<Entry> {
        let incoming = give(&[photos]);
        let walk =
            walk::Walk { roots: roots::of(&incoming.paths, false), filter: filter::Filter::new(&incoming), avoid: Vec::new() };
        let mut meddler = Meddler { met: Vec::new(), then: Some(then) };
        assert!(walk.run(&mut meddler));
        meddler.met
    }

    #[test]
    fn a_folder_that_a_link_takes_the_place_of_is_reported_and_nothing_behind_the_link_is_met() {
        let (place, photos) = photos(&["a/x.jpg", "b/x.jpg"]);
        let outside = place.path().join("outside");
        put(&outside.join("secret"), b"not given");
        put(&outside.join("deep/er/secret"), b"not given");
        let met = walked(&photos, |first| {
            let other = photos.join(if first.path == b"photos/a/x.jpg" { "b" } else { "a" });
            fs::rename(&other, place.path().join("moved")).expect("renamed");
            symlink(&outside, &other).expect("link");
        });
        let paths: Vec<_> = met.iter().map(|entry| (entry.kind, gantry_model::show::path(&entry.path))).collect();
        let [(EntryKind::File, file), (EntryKind::Unreadable, gone)] = paths.as_slice() else { panic!("{paths:?}") };
        let both = [(file.as_str(), gone.as_str())];
        assert!(both == [("photos/a/x.jpg", "photos/b")] || both == [("photos/b/x.jpg", "photos/a")], "{both:?}");
    }

    #[test]
    fn a_file_that_is_gone_before_it_is_looked_at_is_told_apart_from_one_that_may_not_be_read() {
        let (_place, photos) = photos(&["x.jpg", "y.jpg"]);
        let met = walked(&photos, |first| {
            let other = if first.path == b"photos/x.jpg" { "y.jpg" } else { "x.jpg" };
            fs::remove_file(photos.join(other)).expect("removed");
        });
        let [there, gone] = met.as_slice() else { panic!("{met:?}") };
        assert_eq!((there.kind, is_vanished(there), is_vanished(gone)), (EntryKind::File, false, true));
    }

    #[test]
    fn hostile_names_survive_byte_for_byte() {
        let (_place, photos) = photos(&[]);
        let names: [&[u8]; 8] = [
            b"bad\xff\xfe.jpg",
            b"line\nbreak",
            b"\x1b[31mred",
            "photo\u{202e}gpj.exe".as_bytes(),
            "e\u{301}.txt".as_bytes(),
            "é.txt".as_bytes(),
            b" %41 #?&*\\",
            &[b'n'; 255],
        ];
        for name in names {
            put(&photos.join(OsStr::from_bytes(name)), b"words");
        }
        let entries = all(give(&[&photos]));
        assert_eq!(entries.len(), names.len());
        for name in names {
            let path = [b"photos/", name].concat();
            let entry = entries.iter().find(|entry| entry.path == path).expect("there");
            assert_eq!((entry.kind, entry.media.format), (EntryKind::File, Format::Text));
        }
    }

    #[test]
    fn what_may_not_be_read_is_said_in_the_systems_words() {
        let (_place, photos) = photos(&["x.jpg", "closed/y.jpg", "z.jpg"]);
        let mode = |path: &str, mode| fs::set_permissions(photos.join(path), fs::Permissions::from_mode(mode)).expect("set");
        mode("closed", 0);
        mode("x.jpg", 0);
        let may_everything = fs::read_dir(photos.join("closed")).is_ok();
        let entries = all(give(&[&photos]));
        mode("closed", 0o700);
        if may_everything {
            assert_eq!(of_kind(&entries, EntryKind::File).len(), 3, "this user may read everything");
            return;
        }
        assert_eq!(of_kind(&entries, EntryKind::Unreadable), ["photos/closed", "photos/x.jpg"]);
        assert!(entries.iter().all(|entry| entry.trouble.as_deref().is_none_or(|said| said == "Permission denied")));
        assert_eq!(of_kind(&entries, EntryKind::File), ["photos/z.jpg"]);
    }

    #[test]
    fn a_given_path_through_a_link_overlaps_with_the_real_one() {
        let (place, photos) = photos(&["sub/x.jpg"]);
        let link = place.path().join("link");
        symlink(&photos, &link).expect("link");
        let entries = all(give(&[&photos, &link.join("sub")]));
        assert_eq!(of_kind(&entries, EntryKind::File), ["photos/sub/x.jpg"]);
        assert!(entries.iter().any(is_taken_already));
    }
}
