//! A platform in memory with faults on call: what it holds is the truth that tests compare with.
//! It counts how often each row was created, so that a row made twice shows even where keys are not unique.

use async_trait::async_trait;
use gantry_model::{
    Carries, Code, Container, Habits, Integration, NewContainer, Platform, Problem, Row, RowOutcome, RowPage, RowThere, Target,
    Who,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What goes wrong at the platform, and what it is like.
#[derive(Clone, Debug)]
pub struct Manners {
    /// It refuses a second row of the same key.
    pub unique_keys: bool,
    /// After an unclear answer a row may still come for so long.
    pub settle: Duration,
    /// Rows in one call.
    pub rows_per_call: usize,
    /// Every n-th call that creates answers with an error after it has worked; 0 for none.
    pub error_after: usize,
    /// Every n-th call that creates breaks before it has worked; 0 for none.
    pub lost_before: usize,
    /// Rows whose key has this text are refused, one by one.
    pub refuses: Option<&'static str>,
    /// A call with such a row is refused as a whole.
    pub refuses_calls: bool,
    /// The key is revoked after so many calls that create.
    pub revoked_after: Option<usize>,
    /// It says only how many rows it took, not which.
    pub tight_lipped: bool,
    /// Every n-th call that creates is answered with a wish to slow down; 0 for none.
    pub slow_down: usize,
    /// It has no metadata field of this name.
    pub no_field: Option<&'static str>,
}

/// What it carries beside metadata.
pub const CARRIES: Carries =
    Carries { split: "split", tags: "tag", own_fields: true, attachments: &["IMAGE", "RAW_TEXT"], priority: Some((-10, 10)) };

impl Default for Manners {
    fn default() -> Self {
        Self {
            unique_keys: true,
            settle: Duration::ZERO,
            rows_per_call: 100,
            error_after: 0,
            lost_before: 0,
            refuses: None,
            refuses_calls: false,
            revoked_after: None,
            tight_lipped: false,
            slow_down: 0,
            no_field: None,
        }
    }
}

#[derive(Debug, Default)]
struct Inside {
    rows: BTreeMap<String, Vec<(String, String)>>,
    /// The rows as they came, by their keys.
    whole: BTreeMap<String, Row>,
    creates: usize,
    lists: usize,
    lookups: usize,
    next: usize,
    revoked: bool,
}

/// The platform.
#[derive(Clone, Debug)]
pub struct Bureau {
    manners: Manners,
    inside: Arc<Mutex<Inside>>,
}

impl Bureau {
    /// An empty one.
    pub fn new(manners: Manners) -> Self {
        Self { manners, inside: Arc::default() }
    }

    /// The same rows behind other manners.
    pub fn with(&self, manners: Manners) -> Self {
        Self { manners, inside: Arc::clone(&self.inside) }
    }

    /// Keys and how many rows stand under each.
    pub fn rows(&self) -> BTreeMap<String, usize> {
        self.lock().rows.iter().map(|(key, rows)| (key.clone(), rows.len())).collect()
    }

    /// A row as it was made.
    pub fn row(&self, key: &str) -> Option<Row> {
        self.lock().whole.get(key).cloned()
    }

    /// Calls that create, list, look up.
    pub fn calls(&self) -> (usize, usize, usize) {
        let inside = self.lock();
        (inside.creates, inside.lists, inside.lookups)
    }

    /// The key is good again.
    pub fn renew_key(&self) {
        self.lock().revoked = false;
    }

    /// Forgets what was counted.
    pub fn reset_counts(&self) {
        let mut inside = self.lock();
        (inside.creates, inside.lists, inside.lookups) = (0, 0, 0);
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may(&self) -> Result<(), Problem> {
        if self.lock().revoked { Err(Problem::new(Code::BadApiKey, "call").with("said", "Invalid token.")) } else { Ok(()) }
    }

    /// Files rows; the outcome for each.
    fn file(&self, inside: &mut Inside, rows: &[Row]) -> Vec<RowOutcome> {
        rows.iter().map(|row| self.file_one(inside, row)).collect()
    }

    fn file_one(&self, inside: &mut Inside, row: &Row) -> RowOutcome {
        if self.refuses(row) {
            return RowOutcome::Refused(Problem::new(Code::RowRefused, "register").with("said", "cannot read this one"));
        }
        let url = row.objects[0].url.clone();
        if let Some((id, there)) = inside.rows.get(&row.key).and_then(|rows| rows.first()).filter(|_| self.manners.unique_keys) {
            return if *there == url { RowOutcome::Same(id.clone()) } else { RowOutcome::Clash(id.clone()) };
        }
        inside.next += 1;
        let id = format!("row-{}", inside.next);
        inside.rows.entry(row.key.clone()).or_default().push((id.clone(), url));
        inside.whole.insert(row.key.clone(), row.clone());
        if self.manners.tight_lipped { RowOutcome::Unsaid } else { RowOutcome::Registered(id) }
    }

    fn refuses(&self, row: &Row) -> bool {
        self.manners.refuses.is_some_and(|text| row.key.contains(text))
    }
}

#[async_trait]
impl Platform for Bureau {
    fn habits(&self) -> Habits {
        let Manners { rows_per_call, unique_keys, settle, .. } = self.manners;
        Habits { rows_per_call, unique_keys, folds_case: false, lookup_few: 50, settle }
    }

    async fn who(&self) -> Result<Who, Problem> {
        self.may().map(|()| Who { name: "jane".into(), ..Who::default() })
    }

    async fn containers(&self) -> Result<Vec<Container>, Problem> {
        Ok(vec![self.container("birds").await?])
    }

    async fn container(&self, id: &str) -> Result<Container, Problem> {
        self.may()?;
        let rows = self.lock().rows.values().map(Vec::len).sum::<usize>() as u64;
        Ok(Container { id: id.to_owned(), name: id.to_owned(), rows: Some(rows), ..Container::default() })
    }

    async fn create(&self, new: &NewContainer) -> Result<Container, Problem> {
        self.container(&new.name).await
    }

    async fn integrations(&self) -> Result<Vec<Integration>, Problem> {
        Ok(Vec::new())
    }

    async fn prepare(&self, _: &Target) -> Result<(), Problem> {
        self.may()
    }

    async fn list(&self, _: &Target, after: Option<&str>) -> Result<RowPage, Problem> {
        self.may()?;
        let mut inside = self.lock();
        inside.lists += usize::from(after.is_none());
        let there = inside.rows.iter().filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)).take(1000);
        let rows: Vec<RowThere> = there
            .flat_map(|(key, rows)| rows.iter().map(|(id, url)| RowThere { id: id.clone(), key: key.clone(), url: url.clone() }))
            .collect();
        let next = rows.last().filter(|_| rows.len() >= 1000).map(|row| row.key.clone());
        Ok(RowPage { rows, next })
    }

    async fn lookup(&self, _: &Target, keys: &[&str]) -> Result<Vec<Option<RowThere>>, Problem> {
        self.may()?;
        let mut inside = self.lock();
        inside.lookups += 1;
        let there = |key: &&str| {
            let (id, url) = inside.rows.get(*key)?.first()?.clone();
            Some(RowThere { id, key: (*key).to_owned(), url })
        };
        Ok(keys.iter().map(there).collect())
    }

    async fn register(&self, _: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        self.may()?;
        let mut inside = self.lock();
        inside.creates += 1;
        let nth = |every: usize, count: usize| every > 0 && count.is_multiple_of(every);
        if self.manners.revoked_after.is_some_and(|after| inside.creates > after) {
            inside.revoked = true;
            return Err(Problem::new(Code::BadApiKey, "register"));
        }
        if nth(self.manners.slow_down, inside.creates) {
            return Err(Problem::new(Code::SlowDown, "register").after(Some(Duration::from_millis(30))));
        }
        if nth(self.manners.lost_before, inside.creates) {
            return Err(Problem::new(Code::ConnectionLost, "register"));
        }
        if self.manners.refuses_calls && rows.iter().any(|row| self.refuses(row)) {
            return Err(Problem::new(Code::RowRefused, "register").with("said", "one of these is bad"));
        }
        let outcomes = self.file(&mut inside, rows);
        if nth(self.manners.error_after, inside.creates) {
            return Err(Problem::new(Code::ServerError, "register"));
        }
        Ok(outcomes)
    }

    async fn misfits(&self, _: &Target, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem> {
        self.may()?;
        let misfit = |(name, value): &(String, String)| {
            let unknown = self.manners.no_field.filter(|field| field == name).map(|field| format!("no field {field}"));
            unknown.or_else(|| {
                (name == "altitude" && value.parse::<f64>().is_err() && !value.is_empty())
                    .then(|| format!("{value} is no number"))
            })
        };
        Ok(metadata.iter().map(misfit).collect())
    }

    async fn settled(&self, _: &Target, _: &[&str]) -> Result<bool, Problem> {
        Ok(true)
    }
}
