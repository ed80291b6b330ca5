//! `manifest measure`: a copy with width and height filled in. The objects are asked for a few of their bytes.

use super::{looking, open, tell_form};
use crate::args::MeasureManifest;
use crate::failure::Failure;
use crate::manifest::checking::position;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::home::Home;
use gantry_engine::manifest::{Aside, MeasuredRows, NotMeasured, layout_of, measure, takes_sizes};
use gantry_model::show;
use gantry_model::words::{Value, say};
use serde::Serialize;

/// Rows without sizes that people see.
const SHOWN: u64 = 20;

#[derive(Serialize)]
struct NotMeasuredEvent<'a> {
    event: &'static str,
    row: u64,
    line: u64,
    column: u64,
    url: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    form: &'a str,
    rows: u64,
    had: u64,
    filled: u64,
    without: u64,
    failed: u64,
    broken: u64,
    output: &'a str,
}

/// Measures.
///
/// # Errors
/// Bad input, an output that is there already, or what the disks say.
pub fn run(args: &MeasureManifest, home: &Home, out: Out) -> Result<u8, Failure> {
    let manifest = open(&args.opening, home)?;
    tell_form(out, &manifest);
    let asked = layout_of(&args.output);
    // A name without a word about it gets what the manifest is.
    let layout = if asked.delimiter().is_some() { asked } else { manifest.layout };
    if !takes_sizes(&manifest, layout) {
        let form = manifest.form().title();
        return Err(Failure::usage("console-manifest-no-sizes", &[("form", Value::Text(&form))]));
    }
    let looking = looking::looking(&args.looking, home)?;
    let mut aside = Aside::create(&args.output, args.force, &manifest.path)?;
    let stop = Stop::listen();
    let mut count = 0;
    let mut told = |one: &NotMeasured| {
        print(out, one, count);
        count += 1;
    };
    let measured = measure(&manifest, &looking, layout, &mut aside, stop.flag(), &mut told)?;
    if measured.stopped {
        out.aside(&say("console-manifest-stopped", &[]));
        return Ok(STOPPED);
    }
    aside.finish()?;
    let output = show::path(args.output.as_os_str().as_encoded_bytes());
    summary(out, manifest.form().word(), &measured, &output);
    Ok(u8::from(measured.failed + measured.broken > 0))
}

fn print(out: Out, one: &NotMeasured, earlier: u64) {
    if out.json() {
        let (row, line, column) = (one.place.row, one.place.line, one.place.column);
        return out.event(&NotMeasuredEvent { event: "not_measured", row, line, column, url: &one.url, text: &one.why });
    }
    if earlier < SHOWN {
        out.line(&format!("{}: {} {}", position(one.place), show::text(&one.url), one.why));
    } else if earlier == SHOWN {
        out.line("  \u{2026}");
    }
}

fn summary(out: Out, form: &str, measured: &MeasuredRows, output: &str) {
    let MeasuredRows { rows, had, filled, without, failed, broken, .. } = *measured;
    out.event(&SummaryEvent { event: "summary", form, rows, had, filled, without, failed, broken, output });
    let values = [
        ("count", Value::Count(filled)),
        ("had", Value::Count(had)),
        ("without", Value::Count(without)),
        ("failed", Value::Count(failed)),
        ("broken", Value::Count(broken)),
        ("path", Value::Text(output)),
    ];
    out.say("console-manifest-measured", &values);
    for (id, count) in [
        ("console-manifest-measured-had", had),
        ("console-manifest-measured-without", without),
        ("console-manifest-measured-failed", failed),
        ("console-manifest-not-read", broken),
    ] {
        if count > 0 {
            out.say(id, &values);
        }
    }
}
