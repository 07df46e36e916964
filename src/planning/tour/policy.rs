//! The walks people are told where nobody computes: named rules of thumb, to compare with the shortest walk.
//!
//! One block after Hall 1993 and Petersen 1997; several blocks after Roodbergen and de Koster, "Routing methods for warehouses with
//! multiple cross aisles" (IJPR 39, 2001): up the leftmost aisle in use to the farthest block, then block by block towards the
//! start. They know neither blocked nor one-way aisles.

use super::circuit::straight_on;
use super::layout::{Bin, Corner, Point};
use super::planner::{Taken, TourError, Walk, ends};
use super::site::Site;

/// A rule of thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Every aisle in use is walked through, turn by turn up and down.
    SShape,
    /// Aisles are entered from both ends as far as their largest gap; the outermost ones in use are walked through.
    LargestGap,
    /// Aisles are entered from both ends as far as their middle; the outermost ones in use are walked through. One block.
    Midpoint,
    /// Each aisle is walked through or entered and left at one end, whichever is shorter in the whole block.
    Combined,
    /// Every aisle in use is entered and left at its front. One block.
    Return,
}

impl Policy {
    /// All of them.
    pub const ALL: [Policy; 5] =
        [Policy::SShape, Policy::LargestGap, Policy::Midpoint, Policy::Combined, Policy::Return];

    /// Its name, as a word of a file or a command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Policy::SShape => "s_shape",
            Policy::LargestGap => "largest_gap",
            Policy::Midpoint => "midpoint",
            Policy::Combined => "combined",
            Policy::Return => "return",
        }
    }

    /// The walk by this rule, from one corner past all bins to another one.
    ///
    /// # Errors
    /// If there is nothing to pick, something is not in the layout, or the rule is not defined for the layout.
    pub fn walk(self, site: &Site, start: Corner, end: Corner, bins: &[Bin]) -> Result<Walk, TourError> {
        ends(site, start, end)?;
        if bins.is_empty() {
            return Err(TourError::Nothing);
        }
        let undefined = |why| Err(TourError::Policy { policy: self.name(), why });
        if !site.plain {
            return undefined("one-way or blocked aisles");
        }
        let single = matches!(self, Policy::Midpoint | Policy::Return);
        if single && site.layout().cross_aisles.len() > 2 {
            return undefined("more than one block");
        }
        let mut round = Round::new(site, start, bins)?;
        round.walk(self);
        round.across(usize::from(end.aisle));
        round.along(site.layout().cross_aisles[usize::from(end.cross_aisle)].y_mm);
        let taken = round.order.into_iter().map(|item| Taken { item, bin: bins[item] }).collect();
        let climb_mm = bins.iter().map(|b| site.climb(*b)).sum();
        let length_mm = super::length(&round.path);
        Ok(Walk { taken, length_mm, climb_mm, least_mm: 0, proven: false, path: round.path })
    }
}

/// Which side of a block; the near one is towards the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Near,
    Far,
}

/// A stop not visited yet.
#[derive(Clone, Copy)]
struct Open {
    index: usize,
    aisle: usize,
    block: usize,
    y_mm: i64,
}

/// A walk in the making. Blocks are counted from the side of the start.
struct Round {
    xs: Vec<i64>,
    /// The cross-aisles, the one of the start's side first.
    ys: Vec<i64>,
    open: Vec<Open>,
    order: Vec<usize>,
    path: Vec<Point>,
    aisle: usize,
    y_mm: i64,
}

impl Round {
    fn new(site: &Site, start: Corner, bins: &[Bin]) -> Result<Round, TourError> {
        let layout = site.layout();
        let mut ys: Vec<i64> = layout.cross_aisles.iter().map(|c| c.y_mm).collect();
        let y_mm = ys[usize::from(start.cross_aisle)];
        if 2 * usize::from(start.cross_aisle) + 1 > ys.len() {
            ys.reverse();
        }
        let mut open = Vec::with_capacity(bins.len());
        for (index, bin) in bins.iter().enumerate() {
            let p = layout.spot(*bin).ok_or(TourError::UnknownBin { item: index + 1, bin: *bin })?;
            let within = |pair: &[i64]| pair[0].min(pair[1]) <= p.y_mm && p.y_mm <= pair[0].max(pair[1]);
            let block = ys.windows(2).position(within).unwrap_or(0);
            open.push(Open { index, aisle: usize::from(bin.aisle), block, y_mm: p.y_mm });
        }
        let xs: Vec<i64> = layout.aisles.iter().map(|a| a.x_mm).collect();
        let aisle = usize::from(start.aisle);
        let path = vec![Point { x_mm: xs[aisle], y_mm }];
        Ok(Round { xs, ys, open, order: Vec::new(), path, aisle, y_mm })
    }

    fn walk(&mut self, policy: Policy) {
        let left = self.open.iter().map(|o| o.aisle).min().unwrap_or(self.aisle);
        let farthest = self.open.iter().map(|o| o.block).max().unwrap_or(0);
        self.across(left);
        self.along(self.ys[farthest]);
        let mut side = Side::Near;
        for block in (0..=farthest).rev() {
            let aisles = self.in_use(block);
            match policy {
                Policy::SShape => self.s_shape(block, side, &aisles),
                Policy::Combined => self.combined(block, side, &aisles),
                Policy::LargestGap | Policy::Midpoint => self.by_both_ends(block, side, &aisles, policy),
                Policy::Return => aisles.iter().for_each(|a| self.in_and_out(block, Side::Near, *a, None)),
            }
            self.along(self.edge(block, Side::Near));
            side = Side::Far;
        }
    }

    /// The aisles of a block with stops left, beginning at the nearer end of their row.
    fn in_use(&self, block: usize) -> Vec<usize> {
        let mut aisles: Vec<usize> = self.open.iter().filter(|o| o.block == block).map(|o| o.aisle).collect();
        aisles.sort_unstable();
        aisles.dedup();
        let far = |aisle: Option<&usize>| aisle.map_or(0, |a| (self.xs[*a] - self.xs[self.aisle]).abs());
        if far(aisles.last()) < far(aisles.first()) {
            aisles.reverse();
        }
        aisles
    }

    fn s_shape(&mut self, block: usize, mut side: Side, aisles: &[usize]) {
        let Some((last, others)) = aisles.split_last() else { return };
        for aisle in others {
            self.through(block, &mut side, *aisle);
        }
        self.finish(block, side, *last);
    }

    /// The last aisle of a block: the walk leaves at the near side.
    fn finish(&mut self, block: usize, mut side: Side, aisle: usize) {
        match side {
            Side::Far => self.through(block, &mut side, aisle),
            Side::Near => self.in_and_out(block, side, aisle, None),
        }
    }

    fn combined(&mut self, block: usize, begin: Side, aisles: &[usize]) {
        let whole = (self.edge(block, Side::Far) - self.edge(block, Side::Near)).abs();
        const SIDES: [Side; 2] = [Side::Near, Side::Far];
        let never = i64::MAX / 2;
        // The least for what is left, from either side; a walk ends at the near one.
        let mut left = vec![[0, never]];
        for aisle in aisles.iter().rev() {
            let after = left[left.len() - 1];
            let least = |n: usize| (after[n] + 2 * self.depth(block, SIDES[n], *aisle)).min(after[1 - n] + whole);
            left.push([least(0), least(1)]);
        }
        let mut side = begin;
        for (n, aisle) in aisles.iter().enumerate() {
            let (here, after) = (side as usize, left[aisles.len() - 1 - n]);
            if after[here] + 2 * self.depth(block, side, *aisle) <= after[1 - here] + whole {
                self.in_and_out(block, side, *aisle, None);
            } else {
                self.through(block, &mut side, *aisle);
            }
        }
    }

    fn by_both_ends(&mut self, block: usize, mut side: Side, aisles: &[usize], policy: Policy) {
        let [first, .., last] = aisles else {
            aisles.iter().for_each(|a| self.finish(block, side, *a));
            return;
        };
        if side == Side::Near {
            self.through(block, &mut side, *first);
        }
        for aisle in aisles.iter().filter(|a| *a != last) {
            let split = self.split(block, *aisle, policy);
            self.in_and_out(block, Side::Far, *aisle, Some(split));
        }
        self.through(block, &mut side, *last);
        for aisle in aisles.iter().rev() {
            self.in_and_out(block, Side::Near, *aisle, None);
        }
    }

    /// How far from the near side the part of an aisle begins that is entered from the far side.
    fn split(&self, block: usize, aisle: usize, policy: Policy) -> i64 {
        let near = self.edge(block, Side::Near);
        let whole = (self.edge(block, Side::Far) - near).abs();
        if policy == Policy::Midpoint {
            return (whole + 1) / 2;
        }
        let mut places: Vec<i64> = self.stops(block, aisle).map(|o| (o.y_mm - near).abs()).chain([0, whole]).collect();
        places.sort_unstable();
        let gap = places.iter().zip(places.iter().skip(1)).max_by_key(|(a, b)| *b - *a);
        gap.map_or(whole, |(_, b)| *b)
    }

    fn edge(&self, block: usize, side: Side) -> i64 {
        self.ys[block + side as usize]
    }

    fn stops(&self, block: usize, aisle: usize) -> impl Iterator<Item = &Open> {
        self.open.iter().filter(move |o| (o.block, o.aisle) == (block, aisle))
    }

    /// How deep the farthest stop of an aisle lies, seen from a side.
    fn depth(&self, block: usize, side: Side, aisle: usize) -> i64 {
        let edge = self.edge(block, side);
        self.stops(block, aisle).map(|o| (o.y_mm - edge).abs()).max().unwrap_or(0)
    }

    fn through(&mut self, block: usize, side: &mut Side, aisle: usize) {
        *side = if *side == Side::Near { Side::Far } else { Side::Near };
        self.across(aisle);
        self.along(self.edge(block, *side));
    }

    /// In as far as the farthest stop and out again; with `from` only to stops at least so far from the near side.
    fn in_and_out(&mut self, block: usize, side: Side, aisle: usize, from: Option<i64>) {
        let (near, edge) = (self.edge(block, Side::Near), self.edge(block, side));
        let wanted = self.stops(block, aisle).filter(|o| from.is_none_or(|f| (o.y_mm - near).abs() >= f));
        let Some(y_mm) = wanted.map(|o| o.y_mm).max_by_key(|y| (y - edge).abs()) else { return };
        self.across(aisle);
        self.along(y_mm);
        self.along(edge);
    }

    fn across(&mut self, aisle: usize) {
        self.aisle = aisle;
        straight_on(&mut self.path, Point { x_mm: self.xs[aisle], y_mm: self.y_mm });
    }

    /// Along the aisle to a place, past all stops on the way.
    fn along(&mut self, y_mm: i64) {
        let (low, high) = (self.y_mm.min(y_mm), self.y_mm.max(y_mm));
        let passed = |o: &Open| o.aisle == self.aisle && (low..=high).contains(&o.y_mm);
        let mut now: Vec<Open> = self.open.iter().filter(|o| passed(o)).copied().collect();
        now.sort_by_key(|o| ((o.y_mm - self.y_mm).abs(), o.index));
        self.order.extend(now.iter().map(|o| o.index));
        let visited: Vec<usize> = now.iter().map(|o| o.index).collect();
        self.open.retain(|o| !visited.contains(&o.index));
        self.y_mm = y_mm;
        straight_on(&mut self.path, Point { x_mm: self.xs[self.aisle], y_mm });
    }
}
