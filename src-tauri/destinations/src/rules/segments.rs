//! Segments.ai: pictures and point clouds. Its own storage takes 100 MB a file and gives it a public address.

use gantry_model::finding::About::{
    CoordinatesTooLarge, FileBytes, FileBytesBetween, Formats, HasGps, Kinds, LasCompressed, LasVersion, PcdData, PcdFieldTypes,
    PcdVersion,
};
use gantry_model::finding::Rule;
use gantry_model::finding::Severity::{Blocked, Note, Warning};
use gantry_model::{Format, MediaKind};

const FORMATS: &str = "https://docs.segments.ai/reference/sample-types/supported-file-formats";
const IMPORT: &str = "https://docs.segments.ai/how-to-integrate/import-data";
const CHECKED: &str = "2026-11-27";

/// The page says 100MB, and not whether a megabyte has 10^6 or 2^20 bytes.
const MB_100: u64 = 100_000_000;
const MIB_100: u64 = 100 << 20;

/// The clouds of KITTI and nuScenes have no header: what is not known may be one.
const KINDS: Rule = Rule {
    id: "segments-kinds",
    severity: Blocked,
    about: Kinds(&[MediaKind::Image, MediaKind::PointCloud, MediaKind::Other]),
    source: FORMATS,
    checked: CHECKED,
};
const ARCHIVES: Rule =
    Rule { id: "segments-archives", severity: Blocked, about: Formats(&[Format::Unknown]), source: FORMATS, checked: CHECKED };
const UNKNOWN: Rule = Rule {
    id: "segments-unknown",
    severity: Warning,
    about: Formats(&[Format::Zip, Format::Gzip]),
    source: FORMATS,
    checked: CHECKED,
};
const PICTURES: Rule = Rule {
    id: "segments-image-formats",
    severity: Blocked,
    about: Formats(&[Format::Jpeg, Format::Png, Format::Bmp]),
    source: FORMATS,
    checked: CHECKED,
};
// PCD, PLY, LAS and splat are all taken: of the clouds that are told apart only the compressed one is not.
const LAZ: Rule =
    Rule { id: "segments-las-compressed", severity: Blocked, about: LasCompressed, source: FORMATS, checked: CHECKED };
const LAS: Rule =
    Rule { id: "segments-las-version", severity: Blocked, about: LasVersion(&["1.4"]), source: FORMATS, checked: CHECKED };
/// The task of a dataset is not known of a file; that there is a difference is.
const LAS_TASKS: Rule = Rule {
    id: "segments-las-tasks",
    severity: Note,
    about: Formats(&[Format::Pcd, Format::Ply, Format::Laz, Format::Splat]),
    source: FORMATS,
    checked: CHECKED,
};
const PCD: Rule =
    Rule { id: "segments-pcd-version", severity: Blocked, about: PcdVersion(&["0.7"]), source: FORMATS, checked: CHECKED };
const PCD_DATA: Rule =
    Rule { id: "segments-pcd-data", severity: Blocked, about: PcdData(&["ascii", "binary"]), source: FORMATS, checked: CHECKED };
const PCD_FLOATS: Rule =
    Rule { id: "segments-pcd-floats", severity: Blocked, about: PcdFieldTypes, source: FORMATS, checked: CHECKED };
const FAR: Rule = Rule {
    id: "segments-coordinates",
    severity: Warning,
    about: CoordinatesTooLarge { only: &[], most: 165_958 },
    source: FORMATS,
    checked: CHECKED,
};

/// For files in Segments.ai's own storage.
pub(super) static RULES_OWN: &[Rule] = &[
    Rule { id: "segments-file-bytes", severity: Blocked, about: FileBytes(MIB_100), source: IMPORT, checked: CHECKED },
    Rule {
        id: "segments-file-bytes-unsure",
        severity: Warning,
        about: FileBytesBetween { only: &[], above: MB_100, upto: MIB_100 },
        source: IMPORT,
        checked: CHECKED,
    },
    Rule { id: "segments-public-address", severity: Note, about: HasGps, source: IMPORT, checked: CHECKED },
    KINDS,
    ARCHIVES,
    UNKNOWN,
    PICTURES,
    LAZ,
    LAS,
    LAS_TASKS,
    PCD,
    PCD_DATA,
    PCD_FLOATS,
    FAR,
];

/// For files that Segments.ai reads where they are. It publishes no size for them.
pub(super) static RULES_BY_ADDRESS: &[Rule] =
    &[KINDS, ARCHIVES, UNKNOWN, PICTURES, LAZ, LAS, LAS_TASKS, PCD, PCD_DATA, PCD_FLOATS, FAR];
