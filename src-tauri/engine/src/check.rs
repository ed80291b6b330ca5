//! Entry by rules to findings, and where the entry stands because of them. Pure: no disk, no clock.
//! What it needs is in the entry, so another destination is judged without reading a file again.

mod likeness;
mod media;
mod names;
mod paths;
mod rules;
#[cfg(test)]
mod tests;
mod twins;

pub use rules::{FILE_RULES, NOT_MADE, by_id, explain, explain_line, value};

use crate::copies::renamed;
use crate::intake;
use crate::naming::Naming;
use gantry_model::finding::About;
use gantry_model::{Entry, EntryKind, Finding, Fix, Format, Media, MediaKind, Rule, Severity, State, show};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use twins::{Relation, Twins};

/// One entry, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Where it would go. Empty for what is not sent: links, special files, skipped ones.
    pub key: String,
    /// `Ready`, `Blocked` or `Clash`.
    pub state: State,
    /// What is wrong or good to know.
    pub findings: Vec<Finding>,
    /// What this entry shows about earlier ones: their number, their finding, where they stand now.
    /// A state of `Ready` changes nothing about them.
    pub also: Vec<(u64, Finding, State)>,
}

/// What is known of a file beside its entry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The SHA-256 of the content, where names are made of it.
    pub sha256: Option<&'a [u8; 32]>,
    /// A copy of this format is sent: its name ends accordingly.
    pub sent_as: Option<Format>,
    /// A copy was wanted and could not be made, and why.
    pub not_made: Option<&'a str>,
}

/// Judges the entries of one upload for one destination, in the order of their numbers.
#[derive(Debug)]
pub struct Checker {
    /// The rules of the destination.
    rules: Vec<&'static Rule>,
    naming: Naming,
    twins: Twins,
    /// Earlier entries whose twin was told already, by rule.
    told: HashSet<(u64, &'static str)>,
    blocked: HashSet<u64>,
    /// Hashes of the contents, where names are made of them.
    sums: HashMap<u64, [u8; 32]>,
    /// Formats of the copies that are sent under another extension.
    sent_as: HashMap<u64, Format>,
    /// Rules that the person has said do not hold their files.
    confirmed: Vec<String>,
}

impl Checker {
    /// A checker for a destination with these rules, beside the general ones.
    pub fn new(rules: Vec<&'static Rule>, naming: Naming) -> Self {
        Self {
            rules,
            naming,
            twins: Twins::default(),
            told: HashSet::new(),
            blocked: HashSet::new(),
            sums: HashMap::new(),
            sent_as: HashMap::new(),
            confirmed: Vec::new(),
        }
    }

    /// These rules do not hold files any more: the person has said so. Others than those that ask are not concerned.
    #[must_use]
    pub fn confirming(mut self, confirmed: &[String]) -> Self {
        self.confirmed = confirmed.to_vec();
        self
    }

    /// Judges an entry. `ord` is its number among files and unreadable things; others have none, and theirs is not read.
    pub fn look(&mut self, ord: u64, entry: &Entry) -> Checked {
        self.look_beside(ord, entry, Beside::default())
    }

    /// As [`Checker::look`], with what is known beside the entry. As long as a hash that names need is not known, keys are
    /// not compared.
    pub fn look_beside(&mut self, ord: u64, entry: &Entry, beside: Beside<'_>) -> Checked {
        let Beside { sha256, sent_as, not_made } = beside;
        let mut checked = Checked { key: String::new(), state: State::Ready, findings: Vec::new(), also: Vec::new() };
        let path = path_as(&entry.path, sent_as);
        if let Some(format) = sent_as {
            self.sent_as.insert(ord, format);
        }
        if matches!(entry.kind, EntryKind::File | EntryKind::Unreadable) {
            checked.key = self.naming.key(&path, ord, sha256).0;
        }
        for rule in FILE_RULES.iter().chain(self.rules.iter().copied()) {
            let breached = match rule.about {
                About::NotMade => not_made.map(str::to_owned),
                About::WrongExtension => content(rule.about, entry, &path).filter(|_| entry.kind == EntryKind::File),
                _ => breach(rule, entry, &checked.key),
            };
            if let Some(detail) = breached {
                checked.findings.push(self.found(rule, detail));
            }
        }
        if checked.findings.iter().any(|finding| finding.severity == Severity::Blocked) {
            checked.state = State::Blocked;
        }
        let comparable = sha256.is_some() || !self.naming.needs_sha256();
        if entry.kind == EntryKind::File && comparable {
            self.compare(ord, entry, sha256, &mut checked);
        }
        checked
    }

    fn found(&self, rule: &Rule, detail: String) -> Finding {
        let confirmed = rule.about.asks_person() && self.confirmed.iter().any(|id| id == rule.id);
        let severity = if confirmed { Severity::Note } else { rule.severity };
        Finding { severity, ..finding(rule, detail) }
    }

    fn compare(&mut self, ord: u64, entry: &Entry, sha256: Option<&[u8; 32]>, checked: &mut Checked) {
        if let Some(sum) = sha256 {
            self.sums.insert(ord, *sum);
        }
        let (naming, sums, sent_as) = (&self.naming, &self.sums, &self.sent_as);
        let key_of = |path: &[u8], ord: u64| naming.key(&path_as(path, sent_as.get(&ord).copied()), ord, sums.get(&ord)).0;
        let mut met = self.twins.meet(&checked.key, &entry.path, ord, key_of);
        if self.rules.iter().any(|rule| rule.about == About::FileAndFolder) {
            met.extend(self.twins.nested(&checked.key, key_of));
        }
        if checked.state == State::Blocked {
            self.blocked.insert(ord);
        }
        for twin in met {
            let about = match twin.relation {
                Relation::SameKey => About::SameKey,
                Relation::Normalisation => About::NormalisationTwins,
                Relation::Case => About::CaseTwins,
                Relation::Looks => About::LookAlikes,
                Relation::Nested => About::FileAndFolder,
            };
            for rule in FILE_RULES.iter().chain(self.rules.iter().copied()).filter(|rule| rule.about == about) {
                let clash = rule.severity == Severity::Blocked;
                checked.findings.push(finding(rule, show::path(&twin.path)));
                if clash && checked.state == State::Ready {
                    checked.state = State::Clash;
                }
                if self.told.insert((twin.ord, rule.id)) {
                    let stands = match (self.blocked.contains(&twin.ord), clash) {
                        (true, _) => State::Blocked,
                        (false, true) => State::Clash,
                        (false, false) => State::Ready,
                    };
                    checked.also.push((twin.ord, finding(rule, show::path(&entry.path)), stands));
                }
            }
        }
    }
}

fn path_as(path: &[u8], sent_as: Option<Format>) -> Cow<'_, [u8]> {
    sent_as.map_or(path.into(), |format| renamed(path, format).into())
}

/// The fixes that would help this file, by the rules that it breaks.
pub fn helping<'a>(entry: &'a Entry, rules: &'a [&'static Rule]) -> impl Iterator<Item = Fix> + 'a {
    let all = FILE_RULES.iter().chain(rules.iter().copied());
    all.filter_map(|rule| rule.about.fix().filter(|_| breach(rule, entry, "").is_some()))
}

fn finding(rule: &Rule, detail: String) -> Finding {
    Finding { rule: rule.id, severity: rule.severity, detail }
}

/// What exactly breaks the rule, or `None`. Twins are told elsewhere: they need more than one entry.
fn breach(rule: &Rule, entry: &Entry, key: &str) -> Option<String> {
    match rule.about {
        About::Link => (entry.kind == EntryKind::Link).then(String::new),
        About::Special => (entry.kind == EntryKind::Special).then(String::new),
        About::Vanished => intake::is_vanished(entry).then(String::new),
        About::Unreadable => {
            let is = entry.kind == EntryKind::Unreadable && !intake::is_vanished(entry);
            is.then(|| entry.trouble.clone().unwrap_or_default())
        }
        About::OwnFolder => intake::is_own_folder(entry).then(String::new),
        About::SameKey | About::CaseTwins | About::NormalisationTwins | About::LookAlikes => None,
        About::FileAndFolder | About::NotMade => None,
        _ if entry.kind != EntryKind::File => None,
        About::EmptyFile | About::CutOff | About::Damaged | About::WrongExtension | About::StoredRotated => {
            content(rule.about, entry, &entry.path)
        }
        About::NotUtf8 | About::ControlCharacters | About::BidiCharacters => names::odd(rule.about, &entry.path),
        About::KeyBytes(_) | About::ComponentBytes(_) | About::Characters(_) | About::ReservedNames(_) => {
            names::of_key(rule.about, key)
        }
        About::FileBytes(most) => (entry.fingerprint.size > most).then(|| show::bytes(entry.fingerprint.size)),
        About::PartCount { parts, part_bytes } => {
            let needed = entry.fingerprint.size.div_ceil(part_bytes.max(1));
            (needed > parts).then(|| show::count(needed))
        }
        about => media::breach(about, entry),
    }
}

fn content(about: About, entry: &Entry, path: &[u8]) -> Option<String> {
    let media = &entry.media;
    match about {
        About::EmptyFile => (entry.fingerprint.size == 0).then(String::new),
        About::CutOff => media.cut_off.then(|| media.format.name().to_owned()),
        About::Damaged => media.damaged.then(|| media.format.name().to_owned()),
        About::StoredRotated => {
            let rotated = (2..=8).contains(&media.orientation) && media.width > 0;
            rotated.then(|| format!("{} × {}", media.width, media.height))
        }
        About::WrongExtension if entry.fingerprint.size > 0 && media.looked => other_format(path, media),
        _ => None,
    }
}

/// The format that the content is of, where the extension promises another one.
fn other_format(path: &[u8], media: &Media) -> Option<String> {
    let promised = media::promised(path)?;
    let both_text = promised.kind() == MediaKind::Text && media.format.kind() == MediaKind::Text;
    // Text in another encoding, MP3 without a tag and the like are not told from noise; pictures and documents are.
    let untold = media.format == Format::Unknown && (promised.kind() == MediaKind::Text || promised == Format::Mp3);
    // Sound recorders write the general brand of the MP4 family.
    let family = promised == Format::M4a && media.format == Format::Mp4;
    // The last extension says how it is packed, the one before it what is in it.
    let packed = promised == Format::Gzip && media.format == Format::NiftiGz;
    (promised != media.format && !both_text && !untold && !family && !packed).then(|| media.format.name().to_owned())
}
