//! The empty room of a box, kept as the list of its largest cuboids, which may overlap. (Maximal spaces: Lai and Chan,
//! "Developing a simulated annealing algorithm for the cutting stock problem", Computers & Industrial Engineering 32,
//! 1997.)

use super::{Sides, volume};

/// More largest cuboids than this are not kept; the smallest are forgotten.
const SPACES_MAX: usize = 400;

/// A cuboid of empty room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its corner nearest to the origin.
    pub low: Sides,
    /// The corner opposite.
    pub high: Sides,
}

impl Space {
    /// Its sides.
    pub fn sides(&self) -> Sides {
        [0, 1, 2].map(|k| self.high[k] - self.low[k])
    }

    /// Its room, in cubic millimetres.
    pub fn volume(&self) -> i64 {
        volume(self.sides())
    }

    /// How much of it a block of things of these sides fills, in parts of ten thousand.
    pub fn filled_by(&self, thing: Sides, things_max: i64) -> i32 {
        let sides = self.sides();
        let count: i64 = (0..3).map(|k| i64::from(sides[k] / thing[k])).product();
        let filled = count.min(things_max) * volume(thing);
        i32::try_from(filled.saturating_mul(10_000) / volume(sides).max(1)).unwrap_or(i32::MAX)
    }

    fn within(&self, o: &Space) -> bool {
        (0..3).all(|k| self.low[k] >= o.low[k] && self.high[k] <= o.high[k])
    }
}

/// The empty room of one box.
#[derive(Default)]
pub struct Spaces {
    all: Vec<Space>,
    fresh: Vec<Space>,
}

impl Spaces {
    /// An empty box.
    pub fn reset(&mut self, inner: Sides) {
        self.all.clear();
        self.all.push(Space { low: [0; 3], high: inner });
    }

    /// The largest cuboids.
    pub fn all(&self) -> &[Space] {
        &self.all
    }

    /// Takes a cuboid out of the empty room. Of what is left, cuboids shorter than `least` along any side are forgotten.
    pub fn cut(&mut self, at: Sides, size: Sides, least: Sides) {
        let end = [0, 1, 2].map(|k| at[k] + size[k]);
        let fresh = &mut self.fresh;
        fresh.clear();
        self.all.retain(|s| {
            let apart = (0..3).any(|k| end[k] <= s.low[k] || at[k] >= s.high[k]);
            if !apart {
                for k in 0..3 {
                    if at[k] - s.low[k] >= least[k] {
                        let mut part = *s;
                        part.high[k] = at[k];
                        fresh.push(part);
                    }
                    if s.high[k] - end[k] >= least[k] {
                        let mut part = *s;
                        part.low[k] = end[k];
                        fresh.push(part);
                    }
                }
            }
            apart
        });
        for (n, f) in fresh.iter().enumerate() {
            let covered = self.all.iter().any(|s| f.within(s))
                || fresh.iter().enumerate().any(|(m, o)| m != n && f.within(o) && (!o.within(f) || m < n));
            if !covered {
                self.all.push(*f);
            }
        }
        if self.all.len() > SPACES_MAX {
            self.all.sort_unstable_by_key(|s| std::cmp::Reverse(volume(s.sides())));
            self.all.truncate(SPACES_MAX);
        }
    }
}
