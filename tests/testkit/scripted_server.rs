//! A server that answers what a test tells it to and remembers what it was asked.
//! For the words of S3 that no test server says by itself, and for servers that lie.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::fmt::{self, Debug};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its method.
    pub method: Method,
    /// Path as it stood on the line, encoded.
    pub path: String,
    /// Query as it stood on the line, or the empty string.
    pub query: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// What the server does about a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An answer: status, headers, body.
    Answer(u16, Vec<(String, String)>, Bytes),
    /// The connection is cut without an answer.
    Hang,
    /// No answer comes for this long, then an empty 200.
    Silence(Duration),
}

impl Reply {
    /// An answer with a body and no headers of its own.
    pub fn body(status: u16, body: impl Into<Bytes>) -> Self {
        Self::Answer(status, Vec::new(), body.into())
    }

    /// An error as S3 writes it.
    pub fn error(status: u16, code: &str) -> Self {
        Self::error_with(status, code, "")
    }

    /// An error as S3 writes it, with more elements inside.
    pub fn error_with(status: u16, code: &str, elements: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>The message of {code}</Message>\
             {elements}<RequestId>REQUEST1</RequestId><HostId>host</HostId></Error>"
        );
        Self::body(status, body).with("content-type", "application/xml").with("x-amz-request-id", "REQUEST1")
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

type Script = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

struct Inside {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
}

/// A running scripted server; it ends when this is dropped.
pub struct ScriptedServer {
    address: SocketAddr,
    inside: Arc<Inside>,
    _stop: oneshot::Sender<()>,
}

impl Debug for ScriptedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl ScriptedServer {
    /// Starts one within the runtime of the test. The script gets each request with its number, from 0.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub async fn start(script: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let inside = Arc::new(Inside { script: Box::new(script), asked: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(accept(listener, Arc::clone(&inside), stopped));
        Ok(Self { address, inside, _stop: stop })
    }

    /// One that always gives the same reply.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub async fn saying(reply: Reply) -> io::Result<Self> {
        Self::start(move |_, _| reply.clone()).await
    }

    /// The lying one: every write is "200" without a checksum, nothing is stored, and nothing is ever found.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub async fn lying() -> io::Result<Self> {
        Self::start(|asked, _| match asked.method.as_str() {
            "PUT" => Reply::body(200, "").with("etag", "\"00000000000000000000000000000001\""),
            "POST" if asked.query.starts_with("uploads") => Reply::body(
                200,
                "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>lie</UploadId>\
                 </InitiateMultipartUploadResult>",
            ),
            "POST" => Reply::body(
                200,
                "<CompleteMultipartUploadResult><ETag>\"00000000000000000000000000000001-1\"</ETag>\
                 </CompleteMultipartUploadResult>",
            ),
            "DELETE" => Reply::body(204, ""),
            "GET" if asked.query.contains("list-type") => {
                Reply::body(200, "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>")
            }
            _ => Reply::body(404, ""),
        })
        .await
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that it was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.inside.asked.lock().expect("no test panics while it holds the list").clone()
    }
}

async fn accept(listener: TcpListener, inside: Arc<Inside>, mut stopped: oneshot::Receiver<()>) {
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = &mut stopped => return,
        };
        if let Ok((stream, _)) = taken {
            tokio::spawn(serve(stream, Arc::clone(&inside)));
        }
    }
}

async fn serve(stream: TcpStream, inside: Arc<Inside>) {
    let answers = service_fn(|request| answer(Arc::clone(&inside), request));
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await;
}

/// The words of an error that cuts the connection: hyper drops it when a service fails.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn answer(inside: Arc<Inside>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let asked = Asked {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or("").to_owned(),
        headers: head.headers,
        body,
    };
    let number = {
        let mut all = inside.asked.lock().expect("no test panics while it holds the list");
        all.push(asked.clone());
        all.len() - 1
    };
    let (status, headers, body) = match (inside.script)(&asked, number) {
        Reply::Answer(status, headers, body) => (status, headers, body),
        Reply::Hang => return Err(Cut),
        Reply::Silence(time) => {
            tokio::time::sleep(time).await;
            (200, Vec::new(), Bytes::new())
        }
    };
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(name, value);
    }
    answer.body(Full::new(body)).map_err(|_| Cut)
}
