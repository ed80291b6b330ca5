//! Connections and settings: fields in the journal, secrets in the keychain. What a test learned is kept with a date.

use super::{Engine, House};
use crate::journal::{Removed, StoredConnection, StoredUpload, UploadId, rfc3339};
use gantry_model::connection::THIS_COMPUTER;
use gantry_model::view::{ConnectionRow, KeychainState, Plan, Register, SecretPlace, Settings};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Kind, Problem, Secrets, Target};
use std::collections::BTreeMap;

/// Where the settings stand in the journal.
const SETTINGS: &str = "settings";

impl House {
    /// An upload, by its id.
    pub(super) fn stored(&self, upload: &UploadId) -> Result<StoredUpload, Problem> {
        self.journal.upload(&upload.0)?.ok_or_else(|| no_upload(&upload.0))
    }

    /// A connection with what was learned of it, in fields named `learned.*`. `this-computer` is there from the start.
    pub(super) fn connection(&self, name: &str) -> Result<Connection, Problem> {
        match self.journal.connection(name)? {
            Some(stored) => Ok(with_learned(stored)),
            None if name == THIS_COMPUTER => Ok(this_computer()),
            None => Err(Problem::new(Code::ConnectionMissing, "connection").with("connection", name)),
        }
    }

    pub(super) fn secrets(&self, connection: &Connection) -> Result<Secrets, Problem> {
        if !connection.field("profile").is_empty() {
            return Ok(Secrets::default());
        }
        let wanted = self.secret_fields(&connection.kind);
        self.keychain.get(&connection.name, &wanted)
    }

    fn secret_fields(&self, kind: &str) -> Vec<&'static str> {
        let kind = (self.joint.kinds)().iter().find(|known| known.id == kind);
        kind.map_or_else(Vec::new, |kind| kind.fields.iter().filter(|field| field.secret).map(|field| field.name).collect())
    }

    pub(super) fn settings(&self) -> Settings {
        let stored = self.journal.setting(SETTINGS).ok().flatten();
        stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Where rows went last, while its connection is still there.
    fn last_register(&self) -> Option<gantry_model::view::Register> {
        let kept = self.journal.setting("register").ok().flatten()?;
        let register: Register = serde_json::from_str(&kept).ok()?;
        self.connection(&register.connection).is_ok().then_some(register)
    }

    /// What the next upload begins with.
    pub(super) fn remember_destination(&self, plan: &Plan) -> Result<(), Problem> {
        // What is known about these files is not known about the next ones.
        let bare = |register: &Register| Register { metadata: Vec::new(), priority: 0, ..register.clone() };
        let register = serde_json::to_string(&plan.register.as_ref().map(bare)).unwrap_or_default();
        self.journal.put_setting("register", &register)?;
        self.journal.put_setting("connection", &plan.connection)
    }

    pub(super) fn set_settings(&self, settings: &Settings) -> Result<(), Problem> {
        let text = serde_json::to_string(settings)
            .map_err(|error| Problem::new(Code::Bug, "settings").with("said", error.to_string()))?;
        self.journal.put_setting(SETTINGS, &text)?;
        self.copies.set_limit(settings.copies);
        for run in self.runs().values() {
            run.kit.pace.set(settings.limit);
            let most = if settings.at_once == 0 { 256 } else { settings.at_once };
            run.desk.post(crate::queue::errand::Event::Bounds(most));
        }
        Ok(())
    }

    fn row(&self, connection: Connection, stored: Option<&StoredConnection>) -> Result<ConnectionRow, Problem> {
        let fields = self.secret_fields(&connection.kind);
        let place = if fields.is_empty() { SecretPlace::Missing } else { self.keychain.place(&connection.name, &fields) };
        let tested = stored.and_then(|stored| stored.tested.as_ref());
        Ok(ConnectionRow {
            place: (self.joint.place)(&connection),
            secrets: fields
                .iter()
                .take(usize::from(place != SecretPlace::Missing))
                .map(|field| ((*field).to_owned(), place))
                .collect(),
            tested: tested.map(|tested| rfc3339(tested.at_ms)).unwrap_or_default(),
            checks: tested.map(|tested| tested.checks.clone()).unwrap_or_default(),
            learned: stored.map(|stored| stored.learned.clone().into_iter().collect()).unwrap_or_default(),
            open_uploads: self.journal.open_uploads(&connection.name)?,
            fields: connection.fields.into_iter().filter(|(name, _)| !name.starts_with("learned.")).collect(),
            name: connection.name,
            kind: connection.kind,
        })
    }
}

impl Engine {
    /// The kinds of connections and their forms.
    pub fn kinds(&self) -> &'static [Kind] {
        (self.0.joint.kinds)()
    }

    /// The state of the system's keychain.
    pub fn keychain_state(&self) -> KeychainState {
        self.0.keychain.state()
    }

    /// All connections, `this-computer` first.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, Problem> {
        let stored = self.0.journal.connections()?;
        let mut rows = Vec::with_capacity(stored.len() + 1);
        if !stored.iter().any(|one| one.connection.name == THIS_COMPUTER) {
            rows.push(self.0.row(this_computer(), None)?);
        }
        for one in &stored {
            rows.push(self.0.row(one.connection.clone(), Some(one))?);
        }
        Ok(rows)
    }

    /// Keeps a connection: fields in the journal, secrets in the keychain, or in memory until the program quits.
    ///
    /// # Errors
    /// [`Code::BadField`] with the reason; the keychain's troubles. Nothing is kept then.
    pub fn add_connection(&self, connection: Connection, secrets: Secrets, until_quit: bool) -> Result<(), Problem> {
        let bad = |id: &str| Err(Problem::new(Code::BadField, "connection").with("said", say(id, &[])));
        if !Connection::is_name(&connection.name) {
            return bad("said-bad-name");
        }
        let twin = |known: &ConnectionRow| {
            known.name != connection.name
                && Connection::environment_name(&known.name, "") == Connection::environment_name(&connection.name, "")
        };
        if self.connections()?.iter().any(twin) {
            return bad("said-name-taken");
        }
        (self.0.joint.validate)(&connection)?;
        if !secrets.0.is_empty() {
            if until_quit {
                self.0.keychain.put_until_quit(&connection.name, secrets);
            } else {
                self.0.keychain.put(&connection.name, &secrets)?;
            }
        }
        self.0.journal.put_connection(connection)
    }

    /// Tries a connection for real, keeps what was learned, and gives the row with the result.
    ///
    /// # Errors
    /// What stopped the test as a whole, such as a wrong key.
    pub fn test_connection(&self, name: &str) -> Result<ConnectionRow, Problem> {
        let connection = self.0.connection(name)?;
        let secrets = self.0.secrets(&connection)?;
        let store = (self.0.joint.open)(&connection, &secrets, &Target::default())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Problem::new(Code::Bug, "test").with("said", error.to_string()))?;
        let access = runtime.block_on(store.try_access(connection.field("prefix")))?;
        if self.0.journal.connection(name)?.is_none() {
            self.0.journal.put_connection(connection.clone())?;
        }
        self.0.journal.learned(name, access.learned)?;
        self.0.journal.tested(name, access.checks)?;
        let stored = self.0.journal.connection(name)?;
        self.0.row(connection, stored.as_ref())
    }

    /// Forgets a connection and its secrets. Refused while uploads are open, unless forced: they wait then.
    ///
    /// # Errors
    /// Open uploads use it, or it is not there.
    pub fn remove_connection(&self, name: &str, force: bool) -> Result<(), Problem> {
        match self.0.journal.remove_connection(name, force)? {
            Removed::InUse(open) => {
                let problem = Problem::new(Code::ConnectionInUse, "remove").with("open", open.to_string());
                Err(problem.with("said", say("said-in-use", &[("count", Value::Count(open))])))
            }
            // The keychain may be locked or gone; then only its entry stays, and it opens nothing without the connection.
            Removed::Gone => {
                let _ = self.0.keychain.remove(name);
                Ok(())
            }
            Removed::NeverThere if name == THIS_COMPUTER => {
                Err(Problem::new(Code::ConnectionInUse, "remove").with("said", say("said-always-there", &[])))
            }
            Removed::NeverThere => Err(Problem::new(Code::ConnectionMissing, "remove").with("connection", name)),
        }
    }

    /// The plan that a new upload begins with.
    pub fn default_plan(&self) -> Plan {
        let settings = self.0.settings();
        let last = self.0.journal.setting("connection").ok().flatten();
        let connection = last.filter(|name| self.0.connection(name).is_ok()).unwrap_or_else(|| THIS_COMPUTER.to_owned());
        Plan {
            connection,
            prefix: String::new(),
            names: settings.names,
            on_clash: "keep".to_owned(),
            exclude: settings.exclude,
            every: 1,
            include_hidden: settings.include_hidden,
            register: self.0.last_register(),
            ..Plan::default()
        }
    }
}

pub(super) fn no_upload(text: &str) -> Problem {
    Problem::new(Code::BadField, "upload")
        .with("upload", text)
        .with("said", say("said-no-upload", &[("upload", Value::Text(text))]))
}

/// The folder store that works at once: `Gantry` in the person's home.
fn this_computer() -> Connection {
    let home = dirs::home_dir().unwrap_or_else(|| std::path::PathBuf::from("."));
    let path = home.join("Gantry").to_string_lossy().into_owned();
    let fields = BTreeMap::from([("path".to_owned(), path)]);
    Connection { name: THIS_COMPUTER.to_owned(), kind: "folder".to_owned(), fields }
}

fn with_learned(stored: StoredConnection) -> Connection {
    let mut connection = stored.connection;
    connection.fields.extend(stored.learned.into_iter().map(|(name, value)| (format!("learned.{name}"), value)));
    connection
}
