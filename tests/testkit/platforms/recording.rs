//! Compares what a client sends with what a vendor's own SDK was recorded to send: `tests/fixtures/wire`.
//! Ids, addresses, signatures and telemetry differ from run to run and are made equal first.

mod differ;
mod masks;

use super::asked::{Asked, Body, Side};
use super::form::Part;
use super::labelbox::graphql::{self, Field};
use masks::{masked, masked_text};
use serde_json::{Map, Value, json};

pub use differ::differences;

/// How alike two lists of requests must be.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Values must be the same, not only their kinds.
    pub values: bool,
    /// GraphQL must ask for the same fields of an answer.
    pub selection: bool,
    /// The order must be the same.
    pub order: bool,
}

impl How {
    /// Everything must be the same.
    pub const EXACT: Self = Self { values: true, selection: true, order: true };
    /// What a client of one's own is held to: the same requests with the same fields, in any order, with values of its own.
    pub const SHAPE: Self = Self { values: false, selection: false, order: false };
}

/// A request with everything made equal that differs from run to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Method, path, and what GraphQL asks for.
    pub label: String,
    /// The rest of it.
    pub content: Value,
}

/// The requests of a recording.
///
/// # Errors
/// When the text is no recording.
pub fn recorded(text: &str) -> serde_json::Result<Vec<Request>> {
    let all: Value = serde_json::from_str(text)?;
    Ok(all["requests"].as_array().into_iter().flatten().map(normalised).collect())
}

/// The requests that a fake was asked, as they would stand in a recording.
pub fn seen<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> Vec<Request> {
    asked.into_iter().map(|one| normalised(&as_recorded(one))).collect()
}

/// A request as recordings write it.
pub fn as_recorded(asked: &Asked) -> Value {
    let kept = ["authorization", "apikey", "content-type", "content-encoding"];
    let headers: Map<String, Value> = asked
        .headers
        .iter()
        .filter(|(name, _)| kept.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let body = match &asked.body {
        Body::Plain { bytes, gzip } => plain(asked, bytes, *gzip),
        Body::Form(parts) => json!({"parts": parts.iter().map(part).collect::<Vec<_>>()}),
        Body::File { size, .. } => json!({"bytes": size}),
        Body::Empty | Body::Broken => Value::Null,
    };
    let side = if asked.side == Side::Api { "api" } else { "storage" };
    json!({"side": side, "method": asked.method, "path": asked.path, "query": asked.query, "headers": headers, "body": body})
}

fn plain(asked: &Asked, bytes: &[u8], gzip: bool) -> Value {
    if asked.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return json!({"form": super::asked::pairs(&String::from_utf8_lossy(bytes))});
    }
    let content: Value = serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into());
    if gzip { json!({"json": content, "gzip": true}) } else { json!({"json": content}) }
}

fn part(part: &Part) -> Value {
    let mut told = json!({"name": part.name});
    if let Some(filename) = &part.filename {
        told["filename"] = filename.as_str().into();
    }
    if let Some(kind) = &part.content_type {
        told["type"] = kind.as_str().into();
    }
    let text = part.content.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok()).filter(|text| !text.contains('\0'));
    match text.map(|text| (text, serde_json::from_str::<Value>(text))) {
        Some((_, Ok(content @ (Value::Object(_) | Value::Array(_))))) => told["json"] = content,
        Some((text, _)) => told["text"] = text.into(),
        None => told["bytes"] = part.size.into(),
    }
    told
}

fn normalised(raw: &Value) -> Request {
    let text = |name: &str| raw[name].as_str().unwrap_or_default();
    let path = text("path").split('/').map(masked_text).collect::<Vec<_>>().join("/");
    let mut content = json!({"headers": headers(&raw["headers"]), "query": query(&raw["query"])});
    let mut label = format!("{} {} {path}", text("side"), text("method"));
    let body = &raw["body"];
    if let Some(operation) = operation(&body["json"]) {
        label = format!("{label} {}", names(&operation));
        content["graphql"] = operation;
    } else if let Some(parts) = body["parts"].as_array() {
        let parts: Vec<Value> = parts.iter().map(|part| form_part(part, text("side") == "storage")).collect();
        if let Some(operation) = parts.iter().find_map(|part| part.get("graphql")) {
            label = format!("{label} {}", names(operation));
        }
        content["parts"] = parts.into();
    } else {
        content["body"] = masked(body);
    }
    Request { label, content }
}

fn headers(raw: &Value) -> Value {
    let mut told = raw.clone();
    if let Some(kind) = raw["content-type"].as_str().and_then(|kind| kind.split(';').next()) {
        told["content-type"] = kind.into();
    }
    told
}

/// A query without its signatures, which each vendor's storage spells in its own way.
fn query(raw: &Value) -> Value {
    let kept = |pair: &&Value| !pair[0].as_str().unwrap_or_default().starts_with("X-Amz-");
    raw.as_array().into_iter().flatten().filter(kept).map(masked).collect()
}

/// A part of a form. Fields of a presigned form are the platform's own words, whose values change with every slot.
fn form_part(raw: &Value, presigned: bool) -> Value {
    let mut told = raw.clone();
    if let Some(operation) = operation(&raw["json"]) {
        told["graphql"] = operation;
        told["json"] = Value::Null;
    } else if presigned && raw["name"] != "file" {
        told["text"] = "{given}".into();
    } else {
        told["json"] = masked(&sorted_rows(&raw["json"]));
        told["text"] = masked(&raw["text"]);
    }
    told
}

/// Rows of an import, which the SDK sends in the order in which its threads are done.
fn sorted_rows(content: &Value) -> Value {
    match content.as_array() {
        Some(rows) if rows.iter().all(|row| row["payload"].is_object()) => {
            let mut rows = rows.clone();
            rows.sort_by_key(|row| row["payload"].to_string());
            rows.into()
        }
        _ => content.clone(),
    }
}

/// GraphQL with its variables filled in; the name of the operation and those of variables are free.
fn operation(body: &Value) -> Option<Value> {
    let query = body.get("query")?.as_str()?;
    let operation = graphql::parse(query, &body["variables"]).ok()?;
    let fields: Vec<Value> = operation.fields.iter().map(asked_for).collect();
    Some(json!({"operation": if operation.mutation { "mutation" } else { "query" }, "fields": fields}))
}

fn asked_for(field: &Field) -> Value {
    let mut arguments = masked(&Value::Object(field.arguments.clone()));
    if arguments.get("contentLength").is_some() {
        // As long as the addresses in it, which are longer or shorter by a digit of the port.
        arguments["contentLength"] = "{length}".into();
    }
    // What was not given and what is null is the same to a server.
    if let Value::Object(all) = &mut arguments {
        all.retain(|_, value| !value.is_null());
    }
    let (inner, plain): (Vec<&Field>, Vec<&Field>) = field.fields.iter().partition(|one| !one.arguments.is_empty());
    let mut selection: Vec<Value> = plain.into_iter().map(selected).collect();
    selection.sort_by_key(Value::to_string);
    selection.dedup();
    json!({"name": field.name, "arguments": arguments, "selection": selection, "fields": inner.into_iter().map(asked_for).collect::<Vec<_>>()})
}

fn selected(field: &Field) -> Value {
    if field.fields.is_empty() {
        return field.name.as_str().into();
    }
    let mut inside: Vec<Value> = field.fields.iter().map(selected).collect();
    inside.sort_by_key(Value::to_string);
    json!({field.name.as_str(): inside})
}

fn names(operation: &Value) -> String {
    fn of(fields: &Value) -> String {
        let one = |field: &Value| {
            let inside = of(&field["fields"]);
            let name = field["name"].as_str().unwrap_or_default();
            if inside.is_empty() { name.to_owned() } else { format!("{name}.{inside}") }
        };
        fields.as_array().into_iter().flatten().map(one).collect::<Vec<_>>().join("+")
    }
    of(&operation["fields"])
}
