//! What happens at the door of the bench: a file is opened and read, or it is said what was seen and what can be done.

use super::{Bench, State, Table};
use crate::manifest::{Manifest, Map, Piece, Wish};
use gantry_model::manifest::{Dialect, Form};
use gantry_model::view::{BenchColumn, BenchDoor, BenchLine, BenchTrouble};
use gantry_model::{Code, Problem, show};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

/// What a column can be, in neutral words; `metadata.NAME` is one too.
const FIELDS: &[&str] = &["url", "key", "external_id", "media_type", "width", "height", "attachments"];

/// What came of opening a file.
#[derive(Debug)]
pub struct Door {
    /// The manifest, when it is one.
    pub bench: Option<Bench>,
    /// What people are told.
    pub view: BenchDoor,
}

impl Bench {
    /// Opens a file and begins to read it. What is no manifest is told in the view, not as an error.
    pub fn open(id: &str, path: &Path, wish: &Wish<'_>, dialects: &[&'static dyn Dialect], scratch: PathBuf) -> Door {
        let name = name(path);
        match Manifest::open(path, wish, dialects) {
            Ok(manifest) => {
                let view = BenchDoor { id: id.to_owned(), name, ..BenchDoor::default() };
                let bench = Self(Arc::new(Table {
                    id: id.to_owned(),
                    dialects: dialects.to_vec(),
                    scratch,
                    manifest: Mutex::new(Arc::new(manifest)),
                    state: Mutex::new(State::default()),
                    milestones: Mutex::default(),
                    worked: AtomicU64::default(),
                }));
                // Nothing else goes on yet, so that this cannot be refused.
                drop(bench.read());
                Door { bench: Some(bench), view }
            }
            Err(problem) => Door { bench: None, view: refused(id, path, &problem, dialects) },
        }
    }

    /// Reads the same file anew, as it was read before.
    ///
    /// # Errors
    /// As [`Bench::reopen`].
    pub fn again(&self) -> Result<(), Problem> {
        let map = map_of(&self.manifest());
        self.reopen(None, &map)
    }

    /// Reads the same file anew: as another form, with other columns, or because it changed.
    ///
    /// # Errors
    /// As [`Manifest::open`]; `busy`.
    pub fn reopen(&self, form: Option<Form>, map: &Map) -> Result<(), Problem> {
        let before = self.manifest();
        let wish = Wish { form: form.or_else(|| Some(before.form())), map, remembered: None };
        let manifest = Manifest::open(&before.path, &wish, &self.0.dialects)?;
        let busy = self.state().work.is_some();
        if busy {
            return Err(Problem::new(Code::Bug, "bench").with("said", "busy"));
        }
        *self.0.manifest.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(manifest);
        self.read()
    }
}

/// What was seen of a file that is no manifest, and whether it could be one if a person says what it is.
fn refused(id: &str, path: &Path, problem: &Problem, dialects: &[&'static dyn Dialect]) -> BenchDoor {
    let mut door =
        BenchDoor { id: id.to_owned(), name: name(path), trouble: Some(BenchTrouble::from(problem)), ..BenchDoor::default() };
    door.line = problem.fact("shown").map(|text| BenchLine {
        text: text.to_owned(),
        before: problem.fact("before").and_then(|before| before.parse().ok()).unwrap_or_default(),
    });
    if problem.code != Code::NotAManifest {
        return door;
    }
    let wish = Wish { form: Some(Form::Urls), ..Wish::default() };
    let Ok(manifest) = Manifest::open(path, &wish, dialects) else { return door };
    door.can_say = manifest.rows().is_ok_and(|mut rows| matches!(rows.piece(), Ok(Some(Piece::Row(_)))));
    door.columns = columns(&manifest);
    door.columns.iter_mut().for_each(|column| column.field.clear());
    door.fields = fields();
    door
}

/// The columns of a table, and what stands in its first row.
pub(super) fn columns(manifest: &Manifest) -> Vec<BenchColumn> {
    let mut columns: Vec<BenchColumn> = manifest
        .heads
        .iter()
        .zip(&manifest.columns)
        .map(|(head, field)| BenchColumn {
            head: show::text(head),
            field: field.clone().unwrap_or_default(),
            example: String::new(),
        })
        .collect();
    let Some(mut rows) = manifest.rows_raw().ok().filter(|_| !columns.is_empty()) else { return columns };
    if let Ok(Some(Piece::Row(row))) = rows.piece() {
        for ((_, value), (column, _)) in row.text.fields().zip(row.cells) {
            let text = value.text().unwrap_or_else(|| value.raw().into());
            let shown: String = gantry_model::platform::bare(&text).chars().take(80).collect();
            columns.get_mut(*column).into_iter().for_each(|column| column.example = show::text(&shown));
        }
    }
    columns
}

/// What each column is, as a person would say it; one whose head stands twice by its number.
pub(super) fn map_of(manifest: &Manifest) -> Map {
    let heads = &manifest.heads;
    let named = |at: usize| {
        if heads.iter().filter(|head| **head == heads[at]).count() == 1 { heads[at].clone() } else { (at + 1).to_string() }
    };
    manifest.columns.iter().enumerate().map(|(at, field)| (named(at), field.clone().unwrap_or_default())).collect()
}

pub(super) fn fields() -> Vec<String> {
    FIELDS.iter().map(|field| (*field).to_owned()).collect()
}

/// The name of a file, for people.
pub(super) fn name(path: &Path) -> String {
    show::path(path.file_name().unwrap_or_default().as_encoded_bytes())
}
