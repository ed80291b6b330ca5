//! Labelbox against a scripted server: what is sent, and what is made of each answer.

mod datasets;
mod faults;
mod imports;
mod lookups;
mod storage;

use super::*;
use crate::testing::server::{Reply, Seen, Server, reply};
use gantry_model::media::Format;
use gantry_model::platform::{Role, RowObject, Shape};
use gantry_model::{Code, Reaction};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The key of all tests; it must never be seen in anything that is shown.
pub(super) const CANARY: &str = "canary-labelbox-key";

pub(super) fn connection(server: &Server) -> Connection {
    let fields = [("api_url".to_owned(), format!("{}/graphql", server.url))].into();
    Connection { name: "lb".into(), kind: "labelbox".into(), fields }
}

pub(super) fn secrets() -> Secrets {
    Secrets([("api_key".to_owned(), SecretString::from(CANARY))].into())
}

pub(super) fn open(server: &Server) -> Labelbox {
    let pauses = [Duration::from_millis(1); 2];
    Labelbox { pauses, ..Labelbox::new(&connection(server), &secrets()).expect("opened") }
}

/// A row about one picture.
pub(super) fn row(key: &str, url: &str) -> Row {
    let name = key.rsplit('/').next().unwrap_or_default().to_owned();
    let (url, role, sensor) = (url.to_owned(), Role::Subject, String::new());
    let object = RowObject { url, role, name, sensor, format: Format::Jpeg, width: 640, height: 480 };
    let (metadata, attachments) = Default::default();
    let (key, external_id) = (key.to_owned(), key.to_owned());
    Row { key, external_id, shape: Shape::Single, objects: vec![object], metadata, attachments, priority: 0, own: None }
}

pub(super) fn target() -> Target {
    Target { container: "c-birds".into(), ..Target::default() }
}

/// What was asked: the name of the operation.
pub(super) fn operation(seen: &Seen) -> String {
    let body = String::from_utf8_lossy(&seen.body);
    let text = body.split_once("\"query\":\"").map_or("", |(_, text)| text);
    let name = text.trim_start_matches("query ").trim_start_matches("mutation ");
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// The variables of an operation that is no upload.
pub(super) fn variables(seen: &Seen) -> Value {
    serde_json::from_slice::<Value>(&seen.body).map(|mut body| body["variables"].take()).unwrap_or_default()
}

/// The JSON inside an uploaded file, and the name and type that it was given.
pub(super) fn uploaded(seen: &Seen) -> (String, Value) {
    let body = String::from_utf8_lossy(&seen.body);
    let (_, part) = body.split_once("name=\"1\"; ").expect("a file");
    let (head, rest) = part.split_once("\r\n\r\n").expect("a head");
    let (content, _) = rest.rsplit_once("\r\n--").expect("an end");
    (head.replace("\r\n", " "), serde_json::from_str(content).expect("JSON"))
}

pub(super) fn good(data: &Value) -> Reply {
    reply(200, &[("content-type", "application/json")], &json!({"data": data}).to_string())
}

/// An error as Labelbox says it.
pub(super) fn error(code: &str, status: Option<u16>, message: &str) -> Reply {
    let mut extensions = json!({"code": code});
    if let Some(status) = status {
        extensions["exception"] = json!({"status": status, "message": message});
    }
    let error = json!({"message": message, "locations": [{"line": 1, "column": 1}], "extensions": extensions});
    reply(200, &[("content-type", "application/json")], &json!({"errors": [error], "data": null}).to_string())
}

/// Answers by the name of the operation: the n-th answer to the n-th question, the last one for ever.
pub(super) struct Script(pub(super) BTreeMap<&'static str, Vec<Value>>);

impl Script {
    pub(super) fn new(answers: &[(&'static str, Value)]) -> Self {
        let mut all = BTreeMap::<_, Vec<Value>>::new();
        for (name, answer) in answers {
            all.entry(*name).or_default().push(answer.clone());
        }
        Self(all)
    }

    pub(super) async fn start(self) -> (Server, Labelbox) {
        let counts = Mutex::new(HashMap::<String, usize>::new());
        let server = Server::start(move |_, seen| {
            let name = operation(seen);
            let mut counts = counts.lock().expect("not poisoned");
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            let Some(all) = self.0.get(name.as_str()) else { return error("UNSCRIPTED", None, &name) };
            good(&all[(*count - 1).min(all.len() - 1)])
        })
        .await;
        let platform = open(&server);
        (server, platform)
    }
}

/// The names of the operations that came.
pub(super) fn asked(server: &Server) -> Vec<String> {
    server.seen().iter().map(operation).collect()
}
