//! Addresses: from bucket, region and key to the one URL that is both signed and sent.
//! A key is encoded once: every byte but unreserved ones and `/`.

use crate::form::wrong;
use gantry_model::{Connection, Problem};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// Signature V4 leaves letters, digits, `-`, `.`, `_` and `~` as they are, by
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const KEY: &AsciiSet = &VALUE.remove(b'/');

/// Amazon's region where nothing else is said.
pub(crate) const FIRST_REGION: &str = "us-east-1";

/// Where a bucket is, apart from its region.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    bucket: String,
    endpoint: Option<Url>,
    in_host: bool,
}

/// Where requests go, with the region they are signed for.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(super) region: String,
    /// Scheme, host, port and base path, without a `/` at the end.
    base: String,
    /// Path of the bucket itself.
    bucket: String,
}

impl Place {
    /// Reads the fields `bucket`, `endpoint`, `addressing` and `allow_http`.
    pub(crate) fn new(connection: &Connection) -> Result<Self, Problem> {
        let bucket = connection.field("bucket").to_owned();
        let endpoint = match connection.field("endpoint") {
            "" => None,
            text => Some(endpoint(text)?),
        };
        let dotted = bucket.contains('.');
        let in_host = match (connection.field("addressing"), &endpoint) {
            ("virtual", _) => true,
            ("path", _) | (_, Some(_)) => false,
            // The certificate of Amazon's buckets covers no further dot.
            (_, None) => !dotted,
        };
        let place = Self { bucket, endpoint, in_host };
        if place.in_host && place.endpoint.as_ref().is_some_and(|url| !matches!(url.host(), Some(Host::Domain(_)))) {
            return Err(wrong("addressing", "virtual-address", connection.field("endpoint")));
        }
        if place.is_plain() && !place.is_loopback() && connection.field("allow_http") != "true" {
            return Err(wrong("allow_http", "plain-http", connection.field("endpoint")));
        }
        Ok(place)
    }

    /// The target in this region.
    pub(crate) fn target(&self, region: &str) -> Target {
        let (scheme, host, path) = match &self.endpoint {
            Some(url) => {
                let host = url.host_str().unwrap_or_default();
                let port = url.port().map_or(String::new(), |port| format!(":{port}"));
                (url.scheme(), format!("{host}{port}"), url.path().trim_end_matches('/').to_owned())
            }
            None => ("https", aws_host(region), String::new()),
        };
        let (base, bucket) = match self.in_host {
            true => (format!("{scheme}://{}.{host}{path}", self.bucket), "/".to_owned()),
            false => {
                let bucket = format!("/{}", encode(&self.bucket));
                (format!("{scheme}://{host}{path}{bucket}"), String::new())
            }
        };
        Target { region: region.to_owned(), base, bucket }
    }

    /// True where the store is on this computer.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.endpoint.as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// True where nothing is encrypted on the way.
    pub(crate) fn is_plain(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|url| url.scheme() == "http")
    }

    /// True where the bucket stands in the host's name.
    pub(crate) fn is_in_host(&self) -> bool {
        self.in_host
    }

    /// True where the store is Amazon's own, called by whichever address.
    pub(crate) fn is_amazon(&self) -> bool {
        let host = self.endpoint.as_ref().map(|url| url.host_str().unwrap_or_default());
        host.is_none_or(|host| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }
}

impl Target {
    /// The address of the bucket, or of an object in it.
    pub(crate) fn url(&self, key: Option<&str>, query: &[(&str, &str)]) -> Option<Url> {
        let mut text = self.base.clone();
        match key {
            Some(key) => {
                text.push('/');
                text.extend(utf8_percent_encode(key, KEY));
            }
            None => text.push_str(&self.bucket),
        }
        for (at, (name, value)) in query.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.extend(utf8_percent_encode(name, VALUE));
            text.push('=');
            text.extend(utf8_percent_encode(value, VALUE));
        }
        let url = Url::parse(&text).ok()?;
        // `.` and `..` would be resolved away: then it is not the address of this key.
        (url.as_str() == text).then_some(url)
    }
}

/// A region's name, as it may become part of a host name.
pub(crate) fn is_region(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !text.starts_with('-')
}

/// One path component or value, encoded.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// Can an address carry this key at all?
pub(crate) fn is_fit(key: &str) -> bool {
    !key.is_empty() && !key.split('/').any(|component| matches!(component, "." | ".."))
}

fn aws_host(region: &str) -> String {
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("s3.{region}.{domain}")
}

fn endpoint(text: &str) -> Result<Url, Problem> {
    let refuse = || wrong("endpoint", "endpoint", "");
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(url) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    fn place(fields: &[(&str, &str)]) -> Place {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Place::new(&Connection { name: "c".into(), kind: "s3".into(), fields }).expect("a place")
    }

    fn address(place: &Place, key: &str) -> String {
        place.target("eu-central-1").url(Some(key), &[]).expect("an address").into()
    }

    #[test]
    fn buckets_stand_in_the_host_or_in_the_path() {
        let aws = place(&[("bucket", "pics")]);
        assert_eq!(address(&aws, "a b"), "https://pics.s3.eu-central-1.amazonaws.com/a%20b");
        let dotted = place(&[("bucket", "my.pics")]);
        assert_eq!(address(&dotted, "a"), "https://s3.eu-central-1.amazonaws.com/my.pics/a");
        let own = place(&[("bucket", "pics"), ("endpoint", "http://127.0.0.1:9000/")]);
        assert_eq!(address(&own, "a"), "http://127.0.0.1:9000/pics/a");
        let virtual_own = place(&[("bucket", "pics"), ("endpoint", "https://store.lan/base"), ("addressing", "virtual")]);
        assert_eq!(address(&virtual_own, "a"), "https://pics.store.lan/base/a");
        assert_eq!(aws.target("cn-north-1").url(None, &[]).expect("one").host_str(), Some("pics.s3.cn-north-1.amazonaws.com.cn"));
        let listing = own.target("x").url(None, &[("list-type", "2"), ("prefix", "a/ü+")]).expect("one");
        assert_eq!(listing.as_str(), "http://127.0.0.1:9000/pics?list-type=2&prefix=a%2F%C3%BC%2B");
    }

    #[test]
    fn no_key_leads_out_of_the_bucket() {
        let own = place(&[("bucket", "pics"), ("endpoint", "http://127.0.0.1:9000")]);
        for key in ["..", "../other/x", "a/../../other/x", "./a", "a/."] {
            assert!(!is_fit(key));
            assert!(own.target("x").url(Some(key), &[]).is_none(), "{key}");
        }
        assert_eq!(address(&own, "..%2fother/x"), "http://127.0.0.1:9000/pics/..%252fother/x");
    }

    proptest! {
        #[test]
        fn a_decoded_address_is_the_key(key in "\\PC{1,40}(/[ -~é\u{202e}\r\n\t%+#?&=]{1,20}){0,3}") {
            let own = place(&[("bucket", "pics"), ("endpoint", "http://127.0.0.1:9000")]);
            let url = own.target("x").url(Some(&key), &[]);
            prop_assert_eq!(url.is_some(), is_fit(&key));
            if let Some(url) = url {
                let path = url.path().strip_prefix("/pics/").expect("below the bucket");
                prop_assert_eq!(percent_decode_str(path).decode_utf8().expect("text"), key.as_str());
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
        }
    }
}
