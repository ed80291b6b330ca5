//! Looks at the objects that rows name: are they there, and how large are their pictures? At most so many questions at
//! once and a second; what was seen is kept, so that a second look asks nothing again.

use super::checking::{Checked, Marks, RowFinding, rule_sentence};
use super::opening::Manifest;
use super::pieces::{Excerpt, Piece, Row};
use super::reader::Reader;
use super::rules;
use crate::journal::{KeptObject, KeptObjects};
use futures_util::{Stream, StreamExt};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{About, ManifestRow, Objects, Place, Said, Subject, Unseen};
use gantry_model::words::{Value as Word, say};
use gantry_model::{Code, Problem, Severity};
use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Addresses of one row that are looked at.
const MOST: usize = 1000;
/// A wish to stop is heard this late at most, also while a server says nothing.
const HEARD: Duration = Duration::from_millis(200);

/// Who looks, how fast, and what is known from earlier looks.
#[derive(Clone, Debug)]
pub struct Looking {
    /// Asks the servers.
    pub objects: Arc<dyn Objects>,
    /// What earlier looks saw.
    pub kept: KeptObjects,
    /// Questions at once, at least 1.
    pub at_once: usize,
    /// Questions a second at most; 0 sets no limit.
    pub per_second: u32,
}

/// What a look at the objects came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Rows whose objects were looked at.
    pub rows: u64,
    /// Objects that were looked at.
    pub objects: u64,
    /// Of these: are there.
    pub there: u64,
    /// Are not there.
    pub missing: u64,
    /// Could not be seen, for whatever reason.
    pub unseen: u64,
    /// Were known from an earlier look: nobody was asked.
    pub known: u64,
    /// It was stopped before the end.
    pub stopped: bool,
}

/// Looks at the objects of a checked manifest: of all rows, or of so many of them evenly spread. What is found is told in
/// the order of the rows and added to the sums of the check.
///
/// # Errors
/// What the disk says; `source_changed` when the file changed meanwhile.
pub fn look(
    manifest: &Manifest,
    looking: &Looking,
    sample: Option<u64>,
    checked: (&mut Checked, &mut Marks),
    stop: &AtomicBool,
    told: &mut dyn FnMut(&RowFinding),
) -> Result<Looked, Problem> {
    look_watched(manifest, looking, sample, checked, (stop, &AtomicU64::default()), told)
}

/// As [`look`]; `worked` counts the chosen rows that it has come to.
///
/// # Errors
/// As [`look`].
pub(crate) fn look_watched(
    manifest: &Manifest,
    looking: &Looking,
    sample: Option<u64>,
    checked: (&mut Checked, &mut Marks),
    (stop, worked): (&AtomicBool, &AtomicU64),
    told: &mut dyn FnMut(&RowFinding),
) -> Result<Looked, Problem> {
    let (sums, marks) = checked;
    let runtime = runtime("look")?;
    let mut sum = Looked::default();
    let asker = &Asker::new(looking);
    let sample = sample.map(|wanted| (wanted, sums.rows));
    let questions = Questions::new(manifest, sample, stop)?;
    runtime.block_on(async {
        let asked = futures_util::stream::iter(questions).map(|question| async move {
            let question = question?;
            let answer = asker.find(&question.url).await;
            Ok::<_, Problem>((question, answer))
        });
        let mut answers = asked.buffered(looking.at_once.max(1));
        let mut last = 0;
        while let Some(answer) = unless_stopped(&mut answers, stop).await {
            let (question, (found, known)) = answer?;
            sum.rows += u64::from(question.place.row != last);
            last = question.place.row;
            worked.store(place_among(last, sample), Ordering::Relaxed);
            sum.count(&found, known);
            if let Some(finding) = finding(manifest, &question, &found) {
                marks.mark(&finding, sums);
                told(&finding);
            }
        }
        Ok::<_, Problem>(())
    })?;
    looking.kept.flush();
    sum.stopped = stop.load(Ordering::Relaxed);
    manifest.unchanged().map(|()| sum)
}

/// A runtime for this thread.
pub(super) fn runtime(doing: &'static str) -> Result<Runtime, Problem> {
    let made = tokio::runtime::Builder::new_current_thread().enable_all().build();
    made.map_err(|error| Problem::new(Code::Bug, doing).with("said", error.to_string()))
}

/// The next answer; none when there is no more, or when the person said so meanwhile.
pub(super) async fn unless_stopped<T>(answers: &mut (impl Stream<Item = T> + Unpin), stop: &AtomicBool) -> Option<T> {
    loop {
        match tokio::time::timeout(HEARD, answers.next()).await {
            Ok(answer) => return answer,
            Err(_) if stop.load(Ordering::Relaxed) => return None,
            Err(_) => {}
        }
    }
}

impl Looked {
    fn count(&mut self, found: &Result<KeptObject, Unseen>, known: bool) {
        self.objects += 1;
        self.known += u64::from(known);
        match found {
            Ok(_) => self.there += 1,
            Err(Unseen::Missing) => self.missing += 1,
            Err(_) => self.unseen += 1,
        }
    }
}

/// One address of a row.
struct Question {
    url: String,
    place: Place,
    field: String,
    excerpt: Excerpt,
}

/// The addresses of the rows, one after the other.
struct Questions<'a> {
    manifest: &'a Manifest,
    reader: Reader<File>,
    /// So many rows of so many.
    sample: Option<(u64, u64)>,
    stop: &'a AtomicBool,
    waiting: std::collections::VecDeque<Question>,
    ended: bool,
}

impl<'a> Questions<'a> {
    fn new(manifest: &'a Manifest, sample: Option<(u64, u64)>, stop: &'a AtomicBool) -> Result<Self, Problem> {
        Ok(Self { manifest, reader: manifest.rows()?, sample, stop, waiting: Default::default(), ended: false })
    }

    fn read(&mut self) -> Result<(), Problem> {
        while self.waiting.is_empty() && !self.ended {
            if self.stop.load(Ordering::Relaxed) {
                self.ended = true;
                return Ok(());
            }
            match self.reader.piece().map_err(|error| self.manifest.trouble(&error))? {
                None => self.ended = true,
                Some(Piece::Broken(_)) => {}
                Some(Piece::Row(row)) if is_chosen(row.number, self.sample) => {
                    let read = self.manifest.dialect.read(&row.text);
                    self.waiting.extend(questions(self.manifest, &row, &read));
                }
                Some(Piece::Row(_)) => {}
            }
        }
        Ok(())
    }
}

impl Iterator for Questions<'_> {
    type Item = Result<Question, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(problem) = self.read() {
            self.ended = true;
            return Some(Err(problem));
        }
        self.waiting.pop_front().map(Ok)
    }
}

/// Evenly spread, and the same ones each time.
fn is_chosen(number: u64, sample: Option<(u64, u64)>) -> bool {
    place_among(number, sample) != place_among(number.saturating_sub(1), sample)
}

/// How many of the chosen rows stand before this one or are it.
fn place_among(number: u64, sample: Option<(u64, u64)>) -> u64 {
    let Some((wanted, rows)) = sample.filter(|(wanted, rows)| wanted < rows) else { return number };
    u64::try_from(u128::from(number) * u128::from(wanted) / u128::from(rows.max(1))).unwrap_or(u64::MAX)
}

fn questions(manifest: &Manifest, row: &Row<'_>, read: &ManifestRow<'_>) -> Vec<Question> {
    let subject = manifest.dialect.subject_field();
    let mut said: Vec<(Said<'_>, String)> = Vec::new();
    match &read.subject {
        Subject::Shaped(value) => inside(*value, subject, &mut said),
        _ => said.extend(read.addresses().iter().map(|one| (one.clone(), subject.to_owned()))),
    }
    for (at, one) in read.attachments.iter().enumerate() {
        said.push((one.value.clone(), format!("attachments[{at}].value")));
    }
    said.retain(|(one, _)| is_asked_about(&one.text));
    said.truncate(MOST);
    let question = |(one, field): (Said<'_>, String)| {
        let at = one.span.at;
        Question { url: one.text.into_owned(), place: row.place(at), field, excerpt: row.excerpt(at) }
    };
    said.into_iter().map(question).collect()
}

/// What begins like an address that can be asked for. What is wrong with others is said by the rules about them.
pub(super) fn is_asked_about(text: &str) -> bool {
    ["https://", "http://", "s3://"].iter().any(|begin| text.starts_with(begin))
}

/// The addresses in a shape that one platform alone knows.
pub(super) fn inside<'a>(value: Value<'a>, field: &str, said: &mut Vec<(Said<'a>, String)>) {
    if said.len() >= MOST {
        return;
    }
    if let Some(one) = Said::of(value) {
        return said.push((one, field.to_owned()));
    }
    match value.kind() {
        Kind::List => value.items().into_iter().enumerate().for_each(|(at, one)| inside(one, &format!("{field}[{at}]"), said)),
        _ => value.fields().into_iter().for_each(|(name, one)| inside(one, &format!("{field}.{name}"), said)),
    }
}

/// Asks at a bearable pace, and only what is not known.
pub(super) struct Asker<'a> {
    looking: &'a Looking,
    pace: Pace,
}

impl<'a> Asker<'a> {
    pub(super) fn new(looking: &'a Looking) -> Self {
        Self { looking, pace: Pace::new(looking.per_second) }
    }

    /// What is there, and whether it was known already.
    async fn find(&self, url: &str) -> (Result<KeptObject, Unseen>, bool) {
        let identity = self.looking.objects.identity(url);
        if let Some(known) = self.looking.kept.fresh(&identity) {
            return (Ok(known), true);
        }
        self.turn().await;
        let found = self.looking.objects.find(url).await.map(|there| self.looking.kept.keep(&identity, &there));
        (found, false)
    }

    /// Waits for its turn.
    pub(super) async fn turn(&self) {
        self.pace.turn().await;
    }
}

/// So many turns a second, evenly apart, whoever asks for them.
#[derive(Debug)]
pub(crate) struct Pace {
    apart: Option<Duration>,
    next: Mutex<Instant>,
}

impl Pace {
    /// 0 sets no limit.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { apart: Duration::from_secs(1).checked_div(per_second), next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next turn.
    pub(crate) async fn turn(&self) {
        let Some(apart) = self.apart else { return };
        let at = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + apart;
            at
        };
        tokio::time::sleep_until(at.into()).await;
    }
}

fn finding(manifest: &Manifest, question: &Question, found: &Result<KeptObject, Unseen>) -> Option<RowFinding> {
    let about = match found {
        Ok(there) if there.size == Some(0) => About::ObjectEmpty,
        Ok(_) | Err(Unseen::NoAddress) => return None,
        Err(Unseen::Missing) => About::ObjectMissing,
        Err(Unseen::Denied(_)) => About::ObjectDenied,
        Err(Unseen::Private) => About::ObjectPrivate,
        Err(_) => About::ObjectUnseen,
    };
    let rule = rules::find(manifest.dialect.rules(), about)?;
    let shown = gantry_model::platform::bare(&question.url);
    let mut text = rule_sentence(about, manifest.form(), &question.field, shown);
    if let (About::ObjectUnseen, Err(unseen)) = (about, found) {
        text = format!("{text} {}", words(*unseen));
    }
    Some(RowFinding { rule, place: question.place, text, excerpt: question.excerpt.clone() })
}

/// Why it was not seen, in a sentence.
pub fn words(unseen: Unseen) -> String {
    let status = unseen.status().to_string();
    say(&format!("manifest-unseen-{}", unseen.word()), &[("status", Word::Text(&status))])
}

/// Severity decides what a finding of a look does to the sums.
impl Marks {
    pub(super) fn mark(&mut self, finding: &RowFinding, sums: &mut Checked) {
        let row = finding.place.row;
        match finding.rule.severity {
            Severity::Blocked if self.blocked.add(row) => {
                sums.blocked += 1;
                sums.good = sums.good.saturating_sub(1);
            }
            Severity::Warning if self.warned.add(row) => sums.warnings += 1,
            _ => {}
        }
    }
}
