use super::*;
use crate::testing::outgoing;
use crate::testing::platform::{KEY, connection, content, object, row, secrets, silent, target};
use crate::testing::server::{Reply, Seen, Server, fault, reply};
use gantry_model::{Format, MediaKind, Role, RowObject, Shape, Store, TakesStreams};
use serde_json::json;
use std::io::Read;

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const HOME: &str = "jane/flowers";

fn platform(url: &str) -> Segments {
    Segments::new(&connection("segments", url), &secrets()).expect("a platform")
}

fn answer(status: u16, body: &Value) -> Reply {
    reply(status, JSON, &body.to_string())
}

fn sent(seen: &Seen) -> Value {
    let mut text = String::new();
    flate2::read::GzDecoder::new(&seen.body[..]).read_to_string(&mut text).expect("gzip");
    serde_json::from_str(&text).expect("json")
}

/// A sample as the platform gives it back.
fn sample(name: &str, url: &str, created_at: &str) -> Value {
    json!({"uuid": format!("id of {name}"), "name": name, "attributes": {"image": {"url": url, "signed_url": "x"}}, "created_at": created_at})
}

#[tokio::test]
async fn a_person_and_the_datasets_of_all_owners_are_found_page_by_page() {
    let dataset = |owner: &str, name: &str, task: &str| json!({"name": name, "owner": {"username": owner}, "task_type": task, "samples_count": 3});
    let server = Server::start(move |_, seen| match seen.target.as_str() {
        "/user" => answer(200, &json!({"username": "jane", "subscription": "TRIAL", "organizations": [{"username": "ac me"}]})),
        "/user/datasets/?per_page=1000&page=1" => answer(200, &json!([dataset("jane", "flowers", "bboxes")])),
        "/user/datasets/?per_page=1000&page=2" => answer(200, &json!([dataset("ac me", "lidar", "pointcloud-cuboid-sequence")])),
        "/users/ac%20me/datasets/?per_page=1000&page=1" => answer(200, &json!([dataset("ac me", "lidar", "pointcloud-cuboid")])),
        _ => answer(404, &json!({"detail": "Invalid page."})),
    })
    .await;
    let who = platform(&server.url).who().await.expect("a person");
    assert_eq!(
        (who.name.as_str(), who.plan.as_str(), who.owners),
        ("jane", "TRIAL", vec!["jane".to_owned(), "ac me".to_owned()])
    );
    let all = platform(&server.url).containers().await.expect("datasets");
    let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["jane/flowers", "ac me/lidar"]);
    assert_eq!((all[0].shape, all[0].takes.as_slice(), all[0].rows), (Shape::Single, &[MediaKind::Image][..], Some(3)));
    assert_eq!((all[1].shape, all[1].takes[0]), (Shape::SceneSequence, MediaKind::PointCloud));
}

#[tokio::test]
async fn new_same_and_other_samples_are_told_apart() {
    let server = Server::start(|_, _| {
        answer(
            201,
            &json!([
                sample("new.jpg", "https://s.org/a%20b.jpg", "2999-01-01T00:00:00.000000Z"),
                sample("same.jpg", "https://s.org/same.jpg?Sig=old", "2020-01-01T00:00:00.000000Z"),
                sample("clash.jpg", "https://s.org/other.jpg", "2020-01-01T00:00:00.000000Z"),
                {"uuid": "x", "name": "null.jpg", "attributes": null}
            ]),
        )
    })
    .await;
    let mut rows = vec![
        row("new.jpg", "https://s.org/a b.jpg"),
        row("same.jpg", "https://s.org/same.jpg?Sig=new"),
        row("clash.jpg", "https://s.org/clash.jpg"),
        row("null.jpg", "https://s.org/null.jpg"),
        row("lost.jpg", "https://s.org/lost.jpg"),
    ];
    rows[0].metadata.push(("city".into(), "London".into()));
    rows[0].priority = 7;
    let outcomes = platform(&server.url).register(&target(HOME), &rows).await.expect("outcomes");
    let id = |name: &str| format!("id of {name}");
    let told = [RowOutcome::Registered(id("new.jpg")), RowOutcome::Same(id("same.jpg")), RowOutcome::Clash(id("clash.jpg"))];
    assert_eq!((&outcomes[..3], &outcomes[3..]), (&told[..], &[RowOutcome::Unsaid, RowOutcome::Unsaid][..]));
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/datasets/jane/flowers/samples_bulk/"));
    assert_eq!(seen.header("authorization"), Some(format!("APIKey {KEY}").as_str()));
    let body = sent(seen);
    let first = json!({"name": "new.jpg", "attributes": {"image": {"url": "https://s.org/a b.jpg"}}, "metadata": {"city": "London"}, "priority": 7});
    assert_eq!(body[0], first);
    assert_eq!(body[1], json!({"name": "same.jpg", "attributes": {"image": {"url": "https://s.org/same.jpg?Sig=new"}}}));
}

#[tokio::test]
async fn a_refusal_because_a_name_is_taken_is_looked_into() {
    let server = Server::start(|_, seen| match seen.method.as_str() {
        "POST" => answer(400, &json!({"detail": "Sample with name a&b #1.jpg already exists in this dataset."})),
        _ if seen.target.ends_with("name__contains=a%26b%20%231.jpg") => {
            answer(200, &json!([sample("xa&b #1.jpg", "u", ""), sample("a&b #1.jpg", "https://s.org/1.jpg", "")]))
        }
        _ => answer(200, &json!([])),
    })
    .await;
    let rows = [row("a&b #1.jpg", "https://s.org/1.jpg"), row("c.jpg", "https://s.org/c.jpg")];
    let outcomes = platform(&server.url).register(&target(HOME), &rows).await.expect("outcomes");
    assert_eq!(outcomes, [RowOutcome::Same("id of a&b #1.jpg".into()), RowOutcome::Unsaid]);
}

#[tokio::test]
async fn an_error_after_the_work_is_doubtful_and_the_look_finds_it() {
    let server = Server::start(|_, seen| match seen.method.as_str() {
        "POST" => answer(500, &json!({"detail": "boom"})),
        _ => answer(200, &json!([sample("a.jpg", "https://s.org/a.jpg?old", "")])),
    })
    .await;
    let platform = platform(&server.url);
    let problem = platform.register(&target(HOME), &[row("a.jpg", "https://s.org/a.jpg")]).await.expect_err("doubtful");
    assert_eq!(problem.code, Code::ServerError);
    let there = platform.lookup(&target(HOME), &["a.jpg", "A.jpg"]).await.expect("a look");
    assert!(there[0].as_ref().is_some_and(|row| row.is_for("https://s.org/a.jpg")) && there[1].is_none());
}

#[tokio::test]
async fn a_refused_row_refuses_the_call_with_the_platforms_words() {
    let body = json!([{}, {"attributes": ["The sample attributes do not match the task type of the dataset."]}]);
    let server = Server::start(move |_, _| answer(400, &body)).await;
    let rows = [row("a.jpg", "https://s.org/a.jpg"), row("b.jpg", "https://s.org/b.jpg")];
    let problem = platform(&server.url).register(&target(HOME), &rows).await.expect_err("refused");
    assert_eq!((problem.code, problem.reaction), (Code::RowRefused, gantry_model::Reaction::GiveUp));
    assert!(problem.fact("said").is_some_and(|said| said.contains("do not match the task type")), "{problem}");
}

#[tokio::test]
async fn an_answer_without_samples_is_doubtful() {
    for body in [json!(null), json!({}), json!([])] {
        let server = Server::start(move |_, _| answer(201, &body)).await;
        let problem = platform(&server.url).register(&target(HOME), &[row("a", "u")]).await.expect_err("nothing said");
        assert_eq!((problem.code, problem.reaction), (Code::ServerError, gantry_model::Reaction::Retry));
    }
}

#[tokio::test]
async fn samples_are_listed_to_the_end_also_where_pages_are_shorter_than_asked_for() {
    let server = Server::start(|_, seen| match seen.target.as_str() {
        "/datasets/jane/flowers/samples/?per_page=1000&page=1&sort=name" => {
            answer(200, &json!([sample("a", "https://s.org/a", "")]))
        }
        "/datasets/jane/flowers/samples/?per_page=1000&page=2&sort=name" => {
            answer(200, &json!([sample("b", "https://s.org/b", "")]))
        }
        _ => answer(404, &json!({"detail": "Invalid page."})),
    })
    .await;
    let (platform, mut after, mut keys) = (platform(&server.url), None, Vec::new());
    loop {
        let page = platform.list(&target(HOME), after.as_deref()).await.expect("a page");
        keys.extend(page.rows.into_iter().map(|row| row.key));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(keys, ["a", "b"]);
    let ever = Server::start(|_, _| answer(200, &json!([sample("a", "u", "")]))).await;
    let endless = Segments::new(&connection("segments", &ever.url), &secrets()).expect("a platform");
    let first = endless.list(&target(HOME), None).await.expect("a page");
    let second = endless.list(&target(HOME), first.next.as_deref()).await.expect("a page");
    assert!(second.rows.is_empty() && second.next.is_none(), "the same page for ever");
}

#[tokio::test]
async fn a_dataset_is_made_once_whatever_was_answered() {
    let there = json!({"name": "birds", "full_name": "jane/birds", "task_type": "segmentation-bitmap"});
    let case = |status: u16, body: Value| {
        let there = there.clone();
        async move {
            let server = Server::start(move |_, seen| match (seen.method.as_str(), seen.target.as_str()) {
                ("GET", "/user") => answer(200, &json!({"username": "jane", "organizations": [{"username": "acme"}]})),
                ("GET", "/datasets/jane/birds/") => answer(200, &there),
                ("POST", "/user/datasets/" | "/organizations/acme/datasets/") => answer(status, &body),
                _ => answer(404, &json!({"detail": "Not found."})),
            })
            .await;
            (platform(&server.url), server)
        }
    };
    let new = |owner: &str, kind: &str| NewContainer {
        name: "birds".into(),
        owner: owner.into(),
        kind: kind.into(),
        ..NewContainer::default()
    };
    for (status, body) in [(201, there.clone()), (400, json!({"name": ["Dataset jane/birds already exists."]})), (502, json!({}))]
    {
        let (platform, server) = case(status, body).await;
        assert_eq!(platform.create(&new("", "")).await.expect("a dataset").id, "jane/birds", "{status}");
        let posted: Value = serde_json::from_slice(&server.seen()[1].body).expect("json");
        assert_eq!(
            (posted["task_type"].as_str(), posted.as_object().map(serde_json::Map::len)),
            (Some("segmentation-bitmap"), Some(20))
        );
    }
    let (platform, _server) = case(400, json!({"name": ["Dataset jane/birds already exists."]})).await;
    assert_eq!(platform.create(&new("jane", "vector")).await.expect_err("another type").code, Code::Clash);
    let (platform, _server) = case(502, json!({})).await;
    assert_eq!(platform.create(&new("acme", "vector")).await.expect_err("not there").code, Code::ServerError);
}

/// A slot at `storage`, with a field that no SDK knows.
fn slot(storage: &str) -> Value {
    let fields = json!({"x-amz-signature": "canary", "key": "assets/jane/1.png", "acl": "private", "policy": "p", "x-amz-meta-new": "n",
        "Content-Type": "image/png", "x-amz-date": "d", "x-amz-credential": "c", "x-amz-algorithm": "a"});
    json!({"uuid": "1", "url": format!("{storage}/b/assets/jane/1.png"), "presignedPostFields": {"url": format!("{storage}/b"), "fields": fields}})
}

async fn slots(storage: &Server) -> (crate::api::OwnStorage<Slots>, Server) {
    let url = storage.url.clone();
    let api = Server::start(move |_, _| answer(201, &slot(&url))).await;
    (Slots::open(&connection("segments", &api.url), &secrets()).expect("a store"), api)
}

#[tokio::test]
async fn a_file_gets_a_slot_and_every_field_of_it_comes_back() {
    let md5 = "f97c5d29941bfb1b2fdab0874906ab82";
    let storage = Server::start(move |_, _| reply(204, &[("etag", &format!("\"{md5}\""))], "")).await;
    let (store, api) = slots(&storage).await;
    let item = gantry_model::Outgoing { content_type: "image/png".into(), ..outgoing("photos/blue sky", 3) };
    let said = store.0.put_stream(&item, content(3, vec![Ok(&b"one"[..])])).await.expect("stored");
    assert_eq!(said.url, Some(format!("{}/b/assets/jane/1.png", storage.url)));
    assert_eq!(said.digest.map(|digest| digest.hex()), Some(md5.to_owned()));
    let asked: Value = serde_json::from_slice(&api.seen()[0].body).expect("json");
    assert_eq!(asked, json!({"filename": "blue sky.png"}));
    let seen = &storage.seen()[0];
    assert_eq!((seen.header("authorization"), seen.header("transfer-encoding")), (None, None));
    let body = String::from_utf8(seen.body.to_vec()).expect("text");
    let names: Vec<&str> = body.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let wanted = [
        "acl",
        "Content-Type",
        "key",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "policy",
        "x-amz-signature",
        "x-amz-meta-new",
    ];
    assert_eq!(names[..9], wanted);
    assert_eq!(names[9..], ["file", "blue sky"]);
}

#[tokio::test]
async fn where_the_form_tells_no_etag_the_address_is_looked_at() {
    let storage = Server::start(|_, seen| match seen.method.as_str() {
        "HEAD" if seen.header("x-amz-checksum-mode") == Some("ENABLED") => reply(200, &[("etag", "\"e-2\"")], "one"),
        _ => reply(204, &[], ""),
    })
    .await;
    let (store, _api) = slots(&storage).await;
    let said = store.0.put_stream(&outgoing("a.jpg", 3), content(3, vec![Ok(&b"one"[..])])).await.expect("stored");
    assert_eq!((said.size, said.etag.as_deref(), said.digest), (Some(3), Some("e-2"), None));
    assert!(said.url.is_some() && storage.seen().iter().all(|seen| seen.header("authorization").is_none()));
}

#[tokio::test]
async fn an_expired_slot_a_large_file_and_a_lost_line_are_told_apart() {
    for (status, message, code) in [(403, "Policy expired", Code::SlotExpired), (400, "EntityTooLarge", Code::Refused)] {
        let storage = Server::start(move |_, _| match status {
            403 => reply(403, &[], &format!("<Error><Code>AccessDenied</Code><Message>{message}.</Message></Error>")),
            _ => fault(status, message, "<MaxSizeAllowed>100</MaxSizeAllowed>"),
        })
        .await;
        let (store, _api) = slots(&storage).await;
        let problem = store.0.put_stream(&outgoing("a.jpg", 0), content(0, Vec::new())).await.expect_err("refused");
        assert_eq!(problem.code, code);
        assert!(!format!("{problem:?}").contains("canary"), "{problem:?}");
    }
    let gone = silent().await;
    let api = Server::start(move |_, _| answer(201, &slot(&gone))).await;
    let store = Slots::open(&connection("segments", &api.url), &secrets()).expect("a store");
    let lost = store.0.put_stream(&outgoing("a.jpg", 0), content(0, Vec::new())).await.expect_err("no answer");
    assert_eq!(lost.code, Code::ConnectionLost);
    let hollow = Server::start(|_, _| answer(201, &json!({"url": "http://127.0.0.1:1/a", "presignedPostFields": null}))).await;
    let store = Slots::open(&connection("segments", &hollow.url), &secrets()).expect("a store");
    let problem = store.0.put_stream(&outgoing("a.jpg", 0), content(0, Vec::new())).await.expect_err("no slot");
    assert_eq!(problem.fact("missing"), Some("presignedPostFields.url"));
    let parts = store.begin(&outgoing("a.jpg", 0), 1).await.expect_err("whole objects only");
    assert_eq!((parts.code, store.find(&gantry_model::Key("a".into())).await), (Code::Bug, Ok(None)));
}

fn part(url: &str, role: Role, format: Format, sensor: &str) -> RowObject {
    RowObject { role, format, sensor: sensor.into(), ..object(url) }
}

#[test]
fn each_shape_has_its_attributes() {
    let cloud = |url: &str| part(url, Role::Subject, Format::Pcd, "");
    let of = |shape: Shape, objects: Vec<RowObject>| attributes::of(&Row { shape, objects, ..row("r", "u") });
    assert_eq!(
        of(Shape::Sequence, vec![object("u/1"), object("u/2")]),
        Ok(json!({"frames": [{"image": {"url": "u/1"}, "name": "1"}, {"image": {"url": "u/2"}, "name": "2"}]}))
    );
    let camera = part("c", Role::Camera, Format::Jpeg, "front");
    let scene = json!({"pcd": {"url": "p", "type": "pcd"}, "images": [{"url": "c", "row": 0, "col": 0, "name": "front"}]});
    assert_eq!(of(Shape::Scene, vec![camera.clone(), cloud("p")]), Ok(scene));
    let frames = json!({"frames": [{"pcd": {"url": "p1", "type": "pcd"}, "name": "p1",
        "images": [{"url": "c", "row": 0, "col": 0, "name": "front"}]}, {"pcd": {"url": "p2", "type": "pcd"}, "name": "p2"}]});
    assert_eq!(of(Shape::SceneSequence, vec![cloud("p1"), camera, cloud("p2")]), Ok(frames));
    let many = vec![part("p", Role::Subject, Format::Las, "Lidar"), part("i", Role::Subject, Format::Png, "Camera 1")];
    assert_eq!(
        of(Shape::MultiSensor, many),
        Ok(json!({"sensors": [
        {"name": "Lidar", "task_type": "pointcloud-cuboid-sequence", "attributes": {"frames": [{"pcd": {"url": "p", "type": "las"}, "name": "p"}]}},
        {"name": "Camera 1", "task_type": "image-vector-sequence", "attributes": {"frames": [{"image": {"url": "i"}, "name": "i"}]}}]}))
    );
}

#[tokio::test]
async fn a_raw_point_cloud_needs_its_type_and_the_other_rows_go_on() {
    let server = Server::start(|_, _| {
        answer(201, &json!([{"uuid": "1", "name": "b", "attributes": {"pcd": {"url": "b.bin", "type": "kitti"}}}]))
    })
    .await;
    let raw = |key: &str, url: &str| Row {
        shape: Shape::Scene,
        objects: vec![part(url, Role::Subject, Format::Unknown, "")],
        ..row(key, url)
    };
    let mut rows = [raw("a", "a.bin"), raw("b", "b.bin"), raw("c", "c.bin")];
    rows[1].metadata.push(("pcd_type".into(), "kitti".into()));
    rows[2].metadata.push(("pcd_type".into(), "guess".into()));
    let outcomes = platform(&server.url).register(&target("acme/lidar"), &rows).await.expect("outcomes");
    let said = |at: usize| match &outcomes[at] {
        RowOutcome::Refused(problem) => problem.fact("said").unwrap_or_default().to_owned(),
        other => format!("{other:?}"),
    };
    assert!(said(0).contains("pcd_type") && said(2).contains("Segments.ai reads"), "{} {}", said(0), said(2));
    assert_eq!(outcomes[1], RowOutcome::Registered("1".into()));
    let body = sent(&server.seen()[0]);
    assert_eq!(body, json!([{"name": "b", "attributes": {"pcd": {"url": "b.bin", "type": "kitti"}}}]));
}

#[tokio::test]
async fn a_dataset_that_is_gone_and_an_id_that_is_none_name_the_dataset() {
    let server = Server::start(|_, _| answer(404, &json!({"detail": "Not found."}))).await;
    let platform = platform(&server.url);
    for id in [HOME, "flowers", "jane/", "jane/.."] {
        let problem = platform.container(id).await.expect_err("not there");
        assert_eq!((problem.code, problem.fact("container")), (Code::NoSuchContainer, Some(id)));
    }
    let gone = platform.register(&target(HOME), &[row("a", "u")]).await.expect_err("not there");
    assert_eq!(gone.code, Code::NoSuchContainer);
}
