//! A source that is read while it is sent, for stores that take objects of any size in one request.
//! Two chunks are in memory at a time; what went wrong with the source is kept, since a broken request only shows a broken line.

use super::{STRIDE, Source, file, trouble};
use crate::digest::Running;
use bytes::Bytes;
use futures_util::stream;
use gantry_model::{Algorithm, Code, Content, Digest, Problem};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::{Sender, channel};

/// Chunks that are read ahead of the line.
const AHEAD: usize = 2;

/// The digests of the whole, in the order in which they were asked for, or what went wrong with the source.
type Read = Result<Vec<Digest>, Problem>;

/// How reading went: the digests of the whole, or why it broke off.
#[derive(Clone, Debug, Default)]
pub struct Readout(Arc<Mutex<Option<Read>>>);

impl Readout {
    /// The digests once everything was read and the source is still the one that was opened.
    ///
    /// # Errors
    /// What went wrong with the source; `None` while reading goes on, or when it was broken off from outside.
    pub fn get(&self) -> Option<Read> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, read: Read) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
    }
}

impl Source {
    /// The whole file as a stream, read on a thread that may block, and digested with each of these on the way.
    pub fn stream(self, algorithms: &[Algorithm]) -> (Content, Readout) {
        let size = self.now.size;
        let (sender, mut receiver) = channel(AHEAD);
        let readout = Readout::default();
        let kept = readout.clone();
        let running = algorithms.iter().copied().map(Running::new).collect();
        tokio::task::spawn_blocking(move || {
            let read = self.pour(running, &sender);
            // The end is written down before the stream shows it.
            if let Some(read) = read {
                let broken = read.is_err();
                kept.set(read);
                if broken {
                    let _ = sender.blocking_send(Err(io::Error::other("the source could not be read")));
                }
            }
        });
        let chunks = Box::pin(stream::poll_fn(move |context| receiver.poll_recv(context)));
        (Content { size, chunks }, readout)
    }

    /// `None` when nobody takes the chunks any more.
    fn pour(&self, mut running: Vec<Running>, sender: &Sender<io::Result<Bytes>>) -> Option<Read> {
        let mut done = 0_u64;
        loop {
            let mut buffer = vec![0; STRIDE];
            let read = match file::read_at(&self.file, &mut buffer, done) {
                Ok(read) => read,
                Err(error) => return Some(Err(trouble("read", &error))),
            };
            if read == 0 {
                break;
            }
            done += read as u64;
            if done > self.now.size {
                return Some(Err(self.changed("read")));
            }
            buffer.truncate(read);
            running.iter_mut().for_each(|sum| sum.update(&buffer));
            if done == self.now.size {
                // The last chunk goes out only when the whole is known to be what was opened.
                if let Err(problem) = self.still() {
                    return Some(Err(problem));
                }
            }
            sender.blocking_send(Ok(Bytes::from(buffer))).ok()?;
        }
        if done != self.now.size {
            return Some(Err(Problem::new(Code::SourceChanged, "read").with("size", done.to_string())));
        }
        Some(Ok(running.into_iter().map(Running::finish).collect()))
    }
}
