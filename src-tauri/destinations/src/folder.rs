//! A folder on this computer or on a drive, kept under the contract of stores.
//! A file appears under its name by one rename that refuses to replace, after its bytes are on the disk and were read back.
//! No link below the folder is followed. This is the one room of the package that touches the disk.

mod access;
#[cfg(unix)]
mod disk;
#[cfg(not(unix))]
#[path = "folder/disk_plain.rs"]
mod disk;
mod listing;
mod names;
pub(crate) mod rules;
mod trouble;
mod writing;

use async_trait::async_trait;
use disk::Dir;
use gantry_model::{
    Abilities, Access, Algorithm, Body, Code, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere, Problem, RemoteRef,
    Rule, Store, Ticket,
};
use listing::Cursor;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use trouble::Trouble;

/// The folder store.
#[derive(Debug)]
pub(crate) struct Folder(Arc<Root>);

/// What the blocking threads share.
#[derive(Debug)]
struct Root {
    path: PathBuf,
    /// The folder was there at least once: if it is missing now, a drive is unplugged, and it is not made anew.
    seen: AtomicBool,
    /// Where the last page of a listing ended.
    cursor: Mutex<Option<Cursor>>,
}

/// May missing folders be made?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Make,
    Leave,
}

impl Folder {
    pub(crate) fn new(path: &str) -> Self {
        Self(Arc::new(Root { path: PathBuf::from(path), seen: AtomicBool::new(false), cursor: Mutex::default() }))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Root) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Problem> {
        let root = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || work(&root)).await {
            Ok(done) => done.map_err(|trouble| trouble.problem(doing)),
            Err(_) => Err(Problem::new(Code::Bug, doing)),
        }
    }
}

impl Root {
    /// The folder itself. It is made where it is missing, once, and only below a folder that is there.
    fn open(&self, missing: Missing) -> Result<Dir, Trouble> {
        match Dir::root(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if missing == Missing::Leave || self.seen.load(Ordering::Relaxed) {
                    return Err(Trouble::Root(error));
                }
                disk::make_root(&self.path).map_err(Trouble::Root)?;
                self.seen.store(true, Ordering::Relaxed);
                Dir::root(&self.path).map_err(Trouble::Root)
            }
            Err(error) => Err(Trouble::Root(error)),
            Ok(dir) => {
                self.seen.store(true, Ordering::Relaxed);
                Ok(dir)
            }
        }
    }

    /// True when the folder is not there yet but could be made: then it is empty, not gone.
    fn not_yet(&self) -> bool {
        !self.seen.load(Ordering::Relaxed) && self.path.parent().is_some_and(disk::is_folder)
    }

    /// The folder that holds the key's file, and the file's name in it. `None`: a folder on the way is not there.
    fn place<'a>(&self, key: &'a Key, missing: Missing) -> Result<Option<(Dir, &'a str)>, Trouble> {
        let (folders, name) = names::split(&key.0)?;
        let mut dir = match self.open(missing) {
            Err(Trouble::Root(error)) if error.kind() == io::ErrorKind::NotFound && self.not_yet() => return Ok(None),
            other => other?,
        };
        for folder in folders {
            dir = match (dir.child(folder), missing) {
                (Err(error), Missing::Make) if error.kind() == io::ErrorKind::NotFound => {
                    dir.make(folder).map_err(Trouble::Way)?
                }
                (Err(error), Missing::Leave) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                (other, _) => other.map_err(Trouble::Way)?,
            };
        }
        Ok(Some((dir, name)))
    }

    fn made<'a>(&self, key: &'a Key) -> Result<(Dir, &'a str), Trouble> {
        self.place(key, Missing::Make)?.ok_or_else(|| Trouble::Root(io::ErrorKind::NotFound.into()))
    }

    fn page(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Trouble> {
        let mut kept = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        let after = after.map_or("", |key| key.0.as_str());
        let cursor = match kept.take() {
            Some(cursor) if !after.is_empty() && cursor.continues(prefix, after) => Some(cursor),
            _ => match self.open(Missing::Leave) {
                Err(Trouble::Root(error)) if error.kind() == io::ErrorKind::NotFound && self.not_yet() => None,
                other => Some(Cursor::start(other?, prefix, after)?),
            },
        };
        let Some(mut cursor) = cursor else { return Ok(Page::default()) };
        let page = cursor.page(1000)?;
        if page.more {
            *kept = Some(cursor);
        }
        Ok(page)
    }

    fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Trouble> {
        match self.place(key, Missing::Leave)? {
            Some((dir, name)) => writing::look(&dir, name, Algorithm::Crc64nvme),
            None => Ok(None),
        }
    }
}

#[async_trait]
impl Store for Folder {
    fn abilities(&self) -> Abilities {
        Abilities {
            wants: Algorithm::Crc64nvme,
            put_limit: 8 << 20,
            part_min: 1,
            part_max: 1 << 30,
            parts_max: 1_000_000,
            find_is_cheap: true,
            start_wide: 16,
            place: self.0.path.display().to_string(),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn url(&self, key: &Key) -> String {
        let path = names::below(&self.0.path, &key.0);
        url::Url::from_file_path(&path).map_or_else(|()| path.display().to_string(), String::from)
    }

    fn streams(&self) -> Option<&dyn gantry_model::TakesStreams> {
        None
    }

    fn presigns(&self) -> Option<&dyn gantry_model::Presigns> {
        None
    }

    async fn try_access(&self, prefix: &str) -> Result<Access, Problem> {
        let prefix = prefix.to_owned();
        self.blocking("access", move |root| access::try_access(root, &prefix)).await
    }

    async fn list(&self, prefix: &str, after: Option<&Key>) -> Result<Page, Problem> {
        let (prefix, after) = (prefix.to_owned(), after.cloned());
        self.blocking("list", move |root| root.page(&prefix, after.as_ref())).await
    }

    async fn find(&self, key: &Key) -> Result<Option<RemoteRef>, Problem> {
        let key = key.clone();
        self.blocking("find", move |root| root.find(&key)).await
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        let item = item.clone();
        self.blocking("put", move |root| writing::put(root, &item, &body)).await
    }

    async fn begin(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        let item = item.clone();
        self.blocking("begin", move |root| writing::begin(root, &item, part_size)).await
    }

    async fn send(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        let ticket = ticket.clone();
        self.blocking("send", move |root| writing::send(root, &ticket, part, &body)).await
    }

    async fn parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        let ticket = ticket.clone();
        self.blocking("parts", move |root| writing::parts(root, &ticket)).await
    }

    async fn seal(&self, item: &Outgoing, ticket: &Ticket, parts: &[PartProof], whole: Digest) -> Result<RemoteRef, Problem> {
        let (item, ticket) = (item.clone(), ticket.clone());
        let bytes = parts.iter().map(|part| part.size).sum();
        self.blocking("seal", move |root| writing::seal(root, &item, &ticket, bytes, whole)).await
    }

    async fn discard(&self, ticket: &Ticket) -> Result<(), Problem> {
        let ticket = ticket.clone();
        self.blocking("discard", move |root| writing::discard(root, &ticket)).await
    }
}

/// Reads a small file that a connection names, such as its certificates; at most `cap` bytes.
pub(crate) fn small_file(path: &Path, cap: u64) -> io::Result<Vec<u8>> {
    use io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(cap + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > cap { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests;
