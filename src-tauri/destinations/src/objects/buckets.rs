//! Objects in buckets that the person has connected: found by their addresses, asked for with the person's own keys.
//! A signed question goes to the connected bucket and to nobody else.

use crate::s3::address::{FIRST_REGION, Place, is_fit, is_region};
use gantry_model::platform::bare;
use gantry_model::{Connection, Key, Problem, Secrets, Store};
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// A bucket, and all that addresses of its objects may begin with.
#[derive(Debug)]
pub(super) struct Bucket {
    begins: Vec<String>,
    /// The store that the keys open.
    pub(super) store: Arc<dyn Store>,
}

impl Bucket {
    /// None where the connection is no bucket.
    pub(super) fn new(connection: &Connection, secrets: &Secrets) -> Result<Option<Self>, Problem> {
        if connection.kind != "s3" {
            return Ok(None);
        }
        let store = crate::open(connection, secrets, &gantry_model::Target::default())?;
        Ok(Some(Self { begins: begins(connection)?, store }))
    }

    /// The key of the object at this address, when it lies in this bucket.
    pub(super) fn key(&self, url: &str) -> Option<Key> {
        let path = bare(url);
        let rest = self.begins.iter().find_map(|begin| path.strip_prefix(begin.as_str()))?;
        let key = percent_decode_str(rest.split('#').next()?).decode_utf8().ok()?.into_owned();
        is_fit(&key).then_some(Key(key))
    }
}

/// The ways in which objects of this bucket are addressed, each with a `/` at its end.
fn begins(connection: &Connection) -> Result<Vec<String>, Problem> {
    let regions: Vec<&str> = [connection.field("region"), connection.field("learned.region"), FIRST_REGION]
        .into_iter()
        .filter(|one| is_region(one))
        .collect();
    let bucket = connection.field("bucket");
    let mut all = vec![format!("s3://{bucket}/")];
    for addressing in ["path", "virtual"] {
        let mut read = connection.clone();
        read.fields.insert("addressing".into(), addressing.into());
        // A bucket on an address in numbers has no host name of its own.
        let Ok(place) = Place::new(&read) else { continue };
        for region in &regions {
            let url = place.target(region).url(Some("x"), &[]);
            all.extend(url.and_then(|url| url.as_str().strip_suffix('x').map(str::to_owned)));
        }
    }
    if connection.field("endpoint").is_empty() {
        all.push(format!("https://{bucket}.s3.amazonaws.com/"));
        all.push(format!("https://s3.amazonaws.com/{bucket}/"));
        all.extend(regions.iter().map(|region| format!("https://{bucket}.s3-{region}.amazonaws.com/")));
        all.extend(regions.iter().map(|region| format!("https://s3-{region}.amazonaws.com/{bucket}/")));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(fields: &[(&str, &str)], url: &str) -> Option<String> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let connection = Connection { name: "c".into(), kind: "s3".into(), fields };
        let secrets = Secrets([("secret_access_key".to_owned(), secrecy::SecretString::from("canary"))].into());
        let bucket = Bucket::new(&connection, &secrets).expect("opened").expect("a bucket");
        bucket.key(url).map(|key| key.0)
    }

    #[test]
    fn an_address_tells_its_bucket_in_every_spelling() {
        let aws = [("bucket", "pics"), ("region", "eu-west-1"), ("access_key_id", "A")];
        for url in [
            "https://pics.s3.eu-west-1.amazonaws.com/a%20b/c%2B.jpg",
            "https://pics.s3.amazonaws.com/a%20b/c%2B.jpg?X-Amz-Signature=old",
            "https://s3.eu-west-1.amazonaws.com/pics/a%20b/c%2B.jpg",
            "https://s3-eu-west-1.amazonaws.com/pics/a%20b/c%2B.jpg",
            "s3://pics/a b/c+.jpg",
        ] {
            assert_eq!(key(&aws, url).as_deref(), Some("a b/c+.jpg"), "{url}");
        }
        for url in [
            "https://pics2.s3.eu-west-1.amazonaws.com/a",
            "https://pics.s3.eu-west-1.amazonaws.com.evil.org/a",
            "https://pics.s3.eu-west-1.amazonaws.com/../other/a",
            "https://pics.s3.eu-west-1.amazonaws.com/%2e%2e/a",
            "https://x@pics.s3.eu-west-1.amazonaws.com/a",
            "http://pics.s3.eu-west-1.amazonaws.com/a",
        ] {
            assert_eq!(key(&aws, url), None, "{url}");
        }
        let own = [("bucket", "pics"), ("endpoint", "http://127.0.0.1:9000"), ("access_key_id", "A")];
        assert_eq!(key(&own, "http://127.0.0.1:9000/pics/a.jpg").as_deref(), Some("a.jpg"));
        assert_eq!(key(&own, "http://127.0.0.1:9001/pics/a.jpg"), None);
    }
}
