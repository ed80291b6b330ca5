//! Assets of a project. Only counts come back, and nothing keeps an external id from being there twice: whoever calls
//! looks before a doubtful call is repeated.

use super::upload::is_slot;
use super::{Ango, PAGE, told};
use crate::api::{Ask, LISTING, Load, encode, text};
use crate::own;
use gantry_model::platform::OwnForm;
use gantry_model::words::say;
use gantry_model::{
    Code, Format, MediaKind, Problem, Reaction, Role, Row, RowObject, RowOutcome, RowPage, RowThere, Shape, Target,
};
use serde_json::{Map, Value, json};

impl Ango {
    fn page<'a>(doing: &'static str, project: &'a str, number: u64, filters: &Value) -> Ask<'a> {
        let ask = Ask::get(doing, format!("/v2/project/{}/assets", encode(project))).of(project).cap(LISTING);
        ask.query("page", number.to_string()).query("limit", PAGE).query("filters", filters.to_string())
    }

    /// A page of assets. `after` is the number of the page, how many rows came before it, and the first id before it.
    pub(super) async fn list_assets(&self, project: &str, after: Option<&str>) -> Result<RowPage, Problem> {
        let mut after = after.unwrap_or("1 0").split(' ');
        let mut number = || after.next().and_then(|text| text.parse::<u64>().ok());
        let (Some(page), Some(so_far)) = (number(), number()) else {
            return Err(Problem::new(Code::Bug, "list").with("said", "no such page"));
        };
        let before = after.next().unwrap_or_default();
        let told = told(&self.api, Self::page("list", project, page, &json!({}))).await?;
        let rows: Vec<RowThere> = told.list("/data/assets")?.iter().filter_map(there).collect();
        let first = rows.first().map(|row| row.id.clone()).unwrap_or_default();
        // A server that knows no pages gives the first one for ever.
        if first.is_empty() || first == before {
            return Ok(RowPage::default());
        }
        let so_far = so_far + rows.len() as u64;
        let complete = told.value.pointer("/data/total").and_then(Value::as_u64).is_some_and(|total| so_far >= total);
        Ok(RowPage { rows, next: (!complete).then(|| format!("{} {so_far} {first}", page + 1)) })
    }

    /// An asset with this external id. What the platform takes for equal is compared again.
    pub(super) async fn asset(&self, project: &str, key: &str) -> Result<Option<RowThere>, Problem> {
        let (filters, mut before) = (json!({"externalId": key}), String::new());
        for number in 1.. {
            let told = told(&self.api, Self::page("lookup", project, number, &filters)).await?;
            let page = told.list("/data/assets")?;
            if let Some(row) = page.iter().filter_map(there).find(|row| row.key == key) {
                return Ok(Some(row));
            }
            let total = told.value.pointer("/data/total").and_then(Value::as_u64);
            let first = page.first().map(|one| text(one, "_id").to_owned()).unwrap_or_default();
            if first.is_empty() || first == before || total.is_some_and(|total| total <= page.len() as u64) {
                break;
            }
            before = first;
        }
        Ok(None)
    }

    /// Registers rows. Those of one priority and one origin go in one call, since both stand beside the list.
    pub(super) async fn register_assets(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem> {
        let marks: Vec<(i32, bool)> = rows.iter().map(|row| (priority(row), is_local(target, row))).collect();
        let mut outcomes = vec![RowOutcome::Unsaid; rows.len()];
        let mut done: Vec<(i32, bool)> = Vec::new();
        for mark in &marks {
            if done.contains(mark) {
                continue;
            }
            let chosen: Vec<usize> = (0..rows.len()).filter(|at| marks[*at] == *mark).collect();
            let group: Vec<&Row> = chosen.iter().map(|at| &rows[*at]).collect();
            match self.create(target, &group, *mark).await {
                Ok(true) => chosen.iter().for_each(|at| outcomes[*at] = RowOutcome::Registered(String::new())),
                Ok(false) => {}
                Err(problem) if done.is_empty() => return Err(problem),
                // Of the calls before it something is known: whoever asked looks for the rest.
                Err(_) => break,
            }
            done.push(*mark);
        }
        Ok(outcomes)
    }

    /// One call; whether as many assets were made as were sent.
    async fn create(&self, target: &Target, rows: &[&Row], (priority, local): (i32, bool)) -> Result<bool, Problem> {
        let assets: Vec<String> = rows.iter().map(|row| asset(target, row)).collect();
        let body = format!(r#"{{"assets":[{}],"uploadLocal":"{local}","priority":{priority}}}"#, assets.join(","));
        let path = format!("/v2/project/{}/cloud", encode(&target.container));
        let mut ask = Ask::post("register", path, Load::Json(body.into())).of(&target.container);
        if !target.batch.is_empty() {
            ask = ask.query("batches", json!([target.batch]).to_string());
        }
        let told = told(&self.api, ask).await.map_err(|problem| match problem.code {
            Code::Refused => Problem { code: Code::RowRefused, reaction: Reaction::GiveUp, ..problem },
            _ => problem,
        })?;
        match told.number("/data/assets/assetsCreated")? {
            // Clear enough: not one of these was made, and the next try with fewer shows which of them it is.
            0 => Err(Problem::new(Code::RowRefused, "register").with("said", say("ango-made-none", &[]))),
            made => Ok(made == rows.len() as u64),
        }
    }
}

/// Whether all files of a row are in the platform's own storage. Their addresses show it: a slot lies under the project
/// and has a name of ours, 32 hexadecimal digits. An integration reads a bucket of the customer's.
fn is_local(target: &Target, row: &Row) -> bool {
    target.integration.is_empty() && !row.objects.is_empty() && row.objects.iter().all(|one| is_slot(&one.url, &target.container))
}

/// An asset of the body, with what is known of it and nothing that is empty.
fn asset(target: &Target, row: &Row) -> String {
    if let Some(own) = &row.own {
        return passed_on(target, own);
    }
    let subjects: Vec<&RowObject> = row.objects.iter().filter(|one| one.role == Role::Subject).collect();
    let mut asset = json!({"externalId": row.key});
    match subjects.as_slice() {
        [one] if row.shape != Shape::Sequence => {
            asset["data"] = one.url.as_str().into();
            if one.width > 0 && one.height > 0 {
                // The SDK's examples put them beside the address, its upload of local files into the metadata.
                (asset["width"], asset["height"]) = (one.width.into(), one.height.into());
                asset["metadata"] = json!({"width": one.width, "height": one.height});
            }
        }
        all => asset["dataset"] = all.iter().map(|one| Value::from(one.url.as_str())).collect(),
    }
    if !target.integration.is_empty() {
        asset["storage"] = target.integration.as_str().into();
    }
    let known: Map<String, Value> = row.metadata.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    if !known.is_empty() {
        asset["contextData"] = known.into();
    }
    let attachments: Vec<Value> = attachments(row).collect();
    if !attachments.is_empty() {
        asset["attachments"] = attachments.into();
    }
    asset.to_string()
}

/// A row in Ango's own words. Its priority stands beside the list, and the integration that was chosen where it names none.
fn passed_on(target: &Target, own: &OwnForm) -> String {
    let (fields, integration) = (own::fields(own), own::quoted(&target.integration));
    let named = fields.iter().any(|(name, _)| name == "storage");
    let others = fields.iter().filter(|(name, _)| name != "priority").map(|(name, value)| (name.as_str(), *value));
    let storage = (!named && !target.integration.is_empty()).then_some(("storage", integration.as_str()));
    own::object(others.chain(storage))
}

/// The row's own word, or ours.
fn priority(row: &Row) -> i32 {
    let own = row.own.as_ref().map(own::fields).unwrap_or_default();
    own.iter().find(|(name, _)| name == "priority").and_then(|(_, text)| text.parse().ok()).unwrap_or(row.priority)
}

/// What is shown beside an asset: what was given by address, and the row's own further files.
fn attachments(row: &Row) -> impl Iterator<Item = Value> {
    let files = row.objects.iter().filter(|one| one.role != Role::Subject).map(|one| (kind(one.format), one.url.as_str()));
    let given = row.attachments.iter().map(|(kind, value, _)| (kind.as_str(), value.as_str()));
    given.chain(files).map(|(kind, value)| json!({"type": kind, "value": value}))
}

fn kind(format: Format) -> &'static str {
    match format.kind() {
        MediaKind::Video => "VIDEO",
        MediaKind::Text => "TEXT",
        _ => "IMAGE",
    }
}

fn there(told: &Value) -> Option<RowThere> {
    let id = text(told, "_id");
    let first = told.pointer("/dataset/0").and_then(Value::as_str).unwrap_or_default();
    let url = Some(text(told, "data")).filter(|url| !url.is_empty()).unwrap_or(first);
    (!id.is_empty()).then(|| RowThere { id: id.to_owned(), key: text(told, "externalId").to_owned(), url: url.to_owned() })
}
