//! Objects in parts, listings and trials against the scripted server.

use super::*;
use gantry_model::Digest;

const BEGUN: &str = "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>";

fn sealed(inside: &str) -> Reply {
    let body = format!(
        "\n\n  <?xml version=\"1.0\"?><CompleteMultipartUploadResult><ETag>\"e-2\"</ETag>{inside}</CompleteMultipartUploadResult>"
    );
    // White space before the declaration is what S3 sends while it works.
    reply(200, &[], body.trim_start())
}

#[tokio::test]
async fn an_upload_in_parts_asks_for_a_checksum_of_the_whole() {
    let whole = body(b"hellohello").digest;
    let (server, store) = with(move |_, seen| match seen.method.as_str() {
        "POST" if seen.target.contains("uploads=") => reply(200, &[], BEGUN),
        "PUT" => good(seen),
        _ => sealed(&format!("<ChecksumCRC64NVME>{}</ChecksumCRC64NVME>", answer::checksum_header(&whole).1)),
    })
    .await;
    let item = outgoing("film.mp4", 10);
    let ticket = store.begin(&item, 5).await.expect("begun");
    assert_eq!((ticket.handle.as_str(), ticket.algorithm), ("u/1", Algorithm::Crc64nvme));
    let mut proofs = Vec::new();
    for part in 1..=2 {
        proofs.push(store.send(&ticket, PartNo(part), body(b"hello")).await.expect("sent"));
    }
    let remote = store.seal(&item, &ticket, &proofs, whole).await.expect("sealed");
    assert_eq!((remote.digest, remote.etag.as_deref()), (Some(whole), Some("e-2")));
    let seen = server.seen();
    assert_eq!(
        (seen[0].header("x-amz-checksum-algorithm"), seen[0].header("x-amz-checksum-type")),
        (Some("CRC64NVME"), Some("FULL_OBJECT"))
    );
    assert_eq!(seen[1].target, "/pics/film.mp4?partNumber=1&uploadId=u%2F1");
    let last = &seen[3];
    assert_eq!((last.header("if-none-match"), last.header("x-amz-mp-object-size")), (Some("*"), Some("10")));
    assert_eq!(last.header(SUM), Some(answer::checksum_header(&whole).1.as_str()));
}

#[tokio::test]
async fn an_error_inside_a_success_is_an_error() {
    let (_server, store) = with(|number, _| match number {
        0 => fault(200, "InternalError", ""),
        1 => reply(200, &[], "  \n"),
        2 => fault(404, "NoSuchUpload", ""),
        3 => fault(412, "PreconditionFailed", ""),
        _ => fault(409, "ConditionalRequestConflict", ""),
    })
    .await;
    let item = outgoing("film.mp4", 5);
    let mut told = Vec::new();
    for _ in 0..5 {
        let problem = store.seal(&item, &ticket("u"), &[proof(1)], body(b"hello").digest).await.expect_err("not sealed");
        told.push((problem.code, problem.reaction));
    }
    assert_eq!(
        told,
        [
            (Code::ServerError, Reaction::Retry),
            (Code::ServerError, Reaction::Retry),
            (Code::TicketGone, Reaction::StartOver),
            (Code::Clash, Reaction::GiveUp),
            (Code::ServerError, Reaction::StartOver),
        ]
    );
}

#[tokio::test]
async fn a_checksum_missing_in_the_seal_is_asked_for_and_one_of_parts_is_not_taken() {
    let whole = body(b"hello").digest;
    let value = answer::checksum_header(&whole).1;
    for (head, want) in [((value.clone(), "FULL_OBJECT"), Some(whole)), ((format!("{value}-2"), "COMPOSITE"), None)] {
        let (_server, store) = with(move |_, seen| match seen.method.as_str() {
            "HEAD" => reply(
                200,
                &[("etag", "\"e-2\""), ("content-length", "5"), (SUM, &head.0), ("x-amz-checksum-type", head.1)],
                "hello",
            ),
            _ => sealed(""),
        })
        .await;
        let remote = store.seal(&outgoing("film.mp4", 5), &ticket("u"), &[proof(1)], whole).await.expect("sealed");
        assert_eq!((remote.digest, remote.size), (want, Some(5)));
    }
}

#[tokio::test]
async fn another_object_under_the_name_proves_nothing_about_ours() {
    let whole = body(b"hello").digest;
    let value = answer::checksum_header(&whole).1;
    let (_server, store) = with(move |_, seen| match seen.method.as_str() {
        "HEAD" => reply(200, &[("etag", "\"theirs\""), (SUM, &value)], ""),
        _ => sealed(""),
    })
    .await;
    let remote = store.seal(&outgoing("film.mp4", 5), &ticket("u"), &[proof(1)], whole).await.expect("sealed");
    assert_eq!((remote.digest, remote.etag.as_deref()), (None, Some("e-2")));
}

#[tokio::test]
async fn a_part_with_another_checksum_is_sent_again() {
    let (_server, store) = with(|number, _| match number {
        0 => reply(200, &[("etag", "\"e\""), (SUM, "AAAAAAAAAAE=")], ""),
        1 => fault(400, "BadDigest", ""),
        _ => reply(200, &[], ""),
    })
    .await;
    for want in
        [(Code::ChecksumDiffers, Reaction::Retry), (Code::ChecksumDiffers, Reaction::Retry), (Code::NotAStore, Reaction::Retry)]
    {
        let problem = store.send(&ticket("u"), PartNo(1), body(b"hello")).await.expect_err("not stored");
        assert_eq!((problem.code, problem.reaction), want);
    }
}

#[tokio::test]
async fn a_store_without_full_checksums_gets_parts_without() {
    let (server, store) = with(|_, seen| {
        if seen.header("x-amz-checksum-type").is_some() {
            return fault(400, "InvalidRequest", "<Header>x-amz-checksum-type</Header>");
        }
        if seen.method == "POST" { reply(200, &[], BEGUN) } else { good(seen) }
    })
    .await;
    let item = outgoing("film.mp4", 5);
    assert_eq!(store.begin(&item, 5).await.expect_err("once").reaction, Reaction::Retry);
    let ticket = store.begin(&item, 5).await.expect("begun");
    store.send(&ticket, PartNo(1), body(b"hello")).await.expect("sent");
    let seen = server.seen();
    assert_eq!((seen[2].header(SUM), seen[2].header("content-md5")), (None, Some("XUFAKrxLKna5cZ2REBfFkg==")));
}

#[tokio::test]
async fn parts_are_listed_over_pages_and_a_store_that_cannot_is_asked_once() {
    let page = |number: u32, more: bool| {
        format!(
            "<ListPartsResult><IsTruncated>{more}</IsTruncated><Part><PartNumber>{number}</PartNumber><Size>5</Size><ETag>\"e\"</ETag></Part></ListPartsResult>"
        )
    };
    let (server, store) = with(move |_, seen| {
        reply(200, &[], &page(1 + u32::from(seen.target.contains("marker=1")), !seen.target.contains("marker=1")))
    })
    .await;
    match store.parts(&ticket("u")).await.expect("listed") {
        PartsThere::Parts(parts) => assert_eq!(parts.iter().map(|part| part.0.0).collect::<Vec<_>>(), [1, 2]),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.seen().len(), 2);
    let (server, store) = with(|_, _| fault(501, "NotImplemented", "")).await;
    for _ in 0..2 {
        assert_eq!(store.parts(&ticket("u")).await.expect("asked"), PartsThere::Unsaid);
    }
    assert_eq!(server.seen().len(), 1);
    let (_server, store) = with(|_, _| fault(404, "NoSuchUpload", "")).await;
    assert_eq!(store.parts(&ticket("u")).await.expect("asked"), PartsThere::Gone);
    let (_server, store) = with(move |_, _| reply(200, &[], &page(1, true))).await;
    assert!(store.parts(&ticket("u")).await.is_err(), "a list that stands still ends");
}

#[tokio::test]
async fn discarding_ends_when_the_store_says_that_the_parts_are_gone() {
    let (server, store) = with(|number, seen| match (seen.method.as_str(), number) {
        ("DELETE", _) => reply(204, &[], ""),
        (_, 0..=2) => reply(
            200,
            &[],
            "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>5</Size><ETag>e</ETag></Part></ListPartsResult>",
        ),
        _ => fault(404, "NoSuchUpload", ""),
    })
    .await;
    store.discard(&ticket("u")).await.expect("discarded");
    assert_eq!(server.seen().iter().filter(|seen| seen.method == "DELETE").count(), 2);
    let (_server, store) = with(|_, _| fault(404, "NoSuchUpload", "")).await;
    store.discard(&ticket("u")).await.expect("gone already");
}

#[tokio::test]
async fn a_store_that_denies_what_is_gone_is_understood() {
    let (_server, store) = with(|_, seen| match seen.method.as_str() {
        "GET" => reply(200, &[], "<ListPartsResponse><IsTruncated>false</IsTruncated></ListPartsResponse>"),
        "HEAD" => reply(200, &[("etag", "\"e\"")], ""),
        _ => fault(403, "AccessDenied", ""),
    })
    .await;
    assert_eq!(store.parts(&ticket("u")).await.expect("asked"), PartsThere::Gone);
    store.discard(&ticket("u")).await.expect("gone already");
    let problem = store.seal(&outgoing("film.mp4", 5), &ticket("u"), &[proof(1)], body(b"hello").digest).await.expect_err("gone");
    assert_eq!(problem.code, Code::TicketGone);
}

#[tokio::test]
async fn a_right_that_is_missing_is_not_taken_for_an_upload_that_is_gone() {
    let (_server, store) = with(|_, _| fault(403, "AccessDenied", "")).await;
    assert_eq!(store.discard(&ticket("u")).await.expect_err("denied").code, Code::AccessDenied);
    let problem =
        store.seal(&outgoing("film.mp4", 5), &ticket("u"), &[proof(1)], body(b"hello").digest).await.expect_err("denied");
    assert_eq!(problem.code, Code::AccessDenied);
}

#[tokio::test]
async fn a_listing_goes_on_after_a_key_and_never_for_ever() {
    let listing = |more: bool| {
        format!(
            "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>{more}</IsTruncated><Contents><Key>p/b+c</Key><Size>1</Size></Contents></ListBucketResult>"
        )
    };
    let (server, store) = with(move |_, _| reply(200, &[], &listing(true))).await;
    let page = store.list("p/", Some(&Key("p/a".into()))).await.expect("listed");
    assert_eq!((page.objects[0].key.0.as_str(), page.more), ("p/b c", true));
    assert_eq!(server.seen()[0].target, "/pics?encoding-type=url&list-type=2&max-keys=1000&prefix=p%2F&start-after=p%2Fa");
    assert!(store.list("p/", Some(&Key("p/b c".into()))).await.is_err());
}

/// A store that checks nothing and repeats every checksum.
#[tokio::test]
async fn a_trial_finds_out_what_a_store_only_pretends() {
    let (server, store) = with(|_, seen| match seen.method.as_str() {
        "GET" if seen.target.contains("list-type") => reply(200, &[], "<ListBucketResult/>"),
        "GET" => fault(501, "NotImplemented", ""),
        "HEAD" => reply(200, &[("etag", "\"e\""), ("content-length", "40")], &"x".repeat(40)),
        "POST" => reply(200, &[], BEGUN),
        "DELETE" => reply(204, &[], ""),
        _ => good(seen),
    })
    .await;
    let access = store.try_access("p").await.expect("tried");
    let learned: std::collections::BTreeMap<_, _> = access.learned.iter().cloned().collect();
    assert_eq!(
        (learned["checksum"].as_str(), learned["if_none_match"].as_str(), learned["list_parts"].as_str()),
        ("none", "no", "no")
    );
    let failed: Vec<&str> =
        access.checks.iter().filter(|(_, passed)| *passed == Some(false)).map(|(word, _)| word.as_str()).collect();
    assert_eq!(failed, ["checksum", "if-none-match", "list-parts"]);
    let deleted = server
        .seen()
        .iter()
        .any(|seen| seen.method == "DELETE" && seen.target.starts_with("/pics/p/.gantry-access-") && !seen.target.contains('?'));
    assert!(deleted);
    let foreign = server.seen().iter().any(|seen| seen.method != "GET" && !seen.target.starts_with("/pics/p/.gantry-access-"));
    assert!(!foreign, "only its own object was touched");
    let later = open(&server, &[("learned.checksum", "none")]);
    assert_eq!(later.put(&outgoing("a", 5), body(b"hello")).await.expect("stored").digest, None::<Digest>);
    let echo = |_: usize, _: &Seen| reply(200, &[("etag", "\"e\""), (SUM, "AAAAAAAAAAE=")], "");
    let server = Server::start(echo).await;
    let found = open(&server, &[("learned.checksum", "none")]).find(&Key("a".into())).await.expect("found");
    assert_eq!(found.and_then(|there| there.digest), None, "what it repeats proves nothing");
}
