//! Where bytes and rows go: stores and platforms. HTTP, signing and their own words; each keeps the contract of the model.
//! Nothing here retries, never follows a redirect and claims nothing that the far side did not say.
//! Only `folder` touches the disk; only `http` builds HTTP clients. No secret leaves this room in a problem or a log.

mod ango;
mod api;
mod classify;
mod dialect;
mod folder;
mod form;
mod http;
mod known;
mod labelbox;
mod objects;
mod own;
mod rules;
mod s3;
mod segments;

use gantry_model::{Code, Connection, Platform, Problem, Secrets, Store, Target};
use std::sync::Arc;

pub use dialect::dialects;
pub use form::{kinds, validate};
pub use known::{carries, place, row_key, row_rules, rules, url, web_url};
pub use objects::objects;

/// Opens a connection. Cheap, and sends nothing; call it once for each thread that sends, since a store keeps its own
/// pool of connections. What an earlier [`Store::try_access`] learned may stand in fields named `learned.` and the name.
///
/// # Errors
/// `bad_field` when a field makes no sense, `no_secret` when keys are needed and one is missing.
/// `target` matters to a platform's own upload storage only: the container that its files are for.
pub fn open(connection: &Connection, secrets: &Secrets, target: &Target) -> Result<Arc<dyn Store>, Problem> {
    validate(connection)?;
    match connection.kind.as_str() {
        "folder" => Ok(Arc::new(folder::Folder::new(connection.field("path")))),
        "s3" => Ok(Arc::new(s3::S3::new(connection, secrets)?)),
        "labelbox" => Ok(Arc::new(labelbox::Files::open(connection, secrets)?)),
        "segments" => Ok(Arc::new(segments::Slots::open(connection, secrets)?)),
        "ango" => Ok(Arc::new(ango::Slots::open(connection, secrets, target)?)),
        _ => Err(Problem::new(Code::BadField, "open")),
    }
}

/// Opens a platform. Cheap, and sends nothing.
///
/// # Errors
/// As [`open`]; `bad_field` for a kind that takes no rows.
pub fn open_platform(connection: &Connection, secrets: &Secrets) -> Result<Arc<dyn Platform>, Problem> {
    validate(connection)?;
    match connection.kind.as_str() {
        "labelbox" => Ok(Arc::new(labelbox::Labelbox::new(connection, secrets)?)),
        "segments" => Ok(Arc::new(segments::Segments::new(connection, secrets)?)),
        "ango" => Ok(Arc::new(ango::Ango::new(connection, secrets)?)),
        _ => Err(form::wrong("kind", "kind", &connection.kind)),
    }
}

#[cfg(test)]
mod testing;
