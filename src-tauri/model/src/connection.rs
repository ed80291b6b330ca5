//! Connections: stores that the person set up. The fields are in the journal, the secrets in the keychain.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the folder store that is there from the start.
pub const THIS_COMPUTER: &str = "this-computer";

/// A store that the person set up, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// 1 to 64 letters, digits, `-` and `_`.
    pub name: String,
    /// The kind: `folder`, `s3`, `segments`, `labelbox`, `ango`.
    pub kind: String,
    /// The fields of its kind that are not secret.
    pub fields: BTreeMap<String, String>,
}

impl Connection {
    /// A field's value, or the empty string.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// True when the name is one that a connection may have.
    pub fn is_name(name: &str) -> bool {
        (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    }

    /// The environment variable that overrides a secret: `GANTRY_SECRET_<NAME>_<FIELD>`.
    pub fn environment_name(name: &str, field: &str) -> String {
        let up = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
        };
        format!("GANTRY_SECRET_{}_{}", up(name), up(field))
    }
}

/// Secrets of one connection by field name. `Debug` shows nothing of them.
#[derive(Clone, Debug, Default)]
pub struct Secrets(pub BTreeMap<String, SecretString>);

/// One field of a connection's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
pub struct Field {
    /// Its name in `--set NAME=VALUE`; its label is in the words under `field-` and the name.
    pub name: &'static str,
    /// Kept in the keychain.
    pub secret: bool,
    /// Must be given.
    pub required: bool,
    /// The values that are allowed, where only some are.
    pub choices: &'static [&'static str],
    /// An example to show in an empty field.
    pub example: &'static str,
}

/// A kind of store or platform and its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(ts_rs::TS))]
pub struct Kind {
    /// `folder`, `s3`, `segments`, `labelbox`, `ango`.
    pub id: &'static str,
    /// It takes rows: a platform. Its own upload storage takes bytes only together with a container.
    pub platform: bool,
    /// The fields, in the order of the form.
    pub fields: &'static [Field],
}
