//! Rows by key, by external id, by dataset, and the jobs that look for them.

use super::graphql::Field;
use super::rows::wrong_key;
use super::{Answer, Labelbox, Refused, cuid, meets};
use crate::platforms::house::Site;
use serde_json::{Value, json};

/// Rows on a page of a dataset.
const PAGE: usize = 500;
/// Rows that are given for external ids in one request.
const FOR_EXTERNAL_IDS: usize = 1500;

/// A job and its outcome.
#[derive(Debug)]
pub(super) struct Job {
    polls: u64,
    outcome: Value,
}

impl Labelbox {
    pub(super) fn row_field(&mut self, root: &Field, site: &Site<'_>) -> Answer {
        match root.name.as_str() {
            "dataRow" => {
                let id = root.argument(&["where", "id"]);
                self.rows
                    .get(id.as_str().unwrap_or_default())
                    .map(super::rows::Row::json)
                    .ok_or_else(|| Refused::not_found("DataRow"))
            }
            "datasetDataRows" => self.rows_of_dataset(root, site),
            "externalIdsToDataRowIds" => {
                let ids = root.argument(&["externalId_in"]);
                let wanted = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
                let found = wanted.flat_map(|id| self.rows.with_external_id(id)).take(FOR_EXTERNAL_IDS);
                Ok(found.map(|row| json!({"dataRowId": row.id, "externalId": row.external_id})).collect())
            }
            "queryAllDataRowsHaveBeenProcessed" => Ok(json!({"allDataRowsHaveBeenProcessed": true})),
            "dataRowsForGlobalKeys" => {
                let outcome = self.look_up(&root.argument(&["where", "ids"]));
                Ok(self.job(outcome, site))
            }
            "assignGlobalKeysToDataRows" => {
                let outcome = self.assign(&root.argument(&["data", "assignInputs"]));
                Ok(self.job(outcome, site))
            }
            "clearGlobalKeys" => {
                let outcome = self.clear(&root.argument(&["where", "ids"]));
                Ok(self.job(outcome, site))
            }
            name if name.ends_with("Result") => self.outcome(&root.argument(&["jobId", "id"])),
            name => Err(Refused::new("GRAPHQL_VALIDATION_FAILED", format!("Cannot query field \"{name}\"."))),
        }
    }

    /// Newest first; the cursor is the row that the next page begins with.
    fn rows_of_dataset(&self, root: &Field, site: &Site<'_>) -> Answer {
        let from = root.argument(&["from"]);
        let start = from.as_str().and_then(|id| self.rows.get(id)).map(|row| row.serial);
        let id = root.argument(&["id"]);
        let condition = root.argument(&["where"]);
        let first = root.argument(&["first"]).as_u64().map_or(PAGE, |first| usize::try_from(first).unwrap_or(PAGE));
        let size = first.min(PAGE).min(site.manners.page.unwrap_or(PAGE));
        let dataset = self.datasets.iter().find(|one| id.as_str() == Some(&one.id) && !one.deleted);
        let dataset = dataset.ok_or_else(|| Refused::not_found("Dataset"))?;
        let newest_first = dataset.rows.range(..=start.unwrap_or(u64::MAX)).rev();
        let meant = |row: &&super::rows::Row| condition.is_null() || meets(&condition, &row.json());
        let mut found = newest_first.filter_map(|(_, id)| self.rows.get(id)).filter(meant);
        let nodes: Vec<Value> = found.by_ref().take(size).map(super::rows::Row::json).collect();
        let next = found.next().map(|row| row.id.clone());
        Ok(json!({"nodes": nodes, "pageInfo": {"hasNextPage": next.is_some(), "startCursor": next}}))
    }

    fn job(&mut self, outcome: Value, site: &Site<'_>) -> Value {
        let id = cuid();
        self.jobs.insert(id.clone(), Job { polls: site.manners.polls, outcome });
        json!({"jobId": id})
    }

    fn outcome(&mut self, id: &Value) -> Answer {
        let job = self.jobs.get_mut(id.as_str().unwrap_or_default()).ok_or_else(|| Refused::not_found("Job"))?;
        if job.polls > 0 {
            job.polls -= 1;
            return Ok(json!({"data": null, "jobStatus": "IN_PROGRESS"}));
        }
        Ok(json!({"data": job.outcome, "jobStatus": "COMPLETE"}))
    }

    /// In the order of the keys; an empty id stands for one that is missing.
    fn look_up(&self, keys: &Value) -> Value {
        let keys: Vec<&str> = keys.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let found = |key: &&str| self.rows.with_key(key).map_or("", |row| row.id.as_str());
        let rows: Vec<Value> = keys.iter().map(|key| json!({"id": found(key)})).collect();
        let missing: Vec<&&str> = keys.iter().filter(|key| found(key).is_empty()).collect();
        json!({"fetchedDataRows": rows, "notFoundGlobalKeys": missing, "accessDeniedGlobalKeys": []})
    }

    fn assign(&mut self, links: &Value) -> Value {
        let (mut done, mut invalid, mut denied) = (Vec::new(), Vec::new(), Vec::new());
        for link in links.as_array().into_iter().flatten() {
            let (id, key) = (link["dataRowId"].as_str().unwrap_or_default(), link["globalKey"].as_str().unwrap_or_default());
            if self.rows.get(id).is_none() {
                denied.push(link.clone());
            } else if wrong_key(key).is_some() || self.rows.with_key(key).is_some() {
                invalid.push(link.clone());
            } else if let Some(mut row) = self.rows.take(id) {
                row.global_key = Some(key.to_owned());
                self.rows.put(row);
                done.push(link.clone());
            }
        }
        json!({"sanitizedAssignments": done, "invalidGlobalKeyAssignments": invalid, "unmodifiedAssignments": [], "accessDeniedAssignments": denied})
    }

    fn clear(&mut self, keys: &Value) -> Value {
        let (mut cleared, mut missing) = (Vec::new(), Vec::new());
        for key in keys.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let row = self.rows.with_key(key).map(|row| row.id.clone()).and_then(|id| self.rows.take(&id));
            match row {
                Some(mut row) => {
                    row.global_key = None;
                    self.rows.put(row);
                    cleared.push(key);
                }
                None => missing.push(key),
            }
        }
        json!({"clearedGlobalKeys": cleared, "failedToClearGlobalKeys": [], "notFoundGlobalKeys": missing, "accessDeniedGlobalKeys": []})
    }
}
