//! Published limits and advice of S3, as rules.

use gantry_model::finding::{About, Rule, Severity};

const NAMES: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
const CHECKED: &str = "2026-11-21";

/// Bytes of the largest part: 5 GiB.
pub(super) const PART_MAX: u64 = 5 << 30;
/// Bytes of the smallest part but the last: 5 MiB.
pub(super) const PART_MIN: u64 = 5 << 20;
/// Parts of one object.
pub(super) const PARTS_MAX: u64 = 10_000;

/// Keys, sizes and characters.
pub(crate) static RULES: &[Rule] = &[
    Rule { id: "s3-key-bytes", severity: Severity::Blocked, about: About::KeyBytes(1024), source: NAMES, checked: CHECKED },
    Rule {
        id: "s3-dot-components",
        severity: Severity::Blocked,
        about: About::ReservedNames(&[".", ".."]),
        source: NAMES,
        checked: CHECKED,
    },
    // The page speaks of 50 TB and gives the exact bound: all parts at their largest, 53.7 TB.
    Rule {
        id: "s3-object-size",
        severity: Severity::Blocked,
        about: About::FileBytes(PARTS_MAX * PART_MAX),
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingObjects.html",
        checked: CHECKED,
    },
    Rule {
        id: "s3-part-count",
        severity: Severity::Blocked,
        about: About::PartCount { parts: PARTS_MAX, part_bytes: PART_MAX },
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html",
        checked: CHECKED,
    },
    Rule {
        id: "s3-characters-avoid",
        severity: Severity::Warning,
        about: About::Characters("\\{}^%`[]\"<>~#|"),
        source: NAMES,
        checked: CHECKED,
    },
    Rule {
        id: "s3-characters-special",
        severity: Severity::Note,
        about: About::Characters("&$@=;:+,?"),
        source: NAMES,
        checked: CHECKED,
    },
];
