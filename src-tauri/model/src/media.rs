//! What a file really is, measured from its content.

use crate::measured::Measured;
use serde::{Deserialize, Serialize};

/// Broad kinds, the ones that rules speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Pictures.
    Image,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Points in space.
    PointCloud,
    /// Readable text, JSON and CSV included.
    Text,
    /// Documents such as PDF.
    Document,
    /// Anything else, or not looked at yet.
    #[default]
    Other,
}

/// Formats that are told apart by content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Format {
    Jpeg,
    Png,
    Gif,
    Bmp,
    Webp,
    Tiff,
    Heic,
    Avif,
    Mp3,
    Wav,
    Flac,
    Ogg,
    M4a,
    Mp4,
    Mov,
    Webm,
    Avi,
    Pcd,
    Ply,
    Las,
    Laz,
    Splat,
    Dicom,
    Nifti,
    NiftiGz,
    Nrrd,
    Pdf,
    Zip,
    Gzip,
    Json,
    Html,
    Markdown,
    Text,
    #[default]
    Unknown,
}

impl Format {
    /// The content type that is set on the object.
    pub fn content_type(self) -> &'static str {
        self.row().1
    }

    /// The name that people know.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Which kind of media it is.
    pub fn kind(self) -> MediaKind {
        self.row().2
    }

    /// File extensions (lower case) that fit this format; the first is the usual one, and its word in the journal.
    pub fn extensions(self) -> &'static [&'static str] {
        self.row().3
    }

    /// Every format that is told apart, without `Unknown`.
    pub const ALL: [Self; 33] = {
        use Format::*;
        [
            Jpeg, Png, Gif, Bmp, Webp, Tiff, Heic, Avif, Mp3, Wav, Flac, Ogg, M4a, Mp4, Mov, Webm, Avi, Pcd, Ply, Las, Laz,
            Splat, Dicom, Nifti, NiftiGz, Nrrd, Pdf, Zip, Gzip, Json, Html, Markdown, Text,
        ]
    };

    /// The format that an extension (lower case, no dot) promises.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extensions().contains(&extension))
    }

    /// The format's word in the journal.
    pub fn word(self) -> &'static str {
        if self == Self::Unknown { "unknown" } else { self.extensions()[0] }
    }

    /// Reads what [`Format::word`] wrote; anything else is `Unknown`.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|format| format.word() == word).unwrap_or_default()
    }

    fn row(self) -> (&'static str, &'static str, MediaKind, &'static [&'static str]) {
        use MediaKind::*;
        match self {
            Self::Jpeg => ("JPEG", "image/jpeg", Image, &["jpg", "jpeg", "jpe", "jfif"]),
            Self::Png => ("PNG", "image/png", Image, &["png"]),
            Self::Gif => ("GIF", "image/gif", Image, &["gif"]),
            Self::Bmp => ("BMP", "image/bmp", Image, &["bmp", "dib"]),
            Self::Webp => ("WebP", "image/webp", Image, &["webp"]),
            Self::Tiff => ("TIFF", "image/tiff", Image, &["tiff", "tif", "dng", "nef", "arw", "cr2"]),
            Self::Heic => ("HEIC", "image/heic", Image, &["heic", "heif"]),
            Self::Avif => ("AVIF", "image/avif", Image, &["avif"]),
            Self::Mp3 => ("MP3", "audio/mpeg", Audio, &["mp3"]),
            Self::Wav => ("WAV", "audio/wav", Audio, &["wav"]),
            Self::Flac => ("FLAC", "audio/flac", Audio, &["flac"]),
            Self::Ogg => ("Ogg", "audio/ogg", Audio, &["ogg", "oga", "opus", "ogv"]),
            Self::M4a => ("M4A", "audio/mp4", Audio, &["m4a"]),
            Self::Mp4 => ("MP4", "video/mp4", Video, &["mp4", "m4v"]),
            Self::Mov => ("QuickTime", "video/quicktime", Video, &["mov", "qt"]),
            Self::Webm => ("WebM or Matroska", "video/webm", Video, &["webm", "mkv"]),
            Self::Avi => ("AVI", "video/x-msvideo", Video, &["avi"]),
            Self::Pcd => ("PCD", "application/octet-stream", PointCloud, &["pcd"]),
            Self::Ply => ("PLY", "application/octet-stream", PointCloud, &["ply"]),
            Self::Las => ("LAS", "application/octet-stream", PointCloud, &["las"]),
            Self::Laz => ("LAZ", "application/octet-stream", PointCloud, &["laz"]),
            Self::Splat => ("splat", "application/octet-stream", PointCloud, &["splat"]),
            Self::Dicom => ("DICOM", "application/dicom", Image, &["dcm", "dicom"]),
            Self::Nifti => ("NIfTI", "application/octet-stream", Image, &["nii"]),
            Self::NiftiGz => ("compressed NIfTI", "application/gzip", Image, &["nii.gz"]),
            Self::Nrrd => ("NRRD", "application/octet-stream", Image, &["nrrd", "nhdr"]),
            Self::Pdf => ("PDF", "application/pdf", Document, &["pdf"]),
            Self::Zip => ("ZIP", "application/zip", Other, &["zip", "docx", "xlsx", "pptx", "odt", "npz", "jar", "kmz", "epub"]),
            Self::Gzip => ("gzip", "application/gzip", Other, &["gz", "tgz"]),
            Self::Json => ("JSON", "application/json", Text, &["json", "geojson", "ndjson", "jsonl", "ipynb"]),
            Self::Html => ("HTML", "text/html; charset=utf-8", Text, &["html", "htm"]),
            Self::Markdown => ("Markdown", "text/markdown; charset=utf-8", Text, &["md", "markdown"]),
            Self::Text => ("text", "text/plain; charset=utf-8", Text, &["txt", "csv", "tsv", "xml", "yaml", "yml", "log", "svg"]),
            Self::Unknown => ("unknown", "application/octet-stream", Other, &[]),
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// The format that the content says.
    pub format: Format,
    /// Width in pixels as displayed, after the EXIF orientation; 0 where it is not known.
    pub width: u32,
    /// Height in pixels as displayed, after the EXIF orientation; 0 where it is not known.
    pub height: u32,
    /// EXIF orientation 1 to 8; 0 where there is none.
    pub orientation: u8,
    /// The content ends before the format says it does.
    pub cut_off: bool,
    /// The content contradicts its own format.
    pub damaged: bool,
    /// The file was looked at. A file that was not is not said to be fine.
    pub looked: bool,
    /// What its kind has beside that. Most pictures have nothing, and cost nothing.
    pub measured: Option<Box<Measured>>,
}
