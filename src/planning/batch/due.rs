//! When batches are done, and how late orders are.
//!
//! People take the batches one after the other, whoever is free first the next one; the batch with the order that is due first goes
//! first. An order is back when its batch is. For the plan that is told, neighbours in this row change places while that helps.

use super::Task;
use super::case::Case;
use super::group::Group;

/// When what is done by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Schedule {
    /// Groups by their number, as they are begun, each with its picker and when it is done, in ms.
    pub row: Vec<(usize, usize, i64)>,
    /// How late orders are, all together, in ms.
    pub late: i64,
}

/// How long a walk of such a length with so many picks takes, in ms.
pub(super) fn takes(task: &Task<'_>, length: i64, climb: i64, picks: i64) -> i64 {
    let pace = &task.pace;
    let way = i128::from(length.saturating_add(climb)) * 1_000 / i128::from(pace.walk_mm_per_s.max(1));
    let all = way + i128::from(picks) * i128::from(pace.pick_ms) + i128::from(pace.batch_ms);
    i64::try_from(all).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

/// No plan has orders less late: each order's batch takes at least as long as the order alone.
pub(super) fn least_late(case: &Case<'_>) -> i64 {
    let one = |o: usize| {
        let due = case.task.orders[o].due_ms?;
        Some((case.takes_least(o) - due).max(0))
    };
    (0..case.len()).filter_map(one).fold(0, i64::saturating_add)
}

/// How late orders are, groups by what is due first.
pub(super) fn late(case: &Case<'_>, groups: &[Group]) -> i64 {
    let row = by_due(case, groups);
    run(case, groups, &row).late
}

/// The schedule of a plan, as good as changing neighbours makes it.
pub(super) fn schedule(case: &Case<'_>, groups: &[Group]) -> Schedule {
    let mut row = by_due(case, groups);
    let mut best = run(case, groups, &row);
    let mut again = best.late > 0;
    while again {
        again = false;
        for n in 1..row.len() {
            row.swap(n - 1, n);
            let next = run(case, groups, &row);
            if next.late < best.late {
                best = next;
                again = true;
            } else {
                row.swap(n - 1, n);
            }
        }
    }
    best
}

fn by_due(case: &Case<'_>, groups: &[Group]) -> Vec<usize> {
    let first = |g: &Group| g.orders.iter().filter_map(|o| case.task.orders[usize::from(*o)].due_ms).min();
    let mut row: Vec<(i64, i64, usize)> = groups
        .iter()
        .enumerate()
        .filter(|(_, g)| !g.orders.is_empty())
        .map(|(n, g)| (first(g).unwrap_or(i64::MAX), case.takes(g), n))
        .collect();
    row.sort_unstable();
    row.into_iter().map(|r| r.2).collect()
}

fn run(case: &Case<'_>, groups: &[Group], row: &[usize]) -> Schedule {
    let mut free = vec![0_i64; case.task.pace.pickers.clamp(1, row.len().max(1))];
    let mut schedule = Schedule { row: Vec::with_capacity(row.len()), late: 0 };
    for n in row {
        let picker = (0..free.len()).min_by_key(|p| free[*p]).unwrap_or(0);
        let done = free[picker].saturating_add(case.takes(&groups[*n]));
        free[picker] = done;
        schedule.row.push((*n, picker, done));
        for o in &groups[*n].orders {
            let late = case.task.orders[usize::from(*o)].due_ms.map_or(0, |due| (done - due).max(0));
            schedule.late = schedule.late.saturating_add(late);
        }
    }
    schedule
}
