//! Labelbox's own storage: how a file goes, what is known of it afterwards, and that the key stays with Labelbox.

use super::*;
use crate::testing::outgoing;
use bytes::Bytes;
use gantry_model::{Content, Digest, Existing, Key, Outgoing, PartNo, Problem, RemoteRef, Store};

const MD5: &str = "5d41402abc4b2a76b9719d911017c592";

fn hello() -> Content {
    Content { size: 5, chunks: Box::pin(futures_util::stream::iter([Ok(Bytes::from("he")), Ok(Bytes::from("llo"))])) }
}

/// Sends `hello` where the storage answers like this; gives both servers, and what came of it.
async fn sent(
    item: Outgoing,
    answer: impl Fn() -> Reply + Send + Sync + 'static,
) -> (Server, Server, Result<RemoteRef, Problem>) {
    let keeps = Server::start(move |_, _| answer()).await;
    let url = format!("{}/files/1/a.jpg", keeps.url);
    let api = Server::start(move |_, _| good(&json!({"uploadFile": {"url": url, "filename": "a.jpg"}}))).await;
    let store = Files::open(&connection(&api), &secrets()).expect("opened");
    let outcome = store.streams().expect("streams").put_stream(&item, hello()).await;
    (api, keeps, outcome)
}

#[tokio::test]
async fn a_file_goes_in_three_parts_under_its_own_name() {
    let item = outgoing("birds/blue \"sky\" ü.jpg", 5);
    let (api, keeps, outcome) = sent(item, || reply(200, &[("etag", &format!("\"{MD5}\""))], "hello")).await;
    let remote = outcome.expect("stored");
    let url = format!("{}/files/1/a.jpg", keeps.url);
    let digest = Digest::from_hex(gantry_model::Algorithm::Md5, MD5);
    assert_eq!((remote.size, remote.digest, remote.url.as_deref()), (Some(5), digest, Some(url.as_str())));

    let seen = &api.seen()[0];
    assert_eq!(seen.header("content-length"), Some(seen.body.len().to_string().as_str()));
    assert_eq!((seen.header("transfer-encoding"), seen.target.as_str()), (None, "/graphql"));
    let body = String::from_utf8_lossy(&seen.body).into_owned();
    let places: Vec<_> = ["name=\"operations\"", "name=\"map\"", "name=\"1\"; filename=\"blue %22sky%22 ü.jpg\""]
        .map(|part| body.find(part))
        .into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{body}");
    let variables = r#""variables":{"contentLength":5,"file":null,"sign":false}"#;
    assert!(body.contains(variables) && body.contains(r#"{"1":["variables.file"]}"#), "{body}");
    assert!(body.contains("Content-Type: image/jpeg\r\n\r\nhello\r\n--"), "{body}");

    let looks = keeps.seen();
    assert_eq!((looks.len(), looks[0].method.as_str()), (1, "HEAD"));
    assert_eq!(looks[0].header("authorization"), None);
    assert!(looks[0].headers.values().all(|value| !value.to_str().unwrap_or_default().contains(CANARY)));
}

#[tokio::test]
async fn what_the_address_does_not_tell_is_not_claimed() {
    for status in [301, 401, 403, 405, 429, 500, 501] {
        let (_api, keeps, outcome) = sent(outgoing("a.jpg", 5), move || reply(status, &[], "")).await;
        let url = Some(format!("{}/files/1/a.jpg", keeps.url));
        assert_eq!(outcome.expect("accepted"), RemoteRef { url, ..RemoteRef::default() }, "{status}");
    }
    let page = || reply(200, &[("content-type", "text/html")], "<html>Sign in</html>");
    assert_eq!(sent(outgoing("a.jpg", 5), page).await.2.expect("accepted").size, None);
    let item = Outgoing { content_type: "text/html; charset=utf-8".into(), ..outgoing("a.html", 20) };
    assert_eq!(sent(item, page).await.2.expect("stored").size, Some(20));
}

#[tokio::test]
async fn the_hash_of_googles_storage_is_read() {
    let hash = || reply(200, &[("x-goog-hash", "crc32c=n03x6A==,md5=XUFAKrxLKna5cZ2REBfFkg=="), ("etag", "CJ/x=")], "hello");
    let remote = sent(outgoing("a.jpg", 5), hash).await.2.expect("stored");
    assert_eq!(remote.digest, Digest::from_hex(gantry_model::Algorithm::Crc32c, "9f4df1e8"), "what is cheaper to compare");
    let md5_only = || reply(200, &[("x-goog-hash", "md5=XUFAKrxLKna5cZ2REBfFkg=="), ("etag", "CJ/x=")], "hello");
    let remote = sent(outgoing("a.jpg", 5), md5_only).await.2.expect("stored");
    assert_eq!(remote.digest, Digest::from_hex(gantry_model::Algorithm::Md5, MD5));
}

#[tokio::test]
async fn a_file_that_is_not_at_its_address_is_sent_anew() {
    let problem = sent(outgoing("a.jpg", 5), || reply(404, &[], "")).await.2.expect_err("not there");
    assert_eq!((problem.code, problem.reaction), (Code::NotThere, Reaction::StartOver));
}

#[tokio::test]
async fn a_file_that_labelbox_refuses_is_given_up_alone_and_in_its_words() {
    let words = "File upload error - invalid file extension for for file geomap.tif";
    for (status, message) in [(400, words), (413, "File size limit exceeded")] {
        let api = Server::start(move |_, _| error("INTERNAL_SERVER_ERROR", Some(status), message)).await;
        let store = Files::open(&connection(&api), &secrets()).expect("opened");
        let problem = store.put(&outgoing("geomap.tif", 5), crate::testing::body(b"hello")).await.expect_err("refused");
        assert_eq!((problem.code, problem.reaction), (Code::Refused, Reaction::GiveUp));
        assert_eq!(problem.fact("said"), Some(message));
    }
}

#[tokio::test]
async fn an_address_that_is_signed_after_all_loses_its_signature() {
    let keeps = Server::start(|_, _| reply(403, &[], "")).await;
    let url = format!("{}/files/1/a.jpg", keeps.url);
    let signed = format!("{url}?X-Goog-Signature=canary");
    let api = Server::start(move |_, _| good(&json!({"uploadFile": {"url": signed}}))).await;
    let store = Files::open(&connection(&api), &secrets()).expect("opened");
    let remote = store.put(&outgoing("a.jpg", 5), crate::testing::body(b"hello")).await.expect("accepted");
    assert_eq!(remote.url, Some(url));
}

#[tokio::test]
async fn more_than_two_gigabytes_cannot_be_announced() {
    let api = Server::start(|_, _| error("UNEXPECTED", None, "nothing should come")).await;
    let store = Files::open(&connection(&api), &secrets()).expect("opened");
    let item = Outgoing { key: Key("film.mp4".into()), size: 1 << 31, existing: Existing::Refuse, ..outgoing("film.mp4", 0) };
    let content = Content { size: 1 << 31, chunks: Box::pin(futures_util::stream::empty()) };
    let problem = store.streams().expect("streams").put_stream(&item, content).await.expect_err("too long");
    assert_eq!((problem.code, problem.reaction), (Code::Refused, Reaction::GiveUp));
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn nothing_else_costs_a_request() {
    let api = Server::start(|_, _| error("UNEXPECTED", None, "nothing should come")).await;
    let store = Files::open(&connection(&api), &secrets()).expect("opened");
    assert_eq!(store.find(&Key("a.jpg".into())).await, Ok(None));
    assert!(store.list("", None).await.expect("empty").objects.is_empty());
    let ticket = gantry_model::Ticket {
        key: Key("a".into()),
        handle: String::new(),
        part_size: 1,
        algorithm: gantry_model::Algorithm::Md5,
    };
    let problem = store.send(&ticket, PartNo(1), crate::testing::body(b"x")).await.expect_err("no parts");
    assert_eq!(problem.code, Code::Bug);
    assert!(api.seen().is_empty() && store.presigns().is_none());
    assert!(store.abilities().find_is_cheap);
}
