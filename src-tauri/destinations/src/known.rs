//! What is known of a connection without opening it: its rules, its place, the addresses and names of its objects.
//! Receipts and lists need this also when a store is gone or a secret is missing.

mod addresses;
pub(crate) mod carries;
mod names;

pub use addresses::web_url;
pub use carries::carries;
pub use names::row_key;

use crate::form;
use gantry_model::words::{Value, say};
use gantry_model::{Connection, Key, Rule};
use url::Url;

/// The published rules of a kind of store; none for a kind that is not known. A platform's own storage has none beside
/// those of its rows: see [`row_rules`].
pub fn rules(kind: &str) -> &'static [Rule] {
    match kind {
        "folder" => crate::folder::rules::RULES,
        "s3" => crate::s3::rules::RULES,
        _ => &[],
    }
}

/// The published rules of a platform for files that become rows: in its own upload storage, or read by address.
pub fn row_rules(kind: &str, own_storage: bool) -> &'static [Rule] {
    crate::rules::of(kind, own_storage)
}

/// The place for people: a folder's path, `s3://bucket/prefix`, a platform's name with its host where it is not the public one.
pub fn place(connection: &Connection) -> String {
    match (connection.kind.as_str(), form::public_url(&connection.kind)) {
        ("folder", _) => gantry_model::show::text(connection.field("path")),
        (kind, Some(public)) => platform(kind, connection.field("api_url").trim(), public),
        _ => {
            let prefix = connection.field("prefix").trim_matches('/');
            let slash = if prefix.is_empty() { "" } else { "/" };
            format!("s3://{}{slash}{prefix}", connection.field("bucket"))
        }
    }
}

fn platform(kind: &str, given: &str, public: &str) -> String {
    let name = say(&format!("kind-{kind}"), &[]);
    let host = |text: &str| {
        let url = Url::parse(text).ok()?;
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        Some(format!("{}{port}", url.host_str()?))
    };
    match host(given) {
        Some(other) if host(public).as_ref() != Some(&other) => {
            say("place-elsewhere", &[("name", Value::Text(&name)), ("host", Value::Text(&other))])
        }
        _ => name,
    }
}

/// An object's address without any signature. Where a platform's own storage chooses addresses, this only names the file
/// there; its address is in the store's answer.
pub fn url(connection: &Connection, key: &Key) -> String {
    match connection.kind.as_str() {
        "folder" => {
            let path = std::path::Path::new(connection.field("path")).join(&key.0);
            Url::from_file_path(&path).map_or_else(|()| path.display().to_string(), String::from)
        }
        kind if form::public_url(kind).is_some() => named(kind, key),
        _ => format!("s3://{}/{}", connection.field("bucket"), key.0),
    }
}

/// The name of a file in a platform's own storage.
pub(crate) fn named(kind: &str, key: &Key) -> String {
    format!("{kind}://{}", key.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(kind: &str, fields: &[(&str, &str)]) -> Connection {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Connection { name: "c".into(), kind: kind.into(), fields }
    }

    #[test]
    fn places_and_addresses_are_known_without_opening() {
        let folder = connection("folder", &[("path", "/a b")]);
        let bucket = connection("s3", &[("bucket", "x"), ("prefix", "p/q")]);
        assert_eq!((place(&folder), place(&bucket)), ("/a b".to_owned(), "s3://x/p/q".to_owned()));
        let key = Key("p/q/ü.jpg".into());
        assert_eq!(url(&folder, &key), "file:///a%20b/p/q/%C3%BC.jpg");
        assert_eq!(url(&bucket, &key), "s3://x/p/q/ü.jpg");
        assert!(!rules("folder").is_empty() && !rules("s3").is_empty() && rules("ftp").is_empty());
    }

    #[test]
    fn a_platform_is_named_and_its_host_shown_where_it_is_another_one() {
        assert_eq!(place(&connection("segments", &[])), "Segments.ai");
        assert_eq!(place(&connection("labelbox", &[("api_url", "https://api.labelbox.com/graphql")])), "Labelbox");
        assert_eq!(place(&connection("ango", &[("api_url", "https://imeritapi.ango.ai/")])), "Ango Hub");
        assert_eq!(place(&connection("ango", &[("api_url", "https://us-api.ango.ai")])), "Ango Hub at us-api.ango.ai");
        let local = connection("labelbox", &[("api_url", "http://127.0.0.1:4711/graphql")]);
        assert_eq!(place(&local), "Labelbox at 127.0.0.1:4711");
    }
}
