//! Looking at the objects of a manifest, with the real console and servers that behave, misbehave and lead astray.

use super::{Console, files};
use bytes::Bytes;
use image::ImageFormat;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::pictures::{encoded, quarters};
use testkit::scripted_server::{Asked, Reply, ScriptedServer};

/// What stands behind the question mark of signed addresses here.
const CANARY: &str = "canary0123456789";

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// The bytes that were asked for, as a server with ranges gives them.
fn ranged(asked: &Asked, whole: &[u8], etag: &str) -> Reply {
    let size = whole.len();
    let range = asked.headers.get("range").and_then(|value| value.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = range else {
        let body = if asked.method == "HEAD" { Bytes::new() } else { Bytes::copy_from_slice(whole) };
        return Reply::body(200, body).with("content-length", &size.to_string()).with("etag", etag);
    };
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    if from >= size {
        return Reply::body(416, "");
    }
    let to = to.min(size - 1);
    let reply = Reply::body(206, Bytes::copy_from_slice(&whole[from..=to]));
    reply.with("content-range", &format!("bytes {from}-{to}/{size}")).with("etag", etag)
}

fn picture() -> Vec<u8> {
    encoded(&quarters(40, 30, 7), ImageFormat::Png)
}

/// A console to which the server's bucket is connected.
fn with_bucket(server: &testkit::servers::Server) -> Console {
    let mut console = Console::new();
    super::console_stand::with_bucket(&mut console, &server.endpoint());
    console
}

/// A server with one of each kind.
async fn zoo() -> ScriptedServer {
    let picture = picture();
    ScriptedServer::start(move |asked, _| match asked.path.as_str() {
        path if path.starts_with("/good") => ranged(asked, &picture, "\"1\""),
        "/no-head" if asked.method == "HEAD" => Reply::body(405, ""),
        "/no-head" => ranged(asked, &picture, "\"1\""),
        "/empty" => Reply::body(200, "").with("content-length", "0"),
        "/denied" => Reply::body(403, ""),
        "/broken" => Reply::body(500, ""),
        "/silent" => Reply::Silence(Duration::from_secs(60)),
        "/moved" => Reply::body(302, "").with("location", "/good-moved"),
        "/round" => Reply::body(302, "").with("location", "/round"),
        "/file" => Reply::body(302, "").with("location", "file:///etc/passwd"),
        _ => Reply::body(404, ""),
    })
    .await
    .expect("it starts")
}

fn manifest(console: &Console, server: &str, paths: &[&str]) -> PathBuf {
    let rows: Vec<Value> = paths
        .iter()
        .enumerate()
        .map(|(at, path)| json!({"data": format!("{server}{path}"), "externalId": format!("k{at}")}))
        .collect();
    let path = console.folder().join("rows.json");
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    fs::write(&path, format!("[\n{}\n]\n", lines.join(",\n"))).expect("a file");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn each_object_is_looked_at_and_said_by_its_row() {
    let (console, server) = (Console::new(), zoo().await);
    let paths = [
        "/good",
        "/gone",
        "/denied",
        "/broken",
        "/silent",
        "/moved",
        "/round",
        "/empty",
        "/no-head",
        "/file",
        "/good2?X-Amz-Signature=canary0123456789&X-Amz-Date=20261127T110000Z&X-Amz-Expires=1",
    ];
    let path = manifest(&console, &server.endpoint(), &paths);
    let look = ["--objects", "all", "--allow-private", "--patience", "500ms"];
    let said = console.run(["manifest", "check", text(&path)].iter().chain(&look)).ended(1);
    let found = |rule: &str| -> Vec<u64> {
        said.all("finding").iter().filter(|one| one["rule"] == rule).map(|one| one["row"].as_u64().expect("a row")).collect()
    };
    assert_eq!(found("manifest-object-missing"), [2]);
    assert_eq!(found("manifest-object-denied"), [3]);
    assert_eq!(found("manifest-object-unseen"), [4, 5, 7, 10]);
    assert_eq!(found("manifest-object-empty"), [8]);
    let missing = said.all("finding").into_iter().find(|one| one["rule"] == "manifest-object-missing").expect("one");
    assert_eq!((missing["line"].as_u64(), missing["column"].as_u64()), (Some(3), Some(9)));
    let sum = said.summary();
    assert_eq!(sum["objects"], json!({"rows": 11, "objects": 11, "there": 5, "missing": 1, "unseen": 5, "known": 0}));
    assert!(!said.stdout.contains(CANARY) && !said.stderr.contains(CANARY));
    // What was seen is known; what was not seen is asked about again.
    let before = server.asked().len();
    let again = console.run(["manifest", "check", text(&path)].iter().chain(&look)).ended(1);
    assert_eq!(again.summary()["objects"]["known"], 5);
    let paths: Vec<String> = server.asked()[before..].iter().map(|asked| asked.path.clone()).collect();
    assert!(!paths.iter().any(|path| path.starts_with("/good") || path == "/empty"), "asked again: {paths:?}");
    for (path, bytes) in files(&console.home()) {
        assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "{} holds a signature", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_places_are_not_asked_without_a_yes() {
    let (console, server) = (Console::new(), zoo().await);
    let local = server.endpoint().replace("127.0.0.1", "localhost");
    let rows = [format!("{}/good", server.endpoint()), format!("{local}/good"), "http://169.254.169.254/latest".into()];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let path = manifest(&console, "", &rows);
    let said = console.run(["manifest", "check", text(&path), "--objects"]).ended(0);
    let private = said.all("finding").into_iter().filter(|one| one["rule"] == "manifest-object-private").count();
    assert_eq!((private, server.asked().len()), (3, 0), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_measured_and_filled_into_a_copy() {
    let (console, server) = (Console::new(), zoo().await);
    let path = manifest(&console, &server.endpoint(), &["/good", "/gone", "/good", "/good3"]);
    let given = fs::read_to_string(&path).expect("the file").replace("\"k2\"", "\"k2\", \"width\": 1e1, \"height\": null");
    fs::write(&path, given.replace("\"k3\"", "\"k3\", \"width\": 5, \"height\": 6, \"big\": 12345678901234567890123"))
        .expect("a file");
    let out = console.folder().join("sizes.json");
    let measure = ["manifest", "measure", text(&path), "-o", text(&out), "--allow-private", "--at-once", "2"];
    let said = console.run(measure).ended(1);
    let sum = said.summary();
    assert_eq!((sum["filled"].as_u64(), sum["had"].as_u64(), sum["failed"].as_u64()), (Some(2), Some(1), Some(1)));
    let written = fs::read_to_string(&out).expect("the copy");
    let rows: Vec<Value> = serde_json::from_str(&written).expect("JSON");
    assert_eq!((&rows[0]["width"], &rows[0]["height"]), (&json!(40), &json!(30)));
    assert_eq!((&rows[2]["width"], &rows[2]["height"]), (&json!(40), &json!(30)));
    assert_eq!((&rows[1]["width"], &rows[3]["width"]), (&Value::Null, &json!(5)));
    assert!(written.contains("12345678901234567890123"), "a number lost its digits");
    // As a table, and nobody is asked again.
    let asked = server.asked().len();
    let table = console.folder().join("sizes.csv");
    console.run(["manifest", "measure", text(&path), "-o", text(&table), "--allow-private"]).ended(1);
    assert!(fs::read_to_string(&table).expect("a table").lines().any(|line| line.contains(",40,30")));
    let again: Vec<String> = server.asked()[asked..].iter().map(|asked| asked.path.clone()).collect();
    assert!(again.iter().all(|path| path == "/gone"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_answer_is_read_as_far_as_it_is_wanted() {
    let mut whole = picture();
    whole.resize(200 << 20, 0);
    let whole = Bytes::from(whole);
    let server = ScriptedServer::start(move |_, _| Reply::Answer(200, Vec::new(), whole.clone())).await.expect("it starts");
    let console = Console::new();
    let path = manifest(&console, &server.endpoint(), &["/huge"]);
    let out = console.folder().join("sizes.json");
    let said = console.run(["manifest", "measure", text(&path), "-o", text(&out), "--allow-private"]).ended(0);
    assert_eq!((said.summary()["filled"].as_u64(), server.asked().len()), (Some(1), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_bucket_is_read_with_the_persons_own_keys() {
    let server = testkit::servers::s3s_fs();
    let console = with_bucket(&server);
    let there = server.object_path("a b.png");
    fs::create_dir_all(there.parent().expect("a folder")).expect("a folder");
    fs::write(there, picture()).expect("an object");
    let base = format!("{}/{}", server.endpoint(), testkit::servers::BUCKET);
    let path = manifest(&console, &base, &["/a%20b.png", "/gone.png"]);
    // The bucket is private, and on this computer: connecting it was the yes.
    let said = console.run(["manifest", "check", text(&path), "--objects"]).ended(1);
    let sum = &said.summary()["objects"];
    assert_eq!((sum["there"].as_u64(), sum["missing"].as_u64()), (Some(1), Some(1)), "{said:?}");
    let out = console.folder().join("sizes.json");
    let said = console.run(["manifest", "measure", text(&path), "-o", text(&out)]).ended(1);
    assert_eq!((said.summary()["filled"].as_u64(), said.summary()["failed"].as_u64()), (Some(1), Some(1)), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_whose_time_is_over_is_signed_anew_where_its_bucket_is_connected() {
    let server = testkit::servers::s3s_fs();
    let console = with_bucket(&server);
    let there = server.object_path("a.png");
    fs::create_dir_all(there.parent().expect("a folder")).expect("a folder");
    fs::write(there, picture()).expect("an object");
    let over = format!("?X-Amz-Signature={CANARY}&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60");
    let base = format!("{}/{}", server.endpoint(), testkit::servers::BUCKET);
    let path = manifest(&console, "", &[&format!("{base}/a.png{over}"), &format!("https://elsewhere.example/b.png{over}")]);
    let out = console.folder().join("anew.json");
    let said = console.run(["manifest", "repair", text(&path), "-o", text(&out), "--days", "2"]).ended(0);
    let repairs = said.all("repair");
    assert_eq!((repairs.len(), repairs[0]["row"].as_u64()), (1, Some(1)), "{said:?}");
    assert!(repairs[0]["after"].as_str().is_some_and(|after| after.contains("/a.png (signed anew")), "{said:?}");
    let shown = format!("{said:?}");
    assert!(!shown.contains(CANARY) && !shown.contains("X-Amz-Signature"), "a signature is shown");
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(&out).expect("the copy")).expect("JSON");
    let url = rows[0]["data"].as_str().expect("an address");
    assert!(url.contains("X-Amz-Expires=172800"), "{url}");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    assert_eq!(client.get(url).send().await.expect("an answer").status().as_u16(), 200);
    assert!(rows[1]["data"].as_str().is_some_and(|url| url.contains(CANARY)), "what is not ours was changed");
    console.run(["manifest", "check", text(&out)]).ended(1);
}
