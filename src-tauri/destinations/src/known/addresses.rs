//! Addresses that a platform reads objects by. Made from keys only, each byte encoded once, and never signed.
//! What no platform could read is refused here, with the reason, before anything is registered.

use crate::s3::address::{self, Place};
use gantry_model::words::say;
use gantry_model::{Code, Connection, Key, Problem};

/// The address of an object in the form that this kind of platform reads: percent-encoded, without any signature.
/// Amazon's buckets stand in the host name; those with a dot in their name in the path, since no certificate covers that
/// dot. Other stores are addressed as they are called.
///
/// # Errors
/// `no_web_address` when no platform could read it, the reason in the fact `said`; `name_refused` for a key that no
/// address can carry.
pub fn web_url(connection: &Connection, key: &Key, platform: &str) -> Result<String, Problem> {
    if connection.kind != "s3" {
        return Err(none(connection, "kind"));
    }
    let of_amazon = connection.field("endpoint").is_empty();
    let place = Place::new(&as_read(connection, of_amazon))?;
    if place.is_plain() && !place.is_loopback() {
        return Err(none(connection, "plain"));
    }
    // For private buckets Labelbox takes the host form only: https://docs.labelbox.com/reference/import-image-data
    if platform == "labelbox" && place.is_amazon() && !place.is_in_host() {
        return Err(none(connection, "virtual"));
    }
    let region = match region(connection) {
        Some(region) => region,
        None if of_amazon => return Err(none(connection, "region")),
        None => address::FIRST_REGION,
    };
    let made = if address::is_fit(&key.0) { place.target(region).url(Some(&key.0), &[]) } else { None };
    made.map(String::from).ok_or_else(|| Problem::new(Code::NameRefused, "address"))
}

/// How Amazon's buckets are called by us does not matter to who reads them.
fn as_read(connection: &Connection, of_amazon: bool) -> Connection {
    let mut read = connection.clone();
    if of_amazon {
        read.fields.remove("addressing");
    }
    read
}

/// The region that the person gave, or that the store told.
fn region(connection: &Connection) -> Option<&str> {
    [connection.field("region"), connection.field("learned.region")].into_iter().find(|region| address::is_region(region))
}

fn none(connection: &Connection, reason: &str) -> Problem {
    let said = say(&format!("no-web-address-{reason}"), &[]);
    Problem::new(Code::NoWebAddress, "address").with("place", super::place(connection)).with("said", said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use url::Url;

    const PLATFORMS: [&str; 3] = ["segments", "labelbox", "ango"];

    fn s3(fields: &[(&str, &str)]) -> Connection {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Connection { name: "c".into(), kind: "s3".into(), fields }
    }

    fn made(fields: &[(&str, &str)], key: &str, platform: &str) -> String {
        web_url(&s3(fields), &Key(key.into()), platform).expect("an address")
    }

    fn refused(connection: &Connection, platform: &str) -> String {
        let problem = web_url(connection, &Key("a.jpg".into()), platform).expect_err("no address");
        assert_eq!(problem.code, Code::NoWebAddress);
        let said = problem.fact("said").expect("a reason").to_owned();
        assert!(!said.starts_with("no-web-address"), "no words for {said}");
        said
    }

    #[test]
    fn amazon_s_buckets_stand_in_the_host_and_everything_is_encoded_once() {
        let aws = [("bucket", "acme"), ("region", "eu-central-1"), ("addressing", "path")];
        for platform in PLATFORMS {
            assert_eq!(
                made(&aws, "p q/1+2 #<>|%20.jpg", platform),
                "https://acme.s3.eu-central-1.amazonaws.com/p%20q/1%2B2%20%23%3C%3E%7C%2520.jpg"
            );
        }
        let learned = [("bucket", "acme"), ("learned.region", "cn-north-1")];
        assert_eq!(made(&learned, "\u{fc}", "ango"), "https://acme.s3.cn-north-1.amazonaws.com.cn/%C3%BC");
    }

    #[test]
    fn a_dot_in_the_bucket_s_name_puts_it_in_the_path_which_labelbox_does_not_read() {
        let dotted = [("bucket", "my.pics"), ("region", "eu-west-1")];
        for platform in ["segments", "ango"] {
            assert_eq!(made(&dotted, "a", platform), "https://s3.eu-west-1.amazonaws.com/my.pics/a");
        }
        refused(&s3(&dotted), "labelbox");
        let called = [("bucket", "acme"), ("endpoint", "https://s3.eu-west-1.amazonaws.com"), ("addressing", "path")];
        refused(&s3(&called), "labelbox");
        assert_eq!(made(&called, "a", "segments"), "https://s3.eu-west-1.amazonaws.com/acme/a");
    }

    #[test]
    fn other_stores_are_read_as_they_are_called() {
        let path = [("bucket", "b"), ("endpoint", "https://store.example.org/base")];
        assert_eq!(made(&path, "a b", "labelbox"), "https://store.example.org/base/b/a%20b");
        let host = [("bucket", "b"), ("endpoint", "https://store.example.org"), ("addressing", "virtual")];
        assert_eq!(made(&host, "a", "ango"), "https://b.store.example.org/a");
        let local = [("bucket", "b"), ("endpoint", "http://127.0.0.1:9000")];
        assert_eq!(made(&local, "a", "segments"), "http://127.0.0.1:9000/b/a");
    }

    #[test]
    fn where_no_platform_can_read_the_reason_is_said() {
        let folder = Connection { name: "f".into(), kind: "folder".into(), fields: [("path".into(), "/a".into())].into() };
        let platform = Connection { name: "l".into(), kind: "labelbox".into(), fields: [].into() };
        let plain = s3(&[("bucket", "b"), ("endpoint", "http://store.lan"), ("allow_http", "true")]);
        let somewhere = s3(&[("bucket", "acme")]);
        let mut reasons: Vec<String> = [&folder, &plain, &somewhere].map(|one| refused(one, "ango")).into();
        assert_eq!(refused(&platform, "ango"), reasons[0]);
        reasons.dedup();
        assert_eq!(reasons.len(), 3, "{reasons:?}");
        for key in ["", "..", "a/../b"] {
            let problem = web_url(&s3(&[("bucket", "b"), ("region", "eu-west-1")]), &Key(key.into()), "ango");
            assert_eq!(problem.expect_err("no address").code, Code::NameRefused, "{key}");
        }
    }

    /// The key that a reader of this address would look for.
    fn read(url: &str, bucket_in_path: &str) -> String {
        let parsed = Url::parse(url).expect("an address");
        assert!(parsed.as_str() == url && parsed.query().is_none() && parsed.fragment().is_none(), "{url}");
        assert!(!url.contains(['+', ' ', '#', '<', '>', '|']) && url.is_ascii(), "{url}");
        let path = parsed.path().strip_prefix('/').and_then(|path| path.strip_prefix(bucket_in_path)).expect("below the bucket");
        percent_decode_str(path).decode_utf8().expect("text").into_owned()
    }

    /// What decodes to the key is its address: for any name that a disk can hold, for each platform, for each form.
    fn comes_back(fields: &[(&str, &str)], bucket_in_path: &str, key: &str) -> Result<(), TestCaseError> {
        for platform in PLATFORMS {
            let url = made(fields, key, platform);
            prop_assert_eq!(read(&url, bucket_in_path), key, "{}", url);
        }
        Ok(())
    }

    fn keys() -> impl Strategy<Value = String> {
        let hard =
            proptest::sample::select(vec!['/', '%', '+', ' ', '#', '?', '&', '=', '~', '\\', '\u{fc}', '\u{308}', '2', '0']);
        let any = prop_oneof![any::<char>(), hard];
        proptest::collection::vec(any, 1..24).prop_map(String::from_iter).prop_filter("fit", |key| address::is_fit(key))
    }

    // One hundred thousand keys, in parts that run beside each other.
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(25_000))]
        #[test]
        fn an_address_at_amazon_decodes_to_its_key(key in keys()) {
            comes_back(&[("bucket", "acme"), ("region", "eu-central-1")], "", &key)?;
        }

        #[test]
        fn an_address_in_the_path_decodes_to_its_key(key in keys()) {
            comes_back(&[("bucket", "b"), ("endpoint", "https://store.example.org/base")], "base/b/", &key)?;
        }

        #[test]
        fn an_address_in_the_host_decodes_to_its_key(key in keys()) {
            let fields = [("bucket", "b"), ("endpoint", "https://store.example.org"), ("addressing", "virtual")];
            comes_back(&fields, "", &key)?;
        }

        #[test]
        fn an_address_on_this_computer_decodes_to_its_key(key in keys()) {
            comes_back(&[("bucket", "b"), ("endpoint", "http://127.0.0.1:9000")], "b/", &key)?;
        }
    }
}
