//! The cases at the platforms: into each one's own storage beside its official SDK, and rows by address through a bucket
//! whose bytes cost nothing. The stand-in is a process of its own, fresh for each run.

use crate::clients::home;
use crate::measure::{self, Cost};
use crate::stage::{Far, Where, warm};
use crate::table::{Goal, Row};
use crate::{Failure, Wish};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use testkit::platforms::{Fake, Options, Sums, Vendor};
use testkit::servers::{ACCESS_KEY, BUCKET, SECRET_KEY};
use testkit::trees::Tree;

/// Goals of an upload into a platform's own storage.
pub const OWN_STORAGE: &[Goal] = &[
    Goal::Wall("wall at most 1/5 of the official SDK's", "official SDK", 0.2),
    Goal::Peak("peak memory under 100 MB", 100_000_000),
];
/// Goals of rows by address.
pub const ROWS: &[Goal] = &[Goal::Within("under 60 s", 60.0), Goal::Peak("peak memory under 200 MB", 200_000_000)];

/// Names of what the example holds to be filled.
fn container(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Segments => "jane/flowers",
        Vendor::Labelbox => "birds",
        Vendor::Ango => "cats",
    }
}

/// A stand-in in a process of its own.
struct Stand {
    child: Child,
    vendor: Vendor,
    url: String,
    container: String,
}

impl Stand {
    fn start(vendor: Vendor) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["stand-in", vendor.word()]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no pipe")?).lines();
        let mut line = || lines.next().transpose().map(Option::unwrap_or_default);
        let (url, container) = (line()?, line()?);
        Ok(Self { child, vendor, url, container })
    }

    /// gantryctl with this platform as the connection `platform`.
    fn gantryctl(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("GANTRY_HOME", home).env("GANTRY_SECRET_PLATFORM_API_KEY", self.vendor.key());
        command.env("GANTRY_SECRET_BENCH_SECRET_ACCESS_KEY", SECRET_KEY);
        command
    }

    fn connect(&self, program: &Path, home: &Path) -> Result<(), Failure> {
        let mut command = self.gantryctl(program, home);
        command.args(["connections", "add", self.vendor.word(), "--name", "platform", "--set"]);
        command.arg(format!("api_url={}", self.url));
        measure::run(command).map(|_| ())
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `gantry-bench stand-in VENDOR`: only the stand-in, with its example, until it is ended. It answers without any wait of
/// its own, and its storage tells the checksum that costs it least, so that what is measured is the client's.
///
/// # Errors
/// When there is no such vendor, or no port is free.
pub fn stand_in(args: &[String]) -> Result<(), Failure> {
    let vendor = args.first().and_then(|word| Vendor::named(word)).ok_or("which vendor?")?;
    let sums = if vendor == Vendor::Labelbox { Sums::Crc32c } else { Sums::Crc64nvme };
    let fake = Fake::start(Options { keep: 16 << 10, sums, ..Options::of(vendor) })?;
    fake.seed_example();
    fake.set(|manners| manners.polls = 0);
    let state = fake.state();
    let containers = state["containers"].as_array().ok_or("no containers")?;
    let id = containers.iter().find(|one| one["name"] == container(vendor)).and_then(|one| one["id"].as_str());
    println!("{}\n{}", fake.url(), id.ok_or("no container")?);
    fake.wait();
    Ok(())
}

/// Into the platform's own storage, gantryctl and the SDK by turns.
///
/// # Errors
/// When a program fails, or does not register every file.
pub fn own_storage(wish: &Wish, vendor: Vendor) -> Result<Vec<Row>, Failure> {
    let count = if wish.quick { 100 } else { 2_000 };
    let (files, python) = (pictures(count, 320), vendor.sdk_python());
    warm(files.path())?;
    let (mut own, mut sdk) = (Vec::new(), Vec::new());
    for _ in 0..wish.rounds {
        if let Some(program) = wish.gantryctl.as_deref() {
            let (stand, home) = (Stand::start(vendor)?, home()?);
            stand.connect(program, home.path())?;
            let mut command = stand.gantryctl(program, home.path());
            command.args(["send", "--yes", "--json", "--contents", "--to", &format!("platform/{}", stand.container)]);
            command.arg(files.path());
            own.push(registered(measure::run(command)?, count)?);
        }
        let stand = Stand::start(vendor)?;
        let mut command = Command::new(&python);
        command.arg(testkit::here().join("bench/sdk/upload.py")).env("NO_PROXY", "127.0.0.1");
        command.args([vendor.word(), &stand.url, vendor.key(), &stand.container]).arg(files.path());
        sdk.push(measure::run(command)?);
    }
    Ok([Row::new("gantryctl", &own), Row::new("official SDK", &sdk)].into_iter().flatten().collect())
}

/// Tiny files into a bucket whose bytes are thrown away, each with a data row at Labelbox.
///
/// # Errors
/// When gantryctl fails, or does not register every file.
pub fn rows(wish: &Wish) -> Result<Vec<Row>, Failure> {
    let count = if wish.quick { 5_000 } else { 100_000 };
    let files = pictures(count, 8);
    let mut costs = Vec::new();
    for _ in 0..wish.rounds {
        let Some(program) = wish.gantryctl.as_deref() else { break };
        let (stand, far, home) = (Stand::start(Vendor::Labelbox)?, Far::start(Where::Void(0))?, home()?);
        stand.connect(program, home.path())?;
        let mut command = stand.gantryctl(program, home.path());
        command.args(["connections", "add", "s3", "--name", "bench"]);
        let fields = [format!("bucket={BUCKET}"), format!("endpoint={}", far.endpoint()), format!("access_key_id={ACCESS_KEY}")];
        for field in &fields {
            command.args(["--set", field]);
        }
        measure::run(command)?;
        let mut command = stand.gantryctl(program, home.path());
        command.args(["send", "--yes", "--json", "--contents", "--to", "bench/p", "--register"]);
        command.arg(format!("platform/{}", stand.container)).arg(files.path());
        let mut cost = registered(measure::run(command)?, count)?;
        cost.requests = far.take_requests()?;
        costs.push(cost);
    }
    Ok(Row::new("gantryctl", &costs).into_iter().collect())
}

/// A run that says "done" while rows are missing would win every race.
fn registered(cost: Cost, count: u32) -> Result<Cost, Failure> {
    let summary: serde_json::Value = serde_json::from_str(&cost.last_line)?;
    if summary["registered"] == count { Ok(cost) } else { Err(format!("not all are registered: {summary}").into()) }
}

/// Pictures of noise, which does not compress: 320 points to a side are 300 KiB. Each has bytes of its own.
fn pictures(count: u32, side: u32) -> Tree {
    let tree = Tree::empty();
    let mut rng = fastrand::Rng::with_seed(11);
    let mut pixels = vec![0; (side * side * 3) as usize];
    rng.fill(&mut pixels);
    for n in 0..count {
        pixels[..4].copy_from_slice(&n.to_le_bytes());
        tree.file(&format!("street-{n:06}.png"), &picture(&pixels, side));
    }
    tree
}

fn picture(pixels: &[u8], side: u32) -> Vec<u8> {
    use image::ImageEncoder as _;
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter);
    let _ = encoder.write_image(pixels, side, side, image::ExtendedColorType::Rgb8);
    bytes
}
