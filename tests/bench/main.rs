//! Benchmarks: gantryctl beside s5cmd, rclone and a bare loop of the same requests, in one run on one machine.
//! Every client is a process of its own, and so are the servers, so that each one's time and memory are its own.

mod bare;
mod cases;
mod clients;
mod manifest;
mod measure;
mod platforms;
mod stage;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use testkit::void_server::{Options, VoidServer};

/// An error for the person at the console.
type Failure = Box<dyn std::error::Error>;

const HELP: &str = "\
gantry-bench [--gantryctl PATH] [--case NAME]... [--quick] [--rounds N]

Measures gantryctl beside s5cmd, rclone, a bare loop of the same requests and the platforms' own SDKs, and prints a
table for each case.
A client that is not installed is said to be missing and left out; --case small-void and so on choose.

gantry-bench void [--port N] [--delay-ms N] [--md5]
  Only the server that throws bodies away; its address is the first line. GET /__counts tells its requests.
";

/// What the command line asked for.
#[derive(Debug)]
pub struct Wish {
    /// The program under measurement, when there is one.
    pub gantryctl: Option<PathBuf>,
    /// Names of cases; none means all.
    pub cases: Vec<String>,
    /// One round of a tenth of everything: shows that it works, not how fast.
    pub quick: bool,
    /// Rounds of each case; the medians are told.
    pub rounds: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("void") => void(&args[1..]),
        Some("stand-in") => platforms::stand_in(&args[1..]),
        Some("bare") => bare::run(&args[1..]),
        Some("read-manifest") => manifest::read(&args[1..]),
        Some("--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        _ => wish(&args).and_then(|wish| cases::run(&wish)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("gantry-bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn wish(args: &[String]) -> Result<Wish, Failure> {
    let mut wish = Wish { gantryctl: None, cases: Vec::new(), quick: false, rounds: 0 };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().cloned().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--gantryctl" => wish.gantryctl = Some(value()?.into()),
            "--case" => wish.cases.push(value()?),
            "--rounds" => wish.rounds = value()?.parse()?,
            "--quick" => wish.quick = true,
            other => return Err(format!("no such option: {other}\n\n{HELP}").into()),
        }
    }
    if wish.rounds == 0 {
        wish.rounds = if wish.quick { 1 } else { 3 };
    }
    Ok(wish)
}

fn void(args: &[String]) -> Result<(), Failure> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| format!("{arg} needs a number"));
        match arg.as_str() {
            "--port" => options.port = u16::try_from(number()?)?,
            "--delay-ms" => options.delay = Duration::from_millis(number()?),
            "--md5" => options.md5 = true,
            other => return Err(format!("no such option: {other}").into()),
        }
    }
    let server = VoidServer::start(options)?;
    println!("{}", server.endpoint());
    server.wait();
    Ok(())
}
