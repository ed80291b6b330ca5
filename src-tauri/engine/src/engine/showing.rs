//! What is not finished is shown again after a start, also what was given and never approved: nothing given is forgotten.

use super::Engine;
use crate::journal::Which;
use gantry_model::Problem;
use gantry_model::view::Phase;
use std::collections::HashSet;

impl Engine {
    /// Puts every unfinished upload on the board, and reads on where the last run ended before everything was read.
    /// Sends nothing.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn show_open(&self) -> Result<(), Problem> {
        // Those that would be sent once they are read wait for the person's wish to go on.
        let approved: HashSet<String> = self.0.journal.uploads(Which::Resumable)?.into_iter().map(|one| one.id.0).collect();
        for stored in self.0.journal.uploads(Which::Open)? {
            self.0.show(&stored.id)?;
            if stored.phase == Phase::Reading && !approved.contains(&stored.id.0) {
                self.0.read(&stored.id)?;
            }
            if stored.phase == Phase::Review && self.0.journal.tables(&stored.id)?.is_none() {
                self.0.tell_tables(&stored.id, &|| false)?;
                self.0.show(&stored.id)?;
            }
        }
        Ok(())
    }
}
