//! The forms of connections: which fields a kind has, and whether what stands in them makes sense.
//! Nothing is asked of the network or the disk here; a wrong field is answered with one plain sentence.

use crate::api::Base;
use crate::s3::address;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Field, Kind, Problem};

const fn plain(name: &'static str, example: &'static str) -> Field {
    Field { name, secret: false, required: false, choices: &[], example }
}

const fn needed(name: &'static str, example: &'static str) -> Field {
    Field { name, secret: false, required: true, choices: &[], example }
}

const fn secret(name: &'static str) -> Field {
    Field { name, secret: true, required: false, choices: &[], example: "" }
}

const fn key(name: &'static str) -> Field {
    Field { name, secret: true, required: true, choices: &[], example: "" }
}

const fn choice(name: &'static str, choices: &'static [&'static str]) -> Field {
    Field { name, secret: false, required: false, choices, example: "" }
}

/// The public address of Segments.ai's API.
pub(crate) const SEGMENTS: &str = "https://api.segments.ai";
const LABELBOX: &str = "https://api.labelbox.com/graphql";
/// The server in Europe, as in the vendor's own SDK; others, and installations of one's own, by their address.
pub(crate) const ANGO: &str = "https://imeritapi.ango.ai";

/// Longest time to settle, in seconds: an hour.
const SETTLE_MOST: u64 = 3600;

static KINDS: &[Kind] = &[
    Kind { id: "folder", platform: false, fields: &[needed("path", "/media/archive/Gantry")] },
    Kind {
        id: "s3",
        platform: false,
        fields: &[
            needed("bucket", "my-pictures"),
            plain("prefix", "2026/autumn"),
            plain("region", "eu-central-1"),
            plain("endpoint", "https://s3.example.org"),
            plain("access_key_id", "AKIAIOSFODNN7EXAMPLE"),
            secret("secret_access_key"),
            secret("session_token"),
            plain("profile", "default"),
            choice("addressing", &["virtual", "path"]),
            plain("ca_file", "/etc/ssl/company.pem"),
            choice("allow_http", &["true", "false"]),
        ],
    },
    Kind {
        id: "segments",
        platform: true,
        fields: &[key("api_key"), plain("api_url", SEGMENTS), choice("allow_http", &["true", "false"])],
    },
    Kind {
        id: "labelbox",
        platform: true,
        fields: &[key("api_key"), plain("api_url", LABELBOX), choice("allow_http", &["true", "false"])],
    },
    Kind {
        id: "ango",
        platform: true,
        fields: &[
            key("api_key"),
            plain("api_url", ANGO),
            plain("settle_seconds", "180"),
            choice("allow_http", &["true", "false"]),
        ],
    },
];

/// The kinds of stores and platforms, and their forms.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// Do the fields make sense, as far as that can be told without asking the store?
///
/// # Errors
/// `bad_field`, its sentence in the fact `said` and the field's name in the fact `field`.
pub fn validate(connection: &Connection) -> Result<(), Problem> {
    let Some(kind) = KINDS.iter().find(|kind| kind.id == connection.kind) else {
        return Err(wrong("kind", "kind", &connection.kind));
    };
    for (name, value) in &connection.fields {
        known(kind, name, value)?;
    }
    // Whether a secret is there shows when the connection is opened: secrets are never among the fields.
    for field in kind.fields.iter().filter(|field| field.required && !field.secret) {
        if connection.field(field.name).is_empty() {
            return Err(wrong(field.name, "missing", &say(&format!("field-{}", field.name.replace('_', "-")), &[])));
        }
    }
    match kind.id {
        "folder" => folder(connection),
        "s3" => s3(connection),
        _ => platform(connection),
    }
}

/// The address of a platform that stands for an empty field `api_url`; `None` for what is no platform.
pub(crate) fn public_url(kind: &str) -> Option<&'static str> {
    match kind {
        "segments" => Some(SEGMENTS),
        "labelbox" => Some(LABELBOX),
        "ango" => Some(ANGO),
        _ => None,
    }
}

/// A `bad_field` with the sentence under `bad-field-` and the word.
pub(crate) fn wrong(field: &str, word: &str, value: &str) -> Problem {
    let said = say(&format!("bad-field-{word}"), &[("value", Value::Text(value))]);
    Problem::new(Code::BadField, "open").with("said", said).with("field", field)
}

/// A part of a target that the platform has no use for: said, not ignored.
pub(crate) fn refused_field(field: &str, word: &str, doing: &'static str) -> Problem {
    Problem { doing, ..wrong(field, word, "") }
}

fn known(kind: &Kind, name: &str, value: &str) -> Result<(), Problem> {
    if name.starts_with("learned.") {
        return Ok(());
    }
    let Some(field) = kind.fields.iter().find(|field| field.name == name) else {
        return Err(wrong(name, "unknown", name));
    };
    if field.secret {
        return Err(wrong(name, "secret", name));
    }
    if value.chars().any(char::is_control) {
        return Err(wrong(name, "control", name));
    }
    if !field.choices.is_empty() && !value.is_empty() && !field.choices.contains(&value) {
        return Err(wrong(name, "choice", &field.choices.join(", ")));
    }
    Ok(())
}

fn folder(connection: &Connection) -> Result<(), Problem> {
    let path = std::path::Path::new(connection.field("path"));
    if path.is_absolute() { Ok(()) } else { Err(wrong("path", "path", connection.field("path"))) }
}

fn s3(connection: &Connection) -> Result<(), Problem> {
    let of_aws = connection.field("endpoint").is_empty();
    bucket(connection.field("bucket"), of_aws)?;
    let region = connection.field("region");
    if !region.is_empty() && !address::is_region(region) {
        return Err(wrong("region", "region", region));
    }
    let prefix = connection.field("prefix").trim_end_matches('/');
    if !prefix.is_empty() && prefix.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(wrong("prefix", "prefix", connection.field("prefix")));
    }
    let (profile, key) = (connection.field("profile"), connection.field("access_key_id"));
    if !profile.is_empty() && !key.is_empty() {
        return Err(wrong("profile", "profile-and-key", profile));
    }
    if !key.is_empty() && !key.bytes().all(|b| b.is_ascii_graphic() && b != b'/' && b != b',') {
        return Err(wrong("access_key_id", "access-key", key));
    }
    address::Place::new(connection).map(|_| ())
}

fn platform(connection: &Connection) -> Result<(), Problem> {
    Base::of(connection, public_url(&connection.kind).unwrap_or_default())?;
    let settle = connection.field("settle_seconds");
    let sensible = settle.parse::<u64>().is_ok_and(|seconds| (1..=SETTLE_MOST).contains(&seconds));
    if settle.is_empty() || sensible { Ok(()) } else { Err(wrong("settle_seconds", "settle", settle)) }
}

/// Amazon's rules where Amazon is meant; elsewhere only what an address cannot carry.
fn bucket(bucket: &str, of_aws: bool) -> Result<(), Problem> {
    let inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = bucket.as_bytes();
    let good = if of_aws {
        (3..=63).contains(&bytes.len())
            && bytes.iter().all(|b| inside(*b))
            && edge(bytes.first())
            && edge(bytes.last())
            && !bucket.contains("..")
    } else {
        bytes.len() <= 255
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
            && !matches!(bucket, "." | "..")
    };
    if good { Ok(()) } else { Err(wrong("bucket", "bucket", bucket)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_model::words::try_say;

    fn s3_with(fields: &[(&str, &str)]) -> Connection {
        let mut fields: std::collections::BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.entry("bucket".into()).or_insert_with(|| "pictures".into());
        Connection { name: "c".into(), kind: "s3".into(), fields }
    }

    fn refused(fields: &[(&str, &str)]) -> String {
        let problem = validate(&s3_with(fields)).expect_err("a wrong field");
        assert_eq!(problem.code, Code::BadField);
        let said = problem.fact("said").expect("a sentence").to_owned();
        assert!(!said.starts_with("bad-field-"), "no words for {said}");
        problem.fact("field").expect("a field").to_owned()
    }

    #[test]
    fn what_makes_sense_passes() {
        for fields in [
            &[("region", "eu-central-1")][..],
            &[("profile", "work")],
            &[("endpoint", "http://127.0.0.1:9000"), ("addressing", "path")],
            &[("endpoint", "http://[::1]:9000")],
            &[("endpoint", "http://store.lan"), ("allow_http", "true")],
            &[("endpoint", "https://gateway.example.org/s3/"), ("bucket", "Old_Bucket")],
            &[("learned.checksum", "crc64nvme")],
        ] {
            assert_eq!(validate(&s3_with(fields)), Ok(()), "{fields:?}");
        }
    }

    #[test]
    fn each_mistake_names_its_field_in_a_sentence() {
        for (fields, field) in [
            (&[("bucket", "")][..], "bucket"),
            (&[("bucket", "Pictures")], "bucket"),
            (&[("bucket", "a/b"), ("endpoint", "https://x.org")], "bucket"),
            (&[("region", "eu central")], "region"),
            (&[("endpoint", "store.example.org")], "endpoint"),
            (&[("endpoint", "ftp://store.example.org")], "endpoint"),
            (&[("endpoint", "https://me:pass@store.example.org")], "endpoint"),
            (&[("endpoint", "https://store.example.org/?x=1")], "endpoint"),
            (&[("endpoint", "http://store.example.org")], "allow_http"),
            (&[("endpoint", "http://127.0.0.1.evil.org")], "allow_http"),
            (&[("endpoint", "http://10.0.0.7:9000"), ("allow_http", "true"), ("addressing", "virtual")], "addressing"),
            (&[("addressing", "sideways")], "addressing"),
            (&[("profile", "work"), ("access_key_id", "AKIA")], "profile"),
            (&[("prefix", "a/../b")], "prefix"),
            (&[("prefix", "/a")], "prefix"),
            (&[("bukcet", "x")], "bukcet"),
            (&[("secret_access_key", "x")], "secret_access_key"),
            (&[("region", "eu\n")], "region"),
        ] {
            assert_eq!(refused(fields), field, "{fields:?}");
        }
    }

    fn platform_with(kind: &str, fields: &[(&str, &str)]) -> Result<(), Problem> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        validate(&Connection { name: "c".into(), kind: kind.into(), fields })
    }

    #[test]
    fn a_platform_needs_no_address_and_takes_one_of_its_own() {
        for kind in ["segments", "labelbox", "ango"] {
            for fields in [
                &[][..],
                &[("api_url", "https://hub.example.org/api")],
                &[("api_url", "http://127.0.0.1:8080")],
                &[("api_url", "http://hub.lan"), ("allow_http", "true")],
                &[("learned.name", "Mara")],
            ] {
                assert_eq!(platform_with(kind, fields), Ok(()), "{kind} {fields:?}");
            }
            for (fields, field) in [
                (&[("api_url", "hub.example.org")][..], "api_url"),
                (&[("api_url", "https://me:key@hub.example.org")], "api_url"),
                (&[("api_url", "http://hub.example.org")], "allow_http"),
                (&[("api_key", "k")], "api_key"),
                (&[("bucket", "b")], "bucket"),
            ] {
                let problem = platform_with(kind, fields).expect_err("a wrong field");
                assert_eq!(problem.fact("field"), Some(field), "{kind} {fields:?}");
            }
        }
        assert_eq!(platform_with("ango", &[("settle_seconds", "2")]), Ok(()));
        for settle in ["0", "3601", "-1", "soon"] {
            let problem = platform_with("ango", &[("settle_seconds", settle)]).expect_err("no length of time");
            assert_eq!(problem.fact("field"), Some("settle_seconds"));
            assert!(problem.fact("said").is_some_and(|said| said.contains(settle)), "{settle}");
        }
    }

    #[test]
    fn every_kind_and_every_field_has_words() {
        for kind in kinds() {
            assert!(try_say(&format!("kind-{}", kind.id), &[]).is_some(), "{}", kind.id);
            for field in kind.fields {
                let id = format!("field-{}", field.name.replace('_', "-"));
                assert!(try_say(&id, &[]).is_some(), "{id}");
            }
            let needs_key = kind.fields.iter().any(|field| field.name == "api_key" && field.secret && field.required);
            assert_eq!(needs_key, kind.platform, "{}", kind.id);
        }
    }

    #[test]
    fn a_folder_needs_a_whole_path_and_an_unknown_kind_is_refused() {
        let mut connection = Connection { name: "c".into(), kind: "folder".into(), fields: [].into() };
        assert!(validate(&connection).is_err());
        connection.fields.insert("path".into(), "photos".into());
        assert!(validate(&connection).is_err());
        connection.fields.insert("path".into(), std::env::temp_dir().to_string_lossy().into_owned());
        assert_eq!(validate(&connection), Ok(()));
        connection.kind = "ftp".into();
        assert!(validate(&connection).is_err());
    }
}
