//! Putting things into one box: the empty room is kept as the list of its largest cuboids, each thing
//! goes into a corner of one of them, and several orders of things and ways to choose the corner
//! are tried. (Maximal spaces: Lai and Chan, "Developing a simulated annealing algorithm for the cutting
//! stock problem", Computers & Industrial Engineering 32, 1997.) All sizes in mm, all masses in grams.

/// More largest cuboids than this are not kept; the smallest are forgotten.
const SPACES_MAX: usize = 400;

/// Three sides, or a corner: along x, y and z.
pub type Sides = [i32; 3];

/// One unit to be packed.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Which of the order's items it belongs to.
    pub item: usize,
    /// Its sides, longest first.
    pub sides: Sides,
    /// Its mass; 0 where unknown.
    pub mass_g: i64,
}

impl Unit {
    /// Volume in mm³.
    pub fn volume(&self) -> i64 {
        self.sides.iter().map(|s| i64::from(*s)).product()
    }
}

/// The inside of a box.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Its sides.
    pub sides: Sides,
    /// The most that may lie in it.
    pub mass_g_max: i64,
}

impl Room {
    /// Volume in mm³.
    pub fn volume(&self) -> i64 {
        self.sides.iter().map(|s| i64::from((*s).max(0))).product()
    }

    /// Could this unit be inside, alone, along the sides?
    pub fn takes(&self, unit: &Unit) -> bool {
        unit.mass_g <= self.mass_g_max && turns(unit.sides).any(|t| (0..3).all(|k| t[k] <= self.sides[k]))
    }
}

/// A unit in its place.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Its index among the units given.
    pub unit: usize,
    /// The corner nearest to the origin.
    pub at: Sides,
    /// Its sides as it lies.
    pub size: Sides,
}

/// In which order units are taken.
#[derive(Clone, Copy, Debug)]
enum Order {
    /// Heaviest first, which is also how a packer should fill a box.
    Mass,
    Volume,
    Longest,
    Base,
    Thickness,
}

/// Which of the possible corners is taken.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// Where the top comes lowest.
    Low,
    /// Where the least is left beside it.
    Snug,
    /// Where it stands nearest to the far left.
    Wall,
    /// Where it and its like fill a space best as one block.
    Block,
}

/// What one suggestion may cost, counted in corners looked at: the same everywhere, unlike time. Once
/// it is spent, only the first way is tried of everything that must still be tried.
pub struct Effort(u64);

impl Effort {
    /// Enough for orders of a hundred units in a dozen kinds of boxes.
    pub fn new() -> Effort {
        Effort(4_000_000)
    }

    /// May a further way be tried?
    pub fn left(&self) -> bool {
        self.0 > 0
    }
}

/// The ways that are tried, the one that packs best by hand first.
const ATTEMPTS: [(Order, Rule); 16] = [
    (Order::Mass, Rule::Low),
    (Order::Base, Rule::Low),
    (Order::Volume, Rule::Snug),
    (Order::Volume, Rule::Low),
    (Order::Longest, Rule::Snug),
    (Order::Base, Rule::Snug),
    (Order::Thickness, Rule::Low),
    (Order::Longest, Rule::Wall),
    (Order::Volume, Rule::Wall),
    (Order::Mass, Rule::Snug),
    (Order::Thickness, Rule::Snug),
    (Order::Base, Rule::Wall),
    (Order::Volume, Rule::Block),
    (Order::Mass, Rule::Block),
    (Order::Base, Rule::Block),
    (Order::Thickness, Rule::Block),
];

/// Places for all units, or `None` where no way was found.
pub fn all_in(room: &Room, units: &[Unit], effort: &mut Effort) -> Option<Vec<Placed>> {
    let mass: i64 = units.iter().map(|u| u.mass_g).sum();
    let volume: i64 = units.iter().map(Unit::volume).sum();
    if mass > room.mass_g_max || volume > room.volume() || !units.iter().all(|u| room.takes(u)) {
        return None;
    }
    for (order, rule) in ATTEMPTS {
        let placed = attempt(room, units, (order, rule), true, effort);
        if placed.len() == units.len() {
            return Some(placed);
        }
        if !effort.left() {
            break;
        }
    }
    None
}

/// What the different ways bring into a box that cannot take everything.
pub fn fillings(room: &Room, units: &[Unit], effort: &mut Effort) -> Vec<Vec<Placed>> {
    let mut out = Vec::with_capacity(ATTEMPTS.len());
    for (order, rule) in ATTEMPTS {
        let placed = attempt(room, units, (order, rule), false, effort);
        if !placed.is_empty() {
            out.push(placed);
        }
        if !effort.left() {
            break;
        }
    }
    out
}

/// Lets everything sink until it lies on something: a corner of empty room may hang in the air.
pub fn settle(placed: &mut [Placed]) {
    placed.sort_by_key(|p| (p.at[2], p.unit));
    for n in 0..placed.len() {
        let (below, rest) = placed.split_at_mut(n);
        let Some(p) = rest.first_mut() else { return };
        let over = |b: &Placed, k: usize| p.at[k] < b.at[k] + b.size[k] && b.at[k] < p.at[k] + p.size[k];
        p.at[2] = below.iter().filter(|b| over(b, 0) && over(b, 1)).map(|b| b.at[2] + b.size[2]).max().unwrap_or(0);
    }
}

/// Fills a box in one way, leaving out what does not go in; with `all` it gives up at the first such
/// unit.
fn attempt(room: &Room, units: &[Unit], (order, rule): (Order, Rule), all: bool, effort: &mut Effort) -> Vec<Placed> {
    let queue = sequence(units, order);
    let mut spaces = vec![Space { low: [0; 3], high: room.sides }];
    let mut mass_left = room.mass_g_max;
    let mut placed = Vec::with_capacity(units.len());
    let mut refused: Vec<Sides> = Vec::new();
    for (n, &i) in queue.iter().enumerate() {
        let Some(unit) = units.get(i) else { continue };
        // Room only ever gets less: what did not go in once never will.
        effort.0 = effort.0.saturating_sub(6 * spaces.len() as u64);
        let spot = if unit.mass_g > mass_left || refused.contains(&unit.sides) {
            None
        } else {
            let alike = queue.iter().skip(n).filter(|i| units.get(**i).is_some_and(|u| u.sides == unit.sides));
            best_corner(&spaces, unit.sides, rule, alike.count())
        };
        match spot {
            Some((at, size)) => {
                mass_left -= unit.mass_g;
                placed.push(Placed { unit: i, at, size });
                cut(&mut spaces, at, size);
            }
            None if all => break,
            None if unit.mass_g <= mass_left => refused.push(unit.sides),
            None => {}
        }
    }
    placed
}

fn sequence(units: &[Unit], order: Order) -> Vec<usize> {
    let mut by: Vec<(i64, i64, Sides, usize)> = units
        .iter()
        .enumerate()
        .map(|(i, u)| {
            let [long, mid, thin] = u.sides.map(i64::from);
            let (first, second) = match order {
                Order::Mass => (u.mass_g, long * mid),
                Order::Volume => (u.volume(), long),
                Order::Longest => (long, mid),
                Order::Base => (long * mid, thin),
                Order::Thickness => (thin, long * mid),
            };
            (first, second, u.sides, i)
        })
        .collect();
    // The sides keep units of one kind together.
    by.sort_unstable_by(|a, b| (b.0, b.1, b.2, a.3).cmp(&(a.0, a.1, a.2, b.3)));
    by.into_iter().map(|b| b.3).collect()
}

/// All ways to lay a unit, each once.
fn turns([a, b, c]: Sides) -> impl Iterator<Item = Sides> {
    let all = [[a, b, c], [b, a, c], [a, c, b], [c, a, b], [b, c, a], [c, b, a]];
    (0..6).filter(move |&i| !all[..i].contains(&all[i])).map(move |i| all[i])
}

/// A cuboid of empty room.
#[derive(Clone, Copy, Debug)]
struct Space {
    low: Sides,
    high: Sides,
}

impl Space {
    fn volume(&self) -> i64 {
        (0..3).map(|k| i64::from(self.high[k] - self.low[k])).product()
    }

    /// How much of it a block of units of these sides fills, in parts of ten thousand.
    fn filled_by(&self, unit: Sides, units_max: usize) -> i32 {
        let count: i64 = (0..3).map(|k| i64::from((self.high[k] - self.low[k]) / unit[k])).product();
        let count = count.min(i64::try_from(units_max).unwrap_or(i64::MAX));
        let volume = count * unit.iter().map(|s| i64::from(*s)).product::<i64>();
        i32::try_from(volume.saturating_mul(10_000) / self.volume().max(1)).unwrap_or(i32::MAX)
    }

    fn within(&self, o: &Space) -> bool {
        (0..3).all(|k| self.low[k] >= o.low[k] && self.high[k] <= o.high[k])
    }
}

/// The best corner by a rule for a unit of which `alike` are still to come, itself included.
fn best_corner(spaces: &[Space], sides: Sides, rule: Rule, alike: usize) -> Option<(Sides, Sides)> {
    let mut best: Option<([i32; 5], Sides, Sides)> = None;
    for s in spaces {
        for t in turns(sides) {
            let rest = [0, 1, 2].map(|k| s.high[k] - s.low[k] - t[k]);
            if rest.iter().any(|r| *r < 0) {
                continue;
            }
            let [x, y, z] = s.low;
            let least = rest[0].min(rest[1]);
            let score = match rule {
                Rule::Low => [z + t[2], z, least, y, x],
                Rule::Snug => [least.min(rest[2]), z, y, x, rest[0] + rest[1] + rest[2]],
                Rule::Wall => [x + t[0], z + t[2], y + t[1], least, 0],
                Rule::Block => [-s.filled_by(t, alike), z, y, x, least],
            };
            if best.is_none_or(|(b, ..)| score < b) {
                best = Some((score, s.low, t));
            }
        }
    }
    best.map(|(_, at, size)| (at, size))
}

/// Takes a cuboid out of the empty room.
fn cut(spaces: &mut Vec<Space>, at: Sides, size: Sides) {
    let end = [0, 1, 2].map(|k| at[k] + size[k]);
    let mut fresh = Vec::new();
    spaces.retain(|s| {
        let apart = (0..3).any(|k| end[k] <= s.low[k] || at[k] >= s.high[k]);
        if !apart {
            for k in 0..3 {
                if at[k] > s.low[k] {
                    let mut part = *s;
                    part.high[k] = at[k];
                    fresh.push(part);
                }
                if end[k] < s.high[k] {
                    let mut part = *s;
                    part.low[k] = end[k];
                    fresh.push(part);
                }
            }
        }
        apart
    });
    for (n, f) in fresh.iter().enumerate() {
        let covered = spaces.iter().any(|s| f.within(s))
            || fresh.iter().enumerate().any(|(m, o)| m != n && f.within(o) && (!o.within(f) || m < n));
        if !covered {
            spaces.push(*f);
        }
    }
    if spaces.len() > SPACES_MAX {
        spaces.sort_unstable_by_key(|s| std::cmp::Reverse(s.volume()));
        spaces.truncate(SPACES_MAX);
    }
}
