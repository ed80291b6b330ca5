//! What the void server remembers: everything about an object but its bytes.

use super::{Counts, Options};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};

/// What is kept of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Bytes in it.
    pub size: u64,
    /// Its ETag, without quotes.
    pub etag: String,
    /// `x-amz-checksum-*` headers as they came.
    pub checksums: Vec<(String, String)>,
    /// `Content-Type` as it came.
    pub content_type: String,
    /// `x-amz-meta-*` headers as they came.
    pub meta: Vec<(String, String)>,
}

/// An object in parts, not sealed.
#[derive(Debug, Default)]
pub(super) struct Upload {
    pub path: String,
    pub head: Kept,
    pub parts: BTreeMap<u32, Kept>,
}

/// One line of a listing.
pub(super) enum Line {
    Object(String, Kept),
    Folder(String),
}

#[derive(Debug)]
pub(super) struct Shelf {
    pub options: Options,
    counts: Counts,
    tags: AtomicU64,
    objects: Mutex<BTreeMap<String, Kept>>,
    uploads: Mutex<BTreeMap<String, Upload>>,
}

/// Why something was not done, in the words of S3.
pub(super) enum No {
    Exists,
    UploadGone,
    InvalidPart,
    BadDigest,
}

/// The conditions that a write may carry.
#[derive(Default)]
pub(super) struct Conditions {
    pub if_none_match: bool,
    pub if_match: Option<String>,
}

impl Shelf {
    pub fn new(options: Options) -> Self {
        Self { options, counts: Counts::default(), tags: AtomicU64::new(1), objects: Mutex::default(), uploads: Mutex::default() }
    }

    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// A tag that no other object has. The hyphen keeps clients from taking it for an MD5.
    pub fn tag(&self) -> String {
        format!("{:x}-1", self.tags.fetch_add(1, Relaxed))
    }

    pub fn kept(&self, path: &str) -> Option<Kept> {
        lock(&self.objects).get(path).cloned()
    }

    pub fn objects(&self) -> usize {
        lock(&self.objects).len()
    }

    pub fn open_uploads(&self) -> usize {
        lock(&self.uploads).len()
    }

    pub fn uploads_of(&self, bucket: &str, prefix: &str) -> Vec<(String, String)> {
        let start = format!("{bucket}/{prefix}");
        let uploads = lock(&self.uploads);
        let fits = uploads.iter().filter(|(_, upload)| upload.path.starts_with(&start));
        fits.map(|(id, upload)| (id.clone(), upload.path[bucket.len() + 1..].to_owned())).collect()
    }

    pub fn put(&self, path: String, kept: Kept, conditions: &Conditions) -> Result<(), No> {
        let mut objects = lock(&self.objects);
        check(&objects, &path, conditions)?;
        objects.insert(path, kept);
        Ok(())
    }

    pub fn delete(&self, path: &str) {
        lock(&self.objects).remove(path);
    }

    pub fn begin(&self, path: String, head: Kept) -> String {
        let id = format!("void-{}", self.tag());
        lock(&self.uploads).insert(id.clone(), Upload { path, head, parts: BTreeMap::new() });
        id
    }

    pub fn add_part(&self, id: &str, number: u32, part: Kept) -> Result<(), No> {
        let mut uploads = lock(&self.uploads);
        let upload = uploads.get_mut(id).ok_or(No::UploadGone)?;
        upload.parts.insert(number, part);
        Ok(())
    }

    pub fn parts(&self, id: &str) -> Result<Vec<(u32, Kept)>, No> {
        let uploads = lock(&self.uploads);
        let upload = uploads.get(id).ok_or(No::UploadGone)?;
        Ok(upload.parts.iter().map(|(number, part)| (*number, part.clone())).collect())
    }

    pub fn abort(&self, id: &str) -> Result<(), No> {
        lock(&self.uploads).remove(id).map(|_| ()).ok_or(No::UploadGone)
    }

    /// Makes the object out of its parts. `claimed` are the checksums that the request gives for the full object.
    pub fn seal(
        &self,
        id: &str,
        listed: &[(u32, String)],
        claimed: Vec<(String, String)>,
        conditions: &Conditions,
    ) -> Result<Kept, No> {
        let mut uploads = lock(&self.uploads);
        let upload = uploads.get(id).ok_or(No::UploadGone)?;
        let mut kept = Kept { etag: format!("{}-{}", self.tag(), listed.len()), ..upload.head.clone() };
        let mut sum = Some(0);
        for (number, etag) in listed {
            let part = upload.parts.get(number).filter(|part| part.etag == *etag).ok_or(No::InvalidPart)?;
            kept.size += part.size;
            sum = sum.zip(crc64_of(&part.checksums)).map(|(sum, next)| joined(sum, next, part.size));
        }
        kept.checksums = agree(claimed, sum)?;
        let mut objects = lock(&self.objects);
        check(&objects, &upload.path, conditions)?;
        objects.insert(upload.path.clone(), kept.clone());
        uploads.remove(id);
        Ok(kept)
    }

    /// Lines of a bucket in byte order after `after`, folded at `fold`; at most `most`, and whether there are more.
    pub fn list(&self, bucket: &str, prefix: &str, after: &str, fold: Option<&str>, most: usize) -> (Vec<Line>, bool) {
        let objects = lock(&self.objects);
        let start = format!("{bucket}/{}", prefix.max(after));
        let whole = format!("{bucket}/{prefix}");
        let mut lines: Vec<Line> = Vec::new();
        let mut folded = fold.filter(|fold| after.ends_with(fold)).map(|_| after.to_owned());
        for (path, kept) in objects.range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded)) {
            if !path.starts_with(&whole) {
                break;
            }
            let key = &path[bucket.len() + 1..];
            if key == after && !after.is_empty() || folded.as_ref().is_some_and(|folder| key.starts_with(folder.as_str())) {
                continue;
            }
            if lines.len() == most {
                return (lines, true);
            }
            let folder = fold.and_then(|fold| key[prefix.len()..].find(fold).map(|at| &key[..prefix.len() + at + fold.len()]));
            match folder {
                Some(folder) => {
                    folded = Some(folder.to_owned());
                    lines.push(Line::Folder(folder.to_owned()));
                }
                None => lines.push(Line::Object(key.to_owned(), kept.clone())),
            }
        }
        (lines, false)
    }
}

const CRC64: &str = "x-amz-checksum-crc64nvme";

fn crc64_of(checksums: &[(String, String)]) -> Option<u64> {
    use base64::Engine as _;
    let (_, text) = checksums.iter().find(|(name, _)| name == CRC64)?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

fn joined(sum: u64, next: u64, size: u64) -> u64 {
    crc_fast::checksum_combine(crc_fast::CrcAlgorithm::Crc64Nvme, sum, next, size)
}

/// What the object's checksums are: the client's words, held against those of its parts where they can be joined.
fn agree(claimed: Vec<(String, String)>, joined: Option<u64>) -> Result<Vec<(String, String)>, No> {
    use base64::Engine as _;
    match (crc64_of(&claimed), joined) {
        (Some(said), Some(sum)) if said != sum => Err(No::BadDigest),
        (None, Some(sum)) if claimed.is_empty() => {
            Ok(vec![(CRC64.to_owned(), base64::engine::general_purpose::STANDARD.encode(sum.to_be_bytes()))])
        }
        _ => Ok(claimed),
    }
}

fn check(objects: &BTreeMap<String, Kept>, path: &str, conditions: &Conditions) -> Result<(), No> {
    let there = objects.get(path);
    let wrong = conditions.if_match.as_ref().is_some_and(|seen| there.is_none_or(|kept| kept.etag != *seen));
    if wrong || (conditions.if_none_match && there.is_some()) { Err(No::Exists) } else { Ok(()) }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().expect("nothing panics while it holds the shelf")
}
