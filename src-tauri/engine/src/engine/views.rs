//! What window and console ask to see. Nothing here changes anything but receipts, which are written when asked for.

use super::delivering::source_of;
use super::{Engine, House};
use crate::home::Home;
use crate::journal::{StoredUpload, UploadId};
use crate::receipts::{Format, Receipts};
use gantry_model::view::{CopiesRoom, Filter, FolderRow, HistoryRow, ItemDetail, ItemPage, ItemRow, Review, TroubleGroup};
use gantry_model::words::{Value, say, say_of};
use gantry_model::{Code, Connection, Key, Problem, State};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

impl House {
    pub(super) fn receipts(&self) -> Receipts {
        Receipts::new(self.journal.clone(), self.home.clone())
    }

    /// Makes addresses for receipts: without any signature, and without opening a store that may be gone.
    pub(super) fn url_maker(&self, connection: &Connection) -> Box<dyn Fn(&Key) -> String + Send + Sync> {
        let (url, connection) = (self.joint.url, connection.clone());
        Box::new(move |key| url(&connection, key))
    }

    /// The same for an upload whose connection may have been removed: then the keys themselves.
    pub(super) fn url_of(&self, stored: &StoredUpload) -> Box<dyn Fn(&Key) -> String + Send + Sync> {
        match self.connection(&stored.begun.plan.connection) {
            // Rows of a manifest have the addresses that stand in it.
            Ok(_) if stored.begun.plan.manifest.is_some() => Box::new(|key| key.0.clone()),
            Ok(connection) => self.url_maker(&connection),
            Err(_) => Box::new(|key| key.0.clone()),
        }
    }

    /// Rows of a manifest begin as what is there already: until the platform has answered for one, it waits.
    fn unanswered_wait(&self, upload: &UploadId, rows: &mut [ItemRow]) -> Result<(), Problem> {
        let same: Vec<u64> = rows.iter().filter(|row| row.state == State::Same).map(|row| row.ord).collect();
        if same.is_empty() || self.stored(upload)?.begun.plan.manifest.is_none() {
            return Ok(());
        }
        let mut answered = self.journal.answered_same(upload, &same)?;
        answered.sort_unstable();
        let open = |row: &&mut ItemRow| row.state == State::Same && answered.binary_search(&row.ord).is_err();
        rows.iter_mut().filter(open).for_each(|row| row.state = State::Waiting);
        Ok(())
    }

    pub(super) fn find(&self, upload: &str) -> Result<UploadId, Problem> {
        Ok(self.stored(&UploadId(upload.to_owned()))?.id)
    }
}

impl Engine {
    /// The full id of an upload: an id, a beginning that only one has, or `last`.
    ///
    /// # Errors
    /// There is no such upload.
    pub fn resolve(&self, text: &str) -> Result<String, Problem> {
        self.0.find(text).map(|id| id.0)
    }

    /// The data folder.
    pub fn home(&self) -> &Home {
        &self.0.home
    }

    /// The review's head: plan, findings by rule, kinds, examples, what is there already.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn review(&self, upload: &str) -> Result<Review, Problem> {
        let upload = self.0.find(upload)?;
        let stored = self.0.stored(&upload)?;
        let difference = self.0.differences.lock().unwrap_or_else(PoisonError::into_inner).get(&upload.0).copied();
        let connection = self.0.connection(&stored.begun.plan.connection)?;
        let rules = self.0.rules_for(&connection, &stored.begun.plan);
        let mut findings = self.0.journal.finding_groups(&upload)?;
        for group in &mut findings {
            crate::check::explain(group, &rules);
        }
        let (rows, row_examples) = self.0.rows_in_review(&stored)?;
        let tables = self.0.journal.tables(&upload)?.unwrap_or_default();
        let used: Vec<u64> =
            tables.iter().filter(|table| table.used && table.trouble.is_empty()).map(|table| table.first).collect();
        let files_left = stored.books.account.files.saturating_sub(used.iter().sum());
        let makeup = self.0.journal.makeup(&upload)?;
        let mut review = Review {
            findings,
            kinds: makeup.kinds,
            examples: self.0.journal.examples(&upload)?,
            rows,
            row_examples,
            fixed: Vec::new(),
            copies: CopiesRoom::default(),
            files_left: if used.is_empty() { 0 } else { files_left },
            tables,
            fixed_misfits: Vec::new(),
            priorities: None,
            difference: difference.unwrap_or_default(),
            ready: stored.books.account.ready,
            ready_bytes: makeup.ready_bytes,
            hold: self.picture(&upload.0).and_then(|picture| picture.hold),
            plan: stored.begun.plan.clone(),
        };
        self.0.annotate(&stored, &mut review);
        self.0.add_copies(&upload, &mut review)?;
        Ok(review)
    }

    /// Where copies are, what they take and what they may take.
    pub fn copies(&self) -> CopiesRoom {
        CopiesRoom { held: self.0.copies.held(), limit: self.0.copies.limit() }
    }

    /// A stretch of the file list, in the order of the keys.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn items(&self, upload: &str, filter: &Filter, first: u64, count: u32) -> Result<ItemPage, Problem> {
        let upload = self.0.find(upload)?;
        let mut page = self.0.journal.page(&upload, filter, first, u64::from(count))?;
        self.0.unanswered_wait(&upload, &mut page.rows)?;
        Ok(page)
    }

    /// Everything about one file.
    ///
    /// # Errors
    /// There is no such file, or the journal could not be read.
    pub fn item(&self, upload: &str, ord: u64) -> Result<ItemDetail, Problem> {
        let upload = self.0.find(upload)?;
        let stored = self.0.stored(&upload)?;
        let none = || Problem::new(Code::BadField, "item").with("said", say("said-no-file", &[("file", Value::Count(ord))]));
        let mut detail = self.0.journal.detail(&upload, ord)?.ok_or_else(none)?;
        if let Ok(connection) = self.0.connection(&stored.begun.plan.connection) {
            if detail.url.is_empty() {
                detail.url = (self.0.url_of(&stored))(&Key(detail.key.clone()));
            }
            let rules = self.0.rules_for(&connection, &stored.begun.plan);
            for line in &mut detail.findings {
                crate::check::explain_line(line, &rules);
            }
        }
        self.0.unanswered_wait(&upload, std::slice::from_mut(&mut detail.row))?;
        if let Some((key, id)) = self.0.journal.row_of(&upload, ord)? {
            (detail.row_key, detail.row_id) = (key, id);
        }
        let knowing = self.0.knowing(&stored, stored.begun.plan.register.as_ref())?;
        let known = knowing.of_file(&self.0.journal.known_of(&upload, ord)?);
        detail.attachments.clone_from(&known.attachments);
        detail.metadata = known.into_metadata();
        Ok(detail)
    }

    /// Folders below one, 0 is the top.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn folders(&self, upload: &str, parent: u64) -> Result<Vec<FolderRow>, Problem> {
        self.0.journal.folders(&self.0.find(upload)?, parent)
    }

    /// A small picture of a picture, as PNG or JPEG bytes; `None` when it has none.
    pub fn thumbnail(&self, upload: &str, ord: u64, side: u32) -> Option<Vec<u8>> {
        let upload = self.0.find(upload).ok()?;
        let stored = self.0.stored(&upload).ok().filter(|stored| stored.begun.plan.manifest.is_none())?;
        let item = self.0.journal.item(&upload, ord).ok()??;
        let root = self.0.journal.root(&upload, item.entry.root).ok()??;
        let source = source_of(&root, &item.entry.path, stored.begun.incoming.contents);
        let original = item.original();
        self.0.thumbs.get(&source, &original.fingerprint, &original.media, side)
    }

    /// What stopped, grouped by reason.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn troubles(&self, upload: &str) -> Result<Vec<TroubleGroup>, Problem> {
        self.0.journal.troubles(&self.0.find(upload)?)
    }

    /// Writes the files that stopped for one reason (all: empty) as CSV.
    ///
    /// # Errors
    /// There is no such upload, or the file could not be written.
    pub fn export_troubles(&self, upload: &str, code: &str, to: &Path) -> Result<(), Problem> {
        let upload = self.0.find(upload)?;
        let rows = self.0.stored(&upload)?.begun.plan.manifest.is_some();
        let filter = Filter { states: vec![State::NeedsYou], code: code.to_owned(), ..Filter::default() };
        let mut text = String::from("path,reason,title\r\n");
        let mut first = 0;
        loop {
            let page = self.0.journal.page(&upload, &filter, first, 1000)?;
            for row in &page.rows {
                let path = if row.folder.is_empty() { row.name.clone() } else { format!("{}/{}", row.folder, row.name) };
                let title = say_of(rows, &format!("problem-{}.title", row.code.replace('_', "-")), &[]);
                let cells = [path, row.code.clone(), title].map(|cell| crate::receipts::csv_cell(&cell));
                text.push_str(&cells.join(","));
                text.push_str("\r\n");
            }
            first += page.rows.len() as u64;
            if page.rows.is_empty() || first >= page.total {
                break;
            }
        }
        let bad = |error: std::io::Error| Problem::new(Code::DestinationGone, "export").with("said", error.to_string());
        std::fs::write(to, text).map_err(bad)
    }

    /// Uploads, newest first; with a text, those that have a file of that name.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn history(&self, find: &str) -> Result<Vec<HistoryRow>, Problem> {
        let find = find.trim();
        let mut rows = self.0.journal.history((!find.is_empty()).then_some(find))?;
        for row in &mut rows {
            if let Some(picture) = self.picture(&row.picture.upload) {
                row.picture = picture;
            }
        }
        Ok(rows)
    }

    /// The folder of an upload's receipts.
    pub fn receipt_folder(&self, upload: &str) -> PathBuf {
        self.0.home.receipt(upload)
    }

    /// The receipt as a file: `html`, `csv` or `json`. Written anew from the journal.
    ///
    /// # Errors
    /// There is no such upload or form, or it could not be written.
    pub fn receipt(&self, upload: &str, format: &str) -> Result<PathBuf, Problem> {
        let upload = self.0.find(upload)?;
        let format = format_of(format)?;
        self.0.deliver(&upload)?;
        Ok(self.0.home.receipt(&upload.0).join(format.file_name()))
    }

    /// The receipt, written to whoever asks.
    ///
    /// # Errors
    /// There is no such upload or form, or it could not be written.
    pub fn receipt_to(&self, upload: &str, format: &str, out: &mut dyn Write) -> Result<(), Problem> {
        let upload = self.0.find(upload)?;
        let stored = self.0.stored(&upload)?;
        self.0.receipts().to_writer(&upload, format_of(format)?, &*self.0.url_of(&stored), out)
    }

    /// Content bytes handed to the store in this run of the program, those sent again included.
    pub fn sent_bytes(&self, upload: &str) -> u64 {
        self.0.sent.lock().unwrap_or_else(PoisonError::into_inner).get(upload).map_or(0, |sent| sent.load(Ordering::Relaxed))
    }
}

fn format_of(word: &str) -> Result<Format, Problem> {
    let none = || Problem::new(Code::BadField, "receipt").with("said", say("said-no-form", &[("form", Value::Text(word))]));
    Format::from_word(word).ok_or_else(none)
}
