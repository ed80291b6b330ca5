//! One request, one answer, and what goes wrong between them.

use super::asked::{Asked, Side, read};
use super::control;
use super::house::House;
use super::reply::Reply;
use super::switches::What;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::fmt;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// The words of an error that cuts the connection: hyper drops it when a service fails.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// Serves both ports until the sender of `stopped` is gone.
pub(super) async fn both(ports: [(TcpListener, Side); 2], house: Arc<House>, stopped: watch::Receiver<()>) {
    let [(api, one), (storage, other)] = ports;
    let second = accept(storage, other, Arc::clone(&house), stopped.clone());
    tokio::join!(accept(api, one, house, stopped), second);
}

async fn accept(listener: TcpListener, side: Side, house: Arc<House>, mut stopped: watch::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stopped.changed() => return,
        };
        if let Ok((stream, _)) = taken {
            tokio::spawn(serve(stream, side, Arc::clone(&house)));
        }
    }
}

async fn serve(stream: TcpStream, side: Side, house: Arc<House>) {
    // Without it a small answer may wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let answers = service_fn(|request| answer(Arc::clone(&house), side, request));
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await;
}

async fn answer(house: Arc<House>, side: Side, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    if side == Side::Api && head.uri.path().starts_with("/_gantry/") {
        return on_wire(control::answer(&house, &head, body).await);
    }
    let Some(asked) = read(head, body, side, house.vendor(), house.intake()).await else { return Err(Cut) };
    let asked = Arc::new(house.note(asked));
    let met = house.met(&asked);
    let slow: u64 = met.iter().map(|what| if let What::Slow(ms) = what { *ms } else { 0 }).sum();
    let slow = slow + house.manners().delay_ms;
    let reply = told(&house, &asked, &met).await;
    if slow > 0 {
        tokio::time::sleep(Duration::from_millis(slow)).await;
    }
    reply.map_or(Err(Cut), on_wire)
}

/// What the client is told, or nothing when the connection is cut.
async fn told(house: &Arc<House>, asked: &Arc<Asked>, met: &[What]) -> Option<Reply> {
    for what in met {
        match what {
            What::DropBefore => return None,
            What::Refuse(trouble) => return Some(house.says(trouble, asked)),
            What::Answer { status, body, content_type } => {
                let body = Bytes::from(body.clone());
                return Some(Reply { body, ..Reply::empty(*status) }.with("content-type", content_type.clone()));
            }
            What::Page(status) => return Some(page(*status)),
            What::Gone(container) => house.remove(container.as_deref()),
            _ => {}
        }
    }
    if let Some(refused) = house.too_often(asked) {
        return Some(refused);
    }
    let mut reply = done(house, asked, met).await;
    for what in met {
        match what {
            What::DropAfter => return None,
            What::ErrorAfter(status) => reply = house.says(&super::Trouble::Broken(*status), asked),
            What::PageAfter(status) => reply = page(*status),
            What::Null => reply = Reply::json(reply.status, &house.emptied(asked, Value::Null)),
            What::Hollow => reply = Reply::json(reply.status, &house.emptied(asked, json!({}))),
            _ => {}
        }
    }
    Some(reply)
}

/// Does it, at once or late. A late effect happens on a task of its own: a client that hangs up does not stop it.
async fn done(house: &Arc<House>, asked: &Arc<Asked>, met: &[What]) -> Reply {
    let late = met.iter().find_map(|what| if let What::Late { ms, status } = what { Some((*ms, *status)) } else { None });
    let Some((ms, status)) = late else { return house.act(asked) };
    let (doer, what) = (Arc::clone(house), Arc::clone(asked));
    let task = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        doer.act(&what)
    });
    match status {
        Some(status) => page(status),
        None => task.await.unwrap_or_else(|_| Reply::empty(500)),
    }
}

fn page(status: u16) -> Reply {
    let words = match status {
        200 => "Welcome to the guest network",
        413 => "413 Request Entity Too Large",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        _ => "An error occurred",
    };
    Reply::html(status, words)
}

fn on_wire(reply: Reply) -> Result<Response<Full<Bytes>>, Cut> {
    let mut answer = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        answer = answer.header(name, value);
    }
    answer.body(Full::new(reply.body)).map_err(|_| Cut)
}
