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
    let of = |side| Of { path: PathBuf::from("x"), size: 1, mtime_ns: 1, side };
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
