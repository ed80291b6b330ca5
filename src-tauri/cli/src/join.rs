//! The lines that join the engine with the destinations, and the doors to both.

use crate::failure::{Failure, NO_START, USAGE};
use gantry_engine::engine::{Engine, Joint};
use gantry_engine::home::Home;
use gantry_engine::keychain::Keychain;
use gantry_model::view::KeychainState;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Problem, Rule, Secrets, Target};

fn joint() -> Joint {
    gantry_engine::joint!(gantry_destinations)
}

/// The published rules of a kind of store.
pub fn rules(kind: &str) -> &'static [Rule] {
    gantry_destinations::rules(kind)
}

/// The published rules of a kind of platform, in its own upload storage or read by address.
pub fn row_rules(kind: &str, own_storage: bool) -> &'static [Rule] {
    gantry_destinations::row_rules(kind, own_storage)
}

/// The platforms' ways of writing manifests.
pub fn dialects() -> [&'static dyn gantry_model::manifest::Dialect; 4] {
    gantry_destinations::dialects()
}

/// This kind of connection takes rows.
pub fn is_platform(kind: &str) -> bool {
    gantry_destinations::kinds().iter().any(|known| known.id == kind && known.platform)
}

/// The engine with the data folder's lock, held in the name of this command.
///
/// # Errors
/// Somebody else works there, or the journal cannot be opened.
pub fn open(home: Home, command: &str) -> Result<Engine, Failure> {
    let holder = format!("gantryctl {command}");
    Engine::open(home, &holder, joint(), Keychain::of_this_system).map_err(|why| Failure::from_start(&why))
}

/// The engine for changing connections, which works while a window or an upload holds the lock.
///
/// # Errors
/// The journal cannot be opened or made.
pub fn beside(home: Home, command: &str) -> Result<Engine, Failure> {
    let holder = format!("gantryctl {command}");
    Engine::open_beside(home, &holder, joint(), Keychain::of_this_system).map_err(|why| Failure::from_start(&why))
}

/// The engine for looking only; needs no lock.
///
/// # Errors
/// The journal cannot be read.
pub fn look(home: Home) -> Result<Engine, Failure> {
    Engine::open_to_look(home, joint(), Keychain::of_this_system).map_err(|why| Failure::from_start(&why))
}

/// Is the connection there, and is what it needs at hand? Asked before anything is taken in.
///
/// # Errors
/// It is not there, a field makes no sense, or a secret is missing.
pub fn can_open(engine: &Engine, name: &str) -> Result<(), Failure> {
    let Some(row) = engine.connections()?.into_iter().find(|row| row.name == name) else {
        let missing = Problem::new(Code::ConnectionMissing, "connection").with("connection", name);
        return Err(Failure::with_status(&missing, USAGE));
    };
    if !row.secrets.is_empty() {
        return Ok(());
    }
    let connection = Connection { name: row.name, kind: row.kind, fields: row.fields };
    let opened = if is_platform(&connection.kind) {
        gantry_destinations::open_platform(&connection, &Secrets::default()).map(|_| ())
    } else {
        gantry_destinations::open(&connection, &Secrets::default(), &Target::default()).map(|_| ())
    };
    match opened {
        Err(problem) if problem.code == Code::NoSecret => Err(no_secret(engine, name)),
        Err(problem) => Err(problem.into()),
        Ok(()) => Ok(()),
    }
}

/// No secret is at hand: because there is no keychain, because it is locked, or because none was ever given.
fn no_secret(engine: &Engine, name: &str) -> Failure {
    let code = match engine.keychain_state() {
        KeychainState::Ready => Code::NoSecret,
        KeychainState::Locked => Code::KeychainLocked,
        KeychainState::Absent => Code::KeychainAbsent,
    };
    let variable = Connection::environment_name(name, "");
    let mut failure = Failure::with_status(&Problem::new(code, "open").with("connection", name), NO_START);
    let other_way = say("console-secret-by-environment", &[("variable", Value::Text(&variable))]);
    failure.lines.insert(failure.lines.len() - 1, other_way);
    failure
}
