//! Fills in width and height where rows have none: measured from as few bytes of each object as its format allows.
//! Rows of JSON keep every other byte; everything else is written as a table of our own columns.

mod sizing;

use super::converting::Columns;
use super::looking::{Asker, Looking, is_asked_about, runtime, unless_stopped, words};
use super::mending::Copy;
use super::opening::Manifest;
use super::pieces::Piece;
use super::writing::{Aside, RowWriter, trouble};
use futures_util::StreamExt;
use gantry_model::Problem;
use gantry_model::json::{Kind, Span, Value, scan};
use gantry_model::manifest::{Layout, ManifestRow, Place, RowText, Unseen};
use sizing::measured;
pub(super) use sizing::{FIRST, Known};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What measuring came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasuredRows {
    /// Rows that were read.
    pub rows: u64,
    /// Rows that had sizes already.
    pub had: u64,
    /// Rows whose sizes were filled in.
    pub filled: u64,
    /// Rows that have no single object, or one that is no picture and no film.
    pub without: u64,
    /// Rows whose object could not be measured.
    pub failed: u64,
    /// Rows that could not be read; they are copied as they stand, or left out of a table.
    pub broken: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// What is told of a row that has no sizes afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMeasured {
    /// Where.
    pub place: Place,
    /// Its address, without anything secret.
    pub url: String,
    /// Why, in a sentence.
    pub why: String,
}

/// Whether sizes can be filled into this manifest as `layout`: JSON in a form that has a place for them, or a table.
pub fn takes_sizes(manifest: &Manifest, layout: Layout) -> bool {
    layout.delimiter().is_some() || (is_json(manifest.layout) && layout == manifest.layout && manifest.dialect.sizes().is_some())
}

fn is_json(layout: Layout) -> bool {
    matches!(layout, Layout::List | Layout::Lines)
}

/// Measures, and writes the copy.
///
/// # Errors
/// What the disks say; `source_changed`.
pub fn measure(
    manifest: &Manifest,
    looking: &Looking,
    layout: Layout,
    out: &mut Aside,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&NotMeasured),
) -> Result<MeasuredRows, Problem> {
    measure_watched(manifest, looking, layout, out, (stop, &AtomicU64::default()), told)
}

/// As [`measure`]; `worked` is the row that it has come to.
///
/// # Errors
/// As [`measure`].
pub(crate) fn measure_watched(
    manifest: &Manifest,
    looking: &Looking,
    layout: Layout,
    out: &mut Aside,
    (stop, worked): (&AtomicBool, &AtomicU64),
    told: &mut dyn FnMut(&NotMeasured),
) -> Result<MeasuredRows, Problem> {
    let runtime = runtime("measure")?;
    let mut sum = MeasuredRows::default();
    let named = out.to().to_owned();
    let unwritable = |error: std::io::Error| trouble(&named, &error);
    let mut copy = NewCopy::begin(manifest, layout, stop, out)?;
    let asker = &Asker::new(looking);
    runtime.block_on(async {
        let asked = futures_util::stream::iter(held_rows(manifest, stop)?).map(|held| async move {
            let held = held?;
            let pixels = match &held.url {
                Some(url) => Some(measured(asker, looking, url).await),
                None => None,
            };
            Ok::<_, Problem>((held, pixels))
        });
        let mut rows = asked.buffered(looking.at_once.max(1));
        while let Some(row) = unless_stopped(&mut rows, stop).await {
            let (held, pixels) = row?;
            worked.store(held.row.unwrap_or(sum.rows), Ordering::Relaxed);
            sum.count(&held, pixels.as_ref(), told);
            let pixels = pixels.and_then(Result::ok).filter(|(width, height)| *width > 0 && *height > 0);
            copy.row(manifest, &held, pixels).map_err(unwritable)?;
        }
        Ok::<_, Problem>(())
    })?;
    looking.kept.flush();
    sum.stopped = stop.load(Ordering::Relaxed);
    if !sum.stopped {
        copy.end().map_err(unwritable)?;
    }
    manifest.unchanged().map(|()| sum)
}

impl MeasuredRows {
    fn count(&mut self, held: &Held, pixels: Option<&Result<(u32, u32), Unseen>>, told: &mut dyn FnMut(&NotMeasured)) {
        let Some(number) = held.row else {
            self.broken += 1;
            return;
        };
        self.rows = self.rows.max(number);
        let unseen = match pixels {
            None if held.has => return self.had += 1,
            None | Some(Ok((0, _) | (_, 0))) => return self.without += 1,
            Some(Ok(_)) => return self.filled += 1,
            Some(Err(unseen)) => *unseen,
        };
        self.failed += 1;
        let url = gantry_model::platform::bare(held.url.as_deref().unwrap_or_default()).to_owned();
        told(&NotMeasured { place: held.place, url, why: words(unseen) });
    }
}

/// A row that waits for its sizes.
pub(super) struct Held {
    /// Its number; none of what could not be read.
    row: Option<u64>,
    place: Place,
    offset: u64,
    /// As it stands in the file.
    source: String,
    /// The JSON text that it stands for, and its value in it.
    text: String,
    value: Span,
    table: bool,
    has: bool,
    /// What is to be measured.
    url: Option<String>,
}

/// The rows, each lifted out of the reader.
fn held_rows<'a>(
    manifest: &'a Manifest,
    stop: &'a AtomicBool,
) -> Result<impl Iterator<Item = Result<Held, Problem>> + 'a, Problem> {
    let mut reader = manifest.rows()?;
    Ok(std::iter::from_fn(move || {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        match reader.piece() {
            Err(error) => Some(Err(manifest.trouble(&error))),
            Ok(None) => None,
            Ok(Some(Piece::Broken(broken))) => Some(Ok(Held::broken(broken.place))),
            Ok(Some(Piece::Row(row))) => {
                let read = manifest.dialect.read(&row.text);
                let has = has_sizes(&read);
                let url = match read.addresses() {
                    [one] if !has && is_asked_about(&one.text) => Some(one.text.clone().into_owned()),
                    _ => None,
                };
                Some(Ok(Held {
                    row: Some(row.number),
                    place: row.place(row.text.value.at),
                    offset: row.offset,
                    source: row.source.to_owned(),
                    text: row.text.text.to_owned(),
                    value: row.text.value,
                    table: row.text.table,
                    has,
                    url,
                }))
            }
        }
    }))
}

impl Held {
    fn broken(place: Place) -> Self {
        let value = Span { at: 0, end: 0, kind: Kind::Null };
        let (source, text) = (String::new(), String::new());
        Self { row: None, place, offset: 0, source, text, value, table: false, has: false, url: None }
    }
}

fn has_sizes(read: &ManifestRow<'_>) -> bool {
    let good = |value: Option<&Value<'_>>| ManifestRow::pixels(value).is_some_and(|pixels| pixels > 0);
    good(read.width.as_ref()) && good(read.height.as_ref())
}

/// The copy under way.
enum NewCopy<'o> {
    Bytes(Copy, &'o mut Aside, (&'static str, &'static str)),
    Table(Columns, RowWriter<'o, Aside>),
}

impl<'o> NewCopy<'o> {
    fn begin(manifest: &Manifest, layout: Layout, stop: &AtomicBool, out: &'o mut Aside) -> Result<Self, Problem> {
        if let (Some(names), None) = (manifest.dialect.sizes(), layout.delimiter()) {
            return Ok(Self::Bytes(Copy::new(manifest)?, out, names));
        }
        let mut columns = Columns::of(manifest, stop)?;
        columns.add("width");
        columns.add("height");
        let named = out.to().to_owned();
        let mut writer = RowWriter::new(out, layout).map_err(|error| trouble(&named, &error))?;
        writer.record(columns.heads()).map_err(|error| trouble(&named, &error))?;
        Ok(Self::Table(columns, writer))
    }

    fn row(&mut self, manifest: &Manifest, held: &Held, pixels: Option<(u32, u32)>) -> std::io::Result<()> {
        match self {
            Self::Bytes(copy, out, names) => {
                let Some(pixels) = pixels else { return Ok(()) };
                copy.replace((held.offset, &held.source), &filled(held, *names, pixels), *out)
            }
            Self::Table(columns, writer) => {
                let mut fields = Vec::new();
                if held.row.is_none()
                    || (held.value.kind == Kind::Object && scan(held.text.as_bytes(), held.value.at, &mut fields).is_err())
                {
                    return Ok(());
                }
                let row = RowText { text: &held.text, value: held.value, fields: &fields, table: held.table };
                let mut read = manifest.dialect.read(&row);
                let texts = pixels.map(|(width, height)| [width.to_string(), height.to_string()]);
                if let Some([width, height]) = &texts {
                    (read.width, read.height) = (Some(number(width)), Some(number(height)));
                }
                columns.write(manifest, &read, writer)
            }
        }
    }

    fn end(self) -> std::io::Result<()> {
        match self {
            Self::Bytes(mut copy, out, _) => copy.rest(out),
            Self::Table(_, writer) => writer.end().map(|_| ()),
        }
    }
}

fn number(text: &str) -> Value<'_> {
    Value::new(text, Span { at: 0, end: text.len(), kind: Kind::Number })
}

/// The row with its sizes: in the place of those that are none, else behind the opening bracket.
fn filled(held: &Held, names: (&str, &str), (width, height): (u32, u32)) -> String {
    let whole = Value::new(&held.text, held.value);
    let mut changes: Vec<(usize, usize, String)> = Vec::new();
    for (name, pixels) in [(names.0, width), (names.1, height)] {
        match whole.field(name) {
            Some(known) => changes.push((known.span().at, known.span().end, pixels.to_string())),
            None => changes.push((held.value.at + 1, held.value.at + 1, format!("\"{name}\": {pixels}, "))),
        }
    }
    changes.sort_by_key(|change| std::cmp::Reverse((change.0, change.1)));
    let mut text = held.text.clone();
    changes.iter().for_each(|(at, end, new)| text.replace_range(*at..*end, new));
    text
}
