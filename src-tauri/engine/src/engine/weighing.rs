//! What the platform would say of the values that tables have, asked before anything is sent: names that it does not know,
//! values that do not fit. Values are asked about in stretches; only counts and one reason for each column are kept.

use super::House;
use super::comparing_rows::again;
use super::comparing_rows::runtime;
use super::knowing::{Knowing, attachment_misfit, signed_misfit};
use crate::journal::StoredUpload;
use gantry_model::view::{Register, Review};
use gantry_model::{Cell, Code, Goes, Platform, Problem, Reaction};
use std::collections::HashMap;

/// Files that are weighed at a time.
const STRETCH: usize = 2000;

/// What was found: by table and column the first reason, and how many values; the same of what is said of all files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weighed {
    columns: HashMap<(u32, u32), (String, u64)>,
    fixed: Vec<(String, String)>,
}

impl House {
    /// Weighs everything that is known about the files of an upload in review.
    pub(super) fn weigh(&self, stored: &StoredUpload) -> Result<(), Problem> {
        let Some(register) = &stored.begun.plan.register else { return Ok(()) };
        let knowing = self.knowing(stored, Some(register))?;
        let platform = self.platform(&register.connection)?;
        let mut weighed = Weighed::default();
        let fixed: Vec<(String, String)> = register.metadata.iter().filter(|(name, _)| !name.is_empty()).cloned().collect();
        let said = ask(platform.as_ref(), register, &fixed)?;
        weighed.fixed = fixed.into_iter().zip(said).filter_map(|((name, _), said)| Some((name, said?))).collect();
        let mut after = None;
        loop {
            let stretch = self.journal.told(&stored.id, after, STRETCH)?;
            let Some((last, _)) = stretch.last() else { break };
            after = Some(*last);
            let cells = stretch.iter().flat_map(|(_, cells)| cells);
            weigh_cells(platform.as_ref(), register, &knowing, cells, &mut weighed)?;
        }
        self.weighed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(stored.id.0.clone(), weighed);
        Ok(())
    }

    /// What is known of the columns at this destination goes beside them.
    pub(super) fn annotate(&self, stored: &StoredUpload, review: &mut Review) {
        let register = review.plan.register.as_ref();
        let carries = register.and_then(|register| (self.joint.carries)(&register.kind));
        review.priorities = carries.and_then(|carries| carries.priority);
        let weighed =
            self.weighed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&stored.id.0).cloned().unwrap_or_default();
        for (n, table) in (0..).zip(&mut review.tables) {
            for (at, column) in (0..).zip(&mut table.columns) {
                let goes = Goes::from_word(&column.goes, &column.header);
                if let Some(carries) = carries {
                    column.note = match goes {
                        Some(Goes::Attachment(_)) if carries.attachments.is_empty() => "not_carried",
                        Some(Goes::Split | Goes::Tags) if !carries.own_fields => "as_metadata",
                        _ => "",
                    }
                    .into();
                }
                if let Some((said, misfits)) = weighed.columns.get(&(n, at)) {
                    (column.said, column.misfits) = (said.clone(), *misfits);
                }
            }
        }
        review.fixed_misfits = weighed.fixed;
    }

    /// Before the first byte goes: tables are whole, every name is one that the platform has, and what is said of all files
    /// fits. A platform that does not answer now is no reason to wait: it says so about each row then.
    pub(super) fn may_begin(&self, stored: &StoredUpload) -> Result<(), Problem> {
        self.tables_allow(&stored.id)?;
        let Some(register) = &stored.begun.plan.register else { return Ok(()) };
        let names = self.knowing(stored, Some(register))?.names().into_iter().map(|name| (name, String::new()));
        let fixed = register.metadata.iter().filter(|(name, _)| !name.is_empty()).cloned();
        let asked: Vec<(String, String)> = names.chain(fixed).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let platform = self.platform(&register.connection)?;
        let said = match runtime()?.block_on(platform.misfits(&register.target, &asked)) {
            Err(problem) if problem.reaction == Reaction::Retry => return Ok(()),
            said => said?,
        };
        match said.into_iter().flatten().next() {
            Some(said) => Err(Problem::new(Code::MetadataUnfit, "register").with("said", said)),
            None => Ok(()),
        }
    }
}

fn ask(platform: &dyn Platform, register: &Register, metadata: &[(String, String)]) -> Result<Vec<Option<String>>, Problem> {
    runtime()?.block_on(again(|| platform.misfits(&register.target, metadata)))
}

fn weigh_cells<'a>(
    platform: &dyn Platform,
    register: &Register,
    knowing: &Knowing,
    cells: impl Iterator<Item = &'a Cell>,
    weighed: &mut Weighed,
) -> Result<(), Problem> {
    let (mut asked, mut whose) = (Vec::new(), Vec::new());
    for cell in cells {
        let known = knowing.of_cells(std::slice::from_ref(cell));
        for (kind, value, _) in &known.attachments {
            if let Some(said) = attachment_misfit(kind, value, knowing.carries()) {
                weighed.add((cell.0, cell.1), said);
            }
        }
        for pair in known.into_metadata() {
            if let Some(said) = signed_misfit(&pair.1) {
                weighed.add((cell.0, cell.1), said);
                continue;
            }
            asked.push(pair);
            whose.push((cell.0, cell.1));
        }
    }
    for (column, said) in whose.into_iter().zip(ask(platform, register, &asked)?) {
        if let Some(said) = said {
            weighed.add(column, said);
        }
    }
    Ok(())
}

impl Weighed {
    fn add(&mut self, column: (u32, u32), said: String) {
        let known = self.columns.entry(column).or_insert((said, 0));
        known.1 += 1;
    }
}
