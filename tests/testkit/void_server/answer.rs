//! One request, one answer. Bodies of objects are read and dropped; the rest goes to the shelf.

use super::shelf::{Conditions, Kept, No, Shelf};
use super::{Kind, xml};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED};
use hyper::{Method, Request, Response, StatusCode};
use md5::{Digest as _, Md5};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;

type Answer = Response<Full<Bytes>>;
type Query = BTreeMap<String, String>;

pub(super) async fn answer(shelf: Arc<Shelf>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    if request.uri().path() == "/__counts" {
        return Ok(counts(&shelf, request.method()));
    }
    let path = decoded(request.uri().path().trim_start_matches('/'), false);
    let query = query(request.uri().query().unwrap_or(""));
    let kind = kind(request.method(), path.split_once('/').is_some_and(|(_, key)| !key.is_empty()), &query);
    shelf.counts().requested(kind);
    let answer = match kind {
        Kind::Put => put(&shelf, request, path).await,
        Kind::Part => part(&shelf, request, &query).await,
        Kind::Seal => seal(&shelf, request, &path, &query).await,
        _ => {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            small(&shelf, kind, &head, &body, &path, &query)
        }
    };
    if !shelf.options.delay.is_zero() {
        tokio::time::sleep(shelf.options.delay).await;
    }
    Ok(answer)
}

fn counts(shelf: &Shelf, method: &Method) -> Answer {
    let now = shelf.counts().json();
    if *method == Method::DELETE {
        shelf.counts().reset();
    }
    Response::new(Full::new(now.into()))
}

fn kind(method: &Method, has_key: bool, query: &Query) -> Kind {
    let asks = |name| query.contains_key(name);
    match (method.as_str(), has_key) {
        ("PUT", true) if asks("partNumber") => Kind::Part,
        ("PUT", true) => Kind::Put,
        ("HEAD", true) => Kind::Head,
        ("GET", false) if asks("uploads") || asks("location") => Kind::Other,
        ("GET", false) => Kind::List,
        ("GET", true) if asks("uploadId") => Kind::Parts,
        ("POST", true) if asks("uploads") => Kind::Begin,
        ("POST", true) if asks("uploadId") => Kind::Seal,
        ("POST", false) if asks("delete") => Kind::Delete,
        ("DELETE", true) if asks("uploadId") => Kind::Abort,
        ("DELETE", true) => Kind::Delete,
        _ => Kind::Other,
    }
}

async fn put(shelf: &Shelf, request: Request<Incoming>, path: String) -> Answer {
    let (head, body) = request.into_parts();
    let Some((size, md5)) = swallow(shelf, body, &head.headers).await else { return broken() };
    let mut kept = described(&head.headers);
    kept.size = size;
    kept.etag = md5.unwrap_or_else(|| shelf.tag());
    let mut answer = with_facts(&kept);
    match shelf.put(path, kept, &conditions(&head.headers)) {
        Ok(()) => {
            answer.headers_mut().remove(CONTENT_TYPE);
            answer
        }
        Err(no) => refusal(no),
    }
}

async fn part(shelf: &Shelf, request: Request<Incoming>, query: &Query) -> Answer {
    let (head, body) = request.into_parts();
    let Some((size, md5)) = swallow(shelf, body, &head.headers).await else { return broken() };
    let number = query.get("partNumber").and_then(|number| number.parse().ok()).unwrap_or(0);
    if !(1..=10_000).contains(&number) {
        return failed(StatusCode::BAD_REQUEST, "InvalidArgument", "Part number must be an integer between 1 and 10000");
    }
    let etag = md5.unwrap_or_else(|| shelf.tag());
    let kept = Kept { size, etag, checksums: checksums(&head.headers), ..Kept::default() };
    let answer = with_facts(&kept);
    match shelf.add_part(asked(query, "uploadId"), number, kept) {
        Ok(()) => answer,
        Err(no) => refusal(no),
    }
}

async fn seal(shelf: &Shelf, request: Request<Incoming>, path: &str, query: &Query) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return broken() };
    let listed = xml::named_parts(&String::from_utf8_lossy(&body.to_bytes()));
    let claimed = checksums(&head.headers);
    match shelf.seal(asked(query, "uploadId"), &listed, claimed, &conditions(&head.headers)) {
        Ok(kept) => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            document(xml::sealed(bucket, key, &kept))
        }
        Err(no) => refusal(no),
    }
}

fn small(shelf: &Shelf, kind: Kind, head: &hyper::http::request::Parts, body: &[u8], path: &str, query: &Query) -> Answer {
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    match kind {
        Kind::Head => shelf.kept(path).map_or_else(not_found, |kept| found(&kept)),
        Kind::List => list(shelf, bucket, query),
        Kind::Begin => document(xml::begun(bucket, key, &shelf.begin(path.to_owned(), described(&head.headers)))),
        Kind::Parts => parts(shelf, bucket, key, query),
        Kind::Abort => shelf.abort(asked(query, "uploadId")).map_or_else(refusal, |()| empty(StatusCode::NO_CONTENT)),
        Kind::Delete if key.is_empty() => {
            let named = xml::named_keys(&String::from_utf8_lossy(body));
            for key in &named {
                shelf.delete(&format!("{bucket}/{key}"));
            }
            document(xml::deleted(&named))
        }
        Kind::Delete => {
            shelf.delete(path);
            empty(StatusCode::NO_CONTENT)
        }
        _ if query.contains_key("uploads") => document(xml::uploads(bucket, &shelf.uploads_of(bucket, asked(query, "prefix")))),
        _ if query.contains_key("location") => document("<LocationConstraint></LocationConstraint>".into()),
        _ if key.is_empty() => {
            let mut answer = empty(StatusCode::OK);
            answer.headers_mut().insert("x-amz-bucket-region", HeaderValue::from_static("us-east-1"));
            answer
        }
        _ => failed(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "The bytes were thrown away"),
    }
}

fn list(shelf: &Shelf, bucket: &str, query: &Query) -> Answer {
    let token = query.get("continuation-token").map(|token| decoded(token, false));
    let after = token.unwrap_or_else(|| asked(query, "start-after").to_owned());
    let most = query.get("max-keys").and_then(|most| most.parse().ok()).unwrap_or(1_000).min(1_000);
    let wanted = xml::Asked {
        bucket,
        prefix: asked(query, "prefix"),
        fold: asked(query, "delimiter"),
        after: &after,
        most,
        url_encoded: asked(query, "encoding-type") == "url",
    };
    let fold = Some(wanted.fold).filter(|fold| !fold.is_empty());
    let (lines, more) = shelf.list(bucket, wanted.prefix, &after, fold, most);
    document(xml::listing(&wanted, &lines, more))
}

fn parts(shelf: &Shelf, bucket: &str, key: &str, query: &Query) -> Answer {
    let id = asked(query, "uploadId");
    let after = query.get("part-number-marker").and_then(|number| number.parse().ok()).unwrap_or(0_u32);
    let most = query.get("max-parts").and_then(|most| most.parse().ok()).unwrap_or(1_000_usize);
    match shelf.parts(id) {
        Ok(all) => {
            let mut rest: Vec<_> = all.into_iter().filter(|(number, _)| *number > after).collect();
            let more = rest.len() > most;
            rest.truncate(most);
            document(xml::parts(bucket, key, id, &rest, more))
        }
        Err(no) => refusal(no),
    }
}

/// Reads a body to its end and drops it: its size, and its MD5 where that is asked for. `None` when it was cut off.
async fn swallow(shelf: &Shelf, mut body: Incoming, headers: &HeaderMap) -> Option<(u64, Option<String>)> {
    let mut size = 0;
    let mut md5 = shelf.options.md5.then(Md5::new);
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else { break };
        if let Ok(bytes) = frame.ok()?.into_data() {
            size += bytes.len() as u64;
            if let Some(md5) = &mut md5 {
                md5.update(&bytes);
            }
        }
    }
    shelf.counts().received(size);
    let hex = md5.map(|md5| {
        md5.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    });
    // In chunks with signatures or a trailer between them, the bytes of the object are fewer than those of the body.
    match text(headers, "x-amz-decoded-content-length").and_then(|size| size.parse().ok()) {
        Some(size) => Some((size, None)),
        None => Some((size, hex)),
    }
}

fn described(headers: &HeaderMap) -> Kept {
    let mut kept = Kept { checksums: checksums(headers), ..Kept::default() };
    for (name, value) in headers {
        if name.as_str().starts_with("x-amz-meta-") {
            kept.meta.push((name.as_str().to_owned(), lossy(value)));
        } else if name == CONTENT_TYPE {
            kept.content_type = lossy(value);
        }
    }
    kept
}

fn checksums(headers: &HeaderMap) -> Vec<(String, String)> {
    let named = headers.iter().filter(|(name, _)| {
        name.as_str().strip_prefix("x-amz-checksum-").is_some_and(|rest| rest.starts_with("crc") || rest.starts_with("sha"))
    });
    named.map(|(name, value)| (name.as_str().to_owned(), lossy(value))).collect()
}

fn conditions(headers: &HeaderMap) -> Conditions {
    Conditions {
        if_none_match: headers.get(IF_NONE_MATCH).is_some_and(|value| value == "*"),
        if_match: headers.get(IF_MATCH).map(|value| lossy(value).replace('"', "")),
    }
}

fn with_facts(kept: &Kept) -> Answer {
    let mut answer = empty(StatusCode::OK);
    let headers = answer.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(format!("\"{}\"", kept.etag)) {
        headers.insert(ETAG, etag);
    }
    for (name, value) in &kept.checksums {
        if let (Ok(name), Ok(value)) = (hyper::header::HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    if !kept.checksums.is_empty() {
        headers.insert("x-amz-checksum-type", HeaderValue::from_static("FULL_OBJECT"));
    }
    answer
}

fn found(kept: &Kept) -> Answer {
    let mut answer = with_facts(kept);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LENGTH, kept.size.into());
    headers.insert(LAST_MODIFIED, HeaderValue::from_static("Thu, 01 Jan 2026 00:00:00 GMT"));
    let plain = kept.meta.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in plain.chain([("content-type", &kept.content_type)]) {
        if let (Ok(name), Ok(value)) = (hyper::header::HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    answer
}

fn refusal(no: No) -> Answer {
    match no {
        No::Exists => failed(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", "A precondition did not hold"),
        No::UploadGone => failed(StatusCode::NOT_FOUND, "NoSuchUpload", "The upload does not exist"),
        No::InvalidPart => failed(StatusCode::BAD_REQUEST, "InvalidPart", "A part could not be found"),
        No::BadDigest => failed(StatusCode::BAD_REQUEST, "BadDigest", "The checksum does not match"),
    }
}

fn not_found() -> Answer {
    empty(StatusCode::NOT_FOUND)
}

fn broken() -> Answer {
    failed(StatusCode::BAD_REQUEST, "IncompleteBody", "The body ended too early")
}

fn failed(status: StatusCode, code: &str, message: &str) -> Answer {
    let mut answer = document(xml::error(code, message));
    *answer.status_mut() = status;
    answer
}

fn document(text: String) -> Answer {
    let mut answer = Response::new(Full::new(text.into()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    answer
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

fn query(text: &str) -> Query {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name, true), decoded(value, true))
        })
        .collect()
}

/// Undoes `%XX`, and in a query also `+`.
fn decoded(text: &str, in_query: bool) -> String {
    if !text.contains('%') && (!in_query || !text.contains('+')) {
        return text.to_owned();
    }
    let spaced = if in_query { text.replace('+', " ") } else { text.to_owned() };
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn asked<'a>(query: &'a Query, name: &str) -> &'a str {
    query.get(name).map_or("", String::as_str)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn lossy(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
