//! What a store's real answers taught in this run: region, clock, and which of S3's abilities it has.
//! Nothing is assumed; what an earlier trial of the connection found may be told at the start.

use super::address::{self, Place, Target};
use gantry_model::{Algorithm, Connection};
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

/// Corrections of clock or region in one run; more of them mean that the far side makes no sense.
const MOST_CORRECTIONS: u32 = 8;
/// Time between two questions why a request without an answer's body was refused.
const BETWEEN_QUESTIONS: Duration = Duration::from_secs(30);
/// A clock that is off by more than a day is not corrected for.
pub(super) const LARGEST_SKEW: i64 = 24 * 3600;

/// Something that a store can do, or not.
#[derive(Debug, Default)]
pub(super) struct Ability(AtomicU8);

impl Ability {
    fn told(text: &str) -> Self {
        Self(AtomicU8::new(match text {
            "yes" => 1,
            "no" => 2,
            _ => 0,
        }))
    }

    /// `None`: not known yet.
    pub(super) fn known(&self) -> Option<bool> {
        match self.0.load(Ordering::Relaxed) {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        }
    }

    pub(super) fn learn(&self, can: bool) {
        self.0.store(if can { 1 } else { 2 }, Ordering::Relaxed);
    }
}

/// What is known of one store.
#[derive(Debug)]
pub(super) struct Learned {
    /// It refuses to overwrite where `If-None-Match` asks for that.
    pub(super) if_none_match: Ability,
    /// It lists the parts of an upload.
    pub(super) list_parts: Ability,
    /// Its multipart uploads take a checksum of the full object.
    pub(super) full_object: Ability,
    /// It answered a listing in S3's language.
    pub(super) lists: Ability,
    /// It encodes the keys of a listing when asked to.
    pub(super) encodes_keys: Ability,
    /// When a silent refusal was last asked about.
    asked: Mutex<Option<Instant>>,
    /// 0: CRC-64/NVME, 1: CRC-32C, 2: neither.
    checksum: AtomicU8,
    /// Seconds to add to this computer's clock.
    clock: AtomicI64,
    corrections: AtomicU32,
    target: RwLock<Arc<Target>>,
}

impl Learned {
    pub(super) fn new(connection: &Connection, place: &Place) -> Self {
        let told = |name: &str| connection.field(&format!("learned.{name}")).to_owned();
        let learned_region = told("region");
        let region = [connection.field("region"), &learned_region]
            .into_iter()
            .find(|region| address::is_region(region))
            .unwrap_or(address::FIRST_REGION)
            .to_owned();
        Self {
            if_none_match: Ability::told(&told("if_none_match")),
            list_parts: Ability::told(&told("list_parts")),
            full_object: Ability::default(),
            lists: Ability::default(),
            encodes_keys: Ability::default(),
            asked: Mutex::default(),
            checksum: AtomicU8::new(match told("checksum").as_str() {
                "crc32c" => 1,
                "none" => 2,
                _ => 0,
            }),
            clock: AtomicI64::new(0),
            corrections: AtomicU32::new(0),
            target: RwLock::new(Arc::new(place.target(&region))),
        }
    }

    pub(super) fn target(&self) -> Arc<Target> {
        Arc::clone(&self.target.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The digest that goes with every body; `None` where the store takes none.
    pub(super) fn checksum(&self) -> Option<Algorithm> {
        match self.checksum.load(Ordering::Relaxed) {
            0 => Some(Algorithm::Crc64nvme),
            1 => Some(Algorithm::Crc32c),
            _ => None,
        }
    }

    /// The store does not take this algorithm: the next one, or none.
    pub(super) fn without(&self, refused: Algorithm) {
        let (from, to) = if refused == Algorithm::Crc64nvme { (0, 1) } else { (1, 2) };
        let _ = self.checksum.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
    }

    pub(super) fn without_any(&self) {
        self.checksum.store(2, Ordering::Relaxed);
    }

    pub(super) fn clock(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// The time to sign with.
    pub(super) fn now(&self, offset: i64) -> SystemTime {
        let distance = Duration::from_secs(offset.unsigned_abs());
        let now = SystemTime::now();
        if offset < 0 { now - distance } else { now + distance }
    }

    /// The bucket is in this region. True when the same request makes sense again, because it was signed for another one.
    pub(super) fn moved(&self, signed_for: &str, region: &str, place: &Place) -> bool {
        if !address::is_region(region) || signed_for == region {
            return false;
        }
        let mut target = self.target.write().unwrap_or_else(PoisonError::into_inner);
        if target.region == region {
            return true;
        }
        if !self.may_correct() {
            return false;
        }
        *target = Arc::new(place.target(region));
        true
    }

    /// The store's clock is this far ahead of ours. True when the same request makes sense again.
    pub(super) fn skewed(&self, signed_with: i64, offset: i64) -> bool {
        if offset.abs() > LARGEST_SKEW || (offset - signed_with).abs() < 60 {
            return false;
        }
        if (self.clock() - offset).abs() < 60 {
            return true;
        }
        if !self.may_correct() {
            return false;
        }
        self.clock.store(offset, Ordering::Relaxed);
        true
    }

    /// May a silent refusal be asked about now? Once in a while is enough for all requests together.
    pub(super) fn may_ask(&self) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let may = asked.is_none_or(|last| last.elapsed() > BETWEEN_QUESTIONS);
        if may {
            *asked = Some(Instant::now());
        }
        may
    }

    fn may_correct(&self) -> bool {
        self.corrections.fetch_add(1, Ordering::Relaxed) < MOST_CORRECTIONS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned() -> (Learned, Place) {
        let connection = Connection { name: "c".into(), kind: "s3".into(), fields: [("bucket".into(), "pics".into())].into() };
        let place = Place::new(&connection).expect("a place");
        (Learned::new(&connection, &place), place)
    }

    #[test]
    fn a_region_is_taken_once_and_never_turned_into_a_strange_host() {
        let (learned, place) = learned();
        assert!(learned.moved("us-east-1", "eu-west-1", &place));
        assert!(learned.moved("us-east-1", "eu-west-1", &place), "others on their way were signed for the old one");
        assert!(!learned.moved("eu-west-1", "eu-west-1", &place));
        assert!(!learned.moved("eu-west-1", "evil.example.org/", &place));
        let url = learned.target().url(Some("k"), &[]).expect("an address");
        assert_eq!(url.host_str(), Some("pics.s3.eu-west-1.amazonaws.com"));
    }

    #[test]
    fn two_regions_that_point_at_each_other_end() {
        let (learned, place) = learned();
        let turns = (0..100).take_while(|turn| {
            let (from, to) = if turn % 2 == 0 { ("us-east-1", "eu-west-1") } else { ("eu-west-1", "us-east-1") };
            learned.moved(from, to, &place)
        });
        assert!(turns.count() < 20);
    }

    #[test]
    fn a_clock_is_corrected_once_for_a_request_and_within_a_day() {
        let (learned, _) = learned();
        assert!(learned.skewed(0, -1200));
        assert_eq!(learned.clock(), -1200);
        assert!(learned.skewed(0, -1201), "others on their way were signed before");
        assert!(!learned.skewed(-1200, -1201), "signed with the store's own time and still refused");
        assert!(!learned.skewed(-1200, LARGEST_SKEW + 1));
    }

    #[test]
    fn a_refused_checksum_gives_way_step_by_step() {
        let (learned, _) = learned();
        learned.without(Algorithm::Crc64nvme);
        learned.without(Algorithm::Crc64nvme);
        assert_eq!(learned.checksum(), Some(Algorithm::Crc32c));
        learned.without(Algorithm::Crc32c);
        assert_eq!(learned.checksum(), None);
    }
}
