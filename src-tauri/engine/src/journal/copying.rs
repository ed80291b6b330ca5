//! What was made of files for sending: written as it is made, read back by rule and by fix.

use super::Journal;
use super::details::{STORED, StoredItem};
use super::rows::{media_flags, to_db, to_json, unsigned};
use super::uploads::{UploadId, number};
use crate::copies::{Copied, Facts};
use gantry_model::view::Fixed;
use gantry_model::{Fix, Format, Problem, show};
use rusqlite::{Connection, Result, params};

/// Files of one rule that a fix can be done to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixable {
    /// How many.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Their pixels.
    pub pixels: u64,
}

impl Journal {
    /// Files after `after`, by their place, that some fix can be done to, `n` at most. What was left out is not among them.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn drawable(&self, upload: &UploadId, after: Option<u64>, n: usize) -> std::result::Result<Vec<StoredItem>, Problem> {
        self.read("drawable", |db| {
            let text = format!(
                "SELECT {STORED} FROM item WHERE upload = ?1 AND ord > ?2 AND left_out = 0 AND readable
                 AND (copy IS NOT NULL OR format IN ({})) ORDER BY ord LIMIT ?3",
                formats(&Fix::ALL)
            );
            let values = params![number(db, upload)?, after.map_or(-1, to_db), to_db(n as u64)];
            db.prepare_cached(&text)?.query_map(values, StoredItem::read)?.collect()
        })
    }

    /// Writes down what was made. The rows keep their facts until [`Journal::rewrite`] says that a copy is used.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn copies_made(&self, upload: &UploadId, copies: Vec<(u64, Copied)>) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("copies_made", move |change| {
            let upload = number(change.tx, &id)?;
            let mut statement = change.tx.prepare_cached("UPDATE item SET copy = ?3 WHERE upload = ?1 AND ord = ?2")?;
            for (ord, copy) in &copies {
                statement.execute(params![upload, to_db(*ord), to_json(copy)?])?;
            }
            Ok(())
        })
    }

    /// A copy was made anew of an original that had changed, for a file that needs the person: the row gets its facts.
    ///
    /// # Errors
    /// `JournalFull`, or a defect.
    pub fn copy_again(&self, upload: &UploadId, ord: u64, copy: Copied) -> std::result::Result<(), Problem> {
        let id = upload.clone();
        self.change("copy_again", move |change| {
            let upload = number(change.tx, &id)?;
            if let Some(facts) = &copy.made {
                write_facts(change.tx, upload, ord, facts, Some(&copy))?;
            }
            let tree = change.memo.tree(change.tx, upload)?;
            super::tally::recount(change.tx, upload, tree, true).map(|_| ())
        })
    }

    /// Of the files that break a rule, those that a fix can be done to.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn fixable(&self, upload: &UploadId, rule: &str, fix: Fix) -> std::result::Result<Fixable, Problem> {
        self.read("fixable", |db| {
            let text = format!(
                "SELECT count(*), coalesce(sum(item.size), 0), coalesce(sum(item.width * item.height), 0) FROM finding
                 CROSS JOIN item ON item.upload = finding.upload AND item.ord = finding.ord
                 WHERE finding.upload = ?1 AND finding.rule = ?2 AND item.format IN ({})",
                formats(&[fix])
            );
            db.prepare_cached(&text)?.query_row(params![number(db, upload)?, rule], |row| {
                Ok(Fixable { files: unsigned(row, 0)?, bytes: unsigned(row, 1)?, pixels: unsigned(row, 2)? })
            })
        })
    }

    /// What came of these fixes, each with one file as an example.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn fixed(&self, upload: &UploadId, fixes: &[Fix]) -> std::result::Result<Vec<Fixed>, Problem> {
        let mut all: Vec<Fixed> = fixes.iter().map(|fix| nothing(*fix)).collect();
        if all.is_empty() {
            return Ok(all);
        }
        self.read("fixed", |db| {
            each(db, number(db, upload)?, &mut |path, copy| {
                for fixed in all.iter_mut().filter(|fixed| copy.steps.has(fixed.fix)) {
                    add(fixed, path, copy);
                }
            })
        })?;
        Ok(all)
    }
}

fn each(db: &Connection, upload: i64, see: &mut dyn FnMut(&[u8], &Copied)) -> Result<()> {
    let text =
        "SELECT path, copy FROM item INDEXED BY item_copy WHERE upload = ?1 AND copy IS NOT NULL AND left_out = 0 ORDER BY ord";
    let mut statement = db.prepare_cached(text)?;
    let mut found = statement.query([upload])?;
    while let Some(row) = found.next()? {
        see(row.get_ref(0)?.as_blob()?, &super::rows::json(row, 1)?);
    }
    Ok(())
}

fn nothing(fix: Fix) -> Fixed {
    let (example, before, after) = Default::default();
    Fixed { fix, made: 0, bytes: 0, failed: 0, example, before, after }
}

fn add(fixed: &mut Fixed, path: &[u8], copy: &Copied) {
    match &copy.made {
        Some(made) if copy.used => {
            if fixed.made == 0 {
                fixed.example = show::path(path);
                fixed.before = copy.original.media.in_short(copy.original.fingerprint.size);
                fixed.after = made.media.in_short(made.fingerprint.size);
            }
            fixed.made += 1;
            fixed.bytes += made.fingerprint.size;
        }
        None => fixed.failed += 1,
        Some(_) => {}
    }
}

/// Sets what a row says of its file: of the copy, where one is used.
pub(super) fn write_facts(db: &Connection, upload: i64, ord: u64, facts: &Facts, copy: Option<&Copied>) -> Result<()> {
    let (seen, media) = (&facts.fingerprint, &facts.media);
    db.prepare_cached(
        "UPDATE item SET size = ?3, mtime = ?4, ctime = ?5, dev = ?6, ino = ?7, format = ?8, width = ?9, height = ?10,
         orientation = ?11, media = ?12, measured = ?13, copy = ?14, there_size = NULL, there_etag = NULL
         WHERE upload = ?1 AND ord = ?2",
    )?
    .execute(params![
        upload,
        to_db(ord),
        to_db(seen.size),
        seen.mtime_ns,
        seen.ctime_ns,
        to_db(seen.dev),
        to_db(seen.ino),
        media.format.word(),
        media.width,
        media.height,
        media.orientation,
        media_flags(media),
        media.measured.as_ref().map(|measured| measured.to_json()),
        copy.map(to_json).transpose()?
    ])
    .map(|_| ())
}

/// The formats that one of these can be done to, for `IN`.
fn formats(fixes: &[Fix]) -> String {
    let works = |format: &Format| fixes.iter().any(|fix| fix.works_on(*format));
    let words: Vec<String> = Format::ALL.into_iter().filter(works).map(|format| format!("'{}'", format.word())).collect();
    words.join(", ")
}
