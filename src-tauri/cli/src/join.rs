//! The lines that join the engine with the destinations, and the doors to both.

use crate::failure::{Failure, NO_START, USAGE};
use gantry_engine::engine::{Engine, Joint};
use gantry_engine::home::Home;
use gantry_engine::journal::Journal;
use gantry_engine::keychain::Keychain;
use gantry_model::view::KeychainState;
use gantry_model::{Code, Connection, Problem, Rule, Secrets};
use std::sync::Arc;

fn joint() -> Joint {
    Joint {
        kinds: gantry_destinations::kinds,
        rules: gantry_destinations::rules,
        validate: gantry_destinations::validate,
        place: gantry_destinations::place,
        url: gantry_destinations::url,
        open: Arc::new(gantry_destinations::open),
    }
}

/// The published rules of a kind of store.
pub fn rules(kind: &str) -> &'static [Rule] {
    gantry_destinations::rules(kind)
}

/// The engine with the data folder's lock, held in the name of this command.
///
/// # Errors
/// Somebody else works there, or the journal cannot be opened.
pub fn open(home: Home, command: &str) -> Result<Engine, Failure> {
    let holder = format!("gantryctl {command}");
    let id = id(&home);
    let open = |id: &str| Engine::open(home.clone(), &holder, joint(), keychain(&home, id)).map_err(|why| Failure::from_start(&why));
    if id.is_empty() {
        // The folder's id is made with the journal, and names the keychain's entries.
        drop(open("")?);
        return open(&self::id(&home));
    }
    open(&id)
}

/// The engine for looking only; needs no lock.
///
/// # Errors
/// The journal cannot be read.
pub fn look(home: Home) -> Result<Engine, Failure> {
    let keychain = keychain(&home, &id(&home));
    Engine::open_to_look(home, joint(), keychain).map_err(|why| Failure::from_start(&why))
}

/// A journal that cannot be opened has no id here; opening it for real says why.
fn id(home: &Home) -> String {
    Journal::read_only(home).map(|journal| journal.home_id().to_owned()).unwrap_or_default()
}

fn keychain(home: &Home, id: &str) -> Arc<Keychain> {
    Arc::new(Keychain::of_this_system(home.folder(), id))
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
    match gantry_destinations::open(&connection, &Secrets::default()) {
        Err(problem) if problem.code == Code::NoSecret => Err(no_secret(engine, name)),
        Err(problem) => Err(problem.into()),
        Ok(_) => Ok(()),
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
    failure.lines.insert(failure.lines.len() - 1, gantry_model::words::say(
        "console-secret-by-environment",
        &[("variable", gantry_model::words::Value::Text(&variable))],
    ));
    failure
}
