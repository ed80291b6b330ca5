//! The contract of everything that takes rows. No default methods: each platform says what it does.
//! A platform never retries and never decides what happens next; before a doubtful call is repeated it is asked what it has.
//! The key goes to the platform's own address only: never to a storage host, a redirect, a log or an error.

use crate::media::MediaKind;
use crate::problem::Problem;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
#[cfg(feature = "wire")]
use ts_rs::TS;

/// Whose key it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Who {
    /// The name that the platform knows the person by.
    pub name: String,
    /// Their e-mail, where the platform says it.
    pub email: String,
    /// Owners under which a new dataset can be made: the person first, then organisations.
    pub owners: Vec<String>,
    /// The plan, in the platform's own word; may be empty.
    pub plan: String,
}

/// A dataset or project: what rows go into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Container {
    /// What a target names it by: `owner/name`, a dataset's id, a project's id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The user or organisation that owns it; may be empty.
    pub owner: String,
    /// Its type in the platform's own word: a task type, a project type; may be empty.
    pub kind: String,
    /// Kinds of media that it takes; empty where it takes any, or does not say.
    pub takes: Vec<MediaKind>,
    /// How the files of one row stand together in it.
    pub shape: Shape,
    /// Rows in it, where the platform says so.
    #[cfg_attr(feature = "wire", ts(type = "number | null"))]
    pub rows: Option<u64>,
    /// The page that shows it.
    pub link: String,
    /// Named parts of it that rows can be put into (batches): id and name.
    pub batches: Vec<(String, String)>,
}

/// How files stand together in one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One file is one row.
    #[default]
    Single,
    /// Many files in their order are one row: frames.
    Sequence,
    /// A point cloud with the pictures of its cameras.
    Scene,
    /// Scenes in their order.
    SceneSequence,
    /// Several sensors, each with its own frames.
    MultiSensor,
}

/// A dataset or project to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct NewContainer {
    /// Its name.
    pub name: String,
    /// Who shall own it; empty means the person.
    pub owner: String,
    /// Its type in the platform's own word; empty takes the platform's usual one.
    pub kind: String,
    /// The integration to attach; empty for none.
    pub integration: String,
}

/// The platform's own access to a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
pub struct Integration {
    /// Its id at the platform.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// `AWS`, `GCP`, `AZURE`, as the platform writes it.
    pub provider: String,
    /// The bucket that it reads, where the platform says so.
    pub bucket: String,
    /// Whether the platform holds it for valid; `None` where it does not say.
    pub valid: Option<bool>,
    /// New datasets get this one.
    pub is_default: bool,
}

/// Where rows go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(TS))]
#[serde(default)]
pub struct Target {
    /// The dataset or project: [`Container::id`].
    pub container: String,
    /// The integration that reads the bucket: [`Integration::id`]; empty for none.
    pub integration: String,
    /// The batch that rows are put into; empty for none.
    pub batch: String,
}

/// What an object is in its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// What is labelled: the picture, the frame, the point cloud.
    #[default]
    Subject,
    /// A camera's picture beside a point cloud.
    Camera,
    /// Shown beside it, not labelled.
    Attachment,
}

impl Role {
    /// The word of the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Camera => "camera",
            Self::Attachment => "attachment",
        }
    }

    /// Reads what [`Role::word`] wrote; anything else is a subject.
    pub fn from_word(word: &str) -> Self {
        [Self::Camera, Self::Attachment].into_iter().find(|role| role.word() == word).unwrap_or_default()
    }
}

/// One object of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct RowObject {
    /// Its address in the form that this platform wants. May be presigned, and is a secret then.
    pub url: String,
    /// What it is in its row.
    pub role: Role,
    /// Its file name.
    pub name: String,
    /// The sensor that it belongs to, in rows of several sensors; empty otherwise.
    pub sensor: String,
    /// The format that its content says.
    pub format: crate::media::Format,
    /// Pixels as displayed, 0 where not known.
    pub width: u32,
    /// Pixels as displayed, 0 where not known.
    pub height: u32,
}

impl fmt::Debug for RowObject {
    /// The address without anything behind the question mark: that is where signatures are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowObject").field("url", &bare(&self.url)).field("name", &self.name).finish_non_exhaustive()
    }
}

/// One row: a sample, a data row, an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name that it can be found again by: sample name, global key, external id. Chosen here, before the first call.
    pub key: String,
    /// The relative path.
    pub external_id: String,
    /// How its objects stand together.
    pub shape: Shape,
    /// Its objects in their order; never empty.
    pub objects: Vec<RowObject>,
    /// What a person knows about it: names and values.
    pub metadata: Vec<(String, String)>,
    /// Attachments by address: the platform's type, the address or text, a name that may be empty.
    pub attachments: Vec<(String, String, String)>,
    /// More important rows come first at the platforms that know priorities.
    pub priority: i32,
    /// The row in the platform's own words. Where it is there, it is what is sent, and all else only says what is compared.
    pub own: Option<OwnForm>,
}

/// JSON text of one object in a platform's own words. May hold signed addresses, and is a secret then.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnForm(pub String);

impl fmt::Debug for OwnForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnForm").field(&self.0.len()).finish()
    }
}

/// A row that the platform has.
#[derive(Clone, PartialEq, Eq)]
pub struct RowThere {
    /// The platform's own id.
    pub id: String,
    /// The name that we gave it; may be empty for rows of other origin.
    pub key: String,
    /// The address of its first object; empty where the platform does not tell.
    pub url: String,
}

impl RowThere {
    /// The row stands for the object at this address, whatever signature either of them carries.
    pub fn is_for(&self, url: &str) -> bool {
        !self.url.is_empty() && bare(&self.url) == bare(url)
    }
}

impl fmt::Debug for RowThere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowThere").field("id", &self.id).field("key", &self.key).field("url", &bare(&self.url)).finish()
    }
}

/// An address without its query: what may be kept, shown and compared.
pub fn bare(url: &str) -> &str {
    url.split_once('?').map_or(url, |(bare, _)| bare)
}

/// One page of a container's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowPage {
    /// The rows.
    pub rows: Vec<RowThere>,
    /// What the next page is asked with; `None` at the end.
    pub next: Option<String>,
}

/// What came of one row of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// It is there now, under this id.
    Registered(String),
    /// It was there before, and stands for the same object.
    Same(String),
    /// A row of this name was there before, and stands for something else: its id.
    Clash(String),
    /// The platform does not say which rows of this call it took: look.
    Unsaid,
    /// Refused, with the platform's own words in the fact `said`.
    Refused(Problem),
}

/// What a platform is like. Figures come from its published limits or its official SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Rows in one call, at most.
    pub rows_per_call: usize,
    /// The platform itself refuses a second row of the same key: repeating a call is harmless.
    pub unique_keys: bool,
    /// Keys that differ in upper and lower case only are the same to it.
    pub folds_case: bool,
    /// So many keys are looked up one by one; for more of them the listing is read.
    pub lookup_few: usize,
    /// After a call without an answer, a row that is not there yet may still come for so long.
    pub settle: Duration,
}

/// Takes rows.
#[async_trait]
pub trait Platform: fmt::Debug + Send + Sync {
    /// Figures and habits.
    fn habits(&self) -> Habits;
    /// Whose key this is. The cheapest call that tells a good key from a wrong one.
    async fn who(&self) -> Result<Who, Problem>;
    /// Datasets or projects that rows can go to, in the platform's order; all pages.
    async fn containers(&self) -> Result<Vec<Container>, Problem>;
    /// One dataset or project.
    async fn container(&self, id: &str) -> Result<Container, Problem>;
    /// Makes one. Asked again after a doubtful answer it gives the one that is there.
    async fn create(&self, new: &NewContainer) -> Result<Container, Problem>;
    /// The platform's accesses to buckets; all pages. Empty where it has no call for them.
    async fn integrations(&self) -> Result<Vec<Integration>, Problem>;
    /// Makes the target ready before the first row: attaches the integration, checks that it is valid.
    async fn prepare(&self, target: &Target) -> Result<(), Problem>;
    /// Rows that are there, a page at a time, after what the last page gave.
    async fn list(&self, target: &Target, after: Option<&str>) -> Result<RowPage, Problem>;
    /// Rows under these keys, in the order asked for. Keys are compared as the platform compares them.
    async fn lookup(&self, target: &Target, keys: &[&str]) -> Result<Vec<Option<RowThere>>, Problem>;
    /// Registers rows, at most [`Habits::rows_per_call`] of them; an outcome for each, in order.
    /// A problem means that nothing is known about any of them, unless its reaction says that nothing was taken.
    async fn register(&self, target: &Target, rows: &[Row]) -> Result<Vec<RowOutcome>, Problem>;
    /// Which of these names and values it would refuse as metadata: the reason for each, `None` for what it takes. A name with
    /// an empty value is asked about by its name alone.
    async fn misfits(&self, target: &Target, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem>;
    /// Whether the platform has finished with these rows, so that its page shows them; `true` where it does not say.
    async fn settled(&self, target: &Target, keys: &[&str]) -> Result<bool, Problem>;
}
