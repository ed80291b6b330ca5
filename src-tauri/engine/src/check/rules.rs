//! The rules that hold whatever the destination is. Those of a store come from its own room.

use gantry_model::finding::{About, Rule, Severity};
use gantry_model::show;
use gantry_model::view::{FindingGroup, FindingLine};

const CHECKED: &str = "2026-11-21";
const MEDIA_CHECKED: &str = "2026-11-27";
const S3_KEYS: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";

/// The rule that a file breaks of which no copy could be made.
pub const NOT_MADE: &str = "copy-not-made";

/// The general rules: content, names, what was met, and twins.
pub const FILE_RULES: &[Rule] = &[
    Rule {
        id: "file-empty",
        severity: Severity::Warning,
        about: About::EmptyFile,
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingObjects.html",
        checked: CHECKED,
    },
    Rule {
        id: "file-cut-off",
        severity: Severity::Warning,
        about: About::CutOff,
        source: "https://www.w3.org/TR/png-3/#13Decoders.Errors",
        checked: CHECKED,
    },
    Rule {
        id: "file-damaged",
        severity: Severity::Warning,
        about: About::Damaged,
        source: "https://www.w3.org/TR/png-3/#13Decoders.Errors",
        checked: CHECKED,
    },
    Rule {
        id: "file-extension",
        severity: Severity::Warning,
        about: About::WrongExtension,
        source: "https://mimesniff.spec.whatwg.org/",
        checked: CHECKED,
    },
    Rule {
        id: "file-rotated",
        severity: Severity::Note,
        about: About::StoredRotated,
        source: "https://drafts.csswg.org/css-images-3/#the-image-orientation",
        checked: CHECKED,
    },
    Rule {
        id: "photo-gps",
        severity: Severity::Note,
        about: About::HasGps,
        source: "https://www.awaresystems.be/imaging/tiff/tifftags/gpsifd.html",
        checked: MEDIA_CHECKED,
    },
    Rule {
        id: "dicom-patient-name",
        severity: Severity::Blocked,
        about: About::PatientName,
        source: "https://dicom.nema.org/medical/dicom/current/output/chtml/part15/chapter_E.html",
        checked: MEDIA_CHECKED,
    },
    Rule {
        id: "copy-first-picture",
        severity: Severity::Blocked,
        about: About::FirstOfMany,
        source: "https://www.w3.org/Graphics/GIF/spec-gif89a.txt",
        checked: MEDIA_CHECKED,
    },
    Rule {
        id: NOT_MADE,
        severity: Severity::Blocked,
        about: About::NotMade,
        source: "https://www.w3.org/TR/png-3/#13Decoders.Errors",
        checked: MEDIA_CHECKED,
    },
    Rule { id: "name-not-utf8", severity: Severity::Warning, about: About::NotUtf8, source: S3_KEYS, checked: CHECKED },
    Rule { id: "name-control", severity: Severity::Warning, about: About::ControlCharacters, source: S3_KEYS, checked: CHECKED },
    Rule {
        id: "name-bidi",
        severity: Severity::Warning,
        about: About::BidiCharacters,
        source: "https://www.w3.org/International/questions/qa-bidi-unicode-controls",
        checked: CHECKED,
    },
    Rule {
        id: "entry-link",
        severity: Severity::Note,
        about: About::Link,
        source: "https://man7.org/linux/man-pages/man7/symlink.7.html",
        checked: CHECKED,
    },
    Rule {
        id: "entry-special",
        severity: Severity::Note,
        about: About::Special,
        source: "https://man7.org/linux/man-pages/man7/inode.7.html",
        checked: CHECKED,
    },
    Rule {
        id: "entry-unreadable",
        severity: Severity::Blocked,
        about: About::Unreadable,
        source: "https://man7.org/linux/man-pages/man2/open.2.html",
        checked: CHECKED,
    },
    Rule {
        id: "entry-vanished",
        severity: Severity::Blocked,
        about: About::Vanished,
        source: "https://man7.org/linux/man-pages/man2/open.2.html",
        checked: CHECKED,
    },
    Rule {
        id: "entry-own-folder",
        severity: Severity::Note,
        about: About::OwnFolder,
        source: "https://specifications.freedesktop.org/basedir/latest/",
        checked: CHECKED,
    },
    Rule { id: "key-same", severity: Severity::Blocked, about: About::SameKey, source: S3_KEYS, checked: CHECKED },
    Rule {
        id: "key-normalisation-twins",
        severity: Severity::Blocked,
        about: About::NormalisationTwins,
        source: "https://www.unicode.org/reports/tr15/",
        checked: CHECKED,
    },
    Rule {
        id: "key-look-alike",
        severity: Severity::Warning,
        about: About::LookAlikes,
        source: "https://www.unicode.org/reports/tr39/",
        checked: "2026-11-28",
    },
    Rule {
        id: "key-case-twins",
        severity: Severity::Warning,
        about: About::CaseTwins,
        source: "https://learn.microsoft.com/en-us/windows/wsl/case-sensitivity",
        checked: CHECKED,
    },
];

/// Adds what the rule itself says: its figure, its source, the day on which that was read.
pub fn explain(group: &mut FindingGroup, rules: &[&'static Rule]) {
    if let Some(rule) = by_id(&group.rule, rules) {
        group.value = value(rule);
        rule.source.clone_into(&mut group.source);
        rule.checked.clone_into(&mut group.checked);
        group.fix = rule.about.fix();
        group.asks = rule.about.asks_person();
    }
}

/// Adds the rule's source, and the day on which that was read.
pub fn explain_line(line: &mut FindingLine, rules: &[&'static Rule]) {
    if let Some(rule) = by_id(&line.rule, rules) {
        rule.source.clone_into(&mut line.source);
        rule.checked.clone_into(&mut line.checked);
    }
}

/// A rule by its id, of the general ones and of these.
pub fn by_id(id: &str, rules: &[&'static Rule]) -> Option<&'static Rule> {
    FILE_RULES.iter().chain(rules.iter().copied()).find(|rule| rule.id == id)
}

/// The rule's figure for its sentence; empty where it has none. Sizes that are round in powers of 1,024 are given so.
pub fn value(rule: &Rule) -> String {
    match rule.about {
        About::KeyBytes(most) | About::ComponentBytes(most) => show::count(most),
        About::FileBytes(most) => round_bytes(most),
        About::PartCount { parts, .. } => show::count(parts),
        About::Characters(characters) => characters.chars().map(String::from).collect::<Vec<_>>().join(" "),
        _ => super::media::value(rule, round_bytes),
    }
}

fn round_bytes(most: u64) -> String {
    const UNITS: [(u64, &str); 8] = [
        (1 << 40, "TiB"),
        (1_000_000_000_000, "TB"),
        (1 << 30, "GiB"),
        (1_000_000_000, "GB"),
        (1 << 20, "MiB"),
        (1_000_000, "MB"),
        (1 << 10, "KiB"),
        (1000, "kB"),
    ];
    let whole = UNITS.iter().find(|(unit, _)| most >= *unit && most.is_multiple_of(*unit) && most / unit < 10_000);
    whole.map_or_else(|| show::bytes(most), |(unit, name)| format!("{}\u{a0}{name}", show::count(most / unit)))
}
