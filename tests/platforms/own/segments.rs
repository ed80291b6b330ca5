//! Segments.ai: what Gantry does where its SDK was recorded.

use super::{Flow, Stage, object, row, shaped, target};
use gantry_model::{Format, NewContainer, Role, RowObject, Shape};
use testkit::platforms::{Fault, Trouble, What};

const FLOWERS: &str = "jane/flowers";
const LIDAR: &str = "acme/lidar";
const VIOLET: &str = "https://example.com/violet.jpg";

pub const FLOWS: &[Flow] = &[
    ("01_init", init),
    ("02_user_and_datasets", users_and_datasets),
    ("03_add_dataset", add_dataset),
    ("04_upload_asset", upload_asset),
    ("05_add_sample", add_sample),
    ("06_sample_types", sample_types),
    ("07_add_samples_bulk", add_samples_bulk),
    ("08_list_samples", list_samples),
    ("09_end_to_end", end_to_end),
];

fn init(stage: &Stage) {
    assert_eq!(stage.wait(stage.platform().who()).unwrap().name, "jane");
    stage.wait(stage.with_key("wrong").who()).unwrap_err();
}

fn users_and_datasets(stage: &Stage) {
    let me = stage.platform();
    assert_eq!(stage.wait(me.who()).unwrap().owners, ["jane", "acme"]);
    assert_eq!(stage.wait(me.containers()).unwrap().len(), 2);
    stage.wait(me.container(FLOWERS)).unwrap();
    stage.wait(me.container("jane/nope")).unwrap_err();
}

fn add_dataset(stage: &Stage) {
    assert_eq!(stage.create("birds", NewContainer::default()).unwrap(), "jane/birds");
    let (owner, kind) = ("acme".to_owned(), "pointcloud-cuboid-sequence".to_owned());
    assert_eq!(stage.create("drive", NewContainer { owner, kind, ..NewContainer::default() }).unwrap(), "acme/drive");
    assert_eq!(stage.create("birds", NewContainer::default()).unwrap(), "jane/birds");
}

fn upload_asset(stage: &Stage) {
    let flowers = target(FLOWERS);
    let red = || stage.put(&flowers, "red.png", "image/png");
    red().unwrap();
    for name in ["blue sky #1.png", "çiçek.png", "label.png"] {
        stage.put(&flowers, name, "image/png").unwrap();
    }
    stage.put(&flowers, "mem.bin", "application/octet-stream").unwrap();
    stage.put(&flowers, "cloud.pcd", "application/octet-stream").unwrap();
    stage.fake.set(|manners| manners.expired_targets = true);
    red().unwrap_err();
    stage.fake.set(|manners| (manners.expired_targets, manners.file_limit) = (false, 74));
    red().unwrap_err();
    stage.fake.calm();
    stage.fake.fail(Fault::on("storage_post", What::DropBefore).times(1));
    red().unwrap_err();
    stage.fake.fail(Fault::on("storage_post", What::Refuse(Trouble::NotAllowed)).times(1));
    red().unwrap_err();
    for trouble in [Trouble::Broken(500), Trouble::NotAllowed, Trouble::PlanLimit] {
        stage.fake.fail(Fault::on("create_asset", What::Refuse(trouble)).times(1));
        red().unwrap_err();
    }
}

fn add_sample(stage: &Stage) {
    let flowers = target(FLOWERS);
    let add = |name: &str| stage.register(&flowers, &[row(name, VIOLET)]);
    add("violet.jpg").unwrap();
    let mut rose = row("rose.jpg", VIOLET);
    rose.metadata = vec![("city".into(), "London".into()), ("robot_id".into(), "3".into())];
    rose.priority = 10;
    stage.register(&flowers, &[rose]).unwrap();
    add("violet.jpg").unwrap();
    stage.register(&target("jane/nope"), &[row("a", VIOLET)]).unwrap_err();
    add("extra.jpg").unwrap();
    stage.fake.fail(Fault::on("create_samples", What::ErrorAfter(500)).times(1));
    add("big").unwrap_err();
    stage.fake.fail(Fault::on("create_samples", What::DropBefore).times(1));
    add("dropped").unwrap_err();
}

fn cloud() -> RowObject {
    object("https://example.com/a.pcd", Format::Pcd)
}

fn camera() -> RowObject {
    RowObject { role: Role::Camera, ..object("https://example.com/f.jpg", Format::Jpeg) }
}

fn sample_types(stage: &Stage) {
    let picture = |url| object(url, Format::Jpeg);
    let frames = vec![picture("https://example.com/1.jpg"), picture("https://example.com/2.jpg")];
    stage.register(&target(FLOWERS), &[shaped("seq", Shape::Sequence, frames)]).unwrap();
    let of = |sensor: &str, one: RowObject| RowObject { sensor: sensor.to_owned(), ..one };
    let sensors = vec![of("Lidar", cloud()), of("Camera 1", picture("https://example.com/3.jpg"))];
    let rows = [
        shaped("pcd", Shape::Scene, vec![cloud(), camera()]),
        shaped("pcdseq", Shape::SceneSequence, vec![cloud(), camera(), cloud()]),
        shaped("multi", Shape::MultiSensor, sensors),
    ];
    stage.register(&target(LIDAR), &rows).unwrap();
}

fn add_samples_bulk(stage: &Stage) {
    let mut first = row("b1", VIOLET);
    first.metadata = vec![("n".into(), "1".into())];
    first.priority = 2;
    let rows = [first, row("b2", VIOLET), row("violet.jpg", "https://example.com/CHANGED.jpg")];
    stage.register(&target(FLOWERS), &rows).unwrap();
    assert!(stage.register(&target(FLOWERS), &[]).unwrap().is_empty());
}

fn list_samples(stage: &Stage) {
    let (me, flowers) = (stage.platform(), target(FLOWERS));
    let first = stage.wait(me.list(&flowers, None)).unwrap();
    assert!(first.rows.len() > 5);
    let mut after = first.next;
    while let Some(next) = after {
        after = stage.wait(me.list(&flowers, Some(&next))).unwrap().next;
    }
    assert_eq!(stage.wait(me.lookup(&flowers, &["blue sky & #1"])).unwrap(), [None]);
    stage.wait(me.list(&flowers, None)).unwrap();
}

fn end_to_end(stage: &Stage) {
    let flowers = target(FLOWERS);
    let url = stage.put(&flowers, "red.png", "image/png").unwrap().url.unwrap();
    stage.register(&flowers, &[row("red.png", &url)]).unwrap();
}
