//! A check without a journal: what was given is read and judged, told as it is met, and forgotten.
//! No lock, nothing written; memory stays flat but for what finds twins.

use crate::check::{Checker, by_id};
use crate::intake;
use crate::naming::{Naming, Template};
use gantry_model::view::Plan;
use gantry_model::{Code, Entry, EntryKind, Finding, Fix, Incoming, Problem, Rule, Severity, State};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is met while looking.
#[derive(Debug)]
pub enum Told<'a> {
    /// Counted so far; the walk runs ahead of the findings.
    Progress {
        /// Files.
        files: u64,
        /// Their bytes.
        bytes: u64,
    },
    /// One file breaks one rule.
    Finding {
        /// The rule's id.
        rule: &'static str,
        /// How much it matters.
        severity: Severity,
        /// The relative path, raw; of a file whose twin came later, its display form.
        path: &'a [u8],
        /// What exactly; may be empty.
        detail: &'a str,
        /// What would help on a copy.
        fix: Option<Fix>,
    },
    /// One file that could be sent.
    Ready {
        /// The file.
        entry: &'a Entry,
        /// Where it would go.
        key: &'a str,
    },
}

/// The counts at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckSummary {
    /// Files, and what could not be read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Left out by rule.
    pub skipped: u64,
    /// Links, sockets, devices.
    pub notes: u64,
    /// Files that a rule forbids, twins among them.
    pub blocked: u64,
    /// Files with a warning.
    pub warnings: u64,
    /// Files that share their name with another.
    pub clashes: u64,
}

const BLOCKED: u8 = 1;
const WARNING: u8 = 2;
const CLASH: u8 = 4;

/// Reads and judges what was given by the general rules and those of a store. Folders in `avoid` are not entered, as when
/// it is sent. Ends early when `stop` is set.
///
/// # Errors
/// `bad_field` when the template or a pattern makes no sense.
pub fn check_only(
    incoming: Incoming,
    avoid: Vec<PathBuf>,
    rules: Vec<&'static Rule>,
    plan: &Plan,
    stop: &AtomicBool,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<CheckSummary, Problem> {
    let template = Template::parse(&plan.names).map_err(|said| Problem::new(Code::BadField, "names").with("said", said))?;
    intake::check_patterns(&incoming)?;
    let mut look = Look {
        checker: Checker::new(rules.clone(), Naming::new(template, &plan.prefix, "check")),
        rules,
        sum: CheckSummary::default(),
        flags: Vec::new(),
    };
    let ends = Arc::new(AtomicBool::new(false));
    let mut batches = intake::read(incoming, avoid, Arc::clone(&ends));
    while let Some(batch) = batches.blocking_recv() {
        if stop.load(Ordering::Relaxed) {
            ends.store(true, Ordering::Relaxed);
            break;
        }
        for entry in &batch.entries {
            look.at(entry, told);
        }
        told(Told::Progress { files: batch.counted_files, bytes: batch.counted_bytes });
    }
    Ok(look.sum)
}

struct Look {
    checker: Checker,
    rules: Vec<&'static Rule>,
    sum: CheckSummary,
    /// What was found about each file, by number: a byte each, so that nothing is counted twice.
    flags: Vec<u8>,
}

impl Look {
    fn at(&mut self, entry: &Entry, told: &mut dyn FnMut(Told<'_>)) {
        let ord = self.sum.files;
        let checked = self.checker.look(ord, entry);
        match entry.kind {
            EntryKind::Skipped => self.sum.skipped += 1,
            EntryKind::Link | EntryKind::Special => self.sum.notes += 1,
            EntryKind::File | EntryKind::Unreadable => {
                self.sum.files += 1;
                self.sum.bytes += entry.fingerprint.size;
                self.flags.push(0);
            }
        }
        for found in &checked.findings {
            let fix = by_id(found.rule, &self.rules).and_then(|rule| rule.about.fix());
            let fix = fix.filter(|fix| fix.works_on(entry.media.format));
            let (severity, path, detail) = (found.severity, &entry.path, &found.detail);
            told(Told::Finding { rule: found.rule, severity, path, detail, fix });
            self.mark(ord, found, checked.state);
        }
        if entry.kind == EntryKind::File && checked.state == State::Ready {
            told(Told::Ready { entry, key: &checked.key });
        }
        for (earlier, found, state) in &checked.also {
            // The rows of earlier files are gone; the later twin's finding names the earlier one.
            let twin = checked.findings.iter().find(|mine| mine.rule == found.rule);
            let path = twin.map_or(&[][..], |mine| mine.detail.as_bytes());
            told(Told::Finding { rule: found.rule, severity: found.severity, path, detail: &found.detail, fix: None });
            self.mark(*earlier, found, *state);
        }
    }

    fn mark(&mut self, ord: u64, found: &Finding, state: State) {
        let Some(flags) = usize::try_from(ord).ok().and_then(|at| self.flags.get_mut(at)) else { return };
        let severity = match found.severity {
            Severity::Blocked => BLOCKED,
            Severity::Warning => WARNING,
            Severity::Note => 0,
        };
        let new = (severity | if state == State::Clash { CLASH } else { 0 }) & !*flags;
        *flags |= new;
        self.sum.blocked += u64::from(new & BLOCKED > 0);
        self.sum.warnings += u64::from(new & WARNING > 0);
        self.sum.clashes += u64::from(new & CLASH > 0);
    }
}
