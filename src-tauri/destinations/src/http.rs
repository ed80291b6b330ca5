//! The one place that builds HTTP clients: rustls, no redirects, no retries, proxies from the environment.
//! Errors are told without their addresses, and no answer is read beyond its cap.

use crate::classify::{self, Line};
use crate::form::wrong;
use bytes::{Bytes, BytesMut};
use gantry_model::{Code, Problem};
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The longest wait that a store may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// Bytes that were sent and not acknowledged for so long mean that the line is dead.
const SILENCE: Duration = Duration::from_secs(20);

/// A client with its own pool. A store on this computer (`loopback`) is reached past every proxy; where it speaks
/// plain http there, the system's certificates are not even read.
///
/// # Errors
/// `bad_field` when the certificate file holds no certificate.
pub(crate) fn client(authority: Option<&[u8]>, loopback: bool, plain: bool) -> Result<reqwest::Client, Problem> {
    let mut builder = common();
    if loopback {
        builder = builder.no_proxy();
    }
    if let Some(pem) = authority {
        let bundle = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| wrong("ca_file", "ca-file", ""))?;
        if bundle.is_empty() {
            return Err(wrong("ca_file", "ca-file", ""));
        }
        builder = builder.tls_certs_merge(bundle);
    } else if loopback && plain {
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|_| wrong("ca_file", "ca-file", ""))
}

/// What all clients have in common.
fn common() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("gantry/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(20))
        .tcp_keepalive(Duration::from_secs(15))
        .tcp_keepalive_interval(Duration::from_secs(5))
        .tcp_keepalive_retries(3);
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(SILENCE);
    builder
}

/// A client for addresses that somebody else wrote down. Names are resolved by `resolver`, which says who may be asked;
/// a proxy would resolve them anew, so there is none.
///
/// # Errors
/// The system's certificates cannot be read.
pub(crate) fn stranger(resolver: Arc<dyn reqwest::dns::Resolve>) -> reqwest::Result<reqwest::Client> {
    common().no_proxy().dns_resolver(resolver).build()
}

/// The problem of a request that got no answer.
pub(crate) fn no_answer(error: reqwest::Error, doing: &'static str) -> Problem {
    if error.is_builder() {
        return Problem::new(Code::Bug, doing).with("said", "the request could not be built");
    }
    let error = error.without_url();
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    let lower = words.to_lowercase();
    let code = classify::line(Line { connecting: error.is_connect(), timed_out: error.is_timeout(), words: &lower });
    Problem::new(code, doing).with("said", classify::said(&words))
}

/// Reads an answer's body, at most `cap` bytes of it.
///
/// # Errors
/// `not_a_store` when there is more than `cap`; what the line did otherwise.
pub(crate) async fn body(mut answer: reqwest::Response, cap: usize, doing: &'static str) -> Result<Bytes, Problem> {
    let too_long = || Problem::new(Code::NotAStore, doing).with("said", "the answer is too long");
    if answer.content_length().is_some_and(|length| length > cap as u64) {
        return Err(too_long());
    }
    let Some(first) = answer.chunk().await.map_err(|error| no_answer(error, doing))? else {
        return Ok(Bytes::new());
    };
    let mut whole: Option<BytesMut> = None;
    while let Some(chunk) = answer.chunk().await.map_err(|error| no_answer(error, doing))? {
        let so_far = whole.get_or_insert_with(|| BytesMut::from(&first[..]));
        if so_far.len() + chunk.len() > cap {
            return Err(too_long());
        }
        so_far.extend_from_slice(&chunk);
    }
    if first.len() > cap {
        return Err(too_long());
    }
    Ok(whole.map_or(first, BytesMut::freeze))
}

/// The wait that a store asks for with `Retry-After`, in seconds or as a date; at most an hour.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let until = date(value)?;
    Some(until.duration_since(now).unwrap_or_default().min(LONGEST_WAIT))
}

/// Reads the date of a header.
pub(crate) fn date(value: &str) -> Option<SystemTime> {
    let time = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(time.as_second()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_never_exceeds_an_hour() {
        let now = date("Sat, 21 Nov 2026 10:00:00 GMT").expect("a date");
        assert_eq!(retry_after("7", now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Sat, 21 Nov 2026 10:00:30 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sat, 21 Nov 2026 09:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("99999999", now), Some(LONGEST_WAIT));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_file_without_a_certificate_is_a_wrong_field() {
        let problem = client(Some(b"not a certificate"), false, false).expect_err("refused");
        assert_eq!((problem.code, problem.fact("field")), (Code::BadField, Some("ca_file")));
    }

    #[tokio::test]
    async fn an_error_does_not_show_its_address() {
        let client = client(None, true, true).expect("a client");
        let error = client.get("http://127.0.0.1:1/?X-Amz-Signature=secret").send().await.expect_err("nobody listens");
        let problem = no_answer(error, "list");
        assert_eq!(problem.code, Code::Offline);
        assert!(!problem.to_string().contains("secret"));
    }
}
