//! The files of the repository as the walls see them: what git keeps or would keep.

use std::path::PathBuf;
use std::process::Command;

/// One text file.
pub(super) struct Source {
    /// From the top of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

pub(super) fn top() -> PathBuf {
    testkit::here().parent().expect("tests/ is in the repository").to_owned()
}

/// Every file of the repository, from its top, with `/`.
pub(super) fn all_paths() -> Vec<String> {
    let mut git = Command::new("git");
    git.current_dir(top()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]);
    let output = git.output().expect("git is installed");
    assert!(output.status.success(), "the walls look at a git checkout: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).expect("paths of the repository are UTF-8");
    let paths: Vec<String> = listed.split_terminator('\0').map(str::to_owned).filter(|path| top().join(path).is_file()).collect();
    assert!(paths.len() > 20, "git names too few files for this repository");
    paths
}

/// The text files whose path passes.
pub(super) fn sources(pass: impl Fn(&str) -> bool) -> Vec<Source> {
    let read = |path: String| {
        let text = std::fs::read_to_string(top().join(&path)).ok()?;
        Some(Source { path, text })
    };
    all_paths().into_iter().filter(|path| pass(path)).filter_map(read).collect()
}

/// Every Rust file.
pub(super) fn rust_sources() -> Vec<Source> {
    sources(|path| path.ends_with(".rs"))
}

/// Fails with all breaches at once.
pub(super) fn hold(wall: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{wall}:\n  {}", breaches.join("\n  "));
}
