//! Who may import whom. The model knows nobody; engine and destinations do not know each other; only the shell says tauri.

use super::files::{hold, top};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const HOUSE: &[&str] = &["gantry", "gantryctl", "gantry-engine", "gantry-destinations", "gantry-model", "acceptance"];

/// What a package may use of the house.
const ALLOWED: &[(&str, &[&str])] = &[
    ("gantry-model", &[]),
    ("gantry-engine", &["gantry-model"]),
    ("gantry-destinations", &["gantry-model"]),
    ("gantryctl", &["gantry-model", "gantry-engine", "gantry-destinations"]),
    ("gantry", &["gantry-model", "gantry-engine", "gantry-destinations"]),
    ("acceptance", &["gantry-model", "gantry-engine", "gantry-destinations"]),
];

/// Crates that only some packages may ship with: the start of their names, and who may.
const OWNED: &[(&str, &[&str])] = &[
    ("tauri", &["gantry"]),
    ("rusqlite", &["gantry-engine", "acceptance"]),
    ("keyring", &["gantry-engine"]),
    ("secret-service", &["gantry-engine"]),
    ("reqwest", &["gantry-destinations", "acceptance"]),
    ("hyper", &["acceptance"]),
    ("aws-config", &["gantry-destinations"]),
    ("aws-sigv4", &["gantry-destinations", "acceptance"]),
    ("clap", &["gantryctl", "acceptance"]),
];

/// What each package is made of; what only its own tests use does not count.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(top()).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = cargo.output().expect("cargo runs");
    let graph: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let used = |one: &Value| {
        let all = one["dependencies"].as_array().into_iter().flatten();
        all.filter(|dependency| dependency["kind"] != "dev").map(name).collect()
    };
    graph["packages"].as_array().expect("packages").iter().map(|one| (name(one), used(one))).collect()
}

#[test]
fn every_package_uses_only_what_it_may() {
    let graph = dependencies();
    let house: BTreeSet<&str> = HOUSE.iter().copied().collect();
    assert_eq!(graph.keys().map(String::as_str).collect::<BTreeSet<_>>(), house, "a package came or went");
    let mut breaches = Vec::new();
    for (package, allowed) in ALLOWED {
        let used = graph[*package].iter().filter(|one| house.contains(one.as_str()));
        breaches.extend(used.filter(|one| !allowed.contains(&one.as_str())).map(|one| format!("{package} uses {one}")));
    }
    hold("who imports whom", &breaches);
}

#[test]
fn crates_with_an_owner_stay_with_it() {
    let mut breaches = Vec::new();
    for (package, used) in dependencies() {
        for (start, owners) in OWNED {
            let strangers = used.iter().filter(|one| one.starts_with(start) && !owners.contains(&package.as_str()));
            breaches.extend(strangers.map(|one| format!("{package} names {one}")));
        }
    }
    hold("crates with an owner", &breaches);
}
