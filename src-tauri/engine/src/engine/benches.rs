//! Manifests that are open in the window, by their ids.

use super::Engine;
use crate::bench::{Bench, Door};
use crate::manifest::{Manifest, Map, Wish};
use gantry_model::manifest::Form;
use gantry_model::view::{BenchDoor, ManifestPlan, Plan, Register};
use gantry_model::words::say;
use gantry_model::{Code, Incoming, Problem};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

/// The longest wait for one answer about an object.
const PATIENCE: Duration = Duration::from_secs(20);
/// Questions about objects at once.
const AT_ONCE: u32 = 16;
/// Questions about objects a second.
const PER_SECOND: u32 = 50;

/// What lies open, and what was refused and may be opened yet when a person says what it is.
#[derive(Debug, Default)]
pub(crate) struct Benches {
    last: u64,
    open: HashMap<String, Bench>,
    refused: HashMap<String, PathBuf>,
}

impl Engine {
    /// Opens a manifest. What is none is told in the answer, with what was seen.
    pub fn open_bench(&self, path: &Path) -> BenchDoor {
        let ask = |heads: &[String]| self.remembered_columns(heads).unwrap_or_default();
        self.open_as(path, &Wish { remembered: Some(&ask), ..Wish::default() })
    }

    /// It is a manifest without anybody saying so; opens it then.
    pub fn recognise_bench(&self, path: &Path) -> Option<BenchDoor> {
        let door = self.open_bench(path);
        if door.trouble.is_none() {
            return Some(door);
        }
        self.benches().refused.remove(&door.id);
        None
    }

    /// Opens what was refused, or reads anew what is open, as a person says. What is said of columns is kept by their heads.
    ///
    /// # Errors
    /// `bad_field` for an id that is none; what the disk says; `busy`.
    pub fn reopen_bench(&self, id: &str, form: Option<Form>, map: &Map) -> Result<BenchDoor, Problem> {
        let refused = self.benches().refused.get(id).cloned();
        let door = match refused {
            Some(path) => {
                let form = form.or(Some(Form::Urls).filter(|_| !map.is_empty()));
                let door = self.open_as(&path, &Wish { form, map, remembered: None });
                self.benches().refused.remove(id);
                door
            }
            None => {
                self.bench(id)?.reopen(form, map)?;
                BenchDoor { id: id.to_owned(), ..BenchDoor::default() }
            }
        };
        if let Ok(bench) = self.bench(&door.id)
            && !map.is_empty()
            && !bench.manifest().headless()
        {
            self.remember_columns(&bench.manifest().heads, map)?;
        }
        Ok(door)
    }

    /// The manifest that is known by this.
    ///
    /// # Errors
    /// `bad_field` when there is none.
    pub fn bench(&self, id: &str) -> Result<Bench, Problem> {
        self.benches().open.get(id).cloned().ok_or_else(|| Problem::new(Code::BadField, "bench").with("said", id))
    }

    /// The file of a manifest, open or refused.
    pub fn bench_path(&self, id: &str) -> Option<PathBuf> {
        let benches = self.benches();
        benches.open.get(id).map(|bench| bench.manifest().path.clone()).or_else(|| benches.refused.get(id).cloned())
    }

    /// Looks whether objects are there: of so many rows, or of all (0). `private` lets private networks be asked.
    ///
    /// # Errors
    /// As [`Engine::looking`] and [`Bench::look_up`].
    pub fn look_up_bench(&self, id: &str, sample: u64, private: bool) -> Result<(), Problem> {
        let looking = self.looking(private, PATIENCE, AT_ONCE, PER_SECOND)?;
        self.bench(id)?.look_up(looking, Some(sample).filter(|rows| *rows > 0))
    }

    /// Fills in sizes, into a new file.
    ///
    /// # Errors
    /// As [`Engine::looking`] and [`Bench::measure`].
    pub fn measure_bench(&self, id: &str, private: bool, to: PathBuf) -> Result<(), Problem> {
        let looking = self.looking(private, PATIENCE, AT_ONCE, PER_SECOND)?;
        self.bench(id)?.measure(looking, to)
    }

    /// Registers the rows of a manifest as they stand in its file, and gives the upload that they are.
    ///
    /// # Errors
    /// Repairs are planned and not saved; the file was changed; as [`Engine::take`].
    pub fn register_bench(&self, id: &str, register: Register) -> Result<String, Problem> {
        let bench = self.bench(id)?;
        let manifest = bench.manifest();
        manifest.unchanged()?;
        if bench.is_unsaved() {
            let said = say("bench-save-first", &[]);
            return Err(Problem::new(Code::BadField, "bench").with("said", said));
        }
        self.take_rows(&manifest, manifest.path.clone(), register)
    }

    /// Saves the rows as they will be into a new file, and registers those of that file; gives the upload that they are. None
    /// when the saving was stopped: then nothing was written, and nothing is registered.
    ///
    /// # Errors
    /// As [`Bench::save`]; the new file cannot be read back; as [`Engine::take`].
    pub fn save_and_register_bench(&self, id: &str, to: PathBuf, register: Register) -> Result<Option<String>, Problem> {
        let bench = self.bench(id)?;
        let manifest = bench.manifest();
        manifest.unchanged()?;
        if !bench.save_now(&to)? {
            return Ok(None);
        }
        // What is registered is what stands in the file, read as its original was read.
        let wish = Wish { form: Some(manifest.form()), map: &manifest.map, remembered: None };
        let saved = Manifest::open(&to, &wish, &(self.0.joint.dialects)())?;
        self.take_rows(&saved, to, register).map(Some)
    }

    fn take_rows(&self, manifest: &Manifest, path: PathBuf, register: Register) -> Result<String, Problem> {
        let rows = ManifestPlan { form: manifest.form().word().to_owned(), map: manifest.map.clone() };
        let connection = register.connection.clone();
        let plan =
            Plan { connection, register: Some(register), manifest: Some(rows), on_clash: "keep".into(), ..Plan::default() };
        self.take(Incoming { paths: vec![path], ..Incoming::default() }, plan, true, 0, 0)
    }

    /// Puts a manifest away. Nothing is written.
    pub fn close_bench(&self, id: &str) {
        let closed = self.benches().open.remove(id);
        self.benches().refused.remove(id);
        closed.iter().for_each(Bench::stop);
    }

    fn open_as(&self, path: &Path, wish: &Wish<'_>) -> BenchDoor {
        let scratch = self.0.home.folder().join("bench");
        let id = {
            let mut benches = self.benches();
            benches.last += 1;
            if benches.last == 1 {
                // What a run that was cut off left there.
                let _ = std::fs::remove_dir_all(&scratch);
            }
            format!("m{}", benches.last)
        };
        let Door { bench, view } = Bench::open(&id, path, wish, &(self.0.joint.dialects)(), scratch);
        let mut benches = self.benches();
        match bench {
            Some(bench) => drop(benches.open.insert(id, bench)),
            None => drop(benches.refused.insert(id, path.to_owned())),
        }
        view
    }

    fn benches(&self) -> MutexGuard<'_, Benches> {
        self.0.benches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
