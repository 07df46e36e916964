//! How good a block is in a corner of a space: much volume, little room beside it that nothing can fill, much contact with what
//! is there, few things. Numbers here judge and measure nothing, so they may be floating; only operations that
//! give the same result on every machine are used.

use super::blocks::Block;
use super::room::Space;
use super::state::{Corner, State};
use super::table::Table;
use super::{Goods, Sides};

/// Two ways to judge. Neither is better everywhere; together they find more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taste {
    /// Contact counts most, and faces count as in contact across a gap of 4 % of the block's side.
    Close,
    /// Room that nothing can fill counts more, and so do few things; contact across a gap of 1.4 %.
    Frugal,
}

impl Taste {
    /// The gap across which faces count as in contact, in thousandths of the block's side.
    fn near_permille(self) -> i32 {
        match self {
            Taste::Close => 40,
            Taste::Frugal => 14,
        }
    }

    /// What a block is worth before it is known where it lies: its volume over a root of the number of its things.
    pub fn weight(self, block: &Block) -> f64 {
        let eighth = f64::from(block.things).sqrt().sqrt().sqrt();
        let root = match self {
            Taste::Close => eighth * eighth.sqrt(),
            Taste::Frugal => eighth * eighth * eighth,
        };
        #[expect(clippy::cast_precision_loss)]
        let volume = block.volume as f64;
        volume / root
    }

    /// How much a part of the space that can still be filled counts.
    #[inline]
    fn fill(self, part: f64) -> f64 {
        match self {
            Taste::Close => part,
            Taste::Frugal => part * part * part.sqrt(),
        }
    }

    /// How much a part of the surface in contact counts.
    #[inline]
    fn contact(self, part: f64) -> f64 {
        match self {
            Taste::Close => (part * part) * (part * part),
            Taste::Frugal => part * part * part * part.sqrt(),
        }
    }
}

/// What is known of the question as a whole.
pub struct Ranker {
    container: Sides,
    taste: Taste,
    /// Along each direction and for each length: the longest row of things that is no longer.
    rows: [Vec<i32>; 3],
}

/// One face of what is there, seen from a space.
#[derive(Clone, Copy)]
struct Face {
    /// How far it is from the space's own face.
    gap: i32,
    low: [i32; 2],
    high: [i32; 2],
}

/// What stands around a space: for each direction, at its near and far side.
#[derive(Default)]
pub struct Around {
    faces: [[Vec<Face>; 2]; 3],
}

impl Ranker {
    /// Prepares.
    pub fn new(container: Sides, goods: &[Goods], taste: Taste) -> Ranker {
        let rows = [0, 1, 2].map(|k| rows(container[k], goods, k));
        Ranker { container, taste, rows }
    }

    /// Collects what stands around a space.
    pub fn look_around(&self, state: &State, space: &Space, around: &mut Around) {
        around.faces.iter_mut().flatten().for_each(Vec::clear);
        for l in &state.laid {
            for k in 0..3 {
                let (u, v) = ((k + 1) % 3, (k + 2) % 3);
                let beside = |a: usize| l.at[a] < space.high[a] && l.end[a] > space.low[a];
                if !(beside(u) && beside(v)) {
                    continue;
                }
                let (low, high) = ([l.at[u], l.at[v]], [l.end[u], l.end[v]]);
                let most = self.near(space.high[k] - space.low[k]);
                for (side, gap) in [space.low[k] - l.end[k], l.at[k] - space.high[k]].into_iter().enumerate() {
                    if (0..=most).contains(&gap) {
                        around.faces[k][side].push(Face { gap, low, high });
                    }
                }
            }
        }
    }

    /// The row of the best block of those that are left for a space.
    pub fn best(
        &self,
        state: &State,
        table: &Table,
        (space, corner): (&Space, Corner),
        around: &Around,
    ) -> Option<u16> {
        let (mut best, mut best_row) = (0.0, None);
        let sides = space.sides();
        self.each(&state.valid, table, sides, |row, size, weight, fill| {
            // Blocks come by falling weight, and no score is larger than its block's weight.
            if weight <= best {
                return false;
            }
            let some = weight * fill;
            if some > best && some * self.contact_at_most(sides, size) > best {
                let touched = self.touched(space, around, corner.place(space, size), size);
                let score = some * self.taste.contact(touched);
                if score > best {
                    (best, best_row) = (score, Some(row));
                }
            }
            true
        });
        best_row
    }

    /// The scores of all blocks that are left for a space, with their rows.
    pub fn all(
        &self,
        state: &State,
        table: &Table,
        (space, corner): (&Space, Corner),
        around: &Around,
        out: &mut Vec<(f64, u16)>,
    ) {
        self.each(&state.valid, table, space.sides(), |row, size, weight, fill| {
            let touched = self.touched(space, around, corner.place(space, size), size);
            out.push((weight * fill * self.taste.contact(touched), row));
            true
        });
    }

    /// Shows every block that goes into a space of these sides, by falling weight: its row, sides, weight, and how much what can
    /// still be filled beside it counts. Ends where `visit` says so.
    #[inline]
    fn each(&self, valid: &[u64], table: &Table, sides: Sides, mut visit: impl FnMut(u16, Sides, f64, f64) -> bool) {
        let [x, y, z] = [0, 1, 2].map(|k| table.no_longer(k, sides[k]));
        let room = 1.0 / (f64::from(sides[0]) * f64::from(sides[1]) * f64::from(sides[2]));
        for (word, (((v, x), y), z)) in (0_u16..).zip(valid.iter().zip(x).zip(y).zip(z)) {
            let mut bits = v & x & y & z;
            while bits != 0 {
                let n = word * 64 + bits.trailing_zeros() as u16;
                bits &= bits - 1;
                let Some(row) = table.rows().get(usize::from(n)) else { return };
                let rest = [0, 1, 2].map(|k| sides[k] - row.size[k]);
                if (rest[0] | rest[1] | rest[2]) < 0 {
                    continue;
                }
                let beside = |k: usize| usize::try_from(rest[k]).ok().and_then(|r| self.rows[k].get(r)).copied();
                let usable = |k: usize| f64::from(row.size[k] + beside(k).unwrap_or(0));
                let fill = self.taste.fill(usable(0) * usable(1) * usable(2) * room);
                if !visit(n, row.size, row.weight, fill) {
                    return;
                }
            }
        }
    }

    /// The gap across which a block of this side is in contact.
    fn near(&self, side: i32) -> i32 {
        // No side is longer than 100,000, so this never overflows.
        side * self.taste.near_permille() / 1_000
    }

    /// No block of this size has more contact in a space of these sides: at its corner it may touch all, across the space only what
    /// is near.
    #[inline]
    fn contact_at_most(&self, sides: Sides, size: Sides) -> f64 {
        let [x, y, z] = size.map(f64::from);
        let faces = [y * z, z * x, x * y];
        let half = faces[0] + faces[1] + faces[2];
        let across = |k: usize| if sides[k] - size[k] <= self.near(size[k]) { faces[k] } else { 0.0 };
        self.taste.contact((half + across(0) + across(1) + across(2)) / (half + half))
    }

    /// The part of a block's surface that touches something or nearly does.
    fn touched(&self, space: &Space, around: &Around, at: Sides, size: Sides) -> f64 {
        let (mut touched, mut surface) = (0.0, 0.0);
        for k in 0..3 {
            let (u, v) = ((k + 1) % 3, (k + 2) % 3);
            let face = f64::from(size[u]) * f64::from(size[v]);
            surface += 2.0 * face;
            let most = self.near(size[k]);
            let walls = [at[k], self.container[k] - at[k] - size[k]];
            let inside = [at[k] - space.low[k], space.high[k] - at[k] - size[k]];
            for side in 0..2 {
                if walls[side] <= most {
                    touched += face;
                    continue;
                }
                if inside[side] > most {
                    continue;
                }
                let mut sum = 0.0;
                for f in around.faces[k][side].iter().filter(|f| f.gap + inside[side] <= most) {
                    let a = (f.high[0].min(at[u] + size[u]) - f.low[0].max(at[u])).max(0);
                    let b = (f.high[1].min(at[v] + size[v]) - f.low[1].max(at[v])).max(0);
                    sum += f64::from(a) * f64::from(b);
                }
                touched += sum.min(face);
            }
        }
        touched / surface
    }
}

/// For each length up to the whole: the longest row of things, each in a way it may lie, that is no longer.
fn rows(whole: i32, goods: &[Goods], k: usize) -> Vec<i32> {
    let whole = usize::try_from(whole).unwrap_or(0);
    // For each length, the fewest of the sort looked at that reach it; others cost none.
    let mut reached = vec![false; whole + 1];
    reached[0] = true;
    for g in goods {
        let mut lengths: Vec<i32> = g.turns.of(g.sides).map(|t| t[k]).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let mut used = vec![u32::MAX; whole + 1];
        for (n, r) in reached.iter().enumerate() {
            if *r {
                used[n] = 0;
            }
        }
        for n in 0..=whole {
            if used[n] >= g.qty {
                continue;
            }
            for l in &lengths {
                let beyond = n + usize::try_from(*l).unwrap_or(0);
                if beyond <= whole {
                    used[beyond] = used[beyond].min(used[n] + 1);
                }
            }
        }
        reached.iter_mut().zip(&used).for_each(|(r, u)| *r |= *u != u32::MAX);
    }
    let mut best = 0;
    let row = |(n, r): (usize, &bool)| {
        if *r {
            best = n;
        }
        i32::try_from(best).unwrap_or(i32::MAX)
    };
    reached.iter().enumerate().map(row).collect()
}
