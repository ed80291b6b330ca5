//! Calls to a platform's API: one origin, one key, one request, one answer. Nothing is repeated and no redirect followed.
//! The key goes with requests to that origin only: what sends to a storage ([`Storage`]) has never seen one.
//! A refusal because of too many requests holds back everybody in this process who uses the same key there.

mod answer;
mod base;
mod gate;
mod load;
mod own;
mod storage;
#[cfg(test)]
mod tests;

use crate::http;
use bytes::Bytes;
use gantry_model::{Code, Problem, Secrets};
use gate::Gate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use answer::{Answer, Told, cleaned, text};
pub(crate) use base::Base;
pub(crate) use load::{Form, Load, whole};
pub(crate) use own::{OwnStorage, TakesFiles};
pub(crate) use storage::{Storage, remote};

/// Bytes of an answer, at most, where the caller says nothing else.
pub(crate) const ANSWER: usize = 4 << 20;
/// Bytes of one page of a listing, at most: rows may carry large attributes.
pub(crate) const LISTING: usize = 256 << 20;
/// The answer to a request without a body comes within this time.
const PATIENCE: Duration = Duration::from_secs(60);
/// The slowest line on which a body still arrives: 8 KiB a second.
const SLOWEST: u64 = 8 << 10;

const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One path component or one value of a query, encoded.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// How a platform wants to see the key: the header, and what stands before the key in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheme {
    /// In lower case.
    pub(crate) header: &'static str,
    /// `Bearer `, with its space; may be empty.
    pub(crate) before: &'static str,
}

/// One origin with one key.
pub(crate) struct Api {
    client: reqwest::Client,
    base: Base,
    header: (HeaderName, HeaderValue),
    key: SecretString,
    gate: Arc<Gate>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}

/// A request to an API.
pub(crate) struct Ask<'a> {
    doing: &'static str,
    method: Method,
    path: String,
    query: Vec<(&'a str, String)>,
    headers: Vec<(&'static str, String)>,
    load: Load,
    cap: usize,
    container: Option<&'a str>,
}

impl<'a> Ask<'a> {
    /// `path` begins with `/`, is encoded already, and is put behind the base; it may be empty.
    pub(crate) fn new(doing: &'static str, method: Method, path: impl Into<String>) -> Self {
        let (query, headers) = (Vec::new(), Vec::new());
        let (load, cap) = (Load::None, ANSWER);
        Self { doing, method, path: path.into(), query, headers, load, cap, container: None }
    }

    pub(crate) fn get(doing: &'static str, path: impl Into<String>) -> Self {
        Self::new(doing, Method::GET, path)
    }

    pub(crate) fn post(doing: &'static str, path: impl Into<String>, load: Load) -> Self {
        Self { load, ..Self::new(doing, Method::POST, path) }
    }

    /// A value of the query; it is encoded here.
    pub(crate) fn query(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer may have so many bytes.
    pub(crate) fn cap(mut self, cap: usize) -> Self {
        self.cap = cap;
        self
    }

    /// The dataset or project that the address names: then "not found" means this one.
    pub(crate) fn of(mut self, container: &'a str) -> Self {
        self.container = Some(container);
        self
    }
}

impl Api {
    /// A caller for `base` with the secret `api_key`. Callers of one origin and key share one gate.
    ///
    /// # Errors
    /// `no_secret` without a key, `bad_api_key` for one that no header can carry.
    pub(crate) fn new(base: Base, secrets: &Secrets, scheme: Scheme) -> Result<Self, Problem> {
        let of = secrets.0.get("api_key").map(|secret| secret.expose_secret().trim()).filter(|text| !text.is_empty());
        let key = of.ok_or_else(|| Problem::new(Code::NoSecret, "open").with("field", "api_key"))?;
        let mut value = HeaderValue::try_from(format!("{}{key}", scheme.before))
            .map_err(|_| Problem::new(Code::BadApiKey, "open").with("said", "a key has no such characters"))?;
        value.set_sensitive(true);
        let client = base.client()?;
        let gate = Gate::of(base.origin(), key);
        Ok(Self { client, header: (HeaderName::from_static(scheme.header), value), key: key.into(), gate, base })
    }

    /// Where it calls.
    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// Sends a request and gives the answer, whatever it says. Waits first where the platform asked everybody to wait.
    pub(crate) async fn send(&self, ask: Ask<'_>) -> Result<Answer, Problem> {
        let (doing, cap) = (ask.doing, ask.cap);
        let call = format!("{} {}", ask.method, ask.path);
        let container = ask.container.map(str::to_owned);
        let url = self.url(&ask)?;
        let sent = ask.load.into_body()?;
        let mut request = reqwest::Request::new(ask.method, url);
        *request.timeout_mut() = Some(PATIENCE + Duration::from_secs(sent.length / SLOWEST));
        for (name, value) in ask.headers {
            let value = HeaderValue::try_from(value)
                .map_err(|_| Problem::new(Code::Bug, doing).with("said", "a header has odd characters"))?;
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        sent.dress(&mut request);
        request.headers_mut().insert(self.header.0.clone(), self.header.1.clone());
        let source = sent.source.clone();
        *request.body_mut() = sent.body;
        let began = self.gate.pass(doing).await?;
        let (status, headers, body) =
            exchange(&self.client, request, cap, doing).await.map_err(|why| source.blame(why, doing))?;
        let answer = Answer { doing, call, status, headers, body, container, key: Some(self.key.clone()) };
        match answer.is_throttled() {
            true => self.gate.refused(began, answer.wait(SystemTime::now())),
            false => self.gate.answered(began),
        }
        Ok(answer)
    }

    /// Sends a request whose answer is JSON, and reads it.
    ///
    /// # Errors
    /// What the answer means when it is no success, or is none of this platform's.
    pub(crate) async fn told(&self, ask: Ask<'_>) -> Result<Told, Problem> {
        self.send(ask).await?.told()
    }

    fn url(&self, ask: &Ask<'_>) -> Result<url::Url, Problem> {
        let mut text = self.base.join(&ask.path);
        for (at, (name, value)) in ask.query.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(&encode(name));
            text.push('=');
            text.push_str(&encode(value));
        }
        let broken = || Problem::new(Code::Bug, ask.doing).with("said", "the address could not be built");
        let url = url::Url::parse(&text).map_err(|_| broken())?;
        // Dots that are resolved away would make it the address of something else; the key goes to its own origin only.
        if url.as_str() != text || url.origin().ascii_serialization() != self.base.origin() {
            return Err(broken());
        }
        Ok(url)
    }
}

/// Sends a request and reads the answer.
async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
    cap: usize,
    doing: &'static str,
) -> Result<(u16, reqwest::header::HeaderMap, Bytes), Problem> {
    let bodiless = request.method() == Method::HEAD;
    let mut answer = client.execute(request).await.map_err(|error| http::no_answer(error, doing))?;
    let status = answer.status().as_u16();
    let headers = std::mem::take(answer.headers_mut());
    let empty = bodiless || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() == b"0");
    let body = if empty { Bytes::new() } else { http::body(answer, cap, doing).await? };
    Ok((status, headers, body))
}
