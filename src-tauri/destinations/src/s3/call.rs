//! One request, signed, and its answer. Nothing is repeated here and no redirect is followed.

use super::S3;
use super::answer::Answer;
use super::sign::{self, ToSign};
use crate::http;
use bytes::Bytes;
use gantry_model::{Code, Key, Problem};
use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::{Method, Request};
use std::time::Duration;

/// Bytes of an answer's body, at most.
pub(super) const ANSWER: usize = 1 << 20;
/// Bytes of a listing, at most.
pub(super) const LISTING: usize = 8 << 20;
/// The answer to a request without a body comes within this time.
const PATIENCE: Duration = Duration::from_secs(60);
/// The slowest line on which a part still arrives: 8 KiB a second.
const SLOWEST: u64 = 8 << 10;

/// A request, not signed yet.
pub(super) struct Call<'a> {
    pub(super) doing: &'static str,
    pub(super) method: Method,
    pub(super) key: Option<&'a Key>,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Load,
    /// Bytes of the answer, at most.
    pub(super) cap: usize,
    /// Time for the answer, over what the body takes.
    pub(super) patience: Duration,
}

/// What goes with a request.
pub(super) enum Load {
    /// Nothing.
    None,
    /// Content: covered by a checksum header, not by the signature.
    Content(Bytes),
    /// A small document of ours, covered by the signature.
    Words(String),
}

impl<'a> Call<'a> {
    pub(super) fn new(doing: &'static str, method: Method, key: Option<&'a Key>) -> Self {
        let (query, headers, body) = (&[][..], Vec::new(), Load::None);
        Self { doing, method, key, query, headers, body, cap: ANSWER, patience: PATIENCE }
    }

    pub(super) fn query(mut self, query: &'a [(&'a str, &'a str)]) -> Self {
        self.query = query;
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn body(mut self, body: Load) -> Self {
        self.body = body;
        self
    }

    pub(super) fn cap(mut self, cap: usize) -> Self {
        self.cap = cap;
        self
    }

    pub(super) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

impl S3 {
    /// Sends a request and reads the answer, whatever it says.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, Problem> {
        let (doing, cap) = (call.doing, call.cap);
        let (target, offset) = (self.learned.target(), self.learned.clock());
        let request = self.request(call, &target, offset).await?;
        let mut answer = self.client.execute(request).await.map_err(|error| http::no_answer(error, doing))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let empty = headers.get("content-length").is_some_and(|length| length.as_bytes() == b"0");
        let body = if empty { Bytes::new() } else { http::body(answer, cap, doing).await? };
        Ok(Answer { doing, status, headers, body, region: target.region.clone(), offset })
    }

    async fn request(&self, call: Call<'_>, target: &super::address::Target, offset: i64) -> Result<Request, Problem> {
        let broken = |said: &str| Problem::new(Code::Bug, call.doing).with("said", said);
        let refused = || Problem::new(Code::NameRefused, call.doing);
        if call.key.is_some_and(|key| !super::address::is_fit(&key.0)) {
            return Err(refused());
        }
        let url = target.url(call.key.map(|key| key.0.as_str()), call.query).ok_or_else(refused)?;
        let keys = self.keys.current().await?;
        let signed_body: Option<&[u8]> = match &call.body {
            Load::None => Some(&[]),
            Load::Words(words) => Some(words.as_bytes()),
            Load::Content(_) => None,
        };
        let to_sign = ToSign { method: call.method.as_str(), url: url.as_str(), headers: &call.headers, body: signed_body };
        let added = sign::headers(&to_sign, &keys, &target.region, self.learned.now(offset))?;
        let mut request = Request::new(call.method, url);
        request.headers_mut().reserve(call.headers.len() + added.len());
        for (name, value) in call.headers.into_iter().chain(added) {
            let mut value = HeaderValue::try_from(value).map_err(|_| broken("a header has odd characters"))?;
            value.set_sensitive(matches!(name, "authorization" | "x-amz-security-token"));
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let bytes = match call.body {
            Load::None => Bytes::new(),
            Load::Words(words) => Bytes::from(words),
            Load::Content(bytes) => bytes,
        };
        let slow = Duration::from_secs(bytes.len() as u64 / SLOWEST);
        *request.timeout_mut() = Some(call.patience + slow);
        if matches!(*request.method(), Method::PUT | Method::POST) {
            if bytes.is_empty() {
                // The client leaves it out for an empty body, and S3 then refuses the request.
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            *request.body_mut() = Some(bytes.into());
        }
        Ok(request)
    }
}
