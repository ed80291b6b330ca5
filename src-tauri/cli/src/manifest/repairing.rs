//! `manifest repair`: a mended copy, with before and after for each row. Only what is mended changes.

use super::{open, tell_form};
use crate::args::RepairManifest;
use crate::failure::Failure;
use crate::join;
use crate::manifest::checking::position;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::home::Home;
use gantry_engine::manifest::{
    Aside, MENDABLE, Manifest, Mended, RULES, RowSet, Signing, breaking, mend_and_sign, mend_without, usual,
};
use gantry_model::manifest::{About, Change, Place};
use gantry_model::show;
use gantry_model::words::{Value, say};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Rows of one kind that people see.
const SHOWN: u64 = 5;

#[derive(Serialize)]
struct RepairEvent<'a> {
    event: &'static str,
    rules: Vec<String>,
    row: u64,
    line: u64,
    column: u64,
    field: &'a str,
    before: &'a str,
    after: &'a str,
}

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    form: &'a str,
    rows: u64,
    changed: u64,
    broken: u64,
    #[serde(skip_serializing_if = "is_zero")]
    removed: u64,
    by_rule: &'a BTreeMap<String, u64>,
    output: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Mends.
///
/// # Errors
/// Bad input, an output that is there already, or what the disks say.
pub fn run(args: &RepairManifest, home: &Home, out: Out) -> Result<u8, Failure> {
    let manifest = open(&args.opening, home)?;
    tell_form(out, &manifest);
    let matters = matters(&manifest, &args.only)?;
    let removes = removes(&manifest, &args.remove)?;
    let to = args.output.output.as_deref().filter(|_| !args.dry_run);
    let mut aside = to.map(|to| Aside::create(to, args.output.force, &manifest.path)).transpose()?;
    let stop = Stop::listen();
    let mut by_rule: BTreeMap<String, u64> = BTreeMap::new();
    let mut told = |place: Place, change: &Change| {
        let rules: Vec<String> = change.matters.iter().map(|about| rule_id(&manifest, *about)).collect();
        let first = rules.first().and_then(|rule| by_rule.get(rule)).copied().unwrap_or_default();
        rules.iter().for_each(|rule| *by_rule.entry(rule.clone()).or_default() += 1);
        print(out, place, change, rules, first);
    };
    let signing = signing(args, home)?;
    let gone = if removes.is_empty() { RowSet::default() } else { breaking(&manifest, &removes, super::known(), stop.flag())? };
    let wished = (matters.as_slice(), signing.as_ref());
    let (mended, removed) = match removes.is_empty() {
        true => (mend_and_sign(&manifest, wished, aside.as_mut(), stop.flag(), &mut told)?, 0),
        false => mend_without(&manifest, wished, &gone, aside.as_mut(), stop.flag(), &mut told)?,
    };
    if mended.stopped {
        out.aside(&say("console-manifest-stopped", &[]));
        return Ok(STOPPED);
    }
    if let Some(aside) = aside.take() {
        aside.finish()?;
    }
    summary(out, &manifest, (&mended, removed), &by_rule, to.map(|to| show::path(to.as_os_str().as_encoded_bytes())));
    Ok(0)
}

/// Who signs anew; nobody where no bucket is connected.
fn signing(args: &RepairManifest, home: &Home) -> Result<Option<Signing>, Failure> {
    if !home.journal().is_file() {
        return Ok(None);
    }
    let life = Duration::from_secs(u64::from(args.days) * 24 * 3600);
    Ok(join::look(home.clone())?.signing(life)?)
}

/// What is to be mended: what was chosen, by the id of its rule or by its last part.
fn matters(manifest: &Manifest, only: &[String]) -> Result<Vec<About>, Failure> {
    if only.is_empty() {
        return Ok(usual(manifest));
    }
    only.iter().map(|name| matter(manifest, name)).collect()
}

fn matter(manifest: &Manifest, name: &str) -> Result<About, Failure> {
    let prefix = format!("{}-", manifest.form().word());
    let word = name.strip_prefix(&prefix).unwrap_or(name);
    MENDABLE.iter().copied().find(|about| about.word() == word).ok_or_else(|| {
        let known: Vec<&str> = MENDABLE.iter().map(|about| about.word()).collect();
        Failure::usage("console-bad-choice", &[("known", Value::Text(&known.join(", ")))])
    })
}

/// Whose rows are left out: rules of the form and of every manifest, by their ids or last parts.
fn removes(manifest: &Manifest, wished: &[String]) -> Result<Vec<About>, Failure> {
    let all: Vec<_> = manifest.dialect.rules().iter().chain(RULES).collect();
    let one = |name: &String| {
        let found = all.iter().find(|rule| rule.id == name || rule.about.word() == name).map(|rule| rule.about);
        found.ok_or_else(|| {
            let known = all.iter().map(|rule| rule.about.word()).collect::<Vec<_>>().join(", ");
            Failure::usage("console-bad-choice", &[("known", Value::Text(&known))])
        })
    };
    wished.iter().map(one).collect()
}

fn rule_id(manifest: &Manifest, about: About) -> String {
    format!("{}-{}", manifest.form().word(), about.word())
}

fn print(out: Out, place: Place, change: &Change, rules: Vec<String>, earlier: u64) {
    if out.json() {
        let Place { row, line, column } = place;
        let (field, before, after) = (change.field.as_str(), change.before.as_str(), change.after.as_str());
        return out.event(&RepairEvent { event: "repair", rules, row, line, column, field, before, after });
    }
    if earlier < SHOWN {
        out.line(&format!("{}: {} ({})", position(place), show::text(&change.field), rules.join(", ")));
        out.line(&format!("  - {}", show::text(&change.before)));
        out.line(&format!("  + {}", show::text(&change.after)));
    } else if earlier == SHOWN {
        out.line("  \u{2026}");
    }
}

fn summary(
    out: Out,
    manifest: &Manifest,
    (mended, removed): (&Mended, u64),
    by_rule: &BTreeMap<String, u64>,
    output: Option<String>,
) {
    for (rule, count) in by_rule {
        let values = [("count", Value::Count(*count)), ("rule", Value::Text(rule))];
        out.say("console-manifest-mended-rule", &values);
    }
    let values = [
        ("count", Value::Count(mended.changed)),
        ("rows", Value::Count(mended.rows)),
        ("broken", Value::Count(mended.broken)),
        ("path", Value::Text(output.as_deref().unwrap_or_default())),
    ];
    out.say(if output.is_some() { "console-manifest-mended" } else { "console-manifest-would-mend" }, &values);
    if removed > 0 {
        let id = if output.is_some() { "console-manifest-removed" } else { "console-manifest-would-remove" };
        out.say(id, &[("count", Value::Count(removed))]);
    }
    if mended.broken > 0 {
        out.say("console-manifest-copied", &values);
    }
    out.event(&SummaryEvent {
        event: "summary",
        form: manifest.form().word(),
        rows: mended.rows,
        changed: mended.changed,
        broken: mended.broken,
        removed,
        by_rule,
        output,
    });
}
