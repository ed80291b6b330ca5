//! Which words belong to which room, and which belong to none.

use super::files::{Source, hold, rust_sources, sources};
use super::rust::{code_only, line_of, literals};

/// A word of code, and where it may stand: starts of paths.
const OWNED: &[(&str, &[&str])] = &[
    ("tauri::", &["src-tauri/src/", "src-tauri/build.rs"]),
    ("tauri_", &["src-tauri/src/", "src-tauri/build.rs"]),
    ("keyring_core::", &["src-tauri/engine/src/keychain"]),
    ("secret_service::", &["src-tauri/engine/src/keychain"]),
    ("rusqlite::", &["src-tauri/engine/src/journal", "tests/"]),
    ("reqwest::", &["src-tauri/destinations/src/", "tests/"]),
    ("aws_sigv4::", &["src-tauri/destinations/src/", "tests/bench/"]),
    ("aws_config::", &["src-tauri/destinations/src/"]),
    ("chacha20poly1305::", &["src-tauri/engine/src/keychain"]),
];

/// What a type's name may not end in: it says nothing.
const EMPTY_NAMES: &[&str] = &["Manager", "Service", "Helper", "Util", "Utils", "Handler", "Data", "Info"];

fn breaches(source: &Source, text: &str, word: &str) -> Vec<String> {
    text.match_indices(word)
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, _)| format!("{}:{} says {word}", source.path, line_of(text, at)))
        .collect()
}

#[test]
fn words_of_code_stay_in_their_room() {
    let mut found = Vec::new();
    for source in rust_sources() {
        let code = code_only(&source.text);
        for (word, rooms) in OWNED {
            if !rooms.iter().any(|room| source.path.starts_with(room)) {
                found.extend(breaches(&source, &code, word));
            }
        }
    }
    hold("words of code and their rooms", &found);
}

#[test]
fn only_the_folder_store_touches_the_disk_among_the_destinations() {
    // The S3 store reads the certificate file that its connection names, and nothing else.
    let may = ["src-tauri/destinations/src/folder", "src-tauri/destinations/src/s3/certificates.rs"];
    let mut found = Vec::new();
    for source in rust_sources().iter().filter(|one| one.path.starts_with("src-tauri/destinations/src/")) {
        if may.iter().any(|room| source.path.starts_with(room)) || source.path.ends_with("tests.rs") {
            continue;
        }
        let code = code_only(&source.text);
        found.extend(["std::fs", "tokio::fs", "File::open"].iter().flat_map(|word| breaches(source, &code, word)));
    }
    hold("disks of the destinations", &found);
}

/// What the window's page is made of, without its own tests.
fn page() -> Vec<Source> {
    sources(|path| path.starts_with("ui/src/") && !path.ends_with(".test.ts"))
}

#[test]
fn only_the_bridge_speaks_to_the_shell() {
    let mut found = Vec::new();
    for source in page().iter().filter(|one| !one.path.starts_with("ui/src/bridge/")) {
        found.extend(breaches(source, &source.text, "@tauri-apps"));
        found.extend(breaches(source, &source.text, "__TAURI"));
    }
    hold("the bridge", &found);
}

#[test]
fn the_page_never_builds_markup_from_text() {
    let mut found = Vec::new();
    for source in page() {
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "{@html", "document.write", "eval("] {
            found.extend(breaches(&source, &source.text, word));
        }
    }
    hold("markup from text", &found);
}

#[test]
fn sentences_for_people_are_in_the_words() {
    let rooms = ["src-tauri/src/", "src-tauri/cli/src/", "src-tauri/engine/src/", "src-tauri/destinations/src/"];
    let mut found = Vec::new();
    for source in rust_sources().iter().filter(|one| rooms.iter().any(|room| one.path.starts_with(room))) {
        let (shipped, _) = source.text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&source.text, ""));
        if source.path.ends_with("tests.rs") || source.path.contains("/tests/") {
            continue;
        }
        let spoken = literals(shipped).into_iter().filter(|(line, text)| is_sentence(text) && !explains(shipped, *line));
        found.extend(spoken.map(|(line, text)| format!("{}:{line} {text}", source.path)));
    }
    hold("sentences outside words/en.ftl", &found);
}

/// Starts with a capital letter, has at least four words, and ends as sentences do.
fn is_sentence(literal: &str) -> bool {
    let text = literal.trim_start_matches(['r', 'b', '#', '"']).trim_end_matches(['#', '"']);
    let ends = text.trim_end().ends_with(['.', '!', '?']);
    ends && text.starts_with(|c: char| c.is_uppercase()) && text.split_whitespace().count() >= 4
}

/// Sentences for those who read the source.
fn explains(text: &str, line: usize) -> bool {
    let line = text.lines().nth(line - 1).unwrap_or_default();
    ["reason =", "assert", "panic!", "unreachable!", ".expect("].iter().any(|word| line.contains(word))
}

#[test]
fn names_say_what_a_thing_is() {
    let mut found = Vec::new();
    for source in rust_sources() {
        let code = code_only(&source.text);
        for (number, line) in code.lines().enumerate() {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
            let declares = |word: &&str| ["struct", "enum", "trait"].contains(word);
            let name = words.by_ref().find(declares).and_then(|_| words.next()).unwrap_or_default();
            if EMPTY_NAMES.iter().any(|empty| name.ends_with(empty)) {
                found.push(format!("{}:{} {name}", source.path, number + 1));
            }
        }
    }
    hold("names", &found);
}

#[test]
fn nothing_is_left_undone_and_no_machine_is_named() {
    let unwanted = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["todo", "!("].concat(),
        ["registry.", "npmjs"].concat(),
        ["files.", "pythonhosted"].concat(),
        ["static.", "crates.io"].concat(),
        ["index.", "crates.io"].concat(),
        ["deb.", "debian.org"].concat(),
        ["/work", "/"].concat(),
    ];
    let mut found = Vec::new();
    for source in sources(|path| !path.ends_with(".svg")) {
        found.extend(unwanted.iter().flat_map(|word| breaches(&source, &source.text, word)));
    }
    hold("undone or of one machine", &found);
}
