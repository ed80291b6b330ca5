//! `check`: looks at files by the rules of a destination. No lock, no upload, no byte sent.

use crate::args::Check;
use crate::failure::Failure;
use crate::findings;
use crate::given;
use crate::join;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use crate::summary::seconds;
use gantry_engine::check::FILE_RULES;
use gantry_engine::engine::folder_apart;
use gantry_engine::home::Home;
use gantry_engine::{CheckSummary, Told, check_only};
use gantry_model::view::Plan;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Incoming, Problem, Rule};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

/// The general rules alone.
const NO_RULES: &[Rule] = &[];

#[derive(Serialize)]
struct CheckEvent {
    event: &'static str,
    upload: Option<String>,
    files: u64,
    skipped: u64,
    notes: u64,
    blocked: u64,
    warnings: u64,
    clashes: u64,
    bytes: u64,
    seconds: f64,
}

/// Checks what was given.
///
/// # Errors
/// A path or a connection that is not there.
pub fn run(args: &Check, home: Home, out: Out) -> Result<u8, Failure> {
    let incoming = given::incoming(&args.taking)?;
    let bare = || Plan { names: "{prefix}/{relative_path}".into(), ..Plan::default() };
    let mut avoid = vec![home.folder().to_path_buf()];
    let (rules, plan) = match &args.destination {
        Some(name) if join::is_platform(name) => (join::row_rules(name, true), bare()),
        Some(name) => {
            let (rules, plan, folder) = destination(name, home, &incoming)?;
            avoid.extend(folder);
            (rules, plan)
        }
        None => (NO_RULES, bare()),
    };
    let stop = Stop::listen();
    let began = Instant::now();
    let mut told = |told: Told<'_>| {
        if let Told::Finding { rule, severity, path, detail, fix } = told
            && let Some(rule) = rules.iter().chain(FILE_RULES).find(|known| known.id == rule)
        {
            findings::print_one(out, rule, severity, path, detail, fix);
        }
    };
    let found = check_only(incoming, avoid, rules.iter().collect(), &plan, stop.flag(), &mut told)?;
    print(out, &found, seconds(began.elapsed()));
    if stop.asked() {
        return Ok(STOPPED);
    }
    Ok(u8::from(found.blocked + found.clashes > 0))
}

/// Its rules, the plan of a send to it, and its folder, which a send leaves out.
fn destination(name: &str, home: Home, incoming: &Incoming) -> Result<(&'static [Rule], Plan, Option<PathBuf>), Failure> {
    let engine = join::look(home)?;
    let row = engine.connections()?.into_iter().find(|row| row.name == name);
    match row {
        Some(row) if join::is_platform(&row.kind) => Ok((join::row_rules(&row.kind, true), engine.default_plan(), None)),
        Some(row) => {
            let connection = Connection { name: row.name, kind: row.kind, fields: row.fields };
            let folder = folder_apart(&connection, incoming)?;
            Ok((join::rules(&connection.kind), Plan { connection: connection.name, ..engine.default_plan() }, folder))
        }
        None => Err(Problem::new(Code::ConnectionMissing, "connection").with("connection", name).into()),
    }
}

fn print(out: Out, found: &CheckSummary, seconds: f64) {
    out.event(&CheckEvent {
        event: "summary",
        upload: None,
        files: found.files,
        skipped: found.skipped,
        notes: found.notes,
        blocked: found.blocked,
        warnings: found.warnings,
        clashes: found.clashes,
        bytes: found.bytes,
        seconds,
    });
    let left_out = found.skipped + found.notes;
    if found.files == 0 {
        return out.say("console-no-files", &[("skipped", Value::Count(left_out))]);
    }
    let bytes = gantry_model::show::bytes(found.bytes);
    let values = [("count", Value::Count(found.files)), ("bytes", Value::Text(&bytes)), ("left", Value::Count(left_out))];
    out.line(&say("console-checked", &values));
    let bad = found.blocked.max(found.clashes);
    let id = match (bad, found.warnings) {
        (0, 0) => "console-check-fine",
        (0, _) => "console-check-warnings",
        _ => "console-check-blocked",
    };
    out.say(id, &[("blocked", Value::Count(bad)), ("warnings", Value::Count(found.warnings))]);
}
