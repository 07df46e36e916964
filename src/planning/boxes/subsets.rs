//! The fewest boxes for a few things: for every part of an order it is asked which boxes take it, and the parts are put
//! together so that nothing is forgotten and the boxes are fewest, then cheapest.

use super::fill::Filler;
use super::{Parcel, Task, Verdict, bounds, exact, mass};

/// More things than this have too many parts.
pub const THINGS_MAX: usize = 8;

/// What is known of a part of the order.
#[derive(Clone, Copy, Default)]
struct Part {
    /// The cheapest kind that takes it, and what that costs.
    kind: Option<(usize, i64)>,
    /// Perhaps some kind takes it, although no way was found.
    perhaps: bool,
}

/// The boxes, and whether no packing has fewer; `None` where there are too many things.
pub fn cover(filler: &mut Filler, task: &Task<'_>, wanted: &[u32]) -> Option<(Vec<Parcel>, bool)> {
    let things: Vec<usize> =
        wanted.iter().enumerate().flat_map(|(ware, n)| (0..(*n).min(9)).map(move |_| ware)).collect();
    if things.len() > THINGS_MAX {
        return None;
    }
    let whole = (1_usize << things.len()) - 1;
    let mut parts = vec![Part::default(); whole + 1];
    for set in 1..=whole {
        // Of like things the first ones stand for all choices among them.
        if let Some(same) = first_of_alike(&things, set) {
            parts[set] = parts[same];
            continue;
        }
        // What is too much with one thing less is too much.
        let smaller = (0..things.len()).filter(|b| set & (1 << b) != 0).map(|b| set & !(1 << b));
        if smaller.filter(|s| *s != 0).any(|s| parts[s].kind.is_none() && !parts[s].perhaps) {
            continue;
        }
        parts[set] = ask(filler, task, &counts(&things, set, wanted.len()));
    }
    let (chosen, fewest) = cheapest(&parts, whole)?;
    let mut parcels = Vec::with_capacity(chosen.len());
    for set in chosen {
        let (kind, _) = parts[set].kind?;
        let inside = counts(&things, set, wanted.len());
        if !fits(filler, task, kind, &inside) {
            return None;
        }
        parcels.push(Parcel { kind, placed: filler.take(task) });
    }
    Some((parcels, fewest))
}

/// Sorted by ware, a set of things is the same part as the one with the first of each ware; `None` for that one itself.
fn first_of_alike(things: &[usize], set: usize) -> Option<usize> {
    let mut same = 0;
    let mut from = 0;
    while from < things.len() {
        let to = (from..things.len()).find(|n| things[*n] != things[from]).unwrap_or(things.len());
        let number = (from..to).filter(|n| set & (1 << n) != 0).count();
        same |= ((1 << number) - 1) << from;
        from = to;
    }
    (same != set).then_some(same)
}

fn counts(things: &[usize], set: usize, wares: usize) -> Vec<u32> {
    let mut counts = vec![0; wares];
    for (n, ware) in things.iter().enumerate() {
        counts[*ware] += u32::from(set & (1 << n) != 0);
    }
    counts
}

fn ask(filler: &mut Filler, task: &Task<'_>, inside: &[u32]) -> Part {
    let mut part = Part::default();
    let mass_g = mass(task.wares, inside);
    for kind in task.by_cost(mass_g) {
        if bounds::plainly_too_much(task, kind, inside) || bounds::too_much(task, kind, inside) {
            continue;
        }
        if filler.quick(task, kind, inside) || filler.thorough(task, kind, inside) {
            return Part {
                kind: task.kinds.get(kind).map(|k| (kind, task.rules.tariff.cost(k, mass_g))),
                perhaps: true,
            };
        }
        match exact::search(filler, task, kind, inside) {
            Verdict::Fits => {
                return Part {
                    kind: task.kinds.get(kind).map(|k| (kind, task.rules.tariff.cost(k, mass_g))),
                    perhaps: true,
                };
            }
            Verdict::Never => {}
            Verdict::Unknown => part.perhaps = true,
        }
    }
    part
}

fn fits(filler: &mut Filler, task: &Task<'_>, kind: usize, inside: &[u32]) -> bool {
    filler.quick(task, kind, inside)
        || filler.thorough(task, kind, inside)
        || matches!(exact::search(filler, task, kind, inside), Verdict::Fits)
}

/// The parts of the cheapest of the smallest covers, and whether none is smaller.
fn cheapest(parts: &[Part], whole: usize) -> Option<(Vec<usize>, bool)> {
    const NONE: (u32, i64) = (u32::MAX, i64::MAX);
    let mut best = vec![(NONE, 0_usize); whole + 1];
    let mut hoped = vec![u32::MAX; whole + 1];
    best[0].0 = (0, 0);
    hoped[0] = 0;
    for set in 1..=whole {
        // Every cover has a part with the lowest thing.
        let lowest = set & set.wrapping_neg();
        let rest = set & !lowest;
        let mut sub = rest;
        loop {
            let part = sub | lowest;
            let other = set & !part;
            if let Some((_, cost)) = parts[part].kind {
                let (n, c) = best[other].0;
                let with = (n.saturating_add(1), c.saturating_add(cost));
                if n != u32::MAX && with < best[set].0 {
                    best[set] = (with, part);
                }
            }
            if (parts[part].kind.is_some() || parts[part].perhaps) && hoped[other] != u32::MAX {
                hoped[set] = hoped[set].min(hoped[other] + 1);
            }
            if sub == 0 {
                break;
            }
            sub = (sub - 1) & rest;
        }
    }
    let mut chosen = Vec::new();
    let mut set = whole;
    while set != 0 {
        if best[set].0 == NONE {
            return None;
        }
        chosen.push(best[set].1);
        set &= !best[set].1;
    }
    Some((chosen, best[whole].0.0 == hoped[whole]))
}
