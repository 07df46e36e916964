//! The linear program of batching: every order is on some walk, whole walks or parts of walks, as cheaply as possible.
//!
//! A primal simplex with the inverse of the basis kept whole: there are as many rows as orders, so it is small, and the columns
//! are many and have few orders each. The right sides are a little more than one, each by another little, so that hardly any step is
//! in vain. Nothing exact rests on these floats: lengths are counted whole, and the bound checks what comes from here.

use super::budget::Budget;
use super::case::Case;
use super::dice::Dice;
use super::group::Shares;
use super::pool::Pool;

const TINY: f64 = 1e-9;
/// A column this much cheaper than its orders are worth comes in, in mm.
const BETTER: f64 = 1e-4;
/// What a forbidden column costs more, in longest walks.
const DEAR: f64 = 50.0;
/// Columns looked at again before all are.
const SHORT_LIST: usize = 40;
/// Steps that one exchange counts as, for each row.
const STEPS_PER_ROW: u64 = 1;

/// What stands in a row of the basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basic {
    /// How often too often a row is covered.
    Surplus(usize),
    Column(usize),
}

/// The program and its basis.
#[derive(Clone, Debug, Default)]
pub(super) struct Lp {
    rows: usize,
    right: Vec<f64>,
    basis: Vec<Basic>,
    /// The inverse, column after column.
    inverse: Vec<f64>,
    x: Vec<f64>,
    /// What each order is worth, in mm.
    pub worth: Vec<f64>,
    /// Columns that may not be used.
    pub banned: Vec<bool>,
    longest: f64,
    // Working memory.
    entering: Vec<f64>,
    short_list: Vec<(f64, usize)>,
}

impl Lp {
    /// Begins with a whole plan; its groups must be in the pool.
    pub(super) fn new(case: &Case<'_>, pool: &Pool, shares: &Shares, dice: &mut Dice) -> Lp {
        let rows = case.len();
        let mut lp = Lp {
            rows,
            right: (0..rows).map(|_| 1.0 + 1e-4 * dice.share()).collect(),
            basis: (0..rows).map(Basic::Surplus).collect(),
            inverse: vec![0.0; rows * rows],
            x: vec![0.0; rows],
            worth: vec![0.0; rows],
            longest: case.alone.iter().sum::<i64>() as f64,
            ..Lp::default()
        };
        for group in &shares.groups {
            let orders: Vec<usize> = group.orders.iter().map(|o| usize::from(*o)).collect();
            let by_right = |a: &&usize, b: &&usize| lp.right[**a].total_cmp(&lp.right[**b]);
            let (Some(first), Some(column)) = (orders.iter().max_by(by_right).copied(), pool.find(group.key)) else {
                continue;
            };
            lp.basis[first] = Basic::Column(column);
            for o in orders {
                lp.inverse[first * rows + o] = 1.0;
                if o != first {
                    lp.inverse[o * rows + o] = -1.0;
                }
            }
        }
        lp.recount(pool);
        lp
    }

    /// How much of each column is used, where any is.
    pub(super) fn used(&self) -> impl Iterator<Item = (usize, f64)> {
        self.basis.iter().zip(&self.x).filter_map(|(b, x)| match b {
            Basic::Column(c) if *x > 1e-6 => Some((*c, *x)),
            Basic::Column(_) | Basic::Surplus(_) => None,
        })
    }

    /// All columns of the basis.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.basis.iter().filter_map(|b| match b {
            Basic::Column(c) => Some(*c),
            Basic::Surplus(_) => None,
        })
    }

    /// What the orders are worth together: the program's value.
    pub(super) fn value(&self) -> f64 {
        self.worth.iter().sum()
    }

    fn cost(&self, pool: &Pool, column: usize) -> f64 {
        let dear = if self.banned.get(column).copied().unwrap_or_default() { DEAR * self.longest } else { 0.0 };
        pool.cost(column) as f64 + dear
    }

    /// Reckons shares and worths anew from the inverse, after columns were forbidden or allowed.
    pub(super) fn recount(&mut self, pool: &Pool) {
        let rows = self.rows;
        self.x.fill(0.0);
        for (right, column) in self.right.iter().zip(self.inverse.chunks_exact(rows)) {
            self.x.iter_mut().zip(column).for_each(|(x, c)| *x += right * c);
        }
        let costs: Vec<f64> = self
            .basis
            .iter()
            .map(|b| match b {
                Basic::Column(c) => self.cost(pool, *c),
                Basic::Surplus(_) => 0.0,
            })
            .collect();
        for (worth, column) in self.worth.iter_mut().zip(self.inverse.chunks_exact(rows)) {
            *worth = costs.iter().zip(column).map(|(a, b)| a * b).sum();
        }
    }

    /// Solves it over the columns of the pool, or until somebody stops it.
    pub(super) fn solve(&mut self, case: &Case<'_>, pool: &Pool, budget: &mut Budget<'_>) -> bool {
        self.banned.resize(pool.len(), false);
        self.short_list.clear();
        let most = 60 * self.rows + 2_000;
        for n in 0..most {
            if n % 256 == 255 {
                self.recount(pool);
            }
            if n % 16 == 0 && !budget.go(case, 16 * STEPS_PER_ROW * self.rows as u64) {
                return false;
            }
            let Some(next) = self.choose(pool) else { return true };
            if !self.exchange(pool, next) {
                // Numbers have drifted: what is known is reckoned anew, and the column left alone this time.
                self.recount(pool);
                return true;
            }
        }
        true
    }

    /// The column, or surplus, that is worth most.
    fn choose(&mut self, pool: &Pool) -> Option<Basic> {
        let worth = &self.worth;
        let negative = worth.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
        let surplus = (*negative.1 < -BETTER).then_some((*negative.1, negative.0));
        if let Some((_, row)) = surplus.filter(|s| s.0 < -1.0) {
            return Some(Basic::Surplus(row));
        }
        let mut best = (-BETTER, None);
        for (_, c) in &self.short_list {
            let reduced = self.cost(pool, *c) - pool.orders(*c).iter().map(|o| worth[usize::from(*o)]).sum::<f64>();
            if reduced < best.0 {
                best = (reduced, Some(*c));
            }
        }
        if best.1.is_none() {
            let mut list = std::mem::take(&mut self.short_list);
            list.clear();
            let mut floor = -BETTER;
            for c in 0..pool.len() {
                if self.banned[c] {
                    continue;
                }
                let reduced =
                    pool.cost(c) as f64 - pool.orders(c).iter().map(|o| self.worth[usize::from(*o)]).sum::<f64>();
                if reduced < floor {
                    list.push((reduced, c));
                    if list.len() >= 4 * SHORT_LIST {
                        list.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                        list.truncate(SHORT_LIST);
                        floor = list.last().map_or(floor, |l| l.0);
                    }
                }
            }
            list.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            list.truncate(SHORT_LIST);
            best.1 = list.first().map(|l| l.1);
            self.short_list = list;
        }
        best.1.map(Basic::Column).or(surplus.map(|(_, row)| Basic::Surplus(row)))
    }

    /// Takes something into the basis for something else. `false`: it cannot be.
    fn exchange(&mut self, pool: &Pool, next: Basic) -> bool {
        let rows = self.rows;
        let mut entering = std::mem::take(&mut self.entering);
        entering.clear();
        entering.resize(rows, 0.0);
        let (cost, worth) = match next {
            Basic::Surplus(row) => {
                let column = &self.inverse[row * rows..(row + 1) * rows];
                entering.iter_mut().zip(column).for_each(|(e, c)| *e = -c);
                (0.0, -self.worth[row])
            }
            Basic::Column(c) => {
                for o in pool.orders(c) {
                    let row = usize::from(*o);
                    let column = &self.inverse[row * rows..(row + 1) * rows];
                    entering.iter_mut().zip(column).for_each(|(e, c)| *e += c);
                }
                (self.cost(pool, c), pool.orders(c).iter().map(|o| self.worth[usize::from(*o)]).sum())
            }
        };
        let reduced = cost - worth;
        let mut leaving: Option<(f64, f64, usize)> = None;
        for (row, (e, x)) in entering.iter().zip(&self.x).enumerate() {
            if *e > 1e-7 {
                let ratio = x.max(0.0) / e;
                let better = leaving.is_none_or(|(r, by, _)| ratio < r - 1e-12 || (ratio < r + 1e-12 && *e > by));
                if better {
                    leaving = Some((ratio, *e, row));
                }
            }
        }
        let done = if let Some((ratio, pivot, out)) = leaving {
            for (row, column) in self.inverse.chunks_exact_mut(rows).enumerate() {
                let part = column[out] / pivot;
                if part.abs() < TINY {
                    column[out] = 0.0;
                    continue;
                }
                column.iter_mut().zip(&entering).for_each(|(c, e)| *c -= part * e);
                column[out] = part;
                self.worth[row] += reduced * part;
            }
            self.x.iter_mut().zip(&entering).for_each(|(x, e)| *x -= ratio * e);
            self.x[out] = ratio;
            self.basis[out] = next;
            true
        } else {
            false
        };
        self.entering = entering;
        done
    }
}
