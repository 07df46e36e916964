//! The door to the shortest walk: checks what is asked, chooses the method, and hands back the walk.

use super::circuit::{Circuit, Stop, Walked};
use super::effort::Effort;
use super::frontier::{Kind, ROWS_MAX};
use super::layout::{Bin, Corner, LayoutError, Point};
use super::reach::Reach;
use super::shelf;
use super::site::Site;
use super::sweep::{Frame, Shelf, Sweep, weights};
use super::table::Table;
use super::wide::{self, Question};

/// Most items of one walk.
pub const ITEMS_MAX: usize = 10_000;

/// What was taken where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which item, by its number in what was asked.
    pub item: usize,
    /// From which bin.
    pub bin: Bin,
}

/// A walk through the shelves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// What is taken, as it comes along the way.
    pub taken: Vec<Taken>,
    /// Length of the way, in mm.
    pub length_mm: i64,
    /// What climbing to the shelves costs, as way in mm.
    pub climb_mm: i64,
    /// No walk costs less than this: way and climbing together, in mm. 0 where nothing is known.
    pub least_mm: i64,
    /// No walk is shorter.
    pub proven: bool,
    /// The walk as a line: its start, every corner and turning point, its end.
    pub path: Vec<Point>,
}

/// Why there is no walk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TourError {
    /// The layout is none.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Nothing is to be picked.
    #[error("there is nothing to pick")]
    Nothing,
    /// More items than one walk may have.
    #[error("{0} items are too many for one walk; it may have {ITEMS_MAX}")]
    TooMany(usize),
    /// An item is in no bin.
    #[error("item {0} (counted from 1) has no bin")]
    NoBin(usize),
    /// A bin that the layout does not have.
    #[error("item {item} (counted from 1) lies in aisle {}, cell {}, level {}, which the layout does not have", bin.aisle, bin.cell, bin.level)]
    UnknownBin {
        /// Which item, from 1.
        item: usize,
        /// The bin.
        bin: Bin,
    },
    /// The walk is to begin or end at a corner that the layout does not have.
    #[error("the {end} of the walk, aisle {} at cross-aisle {}, is not in the layout", corner.aisle, corner.cross_aisle)]
    UnknownCorner {
        /// `start` or `end`.
        end: &'static str,
        /// The corner.
        corner: Corner,
    },
    /// One-way and blocked aisles let nobody come to an item and from there to the end of the walk.
    #[error("no way leads from the start to item {item} (counted from 1) in aisle {}, cell {}, and on to the end", bin.aisle, bin.cell)]
    NoWay {
        /// Which item, from 1.
        item: usize,
        /// Its last bin.
        bin: Bin,
    },
    /// Both items can be reached, but not in one walk.
    #[error("no way leads from item {item} to item {other} (counted from 1), nor back")]
    Apart {
        /// One item, from 1.
        item: usize,
        /// The other.
        other: usize,
    },
    /// Nothing but the walk's own end is cut off.
    #[error("no way leads from the start of the walk to its end")]
    NoWayToEnd,
    /// The grid is too wide for any method that knows one-way or blocked aisles.
    #[error(
        "a layout with one-way or blocked aisles, {aisles} aisles and {cross_aisles} cross-aisles is too wide: one of them may be {ROWS_MAX} at most"
    )]
    TooWide {
        /// Aisles.
        aisles: usize,
        /// Cross-aisles.
        cross_aisles: usize,
    },
    /// A policy for comparison that nobody defined for such a layout.
    #[error("the policy {policy} is not defined for {why}")]
    Policy {
        /// Its name.
        policy: &'static str,
        /// For what: `one-way or blocked aisles`.
        why: &'static str,
    },
    /// No walk was found though there should be one: a fault of the planner.
    #[error("no walk was found")]
    NotFound,
}

/// Plans walks; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub struct Planner {
    pub(super) effort: Effort,
    pub(super) sweep: Sweep,
    pub(super) circuit: Circuit,
    pub(super) stops: Vec<Stop>,
    pub(super) shelves: Vec<Shelf>,
    /// For every edge which shelf it has, counted from 1; 0 for none.
    pub(super) slots: Vec<u32>,
    chosen: Vec<(usize, Kind)>,
}

impl Planner {
    /// A planner.
    #[must_use]
    pub fn new() -> Planner {
        Planner::default()
    }

    /// A planner that works so hard where shortest walks are not quickly found.
    #[must_use]
    pub fn with_effort(effort: Effort) -> Planner {
        Planner { effort, ..Planner::default() }
    }

    /// A shortest walk from one corner past all bins to another one. Bins before the same shelf come in the order given.
    ///
    /// # Errors
    /// If there is nothing to pick, or something is not in the layout, or no way leads to it.
    pub fn shortest(&mut self, site: &Site, start: Corner, end: Corner, bins: &[Bin]) -> Result<Walk, TourError> {
        let frame = match self.ask(site, start, end, bins) {
            Err(TourError::TooWide { .. }) if site.plain => None,
            asked => Some(asked?),
        };
        let swept = |f: &Frame| !site.one_way && self.table(f).is_some();
        let Some(frame) = frame.filter(swept) else {
            let at = ends(site, start, end)?;
            return wide::walk(self, Question { site, start, end, at, frame, bins });
        };
        let climb_mm = bins.iter().map(|b| site.climb(*b)).sum();
        let length_mm = self.swept(site, &frame)?;
        let chosen = self.chosen.iter().map(|(edge, kind)| (*edge, Walked::of(*kind)));
        let shelf = shelf_of(&self.slots, &self.shelves, &self.stops);
        let (order, path) = self.circuit.make(site, (frame.start, frame.end), chosen, shelf, false);
        let taken = order.into_iter().map(|item| Taken { item, bin: bins[item] }).collect();
        Ok(Walk { taken, length_mm, climb_mm, least_mm: length_mm + climb_mm, proven: true, path })
    }

    /// The length of a shortest walk alone, in mm, without climbing; where it is not proven, of the best one found.
    ///
    /// # Errors
    /// As [`Planner::shortest`].
    pub fn length_mm(&mut self, site: &Site, start: Corner, end: Corner, bins: &[Bin]) -> Result<i64, TourError> {
        Ok(self.length(site, start, end, bins)?.0)
    }

    /// The same, and whether it is proven that no walk is shorter.
    ///
    /// # Errors
    /// As [`Planner::shortest`].
    pub fn length(&mut self, site: &Site, start: Corner, end: Corner, bins: &[Bin]) -> Result<(i64, bool), TourError> {
        let frame = self.ask(site, start, end, bins);
        let table = frame.as_ref().ok().and_then(|f| self.table(f));
        match (frame, table) {
            (Ok(frame), Some(table)) if !site.one_way => {
                let length = self.sweep.run(site, table, &frame, &self.slots, &self.shelves);
                Ok((length.ok_or(TourError::NotFound)?, true))
            }
            (Ok(_) | Err(_), _) => {
                let walk = self.shortest(site, start, end, bins)?;
                Ok((walk.length_mm, walk.proven))
            }
        }
    }

    /// The table for a frame, if there is one and it is not too much work.
    pub(super) fn table(&self, frame: &Frame) -> Option<&'static Table> {
        let (rows, open) = (frame.height(), frame.open());
        if self.effort.lists(rows, open) { Table::of(rows, open) } else { None }
    }

    /// Runs the sweep and keeps how the edges are walked.
    pub(super) fn swept(&mut self, site: &Site, frame: &Frame) -> Result<i64, TourError> {
        let table = self.table(frame).ok_or(TourError::NotFound)?;
        let least = self.sweep.run(site, table, frame, &self.slots, &self.shelves).ok_or(TourError::NotFound)?;
        self.sweep.traced(table, &mut self.chosen);
        Ok(least)
    }

    /// How the edges are walked in the last sweep.
    pub(super) fn chosen(&self) -> &[(usize, Kind)] {
        &self.chosen
    }

    /// Checks what is asked and puts every stop at its edge.
    fn ask(&mut self, site: &Site, start: Corner, end: Corner, bins: &[Bin]) -> Result<Frame, TourError> {
        let ends = ends(site, start, end)?;
        if bins.is_empty() {
            return Err(TourError::Nothing);
        }
        if bins.len() > ITEMS_MAX {
            return Err(TourError::TooMany(bins.len()));
        }
        if !site.plain {
            fits(site, site.rows)?;
        }
        self.stops.clear();
        for (index, bin) in bins.iter().enumerate() {
            let spot = site.spot(*bin).ok_or(TourError::UnknownBin { item: index + 1, bin: *bin })?;
            self.stops.push(Stop { edge: spot.edge, offset: spot.offset, index });
        }
        if !site.plain {
            let reach = Reach::new(site, ends.0, ends.1);
            let cut_off = self.stops.iter().find(|s| !reach.can_stop(site, s));
            if let Some(s) = cut_off {
                return Err(TourError::NoWay { item: s.index + 1, bin: bins[s.index] });
            }
            if !reach.has_end() {
                return Err(TourError::NoWayToEnd);
            }
            if ends.0 != ends.1
                && site.one_way
                && let Some((a, b)) = reach.apart(site, &self.stops)
            {
                return Err(TourError::Apart { item: a + 1, other: b + 1 });
            }
        }
        self.fill(site);
        self.frame(site, ends)
    }

    /// Sorts the stops and says for every edge that has some what walking it costs.
    pub(super) fn fill(&mut self, site: &Site) {
        self.stops.sort_unstable();
        self.group(site);
        for shelf in &mut self.shelves {
            let stops = &self.stops[shelf.first..shelf.first + shelf.count];
            shelf.weights = weights(&shelf::all(&site.edges[shelf.edge], stops.iter().map(|s| s.offset)));
        }
    }

    /// One shelf for each edge with stops, without weights yet.
    pub(super) fn group(&mut self, site: &Site) {
        self.slots.clear();
        self.slots.resize(site.edges.len(), 0);
        self.shelves.clear();
        let mut first = 0;
        for stops in self.stops.chunk_by(|a, b| a.edge == b.edge) {
            let (edge, count) = (stops[0].edge, stops.len());
            self.shelves.push(Shelf { edge, first, count, weights: [0; 8] });
            self.slots[edge] = self.shelves.len() as u32;
            first += count;
        }
    }

    /// The part of the grid that a shortest walk can need. Without blocked ways that is the smallest rectangle around all that
    /// must be touched: whatever lies outside can be pushed onto its rim, and gets no longer by it.
    pub(super) fn frame(&self, site: &Site, (start, end): (At, At)) -> Result<Frame, TourError> {
        let mut frame =
            Frame { start, end, cols: (0, site.cols - 1), rows: (0, site.rows - 1), single: false, optional: false };
        if site.plain {
            let around = |a: (usize, usize), v: usize| (a.0.min(v), a.1.max(v));
            (frame.cols, frame.rows) = ((start.0, start.0), (start.1, start.1));
            let corners = self.shelves.iter().flat_map(|s| site.ends(s.edge)).chain([end]);
            for (col, row) in corners {
                frame.cols = around(frame.cols, col);
                frame.rows = around(frame.rows, row);
            }
            // Dunn and others (arXiv 2501.14123 and 2512.08235): with two aisles in use no outermost block is walked twice.
            let aisles = if site.flipped { frame.rows } else { frame.cols };
            frame.single = start == end && aisles.0 < aisles.1;
        }
        fits(site, frame.height())?;
        Ok(frame)
    }
}

/// Whether there are so few rows that a front has a place for each.
fn fits(site: &Site, rows: usize) -> Result<(), TourError> {
    let (aisles, cross_aisles) = (site.layout().aisles.len(), site.layout().cross_aisles.len());
    if rows > ROWS_MAX { Err(TourError::TooWide { aisles, cross_aisles }) } else { Ok(()) }
}

type At = (usize, usize);

/// Column and row of both ends of a walk.
pub(super) fn ends(site: &Site, start: Corner, end: Corner) -> Result<(At, At), TourError> {
    let at = |name, corner| site.corner(corner).ok_or(TourError::UnknownCorner { end: name, corner });
    Ok((at("start", start)?, at("end", end)?))
}

/// The stops at an edge.
pub(super) fn shelf_of<'s>(slots: &'s [u32], shelves: &'s [Shelf], stops: &'s [Stop]) -> impl Fn(usize) -> &'s [Stop] {
    |edge| match slots[edge] {
        0 => &[],
        slot => {
            let shelf = &shelves[slot as usize - 1];
            &stops[shelf.first..shelf.first + shelf.count]
        }
    }
}
