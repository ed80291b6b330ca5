//! The first page of the listing, asked for while the files are still being read: a store that is far away answers slowly.
//! It saves time and nothing else: what is old, or does not hold all our keys, is asked for anew.

use super::House;
use crate::journal::{StoredUpload, UploadId};
use crate::naming::{Naming, Template};
use gantry_model::Page;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// An answer that is older says too little about what is there now.
const FRESH: Duration = Duration::from_secs(10);

/// A page that was asked for before the keys were known.
#[derive(Debug)]
pub(crate) struct Ahead {
    pub page: Page,
    pub took: Duration,
    asked: Instant,
}

/// The page on its way, and what it lists.
#[derive(Debug)]
pub(crate) struct Asking {
    prefix: String,
    answer: JoinHandle<Option<Ahead>>,
}

impl House {
    /// Asks for the listing that this upload will most likely need. Only for uploads that are approved already.
    pub(super) fn ask_ahead(self: &Arc<Self>, stored: &StoredUpload) {
        let Some(prefix) = self.likely_prefix(stored) else { return };
        let (house, upload, asked_for) = (Arc::clone(self), stored.id.clone(), prefix.clone());
        let answer = std::thread::spawn(move || {
            let store = house.opener(&upload).and_then(|open| open()).ok()?;
            if store.abilities().find_is_cheap {
                return None;
            }
            let asked = Instant::now();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            let page = runtime.block_on(store.list(&asked_for, None)).ok()?;
            Some(Ahead { page, took: asked.elapsed(), asked })
        });
        self.asking().insert(stored.id.0.clone(), Asking { prefix, answer });
    }

    /// The page that was asked for, when it answers what is asked now: the listing under `prefix`, from its beginning.
    pub(super) fn answered_ahead(&self, upload: &UploadId, prefix: &str) -> Option<Ahead> {
        let asking = self.asking().remove(&upload.0)?;
        if !prefix.starts_with(&asking.prefix) {
            return None;
        }
        let same = asking.prefix == prefix;
        let ahead = asking.answer.join().ok()??;
        (ahead.asked.elapsed() < FRESH && (same || !ahead.page.more)).then_some(ahead)
    }

    /// What all keys will begin with, as far as it is known before anything is read.
    fn likely_prefix(&self, stored: &StoredUpload) -> Option<String> {
        let (plan, incoming) = (&stored.begun.plan, &stored.begun.incoming);
        if plan.own_storage() || plan.manifest.is_some() || stored.begun.kind == "folder" {
            return None;
        }
        let connection = self.connection(&plan.connection).ok()?;
        let naming = Naming::new(
            Template::parse(&plan.names).ok()?,
            &super::reading::joined(connection.field("prefix"), &plan.prefix),
            &stored.id.0,
        );
        let root = match incoming.paths.as_slice() {
            [only] if !incoming.contents => only.file_name().map(|name| name.as_encoded_bytes().to_vec()),
            _ => None,
        };
        Some(naming.all_below(root.as_deref()))
    }

    fn asking(&self) -> MutexGuard<'_, std::collections::HashMap<String, Asking>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
