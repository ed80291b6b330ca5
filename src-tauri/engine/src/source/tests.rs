use super::*;
use std::io::Write;

fn seen(path: &Path) -> Fingerprint {
    fingerprint(&std::fs::symlink_metadata(path).expect("there"))
}

fn read(source: &Source, from: u64, length: u64) -> Result<Body, Problem> {
    let pool = Pool::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    let lease = runtime.block_on(pool.take(length));
    source.read(from, length, lease, Algorithm::Crc64nvme)
}

fn code<T>(result: Result<T, Problem>) -> Option<Code> {
    result.err().map(|problem| problem.code)
}

#[test]
fn a_file_is_read_with_its_digest_and_stays_the_same() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    let bytes: Vec<u8> = (0..700_000_u32).map(|n| n as u8).collect();
    std::fs::write(&path, &bytes).expect("write");
    let source = Source::open(&path, &seen(&path)).expect("open");
    let body = read(&source, 0, 700_000).expect("read");
    assert_eq!(body.bytes.as_ref(), bytes);
    assert_eq!(body.digest, source.digest(Algorithm::Crc64nvme).expect("digest"));
    assert_eq!(read(&source, 699_990, 10).expect("tail").bytes.as_ref(), &bytes[699_990..]);
    source.still().expect("still the same");
}

#[test]
fn grown_cut_replaced_vanished_and_touched_files_are_noticed() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a");
    std::fs::write(&path, b"0123456789").expect("write");
    let before = seen(&path);
    let source = Source::open(&path, &before).expect("open");

    std::fs::OpenOptions::new().append(true).open(&path).expect("open").write_all(b"x").expect("grow");
    assert_eq!(code(read(&source, 0, 10)), Some(Code::SourceChanged));
    assert_eq!(code(source.digest(Algorithm::Md5)), Some(Code::SourceChanged));
    std::fs::write(&path, b"01234").expect("cut");
    assert_eq!(code(read(&source, 0, 10)), Some(Code::SourceChanged));
    assert_eq!(code(source.still()), Some(Code::SourceChanged));

    std::fs::write(&path, b"0123456789").expect("same bytes again");
    assert_eq!(code(Source::open(&path, &before)), Some(Code::SourceChanged), "the change time tells");
    let source = Source::open(&path, &seen(&path)).expect("open");
    let other = folder.path().join("b");
    std::fs::write(&other, b"9876543210").expect("write");
    std::fs::rename(&other, &path).expect("replace");
    assert_eq!(code(source.still()), Some(Code::SourceChanged));
    std::fs::remove_file(&path).expect("remove");
    assert_eq!(code(source.still()), Some(Code::SourceGone));
    assert_eq!(code(Source::open(&path, &before)), Some(Code::SourceGone));
}

#[cfg(unix)]
#[test]
fn links_folders_and_pipes_are_not_files() {
    let folder = tempfile::tempdir().expect("folder");
    let (file, link, pipe) = (folder.path().join("a"), folder.path().join("l"), folder.path().join("p"));
    std::fs::write(&file, b"secret").expect("write");
    std::os::unix::fs::symlink(&file, &link).expect("link");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    for path in [&link, &pipe, &folder.path().to_path_buf()] {
        assert_eq!(code(Source::open(path, &seen(&file))), Some(Code::SourceNotAFile), "{}", path.display());
    }
}
