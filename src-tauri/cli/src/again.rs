//! `resume`, `retry`, `set-aside`, `cancel`: what the person decides about uploads that are there.

use crate::args::{Decided, OneUpload, Resume, Retry, SetAside};
use crate::failure::Failure;
use crate::follow::Follower;
use crate::join;
use crate::out::Out;
use crate::stop::Stop;
use crate::uploads::{phase_word, picture};
use gantry_engine::engine::Engine;
use gantry_engine::home::Home;
use gantry_model::view::{Phase, Picture};
use gantry_model::words::{Value, say, say_of};
use serde::Serialize;
use std::time::Duration;

#[derive(Serialize)]
struct NothingEvent<'a> {
    event: &'static str,
    upload: Option<&'a str>,
    text: String,
}

/// Goes on with what was approved and is not finished, oldest first.
///
/// # Errors
/// There is no such upload, or what keeps it from starting.
pub fn resume(args: &Resume, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::open(home, "resume")?;
    let stop = Stop::listen();
    let mut follower = Follower::new(&engine, out, &stop, args.patience.wait);
    let uploads = match &args.upload {
        Some(upload) => {
            let upload = engine.resolve(upload)?;
            let stands = picture(&engine, &upload)?;
            if matches!(stands.phase, Phase::Finished | Phase::Cancelled | Phase::Review) {
                return Ok(nothing(out, Some(&stands)));
            }
            join::can_open(&engine, &stands.connection)?;
            engine.go_on(&upload)?;
            vec![upload]
        }
        None => return resume_all(&engine, out, &mut follower),
    };
    follower.follow_all(&uploads)
}

/// All that can be gone on with. One whose connection cannot be opened waits, and is told with its counts.
fn resume_all(engine: &Engine, out: Out, follower: &mut Follower<'_>) -> Result<u8, Failure> {
    let moves = |picture: &Picture| {
        matches!(picture.phase, Phase::Planning | Phase::Sending | Phase::Paused | Phase::Stopped | Phase::Reading)
    };
    let mut open: Vec<_> = engine.history("")?.into_iter().map(|row| row.picture).filter(moves).collect();
    open.sort_by(|a, b| a.created.cmp(&b.created));
    let (mut uploads, mut blocked) = (Vec::new(), Vec::new());
    for one in open {
        match join::can_open(engine, &one.connection) {
            Ok(()) => uploads.push(one.upload),
            Err(why) => blocked.push((one.upload, why)),
        }
    }
    if uploads.is_empty() && blocked.is_empty() {
        let open: Vec<_> =
            engine.history("")?.into_iter().map(|row| row.picture).filter(|one| one.account.needs_you > 0).collect();
        let status = nothing(out, None);
        open.iter().for_each(|one| needs_you(out, one));
        return Ok(status);
    }
    if uploads.is_empty() {
        return blocked.into_iter().next().map_or(Ok(0), |(_, why)| Err(why));
    }
    for (upload, why) in &blocked {
        why.lines.iter().for_each(|line| out.aside(line));
        follower.report(upload);
    }
    uploads.iter().try_for_each(|upload| engine.go_on(upload))?;
    Ok(follower.follow_all(&uploads)?.max(u8::from(!blocked.is_empty())))
}

fn nothing(out: Out, stands: Option<&Picture>) -> u8 {
    let text = match stands {
        Some(picture) => {
            let phase = phase_word(picture);
            say("console-nothing-to-resume-here", &[("upload", Value::Text(&picture.upload)), ("phase", Value::Text(&phase))])
        }
        None => say("console-nothing-to-resume", &[]),
    };
    out.line(&text);
    out.event(&NothingEvent { event: "nothing", upload: stands.map(|picture| picture.upload.as_str()), text });
    if let Some(picture) = stands.filter(|picture| picture.account.needs_you > 0) {
        needs_you(out, picture);
    }
    0
}

fn needs_you(out: Out, picture: &Picture) {
    let values = [("upload", Value::Text(&picture.upload)), ("count", Value::Count(picture.account.needs_you))];
    out.line(&say_of(picture.manifest, "console-open-in", &values));
}

/// Tries again what needs the person.
///
/// # Errors
/// There is no such upload, or what keeps it from starting.
pub fn retry(args: &Retry, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::open(home, "retry")?;
    let upload = engine.resolve(&args.upload)?;
    let stands = picture(&engine, &upload)?;
    if matches!(stands.phase, Phase::Cancelled | Phase::Review) {
        return Err(cannot(&stands));
    }
    join::can_open(&engine, &stands.connection)?;
    let stop = Stop::listen();
    let mut follower = Follower::new(&engine, out, &stop, args.patience.wait);
    match args.on_clash {
        None => engine.retry(&upload, None, None)?,
        Some(Decided::Replace) => engine.decide_clash(&upload, "replace", None)?,
        Some(Decided::NewName) => engine.decide_clash(&upload, "new-name", None)?,
    };
    engine.go_on(&upload)?;
    follower.follow_all(&[upload])
}

/// Closes what is open: the person leaves those files.
///
/// # Errors
/// There is no such upload.
pub fn set_aside(args: &SetAside, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::open(home, "set-aside")?;
    let upload = engine.resolve(&args.upload)?;
    let stands = picture(&engine, &upload)?;
    if matches!(stands.phase, Phase::Cancelled | Phase::Review) {
        return Err(cannot(&stands));
    }
    engine.set_aside(&upload, args.reason, None)?;
    Ok(end(&engine, &upload, out))
}

/// Ends an upload for good; what arrived stays.
///
/// # Errors
/// There is no such upload, or its parts could not be thrown away.
pub fn cancel(args: &OneUpload, home: Home, out: Out) -> Result<u8, Failure> {
    let engine = join::open(home, "cancel")?;
    let upload = engine.resolve(&args.upload)?;
    let stands = picture(&engine, &upload)?;
    if stands.phase == Phase::Finished && stands.account.needs_you == 0 {
        out.say("console-cancel-finished", &[]);
    } else {
        let known = engine.connections()?.iter().any(|row| row.name == stands.connection);
        engine.cancel(&upload)?;
        if !known {
            out.say("console-cancel-parts-left", &[("place", Value::Text(stands.goes_to()))]);
        }
    }
    Ok(end(&engine, &upload, out))
}

/// Nothing runs here: how the upload stands now is all there is to say.
fn end(engine: &Engine, upload: &str, out: Out) -> u8 {
    let stop = Stop::default();
    let status = Follower::new(engine, out, &stop, None).report(upload);
    engine.quit(Duration::ZERO);
    status
}

fn cannot(stands: &Picture) -> Failure {
    let phase = phase_word(stands);
    let values = [("upload", Value::Text(&stands.upload)), ("phase", Value::Text(&phase))];
    Failure::usage("console-not-in-this-phase", &values)
}
