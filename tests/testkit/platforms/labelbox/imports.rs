//! Imports: a manifest names chunk files, a task reads them, and each row is taken or refused on its own.

use super::graphql::Field;
use super::rows::{Row, metadata, now, wrong_key};
use super::{Answer, Labelbox, Refused, cuid, slice};
use crate::platforms::house::Site;
use serde_json::{Value, json};

/// Rows on a page of an import's outcome.
const OUTCOMES: usize = 5000;
const KIND: &str = "adv-upsert-data-rows";

/// A task.
#[derive(Debug)]
pub(super) struct Task {
    id: String,
    kind: &'static str,
    created_at: String,
    /// How often it will still be said to be going on.
    polls: u64,
    ends_as: &'static str,
    errors: Value,
    failed: Vec<Value>,
    done: Vec<Value>,
}

impl Task {
    pub(super) fn new(kind: &'static str, polls: u64) -> Self {
        let (failed, done) = Default::default();
        Self { id: cuid(), kind, created_at: now(), polls, ends_as: "COMPLETE", errors: Value::Null, failed, done }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    fn json(&self, status: &str) -> Value {
        let percentage = match status {
            "IN_PROGRESS" => 50,
            _ => 100,
        };
        json!({"id": self.id, "name": self.kind, "type": self.kind, "createdAt": self.created_at, "updatedAt": self.created_at,
               "status": status, "completionPercentage": percentage, "result": null, "metadata": {},
               "errors": if status == "FAILED" { self.errors.clone() } else { Value::Null }})
    }

    fn status(&self) -> &'static str {
        if self.polls > 0 { "IN_PROGRESS" } else { self.ends_as }
    }

    fn fail(mut self, words: &str) -> Self {
        self.ends_as = "FAILED";
        self.errors = json!({"message": words});
        self
    }

    fn refuse(&mut self, message: String, payload: &Value) {
        let list = |name: &str, fields: &[&str]| -> Vec<Value> {
            let one = |value: &Value| {
                fields.iter().map(|field| ((*field).to_owned(), value[*field].clone())).collect::<serde_json::Map<_, _>>().into()
            };
            payload[name].as_array().into_iter().flatten().map(one).collect()
        };
        let spec = json!({"externalId": payload["external_id"], "globalKey": payload["global_key"], "rowData": text(&payload["row_data"]),
                          "metadata": list("metadata_fields", &["schemaId", "value", "name"]),
                          "attachments": list("attachments", &["type", "value", "name"])});
        self.failed.push(json!({"message": message, "spec": spec}));
    }
}

/// Row data as the row keeps it: text as it is, anything else as the text of its JSON.
fn text(value: &Value) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) => value.to_string().into(),
        other => other.clone(),
    }
}

/// The JSON behind an address of the storage.
fn fetched(site: &Site<'_>, url: &str) -> Option<Value> {
    let key = url.strip_prefix(&site.storage)?.trim_start_matches('/');
    let content = site.shelf.get(key.split('?').next()?)?.content.as_ref()?;
    serde_json::from_slice(content).ok()
}

impl Labelbox {
    pub(super) fn import(&mut self, root: &Field, site: &mut Site<'_>) -> Answer {
        let mut task = Task::new(KIND, site.manners.polls);
        if site.manners.tasks_fail {
            task = task.fail("Failed to process the manifest");
        }
        let manifest = root.argument(&["data", "manifestUri"]);
        let manifest = fetched(site, manifest.as_str().unwrap_or_default()).filter(|one| one["chunk_uris"].is_array());
        let chunks = manifest.as_ref().map(|one| one["chunk_uris"].as_array().into_iter().flatten().filter_map(Value::as_str));
        let contents: Option<Vec<Value>> = chunks.and_then(|mut urls| {
            urls.try_fold(Vec::new(), |mut all, url| {
                all.push(fetched(site, url)?);
                Some(all)
            })
        });
        match (manifest, contents) {
            (Some(manifest), Some(contents)) if task.ends_as == "COMPLETE" => {
                let items = || contents.iter().flat_map(|chunk| chunk.as_array().into_iter().flatten());
                if manifest["item_count"].as_u64() != Some(items().count() as u64) {
                    site.violations.push(format!(
                        "a manifest says item_count {}, and its chunks hold {}",
                        manifest["item_count"],
                        items().count()
                    ));
                }
                for item in items() {
                    self.take_item(&mut task, item, site);
                }
            }
            (Some(_), Some(_)) => {}
            _ => task = task.fail("Failed to access URL: 404:The specified resource does not exist."),
        }
        let told = task.json("IN_PROGRESS");
        self.tasks.insert(task.id.clone(), task);
        Ok(told)
    }

    fn take_item(&mut self, task: &mut Task, item: &Value, site: &Site<'_>) {
        let payload = &item["payload"];
        match self.row_of(item, site) {
            Ok((row, new)) => {
                task.done.push(row.brief());
                if let Some(dataset) = self.datasets.iter_mut().find(|one| one.id == row.dataset) {
                    dataset.rows.insert(row.serial, row.id.clone());
                    if let Some(key) = &row.global_key {
                        dataset.sent.entry(key.to_lowercase()).or_default().1 += u64::from(new);
                    }
                }
                self.rows.put(row);
            }
            Err(message) => task.refuse(message, payload),
        }
    }

    /// The row that an item makes or changes, and whether it is new.
    fn row_of(&mut self, item: &Value, site: &Site<'_>) -> Result<(Row, bool), String> {
        let payload = &item["payload"];
        let (id, key) = (item["id"]["value"].as_str().unwrap_or_default(), payload["global_key"].as_str());
        let Ok(dataset) = self.dataset(&payload["dataset_id"]) else { return Err("Dataset not found".to_owned()) };
        let dataset_id = dataset.id.clone();
        if let Some(key) = key {
            dataset.sent.entry(key.to_lowercase()).or_default().0 += 1;
        }
        let url = text(&payload["row_data"]);
        let known = [key, payload["external_id"].as_str(), url.as_str()];
        let refusal = site.manners.refusal(&known.map(Option::unwrap_or_default));
        if let Some(words) = refusal {
            return Err(words.to_owned());
        }
        if let Some(words) = key.and_then(wrong_key) {
            return Err(words);
        }
        let old = match item["id"]["type"].as_str() {
            Some("AUTO") => None,
            Some("GKEY") => self.rows.with_key(id).map(|row| row.id.clone()),
            Some("ID") => Some(self.rows.get(id).ok_or("Data Row not found")?.id.clone()),
            _ => return Err("Invalid id type".to_owned()),
        };
        let taken = key.and_then(|key| self.rows.with_key(key)).is_some_and(|row| Some(&row.id) != old.as_ref());
        if let (true, Some(key)) = (taken, key) {
            return Err(format!("Duplicate global key: '{key}'"));
        }
        let old = old.and_then(|id| self.rows.get(&id).cloned());
        let new = old.is_none();
        let mut row = match old {
            Some(row) => row,
            None => self.new_row(dataset_id, &url, (item["id"]["type"] == "GKEY").then(|| id.to_owned()), site)?,
        };
        changed(&mut row, payload, &url)?;
        Ok((row, new))
    }

    fn new_row(&mut self, dataset: String, url: &Value, key: Option<String>, site: &Site<'_>) -> Result<Row, String> {
        let row_data = url.as_str().filter(|text| !text.is_empty()).ok_or("row_data is required")?.to_owned();
        if let Some(own) = row_data.strip_prefix(&site.storage) {
            let there = own.split('?').next().is_some_and(|key| site.shelf.get(key.trim_start_matches('/')).is_some());
            if !there {
                return Err("Failed to access URL: 404:The specified resource does not exist.".to_owned());
            }
        }
        let serial = self.rows.next_serial();
        let (external_id, metadata, attachments) = (Value::Null, Vec::new(), json!([]));
        Ok(Row { id: cuid(), serial, dataset, external_id, global_key: key, row_data, metadata, attachments, created_at: now() })
    }

    /// The tasks of the user. Being asked for one brings it nearer to its end.
    pub(super) fn created_tasks(&mut self, field: &Field, _: &Site<'_>) -> Vec<Value> {
        let wanted = field.argument(&["where", "id"]);
        let meant = |task: &&mut Task| wanted.as_str().is_none_or(|id| id == task.id);
        let all = self.tasks.values_mut().filter(meant).map(|task| {
            let told = task.json(task.status());
            task.polls = task.polls.saturating_sub(1);
            told
        });
        slice(field, all.collect())
    }

    pub(super) fn task_field(&mut self, root: &Field, site: &Site<'_>) -> Answer {
        if root.name == "cancelableTaskTypes" {
            return Ok(json!(["advUpsertDataRows", "exportDataRows"]));
        }
        if root.name == "cancelBulkOperationJob" {
            let id = root.argument(&["where", "id"]);
            let id = if id.is_null() { root.argument(&["id"]) } else { id };
            let task = self.tasks.get_mut(id.as_str().unwrap_or_default()).ok_or_else(|| Refused::not_found("Task"))?;
            let going_on = task.polls > 0;
            if going_on {
                (task.polls, task.ends_as) = (0, "CANCELED");
            }
            return Ok(json!({"success": going_on}));
        }
        let id = root.argument(&["data", "taskId"]);
        let task = self.tasks.get(id.as_str().unwrap_or_default()).ok_or_else(|| Refused::not_found("Task"))?;
        let failures = root.name == "failedDataRowImports";
        let all: &[Value] = match (task.polls, failures) {
            (0, true) => &task.failed,
            (0, false) => &task.done,
            _ => &[],
        };
        let from: usize =
            root.argument(&["data", "from"]).as_str().and_then(|text| text.strip_prefix("after-")?.parse().ok()).unwrap_or(0);
        let first =
            root.argument(&["data", "first"]).as_u64().map_or(OUTCOMES, |first| usize::try_from(first).unwrap_or(OUTCOMES));
        let size = first.min(OUTCOMES).min(site.manners.page.unwrap_or(OUTCOMES));
        let page: Vec<Value> = all.iter().skip(from).take(size).cloned().collect();
        let after = (from + size < all.len()).then(|| format!("after-{}", from + size));
        Ok(json!({"after": after, "total": all.len(), if failures { "results" } else { "nodes" }: page}))
    }
}

/// Writes what a payload brings into a row.
fn changed(row: &mut Row, payload: &Value, url: &Value) -> Result<(), String> {
    if let Some(url) = url.as_str() {
        url.clone_into(&mut row.row_data);
    }
    if let Some(key) = payload["global_key"].as_str() {
        row.global_key = Some(key.to_owned());
    }
    if !payload["external_id"].is_null() {
        row.external_id = payload["external_id"].clone();
    }
    if payload["metadata_fields"].is_array() || payload["metadata"].is_array() {
        row.metadata = metadata(payload)?;
    }
    if payload["attachments"].is_array() {
        row.attachments = payload["attachments"].clone();
    }
    Ok(())
}
