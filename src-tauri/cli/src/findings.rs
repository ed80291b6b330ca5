//! Findings as people and programs read them: which rule, which file, what exactly, who says so.

use crate::out::Out;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::view::{Fixed, Review};
use gantry_model::words::{Value, say};
use gantry_model::{Fix, Rule, Severity, show};
use serde::Serialize;

/// One finding, or with `count` all of one rule, `path` being an example then.
#[derive(Debug, Serialize)]
struct FindingEvent<'a> {
    event: &'static str,
    rule: &'a str,
    severity: Severity,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    text: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// What would help on a copy: a word of `--fix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    /// It holds the file until `--confirm` names it.
    #[serde(skip_serializing_if = "is_false")]
    asks: bool,
}

/// What came of one fix.
#[derive(Debug, Serialize)]
struct CopiesEvent<'a> {
    event: &'static str,
    fix: &'static str,
    made: u64,
    bytes: u64,
    failed: u64,
    path: &'a str,
    before: &'a str,
    after: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// One file that breaks one rule; `fix` is what would help it on a copy.
pub fn print_one(out: Out, rule: &Rule, severity: Severity, path: &[u8], detail: &str, fix: Option<Fix>) {
    let shown = show::path(path);
    let text = sentence(rule.id, 1, &gantry_engine::check::value(rule), detail);
    let path_bytes = (shown.as_bytes() != path).then(|| STANDARD.encode(path));
    out.event(&FindingEvent {
        event: "finding",
        rule: rule.id,
        severity,
        path: &shown,
        path_bytes,
        text: &text,
        source: rule.source,
        count: None,
        fix: fix.map(Fix::word),
        asks: rule.about.asks_person(),
    });
    if !out.json() {
        out.line(&format!("{}: {shown}", word(severity)));
        out.line(&format!("  {text}"));
        offer(out, fix, rule.about.asks_person().then_some(rule.id));
    }
}

/// What can be done about it.
fn offer(out: Out, fix: Option<Fix>, asks: Option<&str>) {
    if let Some(fix) = fix {
        let what = say(&format!("console-fix-{}", fix.word()), &[]);
        out.line(&format!(
            "  {}",
            say("console-can-be-fixed", &[("what", Value::Text(&what)), ("fix", Value::Text(fix.word()))])
        ));
    }
    if let Some(rule) = asks {
        out.line(&format!("  {}", say("console-can-be-confirmed", &[("rule", Value::Text(rule))])));
    }
}

/// All findings of an upload, grouped by rule, and what was done to copies.
pub fn print_groups(out: Out, review: &Review) {
    for group in &review.findings {
        let fix = group.fix.filter(|fix| !review.plan.fixes.contains(fix));
        let asks = group.asks && !group.confirmed;
        let text = sentence(&group.rule, group.count, &group.value, "");
        out.event(&FindingEvent {
            event: "finding",
            rule: &group.rule,
            severity: group.severity,
            path: &group.example,
            path_bytes: (!group.example_raw.is_empty()).then(|| STANDARD.encode(&group.example_raw)),
            text: &text,
            source: &group.source,
            count: Some(group.count),
            fix: fix.map(Fix::word),
            asks,
        });
        out.line(&format!("{}: {text}", word(group.severity)));
        let values = [("path", Value::Text(&group.example)), ("source", Value::Text(&group.source))];
        out.line(&format!("  {}", say("console-for-example", &values)));
        offer(out, fix, asks.then_some(&group.rule));
    }
    review.fixed.iter().filter(|fixed| fixed.made + fixed.failed > 0).for_each(|fixed| print_copies(out, fixed));
}

fn print_copies(out: Out, fixed: &Fixed) {
    out.event(&CopiesEvent {
        event: "copies",
        fix: fixed.fix.word(),
        made: fixed.made,
        bytes: fixed.bytes,
        failed: fixed.failed,
        path: &fixed.example,
        before: &fixed.before,
        after: &fixed.after,
    });
    if fixed.made > 0 {
        let (what, bytes) = (say(&format!("copy-done-{}", fixed.fix.word()), &[]), show::bytes(fixed.bytes));
        let values = [("count", Value::Count(fixed.made)), ("what", Value::Text(&what)), ("bytes", Value::Text(&bytes))];
        out.line(&say("console-copies", &values));
        let values =
            [("path", Value::Text(&fixed.example)), ("before", Value::Text(&fixed.before)), ("after", Value::Text(&fixed.after))];
        out.line(&format!("  {}", say("console-copies-example", &values)));
    }
}

/// A rule's sentence, with what was measured.
fn sentence(rule: &str, count: u64, value: &str, detail: &str) -> String {
    let text = say(&format!("rule-{rule}"), &[("count", Value::Count(count)), ("value", Value::Text(value))]);
    if detail.is_empty() { text } else { format!("{text} ({})", show::text(detail)) }
}

fn word(severity: Severity) -> String {
    let id = match severity {
        Severity::Blocked => "severity-blocked",
        Severity::Warning => "severity-warning",
        Severity::Note => "severity-note",
    };
    say(id, &[])
}
