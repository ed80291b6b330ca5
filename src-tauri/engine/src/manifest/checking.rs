//! Checks a manifest: the grammar, the form's rules row by row, and what two rows may not share.
//! One pass, and a second one only where two rows share something.

use super::opening::{Manifest, sentence};
use super::pieces::{Broken, Excerpt, Piece, Row};
use super::rules;
use super::twins::{Meetings, Twins};
use gantry_model::manifest::{About, Dialect, Form, Found, Known, ManifestRow, Place, RowRule};
use gantry_model::words::{Value, say};
use gantry_model::{Problem, Severity, show};
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// One rule that a row breaks.
#[derive(Clone, Debug)]
pub struct RowFinding {
    /// The rule.
    pub rule: &'static RowRule,
    /// Where.
    pub place: Place,
    /// What is wrong, in one sentence.
    pub text: String,
    /// The line, and where in it.
    pub excerpt: Excerpt,
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Rows, broken ones too.
    pub rows: u64,
    /// Rows with nothing that blocks them.
    pub good: u64,
    /// Rows that cannot be used, and mistakes between rows.
    pub blocked: u64,
    /// Rows with a warning.
    pub warnings: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// Checks all rows. Findings are told as they are met; those about two rows come last.
///
/// # Errors
/// What the disk says; `source_changed` when the file changed meanwhile.
pub fn check(
    manifest: &Manifest,
    known: Known,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&RowFinding),
) -> Result<Checked, Problem> {
    check_marked(manifest, known, stop, told).map(|(checked, _)| checked)
}

/// As [`check`], with the rows that it counted: who looks further counts none of them twice.
///
/// # Errors
/// As [`check`].
pub fn check_marked(
    manifest: &Manifest,
    known: Known,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&RowFinding),
) -> Result<(Checked, Marks), Problem> {
    check_watched(manifest, known, stop, &AtomicU64::default(), told, &mut |_| {})
}

/// What is wrong with one piece by itself.
pub(crate) fn wrong_with(manifest: &Manifest, piece: &Piece<'_>, known: Known) -> Vec<RowFinding> {
    let mut all = Vec::new();
    {
        let mut told = |finding: &RowFinding| all.push(finding.clone());
        let mut read = |_: &ManifestRow<'_>| {};
        let mut check = Check::new(manifest, &mut told, &mut read);
        match piece {
            Piece::Row(row) => check.row(row, known, &mut Vec::new()),
            Piece::Broken(broken) => check.broken(broken),
        }
    }
    all
}

/// As [`check_marked`]; `looked` is the row that it has come to, `seen` is shown each row as it is read.
///
/// # Errors
/// As [`check`].
pub(crate) fn check_watched(
    manifest: &Manifest,
    known: Known,
    stop: &AtomicBool,
    looked: &AtomicU64,
    told: &mut dyn FnMut(&RowFinding),
    seen: &mut dyn FnMut(&ManifestRow<'_>),
) -> Result<(Checked, Marks), Problem> {
    let mut check = Check::new(manifest, told, seen);
    check.file();
    let mut reader = manifest.rows()?;
    let mut found = Vec::new();
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        match piece {
            Piece::Row(row) => check.row(&row, known, &mut found),
            Piece::Broken(broken) => check.broken(&broken),
        }
        looked.store(check.sum.rows, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            check.sum.stopped = true;
            break;
        }
    }
    if let Some(broken) = reader.stopped().filter(|_| !check.sum.stopped) {
        check.broken(&broken);
    }
    manifest.unchanged()?;
    let (keys, urls) = (std::mem::take(&mut check.keys).meetings(), std::mem::take(&mut check.urls).meetings());
    let shared = !keys.is_empty() || !urls.is_empty();
    if shared && !check.sum.stopped {
        check.second_look(keys, urls, stop)?;
    }
    Ok(check.summed())
}

struct Check<'a> {
    manifest: &'a Manifest,
    dialect: &'static dyn Dialect,
    told: &'a mut dyn FnMut(&RowFinding),
    seen: &'a mut dyn FnMut(&ManifestRow<'_>),
    sum: Checked,
    /// Mistakes between rows.
    beside: u64,
    marks: Marks,
    keys: Twins,
    urls: Twins,
}

/// Rows that are counted already.
#[derive(Debug, Default)]
pub struct Marks {
    pub(super) blocked: Bits,
    pub(super) warned: Bits,
}

/// One bit a row.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// True when it was not set before.
    pub(super) fn add(&mut self, row: u64) -> bool {
        let at = (row / 64) as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let before = self.0[at];
        self.0[at] |= 1 << (row % 64);
        self.0[at] != before
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }
}

impl<'a> Check<'a> {
    fn new(manifest: &'a Manifest, told: &'a mut dyn FnMut(&RowFinding), seen: &'a mut dyn FnMut(&ManifestRow<'_>)) -> Self {
        Self {
            manifest,
            dialect: manifest.dialect,
            told,
            seen,
            sum: Checked::default(),
            beside: 0,
            marks: Marks::default(),
            keys: Twins::default(),
            urls: Twins::default(),
        }
    }

    fn file(&mut self) {
        if self.manifest.encoding.is_utf16() {
            let place = Place { row: 0, line: 1, column: 1 };
            self.tell(About::Utf16, place, "", "", Excerpt::default());
        }
    }

    fn row(&mut self, row: &Row<'_>, known: Known, found: &mut Vec<Found>) {
        self.sum.rows = row.number;
        let read = self.dialect.read(&row.text);
        (self.seen)(&read);
        found.clear();
        self.dialect.check(&row.text, &read, known, found);
        for one in found.iter() {
            let place = row.place(one.span.at);
            self.tell(one.about, place, &one.field, &one.value, row.excerpt(one.span.at));
        }
        if let Some(at) = row.long_number {
            let number: String =
                row.text.text[at..].chars().take_while(|c| !matches!(c, ',' | '}' | ']' | ' ')).take(40).collect();
            self.tell(About::LongNumber, row.place(at), "", &number, row.excerpt(at));
        }
        self.field_twice(row);
        if let Some(key) = key(self.dialect, &read) {
            self.keys.add(&key);
        }
        if let Some(url) = url(&read) {
            self.urls.add(url);
        }
    }

    /// The outermost fields; programs differ in which of two they take.
    fn field_twice(&mut self, row: &Row<'_>) {
        if row.text.table {
            return;
        }
        let fields = row.text.fields;
        let name = |at: usize| &row.text.text[fields[at].name.at..fields[at].name.end];
        if fields.len() > 64 {
            let mut names: Vec<_> = (0..fields.len()).map(|at| (name(at), at)).collect();
            names.sort_unstable();
            for twice in names.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                self.tell_twice(row, fields[twice[1].1].name.at, twice[1].0);
            }
            return;
        }
        for (at, field) in fields.iter().enumerate() {
            if (0..at).any(|earlier| name(earlier) == name(at)) {
                self.tell_twice(row, field.name.at, name(at));
            }
        }
    }

    fn tell_twice(&mut self, row: &Row<'_>, at: usize, name: &str) {
        self.tell(About::FieldTwice, row.place(at), name.trim_matches('"'), "", row.excerpt(at));
    }

    fn broken(&mut self, broken: &Broken) {
        self.sum.rows = self.sum.rows.max(broken.place.row);
        let Some(rule) = rules::find(self.dialect.rules(), broken.about) else { return };
        let text = broken_sentence(self.dialect, broken);
        self.give(RowFinding { rule, place: broken.place, text, excerpt: broken.excerpt.clone() });
    }

    fn tell(&mut self, about: About, place: Place, field: &str, value: &str, excerpt: Excerpt) {
        let Some(rule) = rules::find(self.dialect.rules(), about) else { return };
        let text = rule_sentence(about, self.dialect.form(), field, value);
        self.give(RowFinding { rule, place, text, excerpt });
    }

    fn give(&mut self, finding: RowFinding) {
        match (finding.rule.severity, finding.place.row) {
            (Severity::Blocked, 0) => self.beside += 1,
            (Severity::Blocked, row) => _ = self.marks.blocked.add(row),
            (Severity::Warning, row) => _ = self.marks.warned.add(row),
            (Severity::Note, _) => {}
        }
        (self.told)(&finding);
    }

    /// Reads again, and looks at the rows that seem to share something.
    fn second_look(&mut self, mut keys: Meetings, mut urls: Meetings, stop: &AtomicBool) -> Result<(), Problem> {
        let mut reader = self.manifest.rows()?;
        while let Some(piece) = reader.piece().map_err(|error| self.manifest.trouble(&error))? {
            let Piece::Row(row) = piece else { continue };
            let read = self.dialect.read(&row.text);
            if let (Some(key), Some(said)) = (key(self.dialect, &read), &read.key)
                && let Some(earlier) = keys.earlier(&key, row.number)
            {
                let value = said.text.clone();
                self.shared(About::KeyTwice, &row, said.span.at, &value, earlier);
            }
            if let (Some(url), Some(said)) = (url(&read), read.addresses().first())
                && let Some(earlier) = urls.earlier(url, row.number)
            {
                self.shared(About::UrlTwice, &row, said.span.at, gantry_model::platform::bare(url), earlier);
            }
            if stop.load(Ordering::Relaxed) {
                self.sum.stopped = true;
                break;
            }
        }
        self.manifest.unchanged()
    }

    fn shared(&mut self, about: About, row: &Row<'_>, at: usize, value: &str, earlier: u64) {
        let Some(rule) = rules::find(self.dialect.rules(), about) else { return };
        let id = format!("manifest-rule-{}", about.word());
        let (value, earlier) = (show::text(value), earlier.to_string());
        let values = [
            ("count", Value::Count(1)),
            ("value", Value::Text(&value)),
            ("row", Value::Text(&earlier)),
            ("field", Value::Text(self.dialect.key_field())),
        ];
        let text = say(&id, &values);
        self.give(RowFinding { rule, place: row.place(at), text, excerpt: row.excerpt(at) });
    }

    fn summed(mut self) -> (Checked, Marks) {
        let rows = self.marks.blocked.count();
        self.sum.good = self.sum.rows.saturating_sub(rows);
        self.sum.blocked = rows + self.beside;
        self.sum.warnings = self.marks.warned.count();
        (self.sum, self.marks)
    }
}

/// The sentence of a rule about so many rows.
pub(crate) fn sentence_of(about: About, form: Form, field: &str, count: u64) -> String {
    let title = form.title();
    let values = [
        ("count", Value::Count(count)),
        ("field", Value::Text(field)),
        ("value", Value::Text("")),
        ("row", Value::Text("")),
        ("platform", Value::Text(&title)),
    ];
    say(&format!("manifest-rule-{}", about.word()), &values)
}

/// What is wrong where a row should be.
pub(crate) fn broken_sentence(dialect: &dyn Dialect, broken: &Broken) -> String {
    match broken.about {
        About::Syntax => sentence(broken),
        about => rule_sentence(about, dialect.form(), "", ""),
    }
}

/// The sentence of a rule about one row.
pub(crate) fn rule_sentence(about: About, form: Form, field: &str, value: &str) -> String {
    let title = form.title();
    let (field, value) = (show::text(field), show::text(value));
    let values = [
        ("count", Value::Count(1)),
        ("field", Value::Text(&field)),
        ("value", Value::Text(&value)),
        ("platform", Value::Text(&title)),
    ];
    say(&format!("manifest-rule-{}", about.word()), &values)
}

/// The name that may not stand twice, as the platform compares it.
pub(super) fn key<'r>(dialect: &dyn Dialect, read: &'r ManifestRow<'_>) -> Option<Cow<'r, str>> {
    let text: &str = &read.name()?.text;
    let upper = |byte: u8| byte.is_ascii_uppercase() || !byte.is_ascii();
    if dialect.folds_case() && text.bytes().any(upper) {
        return Some(Cow::Owned(text.to_lowercase()));
    }
    Some(Cow::Borrowed(text))
}

/// The one address of a row.
fn url<'r>(read: &'r ManifestRow<'_>) -> Option<&'r str> {
    match read.addresses() {
        [one] => Some(&one.text),
        _ => None,
    }
}
