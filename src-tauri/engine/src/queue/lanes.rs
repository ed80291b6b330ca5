//! Two lanes, so that one huge file and a hundred thousand small ones both flow.
//! Each lane reads ahead from the journal by itself and never holds more than its share.

use std::collections::VecDeque;

/// Items of the small lane in hand at most: enough to keep all couriers busy between two looks of the core.
pub const SMALL_SHARE: usize = 1024;
/// Files in parts under way at once.
pub const BIG_SHARE: usize = 3;

/// One lane: what is ready, and how far the journal was read.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Ready for an errand, in order.
    pub ready: VecDeque<u64>,
    /// The last item read.
    pub after: Option<u64>,
    /// A reading is under way.
    pub fetching: bool,
    /// Nothing follows.
    pub ended: bool,
    /// Items in hand.
    pub held: usize,
    share: usize,
}

impl Lane {
    /// A lane that holds at most `share` items.
    pub fn new(share: usize) -> Self {
        Self { ready: VecDeque::new(), after: None, fetching: false, ended: false, held: 0, share }
    }

    /// How many to read now; 0 when there is enough in hand.
    pub fn wants(&self) -> usize {
        let room = self.share.saturating_sub(self.held);
        let low = self.held * 2 <= self.share || self.share < 16;
        if self.ended || self.fetching || room == 0 || !low { 0 } else { room }
    }

    /// Reads from the beginning again.
    pub fn reread(&mut self) {
        self.after = None;
        self.ended = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_reads_ahead_when_half_is_gone_and_never_holds_more_than_its_share() {
        let mut lane = Lane::new(SMALL_SHARE);
        assert_eq!(lane.wants(), SMALL_SHARE);
        lane.held = SMALL_SHARE / 2 + 1;
        assert_eq!(lane.wants(), 0, "enough is in hand");
        lane.held = SMALL_SHARE / 2;
        assert_eq!(lane.wants() + lane.held, SMALL_SHARE);
        lane.fetching = true;
        assert_eq!(lane.wants(), 0, "one reading at a time");
        let mut lane = Lane { ended: true, after: Some(9), ..Lane::new(BIG_SHARE) };
        assert_eq!(lane.wants(), 0);
        lane.reread();
        assert_eq!((lane.wants(), lane.after), (BIG_SHARE, None));
    }
}
