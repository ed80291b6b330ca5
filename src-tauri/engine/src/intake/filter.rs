//! What is taken and what is left out, by name. The same question has the same answer for every root.

use gantry_model::{Code, Incoming, Problem};
use globset::{GlobBuilder, GlobMatcher};
use std::ffi::OsStr;
use std::path::Path;

/// Hidden files, system files, and the person's own patterns.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    include_hidden: bool,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

#[derive(Clone, Debug)]
struct Pattern {
    glob: GlobMatcher,
    /// Written without a slash: the bare name counts, wherever it is.
    bare: bool,
}

/// Whether a pattern makes sense.
pub(super) fn check(pattern: &str) -> Result<(), Problem> {
    compiled(pattern)
        .map(|_| ())
        .map_err(|error| Problem::new(Code::BadField, "pattern").with("pattern", pattern).with("said", error.to_string()))
}

fn compiled(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
    GlobBuilder::new(pattern).literal_separator(true).build().map(|glob| glob.compile_matcher())
}

impl Pattern {
    fn new(pattern: &str) -> Option<Self> {
        let glob = compiled(pattern).or_else(|_| compiled(&globset::escape(pattern))).ok()?;
        Some(Self { glob, bare: !pattern.trim_end_matches('/').contains('/') })
    }

    fn fits(&self, relative: &Path, name: &OsStr) -> bool {
        self.glob.is_match(relative) || self.bare && self.glob.is_match(name)
    }
}

impl Filter {
    pub(super) fn new(incoming: &Incoming) -> Self {
        let patterns = |texts: &[String]| texts.iter().filter_map(|text| Pattern::new(text)).collect();
        Self {
            include_hidden: incoming.include_hidden,
            include: patterns(&incoming.include),
            exclude: patterns(&incoming.exclude),
        }
    }

    /// A name below a given folder that is left out, with everything in it. A given path itself was named by the person.
    pub(super) fn hides(&self, name: &[u8]) -> bool {
        is_own_part(name) || !self.include_hidden && is_hidden(name)
    }

    /// A file or folder that a pattern leaves out, with everything in it.
    pub(super) fn excludes(&self, relative: &Path) -> bool {
        !self.exclude.is_empty() && {
            let name = relative.file_name().unwrap_or_default();
            self.exclude.iter().any(|pattern| pattern.fits(relative, name))
        }
    }

    /// A file that no wanted pattern fits.
    pub(super) fn misses(&self, relative: &Path) -> bool {
        !self.include.is_empty() && {
            let name = relative.file_name().unwrap_or_default();
            !self.include.iter().any(|pattern| pattern.fits(relative, name))
        }
    }
}

/// A temporary file of an upload into a folder: never the person's own.
pub(super) fn is_own_part(name: &[u8]) -> bool {
    name.strip_prefix(b".gantry-").is_some_and(|rest| rest.ends_with(b".part"))
}

fn is_hidden(name: &[u8]) -> bool {
    name.first() == Some(&b'.') || name.eq_ignore_ascii_case(b"Thumbs.db") || name.eq_ignore_ascii_case(b"desktop.ini")
}
