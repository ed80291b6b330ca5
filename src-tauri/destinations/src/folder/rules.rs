//! Published limits of file systems, as rules.

use gantry_model::finding::{About, Rule, Severity};

/// Linux, macOS and Windows agree on 255 for one component; the whole path is bounded by what other programs can open.
pub(crate) static RULES: &[Rule] = &[
    Rule {
        id: "folder-component-bytes",
        severity: Severity::Blocked,
        about: About::ComponentBytes(255),
        source: "https://github.com/torvalds/linux/blob/master/include/uapi/linux/limits.h",
        checked: "2026-11-21",
    },
    Rule {
        id: "folder-path-bytes",
        severity: Severity::Warning,
        about: About::KeyBytes(4095),
        source: "https://github.com/torvalds/linux/blob/master/include/uapi/linux/limits.h",
        checked: "2026-11-21",
    },
    Rule {
        id: "folder-reserved-names",
        severity: Severity::Blocked,
        about: About::ReservedNames(&[".", ".."]),
        source: "https://man7.org/linux/man-pages/man7/path_resolution.7.html",
        checked: "2026-11-21",
    },
    Rule {
        id: "folder-file-and-folder",
        severity: Severity::Blocked,
        about: About::FileAndFolder,
        source: "https://man7.org/linux/man-pages/man7/path_resolution.7.html",
        checked: "2026-11-28",
    },
];
