//! Findings as people and programs read them: which rule, which file, what exactly, who says so.

use crate::out::Out;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::view::FindingGroup;
use gantry_model::words::{Value, say};
use gantry_model::{Rule, Severity, show};
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
}

/// One file that breaks one rule.
pub fn print_one(out: Out, rule: &Rule, severity: Severity, path: &[u8], detail: &str) {
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
    });
    if !out.json() {
        out.line(&format!("{}: {shown}", word(severity)));
        out.line(&format!("  {text}"));
    }
}

/// All findings of an upload, grouped by rule.
pub fn print_groups(out: Out, groups: &[FindingGroup]) {
    for group in groups {
        let text = sentence(&group.rule, group.count, &group.value, "");
        out.event(&FindingEvent {
            event: "finding",
            rule: &group.rule,
            severity: group.severity,
            path: &group.example,
            path_bytes: None,
            text: &text,
            source: &group.source,
            count: Some(group.count),
        });
        out.line(&format!("{}: {text}", word(group.severity)));
        let values = [("path", Value::Text(&group.example)), ("source", Value::Text(&group.source))];
        out.line(&format!("  {}", say("console-for-example", &values)));
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
