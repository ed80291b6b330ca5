//! Ango Hub: projects with batches and assets, storages, presigned PUTs. External ids are free to repeat.
//! Paths and bodies as its SDK sends them. <https://docs.imerit.net/api/docs/overview>

mod assets;
mod projects;

use super::asked::{Asked, Body, decoded, pairs};
use super::clock;
use super::house::{Platform, Site};
use super::reply::Reply;
use super::shelf::Slot;
use super::switches::{Manners, Trouble};
use projects::Project;
use serde_json::{Value, json};

const ORGANISATION: &str = "61435781cdb61b0013d05a03";
const BUCKET: &str = "ango-private";

/// The platform with all that is in it.
#[derive(Debug, Default)]
pub(super) struct Ango {
    projects: Vec<Project>,
    storages: Vec<Value>,
}

type Answer = Result<Reply, Reply>;

impl Platform for Ango {
    fn kind(&self, asked: &Asked) -> String {
        kind(&asked.method, &asked.path).to_owned()
    }

    fn rows(&self, asked: &Asked) -> Option<usize> {
        (asked.kind == "create_assets").then(|| asked.json()["assets"].as_array().map_or(0, Vec::len))
    }

    fn answer(&mut self, asked: &Asked, site: &mut Site<'_>) -> Reply {
        let steps = asked.steps();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let answer = match (asked.kind.as_str(), steps.as_slice()) {
            ("list_storages", _) => self.list_storages(asked, site),
            ("create_storage", _) => self.create_storage(&asked.json()),
            ("delete_storage", [.., id]) => self.delete_storage(id),
            ("browse_storage", [_, _, id, _]) => self.storage(id).map(|_| browsed()),
            ("file_explorer", _) => Ok(success(200, &json!({"files": ["sub/a.jpg"], "scrollToken": null}))),
            ("upload_url" | "signed_url", _) => self.slot(asked, site),
            ("members", [_, _, organisation, _]) => members(organisation),
            ("create_assets" | "list_assets" | "delete_assets" | "attachments" | "chat", _) => self.assets(asked, &steps, site),
            ("unknown", _) => Err(failure(404, &format!("Cannot {} {}", asked.method, asked.path))),
            _ => self.project_call(asked, &steps),
        };
        answer.unwrap_or_else(|refused| refused)
    }

    fn says(&self, trouble: &Trouble, _: &Asked, _: &Manners) -> Reply {
        match trouble {
            Trouble::NoKey | Trouble::WrongKey => failure(401, "Invalid API KEY"),
            Trouble::Throttled(wait) => {
                let reply = failure(429, "Too many requests");
                wait.iter().fold(reply, |reply, seconds| reply.with("retry-after", seconds.to_string()))
            }
            Trouble::ThrottledOddly => Reply::text(429, "Too many requests, please try again later."),
            Trouble::PlanLimit => failure(403, "You have reached the limit of your plan."),
            Trouble::Country => failure(451, "Access denied from your country"),
            Trouble::TooLarge => Reply::json(413, &json!({"status": "error", "message": "request entity too large"})),
            Trouble::Broken(status) => Reply::json(*status, &json!({"status": "error", "message": "Internal server error"})),
            Trouble::NotAllowed | Trouble::Graphql { .. } | Trouble::Expired => {
                failure(403, "You are not authorized to perform this action")
            }
        }
    }

    fn emptied(&self, _: &Asked, nothing: Value) -> Value {
        json!({"status": "success", "data": nothing})
    }

    fn remove(&mut self, container: Option<&str>) {
        self.projects.retain(|one| container.is_some_and(|wanted| one.id != wanted && one.name() != wanted));
    }

    fn seed(&mut self) {
        if self.projects.is_empty() {
            self.projects.push(Project::new("61f8d94a79002950df12234a", &json!({"name": "cats"})));
            self.projects.push(Project::new("61f8d94a79002950df12234b", &json!({"name": "lidar", "type": "pct"})));
        }
        if self.storages.is_empty() {
            self.storages.push(storage(
                "64b000000000000000000001",
                &json!({"name": "My S3", "provider": "AWS", "region": "eu-central-1"}),
            ));
        }
    }

    fn integrations(&self) -> Value {
        self.storages.clone().into()
    }

    fn containers(&self, rows: bool) -> Value {
        self.projects.iter().map(|project| project.state(rows)).collect()
    }
}

fn kind(method: &str, path: &str) -> &'static str {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match (method, steps.as_slice()) {
        ("GET", ["v2", "listProjects"]) => "list_projects",
        ("POST", ["v2", "project"]) => "create_project",
        ("GET", ["v2", "project", _]) => "get_project",
        ("POST", ["v2", "batches", _]) => "create_batches",
        ("POST", ["v2", "assignBatches"]) => "assign_batches",
        ("GET", ["v2", "organization", _, "users"]) => "members",
        ("GET", ["v2", "storages"]) => "list_storages",
        ("POST", ["v2", "storages"]) => "create_storage",
        ("DELETE", ["v2", "storages", _]) => "delete_storage",
        ("GET", ["v2", "storages", _, "files"]) => "browse_storage",
        ("POST", ["v2", "file-explorer"]) => "file_explorer",
        ("GET", ["v2", "getUploadUrl"]) => "upload_url",
        ("GET", ["v2", "getSignedUrl"]) => "signed_url",
        ("POST", ["v2", "project", _, "cloud"]) => "create_assets",
        ("GET", ["v2", "project", _, "assets"]) => "list_assets",
        ("DELETE", ["v2", "project", _, "assets"]) => "delete_assets",
        ("POST", ["v2", "attachments"]) => "attachments",
        ("POST", ["v2", "project", _, "chat"]) => "chat",
        ("POST", ["v2", "project", _, "instructions"]) => "instructions",
        ("POST", ["v2", "project", _, "assetBuilderTemplates"]) => "create_template",
        _ => "unknown",
    }
}

fn success(status: u16, data: &Value) -> Reply {
    Reply::json(status, &json!({"status": "success", "data": data}))
}

fn failure(status: u16, words: &str) -> Reply {
    Reply::json(status, &json!({"status": "fail", "message": words}))
}

/// A new id as MongoDB writes them.
fn object_id() -> String {
    format!("65{}", clock::hex(22))
}

fn storage(id: &str, given: &Value) -> Value {
    json!({"_id": id, "name": given["name"], "provider": given["provider"], "region": given["region"], "organization": ORGANISATION,
           "createdAt": clock::millis()})
}

fn browsed() -> Reply {
    let url = "https://bucket.s3.amazonaws.com/a%20b.jpg?X-Amz-Signature=x";
    success(200, &json!({"files": [{"name": "a b.jpg", "url": url}], "folders": ["sub/"]}))
}

fn members(organisation: &str) -> Answer {
    if organisation != ORGANISATION {
        return Err(failure(403, "You are not authorized to perform this action"));
    }
    Ok(success(
        200,
        &json!({"users": [{"_id": "65000000000000000000aaaa", "email": "jane@example.com", "name": "Jane",
                                       "organizationRole": "Admin", "createdAt": "2026-01-20T10:00:00.000Z"}]}),
    ))
}

/// A page of a list: 10 at a time, at most 100, `page` from 1. Past the end there is an empty one.
fn page<T>(asked: &Asked, most: usize, all: impl Iterator<Item = T>) -> Vec<T> {
    let number = |name: &str| asked.field(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0);
    let size = number("limit").unwrap_or(10).min(100).min(most);
    all.skip((number("page").unwrap_or(1) - 1) * size).take(size).collect()
}

impl Ango {
    fn project(&mut self, id: &str) -> Result<&mut Project, Reply> {
        self.projects.iter_mut().find(|one| one.id == id).ok_or_else(|| failure(400, &format!("Invalid project: {id}.")))
    }

    fn storage(&self, id: &str) -> Result<&Value, Reply> {
        self.storages.iter().find(|one| one["_id"] == id).ok_or_else(|| failure(400, &format!("Invalid storage: {id}.")))
    }

    fn list_storages(&self, asked: &Asked, site: &Site<'_>) -> Answer {
        let meant = |one: &&Value| asked.field("_id").is_none_or(|id| one["_id"] == id);
        let listed = page(asked, site.manners.page.unwrap_or(100), self.storages.iter().filter(meant));
        Ok(success(200, &json!({"storages": listed})))
    }

    /// The SDK's body and the documentation's differ; both are taken.
    fn create_storage(&mut self, body: &Value) -> Answer {
        let kind = body["provider"].as_str().or(body["type"].as_str()).unwrap_or_default().to_uppercase();
        let Some(provider) = ["AWS", "GCP", "AZURE"].into_iter().find(|one| kind == *one || (kind == "GCS" && *one == "GCP"))
        else {
            return Err(failure(400, "provider must be one of the following values: AWS, GCP, AZURE"));
        };
        let made = storage(&object_id(), &json!({"name": body["name"], "provider": provider, "region": body["region"]}));
        self.storages.push(made.clone());
        Ok(success(200, &json!({"storage": made})))
    }

    fn delete_storage(&mut self, id: &str) -> Answer {
        self.storage(id)?;
        self.storages.retain(|one| one["_id"] != id);
        Ok(success(200, &json!({"storage": {"_id": id}})))
    }

    /// A presigned address: to write one object, or to read it.
    fn slot(&mut self, asked: &Asked, site: &mut Site<'_>) -> Answer {
        let project = asked.field("project");
        if let Some(project) = project {
            self.project(project)?;
        }
        let storage_id = asked.field("storageId");
        if let Some(id) = storage_id {
            self.storage(id)?;
        }
        if asked.kind == "signed_url" {
            let Some(name) = asked.field("url").or(asked.field("name")) else {
                return Err(failure(400, "url should not be empty"));
            };
            let signature = clock::hex(64);
            site.shelf.allow_read(signature.clone());
            return Ok(success(201, &json!({"signedUrl": format!("{name}?X-Amz-Signature={signature}")})));
        }
        let (Some(project), Some(name)) = (project, asked.field("name")) else {
            return Err(failure(400, "project and name should not be empty"));
        };
        let kind = asked.field("type").unwrap_or("assets");
        if !["assets", "brushes", "medicalBrushes", "exports", "instructions", "segmentationModels"].contains(&kind) {
            return Err(failure(400, "type is not valid"));
        }
        let bucket =
            storage_id.map_or(BUCKET.to_owned(), |id| asked.field("bucket").map_or(format!("customer-{id}"), str::to_owned));
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature={}",
            clock::hex(64)
        );
        let key = format!("{bucket}/{project}/{kind}/{name}");
        site.shelf.open(key.clone(), Slot::Put(pairs(&query)));
        let path = key.split('/').map(encoded).collect::<Vec<_>>().join("/");
        Ok(success(201, &json!({"uploadUrl": format!("{}/{path}?{query}", site.storage)})))
    }

    /// Whether an asset points at an object of the platform's own storage that never came: it will not open.
    fn broken(url: &str, site: &Site<'_>) -> bool {
        let own = url.strip_prefix(&site.storage).map(|path| decoded(path.trim_start_matches('/')));
        own.is_some_and(|key| site.shelf.get(&key).is_none())
    }
}

fn encoded(step: &str) -> String {
    percent_encoding::utf8_percent_encode(step, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2E", ".")
        .replace("%2D", "-")
}

/// The fields of a form, in one piece or in parts.
fn form(asked: &Asked) -> Vec<(String, String)> {
    match &asked.body {
        Body::Form(parts) => parts.iter().map(|part| (part.name.clone(), part.text())).collect(),
        Body::Plain { bytes, .. } => pairs(&String::from_utf8_lossy(bytes)),
        _ => Vec::new(),
    }
}
