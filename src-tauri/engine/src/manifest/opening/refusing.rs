//! Why a file is not opened as a manifest, in problems that name the file and show the line.

use super::super::pieces::Broken;
use super::sentence;
use gantry_model::{Code, Problem, show};
use std::io;
use std::path::Path;

pub(super) fn shown(path: &Path) -> String {
    show::path(path.as_os_str().as_encoded_bytes())
}

pub(super) fn no_manifest(path: &Path, said: &str) -> Problem {
    Problem::new(Code::NotAManifest, "manifest").with("path", shown(path)).with("said", said)
}

/// As [`no_manifest`], with the line for who can show it.
pub(super) fn no_row(path: &Path, broken: &Broken) -> Problem {
    let problem = no_manifest(path, &sentence(broken)).with("shown", &*broken.excerpt.text);
    problem.with("before", broken.excerpt.before.to_string())
}

pub(super) fn trouble(path: &Path, error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::NotFound => Code::SourceGone,
        io::ErrorKind::IsADirectory => Code::SourceNotAFile,
        _ => Code::SourceUnreadable,
    };
    Problem::new(code, "manifest").with("path", shown(path)).with("said", error.to_string())
}
