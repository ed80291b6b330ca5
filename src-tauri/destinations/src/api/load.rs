//! What goes with a request. Content is read while it is sent, with its exact length said before, never in chunked coding:
//! presigned addresses refuse that. A form's file comes last, since S3 ignores every field behind it.

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::Stream;
use gantry_model::{Code, Content, Problem};
use http_body::{Body, Frame, SizeHint};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;
use std::io::{Error, ErrorKind, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

/// What goes with a request.
pub(crate) enum Load {
    /// Nothing.
    None,
    /// Nothing but a header.
    Ask(&'static str, &'static str),
    /// JSON as it is.
    Json(Bytes),
    /// JSON, compressed on the way.
    Gzip(Bytes),
    /// The bytes of one file and nothing else.
    Content(Content),
    /// A form with one file.
    Form(Form),
}

/// `multipart/form-data` by RFC 7578 with one file, which comes last.
#[derive(Debug)]
pub(crate) struct Form {
    /// Names and values, in this order.
    pub(crate) fields: Vec<(String, String)>,
    /// The name of the file's field.
    pub(crate) field: String,
    /// The name of the file.
    pub(crate) name: String,
    /// The type that the file's part claims; none where it claims none.
    pub(crate) content_type: Option<String>,
    /// The file.
    pub(crate) content: Content,
}

/// The content that these bytes are.
pub(crate) fn whole(bytes: Bytes) -> Content {
    let size = bytes.len() as u64;
    Content { size, chunks: Box::pin(futures_util::stream::once(std::future::ready(Ok(bytes)))) }
}

impl Load {
    /// JSON of this value.
    ///
    /// # Errors
    /// `bug` when the value has no JSON.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self::Json(serde_json::to_vec(value).map_err(|_| unfit())?.into()))
    }

    pub(super) fn into_body(self) -> Result<Sent, Problem> {
        let json = || (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(match self {
            Self::None => Sent::plain(None, 0, Vec::new()),
            Self::Ask(name, value) => {
                Sent::plain(None, 0, vec![(HeaderName::from_static(name), HeaderValue::from_static(value))])
            }
            Self::Json(bytes) => Sent::plain(Some(bytes.clone()), bytes.len(), vec![json()]),
            Self::Gzip(bytes) => {
                let bytes = compressed(&bytes)?;
                let coding = (CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                Sent::plain(Some(bytes.clone()), bytes.len(), vec![coding, json()])
            }
            Self::Content(content) => Sent::streamed(Bytes::new(), content, Bytes::new(), Vec::new()),
            Self::Form(form) => {
                let boundary = boundary()?;
                let (head, tail) = form.around(&boundary);
                let kind = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}")).map_err(|_| unfit())?;
                Sent::streamed(head, form.content, tail, vec![(CONTENT_TYPE, kind)])
            }
        })
    }
}

impl Form {
    /// What stands before and behind the file.
    fn around(&self, boundary: &str) -> (Bytes, Bytes) {
        let mut head = String::new();
        for (name, value) in &self.fields {
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n",
                quoted(name)
            ));
        }
        let (field, name) = (quoted(&self.field), quoted(&self.name));
        head.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n"));
        if let Some(kind) = &self.content_type {
            head.push_str(&format!("Content-Type: {}\r\n", kind.replace(['\r', '\n'], " ")));
        }
        head.push_str("\r\n");
        (head.into(), format!("\r\n--{boundary}--\r\n").into())
    }
}

/// A name between quotes, escaped as browsers do it: <https://html.spec.whatwg.org/#multipart-form-data>.
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

fn boundary() -> Result<String, Problem> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Problem::new(Code::Bug, "put").with("said", "the system gives no random bytes"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn compressed(bytes: &[u8]) -> Result<Bytes, Problem> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(|_| unfit())?;
    Ok(encoder.finish().map_err(|_| unfit())?.into())
}

fn unfit() -> Problem {
    Problem::new(Code::Bug, "call").with("said", "the request could not be built")
}

/// A body that is ready to go, with what belongs to it.
pub(super) struct Sent {
    pub(super) body: Option<reqwest::Body>,
    pub(super) length: u64,
    pub(super) source: Source,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Sent {
    fn plain(body: Option<Bytes>, length: usize, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        Self { body: body.map(Into::into), length: length as u64, source: Source::default(), headers }
    }

    fn streamed(head: Bytes, content: Content, tail: Bytes, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        let length = head.len() as u64 + content.size + tail.len() as u64;
        let source = Source::default();
        let (left, chunks) = (content.size, Mutex::new(content.chunks));
        let streamed = Streamed { head, left, held: None, ended: false, chunks, tail, source: source.clone() };
        Self { body: Some(reqwest::Body::wrap(streamed)), length, source, headers }
    }

    /// Puts its headers on a request. The length is always said where there is a body, also an empty one.
    pub(super) fn dress(&self, request: &mut reqwest::Request) {
        for (name, value) in &self.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        if self.body.is_some() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(self.length));
        }
    }
}

/// What went wrong with the source while it was sent. The far side only sees a line that broke.
#[derive(Clone, Debug, Default)]
pub(super) struct Source(Arc<OnceLock<Problem>>);

impl Source {
    /// The source's own problem, where it had one; otherwise what the line said.
    pub(super) fn blame(&self, line: Problem, doing: &'static str) -> Problem {
        self.0.get().map_or(line, |problem| Problem { doing, ..problem.clone() })
    }

    fn broke(&self, error: Error) -> Error {
        let told = error.get_ref().and_then(|cause| cause.downcast_ref::<Problem>()).cloned();
        let _ = self
            .0
            .set(told.unwrap_or_else(|| Problem::new(Code::SourceUnreadable, "put").with("said", error.kind().to_string())));
        error
    }
}

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// Content between a head and a tail.
struct Streamed {
    head: Bytes,
    /// Bytes of the content that have not been given on yet.
    left: u64,
    /// The last bytes of the content: they go only when the source has said that this is the end and that all was well.
    /// Until then the far side waits for them, and takes nothing.
    held: Option<Bytes>,
    ended: bool,
    /// Locked by nobody: a request's body must be `Sync`, and a stream need not be.
    chunks: Mutex<Chunks>,
    tail: Bytes,
    source: Source,
}

impl Streamed {
    /// The next bytes of the content, or nothing at its end.
    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        while !self.ended {
            let chunks = self.chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
            let held = self.held.as_ref().map_or(0, Bytes::len) as u64;
            match std::task::ready!(chunks.as_mut().poll_next(context)) {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) if held + chunk.len() as u64 <= self.left => {
                    if let Some(before) = self.held.replace(chunk) {
                        self.left -= held;
                        return Poll::Ready(Some(Ok(before)));
                    }
                }
                None if held == self.left => self.ended = true,
                Some(Err(error)) => return Poll::Ready(Some(Err(self.source.broke(error)))),
                // More or fewer bytes than were announced: it is another file by now.
                Some(Ok(_)) | None => {
                    let changed = Error::new(ErrorKind::InvalidData, Problem::new(Code::SourceChanged, "put"));
                    return Poll::Ready(Some(Err(self.source.broke(changed))));
                }
            }
        }
        self.left = 0;
        Poll::Ready(self.held.take().map(Ok))
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if !this.head.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.head)))));
        }
        if let Some(content) = std::task::ready!(this.next(context)) {
            return Poll::Ready(Some(content.map(Frame::data)));
        }
        let tail = std::mem::take(&mut this.tail);
        Poll::Ready((!tail.is_empty()).then_some(Ok(Frame::data(tail))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended && self.head.is_empty() && self.left == 0 && self.tail.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.head.len() as u64 + self.left + self.tail.len() as u64)
    }
}
