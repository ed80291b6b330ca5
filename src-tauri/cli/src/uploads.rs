//! `uploads`, `show`, `receipt`: looking at what was and is. Nothing is changed, and nobody is kept from working.

use crate::args::{Receipt, Show};
use crate::failure::{Failure, explain};
use crate::join;
use crate::out::{Out, table};
use crate::printing;
use crate::summary::{Summary, print_troubles};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_engine::engine::Engine;
use gantry_engine::home::Home;
use gantry_model::view::{Filter, ItemRow, Phase, Picture};
use gantry_model::words::{Value, say, say_of};
use gantry_model::{Code, show};
use serde::Serialize;
use std::time::Duration;

/// Rows that are asked for at a time.
const PAGE: u32 = 1000;

#[derive(Serialize)]
struct UploadEvent<'a> {
    event: &'static str,
    upload: &'a str,
    phase: Phase,
    title: &'a str,
    connection: &'a str,
    place: &'a str,
    prefix: &'a str,
    created: &'a str,
    finished: Option<&'a str>,
    receipt: Option<&'a str>,
    files: u64,
    verified: u64,
    same: u64,
    needs_you: u64,
    set_aside: u64,
    waiting: u64,
}

impl<'a> UploadEvent<'a> {
    fn of(picture: &'a Picture) -> Self {
        let account = &picture.account;
        let some = |text: &'a String| (!text.is_empty()).then_some(text.as_str());
        Self {
            event: "upload",
            upload: &picture.upload,
            phase: picture.phase,
            title: &picture.title,
            connection: &picture.connection,
            place: &picture.place,
            prefix: &picture.prefix,
            created: &picture.created,
            finished: some(&picture.finished),
            receipt: some(&picture.number),
            files: account.files,
            verified: account.proven(),
            same: account.same,
            needs_you: account.needs_you + account.blocked + account.clash,
            set_aside: account.set_aside + account.cancelled,
            waiting: account.found + account.ready + account.under_way(),
        }
    }
}

/// Lists all uploads, newest first.
///
/// # Errors
/// The journal cannot be read.
pub fn list(home: Home, out: Out) -> Result<u8, Failure> {
    let rows = join::look(home)?.history("")?;
    if rows.is_empty() {
        out.say("console-no-uploads", &[]);
        return Ok(0);
    }
    let events: Vec<_> = rows.iter().map(|row| UploadEvent::of(&row.picture)).collect();
    events.iter().for_each(|event| out.event(event));
    let columns = ["upload", "phase", "files", "done", "needs-you", "place", "title"];
    let head = columns.map(|column| say(&format!("console-column-{column}"), &[]));
    let cells: Vec<_> = rows.iter().map(|row| cells(&row.picture)).collect();
    table(&head, &cells).iter().for_each(|line| out.line(line));
    Ok(0)
}

fn cells(picture: &Picture) -> Vec<String> {
    let event = UploadEvent::of(picture);
    // Rows are done when their platform has answered for them, and no earlier.
    let rows = picture.account.registered + picture.account.visible + picture.account.same.saturating_sub(picture.same_open);
    let (files, done) = match picture.manifest {
        true => (say("console-n-rows", &[("count", Value::Count(event.files))]), rows),
        false => (show::count(event.files), event.verified + event.same),
    };
    let place = picture.goes_to();
    vec![
        event.upload.to_owned(),
        phase_word(picture),
        files,
        show::count(done),
        show::count(event.needs_you),
        show::text(place),
        show::text(event.title),
    ]
}

/// The phase of an upload as people read it.
pub fn phase_word(picture: &Picture) -> String {
    let open = picture.phase == Phase::Finished && picture.account.needs_you > 0;
    let word = if open { "open" } else { picture.phase.word() };
    say_of(picture.manifest, &format!("console-phase-{word}"), &[])
}

/// One upload out of the history: looking does not put it on the board.
pub fn picture(engine: &Engine, upload: &str) -> Result<Picture, Failure> {
    let found = engine.history("")?.into_iter().map(|row| row.picture).find(|picture| picture.upload == upload);
    found.ok_or_else(|| Failure::usage("console-no-such-upload", &[("upload", Value::Text(&show::text(upload)))]))
}

#[derive(Serialize)]
struct FileEvent<'a> {
    event: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<String>,
    size: u64,
    state: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    code: &'a str,
    by_size: bool,
}

/// Lists the files of an upload in the order of their keys.
///
/// # Errors
/// There is no such upload.
pub fn show(args: &Show, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::look(home)?;
    let upload = engine.resolve(&args.upload)?;
    let picture = picture(&engine, &upload)?;
    let phase = phase_word(&picture);
    let place = picture.goes_to();
    let values = [("upload", Value::Text(&upload)), ("phase", Value::Text(&phase)), ("place", Value::Text(place))];
    out.say("console-show-head", &values);
    let filter = Filter { states: args.state.into_iter().collect(), ..Filter::default() };
    let mut first = 0;
    loop {
        let page = engine.items(&upload, &filter, first, PAGE)?;
        page.rows.iter().for_each(|row| print_file(out, row, picture.manifest));
        first += page.rows.len() as u64;
        if page.rows.is_empty() || first >= page.total {
            break;
        }
    }
    if picture.account.needs_you > 0
        && let Ok(troubles) = engine.troubles(&upload)
    {
        print_troubles(out, &picture, &troubles);
    }
    Summary::of_picture(&upload, &picture, 0, Duration::ZERO).print(out);
    Ok(0)
}

fn print_file(out: Out, row: &ItemRow, rows: bool) {
    let path = if row.folder.is_empty() { row.name.clone() } else { format!("{}/{}", row.folder, row.name) };
    let word = say_of(rows, &format!("state-{}", row.state.word().replace('_', "-")), &[]);
    let why = Code::from_word(&row.code).and_then(|code| explain(rows, code, &[]).into_iter().next());
    match why {
        Some(why) => out.line(&format!("{word}: {path} ({why})")),
        None => out.line(&format!("{word}: {path}")),
    }
    let (size, state) = (row.size, row.state.word());
    let path_bytes = (!row.raw.is_empty()).then(|| STANDARD.encode(&row.raw));
    out.event(&FileEvent { event: "file", path, path_bytes, size, state, code: &row.code, by_size: row.by_size });
}

/// Prints the receipt.
///
/// # Errors
/// There is no such upload.
pub fn receipt(args: &Receipt, home: Home) -> Result<u8, Failure> {
    let engine = join::look(home)?;
    let upload = engine.resolve(&args.upload)?;
    printing::document(|out| engine.receipt_to(&upload, args.format.word(), out))
}
