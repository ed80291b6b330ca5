//! Ango Hub: projects of assets, whose external ids may repeat, and its own storage of files.
//! Calls as its official SDK sends them: <https://docs.imerit.net/sdk>, <https://docs.imerit.net/api/docs/overview>.

mod assets;
mod projects;
#[cfg(test)]
mod tests;
mod upload;

use crate::api::{Answer, Api, Ask, Base, Scheme, Told};
use crate::form::ANGO as PUBLIC;
use async_trait::async_trait;
use gantry_model::{
    Code, Connection, Container, Habits, Integration, NewContainer, Platform, Problem, Reaction, Row, RowOutcome, RowPage,
    RowThere, Secrets, Target, Who,
};
use std::time::Duration;
pub(crate) use upload::Slots;

/// Rows on a page: the most that the platform gives.
const PAGE: &str = "100";
/// After a call without an answer an asset may still come for so long, unless the connection says otherwise.
const SETTLE: Duration = Duration::from_secs(180);

/// The platform of one key.
#[derive(Debug)]
pub(crate) struct Ango {
    api: Api,
    settle: Duration,
}

/// The caller of a connection's API.
fn api(connection: &Connection, secrets: &Secrets) -> Result<Api, Problem> {
    Api::new(Base::of(connection, PUBLIC)?, secrets, Scheme { header: "apikey", before: "" })
}

impl Ango {
    pub(crate) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        // The form refuses what is no number of seconds; the usual time is the safe one.
        let settle = connection.field("settle_seconds").trim().parse().map_or(SETTLE, Duration::from_secs);
        Ok(Self { api: api(connection, secrets)?, settle })
    }
}

/// Sends a request, and reads the envelope of the answer.
async fn told(api: &Api, ask: Ask<'_>) -> Result<Told, Problem> {
    // Its SDK says the type of the body also where there is none.
    let answer = api.send(ask.header("content-type", "application/json")).await?;
    if !answer.is_success() {
        return Err(refusal(&answer));
    }
    // A failure is a short sentence; a long list is not read twice.
    let short = answer.body.len() <= 64 << 10;
    let status = short.then(|| answer.json()).flatten().map(|json| crate::api::text(&json, "status").to_owned());
    if matches!(status.as_deref(), Some("fail" | "error")) {
        return Err(answer.as_problem(Code::ServerError));
    }
    answer.told()
}

/// What a refusal means, where the platform's words say more than its status.
fn refusal(answer: &Answer) -> Problem {
    let problem = answer.problem();
    let said = problem.fact("said").unwrap_or_default().to_lowercase();
    let code = match problem.code {
        Code::Refused if said.contains("invalid project") => Code::NoSuchContainer,
        Code::Refused if said.contains("invalid storage") => Code::IntegrationInvalid,
        // A batch is a part of the project that the target names.
        Code::Refused if said.contains("invalid batch") => Code::NoSuchContainer,
        _ => return problem,
    };
    Problem { code, reaction: Reaction::AskUser, ..problem }
}

#[async_trait]
impl Platform for Ango {
    fn habits(&self) -> Habits {
        Habits { rows_per_call: 100, unique_keys: false, folds_case: false, lookup_few: 20, settle: self.settle }
    }

    async fn who(&self) -> Result<Who, Problem> {
        // The platform does not say whose key it is; it lists projects for a good one only.
        told(&self.api, Ask::get("who", "/v2/listProjects").query("page", "1").query("limit", "10"))
            .await?
            .list("/data/projects")?;
        Ok(Who::default())
    }

    async fn containers(&self) -> Result<Vec<Container>, Problem> {
        self.all_projects("containers").await
    }

    async fn container(&self, id: &str) -> Result<Container, Problem> {
        self.project(id).await
    }

    async fn create(&self, new: &NewContainer) -> Result<Container, Problem> {
        self.create_project(new).await
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Problem> {
        self.all_storages().await
    }

    async fn prepare(&self, target: &Target) -> Result<(), Problem> {
        self.check_target(target).await
    }

    async fn list(&self, target: &Target, after: Option<&str>) -> Result<RowPage, Problem> {
        self.list_assets(&target.container, after).await
    }

    async fn lookup(&self, target: &Target, keys: &[&str]) -> Result<Vec<Option<RowThere>>, Problem> {
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(self.asset(&target.container, key).await?);
        }
        Ok(found)
    }

    async fn register(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        self.register_assets(target, rows).await
    }

    async fn misfits(&self, _target: &Target, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem> {
        Ok(vec![None; metadata.len()])
    }

    async fn settled(&self, _target: &Target, _keys: &[&str]) -> Result<bool, Problem> {
        Ok(true)
    }
}
