//! Labelbox: data rows in datasets, through one GraphQL address; files into its own storage the same way.
//! A global key is unique in the whole organisation, so sending rows again is harmless: what is there is told apart by its address.
//! <https://docs.labelbox.com/docs/import-data>

mod chunks;
mod datasets;
mod faults;
mod graphql;
mod imports;
mod lookups;
mod metadata;
mod operations;
mod outcomes;
mod rows;
mod storage;

use async_trait::async_trait;
use gantry_model::{
    Connection, Container, Habits, Integration, NewContainer, Platform, Problem, Row, RowOutcome, RowPage, RowThere, Secrets,
    Target, Who,
};
use graphql::Graphql;
use metadata::Fields;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
pub(crate) use storage::Files;
use tokio::sync::OnceCell;

/// Where Labelbox itself is.
const ORIGIN: &str = "https://api.labelbox.com";
/// Rows in one import. Labelbox publishes 150,000; an import of this size is told of sooner, and one that is unclear costs less.
/// <https://docs.labelbox.com/docs/limits>
const ROWS_PER_CALL: usize = 10_000;
/// So many rows are asked for one by one.
const FEW: usize = 500;
/// Requests at once where one question is many requests. Labelbox's own tests say that it is unavailable above thirty.
const AT_ONCE: usize = 8;
/// The first pause while an import or a search is going on; it doubles up to the pause of Labelbox's SDK.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The platform with one key.
#[derive(Debug)]
pub(crate) struct Labelbox {
    graphql: Graphql,
    /// It is Labelbox itself, whose pages are known.
    public: bool,
    user: OnceCell<String>,
    /// The first pause and the longest one while an import or a search is going on.
    pauses: [Duration; 2],
    /// What metadata may say, by dataset.
    fields: Mutex<HashMap<String, Arc<Fields>>>,
}

impl Labelbox {
    /// Cheap, and sends nothing.
    ///
    /// # Errors
    /// `bad_field` for an address that is none, `no_secret` without a key.
    pub(crate) fn new(connection: &Connection, secrets: &Secrets) -> Result<Self, Problem> {
        let graphql = Graphql::new(connection, secrets)?;
        let public = graphql.base().origin() == ORIGIN;
        let pauses = [FIRST_PAUSE, LONGEST_PAUSE];
        Ok(Self { graphql, public, user: OnceCell::new(), pauses, fields: Mutex::default() })
    }
}

#[async_trait]
impl Platform for Labelbox {
    fn habits(&self) -> Habits {
        Habits { rows_per_call: ROWS_PER_CALL, unique_keys: true, folds_case: true, lookup_few: FEW, settle: Duration::ZERO }
    }

    async fn who(&self) -> Result<Who, Problem> {
        self.whose().await
    }

    async fn containers(&self) -> Result<Vec<Container>, Problem> {
        self.all_datasets().await
    }

    async fn container(&self, id: &str) -> Result<Container, Problem> {
        self.dataset("container", id).await
    }

    async fn create(&self, new: &NewContainer) -> Result<Container, Problem> {
        self.make(new).await
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Problem> {
        self.all_integrations("integrations").await
    }

    async fn prepare(&self, target: &Target) -> Result<(), Problem> {
        self.forget_fields(&target.container);
        self.make_ready(target).await
    }

    async fn list(&self, target: &Target, after: Option<&str>) -> Result<RowPage, Problem> {
        self.page("list", target, after).await
    }

    async fn lookup(&self, target: &Target, keys: &[&str]) -> Result<Vec<Option<RowThere>>, Problem> {
        self.under_keys("lookup", target, keys).await
    }

    async fn register(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        self.import(target, rows).await
    }

    async fn misfits(&self, target: &Target, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem> {
        if metadata.is_empty() {
            return Ok(Vec::new());
        }
        let fields = self.fields(&target.container).await?;
        Ok(metadata.iter().map(|(name, value)| fields.misfit(name, value)).collect())
    }

    async fn settled(&self, _target: &Target, keys: &[&str]) -> Result<bool, Problem> {
        self.processed(keys).await
    }
}

#[cfg(test)]
mod tests;
