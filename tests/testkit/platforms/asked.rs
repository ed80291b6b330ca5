//! A request as it came in, for tests to look at. No secret is in it: the key and signatures read `<secret>`.

use super::Vendor;
use super::form::{FormReader, Part, Sink};
use super::sums::{Intake, Sum};
use bytes::Bytes;
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use hyper::http::request;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::io::Read;

/// Which of the two ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The platform's own.
    Api,
    /// Where the bytes go.
    Storage,
}

/// What a request carried.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// Text, JSON or a form in one piece, already unpacked.
    Plain {
        /// The content, unpacked.
        bytes: Bytes,
        /// It came with `Content-Encoding: gzip`.
        gzip: bool,
    },
    /// `multipart/form-data`.
    Form(Vec<Part>),
    /// The bytes of a file: counted and digested.
    File {
        /// How many.
        size: u64,
        /// Their checksum.
        sum: Sum,
        /// The content, when it is small.
        content: Option<Bytes>,
    },
    /// What could not be read as what it claimed to be.
    Broken,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which port it came to.
    pub side: Side,
    /// What it is for, such as `create_samples`, `upsertDataRows`, `storage_put`.
    pub kind: String,
    /// What the script that drives the client had said last: which flow this belongs to.
    pub mark: String,
    /// Its method.
    pub method: String,
    /// Its path as it stood on the line.
    pub path: String,
    /// Its query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Its headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// What it carried.
    pub body: Body,
    /// The key that came with it was the right one.
    pub(super) key: Key,
}

/// What a request said about who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    None,
    Wrong,
    Right,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The value of a query's field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, null where it is none.
    pub fn json(&self) -> Value {
        match &self.body {
            Body::Plain { bytes, .. } => serde_json::from_slice(bytes).unwrap_or_default(),
            _ => Value::Null,
        }
    }

    /// The parts of a multipart form.
    pub fn parts(&self) -> &[Part] {
        match &self.body {
            Body::Form(parts) => parts,
            _ => &[],
        }
    }

    /// The decoded steps of the path.
    pub(super) fn steps(&self) -> Vec<String> {
        self.path.split('/').filter(|step| !step.is_empty()).map(decoded).collect()
    }
}

/// Reads a whole request. Nothing when the client went away in the middle.
pub(super) async fn read(head: request::Parts, body: Incoming, side: Side, vendor: Vendor, intake: Intake) -> Option<Asked> {
    let (key, headers) = (key_of(&head.headers, vendor), masked(&head.headers, vendor));
    let path = head.uri.path().to_owned();
    let query = pairs(head.uri.query().unwrap_or(""));
    let body = read_body(&head, body, side, intake).await?;
    let (kind, mark, method) = (String::new(), String::new(), head.method.to_string());
    Some(Asked { side, kind, mark, method, path, query, headers, body, key })
}

async fn read_body(head: &request::Parts, mut body: Incoming, side: Side, intake: Intake) -> Option<Body> {
    let said = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = said(CONTENT_TYPE);
    if kind.starts_with("multipart/form-data") {
        let Some(mut form) = FormReader::new(kind, intake) else { return Some(Body::Broken) };
        while let Some(bytes) = next(&mut body).await? {
            form.feed(&bytes);
        }
        return Some(form.finish().map_or(Body::Broken, Body::Form));
    }
    if side == Side::Storage {
        let mut sink = Sink::new(intake);
        while let Some(bytes) = next(&mut body).await? {
            sink.write(&bytes);
        }
        let (size, sum, content) = sink.finish();
        return Some(if size == 0 && head.method != "PUT" { Body::Empty } else { Body::File { size, sum, content } });
    }
    let bytes = body.collect().await.ok()?.to_bytes();
    Some(unpacked(bytes, said(CONTENT_ENCODING) == "gzip"))
}

async fn next(body: &mut Incoming) -> Option<Option<Bytes>> {
    match body.frame().await {
        None => Some(None),
        Some(Ok(frame)) => Some(Some(frame.into_data().unwrap_or_default())),
        Some(Err(_)) => None,
    }
}

fn unpacked(bytes: Bytes, gzip: bool) -> Body {
    if bytes.is_empty() {
        return Body::Empty;
    }
    if !gzip {
        return Body::Plain { bytes, gzip };
    }
    let mut plain = Vec::new();
    match GzDecoder::new(bytes.as_ref()).read_to_end(&mut plain) {
        Ok(_) => Body::Plain { bytes: plain.into(), gzip },
        Err(_) => Body::Broken,
    }
}

fn key_of(headers: &HeaderMap, vendor: Vendor) -> Key {
    let (name, scheme) = match vendor {
        Vendor::Segments => ("authorization", "APIKey "),
        Vendor::Labelbox => ("authorization", "Bearer "),
        Vendor::Ango => ("apikey", ""),
    };
    match headers.get(name).map(|value| value.to_str().unwrap_or_default()) {
        None => Key::None,
        Some(given) if given.strip_prefix(scheme) == Some(vendor.key()) => Key::Right,
        Some(_) => Key::Wrong,
    }
}

fn masked(headers: &HeaderMap, vendor: Vendor) -> Vec<(String, String)> {
    let shown = |name: &str, value: &str| match name {
        _ if name == AUTHORIZATION.as_str() => {
            value.split_once(' ').map_or_else(|| "<secret>".to_owned(), |(scheme, _)| format!("{scheme} <secret>"))
        }
        "apikey" | "x-api-key" => "<secret>".to_owned(),
        _ => value.replace(vendor.key(), "<secret>"),
    };
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), shown(name.as_str(), &text(value)))).collect()
}

/// The fields of a query or of a form in one piece.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |field: &str| {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
    };
    text.split('&').filter(|field| !field.is_empty()).map(pair).collect()
}

/// Without its percent signs.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
