//! Where bytes go: a folder, S3. HTTP, signing and the stores' own words; each store keeps the contract of the model.
//! A store here never retries, never follows a redirect and claims nothing that the far side did not say.
//! Only `folder` touches the disk; only `http` builds HTTP clients. No secret leaves this room in a problem or a log.

mod classify;
mod folder;
mod form;
mod http;
mod known;
mod s3;

use gantry_model::{Code, Connection, Problem, Secrets, Store};
use std::sync::Arc;

pub use form::{kinds, validate};
pub use known::{place, rules, url};

/// Opens a connection. Cheap, and sends nothing; call it once for each thread that sends, since a store keeps its own
/// pool of connections. What an earlier [`Store::try_access`] learned may stand in fields named `learned.` and the name.
///
/// # Errors
/// `bad_field` when a field makes no sense, `no_secret` when keys are needed and one is missing.
pub fn open(connection: &Connection, secrets: &Secrets) -> Result<Arc<dyn Store>, Problem> {
    validate(connection)?;
    match connection.kind.as_str() {
        "folder" => Ok(Arc::new(folder::Folder::new(connection.field("path")))),
        "s3" => Ok(Arc::new(s3::S3::new(connection, secrets)?)),
        _ => Err(Problem::new(Code::BadField, "open")),
    }
}

#[cfg(test)]
mod testing;
