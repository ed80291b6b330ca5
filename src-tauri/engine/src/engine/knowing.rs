//! What is known about a row, from what is said of all files and from what tables say of its own: the latter wins.
//! In a row of several files the first file's word counts.

use super::House;
use crate::journal::{StoredRow, StoredUpload};
use gantry_model::view::{Register, Table};
use gantry_model::words::{Value, say};
use gantry_model::{Carries, Cell, Code, Goes, Known, Problem, show};

/// Where no platform says anything else.
const PLAIN: Carries = Carries { split: "split", tags: "tags", own_fields: false, attachments: &[], priority: None };

/// What turns cells into what is known.
#[derive(Clone, Debug)]
pub(super) struct Knowing {
    fixed: Vec<(String, String)>,
    columns: Vec<Vec<(String, Goes)>>,
    carries: Carries,
}

impl Knowing {
    pub fn new(fixed: Vec<(String, String)>, tables: &[Table], carries: Carries) -> Self {
        let goes = |column: &gantry_model::view::Column| {
            let goes = Goes::from_word(&column.goes, &column.header).unwrap_or(Goes::Ignore);
            (column.header.clone(), goes)
        };
        let columns = tables.iter().map(|table| if table.used { table.columns.iter().map(goes).collect() } else { Vec::new() });
        Self { fixed, columns: columns.collect(), carries }
    }

    /// What is known of one file, without what is said of all.
    pub fn of_cells(&self, cells: &[Cell]) -> Known {
        let mut known = Known::default();
        self.tell(&mut known, cells, |_| true);
        known
    }

    /// What is known of one file, with what is said of all.
    pub fn of_file(&self, cells: &[Cell]) -> Known {
        let mut known = self.of_all();
        self.tell(&mut known, cells, |_| true);
        known
    }

    /// What is known of a row.
    pub fn of_row(&self, row: &StoredRow) -> Known {
        let mut known = self.of_all();
        let attached = |goes: &Goes| matches!(goes, Goes::Attachment(_));
        for item in row.items.iter().rev() {
            self.tell(&mut known, &item.known, |goes| !attached(goes));
        }
        for item in &row.items {
            self.tell(&mut known, &item.known, attached);
        }
        known
    }

    /// The column that a cell stands in, and where it goes.
    pub fn column(&self, cell: &Cell) -> Option<&(String, Goes)> {
        self.columns.get(cell.0 as usize)?.get(cell.1 as usize)
    }

    /// The names of all metadata that tables or the person may say, once each.
    pub fn names(&self) -> Vec<String> {
        let told = self.columns.iter().flatten().filter_map(|(_, goes)| match goes {
            Goes::Metadata(name) => Some(name.as_str()),
            Goes::Split => Some(self.carries.split),
            Goes::Tags => Some(self.carries.tags),
            _ => None,
        });
        let mut names: Vec<String> = Vec::new();
        for name in self.fixed.iter().map(|(name, _)| name.as_str()).chain(told) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// What the platform carries.
    pub fn carries(&self) -> &Carries {
        &self.carries
    }

    fn of_all(&self) -> Known {
        let mut known = Known::default();
        self.fixed.iter().for_each(|(name, value)| known.say(name, value));
        known
    }

    fn tell(&self, known: &mut Known, cells: &[Cell], wanted: impl Fn(&Goes) -> bool) {
        for cell in cells {
            if let Some((header, goes)) = self.column(cell).filter(|(_, goes)| wanted(goes)) {
                known.tell(goes, header, &cell.2, &self.carries);
            }
        }
    }
}

/// A value that cannot be told to the platform refuses its row with words: left away it would be lost in silence.
pub(super) fn fits(known: &Known, carries: &Carries) -> Result<(), Problem> {
    let attached = known.attachments.iter().find_map(|(kind, value, _)| attachment_misfit(kind, value, carries));
    match attached.or_else(|| known.metadata().iter().find_map(|(_, value)| signed_misfit(value))) {
        Some(said) => Err(Problem::new(Code::RowRefused, "register").with("said", said)),
        None => Ok(()),
    }
}

/// A signature was taken out when the table was read: it is a secret, and dies.
pub(super) fn signed_misfit(value: &str) -> Option<String> {
    show::is_veiled(value).then(|| say("table-signed", &[("value", Value::Text(&show::text(value)))]))
}

/// Why this attachment cannot be told.
pub(super) fn attachment_misfit(kind: &str, value: &str, carries: &Carries) -> Option<String> {
    if let Some(said) = signed_misfit(value) {
        return Some(said);
    }
    if carries.attachments.contains(&kind) {
        return None;
    }
    let all = carries.attachments.join(", ");
    let value = show::text(&value.chars().take(120).collect::<String>());
    Some(say("table-attachment", &[("value", Value::Text(&value)), ("kind", Value::Text(kind)), ("all", Value::Text(&all))]))
}

impl House {
    /// What is known of this upload's files becomes words of its platform with this.
    pub(super) fn knowing(&self, stored: &StoredUpload, register: Option<&Register>) -> Result<Knowing, Problem> {
        let tables = self.journal.tables(&stored.id)?.unwrap_or_default();
        let carries = register.and_then(|register| (self.joint.carries)(&register.kind)).unwrap_or(PLAIN);
        Ok(Knowing::new(register.map(|register| register.metadata.clone()).unwrap_or_default(), &tables, carries))
    }
}
