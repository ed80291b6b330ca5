//! Pages of rows, read from the nearest milestone on, and one row with all about it. What is shown of a row has no query of an
//! address in it: that is where signatures are.

use super::findings::{line, title};
use super::plan::shown;
use super::reading::known;
use super::{Bench, State};
use crate::manifest::{Manifest, Milestone, Piece, Row, RowSet, kind_of, masked, picture_of, wrong_with};
use gantry_model::manifest::{ManifestRow, RowText, Subject};
use gantry_model::platform::bare;
use gantry_model::view::{BenchChange, BenchDetail, BenchFilter, BenchFinding, BenchPage, BenchRow};
use gantry_model::{Code, Problem, Severity, show};
use std::sync::atomic::Ordering;

/// Rows of one page at most.
const MOST: u32 = 500;
/// Characters of a value that are shown.
const SHOWN: usize = 400;
/// Facts of a row that are shown.
const FACTS: usize = 60;

impl Bench {
    /// A page of the rows that pass, counted from 0.
    ///
    /// # Errors
    /// What the disk says; `source_changed`.
    pub fn page(&self, filter: &BenchFilter, first: u64, count: u32) -> Result<BenchPage, Problem> {
        let most = u64::from(count.min(MOST));
        let (total, wanted) = {
            let state = self.state();
            match state.passing(filter) {
                None => {
                    let last = (first + most).min(state.rows.max(first));
                    (state.rows, (first + 1..=last).collect::<Vec<u64>>())
                }
                Some(rows) => (rows.count(), rows.some(first, most)),
            }
        };
        let manifest = self.manifest();
        let mut rows = Vec::with_capacity(wanted.len());
        self.visit(&manifest, &wanted, &mut |number, piece| {
            let mut row = self.row(&manifest, number, piece);
            self.judge(&mut row);
            rows.push(row);
        })?;
        Ok(BenchPage { total: total.max(first + rows.len() as u64), first, rows })
    }

    /// One row with all about it.
    ///
    /// # Errors
    /// `bad_field` when there is no such row; what the disk says; `source_changed`.
    pub fn row_detail(&self, number: u64) -> Result<BenchDetail, Problem> {
        let manifest = self.manifest();
        let mut detail = None;
        self.visit(&manifest, &[number], &mut |number, piece| {
            let mut row = self.row(&manifest, number, piece);
            self.judge(&mut row);
            detail = Some(self.detail(&manifest, row, piece));
        })?;
        detail.ok_or_else(|| Problem::new(Code::BadField, "row").with("said", number.to_string()))
    }

    /// Reads these rows, which come in their order.
    pub(super) fn visit(
        &self,
        manifest: &Manifest,
        wanted: &[u64],
        each: &mut dyn FnMut(u64, &Piece<'_>),
    ) -> Result<(), Problem> {
        let mut at = 0;
        while at < wanted.len() {
            let mut reader = match self.nearest(wanted[at]) {
                Some(milestone) => manifest.rows_at(milestone)?,
                None => manifest.rows()?,
            };
            loop {
                let Some(piece) = reader.piece().map_err(|error| manifest.trouble(&error))? else { return Ok(()) };
                let number = match &piece {
                    Piece::Row(row) => row.number,
                    Piece::Broken(broken) if broken.row_lost => broken.place.row,
                    Piece::Broken(_) => continue,
                };
                while at < wanted.len() && wanted[at] < number {
                    at += 1;
                }
                if wanted.get(at) == Some(&number) {
                    each(number, &piece);
                    at += 1;
                }
                let Some(next) = wanted.get(at) else { return Ok(()) };
                if self.nearest(*next).is_some_and(|milestone| milestone.row > number + 1) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The last milestone that is not behind this row.
    fn nearest(&self, row: u64) -> Option<Milestone> {
        let all = self.milestones();
        let behind = all.partition_point(|milestone| milestone.row <= row);
        behind.checked_sub(1).map(|at| all[at])
    }

    /// A row as it will be.
    fn row(&self, manifest: &Manifest, number: u64, piece: &Piece<'_>) -> BenchRow {
        match piece {
            Piece::Broken(broken) => {
                BenchRow { row: number, subject: show::text(broken.excerpt.text.trim()), ..BenchRow::default() }
            }
            Piece::Row(row) => {
                let (mended, shown) = self.as_will_be(manifest, row, |read| said(number, read));
                BenchRow { mended, ..shown }
            }
        }
    }

    /// Reads a row as it will be; tells whether a repair changes it.
    pub(super) fn as_will_be<T>(
        &self,
        manifest: &Manifest,
        row: &Row<'_>,
        then: impl FnOnce(&ManifestRow<'_>) -> T,
    ) -> (bool, T) {
        let read = manifest.dialect.read(&row.text);
        let changes = self.state().planned.changes(manifest, row, &read);
        if changes.is_empty() {
            return (false, then(&read));
        }
        let mut text = row.text.text.to_owned();
        changes.iter().for_each(|change| text.replace_range(change.at..change.end, &change.text));
        let mut fields = Vec::new();
        let value = gantry_model::json::scan(text.as_bytes(), row.text.value.at, &mut fields).map(|it| it.span);
        let mended = RowText { text: &text, value: value.unwrap_or(row.text.value), fields: &fields, table: row.text.table };
        (true, then(&manifest.dialect.read(&mended)))
    }

    /// What was found in it.
    fn judge(&self, row: &mut BenchRow) {
        let state = self.state();
        row.looked = row.row <= state.looked_at(self.0.worked.load(Ordering::Relaxed));
        let worst = state.findings.worst(row.row, &state.planned);
        row.worst = worst.map(|rule| rule.severity);
        row.state = worst.map(|rule| title(rule.about)).unwrap_or_default();
        row.removed = state.is_out(row.row);
    }

    fn detail(&self, manifest: &Manifest, row: BenchRow, piece: &Piece<'_>) -> BenchDetail {
        let mut found = wrong_with(manifest, piece, known());
        let state = self.state();
        found.extend(state.findings.kept(row.row));
        let findings = found.iter().map(|one| BenchFinding {
            about: one.rule.about.word().to_owned(),
            severity: one.rule.severity,
            text: one.text.clone(),
            line: one.place.line,
            column: one.place.column,
            shown: line(&one.excerpt),
            source: one.rule.source.to_owned(),
            checked: one.rule.checked.to_owned(),
            mended: state.planned.mends(one.rule.about, row.row),
        });
        let out = state.is_out(row.row);
        let mut detail = BenchDetail { findings: findings.collect(), row, ..BenchDetail::default() };
        detail.changes.extend(out.then(|| goes(piece)));
        if let Piece::Row(row) = piece {
            let read = manifest.dialect.read(&row.text);
            (detail.line, detail.column) = (row.line, row.column);
            let planned = state.planned.changes(manifest, row, &read);
            let offered = state.offered.changes(manifest, row, &read);
            let more = offered.iter().filter(|change| change.matters.iter().any(|about| !state.planned.has(*about)));
            if !out {
                detail.changes = planned.iter().map(|change| shown(change, true)).collect();
                detail.changes.extend(more.map(|change| shown(change, false)));
            }
            detail.facts = facts(&read);
        } else if let Piece::Broken(broken) = piece {
            (detail.line, detail.column) = (broken.place.line, broken.place.column);
        }
        detail
    }
}

impl State {
    /// The rows that pass; none when all do.
    fn passing(&self, filter: &BenchFilter) -> Option<RowSet> {
        if !filter.about.is_empty() {
            return Some(self.findings.group(&filter.about).map(|group| group.rows.clone()).unwrap_or_default());
        }
        match filter.kind.as_str() {
            "blocked" => Some(self.left(Severity::Blocked)),
            "warning" => Some(self.left(Severity::Warning)),
            "mended" => Some(self.mended()),
            "removed" => Some(self.out()),
            _ => None,
        }
    }

    /// The row up to which all that is wrong is known.
    pub(super) fn looked_at(&self, worked: u64) -> u64 {
        match &self.work {
            Some(work) if work.kind == "checking" => worked.max(self.looked),
            _ => self.looked,
        }
    }
}

/// The whole row goes.
fn goes(piece: &Piece<'_>) -> BenchChange {
    let before = match piece {
        Piece::Row(row) => plain(row.source.trim()),
        Piece::Broken(broken) => cut(broken.excerpt.text.trim()),
    };
    BenchChange { before, planned: true, removes: true, ..BenchChange::default() }
}

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('\u{2026}');
    }
    show::text(&shown)
}

/// Text of which nobody knows what is in it.
fn plain(text: &str) -> String {
    let some: String = text.chars().take(4 * SHOWN).collect();
    cut(&masked(&some, &mut false))
}

fn said(number: u64, read: &ManifestRow<'_>) -> BenchRow {
    let (subject, address, more) = match &read.subject {
        Subject::Address(said) => (cut(bare(&said.text)), true, 0),
        Subject::Many(all) => {
            (all.first().map(|said| cut(bare(&said.text))).unwrap_or_default(), true, all.len().saturating_sub(1))
        }
        Subject::Content(said) => (plain(&said.text), false, 0),
        Subject::Shaped(value) | Subject::Wrong(value) => (plain(value.raw()), false, 0),
        Subject::Missing => (String::new(), false, 0),
    };
    BenchRow {
        row: number,
        subject,
        address,
        more: more as u64,
        key: read.key.as_ref().map(|key| cut(bare(&key.text))).unwrap_or_default(),
        width: ManifestRow::pixels(read.width.as_ref()).unwrap_or_default(),
        height: ManifestRow::pixels(read.height.as_ref()).unwrap_or_default(),
        kind: kind_of(read),
        picture: picture_of(read).is_some(),
        ..BenchRow::default()
    }
}

/// What a row says, by neutral names.
fn facts(read: &ManifestRow<'_>) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, text: String| {
        if facts.len() < FACTS {
            facts.push((show::text(name), text));
        }
    };
    match &read.subject {
        Subject::Address(said) => add("url", cut(bare(&said.text))),
        Subject::Many(all) => all.iter().take(FACTS / 2).for_each(|said| add("url", cut(bare(&said.text)))),
        Subject::Content(said) => add("content", plain(&said.text)),
        Subject::Shaped(value) | Subject::Wrong(value) => add("content", plain(value.raw())),
        Subject::Missing => {}
    }
    for (name, said) in [("key", &read.key), ("external_id", &read.external_id)] {
        said.iter().for_each(|said| add(name, cut(bare(&said.text))));
    }
    read.media_type.iter().for_each(|kind| add("media_type", cut(kind)));
    for (name, value) in [("width", &read.width), ("height", &read.height)] {
        value.iter().for_each(|value| add(name, cut(value.raw())));
    }
    for meta in &read.metadata {
        let text = meta.value.text().map_or_else(|| plain(meta.value.raw()), |text| plain(&text));
        add(&format!("metadata.{}", meta.name), text);
    }
    for attachment in &read.attachments {
        add(&format!("attachments.{}", attachment.kind.text), plain(&attachment.value.text));
    }
    read.extras.iter().for_each(|(name, value)| add(name, plain(value.raw())));
    facts
}
