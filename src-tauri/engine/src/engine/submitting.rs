//! A manifest becomes an upload: each row an item whose object is there already. Nothing is sent but rows; everything after
//! that is what happens to every upload.

use super::House;
use super::translating::{Translating, format_at};
use crate::journal::{NewItem, UploadId};
use crate::manifest::{Broken, Piece, Row};
use gantry_model::manifest::Known;
use gantry_model::view::Phase;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Entry, EntryKind, Fingerprint, Media, Problem, State};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows that are written at a time.
const STRETCH: usize = 1000;

impl House {
    /// Starts reading the manifest of this upload, on a thread of its own.
    pub(super) fn read_manifest(self: &Arc<Self>, upload: &UploadId) -> Result<(), Problem> {
        let stop = Arc::new(AtomicBool::new(false));
        self.readings().insert(upload.0.clone(), Arc::clone(&stop));
        self.board.phase(&upload.0, Phase::Reading);
        let (house, upload) = (Arc::clone(self), upload.clone());
        std::thread::spawn(move || {
            let read = house.read_rows(&upload, &stop);
            house.readings().remove(&upload.0);
            house.after_reading(&upload, read, &stop);
        });
        Ok(())
    }

    /// Reads the rows of an upload that is a manifest. What cannot be used is an item that needs the person, with the reason.
    fn read_rows(&self, upload: &UploadId, stop: &AtomicBool) -> Result<(), Problem> {
        self.journal.restart_reading(upload)?;
        let rows = Translating::open(self, &self.stored(upload)?)?;
        let known = Known { now: crate::journal::now_ms() / 1000 };
        let mut reader = rows.manifest.rows()?;
        let mut items = Vec::with_capacity(STRETCH);
        let mut next = 0;
        while let Some(piece) = reader.piece().map_err(|error| rows.manifest.trouble(&error))? {
            match piece {
                Piece::Row(row) => {
                    next = row.number;
                    items.push(item(&rows, &row, known));
                }
                Piece::Broken(broken) if broken.row_lost => {
                    next = broken.place.row;
                    items.push(lost(&rows, &broken, next - 1));
                }
                Piece::Broken(_) => {}
            }
            if items.len() == STRETCH {
                self.add_rows_read(upload, std::mem::take(&mut items))?;
            }
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        // Nobody knows how many rows there would be behind it: that they are missing must not be overlooked.
        items.extend(reader.stopped().map(|broken| lost(&rows, &broken, next)));
        self.add_rows_read(upload, items)?;
        rows.manifest.unchanged()
    }

    /// Fixes the list. What a manifest names is where it is: only rows are made of it.
    pub(super) fn freeze(&self, upload: &UploadId) -> Result<(), Problem> {
        self.journal.freeze(upload)?;
        if self.stored(upload)?.begun.plan.manifest.is_some() {
            self.journal.all_there(upload)?;
        }
        Ok(())
    }

    fn add_rows_read(&self, upload: &UploadId, items: Vec<NewItem>) -> Result<(), Problem> {
        let account = self.journal.add(upload, items, Vec::new())?;
        self.count(upload, account.files, account.bytes)
    }
}

fn item(rows: &Translating, row: &Row<'_>, known: Known) -> NewItem {
    let ord = row.number - 1;
    match rows.judge(row, known) {
        Ok(translated) => {
            let media = Media {
                format: translated.addresses.first().map_or_else(Default::default, |url| format_at(url)),
                ..Media::default()
            };
            let key = translated.place();
            let fingerprint = Fingerprint { ino: translated.mark, ..Fingerprint::default() };
            let entry = entry(translated.key, EntryKind::File, fingerprint, media);
            NewItem { ord, entry, key, state: State::Ready, findings: Vec::new(), code: None }
        }
        Err(said) => unusable(ord, rows.at(row, &said)),
    }
}

fn lost(rows: &Translating, broken: &Broken, ord: u64) -> NewItem {
    unusable(ord, rows.broken(broken))
}

fn unusable(ord: u64, said: String) -> NewItem {
    let path = say("manifest-row-nameless", &[("row", Value::Text(&(ord + 1).to_string()))]);
    let key = path.clone();
    let mut entry = entry(path, EntryKind::Unreadable, Fingerprint::default(), Media::default());
    entry.trouble = Some(said);
    NewItem { ord, entry, key, state: State::Blocked, findings: Vec::new(), code: Some(Code::RowBroken) }
}

fn entry(name: String, kind: EntryKind, fingerprint: Fingerprint, media: Media) -> Entry {
    Entry { root: 0, path: name.into_bytes(), kind, fingerprint, media, trouble: None }
}
