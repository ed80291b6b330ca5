//! What is there already is never lost in silence.

use crate::conformance::behaviour::behaviours;
use crate::conformance::site::Site;
use gantry_model::{Code, Existing, Reaction};
use testkit::digests::noise;

behaviours! {
    other_content_is_refused;
    same_content_again_is_clash_then_found;
    replace_of_what_was_seen;
    replace_of_something_else_is_clash;
    replace_without_condition;
    replace_changes_the_etag;
    race_has_one_winner except { "s3s-fs": "sometimes: it looks first and writes then, and another may write between" };
    sealed_over_an_object_is_refused;
    sealed_over_what_was_seen except { "s3s-fs": "it goes on telling the checksum of what was replaced" };
}

async fn other_content_is_refused(site: Site) {
    site.put("kept", b"first").await.expect("put works");
    let refused = site.put("kept", b"second, longer").await.expect_err("other content is refused");
    assert_eq!(refused.code, Code::Clash);
    assert_eq!(refused.reaction, Reaction::GiveUp);
    site.holds("kept", b"first").await;
}

async fn same_content_again_is_clash_then_found(site: Site) {
    let first = site.put("again", b"the same").await.expect("put works");
    let refused = site.put("again", b"the same").await.expect_err("a second put does not write");
    assert_eq!(refused.code, Code::Clash);
    let found = site.store().find(&site.key("again")).await.expect("find answers").expect("it is there");
    assert_eq!(found.size, Some(8));
    if let (Some(one), Some(other)) = (first.etag, found.etag) {
        assert_eq!(one, other, "it is still the first one");
    }
    site.holds("again", b"the same").await;
}

async fn etag(site: &Site, name: &str) -> Option<String> {
    site.store().find(&site.key(name)).await.expect("find answers").expect("it is there").etag
}

async fn replace_of_what_was_seen(site: Site) {
    site.put("seen", b"first").await.expect("put works");
    let seen = etag(&site, "seen").await;
    site.put_over("seen", b"second", Existing::Replace(seen)).await.expect("what was seen is replaced");
    site.holds("seen", b"second").await;
}

async fn replace_of_something_else_is_clash(site: Site) {
    site.put("moved", b"first").await.expect("put works");
    let seen = etag(&site, "moved").await.expect("find tells an ETag");
    site.put_over("moved", b"by another hand", Existing::Replace(None)).await.expect("somebody else writes");
    let refused = site.put_over("moved", b"third", Existing::Replace(Some(seen))).await.expect_err("it is not what was seen");
    assert_eq!(refused.code, Code::Clash);
    site.holds("moved", b"by another hand").await;
}

async fn replace_without_condition(site: Site) {
    site.put("any", b"first, longer").await.expect("put works");
    site.put_over("any", b"second", Existing::Replace(None)).await.expect("it is replaced");
    site.holds("any", b"second").await;
    site.put_over("new", b"new", Existing::Replace(None)).await.expect("nothing there is no hindrance");
    site.holds("new", b"new").await;
}

async fn replace_changes_the_etag(site: Site) {
    site.put("tagged", b"first").await.expect("put works");
    let before = etag(&site, "tagged").await.expect("find tells an ETag");
    site.put_over("tagged", b"other", Existing::Replace(None)).await.expect("it is replaced");
    let after = etag(&site, "tagged").await.expect("find tells an ETag");
    assert_ne!(before, after, "other content of the same size has another ETag");
}

async fn race_has_one_winner(site: Site) {
    let mut tasks = Vec::new();
    for number in 0..8_u64 {
        let site = site.clone();
        tasks.push(tokio::spawn(async move { site.put("race", &noise(number, 3_000)).await }));
    }
    let mut winners = Vec::new();
    for (number, task) in tasks.into_iter().enumerate() {
        match task.await.expect("no task panics") {
            Ok(_) => winners.push(number as u64),
            Err(problem) => assert_eq!(problem.code, Code::Clash, "a loser hears that something is there"),
        }
    }
    assert_eq!(winners.len(), 1, "one of eight writes wins");
    site.holds("race", &noise(winners[0], 3_000)).await;
}

async fn sealed_over_an_object_is_refused(site: Site) {
    let bytes = noise(5, site.part_size() + 100);
    let ticket = site.begin("taken", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.put("taken", b"somebody was quicker").await.expect("put works");
    let refused = site.seal("taken", &ticket, &proofs, &bytes).await.expect_err("sealing does not replace");
    assert_eq!(refused.code, Code::Clash);
    site.holds("taken", b"somebody was quicker").await;
    let _ = site.store().discard(&ticket).await;
    site.holds("taken", b"somebody was quicker").await;
}

async fn sealed_over_what_was_seen(site: Site) {
    site.put("old", b"old content").await.expect("put works");
    let seen = etag(&site, "old").await;
    let bytes = noise(6, site.part_size() + 100);
    let item = gantry_model::Outgoing { existing: Existing::Replace(seen), ..site.item("old", bytes.len()) };
    let store = site.store();
    let ticket = store.begin(&item, site.part_size() as u64).await.expect("an object in parts begins");
    let proofs = site.send_all(&ticket, &bytes).await;
    site.holds("old", b"old content").await;
    let whole = testkit::digests::digest(store.abilities().wants, &bytes);
    store.seal(&item, &ticket, &proofs, whole).await.expect("what was seen is replaced");
    site.holds("old", &bytes).await;
}
