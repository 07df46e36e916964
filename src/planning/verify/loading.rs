//! Is a loaded container true? Checked from nothing but the question and the places.

use crate::planning::boxes::{Placed, Sides};
use crate::planning::container::{Goods, Loading};
use std::collections::BTreeMap;

/// What is wrong with a loading; goods are named by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadingFault {
    /// Goods that do not exist.
    #[error("goods {0} do not exist")]
    Unknown(usize),
    /// Sides that no allowed turn gives.
    #[error("goods {0} may not lie so")]
    Turned(usize),
    /// Part of it is outside.
    #[error("goods {0} stick out")]
    Outside(usize),
    /// Two things in one place.
    #[error("goods {0} and {1} are in one place")]
    Overlap(usize, usize),
    /// Part of its base hangs in the air.
    #[error("goods {0} do not lie on something with their whole base")]
    Support(usize),
    /// More than there are.
    #[error("goods {goods}: {loaded} are loaded, there are {asked}")]
    Count {
        /// Which.
        goods: usize,
        /// Loaded.
        loaded: u64,
        /// Asked for.
        asked: u32,
    },
    /// The volume told is another.
    #[error("the things have {0} mm³, not the volume that is told")]
    Volume(i64),
}

/// Checks that nothing is loaded that does not exist or may not lie so, that everything lies inside and in a place of its
/// own, and that the volume is true; where `held`, that every base lies wholly on the floor or on other things.
///
/// # Errors
/// The first fault found.
pub fn check(container: Sides, goods: &[Goods], held: bool, loading: &Loading) -> Result<(), LoadingFault> {
    let mut loaded = vec![0_u64; goods.len()];
    let mut volume_mm3 = 0_i64;
    for p in &loading.placed {
        let sort = goods.get(p.ware).ok_or(LoadingFault::Unknown(p.ware))?;
        loaded[p.ware] += 1;
        volume_mm3 += p.size.iter().map(|s| i64::from(*s)).product::<i64>();
        if !sort.turns.of(sort.sides).any(|t| t == p.size) {
            return Err(LoadingFault::Turned(p.ware));
        }
        if (0..3).any(|k| p.at[k] < 0 || p.at[k] > container[k] - p.size[k]) {
            return Err(LoadingFault::Outside(p.ware));
        }
    }
    if let Some((one, other)) = in_one_place(loading.placed.iter().collect()) {
        return Err(LoadingFault::Overlap(one, other));
    }
    for (n, (loaded, sort)) in loaded.into_iter().zip(goods).enumerate() {
        if loaded > u64::from(sort.qty) {
            return Err(LoadingFault::Count { goods: n, loaded, asked: sort.qty });
        }
    }
    if volume_mm3 != loading.volume_mm3 {
        return Err(LoadingFault::Volume(volume_mm3));
    }
    if held { check_held(&loading.placed) } else { Ok(()) }
}

/// So few things are compared each with each.
const FEW: usize = 24;

/// Two things in one place, if there are such. The room is cut in two, and each half looked at with what reaches into it, until few things
/// are left or no cut parts them.
fn in_one_place(all: Vec<&Placed>) -> Option<(usize, usize)> {
    let mut parts = vec![all];
    while let Some(part) = parts.pop() {
        let halves = if part.len() > FEW { (0..3).filter_map(|k| halves(&part, k)).min_by_key(larger) } else { None };
        match halves {
            Some((near, far)) => parts.extend([near, far]),
            None => {
                for (n, p) in part.iter().enumerate() {
                    let same = |q: &&&Placed| (0..3).all(|k| shared_mm(p, q, k) > 0);
                    if let Some(q) = part[n + 1..].iter().find(same) {
                        return Some((p.ware, q.ware));
                    }
                }
            }
        }
    }
    None
}

type Half<'p> = Vec<&'p Placed>;

fn larger((near, far): &(Half<'_>, Half<'_>)) -> usize {
    near.len().max(far.len())
}

/// What reaches into each half, where a cut in the middle along a direction leaves clearly fewer things in both.
fn halves<'p>(part: &[&'p Placed], k: usize) -> Option<(Half<'p>, Half<'p>)> {
    let mut ends: Vec<i32> = part.iter().map(|p| p.at[k]).collect();
    let middle = part.len() / 2;
    let cut = *ends.select_nth_unstable(middle).1;
    let near: Half<'p> = part.iter().copied().filter(|p| p.at[k] < cut).collect();
    let far: Half<'p> = part.iter().copied().filter(|p| p.at[k] + p.size[k] > cut).collect();
    let halves = (near, far);
    (larger(&halves) * 8 <= part.len() * 7).then_some(halves)
}

/// How long two things lie side by side along a direction, in mm; not positive where they are apart.
fn shared_mm(a: &Placed, b: &Placed, k: usize) -> i64 {
    i64::from((a.at[k] + a.size[k]).min(b.at[k] + b.size[k])) - i64::from(a.at[k].max(b.at[k]))
}

/// Things do not overlap, so the parts of a base that lie on something add up. Only things whose tops are level with a base are
/// compared, and of those, along whichever side of the container they are more, only such as are near.
fn check_held(placed: &[Placed]) -> Result<(), LoadingFault> {
    let mut levels: BTreeMap<i32, Vec<&Placed>> = BTreeMap::new();
    for p in placed {
        levels.entry(p.at[2] + p.size[2]).or_default().push(p);
    }
    let longest = |level: &[&Placed], k: usize| level.iter().map(|p| p.size[k]).max().unwrap_or(0);
    let spread = |level: &[&Placed], k: usize| {
        let ends = level.iter().map(|p| p.at[k]);
        ends.clone().max().unwrap_or(0) - ends.min().unwrap_or(0)
    };
    let sorted: BTreeMap<i32, (usize, i32, Vec<&Placed>)> = levels
        .into_iter()
        .map(|(top, mut level)| {
            let k = usize::from(
                spread(&level, 1) / longest(&level, 1).max(1) > spread(&level, 0) / longest(&level, 0).max(1),
            );
            level.sort_by_key(|p| p.at[k]);
            (top, (k, longest(&level, k), level))
        })
        .collect();
    for p in placed.iter().filter(|p| p.at[2] > 0) {
        let (k, longest, level) = sorted.get(&p.at[2]).ok_or(LoadingFault::Support(p.ware))?;
        let first = level.partition_point(|b| b.at[*k] <= p.at[*k].saturating_sub(*longest));
        let below = level[first..].iter().take_while(|b| b.at[*k] < p.at[*k] + p.size[*k]);
        let held: i64 = below.map(|b| shared_mm(b, p, 0).max(0) * shared_mm(b, p, 1).max(0)).sum();
        if held != i64::from(p.size[0]) * i64::from(p.size[1]) {
            return Err(LoadingFault::Support(p.ware));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::boxes::Turns;

    fn loading(at: &[Sides]) -> Loading {
        let placed = at.iter().map(|at| Placed { ware: 0, at: *at, size: [10, 20, 30] }).collect::<Vec<_>>();
        Loading { volume_mm3: 6_000 * i64::try_from(placed.len()).unwrap(), placed }
    }

    #[test]
    fn every_fault_is_found() {
        let goods = [Goods { sides: [10, 20, 30], turns: Turns::FIXED, qty: 3 }];
        let check = |held, l: &Loading| check([40, 40, 60], &goods, held, l);
        assert_eq!(check(true, &loading(&[[0, 0, 0], [10, 0, 0], [0, 0, 30]])), Ok(()));
        assert_eq!(check(false, &loading(&[[0, 0, 0], [5, 0, 30]])), Ok(()));
        assert_eq!(check(true, &loading(&[[0, 0, 0], [5, 0, 30]])), Err(LoadingFault::Support(0)));
        assert_eq!(check(true, &loading(&[[0, 0, 0], [10, 0, 0], [5, 0, 30]])), Ok(()));
        assert_eq!(check(false, &loading(&[[0, 0, 0], [9, 19, 29]])), Err(LoadingFault::Overlap(0, 0)));
        assert_eq!(check(false, &loading(&[[31, 0, 0]])), Err(LoadingFault::Outside(0)));
        assert_eq!(check(false, &loading(&[[0, -1, 0]])), Err(LoadingFault::Outside(0)));
        let mut bad = loading(&[[0, 0, 0]]);
        bad.placed[0].size = [20, 10, 30];
        assert_eq!(check(false, &bad), Err(LoadingFault::Turned(0)));
        bad.placed[0].ware = 1;
        assert_eq!(check(false, &bad), Err(LoadingFault::Unknown(1)));
        let four = loading(&[[0, 0, 0], [10, 0, 0], [20, 0, 0], [30, 0, 0]]);
        assert_eq!(check(false, &four), Err(LoadingFault::Count { goods: 0, loaded: 4, asked: 3 }));
        // Many in rows, and one that is twice there.
        let many = |n: i32| [n % 20 * 10, n / 20 % 20 * 20, n / 400 * 30];
        let mut places: Vec<Sides> = (0..4_000).map(many).collect();
        let plenty = [Goods { qty: 5_000, ..goods[0] }];
        assert_eq!(super::check([200, 400, 300], &plenty, true, &loading(&places)), Ok(()));
        places.push(many(1_234).map(|mm| mm - 1));
        assert_eq!(super::check([200, 400, 300], &plenty, false, &loading(&places)), Err(LoadingFault::Overlap(0, 0)));
        let wrong = Loading { volume_mm3: 5_999, ..loading(&[[0, 0, 0]]) };
        assert_eq!(check(false, &wrong), Err(LoadingFault::Volume(6_000)));
    }
}
