//! What only a walk over a stream tells: pictures of Matroska, bit rates of Ogg and FLAC, packed elements of DICOM.

use super::kinds::{self, element};
use super::measured::{film, patient, sound};
use super::*;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

const PICTURES: u8 = 1;
const SOUND: u8 = 2;

/// One block: its track, its time counted from the cluster's, and bytes of content.
fn block(track: u8, time: i16, flags: u8) -> Vec<u8> {
    [&[0x80 | track][..], &time.to_be_bytes(), &[flags], &[7; 40]].concat()
}

/// Pictures at these times, alone and in groups by turns, with sound between them.
fn cluster(from: u32, times: &[i16], sized: bool) -> Vec<u8> {
    let mut content = element(&[0xe7], &from.to_be_bytes());
    for (index, time) in times.iter().enumerate() {
        let picture = block(PICTURES, *time, 0);
        content.extend(match index % 2 {
            0 => element(&[0xa3], &picture),
            _ => element(&[0xa0], &[element(&[0xa1], &picture), element(&[0xfb], &[1])].concat()),
        });
        content.extend(element(&[0xa3], &block(SOUND, *time, 0)));
    }
    if sized {
        element(&[0x1f, 0x43, 0xb6, 0x75], &content)
    } else {
        [&b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff"[..], &content].concat()
    }
}

fn webm(clusters: &[Vec<u8>]) -> Vec<u8> {
    let track = |number: u8, kind: u8| element(&[0xae], &[element(&[0xd7], &[number]), element(&[0x83], &[kind])].concat());
    let parts = [
        element(&[0x15, 0x49, 0xa9, 0x66], &element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes())),
        element(&[0x16, 0x54, 0xae, 0x6b], &[track(SOUND, 2), track(PICTURES, 1)].concat()),
        clusters.concat(),
        element(&[0x1c, 0x53, 0xbb, 0x6b], &[0; 9]),
    ];
    [element(&[0x1a, 0x45, 0xdf, 0xa3], b"abcd"), element(&[0x18, 0x53, 0x80, 0x67], &parts.concat())].concat()
}

#[test]
fn pictures_of_matroska_are_counted_and_their_pace_is_told() {
    for sized in [true, false] {
        let met = film(&webm(&[cluster(0, &[0, 80, 40, 120], sized), cluster(160, &[0, 40, 80], sized)]));
        assert_eq!((met.frames, met.constant, met.per_kilosecond), (Some(7), Some(true), Some(25_000)), "{sized}");
    }
    let rounded = film(&webm(&[cluster(0, &[0, 33, 67, 100, 133], true)]));
    assert_eq!((rounded.constant, rounded.per_kilosecond), (Some(true), Some(30_075)), "rounded to milliseconds");
    let uneven = film(&webm(&[cluster(0, &[0, 33, 67, 140, 150], true)]));
    assert_eq!((uneven.frames, uneven.constant), (Some(5), Some(false)));
}

#[test]
fn pictures_that_cannot_all_be_looked_at_are_not_counted() {
    let laced = element(&[0xa3], &block(PICTURES, 0, 2));
    let odd = [cluster(0, &[0, 40], true), vec![0; 30]].concat();
    for content in [webm(&[laced]), webm(&[odd]), webm(&[])] {
        let frames = media(&content).measured.map(|measured| format!("{measured:?}"));
        assert!(frames.is_none_or(|said| said.contains("frames: None")));
    }
    let whole = webm(&[cluster(0, &[0, 40, 80], true)]);
    let cut = media(&whole[..whole.len() - 60]);
    assert!(cut.cut_off);
}

/// A page of Ogg: packets of these lengths, which are counted up to `samples`.
fn page(samples: u64, packets: &[Vec<u8>]) -> Vec<u8> {
    let mut table = Vec::new();
    for packet in packets {
        table.extend(std::iter::repeat_n(255, packet.len() / 255));
        table.push((packet.len() % 255) as u8);
    }
    let mut out = b"OggS\0\0".to_vec();
    out.extend(samples.to_le_bytes());
    out.resize(26, 0);
    out.push(table.len() as u8);
    [out, table, packets.concat()].concat()
}

fn vorbis(highest: i32, usual: i32, lowest: i32) -> Vec<u8> {
    let rates = [highest, usual, lowest].map(i32::to_le_bytes).concat();
    let head = [&b"\x01vorbis\0\0\0\0\x02"[..], &44_100_u32.to_le_bytes(), &rates, &[0xb8, 1]].concat();
    [page(0, &[head]), page(441_000, &[vec![5; 10_000], vec![6; 10_000]])].concat()
}

fn opus(lengths: &[usize]) -> Vec<u8> {
    let head = [&b"OpusHead\x01\x01\0\0"[..], &16_000_u32.to_le_bytes(), &[0, 0, 0]].concat();
    let pages: Vec<_> =
        lengths.chunks(20).map(|some| page(480_000, &some.iter().map(|length| vec![3; *length]).collect::<Vec<_>>())).collect();
    [page(0, &[head]), page(0, &[[&b"OpusTags"[..], &[9; 600]].concat()]), pages.concat()].concat()
}

#[test]
fn ogg_says_whether_its_bit_rate_changes() {
    for (rates, constant) in [
        ((0, 128_000, 0), false),
        ((-1, 128_000, -1), false),
        ((128_000, 128_000, 128_000), true),
        ((160_000, 128_000, 96_000), false),
    ] {
        let met = sound(&vorbis(rates.0, rates.1, rates.2));
        assert_eq!((met.constant, met.kbits, met.millis), (Some(constant), Some((16, 16)), Some(10_000)), "{rates:?}");
    }
    let steady = [vec![160; 99], vec![40]].concat();
    assert_eq!(sound(&opus(&steady)).constant, Some(true), "only the last packet is shorter");
    let changing: Vec<_> = (0..100).map(|at| 120 + at % 7).collect();
    let met = sound(&opus(&changing));
    assert_eq!((met.constant, met.kbits, met.channels), (Some(false), Some((10, 10)), Some(1)));
    assert_eq!(sound(&opus(&[300; 2])).constant, None, "too few to say");
    assert_eq!(sound(&opus(&[600; 60])).constant, Some(true), "longer than a segment");
}

#[test]
fn flac_tells_its_average() {
    let packed = 44_100_u64 << 44 | 1 << 41 | 15 << 36 | 441_000;
    let stream = [&[0; 10][..], &packed.to_be_bytes(), &[0; 16]].concat();
    let met = sound(&[&b"fLaC\x80\0\0\x22"[..], &stream, &[0xff; 1_000_000]].concat());
    assert_eq!((met.constant, met.kbits, met.millis, met.channels), (Some(false), Some((800, 800)), Some(10_000), Some(2)));
}

/// The same picture with its elements packed; `more` bytes that do not get smaller stand before the patient.
fn deflated(name: &[u8], more: usize) -> Vec<u8> {
    let plain = kinds::dicom(true, name);
    let from = plain.windows(2).position(|two| two == [8, 0]).expect("the first element behind the head");
    let (head, elements) = plain.split_at(from);
    let mut noise = 1_u32;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 24) as u8
    };
    let private =
        [&b"\x09\0\x10\0OW\0\0"[..], &(more as u32).to_le_bytes(), &(0..more).map(|_| next()).collect::<Vec<_>>()].concat();
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&[&private, elements].concat()).expect("packed");
    let mut head = head.to_vec();
    let uid = b"1.2.840.10008.1.2.1.99";
    let at = head.len() - 20;
    assert_eq!(&head[at..], b"1.2.840.10008.1.2.1\0");
    head.truncate(at - 2);
    head.extend((uid.len() as u16).to_le_bytes());
    [head, uid.to_vec(), packed.finish().expect("packed")].concat()
}

#[test]
fn a_patients_name_is_found_in_packed_elements() {
    let met = media(&deflated(b"DOE^JANE", 0));
    assert_eq!((met.format, met.width, met.height), (Format::Dicom, 512, 256));
    assert_eq!(patient(&deflated(b"DOE^JANE", 0)), Some(true));
    assert_eq!(patient(&deflated(b"^^  ", 100_000)), Some(false));
    assert_eq!(patient(&deflated(b"", 2_000_000)), None, "what lies further on is not said to be without a name");
    let whole = deflated(b"", 0);
    assert_eq!(patient(&whole[..whole.len() - 40]), None, "cut off");
}
