//! Opening a manifest: what its bytes are, how rows stand in it, whose words they are written in, and why we think so.

mod columns;
mod refusing;

use super::encoding::{Decoder, Encoding};
use super::pieces::{Broken, Piece};
use super::reader::{Columns, Reader};
use gantry_model::json::{Kind, scan};
use gantry_model::manifest::{Dialect, Form, Layout};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, show};
use refusing::{no_manifest, no_row, shown, trouble};
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Rows that are looked at to recognise the form.
const LOOKED_AT: u64 = 20;
/// Bytes that are looked at to recognise the layout.
const HEAD: u64 = 64 << 10;

/// Columns of a table by their head or number, and the fields that they are.
pub type Map = Vec<(String, String)>;

/// Says what the columns of a table with these heads were taken for before.
pub type Remembered<'a> = dyn Fn(&[String]) -> Map + 'a;

/// What a person said about a manifest before it is opened.
#[derive(Clone, Copy, Default)]
pub struct Wish<'a> {
    /// Whose words; recognised otherwise.
    pub form: Option<Form>,
    /// What columns are; of those that are not named, the form knows some by their heads.
    pub map: &'a [(String, String)],
    /// Asked where nothing is said: what a person said of a table with these heads before.
    pub remembered: Option<&'a Remembered<'a>>,
}

/// A manifest that was recognised. Its rows are read anew by each [`Manifest::rows`].
#[derive(Debug)]
pub struct Manifest {
    /// Where it is.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// How its text is encoded.
    pub encoding: Encoding,
    /// How rows stand in it.
    pub layout: Layout,
    /// Whose words it is written in.
    pub dialect: &'static dyn Dialect,
    /// The fields that speak for it; empty where a person said so.
    pub why: Vec<String>,
    /// What a person said that columns are, now or before.
    pub map: Map,
    /// The heads of its columns, when it is a table.
    pub heads: Vec<String>,
    /// What each column is, in the form's words.
    pub columns: Columns,
    headless: bool,
    stamp: Stamp,
}

/// What tells a file from a changed one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<std::time::SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl Manifest {
    /// Opens and recognises a manifest.
    ///
    /// # Errors
    /// `source_gone`, `source_unreadable`, `source_not_a_file`; `not_a_manifest` with the reason in the fact `said`.
    pub fn open(path: &Path, wish: &Wish<'_>, dialects: &[&'static dyn Dialect]) -> Result<Self, Problem> {
        let metadata = std::fs::metadata(path).map_err(|error| trouble(path, &error))?;
        if !metadata.is_file() {
            return Err(Problem::new(Code::SourceNotAFile, "manifest").with("path", shown(path)));
        }
        let mut head = Vec::new();
        let mut file = File::open(path).map_err(|error| trouble(path, &error))?;
        file.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| trouble(path, &error))?;
        let encoding = Encoding::of(&head);
        let text = decoded(&head, encoding);
        let layout = layout(path, &text).map_err(|said| no_manifest(path, &said))?;
        let mut opened = Self {
            path: path.to_owned(),
            bytes: metadata.len(),
            encoding,
            layout,
            dialect: dialects.first().copied().ok_or_else(|| Problem::new(Code::Bug, "manifest"))?,
            why: Vec::new(),
            map: Map::new(),
            heads: Vec::new(),
            columns: Vec::new(),
            headless: false,
            stamp: Stamp::of(&metadata),
        };
        if layout.delimiter().is_some() {
            opened.read_head().map_err(|error| trouble(path, &error))?;
        }
        let remembered = wish.remembered.filter(|_| wish.map.is_empty() && !opened.heads.is_empty() && !opened.headless);
        let map = remembered.map_or_else(|| wish.map.to_vec(), |ask| ask(&opened.heads));
        let wish = Wish { map: &map, ..*wish };
        opened.recognise(&wish, dialects)?;
        opened.name_columns(&map)?;
        opened.map = map;
        Ok(opened)
    }

    /// Its rows from the first one on.
    ///
    /// # Errors
    /// As [`Manifest::open`]; `source_changed` when it is not the file any more that was opened.
    pub fn rows(&self) -> Result<Reader<File>, Problem> {
        let file = File::open(&self.path).map_err(|error| trouble(&self.path, &error))?;
        let metadata = file.metadata().map_err(|error| trouble(&self.path, &error))?;
        self.same(&metadata)?;
        let from = Decoder::new(file, self.encoding);
        Ok(self.named(Reader::new(from, self.layout, self.columns.clone(), self.headless)))
    }

    /// Its rows with every column under its own head.
    ///
    /// # Errors
    /// As [`Manifest::rows`].
    pub fn rows_raw(&self) -> Result<Reader<File>, Problem> {
        let file = File::open(&self.path).map_err(|error| trouble(&self.path, &error))?;
        let columns = self.heads.iter().cloned().map(Some).collect();
        Ok(Reader::new(Decoder::new(file, self.encoding), self.layout, columns, self.headless))
    }

    /// The one row that begins at this byte of the file, and perhaps what follows it. Only for UTF-8.
    ///
    /// # Errors
    /// What the disk says.
    pub fn rows_from(&self, offset: u64) -> Result<Reader<File>, Problem> {
        let mut file = File::open(&self.path).map_err(|error| trouble(&self.path, &error))?;
        file.seek(SeekFrom::Start(offset)).map_err(|error| trouble(&self.path, &error))?;
        Ok(self.named(Reader::at_row(Decoder::new(file, Encoding::Utf8(false)), self.layout, self.columns.clone())))
    }

    /// The reader knows by which field rows are found again.
    pub(super) fn named(&self, reader: Reader<File>) -> Reader<File> {
        reader.named_by(self.dialect.key_field())
    }

    /// It is still the file that was opened. Asked when a pass has ended.
    ///
    /// # Errors
    /// `source_changed`, or what the disk says.
    pub fn unchanged(&self) -> Result<(), Problem> {
        self.same(&std::fs::metadata(&self.path).map_err(|error| trouble(&self.path, &error))?)
    }

    /// What the disk said while rows were read.
    pub fn trouble(&self, error: &io::Error) -> Problem {
        trouble(&self.path, error)
    }

    /// Heads of columns that are nothing in this form.
    pub fn unused_columns(&self) -> Vec<&str> {
        let unused = self.heads.iter().zip(&self.columns).filter(|(_, field)| field.is_none());
        unused.map(|(head, _)| head.as_str()).collect()
    }

    /// The form.
    pub fn form(&self) -> Form {
        self.dialect.form()
    }

    /// The first record of a table is a row of it.
    pub fn headless(&self) -> bool {
        self.headless
    }

    pub(super) fn same(&self, metadata: &Metadata) -> Result<(), Problem> {
        if Stamp::of(metadata) == self.stamp {
            return Ok(());
        }
        Err(Problem::new(Code::SourceChanged, "manifest").with("path", shown(&self.path)))
    }

    fn read_head(&mut self) -> io::Result<()> {
        let mut reader = Reader::new(Decoder::new(File::open(&self.path)?, self.encoding), self.layout, Vec::new(), false);
        self.heads = reader.head()?;
        if self.heads.iter().any(|head| is_address(head)) {
            self.headless = true;
            self.heads = (1..=self.heads.len()).map(|number| number.to_string()).collect();
        }
        self.columns = self.heads.iter().map(|head| Some(head.clone())).collect();
        Ok(())
    }

    /// Lets the first rows speak.
    fn recognise(&mut self, wish: &Wish<'_>, dialects: &[&'static dyn Dialect]) -> Result<(), Problem> {
        let mut reader = self.rows()?;
        let mut votes: Vec<(u64, Vec<String>)> = vec![(0, Vec::new()); dialects.len()];
        let (mut rows, mut pieces, mut first_mistake) = (0, 0, None);
        let mut fields = Vec::new();
        while pieces < LOOKED_AT {
            pieces += 1;
            match reader.piece().map_err(|error| trouble(&self.path, &error))? {
                None => break,
                Some(Piece::Broken(broken)) => first_mistake = first_mistake.or(Some(broken)),
                Some(Piece::Row(row)) => {
                    rows += 1;
                    if fields.is_empty() {
                        fields = row.text.fields().map(|(name, _)| name.into_owned()).collect();
                    }
                    for (vote, dialect) in votes.iter_mut().zip(dialects) {
                        let evidence = dialect.evidence(&row.text);
                        vote.0 += u64::from(!evidence.is_empty());
                        if vote.1.is_empty() {
                            vote.1 = evidence;
                        }
                    }
                }
            }
        }
        let ended = pieces < LOOKED_AT;
        self.judge_shape(wish, rows, ended, first_mistake.as_ref())?;
        self.elect(wish, dialects, &mut votes, &fields)
    }

    /// What is no list of rows at all.
    fn judge_shape(&self, wish: &Wish<'_>, rows: u64, ended: bool, mistake: Option<&Broken>) -> Result<(), Problem> {
        let refuse = |said: String| Err(no_manifest(&self.path, &said));
        let lines = self.path.extension().is_some_and(|ext| ext != "json");
        if self.layout == Layout::Lines && rows + u64::from(mistake.is_some()) == 1 && ended && !lines {
            return match mistake {
                Some(broken) if broken.wrong.is_some() => Err(no_row(&self.path, broken)),
                _ => refuse(say("manifest-no-object", &[])),
            };
        }
        if rows > 0 || wish.form.is_some() {
            return Ok(());
        }
        match mistake {
            Some(broken) => Err(no_row(&self.path, broken)),
            None => refuse(say("manifest-no-rows", &[])),
        }
    }

    fn elect(
        &mut self,
        wish: &Wish<'_>,
        dialects: &[&'static dyn Dialect],
        votes: &mut [(u64, Vec<String>)],
        fields: &[String],
    ) -> Result<(), Problem> {
        if let Some(form) = wish.form {
            self.dialect = dialects.iter().copied().find(|one| one.form() == form).unwrap_or(self.dialect);
            return Ok(());
        }
        // Between two that see as much, the one that is named first.
        let best = (0..votes.len()).rev().max_by_key(|at| (votes[*at].0, votes[*at].1.len()));
        match best.filter(|at| votes[*at].0 > 0) {
            Some(at) => {
                self.dialect = dialects[at];
                self.why = std::mem::take(&mut votes[at].1);
                Ok(())
            }
            // Who says what the columns are says enough.
            None if !wish.map.is_empty() => {
                self.dialect = dialects.iter().copied().find(|one| one.form() == Form::Urls).unwrap_or(self.dialect);
                Ok(())
            }
            None => {
                let known: Vec<String> = fields.iter().take(12).map(|field| show::text(field)).collect();
                let id = if known.is_empty() { "manifest-no-form" } else { "manifest-no-form-fields" };
                Err(no_manifest(&self.path, &say(id, &[("fields", Value::Text(&known.join(", ")))])))
            }
        }
    }

    /// What the columns are: as the person says, else as the form reads their heads.
    fn name_columns(&mut self, map: &[(String, String)]) -> Result<(), Problem> {
        if self.layout.delimiter().is_none() {
            return Ok(());
        }
        self.columns = columns::read(self.dialect, &self.heads);
        for (head, field) in map {
            let number = head.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let named = self.heads.iter().position(|known| known == head);
            let Some(at) = named.or(number).filter(|at| *at < self.heads.len()) else {
                let heads = self.heads.join(", ");
                let values = [("column", Value::Text(head)), ("heads", Value::Text(&heads))];
                return Err(Problem::new(Code::BadField, "map").with("said", say("manifest-no-column", &values)));
            };
            let known = columns::field(self.dialect, field);
            let Some(known) = known.or_else(|| field.is_empty().then(String::new)) else {
                let said = say("manifest-no-field", &[("field", Value::Text(field))]);
                return Err(Problem::new(Code::BadField, "map").with("said", said));
            };
            // What a person says takes the field from a column whose head only looked like it.
            self.columns.iter_mut().filter(|column| column.as_deref() == Some(&*known)).for_each(|column| *column = None);
            self.columns[at] = Some(known).filter(|known| !known.is_empty());
        }
        if self.headless && map.is_empty() {
            self.address_column()?;
        }
        Ok(())
    }

    /// Without heads, the column of addresses is known by its content.
    fn address_column(&mut self) -> Result<(), Problem> {
        let mut reader = self.rows_raw()?;
        let Some(Piece::Row(row)) = reader.piece().map_err(|error| trouble(&self.path, &error))? else { return Ok(()) };
        let cells = row.cells.iter().zip(row.text.fields());
        let mut columns =
            cells.filter(|(_, (_, value))| value.text().is_some_and(|text| is_address(&text))).map(|(cell, _)| cell.0);
        if let Some(column) = columns.next() {
            self.columns = vec![None; self.columns.len()];
            self.columns[column] = self.dialect.column("url").map(str::to_owned);
        }
        Ok(())
    }
}

/// How rows stand in a text that begins like this, or why it is no manifest.
fn layout(path: &Path, text: &str) -> Result<Layout, String> {
    let begin = text.trim_start();
    let first = begin.lines().next().unwrap_or_default();
    match begin.bytes().next() {
        None => return Err(say("manifest-empty", &[])),
        Some(b'[') => return Ok(Layout::List),
        Some(b'{') => return Ok(Layout::Lines),
        Some(b'"') if is_json_text(first) => return Ok(Layout::Lines),
        Some(_) => {}
    }
    if begin.contains('\0') {
        return Err(say("manifest-binary", &[]));
    }
    let named = path.extension().and_then(|ext| ext.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
    let table = matches!(named.as_str(), "csv" | "tsv");
    if is_address(first) && !table {
        return Ok(Layout::Plain);
    }
    let counts = [(Layout::Tsv, '\t'), (Layout::Semicolons, ';'), (Layout::Csv, ',')];
    let best = counts.into_iter().max_by_key(|(_, c)| first.matches(*c).count()).filter(|(_, c)| first.contains(*c));
    let second = begin.lines().nth(1).unwrap_or_default();
    match best {
        Some((layout, _)) => Ok(layout),
        None if is_address(first) => Ok(Layout::Plain),
        None if table || is_address(second) => Ok(Layout::Csv),
        None => Err(say("manifest-no-layout", &[])),
    }
}

fn is_json_text(line: &str) -> bool {
    let line = line.trim_end();
    scan(line.as_bytes(), 0, &mut Vec::new()).is_ok_and(|it| it.span.kind != Kind::Number && it.span.end == line.len())
}

/// Begins like an address: a scheme and `://`.
fn is_address(text: &str) -> bool {
    let (scheme, _) = text.trim_start().split_once("://").unwrap_or_default();
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn decoded(head: &[u8], encoding: Encoding) -> String {
    let mut text = Vec::new();
    // Reading from memory does not fail.
    let _ = Decoder::new(head, encoding).read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// `Line 88, column 14: a comma is missing.`
pub(super) fn sentence(broken: &Broken) -> String {
    let what = match broken.wrong {
        Some(wrong) => say(&format!("json-slip-{}", wrong.word()), &[]),
        None => say(&format!("manifest-rule-{}", broken.about.word()), &[("count", Value::Count(1)), ("value", Value::Text(""))]),
    };
    let what = what.trim_end_matches('.');
    let (line, column) = (broken.place.line.to_string(), broken.place.column.to_string());
    say("manifest-at", &[("line", Value::Text(&line)), ("column", Value::Text(&column)), ("what", Value::Text(what))])
}
