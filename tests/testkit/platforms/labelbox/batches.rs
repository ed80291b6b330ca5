//! Projects, and the batches through which rows come into them.

use super::graphql::Field;
use super::imports::Task;
use super::{Answer, Labelbox, Refused, cuid, meets, slice};
use crate::platforms::clock;
use crate::platforms::house::Site;
use serde_json::{Value, json};

/// Rows that a batch takes at once; more go in by a task.
const AT_ONCE: usize = 1000;

/// A project with its batches.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) id: String,
    pub(super) name: String,
    given: Value,
    created_at: String,
    batches: Vec<Batch>,
}

#[derive(Debug)]
struct Batch {
    id: String,
    name: String,
    size: usize,
    created_at: String,
}

impl Batch {
    fn new(name: &str) -> Self {
        Self { id: cuid(), name: name.to_owned(), size: 0, created_at: clock::millis() }
    }

    fn json(&self) -> Value {
        json!({"id": self.id, "name": self.name, "size": self.size, "createdAt": self.created_at, "updatedAt": self.created_at,
               "consensusSettingsJson": "{}"})
    }
}

impl Project {
    fn json(&self) -> Value {
        let size: usize = self.batches.iter().map(|batch| batch.size).sum();
        let given = |name: &str, other: Value| self.given.get(name).cloned().unwrap_or(other);
        json!({"id": self.id, "name": self.name, "description": given("description", "".into()), "createdAt": self.created_at,
               "updatedAt": self.created_at, "deleted": false, "setupComplete": null, "lastActivityTime": null,
               "autoAuditNumberOfLabels": given("autoAuditNumberOfLabels", 3.into()), "autoAuditPercentage": given("autoAuditPercentage", 0.into()),
               "queueMode": "BATCH", "allowedMediaType": given("allowedMediaType", Value::Null), "mediaType": given("allowedMediaType", Value::Null),
               "editorTaskType": null, "dataRowCount": size, "modelSetupComplete": null, "uploadType": null,
               "isBenchmarkEnabled": given("isBenchmarkEnabled", false.into()), "isConsensusEnabled": given("isConsensusEnabled", false.into()),
               "batches": {"nodes": self.batches.iter().map(Batch::json).collect::<Vec<_>>()}})
    }
}

impl Labelbox {
    pub(super) fn project_field(&mut self, root: &Field, site: &Site<'_>) -> Answer {
        let id = root.argument(&["where", "id"]);
        match root.name.as_str() {
            "projects" => {
                let all = self.projects.iter().map(Project::json).filter(|one| meets(&root.argument(&["where"]), one)).collect();
                Ok(slice(root, all).into())
            }
            "createProject" => {
                let given = root.argument(&["data"]);
                let name = given["name"].as_str().unwrap_or_default().to_owned();
                let project = Project { id: cuid(), name, given, created_at: clock::millis(), batches: Vec::new() };
                let told = project.json();
                self.projects.push(project);
                Ok(told)
            }
            _ => {
                let at = self
                    .projects
                    .iter()
                    .position(|one| id.as_str() == Some(&one.id))
                    .ok_or_else(|| Refused::not_found("Project"))?;
                self.inside(at, root, site)
            }
        }
    }

    /// The fields inside a project that do something.
    fn inside(&mut self, at: usize, root: &Field, site: &Site<'_>) -> Answer {
        let mut told = self.projects[at].json();
        for field in &root.fields {
            let input = field.argument(&["input"]);
            let value = match field.name.as_str() {
                "createBatchV2" => self.create_batch(at, &input)?,
                "createEmptyBatch" => {
                    let batch = self.new_batch(at, &input)?;
                    batch.json()
                }
                "addDataRowsToBatchAsync" => {
                    let (added, _) = self.rows_of_batch(&input);
                    let batch = self.projects[at].batches.iter_mut().find(|one| input["batchId"] == *one.id.as_str());
                    batch.ok_or_else(|| Refused::not_found("Batch"))?.size += added;
                    let task = Task::new("add-data-rows-to-batch", site.manners.polls);
                    let id = task.id().to_owned();
                    self.tasks.insert(id.clone(), task);
                    json!({"taskId": id})
                }
                "batches" => {
                    let wanted = field.argument(&["where"]);
                    let all =
                        told["batches"]["nodes"].as_array().into_iter().flatten().filter(|one| meets(&wanted, one)).cloned();
                    json!({"nodes": all.collect::<Vec<_>>()})
                }
                _ => continue,
            };
            told[&field.name] = value;
        }
        Ok(told)
    }

    fn new_batch(&mut self, at: usize, input: &Value) -> Result<&mut Batch, Refused> {
        let name = input["name"].as_str().unwrap_or_default();
        let batches = &mut self.projects[at].batches;
        if name.is_empty() || batches.iter().any(|one| one.name == name) {
            let words = "Batch name must be unique within the project";
            return Err(Refused { status: Some(400), ..Refused::new("INTERNAL_SERVER_ERROR", words) });
        }
        batches.push(Batch::new(name));
        batches.last_mut().ok_or_else(|| Refused::not_found("Batch"))
    }

    fn create_batch(&mut self, at: usize, input: &Value) -> Answer {
        let (added, missing) = self.rows_of_batch(input);
        if added + missing.len() > AT_ONCE {
            let words = "A batch takes 1000 data rows at once";
            return Err(Refused { status: Some(400), ..Refused::new("INTERNAL_SERVER_ERROR", words) });
        }
        let batch = self.new_batch(at, input)?;
        batch.size = added;
        Ok(json!({"batch": batch.json(), "failedDataRowIds": missing}))
    }

    /// How many of the rows are there, and which are not.
    fn rows_of_batch(&self, input: &Value) -> (usize, Vec<Value>) {
        let list = |name: &str| input[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let by_id = list("dataRowIds").into_iter().partition::<Vec<_>, _>(|id| self.rows.get(&text(id)).is_some());
        let by_key = list("globalKeys").into_iter().partition::<Vec<_>, _>(|key| self.rows.with_key(&text(key)).is_some());
        (by_id.0.len() + by_key.0.len(), [by_id.1, by_key.1].concat())
    }
}
