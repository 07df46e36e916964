//! The walking order of a pick: from the bench through all shelves and back, provably shortest.
//!
//! Exact dynamic programming over the aisles, from left to right (Ratliff and Rosenthal, "Order-picking
//! in a rectangular warehouse", Operations Research 31, 1983): within an aisle a shortest walk uses
//! one of six patterns, between two aisles it uses each cross-aisle at most twice, and all that
//! matters of what lies to the left is how often the two ends were touched and whether the walk
//! hangs together. Work grows with aisles and stops in proportion. It holds for one block: a front and
//! a back cross-aisle and none between. Levels and sides of a shelf cost no way.

use crate::core::stock::{Floor, Location};

/// A point on the floor, in mm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// To the right of the first aisle's middle line.
    pub x_mm: i64,
    /// Towards the back, from the front cross-aisle's middle line.
    pub y_mm: i64,
}

/// A walk from the bench and back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// The stops, by their index, as they come along the way.
    pub order: Vec<usize>,
    /// Stops that are not on the map, by their index: to be found by their code.
    pub off_map: Vec<usize>,
    /// Length of the walk.
    pub length_mm: i64,
    /// The walk as a line: bench, every corner and turning point, bench. Empty without stops.
    pub path: Vec<Point>,
}

/// The middle of the aisle before a location; `None` where it is not on the map.
#[must_use]
pub fn spot(floor: &Floor, location: &Location) -> Option<Point> {
    let on_map = usize::from(location.aisle) < floor.aisle_names.len() && location.bay < floor.bays;
    on_map.then(|| Point {
        x_mm: i64::from(location.aisle) * i64::from(floor.aisle_mm),
        y_mm: i64::from(floor.head_mm) + i64::from(location.bay) * i64::from(floor.bay_mm),
    })
}

/// Where the packer stands: at the front end of the bench's aisle, or of the last aisle there is.
#[must_use]
pub fn bench(floor: &Floor) -> Point {
    Point { x_mm: bench_aisle(floor) as i64 * i64::from(floor.aisle_mm), y_mm: 0 }
}

fn bench_aisle(floor: &Floor) -> usize {
    usize::from(floor.bench_aisle).min(floor.aisle_names.len().saturating_sub(1))
}

/// A shortest walk from the bench to all stops and back. Stops before the same shelf come together, the
/// left side first, the lower level first.
#[must_use]
pub fn tour(floor: &Floor, stops: &[&Location]) -> Tour {
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for (i, s) in stops.iter().enumerate() {
        match spot(floor, s) {
            Some(p) => on.push((i, usize::from(s.aisle), p.y_mm)),
            None => off.push(i),
        }
    }
    let home = bench_aisle(floor);
    let Some(first) = on.iter().map(|s| s.1).min().map(|a| a.min(home)) else {
        return Tour { off_map: off, ..Tour::default() };
    };
    let last = on.iter().map(|s| s.1).max().unwrap_or(home).max(home);
    let aisles: Vec<Vec<i64>> = (first..=last)
        .map(|a| {
            let mut ys: Vec<i64> = on.iter().filter(|s| s.1 == a).map(|s| s.2).collect();
            ys.sort_unstable();
            ys.dedup();
            ys
        })
        .collect();
    let depth = 2 * i64::from(floor.head_mm) + (i64::from(floor.bays) - 1) * i64::from(floor.bay_mm);
    let block = Block { aisles, depth, apart: i64::from(floor.aisle_mm), bench: home - first };
    let choices = block.solve().unwrap_or_default();
    let walk = block.graph(&choices).circuit();
    let mut order = Vec::new();
    for (n, node) in walk.iter().enumerate() {
        if walk.iter().take(n).any(|before| before == node) {
            continue;
        }
        let start = order.len();
        order.extend(on.iter().filter(|s| (s.1 - first, s.2) == *node).map(|s| s.0));
        if let Some(here) = order.get_mut(start..) {
            here.sort_by_key(|&i| stops.get(i).map(|l| (l.side, l.level, i)));
        }
    }
    off.extend(on.iter().map(|s| s.0).filter(|i| !order.contains(i)));
    let points = walk.iter().map(|(a, y)| Point { x_mm: (a + first) as i64 * block.apart, y_mm: *y });
    let path = corners(points);
    Tour { order, off_map: off, length_mm: length(&path), path }
}

/// Drops points that lie straight between their neighbours.
fn corners(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut path: Vec<Point> = Vec::new();
    let sign = |a: Point, b: Point| ((b.x_mm - a.x_mm).signum(), (b.y_mm - a.y_mm).signum());
    for p in points {
        match path.as_slice() {
            [.., a] if *a == p => {}
            [.., a, b] if sign(*a, *b) == sign(*b, p) => {
                path.pop();
                path.push(p);
            }
            _ => path.push(p),
        }
    }
    path
}

/// Length of a line along aisles and cross-aisles, in mm.
#[must_use]
pub fn length(path: &[Point]) -> i64 {
    path.iter().zip(path.iter().skip(1)).map(|(a, b)| (a.x_mm - b.x_mm).abs() + (a.y_mm - b.y_mm).abs()).sum()
}

/// How often an end of an aisle is touched so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Degree {
    Zero,
    Odd,
    Even,
}

impl Degree {
    fn plus(self, n: u8) -> Degree {
        match (self, n) {
            (d, 0) => d,
            (Degree::Odd, 1) | (Degree::Zero | Degree::Even, 2) => Degree::Even,
            _ => Degree::Odd,
        }
    }

    /// How often the cross-aisle may be walked from here: odd ends need one, even ones two or none.
    fn ways_on(self) -> &'static [u8] {
        match self {
            Degree::Zero | Degree::Even => &[0, 2],
            Degree::Odd => &[1],
        }
    }
}

/// All that matters of the walk left of a line: both ends of its last aisle, and into how many pieces it
/// falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    front: Degree,
    back: Degree,
    pieces: u8,
}

const fn state(front: Degree, back: Degree, pieces: u8) -> State {
    State { front, back, pieces }
}

/// The seven classes of Ratliff and Rosenthal.
const STATES: [State; 7] = [
    state(Degree::Zero, Degree::Zero, 0),
    state(Degree::Odd, Degree::Odd, 1),
    state(Degree::Even, Degree::Zero, 1),
    state(Degree::Zero, Degree::Even, 1),
    state(Degree::Even, Degree::Even, 1),
    state(Degree::Even, Degree::Even, 2),
    state(Degree::Zero, Degree::Zero, 1),
];

/// How an aisle is walked; positions in mm from the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    /// Not at all.
    Skip,
    /// From one end to the other.
    Through,
    /// In from the front as far as this, and out again.
    FromFront(i64),
    /// In from the back as far as this, and out again.
    FromBack(i64),
    /// In from both ends, leaving out what lies between.
    Gap(i64, i64),
    /// From one end to the other and back.
    Twice,
}

impl Walk {
    /// How often the stretch between two positions is walked.
    fn times(self, low: i64, high: i64) -> u8 {
        match self {
            Walk::Skip => 0,
            Walk::Through => 1,
            Walk::FromFront(to) => 2 * u8::from(high <= to),
            Walk::FromBack(to) => 2 * u8::from(low >= to),
            Walk::Gap(from, to) => 2 * u8::from(high <= from || low >= to),
            Walk::Twice => 2,
        }
    }

    fn length(self, depth: i64) -> i64 {
        match self {
            Walk::Skip => 0,
            Walk::Through => depth,
            Walk::FromFront(to) => 2 * to,
            Walk::FromBack(to) => 2 * (depth - to),
            Walk::Gap(from, to) => 2 * (depth - (to - from)),
            Walk::Twice => 2 * depth,
        }
    }
}

impl State {
    /// The state after an aisle has been walked.
    fn walked(self, walk: Walk) -> Option<State> {
        let (front, back, joins) = match walk {
            Walk::Skip => return Some(self),
            Walk::Through => (1, 1, true),
            Walk::FromFront(_) => (2, 0, false),
            Walk::FromBack(_) => (0, 2, false),
            Walk::Gap(..) => (2, 2, false),
            Walk::Twice => (2, 2, true),
        };
        if self.front == Degree::Zero && self.back == Degree::Zero && self.pieces == 1 {
            return None; // the walk was closed further left
        }
        let begun = u8::from(front > 0 && self.front == Degree::Zero) + u8::from(back > 0 && self.back == Degree::Zero);
        let pieces = if joins { 1 } else { self.pieces + begun };
        Some(State { front: self.front.plus(front), back: self.back.plus(back), pieces })
    }

    /// The state before the next aisle, with the cross-aisles walked `front` and `back` times. At
    /// the bench (`must_touch`) the front end may not stay untouched.
    fn crossed(self, front: u8, back: u8, must_touch: bool) -> Option<State> {
        if must_touch && self.front == Degree::Zero && front == 0 {
            return None;
        }
        let fresh = |d: Degree, n: u8| d == Degree::Zero && n > 0;
        if fresh(self.back, back) || (fresh(self.front, front) && !must_touch) {
            return None; // a piece out of nowhere: never shorter
        }
        let closed = self.front == Degree::Zero && self.back == Degree::Zero && self.pieces == 1;
        let pieces = self.pieces + u8::from(fresh(self.front, front));
        let carried = u8::from(front > 0) + u8::from(back > 0);
        if (closed && carried > 0) || (pieces == 2 && carried < 2) {
            return None; // a piece would stay behind alone
        }
        let end = |n: u8| Degree::Zero.plus(n);
        Some(State { front: end(front), back: end(back), pieces })
    }
}

/// What is walked between an aisle and its left neighbour, and in the aisle itself.
#[derive(Clone, Copy, Debug)]
struct Choice {
    front: u8,
    back: u8,
    walk: Walk,
}

/// The cheapest way to a state: cost, state before, choice.
type Best = [Option<(i64, usize, Choice)>; STATES.len()];

/// The aisles in question, with the positions to visit in each, ascending.
struct Block {
    aisles: Vec<Vec<i64>>,
    depth: i64,
    apart: i64,
    bench: usize,
}

impl Block {
    /// The patterns worth trying in an aisle.
    fn walks(&self, ys: &[i64]) -> Vec<Walk> {
        let (Some(&low), Some(&high)) = (ys.first(), ys.last()) else {
            return vec![Walk::Skip, Walk::Through, Walk::Twice];
        };
        let gap = ys.iter().zip(ys.iter().skip(1)).max_by_key(|(a, b)| (*b - *a, -**a));
        let mut walks = vec![Walk::Through, Walk::FromFront(high), Walk::FromBack(low), Walk::Twice];
        walks.extend(gap.map(|(a, b)| Walk::Gap(*a, *b)));
        walks
    }

    /// The shortest choice for every aisle. There always is one; `None` says that a law was broken.
    fn solve(&self) -> Option<Vec<Choice>> {
        let mut stages: Vec<Best> = Vec::with_capacity(self.aisles.len());
        for (n, ys) in self.aisles.iter().enumerate() {
            let mut best: Best = [None; STATES.len()];
            let walks = self.walks(ys);
            for (cost, from, before, front, back) in self.arrivals(stages.last(), n) {
                for &walk in &walks {
                    let Some(to) = before.walked(walk).and_then(index) else { continue };
                    let total = cost + walk.length(self.depth);
                    let entry = best.get_mut(to)?;
                    if entry.is_none_or(|(c, ..)| total < c) {
                        *entry = Some((total, from, Choice { front, back, walk }));
                    }
                }
            }
            stages.push(best);
        }
        self.trace_back(&stages)
    }

    /// All states before aisle `n` is walked: cost, state it came from, state, ways along front and back.
    fn arrivals(&self, left: Option<&Best>, n: usize) -> Vec<(i64, usize, State, u8, u8)> {
        let Some(left) = left else { return vec![(0, 0, STATES[0], 0, 0)] };
        let must_touch = n.checked_sub(1) == Some(self.bench);
        let mut out = Vec::new();
        for ((from, s), entry) in STATES.iter().enumerate().zip(left) {
            let Some((cost, ..)) = entry else { continue };
            for &front in s.front.ways_on() {
                for &back in s.back.ways_on() {
                    if let Some(to) = s.crossed(front, back, must_touch) {
                        out.push((cost + i64::from(front + back) * self.apart, from, to, front, back));
                    }
                }
            }
        }
        out
    }

    fn trace_back(&self, stages: &[Best]) -> Option<Vec<Choice>> {
        let bench_is_last = self.bench + 1 == stages.len();
        let whole = |s: &State| {
            s.pieces <= 1 && s.front != Degree::Odd && !(bench_is_last && s.front == Degree::Zero && s.pieces > 0)
        };
        let ends = STATES.iter().enumerate().zip(stages.last()?).filter(|((_, s), _)| whole(s));
        let (_, mut at) = ends.filter_map(|((i, _), e)| e.map(|(cost, ..)| (cost, i))).min()?;
        let mut choices = Vec::with_capacity(stages.len());
        for stage in stages.iter().rev() {
            let (_, from, choice) = (*stage.get(at)?)?;
            choices.push(choice);
            at = from;
        }
        choices.reverse();
        Some(choices)
    }

    /// The chosen stretches as a graph in which every node has an even number of them.
    fn graph(&self, choices: &[Choice]) -> Graph {
        let mut g = Graph { home: (self.bench, 0), links: Vec::new() };
        for ((n, ys), c) in self.aisles.iter().enumerate().zip(choices) {
            if let Some(left) = n.checked_sub(1) {
                g.link((left, 0), (n, 0), c.front);
                g.link((left, self.depth), (n, self.depth), c.back);
            }
            let all: Vec<i64> = std::iter::once(0).chain(ys.iter().copied()).chain([self.depth]).collect();
            for (low, high) in all.iter().zip(all.iter().skip(1)) {
                g.link((n, *low), (n, *high), c.walk.times(*low, *high));
            }
        }
        g
    }
}

fn index(s: State) -> Option<usize> {
    STATES.iter().position(|x| *x == s)
}

/// Aisle and position in it.
type Node = (usize, i64);

/// Stretches to be walked, each once; doubled ones stand twice.
struct Graph {
    home: Node,
    links: Vec<(Node, Node)>,
}

impl Graph {
    fn link(&mut self, a: Node, b: Node, times: u8) {
        self.links.extend((0..times).map(|_| (a, b)));
    }

    /// One closed walk over every stretch (Hierholzer), from the bench.
    fn circuit(self) -> Vec<Node> {
        let mut open: std::collections::BTreeMap<Node, Vec<usize>> = std::collections::BTreeMap::new();
        for (i, (a, b)) in self.links.iter().enumerate() {
            open.entry(*a).or_default().push(i);
            open.entry(*b).or_default().push(i);
        }
        let mut used = vec![false; self.links.len()];
        let (mut stack, mut walk) = (vec![self.home], Vec::with_capacity(self.links.len() + 1));
        while let Some(&at) = stack.last() {
            let next = open.get_mut(&at).and_then(|ways| {
                while let Some(i) = ways.pop() {
                    if let Some(u) = used.get_mut(i).filter(|u| !**u) {
                        *u = true;
                        return self.links.get(i);
                    }
                }
                None
            });
            match next {
                Some((a, b)) => stack.push(if *a == at { *b } else { *a }),
                None => walk.extend(stack.pop()),
            }
        }
        walk
    }
}
