//! What stands around a run: a server in a process of its own, the files, the data folder.

use crate::Failure;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use testkit::digests::noise;
use testkit::servers::{self, BUCKET, Server};
use testkit::trees::{self, Tree};

/// Which server a case runs against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// The one that throws bodies away, with this delay in milliseconds.
    Void(u64),
    /// s3s-fs, which keeps files.
    Real,
}

/// A running server.
pub enum Far {
    /// Its process and address.
    Void(Child, String),
    /// s3s-fs.
    Real(Server),
}

impl Far {
    /// Starts a fresh one.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(place: Where) -> Result<Self, Failure> {
        let Where::Void(delay) = place else { return Ok(Self::Real(servers::s3s_fs_in(shelf()?))) };
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["void", "--delay-ms", &delay.to_string()]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        Ok(Self::Void(child, line.trim().to_owned()))
    }

    /// Its address.
    pub fn endpoint(&self) -> String {
        match self {
            Self::Void(_, endpoint) => endpoint.clone(),
            Self::Real(server) => server.endpoint(),
        }
    }

    /// The requests since the last time this was asked, where the server counts them; the counts start anew.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn take_requests(&self) -> Result<Option<u64>, Failure> {
        let Self::Void(_, endpoint) = self else { return Ok(None) };
        let address = endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "DELETE /__counts HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut said = String::new();
        stream.read_to_string(&mut said)?;
        let body = said.split("\r\n\r\n").nth(1).unwrap_or("");
        let counts: serde_json::Value = serde_json::from_str(body)?;
        Ok(counts["total"].as_u64())
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        if let Self::Void(child, _) = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Where a real server keeps its objects: in memory where the system has a file system there. On a disk, a file system that
/// has just let ten thousand files go takes ten times as long to make new ones, and all clients seem equally slow.
fn shelf() -> Result<tempfile::TempDir, Failure> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::TempDir::new_in(memory)? } else { tempfile::TempDir::new()? })
}

/// The bucket that all clients write to.
pub const PLACE: &str = BUCKET;

/// One file of this size with bytes that do not compress, in a folder of its own.
///
/// # Errors
/// When the disk is full.
pub fn large(size: u64) -> Result<(Tree, PathBuf), Failure> {
    let tree = Tree::empty();
    let path = tree.path().join("large.bin");
    let mut file = File::create(&path)?;
    let block = noise(7, 8 << 20);
    let mut left = size;
    while left > 0 {
        let now = left.min(block.len() as u64);
        file.write_all(&block[..usize::try_from(now)?])?;
        left -= now;
    }
    Ok((tree, path))
}

/// Many files of one size.
pub fn many(count: usize, size: usize) -> Tree {
    trees::many(count, size)
}

/// Reads a folder once, so that the first client finds the cache as warm as the last one.
///
/// # Errors
/// When a file cannot be read.
pub fn warm(folder: &Path) -> Result<(), Failure> {
    let mut buffer = vec![0; 1 << 20];
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let mut file = File::open(entry.path())?;
            while file.read(&mut buffer)? > 0 {}
        }
    }
    Ok(())
}
