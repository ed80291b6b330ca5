//! Trying a folder: can a file be written, read back, listed and removed? Nothing is left behind.

use super::disk::{self, Dir, There};
use super::names::{self, Temp};
use super::trouble::Trouble;
use super::{Missing, Root};
use gantry_model::{Access, Key};
use std::io::Read;

const TRIAL: &[u8] = b"Gantry tries whether it may write here.\n";

pub(super) fn try_access(root: &Root, prefix: &str) -> Result<Access, Trouble> {
    let folder = prefix.trim_matches('/');
    let at = if folder.is_empty() { "x".to_owned() } else { format!("{folder}/x") };
    // The folders that the prefix names are made by the first upload, not by a trial.
    let nearest = nearest(root, &at)?;
    let (dir, _) = root.place(&Key(nearest), Missing::Make)?.ok_or(Trouble::Gone)?;
    let name = names::temp(Temp::Once)?;
    let mut access = Access::default();
    let mut check = |word: &str, passed: bool| access.checks.push((word.to_owned(), Some(passed)));
    check("reach", true);
    let file = dir.create(&name)?;
    let written = disk::write_at(&file, TRIAL, 0).and_then(|()| file.sync_all());
    drop(file);
    let read = reads_back(&dir, &name);
    let listed = dir.children().is_ok_and(|children| children.iter().any(|child| child.name == name));
    let removed = dir.remove(&name);
    written?;
    check("write", true);
    check("read", read);
    check("list", listed);
    check("remove", removed.is_ok());
    check("checksum", true);
    check("if-none-match", true);
    Ok(access)
}

fn reads_back(dir: &Dir, name: &str) -> bool {
    let mut back = Vec::new();
    let Ok(There::File(mut file)) = dir.there(name, false) else { return false };
    file.read_to_end(&mut back).is_ok() && back == TRIAL
}

/// The key at the deepest folder on the way that is there.
fn nearest(root: &Root, at: &str) -> Result<String, Trouble> {
    let mut at = at;
    loop {
        let (folders, _) = names::split(at)?;
        if folders.is_empty() || root.place(&Key(at.to_owned()), Missing::Leave)?.is_some() {
            return Ok(at.to_owned());
        }
        at = at.rsplit_once('/').map_or("x", |(folder, _)| folder);
    }
}
