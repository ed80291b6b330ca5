//! Rows that the platform has already stay as they are. Whether it was told something else about them then is known from
//! the uploads that told it: nothing is asked, and of rows that others made nothing is claimed.

use super::House;
use super::knowing::Knowing;
use crate::journal::{StoredUpload, UploadId};
use gantry_model::view::Register;
use gantry_model::{Known, Problem};
use std::collections::HashMap;

/// Earlier uploads that are looked at, the latest first.
const MOST: usize = 50;

/// The uploads that registered rows at the same place before.
pub(super) struct Before {
    uploads: Vec<UploadId>,
    knowing: HashMap<String, Knowing>,
}

impl House {
    /// What was told to this place before this upload.
    pub(super) fn before(&self, stored: &StoredUpload, register: &Register) -> Result<Before, Problem> {
        let uploads = self.journal.registered_before(&stored.id, &register.connection, &register.target.container, MOST)?;
        Ok(Before { uploads, knowing: HashMap::new() })
    }

    /// The row of this folded key was told something else than what is known now.
    pub(super) fn says_other(&self, before: &mut Before, folded: &str, now: &Known) -> Result<bool, Problem> {
        let Some((upload, n)) = self.journal.row_before(&before.uploads, folded)? else { return Ok(false) };
        if !before.knowing.contains_key(&upload.0) {
            let stored = self.stored(&upload)?;
            let knowing = self.knowing(&stored, stored.begun.plan.register.as_ref())?;
            before.knowing.insert(upload.0.clone(), knowing);
        }
        let rows = self.journal.rows_whole(&upload, &[n])?;
        let told = rows.first().zip(before.knowing.get(&upload.0)).map(|(row, knowing)| knowing.of_row(row));
        Ok(told.is_some_and(|told| !told.says_the_same(now)))
    }
}
