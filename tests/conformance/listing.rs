//! Listings: byte order, all of it, and nothing else.

use crate::conformance::behaviour::behaviours;
use crate::conformance::site::Site;
use gantry_model::{Key, Problem, RemoteRef};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

behaviours! {
    order_is_that_of_the_bytes;
    pages_hold_everything_once;
    prefix_is_exact;
    after_is_left_out;
    nothing_is_an_empty_page;
    sizes_and_etags_are_those_of_find;
    temporary_things_are_not_listed;
}

async fn order_is_that_of_the_bytes(site: Site) {
    let mut names = ["b", "a", "B", "a/b", "a-b", "a0", "a b", "a.b", "caf\u{e9}", "cafz", "\u{1f5fb}", "~", "Z/z", "Z.z", "0"];
    // A folder cannot hold both a file `a` and a folder `a`.
    names[1] = "aa";
    for name in names {
        site.put(name, name.as_bytes()).await.unwrap_or_else(|why| panic!("{name:?} is refused: {why}"));
    }
    names.sort_unstable();
    assert_eq!(site.listed("").await, names);
}

async fn pages_hold_everything_once(site: Site) {
    const COUNT: usize = 1_050;
    let (store, body) = (site.store(), site.body(b"x"));
    let mut tasks: JoinSet<Result<RemoteRef, Problem>> = JoinSet::new();
    for number in 0..COUNT {
        if tasks.len() == 32 {
            tasks.join_next().await.expect("some run").expect("no task panics").expect("put works");
        }
        let (store, body) = (store.clone(), body.clone());
        let item = site.item(&format!("d{}/n{number:04}", number % 7), 1);
        tasks.spawn(async move { store.put(&item, body).await });
    }
    for done in tasks.join_all().await {
        done.expect("put works");
    }
    let listed = site.listed("").await;
    assert!(listed.is_sorted(), "the pages are in order");
    assert_eq!(listed.len(), COUNT, "every object comes once");
    assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), COUNT, "no object comes twice");
    let first = store.list(site.prefix(), None).await.expect("list answers");
    assert!(first.more && first.objects.len() < COUNT, "a listing of {COUNT} comes in pages");
}

async fn prefix_is_exact(site: Site) {
    for name in ["p/a", "p/ab", "p/b", "p/c/d", "q", "p.x", "P/a"] {
        site.put(name, b"x").await.expect("put works");
    }
    assert_eq!(site.listed("p/").await, ["p/a", "p/ab", "p/b", "p/c/d"]);
    assert_eq!(site.listed("p/a").await, ["p/a", "p/ab"]);
    assert_eq!(site.listed("p/ab").await, ["p/ab"]);
    assert_eq!(site.listed("p").await, ["p.x", "p/a", "p/ab", "p/b", "p/c/d"]);
    assert_eq!(site.listed("p/c").await, ["p/c/d"]);
    assert_eq!(site.listed("nothing/").await, Vec::<String>::new());
}

async fn after_is_left_out(site: Site) {
    for name in ["a", "b", "c", "d/e", "d/f"] {
        site.put(name, b"x").await.expect("put works");
    }
    let store = site.store();
    let after = async |name: &str| -> Vec<Key> {
        let page = store.list(site.prefix(), Some(&site.key(name))).await.expect("list answers");
        assert!(!page.more, "there are few");
        page.objects.into_iter().map(|line| line.key).collect()
    };
    assert_eq!(after("b").await, [site.key("c"), site.key("d/e"), site.key("d/f")]);
    assert_eq!(after("bb").await, [site.key("c"), site.key("d/e"), site.key("d/f")], "it need not be there");
    assert_eq!(after("d/e").await, [site.key("d/f")]);
    assert_eq!(after("d").await, [site.key("d/e"), site.key("d/f")]);
    assert_eq!(after("z").await, []);
}

async fn nothing_is_an_empty_page(site: Site) {
    let page = site.store().list(site.prefix(), None).await.expect("an empty listing is no error");
    assert!(page.objects.is_empty() && !page.more);
}

async fn sizes_and_etags_are_those_of_find(site: Site) {
    site.put("empty", b"").await.expect("put works");
    site.put("five", b"12345").await.expect("put works");
    let page = site.store().list(site.prefix(), None).await.expect("list answers");
    assert_eq!(page.objects.iter().map(|line| line.size).collect::<Vec<_>>(), [0, 5]);
    for line in page.objects {
        let found = site.store().find(&line.key).await.expect("find answers").expect("it is there");
        if let Some(etag) = line.etag {
            assert_eq!(Some(etag), found.etag, "listing and find tell one ETag for {}", line.key);
        }
    }
}

async fn temporary_things_are_not_listed(site: Site) {
    site.put("there", b"x").await.expect("put works");
    let bytes = vec![7; site.part_size() + 1];
    let ticket = site.begin("on its way", &bytes).await;
    site.send(&ticket, &bytes, 1).await;
    assert_eq!(site.listed("").await, ["there"]);
    let _ = site.store().discard(&ticket).await;
    assert_eq!(site.listed("").await, ["there"]);
}
