//! `submit`: the rows of a manifest are registered at a platform. The objects are where they are; nothing else is sent.

use crate::args::Submit;
use crate::failure::{Failure, USAGE};
use crate::follow::Follower;
use crate::given;
use crate::join;
use crate::manifest;
use crate::out::Out;
use crate::platforms::{self, asked};
use crate::stop::{STOPPED, Stop};
use gantry_engine::engine::Engine;
use gantry_engine::home::Home;
use gantry_engine::manifest::{Checked, Manifest, check, left_behind};
use gantry_model::manifest::Form;
use gantry_model::view::{ManifestPlan, Plan, Register};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Container, Incoming, Integration, Problem, Reaction, Target, show};
use std::io::{self, BufRead, IsTerminal, Write};

/// Submits.
///
/// # Errors
/// Bad input, or what keeps it from starting. Nothing was registered then.
pub fn run(args: &Submit, home: Home, out: Out) -> Result<u8, Failure> {
    let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !args.yes && !somebody {
        return Err(Failure::usage("console-needs-yes", &[]));
    }
    let manifest = manifest::open(&args.opening, &home)?;
    manifest::tell_form(out, &manifest);
    let engine = join::open(home, "submit")?;
    join::can_open(&engine, &args.register.connection)?;
    let plan = plan(args, &engine, &manifest)?;
    let stop = Stop::listen();
    tell_left(&manifest, &plan, &stop, out)?;
    if stop.asked() {
        return Ok(STOPPED);
    }
    if !args.yes {
        let checked = check(&manifest, manifest::known(), stop.flag(), &mut |_| {})?;
        if checked.stopped {
            return Ok(STOPPED);
        }
        if !agrees(&checked, &plan) || stop.asked() {
            out.aside(&say("console-nothing-registered", &[]));
            return Ok(1);
        }
    }
    let incoming = Incoming { paths: vec![given::absolute(&args.opening.file)?], ..Incoming::default() };
    let upload = engine.take(incoming, plan, true, 0, 0)?;
    Follower::new(&engine, out, &stop, args.patience.wait).follow_all(std::slice::from_ref(&upload))
}

fn plan(args: &Submit, engine: &Engine, manifest: &Manifest) -> Result<Plan, Failure> {
    let (connection, container) = (args.register.connection.clone(), args.register.prefix.clone());
    let kind = engine.connections()?.into_iter().find(|row| row.name == connection).map(|row| row.kind).unwrap_or_default();
    if !join::is_platform(&kind) {
        let missing = Problem::new(Code::NoSuchContainer, "submit").with("container", container);
        return Err(Failure::with_status(&missing, USAGE));
    }
    if container.is_empty() {
        return Err(Failure::usage("console-no-target", &[("name", Value::Text(&connection))]));
    }
    let known = match engine.container(&connection, &container) {
        Ok(known) => known,
        // Not reached now is no reason to refuse: the rows wait for the line like any other.
        Err(problem) if problem.reaction == Reaction::Retry => Container { id: container, ..Container::default() },
        Err(problem) => return Err(asked(&problem)),
    };
    let integration = args.integration.clone().unwrap_or_default();
    if !integration.is_empty() {
        integrated(engine, &connection, &integration)?;
    }
    let batch = platforms::batch(args.batch.as_deref(), &known)?;
    let map = args.opening.map.iter().map(|one| (one.field.clone(), one.value.clone())).collect();
    let name = if known.name.is_empty() { known.id.clone() } else { known.name };
    let register = Register {
        connection: connection.clone(),
        kind,
        target: Target { container: known.id, integration, batch },
        name,
        link: known.link,
        shape: known.shape,
        ..Register::default()
    };
    let map = if args.opening.map.is_empty() { manifest.map.clone() } else { map };
    let rows = ManifestPlan { form: manifest.form().word().to_owned(), map };
    Ok(Plan { connection, register: Some(register), manifest: Some(rows), on_clash: "keep".into(), ..Plan::default() })
}

/// What the rows say and the platform has no place for is said before anything is registered.
fn tell_left(manifest: &Manifest, plan: &Plan, stop: &Stop, out: Out) -> Result<(), Failure> {
    let form = plan.register.as_ref().and_then(|register| Form::from_word(&register.kind));
    let target = join::dialects().into_iter().find(|one| Some(one.form()) == form && form != Some(manifest.form()));
    let Some(target) = target else { return Ok(()) };
    let left = left_behind(manifest, target, stop.flag())?.left;
    if left.is_empty() {
        return Ok(());
    }
    out.aside(&say("console-manifest-left", &[]));
    for (field, count) in &left {
        let field = show::text(field);
        out.aside(&say("console-manifest-left-field", &[("field", Value::Text(&field)), ("count", Value::Count(*count))]));
    }
    Ok(())
}

/// The integration is one that the platform lists, and holds for valid. A platform without a list says so later.
fn integrated(engine: &Engine, connection: &str, id: &str) -> Result<(), Failure> {
    let all = match engine.platform(connection) {
        Ok(view) => view.integrations,
        Err(problem) if problem.reaction == Reaction::Retry => return Ok(()),
        Err(problem) => return Err(asked(&problem)),
    };
    let named = ("integration", show::text(id));
    match all.iter().find(|one| one.id == id) {
        _ if all.is_empty() => Ok(()),
        Some(Integration { valid: Some(false), name, .. }) => {
            let name = show::text(name);
            Err(Failure::usage("console-integration-invalid", &[(named.0, Value::Text(&named.1)), ("name", Value::Text(&name))]))
        }
        Some(_) => Ok(()),
        None => {
            let known = all.iter().map(|one| format!("{} ({})", show::text(&one.id), show::text(&one.name)));
            let known = known.collect::<Vec<_>>().join(", ");
            Err(Failure::usage("console-no-integration", &[(named.0, Value::Text(&named.1)), ("all", Value::Text(&known))]))
        }
    }
}

/// Asks on the terminal.
fn agrees(checked: &Checked, plan: &Plan) -> bool {
    let name = plan.register.as_ref().map(|register| show::text(&register.name)).unwrap_or_default();
    let values =
        [("count", Value::Count(checked.good)), ("blocked", Value::Count(checked.blocked)), ("name", Value::Text(&name))];
    let question = say("console-ask-submit", &values);
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes")
}
