mod made;

use super::*;
use crate::probe::{self, At, Window};
use gantry_model::{Code, EntryKind, Severity};
use image::metadata::Orientation;
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};
use made::{encoded, exif_segment, jpeg_with, png_chunk, png_with, tags, usual, webp_with};
use proptest::prelude::*;

/// A place for originals and copies.
struct Place {
    folder: tempfile::TempDir,
    copies: Copies,
}

impl Place {
    fn new(limit: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copies = Copies::new(folder.path().join("copies"), limit);
        Self { folder, copies }
    }

    fn wanted(&self, ord: u64, content: &[u8], fixes: &[Fix], within: Option<(u32, u32)>) -> Wanted {
        let path = self.folder.path().join(format!("original {ord}"));
        std::fs::write(&path, content).unwrap();
        let fingerprint = crate::source::fingerprint(&std::fs::symlink_metadata(&path).unwrap());
        let media = probe::measure(&content.to_vec(), content.len() as u64).unwrap();
        let steps = Steps { fixes: fixes.to_vec(), within };
        Wanted { upload: "u".into(), ord, path, original: Facts { fingerprint, media }, steps }
    }

    /// The copy, and its content.
    fn made(&self, content: &[u8], fixes: &[Fix], within: Option<(u32, u32)>) -> (Copied, Vec<u8>) {
        let wanted = self.wanted(0, content, fixes, within);
        let copied = self.copies.make(&wanted);
        assert_eq!(copied.trouble, "");
        let ready = self.copies.ready(&wanted, &copied).unwrap();
        let bytes = std::fs::read(ready.path).unwrap();
        assert_eq!(std::fs::read(&wanted.path).unwrap(), content, "the original was touched");
        assert_eq!(copied.made.as_ref().unwrap().fingerprint.size, bytes.len() as u64);
        (copied, bytes)
    }
}

fn gradient(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 250 / width) as u8, (y * 250 / height) as u8, 80])).into()
}

/// Red and green above, blue and white below: every turn shows.
fn quarters() -> DynamicImage {
    RgbImage::from_fn(64, 32, |x, y| match (x < 32, y < 16) {
        (true, true) => Rgb([220, 0, 0]),
        (false, true) => Rgb([0, 220, 0]),
        (true, false) => Rgb([0, 0, 220]),
        (false, false) => Rgb([230, 230, 230]),
    })
    .into()
}

fn is_upright(content: &[u8]) -> bool {
    let picture = image::load_from_memory(content).unwrap().to_rgb8();
    let far = |a: Rgb<u8>, b: [u8; 3]| a.0.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 12);
    let at = [(8, 4, [220, 0, 0]), (56, 4, [0, 220, 0]), (8, 28, [0, 0, 220]), (56, 28, [230, 230, 230])];
    picture.dimensions() == (64, 32) && at.iter().all(|(x, y, colour)| !far(*picture.get_pixel(*x, *y), *colour))
}

fn measured(content: &[u8]) -> Media {
    probe::measure(&content.to_vec(), content.len() as u64).unwrap()
}

fn says_where(content: &[u8]) -> bool {
    matches!(measured(content).measured.as_deref(), Some(Measured::Picture(picture)) if picture.gps)
}

/// The EXIF block of a JPEG or PNG.
fn exif_of(content: &[u8]) -> Option<Vec<u8>> {
    use image::ImageDecoder;
    let reader = image::ImageReader::new(std::io::Cursor::new(content)).with_guessed_format().unwrap();
    reader.into_decoder().unwrap().exif_metadata().unwrap()
}

#[test]
fn whatever_way_a_photo_lies_its_copy_stands_upright_and_is_not_turned_twice() {
    let place = Place::new(u64::MAX);
    for orientation in 1..=8_u16 {
        // What has to be undone by a quarter to the left was stored by a quarter to the right.
        let stored = [1, 2, 3, 4, 5, 8, 7, 6][usize::from(orientation) - 1];
        let mut picture = quarters();
        picture.apply_orientation(Orientation::from_exif(stored).unwrap());
        let exif = usual(orientation, Some([47, 22, 8, 32])).write().bytes;
        let jpeg = jpeg_with(&encoded(Format::Jpeg, &picture), &[exif_segment(&exif)]);
        let png = png_with(&encoded(Format::Png, &picture), &[png_chunk(b"eXIf", &exif)]);
        for original in [jpeg, png] {
            assert_eq!(measured(&original).orientation, orientation as u8);
            let (copied, copy) = place.made(&original, &[Fix::Rotate], None);
            assert!(is_upright(&copy), "{orientation} of {:?}", measured(&original).format);
            let made = copied.made.unwrap().media;
            assert!((made.width, made.height, made.orientation) == (64, 32, 1), "{made:?}");
            assert_eq!(made.format, measured(&original).format);
            assert!(says_where(&copy), "the position went though nobody asked for it");
            let kept = tags(&exif_of(&copy).unwrap());
            assert_eq!(kept[&("below", 42_036)], b"a lens\0");
            assert!(!kept.contains_key(&("thumbnail", 0)), "the small picture is still the one that lay");
        }
    }
}

#[test]
fn a_png_is_turned_without_a_change_in_any_pixel_and_keeps_its_colours() {
    let place = Place::new(u64::MAX);
    let picture = gradient(31, 17).to_rgb16();
    let icc = [&[0; 16][..], b"RGB ", &[1; 200]].concat();
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    image::ImageEncoder::set_icc_profile(&mut encoder, icc.clone()).unwrap();
    DynamicImage::from(picture.clone()).write_with_encoder(encoder).unwrap();
    let original = png_with(&bytes, &[png_chunk(b"eXIf", &usual(6, None).write().bytes)]);
    let (_, copy) = place.made(&original, &[Fix::Rotate], None);
    let turned = image::load_from_memory(&copy).unwrap();
    assert_eq!(turned.rotate270().to_rgb16(), picture);
    let reader = image::ImageReader::new(std::io::Cursor::new(&copy)).with_guessed_format().unwrap();
    assert_eq!(image::ImageDecoder::icc_profile(&mut reader.into_decoder().unwrap()).unwrap(), Some(icc));
}

#[test]
fn formats_become_jpeg_where_they_had_losses_and_nothing_shines_through_else_png() {
    let place = Place::new(u64::MAX);
    let plain = gradient(24, 16);
    let glass: DynamicImage = RgbaImage::from_fn(24, 16, |x, y| Rgba([9, 9, 9, (x * y) as u8])).into();
    let cases = [
        (LOSSY.to_vec(), Format::Jpeg),
        (encoded(Format::Webp, &plain), Format::Png),
        (encoded(Format::Webp, &glass), Format::Png),
        (encoded(Format::Gif, &plain), Format::Png),
        (encoded(Format::Bmp, &plain), Format::Png),
        (encoded(Format::Tiff, &plain), Format::Png),
        (encoded(Format::Tiff, &glass), Format::Png),
    ];
    for (original, expected) in cases {
        let (copied, copy) = place.made(&original, &[Fix::Convert], None);
        let made = copied.made.unwrap().media;
        assert_eq!((made.format, made.width, made.height), (expected, 24, 16));
        let (before, after) = (image::load_from_memory(&original).unwrap(), image::load_from_memory(&copy).unwrap());
        if expected == Format::Png {
            assert_eq!(before.to_rgba8(), after.to_rgba8(), "pixels of {:?}", measured(&original).format);
        }
    }
}

/// 24 by 16 pixels, compressed with loss.
const LOSSY: &[u8] = include_bytes!("../../../../tests/fixtures/pictures/lossy.webp");
/// Two pictures, one after the other.
const MOVING: &[u8] = include_bytes!("../../../../tests/fixtures/pictures/moving.webp");

#[test]
fn the_first_of_several_pictures_is_said_to_be_one() {
    let place = Place::new(u64::MAX);
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    let frame = |picture: DynamicImage| image::Frame::new(picture.to_rgba8());
    encoder.encode_frames([frame(gradient(8, 8)), frame(quarters().crop_imm(0, 0, 8, 8))]).unwrap();
    drop(encoder);
    for (original, many) in [(gif, true), (MOVING.to_vec(), true), (encoded(Format::Gif, &gradient(8, 8)), false)] {
        let (copied, _) = place.made(&original, &[Fix::Convert], None);
        let made = copied.made.unwrap().media;
        let says = matches!(made.measured.as_deref(), Some(Measured::Picture(picture)) if picture.first_of_many);
        assert_eq!(says, many);
        let entry = Entry { media: made, ..entry_of("a.png") };
        let found = crate::check::Checker::new(Vec::new(), naming()).look(0, &entry).findings;
        let holds = found.iter().any(|one| one.rule == "copy-first-picture" && one.severity == Severity::Blocked);
        assert_eq!(holds, many, "{found:?}");
        let rules = ["copy-first-picture".to_owned()];
        let checked = crate::check::Checker::new(Vec::new(), naming()).confirming(&rules).look(0, &entry);
        assert_eq!(checked.state, gantry_model::State::Ready, "the person said that it may go");
    }
}

fn entry_of(path: &str) -> Entry {
    let fingerprint = Fingerprint { size: 9, ..Fingerprint::default() };
    Entry { root: 0, path: path.into(), kind: EntryKind::File, fingerprint, media: Media::default(), trouble: None }
}

fn naming() -> crate::naming::Naming {
    let template = crate::naming::Template::parse("{prefix}/{relative_path}").unwrap();
    crate::naming::Naming::new(template, "", "u")
}

#[test]
fn a_picture_is_made_as_small_as_asked_and_never_larger() {
    let place = Place::new(u64::MAX);
    let original = encoded(Format::Jpeg, &gradient(200, 100));
    for (within, size) in [((90, 90), (90, 45)), ((400, 50), (100, 50)), ((400, 400), (200, 100)), ((1, 1), (1, 1))] {
        let (copied, copy) = place.made(&original, &[Fix::Scale], Some(within));
        let made = copied.made.unwrap().media;
        assert_eq!((made.format, (made.width, made.height)), (Format::Jpeg, size));
        assert!(!measured(&copy).damaged);
    }
}

#[test]
fn everything_at_once_is_done_in_one_order() {
    let place = Place::new(u64::MAX);
    let exif = usual(6, Some([47, 22, 8, 32])).write().bytes;
    let stored = gradient(100, 40);
    let original = webp_with(&encoded(Format::Webp, &stored), 100, 40, &[(b"EXIF", &exif)]);
    let media = measured(&original);
    assert!(says_where(&original) && (media.width, media.height, media.orientation) == (40, 100, 6), "{media:?}");
    let (copied, copy) = place.made(&original, &Fix::ALL, Some((400, 50)));
    let made = copied.made.unwrap();
    assert_eq!((made.media.format, made.media.width, made.media.height), (Format::Png, 20, 50));
    assert!(!says_where(&copy));
    let kept = tags(&exif_of(&copy).unwrap());
    assert_eq!(kept[&("below", 42_036)], b"a lens\0");
    assert!(kept.keys().all(|(directory, _)| *directory != "position"));
}

#[test]
fn positions_go_from_every_kind_of_file_and_its_picture_stays() {
    let place = Place::new(u64::MAX);
    let written = usual(3, Some([47, 22, 8, 32])).write();
    let xmp = br#"<x xmp:Rating="3" exif:GPSLatitude="47,22.5N" drone-dji:GpsLongitude="8.5"/>"#.to_vec();
    let more = [b"http://ns.adobe.com/xap/1.0/\0".to_vec(), xmp.clone()].concat();
    let plain = gradient(40, 30);
    let jpeg = jpeg_with(&encoded(Format::Jpeg, &plain), &[exif_segment(&written.bytes), more]);
    // Cameras put a second picture, with facts of its own, behind the first.
    let jpeg = [jpeg.clone(), jpeg].concat();
    let itxt = [b"XML:com.adobe.xmp\0\0\0\0\0".to_vec(), xmp.clone()].concat();
    let hidden = png_chunk(b"zTXt", b"Raw profile type exif\0\0packed");
    let chunks = [png_chunk(b"eXIf", &written.bytes), png_chunk(b"iTXt", &itxt), hidden];
    let png = png_with(&encoded(Format::Png, &plain), &chunks);
    let webp = webp_with(&encoded(Format::Webp, &plain), 40, 30, &[(b"EXIF", &written.bytes), (b"XMP ", &xmp)]);
    for original in [jpeg, png, webp] {
        assert!(says_where(&original));
        let (copied, copy) = place.made(&original, &[Fix::Gps], None);
        assert!(!says_where(&copy));
        let made = copied.made.unwrap().media;
        assert_eq!((made.format, made.orientation), (measured(&original).format, 3), "{made:?}");
        let text = String::from_utf8_lossy(&copy);
        assert!(!text.contains("47,22") && !text.contains("8.5") && !text.contains("Raw profile"), "{:?}", made.format);
        assert!(text.contains("xmp:Rating=\"3\""), "{:?}", made.format);
        let both = [&original, &copy].map(|content| image::load_from_memory(content).unwrap());
        assert_eq!(both[0], both[1], "pixels of {:?}", made.format);
    }
}

#[test]
fn a_position_goes_from_tiff_and_its_strips_stay() {
    let place = Place::new(u64::MAX);
    let mut original = encoded(Format::Tiff, &gradient(40, 30));
    // One more tag than the directory has: it is written again at the end, with the position behind it.
    let number = |content: &[u8], at: usize, length: usize| -> usize {
        content[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    assert_eq!(&original[..2], b"II");
    let (first, end) = (number(&original, 4, 4), original.len());
    let count = number(&original, first, 2);
    let position = end + 2 + (count + 1) * 12 + 4;
    let mut table = ((count + 1) as u16).to_le_bytes().to_vec();
    table.extend(&original[first + 2..first + 2 + count * 12]);
    table.extend([34_853_u16.to_le_bytes(), 4_u16.to_le_bytes()].concat());
    table.extend([1_u32.to_le_bytes(), (position as u32).to_le_bytes()].concat());
    table.extend([0; 4]);
    let mut sides = 2_u16.to_le_bytes().to_vec();
    for tag in [2_u16, 4] {
        sides.extend([tag.to_le_bytes(), 5_u16.to_le_bytes()].concat());
        sides.extend([3_u32.to_le_bytes(), ((position + 30) as u32).to_le_bytes()].concat());
    }
    sides.extend([0; 4]);
    sides.extend([47_u32, 1, 22, 1, 30, 1].map(u32::to_le_bytes).concat());
    original.extend(table);
    original.extend(sides);
    original[4..8].copy_from_slice(&(end as u32).to_le_bytes());
    assert!(says_where(&original));
    let (_, copy) = place.made(&original, &[Fix::Gps], None);
    assert!(!says_where(&copy) && copy.len() == original.len());
    assert_eq!(copy[8..end], original[8..end], "something before the directory changed");
    assert!(copy[position..].iter().all(|byte| *byte == 0), "the position can still be read");
    assert_eq!(image::load_from_memory(&copy).unwrap(), image::load_from_memory(&original).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn only_the_position_goes_and_every_other_tag_and_byte_stays(
        little: bool,
        orientation in 0..9_u16,
        camera in "[ -~]{0,40}",
        below in proptest::collection::btree_map(36_864..42_100_u16, "[ -~]{0,30}", 0..6),
        position in proptest::option::of(proptest::array::uniform4(1..180_u32)),
        thumbnail in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let thumbnail = if thumbnail.len() < 5 { Vec::new() } else { thumbnail };
        let below = below.into_iter().collect();
        let block = made::Block { little, orientation, camera, below, position, thumbnail };
        let written = block.write();
        let clean = positions::of_exif(&written.bytes).unwrap();
        prop_assert_eq!(clean.len(), written.bytes.len());
        let mut before = tags(&written.bytes);
        before.retain(|(directory, _), _| *directory != "position");
        prop_assert_eq!(&before, &tags(&clean));
        let may = |at: usize| written.first.contains(&at) || written.position.iter().any(|span| span.contains(&at));
        let changed = (0..clean.len()).filter(|at| clean[*at] != written.bytes[*at]).find(|at| !may(*at));
        prop_assert_eq!(changed, None);
        prop_assert!(written.position.iter().all(|span| clean[span.clone()].iter().all(|byte| *byte == 0)));
        prop_assert_eq!(position.is_none(), clean == written.bytes);
        prop_assert_eq!(&positions::of_exif(&clean).unwrap(), &clean);
    }

    #[test]
    fn no_content_makes_a_reader_fail_or_a_patch_reach_outside(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 0..400_usize, at in 0..400_usize, with: u8) {
        let exif = usual(1, Some([1, 2, 3, 4])).write().bytes;
        let jpeg = jpeg_with(&encoded(Format::Jpeg, &gradient(8, 8)), &[exif_segment(&exif)]);
        let png = png_with(&encoded(Format::Png, &gradient(8, 8)), &[png_chunk(b"eXIf", &exif)]);
        let mut cases = vec![(jpeg, Format::Jpeg), (png, Format::Png), (exif, Format::Tiff)];
        bytes.splice(0..0, b"II*\0\x08\0\0\0".iter().copied());
        cases.push((bytes, Format::Tiff));
        for (mut content, format) in cases {
            if let Some(byte) = content.get_mut(at) {
                *byte = with;
            }
            content.truncate(content.len().saturating_sub(cut % 60));
            let size = content.len() as u64;
            let Ok(mut window) = Window::new(&content, size) else { continue };
            if let Ok(patches) = positions::patches(&mut window, format) {
                prop_assert!(patches.iter().all(|patch| patch.at + patch.take <= size), "{patches:?} of {size}");
                let patched = positions::Patched::new(&content, size, patches);
                let mut out = vec![0; patched.size() as usize];
                let mut done = 0;
                while done < out.len() {
                    let read = patched.read_at(&mut out[done..], done as u64).unwrap();
                    prop_assert!(read > 0);
                    done += read;
                }
            }
        }
    }
}

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
