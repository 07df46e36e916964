//! The length of a shortest round walk in one block, many millions of times.
//!
//! Batching asks for the length of very many picks that differ by one order. Where the warehouse is one block with every way
//! open, and a walk ends where it begins, the picks of an order are one bit mask for each aisle; those of several orders are the masks
//! together, and the sweep of Ratliff and Rosenthal needs five numbers. Aisles without picks are left out: walking through one is
//! never of use. The planner of tours says the same; the tests compare them.

use crate::planning::tour::Site;
use crate::planning::tour::layout::{Bin, Corner, Way};

/// Most different places along one aisle.
const PLACES_MAX: usize = 64;
/// More than any walk.
const FAR: i64 = i64::MAX / 4;

/// One block, with the picks of all orders.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Where the aisles are that somebody needs, left to right.
    xs: Vec<i64>,
    /// Which of them the walk begins at.
    depot: usize,
    /// From cross-aisle to cross-aisle.
    height: i64,
    /// How far from the walk's cross-aisle the places of an aisle are, ascending.
    places: Vec<[i64; PLACES_MAX]>,
    /// Bits of order after order, aisle after aisle.
    masks: Vec<u64>,
}

/// Least costs of the ways a walk may have been walked so far.
#[derive(Clone, Copy)]
struct Front {
    /// One way through: both corners odd.
    through: i64,
    /// Only the near corner.
    near: i64,
    /// Only the far corner.
    far: i64,
    /// Both corners, in one piece.
    whole: i64,
    /// Both corners, in two pieces.
    split: i64,
}

impl Block {
    /// Makes it ready; `None` where the warehouse is not one block with all ways open, or an aisle has too many places.
    pub(super) fn new(site: &Site, ends: (Corner, Corner), orders: &[&[Bin]]) -> Option<Block> {
        let layout = site.layout();
        let both = |ways: &[Way]| ways.iter().all(|w| *w == Way::Both);
        let plain = layout.aisles.iter().all(|a| both(&a.ways) && a.closed.is_empty())
            && layout.cross_aisles.iter().all(|c| both(&c.ways));
        if layout.cross_aisles.len() != 2 || !plain || ends.0 != ends.1 {
            return None;
        }
        let home = ends.0;
        let (front, back) = (layout.cross_aisles.first()?.y_mm, layout.cross_aisles.get(1)?.y_mm);
        let far = |bin: &Bin| {
            let y = layout.spot(*bin)?.y_mm;
            Some(if home.cross_aisle == 0 { y - front } else { back - y })
        };
        let mut used: Vec<Vec<i64>> = vec![Vec::new(); layout.aisles.len()];
        for bin in orders.iter().copied().flatten() {
            used.get_mut(usize::from(bin.aisle))?.push(far(bin)?);
        }
        for places in &mut used {
            places.sort_unstable();
            places.dedup();
        }
        if used.iter().any(|p| p.len() > PLACES_MAX) {
            return None;
        }
        let home_aisle = usize::from(home.aisle);
        let kept: Vec<usize> = (0..used.len()).filter(|a| *a == home_aisle || !used[*a].is_empty()).collect();
        let mut masks = vec![0_u64; orders.len() * kept.len()];
        for (order, bins) in orders.iter().enumerate() {
            for bin in *bins {
                let aisle = usize::from(bin.aisle);
                let (at, place) = (kept.binary_search(&aisle).ok()?, used[aisle].binary_search(&far(bin)?).ok()?);
                masks[order * kept.len() + at] |= 1 << place;
            }
        }
        let row = |aisle: &usize| {
            let mut row = [0; PLACES_MAX];
            row.iter_mut().zip(&used[*aisle]).for_each(|(to, from)| *to = *from);
            row
        };
        Some(Block {
            xs: kept.iter().map(|a| layout.aisles[*a].x_mm).collect(),
            depot: kept.binary_search(&home_aisle).ok()?,
            height: back - front,
            places: kept.iter().map(row).collect(),
            masks,
        })
    }

    /// How many masks an order has.
    pub(super) fn width(&self) -> usize {
        self.xs.len()
    }

    /// The masks of an order.
    pub(super) fn masks(&self, order: usize) -> &[u64] {
        &self.masks[order * self.xs.len()..(order + 1) * self.xs.len()]
    }

    /// Length of a shortest walk past all places of both sets of masks.
    #[inline]
    pub(super) fn length(&self, one: &[u64], other: &[u64]) -> i64 {
        let mut front = Front { through: FAR, near: FAR, far: FAR, whole: FAR, split: FAR };
        let mut last = None;
        let rows = self.xs.iter().zip(&self.places).zip(one.iter().zip(other)).enumerate();
        for (aisle, ((x, places), (a, b))) in rows {
            let (mask, depot) = (a | b, aisle == self.depot);
            if mask == 0 && !depot {
                continue;
            }
            if let Some(before) = last {
                front.onward(2 * (x - before));
            }
            match (mask, last) {
                (0, None) => front.near = 0,
                (0, Some(_)) => {}
                (_, None) => front.begin(self.costs(places, mask)),
                (_, Some(_)) => front.aisle(self.costs(places, mask)),
            }
            if depot {
                // The walk begins here, so the near corner is touched.
                front.split = front.split.min(front.far);
                front.far = FAR;
            }
            last = Some(*x);
        }
        front.near.min(front.far).min(front.whole)
    }

    /// What it costs to see an aisle's places: walking through, from the near end, from the far end, from both.
    #[inline]
    fn costs(&self, places: &[i64; PLACES_MAX], mask: u64) -> [i64; 4] {
        let first = places[(mask.trailing_zeros() & 63) as usize];
        let last = places[(63 - (mask | 1).leading_zeros()) as usize & 63];
        let (mut gap, mut before, mut rest) = (0, first, mask & mask.wrapping_sub(1));
        while rest != 0 {
            let at = places[(rest.trailing_zeros() & 63) as usize];
            gap = gap.max(at - before);
            before = at;
            rest &= rest - 1;
        }
        [self.height, 2 * last, 2 * (self.height - first), 2 * (self.height - gap)]
    }
}

impl Front {
    /// To the next aisle: `twice` is the way there and back.
    #[inline]
    fn onward(&mut self, twice: i64) {
        self.near = self.near.min(self.whole) + twice;
        self.far = self.far.min(self.whole) + twice;
        self.through += twice;
        self.whole += 2 * twice;
        self.split += 2 * twice;
    }

    /// The first aisle of all.
    #[inline]
    fn begin(&mut self, [through, near, far, both]: [i64; 4]) {
        *self = Front { through, near, far, whole: 2 * through, split: both };
    }

    #[inline]
    fn aisle(&mut self, [through, near, far, both]: [i64; 4]) {
        let least = near.min(far).min(both);
        let even = self.near.min(self.far).min(self.split);
        *self = Front {
            through: (self.through + least).min(even.min(self.whole) + through),
            near: self.near + near,
            far: self.far + far,
            whole: (self.through + through).min(self.whole + least).min(even + 2 * through),
            split: (self.near + far.min(both)).min(self.far + near.min(both)).min(self.split + least),
        };
    }
}
