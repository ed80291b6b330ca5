//! Entry by rules to findings, and where the entry stands because of them. Pure: no disk, no clock.
//! What it needs is in the entry, so another destination is judged without reading a file again.

mod media;
mod names;
mod rules;
#[cfg(test)]
mod tests;
mod twins;

pub use rules::{FILE_RULES, explain, explain_line, value};

use crate::intake;
use crate::naming::Naming;
use gantry_model::finding::About;
use gantry_model::{Entry, EntryKind, Finding, Format, Media, MediaKind, Rule, Severity, State, show};
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
}

impl Checker {
    /// A checker for a destination with these rules, beside the general ones.
    pub fn new(rules: Vec<&'static Rule>, naming: Naming) -> Self {
        Self { rules, naming, twins: Twins::default(), told: HashSet::new(), blocked: HashSet::new(), sums: HashMap::new() }
    }

    /// Judges an entry. `ord` is its number among files and unreadable things; others have none, and theirs is not read.
    pub fn look(&mut self, ord: u64, entry: &Entry) -> Checked {
        self.look_hashed(ord, entry, None)
    }

    /// As [`Checker::look`], with the SHA-256 of the content where names are made of it. As long as it is not known,
    /// keys that need it are not compared.
    pub fn look_hashed(&mut self, ord: u64, entry: &Entry, sha256: Option<&[u8; 32]>) -> Checked {
        let mut checked = Checked { key: String::new(), state: State::Ready, findings: Vec::new(), also: Vec::new() };
        if matches!(entry.kind, EntryKind::File | EntryKind::Unreadable) {
            checked.key = self.naming.key(&entry.path, ord, sha256).0;
        }
        for rule in FILE_RULES.iter().chain(self.rules.iter().copied()) {
            if let Some(detail) = breach(rule, entry, &checked.key) {
                checked.findings.push(finding(rule, detail));
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

    fn compare(&mut self, ord: u64, entry: &Entry, sha256: Option<&[u8; 32]>, checked: &mut Checked) {
        if let Some(sum) = sha256 {
            self.sums.insert(ord, *sum);
        }
        let (naming, sums) = (&self.naming, &self.sums);
        let key_of = |path: &[u8], ord: u64| naming.key(path, ord, sums.get(&ord)).0;
        let met = self.twins.meet(&checked.key, &entry.path, ord, key_of);
        if checked.state == State::Blocked {
            self.blocked.insert(ord);
        }
        for twin in met {
            let about = match twin.relation {
                Relation::SameKey => About::SameKey,
                Relation::Normalisation => About::NormalisationTwins,
                Relation::Case => About::CaseTwins,
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

fn finding(rule: &Rule, detail: String) -> Finding {
    Finding { rule: rule.id, severity: rule.severity, detail }
}

/// What exactly breaks the rule, or `None`. Twins are told elsewhere: they need more than one entry.
fn breach(rule: &Rule, entry: &Entry, key: &str) -> Option<String> {
    match rule.about {
        About::Link => (entry.kind == EntryKind::Link).then(String::new),
        About::Special => (entry.kind == EntryKind::Special).then(String::new),
        About::Unreadable => (entry.kind == EntryKind::Unreadable).then(|| entry.trouble.clone().unwrap_or_default()),
        About::OwnFolder => intake::is_own_folder(entry).then(String::new),
        About::SameKey | About::CaseTwins | About::NormalisationTwins => None,
        _ if entry.kind != EntryKind::File => None,
        About::EmptyFile | About::CutOff | About::Damaged | About::WrongExtension | About::StoredRotated => {
            content(rule.about, entry)
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

fn content(about: About, entry: &Entry) -> Option<String> {
    let media = &entry.media;
    match about {
        About::EmptyFile => (entry.fingerprint.size == 0).then(String::new),
        About::CutOff => media.cut_off.then(|| media.format.name().to_owned()),
        About::Damaged => media.damaged.then(|| media.format.name().to_owned()),
        About::StoredRotated => {
            let rotated = (2..=8).contains(&media.orientation) && media.width > 0;
            rotated.then(|| format!("{} × {}", media.width, media.height))
        }
        About::WrongExtension if entry.fingerprint.size > 0 && media.looked => other_format(&entry.path, media),
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
