//! The real console as its own process: what it prints, how it ends, what is on the disk afterwards.
//! `cargo build -p gantryctl` comes first; the program is looked for beside the test's own binary.

mod console_copies;
mod console_decide;
mod console_faults;
mod console_kills;
mod console_look;
mod console_manifests;
mod console_objects;
mod console_platforms;
mod console_registered;
mod console_send;
mod console_stand;
mod console_store;
mod console_submit;
mod console_tables;
mod console_trouble;

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The program, built from this checkout.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.parent().and_then(Path::parent).expect("target/debug");
    let program = folder.join("gantryctl");
    assert!(program.is_file(), "{} is not there: `cargo build -p gantryctl` comes before this test", program.display());
    program
}

/// A console with a data folder of its own, and no keychain.
pub struct Console {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub events: Vec<Value>,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// The last line, which must be a summary whose books balance.
    pub fn summary(&self) -> &Value {
        let last = self.events.last().unwrap_or_else(|| panic!("no line was printed: {self:?}"));
        assert_eq!(last["event"], "summary", "{self:?}");
        let counts = ["verified", "same", "needs_you", "set_aside", "waiting"];
        if last["verified"].is_u64() {
            let sum: u64 = counts.iter().map(|name| last[name].as_u64().expect("a count")).sum();
            assert_eq!(last["files"], sum, "the books do not balance: {last}");
        }
        last
    }

    /// The last line, which must be an error; its code.
    pub fn error(&self) -> &str {
        let last = self.events.last().unwrap_or_else(|| panic!("no line was printed: {self:?}"));
        assert_eq!(last["event"], "error", "{self:?}");
        assert!(last["text"].as_str().is_some_and(|text| text.len() > 5), "{last}");
        last["code"].as_str().expect("a code")
    }

    /// All lines of one kind.
    pub fn all(&self, event: &str) -> Vec<&Value> {
        self.events.iter().filter(|line| line["event"] == event).collect()
    }

    /// Ended with this status.
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }
}

impl Console {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), environment: Vec::new() }
    }

    /// With a folder connection `out` that leads to the folder `out` beside the data folder.
    pub fn with_out() -> Self {
        let console = Self::new();
        let path = console.out();
        fs::create_dir(&path).expect("a folder");
        console.connect("out", &path);
        console
    }

    pub fn connect(&self, name: &str, path: &Path) {
        let set = format!("path={}", path.display());
        self.run(["connections", "add", "folder", "--name", name, "--set", &set]).ended(0);
    }

    /// One more variable for every command.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command that is not started yet.
    pub fn command<S: AsRef<OsStr>>(&self, program: &Path, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(program);
        command.args(args).env("GANTRY_HOME", self.home()).current_dir(self.folder.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").env_remove("HTTP_PROXY").env_remove("http_proxy");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs with `--json`; every line must be one JSON object.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Said {
        let mut command = self.command(&program(), args);
        command.arg("--json");
        said(command, true)
    }

    /// Runs for people.
    pub fn plain<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Said {
        said(self.command(&program(), args), false)
    }

    /// Starts with `--json` and lets it run.
    pub fn start<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Child {
        let mut command = self.command(&program(), args);
        command.arg("--json").spawn().expect("the console starts")
    }

    /// Sends to `out` with yes.
    pub fn send(&self, path: &Path, more: &[&str]) -> Said {
        let mut args = vec![OsStr::new("send"), path.as_os_str(), OsStr::new("--to"), OsStr::new("out"), OsStr::new("--yes")];
        args.extend(more.iter().map(OsStr::new));
        self.run(args)
    }

    /// The receipt of the newest upload.
    pub fn receipt(&self) -> Value {
        let said = self.plain(["receipt", "last"]).ended(0);
        serde_json::from_str(&said.stdout).unwrap_or_else(|why| panic!("{why}: {}", said.stdout))
    }

    /// The uploads that are known.
    pub fn uploads(&self) -> Vec<Value> {
        self.run(["uploads"]).ended(0).events
    }
}

fn said(mut command: Command, json: bool) -> Said {
    let ended = command.output().expect("the console starts");
    read(ended, json)
}

/// Reads what a child said after its end.
pub fn read(ended: std::process::Output, json: bool) -> Said {
    let stdout = String::from_utf8(ended.stdout).expect("standard output is text");
    let stderr = String::from_utf8(ended.stderr).expect("standard error is text");
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why} in {line:?}; {stderr}"));
    let events = if json { stdout.lines().map(parse).collect() } else { Vec::new() };
    Said { status: ended.status.code().unwrap_or(-1), events, stdout, stderr }
}

/// Relative paths and contents of the regular files below a folder, in order. What a killed writer left aside counts too.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    // A file that is just getting its name, or going, is not there.
    let read = |entry: walkdir::DirEntry| match fs::read(entry.path()) {
        Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => None,
        read => Some((entry.path().strip_prefix(folder).expect("below").to_path_buf(), read.expect("a file can be read"))),
    };
    files.filter_map(read).collect()
}

/// The receipt's lines about files.
pub fn receipt_files(receipt: &Value) -> &Vec<Value> {
    receipt["files"].as_array().unwrap_or_else(|| panic!("no files in {receipt}"))
}

/// Sends a signal as a person's terminal does.
pub fn signal(child: &Child, name: &str) {
    let done = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().expect("sh");
    assert!(done.success());
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !so() {
        assert!(begun.elapsed().as_secs() < 60, "never came: {what}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
