//! Very many small changes, worse ones too as long as it is warm: simulated annealing.
//!
//! A change moves one or two orders to another batch, for none, one or two of its orders. What is left of both batches without them is
//! mostly too long already, and known, so that there are some millions of changes a second.

use super::budget::Budget;
use super::case::{Case, FAR};
use super::dice::Dice;
use super::due;
use super::group::Shares;
use super::pool::Pool;

/// How many orders that go well with it each order knows.
const NEAR_MAX: usize = 16;
/// Changes between two looks at how warm it is.
const LOOK: u64 = 64;
/// A cart may be too full for a while, in thousandths; what a whole cart too much costs, in mean lengths of a batch: at first, at least
/// and at most. The fine grows while some cart is too full and falls while none is, by this part at each look, so that the search
/// stays about where carts are just full: where nearly all room is needed, good plans lie nowhere else.
const EXCESS_MAX: i64 = 250;
const FINE: f64 = 2.0;
const FINE_MIN: f64 = 1.0;
const FINE_MAX: f64 = 100.0;
const FINE_STEP: f64 = 0.001;

/// What being a millisecond late costs, in mm, in every other cooling: so much that nothing else counts, or little enough to find ways
/// round. The best plan is the least late one whatever this is.
const LATE: [i64; 2] = [1_000, 10];
/// Changes of the first cooling, for each order; the next ones take longer and longer.
const FIRST: u64 = 600;

/// How warm it is at the beginning and at the end, in mean lengths of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heat {
    warm: f64,
    cold: f64,
}

/// All orders are shared out anew.
pub(super) const WHOLE: Heat = Heat { warm: 0.02, cold: 0.003 };
/// A good plan is only shaken.
pub(super) const SHAKEN: Heat = Heat { warm: 0.01, cold: 0.002 };

/// How long a cooling takes.
#[derive(Clone, Copy, Debug)]
enum Cooling {
    /// So many changes; the next one half as many more.
    Changes(u64),
    /// From one share of the whole search to another one.
    Shares { from: f64, to: f64 },
}

/// Where orders are that it is not about.
const NOWHERE: usize = usize::MAX;

/// One or two orders of group `a` for none, one or two of group `b`.
struct Change {
    a: usize,
    b: usize,
    /// Which, and how many of the two.
    out: ([u16; 2], usize),
    into: ([u16; 2], usize),
}

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
    heat: Heat,
    /// How warm it is now, in mm.
    warmth: f64,
    /// How much of this cooling is done, from 0 to 1.
    part: f64,
    /// The best of this cooling.
    local: i64,
    /// Changes tried in this cooling.
    tried: u64,
    cooling: Cooling,
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
            if budget.is_over_for_slow(case) {
                break;
            }
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
    pub(super) fn new(case: &Case<'_>, shares: Shares, seed: u64, heat: Heat) -> Anneal {
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
            heat,
            warmth: 0.0,
            part: 0.0,
            tried: 0,
            cooling: Cooling::Changes(FIRST * members.len() as u64),
            members,
        };
        anneal.go_on_from(case, shares);
        anneal
    }

    /// So many changes for each order in all.
    pub(super) fn cool_once(mut self, changes: u64) -> Anneal {
        self.cooling = Cooling::Changes(changes * self.members.len() as u64);
        self
    }

    /// Until this share of the whole search is gone.
    pub(super) fn cool_until(mut self, budget: &Budget<'_>, share: f64) -> Anneal {
        self.cooling = Cooling::Shares { from: budget.share(), to: share };
        self
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

    /// Anneals until the cooling or the budget ends. True at the end of a cooling.
    pub(super) fn run(&mut self, case: &mut Case<'_>, near: &Near, pool: &mut Pool, budget: &mut Budget<'_>) -> bool {
        loop {
            if self.tried.is_multiple_of(LOOK) {
                if !budget.go(case, LOOK / 8) {
                    return false;
                }
                self.look(budget);
                if self.part >= 1.0 {
                    self.end(case, pool);
                    return true;
                }
            }
            self.change(case, near);
            self.tried += 1;
            if self.over == 0 {
                self.note(pool);
            }
        }
    }

    /// How warm it is, and what too full a cart costs.
    fn look(&mut self, budget: &Budget<'_>) {
        self.part = match self.cooling {
            Cooling::Changes(all) => self.tried as f64 / all as f64,
            Cooling::Shares { from, to } => ((budget.share() - from) / (to - from)).max(0.0),
        };
        let mean = self.best.total as f64 / self.best.groups.len().max(1) as f64;
        self.warmth = mean * self.heat.warm * (self.heat.cold / self.heat.warm).powf(self.part);
        let fine = match (self.fine > 0.0, self.over > 0) {
            (false, _) => mean * FINE / 1_000.0,
            (true, true) => self.fine * (1.0 + FINE_STEP),
            (true, false) => self.fine * (1.0 - FINE_STEP),
        };
        self.fine = fine.clamp(mean * FINE_MIN / 1_000.0, mean * FINE_MAX / 1_000.0);
    }

    /// Keeps what is better than before.
    fn note(&mut self, pool: &mut Pool) {
        if self.now.total < self.local {
            self.local = self.now.total;
            if self.part > 0.5 {
                self.now.groups.iter().for_each(|g| pool.note(g));
            }
        }
        if (self.late, self.now.total) < (self.best_late, self.best.total) {
            self.best_late = self.late;
            self.best = self.now.clone();
            self.best.tidy();
        }
    }

    /// After a cooling: the next one begins warm, with the best plan where this one cannot be gone on from.
    fn end(&mut self, case: &Case<'_>, pool: &mut Pool) {
        self.now.groups.iter().filter(|g| case.excess(g, &[], &[]) == 0).for_each(|g| pool.note(g));
        self.tried = 0;
        self.strict = 1 - self.strict;
        if self.over > 0 || case.dated {
            let best = self.best.clone();
            self.go_on_from(case, best);
        }
        if let Cooling::Changes(all) = &mut self.cooling {
            *all += *all / 2;
        }
        self.local = i64::MAX;
    }

    /// Which orders are to change places.
    fn choose(&mut self, near: &Near) -> Option<Change> {
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
            return None;
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
        Some(Change { a, b, out: (out, outs), into: (into, intos) })
    }

    /// Tries one change.
    fn change(&mut self, case: &mut Case<'_>, near: &Near) {
        let Some(change) = self.choose(near) else { return };
        let Change { a, b, .. } = change;
        let (out, into) = (&change.out.0[..change.out.1], &change.into.0[..change.into.1]);
        let (one, other) = (&self.now.groups[a], &self.now.groups[b]);
        let over = [case.excess(one, out, into), case.excess(other, into, out)];
        if over[0].max(over[1]) > EXCESS_MAX {
            return;
        }
        let before = one.length + other.length;
        let was = case.excess(one, &[], &[]) + case.excess(other, &[], &[]);
        let fine = ((was - over[0] - over[1]) as f64 * self.fine) as i64;
        let allowed = before + fine + (-self.warmth * (1.0 - self.dice.share()).ln()) as i64;
        // No walk gets shorter by an order more: without those that go, the walks are as short as they can become. That is mostly known
        // already, and mostly too long.
        let dated = case.dated;
        let least = |case: &mut Case<'_>, group: &_, out: &[u16]| if dated { 0 } else { case.changed(group, out, &[]) };
        let rest = least(case, other, into);
        if least(case, one, out).saturating_add(rest) > allowed && !dated {
            return;
        }
        let first = case.changed(one, out, into);
        if first.saturating_add(rest) > allowed && !dated {
            return;
        }
        let second = case.changed(other, into, out);
        if (first.saturating_add(second) > allowed && !dated) || first >= FAR || second >= FAR {
            return;
        }
        let were = dated.then(|| (self.now.groups[a].clone(), self.now.groups[b].clone()));
        case.change(&mut self.now.groups[a], out, into, first);
        case.change(&mut self.now.groups[b], into, out, second);
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
