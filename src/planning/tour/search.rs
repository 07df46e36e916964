//! The shortest walk where ways have a direction, or where the fronts are too many to be listed in a table.
//!
//! The same sweep, but the fronts are found on the way. With directions a corner's balance is ways in less ways out, which has no bound
//! of its own: one aisle down may have to be walked once for every aisle up. What keeps it small is the cost. Forget the
//! directions, and the table of [`super::table`] tells for every front the least that must still come; whatever is dearer with that than
//! a threshold is dropped. The threshold begins at the least cost without directions and is raised until a walk is found, which then
//! is a shortest one. Only where a step has more fronts than [`LAYER_MAX`], or all steps more than the planner's effort allows, are some
//! lost; then the walk is not called proven.

use super::circuit::Walked;
use super::frontier::{Effect, Front, Kind, Law};
use super::layout::Way;
use super::planner::{Planner, TourError};
use super::shelf::{Costs, NEVER, all, bare};
use super::site::Site;
use super::sweep::{Frame, Pass, passes};
use super::table::Table;
use std::collections::HashMap;

/// Most fronts kept after a step.
pub(super) const LAYER_MAX: usize = 20_000;
/// So many are kept in any case.
const LAYER_MIN: usize = 100;
/// With a table that guides the search, so much more than its part of what is left may be kept after a step: steps differ much.
const GUIDED: usize = 4;
/// The threshold grows by this part of itself at first, and by twice as much each time.
const GROWTH: i64 = 64;
/// Most times that the threshold is raised.
const ROUNDS_MAX: usize = 48;
/// The same after fronts were lost: more of the same would not find them again.
const LOSSY_ROUNDS_MAX: usize = 4;
/// No edge is walked more often than this in one direction. A shortest walk goes from stop to stop without coming by one place
/// twice, so it walks an edge at most once more than there are stops.
const FLOW_MAX: usize = 60;
/// The same where nothing is known of what must still come.
const BLIND_FLOW_MAX: usize = 2;

/// A walk as edges.
pub(super) struct Found {
    pub walked: Vec<(usize, Walked)>,
    pub length_mm: i64,
    /// No walk is shorter than this.
    pub least_mm: i64,
    pub proven: bool,
}

/// Finds a shortest walk.
pub(super) fn search(planner: &mut Planner, site: &Site, frame: &Frame) -> Result<Found, TourError> {
    let frame = Frame { single: false, ..*frame };
    let table = planner.table(&frame);
    let to_go = match table {
        Some(table) => planner.sweep.still_to_come(site, table, &frame, &planner.slots, &planner.shelves),
        None => None,
    };
    let costs = |edge: usize| match planner.slots[edge] {
        0 => bare(&site.edges[edge]),
        slot => {
            let shelf = &planner.shelves[slot as usize - 1];
            all(&site.edges[edge], planner.stops[shelf.first..shelf.first + shelf.count].iter().map(|s| s.offset))
        }
    };
    let mut steps = Vec::new();
    passes(site, &frame, &mut steps);
    let ways = steps.iter().map(|pass| match *pass {
        Pass::Pin { .. } => ([0; 6], Way::Both, 0),
        Pass::Down { edge, .. } | Pass::Right { edge, .. } => {
            (costs(edge), site.edges[edge].way, site.edges[edge].length)
        }
    });
    let ways: Vec<(Costs, Way, i64)> = ways.collect();
    let law = if site.one_way { Law::Balance } else { Law::Parity };
    let mut least = match (&to_go, table) {
        (Some(to_go), Some(_)) => to_go[0][0],
        _ => ways.iter().map(|(costs, ..)| costs.iter().copied().min().unwrap_or(0)).sum(),
    };
    let join = 2 * site.edges[..site.downs].iter().map(|e| e.length).min().unwrap_or(0);
    let known = to_go.as_ref().zip(table);
    let (mut limit, mut growth) = (if known.is_some() { least } else { NEVER - 1 }, least / GROWTH + 1);
    let (mut lossy, mut round) = (0, 0);
    let mut left = planner.effort.fronts();
    while round < ROUNDS_MAX && lossy < LOSSY_ROUNDS_MAX && left > 0 {
        let flow_max = planner.stops.len() + 1;
        let mut layers = Layers {
            law,
            flow_max,
            join,
            known,
            limit,
            over: NEVER,
            lost: false,
            left,
            steps: Vec::with_capacity(steps.len()),
        };
        if let Some((length_mm, walked)) = layers.run(&steps, &ways) {
            let proven = !layers.lost || length_mm == least;
            return Ok(Found { walked, length_mm, least_mm: if proven { length_mm } else { least }, proven });
        }
        left = layers.left;
        if !layers.lost && lossy == 0 {
            least = layers.over.min(NEVER - 1).max(least);
        }
        lossy += usize::from(layers.lost);
        limit = (limit + growth).max(least).min(NEVER - 1);
        growth = growth.saturating_mul(2).min(NEVER);
        round += 1;
    }
    Err(TourError::NotFound)
}

/// What all stops cost at least, edge by edge.
pub(super) fn at_least(planner: &Planner, site: &Site) -> i64 {
    let shelves = planner.shelves.iter().map(|shelf| {
        let stops = &planner.stops[shelf.first..shelf.first + shelf.count];
        all(&site.edges[shelf.edge], stops.iter().map(|s| s.offset)).into_iter().min().unwrap_or(0)
    });
    shelves.sum()
}

/// How a front was reached: from which one of the step before, and how the edge was walked.
#[derive(Clone, Copy)]
struct Trace {
    from: u32,
    walked: Walked,
}

fn through(flow: i8) -> Walked {
    let times = u16::from(flow.unsigned_abs());
    let (ahead, back) = if flow > 0 { (times, 0) } else { (0, times) };
    Walked { kind: Kind::Once, ahead, back }
}

/// One round of the search.
struct Layers<'t> {
    law: Law,
    /// No edge needs to be walked more often in one direction.
    flow_max: usize,
    /// What must still come after each step, by the number of the front without directions.
    known: Option<(&'t Vec<Vec<i64>>, &'t Table)>,
    /// Nothing dearer than this is looked at.
    limit: i64,
    /// The least cost that was not looked at.
    over: i64,
    /// What joining two pieces costs at least; only to guess which fronts are worth keeping.
    join: i64,
    /// Fronts were lost.
    lost: bool,
    /// Fronts that may still be made, all steps together.
    left: usize,
    steps: Vec<Vec<Trace>>,
}

/// The fronts after a step, with their costs; `numbers` finds them again.
#[derive(Default)]
struct Layer {
    fronts: Vec<(Front, i64)>,
    traces: Vec<Trace>,
    numbers: HashMap<Front, u32>,
}

impl Layers<'_> {
    fn run(&mut self, steps: &[Pass], ways: &[(Costs, Way, i64)]) -> Option<(i64, Vec<(usize, Walked)>)> {
        let mut now = vec![(Front::default(), 0)];
        for (n, (pass, way)) in steps.iter().zip(ways).enumerate() {
            let mut next = Layer::default();
            for (from, (front, cost)) in now.iter().enumerate() {
                self.walk_on(n + 1, (from as u32, *front, *cost), *pass, way, &mut next);
            }
            self.left = self.left.saturating_sub(next.fronts.len());
            self.thin(n + 1, steps.len() - n - 1, &mut next);
            self.steps.push(next.traces);
            now = next.fronts;
        }
        let whole = now.iter().enumerate().filter(|(_, (front, _))| front.is_whole());
        let (cost, mut at) = whole.map(|(n, (_, cost))| (*cost, n)).min()?;
        let mut walked = Vec::new();
        for (pass, traces) in steps.iter().zip(&self.steps).rev() {
            let trace = traces[at];
            at = trace.from as usize;
            match pass {
                Pass::Pin { .. } => {}
                Pass::Down { edge, .. } | Pass::Right { edge, .. } => walked.push((*edge, trace.walked)),
            }
        }
        Some((cost, walked))
    }

    /// All ways to walk the next edge from a front.
    fn walk_on(&mut self, step: usize, at: (u32, Front, i64), pass: Pass, way: &(Costs, Way, i64), next: &mut Layer) {
        let (_, front, _) = at;
        let (costs, direction, length) = way;
        let (row, down) = match pass {
            Pass::Pin { row, by } => {
                let walked = Walked::of(Kind::Skip);
                self.reach(step, at, front.pin(row, by, self.law), 0, walked, next);
                return;
            }
            Pass::Down { row, .. } => (row, true),
            Pass::Right { row, .. } => (row, false),
        };
        let after = |effect| if down { front.down(row, effect, self.law) } else { front.right(row, effect, self.law) };
        let turning = [Kind::Skip, Kind::Low, Kind::High, Kind::Gap];
        let kinds: &[Kind] = match (self.law, direction) {
            (Law::Parity, _) => &super::frontier::KINDS,
            (Law::Balance, _) => &turning,
        };
        let mut options: Vec<(Option<Front>, i64, Walked)> = Vec::with_capacity(8);
        for kind in kinds.iter().filter(|k| costs[**k as usize] < NEVER) {
            options.push((after(Effect::of(*kind)), costs[*kind as usize], Walked::of(*kind)));
        }
        let passable = self.law == Law::Balance && costs[Kind::Once as usize] < NEVER;
        if passable && *direction == Way::Both {
            let both = Walked { kind: Kind::Once, ahead: 1, back: 1 };
            options.push((after(Effect::of(Kind::Twice)), 2 * length, both));
        }
        for (to, cost, walked) in options {
            self.reach(step, at, to, cost, walked, next);
        }
        if passable {
            self.flow(step, at, (row, down), (*direction, *length), next);
        }
    }

    /// Through an edge in one direction, once or more often.
    fn flow(
        &mut self,
        step: usize,
        at: (u32, Front, i64),
        (row, down): (usize, bool),
        (way, length): (Way, i64),
        next: &mut Layer,
    ) {
        let allowed = |flow: i8| flow > 0 && way != Way::Back || flow < 0 && way != Way::Onward;
        if !down {
            // The corner is left behind, so what came into it must go out here.
            let flow = at.1.balance(row);
            if allowed(flow) {
                let to = at.1.right(row, Effect::through(flow), self.law);
                self.reach(step, at, to, i64::from(flow.abs()) * length, through(flow), next);
            }
            return;
        }
        let most = self.flow_max.min(if self.known.is_some() { FLOW_MAX } else { BLIND_FLOW_MAX });
        for sign in [1, -1].into_iter().filter(|s| allowed(*s)) {
            let mut dropped = 0;
            for times in 1..=most as i8 {
                let to = at.1.down(row, Effect::through(sign * times), self.law);
                let kept = self.reach(step, at, to, i64::from(times) * length, through(sign * times), next);
                // What must still come depends on odd or even alone: if both were too dear, so is all beyond.
                dropped = if kept { 0 } else { dropped + 1 };
                if dropped == 2 {
                    break;
                }
            }
            self.lost |= dropped < 2 && most < self.flow_max;
        }
    }

    /// Notes that a front can be reached; false if it is too dear.
    fn reach(
        &mut self,
        step: usize,
        at: (u32, Front, i64),
        to: Option<Front>,
        cost: i64,
        walked: Walked,
        next: &mut Layer,
    ) -> bool {
        let Some(to) = to else { return false };
        let cost = at.2 + cost;
        let whole = cost + self.to_go(step, &to);
        if whole > self.limit {
            self.over = self.over.min(whole);
            return false;
        }
        let trace = Trace { from: at.0, walked };
        let fresh = next.fronts.len() as u32;
        let number = *next.numbers.entry(to).or_insert(fresh) as usize;
        if number == fresh as usize {
            next.fronts.push((to, cost));
            next.traces.push(trace);
        } else if cost < next.fronts[number].1 {
            next.fronts[number].1 = cost;
            next.traces[number] = trace;
        }
        true
    }

    fn to_go(&self, step: usize, front: &Front) -> i64 {
        let Some((to_go, table)) = self.known else { return 0 };
        table.number(&front.undirected()).map_or(NEVER, |n| to_go[step][n])
    }

    /// Keeps the most promising fronts only, where there are too many for what is left of the work and the steps.
    fn thin(&mut self, step: usize, still: usize, layer: &mut Layer) {
        let part = self.left / still.max(1) * if self.known.is_some() { GUIDED } else { 1 };
        let most = part.clamp(LAYER_MIN, LAYER_MAX);
        if layer.fronts.len() <= most {
            return;
        }
        self.lost = true;
        let promise = |n: &usize| {
            let (front, cost) = &layer.fronts[*n];
            let join = if self.known.is_some() { 0 } else { self.join * front.pieces() };
            (cost + join + self.to_go(step, front), *n)
        };
        let mut keep: Vec<usize> = (0..layer.fronts.len()).collect();
        keep.sort_by_cached_key(promise);
        keep.truncate(most);
        layer.fronts = keep.iter().map(|n| layer.fronts[*n]).collect();
        layer.traces = keep.iter().map(|n| layer.traces[*n]).collect();
    }
}
