//! A rule without words, a source and a date does not exist.

use super::files::{Source, hold, rust_sources};
use super::rust::code_only;
use gantry_model::words;

/// The fields of every `Rule { .. }` literal of a file.
fn literals(source: &Source) -> Vec<&str> {
    // Blanked literals are as long as before: a position in the one is the same in the other.
    let code = code_only(&source.text);
    let written =
        code.match_indices("Rule {").filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == ':'));
    let bodies = written.filter_map(|(at, _)| Some(&source.text[at..closing_brace(&code, at)?]));
    bodies.filter(|body| body.contains("severity:") && !body.contains("pub severity:")).collect()
}

fn closing_brace(code: &str, from: usize) -> Option<usize> {
    let mut open = 0_usize;
    code[from..]
        .bytes()
        .position(|byte| {
            open += usize::from(byte == b'{');
            open -= usize::from(byte == b'}');
            byte == b'}' && open == 0
        })
        .map(|length| from + length)
}

/// A field's value; the name of a constant is looked up in the same file.
fn field<'a>(source: &'a Source, body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("{name}:"))?;
    let value = rest.trim_start();
    if let Some(text) = value.strip_prefix('"') {
        return text.split('"').next();
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
    assert!(seen >= 9, "only {seen} rules were found: are they still read right?");
    hold("rules", &found);
}
