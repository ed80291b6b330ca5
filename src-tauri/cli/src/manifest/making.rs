//! `send --manifest-only`: a manifest of what would be sent, with the addresses and names that an upload would give.
//! Nothing is sent, nothing is kept; files that could not be sent are told and left out.

use super::converting::layout;
use crate::args::{Group, Send};
use crate::failure::{Failure, USAGE};
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use crate::{findings, given, join};
use gantry_engine::check::FILE_RULES;
use gantry_engine::engine::{MadeRows, Making};
use gantry_engine::home::Home;
use gantry_engine::{Engine, Told};
use gantry_model::manifest::Form;
use gantry_model::view::Plan;
use gantry_model::words::Value;
use gantry_model::{Code, Problem, show};
use serde::Serialize;

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    form: &'a str,
    files: u64,
    written: u64,
    blocked: u64,
    output: &'a str,
}

/// Makes the manifest.
///
/// # Errors
/// Bad input, a connection without addresses, an output that is there already, or what the disks say.
pub fn run(args: &Send, home: Home, out: Out) -> Result<u8, Failure> {
    let incoming = given::incoming(&args.taking)?;
    if args.registering.group != Group::File {
        return Err(Failure::usage("console-manifest-one-file-rows", &[]));
    }
    let (Some(into), Some(to)) = (args.registering.manifest.form, args.registering.manifest.output.as_deref()) else {
        return Err(Failure::usage("console-manifest-no-table", &[]));
    };
    let engine = join::look(home)?;
    let (kind, plan) = destination(args, &engine)?;
    let dialect = join::dialects().into_iter().find(|one| Some(one.form()) == into.form());
    let making = Making {
        incoming,
        plan,
        form: into.form(),
        layout: layout(dialect, to)?,
        metadata: args.registering.meta.iter().map(|one| (one.field.clone(), one.value.clone())).collect(),
        to: to.to_owned(),
        replace: args.registering.manifest.force,
    };
    let rules = join::rules(&kind);
    let mut told = |told: &Told<'_>, _: u64| {
        if let Told::Finding { rule, severity, path, detail, fix } = *told
            && let Some(rule) = rules.iter().chain(FILE_RULES).find(|known| known.id == rule)
        {
            findings::print_one(out, rule, severity, path, detail, fix);
        }
    };
    let stop = Stop::listen();
    let Some(MadeRows { files, written }) = engine.make_manifest(making, stop.flag(), &mut told)? else { return Ok(STOPPED) };
    let output = show::path(to.as_os_str().as_encoded_bytes());
    out.say("console-manifest-converted", &[("count", Value::Count(written)), ("path", Value::Text(&output))]);
    let (form, blocked) = (into.form().map_or("csv", Form::word), files.saturating_sub(written));
    out.event(&SummaryEvent { event: "summary", form, files, written, blocked, output: &output });
    Ok(u8::from(blocked > 0))
}

/// The kind of the bucket, and how files are named in it.
fn destination(args: &Send, engine: &Engine) -> Result<(String, Plan), Failure> {
    let row = engine.connections()?.into_iter().find(|row| row.name == args.to.connection);
    let Some(row) = row else {
        let missing = Problem::new(Code::ConnectionMissing, "connection").with("connection", &args.to.connection);
        return Err(Failure::with_status(&missing, USAGE));
    };
    if row.kind != "s3" {
        return Err(Failure::usage("console-manifest-of-bucket", &[("name", Value::Text(&row.name))]));
    }
    let mut plan = engine.default_plan();
    plan.connection.clone_from(&row.name);
    let above = row.fields.get("prefix").map(|prefix| prefix.trim_matches('/')).unwrap_or_default();
    plan.prefix = [above, &args.to.prefix].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    if let Some(names) = &args.names {
        plan.names.clone_from(names);
    }
    if plan.names.contains("{sha256}") {
        return Err(Failure::usage("console-manifest-sha256", &[]));
    }
    Ok((row.kind, plan))
}
