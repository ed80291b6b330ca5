//! A store in memory that keeps the contract in the plainest way. Clones are handles to one and the same store.
//! Deterministic: no clock, no randomness; the same calls give the same answers.

use crate::call::{Call, Counts};
use crate::digests;
use async_trait::async_trait;
use bytes::Bytes;
use gantry_model::{
    Abilities, About, Access, Algorithm, Body, Code, Digest, Existing, Key, Listed, Outgoing, Page, PartNo, PartProof,
    PartsThere, Problem, RemoteRef, Rule, Severity, Store, Ticket,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// What a fake cloud can and cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    /// The digest that it wants and reports.
    pub wants: Algorithm,
    /// Reports the digest of what it holds.
    pub reports_digest: bool,
    /// Refuses bytes that do not fit their digest.
    pub checks_digest: bool,
    /// Can list the parts of a ticket.
    pub lists_parts: bool,
    /// Gives ETags in listings.
    pub lists_etags: bool,
    /// Looking at one key is cheap.
    pub find_is_cheap: bool,
    /// Objects up to this many bytes go in one request.
    pub put_limit: u64,
    /// Smallest part but the last.
    pub part_min: u64,
    /// Lines of one page.
    pub page: usize,
    /// Bytes that it may hold in all; more is [`Code::QuotaExceeded`].
    pub room: u64,
}

impl Default for Character {
    fn default() -> Self {
        Self {
            wants: Algorithm::Crc64nvme,
            reports_digest: true,
            checks_digest: true,
            lists_parts: true,
            lists_etags: true,
            find_is_cheap: false,
            put_limit: 64 << 10,
            part_min: 1 << 10,
            page: 1_000,
            room: u64::MAX,
        }
    }
}

/// One object as the cloud holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its ETag, without quotes.
    pub etag: String,
    /// Its content type.
    pub content_type: String,
    /// Time of the source, nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// Parts on their way.
#[derive(Clone, Debug)]
struct Open {
    key: Key,
    parts: BTreeMap<u32, Bytes>,
}

#[derive(Debug, Default)]
struct Inside {
    objects: BTreeMap<Key, Held>,
    open: BTreeMap<String, Open>,
    tickets: u64,
    writes: BTreeMap<Key, u64>,
    counts: Counts,
}

/// A store in memory.
#[derive(Clone, Debug, Default)]
pub struct Cloud {
    character: Character,
    inside: Arc<Mutex<Inside>>,
}

static RULES: [Rule; 1] = [Rule {
    id: "s3-key-bytes",
    severity: Severity::Blocked,
    about: About::KeyBytes(1_024),
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html",
    checked: "2026-08-21",
}];

impl Cloud {
    /// An empty cloud of the usual kind.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty cloud of another kind.
    pub fn with(character: Character) -> Self {
        Self { character, inside: Arc::default() }
    }

    /// A handle as the engine takes it.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    /// All that it holds, by key.
    pub fn objects(&self) -> BTreeMap<Key, Held> {
        self.lock().objects.clone()
    }

    /// What it holds under one key.
    pub fn object(&self, key: &str) -> Option<Held> {
        self.lock().objects.get(&Key(key.to_owned())).cloned()
    }

    /// Puts an object there as somebody else would, uncounted.
    pub fn place(&self, key: &str, bytes: impl Into<Bytes>) {
        let held = Held { content_type: "application/octet-stream".into(), mtime_ns: 0, ..held(bytes.into()) };
        self.lock().objects.insert(Key(key.to_owned()), held);
    }

    /// Takes an object away as somebody else would, uncounted.
    pub fn remove(&self, key: &str) {
        self.lock().objects.remove(&Key(key.to_owned()));
    }

    /// How many tickets are open: parts that were neither sealed nor discarded.
    pub fn open_tickets(&self) -> usize {
        self.lock().open.len()
    }

    /// Forgets all parts, as a store's own cleaning does.
    pub fn forget_parts(&self) {
        self.lock().open.clear();
    }

    /// How often content was written under this key. More than once without a `Replace` is a duplicate.
    pub fn writes(&self, key: &str) -> u64 {
        self.lock().writes.get(&Key(key.to_owned())).copied().unwrap_or(0)
    }

    /// How often each call was made, over all handles.
    pub fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    /// Starts counting anew.
    pub fn reset_counts(&self) {
        self.lock().counts = Counts::default();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("no test panics while it holds the cloud")
    }

    fn called(&self, call: Call) -> MutexGuard<'_, Inside> {
        let mut inside = self.lock();
        inside.counts.count(call);
        inside
    }

    fn check(&self, bytes: &[u8], said: Digest, doing: &'static str) -> Result<(), Problem> {
        if said.algorithm() != self.character.wants {
            return Err(Problem::new(Code::Bug, doing).with("said", "a digest of another algorithm"));
        }
        if self.character.checks_digest && digests::digest(self.character.wants, bytes) != said {
            return Err(Problem::new(Code::ChecksumDiffers, doing));
        }
        Ok(())
    }

    fn describe(&self, held: &Held) -> RemoteRef {
        RemoteRef {
            size: Some(held.bytes.len() as u64),
            digest: self.character.reports_digest.then(|| digests::digest(self.character.wants, &held.bytes)),
            etag: Some(held.etag.clone()),
            version: None,
            url: None,
        }
    }

    fn keep(&self, inside: &mut Inside, item: &Outgoing, bytes: Bytes, doing: &'static str) -> Result<RemoteRef, Problem> {
        may_write(inside.objects.get(&item.key), &item.existing, doing)?;
        let others: u64 =
            inside.objects.iter().filter(|(key, _)| **key != item.key).map(|(_, held)| held.bytes.len() as u64).sum();
        if self.character.room != u64::MAX && others + bytes.len() as u64 > self.character.room {
            return Err(Problem::new(Code::QuotaExceeded, doing));
        }
        let held = Held { content_type: item.content_type.clone(), mtime_ns: item.mtime_ns, ..held(bytes) };
        let said = self.describe(&held);
        inside.objects.insert(item.key.clone(), held);
        *inside.writes.entry(item.key.clone()).or_default() += 1;
        Ok(said)
    }
}

fn held(bytes: Bytes) -> Held {
    let etag = digests::digest(Algorithm::Md5, &bytes).hex();
    Held { bytes, etag, content_type: String::new(), mtime_ns: 0 }
}

fn may_write(there: Option<&Held>, existing: &Existing, doing: &'static str) -> Result<(), Problem> {
    let fits = match (there, existing) {
        (Some(_), Existing::Refuse) => false,
        (there, Existing::Replace(Some(seen))) => there.is_some_and(|held| held.etag == *seen),
        _ => true,
    };
    if fits { Ok(()) } else { Err(Problem::new(Code::Clash, doing)) }
}

fn assemble(open: &Open, parts: &[PartProof]) -> Result<Bytes, Problem> {
    let refused = || Problem::new(Code::Refused, "seal").with("said", "a part is not the one that was sent");
    if parts.windows(2).any(|pair| pair[0].part >= pair[1].part) {
        return Err(Problem::new(Code::Refused, "seal").with("said", "the parts are not in order"));
    }
    let mut whole = Vec::new();
    for part in parts {
        let bytes = open.parts.get(&part.part.0).ok_or_else(refused)?;
        if part_etag(bytes) != part.etag {
            return Err(refused());
        }
        whole.extend_from_slice(bytes);
    }
    Ok(whole.into())
}

fn part_etag(bytes: &[u8]) -> String {
    digests::digest(Algorithm::Md5, bytes).hex()
}

#[async_trait]
impl Store for Cloud {
    fn abilities(&self) -> Abilities {
        Abilities {
            wants: self.character.wants,
            put_limit: self.character.put_limit,
            part_min: self.character.part_min,
            part_max: 5 << 30,
            parts_max: 10_000,
            find_is_cheap: self.character.find_is_cheap,
            start_wide: 8,
            place: "cloud://fake".into(),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn url(&self, key: &Key) -> String {
        format!("cloud://fake/{key}")
    }

    fn streams(&self) -> Option<&dyn gantry_model::TakesStreams> {
        None
    }

    fn presigns(&self) -> Option<&dyn gantry_model::Presigns> {
        None
    }

    async fn try_access(&self, _prefix: &str) -> Result<Access, Problem> {
        drop(self.called(Call::TryAccess));
        let checks = vec![("write".to_owned(), Some(true)), ("read".to_owned(), Some(true))];
        Ok(Access { checks, learned: vec![("checksum".into(), self.character.reports_digest.to_string())] })
    }

    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        let inside = self.called(Call::List);
        let mut lines =
            inside.objects.iter().filter(|(key, _)| key.0.starts_with(prefix) && after.is_none_or(|after| *key > after)).map(
                |(key, held)| Listed {
                    key: key.clone(),
                    size: held.bytes.len() as u64,
                    etag: self.character.lists_etags.then(|| held.etag.clone()),
                },
            );
        let objects: Vec<Listed> = lines.by_ref().take(self.character.page).collect();
        let more = lines.next().is_some();
        Ok(Page { objects, more })
    }

    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        let inside = self.called(Call::Find);
        Ok(inside.objects.get(key).map(|held| self.describe(held)))
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        let mut inside = self.called(Call::Put);
        if item.size != body.bytes.len() as u64 {
            return Err(Problem::new(Code::Bug, "put").with("said", "the size is not that of the bytes"));
        }
        self.check(&body.bytes, body.digest, "put")?;
        self.keep(&mut inside, item, body.bytes, "put")
    }

    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        let mut inside = self.called(Call::Begin);
        inside.tickets += 1;
        let handle = format!("ticket-{}", inside.tickets);
        inside.open.insert(handle.clone(), Open { key: item.key.clone(), parts: BTreeMap::new() });
        Ok(Ticket { key: item.key.clone(), handle, part_size, algorithm: self.character.wants })
    }

    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        let mut inside = self.called(Call::Send);
        self.check(&body.bytes, body.digest, "send")?;
        let open = inside.open.get_mut(&ticket.handle).ok_or_else(|| Problem::new(Code::TicketGone, "send"))?;
        let proof = PartProof { part, size: body.bytes.len() as u64, etag: part_etag(&body.bytes), digest: body.digest };
        open.parts.insert(part.0, body.bytes);
        Ok(proof)
    }

    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        let inside = self.called(Call::Parts);
        if !self.character.lists_parts {
            return Ok(PartsThere::Unsaid);
        }
        let Some(open) = inside.open.get(&ticket.handle) else { return Ok(PartsThere::Gone) };
        let lines = open.parts.iter().map(|(number, bytes)| {
            let digest = self.character.reports_digest.then(|| digests::digest(self.character.wants, bytes));
            (PartNo(*number), bytes.len() as u64, part_etag(bytes), digest)
        });
        Ok(PartsThere::Parts(lines.collect()))
    }

    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem> {
        let mut inside = self.called(Call::Seal);
        let Some(open) = inside.open.get(&ticket.handle).filter(|open| open.key == item.key) else {
            return Err(Problem::new(Code::TicketGone, "seal"));
        };
        let bytes = assemble(open, parts)?;
        self.check(&bytes, whole, "seal")?;
        let said = self.keep(&mut inside, item, bytes, "seal")?;
        inside.open.remove(&ticket.handle);
        Ok(said)
    }

    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem> {
        self.called(Call::Discard).open.remove(&ticket.handle);
        Ok(())
    }
}
