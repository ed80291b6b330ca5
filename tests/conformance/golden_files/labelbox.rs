//! Labelbox's golden folder.

use super::{Golden, file, film, pages, sound, taken_somewhere, words};
use gantry_model::Format;
use gantry_model::measured::{Film, Measured};

/// Files about which both ways say the same.
pub fn files() -> Vec<Golden> {
    let mut all = films();
    all.extend(names());
    all.extend([
        file("birds/good.jpg", Format::Jpeg, &[]).pixels(9000, 9000),
        file("home.jpg", Format::Jpeg, &["photo-gps"]).with(taken_somewhere()),
        file("wide.png", Format::Png, &["labelbox-image-pixels"]).pixels(9001, 10),
        file("high.png", Format::Png, &["labelbox-image-pixels"]).pixels(10, 9001),
        file("cloud.ply", Format::Ply, &["labelbox-kinds"]),
        file("raw.bin", Format::Unknown, &["labelbox-kinds"]),
        file("good.mp3", Format::Mp3, &[]).with(sound(false)),
        file("good.wav", Format::Wav, &[]),
        file("other.flac", Format::Flac, &["labelbox-audio-formats"]),
        file("phone.m4a", Format::M4a, &["labelbox-audio-m4a"]),
        file("good.txt", Format::Text, &[]).with(words(true)),
        file("latin.txt", Format::Text, &["labelbox-text-utf8"]).with(words(false)),
        file("utf16.txt", Format::Unknown, &["labelbox-kinds", "labelbox-text-utf8"]),
        file("read.md", Format::Markdown, &["labelbox-text-formats"]).with(words(true)),
        file("talk.json", Format::Json, &[]).with(words(true)),
    ]);
    all
}

fn films() -> Vec<Golden> {
    let of = |film| Measured::Film(film);
    vec![
        file("good.mp4", Format::Mp4, &[]).with(of(film())).bytes(256_000_000),
        file("newer.mp4", Format::Mp4, &[]).with(of(Film { codec: "h265".into(), ..film() })),
        file("other.mov", Format::Mov, &["labelbox-video-formats"]).with(of(film())),
        file("codec.mp4", Format::Mp4, &["labelbox-video-codecs"]).with(of(Film { codec: "av1".into(), ..film() })),
        file("long.mp4", Format::Mp4, &["labelbox-video-frames"]).with(of(Film { frames: Some(20_001), ..film() })),
        file("narrow.mp4", Format::Mp4, &["labelbox-video-pixels"]).with(of(Film { square: Some(false), ..film() })),
        file("phone.mp4", Format::Mp4, &["labelbox-video-frame-rate"]).with(of(Film { constant: Some(false), ..film() })),
        file("large.mp4", Format::Mp4, &["labelbox-video-bytes-before"]).with(of(film())).bytes(1_024_000_000),
        file("unsure.mp4", Format::Mp4, &["labelbox-video-bytes-unsure"]).with(of(film())).bytes(1_073_741_824),
        file("larger.mp4", Format::Mp4, &["labelbox-video-bytes"]).with(of(film())).bytes(1_073_741_825),
    ]
}

fn names() -> Vec<Golden> {
    let long = format!("{}.jpg", "x".repeat(195));
    vec![
        file("a (1) & b's, c;d=e@f$g!.jpg", Format::Jpeg, &[]),
        file(&"y".repeat(198), Format::Jpeg, &[]),
        file(&long, Format::Jpeg, &["labelbox-key-length"]),
        file("50%~.jpg", Format::Jpeg, &["labelbox-key-characters"]),
        file("Bird.jpg", Format::Jpeg, &["key-case-twins", "labelbox-key-capitals"]).beside(&file("bird.jpg", Format::Jpeg, &[])),
    ]
}

/// Files about which its own storage says more.
pub fn uploaded() -> Vec<Golden> {
    vec![
        file("fits.jpg", Format::Jpeg, &[]).bytes(256_000_000),
        file("unsure.jpg", Format::Jpeg, &["labelbox-file-bytes-unsure"]).bytes(268_435_456),
        file("larger.jpg", Format::Jpeg, &["labelbox-file-bytes"]).bytes(268_435_457),
        file("larger.wav", Format::Wav, &["labelbox-file-bytes"]).bytes(268_435_457),
        file("larger.txt", Format::Text, &["labelbox-file-bytes"]).with(words(true)).bytes(268_435_457),
        file("map.tif", Format::Tiff, &["labelbox-image-formats-by-upload"]),
        file("moving.gif", Format::Gif, &["labelbox-image-formats-by-upload"]),
        file("scan.dcm", Format::Dicom, &["labelbox-image-formats-by-upload"]),
        file("page.html", Format::Html, &["labelbox-html-by-upload"]).with(words(true)),
        file("short.pdf", Format::Pdf, &["labelbox-pdf-by-upload"]).with(pages(15)).bytes(20_000_000),
        file("middle.pdf", Format::Pdf, &["labelbox-pdf-by-upload", "labelbox-pdf-ocr-pages"]).with(pages(100)),
        file("long.pdf", Format::Pdf, &["labelbox-pdf-by-upload", "labelbox-pdf-ocr-pages", "labelbox-pdf-pages"])
            .with(pages(101)),
        file("heavy.pdf", Format::Pdf, &["labelbox-pdf-by-upload", "labelbox-pdf-ocr-bytes"]).with(pages(3)).bytes(20_000_001),
        file("a#b.jpg", Format::Jpeg, &["labelbox-key-characters"]),
    ]
}

/// Files that it judges otherwise where it reads them from a bucket.
pub fn read() -> Vec<Golden> {
    vec![
        file("large.jpg", Format::Jpeg, &[]).bytes(1 << 40),
        file("map.tif", Format::Tiff, &["labelbox-tiff"]),
        file("moving.gif", Format::Gif, &["labelbox-image-formats"]),
        file("scan.dcm", Format::Dicom, &["labelbox-dicom"]),
        file("page.html", Format::Html, &[]).with(words(true)),
        file("short.pdf", Format::Pdf, &[]).with(pages(15)).bytes(20_000_000),
        file("middle.pdf", Format::Pdf, &["labelbox-pdf-ocr-pages"]).with(pages(100)),
        file("long.pdf", Format::Pdf, &["labelbox-pdf-ocr-pages", "labelbox-pdf-pages"]).with(pages(101)),
        file("heavy.pdf", Format::Pdf, &["labelbox-pdf-ocr-bytes"]).with(pages(3)).bytes(20_000_001),
        file("a#b.jpg", Format::Jpeg, &["labelbox-address-characters", "labelbox-key-characters"]),
    ]
}
