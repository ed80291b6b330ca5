//! Items become rows: grouped, named before the first call, and built with addresses in the form that the platform reads.
//! A presigned address lives in memory only, for the one call that it is made for.

use super::House;
use super::knowing::{Knowing, fits};
use super::translating::{RowSource, Translating, is_address};
use crate::journal::{Groupable, NewRow, RowItem, StoredRow, StoredUpload, UploadId};
use gantry_model::view::{Grouping, Register};
use gantry_model::{Code, Connection, Habits, Key, MediaKind, Problem, Role, Row, RowObject, RowThere, Store, show};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Items that are taken from the journal at a time.
const STRETCH: usize = 5000;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is needed to build rows of one upload.
pub(super) struct Rows {
    /// Where and how rows are registered.
    pub register: Register,
    /// The bytes lie in the platform's own storage.
    pub own_storage: bool,
    /// The store's connection.
    pub connection: Connection,
    /// Signs addresses, where the person wants them signed.
    pub signer: Option<Arc<dyn Store>>,
    /// What is known of its files.
    pub knowing: Knowing,
    /// The manifest that the rows stand in, where they were given as one.
    pub source: Option<RowSource>,
    /// Addresses without a signature.
    pub web_url: fn(&Connection, &Key, &str) -> Result<String, Problem>,
}

impl Rows {
    /// The address of an item's object, without any signature.
    pub fn address(&self, item: &RowItem) -> Result<String, Problem> {
        if self.source.is_some() {
            return Ok(item.item.key.0.clone());
        }
        if self.own_storage {
            let known = item.item.remote.as_ref().and_then(|remote| remote.url.clone());
            return known.ok_or_else(|| Problem::new(Code::NoWebAddress, "address").with("key", item.item.key.0.clone()));
        }
        (self.web_url)(&self.connection, &item.item.key, &self.register.kind)
    }

    /// The platform's row stands for this object. A row of a manifest without an address is known by its name alone.
    pub fn is_for(&self, item: &RowItem, there: &RowThere) -> bool {
        let nameless = self.source.is_some() && !is_address(&item.item.key.0);
        nameless || self.address(item).is_ok_and(|address| there.is_for(&address))
    }

    /// The row as the platform gets it.
    pub async fn build(&self, stored: &StoredRow) -> Result<Row, Problem> {
        if let Some(source) = &self.source {
            return source.row(stored, &self.register);
        }
        let mut objects = Vec::with_capacity(stored.items.len());
        for item in &stored.items {
            objects.push(RowObject {
                url: self.signed(item).await?,
                role: item.role,
                name: name(item),
                sensor: item.sensor.clone(),
                format: item.item.entry.media.format,
                width: item.item.entry.media.width,
                height: item.item.entry.media.height,
            });
        }
        let first = stored.items.first().ok_or_else(|| Problem::new(Code::Bug, "row"))?;
        let single = stored.items.len() == 1;
        let mut known = self.knowing.of_row(stored);
        fits(&known, self.knowing.carries())?;
        Ok(Row {
            key: stored.key.clone(),
            external_id: if single { first.item.external_id() } else { stored.key.clone() },
            shape: self.register.shape,
            objects,
            attachments: std::mem::take(&mut known.attachments),
            metadata: known.into_metadata(),
            priority: self.register.priority,
            own: None,
        })
    }

    async fn signed(&self, item: &RowItem) -> Result<String, Problem> {
        if self.register.presigned_days == 0 || self.own_storage {
            return self.address(item);
        }
        let signer = self.signer.as_ref().and_then(|store| store.presigns());
        let signer = signer.ok_or_else(|| Problem::new(Code::NoWebAddress, "presign"))?;
        signer.presign(&item.item.key, DAY * self.register.presigned_days.min(7)).await
    }
}

fn name(item: &RowItem) -> String {
    let shown = item.item.sent_as();
    shown.rsplit_once('/').map_or(shown.clone(), |(_, name)| name.to_owned())
}

/// What a row's name begins with, where it begins with a place: the bucket, or the container in the platform's own storage.
pub(super) fn place<'a>(stored: &'a StoredUpload, register: &'a Register) -> &'a str {
    if stored.begun.plan.own_storage() { &register.target.container } else { &stored.begun.bucket }
}

/// The key as the platform compares it.
pub(super) fn folded(key: &str, habits: &Habits) -> String {
    if habits.folds_case { key.to_lowercase() } else { key.to_owned() }
}

impl House {
    /// What builds the rows of this upload; `None` when only bytes are sent.
    pub(super) fn rows_of(&self, stored: &StoredUpload, signer: Option<Arc<dyn Store>>) -> Result<Option<Rows>, Problem> {
        let plan = &stored.begun.plan;
        let Some(register) = plan.register.clone() else { return Ok(None) };
        let connection = self.connection(&plan.connection)?;
        let (own_storage, web_url) = (plan.own_storage(), self.joint.web_url);
        let knowing = self.knowing(stored, Some(&register))?;
        let source = plan.manifest.as_ref().map(|_| Translating::open(self, stored).map(RowSource::new)).transpose()?;
        Ok(Some(Rows { register, own_storage, connection, signer, knowing, source, web_url }))
    }

    /// Makes the rows of a frozen upload, once. Killed in the middle, they are made anew.
    pub(super) fn make_rows(&self, upload: &UploadId, habits: &Habits) -> Result<(), Problem> {
        if self.journal.row_counts(upload)?.made.is_some() {
            return Ok(());
        }
        self.journal.no_rows(upload)?;
        let stored = self.stored(upload)?;
        let Some(register) = &stored.begun.plan.register else { return Ok(()) };
        let mut groups = Groups::new(register.grouping);
        let mut after = None;
        loop {
            let stretch = self.journal.groupable(upload, after, STRETCH)?;
            let Some(last) = stretch.last() else { break };
            after = Some(last.ord);
            for item in stretch {
                groups.take(item);
            }
            if register.grouping == Grouping::File {
                self.add_rows(upload, &stored, register, habits, &mut groups)?;
            }
        }
        self.add_rows(upload, &stored, register, habits, &mut groups)?;
        self.journal.rows_made(upload)
    }

    fn add_rows(
        &self,
        upload: &UploadId,
        stored: &StoredUpload,
        register: &Register,
        habits: &Habits,
        groups: &mut Groups,
    ) -> Result<(), Problem> {
        let mut new = Vec::new();
        for (group, members) in groups.drain() {
            let place = place(stored, register);
            let row_key = |key: &str, path: &str| (self.joint.row_key)(&register.kind, place, key, path);
            let Some(first) = members.first() else { continue };
            let path = group.unwrap_or_else(|| show::path(&first.path));
            let key = match members.len() {
                _ if stored.begun.plan.manifest.is_some() => String::from_utf8_lossy(&first.path).into_owned(),
                1 => row_key(&first.key, &path),
                _ => row_key(&path, &path),
            };
            let items = members.iter().map(|item| (item.ord, role(item, &members), sensor(item, register.grouping)));
            new.push(NewRow { n: first.ord, folded: folded(&key, habits), key, items: items.collect() });
            if new.len() == STRETCH {
                self.journal.add_rows(upload, std::mem::take(&mut new))?;
            }
        }
        if new.is_empty() { Ok(()) } else { self.journal.add_rows(upload, new).map(|_| ()) }
    }
}

/// Pictures beside point clouds are camera pictures; everything else is what is labelled.
fn role(item: &Groupable, members: &[Groupable]) -> Role {
    let clouds = members.iter().any(|other| other.format.kind() == MediaKind::PointCloud);
    if clouds && item.format.kind() == MediaKind::Image { Role::Camera } else { Role::Subject }
}

/// The folder that directly holds a file names its sensor.
fn sensor(item: &Groupable, grouping: Grouping) -> String {
    if grouping != Grouping::Sensors {
        return String::new();
    }
    let shown = show::path(&item.path);
    shown.rsplit('/').nth(1).unwrap_or_default().to_owned()
}

/// Items on their way to rows.
struct Groups {
    grouping: Grouping,
    single: Vec<Groupable>,
    groups: BTreeMap<String, Vec<(Natural, Groupable)>>,
}

impl Groups {
    fn new(grouping: Grouping) -> Self {
        Self { grouping, single: Vec::new(), groups: BTreeMap::new() }
    }

    fn take(&mut self, item: Groupable) {
        if self.grouping == Grouping::File {
            return self.single.push(item);
        }
        let shown = show::path(&item.path);
        let group = group_of(&shown, self.grouping);
        self.groups.entry(group).or_default().push((natural(&shown), item));
    }

    /// The rows, each with its name where it is not the file's own, its items in natural order.
    fn drain(&mut self) -> Vec<(Option<String>, Vec<Groupable>)> {
        let singles = std::mem::take(&mut self.single).into_iter().map(|item| (None, vec![item]));
        let groups = std::mem::take(&mut self.groups).into_iter().map(|(name, mut members)| {
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            (Some(name), members.into_iter().map(|(_, item)| item).collect())
        });
        singles.chain(groups).collect()
    }
}

/// Which row a file belongs to, by its relative path.
pub(super) fn group_of(path: &str, grouping: Grouping) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let within = |folder: &str, rest: &str| match (folder.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (false, true) => folder.to_owned(),
        (false, false) => format!("{folder}/{rest}"),
    };
    match grouping {
        Grouping::File => path.to_owned(),
        Grouping::Folder if folder.is_empty() => stem.to_owned(),
        Grouping::Folder => folder.to_owned(),
        Grouping::Number => {
            let head = stem.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', '_', '.', ' ']);
            within(folder, head)
        }
        // Folders beside each other are the sensors of one scene; the file's name is the moment.
        Grouping::Sensors => folder.rsplit_once('/').map_or_else(|| folder.to_owned(), |(scene, _)| scene.to_owned()),
    }
}

/// A name in pieces, so that 2 stands before 10.
type Natural = Vec<(String, u64)>;

fn natural(text: &str) -> Natural {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(words);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        pieces.push((word.to_lowercase(), number.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_folder_or_of_one_numbered_name_are_one_row() {
        assert_eq!(group_of("run/cam/0001.jpg", Grouping::Folder), "run/cam");
        assert_eq!(group_of("0001.jpg", Grouping::Folder), "0001");
        assert_eq!(group_of("run/street_0001.jpg", Grouping::Number), "run/street");
        assert_eq!(group_of("run/0001.jpg", Grouping::Number), "run");
        assert_eq!(group_of("scene/lidar/0001.pcd", Grouping::Sensors), group_of("scene/front/0001.jpg", Grouping::Sensors));
    }

    #[test]
    fn frames_stand_in_the_order_of_their_numbers() {
        let mut names = ["a/f10.jpg", "a/f9.jpg", "a/f1.jpg", "a/F2.jpg"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a/f1.jpg", "a/F2.jpg", "a/f9.jpg", "a/f10.jpg"]);
    }
}
