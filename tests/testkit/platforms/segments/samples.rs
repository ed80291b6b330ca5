//! Samples of a dataset: names are unique in it, and a bulk request gives back what is there already, unchanged.

use super::{Answer, Segments, USER, about, detail, not_found, page};
use crate::platforms::asked::Asked;
use crate::platforms::clock;
use crate::platforms::house::Site;
use crate::platforms::reply::Reply;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// How many can be deleted in one request.
const DELETED_AT_ONCE: usize = 1000;

/// One sample.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) attributes: Value,
    pub(super) metadata: Value,
    created_at: String,
    readme: Value,
    assigned_labeler: Value,
    assigned_reviewer: Value,
    priority: Value,
}

impl Sample {
    fn from(name: &str, body: &Value) -> Self {
        let or = |field: &str, other: Value| body.get(field).cloned().unwrap_or(other);
        Self {
            uuid: clock::uuid(),
            name: name.to_owned(),
            attributes: body["attributes"].clone(),
            metadata: or("metadata", json!({})),
            created_at: clock::micros(),
            readme: or("readme", "".into()),
            assigned_labeler: or("assigned_labeler", Value::Null),
            assigned_reviewer: or("assigned_reviewer", Value::Null),
            priority: or("priority", 0.into()),
        }
    }

    fn json(&self, dataset: &str) -> Value {
        json!({"uuid": self.uuid, "name": self.name, "attributes": self.attributes, "metadata": self.metadata,
               "created_at": self.created_at, "created_by": USER, "readme": self.readme, "assigned_labeler": self.assigned_labeler,
               "assigned_reviewer": self.assigned_reviewer, "priority": self.priority, "label": null, "issues": null,
               "dataset_full_name": dataset})
    }
}

/// What is wrong with a sample that is to be created.
fn fault(body: &Value, site: &Site<'_>) -> Option<(&'static str, String)> {
    let Some(name) = body["name"].as_str() else { return Some(("name", "This field is required.".to_owned())) };
    if name.trim().is_empty() {
        return Some(("name", "This field may not be blank.".to_owned()));
    }
    let Some(attributes) = body["attributes"].as_object() else {
        return Some(("attributes", "This field is required.".to_owned()));
    };
    let known = ["image", "frames", "pcd", "sensors"];
    if !known.iter().any(|shape| attributes.contains_key(*shape)) {
        return Some(("attributes", "The sample attributes do not match the task type of the dataset.".to_owned()));
    }
    if attributes.get("image").is_some_and(|image| !image["url"].is_string()) {
        return Some(("attributes", "'url' is a required property".to_owned()));
    }
    site.manners.refusal(&[name, &body["attributes"].to_string()]).map(|words| ("attributes", words.to_owned()))
}

impl Segments {
    pub(super) fn samples(&mut self, asked: &Asked, steps: &[&str], site: &Site<'_>) -> Answer {
        match (asked.kind.as_str(), steps) {
            ("list_samples", [_, owner, name, _]) => self.list_samples(asked, owner, name, site),
            ("create_sample", [_, owner, name, _]) => self.create_sample(owner, name, &asked.json(), site),
            ("create_samples", [_, owner, name, _]) => self.create_samples(owner, name, &asked.json(), site),
            ("delete_samples", [_, owner, name, _]) => self.delete_samples(owner, name, &asked.json()),
            ("get_sample", [_, uuid]) => self.with_sample(uuid, |sample, dataset| Ok(Reply::json(200, &sample.json(dataset)))),
            ("change_sample", [_, uuid]) => self.change_sample(uuid, &asked.json()),
            ("delete_sample", [_, uuid]) => {
                self.with_sample(uuid, |_, _| Ok(Reply::empty(204)))?;
                self.forget(uuid);
                Ok(Reply::empty(204))
            }
            _ => Err(not_found()),
        }
    }

    fn create_sample(&mut self, owner: &str, dataset: &str, body: &Value, site: &Site<'_>) -> Answer {
        self.dataset(owner, dataset)?;
        if let Some((field, words)) = fault(body, site) {
            return Err(about(field, &words));
        }
        let name = body["name"].as_str().unwrap_or_default();
        let (sample, new) = self.take(owner, dataset, name, body)?;
        if new {
            return Ok(Reply::json(201, &sample));
        }
        Err(detail(400, &format!("Sample with name {name} already exists in this dataset.")))
    }

    /// All or none where a sample is wrong. Whether Segments does so is not written anywhere.
    fn create_samples(&mut self, owner: &str, dataset: &str, body: &Value, site: &Site<'_>) -> Answer {
        self.dataset(owner, dataset)?;
        let Some(all) = body.as_array() else {
            return Err(about("non_field_errors", "Expected a list of items but got type \"dict\"."));
        };
        let faults: Vec<Option<(&str, String)>> = all.iter().map(|one| fault(one, site)).collect();
        if faults.iter().any(Option::is_some) {
            let told =
                |fault: &Option<(&str, String)>| fault.as_ref().map_or(json!({}), |(field, words)| json!({*field: [words]}));
            return Err(Reply::json(400, &faults.iter().map(told).collect()));
        }
        let taken: Result<Vec<Value>, Reply> = all
            .iter()
            .map(|one| self.take(owner, dataset, one["name"].as_str().unwrap_or_default(), one).map(|(sample, _)| sample))
            .collect();
        Ok(Reply::json(201, &taken?.into()))
    }

    /// The sample of this name, and whether it is new.
    fn take(&mut self, owner: &str, dataset: &str, name: &str, body: &Value) -> Result<(Value, bool), Reply> {
        let full_name = format!("{owner}/{dataset}");
        let home = self.dataset(owner, dataset)?;
        let (sent, created) = home.sent.entry(name.to_owned()).or_default();
        *sent += 1;
        if let Some(there) = home.samples.get(name) {
            return Ok((there.json(&full_name), false));
        }
        *created += 1;
        let sample = Sample::from(name, body);
        let told = sample.json(&full_name);
        let uuid = sample.uuid.clone();
        home.samples.insert(name.to_owned(), sample);
        self.homes.insert(uuid, (owner.to_owned(), dataset.to_owned(), name.to_owned()));
        Ok((told, true))
    }

    fn with_sample(&mut self, uuid: &str, act: impl FnOnce(&mut Sample, &str) -> Answer) -> Answer {
        let (owner, dataset, name) = self.homes.get(uuid).cloned().ok_or_else(not_found)?;
        let home = self.dataset(&owner, &dataset)?;
        let sample = home.samples.get_mut(&name).ok_or_else(not_found)?;
        act(sample, &format!("{owner}/{dataset}"))
    }

    fn change_sample(&mut self, uuid: &str, body: &Value) -> Answer {
        let (owner, dataset, name) = self.homes.get(uuid).cloned().ok_or_else(not_found)?;
        let wanted = body["name"].as_str().unwrap_or(&name).to_owned();
        let home = self.dataset(&owner, &dataset)?;
        if wanted != name && home.samples.contains_key(&wanted) {
            return Err(detail(400, &format!("Sample with name {wanted} already exists in this dataset.")));
        }
        let mut sample = home.samples.remove(&name).ok_or_else(not_found)?;
        wanted.clone_into(&mut sample.name);
        let Sample { attributes, metadata, readme, assigned_labeler, assigned_reviewer, priority, .. } = &mut sample;
        for (field, place) in [
            ("attributes", attributes),
            ("metadata", metadata),
            ("readme", readme),
            ("assigned_labeler", assigned_labeler),
            ("assigned_reviewer", assigned_reviewer),
            ("priority", priority),
        ] {
            if let Some(value) = body.get(field) {
                place.clone_from(value);
            }
        }
        let told = sample.json(&format!("{owner}/{dataset}"));
        home.samples.insert(wanted.clone(), sample);
        self.homes.insert(uuid.to_owned(), (owner, dataset, wanted));
        Ok(Reply::json(200, &told))
    }

    fn delete_samples(&mut self, owner: &str, dataset: &str, body: &Value) -> Answer {
        self.dataset(owner, dataset)?;
        let uuids: Vec<&str> = body["uuids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if uuids.len() > DELETED_AT_ONCE {
            return Err(about("uuids", "Ensure this field has no more than 1000 elements."));
        }
        let here = |home: &(String, String, String)| home.0 == owner && home.1 == dataset;
        let deleted = uuids.iter().filter(|uuid| self.homes.get(**uuid).is_some_and(here) && self.forget(uuid)).count();
        Ok(Reply::json(200, &json!({"deleted_count": deleted})))
    }

    fn forget(&mut self, uuid: &str) -> bool {
        let Some((owner, dataset, name)) = self.homes.remove(uuid) else { return false };
        self.dataset(&owner, &dataset).is_ok_and(|home| home.samples.remove(&name).is_some())
    }

    fn list_samples(&mut self, asked: &Asked, owner: &str, dataset: &str, site: &Site<'_>) -> Answer {
        let full_name = format!("{owner}/{dataset}");
        let home = self.dataset(owner, dataset)?;
        let sort = asked.field("sort").unwrap_or("name");
        let filtered = ["name__contains", "filters", "label_status"].iter().any(|name| asked.field(name).is_some());
        if !filtered && sort == "name" {
            // The order that they are kept in: a page of a large dataset costs a page.
            let listed: Vec<Value> = page(asked, site, home.samples.values())?.iter().map(|one| one.json(&full_name)).collect();
            return Ok(Reply::json(200, &listed.into()));
        }
        let mut found: Vec<&Sample> = home.samples.values().filter(|sample| wanted(asked, sample)).collect();
        let (field, down) = sort.strip_prefix('-').map_or((sort, false), |field| (field, true));
        found.sort_by(|one, other| {
            let order = order(field, one, other);
            if down { order.reverse() } else { order }
        });
        let listed: Vec<Value> = page(asked, site, found.into_iter())?.iter().map(|one| one.json(&full_name)).collect();
        Ok(Reply::json(200, &listed.into()))
    }
}

fn order(field: &str, one: &Sample, other: &Sample) -> Ordering {
    let priority = |sample: &Sample| sample.priority.as_f64().unwrap_or_default();
    match field {
        "created_at" => one.created_at.cmp(&other.created_at),
        "priority" => priority(one).total_cmp(&priority(other)),
        _ => one.name.cmp(&other.name),
    }
}

/// `name__contains`, `filters=key:value,…` over the metadata, `label_status=A,B`: nothing here is ever labelled.
fn wanted(asked: &Asked, sample: &Sample) -> bool {
    let named = asked.field("name__contains").is_none_or(|part| sample.name.contains(part));
    let status = asked.field("label_status").is_none_or(|wanted| wanted.split(',').any(|one| one == "UNLABELED"));
    let metadata = asked.field("filters").is_none_or(|filters| filters.split(',').all(|filter| has(&sample.metadata, filter)));
    named && status && metadata
}

fn has(metadata: &Value, filter: &str) -> bool {
    let (key, value) = filter.split_once(':').unwrap_or((filter, ""));
    match &metadata[key] {
        Value::String(text) => text == value,
        Value::Null => false,
        other => serde_json::from_str::<Value>(value).is_ok_and(|wanted| wanted == *other),
    }
}
