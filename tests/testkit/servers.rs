//! Real S3 servers for tests: own child processes on free loopback ports, ended when their value is dropped.
//! A server that is not installed fails the test with words on how to get it; nothing is ever skipped.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The access key that the servers know.
pub const ACCESS_KEY: &str = "AKIAGANTRYTEST000001";
/// Its secret. Worth nothing: it opens servers that live for one test.
pub const SECRET_KEY: &str = "kit/only+on-loopback/0123456789abcdefghij";
/// The bucket that is there from the start.
pub const BUCKET: &str = "gantry-test";

/// How long a server may take until it answers; moto on a busy machine needs most.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    scheme: &'static str,
    address: SocketAddr,
    folder: TempDir,
}

impl Server {
    /// Where it listens: `http://127.0.0.1:PORT`, or `https`.
    pub fn endpoint(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The certificate of the authority that signed the server's, which no system knows.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The folder that is its own: objects of s3s-fs, and the server's words in `log`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where s3s-fs keeps the bytes of an object.
    pub fn object_path(&self, key: &str) -> PathBuf {
        self.folder.path().join("objects").join(BUCKET).join(key)
    }

    /// Its process, for measuring.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts s3s-fs with an empty bucket: signatures, clock, checksums and `If-None-Match` are checked.
pub fn s3s_fs() -> Server {
    s3s_fs_in(TempDir::new().expect("a temporary folder can be made"))
}

/// Starts s3s-fs with its objects below a folder of choice.
pub fn s3s_fs_in(folder: TempDir) -> Server {
    let program = tool("s3s-fs", "cargo install s3s-fs --version 0.14.1 --locked --features binary");
    let objects = folder.path().join("objects");
    fs::create_dir_all(objects.join(BUCKET)).expect("a bucket can be made");
    start(folder, |port, _| {
        let mut command = Command::new(&program);
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]).arg(&objects);
        command
    })
}

/// Starts moto with an empty bucket: parts can be listed; signatures and checksums are not checked.
pub fn moto() -> Server {
    let program = tool("moto_server", "pip install 'moto[server]'");
    let folder = TempDir::new().expect("a temporary folder can be made");
    let server = start(folder, |port, _| {
        let mut command = Command::new(&program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command
    });
    let made = ask(server.address, &format!("PUT /{BUCKET} HTTP/1.1"));
    assert!(made.starts_with("HTTP/1.1 200"), "moto makes a bucket: {made}");
    server
}

/// As [`moto`], behind TLS, with a certificate of an authority of its own.
pub fn moto_tls() -> Server {
    let program = tool("moto_server", "pip install 'moto[server]'");
    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut server = start(folder, |port, folder| {
        certify(folder);
        let mut command = Command::new(&program);
        command.current_dir(folder).args(["-H", "127.0.0.1", "-p", &port.to_string(), "-c", "server.pem", "-k", "server.key"]);
        command
    });
    server.scheme = "https";
    let mut client = Command::new(tool("openssl", "apt install openssl"));
    client.args(["s_client", "-quiet", "-connect", &server.address.to_string()]);
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("openssl runs");
    let request = format!("PUT /{BUCKET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let mut stdin = client.stdin.take().expect("it is piped");
    stdin.write_all(request.as_bytes()).expect("a request can be sent");
    let made = client.wait_with_output().expect("an answer comes");
    assert!(made.stdout.starts_with(b"HTTP/1.1 200"), "moto makes a bucket: {}", String::from_utf8_lossy(&made.stdout));
    drop(stdin);
    server
}

/// An authority, and a certificate of its for this computer; both worth nothing in two days.
fn certify(folder: &Path) {
    const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let openssl = tool("openssl", "apt install openssl");
    let run = |args: &[&str]| {
        let output = Command::new(&openssl).current_dir(folder).args(args).output().expect("openssl runs");
        assert!(output.status.success(), "openssl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n").expect("a file can be written");
    let ca = ["req", "-x509", "-days", "2", "-subj", "/CN=Gantry test", "-keyout", "ca.key", "-out", "ca.pem"];
    run(&[&ca[..], &KEY].concat());
    let own = ["req", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"];
    run(&[&own[..], &KEY].concat());
    let signs = ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    run(&[&signs[..], &["-extfile", "names", "-out", "server.pem"]].concat());
}

/// A program by name: in `$GANTRY_TOOLS/bin`, where `./dev` puts it, or on the PATH.
pub fn find_tool(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let tools = std::env::var_os("GANTRY_TOOLS").map_or_else(|| home.join(".cache/gantry/tools"), PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = [tools.join("bin"), tools.join("venv/bin")].into_iter().chain(std::env::split_paths(&path));
    places.map(|place| place.join(name)).find(|file| file.is_file())
}

fn tool(name: &str, install: &str) -> PathBuf {
    find_tool(name).unwrap_or_else(|| {
        panic!("{name} is not installed. `./dev test` installs it; by hand: `{install}`, on the PATH or in $GANTRY_TOOLS/bin.")
    })
}

/// Another program may take the free port between our look and the server's start; then another port is tried.
fn start(folder: TempDir, command: impl Fn(u16, &Path) -> Command) -> Server {
    let mut folder = folder;
    for _ in 0..3 {
        let address = free_port();
        let log = folder.path().join("log");
        let words = File::create(&log).expect("a log can be written");
        let mut command = command(address.port(), folder.path());
        let stderr = words.try_clone().expect("a file can be shared");
        command.stdin(Stdio::null()).stdout(words).stderr(stderr);
        let child = command.spawn().unwrap_or_else(|why| panic!("{:?} does not start: {why}", command.get_program()));
        let mut server = Server { child, scheme: "http", address, folder };
        if comes_up(&mut server) {
            return server;
        }
        let said = fs::read_to_string(server.folder.path().join("log")).unwrap_or_default();
        assert!(said.contains("in use"), "{:?} ended at its start: {said}", command.get_program());
        folder = TempDir::new().expect("a temporary folder can be made");
    }
    panic!("no free port was left alone in three tries")
}

fn comes_up(server: &mut Server) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < START_LIMIT {
        if TcpStream::connect_timeout(&server.address, Duration::from_millis(200)).is_ok() {
            return true;
        }
        if server.child.try_wait().ok().flatten().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address")
}

/// One request without a body and without a client library.
fn ask(address: SocketAddr, line: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    write!(stream, "{line}\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("a request can be sent");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("an answer comes");
    said
}
