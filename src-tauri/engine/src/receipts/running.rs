//! The lines of a receipt while the upload runs: one for each file that is finished, after its commit.
//! Readable after a kill at any byte; on the next start a torn end is cut off and what is missing is added from the journal.

use super::line::{FirstLine, Line};
use super::tables::text;
use super::telling::Telling;
use super::{Receipts, Url, unwritten, whole};
use crate::home::private_file;
use crate::journal::{Journal, UploadId};
use gantry_model::{Key, Problem, State};
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

/// States that do not change any more, unless what was there already still waits for its answer: these items have a line.
pub(super) const FINISHED: [State; 6] =
    [State::Same, State::Verified, State::Registered, State::Visible, State::SetAside, State::Cancelled];

/// Lines that are added in one write where many are missing.
const AT_ONCE: usize = 1024;

/// Takes finished files and writes their lines on a thread of its own. Dropped, it finishes what it took.
#[derive(Debug)]
pub struct Running {
    take: Option<Sender<Vec<u64>>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(
        receipts: Receipts,
        upload: UploadId,
        url: Box<dyn Fn(&Key) -> String + Send + Sync>,
    ) -> Result<Self, Problem> {
        heal(&receipts.journal, &upload, &receipts.paths(&upload).lines, &url)?;
        let stored = receipts.journal.look(&upload, |look| look.upload())?;
        let (take, taken) = channel::<Vec<u64>>();
        let write = move || {
            let mut whole = true;
            while let Ok(mut ords) = taken.recv() {
                ords.extend(taken.try_iter().flatten());
                let path = receipts.paths(&upload).lines;
                // After a refusal some lines are missing: all that are, are added as soon as the disk takes them.
                let done = match whole {
                    true => append(&receipts.journal, &upload, &path, &ords, &Telling::of(&stored, &*url)),
                    false => heal(&receipts.journal, &upload, &path, &url),
                };
                whole = done.is_ok();
            }
        };
        let thread = std::thread::Builder::new().name("receipt".into()).spawn(write).map_err(|error| unwritten(&error))?;
        Ok(Self { take: Some(take), thread: Some(thread) })
    }

    /// Hands over items that were committed in a state; those that are not finished are passed over. Never waits.
    pub fn append(&self, committed: impl Iterator<Item = (u64, State)>) {
        let ords: Vec<u64> = committed.filter(|(_, state)| FINISHED.contains(state)).map(|(ord, _)| ord).collect();
        if !ords.is_empty()
            && let Some(take) = &self.take
        {
            let _ = take.send(ords);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.take = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Adds the lines of these items, as far as they are finished, in one write.
pub(super) fn append(journal: &Journal, upload: &UploadId, path: &Path, ords: &[u64], told: &Telling<'_>) -> Result<(), Problem> {
    let mut lines = String::new();
    for item in journal.items(upload, ords)? {
        if told.is_final(item.state) {
            lines.push_str(&text(&Line::of(&item, told))?);
            lines.push('\n');
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    let mut file = private_file().append(true).open(path).map_err(|error| unwritten(&error))?;
    let before = file.metadata().map_err(|error| unwritten(&error))?.len();
    file.write_all(lines.as_bytes()).map_err(|error| {
        let _ = file.set_len(before);
        unwritten(&error)
    })
}

/// Makes the lines agree with the journal: a torn end is cut off, missing lines are added. Lines that say anything else
/// than the journal are all written anew.
pub(super) fn heal(journal: &Journal, upload: &UploadId, path: &Path, url: Url<'_>) -> Result<(), Problem> {
    let stored = journal.look(upload, |look| look.upload())?;
    let told = Telling::of(&stored, url);
    match read(path, upload).map_err(|error| unwritten(&error))? {
        Some((known, end)) => match missing(journal, upload, &known, &told)? {
            Some(ords) => complete(journal, upload, path, (&ords, end), &told),
            None => anew(journal, upload, path, &told),
        },
        None => anew(journal, upload, path, &told),
    }
}

/// What the lines say: by the number of the file, its state.
type Known = Vec<Option<State>>;

#[derive(Deserialize)]
struct Said {
    n: Option<u64>,
    state: Option<State>,
    upload: Option<String>,
}

/// The lines, and where the last whole one ends. `None` when they must be written anew.
fn read(path: &Path, upload: &UploadId) -> io::Result<Option<(Known, u64)>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let (mut reader, mut line) = (BufReader::with_capacity(1 << 16, file), Vec::new());
    let (mut known, mut end, mut first) = (Known::new(), 0, true);
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 || line.last() != Some(&b'\n') {
            return Ok((!first).then_some((known, end)));
        }
        let Ok(said) = serde_json::from_slice::<Said>(&line) else { return Ok(None) };
        match (first, said) {
            (true, Said { upload: Some(id), n: None, .. }) if id == upload.0 => first = false,
            (false, Said { n: Some(n), state: Some(state), .. }) if n < 1 << 32 => {
                let at = usize::try_from(n).unwrap_or_default();
                if known.len() <= at {
                    known.resize(at + 1, None);
                }
                if known[at].replace(state).is_some() {
                    return Ok(None);
                }
            }
            _ => return Ok(None),
        }
        end += length as u64;
    }
}

/// The finished items that have no line. `None` when a line says what the journal does not say.
fn missing(journal: &Journal, upload: &UploadId, known: &Known, told: &Telling<'_>) -> Result<Option<Vec<u64>>, Problem> {
    let mut left = known.iter().flatten().count();
    let (mut differs, mut ords) = (false, Vec::new());
    journal.look(upload, |look| {
        look.each_state(&FINISHED, &mut |ord, state| match known.get(ord as usize).copied().flatten() {
            _ if !told.is_final(state) => {}
            Some(said) => {
                left -= 1;
                differs |= said != state;
            }
            None => ords.push(ord),
        })
    })?;
    Ok((left == 0 && !differs).then_some(ords))
}

fn complete(
    journal: &Journal,
    upload: &UploadId,
    path: &Path,
    (ords, end): (&[u64], u64),
    told: &Telling<'_>,
) -> Result<(), Problem> {
    let cut = fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(end));
    cut.map_err(|error| unwritten(&error))?;
    ords.chunks(AT_ONCE).try_for_each(|ords| append(journal, upload, path, ords, told))
}

fn anew(journal: &Journal, upload: &UploadId, path: &Path, told: &Telling<'_>) -> Result<(), Problem> {
    whole(path, &mut |out| {
        journal.look(upload, |look| {
            writeln!(out, "{}", text(&FirstLine::of(&look.upload()?))?).map_err(|error| unwritten(&error))?;
            look.each(&FINISHED, u64::MAX, &mut |item| match told.is_final(item.state) {
                true => writeln!(out, "{}", text(&Line::of(item, told))?).map_err(|error| unwritten(&error)),
                false => Ok(()),
            })
        })
    })
}
