//! The other leg: presigned addresses of a storage, which get bytes and never a key. Its answers are S3's.
//! The address is a secret as long as it is signed: it is in no problem and no log.

use super::answer::cleaned;
use super::base::is_loopback;
use super::load::Load;
use super::{Answer, Base, Form, PATIENCE, SLOWEST, exchange};
use crate::classify::{self, Spoke};
use crate::http;
use crate::s3::xml::{self, Met};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gantry_model::platform::bare;
use gantry_model::{Algorithm, Code, Content, Digest, Problem, Reaction, RemoteRef};
use reqwest::{Client, Method, Request};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// Bytes of a storage's answer, at most.
const ANSWER: usize = 1 << 20;
/// Words by which a refusal means that the slot's time is over.
const OVER: &[&str] = &["expired", "request has expired", "policy expired", "not valid yet"];

/// Sends to presigned addresses, without any key.
#[derive(Debug)]
pub(crate) struct Storage {
    base: Base,
    near: OnceLock<Client>,
    far: OnceLock<Client>,
}

impl Storage {
    /// The storage behind an API: it may be reached without encryption only where the API is.
    pub(crate) fn new(base: Base) -> Self {
        Self { base, near: OnceLock::new(), far: OnceLock::new() }
    }

    /// The bytes of a file, to an address that was signed for PUT.
    ///
    /// # Errors
    /// What the storage's refusal means; `slot_expired` when the address was good for too short a time.
    pub(crate) async fn put(&self, url: &str, content: Content) -> Result<Answer, Problem> {
        self.checked(self.send(Method::PUT, url, Load::Content(content)).await?)
    }

    /// A form whose fields were signed for POST.
    ///
    /// # Errors
    /// As [`Storage::put`].
    pub(crate) async fn post(&self, url: &str, form: Form) -> Result<Answer, Problem> {
        self.checked(self.send(Method::POST, url, Load::Form(form)).await?)
    }

    /// What the storage answers to everybody who asks for an object's headers, whatever that is.
    /// S3 tells its checksum when asked; a signed address refuses a header that was not signed with it.
    pub(crate) async fn head(&self, url: &str) -> Result<Answer, Problem> {
        let ask = if bare(url) == url { Load::Ask("x-amz-checksum-mode", "ENABLED") } else { Load::None };
        self.send(Method::HEAD, url, ask).await
    }

    /// What everybody may know of an object: its size, ETag and checksum. `None` where that is not told.
    pub(crate) async fn look(&self, url: &str) -> Result<Option<RemoteRef>, Problem> {
        let answer = self.head(url).await?;
        let size = answer.header("content-length").and_then(|length| length.parse().ok());
        Ok(answer.is_success().then(|| RemoteRef { size, ..remote(&answer) }))
    }

    async fn send(&self, method: Method, url: &str, load: Load) -> Result<Answer, Problem> {
        let doing = "put";
        let strange = |said: &str| Problem::new(Code::ServerError, doing).with("said", said);
        let url = Url::parse(url).map_err(|_| strange("the platform gave an address that is none"))?;
        if !self.base.allows(&url) {
            return Err(strange("the platform gave an address that is not encrypted"));
        }
        let call = format!("{method} {}", bare(url.as_str()));
        let sent = load.into_body()?;
        let client = self.client(&url)?.clone();
        let mut request = Request::new(method, url);
        *request.timeout_mut() = Some(PATIENCE + Duration::from_secs(sent.length / SLOWEST));
        sent.dress(&mut request);
        let source = sent.source.clone();
        *request.body_mut() = sent.body;
        let (status, headers, body) = exchange(&client, request, ANSWER, doing).await.map_err(|why| source.blame(why, doing))?;
        Ok(Answer { doing, call, status, headers, body, container: None, key: None })
    }

    /// A storage on this computer is reached past every proxy, and without the system's certificates where it needs none.
    fn client(&self, url: &Url) -> Result<&Client, Problem> {
        let near = is_loopback(url) && url.scheme() == "http";
        let place = if near { &self.near } else { &self.far };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let made = http::client(None, near, near)?;
        Ok(place.get_or_init(|| made))
    }

    fn checked(&self, answer: Answer) -> Result<Answer, Problem> {
        let is_well = answer.is_success() && !answer.is_page() && fault(&answer).0.is_empty();
        if is_well { Ok(answer) } else { Err(refusal(&answer)) }
    }
}

/// What the storage said of the object that it just took.
pub(crate) fn remote(answer: &Answer) -> RemoteRef {
    let etag = answer.header("etag").map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_owned());
    RemoteRef { digest: digest(answer, etag.as_deref()), etag, ..RemoteRef::default() }
}

/// The digest of the full object, as S3 or Google's storage tells it; what costs least to compare comes first.
/// S3 makes a CRC64NVME where none was sent: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html>.
fn digest(answer: &Answer, etag: Option<&str>) -> Option<Digest> {
    let read = |algorithm, text: &str| Digest::from_bytes(algorithm, &STANDARD.decode(text).ok()?);
    let s3 = |name: &str, algorithm| read(algorithm, answer.header(name)?);
    let hashes = || answer.headers.get_all("x-goog-hash").iter().filter_map(|value| value.to_str().ok());
    // <https://cloud.google.com/storage/docs/xml-api/reference-headers#xgooghash>
    let google = |name: &str, algorithm| {
        let told = hashes().flat_map(|value| value.split(',')).find_map(|one| one.trim().strip_prefix(name))?;
        read(algorithm, told)
    };
    let whole = answer.header("x-amz-checksum-type") != Some("COMPOSITE");
    let told = whole.then(|| {
        let crc64 = s3("x-amz-checksum-crc64nvme", Algorithm::Crc64nvme);
        crc64.or_else(|| s3("x-amz-checksum-crc32c", Algorithm::Crc32c))
    });
    told.flatten()
        .or_else(|| google("crc32c=", Algorithm::Crc32c))
        .or_else(|| google("md5=", Algorithm::Md5))
        .or_else(|| md5_in(answer, etag?))
}

/// The MD5 that an ETag is. Under a key of one's own (KMS, SSE-C) it is none:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>.
fn md5_in(answer: &Answer, etag: &str) -> Option<Digest> {
    let own_key = answer.header("x-amz-server-side-encryption").is_some_and(|how| how.starts_with("aws:"))
        || answer.header("x-amz-server-side-encryption-customer-algorithm").is_some();
    let hex = Some(etag).filter(|etag| !own_key && etag.len() == 32)?;
    Digest::from_hex(Algorithm::Md5, &hex.to_ascii_lowercase())
}

fn refusal(answer: &Answer) -> Problem {
    let (code, message) = fault(answer);
    let spoke = match code.as_str() {
        "" if answer.is_page() || !answer.body.is_empty() => Spoke::Stranger,
        "" => Spoke::Nothing,
        code => Spoke::Store(code),
    };
    let words = format!("{code} {message}").to_lowercase();
    let over = matches!(answer.status, 400 | 401 | 403) && OVER.iter().any(|word| words.contains(word));
    let meant = match classify::answer(answer.status, spoke) {
        _ if over => Code::SlotExpired,
        Code::TokenExpired | Code::ClockOff => Code::SlotExpired,
        // The signature, the bucket and its region are the platform's, not the person's.
        Code::BadKey | Code::BadSecret | Code::NoSuchBucket | Code::WrongRegion | Code::NotThere | Code::TicketGone => {
            if answer.status < 400 { Code::NotAStore } else { Code::Refused }
        }
        code => code,
    };
    let mut problem = Problem::new(meant, answer.doing).with("status", answer.status.to_string());
    if meant == Code::SlowDown {
        problem = problem.after(answer.wait(std::time::SystemTime::now()));
    }
    if meant.reaction() == Reaction::StartOver {
        // Nothing of this store can be taken up again: it is begun anew in any case.
        problem.reaction = Reaction::Retry;
    }
    let said = cleaned(if message.is_empty() { &code } else { &message }, "");
    if said.is_empty() { problem } else { problem.with("said", said) }
}

/// Code and message of S3's error document.
fn fault(answer: &Answer) -> (String, String) {
    let (mut code, mut message, mut limit) = (String::new(), String::new(), String::new());
    let read = xml::read(&answer.body, |met| {
        if let Met::Leaf(path, text) = met {
            match path {
                "Code" => text.clone_into(&mut code),
                "Message" => text.clone_into(&mut message),
                "MaxSizeAllowed" => limit = format!(" (at most {text} bytes)"),
                _ => {}
            }
        }
    });
    if read.as_deref() == Ok("Error") { (code, message + &limit) } else { Default::default() }
}
