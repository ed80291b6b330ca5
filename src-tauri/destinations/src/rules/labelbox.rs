//! Labelbox: each kind of media has its own page of limits. Its global keys are unique in an organisation, whatever the
//! capitals. For direct upload its pages say 256 MB, and not whether a megabyte has 10^6 or 2^20 bytes.

use gantry_model::finding::About::{
    CaseTwins, Characters, FileBytesBetween, Formats, ImagePixels, KeyBytes, KindBytes, Kinds, NonSquarePixels, PdfPages,
    TextNotUtf8, VariableFrameRate, VideoCodecs, VideoFrames,
};
use gantry_model::finding::Rule;
use gantry_model::finding::Severity::{Blocked, Note, Warning};
use gantry_model::{Format, MediaKind};

const OVERVIEW: &str = "https://docs.labelbox.com/docs/connect-to-cloud-storage";
const IMAGE: &str = "https://docs.labelbox.com/reference/import-image-data";
const GEOSPATIAL: &str = "https://docs.labelbox.com/reference/import-geospatial-data";
const VIDEO: &str = "https://docs.labelbox.com/reference/import-video-data";
/// An earlier address of the page on video, with the earlier figure.
const VIDEO_BEFORE: &str = "https://docs.labelbox.com/docs/videos-json";
const AUDIO: &str = "https://docs.labelbox.com/reference/import-audio-data";
/// An earlier address of the page on audio, with one format more.
const AUDIO_BEFORE: &str = "https://docs.labelbox.com/reference/audio";
const TEXT: &str = "https://docs.labelbox.com/reference/import-text-data";
const HTML: &str = "https://docs.labelbox.com/reference/import-html-data";
const DOCUMENT: &str = "https://docs.labelbox.com/reference/import-document-data";
const ACCESS: &str = "https://docs.labelbox.com/docs/iam-delegated-access";
const KEYS: &str = "https://docs.labelbox.com/reference/data-row-global-keys";
const ROWS: &str = "https://docs.labelbox.com/reference/data-row";
const CHECKED: &str = "2026-11-27";

const MB_256: u64 = 256_000_000;
const MIB_256: u64 = 256 << 20;
const MB_1024: u64 = 1_024_000_000;
const MIB_1024: u64 = 1024 << 20;
/// Pictures, sound and text share their figure for direct upload.
const UPLOADED: &[MediaKind] = &[MediaKind::Image, MediaKind::Audio, MediaKind::Text];
const FILMS: &[MediaKind] = &[MediaKind::Video];

const KINDS: Rule = Rule {
    id: "labelbox-kinds",
    severity: Warning,
    about: Kinds(&[MediaKind::Image, MediaKind::Video, MediaKind::Audio, MediaKind::Text, MediaKind::Document]),
    source: OVERVIEW,
    checked: CHECKED,
};
const PIXELS: Rule = Rule {
    id: "labelbox-image-pixels",
    severity: Warning,
    about: ImagePixels { width: 9000, height: 9000 },
    source: IMAGE,
    checked: CHECKED,
};
const FILM_FORMATS: Rule =
    Rule { id: "labelbox-video-formats", severity: Blocked, about: Formats(&[Format::Mp4]), source: VIDEO, checked: CHECKED };
const FILM_CODECS: Rule = Rule {
    id: "labelbox-video-codecs",
    severity: Blocked,
    about: VideoCodecs(&["h264", "h265"]),
    source: VIDEO,
    checked: CHECKED,
};
const FILM_BYTES: Rule = Rule {
    id: "labelbox-video-bytes",
    severity: Blocked,
    about: KindBytes { only: FILMS, most: MIB_1024 },
    source: VIDEO,
    checked: CHECKED,
};
const FILM_BYTES_UNSURE: Rule = Rule {
    id: "labelbox-video-bytes-unsure",
    severity: Warning,
    about: FileBytesBetween { only: FILMS, above: MB_1024, upto: MIB_1024 },
    source: VIDEO,
    checked: CHECKED,
};
const FILM_BYTES_BEFORE: Rule = Rule {
    id: "labelbox-video-bytes-before",
    severity: Warning,
    about: FileBytesBetween { only: FILMS, above: MB_256, upto: MB_1024 },
    source: VIDEO_BEFORE,
    checked: CHECKED,
};
const FILM_FRAMES: Rule =
    Rule { id: "labelbox-video-frames", severity: Blocked, about: VideoFrames(20_000), source: VIDEO, checked: CHECKED };
// "Flagged or blocked", the page says of these; for the next one it warns on import.
const FILM_SQUARE: Rule =
    Rule { id: "labelbox-video-pixels", severity: Warning, about: NonSquarePixels, source: VIDEO, checked: CHECKED };
const FILM_PACE: Rule =
    Rule { id: "labelbox-video-frame-rate", severity: Warning, about: VariableFrameRate, source: VIDEO, checked: CHECKED };
const SOUND_FORMATS: Rule = Rule {
    id: "labelbox-audio-formats",
    severity: Blocked,
    about: Formats(&[Format::Mp3, Format::Wav, Format::M4a]),
    source: AUDIO,
    checked: CHECKED,
};
const SOUND_M4A: Rule = Rule {
    id: "labelbox-audio-m4a",
    severity: Warning,
    about: Formats(&[Format::Mp3, Format::Wav, Format::Flac, Format::Ogg]),
    source: AUDIO_BEFORE,
    checked: CHECKED,
};
const TEXT_UTF8: Rule = Rule { id: "labelbox-text-utf8", severity: Blocked, about: TextNotUtf8, source: TEXT, checked: CHECKED };
/// HTML has a page of its own, JSON is what conversations are written in.
const TEXT_FORMATS: Rule = Rule {
    id: "labelbox-text-formats",
    severity: Warning,
    about: Formats(&[Format::Text, Format::Html, Format::Json]),
    source: TEXT,
    checked: CHECKED,
};
const PDF_PAGES: Rule =
    Rule { id: "labelbox-pdf-pages", severity: Warning, about: PdfPages(100), source: DOCUMENT, checked: CHECKED };
const PDF_OCR_PAGES: Rule =
    Rule { id: "labelbox-pdf-ocr-pages", severity: Note, about: PdfPages(15), source: DOCUMENT, checked: CHECKED };
const PDF_OCR_BYTES: Rule = Rule {
    id: "labelbox-pdf-ocr-bytes",
    severity: Note,
    about: KindBytes { only: &[MediaKind::Document], most: 20_000_000 },
    source: DOCUMENT,
    checked: CHECKED,
};
/// A global key has 200 characters, the bucket and a slash among them. The rest is cut, and its end says of what.
const KEY_LENGTH: Rule = Rule { id: "labelbox-key-length", severity: Note, about: KeyBytes(198), source: KEYS, checked: CHECKED };
/// What can be typed on a keyboard and is not among the characters of global keys.
const KEY_CHARACTERS: Rule =
    Rule { id: "labelbox-key-characters", severity: Note, about: Characters("\"#%<>[\\]^`{|}~"), source: KEYS, checked: CHECKED };
const KEY_CAPITALS: Rule =
    Rule { id: "labelbox-key-capitals", severity: Blocked, about: CaseTwins, source: KEYS, checked: CHECKED };

/// For files in Labelbox's own storage.
pub(super) static RULES_OWN: &[Rule] = &[
    KINDS,
    Rule {
        id: "labelbox-image-formats-by-upload",
        severity: Blocked,
        about: Formats(&[Format::Jpeg, Format::Png, Format::Bmp]),
        source: IMAGE,
        checked: CHECKED,
    },
    Rule {
        id: "labelbox-file-bytes",
        severity: Blocked,
        about: KindBytes { only: UPLOADED, most: MIB_256 },
        source: IMAGE,
        checked: CHECKED,
    },
    Rule {
        id: "labelbox-file-bytes-unsure",
        severity: Warning,
        about: FileBytesBetween { only: UPLOADED, above: MB_256, upto: MIB_256 },
        source: IMAGE,
        checked: CHECKED,
    },
    // Neither page names direct upload any more; that on documents did.
    Rule {
        id: "labelbox-pdf-by-upload",
        severity: Warning,
        about: Kinds(&[
            MediaKind::Image,
            MediaKind::Audio,
            MediaKind::Video,
            MediaKind::PointCloud,
            MediaKind::Text,
            MediaKind::Other,
        ]),
        source: DOCUMENT,
        checked: CHECKED,
    },
    Rule {
        id: "labelbox-html-by-upload",
        severity: Warning,
        about: Formats(&[Format::Text, Format::Json, Format::Markdown]),
        source: HTML,
        checked: CHECKED,
    },
    PIXELS,
    FILM_FORMATS,
    FILM_CODECS,
    FILM_BYTES,
    FILM_BYTES_UNSURE,
    FILM_BYTES_BEFORE,
    FILM_FRAMES,
    FILM_SQUARE,
    FILM_PACE,
    SOUND_FORMATS,
    SOUND_M4A,
    TEXT_UTF8,
    TEXT_FORMATS,
    PDF_PAGES,
    PDF_OCR_PAGES,
    PDF_OCR_BYTES,
    KEY_LENGTH,
    KEY_CHARACTERS,
    KEY_CAPITALS,
];

/// For files that Labelbox reads where they are.
pub(super) static RULES_BY_ADDRESS: &[Rule] = &[
    KINDS,
    Rule {
        id: "labelbox-image-formats",
        severity: Blocked,
        about: Formats(&[Format::Jpeg, Format::Png, Format::Bmp, Format::Tiff, Format::Dicom]),
        source: IMAGE,
        checked: CHECKED,
    },
    // All other pictures: so it speaks of TIFF alone, and the next one of DICOM.
    Rule {
        id: "labelbox-tiff",
        severity: Warning,
        about: Formats(&[
            Format::Jpeg,
            Format::Png,
            Format::Gif,
            Format::Bmp,
            Format::Webp,
            Format::Heic,
            Format::Avif,
            Format::Dicom,
            Format::Nifti,
            Format::NiftiGz,
            Format::Nrrd,
        ]),
        source: GEOSPATIAL,
        checked: CHECKED,
    },
    Rule {
        id: "labelbox-dicom",
        severity: Warning,
        about: Formats(&[
            Format::Jpeg,
            Format::Png,
            Format::Gif,
            Format::Bmp,
            Format::Webp,
            Format::Tiff,
            Format::Heic,
            Format::Avif,
            Format::Nifti,
            Format::NiftiGz,
            Format::Nrrd,
        ]),
        source: ACCESS,
        checked: CHECKED,
    },
    Rule { id: "labelbox-address-characters", severity: Warning, about: Characters("#<>|"), source: ROWS, checked: CHECKED },
    PIXELS,
    FILM_FORMATS,
    FILM_CODECS,
    FILM_BYTES,
    FILM_BYTES_UNSURE,
    FILM_BYTES_BEFORE,
    FILM_FRAMES,
    FILM_SQUARE,
    FILM_PACE,
    SOUND_FORMATS,
    SOUND_M4A,
    TEXT_UTF8,
    TEXT_FORMATS,
    PDF_PAGES,
    PDF_OCR_PAGES,
    PDF_OCR_BYTES,
    KEY_LENGTH,
    KEY_CHARACTERS,
    KEY_CAPITALS,
];
