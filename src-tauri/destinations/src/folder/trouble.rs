//! What goes wrong on a disk, and what that means for the person.

use crate::classify;
use gantry_model::{Code, Problem};
use std::io::{self, ErrorKind};

/// Trouble with the folder, a folder on the way, or the file.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The folder of the connection itself.
    Root(io::Error),
    /// A folder between it and the file.
    Way(io::Error),
    /// The file.
    Io(io::Error),
    /// A name that can't be stored.
    Name(String),
    /// Other content is there.
    Clash,
    /// The temporary file is gone.
    Gone,
    /// The disk gives back something else than was written.
    Differs,
    /// The sizes do not fit: a defect of the caller.
    Sizes,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Trouble {
    pub(super) fn problem(self, doing: &'static str) -> Problem {
        match self {
            Self::Root(error) => with_words(root_code(&error), doing, &error),
            Self::Way(error) => with_words(way_code(&error), doing, &error),
            Self::Io(error) => with_words(code(&error), doing, &error),
            Self::Name(name) => Problem::new(Code::NameRefused, doing).with("said", classify::said(&name)),
            Self::Clash => Problem::new(Code::Clash, doing),
            Self::Gone => Problem::new(Code::TicketGone, doing),
            Self::Differs => Problem::new(Code::ChecksumDiffers, doing),
            Self::Sizes => Problem::new(Code::Bug, doing).with("said", "the sizes do not fit"),
        }
    }
}

fn with_words(code: Code, doing: &'static str, error: &io::Error) -> Problem {
    Problem::new(code, doing).with("said", classify::said(&error.to_string()))
}

fn root_code(error: &io::Error) -> Code {
    match code(error) {
        Code::DiskFull => Code::DiskFull,
        Code::SlowDown => Code::SlowDown,
        _ => Code::DestinationGone,
    }
}

/// A file or a link where a folder should be: no other file of that folder can be stored either, but the rest can.
fn way_code(error: &io::Error) -> Code {
    match error.kind() {
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Code::NameRefused,
        _ => code(error),
    }
}

fn code(error: &io::Error) -> Code {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::StaleNetworkFileHandle | ErrorKind::NotFound => Code::DestinationGone,
        ErrorKind::PermissionDenied => Code::AccessDenied,
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => Code::NameRefused,
        ErrorKind::AlreadyExists => Code::Clash,
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Code::TimedOut
        }
        ErrorKind::FileTooLarge => Code::Refused,
        _ => system_code(error),
    }
}

/// Numbers of the system that have no stable name in Rust.
#[cfg(unix)]
fn system_code(error: &io::Error) -> Code {
    use rustix::io::Errno;
    let Some(number) = Errno::from_io_error(error) else { return Code::Refused };
    match number {
        Errno::IO | Errno::NXIO | Errno::NODEV | Errno::NOTCONN => Code::DestinationGone,
        Errno::MFILE | Errno::NFILE | Errno::NOMEM | Errno::AGAIN | Errno::BUSY => Code::SlowDown,
        Errno::ILSEQ | Errno::LOOP => Code::NameRefused,
        _ => Code::Refused,
    }
}

#[cfg(not(unix))]
fn system_code(_: &io::Error) -> Code {
    Code::Refused
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use rustix::io::Errno;

    #[test]
    fn each_number_of_the_system_has_its_words() {
        for (number, want) in [
            (Errno::NOSPC, Code::DiskFull),
            (Errno::DQUOT, Code::DiskFull),
            (Errno::ROFS, Code::DestinationGone),
            (Errno::IO, Code::DestinationGone),
            (Errno::ACCESS, Code::AccessDenied),
            (Errno::NAMETOOLONG, Code::NameRefused),
            (Errno::ILSEQ, Code::NameRefused),
            (Errno::EXIST, Code::Clash),
            (Errno::FBIG, Code::Refused),
            (Errno::MFILE, Code::SlowDown),
        ] {
            assert_eq!(Trouble::Io(number.into()).problem("put").code, want, "{number:?}");
        }
        assert_eq!(Trouble::Root(Errno::ACCESS.into()).problem("put").code, Code::DestinationGone);
        assert_eq!(Trouble::Way(Errno::NOTDIR.into()).problem("put").code, Code::NameRefused);
    }
}
