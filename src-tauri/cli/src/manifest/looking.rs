//! Looking at the objects of a manifest, as the console does it: how it was typed, and what came of it.

use crate::args::LookingAt;
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use gantry_engine::home::Home;
use gantry_engine::manifest::{Looked, Looking};
use gantry_model::words::{Value, say};
use serde::Serialize;

/// Questions at once where nothing else is typed.
const AT_ONCE: u32 = 16;
/// Questions a second where nothing else is typed.
const PER_SECOND: u32 = 50;
/// The longest wait for one answer, in seconds, where nothing else is typed.
const PATIENCE: u64 = 20;

/// What `--objects` came to, as part of the summary.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct ObjectsSummary {
    rows: u64,
    objects: u64,
    there: u64,
    missing: u64,
    unseen: u64,
    known: u64,
}

impl From<&Looked> for ObjectsSummary {
    fn from(looked: &Looked) -> Self {
        let Looked { rows, objects, there, missing, unseen, known, .. } = *looked;
        Self { rows, objects, there, missing, unseen, known }
    }
}

/// Who looks, by what was typed.
///
/// # Errors
/// The journal cannot be read, or the data folder cannot be written.
pub fn looking(args: &LookingAt, home: &Home) -> Result<Looking, Failure> {
    let patience = args.patience.map_or(std::time::Duration::from_secs(PATIENCE), |typed| typed.0);
    let engine = join::look(home.clone())?;
    let at_once = args.at_once.unwrap_or(AT_ONCE);
    Ok(engine.looking(args.allow_private, patience, at_once, args.per_second.unwrap_or(PER_SECOND))?)
}

/// What was seen, for people.
pub fn print(out: Out, looked: &Looked) {
    let values = [
        ("count", Value::Count(looked.objects)),
        ("there", Value::Count(looked.there)),
        ("missing", Value::Count(looked.missing)),
        ("unseen", Value::Count(looked.unseen)),
    ];
    out.say("console-manifest-looked", &values);
    if looked.known > 0 {
        out.line(&say("console-manifest-known", &[("count", Value::Count(looked.known))]));
    }
}
