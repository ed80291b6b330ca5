//! `manifest compare`: new, gone and changed rows, by name.

use crate::args::CompareManifests;
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::home::Home;
use gantry_engine::manifest::{Difference, Manifest, Wish, compare};
use gantry_model::show;
use gantry_model::words::Value;
use serde::Serialize;

/// Rows of each kind that people see unless they ask for all.
const SHOWN: u64 = 20;

#[derive(Serialize)]
struct DifferenceEvent<'a> {
    event: &'static str,
    change: &'static str,
    key: &'a str,
    row: u64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    fields: &'a [String],
}

#[derive(Serialize)]
struct SummaryEvent<'a> {
    event: &'static str,
    first: &'a str,
    second: &'a str,
    new: u64,
    gone: u64,
    changed: u64,
    same: u64,
    left_out: u64,
}

/// Compares.
///
/// # Errors
/// Bad input, or what the disk says.
pub fn run(args: &CompareManifests, home: &Home, out: Out) -> Result<u8, Failure> {
    let open = |path| {
        let ask = |heads: &[String]| super::remembered(home, heads);
        let wish = Wish { form: args.form.map(|form| form.form()), map: &[], remembered: Some(&ask) };
        Manifest::open(path, &wish, &join::dialects())
    };
    let (first, second) = (open(&args.first)?, open(&args.second)?);
    super::tell_form(out, &first);
    super::tell_form(out, &second);
    let stop = Stop::listen();
    let mut seen = [0_u64; 3];
    let most = if args.all { u64::MAX } else { SHOWN };
    let mut told = |difference: &Difference| tell(out, difference, &mut seen, most);
    let sum = compare(&first, &second, stop.flag(), &mut told)?;
    let values = [
        ("new", Value::Count(sum.new)),
        ("gone", Value::Count(sum.gone)),
        ("changed", Value::Count(sum.changed)),
        ("same", Value::Count(sum.same)),
        ("left", Value::Count(sum.left_out)),
    ];
    out.say("console-manifest-compared", &values);
    if sum.left_out > 0 {
        out.say("console-manifest-compared-left", &values);
    }
    out.event(&SummaryEvent {
        event: "summary",
        first: first.form().word(),
        second: second.form().word(),
        new: sum.new,
        gone: sum.gone,
        changed: sum.changed,
        same: sum.same,
        left_out: sum.left_out,
    });
    Ok(if sum.stopped { STOPPED } else { 0 })
}

fn tell(out: Out, difference: &Difference, seen: &mut [u64; 3], most: u64) {
    let (at, change, id, key, row, fields): (usize, _, _, _, _, &[String]) = match difference {
        Difference::New { key, row } => (0, "new", "console-manifest-new", key, *row, &[]),
        Difference::Gone { key, row } => (1, "gone", "console-manifest-gone", key, *row, &[]),
        Difference::Changed { key, row, fields } => (2, "changed", "console-manifest-changed", key, *row, fields),
    };
    if out.json() {
        return out.event(&DifferenceEvent { event: "difference", change, key, row, fields });
    }
    seen[at] += 1;
    if seen[at] <= most {
        let (key, fields) = (show::text(key), show::text(&fields.join(", ")));
        let row = show::count(row);
        out.say(id, &[("key", Value::Text(&key)), ("row", Value::Text(&row)), ("fields", Value::Text(&fields))]);
    }
}
