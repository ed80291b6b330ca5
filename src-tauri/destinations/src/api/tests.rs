use super::*;
use crate::testing::platform::{KEY, connection, content, secrets, silent};
use crate::testing::server::{Seen, Server, fault, reply};
use gantry_model::{Algorithm, Digest, Reaction};
use std::io::{Error, Read};
use std::time::Instant;

const SCHEME: Scheme = Scheme { header: "authorization", before: "APIKey " };
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn api(url: &str) -> Api {
    Api::new(Base::of(&connection("segments", url), "").expect("a base"), &secrets(), SCHEME).expect("an api")
}

fn storage(server: &Server) -> Storage {
    Storage::new(Base::new(&server.url, false).expect("a base"))
}

async fn problem_of(status: u16, headers: &[(&str, &str)], body: &str) -> Problem {
    let headers: Vec<(String, String)> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let body = body.to_owned();
    let server = Server::start(move |_, _| {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        reply(status, &headers, &body)
    })
    .await;
    api(&server.url).told(Ask::get("container", "/datasets/jane/flowers/").of("jane/flowers")).await.expect_err("a refusal")
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let page = &[("content-type", "text/html")][..];
    for (status, headers, body, code, reaction) in [
        (401, JSON, r#"{"detail":"Invalid API key."}"#, Code::BadApiKey, Reaction::AskUser),
        (403, JSON, r#"{"detail":"Authentication credentials were not provided."}"#, Code::BadApiKey, Reaction::AskUser),
        (403, JSON, r#"{"detail":"You do not have permission."}"#, Code::AccessDenied, Reaction::AskUser),
        (451, JSON, r#"{"message":"Access denied from your country"}"#, Code::AccessDenied, Reaction::AskUser),
        (402, JSON, "{}", Code::PlanLimit, Reaction::AskUser),
        (403, JSON, r#"{"detail":"Your free trial ended."}"#, Code::PlanLimit, Reaction::AskUser),
        (403, JSON, r#"{"message":"You have reached the limit of your plan."}"#, Code::PlanLimit, Reaction::AskUser),
        (404, JSON, r#"{"detail":"Not found."}"#, Code::NoSuchContainer, Reaction::AskUser),
        (400, JSON, r#"{"name":["This field is required."]}"#, Code::Refused, Reaction::GiveUp),
        (413, page, "<html>too large</html>", Code::CallTooLarge, Reaction::GiveUp),
        (413, JSON, r#"{"message":"request entity too large"}"#, Code::CallTooLarge, Reaction::GiveUp),
        (429, JSON, "{}", Code::SlowDown, Reaction::Retry),
        (200, JSON, r#"{"detail":"Request was throttled. Expected available in 12 seconds."}"#, Code::SlowDown, Reaction::Retry),
        (500, JSON, r#"{"detail":"boom"}"#, Code::ServerError, Reaction::Retry),
        (504, page, "<html>Gateway time-out</html>", Code::ServerError, Reaction::Retry),
        (200, page, "<html>Welcome to the guest network</html>", Code::NotAStore, Reaction::Retry),
        (404, page, "<html>nginx</html>", Code::NotAStore, Reaction::Retry),
        (200, &[][..], "<!DOCTYPE html><p>Sign in", Code::NotAStore, Reaction::Retry),
        (302, &[("location", "https://example.org/")][..], "", Code::NotAStore, Reaction::Retry),
        (407, &[][..], "", Code::ProxyPassword, Reaction::AskUser),
    ] {
        let problem = problem_of(status, headers, body).await;
        assert_eq!((problem.code, problem.reaction), (code, reaction), "{status} {body}");
        assert!(!problem.detail().contains('<'), "{problem}");
    }
}

#[tokio::test]
async fn the_platforms_words_come_along_and_its_wait_too() {
    let problem = problem_of(400, JSON, r#"[{}, {"attributes": ["'url' is a required property"]}]"#).await;
    assert_eq!(problem.fact("said"), Some("attributes: 'url' is a required property"));
    let problem = problem_of(429, &[("retry-after", "7")], r#"{"message":"Too many requests"}"#).await;
    assert_eq!((problem.fact("said"), problem.wait), (Some("Too many requests"), Some(Duration::from_secs(7))));
    let problem = problem_of(429, JSON, r#"{"detail":"Request was throttled. Expected available in 12 seconds."}"#).await;
    assert_eq!(problem.wait, Some(Duration::from_secs(12)));
}

#[tokio::test]
async fn neither_key_nor_signature_is_ever_shown() {
    let server = Server::start(|_, _| {
        let body = format!(r#"{{"detail":"{KEY} may not https://s3.example.org/a.png?X-Amz-Sig=canary&x=1, nor <b>"}}"#);
        reply(400, JSON, &body)
    })
    .await;
    let api = api(&server.url);
    let answer = api.send(Ask::get("who", "/user")).await.expect("an answer");
    let problem = answer.problem();
    let all = format!("{problem} {problem:?} {answer:?} {api:?} {:?}", api.base());
    assert!(!all.contains("canary"), "{all}");
    assert_eq!(problem.fact("said"), Some("… may not https://s3.example.org/a.png, nor <b>"));
    assert_eq!(server.seen()[0].header("authorization"), Some(format!("APIKey {KEY}").as_str()));
}

#[tokio::test]
async fn what_is_missing_in_an_answer_is_named() {
    let problem = |body: &'static str| async move {
        let server = Server::start(move |_, _| reply(200, JSON, body)).await;
        let told = api(&server.url).told(Ask::get("put", "/v2/getUploadUrl")).await.expect("json");
        told.text("/data/uploadUrl").expect_err("nothing there")
    };
    for body in [r#"{"status":"success","data":null}"#, r#"{"data":{}}"#, "null", "{}", "", r#"{"data":{"uploadUrl":""}}"#] {
        let problem = problem(body).await;
        assert_eq!((problem.code, problem.fact("missing")), (Code::ServerError, Some("data.uploadUrl")), "{body}");
        assert_eq!(problem.fact("said"), Some("the answer to GET /v2/getUploadUrl lacks data.uploadUrl"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_gets_no_key() {
    let other = Server::start(|_, _| reply(200, JSON, "{}")).await;
    let there = format!("{}/user?token=canary", other.url);
    let server = Server::start(move |_, _| reply(307, &[("location", &there)], "")).await;
    let problem = api(&server.url).told(Ask::get("who", "/user")).await.expect_err("no answer of this protocol");
    assert_eq!(problem.code, Code::NotAStore);
    assert!(other.seen().is_empty() && !problem.to_string().contains("canary"), "{problem}");
}

#[tokio::test]
async fn a_dropped_line_and_a_closed_port_are_told_apart() {
    let dropped = api(&silent().await).told(Ask::get("who", "/user")).await.expect_err("dropped");
    assert_eq!(dropped.code, Code::ConnectionLost);
    let closed = api("http://127.0.0.1:1").told(Ask::get("who", "/user")).await.expect_err("closed");
    assert_eq!(closed.code, Code::Offline);
    assert!(!format!("{dropped:?} {closed:?}").contains("canary"));
}

#[tokio::test]
async fn a_wait_holds_back_all_callers_of_the_same_key_and_nobody_else() {
    let answer = |number: usize, _: &Seen| match number {
        0 => reply(429, &[("retry-after", "1")], "{}"),
        _ => reply(200, JSON, "{}"),
    };
    let (server, other) = (Server::start(answer).await, Server::start(|_, _| reply(200, JSON, "{}")).await);
    let (clerk, courier) = (api(&server.url), api(&server.url));
    let refused = Instant::now();
    clerk.told(Ask::get("register", "/a")).await.expect_err("too many requests");
    api(&other.url).told(Ask::get("who", "/user")).await.expect("another origin");
    let (first, second) = tokio::join!(courier.told(Ask::get("put", "/b")), clerk.told(Ask::get("register", "/a")));
    assert!(first.is_ok() && second.is_ok() && refused.elapsed() >= Duration::from_secs(1), "{:?}", refused.elapsed());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_long_wait_is_told_instead_of_hanging() {
    let server = Server::start(|_, _| reply(429, &[("retry-after", "900")], "{}")).await;
    let api = api(&server.url);
    api.told(Ask::get("list", "/a")).await.expect_err("too many requests");
    let problem = api.told(Ask::get("list", "/a")).await.expect_err("not sent");
    assert_eq!((problem.code, server.seen().len()), (Code::SlowDown, 1));
    assert!(problem.wait.is_some_and(|wait| wait > Duration::from_secs(800)));
}

#[tokio::test]
async fn refusals_without_a_time_make_longer_and_longer_pauses() {
    let gate = Gate::default();
    let began = gate.pass("list").await.expect("open");
    gate.refused(began, None);
    // Both were under way when the gate closed: the second says nothing new.
    gate.refused(began, None);
    let again = gate.pass("list").await.expect("open again");
    assert!(again.duration_since(began) >= Duration::from_secs(1));
    gate.refused(again, None);
    let third = gate.pass("list").await.expect("open again");
    assert!(third.duration_since(again) >= Duration::from_secs(2));
}

#[test]
fn a_base_keeps_its_path_and_no_key_travels_in_the_open() {
    let base = Base::of(&connection("ango", "https://hub.example.org/labels/api/"), "").expect("a base");
    assert_eq!(base.join("/v2/project"), "https://hub.example.org/labels/api/v2/project");
    let plain = Base::of(&connection("ango", "http://hub.example.org"), "").expect_err("plain http");
    assert_eq!((plain.code, plain.fact("field")), (Code::BadField, Some("allow_http")));
    let mut allowed = connection("ango", "http://hub.example.org");
    allowed.fields.insert("allow_http".into(), "true".into());
    assert!(Base::of(&allowed, "").is_ok());
    for wrong in ["hub.example.org", "https://me:word@hub.example.org", "https://hub.example.org/?key=1", "file:///etc"] {
        assert_eq!(Base::of(&connection("ango", wrong), "").expect_err(wrong).fact("field"), Some("api_url"));
    }
    let none = Api::new(base, &Secrets::default(), SCHEME).expect_err("no key");
    assert_eq!(none.code, Code::NoSecret);
}

#[tokio::test]
async fn a_file_goes_with_its_length_and_without_any_key() {
    let server = Server::start(|_, _| reply(200, &[("etag", "\"0cc175b9c0f1b6a831c399e269772661\"")], "")).await;
    let pieces = vec![Ok(&b"on"[..]), Ok(&b""[..]), Ok(&b"e"[..])];
    let answer = storage(&server).put(&format!("{}/a?sig=canary", server.url), content(3, pieces)).await.expect("stored");
    let said = remote(&answer);
    assert_eq!(said.digest.map(|digest| digest.algorithm()), Some(Algorithm::Md5));
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), &seen.body[..], seen.header("content-length")), ("PUT", &b"one"[..], Some("3")));
    for name in ["authorization", "apikey", "content-type", "transfer-encoding", "cookie"] {
        assert_eq!(seen.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn an_etag_under_a_key_of_ones_own_is_no_checksum() {
    let headers = [("etag", "\"0cc175b9c0f1b6a831c399e269772661\""), ("x-amz-server-side-encryption", "aws:kms")];
    let server = Server::start(move |_, _| reply(200, &headers, "")).await;
    let answer = storage(&server).put(&server.url, content(0, Vec::new())).await.expect("stored");
    assert_eq!(remote(&answer).digest, None::<Digest>);
    assert_eq!(server.seen()[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_checksum_that_s3_made_by_itself_comes_before_the_etag_unless_it_is_one_of_parts() {
    let etag = ("etag", "\"0cc175b9c0f1b6a831c399e269772661\"");
    let crc = ("x-amz-checksum-crc64nvme", "rosUhgp5mIg=");
    for (kind, algorithm) in [("FULL_OBJECT", Algorithm::Crc64nvme), ("COMPOSITE", Algorithm::Md5)] {
        let headers = [etag, crc, ("x-amz-checksum-type", kind)];
        let server = Server::start(move |_, _| reply(200, &headers, "")).await;
        let answer = storage(&server).put(&server.url, content(0, Vec::new())).await.expect("stored");
        assert_eq!(remote(&answer).digest.map(|digest| digest.algorithm()), Some(algorithm), "{kind}");
    }
}

#[tokio::test]
async fn a_source_that_changes_never_becomes_an_object() {
    let server = Server::start(|_, _| reply(200, &[], "")).await;
    let gone = Error::other(Problem::new(Code::SourceGone, "read"));
    for (pieces, code) in [
        (vec![Ok(&b"on"[..])], Code::SourceChanged),
        (vec![Ok(&b"one"[..]), Ok(&b"more"[..])], Code::SourceChanged),
        (vec![Ok(&b"one"[..]), Err(gone)], Code::SourceGone),
        (vec![Err(Error::other("the disk is broken"))], Code::SourceUnreadable),
    ] {
        let problem = storage(&server).put(&server.url, content(3, pieces)).await.expect_err("not the file any more");
        assert_eq!(problem.code, code);
    }
    assert!(server.seen().iter().all(|seen| seen.body != b"one"[..]), "the last bytes must stay here");
}

#[tokio::test]
async fn a_form_has_its_file_last_and_odd_names_stay_inside() {
    let server = Server::start(|_, _| reply(204, &[], "")).await;
    let fields = vec![("key".to_owned(), "a/b".to_owned()), ("odd\"\r\nname".to_owned(), "x=\"1\" & more".to_owned())];
    let name = "blue \"sky\" #1.png".to_owned();
    let form = Form { fields, field: "file".into(), name, content_type: None, content: content(3, vec![Ok(&b"one"[..])]) };
    storage(&server).post(&server.url, form).await.expect("stored");
    let seen = &server.seen()[0];
    let kind = seen.header("content-type").expect("a type");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
    let body = String::from_utf8(seen.body.to_vec()).expect("text");
    let wanted = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"odd%22%0D%0Aname\"\r\n\r\nx=\"1\" & more\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blue %22sky%22 #1.png\"\r\n\r\none\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(body, wanted);
    assert_eq!(seen.header("content-length"), Some(body.len().to_string().as_str()));
    assert_eq!(seen.header("transfer-encoding"), None);
}

#[tokio::test]
async fn a_storages_refusal_is_told_in_its_words() {
    for (status, code, message, meant) in [
        (403, "AccessDenied", "Invalid according to Policy: Policy expired.", Code::SlotExpired),
        (403, "AccessDenied", "Request has expired", Code::SlotExpired),
        (400, "ExpiredToken", "The provided token has expired.", Code::SlotExpired),
        (403, "AccessDenied", "Access Denied", Code::AccessDenied),
        (400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", Code::Refused),
        (403, "SignatureDoesNotMatch", "It does not match.", Code::Refused),
        (503, "SlowDown", "Please reduce your request rate.", Code::SlowDown),
        (500, "InternalError", "We encountered an internal error.", Code::ServerError),
    ] {
        let more = if code == "EntityTooLarge" { "<MaxSizeAllowed>100</MaxSizeAllowed>" } else { "" };
        let body = format!("<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>");
        let server = Server::start(move |_, _| reply(status, &[("content-type", "application/xml")], &body)).await;
        let url = format!("{}/a?X-Amz-Signature=canary", server.url);
        let problem = storage(&server).put(&url, content(0, Vec::new())).await.expect_err("refused");
        assert_eq!(problem.code, meant, "{code}");
        assert!(problem.fact("said").is_some_and(|said| said.starts_with(message)), "{problem}");
        assert!(!format!("{problem:?}").contains("canary"));
    }
    let server = Server::start(|_, _| fault(200, "InternalError", "")).await;
    assert!(storage(&server).put(&server.url, content(0, Vec::new())).await.is_err(), "an error under status 200");
}

#[tokio::test]
async fn what_is_compressed_is_the_same_json() {
    let server = Server::start(|_, _| reply(201, JSON, "[]")).await;
    let load = Load::Gzip("[{\"name\":\"ü\"}]".into());
    api(&server.url).told(Ask::post("register", "/a", load)).await.expect("told");
    let seen = &server.seen()[0];
    assert_eq!((seen.header("content-encoding"), seen.header("content-type")), (Some("gzip"), Some("application/json")));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&seen.body[..]).read_to_string(&mut text).expect("gzip");
    assert_eq!(text, r#"[{"name":"ü"}]"#);
}

#[test]
fn both_kinds_open_without_a_word_of_their_key() {
    for kind in ["segments", "ango"] {
        let connection = connection(kind, "https://hub.example.org/api");
        let home = crate::testing::platform::target("home");
        let store = crate::open(&connection, &secrets(), &home).expect("a store");
        let platform = crate::open_platform(&connection, &secrets()).expect("a platform");
        assert!(store.streams().is_some() && store.abilities().find_is_cheap);
        assert_eq!(store.url(&gantry_model::Key("a/b".into())), crate::url(&connection, &gantry_model::Key("a/b".into())));
        assert!(!format!("{store:?} {platform:?}").contains("canary"));
        assert_eq!(crate::open_platform(&connection, &Secrets::default()).expect_err("no key").code, Code::NoSecret);
    }
}
