//! One POST for one operation, and files by the multipart convention of GraphQL.
//! The body decides what an answer means, then the status: under which status Labelbox says that a key is wrong, it does not tell.

use super::{faults, operations};
use crate::api::{ANSWER, Api, Ask, Base, Form, Load, Scheme, Told, cleaned};
use crate::form;
use gantry_model::words::say;
use gantry_model::{Code, Connection, Content, Problem, Secrets};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const AGENT: &str = concat!("gantry ", env!("CARGO_PKG_VERSION"));
const PATH: &str = "/graphql";
/// The largest `Int` of GraphQL, in which the length of a file is said. <https://spec.graphql.org/October2021/#sec-Int>
const LONGEST: u64 = i32::MAX as u64;

/// An operation with its variables.
#[derive(Debug)]
pub(super) struct Query<'a> {
    doing: &'static str,
    text: &'a str,
    variables: Value,
    container: Option<&'a str>,
    cap: usize,
}

impl<'a> Query<'a> {
    pub(super) fn new(doing: &'static str, text: &'a str) -> Self {
        Self { doing, text, variables: Value::Null, container: None, cap: ANSWER }
    }

    pub(super) fn with(self, variables: Value) -> Self {
        Self { variables, ..self }
    }

    /// The dataset that it names: then "not found" means this one.
    pub(super) fn of(self, container: &'a str) -> Self {
        Self { container: Some(container), ..self }
    }

    /// The answer may have so many bytes.
    pub(super) fn cap(self, cap: usize) -> Self {
        Self { cap, ..self }
    }
}

/// A file that is taken through GraphQL.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) content_type: &'a str,
    pub(super) content: Content,
}

/// Labelbox's one address.
#[derive(Debug)]
pub(super) struct Graphql {
    api: Api,
    key: SecretString,
}

impl Graphql {
    pub(super) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        let given = Base::of(connection, form::public_url("labelbox").unwrap_or_default())?;
        let base = match given.as_str().strip_suffix(PATH) {
            Some(front) => Base::new(front, connection.field("allow_http") == "true")?,
            None => given,
        };
        let api = Api::new(base, secrets, Scheme { header: "authorization", before: "Bearer " })?;
        let key = secrets.0.get("api_key").map(|key| key.expose_secret().trim().into()).unwrap_or_default();
        Ok(Self { api, key })
    }

    pub(super) fn base(&self) -> &Base {
        self.api.base()
    }

    /// The key, for telling accounts apart; it is never shown.
    pub(super) fn key(&self) -> &str {
        self.key.expose_secret()
    }

    /// Labelbox's words without what is secret.
    pub(super) fn said(&self, words: &str) -> String {
        cleaned(words, self.key())
    }

    /// Sends an operation. What was asked for stands under `/data`.
    ///
    /// # Errors
    /// What Labelbox's errors mean.
    pub(super) async fn ask(&self, query: Query<'_>) -> Result<Told, Problem> {
        let load = Load::json(&json!({"query": query.text, "variables": query.variables}))?;
        let answer = self.api.send(dressed(Ask::post(query.doing, PATH, load)).cap(query.cap)).await?;
        faults::told(answer, query.container)
    }

    /// Sends a file and gives its address.
    ///
    /// # Errors
    /// As [`Graphql::ask`]; `refused` for what is too long to be announced.
    pub(super) async fn upload(&self, doing: &'static str, file: File<'_>) -> Result<String, Problem> {
        let size = file.content.size;
        if size > LONGEST {
            return Err(Problem::new(Code::Refused, doing).with("said", say("labelbox-file-too-long", &[])));
        }
        let variables = json!({"file": null, "contentLength": size, "sign": false});
        let operations = json!({"query": operations::UPLOAD, "variables": variables}).to_string();
        let form = Form {
            fields: vec![("operations".into(), operations), ("map".into(), json!({"1": ["variables.file"]}).to_string())],
            field: "1".into(),
            name: file.name.to_owned(),
            content_type: Some(file.content_type.to_owned()),
            content: file.content,
        };
        let answer = self.api.send(dressed(Ask::post(doing, PATH, Load::Form(form)))).await?;
        Ok(faults::told(answer, None)?.text("/data/uploadFile/url")?.to_owned())
    }
}

/// Labelbox's SDK says in a header of its own who is asking.
fn dressed(ask: Ask<'_>) -> Ask<'_> {
    ask.header("accept", "application/json").header("x-user-agent", AGENT)
}
