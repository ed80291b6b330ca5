//! What an answer means: one table from the store's words, the status and the state of the line to a code of the model.
//! Every answer has a row; what nobody foresaw is `refused` with the store's own words, cleaned and cut.

use gantry_model::{Code, show};

/// Codes of S3 and of servers that speak like it. Amazon's are on
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.
const SAID: &[(&str, Code)] = &[
    ("AccessDenied", Code::AccessDenied),
    ("AccountProblem", Code::AccessDenied),
    ("AllAccessDisabled", Code::AccessDenied),
    ("AuthorizationHeaderMalformed", Code::WrongRegion),
    ("BadDigest", Code::ChecksumDiffers),
    ("BandwidthLimitExceeded", Code::SlowDown),
    ("ConditionalRequestConflict", Code::ServerError),
    ("EntityTooLarge", Code::Refused),
    ("EntityTooSmall", Code::Refused),
    ("ExpiredToken", Code::TokenExpired),
    ("ExpiredTokenException", Code::TokenExpired),
    ("IllegalLocationConstraintException", Code::WrongRegion),
    ("IncompleteBody", Code::ConnectionLost),
    ("IncorrectEndpoint", Code::WrongRegion),
    ("InsufficientCapacity", Code::QuotaExceeded),
    ("InsufficientStorage", Code::QuotaExceeded),
    ("InternalError", Code::ServerError),
    ("InternalServerError", Code::ServerError),
    ("InvalidAccessKeyId", Code::BadKey),
    ("InvalidDigest", Code::ChecksumDiffers),
    ("InvalidObjectName", Code::NameRefused),
    ("InvalidPart", Code::TicketGone),
    ("InvalidPartOrder", Code::TicketGone),
    ("InvalidRegionName", Code::WrongRegion),
    ("InvalidToken", Code::TokenExpired),
    ("InvalidURI", Code::NameRefused),
    ("KeyTooLong", Code::NameRefused),
    ("KeyTooLongError", Code::NameRefused),
    ("NoSuchBucket", Code::NoSuchBucket),
    ("NoSuchKey", Code::NotThere),
    ("NoSuchUpload", Code::TicketGone),
    ("NotSignedUp", Code::BadKey),
    ("OperationAborted", Code::ServerError),
    ("PermanentRedirect", Code::WrongRegion),
    ("PreconditionFailed", Code::Clash),
    ("QuotaExceeded", Code::QuotaExceeded),
    ("RequestExpired", Code::ClockOff),
    ("RequestLimitExceeded", Code::SlowDown),
    ("RequestTimeTooSkewed", Code::ClockOff),
    ("RequestTimeout", Code::TimedOut),
    ("ServiceUnavailable", Code::SlowDown),
    ("SignatureDoesNotMatch", Code::BadSecret),
    ("SlowDown", Code::SlowDown),
    ("SlowDownRead", Code::SlowDown),
    ("SlowDownWrite", Code::SlowDown),
    ("StorageQuotaExceeded", Code::QuotaExceeded),
    ("TemporaryRedirect", Code::ServerError),
    ("Throttling", Code::SlowDown),
    ("ThrottlingException", Code::SlowDown),
    ("TokenRefreshRequired", Code::TokenExpired),
    ("TooManyRequests", Code::SlowDown),
    ("XAmzContentChecksumMismatch", Code::ChecksumDiffers),
    ("XAmzContentSHA256Mismatch", Code::ChecksumDiffers),
    ("XMinioAdminBucketQuotaExceeded", Code::QuotaExceeded),
    ("XMinioInvalidObjectName", Code::NameRefused),
    ("XMinioServerNotInitialized", Code::SlowDown),
    ("XMinioStorageFull", Code::QuotaExceeded),
];

/// What the body of an answer was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoke<'a> {
    /// The store's own error document with this code.
    Store(&'a str),
    /// Nothing to read: the answer to HEAD, or an empty body.
    Nothing,
    /// Something that is not the store's language: a page of a portal or a proxy.
    Stranger,
}

/// The code of an answer that was not a success.
pub(crate) fn answer(status: u16, spoke: Spoke<'_>) -> Code {
    if let Spoke::Store(said) = spoke
        && let Some((_, code)) = SAID.iter().find(|(known, _)| *known == said)
    {
        return *code;
    }
    match (status, spoke) {
        (407, _) => Code::ProxyPassword,
        (408, _) => Code::TimedOut,
        (413, _) => Code::Refused,
        (429 | 503, _) => Code::SlowDown,
        (507 | 509, _) => Code::QuotaExceeded,
        (501, Spoke::Store(_) | Spoke::Nothing) => Code::Refused,
        (500..=599, _) => Code::ServerError,
        (_, Spoke::Stranger) | (100..=299, _) => Code::NotAStore,
        (300..=399, _) => Code::WrongRegion,
        (401 | 403, _) => Code::AccessDenied,
        (404, Spoke::Nothing) => Code::NotThere,
        (409, Spoke::Nothing) => Code::ServerError,
        (412, _) => Code::Clash,
        _ => Code::Refused,
    }
}

/// What the line did, from the words and kinds of the error's whole chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// It happened before the request was on its way.
    pub(crate) connecting: bool,
    /// A time-out of ours or of the system.
    pub(crate) timed_out: bool,
    /// All messages of the chain, in lower case.
    pub(crate) words: &'a str,
}

/// The code of a request that got no answer.
pub(crate) fn line(line: Line<'_>) -> Code {
    let says = |word: &str| line.words.contains(word);
    if says("certificate") || says("unknownissuer") || says("notvalidforname") || says("received fatal alert") {
        return Code::TlsUntrusted;
    }
    if says("proxy auth") || says("407 proxy") {
        return Code::ProxyPassword;
    }
    if says("corrupt message") || says("invalidcontenttype") || says("invalid http version") || says("parse error") {
        return Code::NotAStore;
    }
    match (line.connecting, line.timed_out) {
        (true, _) => Code::Offline,
        (false, true) => Code::TimedOut,
        (false, false) => Code::ConnectionLost,
    }
}

/// A store's sentence, fit to be shown: at most 300 characters, no control characters, nothing that was signed.
pub(crate) fn said(raw: &str) -> String {
    let shown = show::text(raw.trim());
    let lower = shown.to_lowercase();
    if ["signature=", "aws4-hmac", "credential=", "x-amz-signature", "security-token"].iter().any(|word| lower.contains(word)) {
        return String::new();
    }
    match shown.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_has_each_code_once() {
        assert!(SAID.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn the_stores_words_win_over_the_status() {
        for (status, code, want) in [
            (403, "InvalidAccessKeyId", Code::BadKey),
            (403, "SignatureDoesNotMatch", Code::BadSecret),
            (400, "ExpiredToken", Code::TokenExpired),
            (403, "RequestTimeTooSkewed", Code::ClockOff),
            (301, "PermanentRedirect", Code::WrongRegion),
            (400, "AuthorizationHeaderMalformed", Code::WrongRegion),
            (404, "NoSuchBucket", Code::NoSuchBucket),
            (403, "AccessDenied", Code::AccessDenied),
            (403, "QuotaExceeded", Code::QuotaExceeded),
            (503, "SlowDown", Code::SlowDown),
            (400, "RequestTimeout", Code::TimedOut),
            (200, "InternalError", Code::ServerError),
            (404, "NoSuchUpload", Code::TicketGone),
            (400, "BadDigest", Code::ChecksumDiffers),
            (400, "EntityTooLarge", Code::Refused),
            (400, "KeyTooLongError", Code::NameRefused),
            (418, "SomethingNew", Code::Refused),
        ] {
            assert_eq!(answer(status, Spoke::Store(code)), want, "{status} {code}");
        }
    }

    #[test]
    fn without_words_the_status_decides_and_a_page_is_not_a_store() {
        for (status, spoke, want) in [
            (407, Spoke::Stranger, Code::ProxyPassword),
            (429, Spoke::Nothing, Code::SlowDown),
            (503, Spoke::Stranger, Code::SlowDown),
            (502, Spoke::Stranger, Code::ServerError),
            (200, Spoke::Stranger, Code::NotAStore),
            (302, Spoke::Stranger, Code::NotAStore),
            (404, Spoke::Stranger, Code::NotAStore),
            (403, Spoke::Nothing, Code::AccessDenied),
            (301, Spoke::Nothing, Code::WrongRegion),
            (412, Spoke::Nothing, Code::Clash),
            (507, Spoke::Nothing, Code::QuotaExceeded),
        ] {
            assert_eq!(answer(status, spoke), want, "{status} {spoke:?}");
        }
    }

    #[test]
    fn every_status_has_a_meaning() {
        for status in 100..=999 {
            for spoke in [Spoke::Store("Unheard"), Spoke::Nothing, Spoke::Stranger] {
                let code = answer(status, spoke);
                assert!(
                    code != Code::Bug && (!(500..=599).contains(&status) || code.reaction() != gantry_model::Reaction::StartOver)
                );
            }
        }
    }

    #[test]
    fn the_line_is_told_apart() {
        let case = |connecting, timed_out, words| line(Line { connecting, timed_out, words });
        assert_eq!(case(true, false, "tcp connect error: connection refused"), Code::Offline);
        assert_eq!(case(true, true, "operation timed out"), Code::Offline);
        assert_eq!(case(true, false, "dns error: no such host"), Code::Offline);
        assert_eq!(case(true, false, "invalid peer certificate: unknownissuer"), Code::TlsUntrusted);
        assert_eq!(case(true, false, "tunnel error: proxy authorization required"), Code::ProxyPassword);
        assert_eq!(case(false, true, "operation timed out"), Code::TimedOut);
        assert_eq!(case(false, false, "connection reset by peer"), Code::ConnectionLost);
    }

    #[test]
    fn a_stores_sentence_is_cleaned_cut_and_never_shows_a_signature() {
        assert_eq!(said(" Not\nallowed\u{202e} "), "Not␊allowed⟨U+202E⟩");
        assert_eq!(said(&"é".repeat(400)).chars().count(), 301);
        assert_eq!(said("got Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=00ff"), "");
    }
}
