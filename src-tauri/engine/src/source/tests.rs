use super::*;
use std::fs;
use std::io::Write;
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a file.bin");
    fs::write(&path, (0..700_000_u32).map(|n| (n % 251) as u8).collect::<Vec<_>>()).expect("written");
    (folder, path)
}

fn seen(path: &Path) -> Fingerprint {
    file::fingerprint(&fs::symlink_metadata(path).expect("there"))
}

fn code<T>(result: Result<T, Problem>) -> Code {
    result.err().expect("a problem").code
}

#[tokio::test]
async fn any_range_comes_with_its_digest() {
    let (_folder, path) = place();
    let all = fs::read(&path).expect("read");
    let source = Source::open(&path, &seen(&path)).expect("opens");
    let pool = Pool::new();
    for (from, length) in [(0, 700_000), (0, 0), (700_000, 0), (1, 262_144), (262_143, 400_000), (699_999, 1)] {
        for algorithm in [Algorithm::Crc64nvme, Algorithm::Crc32c, Algorithm::Md5] {
            let body = source.read(from, length, pool.take(length).await, algorithm).expect("read");
            let expected = &all[from as usize..(from + length) as usize];
            assert_eq!(body.bytes, expected);
            assert_eq!(body.digest, crate::digest::of(algorithm, expected));
        }
    }
    assert_eq!(source.digest(Algorithm::Md5), Ok(crate::digest::of(Algorithm::Md5, &all)));
    source.still().expect("nothing happened");
    assert_eq!(code(source.read(1, 700_000, pool.take(700_000).await, Algorithm::Md5)), Code::Bug);
}

#[test]
fn an_empty_file_has_a_digest_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("empty");
    fs::write(&path, b"").expect("written");
    let source = Source::open(&path, &seen(&path)).expect("opens");
    assert_eq!(source.digest(Algorithm::Crc32c), Ok(Digest::Crc32c(0)));
}

#[tokio::test]
async fn a_file_that_grows_is_noticed_while_reading() {
    let (_folder, path) = place();
    let source = Source::open(&path, &seen(&path)).expect("opens");
    fs::OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(b"more")).expect("grows");
    let pool = Pool::new();
    assert_eq!(code(source.read(0, 700_000, pool.take(700_000).await, Algorithm::Crc32c)), Code::SourceChanged);
    assert_eq!(code(source.digest(Algorithm::Crc32c)), Code::SourceChanged);
    assert_eq!(code(source.still()), Code::SourceChanged);
}

#[tokio::test]
async fn a_file_that_shrinks_is_noticed_while_reading() {
    let (_folder, path) = place();
    let source = Source::open(&path, &seen(&path)).expect("opens");
    fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(600_000)).expect("shrinks");
    let pool = Pool::new();
    let problem = source.read(0, 700_000, pool.take(700_000).await, Algorithm::Crc32c).expect_err("too short");
    assert_eq!(problem.code, Code::SourceChanged);
    assert_eq!((problem.fact("size"), problem.fact("now")), (Some("700000"), Some("600000")));
}

#[test]
fn a_change_of_content_that_keeps_size_and_time_is_noticed() {
    let (_folder, path) = place();
    let before = seen(&path);
    let source = Source::open(&path, &before).expect("opens");
    std::thread::sleep(std::time::Duration::from_millis(30));
    let file = fs::OpenOptions::new().write(true).open(&path).expect("opens");
    (&file).write_all(b"other").expect("written");
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_nanos(before.mtime_ns as u64);
    file.set_modified(time).expect("time set back");
    assert_eq!(seen(&path).mtime_ns, before.mtime_ns);
    assert_eq!(code(source.still()), Code::SourceChanged);
    assert_eq!(code(Source::open(&path, &before)), Code::SourceChanged);
    assert!(Source::open(&path, &across_runs(&before)).is_ok(), "size and time are all that holds across runs");
}

#[test]
fn a_file_that_was_replaced_or_removed_is_noticed() {
    let (folder, path) = place();
    let before = seen(&path);
    let source = Source::open(&path, &before).expect("opens");
    let other = folder.path().join("other");
    fs::copy(&path, &other).expect("copied");
    fs::rename(&other, &path).expect("replaced");
    assert_eq!(code(source.still()), Code::SourceChanged);
    fs::remove_file(&path).expect("removed");
    assert_eq!(code(source.still()), Code::SourceGone);
    assert_eq!(code(Source::open(&path, &before)), Code::SourceGone);
    assert_eq!(code(Source::open(&path.join("below"), &before)), Code::SourceGone);
}

#[cfg(unix)]
#[test]
fn a_drive_that_was_mounted_anew_holds_the_same_file() {
    let (_folder, path) = place();
    let before = seen(&path);
    assert!(Source::open(&path, &Fingerprint { dev: before.dev + 1, ..before }).is_ok());
    assert_eq!(code(Source::open(&path, &Fingerprint { ino: before.ino + 1, ..before })), Code::SourceChanged);
    assert_eq!(code(Source::open(&path, &Fingerprint { dev: before.dev + 1, ctime_ns: 0, ..before })), Code::SourceChanged);
}

#[cfg(unix)]
#[test]
fn links_pipes_sockets_and_folders_are_not_files() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let (folder, path) = place();
    let before = seen(&path);
    let link = folder.path().join("link");
    symlink(&path, &link).expect("link");
    assert_eq!(code(Source::open(&link, &before)), Code::SourceNotAFile);
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    assert_eq!(code(Source::open(&pipe, &before)), Code::SourceNotAFile);
    let socket = folder.path().join("socket");
    let _listener = UnixListener::bind(&socket).expect("socket");
    assert_eq!(code(Source::open(&socket, &before)), Code::SourceNotAFile);
    assert_eq!(code(Source::open(folder.path(), &before)), Code::SourceIsFolder);
    let source = Source::open(&path, &before).expect("opens");
    fs::remove_file(&path).and_then(|()| symlink(&link, &path)).expect("a link instead");
    assert_eq!(code(source.still()), Code::SourceNotAFile);
}
