//! A golden folder for each platform: one file for each of its published rules, judged as a person's files are.
//! Nothing is on a disk here: what a rule needs of a file is measured before it is asked.

use crate::conformance::golden_files::{Golden, ango, labelbox, segments};
use gantry_destinations::row_rules;
use gantry_engine::check::Checker;
use gantry_engine::naming::{Naming, Template};
use gantry_model::{EntryKind, Rule, Severity, State};
use std::collections::BTreeSet;

fn checker(rules: &'static [Rule]) -> Checker {
    Checker::new(rules.iter().collect(), Naming::new(Template::parse("").expect("a template"), "", "golden"))
}

/// Judges each file by itself, and says what each rule of the platform found.
fn judge(kind: &str, own: bool, files: &[Golden]) {
    let rules = row_rules(kind, own);
    let mut broken = BTreeSet::new();
    for file in files {
        let mut checker = checker(rules);
        let checked = file.entries.iter().enumerate().map(|(ord, entry)| checker.look(ord as u64, entry)).last();
        let checked = checked.expect("a file");
        let mut found: Vec<&str> = checked.findings.iter().map(|finding| finding.rule).collect();
        let mut expected = file.rules.clone();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{kind}, own storage {own}: {}", file.name());
        let worst = checked.findings.iter().map(|finding| finding.severity).min();
        let twins = file.entries.len() > 1;
        let stands = match (worst, twins) {
            (Some(Severity::Blocked), true) => State::Clash,
            (Some(Severity::Blocked), false) => State::Blocked,
            _ => State::Ready,
        };
        assert_eq!(checked.state, stands, "{kind}, own storage {own}: {}", file.name());
        assert!(file.entries.iter().all(|entry| entry.kind == EntryKind::File));
        broken.extend(found);
    }
    let silent: Vec<&str> = rules.iter().map(|rule| rule.id).filter(|id| !broken.contains(id)).collect();
    assert_eq!(silent, [""; 0], "{kind}, own storage {own}: no file shows these rules");
}

#[test]
fn segments_ai_says_what_it_takes() {
    judge("segments", true, &[segments::files(), segments::uploaded()].concat());
    judge("segments", false, &segments::files());
}

#[test]
fn labelbox_says_what_it_takes() {
    judge("labelbox", true, &[labelbox::files(), labelbox::uploaded()].concat());
    judge("labelbox", false, &[labelbox::files(), labelbox::read()].concat());
}

#[test]
fn ango_hub_says_what_it_takes() {
    judge("ango", true, &[ango::files(), ango::uploaded()].concat());
    judge("ango", false, &[ango::files(), ango::read()].concat());
}

#[test]
fn one_folder_is_judged_by_each_destination_s_own_rules() {
    let large = segments::uploaded();
    let file = large.iter().find(|file| file.name() == "larger.jpg").expect("it is there");
    let blocked = |rules: &'static [Rule]| checker(rules).look(0, &file.entries[0]).state == State::Blocked;
    assert!(blocked(row_rules("segments", true)), "too large for Segments.ai's own storage");
    assert!(!blocked(row_rules("segments", false)), "fine where Segments.ai reads it from a bucket");
    assert!(!blocked(gantry_destinations::rules("s3")), "fine for the bucket itself");
}
