//! What an upload begins with, in short: its title, and where the ledger keeps what it leaves.

use gantry_model::Connection;
use gantry_model::Incoming;
use gantry_model::view::Plan;
use std::path::Path;

/// What was given, in short.
pub(super) fn title(incoming: &Incoming) -> String {
    let name =
        |path: &Path| path.file_name().map_or_else(|| "/".to_owned(), |name| gantry_model::show::path(name.as_encoded_bytes()));
    let first = incoming.paths.first().map_or_else(String::new, |path| name(path));
    if incoming.paths.len() > 1 { format!("{first} +{}", incoming.paths.len() - 1) } else { first }
}

/// Who keeps the bytes: the store's address, or the platform's.
pub(super) fn endpoint(connection: &Connection) -> String {
    let endpoint = connection.field("endpoint");
    if endpoint.is_empty() { connection.field("api_url").to_owned() } else { endpoint.to_owned() }
}

/// What the ledger knows a place by, beside its endpoint: the bucket, the folder's path, the container in a platform's storage.
pub(super) fn place_key(connection: &Connection, plan: &Plan) -> String {
    // Rows of a manifest are known by where they go: their objects lie in many places.
    if let Some(register) = plan.register.as_ref().filter(|_| plan.own_storage() || plan.manifest.is_some()) {
        return format!("{}:{}", connection.kind, register.target.container);
    }
    let bucket = connection.field("bucket");
    if bucket.is_empty() { connection.field("path").to_owned() } else { bucket.to_owned() }
}
