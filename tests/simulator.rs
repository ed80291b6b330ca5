//! A seeded simulator: the queue's real core against a world of faults. A seed is a whole life of an upload with
//! crashes, lost answers, throttling, outages and changing sources; each is run twice and must leave the same trace.

mod world;

use gantry_engine::queue::core::{Core, Terms};
use gantry_engine::queue::errand::{Effect, Event, Now, Outcome, Report, Wish};
use gantry_model::{Fact, State};
use world::{Plant, World};

/// Steps after which a life that has not ended is stuck.
const LONGEST: u32 = 60_000;

fn live(seed: u64, plant: Plant) -> Result<u64, String> {
    let mut world = World::new(seed, plant);
    let mut lives = 0;
    loop {
        let calm = lives > 6;
        world.faults = !calm;
        let crashed = run(&mut world, calm)?;
        if let Some(broken) = world.broken.take() {
            return Err(broken);
        }
        lives += 1;
        if calm && !crashed {
            break;
        }
        between_two_runs(&mut world);
    }
    balance(&world)?;
    Ok(world.trace)
}

/// The person comes back: what needed them is tried again, a changed file is looked at anew.
fn between_two_runs(world: &mut World) {
    for ord in 0..world.rows.len() {
        if world.rows[ord].state == State::NeedsYou && world.rng.bool() {
            let version = world.files[ord].version;
            let row = &mut world.rows[ord];
            if row.ticket.is_none() || row.fingerprint.mtime_ns as u64 == version {
                row.fingerprint.mtime_ns = version as i64;
                world.files[ord].walked = version;
            }
            let _ = row.apply(Fact::Released);
        }
    }
}

/// One run of the program, until it settles or the power is cut. Says whether it was cut.
fn run(world: &mut World, calm: bool) -> Result<bool, String> {
    let terms = Terms { look_first: world.rng.bool(), start_wide: world.rng.u32(1..20), most: 64 };
    let seed = world.rng.u64(..);
    let mut core = Core::new(terms, seed);
    let cut_at = if calm { u32::MAX } else { world.rng.u32(1..400) };
    let mut events = vec![Event::Ticked];
    let mut wake = Now(u64::MAX);
    for step in 0..LONGEST {
        if step == cut_at {
            power_cut(world);
            return Ok(true);
        }
        let mut effects = Vec::new();
        for event in events.drain(..) {
            effects.extend(core.step(event, world.now));
        }
        effects.extend(core.go_on(world.now));
        if take(world, &core, effects, &mut events, &mut wake) {
            world.commit(usize::MAX);
            return Ok(false);
        }
        if world.broken.is_some() {
            return Ok(false);
        }
        next(world, calm, &mut events, &mut wake)?;
    }
    Err("it never ends".into())
}

/// Carries out the core's effects; true when the upload has settled.
fn take(world: &mut World, core: &Core, effects: Vec<Effect>, events: &mut Vec<Event>, wake: &mut Now) -> bool {
    let mut settled = false;
    for effect in effects {
        match effect {
            Effect::Fetch { small, after, count } => {
                let (works, more) = world.works(small, after, count);
                events.push(Event::Fetched { small, works, more });
            }
            Effect::Send(errand) => world.send(core, errand),
            Effect::Record(record) => {
                let forget = world.plant == Plant::ItemForgotten && matches!(record.fact, Fact::Stuck(..));
                if let (Plant::TicketNotAwaited, Fact::Begun(ticket)) = (world.plant, &record.fact) {
                    events.push(Event::Committed(record.item.ord, ticket.handle.clone()));
                }
                if !forget {
                    world.unwritten.push(*record);
                }
            }
            Effect::AllStuck(problem) => {
                world.commit(usize::MAX);
                for row in &mut world.rows {
                    let _ = row.apply(Fact::Stuck(problem.code, String::new()));
                }
            }
            Effect::Wake(at) => *wake = (*wake).min(at),
            Effect::Recall => {
                let called: Vec<_> = std::mem::take(&mut world.flights);
                let (begun, back): (Vec<_>, Vec<_>) = called.into_iter().partition(|flight| flight.errand.ord % 2 == 0);
                world.flights = begun;
                events.extend(back.into_iter().map(|flight| {
                    let part = flight.errand.task.part();
                    Event::Reported(Report { ord: flight.errand.ord, part, wrote: false, outcome: Outcome::Recalled, took: 0 })
                }));
            }
            Effect::Hold(_) | Effect::Width(_) => {}
            Effect::Settled => settled = true,
        }
    }
    settled
}

/// Time goes to whatever happens next.
fn next(world: &mut World, calm: bool, events: &mut Vec<Event>, wake: &mut Now) -> Result<(), String> {
    if !events.is_empty() {
        return Ok(());
    }
    if !calm {
        disturb(world, events);
    }
    if !world.unwritten.is_empty() && (calm || world.rng.u32(0..3) > 0) {
        let count = world.rng.usize(1..=world.unwritten.len());
        let tickets = world.commit(count);
        events.extend(tickets.into_iter().map(|(ord, handle)| Event::Committed(ord, handle)));
    }
    let soonest = world.flights.iter().enumerate().min_by_key(|(_, flight)| flight.at).map(|(at, _)| at);
    if let Some(at) = soonest {
        let flight = world.flights.swap_remove(at);
        world.now = world.now.max(flight.at);
        let report = world.carry_out(&flight);
        events.push(Event::Reported(report));
    } else if world.unwritten.is_empty() && events.is_empty() {
        if wake.0 == u64::MAX {
            return Err(format!(
                "nothing is under way, and nothing will wake it: {:?}",
                world.rows.iter().filter(|row| row.state.is_under_way()).collect::<Vec<_>>()
            ));
        }
        world.now = world.now.max(*wake);
        events.push(Event::Ticked);
    }
    if *wake <= world.now {
        *wake = Now(u64::MAX);
        events.push(Event::Ticked);
    }
    Ok(())
}

fn disturb(world: &mut World, events: &mut Vec<Event>) {
    match world.rng.u32(0..200) {
        0 => world.down_until = world.now.plus(world.rng.u64(100..40_000)),
        1 | 2 => {
            let at = world.rng.usize(0..world.files.len());
            world.files[at].version += 1;
        }
        3 => events.extend([Event::Wished(Wish::Rest), Event::Wished(Wish::Run)]),
        4 => {
            let tickets = world.commit(usize::MAX);
            events.extend(tickets.into_iter().map(|(ord, handle)| Event::Committed(ord, handle)));
            events.push(Event::Reread);
        }
        5 => events.push(Event::Bounds(world.rng.u32(1..64))),
        _ => {}
    }
}

/// The uncommitted tail is lost; requests on the wire may still arrive.
fn power_cut(world: &mut World) {
    world.crashes += 1;
    let kept = world.rng.usize(0..=world.unwritten.len());
    world.commit(kept);
    world.unwritten.clear();
    for flight in std::mem::take(&mut world.flights) {
        if world.rng.bool() {
            world.carry_out(&flight);
        }
    }
}

/// At the end every file has an outcome, and no parts lie at the store that nobody knows of.
fn balance(world: &World) -> Result<(), String> {
    for row in &world.rows {
        if !(row.state.is_final() || row.state == State::NeedsYou) {
            return Err(format!("item {} ends as {}", row.ord, row.state.word()));
        }
    }
    // One whose answer was lost, or that a power cut kept from the disk, holds no part: none is sent before it is on disk.
    let known = |handle: &String| world.rows.iter().any(|row| row.ticket.as_ref().is_some_and(|one| one.handle == *handle));
    match world.tickets.keys().find(|handle| world.written.contains(*handle) && !known(handle)) {
        Some(handle) => Err(format!("the parts of {handle} are forgotten and still at the store")),
        None => Ok(()),
    }
}

fn seeds() -> u64 {
    std::env::var("GANTRY_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(10_000)
}

#[test]
fn no_seed_breaks_the_books() {
    for seed in 0..seeds() {
        let first = live(seed, Plant::Nothing).unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        if seed % 10 == 0 {
            let second = live(seed, Plant::Nothing).unwrap_or_else(|broken| panic!("seed {seed}, second time: {broken}"));
            assert_eq!(first, second, "seed {seed} went two ways");
        }
    }
}

#[test]
fn a_planted_bug_is_found() {
    for plant in [Plant::LostIsProven, Plant::ChangeUnseen, Plant::TicketNotAwaited, Plant::ItemForgotten] {
        assert!((0..2_000).any(|seed| live(seed, plant).is_err()), "{plant:?} stays hidden");
    }
}
