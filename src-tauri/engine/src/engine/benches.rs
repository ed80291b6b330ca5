//! Manifests that are open in the window, by their ids.

use super::Engine;
use crate::bench::{Bench, Door, RowPicture};
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
/// A day.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Questions for pictures a second: two are enough for one.
const PICTURES: u32 = 20;

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

    /// Shows pictures of rows, or asks for no more of them. `private` lets private networks be asked.
    ///
    /// # Errors
    /// `bad_field` for an id that is none; as [`Engine::looking`].
    pub fn show_bench_pictures(&self, id: &str, on: bool, private: bool) -> Result<(), Problem> {
        let bench = self.bench(id)?;
        if on {
            bench.show_pictures(self.looking(private, PATIENCE, AT_ONCE, PICTURES)?, private);
        } else {
            bench.hide_pictures();
        }
        Ok(())
    }

    /// The small picture of a row; `side` is its longest side in pixels. May block until it is fetched.
    ///
    /// # Errors
    /// As [`Bench::picture`].
    pub fn bench_picture(&self, id: &str, row: u64, side: u32) -> Result<RowPicture, Problem> {
        self.bench(id)?.picture(row, side, &self.0.thumbs)
    }

    /// Whether signatures can be made anew: the buckets of their addresses are connected, at least of some.
    ///
    /// # Errors
    /// As [`Engine::signing`] and [`Bench::can_sign`].
    pub fn can_sign_bench(&self, id: &str, about: &str) -> Result<bool, Problem> {
        let bench = self.bench(id)?;
        self.signing(DAY)?.map_or(Ok(false), |signing| bench.can_sign(about, &signing))
    }

    /// Plans that addresses are signed anew, for so many days: 1 to 7. Nothing is written.
    ///
    /// # Errors
    /// As [`Engine::signing`] and [`Bench::sign`]; `connection_missing` where no bucket is connected.
    pub fn sign_bench(&self, id: &str, about: &str, days: u32) -> Result<(), Problem> {
        let signing = self.signing(DAY * days.clamp(1, 7))?;
        let signing = signing.ok_or_else(|| Problem::new(Code::ConnectionMissing, "sign").with("connection", "s3"))?;
        self.bench(id)?.sign(about, signing)
    }

    /// Asks a platform's workspace about the metadata of all rows.
    ///
    /// # Errors
    /// As [`Engine::misfits`] and [`Bench::ask`].
    pub fn ask_about_bench(&self, id: &str, connection: &str) -> Result<(), Problem> {
        let ask = self.misfits(connection, "")?;
        self.bench(id)?.ask(connection, ask)
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
