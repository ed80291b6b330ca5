//! The rows as they will be, written out once: as a file that a person saves, or aside, where something else is made of
//! them. What is mended is mended by the same hand that mends for the console.

use super::Bench;
use super::opening::map_of;
use super::rows::RowSet;
use crate::manifest::{Aside, Manifest, Mender, Piece, Signing, Wish, mend_watched, spliced};
use gantry_model::manifest::{About, Layout};
use gantry_model::{Code, Problem, Severity, show};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A head of a table with more bytes is cut off.
const LARGEST_HEAD: u64 = 1 << 20;

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub rows: u64,
    pub mended: u64,
    pub left_out: u64,
    pub broken: u64,
}

/// The rows as they will be. What was written aside for it is gone when this is.
#[derive(Debug)]
pub(super) struct Settled {
    pub manifest: Arc<Manifest>,
    aside: Option<PathBuf>,
}

impl Drop for Settled {
    fn drop(&mut self) {
        if let Some(path) = self.aside.take() {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Bench {
    /// The manifest itself where nothing is repaired; otherwise a mended copy, aside.
    pub(super) fn settled(&self, stop: &AtomicBool) -> Result<Settled, Problem> {
        let manifest = self.manifest();
        if self.state().wished.is_empty() {
            return Ok(Settled { manifest, aside: None });
        }
        let unwritable = |error: std::io::Error| {
            let path = show::path(self.0.scratch.as_os_str().as_encoded_bytes());
            Problem::new(Code::OutputUnwritable, "settle").with("path", path).with("said", error.to_string())
        };
        std::fs::create_dir_all(&self.0.scratch).map_err(unwritable)?;
        let extension = manifest.path.extension().map(|ext| ext.to_string_lossy().into_owned()).unwrap_or_default();
        let path = self.0.scratch.join(format!("{}.{extension}", self.0.id));
        let mut aside = Aside::create(&path, true, &manifest.path)?;
        self.write(&manifest, &mut aside, false, stop)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(Settled { manifest, aside: None });
        }
        aside.finish()?;
        let mut settled = Settled { manifest, aside: Some(path.clone()) };
        let map = map_of(&settled.manifest);
        let wish = Wish { form: Some(settled.manifest.form()), map: &map, remembered: None };
        settled.manifest = Arc::new(Manifest::open(&path, &wish, &self.0.dialects)?);
        Ok(settled)
    }

    /// Writes all rows, or those that can be used.
    pub(super) fn write(&self, manifest: &Manifest, to: &mut Aside, good: bool, stop: &AtomicBool) -> Result<Written, Problem> {
        let (wished, signing) = {
            let state = self.state();
            (state.wished.clone(), state.planned.signing.clone())
        };
        let wished = (wished.as_slice(), signing.as_deref());
        if good {
            let bad = {
                let state = self.state();
                state.findings.rows_of(Severity::Blocked, &state.planned)
            };
            return write_good(manifest, wished, &bad, to, stop, &self.0.worked);
        }
        let sum = mend_watched(manifest, wished, Some(to), stop, &self.0.worked, &mut |_, _| {})?;
        Ok(Written { rows: sum.rows + sum.broken, mended: sum.changed, left_out: 0, broken: sum.broken })
    }
}

/// Copies the head of the file as it stands, then the rows that can be used, each as it stands or mended.
fn write_good(
    manifest: &Manifest,
    wished: (&[About], Option<&Signing>),
    bad: &RowSet,
    to: &mut Aside,
    stop: &AtomicBool,
    worked: &AtomicU64,
) -> Result<Written, Problem> {
    let mut mender = Mender::new(manifest, wished, stop)?;
    let mut frame = Frame::of(manifest)?;
    let mut sum = Written::default();
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else {
            sum.broken += 1;
            continue;
        };
        let read = manifest.dialect.read(&row.text);
        let (changes, _) = mender.changes(&row, &read);
        worked.store(row.number, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            return Ok(sum);
        }
        if bad.has(row.number) {
            sum.left_out += 1;
            continue;
        }
        sum.rows += 1;
        sum.mended += u64::from(!changes.is_empty());
        let text = if changes.is_empty() { row.source.to_owned() } else { spliced(&row, &changes, manifest.layout) };
        frame.row(&text, to).map_err(|error| to.trouble(&error))?;
    }
    frame.end(to).map_err(|error| to.trouble(&error))?;
    manifest.unchanged().map(|()| sum)
}

/// What stands around rows.
struct Frame {
    /// Before the first row.
    head: String,
    between: String,
    end: String,
    rows: u64,
}

impl Frame {
    /// As the file itself has it: its head of a table, its way to break lines.
    fn of(manifest: &Manifest) -> Result<Self, Problem> {
        let mut bytes = Vec::new();
        manifest.text()?.take(LARGEST_HEAD).read_to_end(&mut bytes).map_err(|error| manifest.trouble(&error))?;
        let begin = String::from_utf8_lossy(&bytes);
        let line = if begin.contains("\r\n") { "\r\n" } else { "\n" };
        let head = match manifest.layout {
            Layout::List => format!("[{line}  "),
            Layout::Lines | Layout::Plain => String::new(),
            _ if manifest.headless() => String::new(),
            _ => format!("{}{line}", head_of(&begin)),
        };
        let list = manifest.layout == Layout::List;
        let between = if list { format!(",{line}  ") } else { line.to_owned() };
        let end = if list { format!("{line}]{line}") } else { line.to_owned() };
        Ok(Self { head, between, end, rows: 0 })
    }

    fn row(&mut self, text: &str, to: &mut dyn Write) -> std::io::Result<()> {
        let before = if self.rows == 0 { &self.head } else { &self.between };
        to.write_all(before.as_bytes())?;
        self.rows += 1;
        to.write_all(text.as_bytes())
    }

    fn end(&self, to: &mut dyn Write) -> std::io::Result<()> {
        match (self.rows, self.between.starts_with(',')) {
            (0, true) => to.write_all(b"[]\n"),
            (0, false) => to.write_all(self.head.as_bytes()),
            _ => to.write_all(self.end.as_bytes()),
        }
    }
}

/// The head of a table as it stands: up to the first line break that is in no quotes.
fn head_of(text: &str) -> &str {
    let text = text.trim_start_matches(['\r', '\n']);
    let mut quoted = false;
    let ends = |c: char| {
        quoted ^= c == '"';
        !quoted && matches!(c, '\r' | '\n')
    };
    text.find(ends).map_or(text, |end| &text[..end])
}
