//! Batches by rule: what sites do without a planner, and where the search begins.

use super::budget::Budget;
use super::case::{Case, FAR};
use super::group::{Group, Shares};

/// A rule to make batches by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// One order after the other as they come, a new batch where the cart is full.
    FirstCome,
    /// The order with the longest walk begins a batch; whichever makes the walk least longer comes next.
    Seed,
    /// Pairs of orders by what one walk for both saves (Clarke and Wright (i)).
    SavingsI,
    /// The same, and what is saved is reckoned anew for what was put together (Clarke and Wright (ii)).
    SavingsII,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 4] = [Rule::FirstCome, Rule::Seed, Rule::SavingsI, Rule::SavingsII];

    /// Its name, as a word of a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Rule::FirstCome => "first_come",
            Rule::Seed => "seed",
            Rule::SavingsI => "savings_i",
            Rule::SavingsII => "savings_ii",
        }
    }

    /// The batches; `None` where the budget ended.
    pub(super) fn share(self, case: &mut Case<'_>, budget: &mut Budget<'_>) -> Option<Shares> {
        match self {
            Rule::FirstCome => Some(first_come(case)),
            Rule::Seed => seed(case, budget),
            Rule::SavingsI => savings_once(case, budget),
            Rule::SavingsII => savings_anew(case, budget),
        }
    }
}

fn first_come(case: &mut Case<'_>) -> Shares {
    let mut by_due: Vec<u16> = (0..case.len() as u16).collect();
    by_due.sort_by_key(|o| case.task.orders[usize::from(*o)].due_ms.unwrap_or(i64::MAX));
    let mut shares = Shares::default();
    let mut now = case.nothing();
    for order in by_due {
        let mut length = if case.fits(&now, order) { case.joined(&now, order) } else { FAR };
        if length >= FAR {
            shares.push(std::mem::replace(&mut now, case.nothing()));
            length = case.alone[usize::from(order)];
        }
        case.put(&mut now, order, length);
    }
    shares.push(now);
    shares.tidy();
    shares
}

fn seed(case: &mut Case<'_>, budget: &mut Budget<'_>) -> Option<Shares> {
    let mut left: Vec<u16> = (0..case.len() as u16).collect();
    left.sort_by_key(|o| std::cmp::Reverse(case.alone[usize::from(*o)]));
    let mut shares = Shares::default();
    while !left.is_empty() {
        let first = left.remove(0);
        let mut group = case.group(&[first]);
        loop {
            let mut best = (FAR, 0);
            for (n, order) in left.iter().enumerate() {
                if budget.is_over_for_slow(case) {
                    return None;
                }
                if case.fits(&group, *order) {
                    let length = case.joined(&group, *order);
                    // What need not be walked alone any more counts for it.
                    let rank = length.saturating_sub(case.alone[usize::from(*order)]);
                    if length < FAR && rank < best.0 {
                        best = (rank, n);
                    }
                }
            }
            if best.0 == FAR || !budget.go(case, left.len() as u64) {
                break;
            }
            let order = left.remove(best.1);
            let length = case.joined(&group, order);
            case.put(&mut group, order, length);
        }
        shares.push(group);
    }
    budget.go(case, 0).then_some(shares)
}

/// What one walk saves for two.
fn saving(case: &mut Case<'_>, one: &Group, other: &Group) -> i64 {
    if case.fit(&one.load, &other.load) { one.length + other.length - case.together(one, other) } else { -FAR }
}

fn savings_once(case: &mut Case<'_>, budget: &mut Budget<'_>) -> Option<Shares> {
    let count = case.len();
    let single: Vec<Group> = (0..count as u16).map(|o| case.group(&[o])).collect();
    let mut pairs = Vec::new();
    for (a, one) in single.iter().enumerate() {
        if !budget.go(case, 0) {
            return None;
        }
        for (b, other) in single.iter().enumerate().skip(a + 1) {
            if budget.is_over_for_slow(case) {
                return None;
            }
            let saved = saving(case, one, other);
            if saved > 0 {
                pairs.push((saved, a as u16, b as u16));
            }
        }
    }
    pairs.sort_unstable_by_key(|p| (std::cmp::Reverse(p.0), p.1, p.2));
    let mut shares = Shares::default();
    let mut place: Vec<Option<usize>> = vec![None; count];
    for (_, a, b) in pairs {
        let (group, order) = match (place[usize::from(a)], place[usize::from(b)]) {
            (None, None) => {
                place[usize::from(a)] = Some(shares.groups.len());
                shares.push(single[usize::from(a)].clone());
                (shares.groups.len() - 1, b)
            }
            (Some(group), None) => (group, b),
            (None, Some(group)) => (group, a),
            (Some(_), Some(_)) => continue,
        };
        if case.fits(&shares.groups[group], order) {
            let length = case.joined(&shares.groups[group], order);
            if length < FAR {
                shares.put(case, group, order, length);
                place[usize::from(order)] = Some(group);
            }
        }
    }
    let alone = single.into_iter().zip(&place).filter(|(_, p)| p.is_none());
    alone.for_each(|(g, _)| shares.push(g));
    Some(shares)
}

fn savings_anew(case: &mut Case<'_>, budget: &mut Budget<'_>) -> Option<Shares> {
    let mut groups: Vec<Group> = (0..case.len() as u16).map(|o| case.group(&[o])).collect();
    // For every group the one after it that it goes best with.
    let mut best: Vec<(i64, usize)> = Vec::with_capacity(groups.len());
    for n in 0..groups.len() {
        if !budget.go(case, 0) {
            return None;
        }
        best.push(partner(case, &groups, n, budget));
    }
    loop {
        let top = best.iter().enumerate().max_by_key(|(n, b)| (b.0, std::cmp::Reverse(*n)));
        let Some((a, &(saved, b))) = top.filter(|(_, b)| b.0 > 0) else { break };
        debug_assert!(saved > 0 && b > a);
        let length = case.together(&groups[a], &groups[b]);
        let other = std::mem::replace(&mut groups[b], case.nothing());
        for order in &other.orders {
            case.put(&mut groups[a], *order, length);
        }
        best[b] = (-FAR, b);
        for n in 0..groups.len() {
            if groups[n].orders.is_empty() {
                continue;
            }
            if n == a || best[n].1 == a || best[n].1 == b {
                best[n] = partner(case, &groups, n, budget);
            } else if n < a {
                let with = saving(case, &groups[n], &groups[a]);
                best[n] = best[n].max((with, a));
            }
        }
        if !budget.go(case, 0) {
            return None;
        }
    }
    let mut shares = Shares::default();
    groups.into_iter().filter(|g| !g.orders.is_empty()).for_each(|g| shares.push(g));
    Some(shares)
}

/// The group after this one with which most is saved.
fn partner(case: &mut Case<'_>, groups: &[Group], n: usize, budget: &mut Budget<'_>) -> (i64, usize) {
    let mut best = (-FAR, n);
    for (m, other) in groups.iter().enumerate().skip(n + 1) {
        if !other.orders.is_empty() && !budget.is_over_for_slow(case) {
            best = best.max((saving(case, &groups[n], other), m));
        }
    }
    best
}
