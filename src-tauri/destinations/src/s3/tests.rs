//! The S3 client against a scripted server: what it sends, and what it makes of each answer.

use super::*;
use crate::testing::server::{Reply, Seen, Server, fault, reply};
use crate::testing::{body, outgoing};
use gantry_model::{Code, Existing, Reaction};
use secrecy::SecretString;

const SUM: &str = "x-amz-checksum-crc64nvme";

fn open(server: &Server, more: &[(&str, &str)]) -> S3 {
    let mut fields: std::collections::BTreeMap<String, String> =
        more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for (name, value) in [("bucket", "pics"), ("endpoint", server.url.as_str()), ("access_key_id", "AKIATEST")] {
        fields.insert(name.into(), value.into());
    }
    let connection = Connection { name: "c".into(), kind: "s3".into(), fields };
    let secrets = Secrets([("secret_access_key".to_owned(), SecretString::from("canary-secret"))].into());
    S3::new(&connection, &secrets).expect("opened")
}

async fn with(answer: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> (Server, S3) {
    let server = Server::start(answer).await;
    let store = open(&server, &[]);
    (server, store)
}

/// A store that repeats checksums as S3 does.
fn good(seen: &Seen) -> Reply {
    let sum = seen.header(SUM).unwrap_or_default();
    reply(200, &[("etag", "\"e1\""), (SUM, sum), ("x-amz-checksum-type", "FULL_OBJECT")], "")
}

fn ticket(handle: &str) -> Ticket {
    Ticket { key: Key("film.mp4".into()), handle: handle.into(), part_size: 5 << 20, algorithm: Algorithm::Crc64nvme }
}

fn proof(part: u32) -> PartProof {
    PartProof { part: PartNo(part), size: 5, etag: format!("e{part}"), digest: body(b"hello").digest }
}

#[tokio::test]
async fn a_put_says_all_that_protects_the_bytes() {
    let (server, store) = with(|_, seen| good(seen)).await;
    let remote = store.put(&outgoing("a b/ü+%.jpg", 5), body(b"hello")).await.expect("stored");
    assert_eq!((remote.digest, remote.etag.as_deref(), remote.size), (Some(body(b"hello").digest), Some("e1"), None));
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("PUT", "/pics/a%20b/%C3%BC%2B%25.jpg"));
    assert_eq!(seen.body, &b"hello"[..]);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-length", "5"),
        ("if-none-match", "*"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        ("x-amz-meta-gantry-mtime", "1700000000.123456789"),
    ] {
        assert_eq!(seen.header(name), Some(value), "{name}");
    }
    let signature = seen.header("authorization").expect("signed");
    for name in ["host", "if-none-match", SUM, "x-amz-meta-gantry-mtime", "x-amz-content-sha256"] {
        assert!(signature.contains(name), "{name} is not signed");
    }
    assert!(seen.header("user-agent").is_some_and(|agent| agent.starts_with("gantry/")));
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let (server, store) = with(|_, seen| good(seen)).await;
    store.put(&outgoing("empty", 0), body(b"")).await.expect("stored");
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_checksum_that_the_store_does_not_report_is_not_claimed() {
    let (_server, store) = with(|_, _| reply(200, &[("etag", "\"5d41402abc4b2a76b9719d911017c592\"")], "")).await;
    let remote = store.put(&outgoing("a", 5), body(b"hello")).await.expect("stored");
    assert_eq!(remote.digest, None);
}

#[tokio::test]
async fn a_page_of_a_portal_is_never_a_success() {
    let page = |_: usize, seen: &Seen| {
        let body = if seen.method == "HEAD" { "" } else { "<html><body>Please sign in</body></html>" };
        reply(200, &[("content-type", "text/html")], body)
    };
    let (_server, store) = with(page).await;
    let item = outgoing("a", 5);
    let codes = [
        store.put(&item, body(b"hello")).await.expect_err("no").code,
        store.find(&item.key).await.expect_err("no").code,
        store.list("", None).await.expect_err("no").code,
        store.begin(&item, 5).await.expect_err("no").code,
        store.send(&ticket("u"), PartNo(1), body(b"hello")).await.expect_err("no").code,
        store.parts(&ticket("u")).await.expect_err("no").code,
        store.seal(&item, &ticket("u"), &[proof(1)], body(b"hello").digest).await.expect_err("no").code,
        store.try_access("").await.expect_err("no").code,
    ];
    assert_eq!(codes, [Code::NotAStore; 8]);
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let other = Server::start(|_, seen| good(seen)).await;
    let to = other.url.clone();
    let (_server, store) = with(move |_, _| reply(307, &[("location", &to)], "")).await;
    assert!(store.put(&outgoing("a", 5), body(b"hello")).await.is_err());
    assert!(other.seen().is_empty(), "nothing may reach another server");
}

#[tokio::test]
async fn other_content_is_a_clash_and_a_race_is_tried_again() {
    let (_server, store) = with(|number, _| match number {
        0 => fault(412, "PreconditionFailed", ""),
        _ => fault(409, "ConditionalRequestConflict", ""),
    })
    .await;
    assert_eq!(store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("there").code, Code::Clash);
    assert_eq!(store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("race").reaction, Reaction::Retry);
}

#[tokio::test]
async fn a_replacement_names_what_it_replaces() {
    let (server, store) = with(|_, seen| good(seen)).await;
    let mut item = outgoing("a", 5);
    item.existing = Existing::Replace(Some("\"old\"".into()));
    store.put(&item, body(b"hello")).await.expect("stored");
    assert_eq!((server.seen()[0].header("if-match"), server.seen()[0].header("if-none-match")), (Some("\"old\""), None));
}

#[tokio::test]
async fn a_store_without_conditions_is_looked_at_before_each_write() {
    let (server, store) = with(|_, seen| match (seen.method.as_str(), seen.header("if-none-match")) {
        (_, Some(_)) => fault(501, "NotImplemented", "<Header>If-None-Match</Header>"),
        ("HEAD", _) if seen.target.ends_with("there") => reply(200, &[("etag", "\"x\"")], ""),
        ("HEAD", _) => reply(404, &[], ""),
        _ => good(seen),
    })
    .await;
    assert_eq!(store.put(&outgoing("new", 5), body(b"hello")).await.expect_err("once").reaction, Reaction::Retry);
    assert!(store.put(&outgoing("new", 5), body(b"hello")).await.is_ok());
    assert_eq!(store.put(&outgoing("there", 5), body(b"hello")).await.expect_err("there").code, Code::Clash);
    let puts = server.seen().iter().filter(|seen| seen.method == "PUT" && seen.target.ends_with("there")).count();
    assert_eq!(puts, 0, "what is there was not written to");
}

#[tokio::test]
async fn a_store_without_our_checksum_gets_the_next_best() {
    let (server, store) = with(|_, seen| {
        if seen.headers.keys().any(|name| name.as_str().starts_with("x-amz-checksum")) {
            return fault(400, "InvalidArgument", "<Header>x-amz-checksum</Header>");
        }
        good(seen)
    })
    .await;
    for _ in 0..2 {
        assert_eq!(store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("not yet").reaction, Reaction::Retry);
    }
    let remote = store.put(&outgoing("a", 5), body(b"hello")).await.expect("stored");
    assert_eq!(remote.digest, None);
    let seen = server.seen();
    assert!(seen[0].header(SUM).is_some() && seen[1].header("x-amz-checksum-crc32c") == Some("mnG7TA=="));
    assert_eq!(seen[2].header("content-md5"), Some("XUFAKrxLKna5cZ2REBfFkg=="));
}

#[tokio::test]
async fn the_region_of_an_answer_is_used_and_asked_about_when_it_does_not_help() {
    let (server, store) = with(|_, _| fault(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>")).await;
    let first = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("elsewhere");
    assert_eq!((first.code, first.reaction, first.fact("region")), (Code::WrongRegion, Reaction::Retry, Some("eu-west-3")));
    let second = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("still");
    assert_eq!((second.code, second.reaction), (Code::WrongRegion, Reaction::AskUser));
    assert!(server.seen()[0].header("authorization").is_some_and(|value| value.contains("/us-east-1/s3/")));
    assert!(server.seen()[1].header("authorization").is_some_and(|value| value.contains("/eu-west-3/s3/")));
}

fn minutes_ahead(minutes: i64) -> String {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&then).expect("a date")
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_and_then_said() {
    let (server, store) = with(|_, _| {
        let mut answer = fault(403, "RequestTimeTooSkewed", "");
        answer.headers_mut().insert("date", minutes_ahead(20).parse().expect("a value"));
        answer
    })
    .await;
    let first = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("off");
    assert_eq!((first.code, first.reaction), (Code::ClockOff, Reaction::Retry));
    assert!(matches!(first.fact("minutes"), Some("19" | "20")));
    let second = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("still off");
    assert_eq!((second.code, second.reaction), (Code::ClockOff, Reaction::AskUser));
    let seen = server.seen();
    let signed = |at: usize| seen[at].header("x-amz-date").expect("a date").to_owned();
    let minute = |text: &str| text[9..11].parse::<i64>().expect("h") * 60 + text[11..13].parse::<i64>().expect("m");
    assert!(matches!((minute(&signed(1)) - minute(&signed(0))).rem_euclid(1440), 19..=21));
}

#[tokio::test]
async fn a_silent_refusal_with_another_clock_is_the_clock() {
    let (_server, store) = with(|_, _| reply(403, &[("date", &minutes_ahead(-30))], "")).await;
    let problem = store.find(&Key("a".into())).await.expect_err("refused");
    assert_eq!((problem.code, problem.reaction), (Code::ClockOff, Reaction::Retry));
}

#[tokio::test]
async fn a_store_that_calls_its_not_found_a_page_is_told_from_a_portal() {
    let page = [("content-type", "text/html")];
    let (server, store) = with(move |_, seen| match seen.method.as_str() {
        "HEAD" => reply(404, &page, ""),
        _ => reply(200, &[], "<ListBucketResult/>"),
    })
    .await;
    for key in ["a", "b"] {
        assert_eq!(store.find(&Key(key.into())).await.expect("looked"), None);
    }
    assert_eq!(server.seen().len(), 3, "asked once for the whole run");
    let (_server, store) = with(move |_, _| reply(404, &page, "<html>Sign in</html>")).await;
    assert_eq!(store.find(&Key("a".into())).await.expect_err("a portal").code, Code::NotAStore);
}

#[tokio::test]
async fn a_look_that_is_refused_in_silence_finds_out_why() {
    let (_server, store) = with(|_, seen| match seen.method.as_str() {
        "HEAD" => reply(400, &[], ""),
        _ => fault(400, "ExpiredToken", ""),
    })
    .await;
    assert_eq!(store.find(&Key("a".into())).await.expect_err("refused").code, Code::TokenExpired);
    let (server, store) = with(|_, _| reply(403, &[], "")).await;
    for _ in 0..3 {
        assert_eq!(store.find(&Key("a".into())).await.expect_err("refused").code, Code::AccessDenied);
    }
    assert_eq!(server.seen().len(), 4, "asked once for all");
}

#[tokio::test]
async fn keys_and_tokens_that_are_refused_ask_the_person_and_show_no_secret() {
    for (code, want) in [
        ("InvalidAccessKeyId", Code::BadKey),
        ("SignatureDoesNotMatch", Code::BadSecret),
        ("ExpiredToken", Code::TokenExpired),
        ("NoSuchBucket", Code::NoSuchBucket),
        ("QuotaExceeded", Code::QuotaExceeded),
    ] {
        let (_server, store) = with(move |_, _| fault(403, code, "<StringToSign>canary-secret</StringToSign>")).await;
        let problem = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("refused");
        assert_eq!((problem.code, problem.reaction), (want, Reaction::AskUser));
        let shown = format!("{problem} {problem:?} {store:?}");
        assert!(!shown.contains("canary-secret") && !shown.contains("Signature="), "{shown}");
    }
}

#[tokio::test]
async fn a_store_that_is_busy_says_how_long() {
    let (_server, store) = with(|_, _| {
        let mut answer = fault(503, "SlowDown", "");
        answer.headers_mut().insert("retry-after", "7".parse().expect("a value"));
        answer
    })
    .await;
    let problem = store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("busy");
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(std::time::Duration::from_secs(7))));
}

#[tokio::test]
async fn a_key_that_no_address_carries_is_refused_before_anything_is_sent() {
    let (server, store) = with(|_, seen| good(seen)).await;
    for key in ["../other/a", "a/./b", ".."] {
        assert_eq!(store.put(&outgoing(key, 5), body(b"hello")).await.expect_err("refused").code, Code::NameRefused);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let (_server, store) = with(|_, _| reply(400, &[], &"x".repeat(2 << 20))).await;
    assert_eq!(store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("cut").code, Code::NotAStore);
}

#[tokio::test]
async fn a_cut_line_is_not_offline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let connection = Connection {
        name: "c".into(),
        kind: "s3".into(),
        fields: [("bucket".into(), "pics".into()), ("endpoint".into(), url), ("access_key_id".into(), "AKIA".into())].into(),
    };
    let secrets = Secrets([("secret_access_key".to_owned(), SecretString::from("s"))].into());
    let store = S3::new(&connection, &secrets).expect("opened");
    assert_eq!(store.put(&outgoing("a", 5), body(b"hello")).await.expect_err("cut").code, Code::ConnectionLost);
}

mod multipart;
