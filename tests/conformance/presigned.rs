//! Signed addresses on real servers: a plain client without any key reads what they open, and nothing else.

use crate::conformance::s3::open;
use gantry_model::{Code, Existing, Key, Outgoing, Problem, Store};
use std::time::Duration;
use testkit::digests;
use testkit::servers::{self, SECRET_KEY};

const KEY: &str = "signed/a b+%\u{fc}#?.txt";
const HOUR: Duration = Duration::from_secs(3600);

/// The status and the content that a client without a key gets.
async fn read(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn store_something(store: &dyn Store) {
    let item = Outgoing {
        key: Key(KEY.into()),
        size: 5,
        content_type: "text/plain".into(),
        mtime_ns: 0,
        existing: Existing::Replace(None),
    };
    store.put(&item, digests::body(store.abilities().wants, "hello")).await.expect("stored");
}

async fn presign(store: &dyn Store, key: &str, life: Duration) -> Result<String, Problem> {
    let url = store.presigns().expect("S3 signs addresses").presign(&Key(key.into()), life).await?;
    assert!(!url.contains(SECRET_KEY));
    Ok(url)
}

#[tokio::test]
async fn a_signed_address_opens_one_object_for_a_while_on_s3s_fs() {
    let server = servers::s3s_fs();
    let store = open(&server.endpoint(), &[]);
    store_something(&*store).await;
    let short = presign(&*store, KEY, Duration::from_secs(1)).await.expect("signed");
    let url = presign(&*store, KEY, HOUR).await.expect("signed");
    assert_eq!(read(&url).await, (200, "hello".to_owned()));
    // The signature is for this object and this life only.
    let (bare, _) = url.split_once('?').expect("signed");
    assert_ne!(read(bare).await.0, 200, "an address without a signature");
    assert_eq!(read(&url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")).await.0, 403);
    assert_eq!(read(&url.replace("/signed/a", "/signed/b")).await.0, 403);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(read(&short).await.0, 403, "its second is over");
    assert_eq!(read(&url).await.0, 200);
}

#[tokio::test]
async fn a_signed_address_is_read_on_moto() {
    let server = servers::moto();
    let store = open(&server.endpoint(), &[]);
    store_something(&*store).await;
    let url = presign(&*store, KEY, HOUR).await.expect("signed");
    assert_eq!(read(&url).await, (200, "hello".to_owned()));
}

#[tokio::test]
async fn a_key_that_leads_out_of_the_bucket_is_not_signed() {
    let store = open("http://127.0.0.1:9", &[]);
    let problem = presign(&*store, "a/../../other", HOUR).await.expect_err("no address");
    assert_eq!(problem.code, Code::NameRefused);
}
