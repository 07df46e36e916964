//! From edges that are walked so and so often to one walk along all of them, and the stops in the order they come.

use super::frontier::Kind;
use super::layout::Point;
use super::site::{Site, Spot};

/// A stop: where it lies and which of the given ones it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stop {
    /// The edge it lies at.
    pub edge: usize,
    /// In mm from the edge's low end.
    pub offset: i64,
    /// Its number in what was asked.
    pub index: usize,
}

/// How an edge is walked in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walked {
    pub kind: Kind,
    /// Walks from the low end to the high one. Without directions all walks through stand here.
    pub ahead: u16,
    /// Walks back.
    pub back: u16,
}

const UNWALKED: Walked = Walked { kind: Kind::Skip, ahead: 0, back: 0 };

impl Walked {
    /// By its kind alone, on ways without a direction.
    pub(super) fn of(kind: Kind) -> Walked {
        let ahead = match kind {
            Kind::Skip | Kind::Low | Kind::High | Kind::Gap => 0,
            Kind::Once => 1,
            Kind::Twice => 2,
        };
        Walked { kind, ahead, back: 0 }
    }
}

/// Memory to make a walk of edges, kept from one to the next.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    walked: Vec<Walked>,
    seen: Vec<bool>,
    stack: Vec<(usize, usize)>,
    corners: Vec<(usize, usize)>,
}

impl Circuit {
    /// Makes the walk. `chosen` says how edges are walked, `shelf` gives the stops at an edge in ascending order;
    /// `directed` says that `ahead` and `back` are to be kept apart.
    pub(super) fn make<'s>(
        &mut self,
        site: &Site,
        ends: ((usize, usize), (usize, usize)),
        chosen: impl Iterator<Item = (usize, Walked)>,
        shelf: impl Fn(usize) -> &'s [Stop],
        directed: bool,
    ) -> (Vec<usize>, Vec<Point>) {
        self.walked.clear();
        self.walked.resize(site.edges.len(), UNWALKED);
        for (edge, walked) in chosen {
            self.walked[edge] = walked;
        }
        self.line_up(site, ends.1, directed);
        self.seen.clear();
        self.seen.resize(site.cols * site.rows, false);
        let mut line = Line { site, order: Vec::new(), path: Vec::with_capacity(2 * self.corners.len()) };
        for n in 0..self.corners.len() {
            let at = self.corners[n];
            let seen = &mut self.seen[at.0 * site.rows + at.1];
            line.to(site.point(at));
            if !std::mem::replace(seen, true) {
                self.turn_into(site, at, &shelf, &mut line);
            }
            if let Some(next) = self.corners.get(n + 1) {
                self.pass_along(site, at, *next, &shelf, &mut line);
            }
        }
        (line.order, line.path)
    }

    /// One walk over every edge (Hierholzer). It is found from its end backwards.
    fn line_up(&mut self, site: &Site, end: (usize, usize), directed: bool) {
        self.stack.clear();
        self.corners.clear();
        self.stack.push(end);
        while let Some(at) = self.stack.last().copied() {
            match self.before(site, at, directed) {
                Some(from) => self.stack.push(from),
                None => self.corners.extend(self.stack.pop()),
            }
        }
    }

    /// A corner from which a walk leads here that was not used yet; it is used now.
    fn before(&mut self, site: &Site, at: (usize, usize), directed: bool) -> Option<(usize, usize)> {
        for (edge, from, is_high) in neighbours(site, at) {
            let w = &mut self.walked[edge];
            let left = if is_high || !directed { &mut w.ahead } else { &mut w.back };
            if *left > 0 {
                *left -= 1;
                return Some(from);
            }
        }
        None
    }

    /// What is done from a corner when the walk comes there first: in as far as the last stop, and out again.
    fn turn_into<'s>(
        &self,
        site: &Site,
        at: (usize, usize),
        shelf: &impl Fn(usize) -> &'s [Stop],
        line: &mut Line<'_>,
    ) {
        for (edge, _, is_high) in neighbours(site, at) {
            let stops = shelf(edge);
            let kind = self.walked[edge].kind;
            let part = match (kind, is_high) {
                (Kind::Low, false) | (Kind::High, true) => stops,
                (Kind::Gap, _) => {
                    let after = gap(site, edge, stops);
                    if is_high { &stops[after..] } else { &stops[..after] }
                }
                (Kind::Skip | Kind::Once | Kind::Twice | Kind::Low | Kind::High, _) => continue,
            };
            line.along(part, is_high);
            line.to(site.point(at));
        }
    }

    fn pass_along<'s>(
        &mut self,
        site: &Site,
        at: (usize, usize),
        next: (usize, usize),
        shelf: &impl Fn(usize) -> &'s [Stop],
        line: &mut Line<'_>,
    ) {
        let Some((edge, _, is_high)) = neighbours(site, at).find(|(_, to, _)| *to == next) else { return };
        let kind = &mut self.walked[edge].kind;
        match kind {
            Kind::Once | Kind::Twice => {
                *kind = Kind::Skip; // its stops are done with the first walk
                line.along(shelf(edge), is_high);
            }
            Kind::Skip | Kind::Low | Kind::High | Kind::Gap => {}
        }
    }
}

/// The edges at a corner, with the corner at their other end, and whether this one is their high end.
fn neighbours(site: &Site, (col, row): (usize, usize)) -> impl Iterator<Item = (usize, (usize, usize), bool)> {
    let down = (row + 1 < site.rows).then(|| (site.down(col, row), (col, row + 1), false));
    let up = (row > 0).then(|| (site.down(col, row - 1), (col, row - 1), true));
    let right = (col + 1 < site.cols).then(|| (site.right(col, row), (col + 1, row), false));
    let left = (col > 0).then(|| (site.right(col - 1, row), (col - 1, row), true));
    [down, up, right, left].into_iter().flatten()
}

/// Where the stops of an edge part into those done from its low end and those done from its high end.
fn gap(site: &Site, edge: usize, stops: &[Stop]) -> usize {
    if let Some((_, after)) = site.edges[edge].closed {
        return stops.partition_point(|s| s.offset < after);
    }
    let gaps = stops.iter().zip(stops.iter().skip(1)).enumerate();
    gaps.max_by_key(|(n, (a, b))| (b.offset - a.offset, usize::MAX - n)).map_or(stops.len(), |(n, _)| n + 1)
}

/// The walk as it is drawn and told.
struct Line<'a> {
    site: &'a Site,
    order: Vec<usize>,
    path: Vec<Point>,
}

impl Line<'_> {
    /// Goes on to a point; what lies straight between its neighbours is left out.
    fn to(&mut self, p: Point) {
        straight_on(&mut self.path, p);
    }

    /// Past stops, upwards or downwards; those before the same shelf come as they were given.
    fn along(&mut self, stops: &[Stop], downwards: bool) {
        if downwards {
            for same in stops.chunk_by(|a, b| a.offset == b.offset).rev() {
                self.order.extend(same.iter().map(|s| s.index));
            }
        } else {
            self.order.extend(stops.iter().map(|s| s.index));
        }
        let farthest = if downwards { stops.first() } else { stops.last() };
        if let Some(s) = farthest {
            self.to(self.site.point_on(Spot { edge: s.edge, offset: s.offset }));
        }
    }
}

/// Adds a point to a line along aisles and cross-aisles; a point straight between its neighbours is dropped.
pub(super) fn straight_on(path: &mut Vec<Point>, p: Point) {
    let sign = |a: Point, b: Point| ((b.x_mm - a.x_mm).signum(), (b.y_mm - a.y_mm).signum());
    match path.as_slice() {
        [.., a] if *a == p => {}
        [.., a, b] if sign(*a, *b) == sign(*b, p) => {
            path.pop();
            path.push(p);
        }
        _ => path.push(p),
    }
}
