//! How far it is from each place of a pick to each other one, and which way leads there.
//!
//! Places are corners or lie at an edge. Where every way is open the distance between two corners is read off; else it is found by
//! Dijkstra's rule, from one corner after the other.

use super::circuit::Stop;
use super::layout::Way;
use super::shelf::NEVER;
use super::site::Site;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most corners that are looked at to find all distances.
const CORNERS_MAX: usize = 1_500_000;

/// A step along one edge, between two places told in mm from its low end.
pub(super) type Leg = (usize, i64, i64);

/// Where a walk stops: all stops before one shelf.
#[derive(Clone, Copy, Debug)]
struct Place {
    edge: usize,
    offset: i64,
}

/// Corners by which one leaves a place or comes to it, each with the way between the two.
type Doors = [Option<(usize, i64)>; 2];

/// The distances between the places of a pick, its start and its end.
pub(super) struct Distances<'s> {
    site: &'s Site,
    places: Vec<Place>,
    /// Out of each place; the last two are the walk's start and end.
    out: Vec<Doors>,
    /// Into each place.
    into: Vec<Doors>,
    /// From corner to corner, for the corners by which one leaves; empty where every way is open.
    far: Vec<Option<Vec<i64>>>,
    between: Vec<i64>,
}

impl<'s> Distances<'s> {
    /// Between all stops, which are sorted; `None` where their places are more than `most`, or the grid too wide to look for ways.
    pub(super) fn new(site: &'s Site, (start, end): (At, At), stops: &[Stop], most: usize) -> Option<Distances<'s>> {
        let mut places: Vec<Place> = stops.iter().map(|s| Place { edge: s.edge, offset: s.offset }).collect();
        places.dedup_by_key(|p| (p.edge, p.offset));
        let corners = site.cols * site.rows;
        if places.len() > most || !site.plain && corners * (2 * places.len() + 1) > CORNERS_MAX {
            return None;
        }
        let number = |(col, row): At| col * site.rows + row;
        let (mut out, mut into): (Vec<Doors>, Vec<Doors>) = places.iter().map(|p| doors(site, *p)).unzip();
        for corner in [start, end] {
            out.push([Some((number(corner), 0)), None]);
            into.push([Some((number(corner), 0)), None]);
        }
        let mut far = Vec::new();
        if !site.plain {
            far.resize(corners, None);
            for (corner, _) in out.iter().flatten().flatten() {
                if far[*corner].is_none() {
                    far[*corner] = Some(spread(site, *corner));
                }
            }
        }
        let mut all = Distances { site, places, out, into, far, between: Vec::new() };
        let size = all.out.len();
        all.between = (0..size * size).map(|n| all.way(n / size, n % size).0).collect();
        Some(all)
    }

    /// How many places there are, without start and end.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// The distances, row after row: from a place, then from the start, then from the end.
    pub(super) fn between(&self) -> &[i64] {
        &self.between
    }

    /// The shortest way from one place to another one: how long, and by which corners, or along the edge that both lie at.
    fn way(&self, from: usize, to: usize) -> (i64, Option<(usize, usize)>) {
        let mut best = (NEVER, None);
        if let (Some(a), Some(b)) = (self.places.get(from), self.places.get(to))
            && a.edge == b.edge
            && along(self.site, *a, *b)
        {
            best.0 = (a.offset - b.offset).abs();
        }
        for (a, out) in self.out[from].iter().flatten() {
            for (b, into) in self.into[to].iter().flatten() {
                let whole = out + self.corners(*a, *b) + into;
                if whole < best.0 {
                    best = (whole, Some((*a, *b)));
                }
            }
        }
        best
    }

    fn corners(&self, a: usize, b: usize) -> i64 {
        if let Some(far) = self.far.get(a) {
            return far.as_ref().map_or(NEVER, |far| far[b]);
        }
        let point = |n: usize| self.site.point((n / self.site.rows, n % self.site.rows));
        let (a, b) = (point(a), point(b));
        (a.x_mm - b.x_mm).abs() + (a.y_mm - b.y_mm).abs()
    }

    /// Adds the steps of the shortest way from one place to another one.
    pub(super) fn legs(&self, from: usize, to: usize, legs: &mut Vec<Leg>) {
        let offset = |place: usize, corner: usize| {
            self.places.get(place).map(|p| (p.edge, p.offset, self.offset_of(p.edge, corner)))
        };
        match self.way(from, to).1 {
            None => {
                if let (Some(a), Some(b)) = (self.places.get(from), self.places.get(to)) {
                    legs.push((a.edge, a.offset, b.offset));
                }
            }
            Some((a, b)) => {
                legs.extend(offset(from, a));
                self.walk(a, b, legs);
                legs.extend(offset(to, b).map(|(edge, place, corner)| (edge, corner, place)));
            }
        }
    }

    /// Where a corner lies on an edge that ends there.
    fn offset_of(&self, edge: usize, corner: usize) -> i64 {
        let [(col, row), _] = self.site.ends(edge);
        if col * self.site.rows + row == corner { 0 } else { self.site.edges[edge].length }
    }

    /// From corner to corner. Found backwards: what is one edge nearer to the start by just its length lies on a shortest way.
    fn walk(&self, a: usize, b: usize, legs: &mut Vec<Leg>) {
        let begin = legs.len();
        let mut at = b;
        while at != a {
            let so_far = self.corners(a, at);
            let before = links(self.site, at, true).find(|(from, _, length)| self.corners(a, *from) + length == so_far);
            let Some((from, edge, _)) = before else { return };
            legs.push((edge, self.offset_of(edge, from), self.offset_of(edge, at)));
            at = from;
        }
        legs[begin..].reverse();
    }
}

type At = (usize, usize);

/// The corners by which one leaves a place, and those by which one comes to it.
fn doors(site: &Site, place: Place) -> (Doors, Doors) {
    let edge = &site.edges[place.edge];
    let [low, high] = site.ends(place.edge).map(|(col, row)| col * site.rows + row);
    let (low, high) = ((low, place.offset), (high, edge.length - place.offset));
    let (before, after) = edge.closed.unwrap_or((i64::MAX, i64::MIN));
    let whole = edge.closed.is_none();
    match edge.way {
        Way::Both => {
            let both = [(place.offset <= before).then_some(low), (place.offset >= after).then_some(high)];
            (both, both)
        }
        Way::Onward => ([whole.then_some(high), None], [whole.then_some(low), None]),
        Way::Back => ([whole.then_some(low), None], [whole.then_some(high), None]),
        Way::Blocked => ([None; 2], [None; 2]),
    }
}

/// Whether the edge leads straight from one of its places to another one.
fn along(site: &Site, a: Place, b: Place) -> bool {
    let edge = &site.edges[a.edge];
    let open =
        edge.closed.is_none_or(|(before, after)| a.offset.max(b.offset) <= before || a.offset.min(b.offset) >= after);
    open && match edge.way {
        Way::Both => true,
        Way::Onward => a.offset <= b.offset,
        Way::Back => a.offset >= b.offset,
        Way::Blocked => false,
    }
}

/// The corners that one comes to from a corner, or from which one comes there, each with the edge and its length.
fn links(site: &Site, at: usize, backwards: bool) -> impl Iterator<Item = (usize, usize, i64)> {
    let (col, row) = (at / site.rows, at % site.rows);
    let onward = [
        (row + 1 < site.rows).then(|| (at + 1, site.down(col, row))),
        (col + 1 < site.cols).then(|| (at + site.rows, site.right(col, row))),
    ];
    let back = [
        (row > 0).then(|| (at - 1, site.down(col, row.wrapping_sub(1)))),
        (col > 0).then(|| (at - site.rows, site.right(col.wrapping_sub(1), row))),
    ];
    let onward = onward.into_iter().flatten().map(move |(to, edge)| (to, edge, !backwards));
    let back = back.into_iter().flatten().map(move |(to, edge)| (to, edge, backwards));
    onward.chain(back).filter_map(|(to, edge, ahead)| {
        let e = &site.edges[edge];
        let shut = match e.way {
            Way::Both => false,
            Way::Onward => !ahead,
            Way::Back => ahead,
            Way::Blocked => true,
        };
        (!shut && e.closed.is_none()).then_some((to, edge, e.length))
    })
}

/// How far all corners are from one (Dijkstra).
fn spread(site: &Site, begin: usize) -> Vec<i64> {
    let mut far = vec![NEVER; site.cols * site.rows];
    far[begin] = 0;
    let mut open = BinaryHeap::from([Reverse((0, begin))]);
    while let Some(Reverse((so_far, at))) = open.pop() {
        if so_far > far[at] {
            continue;
        }
        for (to, _, length) in links(site, at, false) {
            if so_far + length < far[to] {
                far[to] = so_far + length;
                open.push(Reverse((so_far + length, to)));
            }
        }
    }
    far
}
