//! Cut-off, damaged and hostile content.

use super::kinds::{self, Track};
use super::made::{self, picture};
use super::*;
use gantry_model::MediaKind;
use proptest::prelude::*;
use std::sync::LazyLock;

#[test]
fn pictures_that_end_too_early_are_noticed_wherever_they_are_cut() {
    for format in made::PICTURES {
        let whole = picture(format, 60, 50);
        for length in 40..whole.len() {
            // A cut right behind a byte that is the closing mark of GIF cannot be told from the end.
            if format == Format::Gif && whole[length - 1] == 0x3b {
                continue;
            }
            let media = media(&whole[..length]);
            assert_eq!(media.format, format);
            assert!(media.cut_off, "{format:?} cut at {length} of {}", whole.len());
        }
    }
}

#[test]
fn other_files_that_end_too_early_are_noticed() {
    let mut cut: Vec<(Vec<u8>, Format)> = vec![
        (made::pcd(51, 50), Format::Pcd),
        (made::ply(51, 50), Format::Ply),
        (made::las(51, 50), Format::Las),
        (made::bmff(b"isom", 640, 480, false), Format::Mp4),
        (made::still(b"heic", 640, 480, 0), Format::Heic),
        (made::avi(640, 480), Format::Avi),
    ];
    cut.iter_mut().skip(3).for_each(|(content, _)| content.truncate(content.len() - 20));
    let sound = [Format::Wav, Format::Ogg, Format::Webm, Format::Zip, Format::Pdf];
    for (mut content, format) in made::others().into_iter().filter(|(_, format)| sound.contains(format)) {
        content.truncate(content.len() - 10);
        cut.push((content, format));
    }
    for (content, format) in cut {
        let media = media(&content);
        assert_eq!((media.format, media.cut_off), (format, true), "{format:?}");
    }
}

#[test]
fn a_recording_without_its_index_broke_off() {
    let film = made::bmff(b"isom", 640, 480, false);
    assert!(media(&film[..16 + 508]).cut_off, "everything but the index is there");
}

#[test]
fn a_download_that_was_filled_up_with_zeros_is_cut_off() {
    for format in [Format::Jpeg, Format::Png] {
        let mut content = picture(format, 60, 50);
        let half = content.len() / 2;
        content[half..].fill(0);
        let media = media(&content);
        assert!(media.cut_off || media.damaged, "{format:?}: {media:?}");
    }
}

#[test]
fn content_that_contradicts_itself_is_damaged() {
    let mut png = picture(Format::Png, 60, 50);
    png[19] ^= 1;
    assert!(media(&png).damaged, "the header's checksum does not fit");
    let mut bmp = picture(Format::Bmp, 60, 50);
    bmp[26] = 9;
    assert!(media(&bmp).damaged, "a BMP has one plane");
    assert!(media(b"\xff\xd8\xff\xe0\0\x04ab no marker here").damaged);
    assert!(media(b"\xff\xd8\xff\xd9").damaged, "an end before any picture");
    let mut webp = picture(Format::Webp, 60, 50);
    webp[12..16].copy_from_slice(b"JUNK");
    assert!(media(&webp).damaged);
}

static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(samples);

/// Content of every kind, whole.
fn samples() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = made::PICTURES.iter().map(|format| picture(*format, 20, 15)).collect();
    all.extend(made::others().into_iter().map(|(content, _)| content));
    all.push(made::with_exif(&all[0], &made::exif(6, true)));
    all.extend([made::bmff(b"qt  ", 640, 480, true), made::still(b"avif", 640, 480, 1), made::avi(9, 9)]);
    all.extend([made::raw_camera_file(), made::webp_extended(9, 9, &made::exif(3, false)), b"{\"a\":[1,2]}".to_vec()]);
    all.extend(measured_samples());
    all
}

/// Content whose readers go deeper.
fn measured_samples() -> Vec<Vec<u8>> {
    let points = [[1.0, 2.0, 3.0], [4.0, 5.0, -6.0]];
    let narrow = [[1.0, 2.0, 3.0], [4.0, 5.0, -6.0]];
    let gps = kinds::exif_with_gps(true);
    vec![
        [kinds::mp3_tag(b"Xing", 90), kinds::mp3_changing(90)].concat(),
        [kinds::mp3_tag(b"VBRI", 9), kinds::mp3_changing(9)].concat(),
        kinds::wav(800, 1, 1),
        kinds::m4a(&[300; 300]),
        kinds::film(&Track { pixel: Some((4, 3)), times: vec![(9, 40), (9, 41)], ..Track::default() }),
        kinds::webm(b"V_VP9", 640, 854),
        kinds::pcd("0.7", "binary", 4, &points),
        kinds::pcd("0.7", "ascii", 4, &points),
        kinds::pcd("0.7", "binary_compressed", 8, &points),
        kinds::ply("ascii", &narrow),
        kinds::ply("binary_big_endian", &narrow),
        kinds::las(4, 6, 9.5),
        kinds::las(2, 0x83, 9.5),
        kinds::pdf_lines(3),
        kinds::pdf_streams(3),
        kinds::pdf_added(3, 4),
        kinds::dicom(true, b"DOE^JANE"),
        kinds::dicom(false, b"DOE^JANE"),
        kinds::nifti(),
        kinds::gzip(&kinds::nifti()),
        b"NRRD0004\nsizes: 2 3 4\n\n".to_vec(),
        kinds::heic_with_exif(&gps),
        made::with_exif(&picture(Format::Jpeg, 20, 15), &gps),
        gps,
        "größe ".repeat(99).into_bytes(),
        b"<!doctype html><p>words".to_vec(),
    ]
}

/// Content that goes on over and over for as long as its reader likes, and counts what is read.
struct Endless(Vec<u8>, Cell<u64>);

impl At for Endless {
    fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let mut done = 0;
        while done < into.len() {
            let from = ((at + done as u64) % self.0.len() as u64) as usize;
            let length = (self.0.len() - from).min(into.len() - done);
            into[done..done + length].copy_from_slice(&self.0[from..from + length]);
            done += length;
        }
        self.1.set(self.1.get() + into.len() as u64);
        Ok(into.len())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn no_content_makes_a_reader_fail(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut content = SAMPLES[which.index(SAMPLES.len())].clone();
        for (at, byte) in changes {
            let at = at.index(content.len());
            content[at] = byte;
        }
        if cut {
            content.truncate(length.index(content.len()));
        }
        let media = media(&content);
        prop_assert!(media.looked && media.orientation <= 8);
        prop_assert!(!(media.cut_off && media.damaged));
    }

    #[test]
    fn noise_behind_any_mark_makes_no_reader_fail(
        which in any::<prop::sample::Index>(), keep in 0_usize..40, noise in prop::collection::vec(any::<u8>(), 0..9000),
    ) {
        let sample = &SAMPLES[which.index(SAMPLES.len())];
        let content = [&sample[..keep.min(sample.len())], &noise].concat();
        prop_assert!(media(&content).looked);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_content_makes_a_reader_read_without_end(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        size in prop_oneof![Just(1_u64 << 21), Just(1_u64 << 33), Just(1_u64 << 62)],
    ) {
        let mut content = SAMPLES[which.index(SAMPLES.len())].clone();
        for (at, byte) in changes {
            let at = at.index(content.len());
            content[at] = byte;
        }
        let endless = Endless(content, Cell::new(0));
        let media = measure(&endless, size).expect("memory can be read");
        // Pictures are searched for their end; boxes are many small reads.
        let most = match media.format.kind() {
            MediaKind::Image | MediaKind::Video => 300 << 20,
            _ => 48 << 20,
        };
        prop_assert!(endless.1.get() <= most, "{:?}: {} bytes", media.format, endless.1.get());
    }
}
