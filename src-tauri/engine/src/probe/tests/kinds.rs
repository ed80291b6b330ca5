//! Small files with measured facts, made on the spot.

use super::made::{chunk, file_box, riff};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write;

/// A frame of MPEG-1 layer III, 44,100 Hz, two channels.
pub(super) fn mp3_frame(kbits: usize) -> Vec<u8> {
    const RATES: [usize; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    let step = RATES.iter().position(|rate| *rate == kbits).expect("a rate of the format") + 1;
    let mut frame = vec![0xff, 0xfb, (step as u8) << 4, 0x64];
    frame.resize(144 * kbits * 1000 / 44_100, 0);
    frame
}

/// A first frame that says how many follow: `Info`, `Xing` or `VBRI`.
pub(super) fn mp3_tag(mark: &[u8; 4], frames: u32) -> Vec<u8> {
    let mut frame = mp3_frame(128);
    frame[36..40].copy_from_slice(mark);
    if mark == b"VBRI" {
        frame[50..54].copy_from_slice(&frames.to_be_bytes());
    } else {
        frame[43] = 1;
        frame[44..48].copy_from_slice(&frames.to_be_bytes());
    }
    frame
}

/// `blocks` of frames of changing rates.
pub(super) fn mp3_changing(blocks: usize) -> Vec<u8> {
    (0..blocks).flat_map(|block| mp3_frame([128, 128, 160, 96][block / 40 % 4])).collect()
}

pub(super) fn wav(rate: u32, channels: u16, seconds: u32) -> Vec<u8> {
    let second = rate * u32::from(channels) * 2;
    let head = [
        &1_u16.to_le_bytes()[..],
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &second.to_le_bytes(),
        &(channels * 2).to_le_bytes(),
        &16_u16.to_le_bytes(),
    ];
    let sound = vec![0; (second * seconds) as usize];
    riff(b"WAVE", &[chunk(b"fmt ", &head.concat()), chunk(b"LIST", b"odd"), chunk(b"data", &sound)])
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// How a track is made.
pub(super) struct Track<'a> {
    pub(super) codec: &'a [u8; 4],
    pub(super) stored: (u16, u16),
    pub(super) shown: (u16, u16),
    pub(super) pixel: Option<(u32, u32)>,
    pub(super) scale: u32,
    /// How many pictures last how long.
    pub(super) times: Vec<(u32, u32)>,
}

impl Default for Track<'_> {
    fn default() -> Self {
        let (stored, scale, times) = ((640, 480), 30_000, vec![(300, 1001)]);
        Self { codec: b"avc1", stored, shown: stored, pixel: None, scale, times }
    }
}

fn trak(kind: &[u8; 4], entry: &[u8], scale: u32, times: &[(u32, u32)], sizes: &[u32], shown: (u16, u16)) -> Vec<u8> {
    let ticks: u32 = times.iter().map(|(many, lasts)| many * lasts).sum();
    let mut header = vec![0; 40];
    header.extend(numbers(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 1 << 30, u32::from(shown.0) << 16, u32::from(shown.1) << 16]));
    let mdhd = file_box(b"mdhd", &numbers(&[0, 0, 0, scale, ticks, 0]));
    let hdlr = file_box(b"hdlr", &[&[0; 8][..], kind, &[0; 13]].concat());
    let stsd = file_box(b"stsd", &[&numbers(&[0, 1])[..], entry].concat());
    let pairs: Vec<u32> = times.iter().flat_map(|(many, lasts)| [*many, *lasts]).collect();
    let stts = file_box(b"stts", &[numbers(&[0, times.len() as u32]), numbers(&pairs)].concat());
    let stsz = file_box(b"stsz", &[numbers(&[0, 0, sizes.len() as u32]), numbers(sizes)].concat());
    let minf = file_box(b"minf", &file_box(b"stbl", &[stsd, stts, stsz].concat()));
    let mdia = file_box(b"mdia", &[mdhd, hdlr, minf].concat());
    file_box(b"trak", &[file_box(b"tkhd", &header), mdia].concat())
}

fn container(brand: &[u8; 4], track: &[u8]) -> Vec<u8> {
    [file_box(b"ftyp", &[&brand[..], &[0; 4]].concat()), file_box(b"moov", track), file_box(b"mdat", &[9; 500])].concat()
}

pub(super) fn film(track: &Track<'_>) -> Vec<u8> {
    let mut entry = vec![0; 78];
    entry[24..26].copy_from_slice(&track.stored.0.to_be_bytes());
    entry[26..28].copy_from_slice(&track.stored.1.to_be_bytes());
    if let Some((across, down)) = track.pixel {
        entry.extend(file_box(b"pasp", &numbers(&[across, down])));
    }
    let frames: u32 = track.times.iter().map(|(many, _)| many).sum();
    let sizes = vec![1000; frames as usize];
    container(b"isom", &trak(b"vide", &file_box(track.codec, &entry), track.scale, &track.times, &sizes, track.shown))
}

/// Packed sound of samples of these sizes.
pub(super) fn m4a(sizes: &[u32]) -> Vec<u8> {
    let mut entry = vec![0; 28];
    entry[17] = 2;
    entry[24..26].copy_from_slice(&44_100_u16.to_be_bytes());
    container(b"M4A ", &trak(b"soun", &file_box(b"mp4a", &entry), 44_100, &[(sizes.len() as u32, 1024)], sizes, (0, 0)))
}

/// An element of EBML.
pub(super) fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.push(0x40 | (content.len() >> 8) as u8);
    out.push(content.len() as u8);
    out.extend(content);
    out
}

pub(super) fn webm(codec: &[u8], width: u16, shown: u16) -> Vec<u8> {
    let sides = [
        element(&[0xb0], &width.to_be_bytes()),
        element(&[0xba], &480_u16.to_be_bytes()),
        element(&[0x54, 0xb0], &shown.to_be_bytes()),
        element(&[0x54, 0xba], &480_u16.to_be_bytes()),
    ];
    let nanos = 40_000_000_u32.to_be_bytes();
    let track = [
        element(&[0x83], &[1]),
        element(&[0x86], codec),
        element(&[0x23, 0xe3, 0x83], &nanos),
        element(&[0xe0], &sides.concat()),
    ];
    let sound = element(&[0xae], &element(&[0x83], &[2]));
    let tracks = [sound, element(&[0xae], &track.concat())].concat();
    let head = [element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes()), element(&[0x44, 0x89], &2500_f32.to_be_bytes())];
    let parts = [
        element(&[0x15, 0x49, 0xa9, 0x66], &head.concat()),
        element(&[0x16, 0x54, 0xae, 0x6b], &tracks),
        element(&[0x1f, 0x43, 0xb6, 0x75], &[0; 90]),
    ];
    [element(&[0x1a, 0x45, 0xdf, 0xa3], b"abcd"), element(&[0x18, 0x53, 0x80, 0x67], &parts.concat())].concat()
}

/// A cloud of three axes and a colour; `kind` is `binary` or `ascii`.
pub(super) fn pcd(version: &str, kind: &str, bytes: usize, points: &[[f64; 3]]) -> Vec<u8> {
    let n = points.len();
    let mut out = format!(
        "# .PCD v{version} - a cloud\nVERSION {version}\nFIELDS x y z rgb\nSIZE {bytes} {bytes} {bytes} 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH {n}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {n}\nDATA {kind}\n"
    )
    .into_bytes();
    for point in points {
        match kind {
            "ascii" => out.extend(format!("{} {} {} 255\n", point[0], point[1], point[2]).into_bytes()),
            _ => {
                for axis in point {
                    if bytes == 8 { out.extend(axis.to_le_bytes()) } else { out.extend((*axis as f32).to_le_bytes()) }
                }
                out.extend([9; 4]);
            }
        }
    }
    out
}

pub(super) fn ply(kind: &str, points: &[[f32; 3]]) -> Vec<u8> {
    let n = points.len();
    let mut out = format!(
        "ply\nformat {kind} 1.0\ncomment made\nelement vertex {n}\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nend_header\n"
    )
    .into_bytes();
    for point in points {
        match kind {
            "ascii" => out.extend(format!("{} {} {} 7\n", point[0], point[1], point[2]).into_bytes()),
            "binary_big_endian" => out.extend(point.iter().flat_map(|axis| axis.to_be_bytes()).chain([7])),
            _ => out.extend(point.iter().flat_map(|axis| axis.to_le_bytes()).chain([7])),
        }
    }
    out
}

pub(super) fn las(minor: u8, format: u8, farthest: f64) -> Vec<u8> {
    let head = if minor >= 4 { 375 } else { 227 };
    let mut out = b"LASF".to_vec();
    out.resize(head, 0);
    (out[24], out[25], out[104]) = (1, minor, format);
    out[96..100].copy_from_slice(&(head as u32).to_le_bytes());
    out[105..107].copy_from_slice(&20_u16.to_le_bytes());
    if minor >= 4 {
        out[247..255].copy_from_slice(&5_u64.to_le_bytes());
    } else {
        out[107..111].copy_from_slice(&5_u32.to_le_bytes());
    }
    out[187..195].copy_from_slice(&(-farthest).to_le_bytes());
    out.extend([1; 100]);
    out
}

/// The objects of a document of so many pages.
fn objects(pages: usize) -> [String; 2] {
    let kids = "3 0 R ".repeat(pages);
    [
        "<< /Type /Catalog /Pages 2 0 R /Names << /Count 77 >> >>".into(),
        format!("<< /Type /Pages /Kids [ {kids}] /Count {pages} >>"),
    ]
}

/// A document whose index is lines of digits.
pub(super) fn pdf_lines(pages: usize) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects(pages).iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).into_bytes());
    }
    let index = out.len();
    out.extend(b"xref\n0 3\n0000000000 65535 f \n");
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").into_bytes()));
    out.extend(format!("trailer\n<< /Size 3 /Root 1 0 R /ID [<AB> <AB>] >>\nstartxref\n{index}\n%%EOF\n").into_bytes());
    out
}

/// The same, with some bytes added at the end that give it another number of pages.
pub(super) fn pdf_added(before: usize, pages: usize) -> Vec<u8> {
    let mut out = pdf_lines(before);
    let first = out.windows(5).position(|five| five == b"xref\n").expect("an index");
    let tree = out.len();
    out.extend(format!("2 0 obj\n{}\nendobj\n", objects(pages)[1]).into_bytes());
    let index = out.len();
    out.extend(format!("xref\n2 1\n{tree:010} 00000 n \ntrailer\n<< /Size 3 /Root 1 0 R /Prev {first} >>\n").into_bytes());
    out.extend(format!("startxref\n{index}\n%%EOF\n").into_bytes());
    out
}

pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("packed")
}

/// A document whose objects and index are in packed streams.
pub(super) fn pdf_streams(pages: usize) -> Vec<u8> {
    let [root, tree] = objects(pages);
    let head = format!("1 0 2 {} ", root.len() + 1);
    let content = packed(format!("{head}{root} {tree}").as_bytes());
    let mut out = b"%PDF-1.5\n".to_vec();
    let within = out.len() as u16;
    out.extend(
        format!(
            "4 0 obj\n<< /Type /ObjStm /N 2 /First {} /Length {} /Filter /FlateDecode >>\nstream\n",
            head.len(),
            content.len()
        )
        .into_bytes(),
    );
    out.extend(content);
    out.extend(b"\nendstream\nendobj\n");
    let index = out.len() as u16;
    let row = |kind: u8, place: u16, more: u8| [&[kind][..], &place.to_be_bytes(), &[more]].concat();
    let rows = [row(0, 0, 0), row(2, 4, 0), row(2, 4, 1), row(0, 0, 0), row(1, within, 0), row(1, index, 0)];
    let mut above = vec![0; 4];
    let mut filtered = Vec::new();
    for row in rows {
        filtered.push(2);
        filtered.extend(row.iter().zip(&above).map(|(byte, up): (&u8, &u8)| byte.wrapping_sub(*up)));
        above = row;
    }
    let content = packed(&filtered);
    out.extend(format!("5 0 obj\n<< /Type /XRef /Size 6 /Root 1 0 R /W [1 2 1] /DecodeParms << /Predictor 12 /Columns 4 >> /Filter /FlateDecode /Length {} >>\nstream\n", content.len()).into_bytes());
    out.extend(content);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{index}\n%%EOF\n").into_bytes());
    out
}

/// An element of DICOM; a kind with a long length when it has one.
fn dicom_element(explicit: bool, tag: (u16, u16), kind: &[u8; 2], content: &[u8]) -> Vec<u8> {
    let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    match (explicit, kind) {
        (true, b"SQ" | b"OW") => {
            out.extend([kind[0], kind[1], 0, 0]);
            out.extend((content.len() as u32).to_le_bytes());
        }
        (true, _) => {
            out.extend(kind);
            out.extend((content.len() as u16).to_le_bytes());
        }
        (false, _) => out.extend((content.len() as u32).to_le_bytes()),
    }
    out.extend(content);
    out
}

/// A medical picture of 512 by 256, with a sequence of unknown length before the patient.
pub(super) fn dicom(explicit: bool, name: &[u8]) -> Vec<u8> {
    let one = |tag, kind: &[u8; 2], content: &[u8]| dicom_element(explicit, tag, kind, content);
    let syntax: &[u8] = if explicit { b"1.2.840.10008.1.2.1\0" } else { b"1.2.840.10008.1.2\0" };
    let mut sequence = [8_u16.to_le_bytes(), 0x1140_u16.to_le_bytes()].concat();
    sequence.extend(if explicit { &b"SQ\0\0\xff\xff\xff\xff"[..] } else { &[0xff; 4] });
    sequence.extend(b"\xfe\xff\x00\xe0\xff\xff\xff\xff");
    sequence.extend(one((0x40, 1), b"SH", b"in it "));
    sequence.extend(b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0");
    [
        vec![0; 128],
        b"DICM".to_vec(),
        dicom_element(true, (2, 0x10), b"UI", syntax),
        one((8, 0x60), b"CS", b"MR"),
        sequence,
        one((0x10, 0x10), b"PN", name),
        one((0x10, 0x20), b"LO", b"17"),
        one((0x28, 0x10), b"US", &256_u16.to_le_bytes()),
        one((0x28, 0x11), b"US", &512_u16.to_le_bytes()),
        one((0x7fe0, 0x10), b"OW", &[0; 64]),
    ]
    .concat()
}

/// A volume of 64 by 32 by 2 cells of 16 bits.
pub(super) fn nifti() -> Vec<u8> {
    let mut out = vec![0; 352];
    out[..4].copy_from_slice(&348_u32.to_le_bytes());
    for (index, side) in [3_u16, 64, 32, 2].into_iter().enumerate() {
        out[40 + index * 2..42 + index * 2].copy_from_slice(&side.to_le_bytes());
    }
    out[72] = 16;
    out[108..112].copy_from_slice(&352_f32.to_le_bytes());
    out[344..348].copy_from_slice(b"n+1\0");
    out.extend((0..64 * 32 * 2 * 2).map(|cell| (cell % 251) as u8));
    out
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("packed")
}

/// An EXIF block with an orientation of 6 and the directory of a position; without fractions it holds none.
pub(super) fn exif_with_gps(fractions: bool) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let tag = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    out.extend([&[2, 0][..], &tag(274, 3, 1, 6), &tag(34_853, 4, 1, 38), &[0; 4]].concat());
    // The directory of the position begins at 38, its fractions behind it at 92.
    out.extend([&[4, 0][..], &tag(1, 2, 2, 0x4e), &tag(2, 5, 3, 92), &tag(3, 2, 2, 0x45), &tag(4, 5, 3, 116), &[0; 4]].concat());
    let one: u32 = if fractions { 1 } else { 0 };
    out.extend([48 * one, one, 11 * one, one, 0, one, 11 * one, one, 34 * one, one, 0, one].iter().flat_map(|n| n.to_le_bytes()));
    out
}

/// A phone's picture whose EXIF block is an item of its own.
pub(super) fn heic_with_exif(exif: &[u8]) -> Vec<u8> {
    let ispe = file_box(b"ispe", &numbers(&[0, 400, 300]));
    let ipma = vec![0, 0, 0, 0, 0, 0, 0, 1, 0, 7, 1, 0x81];
    let iprp = file_box(b"iprp", &[file_box(b"ipco", &ispe), file_box(b"ipma", &ipma)].concat());
    let infe = |item: u8, kind: &[u8; 4]| file_box(b"infe", &[&[2, 0, 0, 0, 0, item, 0, 0][..], kind, b"\0"].concat());
    let iinf = file_box(b"iinf", &[&[0, 0, 0, 0, 0, 2][..], &infe(7, b"hvc1"), &infe(9, b"Exif")].concat());
    let block = [&[0, 0, 0, 0][..], exif].concat();
    let ftyp = file_box(b"ftyp", b"heic\0\0\0\0mif1");
    let meta = |place: u32| {
        let of = |item: u8, place: u32, length: u32| [&[0, item, 0, 0, 0, 1][..], &numbers(&[place, length])].concat();
        let iloc = [&[0, 0, 0, 0, 0x44, 0, 0, 2][..], &of(7, place, 4), &of(9, place, block.len() as u32)].concat();
        let parts = [vec![0; 4], file_box(b"pitm", &[0, 0, 0, 0, 0, 7]), iinf.clone(), file_box(b"iloc", &iloc), iprp.clone()];
        file_box(b"meta", &parts.concat())
    };
    let place = (ftyp.len() + meta(0).len() + 8) as u32;
    [ftyp, meta(place), file_box(b"mdat", &block)].concat()
}
