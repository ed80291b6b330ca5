//! Looks at the objects that a manifest names: through the person's own connection where the bucket is connected, plainly
//! otherwise. A manifest is somebody else's text: who may be asked is looked at anew for every place it leads to.

mod buckets;
mod guard;
mod plain;

use crate::dialect::{Signature, signature};
use async_trait::async_trait;
use buckets::Bucket;
use gantry_model::manifest::{ObjectBytes, ObjectThere, Objects, Unseen};
use gantry_model::platform::bare;
use gantry_model::{Code, Connection, Key, Problem, Secrets};
use plain::Plain;
use std::sync::Arc;
use std::time::Duration;

/// How long an address that we sign for one question works.
const MOMENT: Duration = Duration::from_secs(300);

/// Who looks at objects. `private` lets addresses of private networks and of this computer be asked; `patience` is the
/// longest wait for one answer. Connections that are no buckets are passed over. Sends nothing.
///
/// # Errors
/// As [`crate::open`].
pub fn objects(connections: &[(Connection, Secrets)], private: bool, patience: Duration) -> Result<Arc<dyn Objects>, Problem> {
    let buckets = connections.iter().filter_map(|(connection, secrets)| Bucket::new(connection, secrets).transpose());
    Ok(Arc::new(Eyes {
        buckets: buckets.collect::<Result<_, _>>()?,
        plain: Plain::new(private, patience)?,
        // The person's own bucket may be anywhere: it was connected by hand.
        own: Plain::new(true, patience)?,
        patience,
    }))
}

#[derive(Debug)]
struct Eyes {
    buckets: Vec<Bucket>,
    plain: Plain,
    own: Plain,
    patience: Duration,
}

impl Eyes {
    fn bucket(&self, url: &str) -> Option<(&Bucket, Key)> {
        self.buckets.iter().find_map(|bucket| Some((bucket, bucket.key(url)?)))
    }
}

#[async_trait]
impl Objects for Eyes {
    async fn find(&self, url: &str) -> Result<ObjectThere, Unseen> {
        let Some((bucket, key)) = self.bucket(url) else {
            let (_, query) = url.split_once('?').unwrap_or_default();
            return self.plain.find(url, signature(query) != Signature::None).await;
        };
        let found = tokio::time::timeout(self.patience, bucket.store.find(&key)).await.map_err(|_| Unseen::Silent)?;
        match found.map_err(|problem| unseen(&problem))? {
            Some(there) => Ok(ObjectThere { size: there.size, etag: there.etag.unwrap_or_default() }),
            None => Err(Unseen::Missing),
        }
    }

    async fn bytes(&self, url: &str, at: u64, most: usize) -> Result<ObjectBytes, Unseen> {
        let Some((bucket, key)) = self.bucket(url) else { return self.plain.bytes(url, at, most).await };
        let signer = bucket.store.presigns().ok_or(Unseen::Unreachable)?;
        let signed = signer.presign(&key, MOMENT).await.map_err(|problem| unseen(&problem))?;
        self.own.bytes(&signed, at, most).await
    }

    async fn sign(&self, url: &str, life: Duration) -> Option<String> {
        let (bucket, key) = self.bucket(url)?;
        bucket.store.presigns()?.presign(&key, life).await.ok()
    }

    fn identity(&self, url: &str) -> String {
        let (_, query) = url.split_once('?').unwrap_or_default();
        match signature(query) {
            Signature::None => url.to_owned(),
            // What else a signed query says is the same for the same object, as far as anybody knows.
            Signature::Until(_) => bare(url).to_owned(),
        }
    }
}

fn unseen(problem: &Problem) -> Unseen {
    match problem.code {
        Code::NotThere => Unseen::Missing,
        Code::AccessDenied | Code::BadKey | Code::Refused | Code::NoSecret => Unseen::Denied(403),
        Code::TimedOut => Unseen::Silent,
        _ => Unseen::Unreachable,
    }
}
