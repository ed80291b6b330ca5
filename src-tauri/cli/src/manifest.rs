//! `manifest`: looks at manifests, and makes new ones of them. Never changes the file that was given.

mod building;
mod checking;
mod comparing;
mod converting;
mod looking;
mod making;
mod measuring;
mod repairing;

pub use making::run as making;

use crate::args::{ManifestCommand, Manifests, Opening};
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use gantry_engine::home::Home;
use gantry_engine::manifest::{Manifest, Map, Wish};
use gantry_model::manifest::Known;
use gantry_model::show;
use gantry_model::words::{Value, say};
use std::time::{SystemTime, UNIX_EPOCH};

/// Carries one of the commands out.
///
/// # Errors
/// Bad input, or what the disk says.
pub fn run(args: &Manifests, home: Home, out: Out) -> Result<u8, Failure> {
    match &args.command {
        ManifestCommand::Check(args) => checking::run(args, &home, out),
        ManifestCommand::Measure(args) => measuring::run(args, &home, out),
        ManifestCommand::Repair(args) => repairing::run(args, &home, out),
        ManifestCommand::Convert(args) => converting::run(args, &home, out),
        ManifestCommand::Compare(args) => comparing::run(args, &home, out),
        ManifestCommand::Build(args) => building::run(args, out),
    }
}

/// Opens a manifest. What a person says about its columns is kept for the next table with these heads.
pub fn open(opening: &Opening, home: &Home) -> Result<Manifest, Failure> {
    let map: Map = opening.map.iter().map(|one| (one.field.clone(), one.value.clone())).collect();
    let ask = |heads: &[String]| remembered(home, heads);
    let wish = Wish { form: opening.form.map(|form| form.form()), map: &map, remembered: Some(&ask) };
    let manifest = Manifest::open(&opening.file, &wish, &join::dialects())?;
    if !map.is_empty() && !manifest.headless() {
        let engine = join::beside(home.clone(), "manifest")?;
        engine.remember_columns(&manifest.heads, &map)?;
    }
    Ok(manifest)
}

/// Nothing is remembered where there is no data folder yet.
fn remembered(home: &Home, heads: &[String]) -> Map {
    if !home.journal().is_file() {
        return Map::new();
    }
    join::look(home.clone()).ok().and_then(|engine| engine.remembered_columns(heads).ok()).unwrap_or_default()
}

pub fn known() -> Known {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Known { now: i64::try_from(now.as_secs()).unwrap_or(i64::MAX) }
}

/// What was recognised, and why.
pub fn tell_form(out: Out, manifest: &Manifest) {
    let form = manifest.form().title();
    let layout = say(&format!("manifest-layout-{}", manifest.layout.word()), &[]);
    let why: Vec<String> = manifest.why.iter().map(|field| format!("`{}`", show::text(field))).collect();
    let id = if why.is_empty() { "console-manifest-form-said" } else { "console-manifest-form" };
    let path = show::path(manifest.path.as_os_str().as_encoded_bytes());
    let values = [
        ("path", Value::Text(&path)),
        ("form", Value::Text(&form)),
        ("layout", Value::Text(&layout)),
        ("why", Value::Text(&why.join(", "))),
    ];
    out.say(id, &values);
    let unused: Vec<String> = manifest.unused_columns().into_iter().map(show::text).collect();
    if !unused.is_empty() {
        out.say("console-manifest-unused", &[("columns", Value::Text(&unused.join(", ")))]);
    }
}
