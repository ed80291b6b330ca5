//! Objects in parts: any order, again, from another process, sealed once, thrown away for good.

use crate::conformance::behaviour::behaviours;
use crate::conformance::site::Site;
use gantry_model::{Code, PartNo, PartsThere, Ticket};
use testkit::digests::{self, noise};

behaviours! {
    parts_in_order;
    parts_in_any_order_and_in_parallel;
    one_part_alone;
    a_part_again_replaces;
    proofs_tell_what_was_sent;
    resumed_by_another_handle;
    ticket_survives_being_written_down;
    remembered_proofs_are_enough;
    nothing_is_there_before_the_seal;
    nothing_is_found_before_the_seal;
    seal_tells_the_truth;
    lost_answer_of_seal_is_found;
    sealing_without_a_part_is_refused;
    discard_is_done;
    discard_leaves_nothing except { "s3s-fs": "it says AccessDenied where an upload is gone", "moto": "it breaks down over an upload that is gone" };
    discard_twice_is_done;
    discard_after_seal_keeps_the_object;
    sending_to_a_discarded_ticket_starts_over except { "s3s-fs": "it says AccessDenied where an upload is gone", "moto": "it breaks down over an upload that is gone" };
    two_tickets_do_not_mix;
}

async fn parts_in_order(site: Site) {
    let bytes = noise(10, 2 * site.part_size() + 777);
    let ticket = site.begin("in order", &bytes).await;
    assert_eq!(ticket.key, site.key("in order"));
    assert_eq!(ticket.part_size, site.part_size() as u64);
    let proofs = site.send_all(&ticket, &bytes).await;
    site.seal("in order", &ticket, &proofs, &bytes).await.expect("seal works");
    site.holds("in order", &bytes).await;
    assert_eq!(site.listed("").await, ["in order"]);
}

async fn parts_in_any_order_and_in_parallel(site: Site) {
    let bytes = noise(11, 3 * site.part_size() + 1);
    let ticket = site.begin("mixed", &bytes).await;
    let numbers = [4, 2, 1, 3];
    let mut proofs = futures_util::future::join_all(numbers.map(|number| site.send(&ticket, &bytes, number))).await;
    proofs.sort_by_key(|proof| proof.part);
    site.seal("mixed", &ticket, &proofs, &bytes).await.expect("seal works");
    site.holds("mixed", &bytes).await;
}

async fn one_part_alone(site: Site) {
    let bytes = noise(12, 100);
    let ticket = site.begin("short", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    assert_eq!(proofs.len(), 1, "the only part is the last, and may be small");
    site.seal("short", &ticket, &proofs, &bytes).await.expect("seal works");
    site.holds("short", &bytes).await;
}

async fn a_part_again_replaces(site: Site) {
    let bytes = noise(13, site.part_size() + 50);
    let ticket = site.begin("again", &bytes).await;
    let wrong = noise(99, site.part_size());
    let stale = site.store().send(&ticket, PartNo(1), site.body(&wrong)).await.expect("a part is taken");
    let proofs = site.send_all(&ticket, &bytes).await;
    assert_ne!(stale.digest, proofs[0].digest);
    if let Some(told) = site.told_parts(&ticket).await {
        assert_eq!(told, [(1, site.part_size() as u64), (2, 50)], "a part that came twice is there once");
    }
    site.seal("again", &ticket, &proofs, &bytes).await.expect("seal works");
    site.holds("again", &bytes).await;
}

async fn proofs_tell_what_was_sent(site: Site) {
    let bytes = noise(14, site.part_size() + 9);
    let ticket = site.begin("proofs", &bytes).await;
    assert_eq!(ticket.algorithm, site.store().abilities().wants);
    for proof in site.send_all(&ticket, &bytes).await {
        let part = site.part(&bytes, proof.part.0);
        assert_eq!(proof.size, part.len() as u64);
        assert_eq!(proof.digest, digests::digest(ticket.algorithm, part));
        assert!(!proof.etag.contains('"'), "the ETag is told without quotes");
    }
    let _ = site.store().discard(&ticket).await;
}

async fn resumed_by_another_handle(site: Site) {
    let bytes = noise(15, 2 * site.part_size() + 20);
    let ticket = site.begin("resumed", &bytes).await;
    let mut proofs = vec![site.send(&ticket, &bytes, 1).await, site.send(&ticket, &bytes, 3).await];
    let other = site.store();
    match other.parts(&ticket).await.expect("parts answers") {
        PartsThere::Gone => panic!("another handle does not know the ticket"),
        PartsThere::Unsaid => {}
        PartsThere::Parts(told) => {
            assert_eq!(told.len(), 2, "two parts are there");
            for (number, size, etag, digest) in told {
                let proof = proofs.iter().find(|proof| proof.part == number).expect("the part was sent");
                assert_eq!(size, proof.size, "the size of a part is told right");
                assert!(etag.is_empty() || etag == proof.etag, "the ETag of a part is told right");
                assert!(digest.is_none_or(|digest| digest == proof.digest), "the digest of a part is told right");
            }
        }
    }
    let body = site.body(site.part(&bytes, 2));
    proofs.insert(1, other.send(&ticket, PartNo(2), body).await.expect("another handle sends the rest"));
    site.seal("resumed", &ticket, &proofs, &bytes).await.expect("seal works");
    site.holds("resumed", &bytes).await;
}

async fn ticket_survives_being_written_down(site: Site) {
    let bytes = noise(16, site.part_size() + 20);
    let ticket = site.begin("written", &bytes).await;
    let first = site.send(&ticket, &bytes, 1).await;
    let text = serde_json::to_string(&(&ticket, &first)).expect("a ticket can be written");
    let (ticket, first): (Ticket, gantry_model::PartProof) = serde_json::from_str(&text).expect("and read");
    let second = site.send(&ticket, &bytes, 2).await;
    site.seal("written", &ticket, &[first, second], &bytes).await.expect("seal works");
    site.holds("written", &bytes).await;
}

async fn remembered_proofs_are_enough(site: Site) {
    let bytes = noise(17, 2 * site.part_size());
    let ticket = site.begin("remembered", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    let fresh = site.clone();
    fresh.seal("remembered", &ticket, &proofs, &bytes).await.expect("a handle that sent nothing can seal");
    site.holds("remembered", &bytes).await;
}

async fn nothing_is_there_before_the_seal(site: Site) {
    let bytes = noise(18, site.part_size() + 1);
    let ticket = site.begin("unsealed", &bytes).await;
    site.send_all(&ticket, &bytes).await;
    assert_eq!(site.listed("").await, Vec::<String>::new());
    assert!(site.look("unsealed").await.is_none_or(|seen| seen.bytes.is_none()), "nothing is there behind its back either");
}

async fn nothing_is_found_before_the_seal(site: Site) {
    let bytes = noise(29, site.part_size() + 1);
    let ticket = site.begin("unsealed", &bytes).await;
    site.send_all(&ticket, &bytes).await;
    site.lacks("unsealed").await;
}

async fn seal_tells_the_truth(site: Site) {
    let bytes = noise(19, 2 * site.part_size() + 12);
    let ticket = site.begin("sealed", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    let sealed = site.seal("sealed", &ticket, &proofs, &bytes).await.expect("seal works");
    site.fits("sealed", &sealed, &bytes);
    let found = site.store().find(&site.key("sealed")).await.expect("find answers").expect("it is there");
    assert_eq!(found.size, Some(bytes.len() as u64));
    site.fits("sealed", &found, &bytes);
    if let (Some(one), Some(other)) = (sealed.etag, found.etag) {
        assert_eq!(one, other, "seal and find tell two ETags");
    }
}

async fn lost_answer_of_seal_is_found(site: Site) {
    let bytes = noise(20, site.part_size() + 30);
    let ticket = site.begin("lost", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.seal("lost", &ticket, &proofs, &bytes).await.expect("seal works");
    match site.seal("lost", &ticket, &proofs, &bytes).await {
        // Some stores remember, and say the same again.
        Ok(said) => site.fits("lost", &said, &bytes),
        Err(problem) => assert_eq!(problem.code, Code::TicketGone, "a spent ticket is gone"),
    }
    site.holds("lost", &bytes).await;
}

async fn sealing_without_a_part_is_refused(site: Site) {
    let bytes = noise(21, site.part_size() + 40);
    let ticket = site.begin("holes", &bytes).await;
    let first = site.send(&ticket, &bytes, 1).await;
    let invented = gantry_model::PartProof { part: PartNo(2), size: 40, ..first.clone() };
    site.seal("holes", &ticket, &[first, invented], &bytes).await.expect_err("a part was never sent");
    assert_eq!(site.listed("").await, Vec::<String>::new());
    let _ = site.store().discard(&ticket).await;
}

async fn discard_is_done(site: Site) {
    let bytes = noise(28, site.part_size() + 40);
    let ticket = site.begin("away", &bytes).await;
    site.send_all(&ticket, &bytes).await;
    site.store().discard(&ticket).await.expect("parts can be thrown away");
    assert_eq!(site.listed("").await, Vec::<String>::new());
}

async fn discard_leaves_nothing(site: Site) {
    let bytes = noise(22, site.part_size() + 40);
    let ticket = site.begin("thrown away", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.store().discard(&ticket).await.expect("discard works");
    let there = site.store().parts(&ticket).await.expect("parts answers");
    assert!(matches!(there, PartsThere::Gone | PartsThere::Unsaid), "no parts are there: {there:?}");
    let sealed = site.seal("thrown away", &ticket, &proofs, &bytes).await.expect_err("it cannot be sealed any more");
    assert_eq!(sealed.code, Code::TicketGone);
    site.lacks("thrown away").await;
    assert_eq!(site.listed("").await, Vec::<String>::new());
}

async fn discard_twice_is_done(site: Site) {
    let bytes = noise(23, site.part_size());
    let ticket = site.begin("twice", &bytes).await;
    site.send(&ticket, &bytes, 1).await;
    site.store().discard(&ticket).await.expect("discard works");
    site.store().discard(&ticket).await.expect("what is gone is gone");
}

async fn discard_after_seal_keeps_the_object(site: Site) {
    let bytes = noise(24, site.part_size() + 3);
    let ticket = site.begin("stays", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.seal("stays", &ticket, &proofs, &bytes).await.expect("seal works");
    site.store().discard(&ticket).await.expect("there is nothing to throw away");
    site.holds("stays", &bytes).await;
}

async fn sending_to_a_discarded_ticket_starts_over(site: Site) {
    let bytes = noise(25, site.part_size());
    let ticket = site.begin("gone", &bytes).await;
    site.send(&ticket, &bytes, 1).await;
    site.store().discard(&ticket).await.expect("discard works");
    let body = site.body(site.part(&bytes, 1));
    let refused = site.store().send(&ticket, PartNo(1), body).await.expect_err("the ticket is gone");
    assert_eq!(refused.code, Code::TicketGone);
    site.lacks("gone").await;
}

async fn two_tickets_do_not_mix(site: Site) {
    let (one, two) = (noise(26, site.part_size() + 11), noise(27, site.part_size() + 11));
    let first = site.begin("double", &one).await;
    let second = site.begin("double", &two).await;
    assert_ne!(first.handle, second.handle, "each begin gives its own ticket");
    let of_one = site.send_all(&first, &one).await;
    let of_two = site.send_all(&second, &two).await;
    let _ = site.store().discard(&first).await;
    assert_eq!(of_one.len(), of_two.len());
    site.seal("double", &second, &of_two, &two).await.expect("the other ticket is untouched");
    site.holds("double", &two).await;
}
