use super::*;
use clap::CommandFactory;

fn read(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("gantryctl").chain(line.split(' ')))
}

fn send(line: &str) -> Send {
    match read(line).expect("a good line").command {
        Command::Send(send) => *send,
        other => panic!("{other:?}"),
    }
}

#[test]
fn clap_finds_no_contradiction() {
    Cli::command().debug_assert();
}

#[test]
fn a_target_is_a_connection_and_perhaps_a_prefix() {
    for (text, connection, prefix) in [("bucket", "bucket", ""), ("b/a", "b", "a"), ("b/a/c/", "b", "a/c"), ("b/", "b", "")] {
        let target = Target { connection: connection.into(), prefix: prefix.into() };
        assert_eq!(text.parse(), Ok(target), "{text}");
    }
    for text in ["", "/a", "b//a", "b/../a", "b/./a", "b/a/..", "s3://bucket/a", "my bucket", "b/a\nc"] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
}

#[test]
fn everything_about_a_send_is_read() {
    let all = send(
        "send a b --to store/p --yes --contents --names {relative_path} --on-clash new-name --include *.jpg --include *.png \
         --exclude x/** --include-hidden --at-once 8 --limit 2M --wait 1m --json --home /h",
    );
    assert_eq!(all.taking.paths, [PathBuf::from("a"), PathBuf::from("b")]);
    assert_eq!((all.to.connection.as_str(), all.to.prefix.as_str()), ("store", "p"));
    assert!(all.yes && all.taking.contents && all.taking.include_hidden && !all.dry_run);
    assert_eq!(all.on_clash.word(), "new-name");
    assert_eq!(all.taking.include, ["*.jpg", "*.png"]);
    assert_eq!((all.bounds.at_once, all.bounds.limit), (Some(8), Some(Rate(2_000_000))));
    assert_eq!(all.patience.wait, Some(Duration(std::time::Duration::from_secs(60))));
    assert_eq!(send("send a --to store").on_clash.word(), "keep");
}

#[test]
fn mistakes_are_usage_errors() {
    for line in [
        "send --to store",
        "send a",
        "send a --to store --at-once 0",
        "send a --to store --at-once 257",
        "send a --to store --on-clash overwrite",
        "send a --to store --exclude [",
        "send a --to store --limit fast",
        "set-aside last --reason because",
        "show last --state done",
        "receipt last --format pdf",
        "connections add s3 --set bucket=b",
        "connections add s3 --name a.b",
        "connections add s3 --name a --set bucket",
        "upload a",
        "manifest check",
        "manifest check a --as coco",
        "manifest check a --map photo",
        "manifest repair a",
        "manifest convert a -o b",
        "manifest convert a --to xml -o b",
        "manifest compare a",
        "manifest build a --template t --key k",
    ] {
        let error = read(line).expect_err(line);
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}

#[test]
fn a_mistyped_assignment_is_not_repeated() {
    let said = "hunter2".parse::<Assignment>().expect_err("no equals sign");
    assert!(!said.contains("hunter2"));
}

#[test]
fn help_has_words_everywhere_and_teaches_by_example() {
    let mut top = Cli::command();
    let mut seen = 0;
    let mut look = |command: &mut clap::Command| {
        let help = command.render_long_help().to_string();
        assert!(!help.contains("console-"), "words are missing in:\n{help}");
        let examples = help.matches("  gantryctl ").count();
        assert!(examples >= 2, "{} has {examples} examples:\n{help}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} has no help", argument.get_id());
        }
        seen += 1;
    };
    top.build();
    look(&mut top);
    for command in top.get_subcommands_mut() {
        look(command);
        command.get_subcommands_mut().for_each(&mut look);
    }
    assert_eq!(seen, 24);
}

#[test]
fn every_example_is_a_command_that_works() {
    let lines = gantry_model::words::EN.lines().filter_map(|line| line.trim().strip_prefix("gantryctl "));
    let mut count = 0;
    for line in lines {
        let line = line.replace("{\"{\"}", "{").replace("{\"}\"}", "}");
        let line = line.split(" | ").next().unwrap_or_default().split(" > ").next().unwrap_or_default().trim().to_owned();
        let words: Vec<_> = line.split_whitespace().map(|word| word.trim_matches('\'')).collect();
        let read = Cli::try_parse_from(std::iter::once("gantryctl").chain(words.iter().copied()));
        assert!(read.is_ok(), "`gantryctl {line}` is in the help and is refused: {}", read.expect_err("refused"));
        count += 1;
    }
    assert!(count >= 28, "only {count} examples");
}
