//! Projects and their batches.

use super::assets::Asset;
use super::{Ango, Answer, ORGANISATION, failure, object_id, page, success};
use crate::platforms::asked::Asked;
use crate::platforms::clock;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A project.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) id: String,
    given: Value,
    created_at: String,
    pub(super) batches: Vec<Value>,
    templates: Vec<Value>,
    pub(super) assets: Vec<Asset>,
}

impl Project {
    pub(super) fn new(id: &str, given: &Value) -> Self {
        let batches = vec![json!({"_id": "64a000000000000000000001", "name": "Batch 1"})];
        let (templates, assets) = Default::default();
        Self { id: id.to_owned(), given: given.clone(), created_at: clock::millis(), batches, templates, assets }
    }

    pub(super) fn name(&self) -> &str {
        self.given["name"].as_str().unwrap_or_default()
    }

    fn brief(&self) -> Value {
        json!({"_id": self.id, "name": self.name(), "description": self.given["description"].as_str().unwrap_or_default(),
               "organization": ORGANISATION, "createdAt": self.created_at})
    }

    fn json(&self) -> Value {
        let mut all = self.brief();
        all["type"] = self.given["type"].as_str().unwrap_or("ango").into();
        all["role"] = "Manager".into();
        all["assetCount"] = self.assets.iter().filter(|one| !one.deleted).count().into();
        all["categorySchema"] = json!({"tools": [], "classifications": [], "relations": []});
        all["stages"] = json!([]);
        all["assignedTo"] = json!([]);
        all["batches"] = self.batches.clone().into();
        all["assetBuilderTemplates"] = self.templates.clone().into();
        all
    }

    pub(super) fn state(&self, rows: bool) -> Value {
        let there = || self.assets.iter().filter(|one| !one.deleted);
        let mut times: HashMap<String, u64> = HashMap::new();
        for asset in there() {
            *times.entry(asset.external_id()).or_default() += 1;
        }
        let row = |asset: &Asset| {
            json!({"name": asset.external_id(), "id": asset.id, "url": asset.given["data"], "metadata": asset.given["metadata"],
                   "context": asset.given["contextData"], "batches": asset.batches, "broken": asset.broken, "storage": asset.given["storage"],
                   "attachments": asset.given["attachments"], "created": times.get(&asset.external_id())})
        };
        let listed: Vec<Value> = there().filter(|_| rows).map(row).collect();
        json!({"name": self.name(), "id": self.id, "count": there().count(), "batches": self.batches, "rows": listed})
    }

    /// The batch of this id or name.
    pub(super) fn batch(&self, wanted: &Value) -> Option<&Value> {
        self.batches.iter().find(|one| one["_id"] == *wanted || one["name"] == *wanted).map(|one| &one["_id"])
    }

    fn add_batch(&mut self, name: &Value) -> Value {
        let batch = json!({"_id": object_id(), "name": name});
        self.batches.push(batch.clone());
        batch
    }
}

impl Ango {
    pub(super) fn project_call(&mut self, asked: &Asked, steps: &[&str]) -> Answer {
        let body = asked.json();
        match (asked.kind.as_str(), steps) {
            ("list_projects", _) => {
                let limit = asked.field("limit").and_then(|text| text.parse::<usize>().ok());
                if limit.is_some_and(|limit| limit > 100) {
                    return Err(failure(400, "limit must not be greater than 100"));
                }
                let listed: Vec<Value> = page(asked, 100, self.projects.iter()).into_iter().map(Project::brief).collect();
                Ok(success(200, &json!({"projects": listed, "total": self.projects.len()})))
            }
            ("create_project", _) => {
                if body["name"].as_str().is_none_or(str::is_empty) {
                    return Err(failure(400, "name should not be empty"));
                }
                let project = Project::new(&object_id(), &body);
                let told = project.json();
                self.projects.push(project);
                Ok(success(201, &json!({"project": told})))
            }
            ("get_project", [.., id]) => Ok(success(200, &json!({"project": self.project(id)?.json()}))),
            ("create_batches", [.., id]) => self.create_batches(id, &body),
            ("assign_batches", _) => self.assign_batches(&body),
            ("create_template", [_, _, id, _]) => {
                let project = self.project(id)?;
                let mut template = body;
                template["_id"] = object_id().into();
                project.templates.push(template);
                Ok(success(200, &json!({"project": project.json()})))
            }
            ("instructions", [_, _, id, _]) => Ok(success(200, &json!({"project": self.project(id)?.json()}))),
            _ => Err(failure(404, &format!("Cannot {} {}", asked.method, asked.path))),
        }
    }

    /// One name, or the whole list with the new ones among the old.
    fn create_batches(&mut self, id: &str, body: &Value) -> Answer {
        let project = self.project(id)?;
        if let Some(all) = body["batches"].as_array() {
            for one in all.iter().filter(|one| one["_id"].is_null()) {
                project.add_batch(&one["name"]);
            }
            return Ok(success(200, &json!({"project": project.json()})));
        }
        if body["name"].as_str().is_none_or(str::is_empty) {
            return Err(failure(400, "name should not be empty"));
        }
        let batch = project.add_batch(&body["name"]);
        Ok(success(200, &json!({"project": batch})))
    }

    fn assign_batches(&mut self, body: &Value) -> Answer {
        let project = self.project(body["projectId"].as_str().unwrap_or_default())?;
        let batches: Vec<Value> =
            body["batches"].as_array().into_iter().flatten().filter_map(|one| project.batch(one).cloned()).collect();
        let mut updated = 0;
        for id in body["assets"].as_array().into_iter().flatten() {
            if let Some(asset) = project.assets.iter_mut().find(|one| *id == *one.id.as_str()) {
                asset.batches.clone_from(&batches);
                updated += 1;
            }
        }
        Ok(success(200, &json!({"project": format!("{updated} assets updated")})))
    }
}
