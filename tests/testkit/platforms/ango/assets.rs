//! Assets of a project: created many at a time, only counts come back.

use super::{Ango, Answer, failure, form, object_id, page, success};
use crate::platforms::asked::Asked;
use crate::platforms::clock;
use crate::platforms::house::Site;
use serde_json::{Value, json};

/// One asset.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) id: String,
    pub(super) given: Value,
    pub(super) batches: Vec<Value>,
    created_at: String,
    pub(super) deleted: bool,
    /// It points at an object that never came.
    pub(super) broken: bool,
}

impl Asset {
    fn new(given: Value, batches: Vec<Value>, broken: bool) -> Self {
        Self { id: object_id(), given, batches, created_at: clock::millis(), deleted: false, broken }
    }

    pub(super) fn external_id(&self) -> String {
        self.given["externalId"].as_str().unwrap_or_default().to_owned()
    }

    fn json(&self, project: &str) -> Value {
        json!({"_id": self.id, "project": project, "data": self.given["data"], "dataset": self.given["dataset"],
               "externalId": self.given["externalId"], "contextData": self.given["contextData"], "metadata": self.given["metadata"],
               "batches": self.batches, "isPreLabeled": self.given["classifications"].as_array().is_some_and(|all| !all.is_empty()),
               "storage": self.given["storage"], "createdAt": self.created_at})
    }
}

impl Ango {
    pub(super) fn assets(&mut self, asked: &Asked, steps: &[&str], site: &Site<'_>) -> Answer {
        match (asked.kind.as_str(), steps) {
            ("create_assets", [_, _, id, _]) => self.create_assets(id, asked, site),
            ("list_assets", [_, _, id, _]) => self.list_assets(id, asked, site),
            ("delete_assets", [_, _, id, _]) => self.delete_assets(id, &asked.json()),
            ("attachments", _) => self.attach(&asked.json()),
            ("chat", [_, _, id, _]) => {
                let project = self.project(id)?;
                let fields = form(asked);
                let number = fields
                    .iter()
                    .find(|(name, _)| name == "numberOfConversations")
                    .and_then(|(_, text)| text.parse::<usize>().ok());
                let made = number.unwrap_or(0).max(usize::from(asked.parts().iter().any(|part| part.filename.is_some())));
                project.assets.extend((0..made).map(|_| Asset::new(json!({"externalId": object_id()}), Vec::new(), false)));
                Ok(success(200, &json!({"assets": {"assetsCreated": made}})))
            }
            _ => Err(failure(404, &format!("Cannot {} {}", asked.method, asked.path))),
        }
    }

    fn create_assets(&mut self, id: &str, asked: &Asked, site: &Site<'_>) -> Answer {
        let storages: Vec<Value> = self.storages.iter().map(|one| one["_id"].clone()).collect();
        let project = self.project(id)?;
        let body = asked.json();
        let Some(given) = body["assets"].as_array().filter(|all| !all.is_empty()) else {
            return Err(failure(400, "assets should not be empty"));
        };
        if !matches!(&body["uploadLocal"], Value::Null) && !["true", "false"].iter().any(|one| body["uploadLocal"] == *one) {
            return Err(failure(400, "uploadLocal must be one of the following values: true, false"));
        }
        let in_query = asked.field("batches").map_or(Ok(json!([])), serde_json::from_str);
        let Ok(in_query) = in_query else { return Err(failure(400, "Unexpected end of JSON input")) };
        let mut made = Vec::new();
        for one in given {
            let wanted = one["batches"].as_array().filter(|all| !all.is_empty()).or(in_query.as_array());
            let batches: Option<Vec<Value>> = wanted.into_iter().flatten().map(|batch| project.batch(batch).cloned()).collect();
            let Some(batches) = batches else { return Err(failure(400, "Invalid batch.")) };
            let data = one["data"].as_str().unwrap_or_default();
            if data.is_empty() && one["dataset"].as_array().is_none_or(Vec::is_empty) {
                return Err(failure(400, "data should not be empty"));
            }
            if !one["storage"].is_null() && !storages.contains(&one["storage"]) {
                return Err(failure(400, "Invalid storage."));
            }
            if site.manners.refusal(&[data, one["externalId"].as_str().unwrap_or_default()]).is_none() {
                made.push(Asset::new(one.clone(), batches, Self::broken(data, site)));
            }
        }
        made.truncate(made.len().saturating_sub(site.manners.created_fewer));
        let labelled =
            made.iter().filter(|one| one.given["classifications"].as_array().is_some_and(|all| !all.is_empty())).count();
        let counts = json!({"assetsCreated": made.len(), "tasksCreated": made.len(), "preLabelsCount": labelled, "validPreLabelsCount": labelled});
        project.assets.extend(made);
        Ok(success(200, &json!({"assets": counts})))
    }

    fn list_assets(&mut self, id: &str, asked: &Asked, site: &Site<'_>) -> Answer {
        let project = self.project(id)?;
        let filters = asked.field("filters").map_or(Ok(json!({})), serde_json::from_str::<Value>);
        let Ok(filters) = filters else { return Err(failure(400, "Unexpected end of JSON input")) };
        if asked.field("limit").and_then(|text| text.parse::<usize>().ok()).is_some_and(|limit| limit > 100) {
            return Err(failure(400, "limit must not be greater than 100"));
        }
        let plain = filters.as_object().is_none_or(serde_json::Map::is_empty);
        let there = project.assets.iter().filter(|one| !one.deleted);
        let found: Vec<&Asset> = there.filter(|one| plain || wanted(&one.json(id), &filters)).collect();
        let total = found.len();
        let most = site.manners.page.unwrap_or(100);
        let listed: Vec<Value> = page(asked, most, found.into_iter()).into_iter().map(|one| one.json(id)).collect();
        Ok(success(200, &json!({"assets": listed, "total": total})))
    }

    fn delete_assets(&mut self, id: &str, body: &Value) -> Answer {
        let project = self.project(id)?;
        let ids = body["assets"].as_array().cloned().unwrap_or_default();
        let meant = |one: &&mut Asset| !one.deleted && ids.iter().any(|id| *id == *one.id.as_str());
        let mut deleted = 0;
        for asset in project.assets.iter_mut().filter(meant) {
            asset.deleted = true;
            deleted += 1;
        }
        Ok(success(200, &json!({"deleted": deleted})))
    }

    fn attach(&mut self, body: &Value) -> Answer {
        let project = self.project(body["project"].as_str().unwrap_or_default())?;
        let (mut imported, mut updated) = (0, 0);
        for one in body["attachments"].as_array().into_iter().flatten() {
            let new = one["attachments"].as_array().cloned().unwrap_or_default();
            for asset in
                project.assets.iter_mut().filter(|asset| !asset.deleted && asset.given["externalId"] == one["externalId"])
            {
                imported += new.len();
                updated += 1;
                let mut all = asset.given["attachments"].as_array().cloned().unwrap_or_default();
                all.extend(new.iter().cloned());
                asset.given["attachments"] = all.into();
            }
        }
        Ok(success(200, &json!({"project": {"attachmentsImported": imported, "assetsUpdated": updated}})))
    }
}

/// Equality of fields; of batches, whether one is among them.
fn wanted(asset: &Value, filters: &Value) -> bool {
    filters.as_object().is_none_or(|fields| {
        fields.iter().all(|(name, wanted)| match (&asset[name], wanted) {
            (Value::Array(own), Value::Array(wanted)) => wanted.iter().any(|one| own.contains(one)),
            (Value::Array(own), one) => own.contains(one),
            (own, Value::Array(wanted)) => wanted.contains(own),
            (own, one) => own == one,
        })
    })
}
