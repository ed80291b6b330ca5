//! Platforms as the review and the connections see them: whose key it is, what rows can go to, what they would become.

use super::comparing_rows::{again, runtime};
use super::knowing::signed_misfit;
use super::rows::{Rows, folded, group_of, place};
use super::{Engine, House, id};
use crate::journal::{Groupable, StoredUpload};
use gantry_model::view::{Grouping, PlatformView, Register};
use gantry_model::{Code, Container, Habits, Key, MediaKind, NewContainer, Platform, Problem, Secrets, Shape, State, show};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Items that are taken from the journal at a time.
const STRETCH: usize = 5000;

/// The rows of an upload before they are made.
#[derive(Default)]
pub(super) struct Foreseen {
    /// By folded key: the address of the first object, where it is known already, and the place of its file.
    pub addresses: HashMap<String, (Option<String>, u64)>,
    /// The first of their names, as many as are worth a look one by one.
    pub first: Vec<String>,
}

impl House {
    /// The platform of a connection.
    pub(super) fn platform(&self, connection: &str) -> Result<Arc<dyn Platform>, Problem> {
        let connection = self.connection(connection)?;
        let secrets = self.secrets(&connection)?;
        (self.joint.open_platform)(&connection, &secrets)
    }

    /// The connection is one of a platform.
    pub(super) fn is_platform(&self, kind: &str) -> bool {
        (self.joint.kinds)().iter().any(|known| known.id == kind && known.platform)
    }

    /// Can rows be registered so at all? Asked before anything is taken in; nothing is sent.
    pub(super) fn check_register(&self, connection: &str, register: &Register) -> Result<(), Problem> {
        let platform = self.connection(&register.connection)?;
        if !self.is_platform(&platform.kind) || register.target.container.is_empty() {
            return Err(Problem::new(Code::NoSuchContainer, "take").with("container", register.target.container.clone()));
        }
        if let Some(said) = register.metadata.iter().find_map(|(_, value)| signed_misfit(&show::veiled(value))) {
            return Err(Problem::new(Code::MetadataUnfit, "take").with("said", said));
        }
        if register.connection == connection {
            return Ok(());
        }
        (self.joint.web_url)(&self.connection(connection)?, &Key("x".into()), &platform.kind).map(|_| ())
    }

    /// The container takes what this upload has, as far as both say what they are.
    pub(super) fn fits_container(&self, stored: &StoredUpload, container: &Container) -> Result<(), Problem> {
        // What lies at the addresses of a manifest, only the platform sees.
        if container.takes.is_empty() || stored.begun.plan.manifest.is_some() {
            return Ok(());
        }
        let kinds = self.journal.makeup(&stored.id)?.kinds;
        let has = |kind: MediaKind| kinds.iter().any(|(known, count)| *count > 0 && *known == kind);
        // Pictures alone are no scene: they are those of the cameras beside a point cloud.
        let subject = matches!(container.shape, Shape::Scene | Shape::SceneSequence);
        // What nothing is known of may be a raw point cloud: the person says so, and the platform looks.
        let cloud = has(MediaKind::PointCloud) || has(MediaKind::Other);
        let others = || container.takes.iter().any(|kind| has(*kind));
        let fits = kinds.is_empty() || (cloud && container.takes.contains(&MediaKind::PointCloud)) || (!subject && others());
        if fits {
            return Ok(());
        }
        let problem = Problem::new(Code::WrongContainer, "container").with("container", container.name.clone());
        Err(problem.with("kind", container.kind.clone()))
    }

    /// The rows as they would be. One with a file that can't go is none.
    pub(super) fn rows_foreseen(&self, stored: &StoredUpload, rows: &Rows, habits: &Habits) -> Result<Foreseen, Problem> {
        let (mut foreseen, mut stuck) = (Foreseen::default(), HashSet::new());
        self.each_in_review(stored, rows, &mut |name, item| {
            if !goes(item) {
                stuck.insert(folded(&name, habits));
            }
            let key = item.key.as_str();
            let address = if rows.own_storage {
                let left = self.journal.ledger(&stored.begun.endpoint, &stored.begun.bucket, &[key])?;
                left.into_iter().flatten().filter(|left| left.is_of(&item.fingerprint)).find_map(|left| left.url)
            } else {
                (rows.web_url)(&rows.connection, &Key(key.to_owned()), &rows.register.kind).ok()
            };
            if let Entry::Vacant(new) = foreseen.addresses.entry(folded(&name, habits)) {
                new.insert((address, item.ord));
                if foreseen.first.len() < habits.lookup_few {
                    foreseen.first.push(name);
                }
            }
            Ok(())
        })?;
        foreseen.addresses.retain(|key, _| !stuck.contains(key));
        foreseen.first.retain(|name| !stuck.contains(&folded(name, habits)));
        Ok(foreseen)
    }

    /// How many rows there would be, and three of them: name, address.
    pub(super) fn rows_in_review(&self, stored: &StoredUpload) -> Result<(u64, Vec<(String, String)>), Problem> {
        let Some(rows) = self.rows_of(stored, None)? else { return Ok((0, Vec::new())) };
        let register = &rows.register;
        let mut examples = Vec::new();
        for item in self.journal.groupable(&stored.id, None, 3)? {
            let path = show::path(&item.path);
            let group = group_of(&path, register.grouping);
            let key = if group == path { &item.key } else { &group };
            let name = (self.joint.row_key)(&register.kind, place(stored, register), key, &group);
            let own = || (self.joint.place)(&rows.connection);
            let address = (rows.web_url)(&rows.connection, &Key(item.key.clone()), &register.kind);
            let address = if rows.own_storage { own() } else { address.unwrap_or_default() };
            if !examples.iter().any(|(known, _)| *known == name) {
                examples.push((name, address));
            }
        }
        let files = stored.books.account.ready;
        let count = if register.grouping == Grouping::File { files } else { self.count_in_review(stored, &rows)? };
        Ok((count, examples))
    }

    fn count_in_review(&self, stored: &StoredUpload, rows: &Rows) -> Result<u64, Problem> {
        let (mut names, mut stuck) = (HashSet::new(), HashSet::new());
        self.each_in_review(stored, rows, &mut |name, item| {
            if !goes(item) {
                stuck.insert(name.clone());
            }
            names.insert(name);
            Ok(())
        })?;
        Ok(names.difference(&stuck).count() as u64)
    }

    fn each_in_review(
        &self,
        stored: &StoredUpload,
        rows: &Rows,
        see: &mut dyn FnMut(String, &Groupable) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let register = &rows.register;
        let mut after = None;
        loop {
            let stretch = self.journal.groupable(&stored.id, after, STRETCH)?;
            let Some(last) = stretch.last() else { return Ok(()) };
            after = Some(last.ord);
            for item in &stretch {
                let path = show::path(&item.path);
                let group = group_of(&path, register.grouping);
                let key = if group == path { item.key.clone() } else { group.clone() };
                let name = (self.joint.row_key)(&register.kind, place(stored, register), &key, &group);
                see(name, item)?;
            }
        }
    }
}

/// Nothing is known against it, or it was not looked at yet.
fn goes(item: &Groupable) -> bool {
    !matches!(item.state, State::Blocked | State::Clash)
}

/// Whose key it is, and what rows can go to.
fn asked(platform: &dyn Platform) -> Result<PlatformView, Problem> {
    runtime()?.block_on(async {
        let who = again(|| platform.who()).await?;
        let containers = again(|| platform.containers()).await?;
        let integrations = again(|| platform.integrations()).await?;
        Ok(PlatformView { who, containers, integrations })
    })
}

impl Engine {
    /// Whose key a connection has, and what rows can go to.
    ///
    /// # Errors
    /// The key is not accepted, or the platform cannot be reached.
    pub fn platform(&self, connection: &str) -> Result<PlatformView, Problem> {
        asked(self.0.platform(connection)?.as_ref())
    }

    /// One dataset or project.
    ///
    /// # Errors
    /// It is not there, or the platform cannot be reached.
    pub fn container(&self, connection: &str, container: &str) -> Result<Container, Problem> {
        let platform = self.0.platform(connection)?;
        runtime()?.block_on(again(|| platform.container(container)))
    }

    /// Makes a dataset or project.
    ///
    /// # Errors
    /// The platform refuses it with words of its own, or cannot be reached.
    pub fn create_container(&self, connection: &str, new: &NewContainer) -> Result<Container, Problem> {
        let platform = self.0.platform(connection)?;
        runtime()?.block_on(platform.create(new))
    }

    /// Tries a key before anything is kept: whose it is, and what rows can go to.
    ///
    /// # Errors
    /// A field makes no sense, the key is not accepted, or the platform cannot be reached.
    pub fn try_platform(&self, connection: &gantry_model::Connection, secrets: &Secrets) -> Result<PlatformView, Problem> {
        (self.0.joint.validate)(connection)?;
        asked((self.0.joint.open_platform)(connection, secrets)?.as_ref())
    }

    /// The rows of an upload and how many of them have no answer yet.
    ///
    /// # Errors
    /// There is no such upload.
    pub fn open_rows(&self, upload: &str) -> Result<u64, Problem> {
        Ok(self.0.journal.row_counts(&id(upload))?.open)
    }
}
