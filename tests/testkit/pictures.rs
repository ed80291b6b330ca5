//! Pictures as cameras and scanners leave them: stored turned, saying where they were taken, in formats that not all take.

use crate::trees::Tree;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use std::path::PathBuf;

/// A picture whose quarters differ, with a colour of its own.
pub fn quarters(width: u32, height: u32, seed: u8) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, seed, 0]),
        (false, true) => Rgb([0, 220, seed]),
        (true, false) => Rgb([seed, 0, 220]),
        (false, false) => Rgb([230, 230, 230]),
    })
    .into()
}

/// The picture as a file of this format.
pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture can be encoded");
    bytes.into_inner()
}

/// Adds a picture of this format.
pub fn picture(tree: &Tree, relative: &str, format: ImageFormat, width: u32, height: u32, seed: u8) -> PathBuf {
    tree.file(relative, &encoded(&quarters(width, height, seed), format))
}

/// Adds a photo that is stored a quarter turned (EXIF 6) where `turned`, and says where it was taken where `placed`.
pub fn photo(tree: &Tree, relative: &str, turned: bool, placed: bool, seed: u8) -> PathBuf {
    let jpeg = encoded(&quarters(60, 40, seed), ImageFormat::Jpeg);
    let exif = exif(if turned { 6 } else { 1 }, placed);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((exif.len() as u16 + 8).to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    tree.file(relative, &bytes)
}

/// An EXIF block with an orientation, a camera, and perhaps a position.
fn exif(orientation: u16, placed: bool) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((2 + u16::from(placed)).to_le_bytes());
    let mut add = |tag: u16, kind: u16, count: u32, value: u32| {
        out.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        out.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    };
    add(271, 2, 4, u32::from_le_bytes(*b"cam\0"));
    add(274, 3, 1, orientation.into());
    let behind = 8 + 2 + (2 + u32::from(placed)) * 12 + 4;
    if placed {
        add(34_853, 4, 1, behind);
    }
    out.extend([0; 4]);
    if placed {
        out.extend(2_u16.to_le_bytes());
        for tag in [2_u16, 4] {
            out.extend([tag.to_le_bytes(), 5_u16.to_le_bytes()].concat());
            out.extend([3_u32.to_le_bytes(), (behind + 30).to_le_bytes()].concat());
        }
        out.extend([0; 4]);
        out.extend([47_u32, 1, 22, 1, 30, 1].map(u32::to_le_bytes).concat());
    }
    out
}

/// A medical picture with a patient's name in it.
pub fn scan(tree: &Tree, relative: &str) -> PathBuf {
    let element = |tag: (u16, u16), kind: &[u8; 2], content: &[u8]| {
        let head = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), *kind, (content.len() as u16).to_le_bytes()].concat();
        [&head, content].concat()
    };
    let parts = [
        vec![0; 128],
        b"DICM".to_vec(),
        element((2, 0x10), b"UI", b"1.2.840.10008.1.2.1\0"),
        element((0x10, 0x10), b"PN", b"Doe^Jane"),
        element((0x28, 0x10), b"US", &16_u16.to_le_bytes()),
        element((0x28, 0x11), b"US", &16_u16.to_le_bytes()),
    ];
    tree.file(relative, &parts.concat())
}
