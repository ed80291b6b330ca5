//! What each refusal means, whatever status it comes with, and that none of them shows a secret.

use super::*;
use gantry_model::Problem;

async fn meets(answer: impl Fn() -> Reply + Send + Sync + 'static) -> Problem {
    let server = Server::start(move |_, _| answer()).await;
    open(&server).who().await.expect_err("refused")
}

#[tokio::test]
async fn every_code_of_labelbox_has_its_meaning() {
    use Reaction::{AskUser, Retry};
    for (code, status, message, meant, reaction) in [
        ("AUTHENTICATION_ERROR", None, "Invalid API key", Code::BadApiKey, AskUser),
        ("AUTHORIZATION_ERROR", None, "not yours", Code::AccessDenied, AskUser),
        ("GRAPHQL_VALIDATION_FAILED", None, "Cannot query field", Code::Refused, AskUser),
        ("GRAPHQL_VALIDATION_FAILED", None, "Query complexity limit exceeded", Code::Refused, AskUser),
        ("GRAPHQL_PARSE_FAILED", None, "Syntax Error", Code::Refused, AskUser),
        ("MALFORMED_REQUEST", None, "no", Code::Refused, AskUser),
        ("RESOURCE_CONFLICT", None, "there", Code::Refused, AskUser),
        ("RESOURCE_NOT_FOUND", None, "no such thing", Code::Refused, AskUser),
        ("OPERATION_NOT_ALLOWED", None, "LBU limit exceeded", Code::PlanLimit, AskUser),
        ("OPERATION_NOT_ALLOWED", None, "not in this state", Code::AccessDenied, AskUser),
        ("INTERNAL_SERVER_ERROR", Some(400), "bad name", Code::Refused, AskUser),
        ("INTERNAL_SERVER_ERROR", Some(413), "File size limit exceeded", Code::CallTooLarge, Reaction::GiveUp),
        ("INTERNAL_SERVER_ERROR", Some(422), "bad value", Code::Refused, AskUser),
        ("INTERNAL_SERVER_ERROR", Some(426), "anything", Code::PlanLimit, AskUser),
        ("INTERNAL_SERVER_ERROR", Some(429), "slowly", Code::SlowDown, Retry),
        ("INTERNAL_SERVER_ERROR", Some(500), "oops", Code::ServerError, Retry),
        ("INTERNAL_SERVER_ERROR", Some(503), "oops", Code::ServerError, Retry),
        ("INTERNAL_SERVER_ERROR", None, "oops", Code::ServerError, Retry),
        ("INTERNAL_SERVER_ERROR", None, "LBU limit exceeded, upgrade to continue", Code::PlanLimit, AskUser),
        ("INTERNAL_SERVER_ERROR", None, "You have exceeded your allotment of API requests.", Code::SlowDown, Retry),
        ("SOMETHING_NEW", None, "who knows", Code::Refused, AskUser),
    ] {
        let problem = meets(move || error(code, status, message)).await;
        assert_eq!((problem.code, problem.reaction), (meant, reaction), "{code} {status:?} {message}");
        assert_eq!((problem.fact("said"), problem.fact("graphql")), (Some(message), Some(code)));
    }
}

#[tokio::test]
async fn a_dataset_that_is_not_there_is_named() {
    let server = Server::start(|_, _| error("RESOURCE_NOT_FOUND", None, "Dataset not found")).await;
    let problem = open(&server).container("c-gone").await.expect_err("not there");
    assert_eq!((problem.code, problem.fact("container")), (Code::NoSuchContainer, Some("c-gone")));
}

#[tokio::test]
async fn what_no_graphql_says_is_told_by_the_status() {
    let html = &[("content-type", "text/html")][..];
    let json = &[("content-type", "application/json")][..];
    let text = &[("content-type", "text/plain")][..];
    let allotment = r#"{"message":"You have exceeded your allotment of API requests. Please try again later."}"#;
    for (status, headers, body, meant) in [
        (401, json, r#"{"message":"Unauthorized"}"#, Code::BadApiKey),
        (401, text, "Unauthorized", Code::BadApiKey),
        (403, json, r#"{"message":"Forbidden"}"#, Code::AccessDenied),
        (404, text, "no such page", Code::NotAStore),
        (426, json, r#"{"message":"no more"}"#, Code::PlanLimit),
        (429, json, allotment, Code::SlowDown),
        (429, text, "Too Many Requests", Code::SlowDown),
        (413, html, "<html>413 Request Entity Too Large</html>", Code::CallTooLarge),
        (500, json, r#"{"x":1}"#, Code::ServerError),
        (502, html, "<html>502 Bad Gateway</html>", Code::ServerError),
        (520, text, "cf", Code::ServerError),
        (200, html, "<html>Sign in to the hotel's net</html>", Code::NotAStore),
        (200, text, "upstream connect error or disconnect/reset before headers", Code::ServerError),
        (200, text, "hello", Code::NotAStore),
    ] {
        let problem = meets(move || reply(status, headers, body)).await;
        assert_eq!(problem.code, meant, "{status} {body}");
        let calm = problem.reaction != Reaction::GiveUp || meant == Code::CallTooLarge;
        assert!(calm, "{status}: no file is given up for what is wrong with the whole");
    }
}

#[tokio::test]
async fn the_wait_that_labelbox_asks_for_is_handed_on() {
    let problem = meets(|| reply(429, &[("retry-after", "7")], "{}")).await;
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(Duration::from_secs(7))));
    // The status alone decides, also where the body is an error of GraphQL.
    let body = r#"{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#;
    let problem = meets(move || reply(429, &[("retry-after", "3")], body)).await;
    assert_eq!((problem.code, problem.wait), (Code::SlowDown, Some(Duration::from_secs(3))));
}

#[tokio::test]
async fn errors_under_any_status_are_read() {
    for status in [400, 401, 500] {
        let body = r#"{"errors":[{"message":"Invalid API key","extensions":{"code":"AUTHENTICATION_ERROR"}}],"data":null}"#;
        let problem = meets(move || reply(status, &[("content-type", "application/json")], body)).await;
        assert_eq!((problem.code, problem.fact("said")), (Code::BadApiKey, Some("Invalid API key")), "{status}");
    }
}

#[tokio::test]
async fn a_null_is_named_and_nobody_knows_whether_it_worked() {
    for (data, field) in [
        (json!(null), "data.user"),
        (json!({"user": null}), "data.user"),
        (json!({"user": {}}), "data.user"),
        (json!({"user": {"name": "jane", "id": null}}), "data.user.id"),
    ] {
        let problem = meets(move || good(&data)).await;
        assert_eq!((problem.code, problem.fact("missing")), (Code::ServerError, Some(field)));
    }
}

#[tokio::test]
async fn nothing_that_is_said_or_printed_shows_a_secret() {
    let words = format!("Key {CANARY} may not read https://b.s3.amazonaws.com/a.jpg?X-Amz-Signature=canary-signature now");
    let server = Server::start(move |_, _| error("AUTHORIZATION_ERROR", None, &words)).await;
    let platform = open(&server);
    let problem = platform.who().await.expect_err("refused");
    let store = Files::open(&connection(&server), &secrets()).expect("opened");
    let row = row("a", "https://b.s3.amazonaws.com/a.jpg?X-Amz-Signature=canary-signature");
    let printed = format!("{problem} {problem:?} {} {platform:?} {store:?} {row:?}", problem.detail());
    assert!(!printed.contains("canary"), "{printed}");
    assert!(problem.fact("said").is_some_and(|said| said.contains("https://b.s3.amazonaws.com/a.jpg")));
    assert_eq!(server.seen()[0].header("authorization"), Some(format!("Bearer {CANARY}").as_str()));
}
