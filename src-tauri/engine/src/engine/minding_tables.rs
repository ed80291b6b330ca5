//! What people do with tables: look at lines that could not be used, name a table that lies elsewhere, say where columns
//! go. What they say of a table is remembered by its headers.

use super::tables::open;
use super::{Engine, House, id};
use crate::journal::{StoredUpload, UploadId, Why};
use gantry_model::table::TableUse;
use gantry_model::view::{LinePage, Phase, Plan, Table};
use gantry_model::words::{Value, say};
use gantry_model::{Code, Goes, Problem, show};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Where what was said of tables with these headers is kept.
const REMEMBERED: &str = "columns";
/// Tables that are remembered; the oldest are forgotten first.
const MOST: usize = 100;

impl House {
    /// Nothing is sent while a table that is used cannot be used whole, or was not read to its end.
    pub(super) fn tables_allow(&self, upload: &UploadId) -> Result<(), Problem> {
        if self.journal.tables(upload)?.is_none() {
            self.tell_tables(upload, &|| false)?;
        }
        let tables = self.journal.tables(upload)?.unwrap_or_default();
        self.remember(&tables)?;
        match tables.iter().find(|table| table.stands_in_the_way()) {
            Some(table) => Err(broken(table)),
            None => Ok(()),
        }
    }

    /// What was said of tables before, by their headers.
    pub(super) fn remembered(&self) -> HashMap<Vec<String>, Vec<String>> {
        let kept = self.journal.setting(REMEMBERED).ok().flatten();
        let kept: Vec<(Vec<String>, Vec<String>)> = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        kept.into_iter().collect()
    }

    fn remember(&self, tables: &[Table]) -> Result<(), Problem> {
        if !tables.iter().any(|table| table.used) {
            return Ok(());
        }
        let kept = self.journal.setting(REMEMBERED)?;
        let mut kept: Vec<(Vec<String>, Vec<String>)> =
            kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        for table in tables.iter().filter(|table| table.used) {
            let headers: Vec<String> = table.columns.iter().map(|column| column.header.clone()).collect();
            kept.retain(|(known, _)| *known != headers);
            kept.push((headers, table.columns.iter().map(|column| column.goes.clone()).collect()));
        }
        let from = kept.len().saturating_sub(MOST);
        let text = serde_json::to_string(&kept[from..])
            .map_err(|error| Problem::new(Code::Bug, "columns").with("said", error.to_string()))?;
        self.journal.put_setting(REMEMBERED, &text)
    }

    /// Only where columns go has changed: nothing is read again, where what was read says enough. False where it does not.
    pub(super) fn remap(&self, stored: &StoredUpload, plan: &Plan) -> Result<bool, Problem> {
        let Some(mut tables) = self.journal.tables(&stored.id)? else { return Ok(false) };
        for table in &mut tables {
            let wishes = plan.tables.iter().filter(|wish| wish.path.is_empty() || wish.path == table.path);
            let usage = wishes.clone().next_back().map_or(TableUse::Found, |wish| wish.usage);
            if usage != TableUse::Found && (usage == TableUse::About) != table.used {
                return Ok(false);
            }
            for (header, word) in wishes.flat_map(|wish| &wish.columns) {
                let Some(column) = table.columns.iter_mut().find(|column| column.header == *header) else { continue };
                let Some(goes) = Goes::from_word(word, header).map(|goes| goes.word()) else { return Ok(false) };
                // Cells of a column that was ignored were not kept, and another column of names means other lines.
                let anew = goes == "name" || column.goes == "name" || column.goes == "ignore";
                if goes != column.goes && anew {
                    return Ok(false);
                }
                column.goes = goes;
            }
        }
        self.journal.set_tables(&stored.id, tables)?;
        Ok(true)
    }
}

/// The two plans differ in nothing that files are named or judged by.
pub(super) fn judges_alike(one: &Plan, other: &Plan) -> bool {
    let bare = |plan: &Plan| {
        let mut plan = plan.clone();
        plan.tables.clear();
        if let Some(register) = &mut plan.register {
            register.metadata.clear();
            register.priority = 0;
        }
        plan
    };
    one != other && bare(one) == bare(other)
}

/// Why a table keeps the upload from going.
fn broken(table: &Table) -> Problem {
    let said = say(
        &format!("table-trouble-{}", table.trouble.replace('_', "-")),
        &[("line", Value::Count(table.line)), ("said", Value::Text(&table.detail))],
    );
    Problem::new(Code::TableBroken, "tables").with("path", table.path.clone()).with("said", said)
}

impl Engine {
    /// Lines of a table that could not be used: `no_file`, `ambiguous`, `twice` or `broken`.
    ///
    /// # Errors
    /// There is no such upload, or the journal could not be read.
    pub fn table_lines(&self, upload: &str, table: u32, why: &str, first: u64, count: u32) -> Result<LinePage, Problem> {
        let upload = self.0.stored(&id(upload))?.id;
        let none = || Problem::new(Code::BadField, "lines").with("said", why);
        self.0.journal.lines_left(&upload, table, Why::from_word(why).ok_or_else(none)?, first, count.min(1000) as usize)
    }

    /// This file, wherever it lies, tells something about the files of an upload in review.
    ///
    /// # Errors
    /// It is not there or cannot be read, or the upload is not in review.
    pub fn add_table(&self, upload: &str, path: PathBuf) -> Result<(), Problem> {
        let path = crate::intake::absolute(&path);
        is_readable(&path)?;
        let stored = self.0.stored(&id(upload))?;
        if stored.frozen || !matches!(stored.phase, Phase::Review | Phase::Reading) {
            return Ok(());
        }
        let mut begun = stored.begun.clone();
        if !begun.incoming.tables.contains(&path) {
            begun.incoming.tables.push(path);
        }
        let plan = begun.plan.clone();
        self.0.journal.set_plan(&stored.id, begun)?;
        self.0.replan(&stored.id, plan)
    }
}

/// A table that cannot be read is said before anything is taken in.
///
/// # Errors
/// It is not there, is no regular file, or may not be read.
pub(super) fn is_readable(path: &Path) -> Result<(), Problem> {
    let shown = || show::path(path.as_os_str().as_encoded_bytes());
    match open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Problem::new(Code::SourceGone, "table").with("path", shown()))
        }
        Err(error) => Err(Problem::new(Code::SourceUnreadable, "table").with("path", shown()).with("said", error.to_string())),
    }
}
