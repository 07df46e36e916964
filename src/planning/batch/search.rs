//! The search as a whole: rules, annealing, the program and its bound, in turns.

use super::anneal::{self, Anneal, Near, SHAKEN, WHOLE};
use super::bound::{self, Checked};
use super::budget::Budget;
use super::case::Case;
use super::dice::Dice;
use super::due;
use super::group::Shares;
use super::master::{Master, Wish};
use super::plan::{Batch, Plan, Scale};
use super::pool::Pool;
use super::repair::swaps;
use super::rules::Rule;
use super::{BatchError, Task};
use crate::planning::tour::Effort;

/// The program has one row for each order and is solved for so many at most.
const PROGRAM_MAX: usize = 250;
/// One slow cooling of the whole plan ends when this share of the time is gone.
const COOLED: f64 = 0.7;
/// Part of a plan that is annealed at once, in orders.
const PART: usize = 36;
/// Parts annealed between two turns of the program.
const PARTS: usize = 40;
/// Changes tried with a part, for each of its orders.
const PART_CHANGES: u64 = 400;
/// Changes tried with a plan that was dived for, for each order.
const DIVED_CHANGES: u64 = 300;
/// A dive goes on as long as its plan may be within this of the best one: it is annealed after that.
const DIVED_MOST: f64 = 1.01;
/// Part of a plan that is dived for anew while the rest stays, in orders, and how often between two turns.
const ANEW: usize = 70;
const ANEW_TIMES: usize = 15;
/// So many walks that are not proven are planned anew in the end, with more effort.
const POLISHED_MAX: usize = 20;
/// How much chance there is in such a dive.
const ANEW_WILD: f64 = 0.2;

/// What one search tells another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    lists: Vec<Vec<u16>>,
    least: i64,
}

/// Shares out orders better and better.
pub struct Search<'s> {
    case: Case<'s>,
    dice: Dice,
    seed: u64,
    pool: Pool,
    near: Near,
    best: Option<Shares>,
    /// The slow cooling, and whether it is over.
    slow: Option<Anneal>,
    cooled: bool,
    /// Coolings of the whole plan, one after the other.
    whole: Option<Anneal>,
    master: Option<Master>,
    least: i64,
    least_late: i64,
    grain: i64,
    /// The bound of the program was tried to be proven.
    tried: bool,
    turns: u64,
    /// Steps of other work than lengths.
    extra: u64,
    /// How late the best plan is, in ms.
    late: i64,
    by_rule: Vec<(Rule, i64)>,
}

impl<'s> Search<'s> {
    /// Checks a task and prepares.
    ///
    /// # Errors
    /// What is wrong, with the order.
    pub fn new(task: Task<'s>, seed: u64) -> Result<Search<'s>, BatchError> {
        let case = Case::new(task)?;
        let least_late = due::least_late(&case);
        let (least, grain) = (bound::by_filling(&case), bound::grain(&case));
        Ok(Search {
            case,
            dice: Dice::new(seed),
            seed,
            pool: Pool::default(),
            near: Near::default(),
            best: None,
            slow: None,
            cooled: false,
            whole: None,
            master: None,
            least,
            least_late,
            grain,
            tried: false,
            turns: 0,
            extra: 0,
            late: 0,
            by_rule: Vec::new(),
        })
    }

    /// How long the walks of the best plan are, in mm; 0 before the first step.
    #[must_use]
    pub fn length_mm(&self) -> i64 {
        self.best.as_ref().map_or(0, |b| b.total)
    }

    /// No plan has shorter walks, in mm.
    #[must_use]
    pub fn least_mm(&self) -> i64 {
        self.least
    }

    /// How long the walks are by each rule that was asked so far, in mm.
    #[must_use]
    pub fn by_rule(&self) -> &[(Rule, i64)] {
        &self.by_rule
    }

    /// How much was done.
    #[must_use]
    pub fn scale(&self) -> Scale {
        Scale { steps: self.case.asked + self.extra, batches: self.pool.len() }
    }

    /// The best plan's orders and the bound, to be told to another search of the same task.
    #[must_use]
    pub fn found(&self) -> Found {
        Found { lists: self.best.as_ref().map_or_else(Vec::new, Shares::lists), least: self.least }
    }

    /// Goes on from what another search of the same task found, if that is better.
    pub fn learn(&mut self, found: &Found) {
        self.least = self.least.max(found.least);
        if !found.lists.is_empty() {
            let shares = Shares::of(&mut self.case, found.lists.iter().map(Vec::as_slice));
            self.take(&shares);
        }
    }

    /// The best plan, with its walks.
    #[must_use]
    pub fn plan(&mut self) -> Plan {
        let Some(mut best) = self.best.clone() else { return Plan::default() };
        let few = best.groups.len() <= POLISHED_MAX;
        let effort = if self.case.slow() && few { Effort::Quick } else { Effort::Brief };
        let mut walks = Vec::with_capacity(best.groups.len());
        for group in &mut best.groups {
            group.orders.sort_unstable();
            let walk = self.case.walk(&group.orders, effort).unwrap_or_default();
            group.length = walk.length_mm;
            walks.push(walk);
        }
        let schedule = due::schedule(&self.case, &best.groups);
        let mut batches = Vec::with_capacity(schedule.row.len());
        for (n, picker, done_ms) in schedule.row {
            let (orders, walk) = (best.groups[n].orders.clone(), std::mem::take(&mut walks[n]));
            batches.push(Batch { orders: orders.into_iter().map(usize::from).collect(), walk, picker, done_ms });
        }
        let least_late_ms = due::least_late(&self.case);
        let length_mm = batches.iter().map(|b| b.walk.length_mm).sum();
        Plan {
            length_mm,
            batches,
            least_mm: self.least,
            late_ms: schedule.late,
            least_late_ms,
            proven: length_mm <= self.least && schedule.late <= least_late_ms,
        }
    }

    /// Goes on until this share of the whole search is gone. `gone` is told how many steps were done since the search began, and tells the
    /// share, from 0 to 1: of the steps, or of the time. What is slow adapts to it. `false`: the best plan is proven, nothing is left to
    /// be found.
    pub fn run(&mut self, until: f64, gone: &mut dyn FnMut(u64) -> f64) -> bool {
        let mut budget = Budget::new(until, self.extra, gone);
        budget.go(&self.case, 0);
        if self.best.is_none() {
            self.begin(&mut budget);
        }
        while !self.proven() && budget.go(&self.case, 0) {
            self.turn(&mut budget);
        }
        self.extra = budget.extra;
        !self.proven()
    }

    fn proven(&self) -> bool {
        self.best.as_ref().is_some_and(|b| b.total <= self.least && self.late <= self.least_late)
    }

    /// Batches by rule. The first one is made whatever the budget is.
    fn begin(&mut self, budget: &mut Budget<'_>) {
        for rule in Rule::ALL {
            let Some(mut shares) = rule.share(&mut self.case, budget) else { break };
            self.by_rule.push((rule, shares.total));
            self.take(&shares);
            if budget.go(&self.case, 0) {
                swaps(&mut self.case, &mut shares, budget);
                self.take(&shares);
            }
        }
        self.near = anneal::near(&mut self.case, budget);
    }

    /// Notes the batches of a plan, and the plan if it is the best.
    fn take(&mut self, shares: &Shares) {
        shares.groups.iter().for_each(|g| self.pool.note(g));
        let late = if self.case.dated { due::schedule(&self.case, &shares.groups).late } else { 0 };
        if self.best.as_ref().is_none_or(|b| (late, shares.total) < (self.late, b.total)) {
            self.late = late;
            self.best = Some(shares.clone());
        }
    }

    /// First a quick look, which proves what is easy, but where it would not be quick; then the slow cooling; then whatever makes a good
    /// plan better.
    fn turn(&mut self, budget: &mut Budget<'_>) {
        self.turns += 1;
        let Some(best) = self.best.clone() else { return };
        let large = self.case.len() > 2 * PART;
        if !self.cooled && !self.case.dated && (large || self.turns > 1) {
            if !self.cool(best, budget) {
                return;
            }
        } else if self.case.dated || !large {
            let whole = self.whole.get_or_insert_with(|| Anneal::new(&self.case, best.clone(), self.seed, WHOLE));
            whole.learn(&self.case, &best);
            whole.run(&mut self.case, &self.near, &mut self.pool, budget);
            let found = whole.best.clone();
            self.take(&found);
        } else {
            for _ in 0..PARTS {
                self.part(budget);
            }
        }
        if self.case.len() > PROGRAM_MAX || self.proven() || !budget.go(&self.case, 0) {
            return;
        }
        self.program(budget);
    }

    /// The slow cooling. False where the budget ended before.
    fn cool(&mut self, best: Shares, budget: &mut Budget<'_>) -> bool {
        if self.slow.is_none() && budget.share() >= COOLED {
            self.cooled = true;
            return true;
        }
        let fresh = || Anneal::new(&self.case, best, self.seed, WHOLE).cool_until(budget, COOLED);
        let mut slow = self.slow.take().unwrap_or_else(fresh);
        self.cooled = slow.run(&mut self.case, &self.near, &mut self.pool, budget);
        self.take(&slow.best);
        self.slow = (!self.cooled).then_some(slow);
        self.cooled
    }

    /// The best plan in two: batches that are near each other, with about so many orders, and the rest.
    fn parted(&mut self, most: usize) -> Option<(Shares, Shares)> {
        let best = self.best.as_ref()?;
        let mut home = vec![0; self.case.len()];
        for (g, group) in best.groups.iter().enumerate() {
            group.orders.iter().for_each(|o| home[usize::from(*o)] = g);
        }
        let mut chosen = vec![home[self.dice.below(home.len())]];
        let mut size = best.groups[chosen[0]].orders.len();
        for _ in 0..20 * most {
            if size >= most.min(home.len()) {
                break;
            }
            let group = &best.groups[chosen[self.dice.below(chosen.len())]].orders;
            let near = &self.near[usize::from(group[self.dice.below(group.len())])];
            let next = match near.get(self.dice.below(near.len().max(1))) {
                Some(order) if self.dice.below(6) > 0 => home[usize::from(*order)],
                Some(_) | None => self.dice.below(best.groups.len()),
            };
            if !chosen.contains(&next) {
                chosen.push(next);
                size += best.groups[next].orders.len();
            }
        }
        let (mut some, mut rest) = (Shares::default(), Shares::default());
        chosen.iter().for_each(|g| some.push(best.groups[*g].clone()));
        let others = best.groups.iter().enumerate().filter(|(g, _)| !chosen.contains(g));
        others.for_each(|(_, group)| rest.push(group.clone()));
        Some((some, rest))
    }

    /// Anneals some batches that are near each other.
    fn part(&mut self, budget: &mut Budget<'_>) {
        let Some((some, mut plan)) = self.parted(PART) else { return };
        let before = some.total;
        let mut part = Anneal::new(&self.case, some, self.dice.roll(), SHAKEN).cool_once(PART_CHANGES);
        part.run(&mut self.case, &self.near, &mut self.pool, budget);
        if part.best.total < before {
            part.best.groups.into_iter().for_each(|g| plan.push(g));
            self.take(&plan);
        }
    }

    /// The program: solved, made sure of, and dived into.
    fn program(&mut self, budget: &mut Budget<'_>) {
        let Some(best) = self.best.clone() else { return };
        let (case, pool) = (&mut self.case, &mut self.pool);
        let master = self.master.get_or_insert_with(|| Master::new(case, pool, &best, self.seed));
        let settled = master.converge(case, pool, budget);
        if settled && !self.tried && self.case.exact {
            self.prove(budget);
        }
        if self.proven() {
            return;
        }
        let wild = if self.turns < 2 { 0.0 } else { 0.5 };
        let wish = Wish { kept: Vec::new(), most: best.total as f64 * DIVED_MOST, wild };
        if let Some(dived) = self.dive(wish, budget) {
            let mut shaken = Anneal::new(&self.case, dived, self.dice.roll(), SHAKEN).cool_once(DIVED_CHANGES);
            shaken.run(&mut self.case, &self.near, &mut self.pool, budget);
            self.take(&shaken.best);
        }
        for _ in 0..ANEW_TIMES {
            self.anew(budget);
        }
    }

    /// A plan out of the program.
    fn dive(&mut self, wish: Wish, budget: &mut Budget<'_>) -> Option<Shares> {
        let shares = self.master.as_mut()?.dive(&mut self.case, &mut self.pool, wish, budget)?;
        self.take(&shares);
        Some(shares)
    }

    /// Dives for some batches that are near each other, while the others stay.
    fn anew(&mut self, budget: &mut Budget<'_>) {
        if self.proven() || !budget.go(&self.case, 0) {
            return;
        }
        let Some((some, rest)) = self.parted(ANEW) else { return };
        let most = (some.total + rest.total) as f64;
        self.dive(Wish { kept: rest.lists(), most, wild: ANEW_WILD }, budget);
    }

    /// Tries to make sure of what the program says.
    fn prove(&mut self, budget: &mut Budget<'_>) {
        let Some(master) = &mut self.master else { return };
        let worth = master.worth();
        match bound::check(&mut self.case, &mut self.pool, &worth, 0, budget) {
            Checked::Holds(least) => {
                self.least = self.least.max(bound::round_up(least, self.grain));
                self.tried = true;
            }
            Checked::Found => master.settled = false,
            Checked::Open => {}
        }
    }
}
