//! What a receipt says of one file, and of the whole. The same fields in lines, JSON and CSV.

use super::telling::Telling;
use crate::copies::Copied;
use crate::journal::{StoredItem, StoredUpload, rfc3339};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::view::Account;
use gantry_model::{Fix, Proof, State, show, words};
use serde::Serialize;

/// The version of the program that writes.
pub(super) const APP: &str = env!("CARGO_PKG_VERSION");

/// One file.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// Its place in the upload.
    pub n: u64,
    /// Relative path, display form.
    pub path: String,
    /// The raw path in base64, where it differs from its display form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_bytes: Option<String>,
    pub key: String,
    /// Where it is; empty while nothing is proven.
    pub url: String,
    pub external_id: String,
    /// Bytes; absent where a row of a manifest stands for an object that nobody read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    pub checksum: String,
    pub algorithm: &'static str,
    pub proof: &'static str,
    pub version: String,
    pub state: State,
    /// A copy was sent in its place: what was done to it, as words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub copy: String,
    /// The file that the copy was made of, which stayed as it was: its path, format, pixels and bytes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original: String,
    /// Why it needs the person or was left.
    pub code: &'static str,
    /// The same in words.
    pub reason: String,
    pub detail: String,
    pub time: String,
    pub app: &'static str,
}

impl Line {
    pub(super) fn of(item: &StoredItem, told: &Telling<'_>) -> Self {
        let path = item.shown();
        let digest = match item.proof {
            Some(Proof::Checksum(digest)) => Some(digest),
            _ => None,
        };
        let code = item.code.filter(|_| !told.is_there(item));
        Self {
            n: item.ord,
            path_bytes: (path.as_bytes() != item.entry.path).then(|| STANDARD.encode(&item.entry.path)),
            external_id: item.external_id(),
            path,
            url: address(item, told),
            key: item.key.0.clone(),
            size: (!told.rows).then_some(item.entry.fingerprint.size),
            checksum: digest.map(|digest| digest.hex()).unwrap_or_default(),
            algorithm: digest.map(|digest| digest.algorithm().name()).unwrap_or_default(),
            // Of a row there is a proof when its platform has answered, and not before.
            proof: item.proof.filter(|_| !told.rows || told.is_there(item)).map(|proof| proof.word()).unwrap_or_default(),
            version: item.remote.as_ref().and_then(|remote| remote.version.clone()).unwrap_or_default(),
            state: told.state(item),
            copy: item.sent_copy().map(|copy| done_to(copy, " ", Fix::word)).unwrap_or_default(),
            original: item.sent_copy().map(|copy| original(item, copy)).unwrap_or_default(),
            code: code.map(|code| code.word()).unwrap_or_default(),
            reason: code.map(|code| told.reason(code)).unwrap_or_default(),
            detail: show::text(&item.detail),
            time: item.at_ms.map(rfc3339).unwrap_or_default(),
            app: APP,
        }
    }
}

/// What was done to a copy.
fn done_to<T: AsRef<str>>(copy: &Copied, between: &str, word: impl Fn(Fix) -> T) -> String {
    copy.steps.fixes.iter().map(|fix| word(*fix).as_ref().to_owned()).collect::<Vec<_>>().join(between)
}

fn original(item: &StoredItem, copy: &Copied) -> String {
    format!("{} ({})", item.shown(), copy.original.media.in_short(copy.original.fingerprint.size))
}

/// The same for people: a copy was sent, and what was done to it. Empty where the file itself was.
pub(super) fn copy_in_words(item: &StoredItem) -> String {
    let Some(copy) = item.sent_copy() else { return String::new() };
    let done = done_to(copy, ", ", |fix| words::say(&format!("copy-done-{}", fix.word()), &[]));
    let was = copy.original.media.in_short(copy.original.fingerprint.size);
    words::say("receipt-copy", &[("done", words::Value::Text(&done)), ("was", words::Value::Text(&was))])
}

/// Where the object is: the address that the store chose where it chooses addresses, else the one its key makes.
fn address(item: &StoredItem, told: &Telling<'_>) -> String {
    let chosen = || item.remote.as_ref().and_then(|remote| remote.url.clone());
    if told.is_there(item) { chosen().unwrap_or_else(|| (told.url)(&item.key)) } else { String::new() }
}

/// Its proof is there.
pub(super) fn is_there(state: State) -> bool {
    matches!(state, State::Verified | State::Same | State::Registered | State::Visible)
}

/// The whole upload.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    /// Version of this form.
    pub receipt: u32,
    pub number: String,
    pub upload: String,
    pub title: String,
    /// The form of the manifest whose rows are registered; absent where files are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    pub connection: String,
    pub kind: String,
    pub place: String,
    pub prefix: String,
    pub names: String,
    pub phase: &'static str,
    pub created: String,
    pub started: String,
    pub finished: String,
    pub seconds: u64,
    pub app: &'static str,
}

impl Head {
    pub(super) fn of(upload: &StoredUpload) -> Self {
        let time = |ms: Option<i64>| ms.map(rfc3339).unwrap_or_default();
        let plan = &upload.begun.plan;
        Self {
            receipt: 1,
            number: upload.number.clone(),
            upload: upload.id.0.clone(),
            title: show::text(&upload.begun.title),
            manifest: plan.manifest.as_ref().map(|manifest| manifest.form.clone()),
            connection: plan.connection.clone(),
            kind: upload.begun.kind.clone(),
            place: show::text(&upload.begun.place),
            prefix: plan.prefix.clone(),
            names: plan.names.clone(),
            phase: upload.phase.word(),
            created: rfc3339(upload.created_ms),
            started: time(upload.started_ms),
            finished: time(upload.finished_ms),
            seconds: upload.seconds,
            app: APP,
        }
    }
}

/// The first line of the lines: what does not change while it runs.
#[derive(Debug, Serialize)]
pub(super) struct FirstLine {
    pub receipt: u32,
    pub number: String,
    pub upload: String,
    pub title: String,
    pub connection: String,
    pub kind: String,
    pub place: String,
    pub app: &'static str,
}

impl FirstLine {
    pub(super) fn of(upload: &StoredUpload) -> Self {
        let Head { receipt, number, upload, title, connection, kind, place, app, .. } = Head::of(upload);
        Self { receipt, number, upload, title, connection, kind, place, app }
    }
}

/// The whole upload with its account, before the list of its files.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    #[serde(flatten)]
    pub head: Head,
    pub account: Account,
}
