//! How large a thing may be before it holds a second idea.

use super::files::{all_paths, hold, rust_sources, sources};
use super::rust::functions;

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 40;
const HEAD_LINES: usize = 4;

#[test]
fn files_are_short() {
    let ends = [".rs", ".ts", ".js", ".mjs", ".svelte", ".css", ".py", ".sh"];
    let read = sources(|path| {
        let written = !path.contains("/fixtures/") && path != "ui/src/bridge/wire.ts";
        written && (ends.iter().any(|end| path.ends_with(end)) || path == "dev")
    });
    let long = |source: &super::files::Source| {
        let lines = source.text.lines().count();
        (lines > FILE_LINES).then(|| format!("{} has {lines} lines", source.path))
    };
    hold("files of at most 400 lines", &read.iter().filter_map(long).collect::<Vec<_>>());
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for source in rust_sources() {
        let long = functions(&source.text).into_iter().filter(|(_, _, lines)| *lines > FUNCTION_LINES);
        found.extend(long.map(|(name, line, lines)| format!("{}:{line} {name} has {lines} lines", source.path)));
    }
    hold("functions of at most 40 lines", &found);
}

#[test]
fn modules_say_briefly_what_they_are_for() {
    let mut found = Vec::new();
    for source in rust_sources() {
        let head = source.text.lines().take_while(|line| line.starts_with("//!")).count();
        // The model's head is the glossary, and tests speak through their names.
        let excused = source.path == "src-tauri/model/src/lib.rs" || source.path.ends_with("tests.rs");
        if !excused && !(1..=HEAD_LINES).contains(&head) {
            found.push(format!("{} opens with {head} lines of its purpose", source.path));
        }
    }
    hold("heads of one to four lines", &found);
}

#[test]
fn a_module_is_named_by_its_file() {
    let found: Vec<String> = all_paths().into_iter().filter(|path| path.ends_with("/mod.rs")).collect();
    hold("queue.rs beside queue/", &found);
}
