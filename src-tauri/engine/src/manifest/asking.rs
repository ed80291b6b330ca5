//! What a platform's workspace says of the metadata of rows: names that it does not have, values that it would refuse.

use super::checking::{Checked, Marks, RowFinding, rule_sentence};
use super::opening::Manifest;
use super::pieces::{Piece, Row};
use super::rules;
use gantry_model::Problem;
use gantry_model::json::Kind;
use gantry_model::manifest::{About, Meta};
use gantry_model::words::say;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Answers that are remembered.
const REMEMBERED: usize = 10_000;

/// Asks the platform about names and values, a name with an empty value about the name alone: the reason for each that it
/// does not take.
pub type Ask<'a> = dyn FnMut(&[(String, String)]) -> Result<Vec<Option<String>>, Problem> + Send + 'a;

/// Asks about the metadata of all rows of a checked manifest, whether it is named by a name or by an id of a workspace.
/// Findings are added to the sums of the check.
///
/// # Errors
/// What the platform or the disk says; `source_changed`.
pub fn ask_about_metadata(
    manifest: &Manifest,
    ask: &mut Ask<'_>,
    checked: (&mut Checked, &mut Marks),
    stop: &AtomicBool,
    told: &mut dyn FnMut(&RowFinding),
) -> Result<(), Problem> {
    ask_watched(manifest, ask, checked, (stop, &AtomicU64::default()), told)
}

/// As [`ask_about_metadata`]; `worked` is the row that it has come to.
///
/// # Errors
/// As [`ask_about_metadata`].
pub(crate) fn ask_watched(
    manifest: &Manifest,
    ask: &mut Ask<'_>,
    checked: (&mut Checked, &mut Marks),
    (stop, worked): (&AtomicBool, &AtomicU64),
    told: &mut dyn FnMut(&RowFinding),
) -> Result<(), Problem> {
    let (sums, marks) = checked;
    let mut known = Answers { ask, known: HashMap::new() };
    let mut reader = manifest.rows()?;
    while let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? {
        let Piece::Row(row) = piece else { continue };
        let read = manifest.dialect.read(&row.text);
        for meta in &read.metadata {
            if let Some((about, said)) = known.about(meta)?
                && let Some(finding) = finding(manifest, &row, meta, about, &said)
            {
                marks.mark(&finding, sums);
                told(&finding);
            }
        }
        worked.store(row.number, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            sums.stopped = true;
            return Ok(());
        }
    }
    manifest.unchanged()
}

struct Answers<'a, 'b> {
    ask: &'a mut Ask<'b>,
    known: HashMap<(String, String), Option<String>>,
}

impl Answers<'_, '_> {
    fn about(&mut self, meta: &Meta<'_>) -> Result<Option<(About, String)>, Problem> {
        let name = meta.name.clone().into_owned();
        if let Some(said) = self.one((name.clone(), String::new()))? {
            let said = if meta.by_id { say("manifest-metadata-no-id", &[]) } else { said };
            return Ok(Some((About::MetadataUnknown, said)));
        }
        // A choice that is named by its own id says nothing more.
        if meta.value.kind() == Kind::Object {
            return Ok(None);
        }
        let value = meta.value.text().map_or_else(|| meta.value.raw().to_owned(), std::borrow::Cow::into_owned);
        if value.is_empty() {
            return Ok(None);
        }
        Ok(self.one((name, value))?.map(|said| (About::MetadataRefused, said)))
    }

    fn one(&mut self, pair: (String, String)) -> Result<Option<String>, Problem> {
        if let Some(known) = self.known.get(&pair) {
            return Ok(known.clone());
        }
        let said = (self.ask)(std::slice::from_ref(&pair))?.into_iter().next().flatten();
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(pair, said.clone());
        Ok(said)
    }
}

fn finding(manifest: &Manifest, row: &Row<'_>, meta: &Meta<'_>, about: About, said: &str) -> Option<RowFinding> {
    let rule = rules::find(manifest.dialect.rules(), about)?;
    let text = rule_sentence(about, manifest.form(), &meta.name, said);
    let at = meta.value.span().at;
    Some(RowFinding { rule, place: row.place(at), text, excerpt: row.excerpt(at) })
}
