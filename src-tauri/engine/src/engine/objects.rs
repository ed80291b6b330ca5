//! Eyes for the objects that manifests name, with the person's own connections where their buckets are connected.

use super::Engine;
use super::comparing_rows::{again, runtime};
use crate::journal::KeptObjects;
use crate::manifest::{Ask, Looking, Signing};
use gantry_model::manifest::Known;
use gantry_model::{Connection, Problem, Secrets, Target};
use std::time::Duration;

/// Signing asks nobody; what it never needs is short.
const PATIENCE: Duration = Duration::from_secs(20);

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

    /// Who signs addresses anew whose time is over, for objects in connected buckets; `None` where no bucket is connected.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn signing(&self, life: Duration) -> Result<Option<Signing>, Problem> {
        let buckets = self.buckets()?;
        if buckets.is_empty() {
            return Ok(None);
        }
        let objects = (self.0.joint.objects)(&buckets, false, PATIENCE)?;
        let now = Known { now: crate::journal::now_ms() / 1000 };
        Signing::new(objects, life, now).map(Some)
    }

    /// Who asks a platform about names and values of metadata: the reason for each that it does not take. The platform is
    /// opened once, so that it tells its fields once.
    ///
    /// # Errors
    /// The connection is not there, or its key is not at hand.
    pub fn misfits(&self, connection: &str, container: &str) -> Result<Box<Ask<'static>>, Problem> {
        let platform = self.0.platform(connection)?;
        let target = Target { container: container.to_owned(), ..Target::default() };
        Ok(Box::new(move |asked| runtime()?.block_on(again(|| platform.misfits(&target, asked)))))
    }

    /// The connected buckets whose keys are at hand.
    fn buckets(&self) -> Result<Vec<(Connection, Secrets)>, Problem> {
        let mut open = Vec::new();
        for stored in self.0.journal.connections()? {
            let connection = self.0.connection(&stored.connection.name)?;
            if connection.kind == "s3"
                && let Ok(secrets) = self.0.secrets(&connection)
                && (self.0.joint.open)(&connection, &secrets, &Target::default()).is_ok()
            {
                open.push((connection, secrets));
            }
        }
        Ok(open)
    }
}
