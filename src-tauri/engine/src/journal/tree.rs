//! Folders of an upload: numbered from 1 as they are met, each after the one above it.

use super::rows::unsigned;
use gantry_model::show;
use gantry_model::view::FolderRow;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// The folders of one upload as far as the writer needs them: four bytes each.
#[derive(Debug, Default)]
pub(super) struct Tree {
    parents: Vec<u32>,
    /// The way to the folder that was met last: a walk comes back to the same one again and again.
    trail: Vec<(Vec<u8>, u32)>,
}

impl Tree {
    pub(super) fn load(connection: &Connection, upload: i64) -> Result<Self> {
        let mut statement = connection.prepare_cached("SELECT parent FROM folder WHERE upload = ?1 ORDER BY id")?;
        let parents = statement.query_map([upload], |row| row.get(0))?.collect::<Result<_>>()?;
        Ok(Self { parents, trail: Vec::new() })
    }

    /// A folder and all above it.
    pub(super) fn upwards(&self, folder: u32) -> impl Iterator<Item = u32> {
        let above = |id: &u32| self.parents.get((*id as usize).checked_sub(1)?).copied().filter(|parent| *parent != 0);
        std::iter::successors(Some(folder).filter(|id| *id != 0), above)
    }

    /// The number of the folder that holds `path`; 0 where there is none. New ones are written.
    pub(super) fn folder_of(&mut self, change: &Connection, upload: i64, path: &[u8]) -> Result<u32> {
        let Some(end) = path.iter().rposition(|byte| *byte == b'/') else { return Ok(0) };
        let mut parent = 0;
        for (depth, name) in path[..end].split(|byte| *byte == b'/').enumerate() {
            if self.trail.get(depth).is_some_and(|(known, _)| known == name) {
                parent = self.trail[depth].1;
                continue;
            }
            self.trail.truncate(depth);
            parent = self.step(change, upload, parent, name)?;
            self.trail.push((name.to_vec(), parent));
        }
        Ok(parent)
    }

    fn step(&mut self, change: &Connection, upload: i64, parent: u32, name: &[u8]) -> Result<u32> {
        let known = change
            .prepare_cached("SELECT id FROM folder WHERE upload = ?1 AND parent = ?2 AND name = ?3")?
            .query_row(params![upload, parent, name], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.parents.push(parent);
        let id = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
        change
            .prepare_cached("INSERT INTO folder (upload, id, parent, name, shown) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![upload, id, parent, name, show::path(name)])?;
        Ok(id)
    }
}

/// The folders right below one, by name; 0 is the top.
pub(super) fn below(connection: &Connection, upload: i64, parent: u64) -> Result<Vec<FolderRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, parent, shown, EXISTS (SELECT 1 FROM folder AS below WHERE below.upload = folder.upload
             AND below.parent = folder.id AND below.files > 0), files, bytes, done, open, left, warnings
         FROM folder WHERE upload = ?1 AND parent = ?2 AND files > 0 ORDER BY name",
    )?;
    let found = statement.query_map(params![upload, super::rows::to_db(parent)], |row| {
        Ok(FolderRow {
            id: unsigned(row, 0)?,
            parent: unsigned(row, 1)?,
            name: row.get(2)?,
            has_folders: row.get(3)?,
            files: unsigned(row, 4)?,
            bytes: unsigned(row, 5)?,
            done: unsigned(row, 6)?,
            open: unsigned(row, 7)?,
            left: unsigned(row, 8)?,
            warnings: unsigned(row, 9)?,
        })
    })?;
    found.collect()
}
