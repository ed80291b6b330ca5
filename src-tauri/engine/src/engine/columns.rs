//! What a person said about the columns of tables, kept by their heads.

use super::Engine;
use crate::manifest::Map;
use gantry_model::Problem;
use sha2::{Digest, Sha256};

impl Engine {
    /// What was said of a table with these heads before; nothing where nothing was.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn remembered_columns(&self, heads: &[String]) -> Result<Map, Problem> {
        let kept = self.0.journal.setting(&name(heads))?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Keeps what was said of a table with these heads.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn remember_columns(&self, heads: &[String], map: &[(String, String)]) -> Result<(), Problem> {
        self.0.journal.put_setting(&name(heads), &serde_json::json!(map).to_string())
    }
}

fn name(heads: &[String]) -> String {
    let digest = Sha256::digest(serde_json::json!(heads).to_string().as_bytes());
    let hex: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("manifest-columns-{hex}")
}
