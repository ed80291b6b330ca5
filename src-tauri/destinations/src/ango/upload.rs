//! Ango Hub's own storage: a slot for each file under a name that nobody else has, then a bare PUT whose answer is read.
//! What was sent and never registered can be neither listed nor removed.

use super::projects::{POINT_CLOUDS, project};
use super::{api, refusal};
use crate::api::{Api, Ask, Storage, remote, whole};
use async_trait::async_trait;
use gantry_model::platform::bare;
use gantry_model::words::say;
use gantry_model::{
    Abilities, Access, Algorithm, Body, Code, Connection, Content, Digest, Key, Outgoing, Page, PartNo, PartProof, PartsThere,
    Presigns, Problem, RemoteRef, Rule, Secrets, Store, TakesStreams, Target, Ticket,
};
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
    pub(crate) fn new(connection: &Connection, secrets: &Secrets, target: &Target) -> Result<Self, Problem> {
        let api = api(connection, secrets)?;
        let (project, looked) = (target.container.clone(), OnceCell::new());
        Ok(Self { storage: Storage::new(api.base().clone()), api, project, looked })
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

/// Nothing of this storage goes in parts.
fn no_parts(doing: &'static str) -> Problem {
    Problem::new(Code::Bug, doing).with("said", "this storage takes whole objects only")
}

#[async_trait]
impl Store for Slots {
    fn abilities(&self) -> Abilities {
        Abilities {
            wants: Algorithm::Md5,
            put_limit: 1 << 53,
            part_min: 1,
            part_max: 1 << 53,
            parts_max: 1,
            find_is_cheap: true,
            start_wide: 16,
            place: "Ango Hub storage".to_owned(),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        crate::known::row_rules("ango", true)
    }

    fn url(&self, key: &Key) -> String {
        format!("ango://{}", key.0)
    }

    fn streams(&self) -> Option<&dyn TakesStreams> {
        Some(self)
    }

    fn presigns(&self) -> Option<&dyn Presigns> {
        None
    }

    async fn try_access(&self, _prefix: &str) -> Result<Access, Problem> {
        self.look().await?;
        Ok(Access { checks: vec![("reach".to_owned(), Some(true)), ("write".to_owned(), None)], learned: Vec::new() })
    }

    async fn list(&self, _prefix: &str, _after: Option<&Key>) -> Result<Page, Problem> {
        Ok(Page::default())
    }

    async fn find(&self, _key: &Key) -> Result<Option<RemoteRef>, Problem> {
        Ok(None)
    }

    async fn put(&self, item: &Outgoing, body: Body) -> Result<RemoteRef, Problem> {
        self.put_stream(item, whole(body.bytes)).await
    }

    async fn begin(&self, _item: &Outgoing, _part_size: u64) -> Result<Ticket, Problem> {
        Err(no_parts("begin"))
    }

    async fn send(&self, _ticket: &Ticket, _part: PartNo, _body: Body) -> Result<PartProof, Problem> {
        Err(no_parts("part"))
    }

    async fn parts(&self, _ticket: &Ticket) -> Result<PartsThere, Problem> {
        Err(no_parts("parts"))
    }

    async fn seal(&self, _item: &Outgoing, _ticket: &Ticket, _parts: &[PartProof], _whole: Digest) -> Result<RemoteRef, Problem> {
        Err(no_parts("seal"))
    }

    async fn discard(&self, _ticket: &Ticket) -> Result<(), Problem> {
        Err(no_parts("discard"))
    }
}
