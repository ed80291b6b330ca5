//! Ctrl-C: the first one lets what is in flight come to rest, the second one leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit status of a run that the person stopped.
pub const STOPPED: u8 = 130;

/// Whether the person wants to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on. Where no thread can be had, Ctrl-C ends the program as the system does it.
    pub fn listen() -> Self {
        let stop = Self::default();
        let asked = stop.clone();
        let (ready, listening) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new().name("stop".into()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let mut next = Listener::start();
                let _ = ready.send(());
                next.wait().await;
                asked.0.store(true, Ordering::Relaxed);
                next.wait().await;
                std::process::exit(i32::from(STOPPED));
            });
        });
        if thread.is_ok() {
            let _ = listening.recv();
        }
        stop
    }

    /// The person wants to stop.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The flag itself, for long work that looks at it.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }
}

/// Interrupts in their order: none is lost between two waits.
#[cfg(unix)]
struct Listener(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Listener {
    fn start() -> Self {
        Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).ok())
    }

    async fn wait(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                let _ = signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct Listener;

#[cfg(not(unix))]
impl Listener {
    fn start() -> Self {
        Self
    }

    async fn wait(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
