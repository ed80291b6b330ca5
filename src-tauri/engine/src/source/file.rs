//! Opening what should be a regular file: no link followed, no waiting, never a device by surprise.

use gantry_model::Fingerprint;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// What stood at a path when it was opened.
#[derive(Debug)]
pub(crate) enum Opened {
    /// A regular file, with its fingerprint as the open handle tells it.
    Plain(File, Fingerprint),
    /// Something else: a link, a folder, a pipe, a socket, a device.
    NotAFile,
}

/// Opens for reading. A link at the end of the path is not followed, and a pipe without a writer does not block.
pub(crate) fn open(path: &Path) -> io::Result<Opened> {
    let file = match options().open(path) {
        Ok(file) => file,
        Err(error) if is_not_a_file(&error) => return Ok(Opened::NotAFile),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    Ok(if metadata.file_type().is_file() { Opened::Plain(file, fingerprint(&metadata)) } else { Opened::NotAFile })
}

/// The system's own words, without the number that Rust puts behind them.
pub(crate) fn words(error: &io::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" (os error").map_or(said.as_str(), |(words, _)| words).to_owned()
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits() as i32);
    options
}

/// A link at the end of the path, or a socket.
#[cfg(unix)]
fn is_not_a_file(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let code = error.raw_os_error();
    [Errno::LOOP, Errno::NXIO, Errno::OPNOTSUPP].iter().any(|errno| code == Some(errno.raw_os_error()))
}

#[cfg(windows)]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    options
}

#[cfg(windows)]
fn is_not_a_file(_error: &io::Error) -> bool {
    false
}

/// Size, times and identity, as the system tells them.
#[cfg(unix)]
pub fn fingerprint(metadata: &Metadata) -> Fingerprint {
    use std::os::unix::fs::MetadataExt;
    let nanos = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Fingerprint {
        size: metadata.size(),
        mtime_ns: nanos(metadata.mtime(), metadata.mtime_nsec()),
        ctime_ns: nanos(metadata.ctime(), metadata.ctime_nsec()),
        dev: metadata.dev(),
        ino: metadata.ino(),
    }
}

/// Size and time: the rest cannot be asked for without an open handle.
#[cfg(windows)]
pub fn fingerprint(metadata: &Metadata) -> Fingerprint {
    use std::os::windows::fs::MetadataExt;
    // 100-nanosecond steps between 1601 and 1970.
    const TO_1970: i64 = 116_444_736_000_000_000;
    let ticks = i64::try_from(metadata.last_write_time()).unwrap_or(i64::MAX);
    let mtime_ns = ticks.saturating_sub(TO_1970).saturating_mul(100);
    Fingerprint { size: metadata.file_size(), mtime_ns, ..Fingerprint::default() }
}

/// Reads at a position, without moving anything.
pub(crate) fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, into, at);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, into, at);
        match read {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
