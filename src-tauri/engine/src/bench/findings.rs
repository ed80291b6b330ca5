//! What was found: for each rule the rows that break it, and of what belongs to no row the first places.

use super::asking::ASKED;
use super::objects::OBJECTS;
use super::plan::Pass;
use crate::manifest::{Excerpt, RowFinding, RowSet, sentence_of};
use gantry_model::Severity;
use gantry_model::manifest::{About, Form, RowRule};
use gantry_model::view::{BenchGroup, BenchLine, BenchPlace};
use gantry_model::words::say;
use std::collections::HashMap;

/// Places that are shown of what belongs to no row.
const PLACES: usize = 20;
/// What two rows share.
const KEPT: &[About] = &[About::KeyTwice, About::UrlTwice];
/// Findings that are kept word by word; of more, their rows are known and no more.
const MOST_KEPT: usize = 100_000;

/// What the row by itself does not say.
fn kept() -> impl Iterator<Item = &'static About> {
    KEPT.iter().chain(OBJECTS).chain(ASKED)
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    groups: Vec<Group>,
    /// What cannot be found out again from the row alone.
    kept: HashMap<(u64, About), RowFinding>,
}

/// Rows that break one rule.
#[derive(Debug)]
pub(super) struct Group {
    pub rule: &'static RowRule,
    pub rows: RowSet,
    beside: u64,
    places: Vec<BenchPlace>,
    /// The first thing that was said of it.
    first: String,
}

impl Findings {
    pub(super) fn add(&mut self, finding: &RowFinding) {
        let about = finding.rule.about;
        if kept().any(|one| *one == about) {
            self.keep(finding);
        }
        let group = match self.groups.iter().position(|group| group.rule.about == about) {
            Some(at) => &mut self.groups[at],
            None => {
                let (rows, places) = (RowSet::default(), Vec::new());
                self.groups.push(Group { rule: finding.rule, rows, beside: 0, places, first: finding.text.clone() });
                let last = self.groups.len() - 1;
                &mut self.groups[last]
            }
        };
        if finding.place.row > 0 {
            group.rows.add(finding.place.row);
            return;
        }
        group.beside += 1;
        if group.places.len() < PLACES {
            group.places.push(BenchPlace { text: finding.text.clone(), line: line(&finding.excerpt) });
        }
    }

    fn keep(&mut self, finding: &RowFinding) {
        if self.kept.len() < MOST_KEPT {
            self.kept.insert((finding.place.row, finding.rule.about), finding.clone());
        }
    }

    /// Forgets what was found about this.
    pub(super) fn forget(&mut self, abouts: &[About]) {
        self.groups.retain(|group| !abouts.contains(&group.rule.about));
        self.kept.retain(|(_, about), _| !abouts.contains(about));
    }

    /// The groups, the gravest first.
    pub(super) fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by_key(|group| (grave(group.rule.severity), std::cmp::Reverse(group.rows.count() + group.beside)));
        groups
    }

    pub(super) fn group(&self, about: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.rule.about.word() == about)
    }

    /// What the row by itself does not say.
    pub(super) fn kept(&self, row: u64) -> Vec<RowFinding> {
        let said = |about: &About| self.kept.get(&(row, *about)).cloned();
        kept().filter_map(said).collect()
    }

    /// Mistakes between rows.
    pub(super) fn beside(&self) -> u64 {
        let blocked = self.groups.iter().filter(|group| group.rule.severity == Severity::Blocked);
        blocked.map(|group| group.beside).sum()
    }

    /// Rows that break a rule of this weight and are not mended.
    pub(super) fn rows_of(&self, severity: Severity, planned: &Pass) -> RowSet {
        let mut rows = RowSet::default();
        for group in self.groups.iter().filter(|group| group.rule.severity == severity) {
            rows.add_all(&group.rows, planned.rows(group.rule.about));
        }
        rows
    }

    /// The gravest thing that is left of a row.
    pub(super) fn worst(&self, row: u64, planned: &Pass) -> Option<&'static RowRule> {
        let left = |group: &&Group| group.rows.has(row) && !planned.mends(group.rule.about, row);
        self.groups.iter().filter(left).map(|group| group.rule).min_by_key(|rule| grave(rule.severity))
    }

    /// What can be mended of all that was found.
    pub(super) fn mendable(&self) -> Vec<About> {
        let found = |about: &&About| self.groups.iter().any(|group| group.rule.about == **about);
        crate::manifest::MENDABLE.iter().filter(found).copied().collect()
    }
}

impl Group {
    /// Rows that can be taken out: they can't be used, and no planned repair mends them.
    fn removable(&self, planned: &Pass) -> u64 {
        if self.rule.severity == Severity::Blocked { self.rows.count().saturating_sub(planned.count(self.rule.about)) } else { 0 }
    }

    pub(super) fn view(&self, form: Form, removed: &[About], planned: &Pass, offered: &Pass) -> BenchGroup {
        let about = self.rule.about;
        let count = self.rows.count() + self.beside;
        let sentence = if count == 1 { self.first.clone() } else { sentence_of(about, form, "", count) };
        BenchGroup {
            rule: self.rule.id.to_owned(),
            about: about.word().to_owned(),
            severity: self.rule.severity,
            title: title(about),
            sentence,
            rows: self.rows.count(),
            beside: self.beside,
            places: self.places.clone(),
            source: self.rule.source.to_owned(),
            checked: self.rule.checked.to_owned(),
            mendable: offered.count(about),
            mended: planned.count(about),
            planned: planned.has(about),
            on_wish: crate::manifest::ON_WISH.contains(&about),
            example: offered.example(about),
            removable: self.removable(planned),
            removed: removed.contains(&about),
        }
    }
}

/// What a rule is about, in a few words.
pub(super) fn title(about: About) -> String {
    say(&format!("manifest-short-{}", about.word()), &[])
}

pub(super) fn line(excerpt: &Excerpt) -> BenchLine {
    BenchLine { text: excerpt.text.clone(), before: u32::try_from(excerpt.before).unwrap_or_default() }
}

fn grave(severity: Severity) -> u8 {
    match severity {
        Severity::Blocked => 0,
        Severity::Warning => 1,
        Severity::Note => 2,
    }
}
