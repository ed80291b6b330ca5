//! The folder store.

use crate::conformance::behaviour::suite;
use crate::conformance::site::{Seen, Site};
use futures_util::FutureExt as _;
use gantry_model::{Connection, Secrets};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use testkit::trees::Tree;

fn connection(path: &Path) -> Connection {
    let path = path.to_str().expect("temporary folders have plain names").to_owned();
    Connection { name: "here".into(), kind: "folder".into(), fields: [("path".to_owned(), path)].into() }
}

fn seen(path: &Path) -> Option<Seen> {
    let bytes = std::fs::read(path).ok()?;
    let about = std::fs::metadata(path).ok()?;
    Some(Seen {
        bytes: Some(bytes.into()),
        mtime_ns: Some(about.mtime() * 1_000_000_000 + about.mtime_nsec()),
        content_type: None,
    })
}

fn site(tree: &Tree) -> Site {
    let connection = connection(tree.path());
    let folder = tree.path().to_owned();
    Site::new("folder", move || {
        gantry_destinations::open(&connection, &Secrets::default(), &gantry_model::Target::default()).expect("a folder opens")
    })
    .seen_by(move |key| std::future::ready(seen(&folder.join(key.0))).boxed())
}

#[tokio::test]
async fn folder_keeps_the_contract() {
    let tree = Tree::empty();
    suite(site(&tree)).await;
    let left: Vec<_> = tree.files().into_iter().filter(|path| path.to_string_lossy().contains(".gantry-")).collect();
    // Behaviours that leave a ticket open on purpose leave its file; none other may.
    let open = ["_before_the_seal", "wrong_digest", "two_tickets_do_not_mix"];
    for path in left {
        let path = path.to_string_lossy();
        assert!(open.iter().any(|name| path.contains(name)), "a temporary file is left: {path}");
    }
}

#[tokio::test]
async fn keys_never_leave_the_folder() {
    let tree = Tree::empty();
    std::fs::create_dir(tree.path().join("inside")).expect("a folder can be made");
    let store = gantry_destinations::open(
        &connection(&tree.path().join("inside")),
        &Secrets::default(),
        &gantry_model::Target::default(),
    )
    .expect("it opens");
    let here = site(&tree);
    for key in ["../out", "a/../../out", "/etc/gantry-out", "a/./b", "", "a//b", "a/", "nul\0byte"] {
        let item = gantry_model::Outgoing { key: gantry_model::Key(key.into()), ..here.item("x", 1) };
        store.put(&item, here.body(b"x")).await.expect_err(&format!("{key:?} is refused"));
    }
    assert_eq!(tree.files(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn links_inside_are_not_followed() {
    let (tree, outside) = (Tree::empty(), Tree::empty());
    std::os::unix::fs::symlink(outside.path(), tree.path().join("link")).expect("a link can be made");
    let site = site(&tree);
    let item = gantry_model::Outgoing { key: gantry_model::Key("link/out".into()), ..site.item("x", 1) };
    site.store().put(&item, site.body(b"x")).await.expect_err("a link is no way out");
    assert_eq!(outside.files(), Vec::<std::path::PathBuf>::new());
}
