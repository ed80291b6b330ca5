//! A store never claims what is not so, and says what it is like.

use crate::conformance::behaviour::behaviours;
use crate::conformance::site::Site;
use gantry_model::{Body, Key, PartNo, RemoteRef};
use std::collections::BTreeSet;
use testkit::digests::{self, noise};

behaviours! {
    wrong_digest_is_never_confirmed except {
        "void": "it repeats any checksum, and has nothing to check it with",
        "s3s-fs": "it refuses, and keeps the bytes",
    };
    wrong_digest_of_a_part_is_never_confirmed;
    wrong_digest_of_the_whole_is_never_confirmed;
    trying_leaves_nothing;
    figures_make_sense;
    rules_have_a_source_and_a_date;
    addresses_are_plain_and_different;
}

/// Bytes with a digest that is not theirs: what a flipped bit on the way looks like to the store.
fn tampered(site: &Site, bytes: &[u8]) -> Body {
    let body = site.body(bytes);
    Body { digest: digests::another(body.digest), ..body }
}

fn confirms(said: &RemoteRef, wrong: gantry_model::Digest) -> bool {
    said.digest == Some(wrong)
}

async fn wrong_digest_is_never_confirmed(site: Site) {
    let bytes = noise(30, 4_000);
    let body = tampered(&site, &bytes);
    let wrong = body.digest;
    match site.store().put(&site.item("tampered", bytes.len()), body).await {
        Ok(said) => {
            assert!(!confirms(&said, wrong), "put confirms a digest that is not that of the bytes");
            let found = site.store().find(&site.key("tampered")).await.expect("find answers").expect("it was taken");
            assert!(!confirms(&found, wrong), "find confirms a digest that is not that of the bytes");
        }
        Err(problem) => {
            assert_eq!(problem.code, gantry_model::Code::ChecksumDiffers);
            site.lacks("tampered").await;
        }
    }
}

async fn wrong_digest_of_a_part_is_never_confirmed(site: Site) {
    let bytes = noise(31, site.part_size() + 60);
    let ticket = site.begin("tampered part", &bytes).await;
    let body = tampered(&site, site.part(&bytes, 1));
    let Ok(first) = site.store().send(&ticket, PartNo(1), body).await else {
        site.store().discard(&ticket).await.expect("discard works");
        return;
    };
    let second = site.send(&ticket, &bytes, 2).await;
    // The engine joins the digests of what it sent: the whole that it claims is as wrong as the part.
    let wrong = digests::another(digests::digest(ticket.algorithm, &bytes));
    let item = site.item("tampered part", bytes.len());
    if let Ok(said) = site.store().seal(&item, &ticket, &[first, second], wrong).await {
        assert!(!confirms(&said, wrong), "seal confirms a digest that is not that of the bytes");
    }
}

async fn wrong_digest_of_the_whole_is_never_confirmed(site: Site) {
    let bytes = noise(32, site.part_size() + 60);
    let ticket = site.begin("tampered whole", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    let wrong = digests::another(digests::digest(ticket.algorithm, &bytes));
    match site.store().seal(&site.item("tampered whole", bytes.len()), &ticket, &proofs, wrong).await {
        Ok(said) => assert!(!confirms(&said, wrong), "seal confirms a digest that is not that of the bytes"),
        Err(problem) => assert_eq!(problem.code, gantry_model::Code::ChecksumDiffers),
    }
    if let Some(found) = site.store().find(&site.key("tampered whole")).await.expect("find answers") {
        assert!(!confirms(&found, wrong), "find confirms a digest that is not that of the bytes");
    }
}

async fn trying_leaves_nothing(site: Site) {
    site.put("there before", b"x").await.expect("put works");
    let access = site.store().try_access(site.prefix()).await.expect("the store can be used");
    assert!(!access.checks.is_empty(), "something was checked");
    for (check, passed) in &access.checks {
        // These three tell what a store can do; a store without them works.
        if !["checksum", "if-none-match", "list-parts"].contains(&check.as_str()) {
            assert_ne!(*passed, Some(false), "the check {check} fails on a store that works");
        }
    }
    assert!(access.checks.iter().any(|(_, passed)| *passed == Some(true)), "something passed");
    assert_eq!(site.listed("").await, ["there before"]);
    site.holds("there before", b"x").await;
}

async fn figures_make_sense(site: Site) {
    let abilities = site.store().abilities();
    assert!(abilities.part_min >= 1 && abilities.part_min <= abilities.part_max);
    assert!(abilities.put_limit >= 1 && abilities.parts_max >= 1);
    assert!(abilities.put_limit >= abilities.part_min.min(8 << 20), "no size falls between one request and parts");
    assert!((1..=256).contains(&abilities.start_wide));
    assert!(!abilities.place.is_empty());
    assert_eq!(abilities, site.store().abilities(), "figures do not change from one handle to the next");
}

async fn rules_have_a_source_and_a_date(site: Site) {
    let rules = site.store().rules();
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules.len(), "ids are unique");
    for rule in rules {
        assert!(rule.source.contains(':') || rule.source.contains(' '), "{} names where it is published", rule.id);
        let date: Vec<_> = rule.checked.split('-').map(str::len).collect();
        assert_eq!(date, [4, 2, 2], "{} has a date", rule.id);
    }
}

async fn addresses_are_plain_and_different(site: Site) {
    let store = site.store();
    let keys = ["a b", "a+b", "a%20b", "caf\u{e9}", "a?b", "a#b", "a/b"];
    let urls: BTreeSet<_> = keys.iter().map(|key| store.url(&Key((*key).to_owned()))).collect();
    assert_eq!(urls.len(), keys.len(), "two keys never have one address");
    for url in &urls {
        assert!(url.contains("://"), "{url} says how it is reached");
        let low = url.to_lowercase();
        assert!(!low.contains("signature") && !low.contains("x-amz-") && !low.contains('@'), "{url} carries no secret");
        assert!(!url.chars().any(char::is_control), "{url:?} can be printed");
    }
}
