//! The console: the order in which a command comes alive, top to bottom.
//! Same engine, data folder and words as the window; what it prints and how it ends is a contract with scripts.

mod again;
mod args;
mod check;
mod connections;
mod failure;
mod findings;
mod follow;
mod given;
mod join;
mod manifest;
mod out;
mod platforms;
mod printing;
mod progress;
mod send;
mod stop;
mod submit;
mod summary;
mod tables;
mod uploads;

use args::{Cli, Command};
use clap::Parser;
use failure::{Failure, USAGE};
use gantry_engine::home::Home;
use out::Out;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let out = Out::new(cli.json);
    let home = Home::find(cli.home);
    match carry_out(&cli.command, home, out) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            failure.print(out);
            ExitCode::from(failure.status)
        }
    }
}

fn carry_out(command: &Command, home: Home, out: Out) -> Result<u8, Failure> {
    match command {
        Command::Check(args) => check::run(args, home, out),
        Command::Send(args) => send::run(args, home, out),
        Command::Submit(args) => submit::run(args, home, out),
        Command::Resume(args) => again::resume(args, home, out),
        Command::Retry(args) => again::retry(args, home, out),
        Command::SetAside(args) => again::set_aside(args, home, out),
        Command::Cancel(args) => again::cancel(args, home, out),
        Command::Uploads => uploads::list(home, out),
        Command::Show(args) => uploads::show(args, home, out),
        Command::Receipt(args) => uploads::receipt(args, home),
        Command::Datasets(args) => platforms::datasets(args, home, out),
        Command::Integrations(args) => platforms::integrations(&args.name, home, out),
        Command::Connections(args) => connections::run(args, home, out),
        Command::Manifest(args) => manifest::run(args, home, out),
    }
}

/// Help and version are answers; everything else is a mistake, which programs that read JSON hear of as well.
fn refused(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        let text = error.to_string();
        let told: Vec<_> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
        Failure::told(told.join(" ").trim_start_matches("error: ").to_owned()).print_event(Out::new(true));
    }
    ExitCode::from(USAGE)
}
