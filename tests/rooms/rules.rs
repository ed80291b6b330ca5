//! A rule without words, a source and a date does not exist.

use super::files::{Source, hold, rust_sources};
use gantry_model::words;

/// The fields of every `Rule { .. }` literal of a file: its position and its text.
fn literals(source: &Source) -> Vec<&str> {
    let text = source.text.as_str();
    let written = text.match_indices("Rule {").filter(|(at, _)| text[..*at].ends_with([' ', '(', '[', '&', '\n']));
    let bodies = written.filter_map(|(at, _)| text[at + 6..].split_once("},").map(|(body, _)| (at, body)));
    bodies.filter(|(at, body)| !text[..*at].ends_with("struct ") && body.contains("severity:")).map(|(_, body)| body).collect()
}

/// A field's value; the name of a constant is looked up in the same file.
fn field<'a>(source: &'a Source, body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("{name}:"))?;
    let value = rest.trim_start();
    if value.starts_with('"') {
        return value[1..].split('"').next();
    }
    let constant = value.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    let (_, rest) = source.text.split_once(&format!("const {constant}: &str ="))?;
    rest.split('"').nth(1)
}

fn is_date(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00"
}

#[test]
fn every_rule_has_words_a_source_and_a_date() {
    let (mut found, mut seen) = (Vec::new(), 0);
    let rooms = ["src-tauri/destinations/src/", "src-tauri/engine/src/check"];
    for source in rust_sources().iter().filter(|one| rooms.iter().any(|room| one.path.starts_with(room))) {
        for body in literals(source) {
            let Some(id) = field(source, body, "id") else { continue };
            seen += 1;
            if words::try_say(&format!("rule-{id}"), &[]).is_none() {
                found.push(format!("{id} has no words (rule-{id})"));
            }
            if !field(source, body, "source").is_some_and(|page| page.starts_with("https://")) {
                found.push(format!("{id} has no source"));
            }
            if !field(source, body, "checked").is_some_and(is_date) {
                found.push(format!("{id} has no date"));
            }
        }
    }
    assert!(seen >= 10, "only {seen} rules were found: are they still read right?");
    hold("rules", &found);
}
