//! Samples: what is there, and adding many in one call. A name that is there already comes back unchanged and without an
//! error, so what came back is compared with what was sent.

use super::attributes::{self, PCD_TYPE, addresses, first};
use super::datasets::path;
use super::{Segments, is_taken, paged};
use crate::api::{Ask, LISTING, Load, text};
use crate::http;
use gantry_model::platform::bare;
use gantry_model::{Code, Problem, Row, RowOutcome, RowPage, RowThere};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

/// How far a sample must be older than the call that gave it back, to have been there before.
const OLDER: Duration = Duration::from_secs(5);

impl Segments {
    /// A page of samples. `after` is the number of the page and the first name of the one before.
    pub(super) async fn list_samples(&self, container: &str, after: Option<&str>) -> Result<RowPage, Problem> {
        let (number, before) = match after {
            Some(after) => after.split_once(' ').unwrap_or((after, "")),
            None => ("1", ""),
        };
        let number: u64 = number.parse().map_err(|_| Problem::new(Code::Bug, "list").with("said", "no such page"))?;
        let ask = paged("list", format!("{}samples/", path(container)?), number).of(container).cap(LISTING);
        let Some(page) = self.page(ask.query("sort", "name")).await? else { return Ok(RowPage::default()) };
        let rows: Vec<RowThere> = page.iter().filter_map(there).collect();
        let first = rows.first().map(|row| row.id.clone()).unwrap_or_default();
        // A server that knows no pages gives the first one for ever.
        if first.is_empty() || first == before {
            return Ok(RowPage::default());
        }
        Ok(RowPage { rows, next: Some(format!("{} {first}", number + 1)) })
    }

    /// The sample of this name, with its attributes. The platform can only be asked for names that contain it.
    pub(super) async fn sample(&self, container: &str, name: &str) -> Result<Option<(RowThere, Value)>, Problem> {
        let mut before = String::new();
        for number in 1.. {
            let ask = paged("lookup", format!("{}samples/", path(container)?), number).of(container).cap(LISTING);
            let Some(page) = self.page(ask.query("name__contains", name)).await? else { return Ok(None) };
            if let Some(one) = page.iter().find(|one| text(one, "name") == name) {
                return Ok(there(one).map(|row| (row, one["attributes"].clone())));
            }
            let first = page.first().map(|one| text(one, "uuid").to_owned()).unwrap_or_default();
            if first.is_empty() || first == before {
                break;
            }
            before = first;
        }
        Ok(None)
    }

    pub(super) async fn register_samples(&self, container: &str, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        let built: Vec<Result<Value, Problem>> = rows.iter().map(attributes::of).collect();
        let sent: Vec<(&Row, &Value)> =
            rows.iter().zip(&built).filter_map(|(row, one)| Some((row, one.as_ref().ok()?))).collect();
        let mut outcomes = self.add(container, &sent).await?.into_iter();
        let each = built.iter().map(|one| match one {
            Ok(_) => outcomes.next().unwrap_or(RowOutcome::Unsaid),
            Err(problem) => RowOutcome::Refused(problem.clone()),
        });
        Ok(each.collect())
    }

    /// Adds samples; an outcome for each, in order.
    async fn add(&self, container: &str, rows: &[(&Row, &Value)]) -> Result<Vec<RowOutcome>, Problem> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let body: Vec<String> = rows.iter().map(|(row, attributes)| sample(row, attributes)).collect();
        let body = Load::Gzip(format!("[{}]", body.join(",")).into());
        let ask = Ask::post("register", format!("{}samples_bulk/", path(container)?), body);
        let began = Instant::now();
        let answer = self.api.send(ask.of(container).cap(LISTING)).await?;
        let date = answer.header("date").and_then(http::date);
        let told = match answer.told() {
            Ok(told) => told,
            Err(problem) if is_taken(&problem) => return self.as_they_are(container, rows).await,
            Err(problem) if problem.code == Code::Refused => {
                return Err(Problem { reaction: Code::RowRefused.reaction(), code: Code::RowRefused, ..problem });
            }
            Err(problem) => return Err(problem),
        };
        let back = told.list("")?;
        if back.is_empty() {
            return Err(told.missing(""));
        }
        let by_name: HashMap<&str, &Value> = back.iter().map(|one| (text(one, "name"), one)).collect();
        let new_since = date.and_then(|date| date.checked_sub(began.elapsed() + OLDER));
        let outcome = |(row, attributes): &(&Row, &Value)| match by_name.get(row.key.as_str()) {
            Some(one) => compared(one, attributes, new_since),
            None => RowOutcome::Unsaid,
        };
        Ok(rows.iter().map(outcome).collect())
    }

    /// What is there of these rows, after the platform refused all of them because some are.
    async fn as_they_are(&self, container: &str, rows: &[(&Row, &Value)]) -> Result<Vec<RowOutcome>, Problem> {
        let mut found: HashMap<String, Value> = HashMap::new();
        if rows.len() <= gantry_model::Platform::habits(self).lookup_few {
            for (row, _) in rows {
                if let Some((there, attributes)) = self.sample(container, &row.key).await? {
                    found.insert(row.key.clone(), json!({"uuid": there.id, "attributes": attributes}));
                }
            }
        } else {
            for number in 1.. {
                let ask = paged("register", format!("{}samples/", path(container)?), number).of(container).cap(LISTING);
                let Some(page) = self.page(ask.query("sort", "name")).await? else { break };
                let before = found.len();
                found.extend(page.into_iter().map(|one| (text(&one, "name").to_owned(), one)));
                if found.len() == before {
                    break;
                }
            }
        }
        let outcome = |(row, attributes): &(&Row, &Value)| match found.get(&row.key) {
            Some(one) => match compared(one, attributes, None) {
                RowOutcome::Registered(id) => RowOutcome::Same(id),
                other => other,
            },
            None => RowOutcome::Unsaid,
        };
        Ok(rows.iter().map(outcome).collect())
    }
}

/// One sample of a call, with what the SDK sends and nothing that is empty.
fn sample(row: &Row, attributes: &Value) -> String {
    if let Some(own) = &row.own {
        return own.0.clone();
    }
    let mut sample = json!({"name": row.key, "attributes": attributes});
    let metadata: Map<String, Value> = row
        .metadata
        .iter()
        .filter(|(name, _)| name != PCD_TYPE)
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    if !metadata.is_empty() {
        sample["metadata"] = metadata.into();
    }
    if row.priority != 0 {
        sample["priority"] = row.priority.into();
    }
    sample.to_string()
}

fn there(told: &Value) -> Option<RowThere> {
    let (id, key) = (text(told, "uuid"), text(told, "name"));
    let url = first(&told["attributes"]).to_owned();
    (!id.is_empty()).then(|| RowThere { id: id.to_owned(), key: key.to_owned(), url })
}

/// What a sample that came back says about the one that was sent.
fn compared(back: &Value, sent: &Value, new_since: Option<SystemTime>) -> RowOutcome {
    let id = text(back, "uuid").to_owned();
    let (theirs, ours) = (addresses(&back["attributes"]), addresses(sent));
    if id.is_empty() || theirs.is_empty() {
        return RowOutcome::Unsaid;
    }
    let plain = |url: &str| percent_decode_str(bare(url)).decode_utf8_lossy().into_owned();
    if theirs.len() != ours.len() || theirs.iter().zip(&ours).any(|(one, other)| plain(one) != plain(other)) {
        return RowOutcome::Clash(id);
    }
    let created = text(back, "created_at").parse::<jiff::Timestamp>().ok().map(SystemTime::from);
    match (created, new_since) {
        (Some(created), Some(since)) if created < since => RowOutcome::Same(id),
        _ => RowOutcome::Registered(id),
    }
}
