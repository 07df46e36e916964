//! Several boxes: one after the other is filled as well as can be, once by each measure of what filling well means; few things
//! are shared out exactly.

use super::fill::{Filler, WAYS, in_order};
use super::{Parcel, Placed, Task, bounds, mass, room_of, rows, subsets};

/// So many ways to fill a box are tried before all are.
const QUICK: usize = 4;

/// So many cheaper kinds are tried for what is in a box once effort is long over.
const FEW: usize = 3;

/// What counts as filling a box well.
#[derive(Clone, Copy)]
enum Measure {
    Volume,
    Mass,
    Both,
    Larger,
    Things,
}

const MEASURES: [Measure; 5] = [Measure::Volume, Measure::Mass, Measure::Both, Measure::Larger, Measure::Things];

impl Measure {
    /// How good a filling with so many of each ware is, if all these were to be packed.
    fn of(self, task: &Task<'_>, inside: &[u32], all: &[u32]) -> i64 {
        let permille = |part: i64, whole: i64| part.saturating_mul(1_000) / whole.max(1);
        let volume = || room_of(task.wares, inside);
        let mass_g = || mass(task.wares, inside);
        let of_volume = || permille(volume(), room_of(task.wares, all));
        let of_mass = || permille(mass_g(), mass(task.wares, all));
        match self {
            Measure::Volume => volume(),
            Measure::Mass => mass_g(),
            Measure::Both => of_volume() + of_mass(),
            Measure::Larger => of_volume().max(of_mass()),
            Measure::Things => inside.iter().map(|n| i64::from(*n)).sum(),
        }
    }
}

/// The fewest boxes found, the cheapest among those, and whether it is proven that no packing has fewer. No packing has
/// fewer than `least`.
pub fn split(filler: &mut Filler, task: &Task<'_>, wanted: &[u32], least: usize) -> (Vec<Parcel>, bool) {
    let mut best: Option<((usize, i64, i64), Vec<Parcel>)> = None;
    let thorough = MEASURES.into_iter().map(|m| (m, WAYS));
    for (measure, ways) in std::iter::once((Measure::Volume, QUICK)).chain(thorough) {
        let parcels = one_by_one(filler, task, wanted, (measure, ways));
        let cost = (parcels.len(), cost_of(task, &parcels), volume_of(task, &parcels));
        if best.as_ref().is_none_or(|(c, _)| cost < *c) {
            best = Some((cost, parcels));
        }
        if !filler.effort_left() || best.as_ref().is_some_and(|((n, ..), _)| *n <= least) {
            break;
        }
    }
    let parcels = best.map(|(_, parcels)| parcels).unwrap_or_default();
    if parcels.len() <= least {
        return (parcels, true);
    }
    match subsets::cover(filler, task, wanted) {
        Some((covered, fewest)) if covered.len() <= parcels.len() => (covered, fewest),
        Some(_) | None => (parcels, false),
    }
}

fn volume_of(task: &Task<'_>, parcels: &[Parcel]) -> i64 {
    parcels.iter().filter_map(|p| task.kinds.get(p.kind)).map(super::Kind::volume_mm3).fold(0, i64::saturating_add)
}

fn cost_of(task: &Task<'_>, parcels: &[Parcel]) -> i64 {
    let one = |p: &Parcel| {
        let mass_g = p.placed.iter().filter_map(|p| task.wares.get(p.ware)).map(|w| w.mass_g).sum();
        task.kinds.get(p.kind).map_or(0, |k| task.rules.tariff.cost(k, mass_g))
    };
    parcels.iter().map(one).fold(0, i64::saturating_add)
}

fn one_by_one(filler: &mut Filler, task: &Task<'_>, wanted: &[u32], how: (Measure, usize)) -> Vec<Parcel> {
    let mut rest = wanted.to_vec();
    let mut parcels = Vec::new();
    let mut first = true;
    while rest.iter().any(|n| *n > 0) {
        // That everything goes in one box has been asked before.
        if !first && let Some(last) = smallest(filler, task, &rest) {
            parcels.push(last);
            break;
        }
        first = false;
        let Some((full, inside)) = fullest(filler, task, &rest, how) else {
            // Nothing may be tried any more.
            parcels.extend(rows::fill(task, &rest));
            break;
        };
        rest.iter_mut().zip(&inside).for_each(|(r, i)| *r -= *i);
        // The same things may go in a cheaper box.
        let better = smallest(filler, task, &inside);
        parcels.push(better.unwrap_or(full));
    }
    parcels
}

/// The cheapest kind into which all these things go.
fn smallest(filler: &mut Filler, task: &Task<'_>, inside: &[u32]) -> Option<Parcel> {
    let mut few = FEW;
    task.by_cost(mass(task.wares, inside)).into_iter().find_map(|kind| {
        if bounds::plainly_too_much(task, kind, inside) || filler.is_long_over() && few == 0 {
            return None;
        }
        few -= usize::from(filler.is_long_over());
        let fits = filler.quick(task, kind, inside)
            || (!filler.is_long_over() && !bounds::too_much(task, kind, inside) && filler.thorough(task, kind, inside));
        fits.then(|| Parcel { kind, placed: filler.take(task) })
    })
}

/// The best filling of any kind of box, with how many of each ware are in it.
fn fullest(
    filler: &mut Filler,
    task: &Task<'_>,
    rest: &[u32],
    (measure, ways): (Measure, usize),
) -> Option<(Parcel, Vec<u32>)> {
    let mut best: Option<(i64, usize, Vec<Placed>, Vec<u32>)> = None;
    let mut inside = vec![0_u32; rest.len()];
    let mut kinds = task.by_cost(0);
    kinds.reverse();
    let mut one = false;
    while let Some(kind) = kinds.pop() {
        if !one && filler.is_long_over() {
            // One kind will do: the largest into which something goes.
            one = true;
            kinds.push(kind);
            kinds.sort_by_key(|k| task.kinds[*k].volume_mm3());
            continue;
        }
        if one && best.is_some() {
            break;
        }
        filler.fillings(task, (kind, ways), rest, |placed| {
            inside.fill(0);
            placed.iter().for_each(|p| inside[p.ware] += 1);
            let score = measure.of(task, &inside, rest);
            if !placed.is_empty() && best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, kind, placed.to_vec(), inside.clone()));
            }
        });
    }
    let (_, kind, mut placed, inside) = best?;
    in_order(task, &mut placed);
    Some((Parcel { kind, placed }, inside))
}
