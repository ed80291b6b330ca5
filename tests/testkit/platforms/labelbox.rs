//! Labelbox: one GraphQL address, answered by root field; files through it, imports as tasks.
//! Operations as its SDK sends them. <https://labelbox-python.readthedocs.io/en/latest/>

mod batches;
mod datasets;
pub(super) mod graphql;
mod imports;
mod keys;
mod rows;

use super::asked::{Asked, Body};
use super::clock;
use super::house::{Platform, Site};
use super::reply::Reply;
use super::shelf::Object;
use super::switches::{Manners, Trouble};
use batches::Project;
use datasets::{Dataset, Integration};
use graphql::{Field, Operation, Wrong};
use imports::Task;
use keys::Job;
use rows::Rows;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Fields that only the address of experiments knows.
const EXPERIMENTS: &[&str] = &["setDefaultIamIntegration", "createBatchV2", "createEmptyBatch", "addDataRowsToBatchAsync"];
const USER: &str = "cuserofjane00000000000001";

/// The platform with all that is in it. Who asks is always Jane of Acme.
#[derive(Debug, Default)]
pub(super) struct Labelbox {
    datasets: Vec<Dataset>,
    integrations: Vec<Integration>,
    projects: Vec<Project>,
    rows: Rows,
    tasks: BTreeMap<String, Task>,
    jobs: BTreeMap<String, Job>,
}

/// The value of a root field, or what is said instead.
type Answer = Result<Value, Refused>;

/// Why a field has no value.
#[derive(Debug)]
struct Refused {
    code: String,
    message: String,
    /// The status inside `exception`.
    status: Option<u16>,
}

impl Refused {
    fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: None }
    }

    fn not_found(what: &str) -> Self {
        Self::new("RESOURCE_NOT_FOUND", format!("{what} not found"))
    }

    fn reply(self, path: Option<&str>) -> Reply {
        let mut extensions = json!({"code": self.code});
        if let Some(status) = self.status {
            extensions["exception"] = json!({"status": status, "message": self.message});
        }
        let mut error = json!({"message": self.message, "locations": [{"line": 1, "column": 1}], "extensions": extensions});
        if let Some(path) = path {
            error["path"] = json!([path]);
        }
        Reply::json(200, &json!({"errors": [error], "data": null}))
    }
}

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        Self::new(wrong.0, wrong.1)
    }
}

/// A random id as Labelbox writes them: 25 characters that begin with `c`.
fn cuid() -> String {
    std::iter::once('c').chain(std::iter::repeat_with(|| fastrand::digit(36)).take(24)).collect()
}

/// The operation of a request: a JSON body, or the first part of an upload.
fn operation(asked: &Asked) -> Result<Operation, Refused> {
    let body: Value = match &asked.body {
        Body::Form(parts) => {
            let operations = parts.iter().find(|part| part.name == "operations").map(super::Part::text).unwrap_or_default();
            serde_json::from_str(&operations).unwrap_or_default()
        }
        _ => asked.json(),
    };
    let Some(query) = body["query"].as_str() else {
        return Err(Refused::new("MALFORMED_REQUEST", "POST body missing. Did you forget use body-parser middleware?"));
    };
    Ok(graphql::parse(query, &body["variables"])?)
}

impl Platform for Labelbox {
    fn kind(&self, asked: &Asked) -> String {
        if asked.method != "POST" || !["/graphql", "/_gql"].contains(&asked.path.as_str()) {
            return "unknown".to_owned();
        }
        let Ok(operation) = operation(asked) else { return "malformed".to_owned() };
        let Some(root) = operation.fields.first() else { return "malformed".to_owned() };
        let inner = root.fields.iter().find(|field| !field.arguments.is_empty());
        inner.map_or_else(|| root.name.clone(), |inner| inner.name.clone())
    }

    fn rows(&self, asked: &Asked) -> Option<usize> {
        let file = asked.parts().iter().find(|part| part.filename.is_some())?;
        let content: Value = serde_json::from_slice(file.content.as_ref()?).ok()?;
        content.as_array().map(Vec::len)
    }

    fn answer(&mut self, asked: &Asked, site: &mut Site<'_>) -> Reply {
        if asked.kind == "unknown" {
            return Reply::html(404, "404 Not Found");
        }
        let operation = match operation(asked) {
            Ok(operation) => operation,
            Err(refused) => return refused.reply(None),
        };
        let mut data = json!({});
        for root in &operation.fields {
            if let Some(reply) = known_here(root, &asked.path) {
                return reply.reply(None);
            }
            let value = self.root(root, operation.mutation, asked, site);
            match value.and_then(|value| root.of(&value).map_err(Refused::from)) {
                Ok(value) => data[&root.alias] = value,
                Err(refused) => return refused.reply(Some(&root.name)),
            }
        }
        Reply::json(200, &json!({"data": data}))
    }

    fn says(&self, trouble: &Trouble, asked: &Asked, manners: &Manners) -> Reply {
        match trouble {
            Trouble::NoKey | Trouble::WrongKey => {
                let reply = Refused::new("AUTHENTICATION_ERROR", "Invalid API key").reply(None);
                Reply { status: manners.wrong_key_status, ..reply }
            }
            Trouble::Throttled(wait) => {
                let words = "You have exceeded your allotment of API requests. Please try again later.";
                let reply = Reply::json(429, &json!({"message": words}));
                wait.iter().fold(reply, |reply, seconds| reply.with("retry-after", seconds.to_string()))
            }
            Trouble::ThrottledOddly => Reply::text(429, "Too Many Requests"),
            Trouble::PlanLimit => {
                let words = "LBU limit exceeded, upgrade to continue";
                Refused { status: Some(426), ..Refused::new("INTERNAL_SERVER_ERROR", words) }.reply(Some(&asked.kind))
            }
            Trouble::NotAllowed | Trouble::Expired => {
                Refused::new("AUTHORIZATION_ERROR", "You are not authorized to perform this action").reply(Some(&asked.kind))
            }
            Trouble::Country => Reply::text(451, "Unavailable For Legal Reasons"),
            Trouble::TooLarge => Reply::html(413, "413 Request Entity Too Large"),
            Trouble::Broken(status) => Reply::json(*status, &json!({"message": "Internal server error"})),
            Trouble::Graphql { code, status, message } => {
                Refused { status: *status, ..Refused::new(code, message.as_str()) }.reply(None)
            }
        }
    }

    fn emptied(&self, asked: &Asked, nothing: Value) -> Value {
        let roots = operation(asked).map(|operation| operation.fields).unwrap_or_default();
        json!({"data": roots.into_iter().map(|root| (root.alias, nothing.clone())).collect::<serde_json::Map<_, _>>()})
    }

    fn remove(&mut self, container: Option<&str>) {
        let meant = |one: &Dataset| container.is_none_or(|wanted| one.id == wanted || one.name == wanted);
        let gone: Vec<String> = self.datasets.iter().filter(|one| meant(one)).map(|one| one.id.clone()).collect();
        for id in gone {
            self.remove_dataset(&id);
        }
        self.projects.retain(|one| container.is_some_and(|wanted| one.id != wanted && one.name != wanted));
    }

    fn seed(&mut self) {
        if self.integrations.is_empty() {
            self.integrations = Integration::example();
        }
        if self.datasets.is_empty() {
            self.datasets.push(Dataset::new("birds", ""));
        }
    }

    fn integrations(&self) -> Value {
        self.integrations.iter().map(Integration::json).collect()
    }

    fn containers(&self, rows: bool) -> Value {
        self.datasets.iter().map(|dataset| self.rows.state(dataset, rows)).collect()
    }
}

/// A field that this address does not know.
fn known_here(root: &Field, path: &str) -> Option<Refused> {
    let inner = root.fields.iter().map(|field| field.name.as_str());
    let mut names = std::iter::once(root.name.as_str()).chain(inner);
    let experiment = names.find(|name| EXPERIMENTS.contains(name))?;
    (path == "/graphql").then(|| Refused::new("GRAPHQL_VALIDATION_FAILED", format!("Cannot query field \"{experiment}\".")))
}

impl Labelbox {
    fn root(&mut self, root: &Field, mutation: bool, asked: &Asked, site: &mut Site<'_>) -> Answer {
        match (mutation, root.name.as_str()) {
            (false, "user") => Ok(self.user(root, site)),
            (false, "organization") => Ok(organisation()),
            (true, "uploadFile") => upload(root, asked, site),
            (true, "upsertDataRows") => self.import(root, site),
            (_, name) if name.contains("DataRowImports") || name.ends_with("TaskTypes") || name.contains("BulkOperation") => {
                self.task_field(root, site)
            }
            (_, name) if name.contains("ataRow") || name.contains("lobalKeys") => self.row_field(root, site),
            (false, "project" | "projects") | (true, "createProject" | "project") => self.project_field(root, site),
            _ => self.dataset_field(root, mutation, site),
        }
    }

    fn user(&mut self, root: &Field, site: &Site<'_>) -> Value {
        let now = "2026-01-20T10:00:00.000Z";
        let tasks = root.field("createdTasks").map_or_else(Vec::new, |field| self.created_tasks(field, site));
        json!({"id": USER, "createdAt": now, "updatedAt": now, "lastLoginAt": now, "email": "jane@example.com", "nickname": "Jane",
               "name": "jane", "picture": "https://example.com/p.png", "isViewer": false, "isExternalUser": false,
               "organization": organisation(), "createdTasks": tasks})
    }
}

fn organisation() -> Value {
    let now = "2026-01-20T10:00:00.000Z";
    json!({"id": "corgacme00000000000000001", "createdAt": now, "updatedAt": now, "name": "Acme"})
}

/// A file by the GraphQL multipart convention: `operations`, then `map`, then the file.
fn upload(root: &Field, asked: &Asked, site: &mut Site<'_>) -> Answer {
    let malformed = |words: &str| Err(Refused::new("MALFORMED_REQUEST", words));
    let [operations, map, file] = asked.parts() else {
        return malformed("Missing multipart field 'operations', 'map' or the file.");
    };
    if operations.name != "operations" || map.name != "map" {
        return malformed("Misordered multipart fields; files should follow 'map', which should follow 'operations'.");
    }
    let places: Value = serde_json::from_str(&map.text()).unwrap_or_default();
    if places[&file.name] != json!(["variables.file"]) {
        return malformed("Invalid 'map' multipart field: it does not lead the file to 'variables.file'.");
    }
    if root.argument(&["contentLength"]).as_u64() != Some(file.size) {
        let words = format!("the upload says contentLength {}, and has {} bytes", root.argument(&["contentLength"]), file.size);
        site.violations.push(words);
        return malformed("contentLength does not match the file.");
    }
    if file.size > site.manners.file_limit {
        return Err(Refused { status: Some(413), ..Refused::new("INTERNAL_SERVER_ERROR", "File size limit exceeded") });
    }
    let name = file.filename.clone().unwrap_or_else(|| file.name.clone());
    if site.manners.refused_endings.iter().any(|ending| name.ends_with(ending)) {
        let words = format!("File upload error - invalid file extension for for file {name}");
        return Err(Refused { status: Some(400), ..Refused::new("INTERNAL_SERVER_ERROR", words) });
    }
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let key = format!("files/{}/{safe}", cuid());
    let signed = if root.argument(&["sign"]) == true { format!("?X-Goog-Signature={}", clock::hex(32)) } else { String::new() };
    let url = format!("{}/{key}{signed}", site.storage);
    let (size, sum, content_type, content) = (file.size, file.sum.clone(), file.content_type.clone(), file.content.clone());
    site.shelf.put(key, Object { size, sum, content_type, content, times: 0 });
    Ok(json!({"url": url, "filename": name}))
}

/// Whether an object meets a `where`: fields by equality, `AND`, and `_contains` at the end of a field's name.
fn meets(condition: &Value, object: &Value) -> bool {
    condition.as_object().is_none_or(|fields| {
        fields.iter().all(|(name, wanted)| match name.strip_suffix("_contains") {
            _ if name == "AND" => wanted.as_array().is_none_or(|all| all.iter().all(|one| meets(one, object))),
            Some(field) => object[field].as_str().is_some_and(|text| text.contains(wanted.as_str().unwrap_or_default())),
            None => object[name] == *wanted,
        })
    })
}

/// `skip` and `first` of a list.
fn slice<T>(field: &Field, all: Vec<T>) -> Vec<T> {
    let number = |name: &str, other: usize| {
        field.arguments.get(name).and_then(Value::as_u64).map_or(other, |n| usize::try_from(n).unwrap_or(other))
    };
    all.into_iter().skip(number("skip", 0)).take(number("first", 100)).collect()
}
