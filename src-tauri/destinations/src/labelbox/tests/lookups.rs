//! Pages of a dataset, rows by their keys, and whether they are ready to be seen.

use super::*;

fn page(ids: &[&str], next: Value) -> (&'static str, Value) {
    let node =
        |id: &&str| json!({"id": id, "globalKey": format!("k-{id}"), "rowData": format!("https://x.org/{id}?Signature=s")});
    let nodes: Vec<Value> = ids.iter().map(node).collect();
    let info = json!({"hasNextPage": true, "startCursor": next});
    ("DatasetDataRowsPyApi", json!({"datasetDataRows": {"nodes": nodes, "pageInfo": info}}))
}

#[tokio::test]
async fn a_dataset_is_read_until_the_cursor_is_null_or_stands_still() {
    let answers = [page(&["r3", "r2"], "r2".into()), page(&["r2", "r1"], Value::Null), page(&["r1"], "r1".into())];
    let (server, platform) = Script::new(&answers).start().await;
    let first = platform.list(&target(), None).await.expect("a page");
    assert_eq!(first.next.as_deref(), Some("r2"));
    let wanted = RowThere { id: "r3".into(), key: "k-r3".into(), url: "https://x.org/r3?Signature=s".into() };
    assert!(first.rows[0] == wanted && wanted.is_for("https://x.org/r3?Signature=another"));
    assert_eq!(platform.list(&target(), Some("r2")).await.expect("a page").next, None);
    assert_eq!(platform.list(&target(), Some("r1")).await.expect("a page").next, None);
    assert_eq!(variables(&server.seen()[0]), json!({"id": "c-birds", "from": null, "first": 500, "where": null}));
    assert_eq!(variables(&server.seen()[1])["from"], "r2");
}

#[tokio::test]
async fn rows_without_key_or_address_are_rows_all_the_same() {
    let nodes = json!([{"id": "r1", "globalKey": null, "rowData": "plain text as row data"}, {"id": "r2", "globalKey": "k", "rowData": null}]);
    let answer = json!({"datasetDataRows": {"nodes": nodes, "pageInfo": {"hasNextPage": false, "startCursor": null}}});
    let (_server, platform) = Script::new(&[("DatasetDataRowsPyApi", answer)]).start().await;
    let rows = platform.list(&target(), None).await.expect("a page").rows;
    assert_eq!(rows[0], RowThere { id: "r1".into(), key: String::new(), url: String::new() });
    assert!(rows[1].key == "k" && !rows[1].is_for(""));
}

#[tokio::test]
async fn keys_are_looked_up_in_their_order_and_in_any_case() {
    let found = |id: &str, key: &str| {
        (
            "GetDataRowPyApi",
            json!({"dataRow": {"id": id, "globalKey": key, "rowData": "https://x.org/1", "dataset": {"id": "c-birds"}}}),
        )
    };
    let data = json!({"fetchedDataRows": [{"id": ""}, {"id": "r1"}, {"id": "r2"}], "notFoundGlobalKeys": ["none"], "accessDeniedGlobalKeys": []});
    let (server, platform) = Script::new(&[
        ("getDataRowsForGlobalKeysPyApi", json!({"dataRowsForGlobalKeys": {"jobId": "j1"}})),
        (
            "getDataRowsForGlobalKeysResultPyApi",
            json!({"dataRowsForGlobalKeysResult": {"jobStatus": "IN_PROGRESS", "data": null}}),
        ),
        ("getDataRowsForGlobalKeysResultPyApi", json!({"dataRowsForGlobalKeysResult": {"jobStatus": "COMPLETE", "data": data}})),
        found("r1", "Birds/A.JPG"),
        found("r2", "b_c"),
    ])
    .start()
    .await;
    // Of the last key Labelbox has made another one: it is known by its place.
    let rows = platform.lookup(&target(), &["none", "birds/a.jpg", "b%c"]).await.expect("looked up");
    let ids: Vec<_> = rows.iter().map(|row| row.as_ref().map(|row| row.id.as_str())).collect();
    assert_eq!(ids, [None, Some("r1"), Some("r2")]);
    assert_eq!(variables(&server.seen()[0]), json!({"globalKeys": ["none", "birds/a.jpg", "b%c"]}));
    assert_eq!(platform.lookup(&target(), &[]).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_search_that_fails_is_no_answer() {
    let (_server, platform) = Script::new(&[
        ("getDataRowsForGlobalKeysPyApi", json!({"dataRowsForGlobalKeys": {"jobId": "j1"}})),
        ("getDataRowsForGlobalKeysResultPyApi", json!({"dataRowsForGlobalKeysResult": {"jobStatus": "FAILED", "data": null}})),
    ])
    .start()
    .await;
    assert_eq!(platform.lookup(&target(), &["a"]).await.expect_err("failed").code, Code::ServerError);
}

#[tokio::test]
async fn rows_are_settled_when_every_group_of_them_is() {
    let answer = |done: Value| {
        (
            "CheckAllDataRowsHaveBeenProcessedPyApi",
            json!({"queryAllDataRowsHaveBeenProcessed": {"allDataRowsHaveBeenProcessed": done}}),
        )
    };
    let keys: Vec<String> = (0..2001).map(|n| format!("k{n}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (server, platform) = Script::new(&[answer(true.into())]).start().await;
    assert_eq!(platform.settled(&target(), &keys).await, Ok(true));
    let groups: Vec<usize> =
        server.seen().iter().map(|seen| variables(seen)["globalKeys"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(groups, [1000, 1000, 1]);
    let (_server, platform) = Script::new(&[answer(true.into()), answer(false.into())]).start().await;
    assert_eq!(platform.settled(&target(), &keys).await, Ok(false));
    let (_server, platform) = Script::new(&[answer(Value::Null)]).start().await;
    assert_eq!(platform.settled(&target(), &keys).await.expect_err("unsaid").code, Code::ServerError);
}
