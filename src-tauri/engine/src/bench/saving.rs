//! New files: the rows as they will be, in their own form, in another one, or as the assets of a template. Each is written
//! aside first and never over the file that is open.

use super::Bench;
use super::opening::name;
use super::settled::Keeping;
use super::weighing::to_form;
use crate::manifest::{Aside, Template, build, convert_watched, layout_of};
use gantry_model::manifest::Layout;
use gantry_model::view::{BenchDone, BenchTemplate};
use gantry_model::{Code, Problem, show};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The work of writing a new file.
const SAVING: &str = "saving";
/// Assets of a preview.
const PREVIEW: u64 = 10;
/// Characters of an asset that are shown.
const SHOWN: usize = 4000;

impl Bench {
    /// Saves all rows, or (`good`) those that can be used. A person chose the name, and said yes to what it replaces.
    ///
    /// # Errors
    /// `output_there` for the file that is open; `busy`. What the disks say later is in the view.
    pub fn save(&self, to: PathBuf, good: bool) -> Result<(), Problem> {
        let keeping = if good { Keeping::Good } else { Keeping::Left };
        self.work(SAVING, move |bench, stop| bench.save_all(&to, keeping, stop))
    }

    /// Saves all rows that are not taken out, and waits for the end. False when somebody stopped it: nothing was written then.
    ///
    /// # Errors
    /// As [`Bench::save`]; what the disks say.
    pub fn save_now(&self, to: &Path) -> Result<bool, Problem> {
        Ok(self.work_here(SAVING, |bench, stop| bench.save_all(to, Keeping::Left, stop))?.is_some())
    }

    fn save_all(&self, to: &Path, keeping: Keeping, stop: &AtomicBool) -> Result<Option<BenchDone>, Problem> {
        let manifest = self.manifest();
        let mut aside = Aside::create(to, true, &manifest.path)?;
        let written = self.write(&manifest, &mut aside, keeping, stop)?;
        if !finish(aside, stop)? {
            return Ok(None);
        }
        let (rows, mended, left_out, broken) = (written.rows, written.mended, written.left_out, written.broken);
        Ok(Some(BenchDone { kind: "saved".into(), name: name(to), rows, mended, left_out, broken, ..BenchDone::default() }))
    }

    /// Turns it into another form; `csv` is a table of our own columns.
    ///
    /// # Errors
    /// As [`Bench::save`]; `bad_field` for a form that is none, or that the name of the file does not fit.
    pub fn convert(&self, word: &str, to: PathBuf) -> Result<(), Problem> {
        let (word, dialect) = (word.to_owned(), to_form(&self.0.dialects, word)?);
        let layout = fitting(&to, &word)?;
        self.work("converting", move |bench, stop| {
            let settled = bench.settled(stop, Keeping::Left)?;
            let mut aside = Aside::create(&to, true, &bench.manifest().path)?;
            let sum = convert_watched(&settled.manifest, dialect, layout, Some(&mut aside), stop, &bench.0.worked)?;
            if !finish(aside, stop)? {
                return Ok(None);
            }
            let done = BenchDone { kind: "converted".into(), name: name(&to), to: word, ..BenchDone::default() };
            Ok(Some(super::weighing::counted(done, sum)))
        })
    }

    /// Saves which fields another form has no place for, and in how many rows, as CSV.
    ///
    /// # Errors
    /// Nothing was converted or weighed; `output_there`, `output_unwritable`.
    pub fn save_left(&self, to: &Path) -> Result<(), Problem> {
        let done = self.state().done.clone().filter(|done| !done.left.is_empty());
        let done = done.ok_or_else(|| Problem::new(Code::BadField, "left").with("said", "nothing"))?;
        let mut aside = Aside::create(to, true, &self.manifest().path)?;
        let mut text = String::from("field,rows\r\n");
        for (field, rows) in &done.left {
            text.push_str(&format!("{},{rows}\r\n", crate::receipts::csv_cell(field)));
        }
        std::io::Write::write_all(&mut aside, text.as_bytes()).map_err(|error| aside.trouble(&error))?;
        aside.finish()
    }

    /// Makes assets of a table.
    ///
    /// # Errors
    /// As [`Bench::save`]; `bad_field` for what is wrong with the template.
    pub fn build(&self, template: &BenchTemplate, to: PathBuf) -> Result<(), Problem> {
        self.preview(template)?;
        let template = typed(template);
        self.work("building", move |bench, stop| {
            let manifest = bench.manifest();
            let mut aside = Aside::create(&to, true, &manifest.path)?;
            let built = build(&manifest, &template, u64::MAX, Some(&mut aside), stop, &mut |_| {})?;
            if !finish(aside, stop)? {
                return Ok(None);
            }
            let (rows, broken) = (built.written, built.broken);
            Ok(Some(BenchDone { kind: "built".into(), name: name(&to), rows, broken, ..BenchDone::default() }))
        })
    }

    /// The first ten assets.
    ///
    /// # Errors
    /// `bad_field` for what is wrong with the template; what the disk says.
    pub fn preview(&self, template: &BenchTemplate) -> Result<Vec<String>, Problem> {
        let manifest = self.manifest();
        if manifest.heads.is_empty() || manifest.headless() {
            let said = gantry_model::words::say("bench-build-no-table", &[]);
            return Err(Problem::new(Code::BadField, "build").with("said", said));
        }
        let mut assets = Vec::new();
        let mut told = |asset: &str| assets.push(show::text(&asset.chars().take(SHOWN).collect::<String>()));
        build(&manifest, &typed(template), PREVIEW, None, &AtomicBool::new(false), &mut told)?;
        Ok(assets)
    }
}

fn typed(template: &BenchTemplate) -> Template {
    let BenchTemplate { html, key, context, storage, batches } = template.clone();
    let storage = storage.into_iter().filter(|(_, id)| !id.trim().is_empty()).collect();
    Template { html, key, context, storage, batches }
}

/// Gives a file its name, unless it was stopped: then it is gone.
pub(super) fn finish(aside: Aside, stop: &AtomicBool) -> Result<bool, Problem> {
    if stop.load(Ordering::Relaxed) {
        return Ok(false);
    }
    aside.finish().map(|()| true)
}

/// How rows stand in a file of this name: a platform's form is JSON, a table is a table.
pub(crate) fn fitting(to: &Path, word: &str) -> Result<Layout, Problem> {
    let layout = layout_of(to);
    let fits = match word {
        "csv" => layout.delimiter().is_some(),
        "urls" => matches!(layout, Layout::Plain | Layout::List | Layout::Lines),
        _ => matches!(layout, Layout::List | Layout::Lines),
    };
    if fits {
        return Ok(layout);
    }
    let said = gantry_model::words::say("bench-other-ending", &[]);
    Err(Problem::new(Code::BadField, "convert").with("said", said))
}
