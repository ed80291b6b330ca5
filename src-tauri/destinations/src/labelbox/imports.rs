//! An import: files of rows, a manifest of these files, a task that is asked about until it has ended, and an outcome for each row.
//! It never ends before Labelbox says that it has; who waits no longer drops it, and may send the same rows again.

use super::graphql::{File, Query};
use super::rows::{self, refused};
use super::{Labelbox, chunks, faults, operations};
use crate::api::{text, whole};
use bytes::Bytes;
use gantry_model::words::say;
use gantry_model::{Code, Problem, Reaction, Row, RowOutcome, Target};
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers to the question how far a task is that may be missing one after the other.
const SILENT: u32 = 10;

/// How an import ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) task: String,
    /// What Labelbox says about an import that failed as a whole.
    pub(super) failed: Option<String>,
}

impl Labelbox {
    pub(super) async fn import(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        let fields = match rows.iter().any(rows::has_metadata) {
            true => self.fields(&target.container).await?,
            false => Arc::default(),
        };
        let mut outcomes: Vec<Option<RowOutcome>> = vec![None; rows.len()];
        let mut items = Vec::with_capacity(rows.len());
        for (row, outcome) in rows.iter().zip(&mut outcomes) {
            match rows::item(row, &fields, &target.container) {
                Ok(item) => items.push(item),
                Err(problem) => *outcome = Some(RowOutcome::Refused(problem)),
            }
        }
        if !items.is_empty() {
            let user = self.user_id("register").await?;
            let task = self.begin_import(&items).await?;
            drop(items);
            let ended = self.wait_for(user, task).await?;
            self.tell_outcomes(target, rows, &mut outcomes, &ended).await?;
        }
        Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or(RowOutcome::Unsaid)).collect())
    }

    /// Sends the rows and gives the id of the task.
    async fn begin_import(&self, items: &[Vec<u8>]) -> Result<String, Problem> {
        let mut chunks = Vec::new();
        for array in chunks::arrays(items, chunks::LIMIT) {
            chunks.push(self.upload_json("json_import.json", array).await?);
        }
        let manifest = json!({"source": "SDK", "item_count": items.len(), "chunk_uris": chunks});
        let manifest = self.upload_json("manifest.json", manifest.to_string().into()).await?;
        let query = Query::new("register", operations::UPSERT).with(json!({"manifestUri": manifest}));
        Ok(self.graphql.ask(query).await?.text("/data/upsertDataRows/id")?.to_owned())
    }

    async fn upload_json(&self, name: &str, json: Bytes) -> Result<String, Problem> {
        let content = whole(json);
        self.graphql.upload("register", File { name, content_type: "application/json", content }).await
    }

    /// Asks until the task has ended. A question that fails is not repeated: the next one comes anyhow.
    async fn wait_for(&self, user: &str, task: String) -> Result<Ended, Problem> {
        let ([mut pause, longest], mut silent) = (self.pauses, 0);
        loop {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
            match self.ask_about(user, &task).await {
                Ok(told) => match text(&told, "status") {
                    "COMPLETE" => return Ok(Ended { task, failed: None }),
                    "FAILED" => return Ok(Ended { task, failed: Some(self.graphql.said(&words(&told["errors"]))) }),
                    "CANCELED" | "CANCELLED" => return Err(cancelled()),
                    _ => silent = 0,
                },
                Err(problem) if problem.reaction == Reaction::Retry && silent < SILENT => {
                    silent += 1;
                    pause = pause.max(problem.wait.unwrap_or_default());
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    async fn ask_about(&self, user: &str, task: &str) -> Result<Value, Problem> {
        let query = Query::new("register", operations::TASK).with(json!({"userId": user, "taskId": task}));
        let told = self.graphql.ask(query).await?;
        Ok(told.object("/data/user/createdTasks/0")?.clone())
    }
}

fn cancelled() -> Problem {
    let mut problem = Problem::new(Code::Refused, "register").with("said", say("labelbox-import-cancelled", &[]));
    problem.reaction = Reaction::AskUser;
    problem
}

/// The problem of an import that failed as a whole. Its files may not have been readable yet, so it is worth another try.
/// <https://github.com/Labelbox/labelbox-python/issues/1776>
pub(super) fn failed_as_a_whole(said: &str) -> Problem {
    let code = if faults::is_of_plan(said) { Code::PlanLimit } else { Code::ServerError };
    let said = if said.is_empty() { say("labelbox-import-failed", &[]) } else { said.to_owned() };
    Problem::new(code, "register").with("said", said)
}

/// The platform's own words about one row.
pub(super) fn refusal(said: &str) -> RowOutcome {
    let said = if said.is_empty() { say("labelbox-import-failed", &[]) } else { said.to_owned() };
    RowOutcome::Refused(refused(&said))
}

/// The sentences in a task's errors, whose form Labelbox does not publish.
fn words(errors: &Value) -> String {
    match errors {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().take(3).map(words).filter(|one| !one.is_empty()).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let said = ["message", "error", "detail", "errors"].iter().find_map(|name| fields.get(*name));
            said.map(words).unwrap_or_default()
        }
        _ => String::new(),
    }
}
