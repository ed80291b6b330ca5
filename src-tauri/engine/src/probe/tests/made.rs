//! Small real files, made on the spot.

use crate::decoding::readable;
use gantry_model::Format;
use image::{DynamicImage, Rgb, RgbImage};
use std::io::Cursor;

pub(super) const PICTURES: [Format; 6] = [Format::Jpeg, Format::Png, Format::Gif, Format::Bmp, Format::Webp, Format::Tiff];

pub(super) fn picture(format: Format, width: u32, height: u32) -> Vec<u8> {
    encoded(format, RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, (x * y) as u8])))
}

/// A picture that cannot be made small.
pub(super) fn noise(format: Format, width: u32, height: u32) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    encoded(format, RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()])))
}

fn encoded(format: Format, picture: RgbImage) -> Vec<u8> {
    let to = readable(format).expect("a format that is made here");
    let mut out = Vec::new();
    DynamicImage::from(picture).write_to(&mut Cursor::new(&mut out), to).expect("encoded");
    out
}

/// A TIFF block with nothing but an orientation.
pub(super) fn exif(orientation: u16, little: bool) -> Vec<u8> {
    let n2 = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let n4 = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let mut out = if little { b"II".to_vec() } else { b"MM".to_vec() };
    out.extend(n2(42));
    out.extend(n4(8));
    out.extend(n2(1));
    out.extend(n2(274));
    out.extend(n2(3));
    out.extend(n4(1));
    out.extend(n2(orientation));
    out.extend([0; 6]);
    out
}

pub(super) fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((exif.len() as u16 + 8).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

pub(super) fn png_with_exif(png: &[u8], exif: &[u8]) -> Vec<u8> {
    let mut out = png[..33].to_vec();
    out.extend((exif.len() as u32).to_be_bytes());
    out.extend(b"eXIf");
    out.extend(exif);
    out.extend([0; 4]);
    out.extend(&png[33..]);
    out
}

pub(super) fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = name.to_vec();
    out.extend((content.len() as u32).to_le_bytes());
    out.extend(content);
    out.resize(out.len() + content.len() % 2, 0);
    out
}

pub(super) fn riff(kind: &[u8; 4], chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[kind.to_vec(), chunks.concat()].concat())
}

pub(super) fn webp_extended(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let head = [vec![8, 0, 0, 0], side(width), side(height)].concat();
    riff(b"WEBP", &[chunk(b"VP8X", &head), chunk(b"VP8L", &[0x2f; 21]), chunk(b"EXIF", exif)])
}

pub(super) fn webp_lossy(width: u16, height: u16) -> Vec<u8> {
    let head = [&[0x10, 0, 0, 0x9d, 1, 0x2a][..], &width.to_le_bytes(), &height.to_le_bytes(), &[7; 30]].concat();
    riff(b"WEBP", &[chunk(b"VP8 ", &head)])
}

pub(super) fn avi(width: u32, height: u32) -> Vec<u8> {
    let mut avih = vec![0; 56];
    avih[32..36].copy_from_slice(&width.to_le_bytes());
    avih[36..40].copy_from_slice(&height.to_le_bytes());
    let list = chunk(b"LIST", &[b"hdrl".to_vec(), chunk(b"avih", &avih)].concat());
    riff(b"AVI ", &[list, chunk(b"movi", &[1; 100])])
}

/// A directory of tags: (tag, type, count, value).
fn directory(tags: &[(u16, u16, u32, u32)]) -> Vec<u8> {
    let mut out = (tags.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, count, value) in tags {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out
}

/// As cameras write them: a small picture first, the full one below it.
pub(super) fn raw_camera_file() -> Vec<u8> {
    let first = [(254, 4, 1, 1), (256, 4, 1, 160), (257, 4, 1, 120), (274, 3, 1, 8), (330, 4, 1, 100)];
    let full = [(254, 4, 1, 0), (256, 4, 1, 6000), (257, 4, 1, 4000), (273, 4, 1, 200), (279, 4, 1, 300)];
    let mut out = [b"II*\0\x08\0\0\0".to_vec(), directory(&first)].concat();
    out.resize(100, 0);
    out.extend(directory(&full));
    out.resize(500, 7);
    out
}

pub(super) fn file_box(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], name, content].concat()
}

/// A film with one track; on its side when `turned`.
pub(super) fn bmff(brand: &[u8; 4], width: u32, height: u32, turned: bool) -> Vec<u8> {
    let one = 0x1_0000_i32;
    let matrix = if turned { [0, one, 0, -one, 0, 0, 0, 0, 1 << 30] } else { [one, 0, 0, 0, one, 0, 0, 0, 1 << 30] };
    let mut head = vec![0; 40];
    head.extend(matrix.iter().flat_map(|number| number.to_be_bytes()));
    head.extend((width << 16).to_be_bytes());
    head.extend((height << 16).to_be_bytes());
    let sound = file_box(b"trak", &file_box(b"tkhd", &[0; 84]));
    let moov = [sound, file_box(b"trak", &file_box(b"tkhd", &head))].concat();
    [file_box(b"ftyp", &[&brand[..], &[0; 4]].concat()), file_box(b"mdat", &[9; 500]), file_box(b"moov", &moov)].concat()
}

/// A picture of a phone: a thumbnail's properties first, those of the primary item second.
pub(super) fn still(brand: &[u8; 4], width: u32, height: u32, quarters: u8) -> Vec<u8> {
    let ispe = |width: u32, height: u32| file_box(b"ispe", &[[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat());
    let mut properties = vec![ispe(320, 240), ispe(width, height)];
    let mut of_primary = vec![0x82];
    if quarters > 0 {
        properties.push(file_box(b"irot", &[quarters]));
        of_primary.push(3);
    }
    let mut ipma = vec![0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 1, 1, 0, 7, of_primary.len() as u8];
    ipma.extend(of_primary);
    let iprp = file_box(b"iprp", &[file_box(b"ipco", &properties.concat()), file_box(b"ipma", &ipma)].concat());
    let meta = [vec![0; 4], file_box(b"pitm", &[0, 0, 0, 0, 0, 7]), iprp].concat();
    let ftyp = file_box(b"ftyp", &[&brand[..], &[0; 4], b"mif1"].concat());
    [ftyp, file_box(b"meta", &meta), file_box(b"mdat", &[3; 400])].concat()
}

/// Formats without a picture to measure, each as small as it may be.
pub(super) fn others() -> Vec<(Vec<u8>, Format)> {
    let mut ogg = b"OggS\0\x02".to_vec();
    ogg.resize(26, 0);
    ogg.extend([2, 255, 45]);
    ogg.extend([1; 300]);
    let mut flac = b"fLaC\x80\0\0\x22".to_vec();
    flac.resize(8 + 34 + 100, 0);
    // 128 kbit/s at 44,100 Hz: 417 bytes a frame.
    let frame = [&[0xff, 0xfb, 0x90, 0x64][..], &[0; 413]].concat();
    let tagged = [b"ID3\x04\0\0\0\0\x01\0".to_vec(), vec![0; 128], frame.clone()].concat();
    let ebml = [b"\x1a\x45\xdf\xa3\x84abcd".to_vec(), b"\x18\x53\x80\x67\xaa".to_vec(), vec![0; 42]].concat();
    let zip_end = [b"PK\x05\x06".to_vec(), vec![0; 8], vec![50, 0, 0, 0, 70, 0, 0, 0], vec![0; 2]].concat();
    let zip = [b"PK\x03\x04".to_vec(), vec![0; 116], zip_end].concat();
    vec![
        (riff(b"WAVE", &[chunk(b"fmt ", &[0; 16]), chunk(b"data", &[0; 80])]), Format::Wav),
        (ogg, Format::Ogg),
        (flac, Format::Flac),
        (frame.repeat(3), Format::Mp3),
        (tagged, Format::Mp3),
        (ebml, Format::Webm),
        (zip, Format::Zip),
        (b"%PDF-1.7\nwords\nstartxref\n9\n%%EOF\n".to_vec(), Format::Pdf),
        ([b"\x1f\x8b\x08".to_vec(), vec![0; 30]].concat(), Format::Gzip),
        (pcd(50, 50), Format::Pcd),
        (ply(50, 50), Format::Ply),
        (las(50, 50), Format::Las),
    ]
}

/// A cloud that promises some points and has others.
pub(super) fn pcd(promised: usize, there: usize) -> Vec<u8> {
    let head = format!(
        "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {promised}\nHEIGHT 1\nPOINTS {promised}\nDATA binary\n"
    );
    [head.into_bytes(), vec![0x80; there * 12]].concat()
}

pub(super) fn ply(promised: usize, there: usize) -> Vec<u8> {
    let head = format!(
        "ply\nformat binary_little_endian 1.0\nelement vertex {promised}\nproperty float x\nproperty double y\nend_header\n"
    );
    [head.into_bytes(), vec![0x80; there * 12]].concat()
}

pub(super) fn las(promised: u32, there: usize) -> Vec<u8> {
    let mut out = b"LASF".to_vec();
    out.resize(227, 0);
    (out[24], out[25]) = (1, 2);
    out[96..100].copy_from_slice(&227_u32.to_le_bytes());
    out[105..107].copy_from_slice(&20_u16.to_le_bytes());
    out[107..111].copy_from_slice(&promised.to_le_bytes());
    out.extend(vec![1; there * 20]);
    out
}
