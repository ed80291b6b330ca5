//! The crash matrix: the program dies after every single call to the store, once before its answer and once after.
//! Whatever is on disk then is all that the next run has. At the end: the same objects, each written once.

use super::rig::Rig;
use async_trait::async_trait;
use gantry_model::{
    Abilities, Access, Body, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere, Problem, RemoteRef, Rule, Store, Ticket,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::cloud::Cloud;
use testkit::trees;

/// Answers so many calls and then never again, as seen from a program that has died.
#[derive(Debug)]
struct Mortal {
    store: Arc<dyn Store>,
    left: AtomicI64,
    /// The last call still has its effect.
    effect: bool,
}

impl Mortal {
    async fn live<T>(&self, call: impl Future<Output = Result<T, Problem>> + Send) -> Result<T, Problem> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return call.await;
        }
        if left == 0 && self.effect {
            let _ = call.await;
        }
        std::future::pending().await
    }

    fn is_dead(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }
}

#[async_trait]
impl Store for Mortal {
    fn abilities(&self) -> Abilities {
        self.store.abilities()
    }
    fn rules(&self) -> &'static [Rule] {
        self.store.rules()
    }
    fn url(&self, key: &Key) -> String {
        self.store.url(key)
    }

    fn streams(&self) -> Option<&dyn gantry_model::TakesStreams> {
        None
    }

    fn presigns(&self) -> Option<&dyn gantry_model::Presigns> {
        None
    }
    async fn try_access(&self, prefix: &str) -> Result<Access, Problem> {
        self.store.try_access(prefix).await
    }
    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        self.live(self.store.list(prefix, after)).await
    }
    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        self.live(self.store.find(key)).await
    }
    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        self.live(self.store.put(item, body)).await
    }
    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        self.live(self.store.begin(item, part_size)).await
    }
    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        self.live(self.store.send(ticket, part, body)).await
    }
    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        self.live(self.store.parts(ticket)).await
    }
    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem> {
        self.live(self.store.seal(item, ticket, parts, whole)).await
    }
    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem> {
        self.live(self.store.discard(ticket)).await
    }
}

/// What is on disk of a data folder just now, as a program that starts after a crash would find it.
fn copy_home(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["journal.db", "journal.db-wal"] {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

fn die_after(calls: i64, effect: bool, tree: &Path) -> bool {
    let (cloud, folder) = (Cloud::new(), tempfile::tempdir().unwrap());
    let mortal = Arc::new(Mortal { store: cloud.store(), left: AtomicI64::new(calls), effect });
    let home = folder.path().join("first");
    let first = Rig::on(&home, Arc::clone(&mortal) as Arc<dyn Store>);
    let upload = first.send(&[tree]);
    let picture = first.until(&upload, |picture| mortal.is_dead() || picture.phase == gantry_model::view::Phase::Finished);
    let died = picture.phase != gantry_model::view::Phase::Finished;
    // Facts that were reported before the cut reach the disk within this time, or never.
    std::thread::sleep(std::time::Duration::from_millis(40));
    let second_home: PathBuf = folder.path().join("second");
    copy_home(&home, &second_home);
    let second = Rig::on(&second_home, cloud.store());
    if died {
        assert_eq!(second.engine.resume_all(true).unwrap(), std::slice::from_ref(&upload));
        let account = second.finish(&upload);
        assert_eq!(account.verified + account.same, 8, "after {calls} calls: {account:?}");
    }
    let objects = cloud.objects();
    assert_eq!(objects.len(), 8, "after {calls} calls");
    for (key, object) in objects {
        let name = key.0.split_once('/').unwrap().1.to_owned();
        assert_eq!(object.bytes, std::fs::read(tree.join(&name)).unwrap(), "{name}, after {calls} calls");
        assert_eq!(cloud.writes(&key.0), 1, "{name} was written twice, after {calls} calls");
    }
    // The engine that died is left as it is: its couriers wait for ever, as those of a dead program would.
    std::mem::forget(first);
    died
}

#[test]
fn wherever_it_dies_every_file_arrives_once() {
    let tree = trees::many(6, 100);
    tree.file("b1.bin", &(0..200_000_u32).map(|n| (n / 7) as u8).collect::<Vec<_>>());
    tree.file("b2.bin", &(0..150_000_u32).map(|n| (n / 5) as u8).collect::<Vec<_>>());
    let mut deaths = 0;
    for effect in [true, false] {
        for calls in 0.. {
            if !die_after(calls, effect, tree.path()) {
                break;
            }
            deaths += 1;
        }
    }
    assert!(deaths > 20, "only {deaths} places to die were tried");
}
