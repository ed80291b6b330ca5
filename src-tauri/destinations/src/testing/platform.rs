//! What the tests of platforms share: a connection to a server of theirs, a key that must never be seen, rows.

use gantry_model::{Connection, Content, Format, Role, Row, RowObject, Secrets, Shape, Target};
use secrecy::SecretString;
use std::io::Error;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// The key of all tests. Where it is found in a problem, a secret got out.
pub(crate) const KEY: &str = "canary-key-0123456789";

/// A connection to a server.
pub(crate) fn connection(kind: &str, url: &str) -> Connection {
    Connection { name: "c".into(), kind: kind.into(), fields: [("api_url".to_owned(), url.to_owned())].into() }
}

/// The secrets with the key.
pub(crate) fn secrets() -> Secrets {
    Secrets([("api_key".to_owned(), SecretString::from(KEY))].into())
}

/// A container without integration and batch.
pub(crate) fn target(container: &str) -> Target {
    Target { container: container.into(), ..Target::default() }
}

/// Content of these pieces, announced with this size.
pub(crate) fn content(size: u64, pieces: Vec<Result<&'static [u8], Error>>) -> Content {
    let pieces = pieces.into_iter().map(|piece| piece.map(bytes::Bytes::from_static));
    Content { size, chunks: Box::pin(futures_util::stream::iter(pieces.collect::<Vec<_>>())) }
}

/// A picture that is labelled.
pub(crate) fn object(url: &str) -> RowObject {
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    let (role, sensor) = (Role::Subject, String::new());
    RowObject { url: url.into(), role, name, sensor, format: Format::Jpeg, width: 0, height: 0 }
}

/// A row of one picture.
pub(crate) fn row(key: &str, url: &str) -> Row {
    Row {
        key: key.into(),
        external_id: key.into(),
        shape: Shape::Single,
        objects: vec![object(url)],
        metadata: Vec::new(),
        attachments: Vec::new(),
        priority: 0,
        own: None,
    }
}

/// A server that reads the start of each request and hangs up without an answer.
pub(crate) async fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0_u8; 1024]).await;
        }
    });
    url
}
