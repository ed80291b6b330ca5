//! What was typed, as the engine takes it: absolute paths that exist, patterns, wishes.

use crate::args::Taking;
use crate::failure::{Failure, USAGE};
use gantry_model::{Code, Incoming, Problem, show};
use std::path::{Component, Path, PathBuf};

/// Looks whether every path is there, before anything is read.
///
/// # Errors
/// A path that is not there, or may not be looked at.
pub fn incoming(taking: &Taking) -> Result<Incoming, Failure> {
    let paths = taking.paths.iter().map(|path| absolute(path)).collect::<Result<_, _>>()?;
    Ok(Incoming {
        paths,
        contents: taking.contents,
        include_hidden: taking.include_hidden,
        include: taking.include.clone(),
        exclude: taking.exclude.clone(),
        tables: Vec::new(),
    })
}

/// Links are left as they are, unless the path ends in `..` or goes through it: then only the system knows where it leads.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let gone = |error: std::io::Error| {
        let shown = show::path(path.as_os_str().as_encoded_bytes());
        let problem = Problem::new(Code::SourceGone, "take").with("path", shown).with("said", error.to_string());
        Failure::with_status(&problem, USAGE)
    };
    std::fs::symlink_metadata(path).map_err(gone)?;
    if path.components().any(|part| part == Component::ParentDir) {
        return std::fs::canonicalize(path).map_err(gone);
    }
    std::path::absolute(path).map_err(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_there_is_bad_input_and_is_named() {
        let failure = absolute(Path::new("/no/such\npath")).expect_err("gone");
        assert_eq!((failure.status, failure.code.as_str()), (2, "source_gone"));
        assert!(failure.lines.iter().any(|line| line.contains("/no/such␊path")), "{failure:?}");
    }

    #[test]
    fn paths_become_absolute_and_have_a_name() {
        let here = std::env::current_dir().expect("here");
        assert_eq!(absolute(Path::new(".")).expect("here"), here);
        let up = absolute(Path::new("..")).expect("up");
        assert!(up.is_absolute() && up.components().all(|part| part != Component::ParentDir));
        assert_eq!(absolute(Path::new("./Cargo.toml")).expect("a file"), here.join("Cargo.toml"));
    }
}
