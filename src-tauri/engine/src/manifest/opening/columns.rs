//! What the columns of a table are, by their heads.

use super::super::reader::Columns;
use gantry_model::manifest::{Dialect, Form};

/// The field of each column. Of two heads that mean one field, the first one is it.
pub(super) fn read(dialect: &dyn Dialect, heads: &[String]) -> Columns {
    let mut columns: Columns = Vec::with_capacity(heads.len());
    for head in heads {
        let known = field(dialect, head).filter(|known| !columns.iter().flatten().any(|earlier| earlier == known));
        columns.push(known);
    }
    columns
}

/// The field of a head, in the form's words or in neutral ones.
pub(super) fn field(dialect: &dyn Dialect, head: &str) -> Option<String> {
    dialect.column(head).map(str::to_owned).or_else(|| metadata(head)).or_else(|| is_extra(head).then(|| head.to_owned()))
}

/// Columns of things that are known about rows.
fn metadata(head: &str) -> Option<String> {
    let prefixes = ["metadata.", "metadata_fields.", "contextData."];
    let name = prefixes.iter().find_map(|prefix| head.strip_prefix(prefix)).filter(|name| !name.is_empty());
    name.map(|name| format!("metadata.{name}"))
}

/// `labelbox:embeddings`: a field that one form alone knows, as we write it into tables.
fn is_extra(head: &str) -> bool {
    head.split_once(':').is_some_and(|(form, name)| Form::from_word(form).is_some() && !name.is_empty())
}
