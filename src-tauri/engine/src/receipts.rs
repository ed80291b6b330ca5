//! Receipts: the documents that say where each file is. Made from the journal, never kept apart from it.
//! Nothing is claimed that was not proven; no address carries a signature; no name becomes a formula or markup.

mod line;
mod page;
mod running;
mod tables;
mod telling;

#[cfg(test)]
mod tests;

pub use running::Running;
pub use tables::csv_cell;

use crate::home::{Home, create_private_folder, private_file};
use crate::journal::{Journal, Look, UploadId};
use gantry_model::{Code, Key, Problem};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;
use telling::Telling;

/// The forms of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A document to read, keep and print: summary, folders and at most 2,000 files.
    Html,
    /// A table of all files.
    Csv,
    /// Everything, for programs.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Html, Self::Csv, Self::Json];

    /// Reads `html`, `csv` or `json`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.file_name().strip_prefix("receipt.") == Some(word))
    }

    /// The name of its file in the folder of the upload's receipts.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Html => "receipt.html",
            Self::Csv => "receipt.csv",
            Self::Json => "receipt.json",
        }
    }
}

/// Where the receipts of one upload are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The document.
    pub html: PathBuf,
    /// The table.
    pub csv: PathBuf,
    /// Everything.
    pub json: PathBuf,
    /// One line for each file that is finished, written while it runs.
    pub lines: PathBuf,
}

/// The address of an object, without any signature.
pub type Url<'a> = &'a (dyn Fn(&Key) -> String + Sync);

/// Makes the receipts of a data folder.
#[derive(Clone, Debug)]
pub struct Receipts {
    journal: Journal,
    home: Home,
}

impl Receipts {
    /// Receipts of the uploads in this journal, kept in this home.
    pub fn new(journal: Journal, home: Home) -> Self {
        Self { journal, home }
    }

    /// Where the receipts of an upload are, or will be.
    pub fn paths(&self, upload: &UploadId) -> Paths {
        let folder = self.home.receipt(&upload.0);
        Paths {
            html: folder.join(Format::Html.file_name()),
            csv: folder.join(Format::Csv.file_name()),
            json: folder.join(Format::Json.file_name()),
            lines: folder.join("receipt.jsonl"),
        }
    }

    /// Writes the receipt in all forms, as the upload stands now, and completes the lines. Each file is whole or not there.
    ///
    /// # Errors
    /// `JournalFull` when there is no room for it; a defect.
    pub fn write(&self, upload: &UploadId, url: Url<'_>) -> Result<Paths, Problem> {
        let paths = self.paths(upload);
        create_private_folder(&self.home.receipt(&upload.0)).map_err(|error| unwritten(&error))?;
        // Side by side: whoever waits for the end waits for the longest of them, not for all.
        std::thread::scope(|scope| {
            let lines = scope.spawn(|| running::heal(&self.journal, upload, &paths.lines, url));
            let page = scope.spawn(|| self.write_page(upload, &paths.html, url));
            let tables = scope.spawn(|| self.write_tables(upload, &paths, url));
            [lines, page, tables].map(joined).into_iter().fold(Ok(()), Result::and)
        })?;
        Ok(paths)
    }

    fn write_page(&self, upload: &UploadId, path: &Path, url: Url<'_>) -> Result<(), Problem> {
        whole(path, &mut |out| self.journal.look(upload, |look| form(look, Format::Html, url, out)))
    }

    fn write_tables(&self, upload: &UploadId, paths: &Paths, url: Url<'_>) -> Result<(), Problem> {
        let both = |csv: &mut dyn Write, json: &mut dyn Write| {
            self.journal.look(upload, |look| {
                let upload = look.upload()?;
                tables::both(look, (&upload, &Telling::of(&upload, url)), csv, json)
            })
        };
        whole(&paths.csv, &mut |csv| whole(&paths.json, &mut |json| both(csv, json)))
    }

    /// Writes the receipt in one form to whoever asks.
    ///
    /// # Errors
    /// What `out` refuses; a defect.
    pub fn to_writer(&self, upload: &UploadId, format: Format, url: Url<'_>, out: &mut dyn Write) -> Result<(), Problem> {
        let mut out = BufWriter::new(out);
        self.journal.look(upload, |look| form(look, format, url, &mut out))?;
        out.flush().map_err(|error| unwritten(&error))
    }

    /// Adds the lines of items that are finished, after their commit. Others are passed over.
    ///
    /// # Errors
    /// `JournalFull` when there is no room for them: the next start, or [`Receipts::write`], adds what is missing.
    pub fn append(&self, upload: &UploadId, ords: &[u64], url: Url<'_>) -> Result<(), Problem> {
        let lines = self.paths(upload).lines;
        if lines.exists() {
            let stored = self.journal.look(upload, |look| look.upload())?;
            return running::append(&self.journal, upload, &lines, ords, &Telling::of(&stored, url));
        }
        create_private_folder(&self.home.receipt(&upload.0)).map_err(|error| unwritten(&error))?;
        running::heal(&self.journal, upload, &lines, url)
    }

    /// Heals the lines of an upload after whatever happened to them, and takes more from then on without making anybody wait.
    ///
    /// # Errors
    /// `JournalFull` when there is no room for them; a defect.
    pub fn running(&self, upload: &UploadId, url: Box<dyn Fn(&Key) -> String + Send + Sync>) -> Result<Running, Problem> {
        create_private_folder(&self.home.receipt(&upload.0)).map_err(|error| unwritten(&error))?;
        Running::start(self.clone(), upload.clone(), url)
    }
}

fn joined(thread: ScopedJoinHandle<'_, Result<(), Problem>>) -> Result<(), Problem> {
    thread.join().unwrap_or_else(|_| Err(Problem::new(Code::Bug, "receipt")))
}

fn form(look: &Look<'_>, format: Format, url: Url<'_>, out: &mut dyn Write) -> Result<(), Problem> {
    let upload = look.upload()?;
    let told = Telling::of(&upload, url);
    match format {
        Format::Html => page::write(look, &upload, told, &jiff::tz::TimeZone::system(), out),
        Format::Csv => tables::csv(look, &told, out),
        Format::Json => tables::json(look, (&upload, &told), out),
    }
}

/// What a refusal of the disk means: no room, or a defect.
fn unwritten(error: &io::Error) -> Problem {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    Problem::new(if full { Code::JournalFull } else { Code::Bug }, "receipt").with("said", error.to_string())
}

/// Writes a file aside, has it on disk, and puts it in its place: it is the old one, the new one, never half of one.
fn whole(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> Result<(), Problem>) -> Result<(), Problem> {
    // Each form has one of its own: they are written side by side.
    let mut aside = path.as_os_str().to_owned();
    aside.push(".part");
    let aside = PathBuf::from(aside);
    let done = write_synced(&aside, write).and_then(|()| {
        let placed = fs::rename(&aside, path).and_then(|()| sync_folder(path));
        placed.map_err(|error| unwritten(&error))
    });
    if done.is_err() {
        let _ = fs::remove_file(&aside);
    }
    done
}

fn write_synced(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> Result<(), Problem>) -> Result<(), Problem> {
    let bad = |error: io::Error| unwritten(&error);
    let file = private_file().create(true).truncate(true).open(path).map_err(bad)?;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    let file: File = out.into_inner().map_err(|error| unwritten(error.error()))?;
    file.sync_all().map_err(bad)
}

/// The name of a file is on disk only when its folder is. Windows keeps names by itself.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
