//! The console against servers: a real one, one that throws bodies away, one that is off, one that lies.

use super::{Console, files};
use std::path::Path;
use testkit::scripted_server::{Reply, ScriptedServer};
use testkit::servers::{self, ACCESS_KEY, BUCKET, SECRET_KEY};
use testkit::trees;
use testkit::void_server::{Options, VoidServer};

/// A console with the connection `bucket` at this endpoint, its secret in the environment.
fn console(endpoint: &str) -> Console {
    let mut console = Console::new();
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", SECRET_KEY);
    connect(&console, endpoint);
    console
}

fn connect(console: &Console, endpoint: &str) {
    let fields = [format!("bucket={BUCKET}"), format!("endpoint={endpoint}"), format!("access_key_id={ACCESS_KEY}")];
    let mut args = vec!["connections", "add", "s3", "--name", "bucket"];
    fields.iter().for_each(|field| args.extend(["--set", field.as_str()]));
    console.run(args).ended(0);
}

fn send<'a>(path: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["send", path.to_str().expect("text"), "--to", "bucket/p", "--contents", "--yes"];
    args.extend(more);
    args
}

#[test]
fn a_real_server_has_every_byte_and_the_secret_is_nowhere() {
    let server = servers::s3s_fs();
    let console = console(&server.endpoint());
    let tree = trees::photos();
    let said = console.run(send(tree.path(), &[])).ended(0);
    assert_eq!((&said.summary()["verified"], &said.summary()["by_size"]), (&13.into(), &0.into()), "{said:?}");
    for (path, content) in files(tree.path()) {
        let there = server.object_path(&format!("p/{}", path.to_str().expect("text")));
        assert_eq!(std::fs::read(&there).unwrap_or_else(|why| panic!("{there:?}: {why}")), content);
    }
    let again = console.run(send(tree.path(), &[])).ended(0);
    assert_eq!((&again.summary()["same"], &again.summary()["bytes"]), (&13.into(), &0.into()), "{again:?}");
    console.plain(["receipt", "last", "--format", "html"]).ended(0);
    for (path, content) in files(&console.home()) {
        assert!(!content.windows(SECRET_KEY.len()).any(|part| part == SECRET_KEY.as_bytes()), "the secret is in {path:?}");
    }
    assert!(!format!("{said:?}{again:?}").contains(SECRET_KEY));
}

#[test]
fn a_wrong_secret_needs_the_person_and_a_missing_one_does_not_start() {
    let server = servers::s3s_fs();
    let mut console = console(&server.endpoint());
    let tree = trees::photos();
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", "wrong");
    let said = console.run(send(tree.path(), &[])).ended(1);
    assert_eq!(said.summary()["verified"], 0);
    assert_eq!(said.all("needs_you")[0]["code"], "bad_secret", "{said:?}");
    let before = console.uploads().len();
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", "");
    let said = console.run(send(tree.path(), &[])).ended(3);
    assert!(["no_secret", "keychain_absent"].contains(&said.error()), "{said:?}");
    assert!(said.stderr.contains("GANTRY_SECRET_BUCKET_"), "the other way is not told: {said:?}");
    assert_eq!(console.uploads().len(), before, "an upload was left behind");
    console.set("GANTRY_SECRET_BUCKET_SECRET_ACCESS_KEY", SECRET_KEY);
    console.run(["retry", "last"]).ended(0);
}

#[test]
fn a_certificate_that_nobody_knows_needs_the_person_and_its_authoritys_file_helps() {
    let server = servers::moto_tls();
    let console = console(&server.endpoint());
    let tree = trees::many(3, 100);
    let said = console.run(send(tree.path(), &["--wait", "5s"])).ended(1);
    assert_eq!(
        (&said.all("needs_you")[0]["code"], &said.summary()["verified"]),
        (&"tls_untrusted".into(), &0.into()),
        "{said:?}"
    );

    let fields = [
        format!("bucket={BUCKET}"),
        format!("endpoint={}", server.endpoint()),
        format!("access_key_id={ACCESS_KEY}"),
        format!("ca_file={}", server.ca_file().display()),
    ];
    let mut args = vec!["connections", "add", "s3", "--name", "bucket"];
    fields.iter().for_each(|field| args.extend(["--set", field.as_str()]));
    console.run(args).ended(0);
    let said = console.run(["retry", "last", "--wait", "20s"]).ended(0);
    assert_eq!(said.summary()["verified"], 3, "{said:?}");
}

#[test]
fn a_proxy_that_wants_a_password_is_named() {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = proxy.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in proxy.incoming() {
            use std::io::{BufRead as _, BufReader, Write as _};
            let mut stream = stream.expect("somebody calls");
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            assert!(lines.take_while(|line| !line.is_empty()).count() > 0, "it was asked for nothing");
            let refuses = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(refuses.as_bytes());
        }
    });
    let mut console = console("https://bucket.invalid");
    console.set("HTTPS_PROXY", &format!("http://{address}"));
    console.set("NO_PROXY", "");
    let tree = trees::many(3, 100);
    let said = console.run(send(tree.path(), &["--wait", "5s"])).ended(1);
    assert_eq!(
        (&said.all("needs_you")[0]["code"], &said.summary()["verified"]),
        (&"proxy_password".into(), &0.into()),
        "{said:?}"
    );
}

#[test]
fn a_server_that_is_off_is_waited_for_and_then_resumed() {
    let server = VoidServer::start(Options::default()).expect("it starts");
    let endpoint = server.endpoint();
    let port = endpoint.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    drop(server);
    let console = console(&endpoint);
    let tree = trees::photos();
    let said = console.run(send(tree.path(), &["--wait", "2s"])).ended(1);
    assert_eq!((&said.summary()["waiting"], &said.summary()["needs_you"]), (&13.into(), &0.into()), "{said:?}");
    let _server = VoidServer::start(Options { port, ..Options::default() }).expect("it starts again");
    let said = console.run(["resume", "--wait", "30s"]).ended(0);
    assert_eq!(said.summary()["verified"], 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lies_is_never_believed() {
    let server = ScriptedServer::lying().await.expect("it starts");
    let endpoint = server.endpoint();
    let said = tokio::task::spawn_blocking(move || {
        let tree = trees::many(3, 1000);
        console(&endpoint).run(send(tree.path(), &["--wait", "5s"]))
    });
    let said = said.await.expect("it ends").ended(1);
    assert_eq!((&said.summary()["verified"], &said.summary()["same"]), (&0.into(), &0.into()), "{said:?}");
    assert_eq!(said.summary()["files"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_store_refuses_is_said_in_its_words_once() {
    let refuses = |code: &'static str, status: u16| async move {
        let server = ScriptedServer::saying(Reply::error(status, code)).await.expect("it starts");
        let endpoint = server.endpoint();
        let said = tokio::task::spawn_blocking(move || {
            let tree = trees::many(20, 10);
            console(&endpoint).run(send(tree.path(), &["--wait", "5s"]))
        });
        let said = said.await.expect("it ends").ended(1);
        assert_eq!(said.summary()["verified"], 0);
        let codes: Vec<_> = said.all("needs_you").iter().map(|line| line["code"].as_str().expect("a code").to_owned()).collect();
        (codes, said.summary()["needs_you"].as_u64().expect("a count"))
    };
    for (code, status, word) in
        [("NoSuchBucket", 404, "no_such_bucket"), ("InvalidAccessKeyId", 403, "bad_key"), ("ExpiredToken", 400, "token_expired")]
    {
        assert_eq!(refuses(code, status).await, (vec![word.to_owned()], 20), "{code}");
    }
}
