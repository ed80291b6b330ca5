//! Making one copy: from the original that was seen, by its steps, measured as it is. Hostile content costs a bounded amount
//! of memory and makes no copy; whatever the reason, it is said.

use super::cache::{Copies, Lease};
use super::drawing::{self, said, trouble};
use super::positions::{self, Patched};
use super::{Copied, Facts, Steps, with_first_of_many};
use crate::probe::{self, At, Window};
use crate::source::Source;
use gantry_model::measured::Measured;
use gantry_model::{Code, Fingerprint, Fix, Media, Problem};
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Bytes that are read at a time.
const STRIDE: usize = 256 * 1024;

/// Whose copy it is.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The upload.
    pub upload: String,
    /// The file's place in it.
    pub ord: u64,
    /// Where the original is.
    pub path: PathBuf,
    /// What it is. Marks that are 0 are not compared.
    pub original: Facts,
    /// What is to be done.
    pub steps: Steps,
}

/// A copy that can be read now, and stays as long as this value.
#[derive(Debug)]
pub struct Ready {
    /// Where it is.
    pub path: PathBuf,
    /// As the disk has it.
    pub fingerprint: Fingerprint,
    /// Keeps it there.
    pub lease: Lease,
}

/// Content of a copy, with what was learned while making it.
struct Content<'a> {
    bytes: &'a dyn At,
    size: u64,
    first_of_many: bool,
}

/// Why there is no copy.
enum Failed {
    /// The original is not the file that was seen, or cannot be read.
    Original(Problem),
    /// Its content does not let it be made.
    Picture(String),
}

impl Copies {
    /// Makes the copy and keeps it where there is room. What it is, or why there is none.
    pub fn make(&self, wanted: &Wanted) -> Copied {
        let made = self.with_content(wanted, &mut |content| {
            let (sum, media) = self.measured(wanted, content)?;
            let copied = Copied::of(&wanted.original, &wanted.steps, content.size, media, sum);
            // Without room it is made again when it goes.
            let _ = self.keep(wanted, &sum, content.bytes, content.size, false);
            Ok(copied)
        });
        made.unwrap_or_else(|failed| {
            let trouble = match failed {
                Failed::Picture(trouble) => trouble,
                Failed::Original(problem) => {
                    let title = format!("problem-{}.title", problem.code.word().replace('_', "-"));
                    gantry_model::words::say(&title, &[])
                }
            };
            Copied::not_made(&wanted.original, &wanted.steps, trouble)
        })
    }

    /// The copy as a file: the one that is kept, or made again, byte for byte the same. The original is looked at in any case.
    ///
    /// # Errors
    /// The original changed or is gone; `CopiesFull`; `CopyNotMade` when it did not become the same again.
    pub fn ready(&self, wanted: &Wanted, copied: &Copied) -> Result<Ready, Problem> {
        let source = Source::open(&wanted.path, &wanted.original.fingerprint)?;
        source.still()?;
        let not_made = || Problem::new(Code::CopyNotMade, "copy");
        let (Some(made), Some(known)) = (&copied.made, copied.sum()) else { return Err(not_made()) };
        if let Some(ready) = self.kept(wanted, &known, made.fingerprint.size) {
            return Ok(ready);
        }
        // Nobody makes it go between its writing and its reading.
        let _lease = self.lease(wanted);
        let again = self.with_content(wanted, &mut |content| {
            let (sum, _) = self.measured(wanted, content)?;
            if sum != known {
                return Err(Failed::Original(not_made()));
            }
            self.keep(wanted, &sum, content.bytes, content.size, true).map_err(Failed::Original).map(|_| ())
        });
        again.map_err(|failed| match failed {
            Failed::Original(problem) => problem,
            Failed::Picture(trouble) => not_made().with("said", trouble),
        })?;
        self.kept(wanted, &known, made.fingerprint.size).ok_or_else(not_made)
    }

    /// Makes the content of the copy and hands it on; the original is compared before and after.
    fn with_content<T>(&self, wanted: &Wanted, take: &mut dyn FnMut(&Content<'_>) -> Result<T, Failed>) -> Result<T, Failed> {
        let source = Source::open(&wanted.path, &wanted.original.fingerprint).map_err(Failed::Original)?;
        // A decoder that fails on a hostile picture must not take the program with it.
        let taken = catch_unwind(AssertUnwindSafe(|| self.content(wanted, &source, take)));
        let taken = taken.unwrap_or_else(|_| Err(Failed::Picture(trouble("damaged"))))?;
        source.still().map_err(Failed::Original)?;
        Ok(taken)
    }

    fn content<T>(
        &self,
        wanted: &Wanted,
        source: &Source,
        take: &mut dyn FnMut(&Content<'_>) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let (file, size) = (source.file(), source.fingerprint().size);
        if wanted.steps.redraws() {
            let drawn = drawing::draw(file, &wanted.original, &wanted.steps, self.memory()).map_err(Failed::Picture)?;
            let size = drawn.bytes.len() as u64;
            return take(&Content { bytes: &drawn.bytes, size, first_of_many: drawn.first_of_many });
        }
        let mut window = Window::new(file, size).map_err(|error| Failed::Picture(said(&error)))?;
        let patches = positions::patches(&mut window, wanted.original.media.format);
        let patches = patches.map_err(|_| Failed::Picture(trouble("odd")))?;
        let patched = Patched::new(file, size, patches);
        let size = patched.size();
        take(&Content { bytes: &patched, size, first_of_many: false })
    }

    /// The copy's checksum and facts, when it is what was wanted.
    fn measured(&self, wanted: &Wanted, content: &Content<'_>) -> Result<([u8; 32], Media), Failed> {
        let bad = |error: io::Error| Failed::Picture(said(&error));
        let mut media = probe::measure(content.bytes, content.size).map_err(bad)?;
        let still_says = matches!(media.measured.as_deref(), Some(Measured::Picture(picture)) if picture.gps);
        if still_says && wanted.steps.has(Fix::Gps) || media.damaged || media.cut_off && !wanted.original.media.cut_off {
            return Err(Failed::Picture(trouble("odd")));
        }
        with_first_of_many(&mut media, content.first_of_many);
        let mut sum = Sha256::new();
        pour(content.bytes, content.size, &mut |bytes| {
            sum.update(bytes);
            Ok(())
        })
        .map_err(bad)?;
        Ok((sum.finalize().into(), media))
    }
}

/// All of the content, some of it at a time.
pub(super) fn pour(content: &dyn At, size: u64, to: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; STRIDE.min(usize::try_from(size).unwrap_or(STRIDE))];
    let mut at = 0;
    while at < size {
        let ask = buffer.len().min(usize::try_from(size - at).unwrap_or(usize::MAX));
        let read = content.read_at(&mut buffer[..ask], at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to(&buffer[..read])?;
        at += read as u64;
    }
    Ok(())
}

/// Writes content aside, has it on disk, and puts it in its place: it is whole or not there.
pub(super) fn place(path: &Path, content: &dyn At, size: u64, mtime_ns: i64) -> io::Result<()> {
    let aside = path.with_extension(format!("{:016x}.part", fastrand::u64(..)));
    let done =
        write(&aside, content, size, mtime_ns).and_then(|()| std::fs::rename(&aside, path)).and_then(|()| sync_folder(path));
    if done.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    done
}

fn write(path: &Path, content: &dyn At, size: u64, mtime_ns: i64) -> io::Result<()> {
    let mut file = crate::home::private_file().create_new(true).open(path)?;
    pour(content, size, &mut |bytes| file.write_all(bytes))?;
    // The object keeps the time at which the original was changed, where the disk can tell it.
    if let Ok(since) = u64::try_from(mtime_ns) {
        let _ = file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_nanos(since));
    }
    file.sync_all()
}

/// The name of a file is on disk only when its folder is. Windows keeps names by itself.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => std::fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
