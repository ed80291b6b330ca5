//! What is kept, for how long, and what makes no copy at all.

use super::*;

#[test]
fn what_is_cut_off_hostile_or_too_large_makes_no_copy_and_says_why() {
    let place = Place::new(u64::MAX);
    let picture = gradient(60, 40);
    for format in [Format::Jpeg, Format::Png, Format::Gif, Format::Bmp, Format::Webp, Format::Tiff] {
        let whole = encoded(format, &picture);
        for length in [8, 20, whole.len() / 2, whole.len() - 3] {
            let wanted = place.wanted(1, &whole[..length], &[Fix::Scale], Some((10, 10)));
            let copied = place.copies.make(&wanted);
            assert!(copied.made.is_none() && copied.trouble.len() > 5, "{format:?} of {length} bytes: {copied:?}");
        }
    }
    let mut bomb = encoded(Format::Png, &picture);
    bomb.splice(16..24, [0, 0, 0xfe, 0, 0, 0, 0xfe, 0]);
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &bomb[12..29]) as u32;
    bomb.splice(29..33, sum.to_be_bytes());
    let copied = place.copies.make(&place.wanted(2, &bomb, &[Fix::Rotate], None));
    assert!(copied.made.is_none() && copied.trouble.len() > 5, "{copied:?}");
    assert_eq!(place.copies.held(), 0);
}

#[test]
fn a_position_whose_bytes_hold_something_else_too_is_left_alone() {
    let written = usual(1, Some([1, 2, 3, 4])).write();
    let mut odd = written.bytes.clone();
    // The first side's values are said to lie in the directory itself.
    let side = written.position.iter().find(|span| span.len() == 2 + 4 * 12 + 4).unwrap().start + 2 + 12 + 8;
    odd[side..side + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(positions::of_exif(&odd), Err(positions::Odd));
    let place = Place::new(u64::MAX);
    let jpeg = jpeg_with(&encoded(Format::Jpeg, &gradient(8, 8)), &[exif_segment(&odd)]);
    let copied = place.copies.make(&place.wanted(0, &jpeg, &[Fix::Gps], None));
    assert!(copied.made.is_none() && copied.trouble.contains("position"), "{copied:?}");
}

#[test]
fn the_cache_keeps_its_bound_and_what_is_not_kept_is_made_again_the_same() {
    let place = Place::new(20_000);
    let all: Vec<Wanted> =
        (0..6).map(|ord| place.wanted(ord, &encoded(Format::Bmp, &noise(50, 50, ord as u32)), &[Fix::Convert], None)).collect();
    let copied: Vec<Copied> = all.iter().map(|wanted| place.copies.make(wanted)).collect();
    let sizes: Vec<u64> = copied.iter().map(|copy| copy.made.as_ref().unwrap().fingerprint.size).collect();
    assert!(sizes.iter().sum::<u64>() > 30_000, "too little for this test: {sizes:?}");
    assert!(place.copies.held() <= 20_000 && place.copies.held() > 0);
    for (wanted, copied) in all.iter().zip(&copied) {
        let ready = place.copies.ready(wanted, copied).unwrap();
        assert_eq!(crate::digest::of(gantry_model::Algorithm::Md5, &std::fs::read(&ready.path).unwrap()).hex().len(), 32);
        assert!(place.copies.held() <= 20_000, "{}", place.copies.held());
        assert_eq!(ready.fingerprint.size, copied.made.as_ref().unwrap().fingerprint.size);
        drop(ready);
    }
    place.copies.remove("u", 5);
    place.copies.set_limit(100);
    assert_eq!(place.copies.held(), 0);
    let refused = place.copies.ready(&all[0], &copied[0]).unwrap_err();
    assert_eq!(refused.code, Code::CopiesFull);
    assert!(refused.fact("needed").is_some() && refused.fact("path").is_some());
}

fn noise(width: u32, height: u32, seed: u32) -> DynamicImage {
    let mut state = seed.wrapping_mul(7) + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()])).into()
}

#[test]
fn an_original_that_changed_is_noticed_and_what_an_earlier_run_left_is_taken_over() {
    let place = Place::new(u64::MAX);
    let wanted = place.wanted(0, &encoded(Format::Bmp, &gradient(30, 30)), &[Fix::Convert], None);
    let copied = place.copies.make(&wanted);
    let held = place.copies.held();
    std::fs::create_dir_all(place.folder.path().join("copies/gone/0")).unwrap();
    std::fs::write(place.folder.path().join("copies/gone/0/0-00"), b"of an upload that is over").unwrap();
    std::fs::write(place.folder.path().join("copies/u/0/half.part"), b"half").unwrap();
    let next = Copies::new(place.folder.path().join("copies"), u64::MAX);
    next.sweep(&["u".to_owned()]);
    assert_eq!(next.held(), held);
    assert!(!place.folder.path().join("copies/gone").exists());
    let before = std::fs::metadata(next.ready(&wanted, &copied).unwrap().path).unwrap().modified().unwrap();
    assert_eq!(before, std::fs::metadata(&wanted.path).unwrap().modified().unwrap(), "the time of the original goes along");
    // A copy of another length under its name is not it.
    let path = next.ready(&wanted, &copied).unwrap().path;
    std::fs::write(&path, b"torn").unwrap();
    assert!(std::fs::read(next.ready(&wanted, &copied).unwrap().path).unwrap().len() > 4);
    std::fs::write(&wanted.path, b"another picture").unwrap();
    assert_eq!(next.ready(&wanted, &copied).unwrap_err().code, Code::SourceChanged);
    std::fs::remove_file(&wanted.path).unwrap();
    assert_eq!(next.ready(&wanted, &copied).unwrap_err().code, Code::SourceGone);
    next.forget("u");
    assert_eq!((next.held(), place.folder.path().join("copies/u").exists()), (0, false));
}

#[test]
fn a_copy_is_never_taken_for_its_original_nor_for_another_kind_of_copy() {
    let place = Place::new(u64::MAX);
    let exif = usual(1, Some([47, 22, 8, 32])).write().bytes;
    let photo = jpeg_with(&encoded(Format::Jpeg, &gradient(20, 20)), &[exif_segment(&exif)]);
    let (copied, bytes) = place.made(&photo, &[Fix::Gps], None);
    let (original, made) = (copied.original.fingerprint, copied.made.unwrap().fingerprint);
    assert_eq!(bytes.len(), photo.len());
    assert!(!original.same_content(&made), "the ledger would call them the same");
}

#[test]
fn names_end_as_what_is_sent_does() {
    let cases = [
        ("a/x.webp", "a/x.png"),
        ("a/x.tar.TIF", "a/x.tar.png"),
        ("photo", "photo.png"),
        (".webp", ".webp.png"),
        ("v1.2", "v1.2.png"),
    ];
    for (path, expected) in cases {
        assert_eq!(String::from_utf8(renamed(path.as_bytes(), Format::Png)).unwrap(), expected);
    }
    assert_eq!(renamed(b"\xff.gif", Format::Jpeg), b"\xff.jpg");
}
