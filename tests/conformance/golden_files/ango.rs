//! Ango Hub's golden folder.

use super::{Golden, cloud, file, film, pages, sound, words};
use gantry_model::Format;
use gantry_model::measured::Measured;

/// Files about which both ways say the same.
pub fn files() -> Vec<Golden> {
    vec![
        file("birds/good.jpg", Format::Jpeg, &[]).bytes(10_000_000),
        file("large.jpg", Format::Jpeg, &["ango-thumbnail"]).bytes(10_000_001),
        file("good.webp", Format::Webp, &[]),
        file("volume.nii.gz", Format::NiftiGz, &[]),
        file("moving.gif", Format::Gif, &["ango-image-formats"]),
        file("phone.heic", Format::Heic, &["ango-image-formats"]),
        file("steady.mp3", Format::Mp3, &[]).with(sound(true)),
        file("varying.mp3", Format::Mp3, &["ango-audio-bit-rate"]).with(sound(false)),
        file("phone.m4a", Format::M4a, &["ango-audio-formats"]),
        file("good.flac", Format::Flac, &[]),
        file("good.avi", Format::Avi, &[]).with(Measured::Film(film())),
        file("good.txt", Format::Text, &[]).with(words(true)),
        file("good.pdf", Format::Pdf, &[]).with(pages(500)),
        file("all.zip", Format::Zip, &["ango-kinds"]),
    ]
}

/// Files about which its own storage says more.
pub fn uploaded() -> Vec<Golden> {
    vec![
        file("cloud.pcd", Format::Pcd, &["ango-clouds-by-upload"]).with(Measured::Cloud(cloud("0.7", "binary"))),
        file("a b+c.jpg", Format::Jpeg, &[]),
    ]
}

/// Files that it judges otherwise where it reads them from a bucket.
pub fn read() -> Vec<Golden> {
    vec![
        file("cloud.pcd", Format::Pcd, &[]).with(Measured::Cloud(cloud("0.7", "binary"))),
        file("a b+c.jpg", Format::Jpeg, &["ango-address-spaces"]),
    ]
}
