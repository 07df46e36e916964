//! Column generation: the linear program and the search for better batches take turns; whole plans are made by diving.

use super::budget::Budget;
use super::case::Case;
use super::dice::Dice;
use super::group::Shares;
use super::lp::Lp;
use super::pool::Pool;
use super::price::{self, Market};
use super::repair;

/// A column used this much is taken for good.
const SURE: f64 = 0.92;
/// Rounds of looking for batches after each decision of a dive.
const DIVE_ROUNDS: usize = 2;

/// A whole plan that is looked for.
pub(super) struct Wish {
    /// These batches stay as they are.
    pub kept: Vec<Vec<u16>>,
    /// It is given up where the walks get longer than this, in mm.
    pub most: f64,
    /// How much chance there is in what is taken first.
    pub wild: f64,
}

/// The program with its worths.
#[derive(Clone, Debug)]
pub(super) struct Master {
    lp: Lp,
    dice: Dice,
    /// The rounds of looking found nothing any more.
    pub settled: bool,
}

impl Master {
    /// Begins with a whole plan. Every order alone and the plan's batches come into the pool.
    pub(super) fn new(case: &mut Case<'_>, pool: &mut Pool, shares: &Shares, seed: u64) -> Master {
        for order in 0..case.len() as u16 {
            let group = case.group(&[order]);
            pool.add(&group);
        }
        shares.groups.iter().for_each(|g| {
            pool.add(g);
        });
        let mut dice = Dice::new(seed);
        Master { lp: Lp::new(case, pool, shares, &mut dice), dice, settled: false }
    }

    /// What each order is worth, in whole mm.
    pub(super) fn worth(&self) -> Vec<i64> {
        self.lp.worth.iter().map(|w| w.max(0.0).floor() as i64).collect()
    }

    /// Solves and looks for better batches in turns, until none is found or the budget ends.
    pub(super) fn converge(&mut self, case: &mut Case<'_>, pool: &mut Pool, budget: &mut Budget<'_>) -> bool {
        let open: Vec<u16> = (0..case.len() as u16).collect();
        let mut idle = 0;
        while self.lp.solve(case, pool, budget) {
            let found = self.look(case, pool, &open, idle > 0, budget);
            idle = if found == 0 { idle + 1 } else { 0 };
            if idle > 2 {
                self.settled = true;
                return true;
            }
        }
        false
    }

    /// One round of looking for better batches among these orders.
    fn look(
        &mut self,
        case: &mut Case<'_>,
        pool: &mut Pool,
        open: &[u16],
        vary: bool,
        budget: &mut Budget<'_>,
    ) -> usize {
        let worth = self.worth();
        let market = Market { worth: &worth, open };
        let mut found = 0;
        if !vary {
            let mut free = vec![false; case.len()];
            open.iter().for_each(|o| free[usize::from(*o)] = true);
            let columns: Vec<usize> = self.lp.columns().collect();
            for c in columns {
                if !budget.go(case, 0) || !pool.orders(c).iter().all(|o| free[usize::from(*o)]) {
                    continue;
                }
                let orders = pool.orders(c).to_vec();
                let group = case.group(&orders);
                found += price::polish(case, pool, &market, group, budget);
            }
            if found > case.len() / 4 {
                return found;
            }
        }
        let dice = if vary { Some(&mut self.dice) } else { None };
        found + price::grow(case, pool, &market, dice, budget)
    }

    /// A whole plan: batches the program uses most are taken for good, one after the other, and it is solved anew.
    /// `None` where the budget ended or nothing as wished can come of it.
    pub(super) fn dive(
        &mut self,
        case: &mut Case<'_>,
        pool: &mut Pool,
        wish: Wish,
        budget: &mut Budget<'_>,
    ) -> Option<Shares> {
        let mut taken = vec![false; case.len()];
        let mut lists = wish.kept;
        lists.iter().flatten().for_each(|o| taken[usize::from(*o)] = true);
        if !lists.is_empty() {
            self.forbid(pool, &taken, &lists);
        }
        let plan = loop {
            if !self.lp.solve(case, pool, budget) {
                break None;
            }
            if !lists.is_empty() {
                let open: Vec<u16> = (0..case.len() as u16).filter(|o| !taken[usize::from(*o)]).collect();
                for _ in 0..DIVE_ROUNDS {
                    if self.look(case, pool, &open, false, budget) == 0 || !self.lp.solve(case, pool, budget) {
                        break;
                    }
                }
            }
            if self.lp.value() > wish.most || !budget.go(case, 0) {
                break None;
            }
            if !self.decide(pool, &mut taken, &mut lists, wish.wild) {
                break Some(lists);
            }
            self.forbid(pool, &taken, &lists);
        };
        self.lp.banned.fill(false);
        self.lp.recount(pool);
        let lists = plan?;
        let mut shares = Shares::of(case, lists.iter().map(Vec::as_slice));
        repair::swaps(case, &mut shares, budget);
        Some(shares)
    }

    /// Takes the surest columns. `false`: every order is taken.
    fn decide(&mut self, pool: &Pool, taken: &mut [bool], lists: &mut Vec<Vec<u16>>, wild: f64) -> bool {
        if taken.iter().all(|t| *t) {
            return false;
        }
        let mut used: Vec<(f64, f64, usize)> = self
            .lp
            .used()
            .filter(|(c, _)| pool.orders(*c).iter().any(|o| !taken[usize::from(*o)]))
            .map(|(c, x)| (x + wild * self.dice.share(), x, c))
            .collect();
        used.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        for (n, (_, x, c)) in used.iter().enumerate() {
            if n > 0 && *x < SURE {
                continue;
            }
            // Orders that are covered twice stay where they were first.
            let free: Vec<u16> = pool.orders(*c).iter().copied().filter(|o| !taken[usize::from(*o)]).collect();
            if n > 0 && free.len() < pool.orders(*c).len() {
                continue;
            }
            free.iter().for_each(|o| taken[usize::from(*o)] = true);
            lists.push(free);
        }
        !used.is_empty()
    }

    /// Columns with orders that are taken may not be used, but those that took them.
    fn forbid(&mut self, pool: &Pool, taken: &[bool], lists: &[Vec<u16>]) {
        self.lp.banned.resize(pool.len(), false);
        for c in 0..pool.len() {
            let orders = pool.orders(c);
            let touched = orders.iter().any(|o| taken[usize::from(*o)]);
            self.lp.banned[c] = touched && !lists.iter().any(|l| l == orders);
        }
        self.lp.recount(pool);
    }
}
