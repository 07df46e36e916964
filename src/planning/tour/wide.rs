//! Walks where no table lists all fronts, or where too many would have to be kept: the best of what three methods find.
//!
//! Few places are put in order by trying every order: such a walk is a shortest one, however wide the grid is. More are put in order
//! by changes. The search by fronts goes first where a table guides it, and otherwise only where places are too many for distances; the
//! combined rule is asked wherever it is defined. A walk is called proven where it is as short as a bound.

use super::circuit::straight_on;
use super::distance::{Distances, Leg};
use super::effort::Effort;
use super::layout::{Bin, Corner, Point};
use super::planner::{Planner, Taken, TourError, Walk, shelf_of};
use super::policy::Policy;
use super::search::{self, Found};
use super::sequence;
use super::site::{Site, Spot};
use super::sweep::Frame;

/// Work for the bound: rounds by pairs of places.
const BOUND_WORK: usize = 3_000_000;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub site: &'q Site,
    pub start: Corner,
    pub end: Corner,
    /// The same as columns and rows.
    pub at: ((usize, usize), (usize, usize)),
    /// The part of the grid that is needed; `None` where it is too wide for fronts.
    pub frame: Option<Frame>,
    pub bins: &'q [Bin],
}

/// The best walk that the planner's effort allows.
pub(super) fn walk(planner: &mut Planner, asked: Question<'_>) -> Result<Walk, TourError> {
    let mut best = Best { walk: None, least: 0 };
    let guided = asked.frame.filter(|f| planner.table(f).is_some());
    if let Some(frame) = guided {
        best.take(by_fronts(planner, &asked, &frame))?;
        if let Some(walk) = best.proven() {
            return Ok(walk);
        }
    }
    let distances = Distances::new(asked.site, asked.at, &planner.stops, planner.effort.places_max());
    match (&distances, asked.frame, guided) {
        (Some(distances), ..) => {
            best.least = best.least.max(search::at_least(planner, asked.site));
            best.take(by_order(planner, &asked, distances).ok_or(TourError::NotFound))?;
        }
        (None, Some(frame), None) if planner.effort != Effort::Brief || !asked.site.plain => {
            best.take(by_fronts(planner, &asked, &frame))?;
        }
        (None, Some(_) | None, Some(_) | None) => {}
    }
    if let Some(walk) = best.proven() {
        return Ok(walk);
    }
    if asked.site.plain {
        best.take(Policy::Combined.walk(asked.site, asked.start, asked.end, asked.bins))?;
    }
    best.walk().ok_or(TourError::NotFound)
}

/// The best so far.
struct Best {
    walk: Option<Walk>,
    /// No walk is shorter, without climbing.
    least: i64,
}

impl Best {
    /// Takes what a method found. That it found nothing is no failure: the others go on.
    fn take(&mut self, found: Result<Walk, TourError>) -> Result<(), TourError> {
        let found = match found {
            Err(TourError::NotFound) => return Ok(()),
            found => found?,
        };
        self.least = self.least.max(found.least_mm - found.climb_mm);
        if self.walk.as_ref().is_none_or(|w| found.length_mm < w.length_mm) {
            self.walk = Some(found);
        }
        Ok(())
    }

    fn walk(&self) -> Option<Walk> {
        let walk = self.walk.clone()?;
        let least = self.least.min(walk.length_mm);
        Some(Walk { least_mm: least + walk.climb_mm, proven: least == walk.length_mm, ..walk })
    }

    fn proven(&self) -> Option<Walk> {
        self.walk().filter(|w| w.proven)
    }
}

/// By the search of [`super::search`].
fn by_fronts(planner: &mut Planner, asked: &Question<'_>, frame: &Frame) -> Result<Walk, TourError> {
    let Found { walked, length_mm, least_mm, proven } = search::search(planner, asked.site, frame)?;
    let shelf = shelf_of(&planner.slots, &planner.shelves, &planner.stops);
    let directed = asked.site.one_way;
    let (order, path) = planner.circuit.make(asked.site, (frame.start, frame.end), walked.into_iter(), shelf, directed);
    let taken = order.into_iter().map(|item| Taken { item, bin: asked.bins[item] }).collect();
    let climb_mm = climb(asked);
    Ok(Walk { taken, length_mm, climb_mm, least_mm: least_mm + climb_mm, proven, path })
}

fn climb(asked: &Question<'_>) -> i64 {
    asked.bins.iter().map(|b| asked.site.climb(*b)).sum()
}

/// By putting the places in order.
fn by_order(planner: &Planner, asked: &Question<'_>, distances: &Distances<'_>) -> Option<Walk> {
    let (between, places, effort) = (distances.between(), distances.places(), planner.effort);
    let (length_mm, row, least) = if places <= effort.exact_max() {
        let (length, row) = sequence::exact(between, places)?;
        (length, row, length)
    } else {
        let first = by_rule(planner, asked).into_iter().collect();
        let (length, row) = sequence::improved(between, places, effort.changes(), first)?;
        let rounds = effort.bound_rounds().min(BOUND_WORK / (places * places));
        let least = sequence::bound(between, places, rounds, (length, grain(planner, asked)));
        (length, row, least)
    };
    let mut legs = Vec::new();
    row.windows(2).for_each(|w| distances.legs(w[0], w[1], &mut legs));
    let (order, path) = line(planner, asked, &legs);
    let taken = order.into_iter().map(|item| Taken { item, bin: asked.bins[item] }).collect();
    let climb_mm = climb(asked);
    Some(Walk { taken, length_mm, climb_mm, least_mm: least + climb_mm, proven: least == length_mm, path })
}

/// What the length of every walk is a multiple of. One that ends where it begins goes as far up as down, and as far right as left.
fn grain(planner: &Planner, asked: &Question<'_>) -> i64 {
    let gcd = |mut a: i64, mut b: i64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let all = asked.site.edges.iter().map(|e| e.length).chain(planner.stops.iter().map(|s| s.offset)).fold(0, gcd);
    (if asked.at.0 == asked.at.1 { 2 * all } else { all }).max(1)
}

/// The places as the combined rule comes by them, where it is defined.
fn by_rule(planner: &Planner, asked: &Question<'_>) -> Option<Vec<usize>> {
    let walk = Policy::Combined.walk(asked.site, asked.start, asked.end, asked.bins).ok()?;
    let mut place = vec![0; asked.bins.len()];
    for (n, same) in planner.stops.chunk_by(|a, b| (a.edge, a.offset) == (b.edge, b.offset)).enumerate() {
        same.iter().for_each(|s| place[s.index] = n);
    }
    let mut seen = vec![false; asked.bins.len()];
    let row = walk.taken.iter().map(|t| place[t.item]);
    Some(row.filter(|p| !std::mem::replace(&mut seen[*p], true)).collect())
}

/// The stops as they come along the legs, each when the walk comes by it first, and the walk as a line.
fn line(planner: &Planner, asked: &Question<'_>, legs: &[Leg]) -> (Vec<usize>, Vec<Point>) {
    let site = asked.site;
    let mut taken = vec![false; planner.stops.len()];
    let (mut order, mut path) = (Vec::with_capacity(taken.len()), vec![site.point(asked.at.0)]);
    let shelf = shelf_of(&planner.slots, &planner.shelves, &planner.stops);
    for (edge, from, to) in legs {
        let first = planner.slots[*edge].checked_sub(1).map_or(0, |slot| planner.shelves[slot as usize].first);
        let (low, high) = (*from.min(to), *from.max(to));
        let mut pass = |n: usize, offset: i64, index: usize| {
            if (low..=high).contains(&offset) && !std::mem::replace(&mut taken[first + n], true) {
                order.push(index);
            }
        };
        let stops = shelf(*edge);
        if from <= to {
            stops.iter().enumerate().for_each(|(n, s)| pass(n, s.offset, s.index));
        } else {
            let mut end = stops.len();
            for same in stops.chunk_by(|a, b| a.offset == b.offset).rev() {
                end -= same.len();
                same.iter().enumerate().for_each(|(n, s)| pass(end + n, s.offset, s.index));
            }
        }
        straight_on(&mut path, point(site, *edge, *from));
        straight_on(&mut path, point(site, *edge, *to));
    }
    (order, path)
}

/// Where something lies on an edge, so far from its low end.
fn point(site: &Site, edge: usize, offset: i64) -> Point {
    let [low, high] = site.ends(edge);
    match offset {
        0 => site.point(low),
        end if end == site.edges[edge].length => site.point(high),
        offset => site.point_on(Spot { edge, offset }),
    }
}
