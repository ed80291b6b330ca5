//! Whose key it is, datasets, and the integrations that open a person's bucket to them.
//! A dataset that was just made and cannot read the bucket is deleted again; no other one ever is.

use super::graphql::Query;
use super::{Labelbox, faults, operations};
use crate::api::{Told, text};
use crate::form::refused_field;
use gantry_model::words::{Value as Word, say};
use gantry_model::{Code, Container, Integration, NewContainer, Problem, Reaction, Shape, Target, Who};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// An address, a hash of the key that means nothing outside this process, and the name of a dataset.
type Wish = (String, u64, String);
/// Ids of the datasets that were there under a name before one more was asked for.
type Before = HashMap<Wish, HashSet<String>>;

/// What was there before, until it is known what came of the wish.
static UNCLEAR: LazyLock<(RandomState, Mutex<Before>)> = LazyLock::new(Default::default);

impl Labelbox {
    pub(super) async fn whose(&self) -> Result<Who, Problem> {
        let told = self.graphql.ask(Query::new("who", operations::USER)).await?;
        let user = told.object("/data/user")?;
        let id = told.text("/data/user/id")?.to_owned();
        let _ = self.user.set(id);
        let organisation = self.graphql.ask(Query::new("who", operations::ORGANIZATION)).await?;
        let owner = text(organisation.object("/data/organization")?, "name").to_owned();
        let name = ["name", "nickname", "email"].into_iter().map(|field| text(user, field)).find(|name| !name.is_empty());
        Ok(Who {
            name: name.unwrap_or_default().to_owned(),
            email: text(user, "email").to_owned(),
            owners: if owner.is_empty() { Vec::new() } else { vec![owner] },
            plan: String::new(),
        })
    }

    /// The id of the person, which imports are asked about with.
    pub(super) async fn user_id(&self, doing: &'static str) -> Result<&str, Problem> {
        let asked = || async {
            let told = self.graphql.ask(Query::new(doing, operations::USER)).await?;
            Ok(told.text("/data/user/id")?.to_owned())
        };
        self.user.get_or_try_init(asked).await.map(String::as_str)
    }

    pub(super) async fn all_datasets(&self) -> Result<Vec<Container>, Problem> {
        let mut found: Vec<Container> = Vec::new();
        let mut seen = HashSet::new();
        for skip in (0..).step_by(operations::DATASETS_PAGE) {
            let query = operations::datasets(skip);
            let told = self.graphql.ask(Query::new("containers", &query).with(json!({"param_0": false}))).await?;
            let page = self.datasets_of(&told)?;
            let full = page.len() >= operations::DATASETS_PAGE;
            let before = found.len();
            found.extend(page.into_iter().filter(|one| seen.insert(one.id.clone())));
            // A full page that brings nothing new is one that was had before.
            if !full || found.len() == before {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn dataset(&self, doing: &'static str, id: &str) -> Result<Container, Problem> {
        let query = Query::new(doing, operations::DATASET).with(json!({"param_0": id})).of(id);
        let told = self.graphql.ask(query).await?;
        self.container_of(told.object("/data/dataset")?).ok_or_else(|| told.missing("/data/dataset/id"))
    }

    async fn datasets_named(&self, name: &str) -> Result<Vec<Container>, Problem> {
        let variables = json!({"param_0": name, "param_1": false});
        let told = self.graphql.ask(Query::new("create", operations::DATASETS_NAMED).with(variables)).await?;
        self.datasets_of(&told)
    }

    fn datasets_of(&self, told: &Told) -> Result<Vec<Container>, Problem> {
        let all = told.list("/data/datasets")?.iter();
        all.map(|one| self.container_of(one).ok_or_else(|| told.missing("/data/datasets/id"))).collect()
    }

    fn container_of(&self, value: &Value) -> Option<Container> {
        let id = text(value, "id").to_owned();
        let link = if self.public { format!("https://app.labelbox.com/data/{}", crate::api::encode(&id)) } else { String::new() };
        let (name, rows) = (text(value, "name").to_owned(), value["rowCount"].as_u64());
        (!id.is_empty()).then(|| Container { id, name, rows, link, shape: Shape::Single, ..Container::default() })
    }

    /// Makes a dataset. Names are not unique, so what an unclear call has made is told by what was there before it.
    pub(super) async fn make(&self, new: &NewContainer) -> Result<Container, Problem> {
        if !new.integration.is_empty() {
            self.valid_integration("create", &new.integration).await?;
        }
        let wish = self.wish(&new.name);
        let there = self.datasets_named(&new.name).await?;
        let before = unclear().get(&wish).cloned();
        let mine = before.and_then(|before| there.iter().find(|one| !before.contains(&one.id)).cloned());
        let made = match mine {
            Some(mine) => mine,
            None => {
                unclear().entry(wish.clone()).or_insert_with(|| there.into_iter().map(|one| one.id).collect());
                self.create_dataset(&new.name, &wish).await?
            }
        };
        if !new.integration.is_empty() {
            self.attach("create", &made.id, &new.integration).await?;
            if let Err(problem) = self.validate("create", &made.id).await {
                if problem.code == Code::IntegrationInvalid {
                    self.delete(&made.id).await?;
                    unclear().remove(&wish);
                }
                return Err(problem);
            }
        }
        unclear().remove(&wish);
        Ok(made)
    }

    async fn create_dataset(&self, name: &str, wish: &Wish) -> Result<Container, Problem> {
        let told = self.graphql.ask(Query::new("create", operations::CREATE_DATASET).with(json!({"name": name}))).await;
        if told.as_ref().is_err_and(|problem| problem.reaction != Reaction::Retry) {
            unclear().remove(wish);
        }
        let told = told?;
        self.container_of(told.object("/data/createDataset")?).ok_or_else(|| told.missing("/data/createDataset/id"))
    }

    fn wish(&self, name: &str) -> Wish {
        (self.graphql.base().as_str().to_owned(), UNCLEAR.0.hash_one(self.graphql.key()), name.to_owned())
    }

    async fn delete(&self, id: &str) -> Result<(), Problem> {
        let query = Query::new("create", operations::DELETE_DATASET).with(json!({"DatasetId": id})).of(id);
        match self.graphql.ask(query).await {
            Err(problem) if !faults::is_not_found(&problem) => Err(problem),
            _ => Ok(()),
        }
    }

    pub(super) async fn all_integrations(&self, doing: &'static str) -> Result<Vec<Integration>, Problem> {
        let told = self.graphql.ask(Query::new(doing, operations::INTEGRATIONS)).await?;
        Ok(told.list("/data/iamIntegrations")?.iter().map(integration).collect())
    }

    /// The integration of this id, if Labelbox holds it for valid.
    async fn valid_integration(&self, doing: &'static str, id: &str) -> Result<Integration, Problem> {
        let all = self.all_integrations(doing).await?;
        let invalid = |said: String| Err(Problem::new(Code::IntegrationInvalid, doing).with("said", said));
        match all.into_iter().find(|one| one.id == id) {
            None => invalid(say("labelbox-integration-gone", &[])),
            Some(one) if one.valid == Some(false) => {
                invalid(say("labelbox-integration-invalid", &[("name", Word::Text(&one.name))]))
            }
            Some(one) => Ok(one),
        }
    }

    pub(super) async fn make_ready(&self, target: &Target) -> Result<(), Problem> {
        if !target.batch.is_empty() {
            return Err(refused_field("batch", "batch-of-project", "prepare"));
        }
        let id = target.container.as_str();
        if target.integration.is_empty() {
            return self.dataset("prepare", id).await.map(|_| ());
        }
        let query = Query::new("prepare", operations::DATASET_SIGNER).with(json!({"param_0": id})).of(id);
        let told = self.graphql.ask(query).await?;
        let attached = text(&told.object("/data/dataset")?["signer"], "id") == target.integration;
        self.valid_integration("prepare", &target.integration).await?;
        if !attached {
            self.attach("prepare", id, &target.integration).await?;
        }
        self.validate("prepare", id).await
    }

    async fn attach(&self, doing: &'static str, dataset: &str, integration: &str) -> Result<(), Problem> {
        let variables = json!({"signerId": integration, "datasetId": dataset});
        let told = self.graphql.ask(Query::new(doing, operations::SET_SIGNER).with(variables).of(dataset)).await?;
        told.object("/data/setSignerForDataset").map(|_| ())
    }

    async fn validate(&self, doing: &'static str, dataset: &str) -> Result<(), Problem> {
        let query = Query::new(doing, operations::VALIDATE_DATASET).with(json!({"id": dataset})).of(dataset);
        let told = self.graphql.ask(query).await?;
        let checked = told.object("/data/validateDataset")?;
        if checked["valid"].as_bool().ok_or_else(|| told.missing("/data/validateDataset/valid"))? {
            return Ok(());
        }
        let checks = checked["checks"].as_array().into_iter().flatten();
        let failed: Vec<&str> = checks.filter(|one| one["success"] != true).map(|one| text(one, "name")).collect();
        let said = if failed.is_empty() { say("labelbox-integration-fails", &[]) } else { failed.join(", ") };
        Err(Problem::new(Code::IntegrationInvalid, doing).with("said", self.graphql.said(&said)))
    }
}

fn integration(value: &Value) -> Integration {
    let field = |name: &str| text(value, name).to_owned();
    Integration {
        id: field("id"),
        name: field("name"),
        provider: field("provider"),
        bucket: text(&value["settings"], "readBucket").to_owned(),
        valid: value["valid"].as_bool(),
        is_default: value["isOrgDefault"] == true,
    }
}

fn unclear() -> MutexGuard<'static, Before> {
    UNCLEAR.1.lock().unwrap_or_else(PoisonError::into_inner)
}
