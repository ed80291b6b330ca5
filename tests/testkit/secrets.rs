//! Secrets in memory, as a keychain would hand them over.

use gantry_model::Secrets;
use std::collections::BTreeMap;

/// Secrets by field name.
pub fn secrets(fields: &[(&str, &str)]) -> Secrets {
    let named = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned().into()));
    Secrets(named.collect::<BTreeMap<_, _>>())
}
