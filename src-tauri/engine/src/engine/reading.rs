//! Reading what was given: walk, probe, check, journal; then a review, or straight on when the person has said yes.
//! The drop is in the journal before the first file is read; killed in the middle, reading begins anew.

use super::copying::{CopyRules, Seen};
use super::minding_tables::judges_alike;
use super::{Engine, House};
use crate::check::{Beside, Checked, Checker};
use crate::intake;
use crate::journal::{Also, NewItem, NewUpload, Rewritten, StoredItem, StoredUpload, UploadId};
use crate::naming::{Naming, Template};
use gantry_model::view::{Phase, Plan};
use gantry_model::{Code, Connection, EntryKind, Format, Incoming, MediaKind, Problem, Rule, State, show};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

/// The review opens when so many files are checked, or all.
const REVIEW_AT: u64 = 200;

/// A source that lies inside its own destination would be sent onto itself.
pub(super) fn refuse_inside(connection: &Connection, incoming: &Incoming) -> Result<(), Problem> {
    let path = connection.field("path");
    if connection.kind != "folder" || path.is_empty() {
        return Ok(());
    }
    let target = real(Path::new(path));
    for source in &incoming.paths {
        if real(source).starts_with(&target) {
            let shown = show::path(source.as_os_str().as_encoded_bytes());
            return Err(Problem::new(Code::SourceInside, "take").with("path", shown).with("place", path));
        }
    }
    Ok(())
}

/// The folder that this connection leads to, where it is one: it is left out of what is sent there.
///
/// # Errors
/// `source_inside` when something that was given lies in it.
pub fn folder_apart(connection: &Connection, incoming: &Incoming) -> Result<Option<PathBuf>, Problem> {
    refuse_inside(connection, incoming)?;
    let path = connection.field("path");
    Ok((connection.kind == "folder" && !path.is_empty()).then(|| real(Path::new(path))))
}

/// The folder that this upload goes to, where it is one.
fn target(begun: &NewUpload) -> Option<PathBuf> {
    (begun.kind == "folder").then(|| real(Path::new(&begun.bucket)))
}

/// The same, where it lies inside what was given.
fn target_inside(begun: &NewUpload, incoming: &Incoming) -> Option<PathBuf> {
    target(begun).filter(|target| incoming.paths.iter().any(|source| target.starts_with(real(source))))
}

/// The path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut known = path;
    loop {
        if let Ok(mut whole) = std::fs::canonicalize(known) {
            whole.extend(rest.iter().rev());
            return whole;
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                known = parent;
            }
            _ => return path.to_path_buf(),
        }
    }
}

impl House {
    /// Starts reading what this upload was given, on a thread of its own.
    pub(super) fn read(self: &Arc<Self>, upload: &UploadId) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        if stored.begun.plan.manifest.is_some() {
            return self.read_manifest(upload);
        }
        let checker = self.checker(&stored)?;
        let mut incoming = stored.begun.incoming.clone();
        incoming.paths = self.journal.roots(upload)?;
        incoming.include_hidden |= stored.begun.plan.include_hidden;
        let avoid = [Some(self.home.folder().to_path_buf()), target(&stored.begun)].into_iter().flatten().collect();
        let stop = Arc::new(AtomicBool::new(false));
        self.readings().insert(upload.0.clone(), Arc::clone(&stop));
        self.board.phase(&upload.0, Phase::Reading);
        let (house, upload) = (Arc::clone(self), upload.clone());
        std::thread::spawn(move || {
            let read = house.read_all(&upload, incoming, avoid, checker, &stop);
            house.readings().remove(&upload.0);
            house.after_reading(&upload, read, &stop);
        });
        Ok(())
    }

    fn checker(&self, stored: &StoredUpload) -> Result<Judge, Problem> {
        let plan = &stored.begun.plan;
        let connection = self.connection(&plan.connection)?;
        let template = Template::parse(&plan.names).map_err(|said| Problem::new(Code::BadField, "names").with("said", said))?;
        let prefix = joined(connection.field("prefix"), &plan.prefix);
        let naming = Naming::new(template, &prefix, &stored.id.0);
        let rules = self.rules_for(&connection, plan);
        let hashes = naming.needs_sha256();
        let (roots, contents) = (self.journal.roots(&stored.id)?, stored.begun.incoming.contents);
        let checker = Checker::new(rules.clone(), naming).confirming(&plan.confirmed);
        let copies = CopyRules { rules, fixes: plan.fixes.clone() };
        Ok(Judge { checker, left_out: LeftOut::new(plan)?, hashes, roots, contents, copies, wanted: 0 })
    }

    /// The published rules of where this plan goes: the store's, and the platform's.
    pub(super) fn rules_for(&self, connection: &Connection, plan: &Plan) -> Vec<&'static Rule> {
        let store = (self.joint.rules)(&connection.kind).iter();
        let platform = plan.register.as_ref().map(|register| (self.joint.row_rules)(&register.kind, plan.own_storage()));
        store.chain(platform.unwrap_or_default()).collect()
    }

    fn read_all(
        &self,
        upload: &UploadId,
        incoming: Incoming,
        avoid: Vec<PathBuf>,
        mut judge: Judge,
        stop: &Arc<AtomicBool>,
    ) -> Result<(), Problem> {
        self.journal.restart_reading(upload)?;
        self.copies.forget(&upload.0);
        self.read_now.lock().unwrap_or_else(PoisonError::into_inner).insert(upload.0.clone());
        let mut batches = intake::read(incoming, avoid, Arc::clone(stop));
        let (mut ord, mut ended) = (0, false);
        while let Some(batch) = batches.blocking_recv() {
            let (mut items, mut also) = (Vec::with_capacity(batch.entries.len()), Vec::new());
            for entry in batch.entries {
                let Checked { key, state, findings, also: twins } = judge.look(ord, &entry);
                also.extend(twins.into_iter().map(|(ord, finding, state)| Also { ord, finding, state }));
                let counts = matches!(entry.kind, EntryKind::File | EntryKind::Unreadable);
                let code = intake::is_vanished(&entry).then_some(Code::SourceGone);
                items.push(NewItem { ord, entry, key, state, findings, code });
                ord += u64::from(counts);
            }
            self.journal.add(upload, items, also)?;
            self.count(upload, batch.counted_files, batch.counted_bytes)?;
            ended |= batch.ended;
        }
        // A walk that broke off has not seen everything: what it saw is not taken for the whole.
        let stopped = || stop.load(Ordering::Relaxed);
        if !ended && !stopped() {
            return Err(Problem::new(Code::Bug, "walk"));
        }
        self.tell_tables(upload, &stopped)?;
        // Said yes already: nobody looks at a review, and a table that is broken is said now.
        if self.stored(upload)?.begun.approved && !stopped() { self.tables_allow(upload) } else { Ok(()) }
    }

    /// While reading, the picture counts what the walk has met, which runs ahead of what is checked.
    pub(super) fn count(&self, upload: &UploadId, files: u64, bytes: u64) -> Result<(), Problem> {
        let books = self.journal.account(upload)?;
        self.board.change(&upload.0, |picture| {
            picture.looked = books.account.files;
            picture.account = books.account;
            picture.account.files = files.max(books.account.files);
            picture.account.bytes = bytes.max(books.account.bytes);
            picture.findings = books.findings;
        });
        Ok(())
    }

    pub(super) fn after_reading(self: &Arc<Self>, upload: &UploadId, read: Result<(), Problem>, stop: &AtomicBool) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let ended = read.and_then(|()| self.journal.read_ended(upload)).and_then(|()| self.show(upload));
        match ended {
            Ok(stored) if stored.begun.approved => self.start(upload),
            Ok(stored) if !stored.begun.plan.fixes.is_empty() => self.make_in_background(upload, 0),
            Ok(_) => self.compare(upload),
            Err(problem) => self.held(upload, &problem),
        }
    }

    /// The plan changed: every row is named and judged anew, without reading a file.
    pub(super) fn replan(self: &Arc<Self>, upload: &UploadId, plan: Plan) -> Result<(), Problem> {
        let stored = self.stored(upload)?;
        if stored.frozen || !matches!(stored.phase, Phase::Review | Phase::Reading) {
            return Ok(());
        }
        let connection = self.connection(&plan.connection)?;
        let mut incoming = stored.begun.incoming.clone();
        incoming.paths = self.journal.roots(upload)?;
        self.makes_sense(&connection, &incoming, &plan)?;
        let hidden = plan.include_hidden != stored.begun.plan.include_hidden;
        let before = target_inside(&stored.begun, &incoming);
        let stored_plan = stored.begun.plan.clone();
        let begun = NewUpload {
            place: (self.joint.place)(&connection),
            kind: connection.kind.clone(),
            endpoint: super::endpoint(&connection),
            bucket: super::place_key(&connection, &plan),
            plan,
            ..stored.begun
        };
        let told_only = judges_alike(&begun.plan, &stored_plan);
        // A destination inside what was given is left out by the walk, which has left out another one or none.
        let again = hidden || target_inside(&begun, &incoming) != before;
        // CRASH: the decision is on disk before a copy is made; the next start finds which are missing and makes them.
        self.journal.set_plan(upload, begun)?;
        self.forget_comparison(upload);
        if again || stored.phase == Phase::Reading {
            self.stop_making(upload);
            self.stop_reading(upload);
            return self.read(upload);
        }
        self.follow_plan(upload, told_only)
    }

    /// What is wrong with a plan is said before anything is changed.
    fn makes_sense(&self, connection: &Connection, incoming: &Incoming, plan: &Plan) -> Result<(), Problem> {
        refuse_inside(connection, incoming)?;
        if let Some(register) = &plan.register {
            self.check_register(&connection.name, register)?;
        }
        LeftOut::new(plan)?;
        Template::parse(&plan.names).map_err(|said| Problem::new(Code::BadField, "names").with("said", said))?;
        Ok(())
    }

    /// Rows, tables and copies by the new plan. `told_only`: nothing changed but what is said about the files.
    fn follow_plan(self: &Arc<Self>, upload: &UploadId, told_only: bool) -> Result<(), Problem> {
        let now = self.stored(upload)?;
        if told_only && self.remap(&now, &now.begun.plan)? {
            self.show(upload)?;
            self.compare(upload);
            return Ok(());
        }
        self.stop_making(upload);
        match self.judge_again(upload)? {
            0 => self.compare(upload),
            wanted => self.make_in_background(upload, wanted),
        }
        Ok(())
    }

    /// What was compared before says nothing about where they go now.
    fn forget_comparison(&self, upload: &UploadId) {
        self.differences.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload.0);
        self.weighed.lock().unwrap_or_else(PoisonError::into_inner).remove(&upload.0);
    }

    /// Names and judges every row anew by the plan and the copies that are there. Gives how many copies are wanted beside them.
    pub(super) fn judge_again(&self, upload: &UploadId) -> Result<u64, Problem> {
        let mut judge = self.checker(&self.stored(upload)?)?;
        // CRASH: a cut from here on leaves tables that were not read; they are read before anything is sent.
        self.journal.begin_tables(upload, Vec::new())?;
        self.journal.rewrite(upload, &mut |item| judge.again(item))?;
        self.tell_tables(upload, &|| false)?;
        self.show(upload)?;
        Ok(judge.wanted)
    }

    pub(super) fn stop_reading(&self, upload: &UploadId) {
        if let Some(stop) = self.readings().get(&upload.0) {
            stop.store(true, Ordering::Relaxed);
        }
        while self.readings().contains_key(&upload.0) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

/// Rules, names and what the person leaves out, together.
struct Judge {
    checker: Checker,
    left_out: LeftOut,
    /// Names hold the SHA-256 of the content: each file is read once more.
    hashes: bool,
    roots: Vec<PathBuf>,
    contents: bool,
    copies: CopyRules,
    /// Copies that are wanted and not there.
    wanted: u64,
}

impl Judge {
    fn look(&mut self, ord: u64, entry: &gantry_model::Entry) -> Checked {
        let hash = if self.hashes { self.hash(entry) } else { None };
        self.checker.look_beside(ord, entry, Beside { sha256: hash.as_ref(), ..Beside::default() })
    }

    /// As [`Judge::look`], of a file as it is sent: its copy, where there is one.
    fn look_sent(&mut self, item: &StoredItem, seen: &Seen) -> Checked {
        let Some(copy) = seen.copy.as_deref().filter(|copy| copy.used || copy.made.is_none()) else {
            return self.look(item.ord, &seen.entry);
        };
        let hash = if copy.used { copy.sum().filter(|_| self.hashes) } else { self.hash(&seen.entry).filter(|_| self.hashes) };
        let not_made = (!copy.used).then_some(copy.trouble.as_str());
        let beside = Beside { sha256: hash.as_ref(), sent_as: copy.other_format(), not_made };
        self.checker.look_beside(item.ord, &seen.entry, beside)
    }

    fn hash(&self, entry: &gantry_model::Entry) -> Option<[u8; 32]> {
        let root = self.roots.get(entry.root as usize).filter(|_| entry.kind == EntryKind::File)?;
        let path = super::delivering::source_of(root, &entry.path, self.contents);
        crate::source::Source::open(&path, &entry.fingerprint).ok()?.sha256().ok()
    }

    fn again(&mut self, item: &StoredItem) -> Rewritten {
        if self.left_out.takes_away(item) {
            return Rewritten {
                key: item.key.0.clone(),
                state: State::Ready,
                findings: Vec::new(),
                left_out: true,
                also: Vec::new(),
                copy: item.copy.clone(),
            };
        }
        let seen = self.copies.see(item);
        self.wanted += u64::from(seen.wanted);
        let checked = self.look_sent(item, &seen);
        let also = checked.also.into_iter().map(|(ord, finding, state)| Also { ord, finding, state }).collect();
        let Checked { key, state, findings, .. } = checked;
        Rewritten { key, state, findings, left_out: false, also, copy: seen.copy }
    }
}

/// What the person leaves out in the review: patterns, and all but every n-th picture.
struct LeftOut {
    patterns: GlobSet,
    every: u32,
    pictures: u32,
}

impl LeftOut {
    fn new(plan: &Plan) -> Result<Self, Problem> {
        let mut patterns = GlobSetBuilder::new();
        let bad = |error: globset::Error| Problem::new(Code::BadField, "exclude").with("said", error.to_string());
        for pattern in &plan.exclude {
            // A pattern without a slash means the name, wherever it is; a folder means everything in it.
            let whole = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
            for form in [whole.clone(), format!("{}/**", whole.trim_end_matches('/'))] {
                patterns.add(GlobBuilder::new(&form).literal_separator(true).build().map_err(bad)?);
            }
        }
        Ok(Self { patterns: patterns.build().map_err(bad)?, every: plan.every.max(1), pictures: 0 })
    }

    fn takes_away(&mut self, item: &StoredItem) -> bool {
        if self.patterns.is_match(crate::journal::path_from_bytes(&item.entry.path)) {
            return true;
        }
        if item.entry.media.format.kind() != MediaKind::Image || item.entry.media.format == Format::Unknown {
            return false;
        }
        self.pictures += 1;
        !(self.pictures - 1).is_multiple_of(self.every)
    }
}

/// Two prefixes as one, without empty components.
pub(super) fn joined(first: &str, second: &str) -> String {
    let parts: Vec<&str> = first.split('/').chain(second.split('/')).filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

impl Engine {
    /// Whether the review can be shown: enough files are checked, or all.
    pub fn review_opens(picture: &gantry_model::view::Picture) -> bool {
        picture.phase != Phase::Reading || picture.looked >= REVIEW_AT
    }
}
