//! The signer, behind one function: which headers make a request a signed one.
//! What is signed is exactly the address and the headers that are sent.

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use gantry_model::{Code, Problem};
use std::time::SystemTime;

/// What is to be signed.
#[derive(Debug)]
pub(super) struct ToSign<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(&'static str, String)],
    /// The body, where it is small; `None` signs the words UNSIGNED-PAYLOAD, and a checksum header covers the bytes.
    pub(super) body: Option<&'a [u8]>,
}

/// The headers that the signature adds.
pub(super) fn headers(
    request: &ToSign<'_>,
    keys: &Identity,
    region: &str,
    time: SystemTime,
) -> Result<Vec<(&'static str, String)>, Problem> {
    let broken = || Problem::new(Code::Bug, "sign").with("said", "the request could not be signed");
    let params = v4::SigningParams::builder()
        .identity(keys)
        .region(region)
        .name("s3")
        .time(time)
        .settings(settings())
        .build()
        .map_err(|_| broken())?
        .into();
    let body = request.body.map_or(SignableBody::UnsignedPayload, SignableBody::Bytes);
    let named = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let signable = SignableRequest::new(request.method, request.url, named, body).map_err(|_| broken())?;
    let (instructions, _) = sign(signable, &params).map_err(|_| broken())?.into_parts();
    let (added, _) = instructions.into_parts();
    Ok(added.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
}

/// S3's own: the path is encoded once and never normalised, and the body's digest is a header.
fn settings() -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings
}
