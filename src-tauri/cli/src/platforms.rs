//! Platforms in the console: what rows can go to, and a destination that is a store and a platform.

use crate::args::{Datasets, Send};
use crate::failure::{Failure, USAGE};
use crate::join;
use crate::out::{Out, table};
use crate::tables;
use gantry_engine::engine::Engine;
use gantry_engine::home::Home;
use gantry_model::view::{Plan, Register};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Container, NewContainer, Problem, Reaction, Target, show};
use serde::Serialize;

#[derive(Serialize)]
struct DatasetEvent<'a> {
    event: &'static str,
    id: &'a str,
    name: &'a str,
    owner: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    rows: Option<u64>,
    link: &'a str,
}

#[derive(Serialize)]
struct IntegrationEvent<'a> {
    event: &'static str,
    id: &'a str,
    name: &'a str,
    provider: &'a str,
    bucket: &'a str,
    valid: Option<bool>,
    default: bool,
}

/// Lists datasets or projects, or makes one.
///
/// # Errors
/// The connection is not one of a platform, its key is not accepted, or the platform cannot be reached.
pub fn datasets(args: &Datasets, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::look(home)?;
    join::can_open(&engine, &args.name)?;
    let containers = match &args.create {
        Some(name) => vec![engine.create_container(&args.name, &new(args, name)).map_err(|problem| asked(&problem))?],
        None => engine.platform(&args.name).map_err(|problem| asked(&problem))?.containers,
    };
    for one in &containers {
        let (id, name, owner) = (one.id.as_str(), one.name.as_str(), one.owner.as_str());
        let (kind, rows, link) = (one.kind.as_str(), one.rows, one.link.as_str());
        out.event(&DatasetEvent { event: "dataset", id, name, owner, kind, rows, link });
    }
    let head = ["target", "name", "type", "rows"].map(|column| say(&format!("console-column-{column}"), &[]));
    let cells = |one: &Container| {
        let rows = one.rows.map(show::count).unwrap_or_default();
        vec![show::text(&one.id), show::text(&one.name), show::text(&one.kind), rows]
    };
    table(&head, &containers.iter().map(cells).collect::<Vec<_>>()).iter().for_each(|line| out.line(line));
    Ok(0)
}

fn new(args: &Datasets, name: &str) -> NewContainer {
    NewContainer {
        name: name.to_owned(),
        owner: args.owner.clone().unwrap_or_default(),
        kind: args.kind.clone().unwrap_or_default(),
        integration: args.integration.clone().unwrap_or_default(),
    }
}

/// Lists a platform's accesses to buckets.
///
/// # Errors
/// As [`datasets`].
pub fn integrations(name: &str, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::look(home)?;
    join::can_open(&engine, name)?;
    let found = engine.platform(name).map_err(|problem| asked(&problem))?.integrations;
    for one in &found {
        let (id, name, provider, bucket) = (one.id.as_str(), one.name.as_str(), one.provider.as_str(), one.bucket.as_str());
        out.event(&IntegrationEvent {
            event: "integration",
            id,
            name,
            provider,
            bucket,
            valid: one.valid,
            default: one.is_default,
        });
    }
    let head = ["id", "name", "provider", "bucket", "valid"].map(|column| say(&format!("console-column-{column}"), &[]));
    let valid = |valid: Option<bool>| match valid {
        Some(true) => say("console-valid", &[]),
        Some(false) => say("console-not-valid", &[]),
        None => String::new(),
    };
    let rows: Vec<_> = found
        .iter()
        .map(|one| {
            vec![show::text(&one.id), show::text(&one.name), show::text(&one.provider), show::text(&one.bucket), valid(one.valid)]
        })
        .collect();
    table(&head, &rows).iter().for_each(|line| out.line(line));
    if found.is_empty() {
        out.say("console-no-integrations", &[]);
    }
    Ok(0)
}

/// The platform was asked, and refused or could not be reached: that is no mistake in the command.
pub fn asked(problem: &Problem) -> Failure {
    let status = match problem.code {
        Code::NoSecret | Code::KeychainLocked | Code::KeychainAbsent | Code::JournalFull | Code::Bug => crate::failure::NO_START,
        Code::ConnectionMissing | Code::BadField | Code::NoSuchContainer => USAGE,
        _ => 1,
    };
    Failure::with_status(problem, status)
}

/// Makes the destination that was typed: a store, a platform's own storage, or a store with a platform.
///
/// # Errors
/// The platform does not know the target, or does not accept the key.
pub fn destine(args: &Send, engine: &Engine, plan: &mut Plan) -> Result<(), Failure> {
    let kind = |name: &str| engine.connections().ok()?.into_iter().find(|row| row.name == name).map(|row| row.kind);
    let own = kind(&args.to.connection).filter(|kind| join::is_platform(kind));
    let (connection, container) = match (&args.registering.register, own) {
        (Some(_), Some(_)) => return Err(Failure::usage("console-register-twice", &[])),
        (Some(register), None) => (register.connection.clone(), register.prefix.clone()),
        (None, Some(_)) => (args.to.connection.clone(), std::mem::take(&mut plan.prefix)),
        (None, None) => {
            plan.register = None;
            return tables::refuse_without_platform(&args.registering.telling);
        }
    };
    join::can_open(engine, &connection)?;
    if container.is_empty() {
        return Err(Failure::usage("console-no-target", &[("name", Value::Text(&connection))]));
    }
    let known = match engine.container(&connection, &container) {
        Ok(known) => known,
        // Not reached now is no reason to refuse: the upload waits for the line like any other.
        Err(problem) if problem.reaction == Reaction::Retry => Container { id: container.clone(), ..Container::default() },
        Err(problem) => return Err(asked(&problem)),
    };
    plan.tables = tables::wishes(&args.registering.telling);
    let batch = batch(args.registering.batch.as_deref(), &known)?;
    plan.register = Some(register(args, connection.clone(), kind(&connection).unwrap_or_default(), known, batch));
    Ok(())
}

/// The id of the batch that was typed, by its id or name. Of a container that could not be asked for, the platform says it later.
pub fn batch(typed: Option<&str>, known: &Container) -> Result<String, Failure> {
    let Some(typed) = typed.filter(|typed| !typed.is_empty()) else { return Ok(String::new()) };
    if known.name.is_empty() {
        return Ok(typed.to_owned());
    }
    let meant = known.batches.iter().find(|(id, name)| id == typed || name == typed);
    let name = ("name", Value::Text(&known.name));
    match meant {
        Some((id, _)) => Ok(id.clone()),
        None if known.batches.is_empty() => Err(Failure::usage("console-no-batches", &[name])),
        None => {
            let all = known.batches.iter().map(|(_, name)| show::text(name)).collect::<Vec<_>>().join(", ");
            let batch = show::text(typed);
            Err(Failure::usage("console-no-batch", &[name, ("batch", Value::Text(&batch)), ("all", Value::Text(&all))]))
        }
    }
}

fn register(args: &Send, connection: String, kind: String, known: Container, batch: String) -> Register {
    let typed = &args.registering;
    let name = if known.name.is_empty() { known.id.clone() } else { known.name };
    Register {
        connection,
        kind,
        target: Target { container: known.id, integration: typed.integration.clone().unwrap_or_default(), batch },
        name,
        link: known.link,
        shape: known.shape,
        grouping: typed.group.grouping(),
        presigned_days: typed.presign.unwrap_or_default(),
        metadata: typed.meta.iter().map(|one| (one.field.clone(), one.value.clone())).collect(),
        priority: typed.priority,
    }
}
