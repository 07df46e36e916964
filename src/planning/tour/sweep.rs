//! The shortest walk by sweeping the grid once from left to right, edge by edge.
//!
//! After each edge stands, for every front, the least cost of a walk so far that ends in it. The next edge makes of it the least cost for
//! every front after that edge. A cost and the front it belongs to are one number, the cost above, so that the least one is
//! found without a jump; the way it was reached stands in the low bits and is kept to trace the walk back.

use super::frontier::Kind;
use super::shelf::{Costs, NEVER, bare};
use super::site::Site;
use super::table::{KIND_BITS, Menu, Step, Table};

/// Bits below the cost: the front it comes from, and the kind.
const TAG_BITS: u32 = 20;
const TAG: u64 = (1 << TAG_BITS) - 1;
const UNREACHED: u64 = (NEVER as u64) << TAG_BITS;

/// Costs of the kinds, ready to be added; eight, so that no index is out of range.
pub(super) type Weights = [u64; 8];

/// Makes costs ready to be added.
pub(super) fn weights(costs: &Costs) -> Weights {
    let mut w = [UNREACHED; 8];
    for ((kind, w), cost) in w.iter_mut().enumerate().zip(costs) {
        *w = (*cost as u64) << TAG_BITS | kind as u64;
    }
    w
}

/// The stops at an edge, as the sweep sees them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shelf {
    /// Which edge.
    pub edge: usize,
    /// Where its stops begin in the list of all.
    pub first: usize,
    /// How many they are.
    pub count: usize,
    /// What walking the edge costs.
    pub weights: Weights,
}

/// Where a walk begins and ends, and the part of the grid it can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Column and row it begins at.
    pub start: (usize, usize),
    /// Column and row it ends at.
    pub end: (usize, usize),
    /// First and last column.
    pub cols: (usize, usize),
    /// First and last row.
    pub rows: (usize, usize),
    /// Walking an outermost block twice is known to be of no use.
    pub single: bool,
    /// Stops may be left out, for what their edge's weights say.
    pub optional: bool,
}

impl Frame {
    /// How many rows.
    pub(super) fn height(&self) -> usize {
        self.rows.1 - self.rows.0 + 1
    }

    /// Whether it ends elsewhere than it begins.
    pub(super) fn open(&self) -> bool {
        self.start != self.end
    }
}

/// One step of the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// A corner where the walk begins (`by` is 1: one way out needs no way in), ends (-1), or does both (0).
    Pin { row: usize, by: i8 },
    /// An edge down a column; its row within the frame.
    Down { edge: usize, row: usize },
    /// An edge to the next column.
    Right { edge: usize, row: usize },
}

/// The steps of a sweep, in their order.
pub(super) fn passes(site: &Site, frame: &Frame, all: &mut Vec<Pass>) {
    all.clear();
    let (top, bottom) = frame.rows;
    for col in frame.cols.0..=frame.cols.1 {
        let pins =
            if frame.open() { [Some((frame.start, 1)), Some((frame.end, -1))] } else { [Some((frame.start, 0)), None] };
        for ((_, row), by) in pins.into_iter().flatten().filter(|(at, _)| at.0 == col) {
            all.push(Pass::Pin { row: row - top, by });
        }
        all.extend((top..bottom).map(|row| Pass::Down { edge: site.down(col, row), row: row - top }));
        if col < frame.cols.1 {
            all.extend((top..=bottom).map(|row| Pass::Right { edge: site.right(col, row), row: row - top }));
        }
    }
}

/// Memory of a sweep, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    now: Vec<u64>,
    next: Vec<u64>,
    /// For each step and front the way to it.
    trace: Vec<u32>,
    pub(super) passes: Vec<Pass>,
}

impl Sweep {
    /// The least cost of a walk within the frame; `None` where there is none. `slots` says for every edge which shelf it has, counted
    /// from 1.
    pub(super) fn run(
        &mut self,
        site: &Site,
        table: &Table,
        frame: &Frame,
        slots: &[u32],
        shelves: &[Shelf],
    ) -> Option<i64> {
        passes(site, frame, &mut self.passes);
        let fronts = table.fronts;
        self.now.clear();
        self.now.extend((0..fronts as u64).map(|n| UNREACHED | n << KIND_BITS));
        self.now[0] = 0;
        self.next.clear();
        self.next.resize(fronts, 0);
        if self.trace.len() < fronts * self.passes.len() {
            self.trace.resize(fronts * self.passes.len(), 0);
        }
        for (pass, trace) in self.passes.iter().zip(self.trace.chunks_exact_mut(fronts)) {
            let (step, weights) = options(site, table, frame, slots, shelves, *pass)?;
            relax(step, &weights, &self.now, &mut self.next, trace);
            std::mem::swap(&mut self.now, &mut self.next);
        }
        let least = self.now.iter().zip(&table.whole).filter(|(_, whole)| **whole).map(|(n, _)| *n).min()?;
        (least < UNREACHED).then_some((least >> TAG_BITS) as i64)
    }

    /// How the edges are walked in the cheapest walk of the last run, as pairs of edge and kind; skipped ones are left out.
    pub(super) fn traced(&self, table: &Table, chosen: &mut Vec<(usize, Kind)>) {
        chosen.clear();
        let ends = self.now.iter().zip(&table.whole).filter(|(_, whole)| **whole);
        let mut at = ends.map(|(n, _)| *n).min().map_or(0, |n| (n & TAG) >> KIND_BITS) as usize;
        for (pass, trace) in self.passes.iter().zip(self.trace.chunks_exact(table.fronts)).rev() {
            let way = trace[at];
            at = (way >> KIND_BITS) as usize;
            let kind = match way & ((1 << KIND_BITS) - 1) {
                1 => Kind::Once,
                2 => Kind::Twice,
                3 => Kind::Low,
                4 => Kind::High,
                5 => Kind::Gap,
                _ => continue,
            };
            match pass {
                Pass::Pin { .. } => {}
                Pass::Down { edge, .. } | Pass::Right { edge, .. } => chosen.push((*edge, kind)),
            }
        }
    }

    /// For every step the least cost of what still comes after it, by front; the first entry is before the first step.
    pub(super) fn still_to_come(
        &mut self,
        site: &Site,
        table: &Table,
        frame: &Frame,
        slots: &[u32],
        shelves: &[Shelf],
    ) -> Option<Vec<Vec<i64>>> {
        passes(site, frame, &mut self.passes);
        let mut after: Vec<i64> = table.whole.iter().map(|whole| if *whole { 0 } else { NEVER }).collect();
        let mut all = vec![after.clone()];
        for pass in self.passes.iter().rev() {
            let (step, weights) = options(site, table, frame, slots, shelves, *pass)?;
            let mut before = vec![NEVER; table.fronts];
            for (to, ends) in step.begins.windows(2).enumerate() {
                for way in &step.ways[ends[0] as usize..ends[1] as usize] {
                    let cost = after[to] + (weights[(way & 7) as usize] >> TAG_BITS) as i64;
                    let from = &mut before[(way >> KIND_BITS) as usize];
                    *from = cost.min(*from);
                }
            }
            after = before;
            all.push(after.clone());
        }
        all.reverse();
        Some(all)
    }
}

/// What may be done at a step, and what it costs.
fn options<'t>(
    site: &Site,
    table: &'t Table,
    frame: &Frame,
    slots: &[u32],
    shelves: &[Shelf],
    pass: Pass,
) -> Option<(&'t Step, Weights)> {
    let (edge, row, down) = match pass {
        Pass::Pin { row, by } => return Some((table.pin(row, by != 0)?, [0; 8])),
        Pass::Down { edge, row } => (edge, row, true),
        Pass::Right { edge, row } => (edge, row, false),
    };
    // Blocks lie along the columns, or across them where the grid lies on its side.
    let outermost = match (site.flipped, down) {
        (false, true) => row == 0 || row + 2 == frame.height(),
        (true, false) => {
            let col = site.ends(edge)[0].0;
            col == frame.cols.0 || col + 1 == frame.cols.1
        }
        (false, false) | (true, true) => false,
    };
    let single = frame.single && outermost;
    let (menu, weights) = match slots[edge] {
        0 => (if single { Menu::BareSingle } else { Menu::Bare }, weights(&bare(&site.edges[edge]))),
        slot => {
            let menu = match (frame.optional, single) {
                (true, _) => Menu::Any,
                (false, true) => Menu::StopsSingle,
                (false, false) => Menu::Stops,
            };
            (menu, shelves[slot as usize - 1].weights)
        }
    };
    Some((if down { table.down(row, menu)? } else { table.right(row, menu)? }, weights))
}

/// The least cost of each front after a step.
fn relax(step: &Step, weights: &Weights, now: &[u64], next: &mut [u64], trace: &mut [u32]) {
    let mut begin = 0;
    let ends = step.begins.iter().skip(1);
    for (to, ((end, next), trace)) in ends.zip(next.iter_mut()).zip(trace).enumerate() {
        let end = *end as usize;
        let mut least = UNREACHED;
        for way in &step.ways[begin..end] {
            least = least.min(now[(way >> KIND_BITS) as usize] + weights[(way & 7) as usize]);
        }
        begin = end;
        *trace = (least & TAG) as u32;
        *next = (least & !TAG) | (to as u64) << KIND_BITS;
    }
}
