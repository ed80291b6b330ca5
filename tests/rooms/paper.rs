//! What the papers at the top say is there.

use super::files::{all_paths, hold, top};

/// The words in back quotes of a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// A path of the repository rather than a command, a type or a pattern.
fn is_path(word: &str) -> bool {
    let known = ["src-tauri/", "ui/", "tests/", "icons/", "samples/", ".github/", ".ci/", ".config/"];
    let plain = !word.contains(['*', '<', '{', ' ', '$']);
    plain && (known.iter().any(|start| word.starts_with(start)) || word.ends_with(".md") || word.ends_with(".toml"))
}

#[test]
fn every_path_that_the_papers_name_is_there() {
    // Made by the build or by the tests, on purpose not kept.
    let made = ["ui/dist", "ui/node_modules", "tests/artefacts"];
    let paths = all_paths();
    let mut found = Vec::new();
    for paper in ["ARCHITECTURE.md", "README.md"] {
        let text = std::fs::read_to_string(top().join(paper)).expect("the papers are there");
        let named: Vec<&str> = quoted(&text).filter(|word| is_path(word)).collect();
        assert!(!named.is_empty(), "{paper} names no path: is it still read right?");
        let there = |word: &str| {
            let word = word.trim_end_matches('/');
            paths.iter().any(|path| path == word || path.strip_prefix(word).is_some_and(|rest| rest.starts_with('/')))
        };
        let missing = named.into_iter().filter(|word| !made.iter().any(|one| word.starts_with(one)) && !there(word));
        found.extend(missing.map(|word| format!("{paper} names {word}")));
    }
    hold("paths that the papers name", &found);
}

#[test]
fn the_readme_shows_pictures_that_exist() {
    let text = std::fs::read_to_string(top().join("README.md")).expect("the README is there");
    let pictures: Vec<&str> = text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let local = pictures.iter().filter(|link| !link.starts_with("http") && !link.starts_with('#'));
    let missing: Vec<String> = local.filter(|link| !top().join(link).exists()).map(ToString::to_string).collect();
    hold("links of the README", &missing);
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(top().join("Cargo.toml")).expect("the manifest is there");
    let architecture = std::fs::read_to_string(top().join("ARCHITECTURE.md")).expect("the paper is there");
    let (_, shared) = manifest.split_once("[workspace.dependencies]").expect("shared versions");
    let (shared, _) = shared.split_once("\n[").expect("something follows them");
    let names = shared.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
    let told = |name: &&str| architecture.contains(&format!("`{name}`"));
    let silent: Vec<String> = names.filter(|name| !name.starts_with("gantry-") && !told(name)).map(str::to_owned).collect();
    hold("dependencies without a reason in ARCHITECTURE.md", &silent);
}
