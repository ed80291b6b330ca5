//! The receipt as a document that people print and keep: one file, no script, no link, nothing from the network.
//! Every text from outside is escaped, and names stand for themselves (`bdi`).

mod lists;

use super::line::APP;
use super::telling::Telling;
use super::unwritten;
use crate::journal::{Look, StoredUpload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::view::Account;
use gantry_model::words::{Value, say, try_say};
use gantry_model::{Problem, Proof, State, show};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lists::{files, folders};
use std::io::Write;

const CSS: &str = include_str!("page.css");
/// IBM Plex Sans, under the SIL Open Font License; its text is beside the files.
const FONTS: [(u32, &[u8]); 2] =
    [(400, include_bytes!("fonts/plex-sans-400.woff2")), (600, include_bytes!("fonts/plex-sans-600.woff2"))];
const MARK: &str = concat!(
    r#"<svg viewBox="0 0 16 16" width="30" height="30" aria-hidden="true" class="mark">"#,
    r#"<path fill="currentColor" d="M0 1h16v2h-1v12h-2V3H3v12H1V3H0zM7 3h2v4h2v6H5V7h2z"/></svg>"#
);

/// Where the page goes; texts are escaped on the way.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    told: Telling<'a>,
}

impl Page<'_> {
    /// Markup, as it is.
    fn put(&mut self, markup: &str) -> Result<(), Problem> {
        self.out.write_all(markup.as_bytes()).map_err(|error| unwritten(&error))
    }

    /// An element with a text in it. `open` is the element's name and attributes.
    fn element(&mut self, open: &str, text: &str) -> Result<(), Problem> {
        let name = open.split(' ').next().unwrap_or_default();
        self.put(&format!("<{open}>{}</{name}>", escaped(text)))
    }

    /// An element with a name from outside in it: its direction of writing stays its own.
    fn name(&mut self, open: &str, text: &str) -> Result<(), Problem> {
        let name = open.split(' ').next().unwrap_or_default();
        self.put(&format!("<{open}><bdi>{}</bdi></{name}>", escaped(text)))
    }

    /// A sentence of the words, about files or about rows.
    fn word(&self, id: &str) -> String {
        self.told.word(id)
    }

    fn counted(&self, id: &str, count: u64) -> String {
        self.told.counted(id, count)
    }

    /// A term and what it says, in a box of its own.
    fn boxed(&mut self, wide: bool, term: &str, said: &str) -> Result<(), Problem> {
        self.put(if wide { "<div class=\"w2\">" } else { "<div>" })?;
        self.element("dt", &self.word(term))?;
        self.name(if wide { "dd class=\"mono\"" } else { "dd" }, said)?;
        self.put("</div>")
    }
}

pub(super) fn write(
    look: &Look<'_>,
    upload: &StoredUpload,
    told: Telling<'_>,
    zone: &TimeZone,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    let books = told.account(upload);
    let mut page = Page { out, told };
    head(&mut page, upload)?;
    page.put("<body>\n<main><article class=\"doc\">\n")?;
    top(&mut page, upload)?;
    way(&mut page, look, upload)?;
    boxes(&mut page, look, upload, zone)?;
    page.put("<section class=\"sum\">\n")?;
    account(&mut page, &books)?;
    stamp(&mut page, upload, &books, zone)?;
    page.put("</section>\n")?;
    aside(&mut page, &books)?;
    files(&mut page, look, &upload.books.account)?;
    if !told.rows {
        folders(&mut page, look)?;
    }
    page.put("<footer>")?;
    page.element("p", &page.word("receipt-no-secrets"))?;
    page.put("</footer>\n</article></main>\n</body>\n</html>\n")
}

fn head(page: &mut Page<'_>, upload: &StoredUpload) -> Result<(), Problem> {
    page.put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
    page.put("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
    page.put("<meta http-equiv=\"Content-Security-Policy\" ")?;
    page.put("content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">\n")?;
    let name = if upload.number.is_empty() { upload.id.0.clone() } else { upload.number.clone() };
    page.element("title", &say("receipt-page-title", &[("number", Value::Text(&name))]))?;
    page.put("\n<style>\n")?;
    for (weight, font) in FONTS {
        page.put(&format!(
            "@font-face {{ font-family: \"IBM Plex Sans\"; font-weight: {weight}; src: url(data:font/woff2;base64,{}) format(\"woff2\"); }}\n",
            STANDARD.encode(font)
        ))?;
    }
    page.put(CSS)?;
    page.put("</style>\n</head>\n")
}

fn top(page: &mut Page<'_>, upload: &StoredUpload) -> Result<(), Problem> {
    page.put(&format!("<header class=\"top\">\n<div class=\"title\">{MARK}<div>"))?;
    page.element("h1", &page.word("receipt-title"))?;
    page.element("p", &page.word("receipt-motto"))?;
    page.put("</div></div>\n<dl class=\"no\">")?;
    page.element("dt", &page.word("receipt-number"))?;
    match upload.number.rsplit_once(' ') {
        Some((number, check)) => page.put(&format!("<dd>{} <b>{}</b></dd>", escaped(number), escaped(check)))?,
        None => page.element("dd", &page.word("receipt-no-number"))?,
    }
    page.put("</dl>\n</header>\n")
}

fn way(page: &mut Page<'_>, look: &Look<'_>, upload: &StoredUpload) -> Result<(), Problem> {
    let folders = if page.told.rows { 0 } else { look.folders(0)?.len() as u64 };
    page.put("<ol class=\"way\">\n<li>")?;
    page.element("span", &page.word("receipt-from"))?;
    page.name("b", &show::text(&upload.begun.title))?;
    let given = upload.begun.incoming.paths.len() as u64;
    let term = if folders == 0 { "receipt-given" } else { "receipt-given-folders" };
    page.element("small", &page.counted(term, given.max(folders)))?;
    page.put("</li>\n<li>")?;
    page.element("span", &page.word("receipt-stored-in"))?;
    let plan = &upload.begun.plan;
    match plan.register.as_ref().filter(|_| page.told.rows) {
        Some(register) => page.name("b", &show::text(&register.name))?,
        None => page.name("b class=\"mono\"", &show::text(&upload.begun.place))?,
    }
    let kind = try_say(&format!("kind-{}", upload.begun.kind), &[]).unwrap_or_else(|| upload.begun.kind.clone());
    page.name("small", &format!("{kind} · {}", plan.connection))?;
    page.put("</li>\n</ol>\n")
}

fn boxes(page: &mut Page<'_>, look: &Look<'_>, upload: &StoredUpload, zone: &TimeZone) -> Result<(), Problem> {
    let time = |ms: Option<i64>| ms.map_or_else(|| say("receipt-not-yet", &[]), |ms| local(ms, zone));
    page.put("<dl class=\"boxes\">\n")?;
    page.boxed(false, "receipt-started", &time(upload.started_ms))?;
    page.boxed(false, "receipt-finished", &time(upload.finished_ms))?;
    page.boxed(false, "receipt-took", &duration(upload.seconds))?;
    if page.told.rows {
        page.boxed(false, "receipt-gantry", APP)?;
        page.boxed(true, "receipt-upload", &upload.id.0)?;
        let container = upload.begun.plan.register.as_ref().map(|register| register.target.container.as_str());
        page.boxed(true, "receipt-container", &show::text(container.unwrap_or_default()))?;
        return page.put("</dl>\n");
    }
    page.boxed(false, "receipt-bytes", &show::count(upload.books.account.bytes_done))?;
    page.boxed(true, "receipt-key", &upload.begun.plan.names)?;
    page.boxed(true, "receipt-external-id", &page.word("receipt-relative-path"))?;
    page.boxed(false, "receipt-checksum", &algorithm(look)?)?;
    page.boxed(false, "receipt-upload", &upload.id.0)?;
    page.boxed(false, "receipt-gantry", APP)?;
    page.boxed(false, "receipt-prefix", &upload.begun.plan.prefix)?;
    page.put("</dl>\n")
}

/// What the store proves the first file with.
fn algorithm(look: &Look<'_>) -> Result<String, Problem> {
    let mut algorithm = say("receipt-no-checksum", &[]);
    look.each(&[State::Verified, State::Same, State::Registered, State::Visible], 1, &mut |item| {
        if let Some(Proof::Checksum(digest)) = item.proof {
            algorithm = digest.algorithm().name().to_owned();
        }
        Ok(())
    })?;
    Ok(algorithm)
}

fn account(page: &mut Page<'_>, account: &Account) -> Result<(), Problem> {
    let not_yet = account.under_way() + account.found + account.ready;
    let there = match page.told.rows {
        true => vec![("receipt-registered", account.registered + account.visible), ("receipt-same", account.same)],
        false => vec![
            ("receipt-by-checksum", by_checksum(account)),
            ("receipt-by-size", account.by_size),
            ("receipt-by-accepted", account.accepted),
            ("receipt-same", account.same),
        ],
    };
    let others = [
        ("receipt-needs-you", account.needs_you + account.blocked + account.clash),
        ("receipt-set-aside", account.set_aside),
        ("receipt-cancelled", account.cancelled),
        ("receipt-under-way", if page.told.rows { not_yet + account.verified } else { not_yet }),
    ];
    page.put("<table class=\"acc\">")?;
    page.element("caption", &page.word("receipt-where"))?;
    page.put("<tbody>\n")?;
    let always = ["receipt-registered", "receipt-by-checksum", "receipt-same"];
    for (term, count) in there.into_iter().chain(others).filter(|(term, count)| *count > 0 || always.contains(term)) {
        page.put("<tr>")?;
        page.element("th scope=\"row\"", &page.word(term))?;
        page.element("td", &show::count(count))?;
        page.put("</tr>\n")?;
    }
    page.put("</tbody><tfoot><tr>")?;
    page.element("th scope=\"row\"", &page.word("receipt-files-given"))?;
    page.element("td", &show::count(account.files))?;
    page.put("</tr></tfoot></table>\n")
}

/// What is neither proven by its size alone, nor only said to be taken.
fn by_checksum(account: &Account) -> u64 {
    account.proven().saturating_sub(account.by_size + account.accepted)
}

fn stamp(page: &mut Page<'_>, upload: &StoredUpload, account: &Account, zone: &TimeZone) -> Result<(), Problem> {
    let registered = account.registered + account.visible;
    let (title, lines) = match page.told.rows {
        true if registered + account.same == 0 => return Ok(()),
        true => {
            let title = if registered > 0 { "receipt-stamp-registered" } else { "receipt-stamp-same" };
            (title, vec![("receipt-n-registered", registered), ("receipt-n-same", account.same)])
        }
        false if account.proven() + account.same == 0 => return Ok(()),
        false => proofs(account),
    };
    page.put("<div class=\"stamp\">")?;
    page.element("b", &page.word(title))?;
    for (term, count) in lines.into_iter().filter(|(_, count)| *count > 0) {
        page.element("span", &page.counted(term, count))?;
    }
    if let Some(ms) = upload.finished_ms {
        page.element("span", local(ms, zone).get(..10).unwrap_or_default())?;
    }
    page.put("</div>\n")
}

/// What files are stamped with, and how many by which proof.
fn proofs(account: &Account) -> (&'static str, Vec<(&'static str, u64)>) {
    let by_checksum = by_checksum(account);
    let title = match (by_checksum, account.by_size, account.accepted) {
        (0, 0, 0) => "receipt-stamp-same",
        (0, 0, _) => "receipt-stamp-accepted",
        (0, _, _) => "receipt-stamp-size",
        _ => "receipt-stamp-verified",
    };
    let lines = vec![
        ("receipt-n-by-checksum", by_checksum),
        ("receipt-n-by-size", account.by_size),
        ("receipt-n-by-accepted", account.accepted),
        ("receipt-n-same", account.same),
    ];
    (title, lines)
}

/// What is not in the sum, and why.
fn aside(page: &mut Page<'_>, account: &Account) -> Result<(), Problem> {
    for (term, count) in [("receipt-skipped", account.skipped), ("receipt-notes", account.notes)] {
        if count > 0 {
            page.element("p class=\"note\"", &page.counted(term, count))?;
        }
    }
    Ok(())
}

/// A text that can't become markup.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Local time with its distance from UTC.
fn local(ms: i64, zone: &TimeZone) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(zone.clone());
    time.strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

fn duration(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let text = |number: u64| number.to_string();
    let (h, m, s) = (text(hours), text(minutes), text(seconds % 60));
    let values = [("h", Value::Text(&h)), ("m", Value::Text(&m)), ("s", Value::Text(&s))];
    match (hours, minutes) {
        (0, 0) => say("receipt-seconds", &values),
        (0, _) => say("receipt-minutes", &values),
        _ => say("receipt-hours", &values),
    }
}
