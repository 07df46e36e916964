//! In which order places are visited: all orders where there are few, and small changes while they help where there are more.
//!
//! Few places: Held and Karp, "A dynamic programming approach to sequencing problems" (SIAM 10, 1962). More: two parts of the walk change
//! places or a part is walked backwards (2-opt; Or 1976), tried only next to near places (Bentley, "Fast algorithms for geometric
//! traveling salesman problems", ORSA 4, 1992); then a bit of the walk is shuffled and put right again, and kept if it is no longer
//! (Martin, Otto and Felten 1991). The bound is that of spanning trees with prices for the places (Held and Karp, Operations Research 18, 1970).
//! Distances may differ by direction.

use super::shelf::NEVER;
use crate::core::chance;

/// Near places that each place knows.
const NEAR: usize = 9;
/// Longest part that changes its place.
const PART: usize = 3;
/// Longest part that is shuffled.
const SHUFFLED: usize = 30;
/// Prices in the bound are counted in this part of a millimetre.
const FINE: i64 = 8;

/// A walk from the start through all places to the end. Distances are given row after row; start and end are the last two.
pub(super) struct Sequence<'d> {
    between: &'d [i64],
    size: usize,
    /// Start, places, end.
    row: Vec<usize>,
    /// Where each one stands in the row.
    spot: Vec<usize>,
    near: Vec<Vec<usize>>,
    /// Distances from the first one on, and those of the way back; kept only where directions differ.
    ahead: Vec<i64>,
    back: Vec<i64>,
    symmetric: bool,
    /// Places whose neighbours changed.
    open: Vec<usize>,
    is_open: Vec<bool>,
    /// Changes that may still be looked at.
    left: u64,
}

/// All places in the best order, by trying every order; `None` where there is no way through all.
pub(super) fn exact(between: &[i64], places: usize) -> Option<(i64, Vec<usize>)> {
    let (size, start, end) = (places + 2, places, places + 1);
    let far = |a: usize, b: usize| between[a * size + b];
    let all = (1_usize << places) - 1;
    let mut cost = vec![NEVER; (all + 1) * places];
    for n in 0..places {
        cost[(1 << n) * places + n] = far(start, n);
    }
    for done in 1..=all {
        for last in (0..places).filter(|n| done >> n & 1 == 1) {
            let so_far = cost[done * places + last];
            if so_far >= NEVER {
                continue;
            }
            for next in (0..places).filter(|n| done >> n & 1 == 0) {
                let entry = &mut cost[(done | 1 << next) * places + next];
                *entry = (*entry).min(so_far + far(last, next));
            }
        }
    }
    let (length, mut last) = (0..places).map(|n| (cost[all * places + n] + far(n, end), n)).min()?;
    let (mut row, mut done) = (vec![end], all);
    while done != 0 {
        row.push(last);
        let here = cost[done * places + last];
        done &= !(1 << last);
        let before = (0..places).filter(|n| done >> n & 1 == 1);
        last = before.min_by_key(|n| (cost[done * places + n] + far(*n, last) - here, *n)).unwrap_or(last);
    }
    row.push(start);
    row.reverse();
    (length < NEVER).then_some((length, row))
}

/// A good order, by changes; `first` are orders to begin with, each a list of places.
pub(super) fn improved(
    between: &[i64],
    places: usize,
    changes: u64,
    first: Vec<Vec<usize>>,
) -> Option<(i64, Vec<usize>)> {
    let mut sequence = Sequence::new(between, places, changes);
    let nearest = sequence.nearest();
    let mut best: Option<(i64, Vec<usize>)> = None;
    for row in first.into_iter().chain([nearest]) {
        sequence.begin(row);
        sequence.settle();
        let found = (sequence.length(), sequence.row.clone());
        best = Some(best.map_or(found.clone(), |best| best.min(found)));
    }
    let (_, row) = best?;
    sequence.begin(row[1..=places].to_vec());
    let best = sequence.shuffle();
    (best.0 < NEVER).then_some(best)
}

impl<'d> Sequence<'d> {
    fn new(between: &'d [i64], places: usize, left: u64) -> Sequence<'d> {
        let size = places + 2;
        let both = |a: usize, b: usize| between[a * size + b] + between[b * size + a];
        let near = (0..size).map(|a| {
            let mut others: Vec<usize> = (0..size).filter(|b| *b != a).collect();
            let count = others.len().min(NEAR);
            others.select_nth_unstable_by_key(count.saturating_sub(1), |b| (both(a, *b), *b));
            others.truncate(count);
            others.sort_unstable_by_key(|b| (both(a, *b), *b));
            others
        });
        Sequence {
            between,
            size,
            near: near.collect(),
            row: Vec::new(),
            spot: vec![0; size],
            ahead: vec![0; size],
            back: vec![0; size],
            symmetric: (0..size).all(|a| (0..a).all(|b| between[a * size + b] == between[b * size + a])),
            open: Vec::new(),
            is_open: vec![false; size],
            left,
        }
    }

    fn far(&self, a: usize, b: usize) -> i64 {
        self.between[a * self.size + b]
    }

    /// Always on to the nearest place left; first those from which most others can be reached.
    fn nearest(&self) -> Vec<usize> {
        let places = self.size - 2;
        let reached: Vec<usize> =
            (0..places).map(|a| (0..places).filter(|b| self.far(a, *b) < NEVER).count()).collect();
        let (mut left, mut row): (Vec<usize>, Vec<usize>) = ((0..places).collect(), Vec::with_capacity(places));
        let mut at = places;
        while let Some(n) = (0..left.len()).min_by_key(|n| {
            let place = left[*n];
            (places - reached[place], self.far(at, place), place)
        }) {
            at = left.swap_remove(n);
            row.push(at);
        }
        row
    }

    fn begin(&mut self, places: Vec<usize>) {
        let (start, end) = (self.size - 2, self.size - 1);
        self.row = [start].into_iter().chain(places).chain([end]).collect();
        self.placed(0, self.size - 1);
        for place in 0..self.size - 2 {
            self.reopen(place);
        }
    }

    /// Notes where places stand after this part of the row changed.
    fn placed(&mut self, from: usize, to: usize) {
        for n in from..=to {
            self.spot[self.row[n]] = n;
        }
        if !self.symmetric {
            for n in from.max(1)..self.size {
                let (a, b) = (self.row[n - 1], self.row[n]);
                self.ahead[n] = self.ahead[n - 1] + self.far(a, b);
                self.back[n] = self.back[n - 1] + self.far(b, a);
            }
        }
    }

    fn reopen(&mut self, place: usize) {
        if place < self.size - 2 && !std::mem::replace(&mut self.is_open[place], true) {
            self.open.push(place);
        }
    }

    fn length(&self) -> i64 {
        self.row.windows(2).map(|w| self.far(w[0], w[1])).sum()
    }

    /// By how much a part gets longer if it is walked backwards.
    fn reversing(&self, from: usize, to: usize) -> i64 {
        if self.symmetric { 0 } else { self.back[to] - self.back[from] - (self.ahead[to] - self.ahead[from]) }
    }

    /// Small changes until none helps.
    fn settle(&mut self) {
        while let Some(place) = self.open.pop() {
            self.is_open[place] = false;
            while self.left > 0 && self.better(place) {}
            if self.left == 0 {
                self.open.drain(..).for_each(|p| self.is_open[p] = false);
            }
        }
    }

    /// A change that puts a place next to a near one and makes the walk shorter, if there is one.
    fn better(&mut self, place: usize) -> bool {
        for n in 0..self.near[place].len() {
            let other = self.near[place][n];
            let (i, j) = (self.spot[place], self.spot[other]);
            let (low, high) = (i.min(j), i.max(j));
            if self.turn(low + 1, high) || high > 0 && self.turn(low, high - 1) {
                return true;
            }
            for len in 1..=PART {
                // The place leads its part, or is its last one; it comes behind the other one, or before it.
                let parts = [(i, i + len - 1), ((i + 1).saturating_sub(len), i)];
                for (n, (from, to)) in parts.into_iter().enumerate().take(if len == 1 { 1 } else { 2 }) {
                    let behind = self.shift(from, to, j, n == 1);
                    if behind || j > 0 && self.shift(from, to, j - 1, n == 0) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Walks a part backwards if that is shorter.
    fn turn(&mut self, from: usize, to: usize) -> bool {
        if from < 1 || to > self.size - 2 || from >= to {
            return false;
        }
        self.left = self.left.saturating_sub(1);
        let (before, first) = (self.row[from - 1], self.row[from]);
        let (last, after) = (self.row[to], self.row[to + 1]);
        let gain = self.far(before, first) + self.far(last, after) - self.far(before, last) - self.far(first, after);
        if gain - self.reversing(from, to) <= 0 {
            return false;
        }
        self.row[from..=to].reverse();
        self.placed(from, to);
        [before, first, last, after].into_iter().for_each(|p| self.reopen(p));
        true
    }

    /// Puts a part behind another place, backwards or not, if that is shorter.
    fn shift(&mut self, from: usize, to: usize, behind: usize, backwards: bool) -> bool {
        if from < 1 || to > self.size - 2 || behind > self.size - 2 || (from - 1..=to).contains(&behind) {
            return false;
        }
        self.left = self.left.saturating_sub(1);
        let (before, first) = (self.row[from - 1], self.row[from]);
        let (last, after) = (self.row[to], self.row[to + 1]);
        let (left, right) = (self.row[behind], self.row[behind + 1]);
        let out = self.far(before, first) + self.far(last, after) - self.far(before, after);
        let (head, tail) = if backwards { (last, first) } else { (first, last) };
        let into = self.far(left, head) + self.far(tail, right) - self.far(left, right);
        let turned = if backwards { self.reversing(from, to) } else { 0 };
        if out - into - turned <= 0 {
            return false;
        }
        let len = to + 1 - from;
        if behind > to {
            self.row[from..=behind].rotate_left(len);
            if backwards {
                self.row[behind + 1 - len..=behind].reverse();
            }
            self.placed(from, behind);
        } else {
            self.row[behind + 1..=to].rotate_right(len);
            if backwards {
                self.row[behind + 1..=behind + len].reverse();
            }
            self.placed(behind + 1, to);
        }
        [before, first, last, after, left, right].into_iter().for_each(|p| self.reopen(p));
        true
    }

    /// Shuffles a bit and puts it right again, until all changes are used up. Gives the best row met.
    fn shuffle(&mut self) -> (i64, Vec<usize>) {
        self.settle();
        let mut best = (self.length(), self.row.clone());
        let (places, mut state) = (self.size - 2, 0);
        let mut below = |sides: usize| ((u128::from(chance::next(&mut state)) * sides as u128) >> 64) as usize;
        while self.left > 0 && places > 3 {
            // Two parts beside each other change places.
            let most = SHUFFLED.min(places / 2);
            let (one, two) = (1 + below(most), 1 + below(most));
            let from = 1 + below(places + 1 - one - two);
            self.left = self.left.saturating_sub(1 + (places / 8) as u64);
            self.row[from..from + one + two].rotate_left(one);
            self.placed(from, from + one + two - 1);
            for n in [from - 1, from, from + two - 1, from + two, from + one + two - 1, from + one + two] {
                self.reopen(self.row[n]);
            }
            self.settle();
            let length = self.length();
            if length <= best.0 {
                best = (length, self.row.clone());
            } else {
                self.row.clone_from(&best.1);
                self.placed(0, self.size - 1);
            }
        }
        best
    }
}

/// No walk through all places is shorter than this. A walk is a tree that spans all places, at whose ends one edge hangs and at all
/// others two: whatever is paid for each edge at a place too many and given for each too few, no tree is dearer than the walk.
///
/// `known` is the length of a walk, and what every length is a multiple of.
pub(super) fn bound(between: &[i64], places: usize, rounds: usize, (known, grain): (i64, i64)) -> i64 {
    let (size, start, end) = (places + 2, places, places + 1);
    // Directions forgotten: the shorter one. Start and end are no neighbours where there is anything between them.
    let far = |a: usize, b: usize| match (a.min(b), a.max(b)) {
        (a, b) if a == start && b == end => NEVER,
        _ => between[a * size + b].min(between[b * size + a]),
    };
    let wanted = |n: usize| if n < places { 2 } else { 1 };
    let (mut prices, mut best, mut step, mut waited) = (vec![0_i64; size], 0, 64, 0);
    let mut kept = prices.clone();
    for _ in 0..rounds {
        let (sum, degree) = tree(size, &|a, b| far(a, b) * FINE + prices[a] + prices[b]);
        let value = sum - (0..size).map(|n| prices[n] * wanted(n)).sum::<i64>();
        if value > best {
            (best, waited) = (value, 0);
            kept.clone_from(&prices);
        } else {
            waited += 1;
        }
        let off: i64 = (0..size).map(|n| (degree[n] - wanted(n)).pow(2)).sum();
        if off == 0 || step == 0 || best > (known - grain) * FINE {
            break;
        }
        if waited >= 8 {
            (step, waited) = (step / 2, 0);
            prices.clone_from(&kept);
            continue;
        }
        let gap = (known * FINE - value).max(FINE);
        for n in 0..size {
            prices[n] += gap * step * (degree[n] - wanted(n)) / (64 * off);
        }
    }
    let least = (best + FINE - 1) / FINE;
    ((least + grain - 1) / grain * grain).min(known)
}

/// The cheapest tree that spans all (Prim), and how many of its edges hang at each.
fn tree(size: usize, cost: &impl Fn(usize, usize) -> i64) -> (i64, Vec<i64>) {
    let mut near: Vec<(i64, usize)> = (0..size).map(|n| (cost(0, n), 0)).collect();
    let (mut left, mut degree, mut sum): (Vec<usize>, Vec<i64>, i64) = ((1..size).collect(), vec![0; size], 0);
    while let Some(n) = (0..left.len()).min_by_key(|n| (near[left[*n]].0, left[*n])) {
        let at = left.swap_remove(n);
        let (mm, from) = near[at];
        sum += mm;
        degree[at] += 1;
        degree[from] += 1;
        for other in &left {
            let mm = cost(at, *other);
            if mm < near[*other].0 {
                near[*other] = (mm, at);
            }
        }
    }
    (sum, degree)
}
