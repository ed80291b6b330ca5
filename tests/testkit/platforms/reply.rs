//! An answer before it is on the wire.

use bytes::Bytes;
use serde_json::Value;

/// Status, headers and body of an answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Reply {
    /// JSON, as all three platforms answer.
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self::bytes(status, "application/json", value.to_string())
    }

    /// What a web server says by itself.
    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::bytes(status, "text/plain", text.to_owned())
    }

    /// The page of a proxy that stands before the platform.
    pub(super) fn html(status: u16, text: &str) -> Self {
        let page = format!("<html>\r\n<head><title>{text}</title></head>\r\n<body><h1>{text}</h1></body>\r\n</html>\r\n");
        Self::bytes(status, "text/html", page)
    }

    /// An error as S3 writes it.
    pub(super) fn s3_error(status: u16, code: &str, message: &str, elements: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{elements}\
             <RequestId>REQUEST1</RequestId><HostId>host</HostId></Error>"
        );
        Self::bytes(status, "application/xml", body)
    }

    /// Only a status.
    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    fn bytes(status: u16, kind: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body: body.into() }
    }
}
