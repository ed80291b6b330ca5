//! Segments.ai: datasets of samples, which are named once in each dataset, and its own storage of files.
//! Calls as its official SDK sends them: <https://docs.segments.ai/reference/python-sdk>.

mod attributes;
mod datasets;
mod samples;
#[cfg(test)]
mod tests;
mod upload;

use crate::api::{Answer, Api, Ask, Base, Scheme, Told};
use crate::form::{SEGMENTS as PUBLIC, refused_field};
use async_trait::async_trait;
use gantry_model::{
    Code, Connection, Container, Habits, Integration, NewContainer, Platform, Problem, Row, RowOutcome, RowPage, RowThere,
    Secrets, Target, Who,
};
use serde_json::Value;
use std::time::Duration;
pub(crate) use upload::Slots;

/// Rows on a page: the SDK's own number.
const PAGE: usize = 1000;

/// The platform of one key.
#[derive(Debug)]
pub(crate) struct Segments {
    api: Api,
}

/// The caller of a connection's API.
fn api(connection: &Connection, secrets: &Secrets) -> Result<Api, Problem> {
    Api::new(Base::of(connection, PUBLIC)?, secrets, Scheme { header: "authorization", before: "APIKey " })
}

impl Segments {
    pub(crate) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        Ok(Self { api: api(connection, secrets)? })
    }

    /// One page of a list, `ask` made by [`paged`]; `None` past its end, which is said as a refusal.
    async fn page(&self, ask: Ask<'_>) -> Result<Option<Vec<Value>>, Problem> {
        let answer = self.api.send(ask).await?;
        if answer.status == 404 && is_past_the_end(&answer) {
            return Ok(None);
        }
        let told = answer.told()?;
        let rows = told.list("")?;
        Ok((!rows.is_empty()).then(|| rows.clone()))
    }
}

/// A request for a page of a list, counted from 1.
fn paged<'a>(doing: &'static str, path: impl Into<String>, number: u64) -> Ask<'a> {
    Ask::get(doing, path).query("per_page", PAGE.to_string()).query("page", number.to_string())
}

fn is_past_the_end(answer: &Answer) -> bool {
    answer.said().to_lowercase().contains("invalid page")
}

/// A refusal because the name is taken, in one of the two wordings that the SDK looks for.
fn is_taken(problem: &Problem) -> bool {
    let said = problem.fact("said").unwrap_or_default().to_lowercase();
    problem.code == Code::Refused && (said.contains("already exist") || said.contains("already have"))
}

/// Whose key it is, from `GET /user`.
fn who(told: &Told) -> Result<Who, Problem> {
    let name = told.text("/username")?.to_owned();
    let organisations = told.value["organizations"].as_array().into_iter().flatten();
    let others = organisations.map(|one| crate::api::text(one, "username").to_owned()).filter(|one| !one.is_empty());
    let owners = std::iter::once(name.clone()).chain(others).collect();
    let text = |field: &str| crate::api::text(&told.value, field).to_owned();
    Ok(Who { email: text("email"), plan: text("subscription"), owners, name })
}

#[async_trait]
impl Platform for Segments {
    fn habits(&self) -> Habits {
        Habits { rows_per_call: 500, unique_keys: true, folds_case: false, lookup_few: 20, settle: Duration::ZERO }
    }

    async fn who(&self) -> Result<Who, Problem> {
        who(&self.api.told(Ask::get("who", "/user")).await?)
    }

    async fn containers(&self) -> Result<Vec<Container>, Problem> {
        self.all_datasets().await
    }

    async fn container(&self, id: &str) -> Result<Container, Problem> {
        self.dataset(id).await
    }

    async fn create(&self, new: &NewContainer) -> Result<Container, Problem> {
        self.create_dataset(new).await
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Problem> {
        Ok(Vec::new())
    }

    async fn prepare(&self, target: &Target) -> Result<(), Problem> {
        match target {
            _ if !target.batch.is_empty() => Err(refused_field("batch", "no-batches", "prepare")),
            _ if !target.integration.is_empty() => Err(refused_field("integration", "no-integration", "prepare")),
            _ => Ok(()),
        }
    }

    async fn list(&self, target: &Target, after: Option<&str>) -> Result<RowPage, Problem> {
        self.list_samples(&target.container, after).await
    }

    async fn lookup(&self, target: &Target, keys: &[&str]) -> Result<Vec<Option<RowThere>>, Problem> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(self.sample(&target.container, key).await?.map(|(there, _)| there));
        }
        Ok(found)
    }

    async fn register(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        self.register_samples(&target.container, rows).await
    }

    async fn misfits(&self, _target: &Target, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem> {
        Ok(vec![None; metadata.len()])
    }

    async fn settled(&self, _target: &Target, _keys: &[&str]) -> Result<bool, Problem> {
        Ok(true)
    }
}
