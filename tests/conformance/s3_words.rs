//! What the S3 store makes of answers that no test server gives by itself: each becomes its own code, and loses nothing.

use crate::conformance::s3::open;
use crate::conformance::site::Site;
use gantry_model::{Code, Digest, Existing, PartNo, PartProof, Problem, Reaction, RemoteRef, Store, Ticket};
use std::time::Duration;
use testkit::digests::{self, body};
use testkit::scripted_server::{Reply, ScriptedServer};

fn site() -> Site {
    Site::new("any", || unreachable!("only items are made here"))
}

async fn put(store: &dyn Store) -> Result<RemoteRef, Problem> {
    store.put(&site().item("k", 1), body(store.abilities().wants, "x")).await
}

/// What a put becomes when every answer is this one, and how many requests were made for it.
async fn put_against(reply: Reply) -> (Problem, usize) {
    let server = ScriptedServer::saying(reply).await.expect("it starts");
    let problem = put(&*open(&server.endpoint(), &[])).await.expect_err("it does not work");
    (problem, server.asked().len())
}

#[tokio::test]
async fn words_of_s3_become_codes() {
    for (status, said, code, reaction) in [
        (403, "InvalidAccessKeyId", Code::BadKey, Reaction::AskUser),
        (403, "SignatureDoesNotMatch", Code::BadSecret, Reaction::AskUser),
        (400, "ExpiredToken", Code::TokenExpired, Reaction::AskUser),
        (404, "NoSuchBucket", Code::NoSuchBucket, Reaction::AskUser),
        (403, "QuotaExceeded", Code::QuotaExceeded, Reaction::AskUser),
        (507, "InsufficientStorage", Code::QuotaExceeded, Reaction::AskUser),
        (403, "AccessDenied", Code::AccessDenied, Reaction::GiveUp),
        (412, "PreconditionFailed", Code::Clash, Reaction::GiveUp),
        (400, "BadDigest", Code::ChecksumDiffers, Reaction::Retry),
        (400, "KeyTooLongError", Code::NameRefused, Reaction::GiveUp),
        (400, "SomethingNobodyForesaw", Code::Refused, Reaction::GiveUp),
        (500, "InternalError", Code::ServerError, Reaction::Retry),
        (409, "ConditionalRequestConflict", Code::ServerError, Reaction::Retry),
        (503, "SlowDown", Code::SlowDown, Reaction::Retry),
        (429, "TooManyRequests", Code::SlowDown, Reaction::Retry),
    ] {
        let (problem, requests) = put_against(Reply::error(status, said)).await;
        assert_eq!((problem.code, problem.reaction), (code, reaction), "{status} {said}");
        assert_eq!(requests, 1, "{said} is not repeated by the store itself");
        assert_eq!(problem.fact("request_id"), Some("REQUEST1"), "{said} keeps the id that support asks for");
    }
}

#[tokio::test]
async fn slow_down_says_how_long() {
    let (problem, _) = put_against(Reply::error(503, "SlowDown").with("retry-after", "17")).await;
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(Duration::from_secs(17))));
    let (problem, _) = put_against(Reply::error(503, "SlowDown")).await;
    assert_eq!(problem.wait, None);
    // Many servers send no document with it.
    let (problem, _) = put_against(Reply::body(503, "").with("retry-after", "3")).await;
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(Duration::from_secs(3))));
}

#[tokio::test]
async fn page_of_a_portal_is_not_a_store() {
    let page = "<!DOCTYPE html><html><body>Please sign in to the hotel network</body></html>";
    for status in [200, 302, 404, 511] {
        let reply = Reply::body(status, page).with("content-type", "text/html").with("location", "http://127.0.0.1:9/login");
        let (problem, requests) = put_against(reply).await;
        assert!(matches!(problem.code, Code::NotAStore | Code::ServerError), "{status}: {:?}", problem.code);
        assert_eq!(problem.reaction, Reaction::Retry, "{status} goes on by itself when the portal is gone");
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let elsewhere = ScriptedServer::saying(Reply::body(200, "")).await.expect("it starts");
    for status in [301, 302, 307, 308] {
        let there = format!("{}/gantry-test/k", elsewhere.endpoint());
        let (_, requests) = put_against(Reply::error(status, "TemporaryRedirect").with("location", &there)).await;
        assert_eq!(requests, 1);
    }
    assert!(elsewhere.asked().is_empty(), "a signed request never goes to another address");
}

#[tokio::test]
async fn wrong_region_is_learned_from_the_answer() {
    let server = ScriptedServer::start(|asked, _| {
        let signed = String::from_utf8_lossy(asked.headers["authorization"].as_bytes()).into_owned();
        if signed.contains("/eu-west-3/s3/") {
            Reply::body(200, "").with("etag", "\"1\"")
        } else {
            let region = "<Region>eu-west-3</Region>";
            Reply::error_with(400, "AuthorizationHeaderMalformed", region).with("x-amz-bucket-region", "eu-west-3")
        }
    });
    let server = server.await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    match put(&*store).await {
        // Signed again for the region that the store named, at the same address.
        Ok(_) => assert_eq!(server.asked().len(), 2),
        Err(problem) => {
            assert_eq!((problem.code, problem.fact("region")), (Code::WrongRegion, Some("eu-west-3")));
            put(&*store).await.expect("the region is used from then on");
        }
    }
    let asked = server.asked().len();
    put(&*store).await.expect("the region stays learned");
    assert_eq!(server.asked().len(), asked + 1, "it is not asked for again");
}

#[tokio::test]
async fn clock_that_is_off_is_corrected_or_named() {
    let server = ScriptedServer::start(|asked, _| {
        let stamp = String::from_utf8_lossy(asked.headers["x-amz-date"].as_bytes()).into_owned();
        if stamp.starts_with("20360101T") {
            Reply::body(200, "").with("etag", "\"1\"")
        } else {
            Reply::error(403, "RequestTimeTooSkewed").with("date", "Tue, 01 Jan 2036 12:00:00 GMT")
        }
    });
    let server = server.await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    let mut told = put(&*store).await;
    for _ in 0..3 {
        if told.is_ok() {
            break;
        }
        let problem = told.expect_err("it is not well yet");
        assert_eq!(problem.code, Code::ClockOff);
        told = put(&*store).await;
    }
    // Years are more than a clock drifts: then the words are enough. Less must be corrected, as the next test asks.
    assert!(told.is_ok() || told.is_err_and(|problem| problem.code == Code::ClockOff));
}

#[tokio::test]
async fn clock_that_is_off_for_good_asks_the_person() {
    let (problem, requests) = put_against(Reply::error(403, "RequestTimeTooSkewed")).await;
    assert_eq!((problem.code, problem.reaction), (Code::ClockOff, Reaction::AskUser));
    assert!(requests <= 2, "it is not asked for ever");
}

#[tokio::test]
async fn broken_line_is_told_from_no_line() {
    let (problem, _) = put_against(Reply::Hang).await;
    assert_eq!((problem.code, problem.reaction), (Code::ConnectionLost, Reaction::Retry));
}

fn ticket(store: &dyn Store) -> (Ticket, PartProof, Digest) {
    let algorithm = store.abilities().wants;
    let digest = digests::digest(algorithm, b"x");
    let ticket = Ticket { key: site().key("k"), handle: "upload-1".into(), part_size: 5 << 20, algorithm };
    (ticket, PartProof { part: PartNo(1), size: 1, etag: "e".into(), digest }, digest)
}

#[tokio::test]
async fn error_inside_a_200_is_an_error() {
    for (said, code) in [("InternalError", Code::ServerError), ("SlowDown", Code::SlowDown)] {
        let spaces = " \n ".repeat(100);
        let document = format!("<Error><Code>{said}</Code><Message>m</Message><RequestId>R</RequestId></Error>");
        for before in ["", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", &spaces] {
            let server = ScriptedServer::saying(Reply::body(200, format!("{before}{document}"))).await.expect("it starts");
            let store = open(&server.endpoint(), &[]);
            let (ticket, part, whole) = ticket(&*store);
            let problem = store.seal(&site().item("k", 1), &ticket, &[part], whole).await.expect_err("it is an error");
            assert_eq!(problem.code, code, "{said} after {} bytes", before.len());
            assert_eq!(problem.reaction, Reaction::Retry);
        }
    }
}

#[tokio::test]
async fn empty_200_for_a_seal_is_no_proof() {
    let server = ScriptedServer::saying(Reply::body(200, "")).await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    let (ticket, part, whole) = ticket(&*store);
    if let Ok(said) = store.seal(&site().item("k", 1), &ticket, &[part], whole).await {
        assert_eq!((said.digest, said.size), (None, None), "nothing was said, so nothing is claimed");
    }
}

#[tokio::test]
async fn server_that_lies_is_found_out() {
    let server = ScriptedServer::lying().await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    let said = put(&*store).await.expect("it says that all is well");
    assert_eq!(said.digest, None, "no checksum was told, so none is claimed");
    assert_eq!(store.find(&site().key("k")).await.expect("find answers"), None, "it does not have it");
    let page = store.list("", None).await.expect("list answers");
    assert!(page.objects.is_empty() && !page.more);
}

#[tokio::test]
async fn checksum_of_the_store_is_told_as_it_is() {
    let wrong = "AAAAAAAAAAA=";
    let reply = Reply::body(200, "").with("etag", "\"1\"").with("x-amz-checksum-crc64nvme", wrong);
    let server = ScriptedServer::saying(reply.with("x-amz-checksum-crc32c", "AAAAAA==")).await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    let sent = digests::digest(store.abilities().wants, b"x");
    match put(&*store).await {
        Ok(said) => assert_ne!(said.digest, Some(sent), "the store's word counts, not ours"),
        Err(problem) => assert_eq!(problem.code, Code::ChecksumDiffers),
    }
}

#[tokio::test]
async fn requests_carry_what_protects_the_person() {
    let server = ScriptedServer::saying(Reply::body(200, "").with("etag", "\"1\"")).await.expect("it starts");
    let store = open(&server.endpoint(), &[]);
    put(&*store).await.expect("it is taken");
    let item = gantry_model::Outgoing { existing: Existing::Replace(Some("old".into())), ..site().item("k", 1) };
    store.put(&item, body(store.abilities().wants, "x")).await.expect("it is taken");
    let asked = server.asked();
    let (first, second) = (&asked[0].headers, &asked[1].headers);
    assert_eq!(first["if-none-match"], "*", "other content is not overwritten");
    assert_eq!(second["if-match"], "\"old\"", "only what was seen is replaced");
    assert!(first.contains_key("x-amz-checksum-crc64nvme") || first.contains_key("x-amz-checksum-crc32c"));
    assert_eq!(first["content-type"], crate::conformance::site::CONTENT_TYPE);
    assert!(asked.iter().all(|one| one.query.is_empty()), "no signature stands in an address");
    assert_eq!(asked[0].body, "x", "the body goes as it is");
}
