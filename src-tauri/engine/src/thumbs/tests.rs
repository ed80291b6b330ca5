use super::*;
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

fn saved(folder: &TempDir, name: &str, picture: DynamicImage) -> (PathBuf, Fingerprint) {
    let path = folder.path().join(name);
    picture.save(&path).expect("saved");
    let seen = file::fingerprint(&std::fs::symlink_metadata(&path).expect("there"));
    (path, seen)
}

fn red_over_blue(width: u32, height: u32) -> DynamicImage {
    let colour = |y| if y < height / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) };
    DynamicImage::from(RgbImage::from_fn(width, height, |_, y| colour(y)))
}

fn media(format: Format, orientation: u8) -> Media {
    Media { format, orientation, looked: true, ..Media::default() }
}

#[test]
fn a_thumbnail_is_small_and_stands_upright() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = saved(&folder, "x.png", red_over_blue(400, 200));
    let small = |orientation| {
        let bytes = thumbnail(&path, &seen, &media(Format::Png, orientation), 100).expect("a thumbnail");
        image::load_from_memory(&bytes).expect("a picture").to_rgb8()
    };
    let plain = small(0);
    assert_eq!(plain.dimensions(), (100, 50));
    assert!(plain.get_pixel(50, 5)[0] > 200 && plain.get_pixel(50, 45)[2] > 200, "red above blue");
    let turned = small(6);
    assert_eq!(turned.dimensions(), (50, 100));
    assert!(turned.get_pixel(45, 50)[0] > 200 && turned.get_pixel(5, 50)[2] > 200, "red to the right");
}

#[test]
fn transparency_stays_and_small_pictures_are_not_blown_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let clear = DynamicImage::from(RgbaImage::from_pixel(30, 20, Rgba([1, 2, 3, 0])));
    let (path, seen) = saved(&folder, "x.png", clear);
    let bytes = thumbnail(&path, &seen, &media(Format::Png, 0), 100).expect("a thumbnail");
    let small = image::load_from_memory(&bytes).expect("a picture").to_rgba8();
    assert_eq!((small.dimensions(), small.get_pixel(3, 3)[3]), ((30, 20), 0));
}

#[test]
fn what_is_no_picture_or_another_file_has_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = saved(&folder, "x.png", red_over_blue(40, 20));
    assert!(thumbnail(&path, &seen, &media(Format::Pdf, 0), 100).is_none());
    assert!(thumbnail(&path, &seen, &media(Format::Jpeg, 0), 100).is_none(), "the content is not JPEG");
    assert!(thumbnail(&path, &Fingerprint { size: 1, ..seen }, &media(Format::Png, 0), 100).is_none());
    let large = Media { width: 20_000, height: 10, ..media(Format::Png, 0) };
    assert!(thumbnail(&path, &seen, &large, 100).is_none());
    std::fs::write(&path, b"\x89PNG\r\n\x1a\nnoise").expect("written");
    let seen = file::fingerprint(&std::fs::symlink_metadata(&path).expect("there"));
    assert!(thumbnail(&path, &seen, &media(Format::Png, 0), 100).is_none());
}

#[test]
fn thumbnails_are_kept_and_shared_between_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, seen) = saved(&folder, "x.png", red_over_blue(400, 200));
    let thumbs = Thumbs::new();
    let media = media(Format::Png, 0);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| thumbs.get(&path, &seen, &media, 64))).collect();
        for one in asked {
            assert!(one.join().expect("no panic").is_some());
        }
    });
    std::fs::remove_file(&path).expect("removed");
    assert!(thumbs.get(&path, &seen, &media, 64).is_some(), "it is still in memory");
    assert!(thumbs.get(&path, &seen, &media, 65).is_none(), "another size was never made");
}

#[test]
fn what_is_kept_is_bounded_and_the_oldest_goes_first() {
    let mut kept = Kept::default();
    let of = |side| Of { what: What::File { path: PathBuf::from("x"), size: 1, mtime_ns: 1 }, side };
    let quarter = vec![0; KEPT / 4];
    for side in 0..4 {
        kept.keep(of(side), quarter.as_slice().into());
        kept.asked += 1;
    }
    assert!(kept.get(&of(0)).is_some(), "asked for again, so it is young");
    kept.keep(of(9), quarter.as_slice().into());
    assert!(kept.bytes <= KEPT);
    assert!(kept.get(&of(1)).is_none() && kept.get(&of(0)).is_some() && kept.get(&of(9)).is_some());
}

/// A JPEG file with a small one inside, as cameras write it.
fn with_inner(large: DynamicImage, inner: DynamicImage) -> Vec<u8> {
    let jpeg = |picture: DynamicImage| {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, ImageFormat::Jpeg).expect("written");
        out.into_inner()
    };
    let (large, inner) = (jpeg(large), jpeg(inner));
    // One directory without tags, a second one with two, and the small picture behind them.
    let mut block = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\x02\0".to_vec();
    for (tag, value) in [(0x0201_u16, 44_u32), (0x0202, inner.len() as u32)] {
        block.extend(tag.to_le_bytes());
        block.extend([4, 0, 1, 0, 0, 0]);
        block.extend(value.to_le_bytes());
    }
    block.extend([0; 4]);
    block.extend(&inner);
    let mut out = large[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((block.len() as u16 + 8).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(block);
    out.extend(&large[2..]);
    out
}

#[test]
fn the_small_picture_in_the_beginning_is_enough_where_it_is_one_of_the_same() {
    let whole = with_inner(red_over_blue(800, 400), red_over_blue(160, 80));
    let seen = Media { width: 800, height: 400, ..media(Format::Jpeg, 0) };
    let head = &whole[..whole.len() / 2];
    let (inner, stands) = inner_picture(head, &seen, 96).expect("one inside");
    assert_eq!((stands.width, stands.height), (160, 80));
    assert!(thumbnail_of(inner, &stands, 96).is_some());
    let turned = Media { width: 400, height: 800, ..media(Format::Jpeg, 6) };
    let (inner, stands) = inner_picture(head, &turned, 96).expect("one inside");
    let small = image::load_from_memory(&thumbnail_of(inner, &stands, 96).expect("drawn")).expect("a picture");
    assert_eq!((small.width(), small.height()), (48, 96), "it stands as the large one does");
    assert!(inner_picture(head, &seen, 400).is_none(), "too small for what is asked");
    let cropped = Media { width: 400, height: 400, ..media(Format::Jpeg, 0) };
    assert!(inner_picture(head, &cropped, 96).is_none(), "the one of before it was cropped");
    for end in 0..60 {
        let _ = inner_picture(&whole[..end], &seen, 96);
    }
    assert!(inner_picture(&whole[..100], &seen, 96).is_none(), "cut off");
}
