//! `manifest build`: a table and a template become Ango Hub's assets, as its asset builder makes them.

use crate::args::BuildManifest;
use crate::failure::Failure;
use crate::join;
use crate::out::Out;
use crate::stop::{STOPPED, Stop};
use gantry_engine::manifest::{Aside, Manifest, Template, Wish, build};
use gantry_model::manifest::Form;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem, show};
use serde::Serialize;

/// Rows of a preview.
const PREVIEW: u64 = 10;
/// A template of more bytes is none.
const LARGEST: u64 = 4 << 20;

#[derive(Serialize)]
struct AssetEvent<'a> {
    event: &'static str,
    asset: &'a serde_json::value::Value,
}

#[derive(Serialize)]
struct SummaryEvent {
    event: &'static str,
    form: &'static str,
    rows: u64,
    written: u64,
    broken: u64,
    output: Option<String>,
}

/// Builds.
///
/// # Errors
/// Bad input, an output that is there already, or what the disks say.
pub fn run(args: &BuildManifest, out: Out) -> Result<u8, Failure> {
    let wish = Wish { form: Some(Form::Urls), ..Wish::default() };
    let table = Manifest::open(&args.table, &wish, &join::dialects())?;
    if table.heads.is_empty() || table.headless() {
        return Err(Failure::usage("console-build-no-table", &[]));
    }
    let template = template(args)?;
    let to = args.output.output.as_deref().filter(|_| !args.preview);
    let mut aside = to.map(|to| Aside::create(to, args.output.force, &table.path)).transpose()?;
    let stop = Stop::listen();
    let most = if args.preview { PREVIEW } else { u64::MAX };
    let mut told = |asset: &str| match serde_json::from_str(asset) {
        Ok(asset) if out.json() => out.event(&AssetEvent { event: "asset", asset: &asset }),
        _ => out.line(&show::text(asset)),
    };
    let built = build(&table, &template, most, aside.as_mut(), stop.flag(), &mut told)?;
    if built.stopped {
        out.aside(&say("console-manifest-stopped", &[]));
        return Ok(STOPPED);
    }
    if let Some(aside) = aside.take() {
        aside.finish()?;
    }
    let output = to.map(|to| show::path(to.as_os_str().as_encoded_bytes()));
    let values = [
        ("count", Value::Count(built.written)),
        ("broken", Value::Count(built.broken)),
        ("path", Value::Text(output.as_deref().unwrap_or_default())),
    ];
    out.say(if output.is_some() { "console-manifest-converted" } else { "console-build-preview" }, &values);
    if built.broken > 0 {
        out.say("console-manifest-not-read", &values);
    }
    let (rows, written, broken) = (built.rows, built.written, built.broken);
    out.event(&SummaryEvent { event: "summary", form: Form::Ango.word(), rows, written, broken, output });
    Ok(u8::from(broken > 0))
}

fn template(args: &BuildManifest) -> Result<Template, Failure> {
    let path = show::path(args.template.as_os_str().as_encoded_bytes());
    let gone = |error: std::io::Error| {
        Problem::new(Code::SourceGone, "template").with("path", path.clone()).with("said", error.to_string())
    };
    let metadata = std::fs::metadata(&args.template).map_err(gone)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(Failure::usage("console-build-template", &[("path", Value::Text(&path))]));
    }
    let html = std::fs::read_to_string(&args.template).map_err(gone)?;
    Ok(Template {
        html,
        key: args.key.clone(),
        context: args.context.clone(),
        storage: args.storage.iter().map(|one| (one.field.clone(), one.value.clone())).collect(),
        batches: args.batches.clone().unwrap_or_default(),
    })
}
