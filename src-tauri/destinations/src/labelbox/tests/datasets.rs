//! Whose key it is, datasets, integrations, and making a target ready.

use super::*;
use gantry_model::NewContainer;

fn dataset(id: &str, name: &str) -> Value {
    json!({"id": id, "name": name, "rowCount": 3})
}

fn integrations() -> Value {
    let one = |id: &str, name: &str, provider: &str, valid: bool, settings: Value| json!({"id": id, "name": name, "provider": provider, "valid": valid, "isOrgDefault": id == "i-aws", "settings": settings});
    json!({"iamIntegrations": [
        one("i-aws", "aws main", "AWS", true, json!({"__typename": "AwsIamIntegrationSettings", "roleArn": "arn:x", "readBucket": null})),
        one("i-gcp", "gcp", "GCP", false, json!({"__typename": "GcpIamIntegrationSettings", "readBucket": "pics"})),
        one("i-az", "azure", "Azure", true, Value::Null),
    ]})
}

fn named(there: &[Value]) -> (&'static str, Value) {
    ("GetDatasetsPyApi", json!({"datasets": there}))
}

fn wish(name: &str, integration: &str) -> NewContainer {
    NewContainer { name: name.into(), integration: integration.into(), ..NewContainer::default() }
}

fn checked(valid: bool) -> (&'static str, Value) {
    let checks = json!([{"name": "read", "success": valid}, {"name": "list", "success": true}]);
    ("validateDatasetPyApi", json!({"validateDataset": {"valid": valid, "checks": checks}}))
}

const CREATED: &str = "CreateDatasetPyApi";

fn created(id: &str) -> (&'static str, Value) {
    (CREATED, json!({"createDataset": dataset(id, "birds")}))
}

fn signer() -> (&'static str, Value) {
    ("SetSignerForDatasetPyApi", json!({"setSignerForDataset": {"id": "c-new", "signer": {"id": "i-aws"}}}))
}

#[tokio::test]
async fn the_key_is_told_with_the_person_and_the_organisation() {
    let script = Script::new(&[
        ("GetUserPyApi", json!({"user": {"id": "c-jane", "name": null, "nickname": "Jane", "email": "jane@example.com"}})),
        ("GetOrganizationPyApi", json!({"organization": {"id": "c-acme", "name": "Acme"}})),
    ]);
    let (server, platform) = script.start().await;
    let who = platform.who().await.expect("known");
    let owners = vec!["Acme".to_owned()];
    assert_eq!(who, Who { name: "Jane".into(), email: "jane@example.com".into(), owners, plan: String::new() });
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/graphql"));
    for (name, value) in [("content-type", "application/json"), ("accept", "application/json")] {
        assert_eq!(seen.header(name), Some(value));
    }
    assert!(seen.header("x-user-agent").is_some_and(|agent| agent.starts_with("gantry ")));
}

#[tokio::test]
async fn all_pages_of_datasets_come_once_each() {
    let page = |from: usize, to: usize| json!({"datasets": (from..to).map(|n| dataset(&format!("c{n}"), &format!("ds{n}"))).collect::<Vec<_>>()});
    let script = Script::new(&[("GetDatasetsPyApi", page(0, 100)), ("GetDatasetsPyApi", page(99, 101))]);
    let (server, platform) = script.start().await;
    let all = platform.containers().await.expect("listed");
    assert_eq!(all.len(), 101);
    assert_eq!((all[100].id.as_str(), all[100].name.as_str(), all[100].rows), ("c100", "ds100", Some(3)));
    let texts: Vec<String> = server.seen().iter().map(|seen| String::from_utf8_lossy(&seen.body).into_owned()).collect();
    assert!(texts.len() == 2 && texts[0].contains("skip: 0 first: 100") && texts[1].contains("skip: 100 first: 100"));
    assert_eq!(variables(&server.seen()[0]), json!({"param_0": false}));
}

#[tokio::test]
async fn a_server_that_repeats_its_first_page_ends_the_list() {
    let page = json!({"datasets": (0..100).map(|n| dataset(&format!("c{n}"), "d")).collect::<Vec<_>>()});
    let (server, platform) = Script::new(&[("GetDatasetsPyApi", page)]).start().await;
    assert_eq!(platform.containers().await.expect("listed").len(), 100);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_dataset_has_a_page_at_labelbox_itself_only() {
    let answer = ("GetDatasetPyApi", json!({"dataset": dataset("c1", "birds")}));
    let (_server, platform) = Script::new(std::slice::from_ref(&answer)).start().await;
    assert_eq!(platform.container("c1").await.expect("there").link, "");
    let (_server, platform) = Script::new(&[answer]).start().await;
    let platform = Labelbox { public: true, ..platform };
    assert_eq!(platform.container("c1").await.expect("there").link, "https://app.labelbox.com/data/c1");
    let usual = Connection { name: "lb".into(), kind: "labelbox".into(), fields: BTreeMap::new() };
    assert!(Labelbox::new(&usual, &secrets()).expect("opened").public);
}

#[tokio::test]
async fn integrations_are_told_with_what_labelbox_thinks_of_them() {
    let (_server, platform) = Script::new(&[("getAllIntegrationsPyApi", integrations())]).start().await;
    let all = platform.integrations().await.expect("listed");
    let told: Vec<_> = all.iter().map(|one| (one.provider.as_str(), one.bucket.as_str(), one.valid, one.is_default)).collect();
    let wanted = [("AWS", "", Some(true), true), ("GCP", "pics", Some(false), false), ("Azure", "", Some(true), false)];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_new_dataset_gets_its_integration_and_is_tried() {
    let all = [("getAllIntegrationsPyApi", integrations()), named(&[]), created("c-new"), signer(), checked(true)];
    let (server, platform) = Script::new(&all).start().await;
    assert_eq!(platform.create(&wish("birds", "i-aws")).await.expect("made").id, "c-new");
    let names = ["getAllIntegrationsPyApi", "GetDatasetsPyApi", CREATED, "SetSignerForDatasetPyApi", "validateDatasetPyApi"];
    assert_eq!(asked(&server), names);
    assert_eq!(variables(&server.seen()[3]), json!({"signerId": "i-aws", "datasetId": "c-new"}));
}

#[tokio::test]
async fn a_dataset_that_cannot_read_the_bucket_is_deleted_again() {
    let deleted = ("deleteDatasetPyApi", json!({"updateDataset": {"id": "c-new"}}));
    let all = [("getAllIntegrationsPyApi", integrations()), named(&[]), created("c-new"), signer(), checked(false), deleted];
    let (server, platform) = Script::new(&all).start().await;
    let problem = platform.create(&wish("birds", "i-aws")).await.expect_err("invalid");
    assert_eq!((problem.code, problem.fact("said")), (Code::IntegrationInvalid, Some("read")));
    assert_eq!(variables(server.seen().last().expect("asked")), json!({"DatasetId": "c-new"}));
}

#[tokio::test]
async fn nothing_is_made_for_an_integration_that_is_not_valid_or_not_there() {
    for integration in ["i-gcp", "i-gone"] {
        let (server, platform) = Script::new(&[("getAllIntegrationsPyApi", integrations())]).start().await;
        let problem = platform.create(&wish("birds", integration)).await.expect_err("invalid");
        assert_eq!(problem.code, Code::IntegrationInvalid);
        assert!(problem.fact("said").is_some_and(|said| !said.starts_with("labelbox-")));
        assert_eq!(asked(&server), ["getAllIntegrationsPyApi"]);
    }
}

#[tokio::test]
async fn after_a_doubtful_answer_the_dataset_that_was_made_is_given_and_no_older_one_of_its_name() {
    let server = Server::start(|number, seen| match (number, operation(seen).as_str()) {
        (0, _) => good(&json!({"datasets": [dataset("c-old", "birds")]})),
        (1, CREATED) => reply(502, &[], "<html>502 Bad Gateway</html>"),
        (2, _) => good(&json!({"datasets": [dataset("c-old", "birds"), dataset("c-mine", "birds")]})),
        (3, _) => good(&json!({"datasets": [dataset("c-old", "birds"), dataset("c-mine", "birds")]})),
        _ => good(&json!({"createDataset": dataset("c-third", "birds")})),
    })
    .await;
    // Each try may be a command of its own, with a platform that is opened anew.
    let problem = open(&server).create(&wish("birds", "")).await.expect_err("doubtful");
    assert_eq!(problem.code, Code::ServerError);
    assert_eq!(open(&server).create(&wish("birds", "")).await.expect("found").id, "c-mine");
    // That is settled: who asks for this name once more wants one more.
    assert_eq!(open(&server).create(&wish("birds", "")).await.expect("made").id, "c-third");
    assert_eq!(asked(&server).iter().filter(|name| *name == CREATED).count(), 2);
}

#[tokio::test]
async fn a_target_is_made_ready_with_as_little_change_as_possible() {
    let ready = |signer: Value, valid: bool| {
        let dataset = json!({"dataset": {"id": "c-birds", "name": "birds", "rowCount": 0, "signer": signer}});
        Script::new(&[
            ("GetDatasetPyApi", dataset),
            ("getAllIntegrationsPyApi", integrations()),
            ("SetSignerForDatasetPyApi", json!({"setSignerForDataset": {"id": "c-birds"}})),
            checked(valid),
        ])
    };
    let with = Target { integration: "i-aws".into(), ..target() };
    let set = |server: &Server| asked(server).iter().filter(|name| *name == "SetSignerForDatasetPyApi").count();

    for (attached, times) in [(json!(null), 1), (json!({"id": "i-az"}), 1), (json!({"id": "i-aws"}), 0)] {
        let (server, platform) = ready(attached, true).start().await;
        platform.prepare(&with).await.expect("ready");
        assert_eq!(set(&server), times);
        assert_eq!(asked(&server).last().map(String::as_str), Some("validateDatasetPyApi"));
    }
    let (_server, platform) = ready(json!({"id": "i-aws"}), false).start().await;
    let problem = platform.prepare(&with).await.expect_err("invalid");
    assert_eq!((problem.code, problem.fact("said")), (Code::IntegrationInvalid, Some("read")));
    let (server, platform) = ready(json!(null), true).start().await;
    platform.prepare(&Target { integration: "i-gcp".into(), ..target() }).await.expect_err("invalid");
    assert_eq!(set(&server), 0);
    let (server, platform) = ready(json!({"id": "i-az"}), true).start().await;
    platform.prepare(&target()).await.expect("ready without one");
    assert_eq!(asked(&server), ["GetDatasetPyApi"]);
}
