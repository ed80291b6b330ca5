//! `manifest check`: what is wrong, to the line. Programs get each finding; people get each rule with a few places.

use super::looking::{self, ObjectsSummary};
use super::{known, open, tell_form};
use crate::args::CheckManifest;
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::home::Home;
use gantry_engine::manifest::{Checked, Excerpt, Looked, Manifest, RowFinding, ask_about_metadata, check_marked, look};
use gantry_model::manifest::{About, Place, RowRule};
use gantry_model::words::{Value, say};
use gantry_model::{Severity, show};
use serde::Serialize;

/// Places of one rule that people see unless they ask for all.
const PLACES: usize = 5;

#[derive(Serialize)]
struct FindingEvent<'a> {
    event: &'static str,
    rule: &'a str,
    severity: Severity,
    row: Option<u64>,
    line: u64,
    column: u64,
    text: &'a str,
    source: &'a str,
    /// The line around the place.
    shown: &'a str,
}

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    form: &'a str,
    rows: u64,
    good: u64,
    blocked: u64,
    warnings: u64,
    layout: &'a str,
    why: &'a [String],
    unused_columns: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<ObjectsSummary>,
}

/// Checks.
///
/// # Errors
/// Bad input, or what the disk says.
pub fn run(args: &CheckManifest, home: &Home, out: Out) -> Result<u8, Failure> {
    let manifest = open(&args.opening, home)?;
    tell_form(out, &manifest);
    let stop = Stop::listen();
    let mut groups: Vec<Group> = Vec::new();
    let most = if args.all { usize::MAX } else { PLACES };
    let mut told = |finding: &RowFinding| {
        if out.json() {
            print(out, finding);
        } else {
            gather(&mut groups, finding, most);
        }
    };
    let (mut checked, mut marks) = check_marked(&manifest, known(), stop.flag(), &mut told)?;
    if let Some(target) = args.platform.as_ref().filter(|_| !checked.stopped) {
        let engine = join::look(home.clone())?;
        join::can_open(&engine, &target.connection)?;
        let mut ask = engine.misfits(&target.connection, &target.prefix)?;
        ask_about_metadata(&manifest, ask.as_mut(), (&mut checked, &mut marks), stop.flag(), &mut told)?;
    }
    let mut looked = None;
    if let Some(sample) = args.objects.filter(|_| !checked.stopped) {
        let eyes = looking::looking(&args.looking, home)?;
        looked = Some(look(&manifest, &eyes, sample.0, (&mut checked, &mut marks), stop.flag(), &mut told)?);
    }
    groups.sort_by_key(|group| group.rule.severity);
    groups.iter().for_each(|group| group.print(out));
    looked.iter().for_each(|looked| looking::print(out, looked));
    summary(out, &manifest, &checked, looked.as_ref());
    if checked.stopped || looked.is_some_and(|looked| looked.stopped) {
        return Ok(STOPPED);
    }
    Ok(u8::from(checked.blocked > 0))
}

fn print(out: Out, finding: &RowFinding) {
    let Place { row, line, column } = finding.place;
    out.event(&FindingEvent {
        event: "finding",
        rule: finding.rule.id,
        severity: finding.rule.severity,
        row: (row > 0).then_some(row),
        line,
        column,
        text: &finding.text,
        source: finding.rule.source,
        shown: &finding.excerpt.text,
    });
}

/// All that one rule found.
struct Group {
    rule: &'static RowRule,
    count: u64,
    places: Vec<(Place, String, Excerpt)>,
}

fn gather(groups: &mut Vec<Group>, finding: &RowFinding, most: usize) {
    let known = groups.iter().position(|group| group.rule.id == finding.rule.id);
    let at = known.unwrap_or_else(|| {
        groups.push(Group { rule: finding.rule, count: 0, places: Vec::new() });
        groups.len() - 1
    });
    let group = &mut groups[at];
    group.count += 1;
    if group.places.len() < most {
        group.places.push((finding.place, finding.text.clone(), finding.excerpt.clone()));
    }
}

impl Group {
    fn print(&self, out: Out) {
        let severity = match self.rule.severity {
            Severity::Blocked => "severity-blocked",
            Severity::Warning => "severity-warning",
            Severity::Note => "severity-note",
        };
        let severity = say(severity, &[]);
        if self.count > 1 {
            let id = format!("manifest-rule-{}", self.rule.about.word());
            out.line(&format!("{severity}: {}", say(&id, &[("count", Value::Count(self.count))])));
        }
        for (place, text, excerpt) in &self.places {
            // A mistake in the text says its place itself.
            let said = if self.rule.about == About::Syntax { text.clone() } else { format!("{}: {text}", position(*place)) };
            let head = if self.count > 1 { format!("  {said}") } else { format!("{severity}: {said}") };
            out.line(&head);
            if !excerpt.text.is_empty() {
                out.line(&format!("    {}", excerpt.text));
                out.line(&format!("    {}^", " ".repeat(excerpt.before)));
            }
        }
        let more = self.count - self.places.len() as u64;
        if more > 0 {
            out.say("console-manifest-more", &[("count", Value::Count(more))]);
        }
        out.say("console-manifest-source", &[("source", Value::Text(self.rule.source))]);
    }
}

/// `Row 214 (line 88, column 14)`
pub(super) fn position(place: Place) -> String {
    let [row, line, column] = [place.row, place.line, place.column].map(show::count);
    let id = if place.row > 0 { "console-manifest-place" } else { "console-manifest-place-beside" };
    say(id, &[("row", Value::Text(&row)), ("line", Value::Text(&line)), ("column", Value::Text(&column))])
}

fn summary(out: Out, manifest: &Manifest, checked: &Checked, looked: Option<&Looked>) {
    out.event(&SummaryEvent {
        event: "summary",
        form: manifest.form().word(),
        rows: checked.rows,
        good: checked.good,
        blocked: checked.blocked,
        warnings: checked.warnings,
        layout: manifest.layout.word(),
        why: &manifest.why,
        unused_columns: manifest.unused_columns(),
        objects: looked.map(ObjectsSummary::from),
    });
    let values = [
        ("count", Value::Count(checked.rows)),
        ("good", Value::Count(checked.good)),
        ("blocked", Value::Count(checked.blocked)),
        ("warnings", Value::Count(checked.warnings)),
    ];
    out.say("console-manifest-sum", &values);
    let id = match (checked.blocked, checked.warnings) {
        (0, 0) => "console-manifest-fine",
        (0, _) => "console-manifest-warnings",
        _ => "console-manifest-blocked",
    };
    out.say(id, &values);
}
