//! A stand-in of a labelling platform to try things by hand: `gantry-fake segments|labelbox|ango [--port N] [--seed-example]`.
//! It prints where it listens and which key it knows, and runs until it is ended.

use std::process::ExitCode;
use testkit::platforms::{Fake, Options, Vendor};

const USAGE: &str = "gantry-fake segments|labelbox|ango [--port N] [--seed-example] [--keep BYTES]";

struct Wish {
    options: Options,
    example: bool,
}

fn wish(words: &[String]) -> Option<Wish> {
    let (first, mut rest) = words.split_first()?;
    let mut wish = Wish { options: Options::of(Vendor::named(first)?), example: false };
    while let Some((word, more)) = rest.split_first() {
        rest = match (word.as_str(), more) {
            ("--seed-example", _) => {
                wish.example = true;
                more
            }
            ("--port", [value, more @ ..]) => {
                wish.options.port = value.parse().ok()?;
                more
            }
            ("--keep", [value, more @ ..]) => {
                wish.options.keep = value.parse().ok()?;
                more
            }
            _ => return None,
        };
    }
    Some(wish)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(Wish { options, example }) = wish(&words) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let fake = match Fake::start(options) {
        Ok(fake) => fake,
        Err(why) => {
            eprintln!("gantry-fake: {why}");
            return ExitCode::from(3);
        }
    };
    if example {
        fake.seed_example();
    }
    println!("url      {}", fake.url());
    println!("storage  {}", fake.storage_url());
    println!("key      {}", fake.key());
    let control = fake.url().trim_end_matches("/graphql").to_owned();
    println!("look at  {control}/_gantry/state and {control}/_gantry/requests");
    println!(
        "switch   curl -d '{{\"fail\":{{\"on\":\"create*\",\"what\":\"drop_after\",\"times\":1}}}}' {control}/_gantry/switch"
    );
    fake.wait();
    ExitCode::SUCCESS
}
