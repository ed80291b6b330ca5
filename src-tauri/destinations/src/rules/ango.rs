//! Ango Hub: almost everything is taken, and sound must have one bit rate. Two lists of formats are published, of
//! different years: what is on neither is a warning.

use gantry_model::finding::About::{Characters, Formats, KindBytes, Kinds, VariableBitRate};
use gantry_model::finding::Rule;
use gantry_model::finding::Severity::{Blocked, Note, Warning};
use gantry_model::{Format, MediaKind};

const IMPORT: &str = "https://docs.imerit.net/data/importing-assets";
const ADDRESSES: &str = "https://docs.imerit.net/data/storages/importing-private-cloud-assets-gcp";
const UPLOAD: &str = "https://docs.imerit.net/sdk/sdk-documentation/project-level-sdk-functions/upload_files";
const ASSETS: &str = "https://docs-v3.ango.ai/core-concepts/assets";
/// The vendor's own list of 2023; that of its SDK adds BMP, WebP, AVI, FLAC, HTML and point clouds.
const FORMATS: &str = "https://github.com/angoai/docs/blob/master/data/importing-assets/supported-asset-file-types.md";
const CHECKED: &str = "2026-11-27";

/// No FLAC is constant, and the vendor's list has FLAC.
const BIT_RATE: Rule = Rule {
    id: "ango-audio-bit-rate",
    severity: Blocked,
    about: VariableBitRate(&[Format::Flac]),
    source: IMPORT,
    checked: CHECKED,
};
const PICTURES: Rule = Rule {
    id: "ango-image-formats",
    severity: Warning,
    about: Formats(&[
        Format::Jpeg,
        Format::Png,
        Format::Tiff,
        Format::Bmp,
        Format::Webp,
        Format::Dicom,
        Format::Nrrd,
        Format::Nifti,
        Format::NiftiGz,
    ]),
    source: FORMATS,
    checked: CHECKED,
};
/// Ogg stands among the films. MP4, WebM, QuickTime and AVI are on one list or the other: of films nothing is left out.
const SOUND: Rule = Rule {
    id: "ango-audio-formats",
    severity: Warning,
    about: Formats(&[Format::Mp3, Format::Wav, Format::Flac, Format::Ogg]),
    source: FORMATS,
    checked: CHECKED,
};
const KINDS: Rule = Rule {
    id: "ango-kinds",
    severity: Warning,
    about: Kinds(&[
        MediaKind::Image,
        MediaKind::Audio,
        MediaKind::Video,
        MediaKind::PointCloud,
        MediaKind::Text,
        MediaKind::Document,
    ]),
    source: FORMATS,
    checked: CHECKED,
};
const THUMBNAIL: Rule = Rule {
    id: "ango-thumbnail",
    severity: Note,
    about: KindBytes { only: &[MediaKind::Image], most: 10_000_000 },
    source: ASSETS,
    checked: CHECKED,
};

/// For files in Ango Hub's own storage.
pub(super) static RULES_OWN: &[Rule] = &[
    BIT_RATE,
    // Point clouds belong into projects of the type pct, and those take no local files.
    Rule {
        id: "ango-clouds-by-upload",
        severity: Warning,
        about: Kinds(&[
            MediaKind::Image,
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::Text,
            MediaKind::Document,
            MediaKind::Other,
        ]),
        source: UPLOAD,
        checked: CHECKED,
    },
    KINDS,
    PICTURES,
    SOUND,
    THUMBNAIL,
];

/// For files that Ango Hub reads where they are. There is no bound for their size.
pub(super) static RULES_BY_ADDRESS: &[Rule] = &[
    BIT_RATE,
    KINDS,
    PICTURES,
    SOUND,
    THUMBNAIL,
    Rule { id: "ango-address-spaces", severity: Note, about: Characters(" +"), source: ADDRESSES, checked: CHECKED },
];
