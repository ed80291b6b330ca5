//! Objects in one request: what was put is there, whatever it is called.

use crate::conformance::behaviour::behaviours;
use crate::conformance::site::{CONTENT_TYPE, MTIME_NS, Site};
use gantry_model::{Algorithm, Outgoing};
use testkit::digests::noise;

behaviours! {
    put_and_find;
    nothing_there_is_none;
    folder_of_a_key_is_no_object except {
        "folder": "what is in the way is there",
        "s3s-fs": "a folder of its disk is a fault of its own",
    };
    size_and_digest_are_true except { "moto": "it tells no checksum of this kind" };
    zero_bytes;
    one_byte;
    largest_in_one_request;
    odd_keys;
    odd_keys_are_listed_as_they_are;
    names_that_look_encoded_stay;
    names_that_look_encoded_are_listed;
    composed_and_decomposed_are_two except { "folder on a folding file system": "the system folds them" };
    case_matters;
    longest_key except { "s3s-fs": "it has a file beside each object whose name is the whole key, longer" };
    content_type_is_kept except { "folder": "a file has no content type" };
    mtime_is_kept;
    many_at_once;
}

async fn put_and_find(site: Site) {
    let said = site.put("a.txt", b"hello").await.expect("put works");
    site.fits("a.txt", &said, b"hello");
    site.holds("a.txt", b"hello").await;
}

async fn nothing_there_is_none(site: Site) {
    site.lacks("never put").await;
    site.lacks("folder/never put").await;
}

async fn folder_of_a_key_is_no_object(site: Site) {
    site.put("folder/there", b"x").await.expect("put works");
    site.lacks("folder").await;
    site.lacks("folder/ther").await;
}

async fn size_and_digest_are_true(site: Site) {
    let bytes = noise(1, 12_345);
    let put = site.put("noise", &bytes).await.expect("put works");
    let found = site.store().find(&site.key("noise")).await.expect("find answers").expect("it is there");
    assert_eq!(found.size, Some(12_345), "find tells the size");
    site.fits("noise", &put, &bytes);
    site.fits("noise", &found, &bytes);
    let told = put.digest.or(found.digest);
    assert!(told.is_some() || site.name == "nameless", "neither put nor find tells a digest");
    if let (Some(one), Some(other)) = (put.etag, found.etag) {
        assert_eq!(one, other, "put and find tell two ETags");
        assert!(!one.contains('"'), "the ETag is told without quotes");
    }
}

async fn zero_bytes(site: Site) {
    let said = site.put("empty", b"").await.expect("an empty object is one too");
    site.fits("empty", &said, b"");
    site.holds("empty", b"").await;
    assert_eq!(site.listed("").await, ["empty"]);
}

async fn one_byte(site: Site) {
    site.put("one", &[0]).await.expect("put works");
    site.holds("one", &[0]).await;
}

async fn largest_in_one_request(site: Site) {
    let limit = usize::try_from(site.store().abilities().put_limit).expect("it fits into memory").min(8 << 20);
    let bytes = noise(2, limit);
    site.put("large", &bytes).await.expect("put works up to its limit");
    site.holds("large", &bytes).await;
}

/// Names that some part of the way may take for something else.
const ODD: [&str; 16] = [
    "with space",
    "two  spaces ",
    "plus+plus",
    "percent%percent",
    "hash#hash",
    "question?mark=1&x=2",
    "caf\u{e9}",
    "\u{65e5}\u{672c}\u{8a9e}",
    "\u{1f5fb}\u{1f468}\u{200d}\u{1f469}",
    "quote'quote\"quote",
    "brackets()[]{}<>",
    "signs!$&*,;:=@~^`|",
    "back\\slash",
    "dash-under_dot.tilde~",
    "...three dots",
    "-rf",
];

async fn odd_keys(site: Site) {
    for (seed, name) in ODD.iter().enumerate() {
        let bytes = noise(seed as u64, 64);
        site.put(name, &bytes).await.unwrap_or_else(|why| panic!("{name:?} is refused: {why}"));
    }
    for (seed, name) in ODD.iter().enumerate() {
        site.holds(name, &noise(seed as u64, 64)).await;
    }
}

async fn odd_keys_are_listed_as_they_are(site: Site) {
    for name in ODD {
        site.put(name, b"x").await.unwrap_or_else(|why| panic!("{name:?} is refused: {why}"));
    }
    let mut sorted = ODD;
    sorted.sort_unstable();
    assert_eq!(site.listed("").await, sorted);
}

/// In the order of their bytes. Decoded once too often, some of them would be one.
const ENCODED: [&str; 6] = ["a b", "a%20b", "a%2520b", "a%2Fb", "a&amp;b", "a+b"];

async fn names_that_look_encoded_stay(site: Site) {
    for name in ENCODED {
        site.put(name, name.as_bytes()).await.unwrap_or_else(|why| panic!("{name:?} is refused: {why}"));
    }
    for name in ENCODED {
        site.holds(name, name.as_bytes()).await;
    }
}

async fn names_that_look_encoded_are_listed(site: Site) {
    for name in ENCODED {
        site.put(name, b"x").await.unwrap_or_else(|why| panic!("{name:?} is refused: {why}"));
    }
    assert_eq!(site.listed("").await, ENCODED);
}

async fn composed_and_decomposed_are_two(site: Site) {
    site.put("caf\u{e9}", b"composed").await.expect("put works");
    site.put("cafe\u{301}", b"decomposed").await.expect("put works");
    site.holds("caf\u{e9}", b"composed").await;
    site.holds("cafe\u{301}", b"decomposed").await;
}

async fn case_matters(site: Site) {
    site.put("README", b"upper").await.expect("put works");
    site.put("readme", b"lower").await.expect("put works");
    site.holds("README", b"upper").await;
    site.holds("readme", b"lower").await;
}

async fn longest_key(site: Site) {
    // 1,024 bytes of UTF-8 in all, each component below the 255 bytes that file systems take.
    let mut name = String::new();
    while site.key(&name).0.len() < 1_024 {
        let rest = 1_024 - site.key(&name).0.len();
        name.push_str(&if rest > 200 { format!("{}/", "l".repeat(199)) } else { "e".repeat(rest) });
    }
    assert_eq!(site.key(&name).0.len(), 1_024);
    site.put(&name, b"far away").await.expect("1,024 bytes of key are taken");
    site.holds(&name, b"far away").await;
    assert_eq!(site.listed("").await, [name]);
}

async fn content_type_is_kept(site: Site) {
    site.put("typed", b"x").await.expect("put works");
    let bytes = noise(3, site.part_size() + 5);
    let ticket = site.begin("typed parts", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.seal("typed parts", &ticket, &proofs, &bytes).await.expect("seal works");
    for name in ["typed", "typed parts"] {
        let seen = site.look(name).await.expect("this store can be looked into");
        assert_eq!(seen.content_type.as_deref(), Some(CONTENT_TYPE), "content type of {name}");
    }
}

async fn mtime_is_kept(site: Site) {
    site.put("dated", b"x").await.expect("put works");
    let bytes = noise(4, site.part_size() + 5);
    let ticket = site.begin("dated parts", &bytes).await;
    let proofs = site.send_all(&ticket, &bytes).await;
    site.seal("dated parts", &ticket, &proofs, &bytes).await.expect("seal works");
    for name in ["dated", "dated parts"] {
        let seen = site.look(name).await.expect("this store can be looked into");
        assert_eq!(seen.mtime_ns, Some(MTIME_NS), "time of {name}");
    }
}

async fn many_at_once(site: Site) {
    let store = site.store();
    let mut tasks = Vec::new();
    for number in 0..64_u64 {
        let (site, store) = (site.clone(), store.clone());
        tasks.push(tokio::spawn(async move {
            let bytes = noise(number, 2_000 + number as usize);
            let item: Outgoing = site.item(&format!("n{number:02}"), bytes.len());
            store.put(&item, site.body(&bytes)).await
        }));
    }
    for task in tasks {
        task.await.expect("no task panics").expect("put works beside others");
    }
    for number in [0, 31, 63] {
        site.holds(&format!("n{number:02}"), &noise(number, 2_000 + number as usize)).await;
    }
    assert_eq!(site.listed("").await.len(), 64);
    let known = [Algorithm::Crc64nvme, Algorithm::Crc32c, Algorithm::Md5];
    assert!(known.contains(&store.abilities().wants));
}
