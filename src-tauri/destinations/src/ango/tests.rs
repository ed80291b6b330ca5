use super::*;
use crate::testing::outgoing;
use crate::testing::platform::{KEY, connection, content, row, secrets, silent, target};
use crate::testing::server::{Reply, Server, fault, reply};
use gantry_model::{MediaKind, Role, RowObject, Shape, TakesStreams};
use serde_json::{Value, json};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const HOME: &str = "61f8d94a79002950df12234a";

fn platform(url: &str) -> Ango {
    Ango::new(&connection("ango", url), &secrets()).expect("a platform")
}

fn answer(status: u16, body: &Value) -> Reply {
    reply(status, JSON, &body.to_string())
}

fn good(data: &Value) -> Reply {
    answer(200, &json!({"status": "success", "data": data}))
}

fn created(count: u64) -> Reply {
    good(&json!({"assets": {"assetsCreated": count, "tasksCreated": count}}))
}

fn slot_url(name: &str) -> String {
    format!("https://ango.s3.eu-central-1.amazonaws.com/{HOME}/assets/{name}")
}

fn body(seen: &crate::testing::server::Seen) -> Value {
    serde_json::from_slice(&seen.body).expect("json")
}

#[tokio::test]
async fn assets_carry_what_is_known_and_only_a_full_count_is_a_yes() {
    let server = Server::start(|number, _| created(if number == 0 { 2 } else { 1 })).await;
    let mut rows = [row("a b.jpg", "https://s.org/a%20b.jpg"), row("c.jpg", "https://s.org/c.jpg")];
    (rows[0].objects[0].width, rows[0].objects[0].height) = (640, 480);
    rows[0].metadata.push(("cam".into(), "front".into()));
    rows[0].attachments.push(("TEXT".into(), "note".into(), String::new()));
    let chosen = Target { container: HOME.into(), integration: "64b0".into(), batch: "64a0".into() };
    let outcomes = platform(&server.url).register(&chosen, &rows).await.expect("outcomes");
    assert_eq!(outcomes, vec![RowOutcome::Registered(String::new()); 2]);
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.header("apikey")), ("POST", Some(KEY)));
    assert_eq!(seen.target, format!("/v2/project/{HOME}/cloud?batches=%5B%2264a0%22%5D"));
    let first = json!({"data": "https://s.org/a%20b.jpg", "externalId": "a b.jpg", "storage": "64b0", "width": 640, "height": 480,
        "metadata": {"width": 640, "height": 480}, "contextData": {"cam": "front"}, "attachments": [{"type": "TEXT", "value": "note"}]});
    let second = json!({"data": "https://s.org/c.jpg", "externalId": "c.jpg", "storage": "64b0"});
    assert_eq!(body(seen), json!({"assets": [first, second], "uploadLocal": "false", "priority": 0}));
    let fewer = platform(&server.url).register(&target(HOME), &rows).await.expect("outcomes");
    assert_eq!(fewer, vec![RowOutcome::Unsaid; 2]);
}

#[tokio::test]
async fn only_files_of_its_own_storage_are_called_local() {
    let server = Server::start(|_, _| created(1)).await;
    let name = "0123456789abcdef0123456789abcdef.nii.gz";
    for (url, integration, local) in [
        (slot_url(name), "", "true"),
        (slot_url(name) + "?sig=1", "", "true"),
        (slot_url(name), "64b0", "false"),
        (slot_url("photo.jpg"), "", "false"),
        (slot_url(name).replace(HOME, "another"), "", "false"),
        ("https://s.org/0123456789abcdef0123456789abcdef.jpg".to_owned(), "", "false"),
    ] {
        let chosen = Target { integration: integration.into(), ..target(HOME) };
        platform(&server.url).register(&chosen, &[row("a", &url)]).await.expect("outcomes");
        let seen = server.seen();
        assert_eq!(body(&seen[seen.len() - 1])["uploadLocal"], local, "{url}");
    }
}

#[tokio::test]
async fn frames_become_one_asset_and_priorities_calls_of_their_own() {
    let server = Server::start(|_, _| created(1)).await;
    let mut rows = [row("s", "https://s.org/1.png"), row("t", "https://s.org/t.png")];
    rows[0].shape = Shape::Sequence;
    rows[0].objects.push(RowObject { url: "https://s.org/2.png".into(), ..rows[0].objects[0].clone() });
    rows[0].objects.push(RowObject { url: "https://s.org/map.png".into(), role: Role::Attachment, ..rows[0].objects[0].clone() });
    rows[1].priority = -3;
    let outcomes = platform(&server.url).register(&target(HOME), &rows).await.expect("outcomes");
    assert_eq!(outcomes, vec![RowOutcome::Registered(String::new()); 2]);
    let seen = server.seen();
    let frames = json!({"externalId": "s", "dataset": ["https://s.org/1.png", "https://s.org/2.png"],
        "attachments": [{"type": "IMAGE", "value": "https://s.org/map.png"}]});
    assert_eq!(body(&seen[0])["assets"], json!([frames]));
    assert_eq!((body(&seen[1])["priority"].as_i64(), seen.len()), (Some(-3), 2));
}

#[tokio::test]
async fn each_refusal_of_a_registration_has_its_code() {
    let page = &[("content-type", "text/html")][..];
    for (status, headers, text, code) in [
        (401, JSON, r#"{"status":"fail","message":"Invalid API KEY"}"#, Code::BadApiKey),
        (451, JSON, r#"{"status":"fail","message":"Access denied from your country"}"#, Code::AccessDenied),
        (400, JSON, r#"{"status":"fail","message":"Invalid project: 61f8."}"#, Code::NoSuchContainer),
        (400, JSON, r#"{"status":"fail","message":"Invalid storage."}"#, Code::IntegrationInvalid),
        (400, JSON, r#"{"status":"fail","message":"data should not be empty"}"#, Code::RowRefused),
        (413, JSON, r#"{"status":"error","message":"request entity too large"}"#, Code::CallTooLarge),
        (413, page, "<html>413</html>", Code::CallTooLarge),
        (429, JSON, r#"{"status":"fail","message":"Too many requests"}"#, Code::SlowDown),
        (504, page, "<html>504 Gateway Time-out</html>", Code::ServerError),
        (200, page, "<html>Welcome</html>", Code::NotAStore),
        (200, JSON, r#"{"status":"fail","message":"Something is wrong"}"#, Code::ServerError),
        (200, JSON, r#"{"status":"success","data":null}"#, Code::ServerError),
        (200, JSON, r#"{"status":"success","data":{}}"#, Code::ServerError),
    ] {
        let server = Server::start(move |_, _| reply(status, headers, text)).await;
        let problem = platform(&server.url).register(&target(HOME), &[row("a", "u")]).await.expect_err("no yes");
        assert_eq!(problem.code, code, "{status} {text}");
    }
    let lost = platform(&silent().await).register(&target(HOME), &[row("a", "u")]).await.expect_err("no answer");
    assert_eq!(lost.code, Code::ConnectionLost);
}

#[tokio::test]
async fn a_look_asks_for_one_external_id_and_compares_it_again() {
    let server = Server::start(|_, seen| {
        let assets = match seen.target.contains("%22a%26b%20%231%22") {
            true => json!([{"_id": "1", "externalId": "A&B #1", "data": "x"}, {"_id": "2", "externalId": "a&b #1", "data": "https://s.org/a?sig"}]),
            false => json!([]),
        };
        good(&json!({"assets": assets, "total": 2}))
    })
    .await;
    let found = platform(&server.url).lookup(&target(HOME), &["a&b #1", "b"]).await.expect("a look");
    assert!(found[0].as_ref().is_some_and(|row| row.id == "2" && row.is_for("https://s.org/a")) && found[1].is_none());
    let asked = format!("/v2/project/{HOME}/assets?page=1&limit=100&filters=%7B%22externalId%22%3A%22a%26b%20%231%22%7D");
    assert_eq!(server.seen()[0].target, asked);
}

#[tokio::test]
async fn assets_are_listed_to_their_number_also_in_small_pages() {
    let server = Server::start(|_, seen| {
        let page = if seen.target.contains("page=1&") { "12" } else { "3" };
        let assets: Vec<Value> =
            page.chars().map(|id| json!({"_id": id.to_string(), "externalId": id.to_string(), "dataset": ["u"]})).collect();
        good(&json!({"assets": assets, "total": 3}))
    })
    .await;
    let platform = platform(&server.url);
    let first = platform.list(&target(HOME), None).await.expect("a page");
    let second = platform.list(&target(HOME), first.next.as_deref()).await.expect("a page");
    let keys: Vec<&str> = first.rows.iter().chain(&second.rows).map(|row| row.key.as_str()).collect();
    assert_eq!((keys, second.next, first.rows[0].url.as_str()), (vec!["1", "2", "3"], None, "u"));
    assert_eq!(server.seen()[0].target, format!("/v2/project/{HOME}/assets?page=1&limit=100&filters=%7B%7D"));
}

#[tokio::test]
async fn projects_and_storages_are_read_in_all_their_spellings() {
    let server = Server::start(|_, seen| match seen.target.split('?').next().unwrap_or_default() {
        "/v2/listProjects" if seen.target.contains("page=1&") => good(&json!({"projects": [{"_id": "1", "name": "cats"}], "total": 2})),
        "/v2/listProjects" => good(&json!({"projects": [{"_id": "2", "name": "lidar"}], "total": 2})),
        "/v2/project/2" => good(&json!({"project": {"_id": "2", "name": "lidar", "type": "pct", "assetCount": 4, "batches": [{"_id": "b", "name": "B"}]}})),
        "/v2/storages" => good(&json!({"storages": [{"_id": "s", "name": "S", "type": "gcs", "bucket": "x"}, {"_id": "t", "provider": "AWS"}]})),
        _ => answer(400, &json!({"status": "fail", "message": "Invalid project: 9."})),
    })
    .await;
    let platform = platform(&server.url);
    platform.who().await.expect("a good key");
    let names: Vec<String> = platform.containers().await.expect("projects").into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["cats", "lidar"]);
    let lidar = platform.container("2").await.expect("a project");
    assert_eq!((lidar.takes, lidar.rows, lidar.batches), (vec![MediaKind::PointCloud], Some(4), vec![("b".into(), "B".into())]));
    let storages = platform.integrations().await.expect("storages");
    let told: Vec<(&str, &str)> = storages.iter().map(|one| (one.id.as_str(), one.provider.as_str())).collect();
    assert_eq!(told, [("s", "GCP"), ("t", "AWS")]);
    let with =
        |integration: &str, batch: &str| Target { container: "2".into(), integration: integration.into(), batch: batch.into() };
    assert_eq!(platform.prepare(&with("t", "b")).await, Ok(()));
    assert_eq!(platform.prepare(&with("u", "")).await.expect_err("no storage").code, Code::IntegrationInvalid);
    assert_eq!(platform.prepare(&with("", "c")).await.expect_err("no batch").code, Code::NoSuchContainer);
    assert_eq!(platform.prepare(&target("9")).await.expect_err("no project").code, Code::NoSuchContainer);
}

#[tokio::test]
async fn a_project_is_made_once_whatever_was_answered() {
    let server = Server::start(|number, seen| match (seen.method.as_str(), seen.target.split('?').next().unwrap_or_default()) {
        ("POST", _) => answer(502, &json!({"status": "error"})),
        (_, "/v2/listProjects") if number == 0 => good(&json!({"projects": [], "total": 0})),
        (_, "/v2/listProjects") => good(&json!({"projects": [{"_id": "1", "name": "dogs"}], "total": 1})),
        _ => good(&json!({"project": {"_id": "1", "name": "dogs", "type": "ango"}})),
    })
    .await;
    let new = NewContainer { name: "dogs".into(), kind: "pct".into(), ..NewContainer::default() };
    assert_eq!(platform(&server.url).create(&new).await.expect("the one that was made").id, "1");
    assert_eq!(platform(&server.url).create(&new).await.expect("the same").id, "1");
    let seen = server.seen();
    let posted: Vec<Value> = seen.iter().filter(|seen| seen.method == "POST").map(body).collect();
    assert_eq!(posted, [json!({"name": "dogs", "description": "", "type": "pct"})]);
}

async fn slots(storage: &str, kind: &'static str) -> (crate::api::OwnStorage<Slots>, Server) {
    let storage = storage.to_owned();
    let api = Server::start(move |_, seen| match seen.target.strip_prefix("/v2/getUploadUrl?name=") {
        Some(rest) => {
            let name = rest.split('&').next().unwrap_or_default();
            answer(201, &json!({"status": "success", "data": {"uploadUrl": format!("{storage}/b/{HOME}/assets/{name}?X-Amz-Signature=canary")}}))
        }
        None => good(&json!({"project": {"_id": HOME, "name": "cats", "type": kind}})),
    })
    .await;
    (Slots::open(&connection("ango", &api.url), &secrets(), &target(HOME)).expect("a store"), api)
}

#[tokio::test]
async fn a_file_goes_to_a_name_of_its_own_without_key_and_type() {
    let storage = Server::start(|_, _| reply(200, &[("etag", "\"f97c5d29941bfb1b2fdab0874906ab82\"")], "")).await;
    let (store, api) = slots(&storage.url, "ango").await;
    for (key, ending) in [("p/scan.NII.gz", ".NII.gz"), ("p/photo.png", ".png"), ("p.d/none", ""), ("p/.hidden", "")] {
        let said = store.0.put_stream(&outgoing(key, 3), content(3, vec![Ok(&b"one"[..])])).await.expect("stored");
        let url = said.url.expect("an address");
        assert!(url.ends_with(ending) && upload::is_slot(&url, HOME) && !url.contains('?'), "{url}");
        assert_eq!((said.etag.is_some(), said.digest.is_some()), (true, true));
    }
    for seen in storage.seen() {
        assert_eq!((seen.method.as_str(), seen.header("content-length"), &seen.body[..]), ("PUT", Some("3"), &b"one"[..]));
        for name in ["apikey", "content-type", "transfer-encoding"] {
            assert_eq!(seen.header(name), None);
        }
    }
    let asked = api.seen();
    assert!(asked[1].target.ends_with(&format!("&project={HOME}&type=assets")), "{}", asked[1].target);
    assert_eq!(asked.len(), 5, "the project is looked at once");
}

#[tokio::test]
async fn a_refused_or_lost_put_is_never_taken_for_a_stored_file() {
    for (status, message, code) in [(403, "Request has expired", Code::SlotExpired), (403, "Access Denied", Code::AccessDenied)] {
        let body = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
        let storage = Server::start(move |_, _| reply(status, &[], &body)).await;
        let (store, _api) = slots(&storage.url, "ango").await;
        let problem = store.0.put_stream(&outgoing("a", 0), content(0, Vec::new())).await.expect_err("refused");
        assert_eq!(problem.code, code);
        assert!(!format!("{problem:?}").contains("canary"));
    }
    let storage = Server::start(|_, _| fault(500, "InternalError", "")).await;
    let (store, _api) = slots(&storage.url, "ango").await;
    assert_eq!(
        store.0.put_stream(&outgoing("a", 0), content(0, Vec::new())).await.expect_err("an error").code,
        Code::ServerError
    );
    let (store, _api) = slots(&silent().await, "ango").await;
    assert_eq!(
        store.0.put_stream(&outgoing("a", 0), content(0, Vec::new())).await.expect_err("dropped").code,
        Code::ConnectionLost
    );
}

#[tokio::test]
async fn a_project_for_point_clouds_takes_no_files() {
    let (store, api) = slots("http://127.0.0.1:1", "pct").await;
    let problem = store.0.put_stream(&outgoing("a.pcd", 0), content(0, Vec::new())).await.expect_err("refused");
    assert_eq!((problem.code, problem.fact("container"), api.seen().len()), (Code::WrongContainer, Some("cats"), 1));
    assert!(problem.fact("said").is_some_and(|said| said.contains("bucket")));
}

#[test]
fn the_settle_time_is_the_connections() {
    assert_eq!(platform("https://x.org").habits().settle, Duration::from_secs(180));
    let mut short = connection("ango", "https://x.org");
    short.fields.insert("settle_seconds".into(), "2".into());
    assert_eq!(Ango::new(&short, &secrets()).expect("a platform").habits().settle, Duration::from_secs(2));
}
