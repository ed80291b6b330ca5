//! Manifests in the window, with the real destinations: what a connected bucket and a connected workspace add.

use super::rig::start;
use gantry_engine::Engine;
use gantry_engine::keychain::{Keychain, LIMIT, MemoryVault};
use gantry_model::view::{BenchFilter, BenchView, Phase, Picture, Register};
use gantry_model::{Connection, Secrets, Target};
use image::ImageFormat;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::pictures::{encoded, quarters};
use testkit::platforms::{Fake, Vendor};
use testkit::servers::{ACCESS_KEY, BUCKET, SECRET_KEY, Server, s3s_fs};

/// What stands behind the question mark of signed addresses here.
const CANARY: &str = "canary0123456789";

struct Desk {
    engine: Engine,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let joint = gantry_engine::joint!(gantry_destinations);
        let keychain = |folder: &Path, id: &str| Keychain::with_vault(folder, id, Arc::new(MemoryVault::default()), LIMIT);
        Self { engine: start(&folder.path().join("home"), joint, keychain), folder }
    }

    fn connect(&self, name: &str, kind: &str, fields: &[(&str, &str)], secret: (&str, &str)) {
        let fields = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        let secrets = Secrets([(secret.0.to_owned(), SecretString::from(secret.1))].into());
        let connection = Connection { name: name.into(), kind: kind.into(), fields };
        self.engine.add_connection(connection, secrets, false).unwrap();
    }

    fn connect_bucket(&self, server: &Server) {
        let endpoint = server.endpoint();
        let fields = [("bucket", BUCKET), ("endpoint", endpoint.as_str()), ("access_key_id", ACCESS_KEY)];
        self.connect("bucket", "s3", &fields, ("secret_access_key", SECRET_KEY));
    }

    fn lay(&self, name: &str, rows: &[Value]) -> (String, PathBuf) {
        let path = self.folder.path().join(name);
        fs::write(&path, Value::from(rows).to_string()).unwrap();
        let door = self.engine.open_bench(&path);
        assert!(door.trouble.is_none(), "{door:?}");
        self.settled(&door.id);
        (door.id, path)
    }

    /// A desk with a workspace of Labelbox under the name `work`.
    fn with_workspace() -> (Self, Fake) {
        let fake = Fake::of(Vendor::Labelbox);
        fake.seed_example();
        let desk = Self::new();
        desk.connect("work", "labelbox", &[("api_url", &fake.url())], ("api_key", fake.key()));
        (desk, fake)
    }

    fn settled(&self, id: &str) -> BenchView {
        until(|| self.engine.bench(id).unwrap().view(), |view| view.work.is_none())
    }

    fn finished(&self, upload: &str) -> Picture {
        until(|| self.engine.picture(upload).unwrap(), |picture| picture.phase == Phase::Finished)
    }

    fn rows_with(&self, id: &str, about: &str) -> Vec<u64> {
        let filter = BenchFilter { about: about.into(), ..BenchFilter::default() };
        let page = self.engine.bench(id).unwrap().page(&filter, 0, 100).unwrap();
        page.rows.iter().map(|row| row.row).collect()
    }
}

fn until<T: Debug>(look: impl Fn() -> T, done: impl Fn(&T) -> bool) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = look();
        if done(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "{seen:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn with_picture() -> (Server, String) {
    let server = s3s_fs();
    let there = server.object_path("a.png");
    fs::create_dir_all(there.parent().unwrap()).unwrap();
    fs::write(there, encoded(&quarters(300, 200, 7), ImageFormat::Png)).unwrap();
    let base = format!("{}/{BUCKET}", server.endpoint());
    (server, base)
}

#[test]
fn signatures_are_made_new_where_the_bucket_is_connected() {
    let (server, base) = with_picture();
    let desk = Desk::new();
    let over = format!("?X-Amz-Signature={CANARY}&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60");
    let rows = [format!("{base}/a.png{over}"), format!("https://elsewhere.example/b.png{over}")];
    let rows = rows.map(|url| json!({"data": url, "externalId": url.split('?').next()}));
    let (id, path) = desk.lay("rows.json", &rows);
    let engine = &desk.engine;
    assert!(!engine.can_sign_bench(&id, "url-signed-over").unwrap(), "no bucket is connected");
    desk.connect_bucket(&server);
    assert!(engine.can_sign_bench(&id, "url-signed-over").unwrap());
    engine.sign_bench(&id, "url-signed-over", 2).unwrap();
    let view = desk.settled(&id);
    let group = view.groups.iter().find(|group| group.about == "url-signed-over").unwrap();
    assert_eq!((group.rows, group.mended, view.blocked), (2, 1, 1));
    // Another repair keeps it, and nothing that is shown has a signature in it.
    engine.bench(&id).unwrap().repair("url-http", true).unwrap();
    desk.settled(&id);
    let detail = engine.bench(&id).unwrap().row_detail(1).unwrap();
    assert!(detail.changes.iter().any(|change| change.planned && change.after.contains("/a.png (signed anew")), "{detail:?}");
    let shown = format!("{detail:?} {:?} {view:?}", engine.bench(&id).unwrap().page(&BenchFilter::default(), 0, 9));
    assert!(!shown.contains(CANARY) && !shown.contains("X-Amz-Signature"), "a signature is shown");
    engine.bench(&id).unwrap().repair("url-http", false).unwrap();
    desk.settled(&id);
    let to = desk.folder.path().join("anew.json");
    engine.bench(&id).unwrap().save(to.clone(), false).unwrap();
    assert_eq!(desk.settled(&id).done.unwrap().mended, 1);
    let saved: Vec<Value> = serde_json::from_str(&fs::read_to_string(&to).unwrap()).unwrap();
    let url = saved[0]["data"].as_str().unwrap().to_owned();
    assert!(url.contains("X-Amz-Expires=172800"), "{url}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let status = runtime.block_on(async { client.get(url).send().await.unwrap().status().as_u16() });
    assert_eq!(status, 200);
    assert!(saved[1]["data"].as_str().unwrap().contains(CANARY), "what is not ours was changed");
    engine.bench(&id).unwrap().repair("url-signed-over", false).unwrap();
    assert_eq!((desk.settled(&id).mended, fs::read_to_string(&path).unwrap().contains(CANARY)), (0, true));
}

#[test]
fn pictures_of_a_connected_bucket_are_read_with_the_persons_keys_and_ask_no_private_place_else() {
    let (server, base) = with_picture();
    let desk = Desk::new();
    desk.connect_bucket(&server);
    let other = base.replace(BUCKET, "other-bucket");
    let rows = [format!("{base}/a.png"), format!("{other}/a.png")].map(|url| json!({"data": url, "externalId": url}));
    let (id, _) = desk.lay("rows.json", &rows);
    desk.engine.show_bench_pictures(&id, true, false).unwrap();
    let picture = desk.engine.bench_picture(&id, 1, 96).unwrap().unwrap();
    let picture = image::load_from_memory(&picture).unwrap();
    assert_eq!((picture.width(), picture.height()), (96, 64));
    assert!(desk.engine.bench_picture(&id, 2, 96).unwrap().unwrap_err().private, "it is no bucket of the person's");
}

#[test]
fn a_workspace_is_asked_about_metadata_by_name_and_by_id_once() {
    let (desk, fake) = Desk::with_workspace();
    let meta = |metadata: Value| {
        let key = metadata.to_string().replace('"', "");
        json!({"row_data": "https://x.example/1.jpg", "global_key": key, "metadata_fields": [metadata]})
    };
    let known = fake_field("tag");
    let rows = [
        meta(json!({"name": "tag", "value": "night"})),
        meta(json!({"name": "nobody knows", "value": "1"})),
        meta(json!({"schema_id": known, "value": "night"})),
        meta(json!({"schema_id": "ckzz0of0another0workspace", "value": "night"})),
        meta(json!({"name": "split", "value": "no such split"})),
        meta(json!({"schema_id": fake_field("train"), "value": {}})),
    ];
    let (id, _) = desk.lay("rows.json", &rows);
    let before = fake.requests().len();
    desk.engine.ask_about_bench(&id, "work").unwrap();
    let view = desk.settled(&id);
    assert!(view.trouble.is_none(), "{view:?}");
    assert_eq!(desk.rows_with(&id, "metadata-unknown"), [2, 4], "{:?}", view.groups);
    assert_eq!(desk.rows_with(&id, "metadata-refused"), [5]);
    let done = view.done.unwrap();
    assert_eq!((done.kind.as_str(), done.name.as_str(), done.rows, done.found), ("asked", "work", 6, 3));
    assert_eq!(fake.requests().len() - before, 1, "its fields were asked for again and again");
    let detail = desk.engine.bench(&id).unwrap().row_detail(4).unwrap();
    assert!(detail.findings.iter().any(|one| one.text.contains("schema id")), "{detail:?}");
    // Asked again, nothing stands twice.
    desk.engine.ask_about_bench(&id, "work").unwrap();
    desk.settled(&id);
    assert_eq!(desk.rows_with(&id, "metadata-unknown"), [2, 4]);
}

/// The id of a field, or of a choice, in the fake's workspace.
fn fake_field(name: &str) -> String {
    let (tag, train) = ("cko8s9r5v0001h2dk9elqdidh", "cko8sbscr0003h2dk04w86hof");
    if name == "tag" { tag.to_owned() } else { train.to_owned() }
}

#[test]
fn a_manifest_is_made_from_a_folder_and_opens() {
    let desk = Desk::new();
    let fields = [("bucket", "pics"), ("region", "eu-west-1"), ("access_key_id", "A"), ("prefix", "own")];
    desk.connect("b", "s3", &fields, ("secret_access_key", "x"));
    let photos = desk.folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    fs::write(photos.join("a b.png"), encoded(&quarters(40, 30, 7), ImageFormat::Png)).unwrap();
    (0..40).for_each(|n| fs::write(photos.join(format!("c{n:02}.txt")), "x").unwrap());
    let to = desk.folder.path().join("made.json");
    let engine = &desk.engine;
    assert!(engine.bench_from_folder("b", "2026", "labelbox", to.clone()).is_err(), "no folder was picked");
    assert_eq!(engine.pick_bench_folder(&photos).name, "photos");
    assert!(engine.bench_from_folder("this-computer", "2026", "labelbox", to.clone()).is_err(), "no bucket");
    assert!(engine.bench_from_folder("b", "2026", "labelbox", to.with_extension("csv")).is_err(), "no table");
    assert!(!to.exists());
    let made = engine.bench_from_folder("b", "/2026/", "labelbox", to.clone()).unwrap().unwrap();
    assert_eq!((made.files, made.written, made.left.len()), (41, 41, 0));
    assert_eq!(engine.bench_making().written, 41);
    let view = desk.settled(&made.door.id);
    assert_eq!((view.form.as_str(), view.rows, view.blocked), ("labelbox", 41, 0));
    let rows: Value = serde_json::from_str(&fs::read_to_string(&to).unwrap()).unwrap();
    assert_eq!(rows[0]["row_data"], "https://pics.s3.eu-west-1.amazonaws.com/own/2026/photos/a%20b.png");
    assert!(rows.as_array().unwrap().is_sorted_by_key(|row| row["row_data"].to_string()), "{rows}");
    assert!(fs::read_dir(desk.folder.path()).unwrap().all(|one| !one.unwrap().file_name().to_string_lossy().contains(".part")));
}

#[test]
fn a_list_that_was_repaired_is_saved_and_registered_in_one_step() {
    let (desk, fake) = Desk::with_workspace();
    let (path, to) = (desk.folder.path().join("list.csv"), desk.folder.path().join("named.csv"));
    let text = "row_data,note\nhttps://x.example/a/1.jpg,\nhttps://x.example/b/1.jpg,\"x, y\"\nhttps://x.example/2 2.jpg,\n";
    fs::write(&path, text).unwrap();
    let id = desk.engine.open_bench(&path).id;
    desk.settled(&id);
    for about in ["key-missing", "key-twice", "url-space"] {
        desk.engine.bench(&id).unwrap().repair(about, true).unwrap();
        desk.settled(&id);
    }
    let container = fake.state()["containers"][0]["id"].as_str().unwrap().to_owned();
    let target = Target { container, ..Target::default() };
    let register = Register { connection: "work".into(), kind: "labelbox".into(), target, ..Register::default() };
    assert!(desk.engine.register_bench(&id, register.clone()).is_err(), "repairs are not saved");
    let names = || -> Vec<String> {
        let rows = fake.state()["containers"][0]["rows"].take();
        rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    let before = names().len();
    let upload = desk.engine.save_and_register_bench(&id, to.clone(), register).unwrap().unwrap();
    let picture = desk.finished(&upload);
    let account = picture.account;
    assert_eq!((account.files, account.registered + account.visible, account.needs_you), (3, 3, 0));
    let expected = "row_data,note,global_key\nhttps://x.example/a/1.jpg,,1.jpg\nhttps://x.example/b/1.jpg,\"x, y\",1-2.jpg\nhttps://x.example/2%202.jpg,,2 2.jpg\n";
    assert_eq!((fs::read_to_string(&to).unwrap().as_str(), fs::read_to_string(&path).unwrap().as_str()), (expected, text));
    assert_eq!(names()[before..], ["1.jpg", "1-2.jpg", "2 2.jpg"]);
}
