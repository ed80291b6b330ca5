//! Segments.ai's golden folder.

use super::{Golden, cloud, file, film, taken_somewhere};
use gantry_model::Format;
use gantry_model::measured::{Cloud, Measured};

/// Files about which both ways say the same.
pub fn files() -> Vec<Golden> {
    let of = |cloud| Measured::Cloud(cloud);
    vec![
        file("birds/good.jpg", Format::Jpeg, &[]),
        file("good.png", Format::Png, &[]),
        file("good.bmp", Format::Bmp, &[]),
        file("moving.gif", Format::Gif, &["segments-image-formats"]),
        file("film.mp4", Format::Mp4, &["segments-kinds"]).with(Measured::Film(film())),
        file("notes.txt", Format::Text, &["segments-kinds"]),
        file("sound.wav", Format::Wav, &["segments-kinds"]),
        file("paper.pdf", Format::Pdf, &["segments-kinds"]),
        file("all.zip", Format::Zip, &["segments-archives"]),
        file("kitti.bin", Format::Unknown, &["segments-unknown"]),
        file("packed.laz", Format::Laz, &["segments-las-compressed"]).with(of(cloud("1.4", "laz"))),
        file("older.las", Format::Las, &["segments-las-tasks", "segments-las-version"]).with(of(cloud("1.2", ""))),
        file("good.las", Format::Las, &["segments-las-tasks"]).with(of(cloud("1.4", ""))),
        file("good.pcd", Format::Pcd, &[]).with(of(cloud("0.7", "binary"))),
        file("text.pcd", Format::Pcd, &[]).with(of(cloud("0.7", "ascii"))),
        file("older.pcd", Format::Pcd, &["segments-pcd-version"]).with(of(cloud("0.6", "ascii"))),
        file("packed.pcd", Format::Pcd, &["segments-pcd-data"]).with(of(cloud("0.7", "binary_compressed"))),
        file("doubles.pcd", Format::Pcd, &["segments-pcd-floats"])
            .with(of(Cloud { float32: Some(false), ..cloud("0.7", "binary") })),
        file("near.ply", Format::Ply, &[]).with(of(Cloud { reach: Some(165_958), ..cloud("1.0", "ascii") })),
        file("far.ply", Format::Ply, &["segments-coordinates"]).with(of(Cloud { reach: Some(165_959), ..cloud("1.0", "ascii") })),
        file("good.splat", Format::Splat, &[]),
    ]
}

/// Files about which its own storage says more.
pub fn uploaded() -> Vec<Golden> {
    vec![
        file("fits.jpg", Format::Jpeg, &[]).bytes(100_000_000),
        file("unsure.jpg", Format::Jpeg, &["segments-file-bytes-unsure"]).bytes(100_000_001),
        file("still-unsure.jpg", Format::Jpeg, &["segments-file-bytes-unsure"]).bytes(104_857_600),
        file("larger.jpg", Format::Jpeg, &["segments-file-bytes"]).bytes(104_857_601),
        file("home.jpg", Format::Jpeg, &["photo-gps", "segments-public-address"]).with(taken_somewhere()),
    ]
}
