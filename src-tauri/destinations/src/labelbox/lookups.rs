//! Finding rows: a dataset page by page, rows by their keys, and whether Labelbox has finished with them.
//! Keys are the organisation's: a row in another dataset holds its key here too, and is never taken for one of ours.

use super::graphql::Query;
use super::outcomes::url_of;
use super::{AT_ONCE, FEW, Labelbox, faults, operations};
use crate::api::{LISTING, Told, text};
use futures_util::{StreamExt, TryStreamExt, stream};
use gantry_model::words::say;
use gantry_model::{Code, Problem, Row, RowOutcome, RowPage, RowThere, Target};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Keys in one search.
const KEYS: usize = 1000;
/// Rows that are looked at where more than [`FEW`] hold a key and are not in the dataset.
const SAMPLE: usize = 50;

/// What a search for keys found.
#[derive(Debug, Default)]
struct Found {
    /// Ids in the order of the keys, with empty ones where there is no row.
    ids: Vec<String>,
    /// Keys of rows that this person may not see.
    hidden: Vec<String>,
}

impl Labelbox {
    pub(super) async fn page(&self, doing: &'static str, target: &Target, after: Option<&str>) -> Result<RowPage, Problem> {
        let id = target.container.as_str();
        let variables = json!({"id": id, "from": after, "first": operations::ROWS_PAGE, "where": null});
        let told = self.graphql.ask(Query::new(doing, operations::ROWS).with(variables).of(id).cap(LISTING)).await?;
        let rows = told.list("/data/datasetDataRows/nodes")?.iter().map(there).collect();
        let next = text(told.object("/data/datasetDataRows/pageInfo")?, "startCursor");
        let moves = !next.is_empty() && Some(next) != after;
        Ok(RowPage { rows, next: moves.then(|| next.to_owned()) })
    }

    pub(super) async fn under_keys(
        &self,
        doing: &'static str,
        target: &Target,
        keys: &[&str],
    ) -> Result<Vec<Option<RowThere>>, Problem> {
        let mut all = Vec::with_capacity(keys.len());
        for part in keys.chunks(KEYS) {
            let found = self.search(doing, part).await?;
            let ids = found.ids.iter().filter(|id| !id.is_empty());
            let asked: Vec<_> = ids.map(|id| self.row(doing, target, id)).collect();
            let rows: Vec<Option<RowThere>> = stream::iter(asked).buffered(AT_ONCE).try_collect().await?;
            all.extend(found.by_key(part, rows));
        }
        Ok(all)
    }

    /// Looks for keys; waits until Labelbox has looked.
    async fn search(&self, doing: &'static str, keys: &[&str]) -> Result<Found, Problem> {
        let told = self.graphql.ask(Query::new(doing, operations::FOR_KEYS).with(json!({"globalKeys": keys}))).await?;
        let job = told.text("/data/dataRowsForGlobalKeys/jobId")?.to_owned();
        let [mut pause, longest] = self.pauses;
        loop {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
            let told = self.graphql.ask(Query::new(doing, operations::FOR_KEYS_RESULT).with(json!({"jobId": job}))).await?;
            match text(told.object("/data/dataRowsForGlobalKeysResult")?, "jobStatus") {
                "COMPLETE" => return found(&told),
                "FAILED" => return Err(Problem::new(Code::ServerError, doing).with("said", say("labelbox-search-failed", &[]))),
                _ => {}
            }
        }
    }

    /// One row. Of one in another dataset the address is kept back: it stands for nothing here.
    async fn row(&self, doing: &'static str, target: &Target, id: &str) -> Result<Option<RowThere>, Problem> {
        match self.graphql.ask(Query::new(doing, operations::ROW).with(json!({"param_0": id}))).await {
            Err(problem) if faults::is_not_found(&problem) => Ok(None),
            Err(problem) => Err(problem),
            Ok(told) => {
                let value = told.object("/data/dataRow")?;
                let dataset = text(&value["dataset"], "id");
                let here = dataset.is_empty() || dataset == target.container;
                let row = there(value);
                Ok(Some(if here { row } else { RowThere { url: String::new(), ..row } }))
            }
        }
    }

    /// What holds the keys of these rows: the same object, or another one.
    pub(super) async fn judge(
        &self,
        target: &Target,
        rows: &[Row],
        mut taken: Vec<usize>,
    ) -> Result<Vec<(usize, RowOutcome)>, Problem> {
        let mut all = Vec::new();
        if taken.len() > FEW {
            // As many as that were sent by an earlier call, and then they are the newest of their dataset.
            all = self.listed(target, rows, &mut taken).await?;
        }
        let rest = taken.split_off(if taken.len() > FEW { SAMPLE } else { taken.len() });
        let keys: Vec<&str> = taken.iter().map(|at| rows[*at].key.as_str()).collect();
        let found = self.under_keys("register", target, &keys).await?;
        let near: Vec<_> = taken.iter().zip(found).map(|(at, found)| (*at, outcome(&rows[*at], found))).collect();
        // A key that is taken, by a row that is not in this dataset: another dataset has it, unless the listing lags.
        let elsewhere = near.iter().all(|(_, outcome)| matches!(outcome, RowOutcome::Clash(_)));
        all.extend(near);
        all.extend(
            rest.into_iter().map(|at| (at, if elsewhere { RowOutcome::Clash(String::new()) } else { RowOutcome::Unsaid })),
        );
        Ok(all)
    }

    /// Finds rows in the listing, newest first, and takes them off `taken`.
    async fn listed(&self, target: &Target, rows: &[Row], taken: &mut Vec<usize>) -> Result<Vec<(usize, RowOutcome)>, Problem> {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
        for at in taken.drain(..) {
            wanted.entry(rows[at].key.to_lowercase()).or_default().push(at);
        }
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = self.page("register", target, next.as_deref()).await?;
            for there in page.rows {
                let meant = wanted.remove(&there.key.to_lowercase()).unwrap_or_default();
                all.extend(meant.into_iter().map(|at| (at, outcome(&rows[at], Some(there.clone())))));
            }
            next = page.next;
            if wanted.is_empty() || next.is_none() {
                taken.extend(wanted.into_values().flatten());
                return Ok(all);
            }
        }
    }

    pub(super) async fn processed(&self, keys: &[&str]) -> Result<bool, Problem> {
        for part in keys.chunks(KEYS) {
            let told = self.graphql.ask(Query::new("settled", operations::PROCESSED).with(json!({"globalKeys": part}))).await?;
            let answer = told.object("/data/queryAllDataRowsHaveBeenProcessed")?;
            match answer["allDataRowsHaveBeenProcessed"].as_bool() {
                Some(true) => {}
                Some(false) => return Ok(false),
                None => return Err(told.missing("/data/queryAllDataRowsHaveBeenProcessed/allDataRowsHaveBeenProcessed")),
            }
        }
        Ok(true)
    }
}

impl Found {
    /// Rows in the order of `keys`. A row is known by the key that it says; by its place only where it says another one.
    fn by_key(self, keys: &[&str], rows: Vec<Option<RowThere>>) -> Vec<Option<RowThere>> {
        let in_order = self.ids.len() == keys.len();
        let mut rows = rows.into_iter();
        let by_place: Vec<Option<RowThere>> =
            self.ids.iter().map(|id| if id.is_empty() { None } else { rows.next().flatten() }).collect();
        let mut by_key: HashMap<String, RowThere> = HashMap::new();
        for row in by_place.iter().flatten() {
            by_key.entry(row.key.to_lowercase()).or_insert_with(|| row.clone());
        }
        for key in self.hidden {
            by_key.entry(key.to_lowercase()).or_insert(RowThere { id: String::new(), key, url: String::new() });
        }
        let asked: std::collections::HashSet<String> = keys.iter().map(|key| key.to_lowercase()).collect();
        let placed = |at: usize| by_place.get(at).filter(|_| in_order).cloned().flatten();
        let one = |(at, key): (usize, &&str)| {
            by_key.get(&key.to_lowercase()).cloned().or_else(|| placed(at).filter(|row| !asked.contains(&row.key.to_lowercase())))
        };
        keys.iter().enumerate().map(one).collect()
    }
}

fn found(told: &Told) -> Result<Found, Problem> {
    let rows = told.list("/data/dataRowsForGlobalKeysResult/data/fetchedDataRows")?;
    let hidden = told.value.pointer("/data/dataRowsForGlobalKeysResult/data/accessDeniedGlobalKeys");
    let hidden = hidden.and_then(Value::as_array).into_iter().flatten();
    Ok(Found {
        ids: rows.iter().map(|row| text(row, "id").to_owned()).collect(),
        hidden: hidden.filter_map(|key| key.as_str().map(str::to_owned)).collect(),
    })
}

/// A row as Labelbox lists it. Row data that is no address is its content.
fn there(value: &Value) -> RowThere {
    let url = text(value, "rowData");
    let is_address = url.starts_with("https://") || url.starts_with("http://");
    let url = if is_address { url.to_owned() } else { String::new() };
    RowThere { id: text(value, "id").to_owned(), key: text(value, "globalKey").to_owned(), url }
}

fn outcome(row: &Row, there: Option<RowThere>) -> RowOutcome {
    match there {
        // What has no address is known by its name alone.
        Some(there) if there.is_for(url_of(row)) || row.objects.is_empty() => RowOutcome::Same(there.id),
        Some(there) => RowOutcome::Clash(there.id),
        // It was taken a moment ago, and is not now.
        None => RowOutcome::Unsaid,
    }
}
