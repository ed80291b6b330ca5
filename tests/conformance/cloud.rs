//! The fake cloud, in its different characters, and the faulty wrapper with nothing wrong.

use crate::conformance::behaviour::suite;
use crate::conformance::site::{Seen, Site};
use futures_util::FutureExt as _;
use gantry_model::Algorithm;
use testkit::cloud::{Character, Cloud};
use testkit::faulty::Faulty;

fn site(name: &'static str, cloud: &Cloud) -> Site {
    let (made, behind) = (cloud.clone(), cloud.clone());
    Site::new(name, move || made.store()).seen_by(move |key| {
        let seen = behind.object(&key.0).map(|held| Seen {
            bytes: Some(held.bytes),
            mtime_ns: Some(held.mtime_ns),
            content_type: Some(held.content_type),
        });
        async move { seen }.boxed()
    })
}

#[tokio::test]
async fn fake_cloud() {
    suite(site("cloud", &Cloud::new())).await;
}

#[tokio::test]
async fn fake_cloud_that_cannot_list_parts() {
    let cloud = Cloud::with(Character { lists_parts: false, lists_etags: false, wants: Algorithm::Crc32c, ..Default::default() });
    suite(site("cloud", &cloud)).await;
}

#[tokio::test]
async fn fake_cloud_without_checksums() {
    let cloud = Cloud::with(Character { reports_digest: false, checks_digest: false, page: 7, ..Default::default() });
    suite(site("nameless", &cloud)).await;
}

#[tokio::test]
async fn faulty_store_with_nothing_wrong() {
    let cloud = Cloud::with(Character { wants: Algorithm::Md5, ..Default::default() });
    let (made, behind) = (Faulty::new(cloud.store()), cloud.clone());
    let plain = Site::new("cloud", move || made.store());
    let seen = site("cloud", &behind);
    suite(plain.seen_by(move |key| {
        let seen = seen.clone();
        async move { seen.look_at(key).await }.boxed()
    }))
    .await;
}
