//! `send`: takes what was given, shows the review where somebody is there to say yes, and stays until everything arrived.

use crate::args::Send;
use crate::failure::Failure;
use crate::findings;
use crate::follow::{Ended, Follower, hold_problem};
use crate::given;
use crate::join;
use crate::out::Out;
use crate::platforms;
use crate::stop::{STOPPED, Stop};
use crate::summary::Summary;
use crate::tables;
use gantry_engine::engine::Engine;
use gantry_engine::home::Home;
use gantry_engine::naming::Template;
use gantry_model::view::{Plan, Review, Table};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Fix, Incoming, Problem, show};
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

/// Sends.
///
/// # Errors
/// Bad input, or what keeps it from starting. Nothing was sent then.
pub fn run(args: &Send, home: Home, out: Out) -> Result<u8, Failure> {
    if args.registering.manifest.form.is_some() {
        return crate::manifest::making(args, home, out);
    }
    let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !args.yes && !args.dry_run && !somebody {
        return Err(Failure::usage("console-needs-yes", &[]));
    }
    let mut incoming = given::incoming(&args.taking)?;
    incoming.tables = args.registering.telling.table.iter().map(|path| given::absolute(path)).collect::<Result<_, _>>()?;
    if let Some(Err(said)) = args.names.as_deref().map(Template::parse) {
        return Err(Problem::new(Code::BadField, "names").with("said", said).into());
    }
    let engine = join::open(home, "send")?;
    join::can_open(&engine, &args.to.connection)?;
    let mut plan = plan(args, &engine, &mut incoming);
    platforms::destine(args, &engine, &mut plan)?;
    let stop = Stop::listen();
    let approved = args.yes && !args.dry_run;
    let limit = args.bounds.limit.map_or(0, |limit| limit.0);
    let decided = plan.on_clash != "keep";
    let upload = engine.take(incoming, plan, approved, args.bounds.at_once.unwrap_or(0), limit)?;
    let mut follower = Follower::new(&engine, out, &stop, args.patience.wait);
    if approved {
        let status = follower.follow_all(std::slice::from_ref(&upload))?;
        return Ok(status);
    }
    let mut follower = follower.asking();
    let sender = Asking { engine: &engine, out, stop: &stop, upload: &upload, decided };
    sender.review(&mut follower, args.dry_run)
}

/// What the settings say, and over it what was typed.
fn plan(args: &Send, engine: &Engine, incoming: &mut Incoming) -> Plan {
    let mut plan = engine.default_plan();
    plan.connection.clone_from(&args.to.connection);
    plan.prefix.clone_from(&args.to.prefix);
    plan.on_clash = args.on_clash.word().to_owned();
    plan.include_hidden |= args.taking.include_hidden;
    plan.every = args.every.unwrap_or(plan.every);
    if let Some(names) = &args.names {
        plan.names.clone_from(names);
    }
    plan.fixes = Fix::ALL.into_iter().filter(|fix| args.fixing.fix.contains(fix)).collect();
    plan.confirmed.clone_from(&args.fixing.confirm);
    incoming.include_hidden = plan.include_hidden;
    // What the settings leave out is left out of the walk: nobody looks at a review to take it back.
    incoming.exclude.append(&mut plan.exclude);
    plan
}

/// An upload that nobody has said yes to.
struct Asking<'a> {
    engine: &'a Engine,
    out: Out,
    stop: &'a Stop,
    upload: &'a str,
    /// What becomes of other content under the names is decided.
    decided: bool,
}

impl Asking<'_> {
    fn review(&self, follower: &mut Follower<'_>, dry_run: bool) -> Result<u8, Failure> {
        match follower.follow(self.upload) {
            Ended::Review | Ended::Settled => {}
            Ended::Stopped => return self.leave(follower, STOPPED),
            Ended::Waited => return self.leave(follower, 1),
            Ended::Held(hold) => {
                self.engine.forget(self.upload)?;
                return Err(hold_problem(&hold).into());
            }
        }
        let Some(review) = self.compared()? else { return self.leave(follower, STOPPED) };
        if let Some(hold) = review.hold.as_ref().filter(|_| !review.difference.known) {
            self.out.aside(&Failure::from(hold_problem(hold)).lines.join("\n"));
        }
        if review.hold.is_none() && review.difference.unlisted {
            self.out.aside(&say("console-unlisted", &[]));
        }
        let foreseen = self.foreseen(&review, follower.took());
        findings::print_groups(self.out, &review);
        tables::print(self.out, &review, review.difference.rows_same);
        if review.tables.iter().any(Table::stands_in_the_way) {
            self.engine.forget(self.upload)?;
            foreseen.print(self.out);
            return Ok(1);
        }
        if dry_run || foreseen.files() == 0 {
            self.engine.forget(self.upload)?;
            self.examples(&review);
            foreseen.print(self.out);
            return Ok(u8::from(dry_run && foreseen.needs_you() > 0));
        }
        foreseen.lines().iter().for_each(|line| self.out.aside(line));
        if !self.yes(&review)? {
            self.engine.forget(self.upload)?;
            self.out.aside(&say("console-nothing-sent", &[]));
            return Ok(1);
        }
        self.engine.approve(self.upload)?;
        follower.follow_all(&[self.upload.to_owned()])
    }

    /// Waits until the look at the store has ended, or says why it cannot be had.
    fn compared(&self) -> Result<Option<Review>, Failure> {
        loop {
            let review = self.engine.review(self.upload)?;
            // What is not ready may be, once its copy is made: then the look at the store ends later than that.
            let nothing = review.ready == 0 && review.plan.fixes.is_empty();
            if review.difference.known || review.difference.unlisted || review.hold.is_some() || nothing {
                return Ok(Some(review));
            }
            if self.stop.asked() {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn foreseen(&self, review: &Review, took: Duration) -> Summary {
        let account = self.engine.picture(self.upload).map(|picture| picture.account).unwrap_or_default();
        let changed = if self.decided { 0 } else { review.difference.changed };
        if review.plan.own_storage() {
            // In the platform's own storage only its rows tell what is there.
            return Summary::foreseen(&account, review.difference.rows_same, review.difference.rows_clash, took);
        }
        Summary::foreseen(&account, review.difference.same, changed.max(review.difference.rows_clash), took)
    }

    fn examples(&self, review: &Review) {
        let Some(first) = review.examples.first() else { return };
        self.out.say("console-would-be", &[("key", Value::Text(&show::text(first)))]);
    }

    fn leave(&self, follower: &Follower<'_>, status: u8) -> Result<u8, Failure> {
        let account = self.engine.picture(self.upload).map(|picture| picture.account).unwrap_or_default();
        let foreseen = Summary::foreseen(&account, 0, 0, follower.took());
        self.engine.forget(self.upload)?;
        foreseen.print(self.out);
        Ok(status)
    }

    fn yes(&self, review: &Review) -> Result<bool, Failure> {
        let bytes = show::bytes(review.ready_bytes);
        let question = say("console-ask", &[("count", Value::Count(review.ready)), ("bytes", Value::Text(&bytes))]);
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        Ok(read.is_ok() && !self.stop.asked() && matches!(answer.trim(), "y" | "Y" | "yes" | "Yes"))
    }
}
