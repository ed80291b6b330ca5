//! Eyes for the objects that manifests name, with the person's own connections where their buckets are connected.

use super::Engine;
use crate::journal::KeptObjects;
use crate::manifest::Looking;
use gantry_model::{Connection, Problem, Secrets};
use std::time::Duration;

impl Engine {
    /// Who looks at objects: `private` lets private networks and this computer be asked, `patience` is the longest wait for
    /// one answer. A bucket whose keys are not at hand is looked at as everybody would.
    ///
    /// # Errors
    /// The journal could not be read, or the data folder could not be written.
    pub fn looking(&self, private: bool, patience: Duration, at_once: u32, per_second: u32) -> Result<Looking, Problem> {
        let objects = (self.0.joint.objects)(&self.buckets()?, private, patience)?;
        let kept = KeptObjects::open(&self.0.home)?;
        Ok(Looking { objects, kept, at_once: at_once.clamp(1, 256) as usize, per_second })
    }

    /// The connected buckets whose keys are at hand.
    pub(super) fn buckets(&self) -> Result<Vec<(Connection, Secrets)>, Problem> {
        let mut open = Vec::new();
        for stored in self.0.journal.connections()? {
            let connection = self.0.connection(&stored.connection.name)?;
            if connection.kind == "s3"
                && let Ok(secrets) = self.0.secrets(&connection)
                && (self.0.joint.open)(&connection, &secrets, &gantry_model::Target::default()).is_ok()
            {
                open.push((connection, secrets));
            }
        }
        Ok(open)
    }
}
