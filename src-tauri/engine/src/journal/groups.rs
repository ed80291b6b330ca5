//! Items by what they have in common: findings by rule, troubles by reason, files by kind, folders.

use super::Journal;
use super::rows::{self, to_db, unsigned};
use super::tally::OPEN_INDEX;
use super::tree::below;
use super::uploads::{UploadId, number};
use gantry_model::view::{FindingGroup, FolderRow, TroubleGroup};
use gantry_model::{Code, Format, MediaKind, Problem, State, show};
use rusqlite::{Connection, Result, Row};

/// A link, a special file or a skipped one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedAside {
    /// `link`, `special` or `skipped`.
    pub kind: String,
    /// Relative path, raw.
    pub path: Vec<u8>,
    /// The rule, where there is a finding about it.
    pub rule: String,
    /// What exactly.
    pub detail: String,
}

impl NamedAside {
    pub(super) fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self { kind: row.get(0)?, path: row.get(1)?, rule: row.get(2)?, detail: row.get(3)? })
    }
}

/// What the files of an upload are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Makeup {
    /// Files by kind of media, the many before the few.
    pub kinds: Vec<(MediaKind, u64)>,
    /// Bytes of the files that are ready.
    pub ready_bytes: u64,
}

fn by_kind(formats: &[(String, u64)]) -> Vec<(MediaKind, u64)> {
    let mut kinds: Vec<(MediaKind, u64)> = Vec::new();
    for (word, count) in formats {
        let kind = Format::from_word(word).kind();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, sum)) => *sum += count,
            None => kinds.push((kind, *count)),
        }
    }
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

impl Journal {
    /// Folders right below one that have files, by name; 0 is the top.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn folders(&self, upload: &UploadId, parent: u64) -> std::result::Result<Vec<FolderRow>, Problem> {
        self.read("folders", |db| below(db, number(db, upload)?, parent))
    }

    /// Findings by rule, worst first, those about links and special files among them.
    /// Figure, source and date of the rule are for the caller to fill in.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn finding_groups(&self, upload: &UploadId) -> std::result::Result<Vec<FindingGroup>, Problem> {
        self.read("finding_groups", |db| {
            let upload = number(db, upload)?;
            let mut groups = item_findings(db, upload)?;
            groups.extend(aside_findings(db, upload)?);
            groups.sort_by(|a, b| (a.severity, b.count, &a.rule).cmp(&(b.severity, a.count, &b.rule)));
            Ok(groups)
        })
    }

    /// Files that stopped, by reason: those that need the person first, then those set aside, the many before the few.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn troubles(&self, upload: &UploadId) -> std::result::Result<Vec<TroubleGroup>, Problem> {
        self.read("troubles", |db| {
            let mut statement = db.prepare_cached(&format!(
                "SELECT code, state, count(*), min(ord) FROM item INDEXED BY item_open WHERE upload = ?1 AND left_out = 0
                 AND {OPEN_INDEX} AND state IN ('needs_you', 'set_aside')
                 GROUP BY code, state ORDER BY state, count(*) DESC, code"
            ))?;
            let upload = number(db, upload)?;
            let found = statement.query_map([upload], |row| {
                let (raw, detail) = example(db, upload, row.get(3)?)?;
                let example = show::path(&raw);
                Ok(TroubleGroup {
                    code: rows::code(row, 0)?.unwrap_or(Code::Bug),
                    state: rows::state(row, 1)?,
                    count: unsigned(row, 2)?,
                    detail,
                    example_raw: show::raw_beside(&example, &raw),
                    example,
                })
            })?;
            found.collect()
        })
    }

    /// What the files are, in one walk over them. What was left out does not count.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn makeup(&self, upload: &UploadId) -> std::result::Result<Makeup, Problem> {
        self.read("makeup", |db| {
            let mut statement = db.prepare_cached("SELECT format, state, size FROM item WHERE upload = ?1 AND left_out = 0")?;
            let mut found = statement.query([number(db, upload)?])?;
            let (mut formats, mut ready_bytes): (Vec<(String, u64)>, u64) = (Vec::new(), 0);
            while let Some(row) = found.next()? {
                let word = row.get_ref(0)?.as_str()?;
                match formats.iter_mut().find(|(known, _)| known == word) {
                    Some((_, count)) => *count += 1,
                    None => formats.push((word.to_owned(), 1)),
                }
                if row.get_ref(1)?.as_str()? == State::Ready.word() {
                    ready_bytes += unsigned(row, 2)?;
                }
            }
            Ok(Makeup { kinds: by_kind(&formats), ready_bytes })
        })
    }

    /// A few keys as they will be: from the beginning, the middle and the end of the list.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn examples(&self, upload: &UploadId) -> std::result::Result<Vec<String>, Problem> {
        self.read("examples", |db| {
            let upload = number(db, upload)?;
            let last: Option<i64> =
                db.query_row("SELECT max(ord) FROM item WHERE upload = ?1 AND left_out = 0", [upload], |row| row.get(0))?;
            let mut keys: Vec<String> = Vec::new();
            for from in last.into_iter().flat_map(|last| [0, last / 2, last]) {
                let mut statement = db.prepare_cached(
                    "SELECT key FROM item WHERE upload = ?1 AND ord >= ?2 AND left_out = 0 ORDER BY ord LIMIT 1",
                )?;
                for key in statement.query_map([upload, from], |row| row.get(0))? {
                    keys.push(key?);
                }
            }
            keys.dedup();
            Ok(keys)
        })
    }

    /// Links, special files and the names of the first thousand skipped ones, after the `skip` first, `n` at most.
    ///
    /// # Errors
    /// A defect, or a damaged journal.
    pub fn asides(&self, upload: &UploadId, skip: u64, n: usize) -> std::result::Result<Vec<NamedAside>, Problem> {
        self.read("asides", |db| {
            let mut statement = db
                .prepare_cached("SELECT kind, path, rule, detail FROM aside WHERE upload = ?1 AND n >= ?2 ORDER BY n LIMIT ?3")?;
            let values = [number(db, upload)?, to_db(skip), to_db(n as u64)];
            let found = statement.query_map(values, NamedAside::read)?;
            found.collect()
        })
    }
}

/// From the few groups to one finding and one file each. `CROSS JOIN` keeps the order: left to itself SQLite goes through all
/// findings, and counts the groups anew for each.
const ITEM_FINDINGS: &str = "SELECT groups.rule, groups.count, finding.severity, finding.detail, item.path FROM
        (SELECT rule, count(*) AS count, min(ord) AS first FROM finding WHERE upload = ?1 GROUP BY rule) AS groups
    CROSS JOIN finding ON finding.upload = ?1 AND finding.ord = groups.first AND finding.rule = groups.rule
    CROSS JOIN item ON item.upload = ?1 AND item.ord = groups.first";

fn item_findings(db: &Connection, upload: i64) -> Result<Vec<FindingGroup>> {
    let mut statement = db.prepare_cached(ITEM_FINDINGS)?;
    statement.query_map([upload], group)?.collect()
}

fn aside_findings(db: &Connection, upload: i64) -> Result<Vec<FindingGroup>> {
    let mut statement = db.prepare_cached(
        "SELECT groups.rule, groups.count, aside.severity, aside.detail, aside.path FROM
             (SELECT rule, count(*) AS count, min(n) AS first FROM aside WHERE upload = ?1 AND rule <> '' GROUP BY rule) AS groups
         CROSS JOIN aside ON aside.upload = ?1 AND aside.n = groups.first",
    )?;
    statement.query_map([upload], group)?.collect()
}

fn group(row: &Row<'_>) -> Result<FindingGroup> {
    let raw = row.get_ref(4)?.as_blob()?;
    let example = show::path(raw);
    Ok(FindingGroup {
        rule: row.get(0)?,
        severity: rows::severity(row, 2)?,
        value: String::new(),
        count: unsigned(row, 1)?,
        example_raw: show::raw_beside(&example, raw),
        example,
        detail: row.get(3)?,
        source: String::new(),
        checked: String::new(),
        fix: None,
        fixable: 0,
        needs: 0,
        asks: false,
        confirmed: false,
    })
}

fn example(db: &Connection, upload: i64, ord: i64) -> Result<(Vec<u8>, String)> {
    db.prepare_cached("SELECT path, detail FROM item WHERE upload = ?1 AND ord = ?2")?
        .query_row([upload, ord], |row| Ok((row.get_ref(0)?.as_blob()?.to_vec(), row.get(1)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_shown_without_a_look_at_every_file() {
        let db = Connection::open_in_memory().expect("memory");
        db.execute_batch(include_str!("schema.sql")).expect("the schema");
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {ITEM_FINDINGS}")).expect("a statement");
        let plan = statement.query_map([1], |row| row.get::<_, String>(3)).expect("a plan");
        let steps: Vec<String> = plan.map(|step| step.expect("a step")).collect();
        let at =
            |words: &str| steps.iter().position(|step| step.contains(words)).unwrap_or_else(|| panic!("{words}: {steps:#?}"));
        assert!(at("SCAN groups") < at("finding USING PRIMARY KEY (upload=? AND ord=? AND rule=?)"), "{steps:#?}");
        assert!(at("SCAN groups") < at("item USING PRIMARY KEY (upload=? AND ord=?)"), "{steps:#?}");
    }
}
