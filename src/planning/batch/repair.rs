//! Small changes while they help: the end of every rule and of every dive.

use super::budget::Budget;
use super::case::{Case, FAR};
use super::group::Shares;

/// Moves single orders, and changes two orders of two batches, while that shortens the walks.
pub(super) fn swaps(case: &mut Case<'_>, shares: &mut Shares, budget: &mut Budget<'_>) {
    let mut again = true;
    while again {
        again = false;
        for a in 0..shares.groups.len() {
            for b in 0..shares.groups.len() {
                if budget.is_over_for_slow(case) {
                    shares.tidy();
                    return;
                }
                if a != b {
                    again |= move_one(case, shares, a, b);
                    if a < b {
                        again |= swap_two(case, shares, a, b);
                    }
                }
            }
        }
        shares.tidy();
    }
}

fn move_one(case: &mut Case<'_>, shares: &mut Shares, a: usize, b: usize) -> bool {
    let both = shares.groups[a].length + shares.groups[b].length;
    for n in 0..shares.groups[a].orders.len() {
        let order = shares.groups[a].orders[n];
        if !case.fits(&shares.groups[b], order) || shares.groups[b].orders.is_empty() {
            continue;
        }
        let left = case.changed(&shares.groups[a], &[order], &[]);
        if left + shares.groups[b].length >= both {
            continue;
        }
        let length = case.joined(&shares.groups[b], order);
        if length < FAR && left + length < both {
            shares.take(case, a, order);
            shares.put(case, b, order, length);
            return true;
        }
    }
    false
}

fn swap_two(case: &mut Case<'_>, shares: &mut Shares, a: usize, b: usize) -> bool {
    let both = shares.groups[a].length + shares.groups[b].length;
    for n in 0..shares.groups[a].orders.len() {
        let one = shares.groups[a].orders[n];
        for m in 0..shares.groups[b].orders.len() {
            let other = shares.groups[b].orders[m];
            if !case.holds(&shares.groups[a], &[one], &[other]) || !case.holds(&shares.groups[b], &[other], &[one]) {
                continue;
            }
            let first = case.changed(&shares.groups[a], &[one], &[other]);
            if first >= both {
                continue;
            }
            let second = case.changed(&shares.groups[b], &[other], &[one]);
            if first.saturating_add(second) < both {
                shares.take(case, a, one);
                shares.take(case, b, other);
                shares.put(case, a, other, first);
                shares.put(case, b, one, second);
                return true;
            }
        }
    }
    false
}
