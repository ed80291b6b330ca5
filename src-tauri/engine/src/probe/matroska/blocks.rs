//! The pictures of one track, counted by walking over the heads of all blocks: their content is never read. Clusters need
//! no length of their own, since recordings have none.

use super::super::window::Window;
use super::{CLUSTER, head, length, value};
use std::time::Duration;

const TIMESTAMP: u64 = 0xe7;
const GROUP: u64 = 0xa0;
/// A block in a group, and one that stands alone.
const BLOCKS: [u64; 2] = [0xa1, 0xa3];
/// Bits of a block's flags that say it holds several pictures.
const LACED: u64 = 6;
/// Reads that the walk may take beyond what any format may: blocks of pictures lie far apart, so this is about twenty
/// minutes with sound.
const READS: u32 = 50_000;
/// Pictures after which the counting stops: small ones lie close together.
const MOST_PICTURES: usize = 432_000;

/// When the pictures of a track are shown, in ticks, in the order in which they stand.
#[derive(Default)]
pub(super) struct Shown(Vec<i64>);

impl Shown {
    /// The blocks of one track between two positions; `None` where not all of them could be looked at.
    pub(super) fn count(window: &mut Window<'_>, from: u64, to: u64, track: u64) -> Option<Self> {
        window.allow(READS);
        let (mut shown, mut cluster, mut at) = (Self::default(), 0, from);
        while at < to {
            let (id, length, inside) = head(window, at)?;
            at = match id {
                CLUSTER | GROUP => inside,
                _ => inside.checked_add(length?).filter(|end| *end <= to)?,
            };
            match id {
                TIMESTAMP => cluster = i64::try_from(value(window, inside, at)?).ok()?,
                id if BLOCKS.contains(&id) => shown.block(window, inside, (track, cluster))?,
                _ => {}
            }
        }
        Some(shown)
    }

    /// A block begins with its track, its time counted from the cluster's, and its flags.
    fn block(&mut self, window: &mut Window<'_>, at: u64, (track, cluster): (u64, i64)) -> Option<()> {
        let (number, bytes) = length(window, at)?;
        if number == Some(track) {
            let time = window.big(at + bytes, 2)? as u16;
            // Pictures are never laced; where they are all the same, their times are not known.
            if window.big(at + bytes + 2, 1)? & LACED != 0 || self.0.len() >= MOST_PICTURES {
                return None;
            }
            self.0.push(cluster.checked_add(i64::from(time.cast_signed()))?);
        }
        Some(())
    }

    pub(super) fn pictures(&self) -> Option<u64> {
        (!self.0.is_empty()).then_some(self.0.len() as u64)
    }

    /// Whether all pictures last equally long, and how many there are in a thousand seconds. Of the last one nothing says
    /// how long it lasts.
    pub(super) fn pace(mut self, tick: Duration) -> Option<(bool, u64)> {
        // They stand as they are decoded, which is not as they are shown.
        self.0.sort_unstable();
        let steps = self.0.windows(2).map(|pair| pair[1].abs_diff(pair[0]));
        let (low, high) = steps.fold((u64::MAX, 0), |(low, high), step| (low.min(step), high.max(step)));
        let span = u128::from(self.0.last()?.abs_diff(*self.0.first()?)) * tick.as_nanos();
        let pace = (self.0.len() as u128 - 1).saturating_mul(1_000_000_000_000).checked_div(span)?;
        Some((super::super::last_equally_long(low, high), u64::try_from(pace).ok()?))
    }
}
