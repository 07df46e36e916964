//! How long all walks together are at least.
//!
//! **By worths.** Give every order a worth, such that no batch that a cart holds has orders worth more than its walk is long. Then no plan
//! is shorter than all worths together: each order is in some batch, and each batch's walk is at least as long as its orders are worth.
//! The linear program proposes worths; here they are whole millimetres, and a search through all batches that a cart holds makes sure
//! of them. It leaves out what cannot be: orders come by falling walks alone, a walk for more orders is never shorter, and what can
//! still come in is worth no more than the best filling of the cart (a knapsack). Where only batches worth up to `v` more than their
//! walk are ruled out, all worths shrink by `l / (l + v)`, `l` the shortest walk of any order, and hold again.
//!
//! That search needs every length to be a provably shortest one. Where one is not, it makes sure of nothing.
//!
//! **By filling.** Without any of that: sort orders by the least that their walk alone can be, the longest first, and fill carts with them as if they could be
//! cut. The k-th batch of any plan, by its longest order, has one at least as long as the order that begins the k-th cart: the
//! batches before it hold no more than k - 1 carts.
//!
//! A walk that ends where it begins goes as far up as down and as far right as left, between places that lie whole multiples of some
//! length apart: every plan is a multiple of twice that length, and so the bound is rounded up to one.

use super::budget::Budget;
use super::case::{Amounts, Case, FAR, MEASURES};
use super::group::Group;
use super::pool::Pool;

/// The knapsack counts a cart in so many parts at most.
const PARTS: i64 = 256;

/// What a search through all batches said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    /// No batch is worth more than its walk and the slack: so long are all walks at least.
    Holds(i64),
    /// Some were found and are in the pool now.
    Found,
    /// The budget ended.
    Open,
}

/// The bound by filling.
pub(super) fn by_filling(case: &Case<'_>) -> i64 {
    let mut by_length: Vec<usize> = (0..case.len()).collect();
    by_length.sort_by_key(|o| std::cmp::Reverse(case.alone_least[*o]));
    let one = |m: usize| {
        let capacity = case.capacity[m];
        let (mut sum, mut filled, mut next) = (0, 0_i64, 0_i64);
        for o in &by_length {
            let load = case.loads[*o][m];
            // The cart that this order's first part would begin.
            while load > 0 && next < filled + load {
                sum += case.alone_least[*o];
                next = next.saturating_add(capacity);
            }
            filled += load;
        }
        sum
    };
    let least = case.alone_least.iter().copied().max().unwrap_or(0);
    round_up((0..MEASURES).map(one).max().unwrap_or(0).max(least), grain(case))
}

/// What every plan's length is a multiple of.
pub(super) fn grain(case: &Case<'_>) -> i64 {
    let layout = case.task.site.layout();
    let mut all = 0;
    let xs = layout.aisles.iter().map(|a| a.x_mm);
    let ys = layout.cross_aisles.iter().map(|c| c.y_mm).chain(layout.cells_mm.iter().copied());
    let (x, y) = (layout.aisles.first().map_or(0, |a| a.x_mm), layout.cross_aisles.first().map_or(0, |c| c.y_mm));
    for d in xs.map(|v| v - x).chain(ys.map(|v| v - y)) {
        all = gcd(all, d.abs());
    }
    let plain = layout.aisles.iter().all(|a| a.closed.is_empty());
    if !plain {
        return 1;
    }
    (if case.round { 2 * all } else { all }).max(1)
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

pub(super) fn round_up(length: i64, grain: i64) -> i64 {
    (length + grain - 1) / grain * grain
}

/// The search through all batches.
struct Walkthrough<'a, 'c, 's> {
    case: &'c mut Case<'s>,
    pool: &'a mut Pool,
    worth: &'a [i64],
    slack: i64,
    /// By falling walks alone.
    sorted: Vec<u16>,
    /// Best filling by orders from here on, of so many parts of a cart.
    filling: Vec<Vec<i64>>,
    /// Parts of a cart that each order takes.
    parts: Vec<usize>,
    levels: Vec<Group>,
    found: usize,
}

/// Most batches noted in one search.
const FOUND_MAX: usize = 500;

/// Makes sure of worths, but for a slack.
pub(super) fn check(
    case: &mut Case<'_>,
    pool: &mut Pool,
    worth: &[i64],
    slack: i64,
    budget: &mut Budget<'_>,
) -> Checked {
    let mut sorted: Vec<u16> = (0..case.len() as u16).filter(|o| worth[usize::from(*o)] > 0).collect();
    sorted.sort_by_key(|o| std::cmp::Reverse(case.alone[usize::from(*o)]));
    let measure = tightest(case);
    let capacity = case.capacity[measure];
    let whole = capacity.min(PARTS);
    let part = |o: &u16| {
        let load = case.loads[usize::from(*o)][measure];
        if capacity <= PARTS { load } else { (i128::from(load) * i128::from(PARTS) / i128::from(capacity)) as i64 }
    };
    let parts: Vec<usize> = sorted.iter().map(|o| part(o).unsigned_abs() as usize).collect();
    let size = whole.unsigned_abs() as usize + 1;
    let mut filling = vec![vec![0; size]; sorted.len() + 1];
    for (n, (o, part)) in sorted.iter().zip(&parts).enumerate().rev() {
        let worth = worth[usize::from(*o)];
        let mut row = filling[n + 1].clone();
        for room in (*part..size).rev() {
            row[room] = row[room].max(filling[n + 1][room - part] + worth);
        }
        filling[n] = row;
    }
    let levels = vec![case.nothing()];
    let sum: i64 = worth.iter().sum();
    let shortest = case.alone.iter().copied().min().unwrap_or(0);
    let mut search = Walkthrough { case, pool, worth, slack, sorted, filling, parts, levels, found: 0 };
    let whole = search.below(0, 0, 0, size - 1, budget);
    match (whole && search.case.exact, search.found) {
        (_, 1..) => Checked::Found,
        (true, 0) => Checked::Holds(shrunk(sum, shortest, slack)),
        (false, 0) => Checked::Open,
    }
}

/// Worths that hold although batches may be worth so much more than their walk.
fn shrunk(sum: i64, shortest: i64, slack: i64) -> i64 {
    if slack == 0 {
        return sum;
    }
    let shrunk = i128::from(sum) * i128::from(shortest) / i128::from((shortest + slack).max(1));
    i64::try_from(shrunk).unwrap_or(0)
}

fn tightest(case: &Case<'_>) -> usize {
    let full = |m: &usize| {
        let sum: i64 = case.loads.iter().map(|l: &Amounts| l[*m]).sum();
        sum as f64 / case.capacity[*m] as f64
    };
    (0..MEASURES).max_by(|a, b| full(a).total_cmp(&full(b))).unwrap_or(0)
}

impl Walkthrough<'_, '_, '_> {
    /// Everything that can be added to the batch of this level from `from` on. `false`: it was not looked through.
    fn below(&mut self, level: usize, value: i64, from: usize, room: usize, budget: &mut Budget<'_>) -> bool {
        if self.levels.len() < level + 2 {
            let more = self.case.nothing();
            self.levels.push(more);
        }
        for n in from..self.sorted.len() {
            if value + self.filling[n][room] - self.levels[level].length <= self.slack {
                return true;
            }
            let (order, part) = (self.sorted[n], self.parts[n]);
            if part > room || !self.case.fits(&self.levels[level], order) {
                continue;
            }
            let now = value + self.worth[usize::from(order)];
            let most = now + self.filling[n + 1][room - part];
            if most - self.levels[level].length.max(self.case.alone[usize::from(order)]) <= self.slack {
                continue;
            }
            let length = self.case.joined(&self.levels[level], order);
            if length >= FAR || most - length <= self.slack {
                continue;
            }
            let (done, rest) = self.levels.split_at_mut(level + 1);
            let (group, next) = (&done[level], &mut rest[0]);
            next.clone_from(group);
            self.case.put(next, order, length);
            if now - length > self.slack {
                self.found += usize::from(self.pool.add(&self.levels[level + 1]));
                if self.found >= FOUND_MAX || self.pool.is_full() {
                    return false;
                }
            }
            if !budget.go(self.case, 0) || !self.below(level + 1, now, n + 1, room - part, budget) {
                return false;
            }
        }
        true
    }
}
