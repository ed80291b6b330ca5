//! What is measured beside format and size.

use super::kinds::{self, Track};
use super::made::{self, picture, with_exif};
use super::*;
use gantry_model::measured::{Cloud, Film, Pages, Patient, Picture, Sound, Words};

pub(super) fn sound(content: &[u8]) -> Sound {
    match media(content).measured.as_deref() {
        Some(Measured::Sound(sound)) => *sound,
        other => panic!("{other:?}"),
    }
}

pub(super) fn film(content: &[u8]) -> Film {
    match media(content).measured.as_deref() {
        Some(Measured::Film(film)) => film.clone(),
        other => panic!("{other:?}"),
    }
}

fn cloud(content: &[u8]) -> Cloud {
    match media(content).measured.as_deref() {
        Some(Measured::Cloud(cloud)) => cloud.clone(),
        other => panic!("{other:?}"),
    }
}

fn pages(content: &[u8]) -> Option<u64> {
    match media(content).measured.as_deref() {
        Some(Measured::Pages(Pages { pages })) => *pages,
        other => panic!("{other:?}"),
    }
}

pub(super) fn patient(content: &[u8]) -> Option<bool> {
    match media(content).measured.as_deref() {
        Some(Measured::Patient(Patient { named })) => *named,
        other => panic!("{other:?}"),
    }
}

fn gps(content: &[u8]) -> bool {
    media(content).measured.as_deref() == Some(&Measured::Picture(Picture { gps: true, first_of_many: false }))
}

#[test]
fn mp3_is_constant_when_its_frames_are() {
    let same = kinds::mp3_frame(128).repeat(400);
    let info = [kinds::mp3_tag(b"Info", 400), same.clone()].concat();
    let expected =
        Sound { constant: Some(true), kbits: Some((128, 128)), millis: Some(10_448), rate: Some(44_100), channels: Some(2) };
    assert_eq!(sound(&info), expected);
    assert_eq!(sound(&same).constant, Some(true));
    let tagged = [b"ID3\x04\0\0\0\0\x01\0".to_vec(), vec![0; 128], same].concat();
    assert_eq!(sound(&tagged), sound(&kinds::mp3_frame(128).repeat(400)));
    assert_eq!(sound(&tagged).millis, Some(10_448));
}

#[test]
fn mp3_is_variable_with_or_without_a_header_that_says_so() {
    let frames = kinds::mp3_changing(400);
    for mark in [b"Xing", b"VBRI", b"Info"] {
        let content = [kinds::mp3_tag(mark, 400), frames.clone()].concat();
        let met = sound(&content);
        assert_eq!((met.constant, met.kbits, met.millis), (Some(false), Some((96, 160)), Some(10_448)), "{mark:?}");
    }
    assert_eq!(sound(&frames).constant, Some(false));
}

#[test]
fn a_rate_that_changes_late_in_a_long_file_is_found_in_few_bytes() {
    let content = [kinds::mp3_frame(128).repeat(20_000), kinds::mp3_changing(20_000)].concat();
    let size = content.len() as u64;
    let counted = Counted(content, Cell::new(0));
    let media = measure(&counted, size).expect("read");
    let Some(Measured::Sound(sound)) = media.measured.as_deref() else { panic!("{media:?}") };
    assert_eq!(sound.constant, Some(false));
    assert!(counted.1.get() < 1_000_000, "{} of {size}", counted.1.get());
}

#[test]
fn a_long_file_whose_encoder_says_variable_is_taken_at_its_word() {
    let frames = kinds::mp3_frame(128).repeat(20_000);
    assert_eq!(sound(&[kinds::mp3_tag(b"Xing", 20_000), frames.clone()].concat()).constant, Some(false));
    assert_eq!(sound(&[kinds::mp3_tag(b"Info", 20_000), frames].concat()).constant, Some(true));
}

#[test]
fn wav_and_m4a_are_measured() {
    let expected =
        Sound { constant: Some(true), kbits: Some((256, 256)), millis: Some(3000), rate: Some(8000), channels: Some(2) };
    assert_eq!(sound(&kinds::wav(8000, 2, 3)), expected);
    let steady: Vec<u32> = (0..2000).map(|at| 370 + at * 37 % 41).collect();
    let met = sound(&kinds::m4a(&steady));
    assert_eq!((met.constant, met.rate, met.channels, met.millis), (Some(true), Some(44_100), Some(2), Some(46_439)));
    let changing: Vec<u32> = (0..2000).map(|at| if at / 300 % 2 == 0 { 200 } else { 500 }).collect();
    assert_eq!(sound(&kinds::m4a(&changing)).constant, Some(false));
}

#[test]
fn films_say_codec_pictures_and_whether_they_last_equally_long() {
    let even = film(&kinds::film(&Track::default()));
    let expected = Film {
        codec: "h264".into(),
        frames: Some(300),
        constant: Some(true),
        per_kilosecond: Some(29_970),
        square: Some(true),
        millis: Some(10_010),
    };
    assert_eq!(even, expected);
    let times = |times: &[(u32, u32)]| film(&kinds::film(&Track { times: times.to_vec(), scale: 1000, ..Track::default() }));
    assert_eq!(times(&[(100, 33), (50, 40), (30, 33)]).constant, Some(false));
    assert_eq!(times(&[(2, 33), (1, 34), (2, 33), (1, 34)]).constant, Some(true), "rounded to milliseconds");
    assert_eq!(times(&[(299, 33), (1, 5)]).constant, Some(true), "the last picture may be cut");
    let named = |codec| film(&kinds::film(&Track { codec, ..Track::default() })).codec;
    assert_eq!([named(b"hvc1"), named(b"hev1"), named(b"av01"), named(b"mp4v")], ["h265", "h265", "av1", "mp4v"]);
}

#[test]
fn pixels_that_are_not_square_are_noticed() {
    let square = |pixel, shown| film(&kinds::film(&Track { pixel, shown, stored: (720, 576), ..Track::default() })).square;
    assert_eq!(square(Some((1, 1)), (720, 576)), Some(true));
    assert_eq!(square(Some((64, 45)), (1024, 576)), Some(false));
    assert_eq!(square(None, (1024, 576)), Some(false));
    assert_eq!(square(None, (360, 288)), Some(true), "shown at half the size");
}

#[test]
fn matroska_is_measured_as_far_as_its_header_says() {
    let content = kinds::webm(b"V_VP9", 640, 854);
    assert_eq!((media(&content).width, media(&content).height), (854, 480));
    let expected =
        Film { codec: "vp9".into(), per_kilosecond: Some(25_000), square: Some(false), millis: Some(2500), ..Film::default() };
    assert_eq!(film(&content), expected);
    assert_eq!(film(&kinds::webm(b"V_MPEGH/ISO/HEVC", 640, 640)).codec, "h265");
}

#[test]
fn clouds_say_version_fields_and_reach() {
    let points: Vec<[f64; 3]> =
        (0..5000).map(|at| [f64::from(at) / 100.0, -1.5, if at == 4990 { -170_000.4 } else { 2.0 }]).collect();
    for kind in ["binary", "ascii"] {
        let met = cloud(&kinds::pcd("0.7", kind, 4, &points));
        assert_eq!((met.version.as_str(), met.data.as_str(), met.points, met.float32), ("0.7", kind, Some(5000), Some(true)));
        assert_eq!((met.fields.as_str(), met.reach), ("x F4, y F4, z F4, rgb U4", Some(170_001)), "{kind}");
    }
    let wide = cloud(&kinds::pcd(".6", "binary", 8, &[[1.0, 2.0, 3.5]]));
    assert_eq!((wide.version.as_str(), wide.float32, wide.reach), ("0.6", Some(false), Some(4)));
    for kind in ["ascii", "binary_little_endian", "binary_big_endian"] {
        let met = cloud(&kinds::ply(kind, &[[1.0, -200_000.0, 3.0], [f32::NAN, 0.0, 0.0]]));
        assert_eq!((met.points, met.float32, met.reach), (Some(2), Some(true), Some(200_000)), "{kind}");
        assert_eq!(met.fields, "x F4, y F4, z F4, red U1");
    }
}

#[test]
fn a_cloud_whose_header_contradicts_itself_is_damaged() {
    let text = String::from_utf8(kinds::pcd("0.7", "ascii", 4, &[[1.0, 2.0, 3.0]])).expect("text");
    for (from, to) in [("SIZE 4 4 4 4", "SIZE 4 4 4"), ("TYPE F F F U", "TYPE F F F Q"), ("WIDTH 1", "WIDTH 2")] {
        assert!(media(text.replace(from, to).as_bytes()).damaged, "{to}");
    }
    assert!(!media(text.as_bytes()).damaged);
    let bare = text.split_once('\n').expect("lines").1;
    assert_eq!(cloud(bare.as_bytes()).reach, Some(3), "without the comment before it");
}

#[test]
fn las_says_version_bounds_and_whether_it_is_packed() {
    let plain = kinds::las(2, 1, 4_500_000.25);
    assert_eq!(media(&plain).format, Format::Las);
    let expected = Cloud {
        version: "1.2".into(),
        data: "binary".into(),
        fields: "point format 1".into(),
        points: Some(5),
        reach: Some(4_500_001),
        float32: None,
    };
    assert_eq!(cloud(&plain), expected);
    let packed = kinds::las(4, 0x80 | 6, 3.0);
    let met = cloud(&packed);
    assert_eq!((media(&packed).format, met.version.as_str(), met.data.as_str()), (Format::Laz, "1.4", "laz"));
}

#[test]
fn text_is_counted_in_characters_and_other_encodings_are_noticed() {
    let words = |content: &[u8]| media(content).measured.map(|measured| *measured);
    let counted = |chars| Some(Measured::Words(Words { utf8: true, chars: Some(chars) }));
    assert_eq!(words("größe 𝄞".as_bytes()), counted(7));
    assert_eq!(words("ß".repeat(200_001).as_bytes()), counted(200_001));
    assert_eq!(words(&b"a".repeat((1 << 20) + 1)), Some(Measured::Words(Words { utf8: true, chars: None })));
    let late = [&b"a".repeat(100_000)[..], b"\xe9 b"].concat();
    assert_eq!(words(&late), Some(Measured::Words(Words { utf8: false, chars: None })));
    assert_eq!(words(&[&b"a".repeat(9000)[..], b"\xc3"].concat()), Some(Measured::Words(Words { utf8: false, chars: None })));
}

#[test]
fn pages_are_counted_from_the_tree() {
    assert_eq!(pages(&kinds::pdf_lines(3)), Some(3));
    assert_eq!(pages(&kinds::pdf_streams(3)), Some(3));
    assert_eq!(pages(&kinds::pdf_added(3, 5)), Some(5), "what was added counts");
    assert_eq!(pages(b"%PDF-1.7\nwords\nstartxref\n9\n%%EOF\n"), None);
}

#[test]
fn a_patients_name_is_noticed_and_a_blank_one_is_not() {
    for explicit in [true, false] {
        let met = media(&kinds::dicom(explicit, b"DOE^JANE"));
        assert_eq!((met.format, met.width, met.height), (Format::Dicom, 512, 256));
        assert_eq!(patient(&kinds::dicom(explicit, b"DOE^JANE")), Some(true));
        assert_eq!(patient(&kinds::dicom(explicit, b"")), Some(false));
        assert_eq!(patient(&kinds::dicom(explicit, b"^^  ")), Some(false));
    }
    let mut misnamed = kinds::dicom(false, b"DOE^JANE");
    let end = misnamed.windows(5).position(|five| five == b".1.2\0").expect("the syntax") + 3;
    misnamed[end] = b'9';
    assert_eq!(patient(&misnamed), Some(true), "written otherwise than it says");
}

#[test]
fn volumes_are_recognised_plain_and_packed() {
    let plain = kinds::nifti();
    let met = media(&plain);
    assert_eq!((met.format, met.width, met.height, met.cut_off), (Format::Nifti, 64, 32, false));
    assert!(media(&plain[..plain.len() - 1]).cut_off);
    let met = media(&kinds::gzip(&plain));
    assert_eq!((met.format, met.width, met.height, met.cut_off), (Format::NiftiGz, 64, 32, false));
    assert_eq!(media(&kinds::gzip(&b"words ".repeat(500))).format, Format::Gzip);
    let nrrd = b"NRRD0004\ntype: short\ndimension: 3\nsizes: 20 30 40\nencoding: raw\n\n\0\x01\x02";
    assert_eq!((media(nrrd).format, media(nrrd).width, media(nrrd).height), (Format::Nrrd, 20, 30));
}

#[test]
fn photos_that_say_where_they_were_taken_are_noticed() {
    let jpeg = picture(Format::Jpeg, 40, 30);
    let exif = kinds::exif_with_gps(true);
    assert!(gps(&with_exif(&jpeg, &exif)));
    assert_eq!(media(&with_exif(&jpeg, &exif)).orientation, 6);
    assert!(gps(&made::png_with_exif(&picture(Format::Png, 40, 30), &exif)));
    assert!(gps(&made::webp_extended(40, 30, &exif)));
    assert!(gps(&kinds::heic_with_exif(&exif)));
    assert!(gps(&exif), "a TIFF file");
    assert!(!gps(&with_exif(&jpeg, &kinds::exif_with_gps(false))), "a directory without a position");
    assert!(!gps(&with_exif(&jpeg, &made::exif(6, true))));
    assert!(!gps(&jpeg));
}

#[test]
fn names_tell_formats_that_content_cannot() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        let seen = file::fingerprint(&std::fs::symlink_metadata(&path).expect("there"));
        look(&path, &seen).expect("looked").format
    };
    assert_eq!(named("a.md", b"# Title\n"), Format::Markdown);
    assert_eq!(named("a.html", b"<p>a piece</p>"), Format::Html);
    assert_eq!(named("b.txt", b"<!-- x -->\n<!DOCTYPE HTML><title>x</title>"), Format::Html);
    assert_eq!(named("a.splat", &[0xf3; 96]), Format::Splat);
    assert_eq!(named("b.splat", &[0xf3; 97]), Format::Unknown);
    assert_eq!(named("c.md", &picture(Format::Png, 4, 3)), Format::Png);
}
