//! Asks the keychain of the session that it is started in: `state`, `put NAME FIELD` (the secret on standard input),
//! `get NAME FIELD`, `remove NAME`. Prints one line: the answer, or the code of the problem.

use gantry_engine::keychain::Keychain;
use gantry_model::{Problem, Secrets};
use secrecy::{ExposeSecret, SecretString};
use std::io::Read;
use std::path::Path;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let home = std::env::var("GANTRY_HOME").unwrap_or_default();
    let keychain = Keychain::of_this_system(Path::new(&home), "probe-folder");
    match answer(&keychain, &words) {
        Ok(line) => println!("{line}"),
        Err(problem) => println!("{}", problem.code.word()),
    }
}

fn answer(keychain: &Keychain, words: &[&str]) -> Result<String, Problem> {
    match words {
        ["state"] => Ok(format!("{:?}", keychain.state())),
        ["put", name, field] => {
            let mut secret = String::new();
            let read = std::io::stdin().read_to_string(&mut secret);
            let secrets = Secrets([((*field).to_owned(), SecretString::from(secret))].into());
            keychain.put(name, &secrets).map(|()| format!("put {read:?}"))
        }
        ["get", name, field] => {
            let secrets = keychain.get(name, &[field])?;
            Ok(secrets.0.get(*field).map_or("nothing".into(), |secret| secret.expose_secret().to_owned()))
        }
        ["remove", name] => keychain.remove(name).map(|()| "removed".into()),
        _ => Ok("state | put NAME FIELD | get NAME FIELD | remove NAME".into()),
    }
}
