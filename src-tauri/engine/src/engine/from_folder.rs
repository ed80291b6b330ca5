//! A manifest made from a folder, in the window: the folder is picked, then the bucket and the form, then the new file; it
//! opens when it is written.

use super::Engine;
use super::making::Making;
use crate::bench::fitting;
use crate::check::{self, FILE_RULES, by_id};
use crate::looking::Told;
use gantry_model::manifest::Form;
use gantry_model::view::{BenchFolder, BenchMade, BenchMaking};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Incoming, Problem, Rule, Severity, show};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A folder that was picked, and how far the making is.
#[derive(Debug, Default)]
pub(crate) struct FromFolder {
    picked: Option<PathBuf>,
    now: Arc<Under>,
}

#[derive(Debug, Default)]
struct Under {
    files: AtomicU64,
    written: AtomicU64,
    stop: AtomicBool,
}

impl Engine {
    /// A folder was picked; what people are told of it.
    pub fn pick_bench_folder(&self, path: &Path) -> BenchFolder {
        self.folder_making().picked = Some(path.to_owned());
        folder(path)
    }

    /// Where the new file goes when nobody says otherwise: beside the folder, called like it.
    pub fn picked_bench_folder(&self) -> Option<PathBuf> {
        self.folder_making().picked.clone()
    }

    /// Makes a manifest of the picked folder, with the addresses that its files would have in this bucket, and opens it.
    /// `form` is a word of a form, or `csv`. `None` when it was stopped. May block for long.
    ///
    /// # Errors
    /// No folder was picked; as [`Engine::make_manifest`].
    pub fn bench_from_folder(
        &self,
        connection: &str,
        prefix: &str,
        form: &str,
        to: PathBuf,
    ) -> Result<Option<BenchMade>, Problem> {
        let now = Arc::new(Under::default());
        let picked = {
            let mut from = self.folder_making();
            from.now = Arc::clone(&now);
            from.picked.clone()
        };
        let picked = picked.ok_or_else(|| Problem::new(Code::BadField, "folder").with("said", say("bench-no-folder", &[])))?;
        let making = self.making(picked, (connection, prefix), form, to)?;
        let to = making.to.clone();
        let mut left: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut told = |one: &Told<'_>, written: u64| {
            now.written.store(written, Ordering::Relaxed);
            match one {
                Told::Progress { files, .. } => now.files.store(*files, Ordering::Relaxed),
                Told::Finding { rule, severity: Severity::Blocked, .. } => *left.entry(*rule).or_default() += 1,
                _ => {}
            }
        };
        let Some(made) = self.make_manifest(making, &now.stop, &mut told)? else { return Ok(None) };
        let left = left.into_iter().map(|(rule, count)| (self.sentence(connection, rule, count), count)).collect();
        Ok(Some(BenchMade { door: self.open_bench(&to), files: made.files, written: made.written, left }))
    }

    /// How far the making is.
    pub fn bench_making(&self) -> BenchMaking {
        let now = Arc::clone(&self.folder_making().now);
        BenchMaking { files: now.files.load(Ordering::Relaxed), written: now.written.load(Ordering::Relaxed) }
    }

    /// Stops the making; no file is left behind.
    pub fn stop_bench_making(&self) {
        self.folder_making().now.stop.store(true, Ordering::Relaxed);
    }

    fn making(&self, picked: PathBuf, (name, prefix): (&str, &str), form: &str, to: PathBuf) -> Result<Making, Problem> {
        let connection = self.0.connection(name)?;
        if connection.kind != "s3" {
            return Err(Problem::new(Code::BadField, "folder").with("said", say("bench-folder-bucket", &[])));
        }
        let mut plan = self.default_plan();
        name.clone_into(&mut plan.connection);
        let parts = [connection.field("prefix").trim_matches('/'), prefix.trim().trim_matches('/')];
        plan.prefix = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        if plan.names.contains("{sha256}") {
            return Err(Problem::new(Code::BadField, "folder").with("said", say("console-manifest-sha256", &[])));
        }
        let layout = fitting(&to, form)?;
        let incoming = Incoming { paths: vec![picked], include_hidden: plan.include_hidden, ..Incoming::default() };
        Ok(Making { incoming, plan, form: Form::from_word(form), layout, metadata: Vec::new(), to, replace: true })
    }

    /// What so many files break.
    fn sentence(&self, connection: &str, id: &str, count: u64) -> String {
        let kind = self.0.connection(connection).map(|known| known.kind).unwrap_or_default();
        let rules: Vec<&'static Rule> = (self.0.joint.rules)(&kind).iter().chain(FILE_RULES).collect();
        let value = by_id(id, &rules).map(check::value).unwrap_or_default();
        say(&format!("rule-{id}"), &[("count", Value::Count(count)), ("value", Value::Text(&value))])
    }

    fn folder_making(&self) -> std::sync::MutexGuard<'_, FromFolder> {
        let from: &Mutex<FromFolder> = &self.0.from_folder;
        from.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn folder(path: &Path) -> BenchFolder {
    let name = path.file_name().unwrap_or(path.as_os_str());
    BenchFolder { name: show::path(name.as_encoded_bytes()) }
}
