//! An answer: what the store says, in the words of the model.

use super::S3;
use super::address::is_region;
use super::xml::{self, Met};
use crate::classify::{self, Spoke};
use crate::http;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use gantry_model::{Algorithm, Code, Digest, Problem, Reaction, RemoteRef};
use reqwest::header::HeaderMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that differs by more than this explains a refusal.
const SKEW: i64 = 300;

/// What came back, with what the request was signed for.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) doing: &'static str,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) region: String,
    pub(super) offset: i64,
}

/// The store's own error document.
#[derive(Debug, Default)]
pub(super) struct Fault {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) region: String,
    pub(super) request_id: String,
    /// The header that the store does not know.
    pub(super) header: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// True for a page where S3 sends none: a portal or a proxy answered.
    pub(super) fn is_page(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    }

    /// The store's error document, if the body is one.
    pub(super) fn fault(&self) -> Option<Fault> {
        let mut fault = Fault::default();
        let root = xml::read(&self.body, |met| {
            if let Met::Leaf(path, text) = met {
                match path {
                    "Code" => text.clone_into(&mut fault.code),
                    "Message" => text.clone_into(&mut fault.message),
                    "Region" => text.clone_into(&mut fault.region),
                    "RequestId" => text.clone_into(&mut fault.request_id),
                    "Header" => text.clone_into(&mut fault.header),
                    _ => {}
                }
            }
        });
        (root.as_deref() == Ok("Error") && !fault.code.is_empty()).then_some(fault)
    }

    /// ETag, version and the checksum of the full object, from the headers. The size only where `sized`.
    pub(super) fn remote(&self, sized: bool) -> RemoteRef {
        RemoteRef {
            size: sized.then(|| self.header("content-length")?.parse().ok()).flatten(),
            digest: self.digest(),
            etag: self.header("etag").map(plain_etag),
            version: self.header("x-amz-version-id").filter(|id| *id != "null").map(str::to_owned),
            url: None,
        }
    }

    fn digest(&self) -> Option<Digest> {
        if self.header("x-amz-checksum-type") == Some("COMPOSITE") {
            return None;
        }
        let read = |name: &str, algorithm| digest(algorithm, self.header(name)?);
        read("x-amz-checksum-crc64nvme", Algorithm::Crc64nvme).or_else(|| read("x-amz-checksum-crc32c", Algorithm::Crc32c))
    }

    /// The store's clock minus ours, in seconds.
    pub(super) fn clock(&self) -> Option<i64> {
        let theirs = http::date(self.header("date")?)?;
        let seconds =
            |time: SystemTime| time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok());
        Some(seconds(theirs)? - seconds(SystemTime::now())?)
    }
}

impl S3 {
    /// What an answer proves. A store that does not check sums may repeat them all it likes.
    pub(super) fn proven(&self, mut remote: RemoteRef) -> RemoteRef {
        if self.learned.checksum().is_none() {
            remote.digest = None;
        }
        remote
    }

    /// The problem that an answer is, also where it came with status 200.
    pub(super) fn problem(&self, answer: &Answer) -> Problem {
        let fault = answer.fault();
        let spoke = match &fault {
            Some(fault) => Spoke::Store(&fault.code),
            None if answer.is_page() || !answer.body.iter().all(u8::is_ascii_whitespace) => Spoke::Stranger,
            None => Spoke::Nothing,
        };
        let fault = fault.as_ref();
        let mut code = classify::answer(answer.status, spoke);
        if code == Code::WrongRegion && !matches!(spoke, Spoke::Stranger) && self.region_of(answer, fault).is_none() {
            // The same words also stand for an access key that is not one.
            code = if answer.status == 400 { Code::BadKey } else { code };
        }
        let skew = answer.clock().filter(|skew| (skew - answer.offset).abs() > SKEW);
        if skew.is_some() && answer.status == 403 && matches!(code, Code::AccessDenied | Code::BadSecret) {
            code = Code::ClockOff;
        }
        let problem = with_words(Problem::new(code, answer.doing), answer, fault);
        self.react(problem, answer, fault, skew)
    }

    /// What this run can do about it without asking anybody.
    fn react(&self, problem: Problem, answer: &Answer, fault: Option<&Fault>, skew: Option<i64>) -> Problem {
        let mut problem = match problem.code {
            Code::NoSuchBucket => problem.with("bucket", self.place.bucket()),
            _ => problem,
        };
        match problem.code {
            Code::WrongRegion => {
                let region = self.region_of(answer, fault);
                let again = region.as_deref().is_some_and(|region| self.learned.moved(&answer.region, region, &self.place));
                problem.reaction = if again { Reaction::Retry } else { Reaction::AskUser };
                problem.with("region", region.unwrap_or_else(|| "?".to_owned()))
            }
            Code::ClockOff => {
                let offset = skew.or_else(|| answer.clock());
                let again = offset.is_some_and(|offset| self.learned.skewed(answer.offset, offset));
                problem.reaction = if again { Reaction::Retry } else { Reaction::AskUser };
                problem.with("minutes", offset.map_or_else(|| "?".to_owned(), |offset| (offset.abs() / 60).to_string()))
            }
            Code::TokenExpired => {
                problem.reaction = self.keys.ended();
                problem
            }
            // The bytes were spoilt on the way; the parts that are there are good.
            Code::ChecksumDiffers if matches!(answer.doing, "put" | "send") => {
                problem.reaction = Reaction::Retry;
                problem
            }
            _ => problem,
        }
    }

    fn region_of(&self, answer: &Answer, fault: Option<&Fault>) -> Option<String> {
        let told = answer.header("x-amz-bucket-region").or_else(|| fault.map(|fault| fault.region.as_str()))?;
        is_region(told).then(|| told.to_owned())
    }

    /// The answer is not what was asked for: somebody else stands between.
    pub(super) fn stranger(&self, answer: &Answer) -> Problem {
        Problem::new(Code::NotAStore, answer.doing).with("status", answer.status.to_string())
    }
}

fn with_words(mut problem: Problem, answer: &Answer, fault: Option<&Fault>) -> Problem {
    let wait = answer.header("retry-after").and_then(|value| http::retry_after(value, SystemTime::now()));
    problem = problem.after(wait).with("status", answer.status.to_string());
    if let Some(fault) = fault {
        let said = classify::said(&fault.message);
        let code = classify::said(&fault.code);
        problem = problem.with("said", if said.is_empty() { code.clone() } else { said }).with("store_code", code);
    } else if problem.code == Code::Refused {
        problem = problem.with("said", format!("HTTP {}", answer.status));
    }
    let id = answer.header("x-amz-request-id").or_else(|| fault.map(|fault| fault.request_id.as_str())).unwrap_or_default();
    if id.is_empty() { problem } else { problem.with("request_id", classify::said(id)) }
}

/// An ETag without its quotes.
pub(super) fn plain_etag(raw: &str) -> String {
    raw.trim().trim_start_matches("W/").trim_matches('"').to_owned()
}

/// A checksum as S3 writes it; one of parts (`…-3`) is not one of the full object.
pub(super) fn digest(algorithm: Algorithm, text: &str) -> Option<Digest> {
    Digest::from_bytes(algorithm, &STANDARD.decode(text).ok()?)
}

/// A checksum in the form of S3's headers, with the header's name.
pub(super) fn checksum_header(digest: &Digest) -> (&'static str, String) {
    let name = match digest.algorithm() {
        Algorithm::Crc64nvme => "x-amz-checksum-crc64nvme",
        Algorithm::Crc32c => "x-amz-checksum-crc32c",
        Algorithm::Md5 => "content-md5",
    };
    (name, STANDARD.encode(digest.to_bytes()))
}
