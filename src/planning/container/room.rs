//! The empty room of a container, kept as the list of its largest cuboids, which may overlap (Lai and Chan 1997). The same idea as
//! that of the boxes, for many more cuts: lengths are compared three at a time.

use super::Sides;
pub use crate::planning::boxes::space::Space;

/// More largest cuboids than this are not kept; the smallest are forgotten.
const SPACES_MAX: usize = 400;

/// The two corners of a cuboid, each with its three lengths in one word of 21 bits for each.
#[derive(Clone, Copy)]
struct Ends {
    low: u64,
    high: u64,
}

/// The highest bit of each length; no length reaches it.
const TOPS: u64 = (1 << 20) | (1 << 41) | (1 << 62);

fn packed(sides: Sides) -> u64 {
    sides.into_iter().rev().fold(0, |word, mm| (word << 21) | u64::from(mm.unsigned_abs()))
}

/// Is no length of `a` less than that of `b`, and none of `c` less than that of `d`?
#[inline]
fn reach(a: u64, b: u64, c: u64, d: u64) -> bool {
    ((a | TOPS) - b) & ((c | TOPS) - d) & TOPS == TOPS
}

impl Ends {
    fn of(space: &Space) -> Ends {
        Ends { low: packed(space.low), high: packed(space.high) }
    }

    #[inline]
    fn within(self, o: Ends) -> bool {
        reach(self.low, o.low, o.high, self.high)
    }
}

/// A block as it takes room: its corners, and how much of its top, from the near corner on, is flat and may bear others; `None`
/// where nobody asks what lies below.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Its corner nearest to the origin.
    pub at: Sides,
    /// The corner opposite.
    pub end: Sides,
    /// The flat part of its top.
    pub top: Option<[i32; 2]>,
}

/// The empty room of one container.
#[derive(Default)]
pub struct Room {
    all: Vec<Space>,
    /// Of each of them.
    ends: Vec<Ends>,
    /// What is left of cuboids that were cut, apart for each of the six directions.
    fresh: [Vec<(Space, Ends)>; 6],
}

impl Room {
    /// An empty container.
    pub fn reset(&mut self, inner: Sides) {
        self.all.clear();
        self.ends.clear();
        let space = Space { low: [0; 3], high: inner };
        self.all.push(space);
        self.ends.push(Ends::of(&space));
    }

    /// The largest cuboids.
    pub fn all(&self) -> &[Space] {
        &self.all
    }

    /// Becomes the same as another.
    pub fn copy(&mut self, from: &Room) {
        self.all.clone_from(&from.all);
        self.ends.clone_from(&from.ends);
    }

    /// Forgets a cuboid into which nothing goes.
    pub fn forget(&mut self, space: &Space) {
        self.retain(|s| s != space);
    }

    fn retain(&mut self, mut keep: impl FnMut(&Space) -> bool) {
        let mut kept = 0;
        for n in 0..self.all.len() {
            if keep(&self.all[n]) {
                self.all[kept] = self.all[n];
                self.ends[kept] = self.ends[n];
                kept += 1;
            }
        }
        self.all.truncate(kept);
        self.ends.truncate(kept);
    }

    /// Takes a block out of the empty room. Of what is left, only cuboids whose sides are `wanted` are kept.
    pub fn cut(&mut self, block: Taken, wanted: impl Fn(Sides) -> bool) {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.iter_mut().for_each(Vec::clear);
        self.retain(|s| {
            let apart = (0..3).fold(false, |apart, k| apart | (block.end[k] <= s.low[k]) | (block.at[k] >= s.high[k]));
            if !apart {
                for (group, part) in fresh.iter_mut().zip(parts(s, &block)) {
                    if let Some(part) = part.filter(|p| wanted(p.sides())) {
                        group.push((part, Ends::of(&part)));
                    }
                }
            }
            apart
        });
        let old = self.all.len();
        for group in &fresh {
            for (n, (space, f)) in group.iter().enumerate() {
                // What is left in different directions never lies within one another.
                let covered = self.ends[..old].iter().any(|s| f.within(*s))
                    || group.iter().enumerate().any(|(m, (_, o))| m != n && f.within(*o) && (!o.within(*f) || m < n));
                if !covered {
                    self.all.push(*space);
                    self.ends.push(*f);
                }
            }
        }
        self.fresh = fresh;
        if self.all.len() > SPACES_MAX {
            self.all.sort_unstable_by_key(|s| (std::cmp::Reverse(s.volume()), s.low));
            self.all.truncate(SPACES_MAX);
            self.ends.clear();
            self.ends.extend(self.all.iter().map(Ends::of));
        }
    }
}

/// What is left of a cuboid before and beyond a block in it, along each direction.
#[inline]
fn parts(s: &Space, block: &Taken) -> [Option<Space>; 6] {
    let mut out = [None; 6];
    for k in 0..3 {
        if block.at[k] > s.low[k] {
            let mut part = *s;
            part.high[k] = block.at[k];
            out[k] = Some(part);
        }
        if s.high[k] > block.end[k] {
            let mut part = *s;
            part.low[k] = block.end[k];
            out[3 + k] = Some(part);
        }
    }
    if let (Some(top), Some(above)) = (block.top, &mut out[5]) {
        // Where bases must be held, only what is flat bears.
        for (k, side) in top.into_iter().enumerate() {
            above.low[k] = above.low[k].max(block.at[k]);
            above.high[k] = above.high[k].min(block.at[k] + side);
        }
    }
    out
}
