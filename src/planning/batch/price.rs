//! Looks for batches that cost less than their orders are worth.

use super::budget::Budget;
use super::case::{Case, FAR};
use super::dice::Dice;
use super::group::Group;
use super::pool::Pool;

/// A batch must be so much cheaper, in mm.
const BETTER: i64 = 1;

/// What is looked among, and for what prizes.
pub(super) struct Market<'a> {
    /// What each order is worth, in mm.
    pub worth: &'a [i64],
    /// Orders that may be taken.
    pub open: &'a [u16],
}

impl Market<'_> {
    fn value(&self, orders: &[u16]) -> i64 {
        orders.iter().map(|o| self.worth[usize::from(*o)]).sum()
    }
}

/// From each open order on, adds what is worth most beyond its way, and changes one for one while that helps. What is found is added to
/// the pool; how many that were is told. With dice the choices vary.
pub(super) fn grow(
    case: &mut Case<'_>,
    pool: &mut Pool,
    market: &Market<'_>,
    dice: Option<&mut Dice>,
    budget: &mut Budget<'_>,
) -> usize {
    let mut dice = dice;
    let mut found = 0;
    for first in market.open {
        if !budget.go(case, 0) || pool.is_full() {
            break;
        }
        let mut group = case.group(&[*first]);
        let mut value = market.worth[usize::from(*first)];
        let mut best: Option<(i64, Group)> = None;
        while !budget.is_over_for_slow(case) {
            let mut next = (i64::MIN, 0, 0);
            for order in market.open {
                if !case.fits(&group, *order) || group.orders.contains(order) {
                    continue;
                }
                let length = case.joined(&group, *order);
                let mut gain = market.worth[usize::from(*order)] - (length - group.length);
                if let Some(dice) = dice.as_deref_mut() {
                    // Now and then the best one is passed by.
                    if dice.below(8) == 0 {
                        continue;
                    }
                    gain -= dice.below(1 + gain.unsigned_abs() as usize / 8) as i64;
                }
                if length < FAR && gain > next.0 {
                    next = (gain, length, *order);
                }
            }
            if next.0 == i64::MIN || next.0 < 0 {
                break;
            }
            case.put(&mut group, next.2, next.1);
            value += market.worth[usize::from(next.2)];
            let gain = value - group.length;
            if gain >= BETTER && pool.add(&group) {
                found += 1;
            }
            if best.as_ref().is_none_or(|b| gain > b.0) {
                best = Some((gain, group.clone()));
            }
        }
        if let Some((_, group)) = best {
            found += polish(case, pool, market, group, budget);
        }
    }
    found
}

/// Changes one order for another one while the batch gets worth more, or puts in or takes out one.
pub(super) fn polish(
    case: &mut Case<'_>,
    pool: &mut Pool,
    market: &Market<'_>,
    mut group: Group,
    budget: &mut Budget<'_>,
) -> usize {
    let mut found = 0;
    let mut gain = market.value(&group.orders) - group.length;
    loop {
        // What comes out, what comes in, and the gain then.
        let mut best = (gain, None, None);
        for at in 0..=group.orders.len() {
            if budget.is_over_for_slow(case) {
                return found;
            }
            let out = group.orders.get(at).copied();
            let (mut load, mut value) = (group.load, gain + group.length);
            if let Some(out) = out {
                let less = case.loads[usize::from(out)];
                load.iter_mut().zip(less).for_each(|(sum, less)| *sum -= less);
                value -= market.worth[usize::from(out)];
                let left = value - case.changed(&group, &[out], &[]);
                if group.orders.len() > 1 && left > best.0 {
                    best = (left, Some(out), None);
                }
            }
            let without = out.map(|out| {
                let mut without = group.clone();
                case.take(&mut without, out);
                without
            });
            let base = without.as_ref().unwrap_or(&group);
            for into in market.open {
                let more = market.worth[usize::from(*into)];
                // No walk gets shorter by one order more.
                if value + more - base.length <= best.0 || !case.fits_load(&load, *into) || group.orders.contains(into)
                {
                    continue;
                }
                let length = case.joined(base, *into);
                if length < FAR && value + more - length > best.0 {
                    best = (value + more - length, out, Some(*into));
                }
            }
        }
        if best.0 <= gain {
            return found;
        }
        if let Some(out) = best.1 {
            case.take(&mut group, out);
        }
        if let Some(into) = best.2 {
            let length = case.joined(&group, into);
            case.put(&mut group, into, length);
        }
        gain = best.0;
        group.orders.sort_unstable();
        if gain >= BETTER && pool.add(&group) {
            found += 1;
        }
    }
}
