//! The storage behind a platform: objects, and the presigned slots through which they come.

use super::sums::Sum;
use bytes::Bytes;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An object as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) size: u64,
    pub(super) sum: Sum,
    pub(super) content_type: Option<String>,
    pub(super) content: Option<Bytes>,
    /// How often it was written.
    pub(super) times: u64,
}

/// What a presigned target insists on.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Every one of these fields in the form, with these values.
    Form(Vec<(String, String)>),
    /// This query.
    Put(Vec<(String, String)>),
}

/// Objects and slots; keys are `bucket/key`.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    objects: BTreeMap<String, Object>,
    slots: HashMap<String, Slot>,
    reads: HashSet<String>,
    /// Objects are private: reading needs a signed address.
    private: bool,
}

impl Shelf {
    pub(super) fn new(private: bool) -> Self {
        Self { private, ..Self::default() }
    }

    pub(super) fn open(&mut self, key: String, slot: Slot) {
        self.slots.insert(key, slot);
    }

    pub(super) fn slot(&self, key: &str) -> Option<Slot> {
        self.slots.get(key).cloned()
    }

    /// Lets a signature read.
    pub(super) fn allow_read(&mut self, signature: String) {
        self.reads.insert(signature);
    }

    pub(super) fn may_read(&self, signature: Option<&str>) -> bool {
        !self.private || signature.is_some_and(|one| self.reads.contains(one))
    }

    pub(super) fn put(&mut self, key: String, mut object: Object) {
        object.times = self.objects.get(&key).map_or(0, |old| old.times) + 1;
        self.objects.insert(key, object);
    }

    pub(super) fn get(&self, key: &str) -> Option<&Object> {
        self.objects.get(key)
    }

    pub(super) fn state(&self) -> Value {
        let one = |(key, object): (&String, &Object)| {
            json!({"key": key, "size": object.size, "md5": object.sum.hex(), "content_type": object.content_type,
                   "times": object.times})
        };
        self.objects.iter().map(one).collect()
    }
}
