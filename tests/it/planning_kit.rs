//! Little warehouses made by chance from a seed, shortest walks found in them without any of the planner's ideas, and a look at a
//! walk's every step.

use packbench::planning::tour::layout::{Aisle, Bin, Corner, CrossAisle, Layout, Point, Stretch, Way};
use packbench::planning::tour::{Taken, Walk};
use std::collections::{BTreeMap, BTreeSet};

/// The same numbers every time (xorshift64*).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n as u64) as usize
    }
}

/// What a made warehouse may have.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    pub aisles_max: usize,
    pub cross_aisles_max: usize,
    pub one_way: bool,
    pub blocked: bool,
}

/// A warehouse with uneven distances.
pub fn layout(c: &mut Chance, rules: Rules) -> Layout {
    let (aisles, cross) = (1 + c.below(rules.aisles_max), 2 + c.below(rules.cross_aisles_max - 1));
    let (mut y, mut cells_mm, mut cross_aisles) = (0, Vec::new(), vec![CrossAisle::default()]);
    for _ in 1..cross {
        for _ in 0..c.below(4) + usize::from(cells_mm.is_empty()) {
            y += 1 + c.below(4) as i64;
            cells_mm.push(y);
        }
        y += 1 + c.below(3) as i64;
        cross_aisles.push(CrossAisle { y_mm: y, ways: Vec::new() });
    }
    let mut x = 0;
    let mut made = Layout { aisles: Vec::new(), cross_aisles, cells_mm, levels: 4, climb_mm: c.below(4) as i64 };
    for name in 0..aisles {
        made.aisles.push(Aisle { name: name.to_string(), x_mm: x, ..Aisle::default() });
        x += 1 + c.below(6) as i64;
    }
    for aisle in &mut made.aisles {
        aisle.ways = (1..cross).map(|_| way(c, rules)).collect();
        if rules.blocked && c.below(4) == 0 {
            let from_mm = c.below(y as usize) as i64;
            aisle.closed.push(Stretch { from_mm, to_mm: from_mm + 1 + c.below(3) as i64 });
        }
    }
    for cross_aisle in &mut made.cross_aisles {
        cross_aisle.ways = (1..aisles).map(|_| way(c, rules)).collect();
    }
    made
}

fn way(c: &mut Chance, rules: Rules) -> Way {
    match c.below(10) {
        0 if rules.blocked => Way::Blocked,
        1 | 2 if rules.one_way => Way::Onward,
        3 | 4 if rules.one_way => Way::Back,
        _ => Way::Both,
    }
}

pub fn bin(c: &mut Chance, layout: &Layout) -> Bin {
    let (aisle, cell) = (c.below(layout.aisles.len()) as u16, c.below(layout.cells_mm.len()) as u16);
    Bin { aisle, cell, level: 1 + c.below(usize::from(layout.levels)) as u8 }
}

pub fn corner(c: &mut Chance, layout: &Layout) -> Corner {
    let cross_aisle = c.below(layout.cross_aisles.len()) as u16;
    Corner { aisle: c.below(layout.aisles.len()) as u16, cross_aisle }
}

/// A place on the floor, in mm.
type Place = (i64, i64);

/// Every place that can be stood on, with the steps from there: the plain truth about a layout.
pub struct Ground {
    steps: BTreeMap<Place, Vec<(Place, i64)>>,
}

impl Ground {
    pub fn new(layout: &Layout) -> Ground {
        let mut g = Ground { steps: BTreeMap::new() };
        let cross: Vec<i64> = layout.cross_aisles.iter().map(|c| c.y_mm).collect();
        let (front, back) = (cross[0], cross[cross.len() - 1]);
        for aisle in &layout.aisles {
            let mut ys: BTreeSet<i64> = cross.iter().chain(&layout.cells_mm).copied().collect();
            ys.extend(aisle.closed.iter().flat_map(|s| [s.from_mm, s.to_mm]).filter(|y| (front..=back).contains(y)));
            let ys: Vec<i64> = ys.into_iter().collect();
            for pair in ys.windows(2) {
                let block = cross.iter().filter(|c| **c <= pair[0]).count() - 1;
                let closed = aisle.closed.iter().any(|s| s.from_mm < pair[1] && s.to_mm > pair[0]);
                let way = if closed { Way::Blocked } else { aisle.ways.get(block).copied().unwrap_or_default() };
                g.link((aisle.x_mm, pair[0]), (aisle.x_mm, pair[1]), pair[1] - pair[0], way);
            }
        }
        for c in &layout.cross_aisles {
            for (n, pair) in layout.aisles.windows(2).enumerate() {
                let way = c.ways.get(n).copied().unwrap_or_default();
                g.link((pair[0].x_mm, c.y_mm), (pair[1].x_mm, c.y_mm), pair[1].x_mm - pair[0].x_mm, way);
            }
        }
        g
    }

    fn link(&mut self, a: (i64, i64), b: (i64, i64), mm: i64, way: Way) {
        let (from_a, from_b) = match way {
            Way::Both => (true, true),
            Way::Onward => (true, false),
            Way::Back => (false, true),
            Way::Blocked => (false, false),
        };
        self.steps.entry(a).or_default().extend(from_a.then_some((b, mm)));
        self.steps.entry(b).or_default().extend(from_b.then_some((a, mm)));
    }

    /// Shortest ways from a place to all others (Dijkstra).
    fn from(&self, at: Point) -> BTreeMap<(i64, i64), i64> {
        let mut far = BTreeMap::new();
        let mut open = BTreeSet::from([(0, (at.x_mm, at.y_mm))]);
        while let Some((mm, at)) = open.pop_first() {
            if far.contains_key(&at) {
                continue;
            }
            far.insert(at, mm);
            open.extend(self.steps.get(&at).into_iter().flatten().map(|(to, step)| (mm + step, *to)));
        }
        far
    }

    /// Whether a straight leg can be walked, place by place.
    fn can_walk(&self, a: Point, b: Point) -> bool {
        let (target, mut at) = ((b.x_mm, b.y_mm), (a.x_mm, a.y_mm));
        let towards = |p: (i64, i64)| ((target.0 - p.0).signum(), (target.1 - p.1).signum());
        let heading = towards(at);
        while at != target {
            let ahead = |to: &(i64, i64)| ((to.0 - at.0).signum(), (to.1 - at.1).signum()) == heading;
            match self.steps.get(&at).into_iter().flatten().find(|(to, _)| ahead(to)) {
                Some((to, _)) if towards(*to) == heading || *to == target => at = *to,
                _ => return false,
            }
        }
        true
    }
}

/// The least that way and climbing can cost, over all orders and all choices of bins (Held and Karp); `None` where no walk is.
pub fn least(layout: &Layout, start: Corner, end: Corner, items: &[Vec<Bin>]) -> Option<i64> {
    let ground = Ground::new(layout);
    let bins: Vec<(usize, Bin)> = items.iter().enumerate().flat_map(|(i, b)| b.iter().map(move |b| (i, *b))).collect();
    let key = |p: Point| (p.x_mm, p.y_mm);
    let spot = |b: &Bin| layout.spot(*b).unwrap();
    let from_start = ground.from(layout.corner(start).unwrap());
    let ways: Vec<_> = bins.iter().map(|(_, b)| ground.from(spot(b))).collect();
    let climb = |b: &Bin| i64::from(b.level - 1) * layout.climb_mm;
    let all = (1_usize << items.len()) - 1;
    let mut cost = vec![vec![None; bins.len()]; all + 1];
    for (n, (item, b)) in bins.iter().enumerate() {
        cost[1 << item][n] = from_start.get(&key(spot(b))).map(|mm| mm + climb(b));
    }
    for done in 1..=all {
        for (at, far) in ways.iter().enumerate() {
            let Some(so_far) = cost[done][at] else { continue };
            for (n, (item, b)) in bins.iter().enumerate().filter(|(_, (item, _))| done & (1 << item) == 0) {
                let Some(mm) = far.get(&key(spot(b))) else { continue };
                let entry: &mut Option<i64> = &mut cost[done | 1 << item][n];
                let whole = so_far + mm + climb(b);
                *entry = Some(entry.map_or(whole, |e| e.min(whole)));
            }
        }
    }
    let goal = key(layout.corner(end).unwrap());
    (0..bins.len()).filter_map(|at| Some(cost[all][at]? + ways[at].get(&goal)?)).min()
}

/// A walk that cannot be walked, or leaves an item out, is none.
#[track_caller]
pub fn check(layout: &Layout, start: Corner, end: Corner, items: &[Vec<Bin>], walk: &Walk) {
    let (start, end) = (layout.corner(start), layout.corner(end));
    assert_eq!((walk.path.first().copied(), walk.path.last().copied()), (start, end), "from the start to the end");
    let mm: i64 = walk.path.windows(2).map(|l| (l[0].x_mm - l[1].x_mm).abs() + (l[0].y_mm - l[1].y_mm).abs()).sum();
    assert_eq!(walk.length_mm, mm, "as long as its steps");
    let climb: i64 = walk.taken.iter().map(|t| i64::from(t.bin.level - 1) * layout.climb_mm).sum();
    assert_eq!(walk.climb_mm, climb);
    assert!(walk.least_mm <= mm + climb);
    assert!(!walk.proven || walk.least_mm == mm + climb, "proven means that nothing is below it");
    let mut seen: Vec<usize> = walk.taken.iter().map(|t| t.item).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..items.len()).collect::<Vec<_>>(), "every item once");
    let ground = Ground::new(layout);
    for leg in walk.path.windows(2) {
        assert!(ground.can_walk(leg[0], leg[1]), "not walkable: {leg:?}");
    }
    let mut leg = 0;
    for Taken { item, bin } in &walk.taken {
        assert!(items[*item].contains(bin), "a bin the item is not in");
        let p = layout.spot(*bin).unwrap();
        let stands = walk.path.len() == 1 && walk.path[0] == p;
        while !(stands || between(p, walk.path[leg], walk.path[leg + 1])) {
            leg += 1;
            assert!(leg + 1 < walk.path.len(), "a stop off the line, or out of order");
        }
    }
}

fn between(p: Point, a: Point, b: Point) -> bool {
    let within = |v: i64, x: i64, y: i64| x.min(y) <= v && v <= x.max(y);
    within(p.x_mm, a.x_mm, b.x_mm) && within(p.y_mm, a.y_mm, b.y_mm)
}
