//! Do these few things go in this box? Searched through wholly, for as many steps as are allowed.
//!
//! Two things in a box are apart along x, y or z, one before the other. The search chooses that for pair after pair; along
//! each direction the longest chain of things must be no longer than the box. (Martello, Pisinger, Vigo, den Boef and Korst,
//! "Algorithm 864: general and robot-packable variants of the three-dimensional bin packing problem", ACM Transactions on
//! Mathematical Software 33, 2007.) What hangs in the air sinks afterwards; a site's rules for support and stacking are asked
//! of the places found. "Never" is said only where no arrangement exists even without these rules.

use super::fill::Filler;
use super::{Placed, Sides, Task, Verdict};

/// More things than this are not searched.
pub const THINGS_MAX: usize = 9;
/// Steps for one question.
const STEPS: u32 = 10_000;

/// One thing with the ways it may lie in this box.
#[derive(Clone, Copy)]
struct Thing {
    ware: usize,
    ways: [Sides; 6],
    ways_len: usize,
}

/// What is chosen so far.
#[derive(Clone, Copy, Default)]
struct State {
    /// For each thing, how it lies: index of its way.
    way: [usize; THINGS_MAX],
    size: [Sides; THINGS_MAX],
    /// Along each direction: how long the longest chain before a thing is, and after it.
    before: [[i32; THINGS_MAX]; 3],
    after: [[i32; THINGS_MAX]; 3],
    /// Along each direction: the set of things that lie beyond a thing, and of those before it.
    next: [[u16; THINGS_MAX]; 3],
    previous: [[u16; THINGS_MAX]; 3],
}

struct Search<'a> {
    filler: &'a mut Filler,
    task: &'a Task<'a>,
    inner: Sides,
    things: [Thing; THINGS_MAX],
    len: usize,
    steps: u32,
    /// All that is wanted is searched, and not only the largest of it.
    all: bool,
    /// An arrangement was found that the rules of the site do not allow.
    refused: bool,
}

/// Searches. Of more things than can be searched the largest alone are: if they do not go in, nothing helps.
pub fn search(filler: &mut Filler, task: &Task<'_>, kind: usize, wanted: &[u32]) -> Verdict {
    let Some(room) = task.kinds.get(kind) else { return Verdict::Never };
    let total: u32 = wanted.iter().sum();
    if !filler.effort_left() {
        return Verdict::Unknown;
    }
    let mut search = Search::new(filler, task, room.inner, wanted);
    search.all = search.len == total as usize;
    let found = search.things_from(0, &State::default());
    let (steps, refused) = (STEPS - search.steps, search.refused);
    filler.spend(u64::from(steps) * 4);
    match found {
        Found::Yes => Verdict::Fits,
        Found::No if !refused => Verdict::Never,
        Found::No | Found::OutOfSteps => Verdict::Unknown,
    }
}

/// What came of a branch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Yes,
    No,
    OutOfSteps,
}

impl<'a> Search<'a> {
    fn new(filler: &'a mut Filler, task: &'a Task<'a>, inner: Sides, wanted: &[u32]) -> Search<'a> {
        let mut sorted: Vec<usize> = (0..wanted.len()).filter(|n| wanted[*n] > 0).collect();
        sorted.sort_by_key(|n| std::cmp::Reverse(task.wares.get(*n).map_or(0, super::Ware::volume_mm3)));
        let empty = Thing { ware: 0, ways: [[0; 3]; 6], ways_len: 0 };
        let (things, steps) = ([empty; THINGS_MAX], STEPS);
        let mut search = Search { filler, task, inner, things, len: 0, steps, all: true, refused: false };
        for ware in sorted {
            let Some(w) = task.wares.get(ware) else { continue };
            let mut thing = Thing { ware, ..empty };
            for way in w.turns.of(w.sides).filter(|t| (0..3).all(|k| t[k] <= inner[k])) {
                thing.ways[thing.ways_len] = way;
                thing.ways_len += 1;
            }
            for _ in 0..wanted[ware].min(THINGS_MAX as u32) {
                if search.len < THINGS_MAX {
                    search.things[search.len] = thing;
                    search.len += 1;
                }
            }
        }
        search
    }

    /// Everything has its place: is it one that the site allows?
    fn accept(&mut self, state: &State) -> Found {
        if !self.all {
            self.refused = true;
            return Found::OutOfSteps;
        }
        let things = (0..self.len).map(|n| Placed {
            ware: self.things[n].ware,
            at: [0, 1, 2].map(|k| state.before[k][n]),
            size: state.size[n],
        });
        if self.filler.adopt(self.task, things) {
            return Found::Yes;
        }
        self.refused = true;
        Found::No
    }

    /// Chooses how thing `i` lies, and where it and all after it are.
    fn things_from(&mut self, i: usize, state: &State) -> Found {
        if i == self.len {
            return self.accept(state);
        }
        let thing = self.things[i];
        let alike = i > 0 && self.things[i - 1].ware == thing.ware;
        // Things of one ware can be exchanged: their ways come in rising order.
        let from = if alike { state.way[i - 1] } else { 0 };
        for way in from..thing.ways_len {
            let mut child = *state;
            child.way[i] = way;
            child.size[i] = thing.ways[way];
            match self.pairs_from(i, 0, &child) {
                Found::No => {}
                done @ (Found::Yes | Found::OutOfSteps) => return done,
            }
        }
        Found::No
    }

    /// Chooses how thing `i` lies to `j` and to all from `j` on before it.
    fn pairs_from(&mut self, i: usize, j: usize, state: &State) -> Found {
        if j == i {
            return self.things_from(i + 1, state);
        }
        let alike = self.things[i].ware == self.things[j].ware && state.way[i] == state.way[j];
        for k in 0..3 {
            for (first, second) in [(j, i), (i, j)] {
                // Like things in the same way: the later is never before the other along x. And a whole arrangement can be
                // seen in a mirror: the first two are looked at in one order only, but not upside down.
                if first == i && ((alike && k == 0) || (i == 1 && k < 2)) {
                    continue;
                }
                if self.steps == 0 {
                    return Found::OutOfSteps;
                }
                self.steps -= 1;
                let mut child = *state;
                if !child.order(k, first, second, self.inner[k]) {
                    continue;
                }
                match self.pairs_from(i, j + 1, &child) {
                    Found::No => {}
                    done @ (Found::Yes | Found::OutOfSteps) => return done,
                }
            }
        }
        Found::No
    }
}

impl State {
    /// Puts one thing before another along a direction. `false` where the box is too short for that.
    fn order(&mut self, k: usize, first: usize, second: usize, whole: i32) -> bool {
        let length = |s: &State, n: usize| s.size[n][k];
        if self.before[k][first] + length(self, first) + length(self, second) + self.after[k][second] > whole {
            return false;
        }
        self.next[k][first] |= 1 << second;
        self.previous[k][second] |= 1 << first;
        self.push(k, first, whole, true) && self.push(k, second, whole, false)
    }

    /// Carries a changed chain on to what lies beyond it (`forward`) or before it. A circle grows until it is too long.
    fn push(&mut self, k: usize, from: usize, whole: i32, forward: bool) -> bool {
        let mut changed: u16 = 1 << from;
        while changed != 0 {
            let n = changed.trailing_zeros() as usize;
            changed &= changed - 1;
            let reach = self.size[n][k] + if forward { self.before[k][n] } else { self.after[k][n] };
            let mut rest = if forward { self.next[k][n] } else { self.previous[k][n] };
            while rest != 0 {
                let m = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                let chain = if forward { &mut self.before[k][m] } else { &mut self.after[k][m] };
                if *chain < reach {
                    *chain = reach;
                    if self.before[k][m] + self.size[m][k] + self.after[k][m] > whole {
                        return false;
                    }
                    changed |= 1 << m;
                }
            }
        }
        true
    }
}
