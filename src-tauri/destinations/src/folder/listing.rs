//! Listing a folder in byte order of the keys, page by page, going on where the last page ended.

use super::disk::Dir;
use super::names;
use super::trouble::Trouble;
use gantry_model::{Key, Listed, Page};
use std::io;

/// Deeper folders than this are not listed: a key that deep is longer than any store takes.
const DEEPEST: usize = 256;

/// A walk that stopped between two keys.
#[derive(Debug)]
pub(super) struct Cursor {
    prefix: String,
    last: String,
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    dir: Dir,
    /// The key of this folder, with its `/`.
    base: String,
    /// Keys below it, last first; folders end with `/`.
    left: Vec<String>,
}

impl Cursor {
    /// Starts behind `after`.
    pub(super) fn start(root: Dir, prefix: &str, after: &str) -> Result<Self, Trouble> {
        let mut cursor = Self { prefix: prefix.to_owned(), last: after.to_owned(), levels: Vec::new() };
        cursor.enter(root, String::new()).map_err(Trouble::Root)?;
        Ok(cursor)
    }

    /// Did the last page end exactly there?
    pub(super) fn continues(&self, prefix: &str, after: &str) -> bool {
        self.prefix == prefix && self.last == after
    }

    /// The next page of at most `size` lines.
    pub(super) fn page(&mut self, size: usize) -> Result<Page, Trouble> {
        let mut page = Page::default();
        while page.objects.len() < size {
            match self.step()? {
                Some(listed) => page.objects.push(listed),
                None => return Ok(page),
            }
        }
        page.more = true;
        Ok(page)
    }

    fn step(&mut self) -> Result<Option<Listed>, Trouble> {
        while let Some(level) = self.levels.last_mut() {
            let Some(key) = level.left.pop() else {
                self.levels.pop();
                continue;
            };
            let name = &key[level.base.len()..];
            if let Some(folder) = name.strip_suffix('/') {
                match level.dir.child(folder) {
                    Ok(dir) if self.levels.len() < DEEPEST => self.enter(dir, key)?,
                    Err(error) if !is_passing(&error) => return Err(Trouble::Way(error)),
                    _ => {}
                }
            } else if let Some((size, mark)) = level.dir.size(name)? {
                self.last.clone_from(&key);
                return Ok(Some(Listed { key: Key(key), size, etag: Some(mark) }));
            }
        }
        Ok(None)
    }

    fn enter(&mut self, dir: Dir, base: String) -> io::Result<()> {
        let (prefix, after) = (self.prefix.as_str(), self.last.as_str());
        let mut left: Vec<String> = dir
            .children()?
            .into_iter()
            .filter(|child| child.folder || names::temp_kind(&child.name).is_none())
            .map(|child| format!("{base}{}{}", child.name, if child.folder { "/" } else { "" }))
            .filter(|key| match key.ends_with('/') {
                true => {
                    (key.starts_with(prefix) || prefix.starts_with(key.as_str()))
                        && (key.as_str() > after || after.starts_with(key.as_str()))
                }
                false => key.starts_with(prefix) && key.as_str() > after,
            })
            .collect();
        left.sort_unstable_by(|one, other| other.cmp(one));
        self.levels.push(Level { dir, base, left });
        Ok(())
    }
}

/// It vanished or became something else between two looks.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
