//! Ango Hub's own storage: a slot for each file under a name that nobody else has, then a bare PUT whose answer is read.
//! What was sent and never registered can be neither listed nor removed.

use super::projects::{POINT_CLOUDS, project};
use super::{api, refusal};
use crate::api::{Api, Ask, OwnStorage, Storage, TakesFiles, remote};
use async_trait::async_trait;
use gantry_model::platform::bare;
use gantry_model::words::say;
use gantry_model::{Code, Connection, Content, Outgoing, Problem, RemoteRef, Secrets, TakesStreams, Target};
use tokio::sync::OnceCell;

/// The platform's own storage, for the files of one project.
#[derive(Debug)]
pub(crate) struct Slots {
    api: Api,
    storage: Storage,
    project: String,
    /// The project's type was looked at, and takes files.
    looked: OnceCell<()>,
}

/// Is this the address of a slot in the storage of this project, under a name that was made here?
pub(super) fn is_slot(url: &str, project: &str) -> bool {
    let mut steps = bare(url).rsplit('/');
    let (name, folder, above) = (steps.next().unwrap_or_default(), steps.next(), steps.next());
    let stem = name.split('.').next().unwrap_or_default();
    let ours = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    ours && folder == Some("assets") && above == Some(project)
}

/// A name for a slot: random, with the file's ending. Readers of `.nii.gz` want it whole.
fn slot_name(key: &str) -> Result<String, Problem> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|_| Problem::new(Code::Bug, "put").with("said", "the system gives no random bytes"))?;
    let stem: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = key.rsplit('/').next().unwrap_or_default();
    let lower = name.to_lowercase();
    let ending = match name.rfind('.') {
        Some(at) if at > 0 => {
            let from = if lower.ends_with(".nii.gz") { name.len() - ".nii.gz".len() } else { at };
            name.get(from..).unwrap_or_default()
        }
        _ => "",
    };
    Ok(stem + ending)
}

impl Slots {
    /// Cheap, and sends nothing.
    ///
    /// # Errors
    /// `bad_field` for an address that is none, `no_secret` without a key.
    pub(crate) fn open(connection: &Connection, secrets: &Secrets, target: &Target) -> Result<OwnStorage<Self>, Problem> {
        let api = api(connection, secrets)?;
        let (project, looked) = (target.container.clone(), OnceCell::new());
        Ok(OwnStorage(Self { storage: Storage::new(api.base().clone()), api, project, looked }))
    }

    /// The project is there and takes files. Asked once.
    async fn look(&self) -> Result<(), Problem> {
        let look = || async {
            let there = project(&self.api, "put", &self.project).await?;
            if there.kind != POINT_CLOUDS {
                return Ok(());
            }
            let said = say("ango-no-own-storage", &[]);
            Err(Problem::new(Code::WrongContainer, "put").with("container", there.name).with("said", said))
        };
        self.looked.get_or_try_init(look).await.copied()
    }
}

#[async_trait]
impl TakesStreams for Slots {
    async fn put_stream(&self, item: &Outgoing, content: Content) -> Result<RemoteRef, Problem> {
        self.look().await?;
        let ask = Ask::get("put", "/v2/getUploadUrl").of(&self.project).query("name", slot_name(&item.key.0)?);
        let answer = self.api.send(ask.query("project", self.project.as_str()).query("type", "assets")).await?;
        if !answer.is_success() {
            return Err(refusal(&answer));
        }
        let slot = answer.told()?;
        let target = slot.text("/data/uploadUrl")?;
        let said = remote(&self.storage.put(target, content).await?);
        Ok(RemoteRef { url: Some(bare(target).to_owned()), ..said })
    }
}

#[async_trait]
impl TakesFiles for Slots {
    fn kind(&self) -> &'static str {
        "ango"
    }

    async fn reach(&self) -> Result<(), Problem> {
        self.look().await
    }
}
