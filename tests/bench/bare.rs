//! The bare loop: reads files and sends the same requests as gantryctl, signed and with checksums, and nothing else.
//! No journal, no check, no receipt, no retry: what is left is the price of HTTP, signing, checksum and reading.

use crate::{Failure, stage};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use base64::Engine as _;
use bytes::Bytes;
use gantry_model::Algorithm;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::SystemTime;
use testkit::digests::digest;
use testkit::servers::{ACCESS_KEY, SECRET_KEY};

const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Larger files go in parts of this size.
const PART: u64 = 8 << 20;

struct Bare {
    client: reqwest::Client,
    keys: Identity,
    place: String,
}

type Shared<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Does the job that the arguments name.
///
/// # Errors
/// When a file cannot be read or a request is not answered with success.
pub fn run(args: &[String]) -> Result<(), Failure> {
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    let endpoint = option("--endpoint").ok_or("--endpoint is needed")?;
    let prefix = option("--prefix").ok_or("--prefix is needed")?;
    let at_once: usize = option("--at-once").ok_or("--at-once is needed")?.parse()?;
    let source = PathBuf::from(args.last().ok_or("a path is needed")?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let bare = Arc::new(Bare {
        client: reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?,
        keys: Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "bench").into(),
        place: format!("{endpoint}/{}/{prefix}", stage::PLACE),
    });
    let done: Shared<()> = runtime.block_on(async {
        match std::fs::metadata(&source)? {
            about if about.is_file() => bare.large(&source, about.len()).await,
            _ => bare.many(&source, at_once).await,
        }
    });
    done.map_err(|why| why.to_string().into())
}

impl Bare {
    async fn many(self: Arc<Self>, folder: &Path, at_once: usize) -> Shared<()> {
        let entries = walkdir::WalkDir::new(folder).into_iter().collect::<Result<Vec<_>, _>>()?;
        let files = entries.into_iter().filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
        let files: Arc<Vec<PathBuf>> = Arc::new(files.collect());
        let next = Arc::new(AtomicUsize::new(0));
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..at_once {
            let (bare, files, next, folder) = (Arc::clone(&self), Arc::clone(&files), Arc::clone(&next), folder.to_owned());
            workers.spawn(async move {
                while let Some(path) = files.get(next.fetch_add(1, Relaxed)) {
                    let key = path.strip_prefix(&folder)?.to_string_lossy().into_owned();
                    bare.put(&format!("/{key}"), "", std::fs::read(path)?.into(), true).await?;
                }
                Shared::Ok(())
            });
        }
        workers.join_all().await.into_iter().collect()
    }

    async fn large(self: Arc<Self>, path: &Path, size: u64) -> Shared<()> {
        let url = self.url("/large.bin", "?uploads=");
        let begun = self.request("POST", &url, vec![], Bytes::new()).await?.text().await?;
        let id = begun.split("<UploadId>").nth(1).and_then(|rest| rest.split('<').next()).ok_or("no upload id")?.to_owned();
        let file = Arc::new(std::fs::File::open(path)?);
        let next = Arc::new(AtomicUsize::new(0));
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (bare, file, next, id) = (Arc::clone(&self), Arc::clone(&file), Arc::clone(&next), id.clone());
            workers.spawn(async move {
                let mut parts = Vec::new();
                loop {
                    let index = next.fetch_add(1, Relaxed);
                    let from = index as u64 * PART;
                    if from >= size {
                        return Shared::Ok(parts);
                    }
                    let mut bytes = vec![0; usize::try_from(PART.min(size - from))?];
                    file.read_exact_at(&mut bytes, from)?;
                    let query = format!("?partNumber={}&uploadId={id}", index + 1);
                    parts.push((index + 1, bare.put("/large.bin", &query, bytes.into(), false).await?));
                }
            });
        }
        let parts: Shared<Vec<_>> = workers.join_all().await.into_iter().collect();
        let mut parts: Vec<(usize, String)> = parts?.into_iter().flatten().collect();
        parts.sort();
        let mut body = String::from("<CompleteMultipartUpload>");
        for (number, etag) in parts {
            let _ = write!(body, "<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
        }
        body.push_str("</CompleteMultipartUpload>");
        let url = self.url("/large.bin", &format!("?uploadId={id}"));
        self.request("POST", &url, vec![], body.into()).await?;
        Ok(())
    }

    fn url(&self, key: &str, query: &str) -> String {
        format!("{}{}{query}", self.place, utf8_percent_encode(key, PATH))
    }

    async fn put(&self, key: &str, query: &str, bytes: Bytes, whole: bool) -> Shared<String> {
        let sum = base64::engine::general_purpose::STANDARD.encode(digest(Algorithm::Crc64nvme, &bytes).to_bytes());
        let mut headers = vec![("x-amz-checksum-crc64nvme", sum)];
        if whole {
            headers.push(("content-type", "application/octet-stream".into()));
            headers.push(("if-none-match", "*".into()));
        }
        let answer = self.request("PUT", &self.url(key, query), headers, bytes).await?;
        let etag = answer.headers().get("etag").and_then(|etag| etag.to_str().ok()).ok_or("no ETag")?;
        Ok(etag.to_owned())
    }

    async fn request(
        &self,
        method: &'static str,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> Shared<reqwest::Response> {
        let mut request = self.client.request(method.parse()?, url);
        for (name, value) in self.signature(method, url, &headers)?.into_iter().chain(headers) {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(format!("{} {}", answer.status(), answer.text().await.unwrap_or_default()).into())
    }

    fn signature(&self, method: &str, url: &str, headers: &[(&'static str, String)]) -> Shared<Vec<(&'static str, String)>> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let params = v4::SigningParams::builder().identity(&self.keys).region("us-east-1").name("s3");
        let params = params.time(SystemTime::now()).settings(settings).build()?.into();
        let named = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let signable = SignableRequest::new(method, url, named, SignableBody::UnsignedPayload)?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        let (added, _) = instructions.into_parts();
        Ok(added.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
    }
}
