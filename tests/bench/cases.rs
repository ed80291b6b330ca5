//! The cases, in the order of the table of goals. Rounds of the clients are interleaved, so that a slow minute of the
//! machine hits all of them.

use crate::clients::{Client, Job, home};
use crate::manifest;
use crate::measure::{self, Cost};
use crate::platforms;
use crate::stage::{self, Far, Where};
use crate::table::{self, Goal, Row};
use crate::{Failure, Wish};
use std::path::Path;
use std::process::Command;
use testkit::platforms::Vendor;

/// A case and what gantryctl has to reach in it.
struct Case {
    name: &'static str,
    title: &'static str,
    run: fn(&Wish, &[Client]) -> Result<Vec<Row>, Failure>,
    goals: &'static [Goal],
}

const MEMORY: Goal = Goal::Peak("peak memory under 100 MB", 100_000_000);

const CASES: &[Case] = &[
    Case {
        name: "small-void",
        title: "10,000 files of 16 KiB, a server that throws bodies away",
        run: |wish, clients| small(wish, clients, Where::Void(0), 10_000),
        goals: &[
            Goal::Wall("wall at most 1/3 of s5cmd's (aim: 1/4)", "s5cmd", 0.3333),
            Goal::Wall("wall at most 2.5 times the bare loop's", "bare reqwest", 2.5),
            MEMORY,
        ],
    },
    Case {
        name: "small-real",
        title: "10,000 files of 16 KiB, a real server (s3s-fs, its objects in memory)",
        run: |wish, clients| small(wish, clients, Where::Real, 10_000),
        goals: &[Goal::Wall("wall at most 0.6 of s5cmd's", "s5cmd", 0.6), MEMORY],
    },
    Case {
        name: "large-void",
        title: "one file of 2 GiB, a server that throws bodies away",
        run: |wish, clients| large(wish, clients, Where::Void(0)),
        goals: &[
            Goal::Wall("wall at most 1/3 of s5cmd's (aim: 1/4)", "s5cmd", 0.3333),
            Goal::Cpu("CPU at most 1/3 of s5cmd's (aim: 1/4)", "s5cmd", 0.3333),
            MEMORY,
        ],
    },
    Case {
        name: "latency",
        title: "1,000 files of 16 KiB, each request 50 ms away, default settings",
        run: |wish, clients| small(wish, clients, Where::Void(50), 1_000),
        goals: &[Goal::Wall("wall not above s5cmd's", "s5cmd", 1.0), MEMORY],
    },
    Case {
        name: "again",
        title: "the same 10,000 files a second time",
        run: again,
        goals: &[Goal::Requests("at most 20 requests", 20), MEMORY],
    },
    Case {
        name: "million",
        title: "1,000,000 empty files: `gantryctl check` beside `find`",
        run: million,
        goals: &[
            Goal::First("first output within 1 s (the window has the first count)", 1.0),
            Goal::Wall("wall within 5 times find's", "find", 5.0),
            Goal::Peak("memory under 200 MB", 200_000_000),
        ],
    },
    Case {
        name: "segments",
        title: "2,000 pictures of 300 KiB into Segments.ai's own storage, beside its SDK",
        run: |wish, _| platforms::own_storage(wish, Vendor::Segments),
        goals: platforms::OWN_STORAGE,
    },
    Case {
        name: "labelbox",
        title: "2,000 pictures of 300 KiB into Labelbox's own storage, beside its SDK",
        run: |wish, _| platforms::own_storage(wish, Vendor::Labelbox),
        goals: platforms::OWN_STORAGE,
    },
    Case {
        name: "ango",
        title: "2,000 pictures of 300 KiB into Ango Hub's own storage, beside its SDK",
        run: |wish, _| platforms::own_storage(wish, Vendor::Ango),
        goals: platforms::OWN_STORAGE,
    },
    Case {
        name: "rows",
        title: "100,000 tiny files through a bucket that throws bytes away, each registered by address at Labelbox",
        run: |wish, _| platforms::rows(wish),
        goals: platforms::ROWS,
    },
    Case {
        name: "manifest",
        title: "a manifest of 1,000,000 rows of Labelbox: `gantryctl manifest check` beside serde_json into a typed struct",
        run: manifest,
        goals: &[Goal::Wall("wall at most 2 times that of serde_json alone", "serde_json", 2.0), MEMORY],
    },
];

/// Runs the cases that were asked for and prints their tables.
///
/// # Errors
/// When a case is unknown, a server does not start or a client fails.
pub fn run(wish: &Wish) -> Result<(), Failure> {
    if let Some(unknown) = wish.cases.iter().find(|name| CASES.iter().all(|case| case.name != name.as_str())) {
        let names: Vec<_> = CASES.iter().map(|case| case.name).collect();
        return Err(format!("no case is called {unknown}; there are {}", names.join(", ")).into());
    }
    let (clients, missing) = Client::all(wish.gantryctl.as_deref());
    for name in missing {
        println!("Not here, so left out: {name}\n");
    }
    for case in CASES {
        if wish.cases.is_empty() || wish.cases.iter().any(|name| name == case.name) {
            eprintln!("{} ...", case.name);
            let rows = (case.run)(wish, &clients)?;
            print!("{}", table::table(case.name, case.title, wish.quick, &rows, case.goals));
        }
    }
    Ok(())
}

fn amount(wish: &Wish, count: usize) -> usize {
    if wish.quick { count / 10 } else { count }
}

fn small(wish: &Wish, clients: &[Client], place: Where, count: usize) -> Result<Vec<Row>, Failure> {
    let count = amount(wish, count);
    let tree = stage::many(count, 16 << 10);
    rounds(wish, clients, place, tree.path(), count)
}

fn large(wish: &Wish, clients: &[Client], place: Where) -> Result<Vec<Row>, Failure> {
    let (_tree, path) = stage::large(amount(wish, 2 << 30) as u64)?;
    rounds(wish, clients, place, &path, 1)
}

/// Every round gives every client a fresh server and a fresh data folder.
fn rounds(wish: &Wish, clients: &[Client], place: Where, source: &Path, files: usize) -> Result<Vec<Row>, Failure> {
    stage::warm(source)?;
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); clients.len()];
    for round in 0..wish.rounds {
        for (client, costs) in clients.iter().zip(&mut costs) {
            let (far, home) = (Far::start(place)?, home()?);
            let endpoint = far.endpoint();
            let prefix = format!("round-{round}");
            let distant = matches!(place, Where::Void(1..));
            let job = Job { source, endpoint: &endpoint, prefix: &prefix, far: distant, home: home.path() };
            let mut cost = client.send(job, files as u64)?;
            cost.requests = far.take_requests()?;
            costs.push(cost);
        }
    }
    Ok(clients.iter().zip(costs).filter_map(|(client, costs)| Row::new(client.name(), &costs)).collect())
}

/// The second run goes to the same prefix with the same data folder. Peers get the options that make them look first.
fn again(wish: &Wish, clients: &[Client]) -> Result<Vec<Row>, Failure> {
    let count = amount(wish, 10_000);
    let tree = stage::many(count, 16 << 10);
    let mut rows = Vec::new();
    for client in clients.iter().filter(|client| matches!(client, Client::Gantryctl(_) | Client::Rclone(_))) {
        let mut costs = Vec::new();
        for _ in 0..wish.rounds {
            let (far, home) = (Far::start(Where::Void(0))?, home()?);
            let endpoint = far.endpoint();
            let job = Job { source: tree.path(), endpoint: &endpoint, prefix: "again", far: false, home: home.path() };
            client.send(job, count as u64)?;
            far.take_requests()?;
            let mut cost = client.send(job, count as u64)?;
            cost.requests = far.take_requests()?;
            costs.push(cost);
        }
        rows.extend(Row::new(client.name(), &costs));
    }
    Ok(rows)
}

fn manifest(wish: &Wish, clients: &[Client]) -> Result<Vec<Row>, Failure> {
    let (_folder, path) = manifest::write(amount(wish, 1_000_000))?;
    stage::warm(&path)?;
    let (mut checks, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..wish.rounds {
        alone.push(measure::run(manifest::alone(&path)?)?);
        if let Some(Client::Gantryctl(program)) = clients.first() {
            checks.push(measure::run(manifest::checked(program, &path, home()?.path()))?);
        }
    }
    let rows = [Row::new("gantryctl", &checks), Row::new("serde_json", &alone)];
    Ok(rows.into_iter().flatten().collect())
}

fn million(wish: &Wish, clients: &[Client]) -> Result<Vec<Row>, Failure> {
    let tree = stage::many(amount(wish, 1_000_000), 0);
    let find = || {
        let mut find = Command::new("find");
        find.arg(tree.path()).args(["-type", "f", "-printf", "%s %T@ %p\\n"]);
        measure::run(find)
    };
    find()?;
    let (mut finds, mut checks) = (Vec::new(), Vec::new());
    for _ in 0..wish.rounds {
        finds.push(find()?);
        if let Some(Client::Gantryctl(path)) = clients.first() {
            checks.push(Client::check(path, tree.path(), home()?.path())?);
        }
    }
    let rows = [Row::new("gantryctl", &checks), Row::new("find", &finds)];
    Ok(rows.into_iter().flatten().collect())
}
