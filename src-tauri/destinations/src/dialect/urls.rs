//! Addresses, one a row, perhaps with names and more beside them: plain lists, and tables of our own columns.

use super::finder::{Finder, rule};
use super::object::quoted;
use super::{address, keys, neutral};
use gantry_model::Severity::{Blocked, Note, Warning};
use gantry_model::json::Kind;
use gantry_model::manifest::{About, Carried, Change, Dialect, Form, Found, Known, ManifestRow, RowRule, RowText, Said, Subject};

const URLS: &str = "https://www.rfc-editor.org/rfc/rfc3986#section-2";
const SCHEMES: &str = "https://www.rfc-editor.org/rfc/rfc3986#section-3.1";
const SIGNED: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html";

static RULES: &[RowRule] = &[
    rule("urls-field-type", About::FieldType, Blocked, URLS),
    rule("urls-subject-missing", About::SubjectMissing, Blocked, URLS),
    rule("urls-subject-empty", About::SubjectEmpty, Blocked, URLS),
    rule("urls-subject-shape", About::SubjectShape, Blocked, URLS),
    rule("urls-url-scheme", About::UrlScheme, Warning, SCHEMES),
    rule("urls-url-http", About::UrlHttp, Warning, SCHEMES),
    rule("urls-url-store", About::UrlStore, Warning, SCHEMES),
    rule("urls-url-local", About::UrlLocal, Blocked, SCHEMES),
    rule("urls-url-none", About::UrlNone, Blocked, SCHEMES),
    rule("urls-url-space", About::UrlSpace, Blocked, URLS),
    rule("urls-url-plus", About::UrlPlus, Warning, URLS),
    rule("urls-url-twice-encoded", About::UrlTwiceEncoded, Warning, URLS),
    rule("urls-url-percent", About::UrlPercent, Warning, URLS),
    rule("urls-url-encoding", About::UrlEncoding, Warning, URLS),
    rule("urls-url-hash", About::UrlHash, Warning, URLS),
    rule("urls-url-question", About::UrlQuestion, Warning, URLS),
    rule("urls-url-signed", About::UrlSigned, Warning, SIGNED),
    rule("urls-url-signed-over", About::UrlSignedOver, Blocked, SIGNED),
    rule("urls-url-twice", About::UrlTwice, Warning, URLS),
    rule("urls-key-twice", About::KeyTwice, Warning, URLS),
    rule("urls-size", About::Size, Warning, URLS),
    rule("urls-field-unknown", About::FieldUnknown, Note, URLS),
];

/// A list of addresses.
#[derive(Debug)]
pub(super) struct Urls;

impl Dialect for Urls {
    fn form(&self) -> Form {
        Form::Urls
    }

    fn evidence(&self, row: &RowText<'_>) -> Vec<String> {
        if row.value.kind.is_text() {
            let is = row.value().text().is_some_and(|text| address::is_address(&text));
            return if is { vec!["https://".into()] } else { Vec::new() };
        }
        let named = |field: &str| row.fields().find(|(name, _)| neutral::column(name) == Some(field));
        let url = named("url").filter(|(_, value)| value.text().is_some_and(|text| address::is_address(&text)));
        let url = url.or_else(|| named("urls").filter(|(_, value)| neutral::texts(*value).is_some()));
        let own = row.fields().find(|(name, _)| name.split_once(':').is_some_and(|(form, _)| Form::from_word(form).is_some()));
        url.or(own).map(|(name, _)| vec![name.into_owned()]).unwrap_or_else(|| without_heads(row))
    }

    fn rules(&self) -> &'static [RowRule] {
        RULES
    }

    fn read<'a>(&self, row: &RowText<'a>) -> ManifestRow<'a> {
        let mut read = ManifestRow::default();
        if let Some(said) = Said::of(row.value()) {
            read.subject = Subject::Address(said);
            return read;
        }
        if row.value.kind != Kind::Object {
            read.subject = Subject::Wrong(row.value());
        }
        for (name, value) in row.fields() {
            let neutral = if row.table { name.clone() } else { neutral::column(&name).map_or_else(|| name.clone(), Into::into) };
            if !neutral::read(&neutral, value, Form::Urls, &mut read) {
                read.extras.push((name, value));
            }
        }
        read
    }

    fn check(&self, row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>) {
        let mut finder = Finder::new(RULES, found);
        match &read.subject {
            Subject::Address(said) if said.text.trim().is_empty() => finder.say(About::SubjectEmpty, said.span, "url", ""),
            Subject::Address(said) => address::look(said, "url", known, &mut finder),
            Subject::Many(all) => all.iter().for_each(|said| address::look(said, "urls", known, &mut finder)),
            Subject::Missing if read.extras.iter().any(|(name, _)| name.contains(':')) => {}
            Subject::Missing => finder.say(About::SubjectMissing, row.value, "url", ""),
            Subject::Wrong(value) | Subject::Shaped(value) => finder.value(About::SubjectShape, *value, "url"),
            Subject::Content(_) => {}
        }
        for (name, value) in [("width", &read.width), ("height", &read.height)] {
            if let Some(value) = value.filter(|value| ManifestRow::pixels(Some(value)).is_none_or(|pixels| pixels == 0)) {
                finder.value(About::Size, value, name);
            }
        }
        for (name, value) in &read.extras {
            match &**name {
                "key" | "url" | "external_id" => finder.value(About::FieldType, *value, name),
                name if !row.table && !name.contains(':') => finder.say(About::FieldUnknown, value.span(), name, ""),
                _ => {}
            }
        }
    }

    fn write(&self, row: &ManifestRow<'_>, from: Form) -> Carried {
        let Subject::Address(said) = &row.subject else {
            return Carried { text: String::new(), left: vec![super::labelbox::neutral_subject(from).to_owned()] };
        };
        let mut left: Vec<String> = Vec::new();
        let more = [
            ("key", row.key.is_some()),
            ("external_id", row.external_id.is_some()),
            ("media_type", row.media_type.is_some()),
            ("width", row.width.is_some()),
            ("height", row.height.is_some()),
            ("attachments", !row.attachments.is_empty()),
            ("metadata", !row.metadata.is_empty()),
        ];
        left.extend(more.iter().filter(|(_, there)| *there).map(|(name, _)| (*name).to_owned()));
        left.extend(row.extras.iter().map(|(name, _)| name.clone().into_owned()));
        Carried { text: quoted(&said.text), left }
    }

    fn mend(&self, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change> {
        let mut changes: Vec<Change> = read.addresses().iter().filter_map(|said| address::mend(said, "url", matters)).collect();
        if row.value.kind == Kind::Object {
            changes.extend(keys::mend_missing(row, read, "key", matters));
        }
        changes
    }

    fn key_field(&self) -> &'static str {
        "key"
    }

    fn subject_field(&self) -> &'static str {
        "url"
    }

    fn sizes(&self) -> Option<(&'static str, &'static str)> {
        Some(("width", "height"))
    }

    fn folds_case(&self) -> bool {
        false
    }

    fn column(&self, head: &str) -> Option<&'static str> {
        neutral::column(head)
    }
}

/// A table without heads is known by a cell that is an address: its columns are numbers then.
fn without_heads(row: &RowText<'_>) -> Vec<String> {
    let numbered = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let mut cells = row.fields().filter(|(name, _)| row.table && numbered(name));
    let found = cells.find(|(_, value)| value.text().is_some_and(|text| address::is_address(&text)));
    found.map(|(name, _)| vec![name.into_owned()]).unwrap_or_default()
}
