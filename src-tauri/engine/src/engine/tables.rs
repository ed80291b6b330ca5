//! Tables about the files of an upload: found among what was given or named beside it, read once into the journal.
//! A table that is used is not sent. One that cannot be used whole stands in the way: nothing goes without what it says.

use super::House;
use super::delivering::source_of;
use crate::journal::{StoredUpload, UploadId, path_to_bytes};
use crate::table::{self, Found, Head, Names, Trouble, Wishes};
use gantry_model::table::TableUse;
use gantry_model::view::{Table, TableWish};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, show};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Files that are taken from the journal at a time.
const STRETCH: usize = 5000;
/// More tables than this are no tables about the files, whatever they name: they are files that belong together.
const MOST_TABLES: usize = 16;
/// Files whose beginning is looked at.
const MOST_LOOKED: usize = 10_000;

/// A file that may be a table.
struct Candidate {
    path: String,
    source: PathBuf,
    ord: Option<u64>,
    usage: TableUse,
}

/// A table that is about to be read.
pub(super) struct Opened {
    pub table: Table,
    pub source: PathBuf,
    pub head: Option<Head>,
    /// The column that names files.
    pub names: usize,
}

impl House {
    /// Finds the tables of an upload and reads those that are used. Stopped in between, it leaves the upload unread.
    pub(super) fn tell_tables(&self, upload: &UploadId, stop: &dyn Fn() -> bool) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        let candidates = self.candidates(&stored)?;
        let mut opened: Vec<Opened> = Vec::new();
        let mut names = Names::default();
        if stored.begun.plan.register.is_none() {
            opened.extend(candidates.into_iter().filter(|one| one.usage == TableUse::About).map(without_platform));
        } else if !candidates.is_empty() {
            names = self.names(upload)?;
            let before = self.remembered();
            for candidate in candidates {
                if stop() {
                    return Ok(());
                }
                opened.extend(self.open_table(&stored, &names, &before, candidate)?);
            }
        }
        not_too_many(&mut opened);
        columns_are_there(&stored.begun.plan.tables, &opened)?;
        let left_out = opened.iter().filter(|one| one.table.used).filter_map(|one| one.table.ord).collect();
        self.journal.begin_tables(upload, left_out)?;
        for (n, one) in (0..).zip(&mut opened) {
            if one.table.used && one.table.trouble.is_empty() {
                self.read_table(upload, n, one, &names, stop)?;
            }
            if stop() {
                return Ok(());
            }
        }
        self.journal.set_tables(upload, opened.into_iter().map(|one| one.table).collect())
    }

    /// Whether something among what was given, or beside it, may be a table.
    fn candidates(&self, stored: &StoredUpload) -> Result<Vec<Candidate>, Problem> {
        let (wishes, contents) = (&stored.begun.plan.tables, stored.begun.incoming.contents);
        let roots = self.journal.roots(&stored.id)?;
        let usage = |path: &str| wishes.iter().rev().find(|wish| wish.path == path).map(|wish| wish.usage);
        let general = usage("").unwrap_or_default();
        let mut found: Vec<Candidate> = Vec::new();
        for source in &stored.begun.incoming.tables {
            let inside = self.inside(stored, &roots, source)?;
            let path = match &inside {
                Some((_, path)) => show::path(path),
                None => free_name(source, &found),
            };
            let usage = usage(&path).filter(|usage| *usage != TableUse::Found).unwrap_or(TableUse::About);
            found.push(Candidate { path, source: source.clone(), ord: inside.map(|(ord, _)| ord), usage });
        }
        for (ord, root, path) in self.journal.table_files(&stored.id, MOST_LOOKED)? {
            let shown = show::path(&path);
            let usage = usage(&shown).filter(|usage| *usage != TableUse::Found).unwrap_or(general);
            let Some(root) = roots.get(root as usize).filter(|_| !found.iter().any(|one| one.ord == Some(ord))) else { continue };
            if usage != TableUse::File || wishes.iter().any(|wish| wish.path == shown) {
                found.push(Candidate { path: shown, source: source_of(root, &path, contents), ord: Some(ord), usage });
            }
        }
        Ok(found)
    }

    /// The file of the upload that lies at this place.
    fn inside(&self, stored: &StoredUpload, roots: &[PathBuf], source: &Path) -> Result<Option<(u64, Vec<u8>)>, Problem> {
        for root in roots {
            let base = source_of(root, b"", stored.begun.incoming.contents);
            let Ok(below) = source.strip_prefix(&base) else { continue };
            let path = path_to_bytes(below);
            if let Some(ord) = self.journal.file_at(&stored.id, &path)? {
                return Ok(Some((ord, path)));
            }
        }
        Ok(None)
    }

    fn names(&self, upload: &UploadId) -> Result<Names, Problem> {
        let mut names = Names::default();
        let mut after = None;
        loop {
            let stretch = self.journal.paths(upload, after, STRETCH)?;
            let Some((last, _)) = stretch.last() else { break };
            after = Some(*last);
            stretch.iter().for_each(|(ord, path)| names.add(*ord, path));
        }
        names.seal();
        Ok(names)
    }

    /// What the beginning of a table shows; `None` where it is a file like the others.
    fn open_table(
        &self,
        stored: &StoredUpload,
        names: &Names,
        before: &HashMap<Vec<String>, Vec<String>>,
        candidate: Candidate,
    ) -> Result<Option<Opened>, Problem> {
        let Candidate { path, source, ord, usage } = candidate;
        let mut table = Table { path, inside: ord.is_some(), ord, used: usage == TableUse::About, ..Table::default() };
        table.why = if usage == TableUse::File { "file" } else { "asked" }.into();
        let head = match open(&source).map_err(unreadable).and_then(table::look) {
            Ok(head) => head,
            Err(trouble) if usage == TableUse::About => {
                put_trouble(&mut table, trouble);
                return Ok(Some(Opened { table, source, head: None, names: 0 }));
            }
            Err(_) => return Ok(None),
        };
        let wishes = wishes_about(stored, &table.path, &head, before);
        let found = self
            .journal
            .with_paths(&stored.id, |path_of| table::found(&head, &wishes, &mut |value| names.fit(value, path_of)))?;
        if usage != TableUse::About && !found.is_about_files() {
            return Ok(None);
        }
        if usage == TableUse::Found {
            let headless = found.trouble.as_ref().is_some_and(|trouble| trouble.word == "no_header");
            table.used = !headless;
            table.why = if headless { "no_header" } else { "names" }.into();
        }
        let names = found.names.unwrap_or_default();
        put_found(&mut table, found);
        Ok(Some(Opened { table, source, head: Some(head), names }))
    }
}

/// What the person said of its columns, now and before.
fn wishes_about(stored: &StoredUpload, path: &str, head: &Head, before: &HashMap<Vec<String>, Vec<String>>) -> Wishes {
    let mine = stored.begun.plan.tables.iter().filter(|wish| wish.path.is_empty() || wish.path == path);
    let now = mine.flat_map(|wish| wish.columns.iter().cloned()).collect();
    Wishes { now, before: before.get(&head.header).cloned().unwrap_or_default() }
}

fn without_platform(candidate: Candidate) -> Opened {
    let Candidate { path, source, ord, .. } = candidate;
    let table = Table { path, inside: ord.is_some(), why: "no_platform".into(), ..Table::default() };
    Opened { table, source, head: None, names: 0 }
}

/// The name of a table that lies elsewhere; a second one of a name has a number.
fn free_name(source: &Path, others: &[Candidate]) -> String {
    let name = show::path(source.file_name().unwrap_or_default().as_encoded_bytes());
    let mut free = name.clone();
    let mut turn = 2;
    while others.iter().any(|other| other.path == free) {
        free = format!("{name} ({turn})");
        turn += 1;
    }
    free
}

/// Many tables that name files are part of what is given, such as one for each picture.
fn not_too_many(opened: &mut [Opened]) {
    let by_itself = |one: &Opened| one.table.used && one.table.why == "names";
    if opened.iter().filter(|one| by_itself(one)).count() <= MOST_TABLES {
        return;
    }
    for one in opened.iter_mut().filter(|one| by_itself(one)) {
        one.table.used = false;
        one.table.why = "many".into();
    }
}

/// A column that was named for every table, and that none has, is a slip of the pen: nothing is read on.
fn columns_are_there(wishes: &[TableWish], opened: &[Opened]) -> Result<(), Problem> {
    let has = |header: &str| {
        let columns = opened.iter().filter(|one| one.table.used).flat_map(|one| &one.table.columns);
        columns.into_iter().any(|column| column.header.eq_ignore_ascii_case(header))
    };
    let general = wishes.iter().filter(|wish| wish.path.is_empty()).flat_map(|wish| &wish.columns);
    let mut general = general.map(|(header, _)| header).filter(|header| !has(header));
    // A table that could not be opened says by itself what is wrong.
    let Some(header) = general.next().filter(|_| !opened.iter().any(|one| one.table.stands_in_the_way())) else { return Ok(()) };
    let said = say("table-no-column", &[("name", Value::Text(&show::text(header)))]);
    Err(Problem::new(Code::TableBroken, "tables").with("said", said))
}

/// Opens a regular file only: a pipe would keep the reader waiting.
pub(super) fn open(source: &Path) -> io::Result<File> {
    if std::fs::metadata(source)?.is_file() { File::open(source) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

pub(super) fn unreadable(error: io::Error) -> Trouble {
    Trouble { word: "unreadable", line: 0, said: error.to_string() }
}

pub(super) fn put_trouble(table: &mut Table, trouble: Trouble) {
    table.trouble = trouble.word.into();
    (table.line, table.detail) = (trouble.line, trouble.said);
}

fn put_found(table: &mut Table, found: Found) {
    (table.looked, table.columns) = (found.looked, found.columns);
    if let Some(trouble) = found.trouble {
        put_trouble(table, trouble);
    }
}
