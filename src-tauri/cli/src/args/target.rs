//! Single values with a form of their own: where to send, a field with its value, a name, a reason, a pattern.

use gantry_engine::check::FILE_RULES;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Connection, Fix, Goes, State};
use std::str::FromStr;

/// A connection, and the prefix below its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The connection's name.
    pub connection: String,
    /// Without a slash at either end; may be empty.
    pub prefix: String,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (connection, prefix) = text.split_once('/').unwrap_or((text, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let odd = |part: &str| matches!(part, "" | "." | "..") || part.chars().any(char::is_control);
        if !Connection::is_name(connection) || (!prefix.is_empty() && prefix.split('/').any(odd)) {
            return Err(say("console-bad-target", &[("value", Value::Text(&gantry_model::show::text(text)))]));
        }
        Ok(Self { connection: connection.to_owned(), prefix: prefix.to_owned() })
    }
}

/// `FIELD=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The field's name.
    pub field: String,
    /// Everything after the first `=`.
    pub value: String,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((field, value)) if !field.is_empty() => Ok(Self { field: field.to_owned(), value: value.to_owned() }),
            // The text itself is not repeated: it may be a secret that was typed at the wrong place.
            _ => Err(say("console-bad-assignment", &[])),
        }
    }
}

/// `COLUMN=WHERE`: where the values of a column go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The column's header.
    pub column: String,
    /// A word of [`Goes`].
    pub goes: String,
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A header may have an equals sign of its own, the word behind it may not.
        let found = text.rsplit_once('=').filter(|(column, _)| !column.trim().is_empty());
        let read = found.and_then(|(column, word)| Some((column.trim(), Goes::from_word(word, column.trim())?)));
        let bad = || say("console-bad-mapping", &[("value", Value::Text(&gantry_model::show::text(text)))]);
        read.map(|(column, goes)| Self { column: column.to_owned(), goes: goes.word() }).ok_or_else(bad)
    }
}

/// A name that a connection may have.
pub fn name(text: &str) -> Result<String, String> {
    if Connection::is_name(text) { Ok(text.to_owned()) } else { Err(say("console-bad-name", &[])) }
}

/// A reason as receipts and `show` write it.
pub fn code(text: &str) -> Result<Code, String> {
    Code::from_word(text).ok_or_else(|| {
        let known: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
        say("console-bad-choice", &[("known", Value::Text(&known.join(", ")))])
    })
}

/// A state as receipts and `show` write it.
pub fn state(text: &str) -> Result<State, String> {
    State::from_word(text).ok_or_else(|| {
        let known: Vec<_> = State::ALL.iter().map(|state| state.word()).collect();
        say("console-bad-choice", &[("known", Value::Text(&known.join(", ")))])
    })
}

/// A pattern that makes sense.
pub fn glob(text: &str) -> Result<String, String> {
    match globset::Glob::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(say("console-bad-glob", &[("said", Value::Text(&error.kind().to_string()))])),
    }
}

/// What can be done to a copy.
pub(super) fn fix(text: &str) -> Result<Fix, String> {
    let known = Fix::ALL.map(Fix::word).join(", ");
    Fix::from_word(text).ok_or_else(|| say("console-bad-choice", &[("known", Value::Text(&known))]))
}

/// A rule that holds files until the person says that they may go.
pub(super) fn confirmable(text: &str) -> Result<String, String> {
    let known: Vec<&str> = FILE_RULES.iter().filter(|rule| rule.about.asks_person()).map(|rule| rule.id).collect();
    let known_there = known.contains(&text);
    known_there.then(|| text.to_owned()).ok_or_else(|| say("console-bad-choice", &[("known", Value::Text(&known.join(", ")))]))
}
