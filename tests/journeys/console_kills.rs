//! SIGKILL at random moments of a real upload, resumed each time: nothing lost, nothing twice, nothing damaged.
//! `GANTRY_KILLS` says how many; a failed round names its seed.

use super::{Console, files, receipt_files};
use std::collections::HashSet;
use std::time::Duration;
use testkit::trees::{self, Tree};

const FILES: usize = 1_000;

fn kills() -> u64 {
    std::env::var("GANTRY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20)
}

/// Starts a command and kills it after a random time. Says whether it was still running then.
fn kill_in(console: &Console, args: &[&str], rng: &mut fastrand::Rng, longest_ms: u64) -> bool {
    let mut child = console.start(args);
    std::thread::sleep(Duration::from_millis(rng.u64(1..longest_ms)));
    let running = child.try_wait().expect("it is our child").is_none();
    let _ = child.kill();
    let _ = child.wait();
    running
}

fn check(console: &Console, tree: &Tree, what: &str) {
    let (there, given) = (files(&console.out()), files(tree.path()));
    assert_eq!(there.len(), given.len(), "{what}: {} files there", there.len());
    assert!(there == given, "{what}: content differs");
    let receipt = console.receipt();
    let lines = receipt_files(&receipt);
    assert_eq!(lines.len(), FILES, "{what}: the receipt is not complete");
    let names: HashSet<_> = lines.iter().map(|line| line["path"].as_str()).collect();
    assert_eq!(names.len(), FILES, "{what}: the receipt has a file twice");
    let proven = |line: &&serde_json::Value| line["state"] == "verified" || line["state"] == "same";
    assert_eq!(lines.iter().filter(proven).count(), FILES, "{what}: not all is proven");
}

#[test]
fn kills_lose_double_and_damage_nothing() {
    let tree = trees::many(FILES, 4 * 1024);
    let path = tree.path().to_str().expect("text");
    let begun = std::time::Instant::now();
    let whole = Console::with_out();
    whole.send(tree.path(), &["--contents"]).ended(0);
    let whole = u64::try_from(begun.elapsed().as_millis()).expect("it is short").max(200);
    let seed = fastrand::u64(..);
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut done, mut round) = (0, 0);
    while done < kills() {
        round += 1;
        assert!(round < kills() * 4 + 20, "it always ends before it can be killed");
        let console = Console::with_out();
        let what = format!("seed {seed}, round {round}");
        let sent = kill_in(&console, &["send", path, "--to", "out", "--yes", "--contents"], &mut rng, whole);
        done += u64::from(sent);
        while sent && rng.u8(0..3) > 0 {
            done += u64::from(kill_in(&console, &["resume"], &mut rng, whole));
        }
        let taken = !console.uploads().is_empty();
        let said = console.run(["resume"]);
        assert_eq!(said.status, 0, "{what}: {said:?}");
        if !taken {
            console.send(tree.path(), &["--contents"]).ended(0);
        }
        check(&console, &tree, &what);
    }
}
