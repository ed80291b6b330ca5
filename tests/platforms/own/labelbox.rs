//! Labelbox: what Gantry does where its SDK was recorded.

use super::{Flow, Stage, object, row, shaped, target};
use gantry_model::{Code, Format, NewContainer, Row, RowOutcome, Shape, Target};
use testkit::platforms::{Fault, Refusal, Trouble, What};

pub const FLOWS: &[Flow] = &[
    ("01_init_and_whoami", init_and_whoami),
    ("02_list_datasets_projects", list_datasets_projects),
    ("03_create_dataset", create_dataset),
    ("04_iam_integrations", iam_integrations),
    ("05_upload_file", upload_file),
    ("06_create_data_rows_local_paths", create_data_rows_local_paths),
    ("07_create_data_rows_manifest", create_data_rows_manifest),
    ("08_row_errors", row_errors),
    ("09_upsert", upsert),
    ("10_chunking", chunking),
    ("11_existing_keys", existing_keys),
    ("12_errors_and_retries", errors_and_retries),
    ("13_task_ops", task_ops),
    ("14_refused_before_sending", refused_before_sending),
    ("15_create_data_row_single", create_data_row_single),
    ("17_project_and_batch", project_and_batch),
];

fn integration(stage: &Stage, name: &str) -> String {
    let all = stage.fake.state();
    let found = all["integrations"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn plain() -> NewContainer {
    NewContainer::default()
}

fn with(integration: String) -> NewContainer {
    NewContainer { integration, ..NewContainer::default() }
}

fn ex(name: &str) -> String {
    format!("https://ex.com/{name}")
}

fn init_and_whoami(stage: &Stage) {
    let me = stage.platform();
    assert_eq!(stage.wait(me.who()).unwrap().email, "jane@example.com");
    assert_eq!(stage.wait(stage.with_key("wrong").who()).unwrap_err().code, Code::BadApiKey);
    for body in [r#"{"message": "Unauthorized"}"#, "Unauthorized"] {
        let answer = What::Answer { status: 401, body: body.to_owned(), content_type: "application/json".to_owned() };
        stage.fake.fail(Fault::on("user", answer).times(1));
        assert_eq!(stage.wait(me.who()).unwrap_err().code, Code::BadApiKey);
    }
}

fn list_datasets_projects(stage: &Stage) {
    for number in 0..101 {
        stage.create(&format!("ds{number:03}"), plain()).unwrap();
    }
    stage.fake.forget_requests();
    let me = stage.platform();
    assert_eq!(stage.wait(me.containers()).unwrap().len(), 102);
    stage.wait(me.container(&stage.id("ds000"))).unwrap();
    stage.wait(me.container("nope")).unwrap_err();
}

fn create_dataset(stage: &Stage) {
    stage.create("plain", plain()).unwrap();
    stage.create("none", plain()).unwrap();
    let aws = integration(stage, "aws main");
    stage.create("withdefault", with(aws.clone())).unwrap();
    stage.fake.set(|manners| manners.invalid_integrations = vec!["aws main".to_owned()]);
    assert_eq!(stage.create("invalid", with(aws)).unwrap_err().code, Code::IntegrationInvalid);
    stage.fake.fail(Fault::on("createDataset", What::Refuse(Trouble::PlanLimit)).times(1));
    assert_eq!(stage.create("quota", plain()).unwrap_err().code, Code::PlanLimit);
}

fn iam_integrations(stage: &Stage) {
    let me = stage.platform();
    assert_eq!(stage.wait(me.integrations()).unwrap().len(), 3);
    let main = stage.create("main", plain()).unwrap();
    let azure = integration(stage, "azure");
    stage.wait(me.prepare(&Target { integration: azure, ..target(&main) })).unwrap();
    let gcp = stage.create("x", with(integration(stage, "gcp"))).unwrap_err();
    assert_eq!(gcp.code, Code::IntegrationInvalid);
}

fn upload_file(stage: &Stage) {
    let main = target(&stage.id("main"));
    let red = || stage.put(&main, "red.png", "image/png");
    let files = [
        ("clip.mp4", "video/mp4"),
        ("note.txt", "text/plain"),
        ("blue sky #1.png", "image/png"),
        ("çiçek.png", "image/png"),
        ("cloud.pcd", "application/octet-stream"),
        ("noext", "application/octet-stream"),
        ("a.json", "application/json"),
    ];
    red().unwrap();
    for (name, kind) in files {
        stage.put(&main, name, kind).unwrap();
    }
    stage.fake.set(|manners| manners.refused_endings = vec![".png".to_owned()]);
    red().unwrap_err();
    stage.fake.calm();
    for what in [What::Refuse(Trouble::TooLarge), What::Page(502), What::DropBefore] {
        stage.fake.fail(Fault::on("uploadFile", what).times(1));
        red().unwrap_err();
    }
}

fn create_data_rows_local_paths(stage: &Stage) {
    let main = target(&stage.id("main"));
    let local = |name: &str, kind: &str| {
        let url = stage.put(&main, name, kind).unwrap().url.unwrap();
        row(&format!("media/{name}"), &url)
    };
    let rows = [local("red.png", "image/png"), local("note.txt", "text/plain")];
    assert!(stage.register(&main, &rows).unwrap().iter().all(|one| matches!(one, RowOutcome::Registered(_))));
}

/// Rows about files of these formats.
fn of_formats(all: &[(&str, Format)]) -> Vec<Row> {
    all.iter().map(|(name, format)| shaped(name, Shape::Single, vec![object(&ex(name), *format)])).collect()
}

fn create_data_rows_manifest(stage: &Stage) {
    let main = target(&stage.id("main"));
    let mut first = row("a.jpg", &ex("a.jpg"));
    let known = [("tag", "t"), ("split", "train"), ("captureDateTime", "2024-01-02T03:04:05Z"), ("altitude", "12")];
    first.metadata = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    first.attachments =
        vec![("IMAGE_OVERLAY".into(), ex("o.jpg"), "RGB".into()), ("RAW_TEXT".into(), "text".into(), String::new())];
    let mut rows = of_formats(&[
        ("v.mp4", Format::Mp4),
        ("t1", Format::Text),
        ("d.pdf", Format::Pdf),
        ("s.mp3", Format::Mp3),
        ("p.html", Format::Html),
        ("conv", Format::Json),
    ]);
    let local = stage.put(&main, "red.png", "image/png").unwrap().url.unwrap();
    rows.push(row("local-in-dict", &local));
    rows.push(first);
    assert!(stage.register(&main, &rows).unwrap().iter().all(|one| matches!(one, RowOutcome::Registered(_))));
}

fn row_errors(stage: &Stage) {
    let words = "Failed to access URL: 404:The specified resource does not exist.".to_owned();
    stage.fake.set(|manners| manners.refuse.push(Refusal { holding: "missing.jpg".to_owned(), words }));
    let mut missing = row("k4", &ex("missing.jpg"));
    missing.attachments = vec![("RAW_TEXT".into(), "x".into(), String::new())];
    let rows = [row("k1", &ex("1.jpg")), row("A.JPG", &ex("3.jpg")), missing, row("k5", &ex("5.jpg"))];
    let outcomes = stage.register(&target(&stage.id("main")), &rows).unwrap();
    assert!(matches!(outcomes[1], RowOutcome::Clash(_)) && matches!(outcomes[2], RowOutcome::Refused(_)), "{outcomes:?}");
}

fn upsert(stage: &Stage) {
    let mut new = row("n.jpg", &ex("n.jpg"));
    new.metadata = vec![("tag".into(), "by name".into())];
    stage.register(&target(&stage.id("main")), &[new]).unwrap();
}

fn chunking(stage: &Stage) {
    let rows: Vec<Row> = (0..10).map(|number| row(&format!("c{number}"), &ex(&format!("c{number}.jpg")))).collect();
    stage.register(&target(&stage.id("main")), &rows).unwrap();
}

fn existing_keys(stage: &Stage) {
    let big = target(&stage.create("big", plain()).unwrap());
    let rows: Vec<Row> = (0..600).map(|number| row(&format!("big/{number}"), &ex(&format!("{number}.jpg")))).collect();
    stage.register(&big, &rows).unwrap();
    stage.fake.forget_requests();
    let me = stage.platform();
    let found = stage.wait(me.lookup(&target(&stage.id("main")), &["k1", "nope", "k5"])).unwrap();
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    let (mut after, mut listed) = (None, 0);
    loop {
        let page = stage.wait(me.list(&big, after.as_deref())).unwrap();
        (listed, after) = (listed + page.rows.len(), page.next);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, 600);
}

fn errors_and_retries(stage: &Stage) {
    let me = stage.platform();
    stage.wait(me.who()).unwrap();
    let codes = ["AUTHORIZATION_ERROR", "RESOURCE_NOT_FOUND", "OPERATION_NOT_ALLOWED", "SOMETHING_ELSE"];
    for code in codes {
        let trouble = Trouble::Graphql { code: code.to_owned(), status: None, message: format!("text for {code}") };
        stage.fake.fail(Fault::on("organization", What::Refuse(trouble)).times(1));
        stage.wait(me.who()).unwrap_err();
    }
}

fn task_ops(stage: &Stage) {
    stage.register(&target(&stage.id("main")), &[row("q.jpg", &ex("q.jpg"))]).unwrap();
}

fn refused_before_sending(stage: &Stage) {
    let main = target(&stage.id("main"));
    let attached =
        |kind: &str, value: &str| Row { attachments: vec![(kind.into(), value.into(), String::new())], ..row("u", &ex("u.jpg")) };
    let rows = [row("a", "s3://bucket/a.jpg"), row("b", ""), attached("TEXT", "x"), attached("IMAGE", "")];
    let outcomes = stage.register(&main, &rows).unwrap();
    assert!(outcomes.iter().all(|one| matches!(one, RowOutcome::Refused(_))), "{outcomes:?}");
    assert!(stage.register(&main, &[]).unwrap().is_empty());
}

fn create_data_row_single(stage: &Stage) {
    let main = target(&stage.id("main"));
    let single = || stage.register(&main, &[row("single", &ex("single.jpg"))]).unwrap();
    assert!(matches!(single()[..], [RowOutcome::Registered(_)]));
    assert!(matches!(single()[..], [RowOutcome::Same(_)]));
}

fn project_and_batch(stage: &Stage) {
    assert!(stage.wait(stage.platform().settled(&target(&stage.id("main")), &["k1", "k5"])).unwrap());
}
