//! One run of one program: wall time, processor time, peak memory, and the first sign of life.

use crate::Failure;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use wait4::Wait4 as _;

/// What one run cost.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// Processor time, user and system, over all threads.
    pub cpu: Duration,
    /// Largest resident memory, bytes.
    pub peak: u64,
    /// Time to the first byte of output, where there was one.
    pub first: Option<Duration>,
    /// Requests that the server counted.
    pub requests: Option<u64>,
    /// Last line of standard output.
    pub last_line: String,
}

/// Runs a program to its end.
///
/// # Errors
/// When it does not start or ends with another status than 0; its last words are in the error.
pub fn run(mut command: Command) -> Result<Cost, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|why| format!("{:?}: {why}", command.get_program()))?;
    let (said, heard) = mpsc::channel();
    let out = child.stdout.take().map(|pipe| listen(pipe, begun, said.clone()));
    let err = child.stderr.take().map(|pipe| listen(pipe, begun, said));
    let ended = child.wait4()?;
    let wall = begun.elapsed();
    let (out, err) = (tail(out), tail(err));
    if !ended.status.success() {
        return Err(format!("{:?} ended with {}: {out}{err}", command.get_program(), ended.status).into());
    }
    Ok(Cost {
        wall,
        cpu: ended.rusage.utime + ended.rusage.stime,
        peak: ended.rusage.maxrss,
        first: heard.try_iter().min(),
        requests: None,
        last_line: out.lines().last().unwrap_or("").to_owned(),
    })
}

type Listener = std::thread::JoinHandle<Vec<u8>>;

/// Reads a pipe to its end and keeps the last of it, so that a talkative program costs no memory here: on Linux the
/// memory of a parent at the start of its child counts into the child's peak.
fn listen(mut pipe: impl Read + Send + 'static, begun: Instant, said: mpsc::Sender<Duration>) -> Listener {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 64 << 10];
        let mut first = true;
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            if std::mem::take(&mut first) {
                let _ = said.send(begun.elapsed());
            }
            kept.extend_from_slice(&buffer[..count]);
            let surplus = kept.len().saturating_sub(4 << 10);
            kept.drain(..surplus);
        }
        kept
    })
}

fn tail(listener: Option<Listener>) -> String {
    let kept = listener.and_then(|listener| listener.join().ok()).unwrap_or_default();
    String::from_utf8_lossy(&kept).into_owned()
}

/// The run in the middle, each figure by itself.
pub fn median(costs: &[Cost]) -> Option<Cost> {
    fn middle<T: Ord + Clone>(costs: &[Cost], of: impl Fn(&Cost) -> T) -> Option<T> {
        let mut all: Vec<T> = costs.iter().map(of).collect();
        all.sort();
        all.get(all.len() / 2).cloned()
    }
    Some(Cost {
        wall: middle(costs, |cost| cost.wall)?,
        cpu: middle(costs, |cost| cost.cpu)?,
        peak: middle(costs, |cost| cost.peak)?,
        first: middle(costs, |cost| cost.first)?,
        requests: middle(costs, |cost| cost.requests)?,
        last_line: costs.last()?.last_line.clone(),
    })
}
