//! Data rows: global keys are unique in the organisation whatever their case, external ids are free.

use super::datasets::{Dataset, ontology};
use crate::platforms::clock;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Characters of the longest global key.
pub(super) const KEY_LENGTH: usize = 200;

/// A data row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) serial: u64,
    pub(super) dataset: String,
    pub(super) external_id: Value,
    pub(super) global_key: Option<String>,
    pub(super) row_data: String,
    pub(super) metadata: Vec<Value>,
    pub(super) attachments: Value,
    pub(super) created_at: String,
}

impl Row {
    /// As `DataRow` is asked for.
    pub(super) fn json(&self) -> Value {
        let custom: Vec<Value> =
            self.metadata.iter().map(|one| json!({"schemaId": one["schemaId"], "value": one["value"]})).collect();
        json!({"id": self.id, "externalId": self.external_id, "globalKey": self.global_key, "rowData": self.row_data,
               "createdAt": self.created_at, "updatedAt": self.created_at, "mediaAttributes": {}, "metadataFields": self.metadata,
               "customMetadata": custom, "dataset": {"id": self.dataset}})
    }

    /// As the list of an import's successes names it.
    pub(super) fn brief(&self) -> Value {
        json!({"id": self.id, "externalId": self.external_id, "globalKey": self.global_key, "rowData": self.row_data})
    }
}

/// All rows of the organisation.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: HashMap<String, Row>,
    keys: HashMap<String, String>,
    externals: HashMap<String, Vec<String>>,
    last: u64,
}

impl Rows {
    pub(super) fn next_serial(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    pub(super) fn get(&self, id: &str) -> Option<&Row> {
        self.rows.get(id)
    }

    /// The row with this global key, in any case.
    pub(super) fn with_key(&self, key: &str) -> Option<&Row> {
        self.keys.get(&key.to_lowercase()).and_then(|id| self.rows.get(id))
    }

    pub(super) fn with_external_id(&self, external_id: &str) -> impl Iterator<Item = &Row> {
        self.externals.get(external_id).into_iter().flatten().filter_map(|id| self.rows.get(id))
    }

    pub(super) fn put(&mut self, row: Row) {
        self.take(&row.id);
        if let Some(key) = &row.global_key {
            self.keys.insert(key.to_lowercase(), row.id.clone());
        }
        if let Some(external_id) = row.external_id.as_str() {
            self.externals.entry(external_id.to_owned()).or_default().push(row.id.clone());
        }
        self.rows.insert(row.id.clone(), row);
    }

    /// Takes a row out; its key is free again.
    pub(super) fn take(&mut self, id: &str) -> Option<Row> {
        let row = self.rows.remove(id)?;
        if let Some(key) = &row.global_key {
            self.keys.remove(&key.to_lowercase());
        }
        if let Some(others) = row.external_id.as_str().and_then(|external_id| self.externals.get_mut(external_id)) {
            others.retain(|one| one != id);
        }
        Some(row)
    }

    pub(super) fn forget(&mut self, ids: impl Iterator<Item = String>) {
        for id in ids {
            self.take(&id);
        }
    }

    pub(super) fn state(&self, dataset: &Dataset, rows: bool) -> Value {
        let one = |row: &Row| {
            let (sent, created) =
                row.global_key.as_ref().and_then(|key| dataset.sent.get(&key.to_lowercase())).copied().unwrap_or((1, 1));
            json!({"name": row.global_key, "id": row.id, "external_id": row.external_id, "url": row.row_data, "metadata": row.metadata,
                   "attachments": row.attachments, "sent": sent, "created": created})
        };
        let listed: Vec<Value> = dataset.rows.values().filter(|_| rows).filter_map(|id| self.rows.get(id)).map(one).collect();
        json!({"name": dataset.name, "id": dataset.id, "deleted": dataset.deleted, "count": dataset.rows.len(), "rows": listed,
               "signer": dataset.json()["signer"]})
    }
}

/// A new row's time.
pub(super) fn now() -> String {
    clock::millis()
}

/// What is wrong with a global key.
pub(super) fn wrong_key(key: &str) -> Option<String> {
    let spaces = key.trim() != key || key.contains("  ");
    (key.is_empty() || key.chars().count() > KEY_LENGTH || spaces).then(|| format!("Invalid global key: '{key}'"))
}

/// Metadata of an import as the row keeps it: every field known, with name and kind. `Err` has the words against it.
pub(super) fn metadata(payload: &Value) -> Result<Vec<Value>, String> {
    let ontology = ontology();
    let fields = || ontology.as_array().into_iter().flatten();
    let options = || fields().flat_map(|field| field["options"].as_array().into_iter().flatten());
    let given = ["metadata_fields", "metadata"].into_iter().flat_map(|name| payload[name].as_array().into_iter().flatten());
    given
        .map(|one| {
            let schema = &one["schemaId"];
            let known = fields().chain(options()).find(|field| match schema {
                Value::Null => field["name"] == one["name"],
                schema => field["id"] == *schema,
            });
            let known = known.ok_or_else(|| {
                format!("Invalid metadata: unknown field {}", if schema.is_null() { &one["name"] } else { schema })
            })?;
            Ok(json!({"schemaId": known["id"], "name": known["name"], "kind": known["kind"], "value": one["value"]}))
        })
        .collect()
}
