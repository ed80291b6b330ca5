//! What came of each row of an import, from the two lists that Labelbox keeps: rows refused, rows made.
//! A list's order means nothing: rows are found by their key in any case, and by their address where several have that key.

use super::graphql::Query;
use super::imports::{Ended, failed_as_a_whole, refusal};
use super::{Labelbox, operations};
use crate::api::{LISTING, text};
use gantry_model::platform::bare;
use gantry_model::{Problem, Row, RowOutcome, Target};
use serde_json::{Value, json};
use std::collections::HashMap;

/// How Labelbox says that the key is taken. The SDK's own tests know it by these words.
const DUPLICATE: &str = "duplicate global key";

/// Rows of an import that have no outcome yet, by key and by address.
struct Open<'a> {
    rows: &'a [Row],
    by_key: HashMap<String, Vec<usize>>,
    by_url: HashMap<&'a str, Vec<usize>>,
    told: Vec<bool>,
}

impl<'a> Open<'a> {
    fn new(rows: &'a [Row], outcomes: &[Option<RowOutcome>]) -> Self {
        let (mut by_key, mut by_url): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (at, row) in rows.iter().enumerate().filter(|(at, _)| outcomes[*at].is_none()) {
            by_key.entry(row.key.to_lowercase()).or_default().push(at);
            by_url.entry(url_of(row)).or_default().push(at);
        }
        Self { rows, by_key, by_url, told: vec![false; rows.len()] }
    }

    /// The row that is meant by a key and an address.
    fn take(&mut self, key: &str, url: &str) -> Option<usize> {
        let meant = if key.is_empty() { self.by_url.get(bare(url)) } else { self.by_key.get(&key.to_lowercase()) };
        let open = || meant.into_iter().flatten().copied().filter(|at| !self.told[*at]);
        let at = open().find(|at| url_of(&self.rows[*at]) == bare(url)).or_else(|| open().next())?;
        self.told[at] = true;
        Some(at)
    }
}

/// The address of what a row is about, without any signature.
pub(super) fn url_of(row: &Row) -> &str {
    row.objects.first().map_or("", |object| bare(&object.url))
}

impl Labelbox {
    /// Fills in the outcomes that are still open.
    pub(super) async fn tell_outcomes(
        &self,
        target: &Target,
        rows: &[Row],
        outcomes: &mut [Option<RowOutcome>],
        ended: &Ended,
    ) -> Result<(), Problem> {
        let failed = self.outcome_list(&ended.task, operations::FAILED, "failedDataRowImports", "results").await?;
        let made = self.outcome_list(&ended.task, operations::SUCCEEDED, "successesfulDataRowImports", "nodes").await?;
        if let (Some(said), true, true) = (&ended.failed, failed.is_empty(), made.is_empty()) {
            return Err(failed_as_a_whole(said));
        }
        let mut open = Open::new(rows, outcomes);
        for node in &made {
            if let Some(at) = open.take(text(node, "globalKey"), text(node, "rowData")) {
                outcomes[at] = Some(RowOutcome::Registered(text(node, "id").to_owned()));
            }
        }
        let mut taken = Vec::new();
        for one in &failed {
            let (spec, message) = (&one["spec"], text(one, "message"));
            match open.take(text(spec, "globalKey"), text(spec, "rowData")) {
                Some(at) if message.to_lowercase().contains(DUPLICATE) => taken.push(at),
                Some(at) => outcomes[at] = Some(refusal(&self.graphql.said(message))),
                None => {}
            }
        }
        if made.is_empty() && taken.is_empty() && !failed.is_empty() {
            // Not one row went in: perhaps there is nothing left that they could go into.
            self.dataset("register", &target.container).await?;
        }
        for (at, outcome) in self.judge(target, rows, taken).await? {
            outcomes[at] = Some(outcome);
        }
        Ok(())
    }

    /// A list of a task's rows, all pages.
    async fn outcome_list(&self, task: &str, query: &str, root: &str, list: &str) -> Result<Vec<Value>, Problem> {
        let (mut all, mut from) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({"taskId": task, "first": operations::OUTCOMES_PAGE, "from": from});
            let mut told = self.graphql.ask(Query::new("register", query).with(variables).cap(LISTING)).await?;
            told.list(&format!("/data/{root}/{list}"))?;
            let page = told.value["data"][root].take();
            let after = page["after"].clone();
            if let Value::Object(mut page) = page
                && let Some(Value::Array(mut rows)) = page.remove(list)
            {
                all.append(&mut rows);
            }
            // A cursor that does not move would lead to the same page for ever.
            if !after.is_string() || after == from {
                return Ok(all);
            }
            from = after;
        }
    }
}
