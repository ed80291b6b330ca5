//! Addresses that open one object for a while without a key. Whoever has one can read the object: it is a secret, and
//! nothing here prints it, keeps it or puts it into a problem.

use super::{S3, address};
use async_trait::async_trait;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use gantry_model::{Code, Key, Presigns, Problem};
use std::time::{Duration, SystemTime};
use url::Url;

/// Longest life of a signed address:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html>.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

#[async_trait]
impl Presigns for S3 {
    /// A life of more than seven days becomes seven days. Keys with a session token make addresses that die with the
    /// token, however long a life was asked for: where its end is known, the life is shortened to it; a token that was
    /// entered by hand does not tell its end.
    async fn presign(&self, key: &Key, life: Duration) -> Result<String, Problem> {
        let refused = || Problem::new(Code::NameRefused, "presign");
        if !address::is_fit(&key.0) {
            return Err(refused());
        }
        let target = self.learned.target();
        let url = target.url(Some(&key.0), &[]).ok_or_else(refused)?;
        let keys = self.keys.current().await?;
        let now = self.learned.now(self.learned.clock());
        presigned(url, &keys, &target.region, now, life)
    }
}

/// The address, opened for `life` from `now` on.
fn presigned(mut url: Url, keys: &Identity, region: &str, now: SystemTime, life: Duration) -> Result<String, Problem> {
    let broken = || Problem::new(Code::Bug, "presign").with("said", "the address could not be signed");
    let left = keys.expiration().and_then(|end| end.duration_since(now).ok()).unwrap_or(LONGEST);
    let life = life.min(LONGEST).min(left).max(Duration::from_secs(1));
    let params = v4::SigningParams::builder()
        .identity(keys)
        .region(region)
        .name("s3")
        .time(now)
        .settings(settings(life))
        .build()
        .map_err(|_| broken())?
        .into();
    let signable = SignableRequest::new("GET", url.as_str(), std::iter::empty(), SignableBody::UnsignedPayload);
    let (instructions, _) = sign(signable.map_err(|_| broken())?, &params).map_err(|_| broken())?.into_parts();
    let signed: Vec<String> =
        instructions.params().iter().map(|(name, value)| format!("{name}={}", address::encode(value))).collect();
    url.set_query(Some(&signed.join("&")));
    Ok(url.into())
}

fn settings(life: Duration) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.signature_location = SignatureLocation::QueryParams;
    // Whole seconds: the signer writes no other.
    settings.expires_in = Some(Duration::from_secs(life.as_secs()));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;
    use gantry_model::{Connection, Secrets, Store as _};
    use secrecy::SecretString;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    /// 24 May 2013, the day of Amazon's published example.
    fn that_day() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600)
    }

    fn keys(token: Option<&str>, end: Option<SystemTime>) -> Identity {
        let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        Credentials::new(id, secret, token.map(str::to_owned), end, "test").into()
    }

    fn made(keys: &Identity, life: Duration) -> Url {
        let url = Url::parse("https://examplebucket.s3.amazonaws.com/test.txt").expect("an address");
        let text = presigned(url, keys, "us-east-1", that_day(), life).expect("signed");
        Url::parse(&text).expect("an address")
    }

    fn value(url: &Url, name: &str) -> Option<String> {
        url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    #[test]
    fn amazon_s_own_example_comes_out() {
        // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
        let url = made(&keys(None, None), DAY);
        assert_eq!(url.path(), "/test.txt");
        for (name, expected) in [
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"),
            ("X-Amz-Date", "20130524T000000Z"),
            ("X-Amz-Expires", "86400"),
            ("X-Amz-SignedHeaders", "host"),
            ("X-Amz-Signature", "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"),
        ] {
            assert_eq!(value(&url, name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(url.query_pairs().count(), 6);
    }

    #[test]
    fn a_life_ends_after_seven_days_or_with_the_keys() {
        let life = |keys: &Identity, asked| value(&made(keys, asked), "X-Amz-Expires").expect("a life");
        assert_eq!(life(&keys(None, None), 30 * DAY), "604800");
        assert_eq!(life(&keys(None, None), Duration::ZERO), "1");
        let hour = Some(that_day() + Duration::from_secs(3600));
        assert_eq!(life(&keys(Some("a+token/="), hour), DAY), "3600");
        assert_eq!(value(&made(&keys(Some("a+token/="), hour), DAY), "X-Amz-Security-Token").as_deref(), Some("a+token/="));
    }

    #[tokio::test]
    async fn a_key_that_no_address_carries_is_refused_and_no_secret_is_shown() {
        let fields = [("bucket", "pics"), ("region", "eu-west-1"), ("access_key_id", "AKIATEST")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let connection = Connection { name: "c".into(), kind: "s3".into(), fields };
        let secrets = Secrets([("secret_access_key".to_owned(), SecretString::from("canary-secret"))].into());
        let store = S3::new(&connection, &secrets).expect("opened");
        let presigns = store.presigns().expect("it can");
        let problem = presigns.presign(&Key("../a".into()), DAY).await.expect_err("no such address");
        assert_eq!(problem.code, Code::NameRefused);
        let url = presigns.presign(&Key("a b/\u{fc}+.jpg".into()), DAY).await.expect("signed");
        assert!(url.starts_with("https://pics.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC%2B.jpg?X-Amz-"), "{url}");
        let signature = value(&Url::parse(&url).expect("an address"), "X-Amz-Signature").expect("signed");
        let shown = format!("{store:?} {presigns:?} {problem:?}");
        assert!(!shown.contains("canary") && !shown.contains(&signature));
    }
}
