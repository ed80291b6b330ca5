//! New manifests: written aside, on disk before they get their name, and never over a file that is there unless a person
//! said so. What fails half way leaves nothing behind.

use super::quoting::push_cell;
use gantry_model::json::{Kind, Span, Value};
use gantry_model::manifest::Layout;
use gantry_model::{Code, Problem, show};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file under way.
#[derive(Debug)]
pub struct Aside {
    file: Option<BufWriter<File>>,
    aside: PathBuf,
    to: PathBuf,
    force: bool,
}

impl Aside {
    /// Begins a file that will be called `to`. `not` is a file that it may not become: the one that is read.
    ///
    /// # Errors
    /// `output_there`, `output_unwritable`.
    pub fn create(to: &Path, force: bool, not: &Path) -> Result<Self, Problem> {
        let same = fs::canonicalize(to).ok().zip(fs::canonicalize(not).ok()).is_some_and(|(to, not)| to == not);
        if same || (!force && fs::symlink_metadata(to).is_ok()) {
            return Err(Problem::new(Code::OutputThere, "write").with("path", shown(to)));
        }
        let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| trouble(to, &io::Error::other(error.to_string())))?;
        let mark: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let short: String = name.chars().take(40).collect();
        let aside = to.with_file_name(format!(".{short}.gantry-{mark}.part"));
        let file = OpenOptions::new().write(true).create_new(true).open(&aside).map_err(|error| trouble(to, &error))?;
        Ok(Self { file: Some(BufWriter::with_capacity(256 << 10, file)), aside, to: to.to_owned(), force })
    }

    /// Puts it on the disk and gives it its name.
    ///
    /// # Errors
    /// `output_there` when somebody else made a file of that name meanwhile; `output_unwritable`.
    pub fn finish(mut self) -> Result<(), Problem> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let done = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        done.map_err(|error| trouble(&self.to, &error))?;
        // CRASH: the whole file lies aside, under a name that says so; nothing else has changed.
        if self.force {
            fs::rename(&self.aside, &self.to).map_err(|error| trouble(&self.to, &error))?;
        } else {
            self.name_without_overwriting()?;
        }
        if let Some(folder) = self.to.parent().filter(|_| cfg!(unix)) {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| trouble(&self.to, &error))?;
        }
        Ok(())
    }

    /// A link is refused where the name is taken; a disk that knows no links gets a rename after a last look.
    fn name_without_overwriting(&self) -> Result<(), Problem> {
        match fs::hard_link(&self.aside, &self.to) {
            Ok(()) => fs::remove_file(&self.aside).map_err(|error| trouble(&self.to, &error)),
            Err(_) if fs::symlink_metadata(&self.to).is_err() => {
                fs::rename(&self.aside, &self.to).map_err(|error| trouble(&self.to, &error))
            }
            Err(_) => {
                let _ = fs::remove_file(&self.aside);
                Err(Problem::new(Code::OutputThere, "write").with("path", shown(&self.to)))
            }
        }
    }

    /// What it will be called.
    pub fn to(&self) -> &Path {
        &self.to
    }

    /// What the disk said while it was written.
    pub fn trouble(&self, error: &io::Error) -> Problem {
        trouble(&self.to, error)
    }
}

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.aside);
        }
    }
}

/// What the disk said about the file that was to be written.
pub(super) fn trouble(to: &Path, error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::OutputUnwritable,
    };
    Problem::new(code, "write").with("path", shown(to)).with("said", error.to_string())
}

fn shown(path: &Path) -> String {
    show::path(path.as_os_str().as_encoded_bytes())
}

/// The layout that a file's name asks for, for rows in the words of a platform.
pub fn layout_of(to: &Path) -> Layout {
    match to.extension().and_then(|ext| ext.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("jsonl" | "ndjson") => Layout::Lines,
        Some("tsv") => Layout::Tsv,
        Some("csv") => Layout::Csv,
        Some("txt") => Layout::Plain,
        _ => Layout::List,
    }
}

/// Writes rows one after the other.
#[derive(Debug)]
pub struct RowWriter<'w, W> {
    to: &'w mut W,
    layout: Layout,
    rows: u64,
}

impl<'w, W: Write> RowWriter<'w, W> {
    /// Begins.
    ///
    /// # Errors
    /// What the disk says.
    pub fn new(to: &'w mut W, layout: Layout) -> io::Result<Self> {
        if layout == Layout::List {
            to.write_all(b"[")?;
        }
        Ok(Self { to, layout, rows: 0 })
    }

    /// One row of JSON text. In a plain list: the address that it says.
    ///
    /// # Errors
    /// What the disk says.
    pub fn row(&mut self, text: &str) -> io::Result<()> {
        self.rows += 1;
        match self.layout {
            Layout::List => {
                self.to.write_all(if self.rows == 1 { b"\n  " } else { b",\n  " })?;
                self.to.write_all(text.as_bytes())
            }
            Layout::Plain => {
                let kind = if text.contains('\\') { Kind::Escaped } else { Kind::Text };
                let said = Value::new(text, Span { at: 0, end: text.len(), kind }).text().unwrap_or_default();
                writeln!(self.to, "{said}")
            }
            _ => {
                // A row may have been written over several lines.
                let line = if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text.to_owned() };
                writeln!(self.to, "{line}")
            }
        }
    }

    /// One record of a table.
    ///
    /// # Errors
    /// What the disk says.
    pub fn record<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        self.rows += 1;
        let delimiter = self.layout.delimiter().unwrap_or(b',');
        let mut line = String::new();
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                line.push(char::from(delimiter));
            }
            push_cell(&mut line, cell, delimiter);
        }
        line.push_str("\r\n");
        self.to.write_all(line.as_bytes())
    }

    /// Ends; gives the number of rows.
    ///
    /// # Errors
    /// What the disk says.
    pub fn end(self) -> io::Result<u64> {
        if self.layout == Layout::List {
            self.to.write_all(if self.rows > 0 { b"\n]\n" } else { b"]\n" })?;
        }
        Ok(self.rows)
    }
}
