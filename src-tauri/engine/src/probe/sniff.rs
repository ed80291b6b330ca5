//! The format by the content's first bytes. Marks that others may have by chance are looked at more closely.

use super::window::Window;
use super::{boxes, medical, mp3, pictures, text};
use gantry_model::Format;

/// Marks at the very beginning that are enough.
const MARKS: &[(&[u8], Format)] = &[
    (b"\xff\xd8\xff", Format::Jpeg),
    (b"\x89PNG\r\n\x1a\n", Format::Png),
    (b"GIF87a", Format::Gif),
    (b"GIF89a", Format::Gif),
    (b"II*\0", Format::Tiff),
    (b"MM\0*", Format::Tiff),
    (b"II+\0\x08\0\0\0", Format::Tiff),
    (b"MM\0+\0\x08\0\0", Format::Tiff),
    (b"fLaC", Format::Flac),
    (b"OggS", Format::Ogg),
    (b"ID3", Format::Mp3),
    (b"\x1a\x45\xdf\xa3", Format::Webm),
    (b"LASF", Format::Las),
    (b"ply\n", Format::Ply),
    (b"ply\r", Format::Ply),
    (b"# .PCD v", Format::Pcd),
    (b"%PDF-", Format::Pdf),
    (b"PK\x03\x04", Format::Zip),
    (b"PK\x05\x06", Format::Zip),
    (b"PK\x07\x08", Format::Zip),
    (b"\x1f\x8b\x08", Format::Gzip),
];

pub(super) fn format(window: &mut Window<'_>) -> Format {
    let head = window.head();
    if let Some((_, format)) = MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
        return closer(*format, head);
    }
    if let Some(format) = medical::format(head) {
        return format;
    }
    if let Some(format) = riff(head).or_else(|| boxes::format(head)) {
        return format;
    }
    if pictures::is_bmp(head) {
        return Format::Bmp;
    }
    // Some writers leave out the first line, which is a comment.
    if head.starts_with(b"VERSION ") && head.windows(8).any(|eight| eight == b"\nFIELDS ") {
        return Format::Pcd;
    }
    let format = text::format(head, window.size());
    if format != Format::Unknown {
        return format;
    }
    // The mark of PDF may stand behind other bytes; that of MP3 is eleven bits, so a second frame must follow.
    if head.get(..1024.min(head.len())).is_some_and(|start| start.windows(5).any(|five| five == b"%PDF-")) {
        return Format::Pdf;
    }
    if mp3::is_mp3(window) { Format::Mp3 } else { Format::Unknown }
}

/// Formats within formats: a bit of LAS says that its points are packed, and a volume may be packed as a whole.
fn closer(format: Format, head: &[u8]) -> Format {
    match format {
        Format::Las if head.get(104).is_some_and(|kind| kind & 0xc0 != 0) => Format::Laz,
        Format::Gzip if medical::is_packed_nifti(head) => Format::NiftiGz,
        // The free bytes of DICOM may hold another format's mark.
        _ if head.get(128..132) == Some(b"DICM") && format == Format::Tiff => Format::Dicom,
        format => format,
    }
}

fn riff(head: &[u8]) -> Option<Format> {
    let wide = head.starts_with(b"RF64") || head.starts_with(b"BW64");
    if !head.starts_with(b"RIFF") && !wide {
        return None;
    }
    match head.get(8..12)? {
        b"WEBP" => Some(Format::Webp),
        b"WAVE" => Some(Format::Wav),
        b"AVI " => Some(Format::Avi),
        _ => None,
    }
}
