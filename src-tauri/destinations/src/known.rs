//! What is known of a connection without opening it: its rules, its place, the addresses of its objects.
//! Receipts and lists need this also when a store is gone or a secret is missing.

use gantry_model::{Code, Connection, Key, Problem, Rule};

/// The published rules of a kind of store; none for a kind that is not known.
pub fn rules(kind: &str) -> &'static [Rule] {
    match kind {
        "folder" => crate::folder::rules::RULES,
        "s3" => crate::s3::rules::RULES,
        _ => &[],
    }
}

/// The place for people: a folder's path, or `s3://bucket/prefix`.
pub fn place(connection: &Connection) -> String {
    match connection.kind.as_str() {
        "folder" => gantry_model::show::text(connection.field("path")),
        _ => {
            let prefix = connection.field("prefix").trim_matches('/');
            let slash = if prefix.is_empty() { "" } else { "/" };
            format!("s3://{}{slash}{prefix}", connection.field("bucket"))
        }
    }
}

/// An object's address without any signature.
pub fn url(connection: &Connection, key: &Key) -> String {
    match connection.kind.as_str() {
        "folder" => {
            let path = std::path::Path::new(connection.field("path")).join(&key.0);
            url::Url::from_file_path(&path).map_or_else(|()| path.display().to_string(), String::from)
        }
        _ => format!("s3://{}/{}", connection.field("bucket"), key.0),
    }
}

/// The published rules of a platform for files that become rows: in its own upload storage, or read by address.
pub fn row_rules(_kind: &str, _own_storage: bool) -> &'static [Rule] {
    &[]
}

/// The name that a row is found again by: external id, sample name, global key. `place` is the bucket, or the container
/// in the platform's own storage; `key` the object's key, `path` the relative path.
pub fn row_key(_kind: &str, _place: &str, _key: &str, path: &str) -> String {
    path.to_owned()
}

/// The address of an object in the form that this kind of platform reads: percent-encoded, without any signature.
///
/// # Errors
/// `no_web_address` when no platform could read it.
pub fn web_url(connection: &Connection, _key: &Key, _platform: &str) -> Result<String, Problem> {
    Err(Problem::new(Code::NoWebAddress, "address").with("place", place(connection)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_addresses_are_known_without_opening() {
        let fields = |all: &[(&str, &str)]| all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let folder = Connection { name: "f".into(), kind: "folder".into(), fields: fields(&[("path", "/a b")]) };
        let bucket = Connection { name: "b".into(), kind: "s3".into(), fields: fields(&[("bucket", "x"), ("prefix", "p/q")]) };
        assert_eq!((place(&folder), place(&bucket)), ("/a b".to_owned(), "s3://x/p/q".to_owned()));
        let key = Key("p/q/ü.jpg".into());
        assert_eq!(url(&folder, &key), "file:///a%20b/p/q/%C3%BC.jpg");
        assert_eq!(url(&bucket, &key), "s3://x/p/q/ü.jpg");
        assert!(!rules("folder").is_empty() && !rules("s3").is_empty() && rules("ftp").is_empty());
    }
}
