//! Gantry's own clients run the flows that the vendors' SDKs were recorded in, and what they send is laid beside the recording.
//! Each difference stands with its reason in `fixtures/wire-differences`; one without a reason fails, and so does a reason
//! without a difference.

mod ango;
mod labelbox;
mod segments;

use bytes::Bytes;
use gantry_model::{
    Algorithm, Body, Connection, Existing, Format, Key, NewContainer, Outgoing, Platform, Problem, RemoteRef, Role, Row,
    RowObject, RowOutcome, Secrets, Shape, Store, Target,
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use testkit::digests::digest;
use testkit::platforms::recording::{How, Request, differences, recorded, seen};
use testkit::platforms::{Fake, Vendor};
use tokio::runtime::Runtime;

/// Where reasons stand that hold in every flow.
const EVERYWHERE: &str = "everywhere";

/// A flow: the name of its recording, and what Gantry does where the SDK was recorded.
type Flow = (&'static str, fn(&Stage));

/// A difference that is as it should be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    /// The words of the comparer; `*` stands for anything.
    difference: String,
    /// Why it is as it should be.
    reason: String,
}

/// One fake with the example in it, and Gantry's clients for it.
pub struct Stage {
    pub fake: Fake,
    runtime: Runtime,
    connection: Connection,
}

impl Stage {
    fn new(vendor: Vendor) -> Self {
        let fake = Fake::of(vendor);
        fake.seed_example();
        let fields = [("api_url".to_owned(), fake.url())].into();
        let connection = Connection { name: "own".into(), kind: vendor.word().into(), fields };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { fake, runtime, connection }
    }

    pub fn wait<T>(&self, asked: impl Future<Output = T>) -> T {
        self.runtime.block_on(asked)
    }

    /// The platform, opened with this key.
    pub fn with_key(&self, key: &str) -> Arc<dyn Platform> {
        gantry_destinations::open_platform(&self.connection, &secrets(key)).unwrap()
    }

    pub fn platform(&self) -> Arc<dyn Platform> {
        self.with_key(self.fake.key())
    }

    pub fn create(&self, name: &str, more: NewContainer) -> Result<String, Problem> {
        let new = NewContainer { name: name.to_owned(), ..more };
        self.wait(self.platform().create(&new)).map(|made| made.id)
    }

    /// Sends a file into the platform's own storage.
    pub fn put(&self, target: &Target, name: &str, kind: &str) -> Result<RemoteRef, Problem> {
        let bytes = Bytes::from(vec![b'x'; 80]);
        let store: Arc<dyn Store> = gantry_destinations::open(&self.connection, &secrets(self.fake.key()), target).unwrap();
        let (size, content_type, existing) = (bytes.len() as u64, kind.to_owned(), Existing::Refuse);
        let item = Outgoing { key: Key(format!("media/{name}")), size, content_type, mtime_ns: 0, existing };
        let body = Body { digest: digest(Algorithm::Md5, &bytes), bytes };
        self.wait(store.put(&item, body))
    }

    pub fn register(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        self.wait(self.platform().register(target, rows))
    }

    /// The id of a dataset or project, by its name.
    pub fn id(&self, name: &str) -> String {
        let state = self.fake.state();
        let found = state["containers"].as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))["id"].as_str().unwrap().to_owned()
    }
}

fn secrets(key: &str) -> Secrets {
    Secrets([("api_key".to_owned(), SecretString::from(key))].into())
}

pub fn target(container: &str) -> Target {
    Target { container: container.to_owned(), ..Target::default() }
}

/// An object of a row.
pub fn object(url: &str, format: Format) -> RowObject {
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let (url, sensor) = (url.to_owned(), String::new());
    RowObject { url, role: Role::Subject, name, sensor, format, width: 0, height: 0 }
}

/// A row about one picture.
pub fn row(key: &str, url: &str) -> Row {
    shaped(key, Shape::Single, vec![object(url, Format::Jpeg)])
}

/// A row of several objects.
pub fn shaped(key: &str, shape: Shape, objects: Vec<RowObject>) -> Row {
    let (metadata, attachments) = Default::default();
    Row { key: key.to_owned(), external_id: key.to_owned(), shape, objects, metadata, attachments, priority: 0, own: None }
}

/// What a flow does that Gantry has no use for.
pub fn nothing(_: &Stage) {}

/// Runs the flows one after the other; what each sent.
fn sent(vendor: Vendor, flows: &[Flow]) -> BTreeMap<&'static str, Vec<Request>> {
    let stage = Stage::new(vendor);
    let one = |(name, flow): &Flow| {
        stage.fake.calm();
        stage.fake.forget_requests();
        flow(&stage);
        (*name, seen(&stage.fake.requests()))
    };
    let all = flows.iter().map(one).collect();
    assert!(stage.fake.violations().is_empty(), "{:?}", stage.fake.violations());
    all
}

/// A call that brings rows is laid beside a call, and each of its rows beside the recorded row of the same name.
fn apart(mut request: Request) -> Vec<Request> {
    let rows = take_rows(&mut request.content);
    let name = |row: &Value| {
        let named = [&row["name"], &row["payload"]["global_key"], &row["payload"]["external_id"], &row["externalId"]];
        named.into_iter().find_map(Value::as_str).unwrap_or("without a name").to_owned()
    };
    let row = |row: Value| Request { label: format!("row {}", name(&row)), content: json!({"row": row}) };
    std::iter::once(request).chain(rows.into_iter().map(row)).collect()
}

fn take_rows(content: &mut Value) -> Vec<Value> {
    let is_row = |one: &Value| one["payload"].is_object() || one["attributes"].is_object() || one["externalId"].is_string();
    for place in ["/body/json/assets", "/body/json", "/parts/2/json"] {
        let Some(found) = content.pointer_mut(place) else { continue };
        let rows = match &*found {
            Value::Array(all) if all.iter().all(is_row) => all.clone(),
            one if is_row(one) => vec![one.clone()],
            _ => continue,
        };
        if !rows.is_empty() {
            *found = "rows".into();
            return rows;
        }
    }
    Vec::new()
}

/// `*` stands for anything.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Lays what was sent beside the recordings.
fn compare(vendor: Vendor, flows: &[Flow]) {
    let fixtures = testkit::here().join("fixtures");
    let text = std::fs::read_to_string(fixtures.join("wire-differences").join(format!("{}.json", vendor.word()))).unwrap();
    let accepted: BTreeMap<String, Vec<Accepted>> = serde_json::from_str(&text).unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(fixtures.join("wire").join(vendor.word())).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut sent = sent(vendor, flows);
    let each = |all: Vec<Request>| all.into_iter().flat_map(apart).collect::<Vec<_>>();
    let (mut told, mut used) = (Vec::new(), HashSet::new());
    for file in &files {
        let flow = file.file_stem().unwrap().to_str().unwrap();
        let recording = recorded(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mine = sent.remove(flow).unwrap_or_else(|| panic!("nobody says what Gantry does in {flow}"));
        for found in differences(&each(recording), &each(mine), How::SHAPE) {
            let meant = |place: &str| {
                let known = accepted.get(place).into_iter().flatten();
                known
                    .filter(|known| is_like(&found, &known.difference))
                    .map(|known| (place.to_owned(), known.difference.as_str()))
                    .collect::<Vec<_>>()
            };
            let reasons = [meant(flow), meant(EVERYWHERE)].concat();
            if reasons.is_empty() {
                told.push(format!("{flow} has no reason for: {found}"));
            }
            used.extend(reasons);
        }
    }
    assert!(sent.is_empty(), "no recording is called {:?}", sent.keys());
    for (place, one) in accepted.iter().flat_map(|(place, all)| all.iter().map(move |one| (place, one))) {
        assert!(one.reason.len() > 20, "{place}: no reason is given for {}", one.difference);
        if !used.contains(&(place.clone(), one.difference.as_str())) {
            told.push(format!("{place} has a reason for what is no difference any more: {}", one.difference));
        }
    }
    assert!(told.is_empty(), "{} findings:\n  {}", told.len(), told.join("\n  "));
}

#[test]
fn what_gantry_sends_to_segments_is_what_its_sdk_sends_or_has_a_reason() {
    compare(Vendor::Segments, segments::FLOWS);
}

#[test]
fn what_gantry_sends_to_labelbox_is_what_its_sdk_sends_or_has_a_reason() {
    compare(Vendor::Labelbox, labelbox::FLOWS);
}

#[test]
fn what_gantry_sends_to_ango_is_what_its_sdk_sends_or_has_a_reason() {
    compare(Vendor::Ango, ango::FLOWS);
}

#[test]
fn a_star_stands_for_anything_and_nothing_else_does() {
    for (text, pattern, like) in [
        ("0: api GET /a was not sent", "*: api GET /a was not sent", true),
        ("0: api GET /a was not sent", "*GET*not*", true),
        ("api GET /a", "api GET /a", true),
        ("api GET /ab", "api GET /a", false),
        ("api GET /a", "*POST*", false),
        ("x", "*", true),
    ] {
        assert_eq!(is_like(text, pattern), like, "{text} {pattern}");
    }
}
