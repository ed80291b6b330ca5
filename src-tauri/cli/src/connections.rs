//! `connections`: the stores that the person set up. Secrets come from standard input or the environment, never from
//! the command line, where every program on the machine could read them.

use crate::args::{AddConnection, ConnectionCommand, Connections, RemoveConnection};
use crate::failure::{Failure, NO_START, USAGE};
use crate::join;
use crate::out::{Out, table};
use gantry_engine::home::Home;
use gantry_model::view::{ConnectionRow, SecretPlace};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Kind, Problem, Secrets, show};
use secrecy::SecretString;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal};

/// Lists, adds, tests or removes.
///
/// # Errors
/// Bad input, or what keeps it from starting.
pub fn run(args: &Connections, home: Home, out: Out) -> Result<u8, Failure> {
    match &args.command {
        None => list(home, out),
        Some(ConnectionCommand::Add(args)) => add(args, home, out),
        Some(ConnectionCommand::Test(args)) => test(&args.name, home, out),
        Some(ConnectionCommand::Remove(args)) => remove(args, home, out),
    }
}

#[derive(Serialize)]
struct ConnectionEvent<'a> {
    event: &'static str,
    name: &'a str,
    kind: &'a str,
    place: &'a str,
    fields: &'a BTreeMap<String, String>,
    secrets: BTreeMap<&'a str, SecretPlace>,
    tested: Option<&'a str>,
    open_uploads: u64,
}

impl<'a> ConnectionEvent<'a> {
    fn of(row: &'a ConnectionRow) -> Self {
        Self {
            event: "connection",
            name: &row.name,
            kind: &row.kind,
            place: &row.place,
            fields: &row.fields,
            secrets: row.secrets.iter().map(|(field, place)| (field.as_str(), *place)).collect(),
            tested: (!row.tested.is_empty()).then_some(&row.tested),
            open_uploads: row.open_uploads,
        }
    }
}

fn list(home: Home, out: Out) -> Result<u8, Failure> {
    let rows = join::look(home)?.connections()?;
    rows.iter().for_each(|row| out.event(&ConnectionEvent::of(row)));
    let head = ["name", "kind", "place", "secret", "tested"].map(|column| say(&format!("console-column-{column}"), &[]));
    let cells = |row: &ConnectionRow| {
        let place = row.secrets.first().map_or_else(String::new, |(_, place)| secret_word(*place));
        vec![row.name.clone(), row.kind.clone(), show::text(&row.place), place, row.tested.clone()]
    };
    table(&head, &rows.iter().map(cells).collect::<Vec<_>>()).iter().for_each(|line| out.line(line));
    Ok(0)
}

fn secret_word(place: SecretPlace) -> String {
    let id = match place {
        SecretPlace::Keychain => "console-secret-keychain",
        SecretPlace::UntilQuit => "console-secret-until-quit",
        SecretPlace::Environment => "console-secret-environment",
        SecretPlace::Missing => "console-secret-missing",
    };
    say(id, &[])
}

fn add(args: &AddConnection, home: Home, out: Out) -> Result<u8, Failure> {
    let kinds = gantry_destinations::kinds();
    let Some(kind) = kinds.iter().find(|kind| kind.id == args.kind) else {
        let known: Vec<_> = kinds.iter().map(|kind| kind.id).collect();
        return Err(Failure::usage("console-no-such-kind", &[("known", Value::Text(&known.join(", ")))]));
    };
    let connection = typed(args, kind)?;
    gantry_destinations::validate(&connection)?;
    let engine = join::beside(home, "connections")?;
    let secrets = secrets(args, kind)?;
    engine.add_connection(connection, secrets, false)?;
    let row = engine.connections()?.into_iter().find(|row| row.name == args.name);
    if let Some(row) = row {
        out.event(&ConnectionEvent::of(&row));
        out.say("console-added", &[("name", Value::Text(&row.name)), ("place", Value::Text(&show::text(&row.place)))]);
    }
    Ok(0)
}

/// What was typed; a relative folder is taken from where the person stands.
fn typed(args: &AddConnection, kind: &Kind) -> Result<Connection, Failure> {
    let mut fields = BTreeMap::new();
    for one in &args.set {
        if fields.insert(one.field.clone(), one.value.clone()).is_some() {
            return Err(Failure::usage("console-set-twice", &[("field", Value::Text(&show::text(&one.field)))]));
        }
    }
    if let Some(path) = fields.get_mut("path").filter(|path| !path.is_empty())
        && kind.id == "folder"
        && let Ok(whole) = std::path::absolute(&*path)
        && let Some(whole) = whole.to_str()
    {
        *path = whole.to_owned();
    }
    Ok(Connection { name: args.name.clone(), kind: kind.id.to_owned(), fields })
}

/// One line of standard input for each `--secret`, in their order. On a terminal nothing of it is shown.
fn secrets(args: &AddConnection, kind: &Kind) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::default();
    for field in &args.secret {
        if !kind.fields.iter().any(|known| known.secret && known.name == field) {
            let known: Vec<_> = kind.fields.iter().filter(|known| known.secret).map(|known| known.name).collect();
            return Err(Failure::usage("console-no-such-secret", &[("known", Value::Text(&known.join(", ")))]));
        }
        let line = one_line(field).unwrap_or_default();
        if line.is_empty() {
            return Err(Failure::usage("console-no-secret-line", &[("field", Value::Text(field))]));
        }
        secrets.0.insert(field.clone(), SecretString::from(line));
    }
    Ok(secrets)
}

fn one_line(field: &str) -> io::Result<String> {
    if io::stdin().is_terminal() {
        let term = console::Term::stderr();
        let label = say(&format!("field-{}", field.replace('_', "-")), &[]);
        term.write_str(&format!("{label}: "))?;
        return term.read_secure_line();
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[derive(Serialize)]
struct AccessEvent<'a> {
    event: &'static str,
    name: &'a str,
    check: &'a str,
    passed: Option<bool>,
    text: String,
}

fn test(name: &str, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::beside(home, "connections")?;
    let row = engine.test_connection(name).map_err(|problem| Failure::with_status(&problem, status_of(&problem)))?;
    for (check, passed) in &row.checks {
        let text = say(&format!("access-{}", check.replace('_', "-")), &[]);
        let id = match passed {
            Some(true) => "console-check-passed",
            Some(false) => "console-check-failed",
            None => "console-check-open",
        };
        out.say(id, &[("check", Value::Text(&text))]);
        out.event(&AccessEvent { event: "check", name, check, passed: *passed, text });
    }
    for (fact, value) in &row.learned {
        out.line(&format!("  {fact}={}", show::text(value)));
    }
    out.event(&ConnectionEvent::of(&row));
    // A store without an ability is still a store; only reaching, writing and reading must work.
    let needed = |check: &str| matches!(check, "reach" | "write" | "read");
    Ok(u8::from(row.checks.iter().any(|(check, passed)| *passed == Some(false) && needed(check))))
}

/// The store was asked, and refused: that needs the person, and is no mistake in the command.
fn status_of(problem: &Problem) -> u8 {
    match problem.code {
        Code::NoSecret | Code::KeychainLocked | Code::KeychainAbsent | Code::JournalFull | Code::Bug => NO_START,
        Code::ConnectionMissing | Code::BadField => USAGE,
        _ => 1,
    }
}

fn remove(args: &RemoveConnection, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::beside(home, "connections")?;
    // Asked first: a keychain that does not answer would be told in place of a name that is not there.
    if !engine.connections()?.iter().any(|row| row.name == args.name) {
        return Err(Problem::new(Code::ConnectionMissing, "remove").with("connection", &args.name).into());
    }
    engine.remove_connection(&args.name, args.force)?;
    out.say("console-removed", &[("name", Value::Text(&args.name))]);
    Ok(0)
}
