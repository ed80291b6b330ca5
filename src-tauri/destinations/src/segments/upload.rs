//! Segments.ai's own storage: a slot for each file, then a form that S3 takes. Each slot is a new address, so sending a
//! file again is always safe; what was sent and never registered can be neither listed nor removed.

use super::api;
use crate::api::{Api, Ask, Form, Load, OwnStorage, Storage, TakesFiles, remote};
use async_trait::async_trait;
use gantry_model::platform::bare;
use gantry_model::{Connection, Content, Format, Outgoing, Problem, RemoteRef, Secrets, TakesStreams};
use serde_json::{Value, json};

/// Fields of the form in the order in which the SDK sends them; others follow as they come.
const ORDER: [&str; 8] =
    ["acl", "Content-Type", "key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"];

/// The platform's own storage.
#[derive(Debug)]
pub(crate) struct Slots {
    api: Api,
    storage: Storage,
}

impl Slots {
    /// Cheap, and sends nothing.
    ///
    /// # Errors
    /// `bad_field` for an address that is none, `no_secret` without a key.
    pub(crate) fn open(connection: &Connection, secrets: &Secrets) -> Result<OwnStorage<Self>, Problem> {
        let api = api(connection, secrets)?;
        Ok(OwnStorage(Self { storage: Storage::new(api.base().clone()), api }))
    }
}

#[async_trait]
impl TakesStreams for Slots {
    async fn put_stream(&self, item: &Outgoing, content: Content) -> Result<RemoteRef, Problem> {
        let name = item.key.0.rsplit('/').next().unwrap_or_default();
        let body = Load::json(&json!({"filename": fit_name(name, &item.content_type)}))?;
        let slot = self.api.told(Ask::post("put", "/assets/", body)).await?;
        let (url, target) = (slot.text("/url")?, slot.text("/presignedPostFields/url")?);
        let fields = fields(slot.object("/presignedPostFields/fields")?);
        let form = Form { fields, field: "file".to_owned(), name: name.to_owned(), content_type: None, content };
        let said = remote(&self.storage.post(target, form).await?);
        let url = Some(bare(url).to_owned());
        if said.digest.is_some() {
            return Ok(RemoteRef { url, ..said });
        }
        // The form's answer never tells a size. The object's address is open to everybody who knows it.
        let seen = self.storage.look(bare(slot.text("/url")?)).await.ok().flatten().unwrap_or_default();
        Ok(RemoteRef { url, etag: seen.etag.or(said.etag), ..seen })
    }
}

/// The fields of a slot, every one of them: the signature covers also those that no SDK knows.
fn fields(told: &Value) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = told
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    fields.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name).unwrap_or(ORDER.len()));
    fields
}

/// The name with an ending that fits the type: the platform derives the object's type from it.
fn fit_name(name: &str, content_type: &str) -> String {
    let of_name = name.rsplit_once('.').and_then(|(_, ending)| Format::from_extension(&ending.to_lowercase()));
    let fits = |format: &Format| format.content_type() == content_type;
    let known = Format::ALL.into_iter().find(|format| fits(format) && content_type != Format::Unknown.content_type());
    match known {
        Some(format) if !of_name.is_some_and(|named| fits(&named)) => format!("{name}.{}", format.extensions()[0]),
        _ => name.to_owned(),
    }
}

#[async_trait]
impl TakesFiles for Slots {
    fn kind(&self) -> &'static str {
        "segments"
    }

    async fn reach(&self) -> Result<(), Problem> {
        super::who(&self.api.told(Ask::get("access", "/user")).await?).map(|_| ())
    }
}
