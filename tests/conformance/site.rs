//! Where a behaviour does its work: a store under test, a prefix of its own, and a look behind the store's back.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gantry_model::{Body, Existing, Key, Outgoing, PartNo, PartProof, PartsThere, Problem, RemoteRef, Store, Ticket};
use std::sync::Arc;
use testkit::digests;

/// Time of the source in the tests: it has nanoseconds, and is not now.
pub const MTIME_NS: i64 = 1_700_000_123_456_789_000;
/// Content type in the tests: not what anybody would guess.
pub const CONTENT_TYPE: &str = "image/x-gantry-test";

/// What is really there, seen without the store under test.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The bytes, where they can be had.
    pub bytes: Option<Bytes>,
    /// The time of the source, in nanoseconds since 1970, where it is kept.
    pub mtime_ns: Option<i64>,
    /// The content type, where it is kept.
    pub content_type: Option<String>,
}

type Make = Arc<dyn Fn() -> Arc<dyn Store> + Send + Sync>;
type Look = Arc<dyn Fn(Key) -> BoxFuture<'static, Option<Seen>> + Send + Sync>;

/// A store under test.
#[derive(Clone)]
pub struct Site {
    /// Its name in exceptions.
    pub name: &'static str,
    make: Make,
    look: Option<Look>,
    prefix: String,
}

impl Site {
    /// A store by the function that opens another handle to it.
    pub fn new(name: &'static str, make: impl Fn() -> Arc<dyn Store> + Send + Sync + 'static) -> Self {
        Self { name, make: Arc::new(make), look: None, prefix: String::new() }
    }

    /// Adds a look behind its back.
    #[must_use]
    pub fn seen_by(mut self, look: impl Fn(Key) -> BoxFuture<'static, Option<Seen>> + Send + Sync + 'static) -> Self {
        self.look = Some(Arc::new(look));
        self
    }

    /// The same store below a prefix of its own.
    pub fn at(&self, prefix: &str) -> Self {
        Self { prefix: format!("{prefix}/"), ..self.clone() }
    }

    /// Another handle: what another process would have.
    pub fn store(&self) -> Arc<dyn Store> {
        (self.make)()
    }

    /// The prefix of this behaviour, with its slash.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A key below the prefix.
    pub fn key(&self, name: &str) -> Key {
        Key(format!("{}{name}", self.prefix))
    }

    /// An object on its way that may not replace anything.
    pub fn item(&self, name: &str, size: usize) -> Outgoing {
        Outgoing {
            key: self.key(name),
            size: size as u64,
            content_type: CONTENT_TYPE.into(),
            mtime_ns: MTIME_NS,
            existing: Existing::Refuse,
        }
    }

    /// The bytes with the digest that the store wants.
    pub fn body(&self, bytes: &[u8]) -> Body {
        digests::body(self.store().abilities().wants, Bytes::copy_from_slice(bytes))
    }

    /// Puts an object there that was not there.
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<RemoteRef, Problem> {
        self.store().put(&self.item(name, bytes.len()), self.body(bytes)).await
    }

    /// Puts an object there under a rule for what is there already.
    pub async fn put_over(&self, name: &str, bytes: &[u8], existing: Existing) -> Result<RemoteRef, Problem> {
        let item = Outgoing { existing, ..self.item(name, bytes.len()) };
        self.store().put(&item, self.body(bytes)).await
    }

    /// Looks behind the store's back, where that is possible.
    pub async fn look(&self, name: &str) -> Option<Seen> {
        self.look_at(self.key(name)).await
    }

    /// The same by key.
    pub async fn look_at(&self, key: Key) -> Option<Seen> {
        match &self.look {
            Some(look) => look(key).await,
            None => None,
        }
    }

    /// Asserts that exactly these bytes are there: in the store's own words, and behind its back.
    pub async fn holds(&self, name: &str, bytes: &[u8]) {
        let said = self.store().find(&self.key(name)).await.expect("find answers");
        let said = said.unwrap_or_else(|| panic!("{name:?} is not there"));
        self.fits(name, &said, bytes);
        if let Some(seen) = self.look(name).await.and_then(|seen| seen.bytes) {
            assert!(seen == bytes, "{name:?} has other bytes than were sent ({} against {})", seen.len(), bytes.len());
        }
    }

    /// Asserts that the store's words fit these bytes.
    pub fn fits(&self, name: &str, said: &RemoteRef, bytes: &[u8]) {
        if let Some(size) = said.size {
            assert_eq!(size, bytes.len() as u64, "the size of {name:?} is told wrong");
        }
        if let Some(digest) = said.digest {
            assert_eq!(digest, digests::digest(digest.algorithm(), bytes), "the digest of {name:?} is told wrong");
        }
    }

    /// Asserts that nothing is there under the name.
    pub async fn lacks(&self, name: &str) {
        let said = self.store().find(&self.key(name)).await.expect("find answers");
        assert_eq!(said, None, "something is there under {name:?}");
    }

    /// The size that parts have in tests: the smallest that the store takes.
    pub fn part_size(&self) -> usize {
        usize::try_from(self.store().abilities().part_min).expect("a part fits into memory").max(16 << 10)
    }

    /// Begins an object in parts.
    pub async fn begin(&self, name: &str, bytes: &[u8]) -> Ticket {
        let part_size = self.part_size() as u64;
        self.store().begin(&self.item(name, bytes.len()), part_size).await.expect("an object in parts begins")
    }

    /// The bytes of a part, from 1.
    pub fn part<'a>(&self, bytes: &'a [u8], number: u32) -> &'a [u8] {
        let size = self.part_size();
        let from = (number as usize - 1) * size;
        &bytes[from..(from + size).min(bytes.len())]
    }

    /// Sends a part of these bytes.
    pub async fn send(&self, ticket: &Ticket, bytes: &[u8], number: u32) -> PartProof {
        let body = self.body(self.part(bytes, number));
        self.store().send(ticket, PartNo(number), body).await.expect("a part is taken")
    }

    /// Sends all parts of these bytes in order.
    pub async fn send_all(&self, ticket: &Ticket, bytes: &[u8]) -> Vec<PartProof> {
        let mut proofs = Vec::new();
        for number in 1..=bytes.len().div_ceil(self.part_size()).max(1) {
            proofs.push(self.send(ticket, bytes, u32::try_from(number).expect("few parts")).await);
        }
        proofs
    }

    /// Seals an object that may not replace anything.
    pub async fn seal(&self, name: &str, ticket: &Ticket, proofs: &[PartProof], bytes: &[u8]) -> Result<RemoteRef, Problem> {
        let whole = digests::digest(self.store().abilities().wants, bytes);
        self.store().seal(&self.item(name, bytes.len()), ticket, proofs, whole).await
    }

    /// The numbers and sizes of the parts that the store says it has; `None` when it does not say.
    pub async fn told_parts(&self, ticket: &Ticket) -> Option<Vec<(u32, u64)>> {
        match self.store().parts(ticket).await.expect("parts answers") {
            PartsThere::Unsaid => None,
            PartsThere::Gone => panic!("the ticket is gone"),
            PartsThere::Parts(parts) => {
                let mut told: Vec<_> = parts.into_iter().map(|(number, size, ..)| (number.0, size)).collect();
                told.sort_unstable();
                Some(told)
            }
        }
    }

    /// All keys below the prefix, without it, over all pages.
    pub async fn listed(&self, below: &str) -> Vec<String> {
        let store = self.store();
        let prefix = format!("{}{below}", self.prefix);
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let page = store.list(&prefix, after.as_ref()).await.expect("list answers");
            assert!(!(page.more && page.objects.is_empty()), "a page without lines promises more");
            after = page.objects.last().map(|line| line.key.clone()).or(after);
            keys.extend(page.objects.into_iter().map(|line| line.key.0));
            if !page.more {
                let own = |key: String| key.strip_prefix(&self.prefix).map_or_else(|| format!("OUTSIDE {key}"), str::to_owned);
                return keys.into_iter().map(own).collect();
            }
        }
    }
}
