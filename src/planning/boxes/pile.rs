//! What lies in a box and on what: things sink until something holds them, and nothing is put where too little
//! holds it or where it weighs on what does not bear it.
//!
//! The mass that stands above a thing is counted in full, whatever else helps to carry it: a stack may tip, and then it
//! all lies there.

use super::{Placed, Sides, Task, Top};

/// The things in one box.
#[derive(Default)]
pub struct Pile {
    placed: Vec<Placed>,
    /// Mass that stands on each, directly or on what stands on it.
    load_g: Vec<i64>,
    /// For each, where in `below` the things it lies on are named.
    lies_on: Vec<(usize, usize)>,
    below: Vec<usize>,
    /// Those under the thing looked at, in any depth.
    under: Vec<usize>,
    /// For each thing in which look it was last found under another one.
    found: Vec<u64>,
    looks: u64,
}

impl Pile {
    /// Empties the box.
    pub fn reset(&mut self) {
        self.placed.clear();
        self.load_g.clear();
        self.lies_on.clear();
        self.below.clear();
    }

    /// What lies in the box, in the order it came.
    pub fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// How deep a thing sinks from a place that is free: until it lies on something or on the floor.
    pub fn sink(&self, at: Sides, size: Sides) -> Sides {
        let below = self.placed.iter().filter(|b| b.at[2] + b.size[2] <= at[2] && over(b, at, size) > 0);
        [at[0], at[1], below.map(|b| b.at[2] + b.size[2]).max().unwrap_or(0)]
    }

    /// May a ware be put here, where it has already sunk to?
    pub fn bears(&mut self, task: &Task<'_>, ware: usize, at: Sides, size: Sides) -> bool {
        // Under something that is there already: then the other would lie on it, which nobody has checked.
        let top = at[2] + size[2];
        if self.placed.iter().any(|p| p.at[2] == top && over(p, at, size) > 0) {
            return false;
        }
        if at[2] > 0 {
            let held: i64 = self.holders(at, size).map(|(_, area)| area).sum();
            let base = i64::from(size[0]) * i64::from(size[1]);
            if held * 100 < base * i64::from(task.rules.support_percent) {
                return false;
            }
        }
        let Some(mass_g) = task.wares.get(ware).map(|w| w.mass_g) else { return false };
        self.find_under(at, size);
        self.under.iter().all(|n| match task.wares.get(self.placed[*n].ware).map(|w| w.top) {
            Some(Top::Anything) => true,
            Some(Top::UpTo(most_g)) => self.load_g[*n] + mass_g <= most_g,
            Some(Top::Nothing) | None => false,
        })
    }

    /// Puts a thing in, where it has sunk to; with `ruled` what it weighs on is remembered.
    pub fn put(&mut self, task: &Task<'_>, thing: Placed, ruled: bool) {
        if ruled {
            let mass_g = task.wares.get(thing.ware).map_or(0, |w| w.mass_g);
            self.find_under(thing.at, thing.size);
            for n in &self.under {
                self.load_g[*n] += mass_g;
            }
            let from = self.below.len();
            if thing.at[2] > 0 {
                let on = self.placed.iter().enumerate();
                let on = on.filter(|(_, b)| b.at[2] + b.size[2] == thing.at[2] && over(b, thing.at, thing.size) > 0);
                self.below.extend(on.map(|(n, _)| n));
            }
            self.lies_on.push((from, self.below.len()));
            self.load_g.push(0);
        }
        self.placed.push(thing);
    }

    /// Takes everything from elsewhere, sunk and in the order it can be put in. With `ruled` it tells whether
    /// every thing is held and borne.
    pub fn refill(&mut self, task: &Task<'_>, things: &mut [Placed], ruled: bool) -> bool {
        self.reset();
        things.sort_unstable_by_key(|p| (p.at[2], p.ware, p.at));
        for thing in things {
            thing.at = self.sink(thing.at, thing.size);
            if ruled && !self.bears(task, thing.ware, thing.at, thing.size) {
                return false;
            }
            self.put(task, *thing, ruled);
        }
        true
    }

    /// The things whose tops are level with the base of one here, and the area in which they hold it.
    fn holders(&self, at: Sides, size: Sides) -> impl Iterator<Item = (usize, i64)> {
        let level = move |b: &Placed| b.at[2] + b.size[2] == at[2];
        self.placed.iter().enumerate().filter(move |(_, b)| level(b)).filter_map(move |(n, b)| {
            let area = over(b, at, size);
            (area > 0).then_some((n, area))
        })
    }

    /// Collects everything under a thing here, in any depth, each once.
    fn find_under(&mut self, at: Sides, size: Sides) {
        let mut under = std::mem::take(&mut self.under);
        under.clear();
        self.looks += 1;
        self.found.resize(self.found.len().max(self.placed.len()), 0);
        if at[2] > 0 {
            under.extend(self.holders(at, size).map(|(n, _)| n));
        }
        for n in &under {
            self.found[*n] = self.looks;
        }
        let mut next = 0;
        while let Some(&n) = under.get(next) {
            let (from, to) = self.lies_on.get(n).copied().unwrap_or_default();
            for b in self.below.get(from..to).unwrap_or_default() {
                if std::mem::replace(&mut self.found[*b], self.looks) != self.looks {
                    under.push(*b);
                }
            }
            next += 1;
        }
        self.under = under;
    }
}

/// The area in mm² in which two things lie above each other.
fn over(b: &Placed, at: Sides, size: Sides) -> i64 {
    let along = |k: usize| i64::from((b.at[k] + b.size[k]).min(at[k] + size[k]) - b.at[k].max(at[k])).max(0);
    along(0) * along(1)
}
