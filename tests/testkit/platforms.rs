//! Stand-ins of the labelling platforms on loopback: what a vendor's own SDK talks to without noticing the difference.
//! The API listens on one port and its storage on another, so that a key that wanders to the storage is seen.
//! How a real service would answer is written down where its vendor says so; the rest is said beside the code.

mod ango;
mod asked;
mod clock;
mod control;
mod form;
mod house;
mod labelbox;
pub mod recording;
mod reply;
mod segments;
mod serve;
mod shelf;
mod storage;
mod sums;
mod switches;

pub use asked::{Asked, Body, Side};
pub use form::Part;
pub use sums::{Sum, Sums};
pub use switches::{Fault, Manners, Refusal, Trouble, What};

use house::House;
use serde_json::Value;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// Whose platform it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Segments.ai
    Segments,
    /// Labelbox
    Labelbox,
    /// Ango Hub
    Ango,
}

impl Vendor {
    /// The word for it in commands: `segments`, `labelbox`, `ango`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Labelbox => "labelbox",
            Self::Ango => "ango",
        }
    }

    /// The one with this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Segments, Self::Labelbox, Self::Ango].into_iter().find(|one| one.word() == word)
    }

    /// The Python of its own SDK's environment, which `./dev` makes.
    ///
    /// # Panics
    /// When it is not installed, with words on how to get it.
    pub fn sdk_python(self) -> PathBuf {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let tools = std::env::var_os("GANTRY_TOOLS").map_or_else(|| home.join(".cache/gantry/tools"), PathBuf::from);
        let place = tools.join("python").join(format!("sdk-{}", self.word()));
        let python = place.join("bin/python");
        let package = match self {
            Self::Segments => "segments-ai==1.33.0",
            Self::Labelbox => "labelbox==7.17.0 lbox-clients==1.1.2",
            Self::Ango => "ango==1.4.10",
        };
        assert!(
            python.is_file(),
            "the SDK of {self:?} is not installed. `./dev test` installs it; by hand: \
             `python3 -m venv {place} && {place}/bin/pip install {package}`",
            place = place.display()
        );
        python
    }

    /// The only key that its fake knows. Worth nothing: it opens a server that lives for one test.
    pub fn key(self) -> &'static str {
        match self {
            Self::Segments => "segments-key-of-jane-0001",
            Self::Labelbox => "labelbox-key-of-jane-0001",
            Self::Ango => "ango-key-of-jane-0001",
        }
    }
}

/// How a fake is started.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whose platform.
    pub vendor: Vendor,
    /// The port of the API, or 0 for a free one. The storage's is always free.
    pub port: u16,
    /// Contents up to this size can be fetched again; of larger ones size and digest are kept.
    pub keep: usize,
    /// The checksum that its storage tells.
    pub sums: Sums,
}

impl Options {
    /// On free ports; contents up to 64 KiB can be fetched again.
    pub fn of(vendor: Vendor) -> Self {
        Self { vendor, port: 0, keep: 64 * 1024, sums: Sums::Md5 }
    }
}

/// A running fake; it ends when this is dropped.
#[derive(Debug)]
pub struct Fake {
    house: Arc<House>,
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// Starts one with threads of its own.
    ///
    /// # Errors
    /// When a port is taken or no thread can be had.
    pub fn start(options: Options) -> io::Result<Self> {
        let (api, api_address) = listener(options.port)?;
        let (storage, storage_address) = listener(0)?;
        let house = Arc::new(House::new(options, api_address, storage_address));
        let (stop, stopped) = watch::channel(());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let served = Arc::clone(&house);
        let thread = std::thread::Builder::new().name(format!("fake-{}", options.vendor.word())).spawn(move || {
            let both = [(api, Side::Api), (storage, Side::Storage)];
            runtime.block_on(serve::both(both, served, stopped));
            runtime.shutdown_background();
        })?;
        Ok(Self { house, stop: Some(stop), thread: Some(thread) })
    }

    /// A fake of this vendor on free ports.
    pub fn of(vendor: Vendor) -> Self {
        Self::start(Options::of(vendor)).expect("loopback has free ports")
    }

    /// What a client is told as the address of the API. Labelbox's ends in `/graphql`, as its SDK wants it.
    pub fn url(&self) -> String {
        self.house.url()
    }

    /// Where its storage listens: `http://127.0.0.1:PORT`.
    pub fn storage_url(&self) -> String {
        self.house.storage_url()
    }

    /// The key that it knows.
    pub fn key(&self) -> &'static str {
        self.house.vendor().key()
    }

    /// Lets something go wrong from now on.
    pub fn fail(&self, fault: Fault) {
        self.house.fail(fault);
    }

    /// Changes how it behaves.
    pub fn set(&self, change: impl FnOnce(&mut Manners)) {
        self.house.set(change);
    }

    /// Takes back every fault and every change of behaviour.
    pub fn calm(&self) {
        self.house.calm();
    }

    /// Puts the same small example into it that the vendors' SDKs are recorded with.
    pub fn seed_example(&self) {
        self.house.seed();
    }

    /// Every request since the start, or since [`Self::forget_requests`]; the last 50,000.
    pub fn requests(&self) -> Vec<Asked> {
        self.house.requests()
    }

    /// Forgets requests and counts, not what they did.
    pub fn forget_requests(&self) {
        self.house.forget_requests();
    }

    /// How many requests of a kind came, `*` at the end for all that begin so.
    pub fn count(&self, kind: &str) -> u64 {
        self.house.count(kind)
    }

    /// What no client may do: the key on the storage port, a form out of order, a manifest that counts wrong.
    pub fn violations(&self) -> Vec<String> {
        self.house.violations()
    }

    /// What it holds, as `GET /_gantry/state` says it.
    pub fn state(&self) -> Value {
        self.house.state(true)
    }

    /// Waits until the process is ended from outside.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // The sender stays alive in `self`, so the server goes on.
            let _ = thread.join();
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn listener(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
