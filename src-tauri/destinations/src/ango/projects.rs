//! Projects with their batches, and the storages of the organisation. Names of projects may repeat.

use super::{Ango, PAGE, PUBLIC, told};
use crate::api::{Api, Ask, Load, encode, text};
use gantry_model::{Class, Code, Container, Integration, MediaKind, NewContainer, Problem, Reaction, Shape, Target};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The type of projects for point clouds, which take no files into the platform's own storage.
pub(super) const POINT_CLOUDS: &str = "pct";

/// One project as the platform tells it.
pub(super) async fn project(api: &Api, doing: &'static str, id: &str) -> Result<Container, Problem> {
    if id.is_empty() {
        return Err(Problem::new(Code::NoSuchContainer, doing).with("container", id));
    }
    let told = told(api, Ask::get(doing, format!("/v2/project/{}", encode(id))).of(id)).await?;
    told.text("/data/project/_id")?;
    Ok(as_container(api, told.object("/data/project")?))
}

fn as_container(api: &Api, told: &Value) -> Container {
    let id = text(told, "_id");
    let kind = text(told, "type");
    let batches = told["batches"].as_array().into_iter().flatten();
    // Its documentation reads the id of a project from the address of its page.
    let public = api.base().as_str() == PUBLIC;
    Container {
        id: id.to_owned(),
        name: text(told, "name").to_owned(),
        owner: text(told, "organization").to_owned(),
        kind: kind.to_owned(),
        takes: if kind == POINT_CLOUDS { vec![MediaKind::PointCloud] } else { Vec::new() },
        shape: Shape::Single,
        rows: told["assetCount"].as_u64(),
        link: if public { format!("https://imerit.ango.ai/projects/{}", encode(id)) } else { String::new() },
        batches: batches.map(|one| (text(one, "_id").to_owned(), text(one, "name").to_owned())).collect(),
    }
}

impl Ango {
    /// Entries of a list, all pages. A page that brings nothing new is the last: not every server knows pages.
    async fn all(&self, doing: &'static str, path: &str, list: &str) -> Result<Vec<Value>, Problem> {
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        for number in 1.. {
            let ask = Ask::get(doing, path).query("page", number.to_string()).query("limit", PAGE);
            let told = told(&self.api, ask).await?;
            let before = all.len();
            let page = told.list(list)?.iter().filter(|one| !text(one, "_id").is_empty());
            all.extend(page.filter(|one| seen.insert(text(one, "_id").to_owned())).cloned());
            let complete =
                told.value.pointer("/data/total").and_then(Value::as_u64).is_some_and(|total| all.len() as u64 >= total);
            if all.len() == before || complete {
                break;
            }
        }
        Ok(all)
    }

    pub(super) async fn all_projects(&self, doing: &'static str) -> Result<Vec<Container>, Problem> {
        let all = self.all(doing, "/v2/listProjects", "/data/projects").await?;
        Ok(all.iter().map(|one| as_container(&self.api, one)).collect())
    }

    pub(super) async fn project(&self, id: &str) -> Result<Container, Problem> {
        project(&self.api, "container", id).await
    }

    /// Makes one, or gives the one of this name that is there: nothing else tells a project that was made by a call
    /// without an answer.
    pub(super) async fn create_project(&self, new: &NewContainer) -> Result<Container, Problem> {
        if let Some(there) = self.named(&new.name).await? {
            return self.project(&there.id).await;
        }
        let mut body = json!({"name": new.name, "description": ""});
        if !new.kind.is_empty() {
            body["type"] = new.kind.as_str().into();
        }
        match told(&self.api, Ask::post("create", "/v2/project", Load::json(&body)?)).await {
            Ok(told) => {
                told.text("/data/project/_id")?;
                Ok(as_container(&self.api, told.object("/data/project")?))
            }
            Err(problem) if matches!(problem.code.class(), Class::Unknown | Class::Network) && problem.code != Code::Offline => {
                match self.named(&new.name).await {
                    Ok(Some(there)) => self.project(&there.id).await.map_err(|_| problem),
                    _ => Err(problem),
                }
            }
            Err(problem) => Err(problem),
        }
    }

    async fn named(&self, name: &str) -> Result<Option<Container>, Problem> {
        Ok(self.all_projects("create").await?.into_iter().find(|one| one.name == name))
    }

    pub(super) async fn all_storages(&self) -> Result<Vec<Integration>, Problem> {
        let all = self.all("integrations", "/v2/storages", "/data/storages").await?;
        Ok(all.iter().map(as_integration).collect())
    }

    /// The project, its batch and the storage are there.
    pub(super) async fn check_target(&self, target: &Target) -> Result<(), Problem> {
        let project = project(&self.api, "prepare", &target.container).await?;
        if !target.batch.is_empty() && !project.batches.iter().any(|(id, _)| *id == target.batch) {
            let said = format!("no batch {}", target.batch);
            return Err(Problem::new(Code::NoSuchContainer, "prepare").with("container", project.name).with("said", said));
        }
        if target.integration.is_empty() || self.all_storages().await?.iter().any(|one| one.id == target.integration) {
            return Ok(());
        }
        let problem = Problem::new(Code::IntegrationInvalid, "prepare").with("integration", target.integration.clone());
        Err(Problem { reaction: Reaction::AskUser, ..problem })
    }
}

/// The documentation calls the provider `type` and writes `aws`, the SDK calls it `provider` and writes `AWS`.
fn as_integration(told: &Value) -> Integration {
    let provider = Some(text(told, "provider")).filter(|one| !one.is_empty()).unwrap_or(text(told, "type")).to_uppercase();
    Integration {
        id: text(told, "_id").to_owned(),
        name: text(told, "name").to_owned(),
        provider: if provider == "GCS" { "GCP".to_owned() } else { provider },
        bucket: text(told, "bucket").to_owned(),
        valid: None,
        is_default: false,
    }
}
