//! What remains where trying has become too much work: things of one sort alone in boxes, side by side in rows. It is quick and always
//! ends, and mostly takes more boxes than are needed; what it gives is never called the fewest.

use super::{Parcel, Placed, Sides, Task, Top, Ware};

/// So many of each ware in boxes of their own. What goes in no box was left over before.
pub fn fill(task: &Task<'_>, rest: &[u32]) -> Vec<Parcel> {
    let order = task.by_cost(0);
    let mut parcels = Vec::new();
    for (n, (ware, units)) in task.wares.iter().zip(rest).enumerate().filter(|(_, (_, units))| **units > 0) {
        // Most in a box; of those with as many the first is the cheapest.
        let best = order.iter().enumerate().flat_map(|(rank, kind)| {
            let room = &task.kinds[*kind];
            ware.turns.of(ware.sides).map(move |size| {
                let counts = [0, 1, 2].map(|k| i64::from(room.inner[k] / size[k]));
                let counts = [counts[0], counts[1], counts[2].min(high(ware))];
                let by_mass = if ware.mass_g > 0 { room.mass_g_max / ware.mass_g } else { i64::MAX };
                let most = counts.iter().product::<i64>().min(by_mass).min(i64::from(*units));
                (most, std::cmp::Reverse(rank), *kind, size, counts)
            })
        });
        let Some((most @ 1.., _, kind, size, counts)) = best.max_by_key(|b| (b.0, b.1)) else { continue };
        let mut left = i64::from(*units);
        while left > 0 {
            let inside = most.min(left);
            left -= inside;
            parcels.push(Parcel { kind, placed: (0..inside).map(|i| place(n, i, size, counts)).collect() });
        }
    }
    parcels
}

/// How many of a ware may stand above each other.
fn high(ware: &Ware) -> i64 {
    match ware.top {
        Top::Anything => i64::MAX,
        Top::UpTo(_) if ware.mass_g == 0 => i64::MAX,
        Top::UpTo(most_g) => 1 + (most_g / ware.mass_g).max(0),
        Top::Nothing => 1,
    }
}

/// The place of one of them: layer after layer from the floor up.
fn place(ware: usize, n: i64, size: Sides, [along, across, _]: [i64; 3]) -> Placed {
    let at = [n % along, n / along % across, n / along / across];
    let at = [0, 1, 2].map(|k| i32::try_from(at[k]).unwrap_or(i32::MAX).saturating_mul(size[k]));
    Placed { ware, at, size }
}
