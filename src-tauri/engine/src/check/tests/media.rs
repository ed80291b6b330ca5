//! Rules about what a file is, judged from measured facts alone.

use super::*;
use gantry_model::measured::{Cloud, Film, Measured, Pages, Patient, Picture, Sound, Words};

fn entry(path: &str, format: Format, measured: Option<Measured>) -> Entry {
    let media = Media { format, looked: true, measured: measured.map(Box::new), ..Media::default() };
    Entry { media, ..file(path.as_bytes()) }
}

fn said(about: About, entry: &Entry) -> Option<String> {
    breach(&rule("x", Severity::Blocked, about), entry, "key")
}

fn yes(detail: &str) -> Option<String> {
    Some(detail.to_owned())
}

#[test]
fn kinds_and_formats_that_are_not_taken() {
    const KINDS: About = About::Kinds(&[MediaKind::Image, MediaKind::Other]);
    const FORMATS: About = About::Formats(&[Format::Jpeg, Format::Png, Format::Unknown]);
    let of = |about, format| said(about, &entry("a", format, None));
    assert_eq!(of(KINDS, Format::Mp4), yes("MP4"));
    assert_eq!(of(KINDS, Format::Gif), None);
    assert_eq!(of(FORMATS, Format::Gif), yes("GIF"));
    assert_eq!(of(FORMATS, Format::Dicom), yes("DICOM"));
    assert_eq!(of(FORMATS, Format::Jpeg), None);
    assert_eq!(of(FORMATS, Format::Mp4), None, "no film is listed, so nothing is said of films");
    assert_eq!(of(FORMATS, Format::Zip), yes("ZIP"), "of other files only unknown ones are taken");
    assert_eq!(of(FORMATS, Format::Unknown), None);
    let mut unlooked = entry("a", Format::Gif, None);
    unlooked.media.looked = false;
    assert_eq!(said(FORMATS, &unlooked), None);
}

#[test]
fn sizes_count_for_the_kinds_they_are_published_for() {
    let sized = |format, size| {
        let mut entry = entry("a", format, None);
        entry.fingerprint.size = size;
        entry
    };
    const MOST: About = About::KindBytes { only: &[MediaKind::Image], most: 1000 };
    assert_eq!(said(MOST, &sized(Format::Jpeg, 1001)), yes("1.00\u{a0}kB"));
    assert_eq!(said(MOST, &sized(Format::Jpeg, 1000)), None);
    assert_eq!(said(MOST, &sized(Format::Mp4, 1001)), None);
    const UNCLEAR: About = About::FileBytesBetween { only: &[], above: 1_000_000, upto: 1 << 20 };
    let unclear = |size| said(UNCLEAR, &sized(Format::Jpeg, size)).is_some();
    assert_eq!([1_000_000, 1_000_001, 1 << 20, (1 << 20) + 1].map(unclear), [false, true, true, false]);
}

#[test]
fn pictures_wider_or_higher_than_allowed() {
    const SIDES: About = About::ImagePixels { width: 9000, height: 8000 };
    let of = |width, height, format| {
        let mut entry = entry("a", format, None);
        (entry.media.width, entry.media.height) = (width, height);
        said(SIDES, &entry)
    };
    assert_eq!(of(9001, 10, Format::Jpeg), yes("9001 × 10"));
    assert_eq!(of(10, 8001, Format::Jpeg), yes("10 × 8001"));
    assert_eq!(of(9000, 8000, Format::Jpeg), None);
    assert_eq!(of(9001, 10, Format::Mp4), None);
}

#[test]
fn sound_and_films_are_judged_by_what_was_measured() {
    let sound = |constant, kbits| Some(Measured::Sound(Sound { constant, kbits, ..Sound::default() }));
    let of = |measured| said(About::VariableBitRate(&[Format::Flac]), &entry("a.mp3", Format::Mp3, measured));
    assert_eq!(of(sound(Some(false), Some((96, 320)))), yes("96–320\u{a0}kbit/s"));
    assert_eq!(of(sound(Some(true), Some((128, 128)))), None);
    assert_eq!(of(sound(None, None)), None, "nothing is said about what was not measured");
    assert_eq!(of(None), None);
    let flac = entry("a.flac", Format::Flac, sound(Some(false), Some((800, 800))));
    assert_eq!(said(About::VariableBitRate(&[Format::Flac]), &flac), None, "formats that are left out");
    assert_eq!(said(About::VariableBitRate(&[]), &flac), yes("800\u{a0}kbit/s"));
    let film = Film { codec: "vp9".into(), frames: Some(20_001), constant: Some(false), square: Some(false), ..Film::default() };
    let of = |about| said(about, &entry("a.mp4", Format::Mp4, Some(Measured::Film(film.clone()))));
    assert_eq!(of(About::VideoFrames(20_000)), yes("20\u{202f}001"));
    assert_eq!(of(About::VideoFrames(20_001)), None);
    assert_eq!(of(About::VideoCodecs(&["h264", "h265"])), yes("vp9"));
    assert_eq!(of(About::VideoCodecs(&["vp9"])), None);
    assert!(of(About::VariableFrameRate).is_some() && of(About::NonSquarePixels).is_some());
    assert_eq!(of(About::VariableBitRate(&[])), None, "the rule is about sound");
}

#[test]
fn clouds_are_judged_by_version_fields_and_reach() {
    let cloud = Cloud {
        version: "0.6".into(),
        data: "binary_compressed".into(),
        fields: "x F8, y F8, z F8".into(),
        float32: Some(false),
        points: Some(9),
        reach: Some(165_959),
    };
    let of = |about, format| said(about, &entry("a", format, Some(Measured::Cloud(cloud.clone()))));
    assert_eq!(of(About::PcdVersion(&["0.7"]), Format::Pcd), yes("0.6"));
    assert_eq!(of(About::PcdVersion(&["0.6"]), Format::Pcd), None);
    assert_eq!(of(About::PcdData(&["ascii", "binary"]), Format::Pcd), yes("binary_compressed"));
    assert_eq!(of(About::PcdFieldTypes, Format::Pcd), yes("x F8, y F8, z F8"));
    assert_eq!(of(About::PcdFieldTypes, Format::Ply), None);
    assert_eq!(of(About::LasCompressed, Format::Laz), yes("LAZ"));
    assert_eq!(of(About::LasCompressed, Format::Las), None);
    assert_eq!(of(About::LasVersion(&["1.4"]), Format::Laz), yes("0.6"));
    assert_eq!(of(About::LasVersion(&["1.4"]), Format::Pcd), None);
    const REACH: About = About::CoordinatesTooLarge { only: &[Format::Pcd], most: 165_958 };
    assert_eq!(of(REACH, Format::Pcd), yes("165\u{202f}959"));
    assert_eq!(of(REACH, Format::Las), None);
}

#[test]
fn text_is_judged_by_characters_and_encoding() {
    const CHARS: About = About::TextChars { only: &[Format::Text], most: 100 };
    let of = |about, utf8, chars, size| {
        let mut entry = entry("a.txt", Format::Text, Some(Measured::Words(Words { utf8, chars })));
        entry.fingerprint.size = size;
        said(about, &entry)
    };
    assert_eq!(of(CHARS, true, Some(101), 200), yes("101"));
    assert_eq!(of(CHARS, true, Some(100), 400), None);
    assert_eq!(of(CHARS, true, None, 404), yes("404\u{a0}B"), "four bytes make one character at the least");
    assert_eq!(of(CHARS, true, None, 403), None);
    assert!(of(About::TextNotUtf8, false, None, 9).is_some());
    assert!(of(About::TextNotUtf8, true, None, 9).is_none());
    assert!(said(About::TextNotUtf8, &entry("a.TXT", Format::Unknown, None)).is_some(), "meant as text by its name");
    assert!(said(About::TextNotUtf8, &entry("a.bin", Format::Unknown, None)).is_none());
}

#[test]
fn a_patients_name_holds_the_file_and_a_position_is_noted() {
    let patient = |named| entry("a.dcm", Format::Dicom, Some(Measured::Patient(Patient { named })));
    let look = |entry: &Entry| {
        let checked = checker(&[], "").look(0, entry);
        (checked.state, ids(&checked))
    };
    assert_eq!(look(&patient(Some(true))), (State::Blocked, vec!["dicom-patient-name"]));
    assert_eq!(look(&patient(Some(false))), (State::Ready, vec![]));
    assert_eq!(look(&patient(None)), (State::Ready, vec![]));
    let photo = entry("a.jpg", Format::Jpeg, Some(Measured::Picture(Picture { gps: true, first_of_many: false })));
    assert_eq!(look(&photo), (State::Ready, vec!["photo-gps"]));
    let document = entry("a.pdf", Format::Pdf, Some(Measured::Pages(Pages { pages: Some(101) })));
    assert_eq!(said(About::PdfPages(100), &document), yes("101"));
    assert_eq!(said(About::PdfPages(101), &document), None);
}

#[test]
fn a_packed_volume_has_the_name_that_it_should_have() {
    assert_eq!(found(&entry("brain.nii.gz", Format::NiftiGz, None)), [""; 0]);
    assert_eq!(found(&entry("brain.nii", Format::NiftiGz, None)), ["file-extension"]);
}

#[test]
fn figures_of_media_rules_read_well() {
    let of = |about| value(&rule("x", Severity::Note, about));
    assert_eq!(of(About::Formats(&[Format::Jpeg, Format::Png])), "JPEG, PNG");
    assert_eq!(of(About::KindBytes { only: &[], most: 256_000_000 }), "256\u{a0}MB");
    assert_eq!(of(About::ImagePixels { width: 9000, height: 9000 }), "9\u{202f}000 × 9\u{202f}000");
    assert_eq!(of(About::VideoCodecs(&["h264", "h265"])), "h264, h265");
}
