//! `manifest convert`: the same rows in another form, and a list of what that form has no place for.

use super::{open, tell_form};
use crate::args::ConvertManifest;
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::home::Home;
use gantry_engine::manifest::{Aside, Converted, convert, layout_of};
use gantry_model::manifest::{Dialect, Form, Layout};
use gantry_model::show;
use gantry_model::words::{Value, say};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    from: &'a str,
    form: &'a str,
    rows: u64,
    written: u64,
    broken: u64,
    not_carried: u64,
    /// Fields that are not carried, and in how many rows.
    left: &'a BTreeMap<String, u64>,
    output: &'a str,
}

/// Converts.
///
/// # Errors
/// Bad input, an output that is there already, or what the disks say.
pub fn run(args: &ConvertManifest, home: &Home, out: Out) -> Result<u8, Failure> {
    let manifest = open(&args.opening, home)?;
    tell_form(out, &manifest);
    let dialect = args.to.form().and_then(|form| join::dialects().into_iter().find(|one| one.form() == form));
    let layout = layout(dialect, &args.output)?;
    let mut aside = Aside::create(&args.output, args.force, &manifest.path)?;
    let stop = Stop::listen();
    let converted = convert(&manifest, dialect, layout, Some(&mut aside), stop.flag())?;
    if converted.stopped {
        out.aside(&say("console-manifest-stopped", &[]));
        return Ok(STOPPED);
    }
    aside.finish()?;
    let output = show::path(args.output.as_os_str().as_encoded_bytes());
    tell(out, &converted, &output);
    out.event(&SummaryEvent {
        event: "summary",
        from: manifest.form().word(),
        form: dialect.map_or("csv", |dialect| dialect.form().word()),
        rows: converted.rows,
        written: converted.written,
        broken: converted.broken,
        not_carried: converted.refused,
        left: &converted.left,
        output: &output,
    });
    Ok(u8::from(converted.broken + converted.refused > 0))
}

/// The layout that the name of the new file asks for. A platform's form is JSON; a table is made with `--to csv`.
pub(super) fn layout(dialect: Option<&dyn Dialect>, to: &Path) -> Result<Layout, Failure> {
    let asked = layout_of(to);
    match (dialect.map(Dialect::form), asked) {
        (None, Layout::Tsv) => Ok(Layout::Tsv),
        (None, _) => Ok(Layout::Csv),
        (Some(Form::Urls), Layout::Csv | Layout::Tsv) | (Some(Form::Urls), Layout::Plain) => Ok(Layout::Plain),
        (Some(_), Layout::Csv | Layout::Tsv) => Err(Failure::usage("console-manifest-no-table", &[])),
        (Some(_), Layout::Plain) => Ok(Layout::List),
        (Some(_), layout) => Ok(layout),
    }
}

fn tell(out: Out, converted: &Converted, output: &str) {
    if !converted.left.is_empty() {
        out.say("console-manifest-left", &[]);
        for (field, count) in &converted.left {
            let field = show::text(field);
            out.say("console-manifest-left-field", &[("field", Value::Text(&field)), ("count", Value::Count(*count))]);
        }
    }
    let values = [
        ("count", Value::Count(converted.written)),
        ("path", Value::Text(output)),
        ("refused", Value::Count(converted.refused)),
        ("broken", Value::Count(converted.broken)),
    ];
    out.say("console-manifest-converted", &values);
    if converted.refused > 0 {
        out.say("console-manifest-refused", &values);
    }
    if converted.broken > 0 {
        out.say("console-manifest-not-read", &values);
    }
}
