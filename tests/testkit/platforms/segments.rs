//! Segments.ai: users, datasets, assets with their presigned form, samples.
//! Paths as its SDK spells them, errors as Django REST writes them. <https://docs.segments.ai/reference/python-sdk>

mod datasets;
mod samples;

use super::asked::{Asked, Body};
use super::clock;
use super::house::{Platform, Site};
use super::reply::Reply;
use super::shelf::Slot;
use super::switches::{Manners, Trouble};
use datasets::Dataset;
use serde_json::{Value, json};
use std::collections::HashMap;

const BUCKET: &str = "segmentsai-prod";
const USER: &str = "jane";
const ORGANISATION: &str = "acme";

/// The platform with all that is in it. Who asks is always Jane, an administrator of Acme.
#[derive(Debug, Default)]
pub(super) struct Segments {
    datasets: Vec<Dataset>,
    /// Where a sample is: owner and name of its dataset, its own name.
    homes: HashMap<String, (String, String, String)>,
}

type Answer = Result<Reply, Reply>;

impl Platform for Segments {
    fn kind(&self, asked: &Asked) -> String {
        kind(&asked.method, &asked.path).to_owned()
    }

    fn rows(&self, asked: &Asked) -> Option<usize> {
        asked.kind.starts_with("create_samples").then(|| asked.json().as_array().map_or(0, Vec::len))
    }

    fn answer(&mut self, asked: &Asked, site: &mut Site<'_>) -> Reply {
        if matches!(asked.body, Body::Broken) {
            return detail(400, "JSON parse error - Expecting value: line 1 column 1 (char 0)");
        }
        let steps = asked.steps();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let answer = match (asked.kind.as_str(), steps.as_slice()) {
            ("api_status", _) => Ok(Reply::json(200, &json!({"status": "ok"}))),
            ("whoami", _) => Ok(Reply::json(200, &jane())),
            ("user", [_, name]) => user(name),
            ("create_asset", _) => asset(asked, site),
            (kind, steps) if kind.ends_with("sample") || kind.ends_with("samples") => self.samples(asked, steps, site),
            (kind, steps) if kind.contains("dataset") => self.datasets(asked, steps, site),
            _ => Err(not_found()),
        };
        answer.unwrap_or_else(|refused| refused)
    }

    fn says(&self, trouble: &Trouble, _: &Asked, _: &Manners) -> Reply {
        match trouble {
            Trouble::NoKey => detail(401, "Authentication credentials were not provided."),
            Trouble::WrongKey => detail(401, "Invalid API key."),
            Trouble::Throttled(wait) => {
                let reply = throttled(429, wait.unwrap_or(12));
                wait.iter().fold(reply, |reply, seconds| reply.with("retry-after", seconds.to_string()))
            }
            Trouble::ThrottledOddly => throttled(200, 12),
            Trouble::PlanLimit => detail(403, "Your free trial ended."),
            Trouble::Country => detail(451, "Access denied from your country."),
            Trouble::TooLarge => Reply::html(413, "413 Request Entity Too Large"),
            Trouble::Broken(status) => Reply::text(*status, "Internal Server Error"),
            Trouble::NotAllowed | Trouble::Graphql { .. } | Trouble::Expired => {
                detail(403, "You do not have permission to perform this action.")
            }
        }
    }

    fn emptied(&self, _: &Asked, nothing: Value) -> Value {
        nothing
    }

    fn remove(&mut self, container: Option<&str>) {
        self.datasets.retain(|dataset| container.is_some_and(|one| one != dataset.full_name()));
    }

    fn seed(&mut self) {
        for (owner, name, task) in [(USER, "flowers", "segmentation-bitmap"), (ORGANISATION, "lidar", "pointcloud-cuboid")] {
            if self.dataset(owner, name).is_err() {
                self.datasets.push(Dataset::new(owner, name, &json!({"task_type": task})));
            }
        }
    }

    fn integrations(&self) -> Value {
        Value::Array(Vec::new())
    }

    fn containers(&self, rows: bool) -> Value {
        self.datasets.iter().map(|dataset| dataset.state(rows)).collect()
    }
}

fn kind(method: &str, path: &str) -> &'static str {
    let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match (method, steps.as_slice()) {
        ("GET", ["api_status", ""]) => "api_status",
        ("GET", ["user"]) => "whoami",
        ("GET", ["users", _]) => "user",
        ("GET", ["user", "datasets", ""] | ["users", _, "datasets", ""]) => "list_datasets",
        ("POST", ["user", "datasets", ""] | ["organizations", _, "datasets", ""]) => "create_dataset",
        ("GET", ["datasets", _, _, ""]) => "get_dataset",
        ("PATCH", ["datasets", _, _, ""]) => "change_dataset",
        ("DELETE", ["datasets", _, _, ""]) => "delete_dataset",
        ("POST", ["assets", ""]) => "create_asset",
        ("GET", ["datasets", _, _, "samples", ""]) => "list_samples",
        ("POST", ["datasets", _, _, "samples", ""]) => "create_sample",
        ("POST", ["datasets", _, _, "samples_bulk", ""]) => "create_samples",
        ("DELETE", ["datasets", _, _, "samples_bulk", ""]) => "delete_samples",
        ("GET", ["samples", _, ""]) => "get_sample",
        ("PATCH", ["samples", _, ""]) => "change_sample",
        ("DELETE", ["samples", _, ""]) => "delete_sample",
        _ => "unknown",
    }
}

fn detail(status: u16, words: &str) -> Reply {
    Reply::json(status, &json!({"detail": words}))
}

fn not_found() -> Reply {
    detail(404, "Not found.")
}

fn throttled(status: u16, wait: u64) -> Reply {
    detail(status, &format!("Request was throttled. Expected available in {wait} seconds."))
}

/// What is wrong with a field, as Django REST says it.
fn about(field: &str, words: &str) -> Reply {
    Reply::json(400, &json!({field: [words]}))
}

fn jane() -> Value {
    json!({
        "username": USER, "created_at": "2026-01-20T10:00:00.000000Z", "is_organization": false, "email": "jane@example.com",
        "webhooks_enabled": false, "private_upload_count": 3, "public_upload_count": 0, "subscription": "TRIAL",
        "is_trial_expired": false, "organizations": [acme()], "organization_created_by": null, "organization_role": null,
        "members": null, "insights_urls": null
    })
}

fn acme() -> Value {
    json!({"username": ORGANISATION, "created_at": "2026-01-20T10:00:00.000000Z", "is_organization": true, "organization_role": "admin"})
}

fn user(name: &str) -> Answer {
    match name {
        USER => Ok(Reply::json(200, &jane())),
        ORGANISATION => {
            let mut organisation = acme();
            organisation["members"] = json!([{"username": USER, "created_at": "2026-01-20T10:00:00.000000Z",
                                              "email": "jane@example.com", "is_organization": false}]);
            Ok(Reply::json(200, &organisation))
        }
        _ => Err(not_found()),
    }
}

/// A page of a list: `per_page` and `page`, counted from 1; past the end there is none.
fn page<T>(asked: &Asked, site: &Site<'_>, all: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>, Reply> {
    let number = |name: &str| asked.field(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0);
    let size = number("per_page").unwrap_or(1000).min(site.manners.page.unwrap_or(usize::MAX)).min(10_000);
    let (page, total) = (number("page").unwrap_or(1), all.len());
    if page > 1 && (page - 1) * size >= total {
        return Err(detail(404, "Invalid page."));
    }
    Ok(all.skip((page - 1) * size).take(size).collect())
}

/// A slot for a file: the address it will have, and the form that brings it there.
fn asset(asked: &Asked, site: &mut Site<'_>) -> Answer {
    let body = asked.json();
    let Some(filename) = body["filename"].as_str().filter(|name| !name.is_empty()) else {
        return Err(about("filename", "This field is required."));
    };
    let uuid = clock::uuid();
    let ending = filename.rsplit_once('.').map_or(String::new(), |(_, ending)| format!(".{ending}"));
    let key = format!("assets/{USER}/{uuid}{ending}");
    let mut fields: Vec<(String, String)> = [
        ("acl", "public-read"),
        ("Content-Type", content_type(&ending)),
        ("key", key.as_str()),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIAFAKE/20261120/eu-west-2/s3/aws4_request"),
        ("x-amz-date", "20261120T100000Z"),
        ("policy", "eyJleHBpcmF0aW9uIjoiMjAyNi0xMS0yMFQxMTowMDowMFoifQ=="),
        ("x-amz-signature", &clock::hex(64)),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    if site.manners.extra_fields {
        fields.push(("x-amz-security-token".to_owned(), clock::hex(40)));
        fields.push(("x-amz-meta-origin".to_owned(), "upload & more=\"1\"".to_owned()));
    }
    let form: Value = fields.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    site.shelf.open(format!("{BUCKET}/{key}"), Slot::Form(fields));
    Ok(Reply::json(
        201,
        &json!({"uuid": uuid, "filename": filename, "url": format!("{}/{BUCKET}/{key}", site.storage), "created_at": clock::micros(),
                "presignedPostFields": {"url": format!("{}/{BUCKET}", site.storage), "fields": form}}),
    ))
}

fn content_type(ending: &str) -> &'static str {
    match ending.to_ascii_lowercase().as_str() {
        ".png" => "image/png",
        ".jpg" | ".jpeg" => "image/jpeg",
        ".bmp" => "image/bmp",
        ".txt" => "text/plain",
        ".json" => "application/json",
        _ => "application/octet-stream",
    }
}
