//! What cannot be: lower bounds on the number of boxes, and reasons why one box never takes everything.
//!
//! Dual feasible functions change the sides of box and things so that whatever fits still fits, while the volumes tell more
//! than before: things longer than half a box, say, then count as the whole of it. (Fekete and Schepers, "New classes of fast
//! lower bounds for bin packing problems", Mathematical Programming 91, 2001; Carlier, Clautiaux and Moukrim, Computers &
//! Operations Research 34, 2007.) Where a thing may be turned, its smallest volume over all ways counts.

use super::{Kind, Sides, Task, Ware, mass, room_of};

/// Thresholds tried for each side of a box.
const THRESHOLDS_MAX: usize = 4;
/// A whole box, as parts are counted.
const WHOLE: i64 = 1 << 40;
/// More things than this are not compared in pairs.
const PAIRED_MAX: usize = 64;

/// Too much mass or volume, or something that is too large alone.
pub fn plainly_too_much(task: &Task<'_>, kind: usize, wanted: &[u32]) -> bool {
    let Some(kind) = task.kinds.get(kind) else { return true };
    mass(task.wares, wanted) > kind.mass_g_max
        || room_of(task.wares, wanted) > kind.volume_mm3()
        || packed(task, wanted).any(|(w, _)| !kind.takes(w))
}

/// Can no arrangement hold everything in one box of this kind? `false` says nothing.
pub fn too_much(task: &Task<'_>, kind: usize, wanted: &[u32]) -> bool {
    let Some(kind) = task.kinds.get(kind) else { return true };
    two_exclude_each_other(task, kind, wanted) || most_telling(kind, &Lying::new(task, kind, wanted)).1 > WHOLE
}

/// No packing has fewer boxes.
pub fn boxes_at_least(task: &Task<'_>, wanted: &[u32]) -> usize {
    let kinds: Vec<&Kind> = task.kinds.iter().filter(|k| k.volume_mm3() > 0).collect();
    let parts = |share: &dyn Fn(&Kind, &Ware) -> i128| -> i128 {
        let least = |w: &Ware| kinds.iter().filter(|k| k.takes(w)).map(|k| share(k, w)).min().unwrap_or(0);
        packed(task, wanted).map(|(w, n)| least(w) * i128::from(n)).sum()
    };
    let by_mass = parts(&|k, w| i128::from(w.mass_g) * i128::from(WHOLE) / i128::from(k.mass_g_max.max(1)));
    let by_volume = parts(&|k, w| i128::from(w.volume_mm3()) * i128::from(WHOLE) / i128::from(k.volume_mm3()));
    // A change that tells most of all things together is taken for each kind; a thing counts where it takes least.
    let chosen: Vec<(&Kind, Change)> =
        kinds.iter().map(|k| (*k, most_telling(k, &Lying::new(task, k, wanted)).0)).collect();
    let by_change = {
        let share = |k: &Kind, c: &Change, w: &Ware| {
            let ways = w.turns.of(w.sides).filter(|t| (0..3).all(|n| t[n] <= k.inner[n]));
            let least = ways.map(|t| c.volume(k.inner, t)).min().unwrap_or(0);
            i128::from(least) * i128::from(WHOLE) / i128::from(c.box_volume(k.inner).max(1))
        };
        let least =
            |w: &Ware| chosen.iter().filter(|(k, _)| k.takes(w)).map(|(k, c)| share(k, c, w)).min().unwrap_or(0);
        packed(task, wanted).map(|(w, n)| least(w) * i128::from(n)).sum::<i128>()
    };
    let most = by_mass.max(by_volume).max(by_change);
    let boxes = usize::try_from((most + i128::from(WHOLE) - 1) / i128::from(WHOLE)).unwrap_or(usize::MAX);
    boxes.max(loners(task, &kinds, wanted))
}

/// The wares that are packed, with their number.
fn packed<'a>(task: &Task<'a>, wanted: &'a [u32]) -> impl Iterator<Item = (&'a Ware, u32)> {
    task.wares.iter().zip(wanted).filter(|(_, n)| **n > 0).map(|(w, n)| (w, *n))
}

/// One way to change a side.
#[derive(Clone, Copy, Debug)]
enum Level {
    Same,
    /// Sides below this count as nothing, those within this of the whole as the whole.
    Ends(i32),
    /// Sides are counted in steps of this, and from half a box on by what they leave.
    Steps(i32),
}

impl Level {
    fn of_box(self, whole: i32) -> i64 {
        match self {
            Level::Same | Level::Ends(_) => i64::from(whole),
            Level::Steps(p) => 2 * i64::from(whole / p),
        }
    }

    fn of_thing(self, whole: i32, side: i32) -> i64 {
        match self {
            Level::Same => i64::from(side),
            Level::Ends(p) if side > whole - p => i64::from(whole),
            Level::Ends(p) if side < p => 0,
            Level::Ends(_) => i64::from(side),
            Level::Steps(p) => match (2 * side).cmp(&whole) {
                std::cmp::Ordering::Less => 2 * i64::from(side / p),
                std::cmp::Ordering::Equal => i64::from(whole / p),
                std::cmp::Ordering::Greater => 2 * (i64::from(whole / p) - i64::from((whole - side) / p)),
            },
        }
    }
}

/// How the sides along x, y and z are changed.
#[derive(Clone, Copy, Debug)]
struct Change([Level; 3]);

impl Change {
    fn box_volume(&self, inner: Sides) -> i64 {
        (0..3).map(|k| self.0[k].of_box(inner[k])).product()
    }

    fn volume(&self, inner: Sides, lying: Sides) -> i64 {
        (0..3).map(|k| self.0[k].of_thing(inner[k], lying[k])).product()
    }
}

/// The things with the ways each may lie in a box, side by side.
struct Lying {
    ways: Vec<Sides>,
    /// Of each ware: where its ways end, and how many of it there are.
    wares: Vec<(usize, i64)>,
}

impl Lying {
    fn new(task: &Task<'_>, kind: &Kind, wanted: &[u32]) -> Lying {
        let mut lying = Lying { ways: Vec::with_capacity(6 * wanted.len()), wares: Vec::with_capacity(wanted.len()) };
        for (ware, n) in packed(task, wanted) {
            lying.ways.extend(ware.turns.of(ware.sides).filter(|t| (0..3).all(|k| t[k] <= kind.inner[k])));
            lying.wares.push((lying.ways.len(), i64::from(n)));
        }
        lying
    }

    /// The share of a box that the things take under a change, each as it takes least; beyond `WHOLE` it is more than a box.
    fn share(&self, change: &Change, inner: Sides) -> i64 {
        let whole = change.box_volume(inner);
        let (mut from, mut sum) = (0, 0_i64);
        for (to, n) in &self.wares {
            let ways = self.ways.get(from..*to).unwrap_or_default();
            let least = ways.iter().map(|t| change.volume(inner, *t)).min().unwrap_or(0);
            sum = sum.saturating_add(least.saturating_mul(*n));
            from = *to;
        }
        let share = i128::from(sum) * i128::from(WHOLE);
        // Rounded up: one box is exceeded by the smallest excess.
        i64::try_from((share + i128::from(whole.max(1)) - 1) / i128::from(whole.max(1))).unwrap_or(i64::MAX)
    }

    /// The changes tried along one side of the box.
    fn levels(&self, k: usize, whole: i32) -> Vec<Level> {
        // A threshold tells something where it is a side, or what a side leaves of the box.
        let telling = |s: i32| if 2 * s <= whole { s } else { (whole - s + 1).min(whole / 2) };
        let mut at: Vec<i32> = self.ways.iter().map(|t| telling(t[k])).filter(|p| *p > 0).collect();
        at.sort_unstable_by(|a, b| b.cmp(a));
        at.dedup();
        let step = at.len().div_ceil(THRESHOLDS_MAX).max(1);
        let levels = at.into_iter().step_by(step).flat_map(|p| [Level::Ends(p), Level::Steps(p)]);
        std::iter::once(Level::Same).chain(levels).collect()
    }
}

/// The change found under which the things take most of a box, and that share of it. Sought along one side after the
/// other, twice.
fn most_telling(kind: &Kind, lying: &Lying) -> (Change, i64) {
    let levels = [0, 1, 2].map(|k| lying.levels(k, kind.inner[k]));
    let mut best = (Change([Level::Same; 3]), 0);
    best.1 = lying.share(&best.0, kind.inner);
    for k in [2, 1, 0, 2, 1, 0] {
        for level in &levels[k] {
            let mut change = best.0;
            change.0[k] = *level;
            let share = lying.share(&change, kind.inner);
            if share > best.1 {
                best = (change, share);
            }
        }
        if best.1 > WHOLE {
            break;
        }
    }
    best
}

/// Can two things never be in one box of a kind together?
fn exclude(kind: &Kind, a: &Ware, b: &Ware) -> bool {
    let fits = |t: &Sides| (0..3).all(|k| t[k] <= kind.inner[k]);
    // Two things in a box are apart along one side at least.
    let together = |k: usize| {
        let least = |w: &Ware| w.turns.of(w.sides).filter(fits).map(|t| t[k]).min();
        matches!((least(a), least(b)), (Some(x), Some(y)) if x + y <= kind.inner[k])
    };
    a.mass_g + b.mass_g > kind.mass_g_max || !(0..3).any(together)
}

fn two_exclude_each_other(task: &Task<'_>, kind: &Kind, wanted: &[u32]) -> bool {
    let all: Vec<(&Ware, u32)> = packed(task, wanted).take(PAIRED_MAX).collect();
    all.iter().enumerate().any(|(n, (a, units))| {
        (*units > 1 && exclude(kind, a, a)) || all.iter().skip(n + 1).any(|(b, _)| exclude(kind, a, b))
    })
}

/// Things of which no two can ever share a box: each needs its own.
fn loners(task: &Task<'_>, kinds: &[&Kind], wanted: &[u32]) -> usize {
    let mut all: Vec<(&Ware, u32)> = packed(task, wanted).take(PAIRED_MAX).collect();
    all.sort_by_key(|(w, _)| std::cmp::Reverse(w.volume_mm3()));
    let never = |a: &Ware, b: &Ware| kinds.iter().all(|k| exclude(k, a, b));
    let mut chosen: Vec<&Ware> = Vec::new();
    let mut number = 0_usize;
    for (ware, units) in all {
        if chosen.iter().all(|c| never(c, ware)) {
            number += if never(ware, ware) { units as usize } else { 1 };
            chosen.push(ware);
        }
    }
    number
}
