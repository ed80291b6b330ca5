//! Imports from the first file to the outcome of each row.

use super::*;
use gantry_model::RowOutcome;

const UPLOAD: &str = "UploadFile";
const TASK: &str = "GetUserCreatedTasksPyApi";
const FAILED: &str = "FailedDataRowImportsPyApi";
const MADE: &str = "SuccessesfulDataRowImportsPyApi";

fn uploads(server: &Server) -> Vec<(String, Value)> {
    server.seen().iter().filter(|seen| operation(seen) == UPLOAD).map(uploaded).collect()
}

fn task(status: &str) -> (&'static str, Value) {
    (TASK, json!({"user": {"createdTasks": [{"id": "t1", "status": status, "errors": null}]}}))
}

fn failed(after: Value, rows: &[(&str, &str, &str)]) -> (&'static str, Value) {
    let one = |(key, url, message): &(&str, &str, &str)| json!({"message": message, "spec": {"globalKey": key, "rowData": url}});
    (FAILED, json!({"failedDataRowImports": {"after": after, "total": 9, "results": rows.iter().map(one).collect::<Vec<_>>()}}))
}

fn made(after: Value, rows: &[(&str, &str, &str)]) -> (&'static str, Value) {
    let one = |(id, key, url): &(&str, &str, &str)| json!({"id": id, "globalKey": key, "rowData": url});
    (MADE, json!({"successesfulDataRowImports": {"after": after, "total": 9, "nodes": rows.iter().map(one).collect::<Vec<_>>()}}))
}

/// The answers up to the task, and more.
fn script(more: &[(&'static str, Value)]) -> Script {
    let mut all = vec![
        ("GetUserPyApi", json!({"user": {"id": "c-jane", "name": "jane"}})),
        (UPLOAD, json!({"uploadFile": {"url": "https://storage.labelbox.com/f1", "filename": "f"}})),
        (UPLOAD, json!({"uploadFile": {"url": "https://storage.labelbox.com/f2", "filename": "f"}})),
        (UPLOAD, json!({"uploadFile": {"url": "https://storage.labelbox.com/f3", "filename": "f"}})),
        ("UpsertDataRowsPyApi", json!({"upsertDataRows": {"id": "t1", "status": "IN_PROGRESS"}})),
    ];
    all.extend_from_slice(more);
    Script::new(&all)
}

fn said(outcome: &RowOutcome) -> &str {
    match outcome {
        RowOutcome::Refused(problem) => {
            assert_eq!((problem.code, problem.reaction), (Code::RowRefused, Reaction::GiveUp));
            problem.fact("said").expect("words")
        }
        other => panic!("not refused: {other:?}"),
    }
}

fn registered(id: &str) -> RowOutcome {
    RowOutcome::Registered(id.to_owned())
}

#[tokio::test]
async fn rows_go_as_files_a_manifest_and_a_task_and_come_back_by_their_keys() {
    let made = made(Value::Null, &[("r-b", "b", "https://x.org/b"), ("r-a", "A", "https://x.org/a")]);
    let (server, platform) = script(&[task("IN_PROGRESS"), task("COMPLETE"), failed(Value::Null, &[]), made]).start().await;
    let rows = [row("a", "https://x.org/a?X-Amz-Signature=s"), row("b", "https://x.org/b"), row("c", "https://x.org/c")];
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    assert_eq!(outcomes, [registered("r-a"), registered("r-b"), RowOutcome::Unsaid]);

    let files = uploads(&server);
    let (chunk, items) = &files[0];
    assert!(chunk.contains("filename=\"json_import.json\"") && chunk.contains("Content-Type: application/json"), "{chunk}");
    let keys: Vec<_> = items.as_array().expect("a list").iter().map(|item| item["payload"]["global_key"].clone()).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert_eq!(items[0]["payload"]["row_data"], "https://x.org/a?X-Amz-Signature=s");
    assert!(files[1].0.contains("filename=\"manifest.json\""));
    assert_eq!(files[1].1, json!({"source": "SDK", "item_count": 3, "chunk_uris": ["https://storage.labelbox.com/f1"]}));
    let upsert = server.seen().into_iter().find(|seen| operation(seen) == "UpsertDataRowsPyApi").expect("imported");
    assert_eq!(variables(&upsert), json!({"manifestUri": "https://storage.labelbox.com/f2"}));
    let asked = server.seen().into_iter().find(|seen| operation(seen) == TASK).expect("asked");
    assert_eq!(variables(&asked), json!({"userId": "c-jane", "taskId": "t1"}));
}

#[tokio::test]
async fn ten_million_bytes_are_the_most_of_one_file() {
    let (server, platform) = script(&[task("COMPLETE"), failed(Value::Null, &[]), made(Value::Null, &[])]).start().await;
    let mut rows = [row("a", "https://x.org/a"), row("b", "https://x.org/b"), row("c", "https://x.org/c")];
    for row in &mut rows {
        row.attachments = vec![("RAW_TEXT".into(), "t".repeat(4_000_000), String::new())];
    }
    platform.register(&target(), &rows).await.expect("told");
    let files = uploads(&server);
    assert_eq!(files.iter().map(|(_, json)| json.as_array().map_or(0, Vec::len)).collect::<Vec<_>>(), [2, 1, 0]);
    let urls = ["https://storage.labelbox.com/f1", "https://storage.labelbox.com/f2"];
    assert_eq!(files[2].1, json!({"source": "SDK", "item_count": 3, "chunk_uris": urls}));
}

#[tokio::test]
async fn an_import_is_asked_about_until_it_has_ended() {
    let mut more = vec![task("IN_PROGRESS"); 300];
    more.extend([task("COMPLETE"), failed(Value::Null, &[]), made(Value::Null, &[("r-a", "a", "https://x.org/a")])]);
    let (server, platform) = script(&more).start().await;
    assert_eq!(platform.register(&target(), &[row("a", "https://x.org/a")]).await, Ok(vec![registered("r-a")]));
    assert_eq!(asked(&server).iter().filter(|name| *name == TASK).count(), 301);
}

#[tokio::test]
async fn a_question_without_an_answer_does_not_end_the_import() {
    let numbers = Mutex::new(0);
    let script = script(&[failed(Value::Null, &[]), made(Value::Null, &[("r-a", "a", "https://x.org/a")])]);
    let server = Server::start(move |_, seen| {
        if operation(seen) != TASK {
            return good(&script.0[operation(seen).as_str()][0]);
        }
        let mut number = numbers.lock().expect("not poisoned");
        *number += 1;
        match *number {
            1 => reply(502, &[], "<html>502</html>"),
            2 => good(&json!({"user": {"createdTasks": []}})),
            3 => good(&json!({"user": null})),
            _ => good(&task("COMPLETE").1),
        }
    })
    .await;
    assert_eq!(open(&server).register(&target(), &[row("a", "https://x.org/a")]).await, Ok(vec![registered("r-a")]));
}

#[tokio::test]
async fn a_task_that_labelbox_has_lost_is_a_problem_in_the_end() {
    let lost = (TASK, json!({"user": {"createdTasks": []}}));
    let (_server, platform) = script(&[lost]).start().await;
    let problem = platform.register(&target(), &[row("a", "https://x.org/a")]).await.expect_err("lost");
    assert_eq!((problem.code, problem.fact("missing")), (Code::ServerError, Some("data.user.createdTasks.0")));
}

#[tokio::test]
async fn failures_of_all_pages_are_told_in_labelboxs_own_words() {
    let message = "Failed to access URL: https://x.org/1?X-Amz-Signature=canary 403";
    let lists = [
        task("COMPLETE"),
        failed("p2".into(), &[("K1", "https://x.org/1", message)]),
        failed(Value::Null, &[("", "https://x.org/2", "Expected type image/*, detected: application/json")]),
        made("p2".into(), &[("r3", "k3", "https://x.org/3")]),
        made("p2".into(), &[("r4", "k4", "https://x.org/4")]),
    ];
    let (server, platform) = script(&lists).start().await;
    let rows: Vec<Row> = (1..=4).map(|n| row(&format!("k{n}"), &format!("https://x.org/{n}"))).collect();
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    assert_eq!(said(&outcomes[0]), "Failed to access URL: https://x.org/1 403");
    assert_eq!(said(&outcomes[1]), "Expected type image/*, detected: application/json");
    assert_eq!(outcomes[2..], [registered("r3"), registered("r4")]);
    let pages: Vec<Value> = server.seen().iter().filter(|seen| operation(seen) == FAILED).map(variables).collect();
    assert_eq!(pages[0], json!({"taskId": "t1", "first": 5000, "from": null}));
    assert_eq!(pages[1], json!({"taskId": "t1", "first": 5000, "from": "p2"}));
}

#[tokio::test]
async fn a_key_that_is_taken_is_the_same_row_or_a_clash() {
    let duplicate = |key: &'static str, url: &'static str| (key, url, "Duplicate global key: 'k'");
    let found = |id: &str, key: &str, url: &str, dataset: &str| {
        ("GetDataRowPyApi", json!({"dataRow": {"id": id, "globalKey": key, "rowData": url, "dataset": {"id": dataset}}}))
    };
    let failures = [
        duplicate("same", "https://x.org/1"),
        duplicate("other", "https://x.org/2"),
        duplicate("ELSEWHERE", "https://x.org/3"),
        duplicate("gone", "https://x.org/4"),
        duplicate("hidden", "https://x.org/5"),
    ];
    let result = json!({"jobStatus": "COMPLETE", "data": {
        "fetchedDataRows": [{"id": "r1"}, {"id": "r2"}, {"id": "r3"}, {"id": ""}, {"id": ""}],
        "notFoundGlobalKeys": ["gone"], "accessDeniedGlobalKeys": ["Hidden"]}});
    let (_server, platform) = script(&[
        task("COMPLETE"),
        failed(Value::Null, &failures),
        made(Value::Null, &[]),
        ("getDataRowsForGlobalKeysPyApi", json!({"dataRowsForGlobalKeys": {"jobId": "j1"}})),
        ("getDataRowsForGlobalKeysResultPyApi", json!({"dataRowsForGlobalKeysResult": {"jobStatus": "PENDING", "data": null}})),
        ("getDataRowsForGlobalKeysResultPyApi", json!({"dataRowsForGlobalKeysResult": result})),
        found("r1", "SAME", "https://x.org/1?Signature=other", "c-birds"),
        found("r2", "other", "https://x.org/0", "c-birds"),
        found("r3", "elsewhere", "https://x.org/3", "c-cats"),
    ])
    .start()
    .await;
    let keys = ["same", "other", "elsewhere", "gone", "hidden"];
    let rows: Vec<Row> = keys.iter().zip(1..).map(|(key, n)| row(key, &format!("https://x.org/{n}?Signature=ours"))).collect();
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    let clash = |id: &str| RowOutcome::Clash(id.to_owned());
    assert_eq!(outcomes, [RowOutcome::Same("r1".into()), clash("r2"), clash("r3"), RowOutcome::Unsaid, clash("")]);
}

#[tokio::test]
async fn of_two_rows_with_one_key_each_gets_its_own_outcome() {
    let found = json!({"dataRow": {"id": "r2", "globalKey": "k", "rowData": "https://x.org/2", "dataset": {"id": "c-birds"}}});
    let data = json!({"fetchedDataRows": [{"id": "r2"}], "notFoundGlobalKeys": [], "accessDeniedGlobalKeys": []});
    let (_server, platform) = script(&[
        task("COMPLETE"),
        failed(Value::Null, &[("K", "https://x.org/1", "Duplicate global key: 'K'")]),
        made(Value::Null, &[("r2", "k", "https://x.org/2")]),
        ("getDataRowsForGlobalKeysPyApi", json!({"dataRowsForGlobalKeys": {"jobId": "j1"}})),
        ("getDataRowsForGlobalKeysResultPyApi", json!({"dataRowsForGlobalKeysResult": {"jobStatus": "COMPLETE", "data": data}})),
        ("GetDataRowPyApi", found),
    ])
    .start()
    .await;
    let rows = [row("K", "https://x.org/1"), row("k", "https://x.org/2")];
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    assert_eq!(outcomes, [RowOutcome::Clash("r2".into()), registered("r2")]);
}

#[tokio::test]
async fn a_thousand_rows_that_are_there_are_found_by_reading_the_newest_pages() {
    let keys: Vec<(String, String)> = (0..1000).map(|n| (format!("k{n}"), format!("https://x.org/{n}"))).collect();
    let failures: Vec<_> = keys.iter().map(|(key, url)| (key.as_str(), url.as_str(), "Duplicate global key")).collect();
    let page = |keys: &[(String, String)], next: Value| {
        let nodes: Vec<Value> =
            keys.iter().map(|(key, url)| json!({"id": format!("r-{key}"), "globalKey": key, "rowData": url})).collect();
        ("DatasetDataRowsPyApi", json!({"datasetDataRows": {"nodes": nodes, "pageInfo": {"startCursor": next}}}))
    };
    let lists = [
        task("COMPLETE"),
        failed(Value::Null, &failures),
        made(Value::Null, &[]),
        page(&keys[500..], "r-k500".into()),
        page(&keys[..500], "r-old".into()),
    ];
    let (server, platform) = script(&lists).start().await;
    let rows: Vec<Row> = keys.iter().map(|(key, url)| row(key, url)).collect();
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    let wanted: Vec<_> = keys.iter().map(|(key, _)| RowOutcome::Same(format!("r-{key}"))).collect();
    assert_eq!(outcomes, wanted);
    let names = asked(&server);
    assert!(!names.iter().any(|name| name == "GetDataRowPyApi"));
    // The third page is not read: all have been found by then.
    assert_eq!(names.iter().filter(|name| *name == "DatasetDataRowsPyApi").count(), 2);
}

#[tokio::test]
async fn an_import_that_fails_as_a_whole_says_why() {
    let ended = |status: &str, errors: Value| {
        (TASK, json!({"user": {"createdTasks": [{"id": "t1", "status": status, "errors": errors}]}}))
    };
    for (errors, code, words) in [
        (json!({"message": "Failed to process the manifest"}), Code::ServerError, "Failed to process the manifest"),
        (json!([{"message": "one"}, "two"]), Code::ServerError, "one; two"),
        (json!("LBU limit exceeded, upgrade to continue"), Code::PlanLimit, "LBU limit exceeded, upgrade to continue"),
    ] {
        let more = [ended("FAILED", errors), failed(Value::Null, &[]), made(Value::Null, &[])];
        let (_server, platform) = script(&more).start().await;
        let problem = platform.register(&target(), &[row("a", "https://x.org/a")]).await.expect_err("failed");
        assert_eq!((problem.code, problem.fact("said")), (code, Some(words)));
    }
    let more = [ended("FAILED", json!("half")), failed(Value::Null, &[("a", "", "no")]), made(Value::Null, &[("r", "b", "")])];
    let (_server, platform) = script(&more).start().await;
    let rows = ["a", "b", "c"].map(|key| row(key, &format!("https://x.org/{key}")));
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    assert_eq!((said(&outcomes[0]), &outcomes[1..]), ("no", &[registered("r"), RowOutcome::Unsaid][..]));

    let (_server, platform) = script(&[ended("CANCELED", Value::Null)]).start().await;
    let problem = platform.register(&target(), &[row("a", "https://x.org/a")]).await.expect_err("cancelled");
    assert_eq!((problem.code, problem.reaction), (Code::Refused, Reaction::AskUser));
    assert!(problem.fact("said").is_some_and(|said| said.contains("cancelled")));
}

#[tokio::test]
async fn when_the_dataset_was_deleted_meanwhile_no_row_is_blamed() {
    let script = script(&[task("COMPLETE"), failed(Value::Null, &[("a", "", "Dataset not found")]), made(Value::Null, &[])]);
    let server = Server::start(move |_, seen| match script.0.get(operation(seen).as_str()) {
        Some(all) => good(&all[0]),
        None => error("RESOURCE_NOT_FOUND", None, "Dataset not found"),
    })
    .await;
    let problem = open(&server).register(&target(), &[row("a", "https://x.org/a")]).await.expect_err("gone");
    assert_eq!((problem.code, problem.fact("container")), (Code::NoSuchContainer, Some("c-birds")));
}

#[tokio::test]
async fn rows_that_cannot_go_are_refused_and_the_others_go() {
    let ontology = json!({"customMetadataOntology": [
        {"id": "c-tag", "name": "tag", "kind": "CustomMetadataString", "options": []},
        {"id": "c-split", "name": "split", "kind": "CustomMetadataEnum", "options": [{"id": "c-train", "name": "train"}]}]});
    let (server, platform) = script(&[
        ("GetMetadataOntologyBetaPyApi", ontology),
        task("COMPLETE"),
        failed(Value::Null, &[]),
        made(Value::Null, &[("r-a", "a", "https://x.org/a")]),
    ])
    .start()
    .await;
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut rows = ["a", "b", "c"].map(|key| row(key, &format!("https://x.org/{key}")));
    rows[0].metadata = pairs(&[("Tag", "t"), ("split", "train")]);
    rows[1].metadata = pairs(&[("colour", "red")]);
    rows[2].shape = Shape::Scene;
    let outcomes = platform.register(&target(), &rows).await.expect("told");
    assert_eq!(outcomes[0], registered("r-a"));
    assert!(said(&outcomes[1]).contains("colour") && said(&outcomes[2]).contains("one file"));
    let (_, items) = &uploads(&server)[0];
    assert_eq!(items.as_array().map(Vec::len), Some(1));
    let metadata =
        json!([{"schemaId": "c-tag", "value": "t"}, {"schemaId": "c-split", "value": {}}, {"schemaId": "c-train", "value": {}}]);
    assert_eq!(items[0]["payload"]["metadata_fields"], metadata);

    // The fields are asked for once, until the target is made ready anew.
    let count = || asked(&server).iter().filter(|name| *name == "GetMetadataOntologyBetaPyApi").count();
    platform.register(&target(), &rows[..1]).await.expect("told");
    assert_eq!(count(), 1);
    platform.prepare(&target()).await.expect_err("not scripted");
    platform.register(&target(), &rows[..1]).await.expect("told");
    assert_eq!(count(), 2);
}

#[tokio::test]
async fn nothing_is_sent_where_no_row_can_go() {
    let (server, platform) = script(&[]).start().await;
    let outcomes = platform.register(&target(), &[row("a", "s3://bucket/a")]).await.expect("told");
    assert!(said(&outcomes[0]).contains("s3://bucket/a"));
    assert_eq!(platform.register(&target(), &[]).await, Ok(Vec::new()));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_file_of_rows_that_is_too_large_asks_for_smaller_calls() {
    let server = Server::start(|_, seen| match operation(seen).as_str() {
        UPLOAD => reply(413, &[("content-type", "text/html")], "<html>413</html>"),
        _ => good(&json!({"user": {"id": "c-jane"}})),
    })
    .await;
    let problem = open(&server).register(&target(), &[row("a", "https://x.org/a")]).await.expect_err("too large");
    assert_eq!(problem.code, Code::CallTooLarge);
}
