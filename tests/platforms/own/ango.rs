//! Ango Hub: what Gantry does where its SDK was recorded.

use super::{Flow, Stage, nothing, object, row, shaped, target};
use gantry_model::{Format, NewContainer, Row, Shape, Target};
use testkit::platforms::{Fault, Trouble, What};

const CATS: &str = "61f8d94a79002950df12234a";
const LIDAR: &str = "61f8d94a79002950df12234b";
const STORE: &str = "64b000000000000000000001";
const BATCH: &str = "64a000000000000000000001";

pub const FLOWS: &[Flow] = &[
    ("01_init_and_auth", init_and_auth),
    ("02_projects_and_batches", projects_and_batches),
    ("03_storages", storages),
    ("04_upload_files", upload_files),
    ("05_upload_files_cloud", upload_files_cloud),
    ("06_get_assets", get_assets),
    ("07_signed_urls", signed_urls),
    ("08_asset_builder", nothing),
    ("09_chat_and_instructions", nothing),
];

fn init_and_auth(stage: &Stage) {
    let who = || stage.wait(stage.platform().who());
    who().unwrap();
    assert_eq!(stage.wait(stage.platform().containers()).unwrap().len(), 2);
    stage.wait(stage.with_key("wrong").who()).unwrap_err();
    let troubles = [What::Refuse(Trouble::Country), What::Refuse(Trouble::Throttled(Some(0))), What::Page(502), What::DropBefore];
    for what in troubles {
        stage.fake.fail(Fault::on("list_projects", what).times(1));
        who().unwrap_err();
    }
    who().unwrap();
}

fn projects_and_batches(stage: &Stage) {
    let me = stage.platform();
    stage.wait(me.container(CATS)).unwrap();
    stage.wait(me.container("0000")).unwrap_err();
    stage.create("dogs", NewContainer::default()).unwrap();
    stage.create("clouds", NewContainer { kind: "pct".into(), ..NewContainer::default() }).unwrap();
    stage.wait(me.prepare(&Target { batch: BATCH.into(), ..target(CATS) })).unwrap();
    let missing = Target { batch: "64a000000000000000000009".into(), ..target(CATS) };
    stage.wait(me.prepare(&missing)).unwrap_err();
    stage.wait(me.container(CATS)).unwrap();
}

fn storages(stage: &Stage) {
    assert_eq!(stage.wait(stage.platform().integrations()).unwrap()[0].id, STORE);
    stage.wait(stage.platform().prepare(&Target { integration: STORE.into(), ..target(CATS) })).unwrap();
}

/// A file in the platform's own storage, with a row of this name.
fn local(stage: &Stage, name: &str, kind: &str, key: &str) -> Row {
    let url = stage.put(&target(CATS), name, kind).unwrap().url.unwrap();
    row(key, &url)
}

fn upload_files(stage: &Stage) {
    let cats = target(CATS);
    let rows = [
        local(stage, "red.png", "image/png", "media/red.png"),
        local(stage, "blue sky #1.png", "image/png", "media/blue sky #1.png"),
    ];
    stage.register(&cats, &rows).unwrap();
    let mut rows = [
        local(stage, "clip.mp4", "video/mp4", "clip-1"),
        local(stage, "scan.nii.gz", "application/gzip", "scan"),
        local(stage, "noext", "application/octet-stream", "media/noext"),
    ];
    rows[0].metadata = vec![("cam".into(), "front".into())];
    (rows[0].objects[0].width, rows[0].objects[0].height) = (640, 480);
    rows.iter_mut().for_each(|row| row.priority = 5);
    stage.register(&Target { batch: BATCH.into(), ..target(CATS) }, &rows).unwrap();
    let refused = |kind: &str, what: What| {
        stage.fake.fail(Fault::on(kind, what).times(1));
        stage.put(&cats, "red.png", "image/png").unwrap_err();
    };
    refused("storage_put", What::Refuse(Trouble::NotAllowed));
    refused("storage_put", What::DropBefore);
    refused("upload_url", What::Refuse(Trouble::NotAllowed));
    stage.put(&target(LIDAR), "red.png", "image/png").unwrap_err();
    stage.put(&target("0000"), "red.png", "image/png").unwrap_err();
}

fn upload_files_cloud(stage: &Stage) {
    let cats = target(CATS);
    let mut sized = row("b.jpg", "https://ex.com/file%202.jpg");
    (sized.objects[0].width, sized.objects[0].height) = (1800, 1200);
    stage.register(&cats, &[row("a.jpg", "https://ex.com/a.jpg"), sized]).unwrap();
    let mut private = row("x", "https://bucket.s3.eu-central-1.amazonaws.com/file.jpg");
    private.priority = -3;
    let with_store = Target { integration: STORE.into(), batch: BATCH.into(), ..target(CATS) };
    stage.register(&with_store, &[private]).unwrap();
    let mut film = row("v", "https://ex.com/v.mp4");
    film.metadata = vec![("k".into(), "v".into())];
    film.attachments =
        vec![("IMAGE".into(), "https://ex.com/i.jpg".into(), String::new()), ("TEXT".into(), "note".into(), String::new())];
    let pages = ["https://ex.com/p1.png", "https://ex.com/p2.png"].map(|url| object(url, Format::Png));
    stage.register(&cats, &[film, shaped("multi", Shape::Sequence, pages.into())]).unwrap();
    for what in [What::Page(504), What::Refuse(Trouble::TooLarge)] {
        stage.fake.fail(Fault::on("create_assets", what).times(1));
        stage.register(&cats, &[row("e", "https://ex.com/e.jpg")]).unwrap_err();
    }
}

fn get_assets(stage: &Stage) {
    let (me, cats) = (stage.platform(), target(CATS));
    assert!(stage.wait(me.list(&cats, None)).unwrap().rows.len() > 5);
    let found = stage.wait(me.lookup(&cats, &["clip-1", "a&b #1.jpg"])).unwrap();
    assert!(found[0].is_some() && found[1].is_none());
}

fn signed_urls(stage: &Stage) {
    stage.put(&target(CATS), "f.png", "image/png").unwrap();
}
