//! `send --manifest-only`: a manifest of what would be sent, with the addresses and names that an upload would give.
//! Nothing is sent, nothing is kept; files that could not be sent are told and left out.

use super::converting::layout;
use crate::args::{Group, Send};
use crate::failure::{Failure, USAGE};
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use crate::{findings, given, join};
use gantry_engine::check::FILE_RULES;
use gantry_engine::home::Home;
use gantry_engine::manifest::{Aside, RowWriter};
use gantry_engine::{Told, check_only};
use gantry_model::json::scan;
use gantry_model::manifest::{Dialect, Form, RowText};
use gantry_model::view::Plan;
use gantry_model::words::Value;
use gantry_model::{Code, Connection, Entry, Incoming, Problem, Rule, show};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

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
    let (connection, plan) = destination(args, home)?;
    let dialect = join::dialects().into_iter().find(|one| Some(one.form()) == into.form());
    let mut aside = Aside::create(to, args.registering.manifest.force, Path::new(""))?;
    let mut writer = RowWriter::new(&mut aside, layout(dialect, to)?).map_err(|error| unwritable(to, &error))?;
    let mut maker = Maker { args, connection: &connection, form: into.form(), written: 0, trouble: None };
    if into.form().is_none() {
        writer.record(maker.heads().iter().map(String::as_str)).map_err(|error| unwritable(to, &error))?;
    }
    let stop = Stop::listen();
    let files = maker.walk(incoming, &plan, dialect, &mut writer, &stop, out)?;
    if let Some(problem) = maker.trouble {
        return Err(problem.into());
    }
    if stop.asked() {
        return Ok(STOPPED);
    }
    let written = maker.written;
    writer.end().map_err(|error| unwritable(to, &error))?;
    aside.finish()?;
    let output = show::path(to.as_os_str().as_encoded_bytes());
    out.say("console-manifest-converted", &[("count", Value::Count(written)), ("path", Value::Text(&output))]);
    let (form, blocked) = (into.form().map_or("csv", Form::word), files.saturating_sub(written));
    out.event(&SummaryEvent { event: "summary", form, files, written, blocked, output: &output });
    Ok(u8::from(blocked > 0))
}

fn unwritable(to: &Path, error: &std::io::Error) -> Failure {
    let path = show::path(to.as_os_str().as_encoded_bytes());
    Problem::new(Code::OutputUnwritable, "write").with("path", path).with("said", error.to_string()).into()
}

/// The bucket, and how files are named in it.
fn destination(args: &Send, home: Home) -> Result<(Connection, Plan), Failure> {
    let engine = join::look(home)?;
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
    Ok((Connection { name: row.name, kind: row.kind, fields: row.fields }, plan))
}

/// The columns of a table.
const HEADS: [&str; 4] = ["url", "key", "width", "height"];

struct Maker<'m> {
    args: &'m Send,
    connection: &'m Connection,
    form: Option<Form>,
    written: u64,
    trouble: Option<Problem>,
}

impl Maker<'_> {
    fn heads(&self) -> Vec<String> {
        let known = self.args.registering.meta.iter().map(|one| format!("metadata.{}", one.field));
        HEADS.map(str::to_owned).into_iter().chain(known).collect()
    }

    /// Reads what was given, and writes a row for each file that could be sent; gives how many files there are.
    fn walk<W: Write>(
        &mut self,
        incoming: Incoming,
        plan: &Plan,
        dialect: Option<&dyn Dialect>,
        writer: &mut RowWriter<'_, W>,
        stop: &Stop,
        out: Out,
    ) -> Result<u64, Failure> {
        let rules: Vec<&'static Rule> = join::rules(&self.connection.kind).iter().collect();
        let named = rules.clone();
        let mut told = |told: Told<'_>| match told {
            Told::Ready { entry, key } => self.row(entry, key, dialect, writer, stop),
            Told::Finding { rule, severity, path, detail, fix } => {
                if let Some(rule) = named.iter().copied().chain(FILE_RULES).find(|known| known.id == rule) {
                    findings::print_one(out, rule, severity, path, detail, fix);
                }
            }
            Told::Progress { .. } => {}
        };
        Ok(check_only(incoming, rules, plan, stop.flag(), &mut told)?.files)
    }

    fn row<W: Write>(&mut self, entry: &Entry, key: &str, dialect: Option<&dyn Dialect>, to: &mut RowWriter<'_, W>, stop: &Stop) {
        if self.trouble.is_some() || stop.asked() {
            return;
        }
        let platform = self.form.filter(|form| *form != Form::Urls).map_or("", Form::word);
        let wrote = join::web_url(self.connection, key, platform).and_then(|url| {
            let name = join::row_key(platform, self.connection.field("bucket"), key, &show::path(&entry.path));
            let size =
                [entry.media.width, entry.media.height].map(|pixels| if pixels > 0 { pixels.to_string() } else { String::new() });
            let wrote = match dialect {
                None => {
                    let known = self.args.registering.meta.iter().map(|one| one.value.as_str());
                    to.record([url.as_str(), &name, &size[0], &size[1]].into_iter().chain(known))
                }
                Some(dialect) => to.row(&written(&self.neutral(&url, &name, &size), dialect)),
            };
            wrote.map_err(|error| Problem::new(Code::OutputUnwritable, "write").with("said", error.to_string()))
        });
        match wrote {
            Ok(()) => self.written += 1,
            Err(problem) => self.trouble = Some(problem),
        }
    }

    /// The row in our own words, as a table would say it.
    fn neutral(&self, url: &str, name: &str, size: &[String; 2]) -> String {
        let mut row = serde_json::json!({"url": url, "key": name});
        for (field, value) in ["width", "height"].into_iter().zip(size) {
            if let Ok(pixels) = value.parse::<u32>() {
                row[field] = pixels.into();
            }
        }
        for one in &self.args.registering.meta {
            row[format!("metadata.{}", one.field)] = one.value.as_str().into();
        }
        row.to_string()
    }
}

/// Neutral words in the words of a form.
fn written(neutral: &str, dialect: &dyn Dialect) -> String {
    let mut fields = Vec::new();
    let Ok(scanned) = scan(neutral.as_bytes(), 0, &mut fields) else { return String::new() };
    let row = RowText { text: neutral, value: scanned.span, fields: &fields, table: true };
    let urls = join::dialects().into_iter().find(|one| one.form() == Form::Urls);
    urls.map(|urls| dialect.write(&urls.read(&row), Form::Urls).text).unwrap_or_default()
}
