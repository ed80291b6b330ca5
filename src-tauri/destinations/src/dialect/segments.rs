//! Segments.ai's samples: `name`, `attributes` in one of five shapes, metadata.
//! <https://docs.segments.ai/reference/sample-types>

use super::finder::{Finder, rule};
use super::labelbox::neutral_subject;
use super::object::{Object, list};
use super::{address, keys, neutral};
use gantry_model::Severity::{Blocked, Warning};
use gantry_model::json::{Kind, Value};
use gantry_model::manifest::{About, Carried, Change, Dialect, Form, Found, Known, ManifestRow, RowRule, RowText, Said, Subject};

const SAMPLES: &str = "https://docs.segments.ai/reference/sample-types";
const SDK: &str = "https://sdkdocs.segments.ai/en/latest/client.html";
const CLOUD: &str = "https://docs.segments.ai/guides/upload-data/cloud-integration";
const IMPORT: &str = "https://docs.segments.ai/guides/upload-data";
const URLS: &str = "https://www.rfc-editor.org/rfc/rfc3986#section-2";

static RULES: &[RowRule] = &[
    rule("segments-not-an-object", About::NotAnObject, Blocked, SDK),
    rule("segments-field-unknown", About::FieldUnknown, Warning, SDK),
    rule("segments-field-type", About::FieldType, Blocked, SDK),
    rule("segments-subject-missing", About::SubjectMissing, Blocked, SDK),
    rule("segments-subject-empty", About::SubjectEmpty, Blocked, SAMPLES),
    rule("segments-subject-shape", About::SubjectShape, Blocked, SAMPLES),
    rule("segments-url-scheme", About::UrlScheme, Warning, IMPORT),
    rule("segments-url-http", About::UrlHttp, Warning, IMPORT),
    rule("segments-url-store", About::UrlStore, Warning, CLOUD),
    rule("segments-url-local", About::UrlLocal, Blocked, IMPORT),
    rule("segments-url-none", About::UrlNone, Blocked, IMPORT),
    rule("segments-url-space", About::UrlSpace, Blocked, URLS),
    rule("segments-url-plus", About::UrlPlus, Warning, URLS),
    rule("segments-url-twice-encoded", About::UrlTwiceEncoded, Warning, URLS),
    rule("segments-url-percent", About::UrlPercent, Warning, URLS),
    rule("segments-url-encoding", About::UrlEncoding, Warning, URLS),
    rule("segments-url-hash", About::UrlHash, Warning, URLS),
    rule("segments-url-question", About::UrlQuestion, Warning, URLS),
    rule("segments-url-signed", About::UrlSigned, Warning, IMPORT),
    rule("segments-url-signed-over", About::UrlSignedOver, Blocked, IMPORT),
    rule("segments-url-twice", About::UrlTwice, Warning, IMPORT),
    rule("segments-key-missing", About::KeyMissing, Blocked, SDK),
    rule("segments-key-twice", About::KeyTwice, Blocked, SDK),
    rule("segments-cloud-type", About::CloudType, Blocked, SAMPLES),
];

/// Fields of a sample beside those that are read into neutral words.
const FIELDS: &[&str] = &[
    "attributes",
    "metadata",
    "priority",
    "readme",
    "assigned_labeler",
    "assigned_reviewer",
    "embedding",
    "label",
    "uuid",
    "created_at",
    "created_by",
    "dataset_full_name",
];
/// What `attributes` may hold; which of them there are decides the shape.
const ATTRIBUTES: &[&str] = &[
    "image",
    "frames",
    "pcd",
    "images",
    "ego_pose",
    "default_z",
    "name",
    "timestamp",
    "bounds",
    "ortho_images",
    "sensors",
    "text",
];
/// What the clouds of a sample may be called.
const CLOUDS: &[&str] = &["pcd", "binary-xyzi", "kitti", "binary-xyzir", "nuscenes", "ply", "las", "splat"];

/// Segments.ai.
#[derive(Debug)]
pub(super) struct Segments;

impl Dialect for Segments {
    fn form(&self) -> Form {
        Form::Segments
    }

    fn evidence(&self, row: &RowText<'_>) -> Vec<String> {
        let found = neutral::named(row, &["attributes", "name"]);
        if found.len() == 2 && row.get("attributes").is_some_and(|value| value.kind() == Kind::Object) {
            found
        } else {
            Vec::new()
        }
    }

    fn rules(&self) -> &'static [RowRule] {
        RULES
    }

    fn read<'a>(&self, row: &RowText<'a>) -> ManifestRow<'a> {
        let mut read = ManifestRow::default();
        for (name, value) in row.fields() {
            let own = if row.table { neutral::own(&name, Form::Segments) } else { None };
            let known = field(own.as_ref().unwrap_or(&name), value, &mut read);
            if !known && (!row.table || !neutral::read(&name, value, Form::Segments, &mut read)) {
                read.extras.push((name, value));
            }
        }
        read
    }

    fn check(&self, row: &RowText<'_>, read: &ManifestRow<'_>, known: Known, found: &mut Vec<Found>) {
        let mut finder = Finder::new(RULES, found);
        if row.value.kind != Kind::Object {
            return finder.value(About::NotAnObject, row.value(), "");
        }
        keys::missing(row, read, "name", &mut finder);
        match &read.subject {
            Subject::Missing => finder.say(About::SubjectMissing, row.value, "attributes", ""),
            Subject::Address(said) => address::look(said, "attributes.image.url", known, &mut finder),
            Subject::Many(all) => all.iter().for_each(|said| address::look(said, "attributes.frames", known, &mut finder)),
            Subject::Shaped(value) => shape(*value, known, &mut finder),
            Subject::Content(said) => finder.say(About::UrlNone, said.span, "attributes.image.url", &said.text),
            Subject::Wrong(value) => finder.value(About::SubjectShape, *value, "attributes"),
        }
        extras(row, read, &mut finder);
    }

    fn write(&self, row: &ManifestRow<'_>, from: Form) -> Carried {
        write(row, from)
    }

    fn mend(&self, row: &RowText<'_>, read: &ManifestRow<'_>, matters: &[About]) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(keys::mend_missing(row, read, "name", matters));
        changes.extend(read.addresses().iter().filter_map(|said| address::mend(said, "attributes", matters)));
        if let Subject::Shaped(value) = &read.subject {
            let mut mend = |said: Said<'_>, field: &str| changes.extend(address::mend(&said, field, matters));
            addresses(*value, "attributes", &mut mend);
        }
        changes
    }

    fn key_field(&self) -> &'static str {
        "name"
    }

    fn subject_field(&self) -> &'static str {
        "attributes"
    }

    fn sizes(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn folds_case(&self) -> bool {
        false
    }

    fn column(&self, head: &str) -> Option<&'static str> {
        let own = ["name", "attributes", "metadata", "priority", "readme", "assigned_labeler", "assigned_reviewer"];
        own.into_iter().find(|name| *name == head).or_else(|| neutral::column(head))
    }
}

fn field<'a>(name: &str, value: Value<'a>, read: &mut ManifestRow<'a>) -> bool {
    match name {
        "name" if value.kind().is_text() => read.key = Said::of(value),
        "attributes" => read.subject = subject(value),
        "metadata" => match neutral::metadata_of(value) {
            Some(all) => read.metadata = all,
            None => return false,
        },
        _ => return false,
    }
    true
}

/// One picture or pictures one after the other, when nothing else is said about them; else the shape as it is.
fn subject(value: Value<'_>) -> Subject<'_> {
    if value.kind() != Kind::Object {
        return Subject::Wrong(value);
    }
    let fields = value.fields();
    let plain = match &fields[..] {
        [(name, image)] if name == "image" => url_alone(*image).map(Subject::Address),
        [(name, frames)] if name == "frames" => {
            frames.items().into_iter().map(frame).collect::<Option<Vec<_>>>().map(Subject::Many)
        }
        _ => None,
    };
    plain.filter(|subject| !matches!(subject, Subject::Many(all) if all.is_empty())).unwrap_or(Subject::Shaped(value))
}

fn frame(value: Value<'_>) -> Option<Said<'_>> {
    match &value.fields()[..] {
        [(name, image)] if name == "image" => url_alone(*image),
        _ => None,
    }
}

fn url_alone(value: Value<'_>) -> Option<Said<'_>> {
    match &value.fields()[..] {
        [(name, url)] if name == "url" => Said::of(*url),
        _ => None,
    }
}

/// The shapes that are more than pictures.
fn shape(value: Value<'_>, known: Known, finder: &mut Finder<'_>) {
    let fields = value.fields();
    let decides = |name: &str| matches!(name, "image" | "frames" | "pcd" | "sensors" | "text");
    if !fields.iter().any(|(name, _)| decides(name)) {
        return finder.value(About::SubjectShape, value, "attributes");
    }
    for (name, value) in fields.iter().filter(|(name, _)| !ATTRIBUTES.contains(&&**name)) {
        finder.say(About::FieldUnknown, value.span(), &format!("attributes.{name}"), "");
    }
    if fields.iter().any(|(name, value)| name == "frames" && value.items().is_empty()) {
        finder.value(About::SubjectEmpty, value, "attributes.frames");
    }
    clouds(value, finder);
    addresses(value, "attributes", &mut |said, field| address::look(&said, field, known, finder));
}

fn clouds(value: Value<'_>, finder: &mut Finder<'_>) {
    for (name, inner) in value.fields() {
        if name == "pcd" {
            let kind = inner.field("type");
            match kind.and_then(|kind| kind.text()) {
                Some(text) if CLOUDS.contains(&&*text) => {}
                _ => finder.value(About::CloudType, kind.unwrap_or(inner), "pcd.type"),
            }
        }
        inner.items().into_iter().for_each(|item| clouds(item, finder));
        clouds(inner, finder);
    }
}

/// Every `url` in a shape, with its path.
fn addresses<'a>(value: Value<'a>, path: &str, each: &mut dyn FnMut(Said<'a>, &str)) {
    for (name, inner) in value.fields() {
        let field = format!("{path}.{name}");
        match Said::of(inner).filter(|_| name == "url") {
            Some(said) => each(said, &field),
            None => addresses(inner, &field, each),
        }
    }
    for (at, item) in value.items().into_iter().enumerate() {
        addresses(item, &format!("{path}[{at}]"), each);
    }
}

fn extras(row: &RowText<'_>, read: &ManifestRow<'_>, finder: &mut Finder<'_>) {
    for (name, value) in &read.extras {
        let field = &**name;
        match field {
            "metadata" => finder.unless(matches!(value.kind(), Kind::Null | Kind::Object), *value, field),
            "priority" => finder.unless(matches!(value.kind(), Kind::Null | Kind::Number), *value, field),
            "readme" | "assigned_labeler" | "assigned_reviewer" => {
                finder.unless(value.kind() == Kind::Null || value.kind().is_text(), *value, field);
            }
            _ if FIELDS.contains(&field) || field == "name" || row.table => {}
            _ => finder.say(About::FieldUnknown, value.span(), field, ""),
        }
    }
}

fn write(row: &ManifestRow<'_>, from: Form) -> Carried {
    let (mut object, mut left) = (Object::new(), Vec::new());
    match (&row.key, &row.external_id) {
        (Some(key), other) => {
            object.text("name", &key.text);
            left.extend(other.iter().filter(|id| id.text != key.text).map(|_| "external_id".to_owned()));
        }
        (None, Some(id)) => object.text("name", &id.text),
        (None, None) => {}
    }
    let image = |said: &Said<'_>| format!("{{\"image\": {{\"url\": {}}}}}", super::object::quoted(&said.text));
    match &row.subject {
        Subject::Address(said) => object.raw("attributes", &image(said)),
        Subject::Many(all) => object.raw("attributes", &format!("{{\"frames\": {}}}", list(all.iter().map(image)))),
        Subject::Shaped(value) | Subject::Wrong(value) if from == Form::Segments => object.raw("attributes", value.raw()),
        Subject::Missing if from == Form::Segments => {}
        Subject::Missing if neutral::has_own(row, Form::Segments, "attributes") => {}
        _ => return Carried { text: String::new(), left: vec![neutral_subject(from).to_owned()] },
    }
    let more = [("width", row.width.is_some()), ("height", row.height.is_some()), ("media_type", row.media_type.is_some())];
    left.extend(more.iter().filter(|(_, there)| *there).map(|(name, _)| (*name).to_owned()));
    left.extend(row.attachments.first().map(|_| "attachments".to_owned()));
    if let Some(metadata) = neutral::written_metadata(row, &mut left) {
        object.raw("metadata", &metadata);
    }
    neutral::written_extras(row, from, Form::Segments, &mut object, &mut left);
    Carried { text: object.close(), left }
}
