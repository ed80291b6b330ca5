//! Parts of what will not be sent any more are thrown away: until the store says that they are gone, their tickets stay.
//! A cancelled upload waits for that; what is set aside does not, and is asked for again when the program starts.

use super::House;
use super::comparing_rows::runtime;
use crate::journal::UploadId;
use gantry_model::{Problem, Reaction, Store, Ticket};
use std::sync::Arc;
use std::time::Duration;

/// Tries to throw parts away before the person is asked.
const DISCARDS: u32 = 5;
/// The setting that holds the uploads with parts of what was set aside.
const LEFT: &str = "parts_aside";

impl House {
    /// Throws away the parts of every item that has a ticket, until the store says that they are gone.
    pub(super) fn discard_parts(self: &Arc<Self>, upload: &UploadId) -> Result<(), Problem> {
        let tickets = self.journal.tickets(upload)?;
        if tickets.is_empty() {
            return Ok(());
        }
        let store = self.opener(upload)?()?;
        runtime()?.block_on(async {
            for ticket in &tickets {
                discard(store.as_ref(), ticket).await?;
            }
            Ok(())
        })
    }

    /// Throws away the parts of what the person has set aside. What the store does not let go of now stays known.
    pub(super) fn discard_aside(self: &Arc<Self>, upload: &UploadId) -> Result<(), Problem> {
        let tickets = self.journal.tickets_aside(upload)?;
        if tickets.is_empty() {
            return Ok(());
        }
        self.note_left(upload, true)?;
        let store = self.opener(upload)?()?;
        runtime()?.block_on(async {
            for (ord, ticket) in &tickets {
                store.discard(ticket).await?;
                self.journal.parts_gone(upload, *ord)?;
            }
            self.note_left(upload, false)
        })
    }

    /// As [`House::discard_aside`], of every upload that has such parts left, on a thread of its own.
    pub(super) fn discard_left(self: &Arc<Self>) {
        let left = self.left();
        if left.is_empty() {
            return;
        }
        let house = Arc::clone(self);
        std::thread::spawn(move || {
            for upload in left {
                // Its connection may be gone or closed: then it is asked for another time.
                let _ = house.discard_aside(&UploadId(upload));
            }
        });
    }

    fn left(&self) -> Vec<String> {
        let known = self.journal.setting(LEFT).ok().flatten();
        known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn note_left(&self, upload: &UploadId, has: bool) -> Result<(), Problem> {
        let mut left = self.left();
        if left.contains(&upload.0) == has {
            return Ok(());
        }
        left.retain(|known| *known != upload.0);
        left.extend(has.then(|| upload.0.clone()));
        self.journal.put_setting(LEFT, &serde_json::Value::from(left).to_string())
    }
}

async fn discard(store: &dyn Store, ticket: &Ticket) -> Result<(), Problem> {
    let mut tries = 0;
    loop {
        match store.discard(ticket).await {
            Err(problem) if problem.reaction == Reaction::Retry && tries < DISCARDS => {
                tries += 1;
                tokio::time::sleep(problem.wait.unwrap_or(Duration::from_secs(1 << tries.min(4)))).await;
            }
            done => return done,
        }
    }
}
