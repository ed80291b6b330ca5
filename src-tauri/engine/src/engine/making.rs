//! A manifest of files that lie on this computer, with the addresses and names that an upload would give them. Nothing is
//! sent, nothing is kept; files that could not be sent are told and left out.

use super::{Engine, Joint};
use crate::looking::{Told, check_only};
use crate::manifest::{Aside, RowWriter};
use gantry_model::json::scan;
use gantry_model::manifest::{Dialect, Form, Layout, RowText};
use gantry_model::view::Plan;
use gantry_model::{Code, Connection, Entry, Incoming, Key, Problem, Rule, show};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// So many rows are held and sorted before they are written: folders tell their files in any order.
const BLOCK: usize = 50_000;
/// The columns of a table.
const HEADS: [&str; 4] = ["url", "key", "width", "height"];

/// What a manifest is made of, and where it goes.
#[derive(Clone, Debug)]
pub struct Making {
    /// The files.
    pub incoming: Incoming,
    /// The bucket, and how files are named in it.
    pub plan: Plan,
    /// Whose words; none for a table of our own columns.
    pub form: Option<Form>,
    /// How rows stand in it.
    pub layout: Layout,
    /// What is said of every row.
    pub metadata: Vec<(String, String)>,
    /// The new file.
    pub to: PathBuf,
    /// A person said that what is there may be replaced.
    pub replace: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MadeRows {
    /// Files that were met.
    pub files: u64,
    /// Rows that were written.
    pub written: u64,
}

impl Engine {
    /// Makes it; `None` when it was stopped, and then there is no file.
    ///
    /// # Errors
    /// A connection that is none of a bucket, or whose objects no platform could read; `output_there`; what the disks say.
    pub fn make_manifest(
        &self,
        making: Making,
        stop: &AtomicBool,
        told: &mut dyn FnMut(&Told<'_>, u64),
    ) -> Result<Option<MadeRows>, Problem> {
        let connection = self.0.connection(&making.plan.connection)?;
        let mut aside = Aside::create(&making.to, making.replace, std::path::Path::new(""))?;
        let mut maker = Maker::new(&self.0.joint, &connection, &making);
        let mut writer = RowWriter::new(&mut aside, making.layout).map_err(|error| maker.unwritable(&error))?;
        if making.form.is_none() {
            writer.record(maker.heads().iter().map(String::as_str)).map_err(|error| maker.unwritable(&error))?;
        }
        let files = maker.walk(&mut writer, stop, told)?;
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        writer.end().map_err(|error| maker.unwritable(&error))?;
        let written = maker.written;
        aside.finish()?;
        Ok(Some(MadeRows { files, written }))
    }
}

struct Maker<'m> {
    joint: &'m Joint,
    connection: &'m Connection,
    making: &'m Making,
    /// Rows by their keys.
    held: Vec<(String, Row)>,
    written: u64,
    trouble: Option<Problem>,
}

enum Row {
    Cells(Vec<String>),
    Text(String),
}

impl<'m> Maker<'m> {
    fn new(joint: &'m Joint, connection: &'m Connection, making: &'m Making) -> Self {
        Self { joint, connection, making, held: Vec::new(), written: 0, trouble: None }
    }

    fn heads(&self) -> Vec<String> {
        let known = self.making.metadata.iter().map(|(name, _)| format!("metadata.{name}"));
        HEADS.map(str::to_owned).into_iter().chain(known).collect()
    }

    /// Reads what was given, and writes a row for each file that could be sent; gives how many files there are.
    fn walk<W: Write>(
        &mut self,
        to: &mut RowWriter<'_, W>,
        stop: &AtomicBool,
        told: &mut dyn FnMut(&Told<'_>, u64),
    ) -> Result<u64, Problem> {
        let rules: Vec<&'static Rule> = (self.joint.rules)(&self.connection.kind).iter().collect();
        let (incoming, plan) = (self.making.incoming.clone(), &self.making.plan);
        let mut each = |one: Told<'_>| {
            if let Told::Ready { entry, key } = one
                && self.trouble.is_none()
                && !stop.load(Ordering::Relaxed)
            {
                self.row(entry, key, to);
            }
            told(&one, self.written);
        };
        let files = check_only(incoming, Vec::new(), rules, plan, stop, &mut each)?.files;
        self.flush(to);
        self.trouble.take().map_or(Ok(files), Err)
    }

    fn unwritable(&self, error: &std::io::Error) -> Problem {
        let path = show::path(self.making.to.as_os_str().as_encoded_bytes());
        Problem::new(Code::OutputUnwritable, "write").with("path", path).with("said", error.to_string())
    }

    fn row<W: Write>(&mut self, entry: &Entry, key: &str, to: &mut RowWriter<'_, W>) {
        match self.made(entry, key) {
            Ok(row) => {
                self.held.push((key.to_owned(), row));
                self.written += 1;
            }
            Err(problem) => self.trouble = Some(problem),
        }
        if self.held.len() >= BLOCK {
            self.flush(to);
        }
    }

    /// In the order of their keys, as lists of files stand everywhere.
    fn flush<W: Write>(&mut self, to: &mut RowWriter<'_, W>) {
        self.held.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        for (_, row) in std::mem::take(&mut self.held) {
            let wrote = match &row {
                Row::Cells(cells) => to.record(cells.iter().map(String::as_str)),
                Row::Text(text) => to.row(text),
            };
            if let Err(error) = wrote {
                self.trouble.get_or_insert(self.unwritable(&error));
                return;
            }
        }
    }

    fn made(&self, entry: &Entry, key: &str) -> Result<Row, Problem> {
        let platform = self.making.form.filter(|form| *form != Form::Urls).map_or("", Form::word);
        let url = (self.joint.web_url)(self.connection, &Key(key.to_owned()), platform)?;
        let name = (self.joint.row_key)(platform, self.connection.field("bucket"), key, &show::path(&entry.path));
        let size =
            [entry.media.width, entry.media.height].map(|pixels| if pixels > 0 { pixels.to_string() } else { String::new() });
        let dialect = (self.joint.dialects)().into_iter().find(|one| Some(one.form()) == self.making.form);
        Ok(match dialect {
            None => {
                let known = self.making.metadata.iter().map(|(_, value)| value.clone());
                let [width, height] = size;
                Row::Cells([url, name, width, height].into_iter().chain(known).collect())
            }
            Some(dialect) => Row::Text(self.written(&self.neutral(&url, &name, &size), dialect)),
        })
    }

    /// The row in our own words, as a table would say it.
    fn neutral(&self, url: &str, name: &str, size: &[String; 2]) -> String {
        let mut row = serde_json::json!({"url": url, "key": name});
        for (field, value) in ["width", "height"].into_iter().zip(size) {
            if let Ok(pixels) = value.parse::<u32>() {
                row[field] = pixels.into();
            }
        }
        for (name, value) in &self.making.metadata {
            row[format!("metadata.{name}")] = value.as_str().into();
        }
        row.to_string()
    }

    /// Neutral words in the words of a form.
    fn written(&self, neutral: &str, dialect: &dyn Dialect) -> String {
        let mut fields = Vec::new();
        let Ok(scanned) = scan(neutral.as_bytes(), 0, &mut fields) else { return String::new() };
        let row = RowText { text: neutral, value: scanned.span, fields: &fields, table: true };
        let urls = (self.joint.dialects)().into_iter().find(|one| one.form() == Form::Urls);
        urls.map(|urls| dialect.write(&urls.read(&row), Form::Urls).text).unwrap_or_default()
    }
}
