//! Filling one box by rules of thumb: things are taken in some order, each goes into a corner of the empty room, and
//! several orders and ways to choose the corner are tried.

use super::pile::Pile;
use super::space::{Space, Spaces};
use super::{Kind, Placed, Sides, Task, Top, volume};

/// In which order things are taken; always the largest first by some measure.
#[derive(Clone, Copy, Debug)]
enum Order {
    /// Heaviest first, which is also how a packer should fill a box.
    Mass,
    Volume,
    Longest,
    Base,
    Thickness,
}

const ORDERS: [Order; 5] = [Order::Mass, Order::Volume, Order::Longest, Order::Base, Order::Thickness];

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

/// So many of the ways are tried before anybody asks whether it is possible at all.
const QUICK: usize = 2;
/// How many ways there are to fill a box.
pub const WAYS: usize = ATTEMPTS.len();

/// Beyond the effort one way is still tried for every kind; after so much more it is one kind alone.
const LONG_OVER: i64 = 4_000_000;
/// And after so much more nothing is tried any more: for an order, and for each of its things.
const OVER_FIRST: i64 = 40_000_000;
const OVER_UNIT: i64 = 60_000;
/// One way alone takes no more than this. What it did not come to stays out.
const ATTEMPT_MAX: i64 = 16_000_000;

/// A ware in the order it is taken.
#[derive(Clone, Copy, Debug)]
struct Queued {
    ware: usize,
    /// Sides, longest first: wares of the same sides count as alike.
    sorted: Sides,
}

/// Fills boxes; holds the working memory.
#[derive(Default)]
pub struct Filler {
    spaces: Spaces,
    pile: Pile,
    queues: [Vec<Queued>; ORDERS.len()],
    /// The ways the ware looked at may lie in the box.
    lying: Vec<Sides>,
    /// Places found elsewhere, for [`Pile::refill`].
    things: Vec<Placed>,
    /// What is left; below zero what was spent beyond it.
    effort: i64,
    /// So far it may fall.
    end: i64,
    ruled: bool,
}

impl Filler {
    /// Prepares for an order.
    pub fn begin(&mut self, task: &Task<'_>, effort: i64, units: u32) {
        self.effort = effort;
        self.end = -OVER_FIRST - OVER_UNIT * i64::from(units);
        self.ruled = task.ruled();
        for (queue, order) in self.queues.iter_mut().zip(ORDERS) {
            sort(queue, task, order);
        }
    }

    /// Is there effort left for trying a further way?
    pub fn effort_left(&self) -> bool {
        self.effort > 0
    }

    /// Is so much spent beyond it that even one way for every kind of box is too many?
    pub fn is_long_over(&self) -> bool {
        self.effort < -LONG_OVER
    }

    /// Counts steps done elsewhere.
    pub fn spend(&mut self, steps: u64) {
        self.effort = self.effort.saturating_sub(i64::try_from(steps).unwrap_or(i64::MAX));
    }

    /// Does everything go in by the first ways?
    pub fn quick(&mut self, task: &Task<'_>, kind: usize, wanted: &[u32]) -> bool {
        self.all_by(task, kind, wanted, &ATTEMPTS[..QUICK])
    }

    /// Does everything go in by one of the other ways?
    pub fn thorough(&mut self, task: &Task<'_>, kind: usize, wanted: &[u32]) -> bool {
        self.effort_left() && self.all_by(task, kind, wanted, &ATTEMPTS[QUICK..])
    }

    fn all_by(&mut self, task: &Task<'_>, kind: usize, wanted: &[u32], ways: &[(Order, Rule)]) -> bool {
        let Some(room) = task.kinds.get(kind) else { return false };
        ways.iter()
            .enumerate()
            .any(|(n, way)| (n == 0 || self.effort_left()) && self.attempt(task, room, wanted, *way, true))
    }

    /// What the first `ways` ways bring into a box that cannot take everything: each filling is shown to `see`.
    pub fn fillings(
        &mut self,
        task: &Task<'_>,
        (kind, ways): (usize, usize),
        wanted: &[u32],
        mut see: impl FnMut(&[Placed]),
    ) {
        let Some(room) = task.kinds.get(kind) else { return };
        for (n, way) in ATTEMPTS.into_iter().take(ways).enumerate() {
            if n > 0 && !self.effort_left() {
                return;
            }
            self.attempt(task, room, wanted, way, false);
            see(self.pile.placed());
        }
    }

    /// Takes places found elsewhere, if the rules of the site allow them.
    pub fn adopt(&mut self, task: &Task<'_>, things: impl Iterator<Item = Placed>) -> bool {
        self.things.clear();
        self.things.extend(things);
        self.pile.refill(task, &mut self.things, self.ruled)
    }

    /// What lies in the box now, in an order in which it can be put in from above; of what lies equally high the heavy
    /// first.
    pub fn take(&self, task: &Task<'_>) -> Vec<Placed> {
        let mut placed = self.pile.placed().to_vec();
        in_order(task, &mut placed);
        placed
    }

    /// Fills a box in one way, leaving out what does not go in; with `all` it gives up at the first such thing. Tells
    /// whether everything went in.
    fn attempt(
        &mut self,
        task: &Task<'_>,
        room: &Kind,
        wanted: &[u32],
        (order, rule): (Order, Rule),
        all: bool,
    ) -> bool {
        self.spaces.reset(room.inner);
        self.pile.reset();
        let mut mass_left = room.mass_g_max;
        let mut complete = true;
        // A way of its own may not take much more than all of them should, nor may all together.
        let end = self.end.max(self.effort - ATTEMPT_MAX);
        let queue = std::mem::take(&mut self.queues[order as usize]);
        for (n, q) in queue.iter().enumerate() {
            let (Some(ware), Some(&units)) = (task.wares.get(q.ware), wanted.get(q.ware)) else { continue };
            if units == 0 {
                continue;
            }
            let later: u32 = match rule {
                Rule::Block => queue.iter().skip(n + 1).filter(|o| o.sorted == q.sorted).map(|o| wanted[o.ware]).sum(),
                Rule::Low | Rule::Snug | Rule::Wall => 0,
            };
            self.lying.clear();
            self.lying.extend(ware.turns.of(ware.sides).filter(|t| (0..3).all(|k| t[k] <= room.inner[k])));
            let mut left = units;
            while left > 0 && ware.mass_g <= mass_left && self.effort > end {
                self.spend(6 * self.spaces.all().len() as u64);
                // Room only ever gets less: what did not go in once never will.
                let Some((at, size)) = self.best_corner(task, q.ware, rule, i64::from(left + later)) else { break };
                self.pile.put(task, Placed { ware: q.ware, at, size }, self.ruled);
                self.spaces.cut(at, size, [1; 3]);
                mass_left -= ware.mass_g;
                left -= 1;
            }
            if left > 0 {
                complete = false;
                if all {
                    break;
                }
            }
        }
        self.queues[order as usize] = queue;
        complete
    }

    /// The best place by a rule for a ware of which `alike` are still to come, itself included.
    fn best_corner(&mut self, task: &Task<'_>, ware: usize, rule: Rule, alike: i64) -> Option<(Sides, Sides)> {
        let mut best: Option<([i32; 5], Sides, Sides)> = None;
        for s in self.spaces.all() {
            let sides = s.sides();
            for &t in &self.lying {
                let rest = [sides[0] - t[0], sides[1] - t[1], sides[2] - t[2]];
                if rest[0] < 0 || rest[1] < 0 || rest[2] < 0 {
                    continue;
                }
                let score = score(rule, s, t, rest, alike);
                if best.is_some_and(|(b, ..)| score >= b) {
                    continue;
                }
                if !self.ruled {
                    best = Some((score, s.low, t));
                    continue;
                }
                let at = self.pile.sink(s.low, t);
                self.effort -= self.pile.placed().len() as i64;
                if self.pile.bears(task, ware, at, t) {
                    best = Some((score, at, t));
                }
            }
        }
        let (_, at, size) = best?;
        Some((if self.ruled { at } else { self.pile.sink(at, size) }, size))
    }
}

/// How good a corner is: smaller is better, the first number that differs counts.
fn score(rule: Rule, s: &Space, t: Sides, rest: Sides, alike: i64) -> [i32; 5] {
    let [x, y, z] = s.low;
    let least = rest[0].min(rest[1]);
    match rule {
        Rule::Low => [z + t[2], z, least, y, x],
        Rule::Snug => [least.min(rest[2]), z, y, x, rest[0] + rest[1] + rest[2]],
        Rule::Wall => [x + t[0], z + t[2], y + t[1], least, 0],
        Rule::Block => [-s.filled_by(t, alike), z, y, x, least],
    }
}

/// The wares in an order; those that bear less come later, because they belong on top.
fn sort(queue: &mut Vec<Queued>, task: &Task<'_>, order: Order) {
    queue.clear();
    queue.extend(task.wares.iter().enumerate().map(|(ware, w)| Queued { ware, sorted: sorted(w.sides) }));
    let key = |q: &Queued| {
        let [long, mid, thin] = q.sorted.map(i64::from);
        let (mass_g, top) = task.wares.get(q.ware).map_or((0, Top::Anything), |w| (w.mass_g, w.top));
        let (first, second) = match order {
            Order::Mass => (mass_g, long * mid),
            Order::Volume => (volume(q.sorted), long),
            Order::Longest => (long, mid),
            Order::Base => (long * mid, thin),
            Order::Thickness => (thin, long * mid),
        };
        let frail = match top {
            Top::Anything => 0,
            Top::UpTo(_) => 1,
            Top::Nothing => 2,
        };
        // The sides keep things of one kind together.
        (frail, -first, -second, q.sorted.map(|s| -s), q.ware)
    };
    queue.sort_unstable_by_key(key);
}

/// An order in which things can be put in from above; of what lies equally high the heavy first.
pub fn in_order(task: &Task<'_>, placed: &mut [Placed]) {
    let mass_g = |p: &Placed| task.wares.get(p.ware).map_or(0, |w| w.mass_g);
    placed.sort_by_key(|p| (p.at[2], std::cmp::Reverse(mass_g(p)), p.at[1], p.at[0]));
}

/// Sides, longest first.
pub fn sorted(mut sides: Sides) -> Sides {
    sides.sort_unstable_by(|a, b| b.cmp(a));
    sides
}
