//! Uploads of the past, and the answer to "where did this file go?".

use super::Journal;
use super::pages::Sought;
use super::rows::unsigned;
use super::uploads::{StoredUpload, one};
use gantry_model::view::HistoryRow;
use gantry_model::{Problem, show};
use rusqlite::{Connection, Result};

impl Journal {
    /// All uploads, newest first; with a text, only those with a file whose path has it, and how many there are.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn history(&self, find: Option<&str>) -> std::result::Result<Vec<HistoryRow>, Problem> {
        self.read("history", |db| {
            let sought = Sought::new(find.unwrap_or_default());
            let mut statement = db.prepare_cached("SELECT n FROM upload ORDER BY n DESC")?;
            let numbers: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
            let mut rows = Vec::new();
            for n in numbers {
                let (matched, matches) = match &sought {
                    Some(sought) => search(db, n, sought)?,
                    None => (String::new(), 0),
                };
                if sought.is_none() || matches > 0 {
                    rows.push(row(&one(db, n)?, matched, matches));
                }
            }
            Ok(rows)
        })
    }
}

fn row(upload: &StoredUpload, matched: String, matches: u64) -> HistoryRow {
    HistoryRow { picture: upload.picture(), matched, matches }
}

fn search(db: &Connection, upload: i64, sought: &Sought) -> Result<(String, u64)> {
    let mut statement = db.prepare_cached("SELECT path, left_out FROM item WHERE upload = ?1 ORDER BY ord")?;
    let mut found = statement.query([upload])?;
    let (mut first, mut matches) = (String::new(), 0);
    while let Some(row) = found.next()? {
        let path = row.get_ref(0)?.as_blob()?;
        if unsigned(row, 1)? == 0 && sought.is_in(path) {
            matches += 1;
            if matches == 1 {
                first = show::path(path);
            }
        }
    }
    Ok((first, matches))
}
