//! What an API answered: its JSON, or what it means for the queue. The platform's own words come along, cleaned and cut:
//! without the key, and without whatever stands behind a question mark.

use crate::{classify, http};
use bytes::Bytes;
use gantry_model::{Code, Problem, Reaction};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::fmt;
use std::time::{Duration, SystemTime};

/// Words by which a refusal is one of the plan.
const PLAN: &[&str] = &[
    "free trial ended",
    "exceeded user limit",
    "limit of your plan",
    "your current plan",
    "your plan",
    "your subscription",
    "upgrade to continue",
    "limit exceeded, upgrade",
];
/// Words by which a refusal is one of the key.
const KEY: &[&str] = &["authentication credentials", "invalid api key", "invalid token", "invalid apikey"];

/// An answer, whatever it says.
pub(crate) struct Answer {
    pub(crate) doing: &'static str,
    /// Method and path of the call.
    pub(super) call: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(super) container: Option<String>,
    /// The key that was sent; it never stands in what is said.
    pub(super) key: Option<SecretString>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("call", &self.call).field("status", &self.status).finish_non_exhaustive()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A page for people, where a platform sends none.
    pub(crate) fn is_page(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let start = self.body[..self.body.len().min(64)].trim_ascii_start().to_ascii_lowercase();
        // Some servers call everything a page, also their JSON.
        let is_json = matches!(start.first(), Some(b'{' | b'['));
        (kind.starts_with("text/html") && !is_json) || start.starts_with(b"<!doctype") || start.starts_with(b"<html")
    }

    /// The body as JSON, where it is some.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Too many requests. Segments.ai's SDK expects the words also under status 200.
    pub(super) fn is_throttled(&self) -> bool {
        self.status == 429 || (self.is_success() && self.body.len() < 1024 && self.lower().contains("request was throttled"))
    }

    /// How long the platform asks to wait: by the header, or by its sentence.
    pub(super) fn wait(&self, now: SystemTime) -> Option<Duration> {
        self.header("retry-after").and_then(|value| http::retry_after(value, now)).or_else(|| {
            let words = self.lower();
            let (before, _) = words.split_once(" second")?;
            http::retry_after(before.rsplit(' ').next()?, now)
        })
    }

    /// The JSON of a success.
    ///
    /// # Errors
    /// What the answer means otherwise.
    pub(crate) fn told(self) -> Result<Told, Problem> {
        if !self.is_success() || self.is_throttled() {
            return Err(self.problem());
        }
        match self.json() {
            Some(value) => Ok(Told { value, doing: self.doing, call: self.call }),
            None if self.body.is_empty() => Ok(Told { value: Value::Null, doing: self.doing, call: self.call }),
            None => Err(self.stranger()),
        }
    }

    /// What a refusal means.
    pub(crate) fn problem(&self) -> Problem {
        if self.is_page() && !matches!(self.status, 402 | 407 | 408 | 413 | 429 | 500..=599) {
            return self.stranger();
        }
        let words = self.lower();
        let says = |all: &[&str]| all.iter().any(|one| words.contains(one));
        let is_request = (400..500).contains(&self.status);
        let code = match self.status {
            _ if self.is_throttled() => Code::SlowDown,
            401 => Code::BadApiKey,
            402 => Code::PlanLimit,
            400 | 403 | 409 | 422 | 426 if says(PLAN) => Code::PlanLimit,
            403 if says(KEY) => Code::BadApiKey,
            403 | 451 => Code::AccessDenied,
            404 if self.container.is_some() => Code::NoSuchContainer,
            404 | 405 => Code::NotAStore,
            407 => Code::ProxyPassword,
            408 => Code::TimedOut,
            413 => Code::CallTooLarge,
            _ if is_request => Code::Refused,
            500..=599 => Code::ServerError,
            _ => Code::NotAStore,
        };
        self.as_problem(code)
    }

    /// A problem with this code, and with what the answer said.
    pub(crate) fn as_problem(&self, code: Code) -> Problem {
        let mut problem = Problem::new(code, self.doing).after(self.wait_of(code)).with("status", self.status.to_string());
        if code == Code::AccessDenied {
            // An API refuses the person, not one file.
            problem.reaction = Reaction::AskUser;
        }
        if let Some(container) = &self.container {
            problem = problem.with("container", container.clone());
        }
        let said = self.said();
        if said.is_empty() { problem } else { problem.with("said", said) }
    }

    /// The platform's own words, fit to be shown; empty for a page and where it said nothing.
    pub(crate) fn said(&self) -> String {
        if self.is_page() {
            return String::new();
        }
        let words = match self.json() {
            Some(value) => words(&value, 0),
            None => String::from_utf8_lossy(&self.body[..self.body.len().min(2048)]).into_owned(),
        };
        let key = self.key.as_ref().map_or("", |key| key.expose_secret());
        cleaned(&words, key)
    }

    fn wait_of(&self, code: Code) -> Option<Duration> {
        matches!(code, Code::SlowDown | Code::ServerError).then(|| self.wait(SystemTime::now())).flatten()
    }

    fn lower(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(16 << 10)]).to_lowercase()
    }

    fn stranger(&self) -> Problem {
        Problem::new(Code::NotAStore, self.doing).with("status", self.status.to_string()).with("call", self.call.clone())
    }
}

/// A platform's sentence without the key and without what stands behind the question mark of an address.
pub(crate) fn cleaned(words: &str, key: &str) -> String {
    let hushed = if key.is_empty() { words.to_owned() } else { words.replace(key, "…") };
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ']' | '}' | ',');
    let (mut out, mut rest) = (String::new(), hushed.as_str());
    while let Some(at) = rest.find("://") {
        let end = rest[at..].find(ends).map_or(rest.len(), |end| at + end);
        out.push_str(gantry_model::platform::bare(&rest[..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    classify::said(&out)
}

/// The sentences in an error's JSON: `detail`, `message`, or the fields that are at fault with what is said of them.
fn words(value: &Value, deep: u8) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) if deep < 5 => {
            let each = all.iter().map(|one| words(one, deep + 1)).filter(|one| !one.is_empty());
            each.take(3).collect::<Vec<_>>().join("; ")
        }
        Value::Object(fields) if deep < 5 => {
            if let Some(sentence) = ["detail", "message", "error"].iter().find_map(|name| fields.get(*name)) {
                return words(sentence, deep + 1);
            }
            let each = fields.iter().map(|(name, one)| (name, words(one, deep + 1))).filter(|(_, one)| !one.is_empty());
            each.take(3).map(|(name, one)| format!("{name}: {one}")).collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    }
}

/// The JSON of a success. What is missing in it is said with the call's name.
pub(crate) struct Told {
    pub(crate) value: Value,
    doing: &'static str,
    call: String,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").field("call", &self.call).finish_non_exhaustive()
    }
}

impl Told {
    /// The list at this JSON pointer; empty means the whole.
    ///
    /// # Errors
    /// `server_error` that names what is missing.
    pub(crate) fn list(&self, at: &str) -> Result<&Vec<Value>, Problem> {
        self.value.pointer(at).and_then(Value::as_array).ok_or_else(|| self.missing(at))
    }

    /// The object at this JSON pointer; one without any field is none.
    ///
    /// # Errors
    /// As [`Told::list`].
    pub(crate) fn object(&self, at: &str) -> Result<&Value, Problem> {
        let found = self.value.pointer(at).filter(|value| value.as_object().is_some_and(|fields| !fields.is_empty()));
        found.ok_or_else(|| self.missing(at))
    }

    /// The text at this JSON pointer, which is not empty.
    ///
    /// # Errors
    /// As [`Told::list`].
    pub(crate) fn text(&self, at: &str) -> Result<&str, Problem> {
        self.value.pointer(at).and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| self.missing(at))
    }

    /// The whole number at this JSON pointer.
    ///
    /// # Errors
    /// As [`Told::list`].
    pub(crate) fn number(&self, at: &str) -> Result<u64, Problem> {
        self.value.pointer(at).and_then(Value::as_u64).ok_or_else(|| self.missing(at))
    }

    /// The problem of an answer that lacks what was promised. Whether the call worked is not known.
    pub(crate) fn missing(&self, at: &str) -> Problem {
        let field = at.trim_start_matches('/').replace('/', ".");
        let field = if field.is_empty() { "everything".to_owned() } else { field };
        let said = format!("the answer to {} lacks {field}", self.call);
        Problem::new(Code::ServerError, self.doing).with("said", said).with("missing", field)
    }
}

/// A text of an object; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
