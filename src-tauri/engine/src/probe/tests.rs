mod broken;
mod kinds;
mod made;
mod measured;
mod streams;

use super::*;
use gantry_model::MediaKind;
use made::{bmff, exif, file_box, picture, with_exif};
use std::cell::Cell;

fn media(content: &[u8]) -> Media {
    measure(&content.to_vec(), content.len() as u64).expect("memory can be read")
}

fn sized(content: &[u8]) -> (Format, u32, u32, u8) {
    let media = media(content);
    assert!(media.looked && !media.cut_off && !media.damaged, "{media:?}");
    (media.format, media.width, media.height, media.orientation)
}

#[test]
fn pictures_are_measured() {
    for format in made::PICTURES {
        assert_eq!(sized(&picture(format, 40, 30)), (format, 40, 30, 0), "{format:?}");
    }
}

#[test]
fn sizes_are_given_as_displayed() {
    let jpeg = picture(Format::Jpeg, 40, 30);
    for orientation in 1..=8_u8 {
        let turned = orientation >= 5;
        let expected = (Format::Jpeg, if turned { 30 } else { 40 }, if turned { 40 } else { 30 }, orientation);
        for little in [true, false] {
            assert_eq!(sized(&with_exif(&jpeg, &exif(orientation.into(), little))), expected);
        }
    }
    assert_eq!(sized(&with_exif(&jpeg, &exif(9, true))), (Format::Jpeg, 40, 30, 0), "9 means nothing");
}

#[test]
fn png_and_webp_may_be_turned_too() {
    assert_eq!(sized(&made::png_with_exif(&picture(Format::Png, 40, 30), &exif(6, false))), (Format::Png, 30, 40, 6));
    assert_eq!(sized(&made::webp_extended(40, 30, &exif(8, true))), (Format::Webp, 30, 40, 8));
    assert_eq!(sized(&made::webp_lossy(500, 300)), (Format::Webp, 500, 300, 0));
}

#[test]
fn a_raw_file_of_a_camera_has_the_size_of_its_full_picture() {
    let media = media(&made::raw_camera_file());
    assert_eq!((media.format, media.width, media.height, media.orientation), (Format::Tiff, 4000, 6000, 8));
}

#[test]
fn phones_pictures_are_measured_by_their_primary_item() {
    for (brand, format) in [(b"heic", Format::Heic), (b"avif", Format::Avif)] {
        assert_eq!(sized(&made::still(brand, 4032, 3024, 0)), (format, 4032, 3024, 0));
        assert_eq!(sized(&made::still(brand, 4032, 3024, 3)), (format, 3024, 4032, 6));
        assert_eq!(sized(&made::still(brand, 4032, 3024, 2)), (format, 4032, 3024, 3));
    }
}

#[test]
fn films_and_sound_are_told_apart() {
    assert_eq!(sized(&bmff(b"isom", 1920, 1080, false)), (Format::Mp4, 1920, 1080, 0));
    assert_eq!(sized(&bmff(b"qt  ", 1920, 1080, true)), (Format::Mov, 1080, 1920, 6));
    assert_eq!(sized(&bmff(b"M4A ", 0, 0, false)), (Format::M4a, 0, 0, 0));
    for (content, format) in made::others() {
        let media = media(&content);
        assert_eq!((media.format, media.cut_off, media.damaged), (format, false, false), "{format:?}");
    }
    let avi = media(&made::avi(640, 480));
    assert_eq!((avi.format, avi.width, avi.height, avi.cut_off), (Format::Avi, 640, 480, false));
}

#[test]
fn text_and_json_are_recognised_by_their_content() {
    let mut long = "größe,".repeat(900);
    long.push('ß');
    for (content, format) in [
        ("plain words\n", Format::Text),
        ("\u{feff}with a mark\r\n", Format::Text),
        (long.as_str(), Format::Text),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", Format::Text),
        ("{\"a\": [1, 2]}\n", Format::Json),
        ("{\"a\":1}\n{\"a\":2}\n", Format::Json),
        ("[2026-11-21] started\n", Format::Text),
        ("[section]\nkey=value\n", Format::Text),
        ("{\\rtf1 text}", Format::Text),
        ("", Format::Unknown),
    ] {
        assert_eq!(media(content.as_bytes()).format, format, "{content:.40}");
    }
    assert_eq!(media(b"a\0b").format, Format::Unknown);
    assert_eq!(media(b"caf\xe9").format, Format::Unknown, "Latin-1 is not told from noise");
    assert!(media(b"{\"a\": [1, 2").cut_off);
    let whole = format!("[{}\"end\"]\n", "\"a word\", ".repeat(2000));
    assert!(!media(whole.as_bytes()).cut_off);
    assert!(media(&whole.as_bytes()[..whole.len() - 30]).cut_off);
}

#[test]
fn trailing_content_is_no_harm() {
    let mut motion_photo = picture(Format::Jpeg, 40, 30);
    motion_photo.extend(vec![0x55; 300_000]);
    assert!(!media(&motion_photo).cut_off);
    let mut png = picture(Format::Png, 40, 30);
    png.extend(b"left behind");
    assert!(!media(&png).cut_off);
    let mut gif = picture(Format::Gif, 40, 30);
    gif.extend([0, 0, 13, 10]);
    assert!(!media(&gif).cut_off);
}

/// Counts the bytes that are asked for.
struct Counted(Vec<u8>, Cell<usize>);

impl At for Counted {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let read = self.0.read_at(into, at)?;
        self.1.set(self.1.get() + read);
        Ok(read)
    }
}

#[test]
fn few_bytes_of_a_large_picture_are_read() {
    for format in made::PICTURES {
        let content = made::noise(format, 900, 700);
        assert!(content.len() > 200_000, "{format:?} is large enough to show it");
        let size = content.len() as u64;
        let counted = Counted(content, Cell::new(0));
        let media = measure(&counted, size).expect("read");
        assert_eq!((media.format, media.width, media.height, media.cut_off), (format, 900, 700, false));
        let most = if format == Format::Png { 24 } else { 4 } * window::PAGE;
        assert!(counted.1.get() <= most, "{format:?}: {} bytes of {size}", counted.1.get());
    }
}

#[test]
fn only_the_file_that_the_walk_saw_is_looked_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.png");
    std::fs::write(&path, picture(Format::Png, 4, 3)).expect("written");
    let seen = file::fingerprint(&std::fs::symlink_metadata(&path).expect("there"));
    assert_eq!(look(&path, &seen).expect("looked").format.kind(), MediaKind::Image);
    let other = folder.path().join("other");
    std::fs::copy(&path, &other).and_then(|_| std::fs::rename(&other, &path)).expect("replaced");
    assert!(!look(&path, &seen).expect("looked").looked, "another file stands there now");
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(look(&path, &seen).expect_err("gone").kind(), io::ErrorKind::NotFound);
    assert_eq!(file_box(b"free", b"").len(), 8);
}
