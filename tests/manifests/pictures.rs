//! Pictures of rows: nobody is asked before the person said so, as little is fetched as the format allows, and what is
//! secret in an address stays behind. Look-ups: how far they are, and what a stop leaves.

use super::bench::{lay, settled};
use super::file;
use bytes::Bytes;
use gantry_engine::bench::Bench;
use gantry_engine::journal::KeptObjects;
use gantry_engine::manifest::Looking;
use gantry_engine::thumbs::Thumbs;
use gantry_model::MediaKind;
use gantry_model::view::BenchFilter;
use image::ImageFormat;
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::pictures::{encoded, quarters};
use testkit::scripted_server::{Asked, Reply, ScriptedServer};
use tokio::runtime::Runtime;

const CANARY: &str = "canary0123456789";
const SIDE: u32 = 96;

fn looking(private: bool) -> Looking {
    let objects = gantry_destinations::objects(&[], private, Duration::from_secs(60)).expect("eyes");
    Looking { objects, kept: KeptObjects::nowhere(), at_once: 4, per_second: 0 }
}

/// The bytes that were asked for, as a server with ranges gives them.
fn ranged(asked: &Asked, whole: &[u8]) -> Reply {
    let range = asked.headers.get("range").and_then(|value| value.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = range else { return Reply::body(200, Bytes::copy_from_slice(whole)) };
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    let to = to.min(whole.len() - 1);
    let part = Bytes::copy_from_slice(&whole[from..=to]);
    Reply::body(206, part).with("content-range", &format!("bytes {from}-{to}/{}", whole.len())).with("etag", "\"1\"")
}

/// A large JPEG file with a small picture in its beginning: two directories of tags, the second one names it.
fn photo() -> Vec<u8> {
    let noise = image::RgbImage::from_fn(800, 600, |x, y| image::Rgb([((x * 7) ^ (y * 13)) as u8, (x * y) as u8, (x ^ y) as u8]));
    let (large, inner) = (encoded(&noise.into(), ImageFormat::Jpeg), encoded(&quarters(160, 120, 3), ImageFormat::Jpeg));
    let mut block = b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\x02\0".to_vec();
    for (tag, value) in [(0x0201_u16, 44), (0x0202, u32::try_from(inner.len()).expect("small"))] {
        block.extend([&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &u32::to_le_bytes(value)].concat());
    }
    block.extend([0; 4]);
    block.extend(&inner);
    let length = u16::try_from(block.len() + 8).expect("small").to_be_bytes();
    [&large[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &block, &large[2..]].concat()
}

fn server(runtime: &Runtime) -> ScriptedServer {
    let (small, large) = (encoded(&quarters(300, 200, 7), ImageFormat::Png), encoded(&quarters(300, 200, 7), ImageFormat::Bmp));
    let photo = photo();
    let start = ScriptedServer::start(move |asked, _| match asked.path.as_str() {
        "/small.png" | "/signed.png" | "/nameless" => ranged(asked, &small),
        "/photo.jpg" => ranged(asked, &photo),
        "/large.bmp" => ranged(asked, &large),
        "/whole.bmp" => Reply::body(200, Bytes::copy_from_slice(&large)),
        "/huge.bmp" => {
            let head = Bytes::copy_from_slice(&large[..48 << 10]);
            Reply::body(206, head).with("content-range", "bytes 0-49151/30000000").with("etag", "\"1\"")
        }
        "/words.png" => ranged(asked, b"These are words and no picture."),
        "/cut.png" => ranged(asked, &small[..small.len() / 2]),
        "/silent.png" => Reply::Silence(Duration::from_secs(60)),
        _ => Reply::body(404, ""),
    });
    runtime.block_on(start).expect("it starts")
}

const PATHS: &[&str] = &[
    "/small.png",
    "/photo.jpg",
    "/large.bmp",
    "/whole.bmp",
    "/huge.bmp",
    "/words.png",
    "/cut.png",
    "/gone.png",
    "/film.mp4",
    "/nameless",
    "/signed.png?X-Amz-Signature=canary0123456789&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60",
];

fn manifest(server: &ScriptedServer, paths: &[&str]) -> String {
    let row =
        |(at, path): (usize, &&str)| json!({"data": format!("{}{path}", server.endpoint()), "externalId": format!("k{at}")});
    let rows: Vec<String> = paths.iter().enumerate().map(|(at, path)| row((at, path)).to_string()).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// Width and height of a row's picture, or why there is none.
fn looks(bench: &Bench, thumbs: &Thumbs, row: u64) -> Result<(u32, u32), String> {
    let got = bench.picture(row, SIDE, thumbs).expect("a row");
    let picture = got.map_err(|none| none.why)?;
    let picture = image::load_from_memory(&picture).expect("a picture");
    Ok((picture.width(), picture.height()))
}

#[test]
fn nobody_is_asked_for_a_picture_before_a_yes_and_no_private_place_without_another() {
    let runtime = Runtime::new().expect("a runtime");
    let server = server(&runtime);
    let (_folder, path) = file("a.json", manifest(&server, PATHS));
    let (bench, thumbs) = (lay(&path), Thumbs::new());
    let view = settled(&bench);
    let host = server.endpoint().trim_start_matches("http://").to_owned();
    assert_eq!((view.pictures.on, view.pictures.hosts, &view.pictures.named), (false, 1, &vec![host]));
    let page = bench.page(&BenchFilter::default(), 0, 50).expect("a page");
    assert_eq!((page.rows[0].picture, page.rows[0].kind), (true, MediaKind::Image));
    assert_eq!((page.rows[8].picture, page.rows[8].kind), (false, MediaKind::Video));
    assert!(!serde_json::to_string(&page).expect("JSON").contains(CANARY));
    assert_eq!(looks(&bench, &thumbs, 1), Err(String::new()), "they are not wanted");
    assert_eq!(server.asked().len(), 0, "somebody was asked");

    bench.show_pictures(looking(false), false);
    assert!(looks(&bench, &thumbs, 1).is_err_and(|why| why.contains("private network")));
    let (_other, path) = file("b.json", r#"[{"data": "s3://pics/a.png", "externalId": "a"}]"#);
    let stores = lay(&path);
    assert_eq!(settled(&stores).pictures.named, ["s3://pics"]);
    stores.show_pictures(looking(false), false);
    assert!(looks(&stores, &thumbs, 1).is_err_and(|why| why.contains("not connected")));
    assert_eq!(server.asked().len(), 0, "a private place was asked");
    let view = bench.view();
    assert_eq!((view.pictures.on, view.pictures.private, view.pictures.refused), (true, false, true));

    bench.show_pictures(looking(true), true);
    assert_eq!(looks(&bench, &thumbs, 1), Ok((96, 64)));
    assert!(!bench.view().pictures.refused);
    let asked = server.asked().len();
    bench.hide_pictures();
    assert_eq!(looks(&bench, &thumbs, 2), Err(String::new()));
    // The yes was to the text that was there.
    bench.show_pictures(looking(true), true);
    bench.again().expect("read again");
    assert!(!settled(&bench).pictures.on);
    assert_eq!(server.asked().len(), asked);
}

#[test]
fn as_little_is_fetched_as_the_format_allows_and_what_has_no_picture_says_why() {
    let runtime = Runtime::new().expect("a runtime");
    let server = server(&runtime);
    let (_folder, path) = file("a.json", manifest(&server, PATHS));
    let (bench, thumbs) = (lay(&path), Thumbs::new());
    settled(&bench);
    bench.show_pictures(looking(true), true);
    let asked = |row: u64| -> (Result<(u32, u32), String>, usize) {
        let before = server.asked().len();
        (looks(&bench, &thumbs, row), server.asked().len() - before)
    };
    assert_eq!(asked(1), (Ok((96, 64)), 1), "it is whole in the first bytes");
    assert_eq!(asked(2), (Ok((96, 72)), 1), "its camera left a small one in the first bytes");
    assert_eq!(asked(3), (Ok((96, 64)), 2));
    assert_eq!(asked(4), (Ok((96, 64)), 3), "a server without ranges gives all of it");
    for (row, why, questions) in [
        (5, "30.0\u{a0}MB", 1),
        (6, "no picture", 1),
        (7, "cannot be drawn", 1),
        (8, "Nothing is there", 1),
        (9, "no picture", 0),
    ] {
        let (said, count) = asked(row);
        assert!(said.as_ref().is_err_and(|said| said.contains(why)), "row {row}: {said:?}");
        assert_eq!(count, questions, "row {row}");
        assert_eq!(asked(row), (said, 0), "row {row} was asked for again");
    }
    assert_eq!(asked(10), (Ok((96, 64)), 1), "an address without an ending is looked at");
    assert_eq!(asked(11), (Ok((96, 64)), 1));
    assert_eq!(asked(11), (Ok((96, 64)), 0), "what was made lately is kept");
    assert!(server.asked().iter().all(|one| !one.headers.contains_key("authorization") && !one.headers.contains_key("referer")));
}

#[test]
fn a_repair_shows_the_picture_of_the_repaired_address() {
    let runtime = Runtime::new().expect("a runtime");
    let small = encoded(&quarters(300, 200, 7), ImageFormat::Png);
    let start = ScriptedServer::start(move |asked, _| match asked.path.as_str() {
        "/a%20b.png" => ranged(asked, &small),
        _ => Reply::body(404, ""),
    });
    let server = runtime.block_on(start).expect("it starts");
    let (_folder, path) = file("a.json", manifest(&server, &["/a+b.png"]));
    let (bench, thumbs) = (lay(&path), Thumbs::new());
    settled(&bench);
    bench.show_pictures(looking(true), true);
    assert!(looks(&bench, &thumbs, 1).is_err_and(|why| why.contains("Nothing is there")));
    bench.repair("url-plus", true).expect("planned");
    assert!(settled(&bench).pictures.on);
    assert_eq!(looks(&bench, &thumbs, 1), Ok((96, 64)));
}

#[test]
fn a_look_up_says_how_far_it_is_and_a_stop_keeps_what_was_seen() {
    let runtime = Runtime::new().expect("a runtime");
    let server = server(&runtime);
    let paths: Vec<String> = (1..=40).map(|row| if row == 31 { "/silent.png".into() } else { format!("/{row}.png") }).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (_folder, path) = file("a.json", manifest(&server, &paths));
    let bench = lay(&path);
    settled(&bench);
    bench.look_up(looking(true), None).expect("begun");
    let end = Instant::now() + Duration::from_secs(30);
    let work = loop {
        let work = bench.view().work.expect("one row is silent");
        if work.done >= 30 {
            break work;
        }
        assert!(Instant::now() < end, "{work:?}");
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!((work.kind.as_str(), work.done, work.total, work.share), ("looking_up", 30, 40, 75));
    bench.stop();
    let view = settled(&bench);
    let looked = view.done.expect("an outcome").looked.expect("a look");
    assert_eq!((looked.stopped, looked.missing), (true, 30));
    assert_eq!(view.groups.iter().find(|group| group.about == "object-missing").map(|group| group.rows), Some(30));
    // Of a sample it is the sample's rows that are counted.
    bench.look_up(looking(true), Some(4)).expect("begun");
    let done = settled(&bench).done.expect("an outcome");
    assert_eq!(done.looked.expect("a look").objects, 4);
}
