//! Very many small changes, worse ones too as long as it is warm: simulated annealing.
//!
//! A change moves one or two orders to another batch, for none, one or two of its orders. It costs two lengths of walks, so that
//! there are about a million changes a second.

use super::budget::Budget;
use super::case::{Case, FAR};
use super::dice::Dice;
use super::due;
use super::group::Shares;
use super::pool::Pool;

/// How many orders that go well with it each order knows.
const NEAR_MAX: usize = 16;
/// Warmth at the beginning and at the end, in mean lengths of a batch.
const WARM: f64 = 0.03;
const COLD: f64 = 0.003;
/// A cart may be too full for a while, in thousandths; what a whole cart too much costs, in mean lengths of a batch.
const EXCESS_MAX: i64 = 250;
const FINE: f64 = 3.0;
const FINE_LATE: f64 = 6.0;

/// What being a millisecond late costs, in mm, in every other cooling: so much that nothing else counts, or little enough to find ways
/// round. The best plan is the least late one whatever this is.
const LATE: [i64; 2] = [1_000, 10];
/// Changes of the first cooling, for each order; the next ones take longer and longer.
const FIRST: u64 = 600;

/// Where orders are that it is not about.
const NOWHERE: usize = usize::MAX;

/// The state of the search.
#[derive(Clone, Debug)]
pub(super) struct Anneal {
    dice: Dice,
    /// The orders it is about.
    members: Vec<u16>,
    now: Shares,
    /// Which group each order is in, if any.
    place: Vec<usize>,
    pub best: Shares,
    /// How late orders are, in ms; 0 where none is due.
    late: i64,
    best_late: i64,
    /// Which cost of being late holds in this cooling.
    strict: usize,
    /// How much too full the carts are, in thousandths.
    over: i64,
    /// What a thousandth costs, in mm.
    fine: f64,
    /// The best of this cooling.
    local: i64,
    /// Changes tried in this cooling, of so many.
    tried: u64,
    cooling: u64,
}

/// For each order those that go well with it, the best first.
pub(super) type Near = Vec<Vec<u16>>;

/// Looks at all pairs of orders. Where the budget ends before, the rest know none.
pub(super) fn near(case: &mut Case<'_>, budget: &mut Budget<'_>) -> Near {
    let count = case.len();
    let mut near = vec![Vec::new(); count];
    for (a, near) in near.iter_mut().enumerate() {
        if !budget.go(case, 0) {
            break;
        }
        let one = case.group(&[a as u16]);
        let mut pairs: Vec<(i64, u16)> = Vec::with_capacity(count);
        for b in 0..count as u16 {
            if usize::from(b) != a && case.fits(&one, b) {
                let both = case.joined(&one, b);
                pairs.push((both.saturating_sub(case.alone[a].max(case.alone[usize::from(b)])), b));
            }
        }
        pairs.sort_unstable();
        *near = pairs.into_iter().take(NEAR_MAX).map(|p| p.1).collect();
    }
    near
}

impl Anneal {
    /// Begins with a plan for all orders, or for some.
    pub(super) fn new(case: &Case<'_>, shares: Shares, seed: u64) -> Anneal {
        let members: Vec<u16> = shares.groups.iter().flat_map(|g| g.orders.iter().copied()).collect();
        let mut anneal = Anneal {
            dice: Dice::new(seed),
            now: Shares::default(),
            place: vec![NOWHERE; case.len()],
            local: shares.total,
            late: 0,
            strict: 0,
            best_late: due::late(case, &shares.groups),
            over: 0,
            fine: 0.0,
            best: shares.clone(),
            tried: 0,
            cooling: FIRST * members.len() as u64,
            members,
        };
        anneal.go_on_from(case, shares);
        anneal
    }

    /// So many changes for each order in all.
    pub(super) fn cool_once(&mut self, changes: u64) {
        self.cooling = changes * self.members.len() as u64;
    }

    fn go_on_from(&mut self, case: &Case<'_>, shares: Shares) {
        self.now = shares;
        self.over = 0;
        self.now.tidy();
        // A batch to begin anew.
        self.now.groups.push(case.nothing());
        self.late = if case.dated { due::late(case, &self.now.groups) } else { 0 };
        for (n, group) in self.now.groups.iter().enumerate() {
            group.orders.iter().for_each(|o| self.place[usize::from(*o)] = n);
        }
    }

    /// A better plan came from elsewhere.
    pub(super) fn learn(&mut self, case: &Case<'_>, shares: &Shares) {
        let late = if case.dated { due::late(case, &shares.groups) } else { 0 };
        if (late, shares.total) < (self.best_late, self.best.total) {
            self.best = shares.clone();
            self.best.tidy();
            self.best_late = late;
            self.go_on_from(case, shares.clone());
        }
    }

    /// Anneals until so many changes were tried or the budget ends. True at the end of a cooling.
    pub(super) fn run(
        &mut self,
        case: &mut Case<'_>,
        near: &Near,
        pool: &mut Pool,
        changes: u64,
        budget: &mut Budget<'_>,
    ) -> bool {
        for n in 0..changes {
            if n % 64 == 0 && !budget.go(case, 8) {
                return false;
            }
            let part = self.tried as f64 / self.cooling as f64;
            let mean = self.best.total as f64 / self.best.groups.len().max(1) as f64;
            self.fine = mean * FINE * (FINE_LATE / FINE).powf(part) / 1_000.0;
            let warmth = mean * WARM * (COLD / WARM).powf(part);
            self.change(case, near, warmth);
            self.tried += 1;
            if self.over == 0 && self.now.total < self.local {
                self.local = self.now.total;
                if part > 0.5 {
                    self.now.groups.iter().for_each(|g| pool.note(g));
                }
            }
            if self.over == 0 && (self.late, self.now.total) < (self.best_late, self.best.total) {
                self.best_late = self.late;
                self.best = self.now.clone();
                self.best.tidy();
            }
            if self.tried >= self.cooling {
                self.now.groups.iter().filter(|g| case.excess(g, &[], &[]) == 0).for_each(|g| pool.note(g));
                self.tried = 0;
                self.strict = 1 - self.strict;
                if self.over > 0 || case.dated {
                    let best = self.best.clone();
                    self.go_on_from(case, best);
                }
                self.cooling += self.cooling / 2;
                self.local = i64::MAX;
                return true;
            }
        }
        false
    }

    /// Tries one change.
    fn change(&mut self, case: &mut Case<'_>, near: &Near, warmth: f64) {
        let order = self.members[self.dice.below(self.members.len())];
        let a = self.place[usize::from(order)];
        let near = near.get(usize::from(order)).map_or(&[][..], Vec::as_slice);
        let kind = self.dice.below(16);
        let b = if kind < 9 && !near.is_empty() {
            self.place[usize::from(near[self.dice.below(near.len())])]
        } else {
            self.dice.below(self.now.groups.len())
        };
        if a == b || b == NOWHERE {
            return;
        }
        let (mut out, mut into) = ([order, order], [0, 0]);
        let (mut outs, mut intos) = (1, 0);
        let others = &self.now.groups[b].orders;
        if !others.is_empty() && self.dice.below(8) > 0 {
            into[0] = others[self.dice.below(others.len())];
            intos = 1;
            if others.len() > 1 && self.dice.below(4) == 0 {
                into[1] = others[self.dice.below(others.len())];
                intos = if into[1] == into[0] { 1 } else { 2 };
            }
        }
        let mates = &self.now.groups[a].orders;
        if mates.len() > 1 && self.dice.below(4) == 0 {
            out[1] = mates[self.dice.below(mates.len())];
            outs = if out[1] == order { 1 } else { 2 };
        }
        let (out, into) = (&out[..outs], &into[..intos]);
        let (one, other) = (&self.now.groups[a], &self.now.groups[b]);
        let over = [case.excess(one, out, into), case.excess(other, into, out)];
        if over[0].max(over[1]) > EXCESS_MAX {
            return;
        }
        let before = one.length + other.length;
        let was = case.excess(one, &[], &[]) + case.excess(other, &[], &[]);
        let fine = ((was - over[0] - over[1]) as f64 * self.fine) as i64;
        let allowed = before + fine + (-warmth * (1.0 - self.dice.share()).ln()) as i64;
        let first = case.changed(one, out, into);
        if first > allowed && !case.dated {
            return;
        }
        let second = case.changed(other, into, out);
        if (first.saturating_add(second) > allowed && !case.dated) || first >= FAR || second >= FAR {
            return;
        }
        let (out, into) = (out.to_vec(), into.to_vec());
        let were = case.dated.then(|| (self.now.groups[a].clone(), self.now.groups[b].clone()));
        case.change(&mut self.now.groups[a], &out, &into, first);
        case.change(&mut self.now.groups[b], &into, &out, second);
        if let Some((one, other)) = were {
            let late = due::late(case, &self.now.groups);
            let later = (late - self.late).saturating_mul(LATE[self.strict]);
            if first + second + later > allowed {
                (self.now.groups[a], self.now.groups[b]) = (one, other);
                return;
            }
            self.late = late;
        }
        self.now.total += first + second - before;
        self.over += over[0] + over[1] - was;
        out.iter().for_each(|o| self.place[usize::from(*o)] = b);
        into.iter().for_each(|o| self.place[usize::from(*o)] = a);
        self.keep_one_empty(case, a, b);
    }

    /// Exactly one group has no orders: a batch to begin anew.
    fn keep_one_empty(&mut self, case: &Case<'_>, a: usize, b: usize) {
        let empty = |g: usize| self.now.groups[g].orders.is_empty();
        let last = self.now.groups.len() - 1;
        if !empty(last) {
            self.now.groups.push(case.nothing());
        }
        for g in [a.max(b), a.min(b)] {
            let last = self.now.groups.len() - 1;
            if g < last && self.now.groups[g].orders.is_empty() {
                self.now.groups.pop();
                self.now.groups.swap(g, last - 1);
                self.now.groups[g].orders.iter().for_each(|o| self.place[usize::from(*o)] = g);
            }
        }
    }
}
