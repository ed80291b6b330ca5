//! An engine on a data folder of its own, joined with any store.

use gantry_engine::home::Home;
use gantry_engine::keychain::{Keychain, LIMIT, MemoryVault};
use gantry_engine::{CannotStart, Engine, Joint};
use gantry_model::finding::{About, Rule, Severity};
use gantry_model::view::{Account, Phase, Picture, Plan};
use gantry_model::{Code, Connection, Format, Incoming, Kind, Problem, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::bureau::Bureau;

/// Longer than any journey takes; what is not done by then never will be.
const LONGEST: Duration = Duration::from_secs(60);

pub struct Rig {
    pub engine: Engine,
    _folder: Option<tempfile::TempDir>,
}

impl Rig {
    /// A new data folder.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder.path().join("home"), store, None);
        Self { engine, _folder: Some(folder) }
    }

    /// A new data folder, and a platform beside the store.
    pub fn with_platform(store: Arc<dyn Store>, bureau: Bureau) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder.path().join("home"), store, Some(bureau));
        Self { engine, _folder: Some(folder) }
    }

    /// A data folder that may be there already, and a platform beside the store.
    pub fn on_platform(home: &Path, store: Arc<dyn Store>, bureau: Bureau) -> Self {
        Self { engine: open(home, store, Some(bureau)), _folder: None }
    }

    /// A data folder that is there already.
    pub fn on(home: &Path, store: Arc<dyn Store>) -> Self {
        Self { engine: open(home, store, None), _folder: None }
    }

    /// Gives these paths and says yes.
    pub fn send(&self, paths: &[&Path]) -> String {
        self.send_with(paths, Plan::default())
    }

    pub fn send_with(&self, paths: &[&Path], plan: Plan) -> String {
        self.take(paths, plan, true)
    }

    /// Gives these paths and waits for the person.
    pub fn ask(&self, paths: &[&Path]) -> String {
        self.take(paths, Plan::default(), false)
    }

    /// Gives these paths with this plan, and waits for the person.
    pub fn ask_with(&self, paths: &[&Path], plan: Plan) -> String {
        self.take(paths, plan, false)
    }

    /// The same with tables that lie elsewhere.
    pub fn ask_beside(&self, paths: &[&Path], tables: &[&Path], plan: Plan) -> String {
        self.take_all(paths, tables, plan, false)
    }

    fn take(&self, paths: &[&Path], plan: Plan, approved: bool) -> String {
        self.take_all(paths, &[], plan, approved)
    }

    /// Why these paths are not taken at all.
    pub fn refused(&self, paths: &[&Path], plan: Plan) -> Problem {
        self.given(paths, &[], plan, false).unwrap_err()
    }

    fn take_all(&self, paths: &[&Path], tables: &[&Path], plan: Plan, approved: bool) -> String {
        self.given(paths, tables, plan, approved).unwrap()
    }

    fn given(&self, paths: &[&Path], tables: &[&Path], plan: Plan, approved: bool) -> Result<String, Problem> {
        let all = |paths: &[&Path]| paths.iter().map(|path| path.to_path_buf()).collect();
        let incoming = Incoming { paths: all(paths), tables: all(tables), ..Incoming::default() };
        let names = if plan.names.is_empty() { "{prefix}/{relative_path}".to_owned() } else { plan.names.clone() };
        let on_clash = if plan.on_clash.is_empty() { "keep".to_owned() } else { plan.on_clash.clone() };
        let connection = if plan.connection.is_empty() { "cloud".to_owned() } else { plan.connection.clone() };
        let plan = Plan { connection, names, on_clash, ..plan };
        self.engine.take(incoming, plan, approved, 0, 0)
    }

    /// Waits until nothing is left to do.
    pub fn finish(&self, upload: &str) -> Account {
        self.until(upload, |picture| picture.phase == Phase::Finished).account
    }

    pub fn until(&self, upload: &str, done: impl Fn(&Picture) -> bool) -> Picture {
        let until = Instant::now() + LONGEST;
        let mut seen = 0;
        loop {
            let picture = self.engine.picture(upload).unwrap();
            let account = picture.account;
            assert!(picture.phase == Phase::Reading || account.sum() == account.files, "the books do not balance: {account:?}");
            if done(&picture) {
                return picture;
            }
            assert!(Instant::now() < until, "it never ends: {picture:?}");
            seen = self.engine.wait(seen, Duration::from_millis(50));
        }
    }
}

/// The kinds of connections that tests have.
static KINDS: [Kind; 1] = [Kind { id: "bureau", platform: true, fields: &[] }];

/// What the connection `strict` takes: PNG and JPEG, up to 64 pixels across.
static STRICT: &[Rule] = &[
    Rule {
        id: "labelbox-image-formats",
        severity: Severity::Blocked,
        about: About::Formats(&[Format::Jpeg, Format::Png]),
        source: "https://example.org/formats",
        checked: "2026-11-27",
    },
    Rule {
        id: "labelbox-image-pixels",
        severity: Severity::Warning,
        about: About::ImagePixels { width: 64, height: 64 },
        source: "https://example.org/pixels",
        checked: "2026-11-27",
    },
];

fn open(home: &Path, store: Arc<dyn Store>, bureau: Option<Bureau>) -> Engine {
    let joint = Joint {
        kinds: || &KINDS,
        rules: |kind| if kind == "strict" { STRICT } else { &[] },
        validate: |_| Ok(()),
        place: |_| "cloud://test".to_owned(),
        url: |_, key| format!("cloud://test/{key}"),
        row_rules: |_, _| &[],
        row_key: |_, _, _, path| path.to_owned(),
        web_url: |_, key, _| Ok(format!("https://cloud.test/{key}")),
        carries: |kind| (kind == "bureau").then_some(testkit::bureau::CARRIES),
        dialects: gantry_destinations::dialects,
        objects: |_, _, _| Err(Problem::new(Code::BadField, "objects")),
        open: Arc::new(move |_, _, _| Ok(Arc::clone(&store))),
        open_platform: Arc::new(move |_, _| match &bureau {
            Some(bureau) => Ok(Arc::new(bureau.clone())),
            None => Err(Problem::new(Code::BadField, "open")),
        }),
    };
    let keychain = |folder: &Path, id: &str| Keychain::with_vault(folder, id, Arc::new(MemoryVault::default()), LIMIT);
    let engine = start(home, joint, keychain);
    let connection = Connection { name: "cloud".to_owned(), kind: "fake".to_owned(), fields: BTreeMap::new() };
    engine.add_connection(connection, gantry_model::Secrets::default(), false).unwrap();
    let connection = Connection { name: "strict".to_owned(), kind: "strict".to_owned(), fields: BTreeMap::new() };
    engine.add_connection(connection, gantry_model::Secrets::default(), false).unwrap();
    let connection = Connection { name: "bureau".to_owned(), kind: "bureau".to_owned(), fields: BTreeMap::new() };
    engine.add_connection(connection, gantry_model::Secrets::default(), false).unwrap();
    engine
}

/// An engine before it in the same process may hold the folder until its last thread is gone.
pub fn start(home: &Path, joint: Joint, keychain: impl Fn(&Path, &str) -> Keychain) -> Engine {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match Engine::open(Home::find(Some(home.to_owned())), "test", joint.clone(), &keychain) {
            Err(CannotStart::InUse { .. }) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened.unwrap(),
        }
    }
}
