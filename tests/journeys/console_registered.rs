//! The whole way by address: files go into a real bucket, and each platform gets a row for each of them. The address of a row
//! decodes to the key of its object, and a signed one opens it for as long as was said.

use super::console_stand::{ALL, connected, count, each_once, nowhere, picture, rows, send, with_bucket};
use super::{Console, receipt_files};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use testkit::platforms::{Fake, Fault, Vendor, What};
use testkit::servers::{self, BUCKET, Server};
use testkit::trees::Tree;

/// Names that have to be encoded, each in its own way.
const HARD: &[&str] =
    &["plain.png", "a b.png", "grün +1.png", "100%.png", "#tag.png", "q?x=1&y=2.png", "deep/below/ä (2).png", "e\u{301}.png"];

fn hard_names() -> Tree {
    let tree = Tree::empty();
    for (n, name) in (0..).zip(HARD) {
        tree.file(name, &picture(n));
    }
    tree
}

/// What a platform needs beside the address, so that it could read the bucket.
fn integration(console: &Console, vendor: Vendor) -> Vec<String> {
    let said = console.run(["integrations", vendor.word()]).ended(0);
    let usable = said.all("integration").into_iter().find(|one| one["valid"] != false);
    let id = usable.map(|one| one["id"].as_str().expect("an id").to_owned());
    id.into_iter().flat_map(|id| ["--integration".to_owned(), id]).collect()
}

fn by_address(console: &Console, vendor: Vendor, tree: &Tree, to: &str, more: &[&str]) -> Vec<String> {
    let mut args = send(tree, &format!("bucket/{}", vendor.word()));
    args.extend(["--contents".to_owned(), "--register".to_owned(), to.to_owned()]);
    args.extend(integration(console, vendor));
    args.retain(|one| one != "60s" && one != "--wait" || !more.contains(&"--wait"));
    args.extend(more.iter().map(|one| (*one).to_owned()));
    args
}

/// Keys of the objects that the rows stand for.
fn keys(fake: &Fake, server: &Server) -> Vec<String> {
    let front = format!("{}/{BUCKET}/", server.endpoint());
    let key = |row: &Value| {
        let url = row["url"].as_str().expect("an address");
        let path = url.split('?').next().and_then(|url| url.strip_prefix(&front)).unwrap_or_else(|| panic!("{url}"));
        assert!(path.is_ascii() && !path.contains(['+', ' ', '#']), "not encoded: {url}");
        percent_decode_str(path).decode_utf8().expect("text").into_owned()
    };
    let mut keys: Vec<String> = rows(fake).iter().map(key).collect();
    keys.sort();
    keys
}

#[test]
fn files_in_a_bucket_are_registered_by_address_and_the_second_time_nothing_moves() {
    let (server, tree) = (servers::s3s_fs(), hard_names());
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (mut console, to) = connected(&fake, vendor);
        with_bucket(&mut console, &server.endpoint());
        let said = console.run(by_address(&console, vendor, &tree, &to, &[])).ended(0);
        let all = HARD.len() as u64;
        assert_eq!((count(said.summary(), "registered"), count(said.summary(), "verified")), (all, all), "{vendor:?}");
        each_once(&fake, HARD.len(), vendor.word());
        let mut wanted: Vec<String> =
            HARD.iter().map(|name| format!("{}/{}", vendor.word(), name.replace("e\u{301}", "é"))).collect();
        wanted.sort();
        assert_eq!(keys(&fake, &server), wanted, "{vendor:?}");
        assert!(wanted.iter().all(|key| server.object_path(key).is_file()), "{vendor:?}: an object is missing");
        assert_eq!(console.uploads().len(), 1);
        assert_eq!(receipt_files(&console.receipt()).len(), HARD.len(), "{vendor:?}: one receipt holds all");

        fake.forget_requests();
        let again = console.run(by_address(&console, vendor, &tree, &to, &[])).ended(0);
        assert_eq!((count(again.summary(), "same"), count(again.summary(), "bytes")), (all, 0), "{vendor:?}");
        assert_eq!(fake.count("create*") + fake.count("upsertDataRows"), 0, "{vendor:?}: rows are made again");
        each_once(&fake, HARD.len(), vendor.word());
        nowhere(&console, &[fake.key(), servers::SECRET_KEY], vendor.word());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_address_opens_the_file_for_the_days_that_were_said_and_stands_nowhere_else() {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (server, tree) = (servers::s3s_fs(), hard_names());
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (mut console, to) = connected(&fake, vendor);
        with_bucket(&mut console, &server.endpoint());
        for days in ["8", "0", "soon"] {
            let said = console.run(by_address(&console, vendor, &tree, &to, &["--presign", days]));
            assert_eq!((said.status, said.error()), (2, "usage"), "{days}: {said:?}");
            assert!(said.stderr.contains("1..=7") || said.stderr.contains("--presign"), "{said:?}");
        }
        let mut args = by_address(&console, vendor, &tree, &to, &["--presign", "7"]);
        args.retain(|one| one != "--json");
        let said = console.plain(&args).ended(0);
        assert!(said.stdout.contains("for 7 days"), "the life of the addresses is not said: {said:?}");
        for row in rows(&fake) {
            let url = row["url"].as_str().expect("an address");
            assert!(url.contains("X-Amz-Expires=604800") && url.contains("X-Amz-Signature="), "{url}");
            let status = client.get(url).send().await.expect("an answer").status();
            assert_eq!(status.as_u16(), 200, "{url}");
        }
        each_once(&fake, HARD.len(), vendor.word());
        let again = console.run(&args).ended(0);
        assert_eq!(count(again.summary(), "same"), HARD.len() as u64, "{vendor:?}: {again:?}");
        each_once(&fake, HARD.len(), vendor.word());
        console.plain(["receipt", "last", "--format", "html"]).ended(0);
        nowhere(&console, &["X-Amz-Signature", fake.key(), servers::SECRET_KEY], vendor.word());
        assert!(!format!("{said:?}{again:?}").contains("X-Amz-Signature"), "a signed address is printed");
    }
}

#[test]
fn a_batch_or_integration_that_the_platform_does_not_know_is_said_before_anything_is_sent() {
    let (server, tree) = (servers::s3s_fs(), hard_names());
    for vendor in ALL {
        let fake = Fake::of(vendor);
        let (mut console, to) = connected(&fake, vendor);
        with_bucket(&mut console, &server.endpoint());
        let mut args = by_address(&console, vendor, &tree, &to, &["--batch", "no such batch"]);
        let said = console.run(&args);
        assert_eq!((said.status, said.error()), (2, "usage"), "{vendor:?}: {said:?}");
        assert!(said.stderr.contains("batch"), "{said:?}");
        args = send(&tree, "bucket/nowhere");
        args.extend(["--register", &to, "--integration", "no such access"].map(str::to_owned));
        let said = console.run(&args).ended(1);
        let codes: Vec<_> = said.all("needs_you").iter().map(|one| one["code"].clone()).collect();
        let wanted = if vendor == Vendor::Segments { "bad_field" } else { "integration_invalid" };
        assert_eq!(codes, [wanted], "{vendor:?}: {said:?}");
        assert!(!server.object_path("nowhere").exists(), "{vendor:?}: something was sent");
        each_once(&fake, 0, vendor.word());
    }
    let fake = Fake::of(Vendor::Ango);
    let (mut console, to) = connected(&fake, Vendor::Ango);
    with_bucket(&mut console, &server.endpoint());
    console.run(by_address(&console, Vendor::Ango, &tree, &to, &["--batch", "Batch 1"])).ended(0);
    assert!(rows(&fake).iter().all(|row| row["batches"] == serde_json::json!(["64a000000000000000000001"])));
}

#[test]
fn files_that_are_there_already_are_not_done_before_their_rows_are() {
    let (server, tree) = (servers::s3s_fs(), hard_names());
    let all = HARD.len() as u64;
    for (vendor, create) in [(Vendor::Segments, "create_samples"), (Vendor::Ango, "create_assets")] {
        let fake = Fake::of(vendor);
        let (mut console, to) = connected(&fake, vendor);
        with_bucket(&mut console, &server.endpoint());
        let mut bytes = send(&tree, &format!("bucket/{}", vendor.word()));
        bytes.push("--contents".to_owned());
        console.run(bytes).ended(0);
        fake.fail(Fault::on(create, What::Page(502)));
        let said = console.run(by_address(&console, vendor, &tree, &to, &["--wait", "3s"])).ended(1);
        assert_eq!((count(said.summary(), "same"), count(said.summary(), "waiting")), (0, all), "{vendor:?}: {said:#?}");
        assert!(said.stderr.contains("fault of its own"), "why it waits is not said: {said:#?}");
        fake.calm();
        let said = console.run(["resume", "--wait", "60s"]).ended(0);
        assert_eq!((count(said.summary(), "registered"), count(said.summary(), "bytes")), (all, 0), "{vendor:?}: {said:#?}");
        each_once(&fake, HARD.len(), vendor.word());
    }
}
