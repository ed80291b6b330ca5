//! The test kit itself: a fault that does not strike, or a server that counts wrong, would make every other test lie.

use gantry_model::{Code, Existing, Key, Outgoing, PartNo, Problem, Store};
use std::time::{Duration, Instant};
use testkit::call::Call;
use testkit::cloud::{Character, Cloud};
use testkit::digests::{self, body};
use testkit::faulty::{Fault, Faulty, When};
use testkit::trees;
use testkit::void_server::{Kind, Options, VoidServer};

fn item(key: &str, size: u64) -> Outgoing {
    Outgoing { key: Key(key.into()), size, content_type: "text/plain".into(), mtime_ns: 0, existing: Existing::Refuse }
}

async fn put(store: &dyn Store, key: &str, text: &str) -> Result<gantry_model::RemoteRef, Problem> {
    let bytes = text.as_bytes().to_vec();
    store.put(&item(key, bytes.len() as u64), body(store.abilities().wants, bytes)).await
}

#[test]
fn digests_are_the_published_ones() {
    let check = |algorithm, hex: &str| assert_eq!(digests::digest(algorithm, b"123456789").hex(), hex);
    check(gantry_model::Algorithm::Crc64nvme, "ae8b14860a799888");
    check(gantry_model::Algorithm::Crc32c, "e3069283");
    check(gantry_model::Algorithm::Md5, "25f9e794323b453885f5181f1b624d0b");
}

#[tokio::test]
async fn refused_call_is_not_made_and_lost_answer_is() {
    let cloud = Cloud::new();
    let faulty = Faulty::new(cloud.store())
        .on(Call::Put, When::Nth(1), Fault::Refuse(Problem::new(Code::AccessDenied, "put")))
        .on(Call::Put, When::Nth(2), Fault::LoseAnswer(Code::TimedOut));
    assert_eq!(put(&faulty, "a", "x").await.expect_err("refused").code, Code::AccessDenied);
    assert!(cloud.object("a").is_none());
    assert_eq!(put(&faulty, "a", "x").await.expect_err("lost").code, Code::TimedOut);
    assert!(cloud.object("a").is_some(), "what lost its answer was done");
    put(&faulty, "b", "x").await.expect("the third one is well");
    assert_eq!((faulty.struck(), faulty.counts().of(Call::Put), cloud.counts().of(Call::Put)), (2, 3, 2));
}

#[tokio::test]
async fn lies_are_lies() {
    let cloud = Cloud::new();
    let faulty = Faulty::new(cloud.store())
        .on(Call::Put, When::Nth(1), Fault::Pretend)
        .on(Call::Put, When::Nth(2), Fault::HideChecksum)
        .on(Call::Put, When::Nth(3), Fault::WrongChecksum)
        .on(Call::Seal, When::Always, Fault::Pretend);
    let said = put(&faulty, "a", "x").await.expect("it says that it worked");
    assert!(said.digest.is_none() && cloud.object("a").is_none(), "nothing is stored");
    assert_eq!(put(&faulty, "b", "x").await.expect("put works").digest, None);
    let right = digests::digest(cloud.abilities().wants, b"x");
    assert_ne!(put(&faulty, "c", "x").await.expect("put works").digest, Some(right));
    let ticket = faulty.begin(&item("d", 1), 1).await.expect("begin works");
    let proof = faulty.send(&ticket, PartNo(1), body(ticket.algorithm, "x")).await.expect("send works");
    faulty.seal(&item("d", 1), &ticket, &[proof], right).await.expect("it says that it worked");
    assert!(cloud.object("d").is_none());
    assert_eq!(cloud.open_tickets(), 1);
}

#[tokio::test(start_paused = true)]
async fn delays_and_throttles_keep_their_time() {
    let cloud = Cloud::new();
    let faulty = Faulty::new(cloud.store()).on(Call::Find, When::First(1), Fault::Delay(Duration::from_secs(90))).on(
        Call::Find,
        When::From(2),
        Fault::Throttle(Duration::from_secs(7)),
    );
    let begun = tokio::time::Instant::now();
    faulty.find(&Key("a".into())).await.expect("it comes late");
    assert_eq!(begun.elapsed(), Duration::from_secs(90));
    let problem = faulty.find(&Key("a".into())).await.expect_err("it is asked to slow down");
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(Duration::from_secs(7))));
    faulty.heal();
    faulty.find(&Key("a".into())).await.expect("all is well again");
}

#[tokio::test]
async fn cloud_has_only_so_much_room() {
    let cloud = Cloud::with(Character { room: 10, ..Default::default() });
    put(&cloud, "a", "12345678").await.expect("eight fit");
    assert_eq!(put(&cloud, "b", "123").await.expect_err("three more do not").code, Code::QuotaExceeded);
    assert_eq!((cloud.writes("a"), cloud.writes("b")), (1, 0));
}

#[test]
fn trees_are_what_they_say() {
    assert_eq!(trees::photos().files().len(), 13);
    assert_eq!(trees::many(1_234, 5).files().len(), 1_234);
    let tree = trees::Tree::empty();
    let path = tree.sparse("large.bin", 3 << 30);
    assert_eq!(std::fs::metadata(path).expect("it is there").len(), 3 << 30);
    let gone = tree.path().to_owned();
    drop(tree);
    assert!(!gone.exists(), "a tree goes with its value");
    let photos = trees::photos();
    let picture = image::open(photos.path().join("Summer 2024/Beach at dusk.jpg")).expect("it is a picture");
    assert_eq!((picture.width(), picture.height()), (48, 32));
    assert!(trees::hostile().files().len() > 25);
    assert!(trees::twins().files().len() >= 3);
}

#[tokio::test]
async fn void_server_keeps_all_but_the_bytes() {
    let server = VoidServer::start(Options { md5: true, ..Options::default() }).expect("it starts");
    let client = reqwest::Client::new();
    let url = format!("{}/bucket/some%20dir/a%2Bb", server.endpoint());
    let sent = client.put(&url).header("x-amz-checksum-crc32c", "AAAAAA==").header("if-none-match", "*").body("hello");
    let answer = sent.send().await.expect("it answers");
    assert_eq!(answer.headers()["etag"], "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(answer.headers()["x-amz-checksum-crc32c"], "AAAAAA==");
    let kept = server.kept("bucket", "some dir/a+b").expect("it keeps the key decoded");
    assert_eq!((kept.size, kept.etag.as_str()), (5, "5d41402abc4b2a76b9719d911017c592"));
    let again = client.put(&url).header("if-none-match", "*").body("other").send().await.expect("it answers");
    assert_eq!(again.status(), 412);
    let head = client.head(&url).send().await.expect("it answers");
    assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().ok()), (200, Some("5")));
    let list = client.get(format!("{}/bucket?list-type=2&prefix=some%20dir/&encoding-type=url", server.endpoint()));
    let text = list.send().await.expect("it answers").text().await.expect("it is text");
    assert!(text.contains("<Key>some%20dir/a%2Bb</Key>") && text.contains("<Size>5</Size>"), "{text}");
    let counts = client.get(format!("{}/__counts", server.endpoint())).send().await.expect("it answers");
    let counts: serde_json::Value = serde_json::from_str(&counts.text().await.expect("it is text")).expect("it is JSON");
    assert_eq!(
        (&counts["put"], &counts["head"], &counts["list"], &counts["bytes"]),
        (&2.into(), &1.into(), &1.into(), &10.into())
    );
    assert_eq!((server.counts().of(Kind::Put), server.counts().total(), server.objects()), (2, 4, 1));
}

#[tokio::test]
async fn void_server_takes_its_time_when_asked() {
    let delay = Duration::from_millis(40);
    let server = VoidServer::start(Options { delay, ..Options::default() }).expect("it starts");
    let begun = Instant::now();
    let answer = reqwest::get(format!("{}/bucket?list-type=2", server.endpoint())).await.expect("it answers");
    assert_eq!(answer.status(), 200);
    assert!(begun.elapsed() >= delay);
}
