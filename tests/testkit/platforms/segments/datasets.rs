//! Datasets of a user or an organisation.

use super::samples::Sample;
use super::{Answer, ORGANISATION, Segments, USER, about, not_found, page};
use crate::platforms::asked::Asked;
use crate::platforms::clock;
use crate::platforms::house::Site;
use crate::platforms::reply::Reply;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// A dataset with its samples by name.
#[derive(Debug)]
pub(super) struct Dataset {
    owner: String,
    name: String,
    /// What its makers gave it, over what it has by itself.
    given: Value,
    created_at: String,
    pub(super) samples: BTreeMap<String, Sample>,
    /// How often a name was sent to be created, and how often it was.
    pub(super) sent: HashMap<String, (u64, u64)>,
}

impl Dataset {
    pub(super) fn new(owner: &str, name: &str, given: &Value) -> Self {
        let (samples, sent) = Default::default();
        let (owner, name, created_at) = (owner.to_owned(), name.to_owned(), clock::micros());
        Self { owner, name, given: given.clone(), created_at, samples, sent }
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    fn json(&self) -> Value {
        let mut all = by_itself();
        let own = json!({
            "full_name": self.full_name(), "created_at": self.created_at, "samples_count": self.samples.len(),
            "owner": {"username": self.owner, "created_at": "2026-01-20T10:00:00.000000Z", "email": format!("{}@example.com", self.owner)},
            "label_stats": {"UNLABELED": self.samples.len(), "TOTAL": self.samples.len()},
        });
        for (name, value) in [&self.given, &own].into_iter().filter_map(Value::as_object).flatten() {
            all[name] = value.clone();
        }
        all["name"] = self.name.as_str().into();
        all
    }

    pub(super) fn state(&self, rows: bool) -> Value {
        let row = |sample: &Sample| {
            let (sent, created) = self.sent.get(&sample.name).copied().unwrap_or_default();
            json!({"name": sample.name, "id": sample.uuid, "url": url(&sample.attributes), "attributes": sample.attributes,
                   "metadata": sample.metadata, "sent": sent, "created": created})
        };
        let rows: Vec<Value> = self.samples.values().filter(|_| rows).map(row).collect();
        json!({"name": self.full_name(), "id": self.full_name(), "count": self.samples.len(), "rows": rows})
    }
}

/// The first URL in a sample's attributes.
fn url(attributes: &Value) -> Value {
    match attributes {
        Value::Object(fields) if fields.get("url").is_some_and(Value::is_string) => fields["url"].clone(),
        Value::Object(fields) => fields.values().map(url).find(Value::is_string).unwrap_or_default(),
        Value::Array(all) => all.iter().map(url).find(Value::is_string).unwrap_or_default(),
        _ => Value::Null,
    }
}

fn by_itself() -> Value {
    json!({
        "cloned_from": null, "description": "", "data_type": "IMAGE", "category": "other", "public": false, "archived": false,
        "enable_ratings": false, "enable_skip_labeling": true, "enable_skip_reviewing": false, "enable_save_button": false,
        "enable_label_status_verified": false, "enable_same_dimensions_track_constraint": false,
        "enable_3d_region_of_interest": false, "enable_3d_cuboid_rotation": false, "enable_confirm_on_submit": false,
        "enable_interpolation": true, "use_timestamps_for_interpolation": true, "enable_object_linking": false,
        "enable_object_link_category_restrictions": false, "enable_extrapolation": false, "task_type": "segmentation-bitmap",
        "labeling_inactivity_timeout_seconds": 300, "collaborators_count": 1,
        "task_attributes": {"format_version": "0.1", "categories": [{"id": 1, "name": "object"}]},
        "labelsets": [{"name": "ground-truth", "description": "Ground truth labels.", "is_groundtruth": true,
                       "created_at": "2026-01-20T10:00:00.000000Z"}],
        "role": "admin", "readme": "", "metadata": {}, "noncollaborator_can_label": false, "noncollaborator_can_review": false,
        "insights_urls": null, "region_of_interest": null
    })
}

impl Segments {
    pub(super) fn dataset(&mut self, owner: &str, name: &str) -> Result<&mut Dataset, Reply> {
        self.datasets.iter_mut().find(|one| one.owner == owner && one.name == name).ok_or_else(not_found)
    }

    pub(super) fn datasets(&mut self, asked: &Asked, steps: &[&str], site: &Site<'_>) -> Answer {
        match (asked.kind.as_str(), steps) {
            ("list_datasets", ["user", _]) => self.list(asked, site, None),
            ("list_datasets", ["users", owner, _]) => self.list(asked, site, Some(owner)),
            ("create_dataset", ["user", _]) => self.create(USER, &asked.json()),
            ("create_dataset", ["organizations", owner, _]) => self.create(owner, &asked.json()),
            ("get_dataset", [_, owner, name]) => Ok(Reply::json(200, &self.dataset(owner, name)?.json())),
            ("change_dataset", [_, owner, name]) => {
                let dataset = self.dataset(owner, name)?;
                for (field, value) in asked.json().as_object().into_iter().flatten() {
                    dataset.given[field] = value.clone();
                }
                Ok(Reply::json(200, &dataset.json()))
            }
            ("delete_dataset", [_, owner, name]) => {
                self.dataset(owner, name)?;
                self.datasets.retain(|one| one.owner != *owner || one.name != *name);
                Ok(Reply::empty(204))
            }
            _ => Err(not_found()),
        }
    }

    /// Without an owner: one's own and those that are shared, which for Jane are Acme's.
    fn list(&self, asked: &Asked, site: &Site<'_>, owner: Option<&str>) -> Answer {
        if owner.is_some_and(|owner| ![USER, ORGANISATION].contains(&owner)) {
            return Err(not_found());
        }
        let of_owner = self.datasets.iter().filter(|one| owner.is_none_or(|owner| one.owner == owner));
        let all: Vec<&Dataset> = of_owner.collect();
        let listed: Vec<Value> = page(asked, site, all.into_iter())?.into_iter().map(Dataset::json).collect();
        Ok(Reply::json(200, &listed.into()))
    }

    fn create(&mut self, owner: &str, body: &Value) -> Answer {
        if ![USER, ORGANISATION].contains(&owner) {
            return Err(not_found());
        }
        let text = |field: &str| body[field].as_str().filter(|text| !text.trim().is_empty());
        let name = text("name").ok_or_else(|| about("name", "This field is required."))?;
        for field in ["category", "task_type"] {
            text(field).ok_or_else(|| about(field, "This field is required."))?;
        }
        if !body["task_attributes"].is_object() {
            return Err(about("task_attributes", "This field is required."));
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)) {
            return Err(about("name", "Enter a valid name: letters, numbers, dots, underscores or hyphens."));
        }
        if self.dataset(owner, name).is_ok() {
            return Err(about("name", &format!("Dataset {owner}/{name} already exists.")));
        }
        let dataset = Dataset::new(owner, name, body);
        let answer = Reply::json(201, &dataset.json());
        self.datasets.push(dataset);
        Ok(answer)
    }
}
