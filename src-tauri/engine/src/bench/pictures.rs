//! Pictures of rows. A manifest is somebody else's text: nobody is asked before the person said yes to the hosts that it
//! names, and a yes ends with the text that it was said to. The address stays here; the page knows the row.

use super::Bench;
use crate::manifest::{Hosts, Looking, NoPicture, Pace, Piece, picture_of, pictured};
use crate::thumbs::Thumbs;
use gantry_model::manifest::Unseen;
use gantry_model::view::{BenchNoPicture, BenchPictures};
use gantry_model::{Code, Problem};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

/// Objects that are fetched at once.
const AT_ONCE: usize = 4;
/// Pictures a second that reach the page.
const PER_SECOND: u32 = 10;
/// Rows without a picture that are remembered, so that scrolling asks nobody twice.
const REMEMBERED: usize = 10_000;

/// The picture of a row as JPEG or PNG, or why there is none.
pub type RowPicture = Result<Vec<u8>, BenchNoPicture>;

/// Pictures are wanted.
#[derive(Debug)]
pub(super) struct Showing {
    looking: Looking,
    private: bool,
    asks: Pace,
    shows: Pace,
    at_once: Semaphore,
    failed: Mutex<HashMap<String, NoPicture>>,
    /// Some address leads into a private network.
    refused: AtomicBool,
}

impl Bench {
    /// Shows pictures from now on: asked for as `looking` does it, which lets private networks be asked or not.
    pub fn show_pictures(&self, looking: Looking, private: bool) {
        let (asks, shows) = (Pace::new(looking.per_second), Pace::new(PER_SECOND));
        let (failed, refused) = (Mutex::default(), AtomicBool::new(false));
        let showing = Showing { looking, private, asks, shows, at_once: Semaphore::new(AT_ONCE), failed, refused };
        self.change(|state| state.showing = Some(Arc::new(showing)));
    }

    /// Asks for no more pictures.
    pub fn hide_pictures(&self) {
        self.change(|state| state.showing = None);
    }

    /// The small picture of a row as it will be; `side` is its longest side in pixels. May block until it is fetched.
    ///
    /// # Errors
    /// There is no such row; what the disk says; `source_changed`.
    pub fn picture(&self, row: u64, side: u32, thumbs: &Thumbs) -> Result<RowPicture, Problem> {
        let Some(showing) = self.state().showing.clone() else { return Ok(Err(BenchNoPicture::default())) };
        let Some(url) = self.picture_url(row)? else { return Ok(Err(told(&NoPicture::Other))) };
        let got = runtime()?.block_on(showing.picture(&url, side, thumbs));
        if got == Err(NoPicture::Unseen(Unseen::Private)) && !showing.refused.swap(true, Ordering::Relaxed) {
            self.change(|_| {});
        }
        Ok(got.map_err(|why| told(&why)))
    }

    /// The address as it will be; as it stands where a repair leads to a host that the person was not told of.
    fn picture_url(&self, number: u64) -> Result<Option<String>, Problem> {
        let manifest = self.manifest();
        let mut found = None;
        self.visit(&manifest, &[number], &mut |_, piece| {
            let Piece::Row(row) = piece else { return };
            let (_, mended) = self.as_will_be(&manifest, row, |read| picture_of(read).map(|url| url.into_owned()));
            let known = |url: &String| self.state().hosts.has(url);
            let stands = || picture_of(&manifest.dialect.read(&row.text)).map(|url| url.into_owned()).filter(known);
            found = mended.filter(known).or_else(stands);
        })?;
        Ok(found)
    }
}

impl Showing {
    async fn picture(&self, url: &str, side: u32, thumbs: &Thumbs) -> Result<Vec<u8>, NoPicture> {
        let objects = self.looking.objects.as_ref();
        let identity = objects.identity(url);
        if let Some(why) = self.failed().get(&identity) {
            return Err(why.clone());
        }
        let _place = self.at_once.acquire().await.map_err(|_| NoPicture::Unseen(Unseen::Unreachable))?;
        let got = pictured(objects, &self.asks, thumbs, url, side).await;
        match &got {
            Ok(_) => self.shows.turn().await,
            Err(why) => {
                let mut failed = self.failed();
                if failed.len() >= REMEMBERED {
                    failed.clear();
                }
                failed.insert(identity, why.clone());
            }
        }
        got
    }

    fn failed(&self) -> std::sync::MutexGuard<'_, HashMap<String, NoPicture>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What people are told of pictures.
pub(super) fn view(showing: Option<&Showing>, hosts: &Hosts) -> BenchPictures {
    BenchPictures {
        on: showing.is_some(),
        private: showing.is_some_and(|showing| showing.private),
        refused: showing.is_some_and(|showing| showing.refused.load(Ordering::Relaxed)),
        hosts: hosts.count(),
        more: hosts.more,
        named: hosts.named(),
    }
}

fn told(why: &NoPicture) -> BenchNoPicture {
    BenchNoPicture { why: why.words(), private: *why == NoPicture::Unseen(Unseen::Private) }
}

/// The one runtime of all pictures: a kept connection lives only where it was made.
fn runtime() -> Result<&'static Runtime, Problem> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let made = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().thread_name("pictures").build().ok();
    RUNTIME.get_or_init(made).as_ref().ok_or_else(|| Problem::new(Code::Bug, "pictures"))
}
