//! An S3 server that throws bodies away and keeps what a client can ask about: keys, sizes, ETags, checksums, parts.
//! It shows what a client costs without a disk behind it. No signatures are checked; addresses are path style only.

mod answer;
mod counts;
mod shelf;
mod xml;

pub use counts::{Counts, Kind};
pub use shelf::Kept;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use shelf::Shelf;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// How a void server behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The port, or 0 for a free one.
    pub port: u16,
    /// How long each answer is held back.
    pub delay: Duration,
    /// ETags of objects sent in one request are the MD5 of the body, which costs time. Otherwise a cheap unique tag.
    pub md5: bool,
}

/// A running void server; it ends when this is dropped.
#[derive(Debug)]
pub struct VoidServer {
    address: SocketAddr,
    shelf: Arc<Shelf>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl VoidServer {
    /// Starts one on loopback with threads of its own.
    ///
    /// # Errors
    /// When the port is taken or no thread can be had.
    pub fn start(options: Options) -> io::Result<Self> {
        let shelf = Arc::new(Shelf::new(options));
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let served = Arc::clone(&shelf);
        let thread = std::thread::Builder::new().name("void-server".into()).spawn(move || {
            runtime.block_on(accept(listener, served, stopped));
            runtime.shutdown_background();
        })?;
        Ok(Self { address, shelf, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests it has had.
    pub fn counts(&self) -> &Counts {
        self.shelf.counts()
    }

    /// What it keeps of an object.
    pub fn kept(&self, bucket: &str, key: &str) -> Option<Kept> {
        self.shelf.kept(&format!("{bucket}/{key}"))
    }

    /// How many objects it knows.
    pub fn objects(&self) -> usize {
        self.shelf.objects()
    }

    /// How many objects are there in parts, not sealed.
    pub fn open_uploads(&self) -> usize {
        self.shelf.open_uploads()
    }

    /// Waits until the process is ended from outside.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // The sender stays alive in `self`, so the server goes on.
            let _ = thread.join();
        }
    }
}

impl Drop for VoidServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: std::net::TcpListener, shelf: Arc<Shelf>, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = &mut stopped => return,
        };
        if let Ok((stream, _)) = taken {
            shelf.counts().connected();
            tokio::spawn(serve(stream, Arc::clone(&shelf)));
        }
    }
}

async fn serve(stream: TcpStream, shelf: Arc<Shelf>) {
    // Without it a small answer may wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let answers = service_fn(|request| answer::answer(Arc::clone(&shelf), request));
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answers).await;
}
