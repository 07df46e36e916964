//! The stops at one edge, and what each way of walking the edge costs.

use super::frontier::Kind;
use super::layout::Way;
use super::site::Edge;

/// More than any walk: such a cost means "not possible". Twice as much still fits into [`super::sweep`]'s numbers.
pub(super) const NEVER: i64 = 1 << 42;

/// Cost of each kind, by its number.
pub(super) type Costs = [i64; 6];

/// What walking a stretch without stops costs.
pub(super) fn bare(edge: &Edge) -> Costs {
    let mut costs = [NEVER; 6];
    costs[Kind::Skip as usize] = 0;
    if edge.way != Way::Blocked && edge.closed.is_none() {
        costs[Kind::Once as usize] = edge.length;
        costs[Kind::Twice as usize] = 2 * edge.length;
    }
    costs
}

/// What walking a stretch costs at which all stops, given in ascending order, must be visited.
///
/// On a way with a direction nobody turns round. Walking it twice is given all the same: it is what remains of walking it
/// any number of times when directions are forgotten.
pub(super) fn all(edge: &Edge, offsets: impl Iterator<Item = i64> + Clone) -> Costs {
    let mut costs = bare(edge);
    costs[Kind::Skip as usize] = NEVER;
    if edge.way != Way::Both {
        return costs;
    }
    let length = edge.length;
    let (before, after) = edge.closed.unwrap_or((length, 0));
    // The last stop, the first one, and the widest gap between two stops.
    let (mut first, mut last, mut gap) = (None, 0, None);
    for at in offsets {
        if first.is_some() {
            let split = edge.closed.is_none() || (last <= before && at >= after);
            gap = gap.max(split.then_some(at - last));
        }
        first = first.or(Some(at));
        last = at;
    }
    let first = first.unwrap_or(length);
    if last <= before {
        costs[Kind::Low as usize] = 2 * last;
    }
    if first >= after {
        costs[Kind::High as usize] = 2 * (length - first);
    }
    if let Some(gap) = gap {
        costs[Kind::Gap as usize] = 2 * (length - gap);
    }
    costs
}

/// Which stops of an edge are visited when it is entered and left at one end, or at both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// From the low end: so many.
    pub low: usize,
    /// From the high end: from this one on.
    pub high: usize,
    /// From both ends: so many, and from this one on.
    pub gap: (usize, usize),
}

/// A stop that may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// In mm from the edge's low end.
    pub offset: i64,
    /// What leaving it out costs; `None` if it may not be.
    pub fine: Option<i64>,
}

/// What walking a stretch costs at which stops may be left out for a fine, and which stops each kind then visits.
pub(super) fn some(edge: &Edge, offers: &[Offer]) -> (Costs, Parts) {
    let fines: i64 = offers.iter().filter_map(|o| o.fine).sum();
    let mut costs = bare(edge);
    let mut parts = Parts::default();
    let must = |o: &Offer| o.fine.is_none();
    costs[Kind::Skip as usize] = if offers.iter().any(must) { NEVER } else { fines };
    if edge.way != Way::Both {
        return (costs, parts);
    }
    let (before, after) = edge.closed.unwrap_or((edge.length, 0));
    let first_must = offers.iter().position(must).unwrap_or(offers.len());
    let last_must = offers.iter().rposition(must);
    // So far: fines of the stops up to here, and the best way to have come in from the low end and gone out again.
    let (mut paid, mut in_low) = (0, (NEVER, 0));
    for (n, o) in offers.iter().enumerate() {
        let from_high = 2 * (edge.length - o.offset) + paid;
        if o.offset >= after {
            if n <= first_must && from_high < costs[Kind::High as usize] {
                (costs[Kind::High as usize], parts.high) = (from_high, n);
            }
            if in_low.0 + from_high < costs[Kind::Gap as usize] {
                (costs[Kind::Gap as usize], parts.gap) = (in_low.0 + from_high, (in_low.1, n));
            }
        }
        paid += o.fine.unwrap_or(0);
        // What lies before a stop that must be visited can only be left out by visiting that stop from the low end.
        if must(o) {
            in_low = (NEVER, 0);
        }
        if o.offset <= before {
            let from_low = 2 * o.offset - paid;
            if from_low < in_low.0 {
                in_low = (from_low, n + 1);
            }
            let whole = from_low + fines;
            if last_must.is_none_or(|m| n >= m) && whole < costs[Kind::Low as usize] {
                (costs[Kind::Low as usize], parts.low) = (whole, n + 1);
            }
        }
    }
    (costs, parts)
}
